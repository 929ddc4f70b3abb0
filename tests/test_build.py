"""Files in, a store and its files out; what fails is counted and the others go on."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest
from spacy.language import Language

from kg.build import Report, add, build
from kg.errors import LexiconError, ModelError, StoreError
from kg.extraction import Extraction, extract
from kg.inputs import Inputs
from kg.lines import event_lines, reading_lines
from kg.model import News
from kg.store import open_store

pytestmark = pytest.mark.model

ONE = (
    "Iran rejects Turkey's proposal\n\nTEHRAN (AFP) - Iran rejected Turkey's proposal on Monday.\n"
)
TWO = "Turkey bombs a base\n\nTurkey bombed a Syrian base. Syria condemned Turkey.\n"


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "one.txt").write_text(ONE, encoding="utf-8")
    (folder / "two.txt").write_text(TWO, encoding="utf-8")
    return folder


# --- extract ------------------------------------------------------------------------------------


def test_extracting_reads_every_article_and_writes_nothing(inputs: Path, nlp: Language) -> None:
    extraction = extract([inputs], nlp=nlp)
    assert [name for name, _ in extraction.names] == ["one", "two"]
    assert (extraction.failed, extraction.return_code) == ((), 0)
    types = {event.code.event for event in extraction.news.events}
    assert {"REJECT", "ASSAULT", "ACCUSE"} <= types
    assert sorted(path.name for path in inputs.parent.iterdir()) == ["in"]


def test_an_input_that_cannot_be_read_is_told_and_the_others_go_on(
    inputs: Path, nlp: Language
) -> None:
    (inputs / "empty.txt").write_text("", encoding="utf-8")
    extraction = extract([inputs], nlp=nlp)
    ((where, why),) = extraction.failed
    assert where.endswith("empty.txt")
    assert why
    assert len(extraction.news.readings) == 2
    assert extraction.return_code == 1


def test_a_text_that_comes_twice_is_read_once_under_both_names(inputs: Path, nlp: Language) -> None:
    (inputs / "again.txt").write_text(ONE, encoding="utf-8")
    extraction = extract([inputs], nlp=nlp)
    assert len(extraction.news.readings) == 2
    assert [name for name, _ in extraction.names] == ["again", "one", "two"]
    named = [reading.article.name for reading in extraction.named()]
    assert named == ["again", "one", "two"]


def test_the_order_of_inputs_changes_nothing(inputs: Path, nlp: Language) -> None:
    one, two = inputs / "one.txt", inputs / "two.txt"
    assert extract([one, two], nlp=nlp).news == extract([two, one], nlp=nlp).news


def test_nothing_readable_is_code_2(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    extraction = extract([tmp_path / "empty.txt"])
    assert (extraction.news, extraction.return_code) == (News(readings=()), 2)


def test_a_model_that_is_not_there_is_a_model_error(inputs: Path) -> None:
    with pytest.raises(ModelError, match="en_core_web_none"):
        extract([inputs], model="en_core_web_none")


def test_an_article_that_breaks_the_parser_does_not_stop_the_others(
    inputs: Path, nlp: Language
) -> None:
    """Spacy refuses texts longer than `max_length`; here that is a short one."""
    (inputs / "long.txt").write_text("Iran attacked Iraq. " * 200, encoding="utf-8")
    before = nlp.max_length
    nlp.max_length = 1000
    try:
        extraction = extract([inputs], nlp=nlp)
    finally:
        nlp.max_length = before
    assert {reading.article.name for reading in extraction.news.readings} >= {"one", "two"}
    read = {reading.article.name for reading in extraction.news.readings}
    assert ("long" in read) != any(where.endswith("long.txt") for where, _ in extraction.failed)


# --- build --------------------------------------------------------------------------------------


def test_building_writes_store_turtle_trig_page_and_report(
    inputs: Path, tmp_path: Path, nlp: Language
) -> None:
    out = tmp_path / "out"
    report = build([inputs], out, nlp=nlp)
    names = ["graph.html", "graph.trig", "graph.ttl", "report.json", "store"]
    assert sorted(path.name for path in out.iterdir()) == sorted([*names, "readings.sqlite"])
    assert sorted(Path(path).name for path in report.outputs) == names
    with open_store(out / "store", read_only=True) as store:
        assert len(store) > 0
    assert (report.return_code, len(report.articles), report.failed) == (0, 2, ())
    assert report.mentions >= report.events > 0
    assert json.loads((out / "report.json").read_text(encoding="utf-8"))["events"] == report.events


def test_the_same_inputs_give_the_same_bytes(inputs: Path, tmp_path: Path, nlp: Language) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for out in (first, second):
        build([inputs], out, nlp=nlp)
    for name in ("graph.ttl", "graph.trig", "graph.html"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_building_again_holds_exactly_the_new_inputs(
    inputs: Path, tmp_path: Path, nlp: Language
) -> None:
    out, only = tmp_path / "out", tmp_path / "only"
    build([inputs], out, nlp=nlp)
    build([inputs / "two.txt"], out, nlp=nlp)
    build([inputs / "two.txt"], only, nlp=nlp)
    assert (out / "graph.trig").read_bytes() == (only / "graph.trig").read_bytes()
    with (
        open_store(out / "store", read_only=True) as again,
        open_store(only / "store", read_only=True) as alone,
    ):
        assert len(again) == len(alone)
    assert not [path for path in out.iterdir() if path.suffix in {".new", ".old", ".part"}]


def test_what_a_build_that_was_cut_off_left_behind_is_cleared_away(
    inputs: Path, tmp_path: Path, nlp: Language
) -> None:
    out, clean = tmp_path / "out", tmp_path / "clean"
    build([inputs / "one.txt"], out / "store.new", nlp=nlp)
    (out / "store.old").mkdir()
    build([inputs], out, nlp=nlp)
    build([inputs], clean, nlp=nlp)
    names = sorted(path.name for path in clean.iterdir())
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(path.name for path in (out / "store").iterdir() if path.is_dir()) == []


def test_where_nothing_can_be_read_the_old_store_stays(
    inputs: Path, tmp_path: Path, nlp: Language
) -> None:
    out = tmp_path / "out"
    build([inputs], out, nlp=nlp)
    before = (out / "graph.trig").read_bytes()
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    report = build([tmp_path / "empty.txt"], out, nlp=nlp)
    assert (report.return_code, report.outputs) == (2, ())
    assert (out / "graph.trig").read_bytes() == before


def test_a_folder_that_cannot_be_written_fails_before_any_reading(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="can't be written"):
        build([tmp_path], tmp_path / "file" / "out", model="en_core_web_none")


def test_the_report_says_what_was_found_where(inputs: Path, tmp_path: Path, nlp: Language) -> None:
    (inputs / "again.txt").write_text(ONE, encoding="utf-8")
    report = build([inputs], tmp_path / "out", nlp=nlp)
    (copy,) = report.copies
    assert set(copy) == {"again", "one"}
    by_title = {article.title: article for article in report.articles}
    two = by_title["Turkey bombs a base"]
    assert two.events == sum(two.by_type.values()) > 0
    assert two.by_type["ASSAULT"] >= 1
    assert json.loads(report.to_json())["copies"] == [list(copy)]


# --- codes --------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kills a forked process")
def test_a_build_that_was_killed_goes_on_where_it_was(
    tmp_path: Path, nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.worker.BATCH", 16)
    lines = tmp_path / "many.jsonl"
    texts = [
        f"Norway rejected proposal {n} by Sweden on Monday, officials said." for n in range(20)
    ]
    lines.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), "utf-8")
    out, calls = tmp_path / "out", list[tuple[int, int]]()
    child = os.fork()
    if child == 0:
        build([lines], out, nlp=nlp, progress=lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        os._exit(0)
    assert os.waitpid(child, 0)[1] == signal.SIGKILL
    build([lines], out, nlp=nlp, progress=lambda done, total: calls.append((done, total)))
    assert calls == [(4, 4)]  # a batch of 16 had been kept
    build([lines], tmp_path / "fresh", nlp=nlp)
    for name in ("graph.ttl", "graph.trig"):
        assert (out / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_what_memory_does_not_hold_is_read_from_disk(
    inputs: Path, nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    news = extract([inputs], nlp=nlp).news
    monkeypatch.setattr("kg.extraction.IN_MEMORY", 1)
    extraction = extract([inputs], nlp=nlp)
    found = list(reading_lines(extraction.named(), extraction.event_ids()))
    assert sorted(map(str, found)) == sorted(map(str, event_lines(news)))


@pytest.mark.parametrize(
    ("names", "failed", "code"),
    [
        ((), (), 0),
        ((("a", "1"),), (), 0),
        ((("a", "1"),), (("b", "?"),), 1),
        ((), (("b", "?"),), 2),
    ],
)
def test_return_codes(
    names: tuple[tuple[str, str], ...], failed: tuple[tuple[str, str], ...], code: int
) -> None:
    inputs = Inputs(names=list(names), failed=list(failed))
    assert Extraction(inputs=inputs).return_code == code


def test_a_report_of_nothing_that_failed_is_code_2() -> None:
    assert Report(articles=(), failed=(("a", "?"),)).return_code == 2
    assert Report(articles=()).return_code == 0


# --- a user's own entities ------------------------------------------------------------------------


def test_a_users_own_file_is_part_of_what_a_build_is(inputs: Path, tmp_path: Path) -> None:
    own, out = tmp_path / "own.tsv", tmp_path / "out"
    own.write_text("correct\tTurkey\tname=Arnor\n", encoding="utf-8")
    plain = build([inputs], out)
    assert (plain.added, "Arnor" in (out / "graph.ttl").read_text(encoding="utf-8")) == (2, False)
    curated = build([inputs], out, entities=[own])
    text = (out / "graph.ttl").read_text(encoding="utf-8")
    assert (curated.again, '"Arnor"' in text, "kg:curation" in text) == (2, True, True)
    assert add([inputs], out).again == 0  # as built, with the same file
    own.write_text("correct\tTurkey\tname=Gondor\n", encoding="utf-8")
    assert add([inputs], out).again == 2
    assert '"Gondor"' in (out / "graph.ttl").read_text(encoding="utf-8")


def test_a_wrong_file_of_entities_stops_before_anything_is_written(
    inputs: Path, tmp_path: Path
) -> None:
    own, out = tmp_path / "own.tsv", tmp_path / "out"
    own.write_text("merge\tNobody at all\tX\n", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"own\.tsv:1: nobody is called 'Nobody at all'"):
        build([inputs], out, entities=[own])
    assert not (out / "graph.ttl").exists()
