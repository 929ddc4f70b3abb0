"""Turtle and TriG for people and diffs: the same quads are the same bytes.

Quads go as lines of N-Quads, whose parts are cut out and shortened: sorted on disk where they are
many, and some times faster than terms one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from pyoxigraph import Quad

from kg.rdf.sorting import sorted_lines
from kg.rdf.terms import DEFAULT_BASE, NAMESPACES, TYPE, prefixes, term

__all__ = ["write_trig", "write_turtle"]

_PERCENT = "%[0-9A-Fa-f]{2}"
_LOCAL_NAME = re.compile(
    rf"(?:[A-Za-z0-9_]|{_PERCENT})(?:(?:[A-Za-z0-9_.-]|{_PERCENT})*(?:[A-Za-z0-9_-]|{_PERCENT}))?"
)
_BARE = {
    f"^^<{NAMESPACES['xsd']}boolean>": re.compile('"(true|false)"'),
    f"^^<{NAMESPACES['xsd']}integer>": re.compile('"(-?[0-9]+)"'),
}  # values that Turtle writes without quotes and type
_TYPE, _LABEL = str(TYPE), str(term("rdfs:label"))

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


_Line = Sequence[str]
"""Graph and subject, each behind its rank; 0 for types, 1 for labels and 2 for the rest; predicate
without its brackets, and value."""


def write_trig(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write quads as TriG for people and diffs: default graph first, then graphs by name.

    The same quads give the same bytes, in whatever order they come. The file is written beside its
    place and renamed, so no reader ever sees half of it.
    """
    _write((_sortable(str(quad), base, graphs=True) for quad in quads), Path(path), base)


