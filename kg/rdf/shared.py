"""What articles share, to the quads of the canonical graph: entities, times, merged events."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import Code, Contradiction, Copy, Entity, Event, News, Source, When
from kg.rdf.article import all_arguments, code_statements, fullness, part_taken, when_statements
from kg.rdf.lists import days_of, event_list_statements, names_asked
from kg.rdf.terms import (
    DEFAULT_BASE,
    ROLES,
    TYPE,
    Names,
    Statement,
    concept,
    date_literal,
    described,
    literal_of,
    term,
    typed_literal,
)

__all__ = ["canonical_quads", "shared_entities"]

# What each kind of entity is in the common vocabularies.
_KIND_CLASSES = {
    "country": ("sem:Actor", "sem:Place", "schema:Country"),
    "region": ("sem:Place", "schema:Place"),
    "place": ("sem:Place", "schema:Place"),
    "person": ("sem:Actor", "schema:Person"),
    "group": ("sem:Actor", "kg:Group"),
    "thing": ("sem:Actor", "schema:Thing"),
}
_ORGANISATION_CLASSES = ("sem:Actor", "org:Organization", "schema:Organization")


def canonical_quads(news: News, base: str = DEFAULT_BASE) -> Iterator[Quad]:
    """Turn what the articles share into the quads of the canonical graph."""
    names = Names(base)
    graph = names.canonical_graph
    seen: set[Statement] = set()
    for statement in _shared_statements(news, names):
        if statement not in seen:
            seen.add(statement)
            yield Quad(*statement, graph)


def _shared_statements(news: News, names: Names) -> Iterator[Statement]:
    sources = {
        reading.article.id: reading.article.source
        for reading in news.readings
        if reading.article.source
    }
    for source in sorted(set(sources.values()), key=lambda source: (source.id, source.name)):
        node = names.source(source.id)
        yield from described(node, TYPE, term("schema:Organization"), term("prov:Agent"))
        yield from described(node, term("kg:id"), Literal(source.id))
        yield from described(node, term("rdfs:label"), Literal(source.name))
    named = Counter(a.entity.id for r in news.readings for a in r.links if a.entity)
    for entity in shared_entities(news):
        yield from _entity_statements(entity, named[entity.id], names)
    for when in sorted(_times(news), key=lambda when: (when.iso, when.precision, when.basis)):
        yield from _time_statements(when, names)
    for reading in news.readings:
        for mention in reading.events:
            yield from _action_statements(mention.action, mention.code, names)
    for event in news.events:
        yield from _action_statements(event.action, event.code, names)
        yield from _event_statements(event, sources, names)
    for contradiction in news.contradictions:
        yield from _contradiction_statements(contradiction, names)
    for copy in news.copies:
        yield from _copy_statements(copy, names)


def shared_entities(news: News) -> list[Entity]:
    """One record an entity, the fullest: the order in which articles came doesn't matter."""
    best: dict[str, Entity] = {}
    for entity in _all_entities(news):
        known = best.get(entity.id)
        if known is None or (entity != known and fullness(known) < fullness(entity)):
            best[entity.id] = entity
    return [best[id_] for id_ in sorted(best)]


def _all_entities(news: News) -> Iterator[Entity]:
    for reading in news.readings:
        yield from (argument.entity for argument in all_arguments(reading) if argument.entity)
    for event in news.events:
        yield from (*event.actors, *event.targets)
        if event.place:
            yield event.place


def _entity_statements(entity: Entity, named: int, names: Names) -> Iterator[Statement]:
    node = names.entity(entity)
    classes = _KIND_CLASSES.get(entity.kind, _ORGANISATION_CLASSES)
    code = entity.country if entity.kind == "country" else None
    yield from described(node, TYPE, term("kg:Entity"), *map(term, classes))
    yield from described(node, term("kg:id"), Literal(entity.id))
    yield from described(node, term("rdfs:label"), Literal(entity.name))
    yield from described(node, term("kg:key"), *map(Literal, names_asked(entity)))
    yield node, term("kg:mentionCount"), Literal(named)
    yield from described(node, term("kg:kind"), Literal(entity.kind))
    yield from described(node, term("kg:country"), literal_of(entity.country))
    yield from described(node, term("dcterms:identifier"), literal_of(code))
    yield from described(node, term("kg:sector"), concept("sector", entity.sector))
    yield from described(node, term("schema:jobTitle"), literal_of(entity.role))
    yield from described(node, term("skos:exactMatch"), *map(NamedNode, entity.same_as))


def _times(news: News) -> set[When]:
    told = {mention.when for reading in news.readings for mention in reading.events}
    times = told | {event.when for event in news.events}
    return {
        When(text=None, iso=when.iso, precision=when.precision, basis=when.basis)
        for when in times
        if when
    }


