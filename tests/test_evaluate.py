"""Scores against gold: what counts as found, and what as right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.errors import UsageError
from kg.evaluate import read_gold, score_events


def line(start: int = 0, end: int = 5, doc: str = "a", **more: Any) -> dict[str, Any]:
    return {"doc": doc, "start": start, "end": end, **more}


def party(name: str, country: str | None = None, text: str | None = None) -> dict[str, Any]:
    return {"name": name, "text": text or name, "country": country}


FULL = line(
    event="REJECT", actor=[party("Arnor")], target=[party("Gondor")], negated=False,
    modality="asserted",
)  # fmt: skip


def test_the_same_events_score_full() -> None:
    score = score_events([FULL], [FULL])
    assert (score.gold, score.predicted, score.matched) == (1, 1, 1)
    figures = [score.precision, score.recall, score.f1, score.type_accuracy, score.actor_accuracy,
               score.target_accuracy, score.polarity_accuracy, score.modality_accuracy,
               score.triple_f1]  # fmt: skip
    assert figures == [1.0] * 9


def test_what_is_missing_costs_recall_and_what_is_too_much_precision() -> None:
    gold, extra = [line(0, 5), line(10, 15)], line(20, 25)
    score = score_events(gold, [gold[0], extra, line(30, 35)])
    assert (score.matched, score.recall, score.precision) == (1, 0.5, 0.3333)
    assert score.f1 == 0.4


@pytest.mark.parametrize(
    ("start", "end", "matched"), [(0, 5, 1), (4, 9, 1), (5, 9, 0), (0, 1, 1), (9, 12, 0)]
)
def test_triggers_match_when_they_overlap(start: int, end: int, matched: int) -> None:
    assert score_events([line(0, 5)], [line(start, end)]).matched == matched


def test_a_gold_event_is_matched_once_by_the_one_most_like_it() -> None:
    gold = line(event="REJECT")
    score = score_events([gold], [line(event="AGREE"), line(event="REJECT")])
    assert (score.matched, score.type_accuracy, score.precision) == (1, 1.0, 0.5)


def test_events_of_other_documents_are_not_asked_for() -> None:
    score = score_events([line()], [line(), line(doc="b")])
    assert (score.predicted, score.precision) == (1, 1.0)


@pytest.mark.parametrize(
    ("gold", "predicted", "right"),
    [
        ([party("Arnor")], [party("Arnor")], True),
        ([party("Arnor")], [party("Gondor")], False),
        ([party("Kingdom of Arnor", "ARN")], [party("Fornost", "ARN")], True),
        ([party("Arnor", "ARN")], [party("Arnor", "GON")], False),
        ([party("King Elessar")], [party("Elessar Telcontar")], True),
        ([party("x", text="the Arnorian king")], [party("king")], True),
        ([], [], True),
        ([], [party("Arnor")], False),
        ([party("Arnor")], [], False),
        ([party("Arnor"), party("Gondor")], [party("Gondor")], True),
    ],
    ids=["same", "other", "same country", "other country", "head word", "words of the text",
         "none", "none asked", "none found", "one of two"],
)  # fmt: skip
def test_parties(gold: list[Any], predicted: list[Any], right: bool) -> None:
    score = score_events([line(actor=gold)], [line(actor=predicted)])
    assert score.actor_accuracy == float(right)


def test_what_the_gold_does_not_say_is_not_asked() -> None:
    score = score_events([line()], [FULL])
    assert (score.type_accuracy, score.actor_accuracy, score.modality_accuracy) == (
        None,
        None,
        None,
    )
    assert score.triple_f1 == 1.0


def test_one_wrong_part_breaks_the_triple() -> None:
    wrong = {**FULL, "target": [party("Rohan")]}
    score = score_events([FULL], [wrong])
    assert (score.f1, score.target_accuracy, score.triple_f1) == (1.0, 0.0, 0.0)


def test_nothing_against_nothing_has_no_figures() -> None:
    score = score_events([], [])
    assert (score.gold, score.precision, score.recall, score.f1, score.triple_f1) == (
        0, None, None, None, None,
    )  # fmt: skip


def test_gold_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(FULL) + "\n\n" + json.dumps(line()) + "\n", encoding="utf-8")
    assert read_gold(path) == [FULL, line()]


@pytest.mark.parametrize("text", ["{", "[1]", '{"doc": "a", "start": 1}', '"a"'])
def test_a_broken_gold_line_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(json.dumps(FULL) + "\n" + text + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"gold\.jsonl:2: "):
        read_gold(path)


def test_a_gold_file_that_cannot_be_read_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="can't be read"):
        read_gold(tmp_path / "none.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError, match="can't be read"):
        read_gold(tmp_path / "latin.jsonl")