def write_turtle(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write the union of all graphs as Turtle, in the same manner as `write_trig`."""
    _write((_sortable(str(quad), base, graphs=False) for quad in quads), Path(path), base)


def _sortable(quad: str, base: str, *, graphs: bool) -> str:
    """Put the parts of a line of N-Quads in the order that they are sorted by.

    No part but the last holds a blank, and a blank comes before all that parts hold: so the lines
    are sorted as their parts would be.

    >>> _sortable('<urn:event/1#actor=12> <p> "a <b> c"@en <urn:g>', "urn:", graphs=True)
    'zurn:g durn:event/1#actor=|212 2 p "a <b> c"@en'
    >>> _sortable("<s> <p> <o>", "urn:", graphs=True)
    ' zs 2 p <o>'
    """
    subject, predicate, value = quad.split(" ", 2)
    # the last quotation mark closes the quoted text, which may hold all else
    end = value.find(" ", value.rfind('"') + 1)
    graph = value[end + 1 :] if graphs and end >= 0 else ""
    value = value if end < 0 else value[:end]
    order = "0" if predicate == _TYPE else "1" if predicate == _LABEL else "2"
    value = _numbered(value) if value[0] == "<" and "#" in value else value
    in_graph = _ranked_graph(graph, base)
    return f"{in_graph} {_ranked(subject, base)} {order} {predicate[1:-1]} {value}"


@lru_cache(64)
def _ranked_graph(bracketed: str, base: str) -> str:
    """As `_ranked`; what sums up the articles' graphs comes before them."""
    ranked = _ranked(bracketed, base)
    return f"a{ranked[1:]}" if ranked[1:] == f"{base}graph/canonical" else ranked


@lru_cache(4096)  # quads come with a subject at a time
def _ranked(bracketed: str, base: str) -> str:
    """Take the brackets off an IRI, and put before it the rank of its kind."""
    if not bracketed.startswith("<"):
        return bracketed and f"{_OTHER}{bracketed}"
    if not bracketed.startswith(base, 1):
        return f"{_OTHER}{bracketed[1:-1]}"
    part = bracketed.find("#")
    start, end = len(base) + 1, bracketed.find("/", len(base) + 1)
    kind = bracketed[start:end] if end >= 0 else bracketed[start : part if part >= 0 else -1]
    rank = _RANKS.get("article#" if part >= 0 and kind == "article" else kind, _OTHER)
    return f"{rank}{_numbered(bracketed)[1:-1]}"


def _numbered(bracketed: str) -> str:
    """Write the length of numbers before them, so that texts of them are in the order of numbers.

    What it is marked by, no IRI can hold.

    >>> sorted([_numbered("<a#char=8,9>"), _numbered("<a#char=10,12>")])
    ['<a#char=|18,|19>', '<a#char=|210,|212>']
    """
    return _NUMBER.sub(lambda digits: f"|{len(digits[0])}{digits[0]}", bracketed)


def _write(lines: Iterable[str], path: Path, base: str) -> None:
    namespaces = prefixes(base)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    ordered = (line.split(" ", 4) for line in sorted_lines(lines))
    relative = base if re.fullmatch(r"https?://[^<>\s?#]+/", base) else None
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.write(_HEAD)
            if relative:
                file.write(f"@base <{relative}> .\n")
            for prefix in sorted(namespaces):
                file.write(f"@prefix {prefix}: <{namespaces[prefix]}> .\n")
            file.writelines(_blocks(ordered, _shortening(namespaces, relative)))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


Shorten = Callable[[str], str]


def _blocks(lines: Iterable[_Line], shorten: Shorten) -> Iterator[str]:
    for graph, in_graph in groupby(lines, key=itemgetter(0)):
        indent = "  " if graph else ""
        if graph:
            yield f"\n{_written(graph, shorten)} {{\n"
        for subject, statements in groupby(in_graph, key=itemgetter(1)):
            yield f"\n{indent}{_written(subject, shorten)}"
            yield from _statements(statements, f"\n{indent}    ", shorten)
            yield " .\n"
        if graph:
            yield "}\n"


def _written(ranked: str, shorten: Shorten) -> str:
    """Write a graph or subject without its rank."""
    return ranked[1:] if ranked.startswith("_:", 1) else shorten(f"<{ranked[1:]}>")


def _statements(lines: Iterable[_Line], indent: str, shorten: Shorten) -> Iterator[str]:
    end = ""
    for (order, predicate), same in groupby(lines, key=itemgetter(2, 3)):
        verb = "a" if order == "0" else shorten(f"<{predicate}>")
        values = f" ,{indent}    ".join(_value(line[4], shorten) for line in same)
        yield f"{end}{indent}{verb} {values}"
        end = " ;"


def _value(value: str, shorten: Shorten) -> str:
    """Write a term; of a literal's type, the name is shortened, or left out where Turtle may."""
    if not value.startswith('"'):
        return shorten(value)
    quoted = value.rfind('"') + 1
    text, kind = value[:quoted], value[quoted:]
    if not kind.startswith("^^"):
        return value
    bare = _BARE[kind].fullmatch(text) if kind in _BARE else None
    return bare[1] if bare else f"{text}^^{shorten(kind[2:])}"


def _shortening(namespaces: dict[str, str], base: str | None) -> Shorten:
    """Make what writes an IRI in brackets by its prefix, or as what it is below the base."""
    by_namespace = {iri: prefix for prefix, iri in namespaces.items()}
    return lru_cache(4096)(partial(_shorten, by_namespace, base))


def _shorten(by_namespace: dict[str, str], base: str | None, bracketed: str) -> str:
    iri = _WITH_LENGTH.sub("", bracketed) if "|" in bracketed else bracketed
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = by_namespace.get(iri[1:cut])
    if prefix is not None and _LOCAL_NAME.fullmatch(iri, cut, len(iri) - 1):
        return f"{prefix}:{iri[cut:-1]}"
    if base and iri.startswith(base, 1) and _RELATIVE.fullmatch(iri, len(base) + 1, len(iri) - 1):
        return f"<{iri[len(base) + 1 :]}"
    return iri
