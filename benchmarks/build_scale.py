"""How the memory and time of `kg build` grow with the number of articles.

`python -m benchmarks.build_scale [FILE.txt...] [--articles 20000] [--jobs 1]` builds a graph of so
many articles: the texts given (else short ones made here), over and over, each time with another
day and other names, and prints a line for each tenth: articles read, megabytes at the peak of the
parent, processor seconds of all processes an article; then the same of merging and writing.

Wanted: both flat within a tenth after the first 2,000 articles.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from kg.build import build

ACTS = (
    "{a} rejected a proposal by {b} on Monday. “We will not accept it,” said {p}, the minister.",
    "{a} imposed sanctions on {b}, officials said. {b} denied the accusations.",
    "Troops from {a} attacked a base in {b} on Friday, killing 12 soldiers, {p} told reporters.",
    "{p}, the president of {a}, met a delegation from {b} and promised aid.",
    "Police in {a} arrested {p} after protests against {b}. {b} demanded his release.",
)
STATES = (
    "Iran Turkey Norway Sweden Chile Peru Mali Chad Egypt Kenya Ghana Spain Italy Poland Japan "
    "Nepal Qatar Oman Yemen Cuba"
).split()
NAMES = "Adams Baker Carver Dyer Fisher Glover Hooper Mason Porter Sawyer Tanner Weaver".split()


def articles(wanted: int, texts: list[str]) -> Iterator[dict[str, str]]:
    """Make articles: no two have the same text, and few the same day."""
    chance = random.Random(11)
    for number in range(wanted):
        day = date(2015, 1, 1) + timedelta(days=number // 20)
        about = {
            "a": chance.choice(STATES),
            "b": chance.choice(STATES),
            "p": f"{chance.choice(NAMES)[:3]}an {chance.choice(NAMES)}{number % 977}",
        }
        body = [chance.choice(ACTS).format(**about) for _ in range(4)]
        own = texts[number % len(texts)] if texts else "\n\n".join(body)
        yield {
            "id": f"made-{number}",
            "title": f"{about['a']} and {about['b']}: report {number}",
            "text": f"{own}\n\nThis was report {number} by {about['p']}.",
            "date": day.isoformat(),
            "source": f"paper{number % 40}.example",
        }


def _seconds() -> float:
    """Processor seconds of this process and those of its own that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _megabytes() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> int:
    """Build in a folder that is thrown away, and print how it went."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("texts", nargs="*", type=Path)
    arguments.add_argument("--articles", type=int, default=20_000)
    arguments.add_argument("--jobs", type=int, default=1)
    asked = arguments.parse_args()
    texts = [path.read_text(encoding="utf-8") for path in asked.texts]
    last = [0, _seconds()]

    def tell(done: int, total: int) -> None:
        if done - last[0] >= total / 10 or done == total:
            each = 1000 * (_seconds() - last[1]) / (done - last[0])
            print(f"{done:7,} read {_megabytes():6} MB {each:6.1f} ms an article", flush=True)
            last[:] = [done, _seconds()]

    with tempfile.TemporaryDirectory() as folder:
        lines = Path(folder) / "made.jsonl"
        with lines.open("w", encoding="utf-8", newline="\n") as file:
            for article in articles(asked.articles, texts):
                file.write(json.dumps(article) + "\n")
        report = build([lines], Path(folder) / "out", progress=tell, jobs=asked.jobs)
    each = 1000 * (_seconds() - last[1]) / asked.articles
    print(f"{report.held:7,} held {_megabytes():6} MB {each:6.1f} ms an article to merge and write")
    print(f"{report.mentions:,} event mentions, {report.events:,} events")
    return report.return_code


if __name__ == "__main__":
    raise SystemExit(main())
