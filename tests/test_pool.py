"""Work in processes: in order, whatever dies; what kills its process is given up alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.pool import forks, map_batches

BATCHES = [[1, 2], [3], [4, 5, 6], [7], [8, 9], [10]]


@dataclass(frozen=True)
class Doubling:
    """Doubles numbers; some kill the process that tries them, always or once."""

    deadly: tuple[int, ...] = ()
    once: tuple[int, ...] = ()
    folder: Path = Path()

    def start(self) -> Callable[[Sequence[int]], list[int]]:
        return self.double

    def double(self, numbers: Sequence[int]) -> list[int]:
        for number in numbers:
            mark = self.folder / str(number)
            if number in self.deadly or (number in self.once and not mark.exists()):
                mark.touch()
                os.kill(os.getpid(), signal.SIGKILL)
            if number < 0:
                raise ValueError(f"{number} is negative")
        return [2 * number for number in numbers]


def given_up(number: int) -> int:
    return -number


def flat(work: Doubling, jobs: int) -> list[int]:
    found = map_batches(work.start, iter(BATCHES), given_up, jobs)
    return [number for batch in found for number in batch]


def test_results_come_in_the_order_of_the_work() -> None:
    assert flat(Doubling(), 1) == flat(Doubling(), 2) == [2 * n for n in range(1, 11)]


@contextmanager
def a_thread_beside() -> Iterator[None]:
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    yield
    done.set()
    thread.join()


def test_nothing_is_forked_in_the_midst_of_threads(tmp_path: Path) -> None:
    with a_thread_beside():
        assert not forks()
        assert flat(Doubling(once=(2,), folder=tmp_path), 2) == [2 * n for n in range(1, 11)]
    alone = threading.active_count() == 1  # other tests may have left one that is about to end
    assert forks() == (sys.platform == "linux" and alone)


def test_a_process_that_dies_once_changes_nothing(tmp_path: Path) -> None:
    assert flat(Doubling(once=(2, 7), folder=tmp_path), 2) == [2 * n for n in range(1, 11)]
    assert (tmp_path / "2").exists()


def test_what_kills_every_process_is_given_up_and_nothing_else(tmp_path: Path) -> None:
    expected = [-5 if n == 5 else 2 * n for n in range(1, 11)]
    assert flat(Doubling(deadly=(5,), folder=tmp_path), 2) == expected


def test_an_error_is_raised_where_the_results_are_taken() -> None:
    with pytest.raises(ValueError, match="-1 is negative"):
        list(map_batches(Doubling().start, [[1], [-1], [2]], given_up, 2))


SLEEPERS = """
import os, signal, sys, threading, time
from pathlib import Path
from kg.pool import map_batches

signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored where tests run behind an "&"

def start():
    return sleep

def sleep(names):
    Path(names[0]).write_text(str(os.getpid()))
    time.sleep(60)
    return names

if __name__ == "__main__":
    if "spawn" in sys.argv:
        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    list(map_batches(start, [["1"], ["2"]], str, 2))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("way", ["fork", "spawn"])
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_one_that_started_it(
    tmp_path: Path, way: str, by: signal.Signals
) -> None:
    (tmp_path / "sleepers.py").write_text(SLEEPERS, encoding="utf-8")
    started = subprocess.Popen(
        [sys.executable, "sleepers.py", way], cwd=tmp_path, stderr=subprocess.PIPE
    )
    pids = [int(number) for number in map(wait_for, (tmp_path / "1", tmp_path / "2"))]
    started.send_signal(by)
    started.communicate(timeout=20)
    deadline = time.monotonic() + 20
    while any(map(is_alive, pids)) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert started.returncode != 0
    assert [pid for pid in pids if is_alive(pid)] == []


def wait_for(path: Path) -> str:
    deadline = time.monotonic() + 60
    while not (path.exists() and path.read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return path.read_text()


def is_alive(pid: int) -> bool:
    """Whether a process runs; who is dead and not yet buried does not."""
    try:
        os.kill(pid, 0)
        state = Path(f"/proc/{pid}/stat")
        return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"
    except (ProcessLookupError, FileNotFoundError):
        return False
