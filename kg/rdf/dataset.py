"""What the graph as a whole is, for catalogues (DCAT 3) and for who queries it (VoID)."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.rdf.shared import Whole
from kg.rdf.terms import (
    DEFAULT_BASE,
    NAMESPACES,
    TYPE,
    Names,
    Statement,
    described,
    literal_of,
    term,
    typed_literal,
)

__all__ = ["dataset_quads"]

_TITLE = "Who did what to whom in the news"
_DESCRIPTION = (
    "Events that news articles tell: who did what to whom and when, who says so, and in which "
    "characters of which file it stands."
)
_LANGUAGES_OF_RDF = frozenset({"rdf", "rdfs", "owl", "xsd"})


def dataset_quads(whole: Whole, base: str = DEFAULT_BASE) -> Iterator[Quad]:
    """Describe in the default graph what a graph holds as a whole; no clock is read.

    >>> {str(quad.object) for quad in dataset_quads(Whole()) if "title" in quad.predicate.value}
    {'"Who did what to whom in the news"@en'}
    """
    for statement in _statements(whole, Names(base)):
        yield Quad(*statement)


def _statements(whole: Whole, names: Names) -> Iterator[Statement]:
    node = names.dataset
    used = (iri.rstrip("#") for name, iri in NAMESPACES.items() if name not in _LANGUAGES_OF_RDF)
    yield from described(node, TYPE, term("void:Dataset"), term("dcat:Dataset"))
    yield from described(node, term("dcterms:title"), Literal(_TITLE, language="en"))
    yield from described(node, term("dcterms:description"), Literal(_DESCRIPTION, language="en"))
    yield from described(node, term("dcterms:conformsTo"), NamedNode(NAMESPACES["kg"].rstrip("#")))
    yield from described(node, term("void:vocabulary"), *map(NamedNode, used))
    yield from described(node, term("void:uriSpace"), Literal(names.base))
    for kind, count in _counts(whole).items():
        part = NamedNode(f"{node.value}#{kind.rpartition(':')[2]}")
        yield node, term("void:classPartition"), part
        yield part, TYPE, term("void:Dataset")
        yield part, term("void:class"), term(kind)
        yield from described(part, term("void:entities"), literal_of(count))
    yield from _period_statements(whole, node)


def _counts(whole: Whole) -> dict[str, int]:
    return {
        "schema:NewsArticle": whole.articles,
        "kg:EventMention": whole.mentions,
        "sem:Event": whole.events,
        "kg:Entity": whole.entities,
        "kg:Contradiction": whole.contradictions,
    }


def _period_statements(whole: Whole, node: NamedNode) -> Iterator[Statement]:
    if whole.period is None:
        return
    period = NamedNode(f"{node.value}#period")
    yield node, term("dcterms:temporal"), period
    yield period, TYPE, term("dcterms:PeriodOfTime")
    yield period, term("dcat:startDate"), typed_literal(whole.period[0], "date")
    yield period, term("dcat:endDate"), typed_literal(whole.period[1], "date")
