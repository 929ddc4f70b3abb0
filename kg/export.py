"""Store -> Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, GraphML, GEXF, CSV, JSONL.

The format follows the file's ending. Every export is sorted and byte for byte the same for the same
store; a file is written beside its place and moved there, so that nobody reads half of one.
"""

from __future__ import annotations

import csv
import io
import json
import logging
import re
import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pyoxigraph as ox

from kg.errors import UsageError
from kg.lines import event_lines
from kg.model import Article, Entity, Event, EventMention, News
from kg.query import find_base, guard_cell
from kg.rdf import from_quads, prefixes, write_trig, write_turtle

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "CONTEXT",
    "FORMATS",
    "export",
    "export_bytes",
    "find_format",
    "json_ld_context",
    "xml_text",
]

log = logging.getLogger(__name__)

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
XSD_STRING = "http://www.w3.org/2001/XMLSchema#string"
# What XML 1.0 can't hold, not even escaped.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# The end of an IRI that XML takes as an element's name.
XML_NAME = re.compile(r"[A-Za-z_][\w.-]*$", re.ASCII)
CONTEXT = Path(__file__).parent / "ontology" / "context.jsonld"
NODES = {"@type": "@id"}  # of a property in a context: its plain strings are IRIs
ENDINGS = {
    ".ttl": "ttl",
    ".turtle": "ttl",
    ".trig": "trig",
    ".nq": "nq",
    ".nquads": "nq",
    ".nt": "nt",
    ".jsonld": "jsonld",
    ".rdf": "rdf",
    ".owl": "rdf",
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}

Json: TypeAlias = dict[str, Any]  # Any: JSON nests


def export(store: Store, path: str | Path, format: str | None = None) -> Path:
    """Write the store's content to a file.

    Args:
        format: one of `FORMATS`; None takes it from the file's ending.

    Raises:
        UsageError: the ending or format is none of `FORMATS`, or the file can't be written.
    """
    path = Path(path)
    content = export_bytes(store, format or find_format(path))
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_bytes(content)
        beside.replace(path)
    except OSError as e:
        if beside.exists():
            beside.unlink()
        raise UsageError(f"{path}: can't be written: {e.strerror or e}") from e
    return path


def export_bytes(store: Store, format: str) -> bytes:
    """Give the store's content in a format, UTF-8 with line feeds.

    Raises:
        UsageError: the format is none of `FORMATS`.
    """
    if format not in FORMATS:
        raise UsageError(f"no format is called {format!r}; there are {', '.join(FORMATS)}")
    return FORMATS[format](store)


def find_format(path: str | Path) -> str:
    """Tell the format by a file's ending.

    Raises:
        UsageError: the ending is unknown.

    >>> find_format("out/graph.TTL")
    'ttl'
    """
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        told = f"the ending {ending!r}" if ending else "a name without an ending"
        raise UsageError(f"{path}: {told} names no format; there are {', '.join(ENDINGS)}")
    return ENDINGS[ending]


def xml_text(text: str) -> str:
    r"""Replace the control characters that XML forbids by U+FFFD.

    >>> xml_text("a\x00b\nc")
    'a\ufffdb\nc'
    """
    return NOT_XML.sub("\ufffd", text)


# --- RDF ------------------------------------------------------------------------------------------


def _quad_key(quad: ox.Quad) -> tuple[str, ...]:
    graph = quad.graph_name
    named = "" if isinstance(graph, ox.DefaultGraph) else graph.value
    return (named, *_triple_key(quad.triple))


def _triple_key(triple: ox.Triple) -> tuple[str, ...]:
    predicate = triple.predicate.value
    return (str(triple.subject), "" if predicate == RDF_TYPE else predicate, str(triple.object))


def _sorted_triples(store: Store) -> list[ox.Triple]:
    """The union of all graphs, each triple once; a subject's types stand first."""
    return sorted({quad.triple for quad in store.quads()}, key=_triple_key)


def _written(write: Callable[[Iterable[ox.Quad], Path, str], None], store: Store) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph"
        write(store.quads(), path, find_base(store))
        return path.read_bytes()


def _ntriples(store: Store) -> bytes:
    return _sorted_lines({ox.Quad(*quad.triple) for quad in store.quads()})


def _nquads(store: Store) -> bytes:
    return _sorted_lines(store.quads())


def _sorted_lines(quads: Iterable[ox.Quad]) -> bytes:
    """Write a statement a line, sorted by code points: without blank nodes that is RDFC-1.0."""
    written = ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b""
    return b"".join(sorted(written.splitlines(keepends=True)))


