"""Fit `ontology/confidence.tsv`, and hold `confidence` against accuracy.

    python benchmarks/calibration.py GOLD.jsonl EVENTS.jsonl [GOLD EVENTS ...]
    python benchmarks/calibration.py --fit GOLD.jsonl EVENTS.jsonl [GOLD EVENTS ...]

GOLD has a relation a line: ``{"id", "text", "gold": {"event", "source", "target"}}``, source and
target as text or as lists of ``{"text"}``; EVENTS is what ``kg extract - < GOLD.jsonl`` prints.
Every other record (the even ones) is for fitting, the rest for checking.

An event is judged where it has the actor or the target of the annotated relation. It is right where
its type and all parts that it names are; right in full where both are named. Once an event of the
sentence is the annotated relation, others that share one part with it tell of something else and
are not judged. CONCEDE and RETREAT count as one. The expected calibration error is the mean
distance of confidence and accuracy over the bands, weighted by size (Naeini et al. 2015).

The fit is logistic regression by Newton's method with an L2 penalty of 4 on every weight but the
common one; of .5, 1, 2, 4 and 8 that penalty gave the lowest log loss on the half left out. Facts
seen fewer than five times are left out, and what a text leaves unsaid never makes a telling surer.
"""

from __future__ import annotations

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from kg.confidence import facts_of
from kg.model import Argument, Code, Entity, EventMention, Span

BANDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
SAME = {
    "CONCEDE": "YIELD", "RETREAT": "YIELD", "DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE",
    "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT",
}  # fmt: skip
SMALL = frozenset("the a an of 's and or in on at to from for by with its their his her".split())
RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
PENALTY = 4.0
SEEN = 5
UNSAID = frozenset({"no actor", "no target", "inferred", "guessed", "thing", "noun"})
HAND = """STATEMENT	+0.5	0	by hand: reports of speech are not judged in the annotated relations
OTHER	-1.7	0	by hand: an act without a type"""


@dataclass(frozen=True, slots=True)
class Judged:
    """One event of the half that it is in, with what it is judged to be."""

    event: Mapping[str, Any]
    even: bool
    right: bool
    full: bool


def read(path: str) -> list[dict[str, Any]]:
    """Read JSON lines."""
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()]


def words(text: str) -> list[str]:
    """Cut a naming into its words that count."""
    folded = text.lower().replace("'s", " ").replace("’s", " ")
    return [w for w in "".join(c if c.isalnum() else " " for c in folded).split() if w not in SMALL]


def alike(one: str, other: str) -> bool:
    """Tell whether two namings share half their words or one holds the other's last."""
    left, right = words(one), words(other)
    if not left or not right:
        return False
    shared = len(set(left) & set(right))
    return 2 * shared >= 0.5 * (len(left) + len(right)) or left[-1] in right or right[-1] in left


def fills(role: Iterable[Mapping[str, Any]], wanted: Iterable[str]) -> bool:
    """Tell whether a role holds a gold part, by its words or its name."""
    named = [str(a.get(key) or "") for a in role for key in ("text", "name")]
    return any(alike(name, part) for name in named for part in wanted)


def parts(wanted: str | list[dict[str, Any]]) -> list[str]:
    """Give the namings of a gold part."""
    return [wanted] if isinstance(wanted, str) else [part["text"] for part in wanted]


