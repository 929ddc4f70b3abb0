"""The JSON lines that outside programs read: their keys are a contract."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from kg.lines import attribution_lines, event_lines
from tests.news_sample import sample_news

KEYS = (
    "doc id event_id sentence trigger start end action event mode contexts cameo actor target "
    "theme negated modality attributed_to quote time place confidence inferred concerns rule"
).split()
ARGUMENT_KEYS = "text start end name id country sector kind rule".split()


def lines() -> list[dict[str, Any]]:
    return list(event_lines(sample_news()))


def line(doc: str, action: str) -> dict[str, Any]:
    (found,) = [one for one in lines() if (one["doc"], one["action"]) == (doc, action)]
    return found


def text_of(doc: str) -> str:
    (text,) = [r.article.text for r in sample_news().readings if r.article.name == doc]
    return text


def test_no_key_of_the_contract_is_gone() -> None:
    for one in lines():
        assert set(KEYS) <= one.keys()
        for argument in (*one["actor"], *one["target"]):
            assert set(ARGUMENT_KEYS) <= argument.keys()


def test_there_is_a_line_for_every_mention_by_article_and_place() -> None:
    news = sample_news()
    told = [(r.article.name, e.id) for r in news.readings for e in r.events]
    assert [(one["doc"], one["id"]) for one in lines()] == told


def test_offsets_slice_back_to_the_text() -> None:
    for one in lines():
        text = text_of(one["doc"])
        assert text[one["start"] : one["end"]] == one["trigger"]["text"]
        assert one["sentence"]["start"] <= one["start"] < one["end"] <= one["sentence"]["end"]
        for argument in (*one["actor"], *one["target"]):
            if argument["text"] is not None:
                assert text[argument["start"] : argument["end"]] == argument["text"]


def test_tellings_of_one_event_share_its_id() -> None:
    assert line("herald", "propose")["event_id"] == line("gazette", "propose")["event_id"]
    assert line("herald", "propose")["event_id"] != line("herald", "reject")["event_id"]


def test_a_line_says_who_did_what_to_whom_when_and_where() -> None:
    one = line("herald", "reject")
    assert (one["event"], one["mode"], one["cameo"]) == ("REJECT", "assist", "1212")
    assert one["contexts"] == ["military"]
    assert [a["country"] for a in one["actor"]] == ["ISL"]
    assert [a["country"] for a in one["target"]] == ["NOR"]
    assert one["time"] == {
        "text": "on Tuesday", "iso": "2024-03-05", "precision": "day", "basis": "relative"
    }  # fmt: skip
    assert one["place"]["name"] == "Tromsø"
    assert one["concerns"] == line("herald", "propose")["id"]


def test_a_line_says_who_says_so() -> None:
    one = line("herald", "criticise")
    assert (one["attributed_to"]["name"], one["attributed_to"]["country"]) == (
        "Katrin Jonsdottir", "ISL",
    )  # fmt: skip
    assert one["quote"] is True
    assert line("herald", "propose")["attributed_to"] is None
    assert line("herald", "propose")["quote"] is False


def test_a_party_that_the_text_does_not_state_has_no_place_in_it() -> None:
    one = line("gazette", "reject")
    (target,) = one["target"]
    assert (target["name"], target["text"], target["start"]) == ("Norway", None, None)
    assert one["inferred"] == ["target"]


def test_lines_are_json_with_what_is_unknown_as_null() -> None:
    for one in lines():
        assert json.loads(json.dumps(one, ensure_ascii=False)) == one
    assert line("gazette", "expel")["time"] is None
    assert line("gazette", "expel")["place"] is None


def test_everything_reported_has_a_line() -> None:
    found = list(attribution_lines(sample_news().readings))
    text = text_of("herald")
    assert [text[slice(*one["cue"])] for one in found] == ["said", "denied"]
    said, denied = found
    assert text[slice(*said["source"])] == "Katrin Jonsdottir"
    assert text[slice(*said["content"])] == "Norway has criticised us"
    assert (said["quoted"], said["stance"]) == (True, "neutral")
    assert (denied["quoted"], denied["stance"]) == (False, "denial")
    assert json.loads(json.dumps(found)) == found


def test_content_in_several_places_is_a_list_of_places() -> None:
    news = sample_news()
    (herald,) = [r for r in news.readings if r.article.name == "herald"]
    said = herald.attributions[0]
    broken = replace(said, content=(said.content[0], said.cue), speaker=None)
    one = next(attribution_lines([replace(herald, attributions=(broken,))]))
    assert one["source"] is None
    assert one["content"] == [
        [said.content[0].start, said.content[0].end], [said.cue.start, said.cue.end],
    ]  # fmt: skip
