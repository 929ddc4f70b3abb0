"""Records to quads and back: the only room that knows IRIs.

Each article has a named graph of its own: its text, the spans in it, links, speech and event
mentions. What is shared (entities, publishers, times, actions, merged events, contradictions) is
described in one canonical graph, made of the readings alone. The vocabulary has a graph, and so
has the history of articles that took one another's place; the default graph says what the graphs
are, and what the whole is. **A node is described in one graph only**: Oxigraph's union
of graphs counts a triple as often as graphs hold it, so a label written twice doubles every join.
The one exception is wanted: the plain triple `entity:A action:reject entity:B` stands in each
article that asserts it.

`from_quads(to_quads(news))` gives the records back. What doesn't come back: `EventMention.frame`,
which isn't stored, and, where articles differ on an entity's role, sector or spelling, what a
merged event had of it, which is then the canonical record (each reading keeps its own). It rests on
what the records promise: an entity's id stands for its kind, country and name, case apart; a span
has one label; `Code.contexts`, `Event.concerns` and `Attribution.content` are sorted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from kg import __version__
from kg.errors import OntologyError
from kg.model import News, content_id
from kg.rdf.article import all_arguments, article_quads
from kg.rdf.dataset import dataset_quads
from kg.rdf.files import Blocks, write_trig, write_turtle
from kg.rdf.records import Records, from_quads
from kg.rdf.shared import Act, SharedQuads, Whole, act_of, canonical_quads, time_of
from kg.rdf.sorting import Sorter, difference, sorted_lines
from kg.rdf.terms import (
    CAMEO_NAMESPACE,
    DEFAULT_BASE,
    KG_NAMESPACE,
    PLOVER_NAMESPACE,
    PREFIXES,
    TYPE,
    Names,
    check_base,
    described,
    literal_of,
    local_name,
    plain_name,
    prefixes,
    term,
)

__all__ = [
    "CAMEO_NAMESPACE",
    "DEFAULT_BASE",
    "KG_NAMESPACE",
    "PLOVER_NAMESPACE",
    "PREFIXES",
    "Act",
    "Blocks",
    "Names",
    "Records",
    "SharedQuads",
    "Sorter",
    "Whole",
    "act_of",
    "all_arguments",
    "article_quads",
    "canonical_quads",
    "check_base",
    "dataset_quads",
    "difference",
    "from_quads",
    "history_quads",
    "local_name",
    "origin_quads",
    "plain_name",
    "prefixes",
    "provenance_quads",
    "sorted_lines",
    "term",
    "time_of",
    "to_quads",
    "vocabulary_quads",
    "write_trig",
    "write_turtle",
]

VOCABULARY_FILES = ("kg.ttl", "plover.ttl")


def to_quads(
    news: News,
    base: str = DEFAULT_BASE,
    *,
    model: str | None = None,
    curation: str | None = None,
) -> Iterator[Quad]:
    """Turn all of `news` into quads, the vocabulary not included.

    Args:
        base: of every IRI but those of the vocabulary.
        model: name and version of the spaCy pipeline that read the articles, if one did.
        curation: digest of the user's own files about who is who, if there were any.

    >>> sum(1 for quad in to_quads(News()))
    50
    """
    shared = SharedQuads(base)
    for reading in news.readings:
        shared.see(reading)
        yield from article_quads(reading, base)
    for event in news.events:
        yield from shared.of_event(event)
    yield from shared.rest(news.contradictions, news.copies)
    article_ids = [reading.article.id for reading in news.readings]
    yield from provenance_quads(article_ids, base, model=model, curation=curation)
    yield from dataset_quads(shared.whole, base)


def provenance_quads(
    article_ids: Iterable[str],
    base: str = DEFAULT_BASE,
    *,
    model: str | None = None,
    curation: str | None = None,
) -> Iterator[Quad]:
    """Say in the default graph what each graph is made of and by what; no clock is read."""
    names, run = Names(base), _run(base, model, curation)
    software = NamedNode(f"{base}software/newskg-{local_name(__version__)}")
    statements = [
        *described(run, TYPE, term("prov:Activity")),
        *described(run, term("prov:wasAssociatedWith"), software),
        *described(run, term("kg:model"), literal_of(model)),
        *described(run, term("kg:curation"), literal_of(curation)),
        *described(software, TYPE, term("prov:SoftwareAgent")),
        *described(software, term("rdfs:label"), Literal("newskg")),
        *described(software, term("schema:softwareVersion"), Literal(__version__)),
    ]
    statements += described(names.canonical_graph, TYPE, term("prov:Entity"))
    statements += described(names.canonical_graph, term("prov:wasGeneratedBy"), run)
    for statement in statements:
        yield Quad(*statement)
    yield from origin_quads(article_ids, base, model=model, curation=curation)


def origin_quads(
    article_ids: Iterable[str],
    base: str = DEFAULT_BASE,
    *,
    model: str | None = None,
    curation: str | None = None,
) -> Iterator[Quad]:
    """Say what the graphs of some articles, and the canonical graph, are made of."""
    names, run = Names(base), _run(base, model, curation)
    derived = term("prov:wasDerivedFrom")
    for id_ in article_ids:
        graph, article = names.article_graph(id_), names.article(id_)
        yield Quad(graph, TYPE, term("prov:Entity"))
        yield Quad(graph, term("prov:wasGeneratedBy"), run)
        yield Quad(graph, derived, article)
        yield Quad(names.canonical_graph, derived, graph)


def _run(base: str, model: str | None, curation: str | None) -> NamedNode:
    own = (curation,) if curation else ()
    return NamedNode(f"{base}run/{content_id(__version__, model, *own)}")


def history_quads(revisions: Mapping[str, str], base: str = DEFAULT_BASE) -> Iterator[Quad]:
    """Say which article took another one's place.

    Args:
        revisions: id of the newer article -> id of the older.
    """
    names = Names(base)
    for newer, older in sorted(revisions.items()):
        revision = names.article(newer), term("prov:wasRevisionOf"), names.article(older)
        yield Quad(*revision, names.history_graph)


def vocabulary_quads(base: str = DEFAULT_BASE) -> Iterator[Quad]:
    """Read our classes and properties, PLOVER and CAMEO from `ontology/`.

    Raises:
        OntologyError: if a file is missing or broken.
    """
    graph = Names(base).vocabulary_graph
    for name in VOCABULARY_FILES:
        path = Path(__file__).parent.parent / "ontology" / name
        try:
            for quad in parse(path=str(path), format=RdfFormat.TURTLE):
                yield Quad(quad.subject, quad.predicate, quad.object, graph)
        except (OSError, SyntaxError) as e:
            message = f"{path}: can't be read as Turtle ({e}); reinstall newskg"
            raise OntologyError(message) from e
