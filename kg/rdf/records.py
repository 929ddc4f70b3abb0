"""Quads back to records."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import cast
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import StoreError
from kg.model import (
    Argument,
    Article,
    Attribution,
    Basis,
    Code,
    Contradiction,
    Copy,
    Entity,
    Event,
    EventMention,
    Markup,
    Mention,
    Modality,
    News,
    Precision,
    Reading,
    Skipped,
    Source,
    Span,
    When,
)
from kg.rdf.terms import CAMEO_NAMESPACE, PLOVER_NAMESPACE, TYPE, plain_name, term

__all__ = ["Records", "from_quads"]


class _Node(dict[str, list[str]]):
    """A described node: predicate to the values of its objects."""

    def one(self, prefixed: str) -> str | None:
        values = self.get(term(prefixed).value)
        return min(values) if values else None

    def known(self, prefixed: str) -> str:
        return self[term(prefixed).value][0]

    def every(self, prefixed: str) -> list[str]:
        return sorted(self.get(term(prefixed).value, ()))

    def numbers(self, prefixed: str) -> list[int]:
        return sorted(map(int, self.every(prefixed)))

    def flag(self, prefixed: str) -> bool:
        return self.known(prefixed) == "true"

    def has_type(self, prefixed: str) -> bool:
        return term(prefixed).value in self.get(TYPE.value, ())


_Nodes = defaultdict[str, _Node]


def from_quads(quads: Iterable[Quad]) -> News:
    """Rebuild the records from the quads of article graphs and canonical graph.

    The vocabulary's and the default graph's quads may be among them; they are passed over.

    Raises:
        StoreError: if the quads aren't what `to_quads` makes.

    >>> from kg.rdf import to_quads
    >>> from_quads(to_quads(News())) == News()
    True
    """
    graphs: defaultdict[str, _Nodes] = defaultdict(_no_nodes)
    for quad in quads:
        _tell(graphs[str(quad.graph_name)], quad)
    with _as_written():
        return _rebuild_news(graphs)


class Records:
    """Records rebuilt an article at a time; what articles share is held.

    Args:
        canonical: the quads of the canonical graph.

    Raises:
        StoreError: here and later, if the quads aren't what `to_quads` makes.

    >>> Records([]).events()
    []
    """

    def __init__(self, canonical: Iterable[Quad]) -> None:
        self._nodes = _nodes(canonical)

    def reading(self, quads: Iterable[Quad]) -> Reading | None:
        """Rebuild what was read of an article from its graph; None if that is another graph."""
        nodes = _nodes(quads)
        with _as_written():
            for iri in _articles(nodes):
                return _rebuild_reading(iri, nodes, self._nodes)
        return None

    def events(self) -> list[tuple[Event, list[str]]]:
        """Rebuild the merged events without their mentions, whose ids stand beside each."""
        here = _Here(nodes=self._nodes, shared=self._nodes)
        merged = [node for node in self._nodes.values() if node.has_type("sem:Event")]
        with _as_written():
            return [
                (_rebuild_event(node, here), [id_ for _, id_ in _evidence(node, here)])
                for node in merged
            ]


@contextmanager
def _as_written() -> Iterator[None]:
    """Tell in one line that a graph is not as `to_quads` makes it."""
    try:
        yield
    except (KeyError, ValueError, TypeError) as e:
        message = (
            f"the graph isn't one that kg wrote ({e!r} in it is missing or odd): build it anew"
        )
        raise StoreError(message) from e


def _nodes(quads: Iterable[Quad]) -> _Nodes:
    nodes = _no_nodes()
    for quad in quads:
        _tell(nodes, quad)
    return nodes


def _no_nodes() -> _Nodes:
    return defaultdict(_Node)


def _tell(nodes: _Nodes, quad: Quad) -> None:
    """Take in what a quad says of its subject."""
    subject, predicate, value, _ = quad
    node = nodes[cast(NamedNode, subject).value]
    node.setdefault(predicate.value, []).append(cast(Literal, value).value)


def _articles(nodes: _Nodes) -> list[str]:
    return [iri for iri, node in nodes.items() if node.has_type("schema:NewsArticle")]


def _rebuild_news(graphs: Mapping[str, _Nodes]) -> News:
    shared = {
        iri: node
        for nodes in graphs.values()
        for iri, node in nodes.items()
        if node.has_type("kg:Entity") or node.has_type("sem:Time") or node.has_type("prov:Agent")
    }
    readings: list[Reading] = []
    for nodes in graphs.values():
        readings += (_rebuild_reading(iri, nodes, shared) for iri in _articles(nodes))
    told = {mention.id: mention for reading in readings for mention in reading.events}
    events: list[Event] = []
    contradictions: list[Contradiction] = []
    copies: list[Copy] = []
    for nodes in graphs.values():
        here = _Here(nodes=nodes, shared=shared)
        merged = [node for node in nodes.values() if node.has_type("sem:Event")]
        events += (_with_mentions(_rebuild_event(node, here), node, here, told) for node in merged)
        contradictions += _rebuild_contradictions(nodes)
        copies += _rebuild_copies(nodes)
    return News(
        readings=tuple(sorted(readings, key=lambda reading: reading.article.id)),
        events=tuple(sorted(events, key=lambda event: event.id)),
        contradictions=tuple(sorted(contradictions, key=lambda c: (c.left, c.right, c.reason))),
        copies=tuple(sorted(copies, key=lambda copy: copy.article_id)),
    )


def _rebuild_copies(nodes: _Nodes) -> Iterator[Copy]:
    for iri, node in nodes.items():
        reason = node.one("kg:copyReason")
        if reason is not None:
            original = _last_segment(node.known("prov:wasDerivedFrom"))
            yield Copy(article_id=_last_segment(iri), original_id=original, reason=reason)


def _rebuild_contradictions(nodes: _Nodes) -> Iterator[Contradiction]:
    for node in nodes.values():
        if node.has_type("kg:Contradiction"):
            left, right = node.known("kg:left"), node.known("kg:right")
            reason = node.known("kg:reason")
            yield Contradiction(left=_last_segment(left), right=_last_segment(right), reason=reason)


def _last_segment(iri: str) -> str:
    """The name that `Names` put into an IRI.

    >>> _last_segment("https://example.org/action/call_for")
    'call for'
    """
    return plain_name(iri.rpartition("/")[2])


def _number(iri: str) -> int:
    """The place in its list that stands at the end of an IRI: "...#actor=0"."""
    return int(iri.rpartition("=")[2])


def _span(iri: str) -> Span:
    start, _, end = iri.rpartition("#char=")[2].partition(",")
    return Span(int(start), int(end))


def _spans(iris: Iterable[str]) -> tuple[Span, ...]:
    return tuple(sorted(map(_span, iris)))


def _plover_name(iri: str, scheme: str) -> str:
    return unquote(iri.removeprefix(PLOVER_NAMESPACE).removeprefix(scheme))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Here:
    """The nodes of one graph, those that all graphs share, and whose graph it is.

    Attributes:
        article: None in the canonical graph.
        variants: what the article itself says most fully of an entity, by the entity's IRI.
    """

    nodes: Mapping[str, _Node]
    shared: Mapping[str, _Node]
    article: Article | None = None
    variants: Mapping[str, _Node] | None = None


def _rebuild_reading(iri: str, nodes: Mapping[str, _Node], shared: Mapping[str, _Node]) -> Reading:
    article = _rebuild_article(iri, nodes, shared)
    variants = {
        node.known("kg:entity"): node
        for part, node in nodes.items()
        if node.has_type("kg:EntityInArticle") and part.endswith(";0")
    }
    here = _Here(nodes=nodes, shared=shared, article=article, variants=variants)
    events: dict[int, EventMention] = {}
    speeches: dict[int, Attribution] = {}
    links: dict[int, Argument] = {}
    # Every node of this graph belongs to its article, so none has to say so to be found.
    for part, node in list(nodes.items()):
        if node.has_type("kg:EventMention"):
            events[node.numbers("kg:indexInArticle")[0]] = _rebuild_mention(node, here)
        elif node.has_type("kg:Speech"):
            speech = _rebuild_attribution(part, here)
            speeches |= dict.fromkeys(node.numbers("kg:indexInArticle"), speech)
        elif node.has_type("kg:Link"):
            links[_number(part)] = _rebuild_argument(node, here)
    let_go = [nodes[part] for part in sorted(nodes[iri].every("kg:letGo"), key=_number)]
    return Reading(
        article=article,
        events=tuple(events[index] for index in sorted(events)),
        links=tuple(links[index] for index in sorted(links)),
        attributions=tuple(speeches[index] for index in sorted(speeches)),
        let_go=tuple((node.known("kg:reason"), node.numbers("kg:count")[0]) for node in let_go),
    )


def _rebuild_article(iri: str, nodes: Mapping[str, _Node], shared: Mapping[str, _Node]) -> Article:
    node, file, text = (nodes[iri + part] for part in ("", "#file", "#text"))
    publisher, published = node.one("schema:publisher"), node.one("schema:datePublished")
    headline, record = text.one("kg:headline"), file.one("kg:record")
    skipped = sorted(text.every("kg:skipped"), key=_span)
    markup = sorted(text.every("kg:markup"), key=_span)
    byline = node.one("kg:byline")
    return Article(
        id=node.known("kg:id"),
        name=node.known("rdfs:label"),
        text=text.known("nif:isString"),
        path=file.one("schema:contentUrl"),
        record=None if record is None else int(record),
        title=node.one("schema:headline"),
        headline=None if headline is None else _span(headline),
        source=None if publisher is None else _rebuild_source(shared[publisher]),
        agency=node.one("kg:agency"),
        dateline=node.one("kg:dateline"),
        authors=tuple(byline.split("; ")) if byline else (),
        published=None if published is None else _minutes(published),
        published_from=node.one("kg:publishedFrom"),
        url=node.one("schema:url"),
        sha256=file.known("schema:sha256"),
        encoding=file.known("kg:charset"),
        language=node.known("schema:inLanguage"),
        body=_spans(text.every("kg:paragraph")),
        skipped=tuple(
            Skipped(span=_span(part), reason=nodes[part].known("kg:skipReason")) for part in skipped
        ),
        markup=tuple(
            Markup(span=_span(part), shown=nodes[part].known("kg:shown")) for part in markup
        ),
        warnings=tuple(node.every("kg:warning")),
    )


def _rebuild_source(node: _Node) -> Source:
    return Source(id=node.known("kg:id"), name=node.known("rdfs:label"))


def _minutes(lexical: str) -> str:
    """Undo `date_literal`: minutes are all that a date of publication ever has."""
    found = re.fullmatch(r"([\d-]{10}T\d\d:\d\d):00(Z|[+-]\d\d:\d\d)?", lexical)
    return found[1] + (found[2] or "") if found else lexical


def _rebuild_entity(iri: str, here: _Here, record: str | None = None) -> Entity:
    """The entity as this article has it; in the canonical graph as all articles together do."""
    node = here.shared[iri]
    name = node.known("rdfs:label")
    sector, role = node.one("kg:sector"), node.one("schema:jobTitle")
    if here.variants is not None:
        variant = here.nodes[record] if record else here.variants.get(iri, _Node())
        name = variant.one("kg:readName") or name
        sector, role = variant.one("kg:readSector"), variant.one("kg:readRole")
    return Entity(
        id=node.known("kg:id"),
        name=name,
        kind=node.known("kg:kind"),
        country=node.one("kg:country"),
        sector=None if sector is None else _plover_name(sector, "sector-"),
        role=role,
        same_as=tuple(node.every("skos:exactMatch")),
    )


def _rebuild_argument(node: _Node, here: _Here) -> Argument:
    entity, place = node.one("kg:entity"), node.one("kg:mention")
    return Argument(
        mention=None if place is None else _rebuild_naming(place, here),
        entity=None if entity is None else _rebuild_entity(entity, here, node.one("kg:readAs")),
        rule=node.known("kg:linkRule"),
    )


def _rebuild_naming(iri: str, here: _Here) -> Mention:
    assert here.article is not None, f"{iri} stands outside its article's graph"
    node = here.nodes[iri]
    return Mention(
        article_id=here.article.id,
        span=_span(iri),
        text=node.known("nif:anchorOf"),
        label=node.known("kg:mentionLabel"),
    )


def _rebuild_attribution(iri: str, here: _Here) -> Attribution:
    node = here.nodes[iri]
    speaker = node.one("kg:speaker")
    return Attribution(
        cue=_span(node.known("kg:cue")),
        speaker=None if speaker is None else _rebuild_argument(here.nodes[speaker], here),
        content=_spans(node.every("kg:content")),
        quoted=node.flag("kg:quoted"),
        stance=node.known("kg:stance"),
    )


def _rebuild_when(node: _Node, here: _Here) -> When | None:
    iri, text = node.one("sem:hasTime"), node.one("kg:timeExpression")
    if iri is None:
        return None
    return When(
        text=None if text is None else _span(text),
        iso=here.shared[iri].known("sem:hasTimeStamp"),
        precision=cast(Precision, here.shared[iri].known("kg:precision")),
        basis=cast(Basis, here.shared[iri].known("kg:basis")),
    )


def _rebuild_code(node: _Node) -> Code:
    event = node.known("kg:eventType").removeprefix(PLOVER_NAMESPACE)
    mode, cameo = node.one("kg:mode"), node.one("kg:cameo")
    return Code(
        event=unquote(event),
        mode=None if mode is None else _plover_name(mode, f"{event}-"),
        contexts=tuple(sorted(_plover_name(c, "context-") for c in node.every("kg:context"))),
        cameo=None if cameo is None else unquote(cameo.removeprefix(CAMEO_NAMESPACE)),
        rule=node.known("kg:codeRule"),
    )


def _parts(node: _Node, role: str, here: _Here) -> list[_Node]:
    """The argument nodes of one role, in order."""
    marked = [iri for iri in node.every("kg:argument") if f"#{role}=" in iri]
    return [here.nodes[iri] for iri in sorted(marked, key=_number)]


def _rebuild_mention(node: _Node, here: _Here) -> EventMention:
    assert here.article is not None, "an event mention stands outside its article's graph"
    concerns = node.one("kg:concerns")
    speech = here.nodes[node.known("grasp:hasAttribution")].one("kg:speech")
    place = _parts(node, "place", here)
    return EventMention(
        id=node.known("kg:id"),
        article_id=here.article.id,
        sentence=_span(node.known("kg:sentence")),
        trigger=_span(node.known("kg:trigger")),
        action=_last_segment(node.known("kg:action")),
        actors=tuple(_rebuild_argument(part, here) for part in _parts(node, "actor", here)),
        targets=tuple(_rebuild_argument(part, here) for part in _parts(node, "target", here)),
        theme=node.one("kg:theme"),
        negated=node.flag("kg:negated"),
        modality=cast(Modality, node.known("kg:modality")),
        attribution=None if speech is None else _rebuild_attribution(speech, here),
        when=_rebuild_when(node, here),
        place=_rebuild_argument(place[0], here) if place else None,
        code=_rebuild_code(node) if node.one("kg:eventType") is not None else None,
        confidence=float(node.known("kg:confidence")),
        inferred=tuple(node.every("kg:inferred")),
        concerns=None if concerns is None else _last_segment(concerns),
    )


def _rebuild_event(node: _Node, here: _Here) -> Event:
    """An event without its mentions."""
    place = [_rebuild_entity(iri, here) for iri in node.every("sem:hasPlace")]
    return Event(
        id=node.known("kg:id"),
        action=_last_segment(node.known("kg:action")),
        code=_rebuild_code(node),
        actors=_cast(node, "actor", here),
        targets=_cast(node, "target", here),
        when=_rebuild_when(node, here),
        place=place[0] if place else None,
        negated=node.flag("kg:negated"),
        modality=cast(Modality, node.known("kg:modality")),
        concerns=tuple(sorted(map(_last_segment, node.every("kg:concerns")))),
        voices=tuple(sorted(map(_last_segment, node.every("kg:independentSource")))),
    )


def _with_mentions(
    event: Event, node: _Node, here: _Here, told: Mapping[str, EventMention]
) -> Event:
    # A mention may be gone with its article; then its place here goes too.
    kept = [(place, told[id_]) for place, id_ in _evidence(node, here) if id_ in told]
    reasons = (place.one("kg:reason") for place, _ in kept)
    return replace(
        event,
        mentions=tuple(mention for _, mention in kept),
        reasons=tuple(reason for reason in reasons if reason is not None),
    )


def _evidence(node: _Node, here: _Here) -> list[tuple[_Node, str]]:
    """The places of an event's mentions in it, in order, and the mentions' ids."""
    evidence = [(here.nodes[iri], _last_segment(iri)) for iri in node.every("gaf:denotedBy")]
    return sorted(evidence, key=lambda pair: pair[0].numbers("kg:indexInEvent"))


def _cast(node: _Node, role: str, here: _Here) -> tuple[Entity, ...]:
    return tuple(_rebuild_entity(p.known("kg:entity"), here) for p in _parts(node, role, here))
