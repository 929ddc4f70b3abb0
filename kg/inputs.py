"""What the paths of a run hold: articles one at a time, and what is no article, gathered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from kg.model import Article
from kg.read import Found, LetGo, ReadOptions, Unreadable, read_articles

__all__ = ["Inputs", "Told", "failure_line", "return_code"]

Told = tuple[tuple[str, str], ...]


@dataclass(slots=True, kw_only=True)
class Inputs:
    """What was found while the articles went by; no text is held.

    Attributes:
        names: (article's name, its id) of each input that could be read, in order; the same text
            may come more than once.
        failed: (where, why) for every input that could not be read; grows while articles are read.
        places: (path, record) of those; -1 for a whole file.
        passed_over: (where, why) for what was let go on purpose: another language, a front page.
    """

    names: list[tuple[str, str]] = field(default_factory=list)
    failed: list[tuple[str, str]] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)

    def articles(
        self,
        paths: Iterable[str | Path],
        stdin: IO[bytes] | None = None,
        options: ReadOptions | None = None,
    ) -> Iterator[Article]:
        """Give the articles one at a time, and gather the rest."""
        yield from self.sift(read_articles(paths, stdin=stdin, options=options))

    def sift(self, found_all: Iterable[Found]) -> Iterator[Article]:
        """Give the articles among what was found, and gather the rest."""
        for found in found_all:
            if isinstance(found, LetGo):
                self.passed_over.append((found.path, found.message))
            elif isinstance(found, Unreadable):
                at = "" if found.record is None else f":{found.record + 1}"
                self.failed.append((found.path + at, found.message))
                self.places.append((found.path, -1 if found.record is None else found.record))
            else:
                self.names.append((found.name, found.id))
                yield found

    def told(self) -> Told:
        """All that failed, sorted."""
        return tuple(sorted(self.failed))

    def let_go(self) -> Told:
        """All that was let go on purpose, sorted."""
        return tuple(sorted(self.passed_over))

    def failed_places(self) -> frozenset[tuple[str, int]]:
        """Where something could not be read."""
        return frozenset(self.places)


def return_code(read: bool, failed: Sequence[object], passed_over: Sequence[object]) -> int:
    """0 all read; 1 some inputs failed; 2 nothing could be read."""
    if not read:
        return 2 if failed or passed_over else 0
    return 1 if failed else 0


def failure_line(where: str, why: str) -> str:
    """Tell in a line what could not be read; a reason that names the place itself is enough.

    >>> failure_line("a.jsonl:2", "a.jsonl, line 2: is not JSON")
    'a.jsonl, line 2: is not JSON'
    >>> failure_line("a.txt", "could not be parsed")
    'a.txt: could not be parsed'
    """
    path, _, number = where.rpartition(":")
    path = path if number.isdecimal() else where
    begins = "standard input" if path == "-" else path
    return why if why.startswith((f"{begins}:", f"{begins}, ")) else f"{where}: {why}"
