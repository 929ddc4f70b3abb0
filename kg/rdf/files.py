"""Turtle and TriG for people and diffs: the same quads are the same bytes.

Quads go as lines of N-Quads, whose parts are cut out and shortened: some times faster than terms
one by one. What is said of a subject in a graph is written once, as a **block** that both files
hold; blocks are sorted, on disk where they are many.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache, partial
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import IO

from pyoxigraph import NamedNode, Quad

from kg.rdf.sorting import IN_MEMORY, Sorter
from kg.rdf.terms import DEFAULT_BASE, NAMESPACES, TYPE, prefixes

__all__ = ["Blocks", "write_trig", "write_turtle"]

_PERCENT = "%[0-9A-Fa-f]{2}"
_LOCAL_NAME = re.compile(
    rf"(?:[A-Za-z0-9_]|{_PERCENT})(?:(?:[A-Za-z0-9_.-]|{_PERCENT})*(?:[A-Za-z0-9_-]|{_PERCENT}))?"
)
_BARE = {
    f"^^<{NAMESPACES['xsd']}boolean>": re.compile('"(true|false)"'),
    f"^^<{NAMESPACES['xsd']}integer>": re.compile('"(-?[0-9]+)"'),
}  # values that Turtle writes without quotes and type
_TYPE = str(TYPE)
_TOGETHER = 10_000  # quads that go by at once

# Between the statements of a block, and between the values of one; no literal holds a line break.
_NEXT, _ALSO = " ;\n    ", " ,\n        "

_HEAD = """\
# Who did what to whom, read out of news articles by newskg; <https://w3id.org/newskg/ns> says what
# each term means. First the whole, publishers, articles, events, who takes part in them, and what
# contradicts what; then the evidence: the tellings, and every stretch of text that they rest on.

"""
# What a reader looks for first. Of an article, what belongs to its text alone comes later ("#").
_SUBJECTS = (
    "dataset", "source", "article", "event", "entity", "contradiction", "event-mention", "article#",
    "time", "action", "graph", "run", "software",
)  # fmt: skip
_RANKS = {kind: chr(ord("a") + rank) for rank, kind in enumerate(_SUBJECTS)}
_OTHER = "z"
_NUMBER = re.compile(r"(?<=[=,])(?:0|[1-9][0-9]{0,8})(?![^,>])")
_WITH_LENGTH = re.compile(r"\|[0-9]")
_RELATIVE = re.compile(r"[a-z][a-z-]*(?:[/#](?!/|\.{1,2}(?:[/#]|\Z))[^/#]*)*")

_Block = tuple[str, str, str]
"""Graph and subject as `_ranked` gives them, and what is said as Turtle writes it."""

_Shorten = Callable[[str], str]


def write_trig(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write quads as TriG for people and diffs: default graph first, then graphs by name.

    The same quads give the same bytes, in whatever order they come. The file is written beside its
    place and renamed, so no reader ever sees half of it.
    """
    blocks = Blocks(Path(path).parent, base)
    blocks.see(quads)
    blocks.write_trig(Path(path))


