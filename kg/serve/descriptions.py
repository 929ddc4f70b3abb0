"""What the endpoint and the data say of themselves: SPARQL 1.1 Service Description and VoID."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import pyoxigraph as ox

from kg.query import Rows, run_query
from kg.rdf import PREFIXES, term
from kg.serve.formats import GRAPHS, HTML, RESULTS, Format
from kg.store import Store

__all__ = ["Counts", "count_data", "describe_data", "describe_service", "serialise"]

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
TYPE = term("rdf:type")
WRITTEN = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "ttl": "Turtle", "nt": "N-Triples", "rdf": "RDF_XML",
    "jsonld": "JSON-LD", "nq": "N-Quads", "trig": "TriG",
}  # fmt: skip
VOCABULARIES = ("kg", "sem", "gaf", "grasp", "nif", "prov", "skos", "schema", "dcterms")
CLASSES = "SELECT ?class (COUNT(DISTINCT ?s) AS ?n) { ?s a ?class } GROUP BY ?class ORDER BY ?class"
EXAMPLE = "SELECT ?event { ?event a sem:Event } ORDER BY ?event LIMIT 1"


def describe_service(root: str) -> Iterator[ox.Triple]:
    """What the endpoint can do.

    Args:
        root: the address of the server, with a slash at its end.
    """
    service, dataset = ox.NamedNode(f"{root}sparql#service"), _dataset(root)
    graph = ox.NamedNode(f"{root}sparql#default-graph")
    yield ox.Triple(service, TYPE, _sd("Service"))
    yield ox.Triple(service, _sd("endpoint"), ox.NamedNode(f"{root}sparql"))
    yield ox.Triple(service, _sd("supportedLanguage"), _sd("SPARQL11Query"))
    yield ox.Triple(service, _sd("feature"), _sd("UnionDefaultGraph"))
    yield ox.Triple(service, _sd("defaultEntailmentRegime"),
                    ox.NamedNode("http://www.w3.org/ns/entailment/Simple"))  # fmt: skip
    for format in (*RESULTS, *GRAPHS):
        if format is not HTML:
            written = ox.NamedNode(FORMATS + WRITTEN[format.name])
            yield ox.Triple(service, _sd("resultFormat"), written)
    yield ox.Triple(service, _sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, TYPE, _sd("Dataset"))
    yield ox.Triple(dataset, _sd("defaultGraph"), graph)
    yield ox.Triple(graph, TYPE, _sd("Graph"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much there is.

    Attributes:
        classes: (class, number of its instances).
        example: the IRIs of some event, or none.
    """

    triples: int
    classes: tuple[tuple[str, int], ...]
    example: tuple[str, ...]


def count_data(store: Store) -> Counts:
    """Count what a store holds."""
    classes = cast("Rows", run_query(store, CLASSES)).to_dicts()
    example = cast("Rows", run_query(store, EXAMPLE)).to_dicts()
    return Counts(
        triples=len(store),
        classes=tuple((str(row["class"]), int(str(row["n"]))) for row in classes),
        example=tuple(str(row["event"]) for row in example),
    )


def describe_data(counts: Counts, root: str, base: str) -> Iterator[ox.Triple]:
    """What there is, how much of it, and where: the Vocabulary of Interlinked Datasets.

    Args:
        root: the address of the server, with a slash at its end.
        base: what all IRIs of our own begin with.
    """
    dataset = _dataset(root)
    title = ox.Literal("Who did what to whom in the news, and who says so", language="en")
    yield ox.Triple(dataset, TYPE, _void("Dataset"))
    yield ox.Triple(dataset, term("dcterms:title"), title)
    yield ox.Triple(dataset, _void("sparqlEndpoint"), ox.NamedNode(f"{root}sparql"))
    yield ox.Triple(dataset, _void("uriSpace"), ox.Literal(base))
    yield ox.Triple(dataset, _void("triples"), _number(counts.triples))
    for name in VOCABULARIES:
        yield ox.Triple(dataset, _void("vocabulary"), ox.NamedNode(PREFIXES[name]))
    for name in ("ttl", "nt", "rdf", "jsonld"):
        yield ox.Triple(dataset, _void("feature"), ox.NamedNode(FORMATS + WRITTEN[name]))
    for event in counts.example:
        yield ox.Triple(dataset, _void("exampleResource"), ox.NamedNode(event))
    for number, (of_class, count) in enumerate(counts.classes):
        part = ox.NamedNode(f"{dataset.value}-class-{number}")
        yield ox.Triple(dataset, _void("classPartition"), part)
        yield ox.Triple(part, _void("class"), ox.NamedNode(of_class))
        yield ox.Triple(part, _void("entities"), _number(count))


def serialise(triples: Iterator[ox.Triple], format: Format, prefixes: dict[str, str]) -> bytes:
    """Write triples in one of the formats of graphs."""
    formats = {
        "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD,
    }  # fmt: skip
    used = {**prefixes, "sd": SD, "void": VOID}
    wanted = formats[format.name]
    if wanted in (ox.RdfFormat.N_TRIPLES,):
        return ox.serialize(triples, format=wanted) or b""
    return ox.serialize(triples, format=wanted, prefixes=used) or b""


def _dataset(root: str) -> ox.NamedNode:
    return ox.NamedNode(f"{root}.well-known/void#dataset")


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)


def _void(name: str) -> ox.NamedNode:
    return ox.NamedNode(VOID + name)


def _number(count: int) -> ox.Literal:
    return ox.Literal(str(count), datatype=term("xsd:integer"))
