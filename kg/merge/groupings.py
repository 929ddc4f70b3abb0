"""Numbers that belong together, in arrays: by equal values, or joined step by step."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any  # Any: of whichever number

import numpy as np
from numpy.typing import NDArray

__all__ = ["Grouping", "equal_stretches"]

TOGETHER = 10_000  # numbers of an array that are made Python's at once: these take four times more


def equal_stretches(values: NDArray[Any]) -> Iterator[slice]:
    """Give the stretches of equal values in an array.

    >>> [(run.start, run.stop) for run in equal_stretches(np.array([7, 7, 9]))]
    [(0, 2), (2, 3)]
    """
    begin, ends = 0, np.flatnonzero(values[1:] != values[:-1]) + 1
    for at in range(0, len(ends), TOGETHER):
        for end in ends[at : at + TOGETHER].tolist():
            yield slice(begin, end)
            begin = end
    if len(values):
        yield slice(begin, len(values))


class Grouping:
    """Numbers from 0 on, each alone until it is joined with another (Tarjan 1975).

    >>> grouping = Grouping(4)
    >>> grouping.join(3, 1)
    >>> [grouping.root(number) for number in range(4)]
    [0, 1, 2, 1]
    """

    def __init__(self, size: int = 0) -> None:
        self._above = array("q", range(size))

    def __len__(self) -> int:
        return len(self._above)

    def add(self) -> int:
        """Add a number, and give it."""
        self._above.append(len(self._above))
        return len(self._above) - 1

    def root(self, number: int) -> int:
        """Give the least number of a number's group."""
        above = self._above
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    def join(self, left: int, right: int) -> None:
        """Put two numbers, and all that is with them, into one group."""
        one, other = sorted((self.root(left), self.root(right)))
        self._above[other] = one
