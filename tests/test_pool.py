"""Work in processes: in order, whatever dies; what kills its process is given up alone."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.pool import map_batches

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


def test_a_process_that_dies_once_changes_nothing(tmp_path: Path) -> None:
    assert flat(Doubling(once=(2, 7), folder=tmp_path), 2) == [2 * n for n in range(1, 11)]
    assert (tmp_path / "2").exists()


def test_what_kills_every_process_is_given_up_and_nothing_else(tmp_path: Path) -> None:
    expected = [-5 if n == 5 else 2 * n for n in range(1, 11)]
    assert flat(Doubling(deadly=(5,), folder=tmp_path), 2) == expected


def test_an_error_is_raised_where_the_results_are_taken() -> None:
    with pytest.raises(ValueError, match="-1 is negative"):
        list(map_batches(Doubling().start, [[1], [-1], [2]], given_up, 2))