def _time_statements(when: When, names: Names) -> Iterator[Statement]:
    node = names.when(when)
    instant = when.precision not in ("week", "season", "interval")
    kind = term("time:Instant" if instant else "time:ProperInterval")
    yield from described(node, TYPE, term("sem:Time"), kind)
    yield from described(node, term("sem:hasTimeStamp"), Literal(when.iso))
    yield from described(node, term("kg:precision"), Literal(when.precision))
    yield from described(node, term("kg:basis"), Literal(when.basis))
    first, last = days_of(when.iso)
    if first:
        yield node, term("kg:firstDay"), typed_literal(first.isoformat(), "date")
    if last:
        yield node, term("kg:lastDay"), typed_literal(last.isoformat(), "date")
    if first and first == last:
        yield node, term("time:inXSDDate"), typed_literal(first.isoformat(), "date")
    elif first and re.fullmatch(r"\d{4}-\d\d", when.iso) and when.precision == "month":
        yield node, term("time:inXSDgYearMonth"), typed_literal(when.iso, "gYearMonth")
    elif first and re.fullmatch(r"\d{4}", when.iso) and when.precision == "year":
        yield node, term("time:inXSDgYear"), typed_literal(when.iso, "gYear")
    moment = date_literal(when.iso)
    if when.precision == "minute" and moment.datatype == term("xsd:dateTime"):
        yield node, term("time:inXSDDateTime"), moment


def _action_statements(action: str, code: Code | None, names: Names) -> Iterator[Statement]:
    node = names.action(action)
    yield node, TYPE, term("rdf:Property")
    yield node, TYPE, term("kg:Action")
    yield node, term("rdfs:label"), Literal(action)
    if code:
        yield from described(node, term("kg:codedAs"), concept("", code.event))


def _event_statements(
    event: Event, sources: dict[str, Source], names: Names
) -> Iterator[Statement]:
    node = names.event(event.id)
    yield from described(node, TYPE, term("sem:Event"), term("gaf:Instance"))
    yield from described(node, term("kg:id"), Literal(event.id))
    yield from described(node, term("rdfs:label"), Literal(_event_label(event)))
    yield from described(node, term("kg:action"), names.action(event.action))
    yield from described(node, term("kg:negated"), Literal(event.negated))
    yield from described(node, term("kg:modality"), Literal(event.modality))
    yield from described(node, term("kg:concerns"), *map(names.event, event.concerns))
    yield from code_statements(node, event.code)
    places = (event.place,) if event.place else ()
    for role, entities in (("actor", event.actors), ("target", event.targets), ("place", places)):
        for index, entity in enumerate(entities):
            part = NamedNode(f"{node.value}#{role}={index}")
            yield node, term("kg:argument"), part
            yield part, TYPE, term("kg:Argument")
            yield part, term("kg:role"), ROLES[role]
            yield part, term("kg:entity"), names.entity(entity)
            yield from part_taken(node, role, names.entity(entity))
    if event.when:
        # The expression of a merged event stands in the mention that its time was taken from.
        told = (mention.article_id for mention in event.mentions if mention.when == event.when)
        article_id = next(told, event.mentions[0].article_id if event.mentions else "")
        yield from when_statements(node, event.when, article_id, names)
    yield from _evidence_statements(node, event, sources, names)
    yield from event_list_statements(node, event, sources)


def _event_label(event: Event) -> str:
    actors = ", ".join(actor.name for actor in event.actors) or "?"
    targets = ", ".join(target.name for target in event.targets)
    return f"{actors} → {event.action}" + (f" → {targets}" if targets else "")


def _evidence_statements(
    node: NamedNode, event: Event, sources: dict[str, Source], names: Names
) -> Iterator[Statement]:
    """Tie an event to its mentions, and say how many articles and publishers tell it."""
    articles = sorted({mention.article_id for mention in event.mentions})
    told_by = sorted({sources[id_].id for id_ in articles if id_ in sources})
    yield from described(node, term("kg:articleCount"), Literal(len(articles)))
    # texts of unknown publishers may all be one paper's: together they count as one voice at most
    yield from described(node, term("kg:sourceCount"), Literal(len(event.voices) or 1))
    yield from described(node, term("kg:independentSource"), *map(names.source, event.voices))
    yield from described(node, term("kg:toldBy"), *map(names.source, told_by))
    yield from described(node, term("prov:wasDerivedFrom"), *map(names.article_graph, articles))
    for index, mention in enumerate(event.mentions):
        told = names.event_mention(mention.id)
        yield node, term("gaf:denotedBy"), told
        yield told, term("gaf:denotes"), node
        yield told, term("kg:indexInEvent"), Literal(index)
        if index < len(event.reasons):
            yield told, term("kg:reason"), Literal(event.reasons[index])


def _contradiction_statements(contradiction: Contradiction, names: Names) -> Iterator[Statement]:
    node = names.contradiction(contradiction)
    left = names.event_mention(contradiction.left)
    right = names.event_mention(contradiction.right)
    yield node, TYPE, term("kg:Contradiction")
    yield node, term("kg:left"), left
    yield node, term("kg:right"), right
    yield node, term("kg:reason"), Literal(contradiction.reason)
    yield left, term("kg:contradicts"), right
    yield right, term("kg:contradicts"), left


def _copy_statements(copy: Copy, names: Names) -> Iterator[Statement]:
    article, original = names.article(copy.article_id), names.article(copy.original_id)
    yield article, term("prov:wasDerivedFrom"), original
    yield article, term("kg:copyReason"), Literal(copy.reason)
