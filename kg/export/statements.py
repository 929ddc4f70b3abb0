"""The graph in syntaxes of RDF but JSON-LD: sorted, and written as it is read from the sorter."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeVar

import pyoxigraph as ox

from kg.query import find_base
from kg.rdf import Sorter, prefixes, sorted_lines

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "RDF_TYPE",
    "sorted_quads",
    "write_nquads",
    "write_ntriples",
    "write_prefixed",
    "write_rdf_xml",
    "xml_text",
]

log = logging.getLogger(__name__)

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# What XML 1.0 can't hold, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The end of an IRI that XML takes as an element's name.
XML_NAME = re.compile(r"[A-Za-z_][\w.-]*$", re.ASCII)
TOGETHER = 10_000  # statements that go by at once
CHUNK = 1 << 20  # bytes

_Record = TypeVar("_Record")


def write_prefixed(
    write: Callable[[Iterable[ox.Quad], Path, str], None],
    store: Store,
    file: IO[bytes],
    folder: Path | None,
) -> None:
    """Write what `kg.rdf` writes to a path, Turtle or TriG, to an open file."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".kg-export-") as beside:
        path = Path(beside) / "graph"
        write(store.quads(), path, find_base(store))
        with path.open("rb") as written:
            shutil.copyfileobj(written, file)


def write_nquads(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write a statement a line, sorted by code points: without blank nodes that is RDFC-1.0."""
    _write_lines(map(str, store.quads()), file, folder)


def write_ntriples(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write the union of all graphs as sorted lines, each triple once."""
    _write_lines((str(quad.triple) for quad in store.quads()), file, folder)


def _write_lines(statements: Iterable[str], file: IO[bytes], folder: Path | None) -> None:
    for line in sorted_lines((f"{statement} .\n" for statement in statements), folder=folder):
        file.write(line.encode("utf-8"))


def sorted_quads(quads: Iterable[ox.Quad], folder: Path | None) -> Iterator[ox.Quad]:
    """Give quads by graph, subject, predicate and object, each once; types stand first.

    Args:
        folder: where there is room for all of them; None takes the system's for passing files.
    """
    sorter = Sorter[tuple[str, str, str]](_length, folder)
    sorter.extend(map(_record, quads))
    once = (record for record, _ in groupby(sorter))
    while some := list(islice(once, TOGETHER)):
        yield from ox.parse("".join(map(_line, some)), ox.RdfFormat.N_QUADS)


def _record(quad: ox.Quad) -> tuple[str, str, str]:
    """What a quad is sorted by: IRIs without what closes them, and a type's predicate left out."""
    graph, predicate = quad.graph_name, quad.predicate.value
    return (
        graph.value if isinstance(graph, ox.NamedNode) else "",
        str(quad.subject),
        f"{'' if predicate == RDF_TYPE else predicate} {quad.object}",
    )


def _line(record: tuple[str, str, str]) -> str:
    graph, subject, said = record
    predicate, _, value = said.partition(" ")
    return f"{subject} <{predicate or RDF_TYPE}> {value} {graph and f'<{graph}>'} .\n"


def _length(record: tuple[str, str, str]) -> int:
    return sum(map(len, record))


def write_rdf_xml(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write RDF/XML; what XML can't hold is replaced, a predicate without an XML name let go."""
    let_go = 0

    def kept() -> Iterator[ox.Triple]:
        nonlocal let_go
        for quad in sorted_quads((ox.Quad(*quad.triple) for quad in store.quads()), folder):
            if XML_NAME.search(quad.predicate.value):
                yield _xml_triple(quad.triple)
            else:
                let_go += 1

    names = {name: iri for name, iri in prefixes(find_base(store)).items() if name != "rdf"}
    with tempfile.TemporaryFile(dir=folder) as written:
        ox.serialize(kept(), written, format=ox.RdfFormat.RDF_XML, prefixes=names)
        written.seek(0)
        while part := written.read(CHUNK):
            # XML readers turn a bare carriage return into a line feed; the writer leaves it bare.
            file.write(part.replace(b"\r", b"&#13;"))
    file.write(b"\n")
    if let_go:
        log.warning("RDF/XML: %d triples let go: no XML name", let_go)


def _xml_triple(triple: ox.Triple) -> ox.Triple:
    value = triple.object
    if not isinstance(value, ox.Literal) or not NOT_XML.search(value.value):
        return triple
    text = xml_text(value.value)
    if value.language:
        return ox.Triple(
            triple.subject, triple.predicate, ox.Literal(text, language=value.language)
        )
    literal = ox.Literal(text, datatype=value.datatype)
    return ox.Triple(triple.subject, triple.predicate, literal)


def xml_text(text: str) -> str:
    r"""Replace the control characters that XML forbids by U+FFFD.

    >>> xml_text("a\x00b\nc")
    'a\ufffdb\nc'
    """
    return NOT_XML.sub("\ufffd", text)