def write_turtle(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write the union of all graphs as Turtle, in the same manner as `write_trig`."""
    blocks = Blocks(Path(path).parent, base)
    blocks.see(quads)
    blocks.write_turtle(Path(path))


class Blocks:
    """Turtle and TriG of quads that go by once.

    Args:
        folder: where the files will be: there is room for what is sorted.
        without: graphs that the files don't hold.
        in_memory: characters that are sorted at once.
    """

    def __init__(
        self,
        folder: Path,
        base: str = DEFAULT_BASE,
        *,
        without: Iterable[NamedNode] = (),
        in_memory: int = IN_MEMORY,
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._base, self._without = base, frozenset(map(str, without))
        self._ranked = lru_cache(4096)(partial(_ranked, base=base))
        self._new_sorter = partial(Sorter[_Block], _length, folder, in_memory)
        self._shorten = _shortening(base)
        self._verbs = lru_cache(1024)(partial(_verb, self._shorten))
        self._sorter = self._new_sorter()

    def see(self, quads: Iterable[Quad]) -> None:
        """Take quads in."""
        self._sorter.extend(
            (self._graph(graph), self._ranked(subject), said)
            for graph, subject, said in self._blocks(map(str, quads))
            if graph not in self._without
        )

    def passing(self, quads: Iterable[Quad]) -> Iterator[Quad]:
        """Give quads on, and take them in."""
        rest = iter(quads)
        while some := list(islice(rest, _TOGETHER)):
            self.see(some)
            yield from some

    def write_trig(self, path: Path) -> None:
        """Write what was seen as TriG; once."""
        with _opened(path, self._base) as file:
            _exhaust(self._written(_merged(self._sorter), file))

    def write_turtle(self, path: Path, trig: Path | None = None) -> None:
        """Write what was seen as Turtle; once.

        Args:
            trig: where it is to be written as TriG, too.
        """
        by_subject = self._new_sorter()
        with ExitStack() as files:
            blocks: Iterable[_Block] = self._sorter
            if trig is not None:
                file = files.enter_context(_opened(trig, self._base))
                blocks = self._written(_merged(blocks), file)
            by_subject.extend(("", subject, said) for _, subject, said in blocks)
            file = files.enter_context(_opened(path, self._base))
            _exhaust(self._written(_merged(by_subject), file))

    def _graph(self, graph: str) -> str:
        """Put what sums up the articles' graphs before them."""
        ranked = self._ranked(graph) if graph else ""
        return f"a{ranked[1:]}" if ranked[1:] == f"{self._base}graph/canonical" else ranked

    def _blocks(self, lines: Iterable[str]) -> Iterator[tuple[str, str, str]]:
        """Put together what is said of a subject in a graph, as far as it comes together."""
        here: tuple[str, str] | None = None
        said: dict[str, list[str]] = {}
        for line in lines:
            subject, predicate, value = line.split(" ", 2)
            # the last quotation mark closes the quoted text, which may hold all else
            end = value.find(" ", value.rfind('"') + 1)
            place = ("", subject) if end < 0 else (value[end + 1 :], subject)
            if place != here:
                if here is not None:
                    yield *here, _told(said)
                here, said = place, {}
            value = value if end < 0 else value[:end]
            said.setdefault(self._verbs(predicate), []).append(_value(value, self._shorten))
        if here is not None:
            yield *here, _told(said)

    def _written(self, blocks: Iterable[_Block], file: IO[str]) -> Iterator[_Block]:
        """Write sorted blocks graph by graph, and give each once it is written."""
        for graph, in_graph in groupby(blocks, key=itemgetter(0)):
            file.write(f"\n{self._named(graph)} {{\n" if graph else "")
            indent = "  " if graph else ""
            for block in in_graph:
                _, subject, said = block
                named = self._named(subject)
                said = said.replace("\n", f"\n{indent}") if graph else said
                file.write(f"\n{indent}{named}\n{indent}    {said} .\n")
                yield block
            file.write("}\n" if graph else "")

    def _named(self, ranked: str) -> str:
        """Write a graph or subject without its rank."""
        name = _WITH_LENGTH.sub("", ranked[1:]) if "|" in ranked else ranked[1:]
        return name if name.startswith("_:") else self._shorten(f"<{name}>")


@contextmanager
def _opened(path: Path, base: str) -> Iterator[IO[str]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            namespaces = prefixes(base)
            file.write(_HEAD + (f"@base <{base}> .\n" if _is_base(base) else ""))
            for prefix in sorted(namespaces):
                file.write(f"@prefix {prefix}: <{namespaces[prefix]}> .\n")
            yield file
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _exhaust(blocks: Iterable[_Block]) -> None:
    deque(blocks, maxlen=0)


def _is_base(base: str) -> bool:
    """Tell whether what stands below is found again by every parser."""
    return re.fullmatch(r"https?://[^<>\s?#]+/", base) is not None


# --- blocks -------------------------------------------------------------------------------------


def _length(block: _Block) -> int:
    return len(block[0]) + len(block[1]) + len(block[2])


def _merged(blocks: Iterable[_Block]) -> Iterator[_Block]:
    """Make one of sorted blocks of the same graph and subject."""
    for (graph, subject), same in groupby(blocks, key=itemgetter(0, 1)):
        yield graph, subject, _joined(block[2] for block in same)


def _joined(parts: Iterable[str]) -> str:
    """Join what is said of a subject in several places; nearly always in one.

    >>> print(_joined(['a kg:Entity ;\\n    kg:id "b"', 'kg:id "a"']))
    a kg:Entity ;
        kg:id "a" ,
            "b"
    """
    first, *others = parts
    if not others:
        return first
    said: dict[str, list[str]] = {}
    for statement in (one for part in (first, *others) for one in part.split(_NEXT)):
        verb, values = statement.split(" ", 1)
        said.setdefault(verb, []).extend(values.split(_ALSO))
    return _told(said)


def _told(said: dict[str, list[str]]) -> str:
    """Write what is said of a subject: types, then labels, then by the name of the predicate.

    >>> print(_told({"kg:id": ['"b"', '"a"', '"a"'], "a": ["kg:Entity"]}))
    a kg:Entity ;
        kg:id "a" ,
            "b"
    """
    return _NEXT.join(
        f"{verb} {_ALSO.join(sorted(set(said[verb]), key=_in_order))}"
        for verb in sorted(said, key=lambda verb: (verb != "a", verb != "rdfs:label", verb))
    )


def _in_order(value: str) -> str:
    return _numbered(value) if value[0] == "<" and "#" in value else value


def _ranked(bracketed: str, base: str) -> str:
    """Take the brackets off an IRI, and put before it the rank of its kind.

    Without the bracket that closes it, an article stands before its own parts.

    >>> _ranked("<urn:event/1#actor=12>", "urn:"), _ranked("<urn:else>", "urn:")
    ('durn:event/1#actor=|212', 'zurn:else')
    """
    if not bracketed.startswith(f"<{base}"):
        return f"{_OTHER}{bracketed.removeprefix('<').removesuffix('>')}"
    part = bracketed.find("#")
    start, end = len(base) + 1, bracketed.find("/", len(base) + 1)
    kind = bracketed[start:end] if end >= 0 else bracketed[start : part if part >= 0 else -1]
    rank = _RANKS.get("article#" if part >= 0 and kind == "article" else kind, _OTHER)
    return f"{rank}{(_numbered(bracketed) if part >= 0 else bracketed)[1:-1]}"


def _numbered(bracketed: str) -> str:
    """Write the length of numbers before them, so that texts of them are in the order of numbers.

    What it is marked by, no IRI can hold.

    >>> sorted([_numbered("<a#char=8,9>"), _numbered("<a#char=10,12>")])
    ['<a#char=|18,|19>', '<a#char=|210,|212>']
    """
    return _NUMBER.sub(lambda digits: f"|{len(digits[0])}{digits[0]}", bracketed)


# --- terms --------------------------------------------------------------------------------------


def _verb(shorten: _Shorten, predicate: str) -> str:
    return "a" if predicate == _TYPE else shorten(predicate)


def _value(value: str, shorten: _Shorten) -> str:
    """Write a term; of a literal's type, the name is shortened, or left out where Turtle may."""
    if not value.startswith('"'):
        return shorten(value)
    quoted = value.rfind('"') + 1
    kind = value[quoted:]
    if not kind.startswith("^^"):
        return value
    text = value[:quoted]
    bare = _BARE[kind].fullmatch(text) if kind in _BARE else None
    return bare[1] if bare else f"{text}^^{shorten(kind[2:])}"


def _shortening(base: str) -> _Shorten:
    """Make what writes an IRI in brackets by its prefix, or as what it is below the base."""
    by_namespace = {iri: prefix for prefix, iri in prefixes(base).items()}
    return lru_cache(16384)(partial(_shorten, by_namespace, base if _is_base(base) else None))


def _shorten(by_namespace: dict[str, str], base: str | None, bracketed: str) -> str:
    cut = max(bracketed.rfind("/"), bracketed.rfind("#")) + 1
    end = len(bracketed) - 1
    prefix = by_namespace.get(bracketed[1:cut])
    if prefix is not None and _LOCAL_NAME.fullmatch(bracketed, cut, end):
        return f"{prefix}:{bracketed[cut:-1]}"
    if (
        base
        and bracketed.startswith(base, 1)
        and _RELATIVE.fullmatch(bracketed, len(base) + 1, end)
    ):
        return f"<{bracketed[len(base) + 1 :]}"
    return bracketed
