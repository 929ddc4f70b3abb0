"""The shapes of the graph: `ontology/shapes.ttl`, held against what was written."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from kg.errors import OntologyError, StoreError
from kg.rdf import vocabulary_quads
from kg.store import Store, open_store, rdflib_graph
from kg.validate.finding import Finding, short

if TYPE_CHECKING:
    import rdflib

__all__ = ["open_file", "validate_graph"]

_SHAPES = Path(__file__).parent.parent / "ontology" / "shapes.ttl"
_SHACL = "http://www.w3.org/ns/shacl#"
_WHOLE = "https://w3id.org/newskg/ns"


def open_file(path: str | Path) -> Store:
    """Read an RDF file into a store in memory, so that it can be asked and validated.

    Args:
        path: of a file whose ending tells the format; "-" is standard input, as TriG or Turtle.

    Raises:
        StoreError: if the file is missing, broken or of a format that its ending doesn't tell.
    """
    store = open_store()
    try:
        if str(path) == "-":
            store.load(ox.parse(sys.stdin.buffer, ox.RdfFormat.TRIG))
        else:
            store.load(ox.parse(path=str(path)))
    except (OSError, ValueError, SyntaxError) as e:
        raise StoreError(f"{path}: can't be read as RDF ({e})") from e
    if not len(store):
        raise StoreError(f"{path}: holds no triple; give a file that kg export or kg build wrote")
    return store


def validate_graph(store: Store, own: str | Path | None = None) -> list[Finding]:
    """Hold the union of all graphs and the vocabulary against `ontology/shapes.ttl`.

    Args:
        own: a file of other shapes, which are held beside ours.

    Returns:
        The findings, sorted; none if all is well.

    Raises:
        StoreError: the file can't be read as RDF.
        OntologyError: what it holds are no shapes, or broken ones.

    >>> validate_graph(open_store())
    []
    """
    import rdflib

    shapes = rdflib.Graph()
    try:
        shapes.parse(_SHAPES, format="turtle")
    except (OSError, SyntaxError) as e:
        raise OntologyError(f"{_SHAPES}: can't be read as Turtle ({e}); reinstall newskg") from e
    # As part of the graph: of an `ont_graph` pyshacl takes classes and properties, not concepts.
    graph = rdflib_graph((*store.quads(), *vocabulary_quads()))
    found = set(_shape_findings(_report(graph, shapes, str(_SHAPES))))
    if own is not None:
        found |= set(_shape_findings(_report(graph, _own_shapes(own), str(own))))
    return sorted(found)


def _own_shapes(path: str | Path) -> rdflib.Graph:
    with open_file(path) as shapes:
        if not any(quad.predicate.value.startswith(_SHACL) for quad in shapes.quads()):
            raise OntologyError(f"{path}: holds no SHACL shape; see https://www.w3.org/TR/shacl/")
        return rdflib_graph(shapes.quads())


def _report(graph: rdflib.Graph, shapes: rdflib.Graph, where: str) -> rdflib.Graph:
    import pyshacl
    import rdflib
    from pyparsing import ParseBaseException
    from pyshacl.errors import ReportableRuntimeError

    # a shape may be no shape, or hold a broken query or pattern
    broken = (ReportableRuntimeError, ParseBaseException, re.error, ValueError, TypeError)
    try:
        _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    except broken as e:
        raise _unusable(where, e) from e
    if not isinstance(report, rdflib.Graph):  # some failures are handed back in its place
        raise _unusable(where, report)
    return report


def _unusable(where: str, why: object) -> OntologyError:
    said = " ".join(str(getattr(why, "message", "") or why).split())
    return OntologyError(f"{where}: its shapes can't be held against a graph: {said}")


def _shape_findings(report: rdflib.Graph) -> Iterator[Finding]:
    import rdflib

    shacl = rdflib.Namespace(_SHACL)
    for violation in report.subjects(rdflib.RDF.type, shacl.ValidationResult):
        where = str(report.value(violation, shacl.focusNode))
        value = report.value(violation, shacl.value)
        message = str(report.value(violation, shacl.resultMessage))
        path = report.value(violation, shacl.resultPath)
        if where == _WHOLE:
            # A rule of the whole graph: the node is what its query selected.
            where, value = str(value), None
        if isinstance(path, rdflib.URIRef):
            message += f" ({short(str(path))})"
        if value is not None and str(value) != where:
            message += f": {short(str(value))}"
        yield Finding("shape", where, " ".join(message.split()))
