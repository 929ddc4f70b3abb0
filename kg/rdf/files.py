"""Turtle and TriG for people and diffs: the same quads are the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg.rdf.terms import DEFAULT_BASE, TYPE, prefixes, term

__all__ = ["write_trig", "write_turtle"]

_PERCENT = "%[0-9A-Fa-f]{2}"
_LOCAL_NAME = re.compile(
    rf"(?:[A-Za-z0-9_]|{_PERCENT})(?:(?:[A-Za-z0-9_.-]|{_PERCENT})*(?:[A-Za-z0-9_-]|{_PERCENT}))?"
)
_BARE_NUMBER = re.compile(r"-?[0-9]+")


def write_trig(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write quads as TriG for people and diffs: default graph first, then graphs by name.

    The same quads give the same bytes, in whatever order they come. The file is written beside its
    place and renamed, so no reader ever sees half of it.
    """
    ordered = sorted({(_graph_name(quad), *_sort_key(quad)): quad for quad in quads}.items())
    _write_blocks([(key[0], quad) for key, quad in ordered], Path(path), prefixes(base))


def write_turtle(quads: Iterable[Quad], path: str | Path, base: str = DEFAULT_BASE) -> None:
    """Write the union of all graphs as Turtle, in the same manner as `write_trig`."""
    ordered = sorted({_sort_key(quad): quad for quad in quads}.items())
    _write_blocks([("", quad) for _, quad in ordered], Path(path), prefixes(base))


def _graph_name(quad: Quad) -> str:
    return "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name)


def _sort_key(quad: Quad) -> tuple[str, bool, str, str]:
    """By subject; its types stand first."""
    subject, predicate, value = quad.subject, quad.predicate, quad.object
    return str(subject), predicate != TYPE, predicate.value, str(value)


def _write_blocks(ordered: list[tuple[str, Quad]], path: Path, namespaces: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    by_namespace = {iri: prefix for prefix, iri in namespaces.items()}
    try:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            for prefix in sorted(namespaces):
                file.write(f"@prefix {prefix}: <{namespaces[prefix]}> .\n")
            file.writelines(_lines(ordered, by_namespace))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _lines(ordered: list[tuple[str, Quad]], namespaces: dict[str, str]) -> Iterator[str]:
    graph = subject = predicate = None
    indent = ""
    for name, quad in ordered:
        if name != graph or quad.subject != subject:
            if subject is not None:
                yield " .\n"
            if name != (graph or ""):
                yield "}\n" if graph else ""
                yield f"\n{name} {{\n"
                indent = "  "
            graph, subject, predicate = name, quad.subject, None
            yield f"\n{indent}{_shorten(cast(NamedNode, subject).value, namespaces)}"
        if quad.predicate == predicate:
            yield f" ,\n{indent}        {_write_value(quad.object, namespaces)}"
        else:
            yield "" if predicate is None else " ;"
            predicate = quad.predicate
            verb = "a" if predicate == TYPE else _shorten(predicate.value, namespaces)
            yield f"\n{indent}    {verb} {_write_value(quad.object, namespaces)}"
    if subject is not None:
        yield " .\n"
    if graph:
        yield "}\n"


def _shorten(iri: str, namespaces: dict[str, str]) -> str:
    cut = max(iri.rfind("/"), iri.rfind("#")) + 1
    prefix = namespaces.get(iri[:cut])
    if prefix is not None and _LOCAL_NAME.fullmatch(iri, cut):
        return f"{prefix}:{iri[cut:]}"
    return f"<{iri}>"


def _write_value(value: object, namespaces: dict[str, str]) -> str:
    if isinstance(value, NamedNode):
        return _shorten(value.value, namespaces)
    literal = cast(Literal, value)
    if literal.language or literal.datatype == term("xsd:string"):
        return str(literal)
    if literal.datatype == term("xsd:boolean") and literal.value in ("true", "false"):
        return literal.value
    if literal.datatype == term("xsd:integer") and _BARE_NUMBER.fullmatch(literal.value):
        return literal.value
    return f"{Literal(literal.value)}^^{_shorten(literal.datatype.value, namespaces)}"
