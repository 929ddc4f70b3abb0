"""What Apache Spark costs over the plain pool: `kg build` by both of the same articles, in one run.

`python -m benchmarks.engine FILE.jsonl [--articles N] [--rounds N]` builds a folder by the pool and
by Spark in turn, two processes each, and prints seconds of the clock and of all processors, the
ratio (wanted: 1.6 at most; the start of the JVM counted apart), and what an article takes of the
steps and of the disk: the rates of `docs/scale.toml`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from kg.annotate import DEFAULT_MODEL
from kg.build import build
from kg.collection import Made
from kg.inputs import Inputs
from kg.spark import Spark, session
from kg.worker import Recipe, packed

Taken = tuple[float, float]
"""Seconds of the clock, and of all processors."""

TICKS = os.sysconf("SC_CLK_TCK")


def processor_seconds() -> float:
    """Count what this process and all under it have used; the dead are with their parents."""
    processes: dict[int, tuple[int, float]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # gone meanwhile
        processes[int(path.parent.name)] = int(fields[1]), sum(map(int, fields[11:15])) / TICKS
    return sum(processes[pid][1] for pid in _family(os.getpid(), processes) if pid in processes)


def _family(pid: int, processes: dict[int, tuple[int, float]]) -> Iterator[int]:
    yield pid
    for child, (parent, _) in processes.items():
        if parent == pid:
            yield from _family(child, processes)


def taken(work: Callable[[], object]) -> Taken:
    """Time some work."""
    clock, processor = time.perf_counter(), processor_seconds()
    work()
    return time.perf_counter() - clock, processor_seconds() - processor


def size_of(folder: Path) -> tuple[int, int, int]:
    """Bytes of parts packed and unpacked, and their lines."""
    here = whole = lines = 0
    for part in folder.glob("**/part-*"):
        text = gzip.decompress(part.read_bytes())
        here, whole, lines = (
            here + part.stat().st_size,
            whole + len(text),
            lines + text.count(b"\n"),
        )
    return here, whole, lines


def main() -> int:
    """Print a line for each engine and step."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", type=Path)
    arguments.add_argument("--articles", type=int, default=100)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    lines = asked.path.read_text(encoding="utf-8").splitlines(keepends=True)[: asked.articles]
    words = sum(len(json.loads(line)["text"].split()) for line in lines)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        articles = folder / "articles.jsonl"
        articles.write_text("".join(lines), encoding="utf-8")
        measure(articles, folder, asked.rounds, len(lines), words)
    return 0


def measure(articles: Path, folder: Path, rounds: int, number: int, words: int) -> None:
    """Build by both, then step by step; the pool first: it can't fork beside Spark's threads."""
    found: dict[str, list[Taken]] = {"pool": [], "spark": []}

    def build_anew(name: str, engine: Spark | None) -> None:
        out = folder / name
        shutil.rmtree(out, ignore_errors=True)
        found[name].append(taken(partial(build, [articles], out, jobs=2, engine=engine)))

    for _ in range(rounds):
        build_anew("pool", None)
    clock = time.perf_counter()
    with session("local[2]") as spark:
        print(f"start of Spark: {time.perf_counter() - clock:.1f} s")
        engine = Spark(spark, str(folder / "work"))
        for _ in range(rounds):
            build_anew("spark", engine)
        steps = step_by_step(engine, articles)
    tell(found, steps, number, words)
    tell_sizes(folder, number)


def step_by_step(engine: Spark, articles: Path) -> dict[str, Taken]:
    """Time the steps of a run that leaves parts."""
    made = Made(edition="", model=DEFAULT_MODEL)
    engine.clear("found", "readings", "quads", "events")
    return {
        "find": taken(lambda: engine.find([articles], Inputs())),
        "read": taken(lambda: engine.read(Recipe(DEFAULT_MODEL, (), packed))),
        "merge and write": taken(lambda: engine.merge(made)),
    }


def tell(found: dict[str, list[Taken]], steps: dict[str, Taken], number: int, words: int) -> None:
    """Print what was timed."""
    middle = {
        name: tuple(statistics.median(some) for some in zip(*times, strict=True))
        for name, times in found.items()
    }
    print(f"{number} articles, {words:,} words; seconds by the clock (of all processors)")
    for name, (clock, processor) in middle.items():
        print(f"{name:16} {clock:7.1f} ({processor:7.1f})")
    ratios = [a / b for a, b in zip(middle["spark"], middle["pool"], strict=True)]
    print(f"spark / pool     {ratios[0]:7.2f} ({ratios[1]:7.2f})")
    for name, (clock, processor) in steps.items():
        print(f"{name:16} {clock:7.1f} ({processor:7.1f})")


def tell_sizes(folder: Path, number: int) -> None:
    """Print what an article leaves."""
    here, whole, lines = size_of(folder / "work" / "quads")
    readings = sum(part.stat().st_size for part in (folder / "work/readings").glob("part-*"))
    store = sum(file.stat().st_size for file in (folder / "spark/store").iterdir())
    print(
        f"an article: {lines / number:,.0f} quads, {whole / number:,.0f} bytes of N-Quads, "
        f"{here / number:,.0f} packed; {readings / number:,.0f} bytes of its reading on the way; "
        f"{store / lines:,.0f} bytes of the store a quad"
    )


if __name__ == "__main__":
    raise SystemExit(main())
