"""Checks on what was written: the shapes of the graph, and the quotes against the source files."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.errors import OntologyError, StoreError
from kg.rdf import PREFIXES, vocabulary_quads
from kg.store import Store, open_store, rdflib_graph

if TYPE_CHECKING:
    import rdflib

__all__ = ["Finding", "check_sources", "open_file", "validate_graph"]

_SHAPES = Path(__file__).parent / "ontology" / "shapes.ttl"
_SHACL = "http://www.w3.org/ns/shacl#"
_WHOLE = "https://w3id.org/newskg/ns"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that isn't as it should be.

    Attributes:
        what: "shape", or for sources "missing", "changed", "unreadable" or "quote".
        where: the node, or the path of the file.
        message: one line for people.
    """

    what: str
    where: str
    message: str


def open_file(path: str | Path) -> Store:
    """Read an RDF file into a store in memory, so that it can be asked and validated.

    Raises:
        StoreError: if the file is missing, broken or of a format that its ending doesn't tell.
    """
    store = open_store()
    try:
        store.load(ox.parse(path=str(path)))
    except (OSError, ValueError, SyntaxError) as e:
        raise StoreError(f"{path}: can't be read as RDF ({e})") from e
    if not len(store):
        raise StoreError(f"{path}: holds no triple; give a file that kg export or kg build wrote")
    return store


def validate_graph(store: Store) -> list[Finding]:
    """Hold the union of all graphs and the vocabulary against `ontology/shapes.ttl`.

    Returns:
        The findings, sorted; none if all is well.

    >>> validate_graph(open_store())
    []
    """
    import pyshacl
    import rdflib

    shapes = rdflib.Graph()
    try:
        shapes.parse(_SHAPES, format="turtle")
    except (OSError, SyntaxError) as e:
        raise OntologyError(f"{_SHAPES}: can't be read as Turtle ({e}); reinstall newskg") from e
    # As part of the graph: of an `ont_graph` pyshacl takes classes and properties, not concepts.
    graph = rdflib_graph((*store.quads(), *vocabulary_quads()))
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes, inference="none")
    return sorted(set(_shape_findings(report)))


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
            message += f" ({_short(str(path))})"
        if value is not None and str(value) != where:
            message += f": {_short(str(value))}"
        yield Finding("shape", where, " ".join(message.split()))


def _short(text: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text if len(text) <= 80 else f"{text[:79]}…"


@dataclass(frozen=True, slots=True)
class _Written:
    """What the store says of one article's source.

    Attributes:
        quotes: (begin, end, characters), sorted.
    """

    name: str
    path: str
    record: int | None
    charset: str
    sha256: str
    quotes: tuple[tuple[int, int, str], ...]


def check_sources(store: Store, root: str | Path = ".") -> list[Finding]:
    """Read every source file again: is it there, is it the same, does it say what is quoted.

    Text that never was a file (standard input) is passed over.

    Args:
        root: folder that relative paths are relative to.

    Returns:
        The findings, sorted; none if all is well.

    >>> check_sources(open_store())
    []
    """
    files: defaultdict[str, list[_Written]] = defaultdict(list)
    for written in _written_articles(store):
        files[written.path].append(written)
    findings: list[Finding] = []
    for path in sorted(files):
        try:
            raw = (Path(root) / path).read_bytes()
        except (OSError, ValueError) as e:
            reason = getattr(e, "strerror", None) or e
            names = ", ".join(sorted(written.name for written in files[path]))
            findings.append(
                Finding("missing", path, f"can't be read ({reason}): source of {names}")
            )
            continue
        lines = raw.split(b"\n")
        for written in files[path]:
            findings += _check_source(written, raw, lines)
    return sorted(findings)


def _written_articles(store: Store) -> Iterator[_Written]:
    quotes: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in _rows(store, _QUOTES, "article", "begin", "end", "quote"):
        quotes[str(row[0])].append((int(row[1] or 0), int(row[2] or 0), str(row[3])))
    columns = ("article", "name", "path", "record", "charset", "sha256")
    for article, name, path, record, charset, sha256 in _rows(store, _ARTICLES, *columns):
        yield _Written(
            name=str(name),
            path=str(path),
            record=None if record is None else int(record),
            charset=str(charset),
            sha256=str(sha256),
            quotes=tuple(sorted(quotes[str(article)])),
        )


_ARTICLES = """
    SELECT DISTINCT ?article ?name ?path ?record ?charset ?sha256 WHERE {
      ?article a schema:NewsArticle ; rdfs:label ?name ; schema:encoding ?file .
      ?file schema:contentUrl ?path ; kg:charset ?charset ; schema:sha256 ?sha256 .
      OPTIONAL { ?file kg:record ?record }
    }"""
_QUOTES = """
    SELECT DISTINCT ?article ?begin ?end ?quote WHERE {
      ?span nif:anchorOf ?quote ; nif:beginIndex ?begin ; nif:endIndex ?end ;
        nif:referenceContext/nif:sourceUrl ?article .
    }"""


def _rows(store: Store, sparql: str, *columns: str) -> Iterator[tuple[str | None, ...]]:
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    for row in cast("ox.QuerySolutions", store.query(declared + sparql)):
        values = (cast("ox.Literal | None", row[column]) for column in columns)
        yield tuple(None if value is None else value.value for value in values)


def _check_source(written: _Written, raw: bytes, lines: list[bytes]) -> Iterator[Finding]:
    where = written.path
    try:
        if written.record is None:
            text, sha256 = raw.decode(written.charset), hashlib.sha256(raw).hexdigest()
        else:
            where = f"{written.path}:{written.record + 1}"
            text = _text_of_record(lines[written.record])
            sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    except (IndexError, KeyError, TypeError, ValueError, LookupError) as e:
        # RecursionError isn't caught: the record was parsed once, when it was read.
        yield Finding("unreadable", where, f"{written.name} can't be read from it any more ({e!r})")
        return
    wrong = [quote for quote in written.quotes if text[quote[0] : quote[1]] != quote[2]]
    if sha256 != written.sha256:
        message = (
            f"{written.name} was changed: SHA-256 is {sha256[:12]}, was {written.sha256[:12]}; "
            f"{len(wrong)} of {len(written.quotes)} quotes don't stand where they stood"
        )
        yield Finding("changed", where, message)
        return
    for begin, end, quote in wrong:
        there = _short(repr(text[begin:end]))
        message = (
            f"{written.name}, {begin} to {end}: {_short(repr(quote))} is stored, {there} stands"
        )
        yield Finding("quote", where, message)


def _text_of_record(line: bytes) -> str:
    """The text of one line of JSON, as it was read; a byte order mark may stand before the first.

    >>> _text_of_record(b'{"text": "Norway agreed."}')
    'Norway agreed.'
    """
    text = json.loads(line.decode("utf-8-sig"))["text"]
    if not isinstance(text, str):
        raise TypeError("its text is no string")
    return text
