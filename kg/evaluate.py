"""Scores of predicted event lines against gold event lines (both as `kg extract` writes them).

A gold and a predicted event are matched one to one inside a document when their triggers overlap,
the pairs with the most in common first. Names match when the countries are the same, or one text's
head word stands in the other.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any  # JSON values

from kg.errors import UsageError

__all__ = ["Score", "read_gold", "score_events"]

Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Figures between 0 and 1; None where nothing was there to be right about.

    Attributes:
        type_accuracy, actor_accuracy, ...: over matched events only.
        triple_f1: matched with type, actors and targets all right, over all events.
    """

    gold: int
    predicted: int
    matched: int
    precision: float | None
    recall: float | None
    f1: float | None
    type_accuracy: float | None
    actor_accuracy: float | None
    target_accuracy: float | None
    polarity_accuracy: float | None
    modality_accuracy: float | None
    triple_f1: float | None

    def __str__(self) -> str:
        figures = asdict(self).items()
        return "\n".join(f"{name:20} {'-' if v is None else v}" for name, v in figures)


def read_gold(path: str | Path) -> list[Line]:
    """Read gold events, one JSON object a line; `doc`, `start` and `end` are required.

    Raises:
        UsageError: the file can't be read, or a line is no event; the message says which.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"{path}: can't be read ({error}); give a JSONL file of event lines"
        ) from error
    gold: list[Line] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            event = json.loads(line)
            valid = isinstance(event, dict) and {"doc", "start", "end"} <= event.keys()
        except ValueError:
            valid = False
        if not valid:
            raise UsageError(f'{path}:{number}: no event line; it needs "doc", "start" and "end"')
        gold.append(event)
    return gold


def score_events(gold: Iterable[Line], predicted: Iterable[Line]) -> Score:
    """Score predicted events against gold ones.

    >>> event = {"doc": "a", "start": 0, "end": 5, "event": "REJECT"}
    >>> score_events([event], [event]).triple_f1
    1.0
    """
    by_doc: dict[str, tuple[list[Line], list[Line]]] = defaultdict(lambda: ([], []))
    for event in gold:
        by_doc[str(event["doc"])][0].append(event)
    gold_docs = set(by_doc)
    for event in predicted:
        if str(event["doc"]) in gold_docs:
            by_doc[str(event["doc"])][1].append(event)
    pairs = [pair for left, right in by_doc.values() for pair in _matched(left, right)]
    n_gold = sum(len(left) for left, _ in by_doc.values())
    n_predicted = sum(len(right) for _, right in by_doc.values())
    whole = sum(all(_right(key, g, p) for key in ("event", "actor", "target")) for g, p in pairs)
    return Score(
        gold=n_gold, predicted=n_predicted, matched=len(pairs),
        precision=_share(len(pairs), n_predicted), recall=_share(len(pairs), n_gold),
        f1=_share(2 * len(pairs), n_gold + n_predicted),
        type_accuracy=_accuracy("event", pairs), actor_accuracy=_accuracy("actor", pairs),
        target_accuracy=_accuracy("target", pairs), polarity_accuracy=_accuracy("negated", pairs),
        modality_accuracy=_accuracy("modality", pairs),
        triple_f1=_share(2 * whole, n_gold + n_predicted),
    )  # fmt: skip


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _accuracy(key: str, pairs: Sequence[tuple[Line, Line]]) -> float | None:
    asked = [(g, p) for g, p in pairs if key in g]
    return _share(sum(_right(key, g, p) for g, p in asked), len(asked))


def _matched(gold: Sequence[Line], predicted: Sequence[Line]) -> list[tuple[Line, Line]]:
    ranked = sorted(
        (-_alike(g, p), i, j)
        for i, g in enumerate(gold)
        for j, p in enumerate(predicted)
        if p["start"] < g["end"] and g["start"] < p["end"]
    )
    taken_gold: set[int] = set()
    taken: set[int] = set()
    pairs = []
    for _, i, j in ranked:
        if i not in taken_gold and j not in taken:
            taken_gold.add(i)
            taken.add(j)
            pairs.append((gold[i], predicted[j]))
    return pairs


def _alike(gold: Line, predicted: Line) -> int:
    return sum(_right(key, gold, predicted) for key in ("event", "actor", "target", "negated"))


def _right(key: str, gold: Line, predicted: Line) -> bool:
    if key not in gold:
        return True
    if key in {"actor", "target"}:
        return _same_party(_parties(gold[key]), _parties(predicted.get(key)))
    return bool(gold[key] == predicted.get(key))


def _parties(value: object) -> list[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        return [value]
    return (
        [party for party in value if isinstance(party, Mapping)] if isinstance(value, list) else []
    )


def _same_party(gold: Sequence[Mapping[str, Any]], predicted: Sequence[Mapping[str, Any]]) -> bool:
    if not gold or not predicted:
        return not gold and not predicted
    return any(_same_name(g, p) for g in gold for p in predicted)


def _same_name(gold: Mapping[str, Any], predicted: Mapping[str, Any]) -> bool:
    countries = gold.get("country"), predicted.get("country")
    if all(countries):
        return countries[0] == countries[1]
    names = [
        {str(p.get(key)).casefold() for key in ("name", "text") if p.get(key)}
        for p in (gold, predicted)
    ]
    heads = [{name.split()[-1] for name in group} for group in names]
    return bool(names[0] & names[1]) or any(h in n.split() for h in heads[0] for n in names[1])
