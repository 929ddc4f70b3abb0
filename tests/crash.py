"""Kill a writer again and again, each time at another point, and look at what it leaves behind.

``python -m tests.crash FOLDER POINTS SEED`` does so and tells what is wrong, a line each.
A child is forked for each step, since neither RocksDB nor SQLite may be carried across a fork; the
parent opens nothing. A child kills itself before a line of our code that the seed draws, or is
killed from outside after a while, in the middle of whatever Oxigraph or SQLite do then.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import kg.collection.archive
import kg.collection.folder
import kg.collection.graph
import kg.collection.happened
import kg.collection.shared
import kg.collection.surveyed
import kg.collection.touched
import kg.collection.writer
import kg.store.embedded
from kg.store import open_store
from tests.shelves import at, fresh_quads, hold, stored_quads
from tests.tellings import ARNOR, GONDOR, ROHAN, reading, telling

WATCHED = {
    module.__file__
    for module in (
        kg.collection.archive,
        kg.collection.folder,
        kg.collection.graph,
        kg.collection.happened,
        kg.collection.shared,
        kg.collection.surveyed,
        kg.collection.touched,
        kg.collection.writer,
        kg.store.embedded,
    )
}
BEFORE = [
    at("war.txt", reading("war", telling(10, "bomb", [ARNOR], [GONDOR]))),
    at("talks.txt", reading("talks", telling(20, "propose", [ROHAN], [ARNOR], "AGREE"))),
    *(at(f"{n}.txt", reading(f"quiet {n}")) for n in range(8)),
]
AFTER = [
    *BEFORE[1:],
    at("war.txt", reading("war again", telling(30, "bomb", [ARNOR], [ROHAN]))),
    at("more.txt", reading("more", telling(50, "propose", [ROHAN], [ARNOR], "AGREE"))),
]
OLD, NEW = fresh_quads(BEFORE), fresh_quads(AFTER)  # in memory: nothing that a fork would break


def main() -> None:
    """Print what is wrong; nothing if all is well."""
    folder, points, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)
    lines = {"first": _count(folder, first=True), "change": _count(folder, first=False)}
    for number in range(points):
        kind = "first" if number % 5 == 0 else "change"
        point = chance.randrange(1, lines[kind])
        _try(folder, f"{kind} at line {point}", kind == "first", _killed_at(point), None)
    for _ in range(points // 5):
        after = chance.uniform(0.0, 0.08)
        _try(folder, f"change after {after:.3f} s", False, None, after)


def _count(folder: Path, *, first: bool) -> int:
    """Count the lines of ours that a run goes through."""
    _prepare(folder, first)
    reader, writer = os.pipe()

    def count() -> None:
        passed = [0]

        def line() -> None:
            passed[0] += 1

        _traced(lambda: hold(folder, AFTER, only=True), line)
        os.write(writer, str(passed[0]).encode())

    _child(count)
    return int(os.read(reader, 20))


def _try(
    folder: Path, what: str, first: bool, line: Callable[[], None] | None, after: float | None
) -> None:
    _prepare(folder, first)
    _child(lambda: _traced(lambda: hold(folder, AFTER, only=True), line), after)
    _child(lambda: _judge(folder, what, first))


def _prepare(folder: Path, first: bool) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    if first:
        return
    template = folder.with_name(f"{folder.name}-before")
    if not template.exists():
        _child(lambda: hold(template, BEFORE, only=True))
    shutil.copytree(template, folder)


def _judge(folder: Path, what: str, first: bool) -> None:
    """Say what is wrong with a folder, then run again what was cut off, and say what is wrong."""
    if (folder / "store").exists() or not first:
        open_store(folder / "store", read_only=True).close()
        if stored_quads(folder) not in (NEW, OLD):
            _tell(f"{what}: left half a change")
    hold(folder, AFTER, only=True)
    if stored_quads(folder) != NEW:
        _tell(f"{what}: the next run didn't complete it")
    left = [path.name for path in folder.iterdir() if path.suffix in (".new", ".old", ".part")]
    if left:
        _tell(f"{what}: left behind {left}")


def _killed_at(point: int) -> Callable[[], None]:
    passed = [0]

    def line() -> None:
        passed[0] += 1
        if passed[0] == point:
            os.kill(os.getpid(), signal.SIGKILL)

    return line


def _traced(run: Callable[[], object], line: Callable[[], None] | None) -> None:
    def trace(frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line" and line is not None:
            line()
        return trace

    if line is not None:
        sys.settrace(trace)
    run()
    sys.settrace(None)


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _child(run: Callable[[], object], killed_after: float | None = None) -> None:
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            run()
            code = 0
        except BaseException as error:
            _tell(f"{type(error).__name__}: {error}")
            raise
        finally:
            os._exit(code)
    if killed_after is not None:
        time.sleep(killed_after)
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
