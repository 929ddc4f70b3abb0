"""Hold `confidence` against accuracy: a table of bands, from gold relations and what was extracted.

    python benchmarks/calibration.py GOLD.jsonl EVENTS.jsonl

GOLD has a relation a line: ``{"id", "text", "gold": {"event", "source", "target"}}`` with the words
of the two parts; EVENTS is what ``kg extract - < GOLD.jsonl`` prints. A sentence may tell of more
than the one relation annotated, so only events that share a part with it are judged: those whose
actor is the gold source or whose target is the gold target. Such an event is right where type,
actor and target all are; CONCEDE and RETREAT count as one. The expected calibration error is the
mean distance of confidence and accuracy over the bands, weighted by size (Naeini et al. 2015).
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

BANDS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.01)
SAME = {"CONCEDE": "YIELD", "RETREAT": "YIELD"}
SMALL = frozenset("the a an of 's and or in on at to from for by with its their his her".split())
RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})


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


def fills(role: Iterable[Mapping[str, Any]], wanted: str) -> bool:
    """Tell whether a role holds the gold part, by its words or its name."""
    return any(alike(str(a.get(key) or ""), wanted) for a in role for key in ("text", "name"))


def judged(
    gold: list[dict[str, Any]], events: list[dict[str, Any]]
) -> Iterator[tuple[float, bool]]:
    """Give each judged event's confidence, and whether it is right."""
    told = defaultdict(list)
    for event in events:
        if event["event"] not in {"STATEMENT", "OTHER"} and not event["negated"]:
            told[event["doc"]].append(event)
    for record in gold:
        wanted = record["gold"]
        for event in told[record["id"]]:
            actor = fills(event["actor"], wanted["source"])
            target = fills(event["target"], wanted["target"]) or (
                event["event"] in RECIPROCAL
                and not event["target"]
                and fills(event["actor"], wanted["target"])
            )
            if actor or target:
                kind = SAME.get(event["event"], event["event"])
                yield event["confidence"], actor and target and kind == wanted["event"]


def main(arguments: list[str]) -> None:
    """Print the table of bands."""
    found = list(judged(read(arguments[0]), read(arguments[1])))
    print("| confidence | events | mean confidence | right |\n|---|---|---|---|")
    error = 0.0
    for low, high in pairwise(BANDS):
        inside = [(c, right) for c, right in found if low <= c < high]
        if not inside:
            continue
        mean = sum(c for c, _ in inside) / len(inside)
        share = sum(right for _, right in inside) / len(inside)
        error += abs(mean - share) * len(inside) / len(found)
        print(f"| {low:.1f} - {min(high, 1):.1f} | {len(inside)} | {mean:.2f} | {share:.2f} |")
    print(f"\nexpected calibration error {error:.3f} over {len(found)} events")


if __name__ == "__main__":
    main(sys.argv[1:])