def judged(gold: list[dict[str, Any]], events: list[dict[str, Any]]) -> Iterator[Judged]:
    """Give each event that can be judged, with whether it is right."""
    told = defaultdict(list)
    for event in events:
        if event["event"] not in {"STATEMENT", "OTHER"} and not event["negated"]:
            told[event["doc"]].append(event)
    for number, record in enumerate(gold):
        wanted = record["gold"]
        source, target = parts(wanted["source"]), parts(wanted["target"])
        types = {SAME.get(t, t) for t in [wanted["event"], *wanted.get("event_alt", [])]}
        found = []
        for event in told[record["id"]]:
            acts = fills(event["actor"], source)
            mutual = event["event"] in RECIPROCAL and not event["target"]
            hit = fills(event["actor"] if mutual else event["target"], target)
            kind = SAME.get(event["event"], event["event"]) in types
            right = kind and (acts or not event["actor"]) and (hit or not event["target"])
            full = kind and (acts or not source) and (hit or not target)
            found.append((event, acts, hit, right, full))
        annotated = any(full for *_, full in found)
        for event, acts, hit, right, full in found:
            elsewhere = annotated and not right and not (acts and hit)
            if (acts or hit) and not elsewhere:
                yield Judged(event, number % 2 == 0, right, full)


def facts(line: Mapping[str, Any]) -> list[str]:
    """Give the facts of an event line, as `kg.confidence` has them."""
    role = {
        name: tuple(
            Argument(mention=None, entity=Entity(id="", name="", kind=a["kind"] or "thing"))
            for a in line[name]
        )
        for name in ("actor", "target")
    }
    event = EventMention(
        id="", article_id="", sentence=Span(0, 0), trigger=Span(0, 0), action=line["action"],
        actors=role["actor"], targets=role["target"], modality=line["modality"],
        code=Code(event=line["event"], rule=line["rule"]), inferred=tuple(line["inferred"]),
    )  # fmt: skip
    return list(facts_of(event, line["trigger"]["text"]))


def fitted(sample: list[Judged]) -> Iterator[tuple[str, float, int]]:
    """Give each fact with its log-odds and how often it was seen."""
    seen = Counter(fact for one in sample for fact in facts(one.event))
    names = sorted(seen)
    table = np.array([[name in facts(one.event) for name in names] for one in sample], dtype=float)
    right = np.array([one.right for one in sample], dtype=float)
    penalty = np.array([0.01 if name == "any" else PENALTY for name in names])
    weights = np.zeros(len(names))
    for _ in range(50):
        share = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (share - right) + penalty * weights
        curve = (table * (share * (1 - share))[:, None]).T @ table + np.diag(penalty)
        weights = weights - np.linalg.solve(curve, slope)
    for name, weight in zip(names, weights, strict=True):
        if seen[name] >= SEEN:
            yield name, min(weight, 0.0) if name in UNSAID else weight, seen[name]


def table_of_bands(sample: list[Judged]) -> None:
    """Print confidence against accuracy, by bands."""
    print(
        "| confidence | events | mean confidence | right | right in full |\n|---|---|---|---|---|"
    )
    error = 0.0
    for low, high in pairwise(BANDS):
        inside = [one for one in sample if low <= one.event["confidence"] < high]
        if not inside:
            continue
        mean = sum(one.event["confidence"] for one in inside) / len(inside)
        share = sum(one.right for one in inside) / len(inside)
        full = sum(one.full for one in inside) / len(inside)
        error += abs(mean - share) * len(inside) / len(sample)
        band = f"{low:.1f} - {min(high, 1):.1f}"
        print(f"| {band} | {len(inside)} | {mean:.2f} | {share:.2f} | {full:.2f} |")
    print(f"\nexpected calibration error {error:.3f} over {len(sample)} events")


def main(arguments: list[str]) -> None:
    """Print the table of weights fitted on the even records, or the bands of the odd ones."""
    fit = arguments[0] == "--fit"
    files = arguments[1:] if fit else arguments
    pairs = list(zip(files[::2], files[1::2], strict=True))
    sample = [one for gold, told in pairs for one in judged(read(gold), read(told))]
    if not fit:
        table_of_bands([one for one in sample if not one.even])
        return
    print("fact\tweight\tseen\tsource")
    for name, weight, seen in fitted([one for one in sample if one.even]):
        print(f"{name}\t{weight:+.1f}\t{seen}\tfitted")
    print(HAND)


if __name__ == "__main__":
    main(sys.argv[1:])
