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
from kg.rdf.terms import DEFAULT_BASE, NAMESPACES, TYPE, prefixes

__all__ = ["write_trig", "write_turtle"]

_PERCENT = "%[0-9A-Fa-f]{2}"
_LOCAL_NAME = re.compile(
    rf"(?:[A-Za-z0-9_]|{_PERCENT})(?:(?:[A-Za-z0-9_.-]|{_PERCENT})*(?:[A-Za-z0-9_-]|{_PERCENT}))?"
)
_BARE = {
    f"^^<{NAMESPACES['xsd']}boolean>": re.compile('"(true|false)"'),
    f"^^<{NAMESPACES['xsd']}integer>": re.compile('"(-?[0-9]+)"'),
}  # values that Turtle writes without quotes and type
_TYPE = str(TYPE)


_Line = Sequence[str]
"""Graph, subject, 0 for types and 1 for the rest, predicate without its brackets, and value."""


def write_trig(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write quads as TriG for people and diffs: default graph first, then graphs by name.

    The same quads give the same bytes, in whatever order they come. The file is written beside its
    place and renamed, so no reader ever sees half of it.
    """
    _write((_sortable(str(quad), graphs=True) for quad in quads), Path(path), base)


def write_turtle(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write the union of all graphs as Turtle, in the same manner as `write_trig`."""
    _write((_sortable(str(quad), graphs=False) for quad in quads), Path(path), base)


def _sortable(quad: str, *, graphs: bool) -> str:
    """Put the parts of a line of N-Quads in the order that they are sorted by.

    No part but the last holds a blank, and a blank comes before all that parts hold: so the lines
    are sorted as their parts would be.

    >>> _sortable('<s> <p> "a <b> c"@en <g>', graphs=True)
    '<g> <s> 1 p "a <b> c"@en'
    >>> _sortable("<s> <p> <o>", graphs=True)
    ' <s> 1 p <o>'
    """
    subject, predicate, value = quad.split(" ", 2)
    # the last quotation mark closes the quoted text, which may hold all else
    end = value.find(" ", value.rfind('"') + 1)
    graph = value[end + 1 :] if graphs and end >= 0 else ""
    value = value if end < 0 else value[:end]
    return f"{graph} {subject} {predicate != _TYPE:d} {predicate[1:-1]} {value}"


def _write(lines: Iterable[str], path: Path, base: str) -> None:
    namespaces = prefixes(base)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    ordered = (line.split(" ", 4) for line in sorted_lines(lines))
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for prefix in sorted(namespaces):
                file.write(f"@prefix {prefix}: <{namespaces[prefix]}> .\n")
            file.writelines(_blocks(ordered, _shortening(namespaces)))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


Shorten = Callable[[str], str]


def _blocks(lines: Iterable[_Line], shorten: Shorten) -> Iterator[str]:
    for graph, in_graph in groupby(lines, key=itemgetter(0)):
        indent = "  " if graph else ""
        if graph:
            yield f"\n{graph} {{\n"
        for subject, statements in groupby(in_graph, key=itemgetter(1)):
            yield f"\n{indent}{shorten(subject)}"
            yield from _statements(statements, f"\n{indent}    ", shorten)
            yield " .\n"
        if graph:
            yield "}\n"


def _statements(lines: Iterable[_Line], indent: str, shorten: Shorten) -> Iterator[str]:
    end = ""
    for (order, predicate), same in groupby(lines, key=itemgetter(2, 3)):
        verb = shorten(f"<{predicate}>") if int(order) else "a"
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


def _shortening(namespaces: dict[str, str]) -> Shorten:
    """Make what writes an IRI in brackets by its prefix, if that can be."""
    by_namespace = {iri: prefix for prefix, iri in namespaces.items()}
    return lru_cache(4096)(partial(_shorten, by_namespace))


def _shorten(by_namespace: dict[str, str], bracketed: str) -> str:
    cut = max(bracketed.rfind("/"), bracketed.rfind("#")) + 1
    prefix = by_namespace.get(bracketed[1:cut])
    if prefix is not None and _LOCAL_NAME.fullmatch(bracketed, cut, len(bracketed) - 1):
        return f"{prefix}:{bracketed[cut:-1]}"
    return bracketed
