"""What Apache Spark costs over the plain pool: `kg build` by both of the same articles, in turn.

`python -m benchmarks.engine FILE.jsonl [--articles N...] [--rounds N]` runs the command by the pool
and by Spark, two processes each, and prints for each number of articles the seconds of the clock
and of all processors, the least of the rounds, with everything in them that a user waits for: the
start of Java too; and the megabytes that the process that asks, Java and the other processes held
at most, what processes share counted once. Wanted of Spark / pool by the clock: 1.6 at most. Then
the quads of both are compared; the exit code is 1 if they aren't the same.

`--few N` has Spark merge more than so many articles on the cluster, to see what that costs.

`--steps` tells what an article takes of the steps of a run that leaves parts, and of the disk: the
rates of `docs/scale.toml`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from itertools import count
from pathlib import Path
from threading import Event, Thread

from kg.annotate import DEFAULT_MODEL
from kg.collection import Made
from kg.inputs import Inputs
from kg.spark import Spark, session
from kg.store import open_store
from kg.worker import Recipe, packed

Taken = tuple[float, ...]
"""Seconds of the clock and of all processors; megabytes of who asks, of Java and of the others."""

TICKS = os.sysconf("SC_CLK_TCK")
LOOK = 0.1  # seconds between two looks at the processes: who goes takes what it used along
LOOKS = 10  # of these to one at memory, which takes longer
PSS = re.compile(r"Pss: +(\d+)")
ENGINES = {"pool": ("--jobs", "2"), "spark": ("--engine", "spark", "--master", "local[2]")}
KG = """\
from kg.__main__ import main
from kg.spark import engine
engine.FEW = {few}
main()
"""


class Used:
    """What the processes of a session use, while they are there: the dead are nobody's.

    Args:
        wanted: the session's number.
    """

    def __init__(self, wanted: int) -> None:
        self._wanted, self._seconds = wanted, dict[int, float]()
        self._held = dict.fromkeys(("who asks", "java", "others"), 0)
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

    @property
    def megabytes(self) -> tuple[int, ...]:
        """At most, of the process that asks, of Java, and of all others together."""
        return tuple(self._held.values())

    def _look(self) -> None:
        for number in count():
            if self._over.wait(LOOK):
                return
            own = dict(of_session(self._wanted))
            self._seconds |= own
            if number % LOOKS == 0:
                self._weigh(own)

    def _weigh(self, processes: Iterable[int]) -> None:
        held = Counter[str]()
        for pid in processes:
            with suppress(OSError):  # gone meanwhile
                java = Path(f"/proc/{pid}/comm").read_text().strip() == "java"
                kind = "who asks" if pid == self._wanted else "java" if java else "others"
                found = PSS.search(Path(f"/proc/{pid}/smaps_rollup").read_text())
                held[kind] += int(found[1]) // 1024 if found else 0
        self._held = {kind: max(most, held[kind]) for kind, most in self._held.items()}


def of_session(session_id: int) -> Iterator[tuple[int, float]]:
    """Give the processes of a session and the seconds that each has used by itself."""
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue  # gone meanwhile
        if int(fields[3]) == session_id:
            yield int(path.parent.name), sum(map(int, fields[11:13])) / TICKS


def run(articles: Path, out: Path, engine: str, few: int | None) -> Taken:
    """Build anew by one of the engines, as a user does."""
    shutil.rmtree(out, ignore_errors=True)
    kg = ["-m", "kg"] if few is None or engine == "pool" else ["-c", KG.format(few=few)]
    command = [sys.executable, *kg, "build", str(articles), "--out", str(out), "--quiet"]
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
    return taken, used.seconds, *used.megabytes


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
    """Print a line for each engine and step; tells whether quads differ."""
    differ = False
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("path", type=Path)
    arguments.add_argument("--articles", type=int, nargs="+", default=[60])
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--few", type=int)
    arguments.add_argument("--steps", action="store_true")
    asked = arguments.parse_args()
    for number in asked.articles:
        lines = asked.path.read_text(encoding="utf-8").splitlines(keepends=True)[:number]
        words = sum(len(json.loads(line)["text"].split()) for line in lines)
        print(f"{len(lines)} articles, {words:,} words; seconds by the clock (of all processors); "
              "MB of who asks, Java, others")  # fmt: skip
        with tempfile.TemporaryDirectory() as name:
            articles = Path(name, "articles.jsonl")
            articles.write_text("".join(lines), encoding="utf-8")
            compare(articles, Path(name), asked.rounds, asked.few)
            differ |= different(Path(name))
            if asked.steps:
                step_by_step(articles, Path(name), len(lines))
    return int(differ)


def compare(articles: Path, folder: Path, rounds: int, few: int | None) -> None:
    """Build by both in turn, and print the least that each took."""
    taken: dict[str, list[Taken]] = {name: [] for name in ENGINES}
    for _ in range(rounds):
        for name, some in taken.items():
            some.append(run(articles, folder / name, name, few))
    least = {name: [min(column) for column in zip(*some, strict=True)]
             for name, some in taken.items()}  # fmt: skip
    for name, (clock, processor, *megabytes) in least.items():
        held = " ".join(f"{most:6,}" for most in megabytes)
        print(f"{name:16} {clock:7.1f} ({processor:7.1f}) {held}")
    ratios = [a / b for a, b in zip(least["spark"][:2], least["pool"][:2], strict=True)]
    print(f"spark / pool     {ratios[0]:7.2f} ({ratios[1]:7.2f})", flush=True)


def different(folder: Path) -> bool:
    """Tell whether the stores of both differ, and print it."""
    held = []
    for name in ENGINES:
        with open_store(folder / name / "store", read_only=True) as store:
            held.append(sorted(map(str, store.quads())))
    same = held[0] == held[1]
    print(f"{len(held[0]):,} quads by the pool, {len(held[1]):,} by Spark, "
          f"{'the same' if same else 'NOT the same'}", flush=True)  # fmt: skip
    return not same


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
