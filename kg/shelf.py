"""Records by number: the first in memory, the rest in a file of their own that goes with them."""

from __future__ import annotations

import pickle
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Generic, TypeVar

__all__ = ["Shelf"]

IN_MEMORY = 10_000  # records; so many tellings take sixty megabytes, and more are no quicker

Record = TypeVar("Record")


class Shelf(Generic[Record]):
    """A list that outgrows memory; what is put there stays as it is.

    >>> shelf = Shelf[str](in_memory=1)
    >>> [shelf.add("a"), shelf.add("b"), len(shelf)]
    [0, 1, 2]
    >>> shelf.take([1, 0])
    ['b', 'a']
    """

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._here: list[Record] = []
        self._most = in_memory
        self._file: sqlite3.Connection | None = None
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def add(self, record: Record) -> int:
        """Put a record at the end, and give its number."""
        if self._size < self._most:
            self._here.append(record)
        else:
            body = pickle.dumps(record, pickle.HIGHEST_PROTOCOL)
            self._opened().execute("INSERT INTO record VALUES (?, ?)", (self._size, body))
        self._size += 1
        return self._size - 1

    def __getitem__(self, number: int) -> Record:
        return self._here[number] if number < self._most else self._read(number)

    def __iter__(self) -> Iterator[Record]:
        return map(self.__getitem__, range(self._size))

    def take(self, numbers: Iterable[int]) -> list[Record]:
        """Give the records of some numbers, in their order."""
        return [self[number] for number in numbers]

    def _read(self, number: int) -> Record:
        select = "SELECT body FROM record WHERE number = ?"
        (body,) = self._opened().execute(select, (number,)).fetchone()
        record: Record = pickle.loads(body)  # written above, into a file that nobody else can name
        return record

    def _opened(self) -> sqlite3.Connection:
        if self._file is None:
            # a name of nothing is a file that SQLite deletes as soon as it has opened it
            self._file = sqlite3.connect("", isolation_level=None)
            self._file.execute("CREATE TABLE record (number INTEGER PRIMARY KEY, body BLOB)")
            self._file.execute("BEGIN")  # nothing here has to survive anything
        return self._file
