"""Sweep the points and thresholds of merging over texts whose events were clustered by hand.

    python -m benchmarks.merge_sweep GOLD.jsonl [NAME=VALUE,VALUE ...]

A line of GOLD is an article: {"doc", "topic", "text", "mentions": [{"span": [start, end],
"cluster"}]}. Texts are read once; then each value is tried with all others as they stand. Scored
over the gold mentions that were found, clusters within a topic: B³ (Bagga & Baldwin 1998), pairs.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.extraction import extract
from kg.merge import merge
from kg.model import News

ROOMS = [
    importlib.import_module(f"kg.merge.{name}")
    for name in ("evidence", "groups", "stories", "words")
]
SWEPT = (
    "ENOUGH=2.5,2.75,3.25,3.5", "LIKE_ACT=1,1.5", "SAME_CODE=0,1", "PARTY=0.5,1.5",
    "DESCRIBED=0,1", "OTHER_NAMES=0,0.5", "OTHER_WORDS=0,0.5", "OTHER_THEME=0,0.5,3", "THEME=1,3",
    "SAID_ALIKE=0.2,0.4,0.5", "PASSES=1,3", "LIKENESS=0.27,0.28,0.32,0.34", "EDGE=0.1,0.18",
    "NAME_WEIGHT=1,2", "COMMON=0.3,0.4,1",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A gold mention that was found: its topic, its cluster and the event mention on it."""

    topic: str
    cluster: str
    mention: str


def find_told(gold: Sequence[dict[str, object]], news: News, ids: dict[str, str]) -> list[Told]:
    """Find for each gold mention the event mention whose trigger overlaps it."""
    events = {reading.article.id: reading.events for reading in news.readings}
    found = []
    for article in gold:
        taken: set[str] = set()
        for mention in article["mentions"]:  # type: ignore[attr-defined]
            start, end = mention["span"]
            for event in events.get(ids[str(article["doc"])], ()):
                meets = event.trigger.start < end and start < event.trigger.end
                if meets and event.id not in taken:
                    taken.add(event.id)
                    found.append(Told(str(article.get("topic")), mention["cluster"], event.id))
                    break
    return found


def score(told: Iterable[Told], news: News) -> Iterator[tuple[str, float, float, float]]:
    """Give name, precision, recall and F1 of B³ and of pairs."""
    event = {m.id: e.id for e in news.events for m in e.mentions}
    by_topic: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for mention in told:
        by_topic[mention.topic].append((mention.cluster, event[mention.mention]))
    sums: Counter[str] = Counter()
    for pairs in by_topic.values():
        both = Counter(pairs)
        gold, guessed = Counter(g for g, _ in pairs), Counter(p for _, p in pairs)
        sums["n"] += len(pairs)
        for (g, p), k in both.items():
            sums["b3p"] += k * k / guessed[p]  # type: ignore[assignment]
            sums["b3r"] += k * k / gold[g]  # type: ignore[assignment]
        for name, counts in (("hit", both), ("guessed", guessed), ("gold", gold)):
            sums[name] += sum(k * (k - 1) // 2 for k in counts.values())
    yield _figures("B³", sums["b3p"] / sums["n"], sums["b3r"] / sums["n"])
    yield _figures("pairs", sums["hit"] / (sums["guessed"] or 1), sums["hit"] / (sums["gold"] or 1))


def _figures(name: str, precision: float, recall: float) -> tuple[str, float, float, float]:
    both = precision + recall
    return name, precision, recall, 2 * precision * recall / both if both else 0.0


def main(arguments: list[str]) -> None:
    """Print a line for the values as they stand and one for each value tried."""
    lines = Path(arguments[0]).read_text(encoding="utf-8").splitlines()
    gold = [json.loads(line) for line in lines if line.strip()]
    extraction = extract([arguments[0]])
    told = find_told(gold, extraction.news, dict(extraction.names))

    def show(label: str) -> None:
        figures = score(told, merge(extraction.news.readings))
        line = "  ".join(f"{name} {p:.3f}/{r:.3f}/{f:.3f}" for name, p, r, f in figures)
        print(f"{label:20} {line}", flush=True)

    show("as it stands")
    for setting in arguments[1:] or SWEPT:
        name, _, values = setting.partition("=")
        rooms = [room for room in ROOMS if hasattr(room, name)]
        kept = getattr(rooms[0], name)
        for value in values.split(","):
            for room in rooms:
                setattr(room, name, type(kept)(float(value)))
            show(f"{name} {value}")
        for room in rooms:
            setattr(room, name, kept)


if __name__ == "__main__":
    main(sys.argv[1:])
