"""One article, read: the records that come out, with their places, dates, speakers and reasons."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc

from kg.model import Article, EventMention, Reading, Skipped, Span, content_id
from kg.reading import read_out
from tests.parses import CASES, case_doc, parsed, passage

FILES = sorted(path.stem for path in (CASES / "events").glob("*.toml"))


def article_of(doc: Doc, **more: Any) -> Article:
    more.setdefault("published", "2016-05-20")
    return Article(id=content_id("test", doc.text), name="test", text=doc.text, **more)


def read(doc: Doc, **more: Any) -> Reading:
    return read_out(article_of(doc, **more), doc)


def event(reading: Reading, trigger: str) -> EventMention:
    text = reading.article.text
    (found,) = [e for e in reading.events if text[e.trigger.start : e.trigger.end] == trigger]
    return found


@pytest.mark.parametrize("name", FILES, ids=[name.replace("_", " ") for name in FILES])
def test_what_holds_of_every_reading(name: str) -> None:
    doc = case_doc(name)
    reading = read(doc)
    text, whole = doc.text, Span(0, len(doc.text))
    assert list(reading.events) == sorted(reading.events, key=lambda e: (e.trigger, e.id))
    ids = {told.id for told in reading.events}
    assert len(ids) == len(reading.events)
    for told in reading.events:
        assert told.sentence.within(whole)
        assert told.trigger.within(told.sentence)
        assert told.actors or told.targets
        assert 0 <= told.confidence <= 1
        assert told.code is not None
        assert told.code.rule
        assert list(told.inferred) == sorted(set(told.inferred))
        assert told.concerns is None or told.concerns in ids - {told.id}
        sides = [{a.entity.id for a in side if a.entity} for side in (told.actors, told.targets)]
        assert not sides[0] & sides[1], "nobody does it to himself"
        for argument in (*told.actors, *told.targets):
            assert argument.entity is not None
            assert argument.rule
            assert argument.mention is not None or told.inferred
    for argument in reading.links:
        assert argument.mention is not None
        assert (
            text[argument.mention.span.start : argument.mention.span.end] == argument.mention.text
        )
    for attribution in reading.attributions:
        assert attribution.cue.within(whole)
        assert all(part.within(whole) for part in attribution.content)


def test_a_rejection_is_about_the_proposal_that_it_takes_up() -> None:
    reading = read(case_doc("relative_object_gap_zero"))
    assert event(reading, "rejected").concerns == event(reading, "made a proposal").id


def test_what_a_rule_filled_in_has_no_place_in_the_text_and_is_named() -> None:
    reading = read(case_doc("anaphora_definite_proposal"))
    inferred = [told for told in reading.events if "actor" in told.inferred]
    for told in inferred:
        assert [argument.mention for argument in told.actors] == [None] * len(told.actors)
    assert event(reading, "proposed").inferred == ()


def test_a_guessed_state_is_named_as_inferred_and_costs_confidence() -> None:
    guessed = event(read(passage("place_says_whose")), "arrested")
    assert "target.country" in guessed.inferred
    assert "actor.country" not in guessed.inferred
    sure = event(read(case_doc("active_transitive")), "bombed")
    assert sure.inferred == ()
    assert guessed.confidence < sure.confidence


def test_the_date_of_an_event_comes_from_its_sentence_and_the_article() -> None:
    when = event(read(case_doc("active_transitive"), published="2016-05-20"), "bombed").when
    assert when is not None
    assert when.text == Span(20, 29)
    assert (when.iso, when.basis) == ("2016-05-16", "relative")
    assert event(read(case_doc("passive_with_agent")), "attacked").when is None


def test_the_place_of_an_event_is_no_party_to_it() -> None:
    told = event(read(case_doc("reciprocal_subjects")), "met")
    assert told.place is not None
    assert told.place.mention is not None
    assert told.place.mention.text == "Geneva"
    assert "Geneva" not in {a.mention.text for a in (*told.actors, *told.targets) if a.mention}


def test_an_event_in_a_quotation_is_attributed_to_the_one_who_speaks() -> None:
    reading = read(case_doc("quote_with_we"))
    attribution = event(reading, "attacked").attribution
    assert attribution is not None
    assert attribution.quoted
    assert attribution.speaker is not None
    assert attribution.speaker.entity is not None
    assert attribution.speaker.entity.name == "Kemal Aydin"
    assert attribution in reading.attributions


def test_the_papers_own_voice_is_attributed_to_nobody() -> None:
    assert event(read(case_doc("active_transitive")), "bombed").attribution is None
    assert event(read(case_doc("said_plain_is_statement")), "said").attribution is None


def test_links_stand_in_order_and_hold_mentions_of_no_event_too() -> None:
    reading = read(case_doc("there_is_tells_none"))
    assert reading.events == ()
    reading = read(case_doc("copular_tells_none"))
    assert [a.mention.text for a in reading.links if a.mention] == ["Geneva", "Switzerland"]


def test_what_the_article_skipped_is_counted() -> None:
    doc = case_doc("copular_tells_none")
    skipped = (
        Skipped(span=Span(0, 1), reason="banner"), Skipped(span=Span(1, 2), reason="banner"),
    )  # fmt: skip
    assert read(doc, skipped=skipped).let_go == (("banner", 2),)


def test_ids_come_from_the_content() -> None:
    one = read(case_doc("active_transitive"))
    same = read(case_doc("active_transitive"), path="elsewhere.txt")
    assert [e.id for e in one.events] == [e.id for e in same.events]
    other = read(case_doc("negation_never"))
    assert not {e.id for e in one.events} & {e.id for e in other.events}


def test_a_text_without_words_is_read_to_nothing() -> None:
    doc = Doc(English().vocab)
    reading = read(doc)
    assert (reading.events, reading.links, reading.attributions) == ((), (), ())


def test_a_broken_parse_is_read_without_end() -> None:
    rows = "\n".join(f"attack attack VERB VB conj {max(i - 1, 0)}" for i in range(40))
    assert read(parsed(rows.replace("conj 0", "ROOT 0", 1))).events == ()


def test_the_component_reads_a_text_of_its_own() -> None:
    nlp = English()
    component = nlp.add_pipe("kg_events")
    doc = component(case_doc("active_transitive"))
    (told,) = doc._.events
    assert told.action == "bomb"
    assert doc.text[told.trigger.start : told.trigger.end] == "bombed"


@pytest.mark.parametrize("running", [True, False])
def test_the_garbage_collector_is_left_as_it_was(running: bool) -> None:
    doc = parsed("Troops troop NOUN NNS nsubj 1\nleft leave VERB VBD ROOT 1")
    (gc.enable if running else gc.disable)()
    try:
        read_out(article_of(doc), doc)
        assert gc.isenabled() is running
        with pytest.raises(AttributeError):
            read_out(article_of(doc), None)  # type: ignore[arg-type]
        assert gc.isenabled() is running
    finally:
        gc.enable()
