"""More than memory holds, sorted: runs are sorted by themselves and merged from disk."""

from __future__ import annotations

import heapq
import pickle
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Generic, TypeVar

from pyoxigraph import Quad, RdfFormat, parse

__all__ = ["Sorter", "difference", "sorted_lines"]

IN_MEMORY = 24_000_000  # characters of a run; with what Python adds, some fifty megabytes
MOST_RUNS = 200  # files open at once; a process may have 1,024 on most systems
TOGETHER = 200  # records that are written and read at once

Record = TypeVar("Record", str, tuple[str, str, str])


class Sorter(Generic[Record]):
    """Takes records in any order and gives them in that of their code points, once.

    Args:
        length: characters of a record.
        folder: where there is room for all of them; None takes the system's for passing files.
        in_memory: characters that are sorted at once.

    >>> sorter = Sorter[str](len, in_memory=2)
    >>> sorter.extend(["c", "b", "a"])
    >>> list(sorter)
    ['a', 'b', 'c']
    """

    def __init__(
        self,
        length: Callable[[Record], int],
        folder: Path | None = None,
        in_memory: int = IN_MEMORY,
    ) -> None:
        self._length: Callable[[Record], int] = length
        self._folder, self._most = folder, in_memory
        self._files = ExitStack()
        self._runs: list[Iterator[Record]] = []
        self._here: list[Record] = []
        self._size = 0

    def extend(self, records: Iterable[Record]) -> None:
        """Take records in."""
        for record in records:
            self._here.append(record)
            self._size += self._length(record)
            if self._size >= self._most:
                self._put_away()

    def _put_away(self) -> None:
        self._here.sort()
        self._runs.append(self._kept(self._here))
        self._here, self._size = [], 0
        if len(self._runs) == MOST_RUNS:
            self._runs = [self._kept(heapq.merge(*self._runs))]

    def _kept(self, run: Iterable[Record]) -> Iterator[Record]:
        """Write a run into a file that nobody else can name, and give it record by record."""
        file = self._files.enter_context(TemporaryFile(dir=self._folder))  # noqa: SIM115
        rest = iter(run)
        while some := list(islice(rest, TOGETHER)):
            pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
        file.seek(0)
        return _read(file)

    def __iter__(self) -> Iterator[Record]:
        with self._files:
            self._here.sort()
            yield from heapq.merge(*self._runs, self._here)


def _read(file: IO[bytes]) -> Iterator[Record]:
    while True:
        try:
            some = pickle.load(file)
        except EOFError:
            return
        yield from some


def sorted_lines(lines: Iterable[str], in_memory: int = IN_MEMORY) -> Iterator[str]:
    """Sort lines by code point, each once.

    >>> list(sorted_lines(["a", "a", "c", "b"], in_memory=2))
    ['a', 'b', 'c']
    """
    sorter = Sorter[str](len, in_memory=in_memory)
    sorter.extend(lines)
    return (line for line, _ in groupby(sorter))


def difference(old: Iterable[Quad], new: Iterable[Quad]) -> tuple[list[Quad], list[Quad]]:
    """Tell which quads are in the old alone, and which in the new alone.

    Args:
        old, new: in any order, more than memory holds; what differs has to fit into it.
    """
    left, right = sorted_lines(map(str, old)), sorted_lines(map(str, new))
    gone: list[str] = []
    come: list[str] = []
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one < other):
            gone.append(str(one))
            one = next(left, None)
        elif one is None or other < one:
            come.append(other)
            other = next(right, None)
        else:
            one, other = next(left, None), next(right, None)
    return _parsed(gone), _parsed(come)


def _parsed(lines: list[str]) -> list[Quad]:
    text = "".join(f"{line} .\n" for line in lines)
    return list(parse(text, RdfFormat.N_QUADS)) if text else []