def _rdf_xml(store: Store) -> bytes:
    """Write RDF/XML; what XML can't hold is replaced, a predicate without an XML name let go."""
    triples = [_xml_triple(triple) for triple in _sorted_triples(store)]
    kept = [triple for triple in triples if XML_NAME.search(triple.predicate.value)]
    if len(kept) < len(triples):
        log.warning("RDF/XML: %d triples let go: no XML name", len(triples) - len(kept))
    names = {name: iri for name, iri in prefixes(find_base(store)).items() if name != "rdf"}
    written = ox.serialize(kept, format=ox.RdfFormat.RDF_XML, prefixes=names) or b""
    # XML readers turn a bare carriage return into a line feed; the writer leaves it bare.
    return written.replace(b"\r", b"&#13;") + b"\n"


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


# --- JSON-LD --------------------------------------------------------------------------------------


def _json_ld(store: Store) -> bytes:
    """Write JSON-LD 1.1: an `@graph` a named graph, and the context inside: nothing is fetched."""
    base = find_base(store)
    context = prefixes(base)
    meaning = json_ld_context(base)
    nodes_of = {name for name, told in meaning.items() if told == NODES}
    graphs: dict[str, dict[str, Json]] = {}
    for quad in sorted(store.quads(), key=_quad_key):
        graph = quad.graph_name
        name = "" if isinstance(graph, ox.DefaultGraph) else _json_id(graph, context)
        nodes = graphs.setdefault(name, {})
        subject = _json_id(quad.subject, context)
        node = nodes.setdefault(subject, {"@id": subject})
        predicate = _json_id(quad.predicate, context)
        if quad.predicate.value == RDF_TYPE and isinstance(quad.object, ox.NamedNode):
            node.setdefault("@type", []).append(_json_id(quad.object, context))
        elif predicate in nodes_of and isinstance(quad.object, ox.NamedNode):
            node.setdefault(predicate, []).append(_json_id(quad.object, context))
        else:
            node.setdefault(predicate, []).append(_json_value(quad.object, context))
    top = list(graphs.pop("", {}).values())
    top += [{"@id": name, "@graph": list(nodes.values())} for name, nodes in graphs.items()]
    document = {"@context": meaning, "@graph": top}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def json_ld_context(base: str) -> Json:
    """Give `ontology/context.jsonld` with the prefixes of a base.

    >>> json_ld_context("https://example.org/")["event"]
    'https://example.org/event/'
    """
    context: Json = json.loads(CONTEXT.read_text(encoding="utf-8"))["@context"]
    return context | prefixes(base)


def _json_id(term: ox.NamedNode | ox.BlankNode | ox.Triple, context: dict[str, str]) -> str:
    """Write an IRI with the prefix that covers most of it, as JSON-LD reads it back."""
    if not isinstance(term, ox.NamedNode):
        return str(term)
    iri = term.value
    fitting = [(len(start), name) for name, start in context.items() if iri.startswith(start)]
    if not fitting:
        return iri
    length, name = max(fitting)
    # "prefix://" would be read as an IRI of its own.
    return iri if iri.startswith("//", length) else f"{name}:{iri[length:]}"


