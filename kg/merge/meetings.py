"""Which numbers share a key: gathered in arrays, twelve bytes a number and key."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Iterable, Iterator

import numpy as np

from kg.merge.groupings import Grouping, equal_stretches

__all__ = ["Meetings"]


class Meetings:
    """Numbers and the keys under which they meet.

    Keys are held as their hashes: two that collide bring together what has nothing to say to each
    other, and whoever looks finds nothing.
    """

    def __init__(self) -> None:
        self._hashes, self._numbers = array("q"), array("i")

    def add(self, number: int, keys: Iterable[Hashable]) -> None:
        """Let a number be met under some keys."""
        for key in keys:
            self._hashes.append(hash(key))
            self._numbers.append(number)

    def groups(self) -> Iterator[list[int]]:
        """Give the numbers of each key that more than one is met under, in order."""
        hashes = np.frombuffer(self._hashes, dtype=np.int64)
        order = np.argsort(hashes, kind="stable")
        for run in equal_stretches(hashes[order]):
            if run.stop - run.start > 1:
                yield sorted({self._numbers[at] for at in order[run].tolist()})

    def components(self, size: int) -> Iterator[list[int]]:
        """Give all numbers below `size`, those together that keys connect, the least first."""
        grouping = Grouping(size)
        for numbers in self.groups():
            for number in numbers[1:]:
                grouping.join(numbers[0], number)
        roots = np.fromiter((grouping.root(n) for n in range(size)), dtype=np.int64, count=size)
        order = np.argsort(roots, kind="stable")
        for run in equal_stretches(roots[order]):
            yield order[run].tolist()
