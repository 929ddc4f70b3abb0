"""Numbers that belong together: a union-find forest in one array (Tarjan 1975)."""

from __future__ import annotations

from array import array

__all__ = ["Grouping"]


class Grouping:
    """Numbers from 0 on, each alone until it is joined with another.

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
