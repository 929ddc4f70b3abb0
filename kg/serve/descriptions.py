"""What the endpoint and the data say of themselves: SPARQL 1.1 Service Description and VoID."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import cast

import pyoxigraph as ox

from kg.query import Rows, Triples, run_query
from kg.rdf import Names, term
from kg.serve.formats import GRAPHS, HTML, RESULTS, Format
from kg.store import Store

__all__ = ["describe_data", "describe_service", "serialise", "where_it_is_served"]

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
TYPE = term("rdf:type")
WRITTEN = {
    "json": "SPARQL_Results_JSON", "xml": "SPARQL_Results_XML", "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV", "ttl": "Turtle", "nt": "N-Triples", "rdf": "RDF_XML",
    "jsonld": "JSON-LD", "nq": "N-Quads", "trig": "TriG",
}  # fmt: skip
STORED = """CONSTRUCT { ?node ?p ?o } {
  { VALUES ?node { <> } ?node ?p ?o }
  UNION { <> void:classPartition|dcterms:temporal ?node . ?node ?p ?o }
}"""
EXAMPLE = "SELECT ?event { ?event kg:order ?order } ORDER BY ?order LIMIT 1"
COUNTED = 2_000  # articles: of more it takes too long to count what is said


def describe_service(root: str) -> Iterator[ox.Triple]:
    """What the endpoint can do.

    Args:
        root: the address of the server, with a slash at its end.
    """
    service, dataset = (ox.NamedNode(f"{root}sparql#{name}") for name in ("service", "dataset"))
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


def describe_data(store: Store, base: str) -> list[ox.Triple]:
    """What the store says of itself as a whole, and how many quads a small one has (VoID, DCAT).

    Args:
        base: what all IRIs of our own begin with.
    """
    dataset = Names(base).dataset
    stored = run_query(store, STORED.replace("<>", str(dataset)))
    triples = [*cast("Triples", stored).triples, ox.Triple(dataset, TYPE, term("void:Dataset"))]
    if len(store.graphs()) <= COUNTED:
        count = ox.Literal(str(len(store)), datatype=term("xsd:integer"))
        triples.append(ox.Triple(dataset, term("void:triples"), count))
    for row in cast("Rows", run_query(store, EXAMPLE)).to_dicts():
        example = ox.NamedNode(str(row["event"]))
        triples.append(ox.Triple(dataset, term("void:exampleResource"), example))
    return list(dict.fromkeys(triples))


def where_it_is_served(root: str, base: str) -> Iterator[ox.Triple]:
    """What this server adds to the description: where to ask, and in which formats it answers."""
    dataset = Names(base).dataset
    yield ox.Triple(dataset, term("void:sparqlEndpoint"), ox.NamedNode(f"{root}sparql"))
    for name in ("ttl", "nt", "rdf", "jsonld"):
        yield ox.Triple(dataset, term("void:feature"), ox.NamedNode(FORMATS + WRITTEN[name]))


def serialise(triples: Iterable[ox.Triple], format: Format, prefixes: dict[str, str]) -> bytes:
    """Write triples in one of the formats of graphs."""
    formats = {
        "ttl": ox.RdfFormat.TURTLE, "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML,
        "jsonld": ox.RdfFormat.JSON_LD,
    }  # fmt: skip
    used = {**prefixes, "sd": SD}
    wanted = formats[format.name]
    if wanted in (ox.RdfFormat.N_TRIPLES,):
        return ox.serialize(triples, format=wanted) or b""
    return ox.serialize(triples, format=wanted, prefixes=used) or b""


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(SD + name)
