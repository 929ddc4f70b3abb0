"""What Apache Spark costs over the plain pool: `kg build` by both of the same articles, in turn.

`python -m benchmarks.engine FILE.jsonl [--articles N...] [--rounds N]` runs the command by the pool
and by Spark, two processes each, and prints for each number of articles the seconds of the clock
and of all processors, the least of the rounds, with everything in them that a user waits for: the
start of Java too. Wanted of Spark / pool by the clock: 1.6 at most.

`--steps` tells what an article takes of the steps of a run that leaves parts, and of the disk: the
rates of `docs/scale.toml`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

from kg.annotate import DEFAULT_MODEL
from kg.collection import Made
from kg.inputs import Inputs
from kg.spark import Spark, session
from kg.worker import Recipe, packed

Taken = tuple[float, float]
"""Seconds of the clock, and of all processors."""

TICKS = os.sysconf("SC_CLK_TCK")
LOOK = 0.1  # seconds between two looks at the processes: who goes takes what it used along
ENGINES = {"pool": ("--jobs", "2"), "spark": ("--engine", "spark", "--master", "local[2]")}


class Used:
    """What the processes of a session use, while they are there: the dead are nobody's.

    Args:
        wanted: the session's number, or a process under which all are counted.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted, self._seconds = wanted, dict[int, float]()
        self._over = Event()
        self._looking = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Used:
        self._looking.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._looking.join()

    @property
    def seconds(self) -> float:
        """Of all processors."""
        return sum(self._seconds.values())

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            for pid, seconds in of_session(self._wanted):
                self._seconds[pid] = seconds


def of_session(session_id: int) -> Iterator[tuple[int, float]]:
    """Give the processes of a session and the seconds that each has used by itself."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # gone meanwhile
        if int(fields[3]) == session_id:
            yield int(path.parent.name), sum(map(int, fields[11:13])) / TICKS


def run(articles: Path, out: Path, engine: str) -> Taken:
    """Build anew by one of the engines, as a user does."""
    shutil.rmtree(out, ignore_errors=True)
    command = [sys.executable, "-m", "kg", "build", str(articles), "--out", str(out), "--quiet"]
    clock = time.perf_counter()
    with (
        subprocess.Popen(
            [*command, *ENGINES[engine]], start_new_session=True, stdout=subprocess.DEVNULL
        ) as process,
        Used(process.pid) as used,
    ):
        process.wait()
        taken = time.perf_counter() - clock
    if process.returncode:
        raise SystemExit(f"{engine}: exit code {process.returncode}")
    return taken, used.seconds


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
    arguments.add_argument("--articles", type=int, nargs="+", default=[60])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--steps", action="store_true")
    asked = arguments.parse_args()
    for number in asked.articles:
        lines = asked.path.read_text(encoding="utf-8").splitlines(keepends=True)[:number]
        words = sum(len(json.loads(line)["text"].split()) for line in lines)
        print(f"{len(lines)} articles, {words:,} words; seconds by the clock (of all processors)")
        with tempfile.TemporaryDirectory() as name:
            articles = Path(name, "articles.jsonl")
            articles.write_text("".join(lines), encoding="utf-8")
            compare(articles, Path(name), asked.rounds)
            if asked.steps:
                step_by_step(articles, Path(name), len(lines))
    return 0


def compare(articles: Path, folder: Path, rounds: int) -> None:
    """Build by both in turn, and print the least that each took."""
    taken: dict[str, list[Taken]] = {name: [] for name in ENGINES}
    for _ in range(rounds):
        for name, some in taken.items():
            some.append(run(articles, folder / name, name))
    least = {name: [min(column) for column in zip(*some, strict=True)]
             for name, some in taken.items()}  # fmt: skip
    for name, (clock, processor) in least.items():
        print(f"{name:16} {clock:7.1f} ({processor:7.1f})")
    ratios = [a / b for a, b in zip(least["spark"], least["pool"], strict=True)]
    print(f"spark / pool     {ratios[0]:7.2f} ({ratios[1]:7.2f})", flush=True)


def step_by_step(articles: Path, folder: Path, number: int) -> None:
    """Time the steps of a run that leaves parts, and weigh what it leaves."""
    made = Made(edition="", model=DEFAULT_MODEL)
    recipe = Recipe(DEFAULT_MODEL, (), packed)
    work = folder / "work"
    with session("local[2]") as spark:
        engine = Spark(spark, str(work), recipe)
        steps: dict[str, Callable[[], object]] = {
            "find": partial(engine.find, [articles], Inputs()),
            "read": partial(engine.read, recipe),
            "merge and write": partial(engine.merge, made),
        }
        for name, step in steps.items():
            clock = time.perf_counter()
            with Used(os.getsid(0)) as used:
                before = sum(seconds for _, seconds in of_session(os.getsid(0)))
                step()
            spent = used.seconds - before
            print(f"{name:16} {time.perf_counter() - clock:7.1f} ({spent:7.1f})")
    here, whole, lines = size_of(work / "quads")
    readings = sum(part.stat().st_size for part in (work / "readings").glob("part-*"))
    store = sum(file.stat().st_size for file in (folder / "spark/store").iterdir())
    print(
        f"an article: {lines / number:,.0f} quads, {whole / number:,.0f} bytes of N-Quads, "
        f"{here / number:,.0f} packed; {readings / number:,.0f} bytes of its reading on the way; "
        f"{store / lines:,.0f} bytes of the store a quad"
    )


if __name__ == "__main__":
    raise SystemExit(main())