def _json_value(
    term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple, context: dict[str, str]
) -> Json:
    if not isinstance(term, ox.Literal):
        return {"@id": _json_id(term, context)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype.value == XSD_STRING:
        return {"@value": term.value}
    return {"@value": term.value, "@type": _json_id(term.datatype, context)}


# --- tables ---------------------------------------------------------------------------------------


def _json_lines(store: Store) -> bytes:
    """Write one JSON object an event mention, as `kg extract` does."""
    lines = (json.dumps(line, ensure_ascii=False) for line in event_lines(_news(store)))
    return "".join(f"{line}\n" for line in lines).encode("utf-8")


COLUMNS = (
    "event",
    "type",
    "mode",
    "cameo",
    "action",
    "actors",
    "targets",
    "theme",
    "date",
    "date_basis",
    "modality",
    "negated",
    "speaker",
    "quote",
    "confidence",
    "inferred",
    "publishers",
    "publisher",
    "published",
    "article",
    "file",
    "record",
    "begin",
    "end",
    "trigger_begin",
    "trigger_end",
    "sentence",
    "url",
)


def _csv(store: Store) -> bytes:
    """Write one row an event mention, for spreadsheets: no text can become a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in _csv_rows(_news(store)):
        writer.writerow([guard_cell(row[column]) for column in COLUMNS])
    return out.getvalue().encode("utf-8")


def _csv_rows(news: News) -> Iterator[Json]:
    articles = {reading.article.id: reading.article for reading in news.readings}
    for event in sorted(news.events, key=_event_order):
        publishers = len({_publisher(articles[m.article_id]) for m in event.mentions})
        for mention in event.mentions:
            article = articles[mention.article_id]
            yield {
                "event": event.id,
                "publishers": publishers,
                **_happening_cells(event, mention),
                **_place_cells(mention, article),
            }


def _event_order(event: Event) -> tuple[str, str]:
    return (event.when.iso if event.when else "", event.id)


def _publisher(article: Article) -> str:
    """Who published an article; one without a publisher stands for itself."""
    return article.source.name if article.source else article.name


def _happening_cells(event: Event, mention: EventMention) -> Json:
    code, when = mention.code or event.code, mention.when or event.when
    attribution = mention.attribution
    voice = attribution.speaker if attribution else None
    named = voice and (voice.entity.name if voice.entity else voice.mention and voice.mention.text)
    return {
        "type": code.event,
        "mode": code.mode,
        "cameo": code.cameo,
        "action": mention.action,
        "actors": _names(event.actors),
        "targets": _names(event.targets),
        "theme": mention.theme,
        "date": when.iso if when else None,
        "date_basis": when.basis if when else None,
        "modality": mention.modality,
        "negated": mention.negated,
        "speaker": named or ("somebody" if attribution else None),
        "quote": attribution is not None and attribution.quoted,
        "confidence": mention.confidence,
        "inferred": "; ".join(mention.inferred),
    }


def _place_cells(mention: EventMention, article: Article) -> Json:
    sentence = mention.sentence
    return {
        "publisher": article.source.name if article.source else None,
        "published": article.published,
        "article": article.name,
        "file": article.path,
        "record": article.record,
        "begin": sentence.start,
        "end": sentence.end,
        "trigger_begin": mention.trigger.start,
        "trigger_end": mention.trigger.end,
        "sentence": article.words(sentence),
        "url": article.url,
    }


def _names(entities: Iterable[Entity]) -> str:
    return "; ".join(sorted({entity.name for entity in entities}))


def _news(store: Store) -> News:
    return from_quads(store.quads())


# --- networks -------------------------------------------------------------------------------------


def _network(store: Store) -> Any:  # Any: networkx has no types
    """Build who acts on whom: a node an entity that plays a part, an edge an event and pair."""
    import networkx as nx

    news = _news(store)
    articles = {reading.article.id: reading.article for reading in news.readings}
    graph = nx.MultiDiGraph()
    players = {e.id: e for event in news.events for e in (*event.actors, *event.targets)}
    for id_, entity in sorted(players.items()):
        graph.add_node(id_, **_node_attributes(entity))
    for event in sorted(news.events, key=_event_order):
        told_by = {_publisher(articles[mention.article_id]) for mention in event.mentions}
        for actor in event.actors:
            for target in event.targets:
                key = f"{event.id}.{actor.id}.{target.id}"
                graph.add_edge(actor.id, target.id, key, **_edge_attributes(event, told_by))
    return graph


def _node_attributes(entity: Entity) -> dict[str, str]:
    return {
        "label": xml_text(entity.name),
        "kind": entity.kind,
        "country": entity.country or "",
        "sector": entity.sector or "",
    }


def _edge_attributes(event: Event, told_by: set[str]) -> dict[str, str | int]:
    return {
        "event": event.id,
        "type": event.code.event,
        "action": xml_text(event.action),
        "label": xml_text(event.action),
        "cameo": event.code.cameo or "",
        "date": event.when.iso if event.when else "",
        "modality": event.modality,
        "negated": str(event.negated).lower(),
        "publishers": xml_text("; ".join(sorted(told_by))),
        "mentions": len(event.mentions),
    }


def _graphml(store: Store) -> bytes:
    import networkx as nx

    lines = nx.generate_graphml(_network(store), encoding="utf-8", prettyprint=True)
    head = '<?xml version="1.0" encoding="utf-8"?>\n'
    return (head + "\n".join(lines) + "\n").encode("utf-8")


def _gexf(store: Store) -> bytes:
    import networkx as nx

    graph = _network(store)
    for _, _, key, attributes in graph.edges(keys=True, data=True):
        # In GEXF an edge's own "type" says whether it is directed.
        attributes["plover_type"] = attributes.pop("type")
        attributes["id"] = key
    text = "\n".join(nx.generate_gexf(graph, encoding="utf-8", prettyprint=True))
    text = text.replace('title="plover_type"', 'title="type"', 1)
    # The library writes today's date and its own version; the same store must give the same bytes.
    text = re.sub(r'<meta lastmodifieddate="[^"]*">', "<meta>", text, count=1)
    text = re.sub(r"<creator>[^<]*</creator>", "<creator>newskg</creator>", text, count=1)
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + text + "\n").encode("utf-8")


FORMATS: dict[str, Callable[[Store], bytes]] = {
    "ttl": partial(_written, write_turtle),
    "trig": partial(_written, write_trig),
    "nq": _nquads,
    "nt": _ntriples,
    "jsonld": _json_ld,
    "rdf": _rdf_xml,
    "graphml": _graphml,
    "gexf": _gexf,
    "csv": _csv,
    "jsonl": _json_lines,
}
