"""More lines than memory holds, sorted: runs are sorted by themselves and merged from disk."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import Quad, RdfFormat, parse

__all__ = ["difference", "sorted_lines"]

IN_MEMORY = 250_000  # lines of a run; of quads some hundred megabytes


def sorted_lines(lines: Iterable[str], in_memory: int = IN_MEMORY) -> Iterator[str]:
    r"""Sort lines that hold no line break, by code point, each once.

    >>> list(sorted_lines(["a", "a", "c", "b"], in_memory=2))
    ['a', 'b', 'c']
    """
    rest = iter(lines)
    with ExitStack() as open_files:
        runs: list[Iterator[str]] = []
        while some := list(islice(rest, in_memory)):
            run = sorted(set(some))
            if len(some) < in_memory and not runs:
                yield from run
                return
            runs.append(_kept(run, open_files))
        last = None
        for line in heapq.merge(*runs):
            if line != last:
                yield line
            last = line


def _kept(run: list[str], open_files: ExitStack) -> Iterator[str]:
    """Write a run where nobody else finds it, and give it line by line."""
    file: IO[str] = open_files.enter_context(TemporaryFile("w+", encoding="utf-8", newline="\n"))  # noqa: SIM115
    file.writelines(f"{line}\n" for line in run)
    file.seek(0)
    return (line.removesuffix("\n") for line in file)


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
