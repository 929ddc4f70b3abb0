"""The graph as JSON-LD 1.1: a graph and a subject at a time."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from kg.export.statements import RDF_TYPE, sorted_quads
from kg.query import find_base
from kg.rdf import prefixes

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["CONTEXT", "json_ld_context", "write_json_ld"]

XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
CONTEXT = Path(__file__).parent.parent / "ontology" / "context.jsonld"
NODES = {"@type": "@id"}  # of a property in a context: its plain strings are IRIs

Json: TypeAlias = dict[str, Any]  # Any: JSON nests


def write_json_ld(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write JSON-LD 1.1: an `@graph` a named graph, and the context inside: nothing is fetched."""
    base = find_base(store)
    meaning = json_ld_context(base)
    nodes_of = frozenset(name for name, told in meaning.items() if told == NODES)
    names = _Names(prefixes(base), nodes_of)
    top = _array(_graphs(sorted_quads(store.quads(), folder), names), 1)
    head = f'{{\n "@context": {_json(meaning, 1)},\n "@graph": '
    for part in chain([head], top, ["\n}\n"]):
        file.write(part.encode("utf-8"))


def json_ld_context(base: str) -> Json:
    """Give `ontology/context.jsonld` with the prefixes of a base.

    >>> json_ld_context("https://example.org/")["event"]
    'https://example.org/event/'
    """
    context: Json = json.loads(CONTEXT.read_text(encoding="utf-8"))["@context"]
    return context | prefixes(base)


# --- nodes ----------------------------------------------------------------------------------------


class _Names:
    """What terms are called under a context.

    Args:
        nodes_of: properties whose plain strings are names of nodes.
    """

    def __init__(self, prefixes: Mapping[str, str], nodes_of: frozenset[str]) -> None:
        self._prefixes, self.nodes_of = tuple(prefixes.items()), nodes_of
        self.of_iri = lru_cache(4096)(self._of_iri)

    def of(self, term: ox.NamedNode | ox.BlankNode | ox.Triple) -> str:
        """The name of a node."""
        return self.of_iri(term.value) if isinstance(term, ox.NamedNode) else str(term)

    def _of_iri(self, iri: str) -> str:
        """Write an IRI with the prefix that covers most of it, as JSON-LD reads it back."""
        fitting = [(len(start), name) for name, start in self._prefixes if iri.startswith(start)]
        if not fitting:
            return iri
        length, name = max(fitting)
        # "prefix://" would be read as an IRI of its own.
        return iri if iri.startswith("//", length) else f"{name}:{iri[length:]}"


def _node(told: Iterable[ox.Quad], names: _Names) -> Json:
    """Put together what sorted quads say of one subject."""
    node: Json = {}
    for quad in told:
        node = node or {"@id": names.of(quad.subject)}
        value, predicate = quad.object, names.of(quad.predicate)
        is_type = quad.predicate.value == RDF_TYPE
        if isinstance(value, ox.NamedNode) and (is_type or predicate in names.nodes_of):
            node.setdefault("@type" if is_type else predicate, []).append(names.of(value))
        else:
            node.setdefault(predicate, []).append(_value(value, names))
    return node


def _value(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, names: _Names) -> Json:
    if not isinstance(term, ox.Literal):
        return {"@id": names.of(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD_STRING:
        return {"@value": term.value}
    return {"@value": term.value, "@type": names.of(term.datatype)}


# --- text -----------------------------------------------------------------------------------------


def _graphs(quads: Iterable[ox.Quad], names: _Names) -> Iterator[Iterable[str]]:
    """Write the nodes of the default graph, then the named graphs, each as parts of its text."""
    for graph, in_graph in groupby(quads, key=attrgetter("graph_name")):
        nodes = (_node(told, names) for _, told in groupby(in_graph, key=attrgetter("subject")))
        if isinstance(graph, ox.DefaultGraph):
            yield from ([_json(node, 2)] for node in nodes)
        else:
            head = f'{{\n   "@id": {_json(names.of(graph))},\n   "@graph": '
            yield chain([head], _array(([_json(node, 4)] for node in nodes), 3), ["\n  }"])


def _array(elements: Iterable[Iterable[str]], depth: int) -> Iterator[str]:
    opened = False
    for element in elements:
        yield f"{',' if opened else '['}\n{' ' * (depth + 1)}"
        yield from element
        opened = True
    yield f"\n{' ' * depth}]" if opened else "[]"


def _json(value: object, depth: int = 0) -> str:
    """Write JSON as it stands so deep in an indented document; no text in it breaks a line."""
    written = json.dumps(value, ensure_ascii=False, indent=1)
    return written.replace("\n", f"\n{' ' * depth}")
