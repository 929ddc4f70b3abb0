"""What articles share, to the quads of the canonical graph: entities, times, merged events."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zlib import crc32

from pyoxigraph import Literal, NamedNode, Quad

from kg.model import Code, Contradiction, Copy, Entity, Event, News, Reading, Source, When
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

__all__ = ["Act", "SharedQuads", "Whole", "act_of", "canonical_quads", "time_of"]

Act = tuple[str, str | None]
"""An action, and a type that it is coded as."""

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
    shared = SharedQuads(base)
    for reading in news.readings:
        shared.see(reading)
    for event in news.events:
        yield from shared.of_event(event)
    yield from shared.rest(news.contradictions, news.copies)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    """How much a graph holds.

    Attributes:
        period: first and last day of its articles.
    """

    articles: int = 0
    mentions: int = 0
    events: int = 0
    entities: int = 0
    contradictions: int = 0
    period: tuple[str, str] | None = None

    def __add__(self, other: Whole) -> Whole:
        """Count two graphs that share nothing as one.

        >>> (Whole(events=2) + Whole(events=1, period=("2016-05-20", "2016-05-21"))).period
        ('2016-05-20', '2016-05-21')
        """
        days = (*(self.period or ()), *(other.period or ()))
        return Whole(
            articles=self.articles + other.articles,
            mentions=self.mentions + other.mentions,
            events=self.events + other.events,
            entities=self.entities + other.entities,
            contradictions=self.contradictions + other.contradictions,
            period=(min(days), max(days)) if days else None,
        )


class SharedQuads:
    """The canonical graph as readings and events go by: all are seen before the rest is given.

    What is held grows with the things, times, acts and publishers told of, not with the tellings.
    Whatever is noted has to go through `take` and `shares`, too: others see parts of a graph.
    """

    def __init__(self, base: str = DEFAULT_BASE) -> None:
        self._names = Names(base)
        self._sources: dict[str, Source] = {}
        self._entities: dict[str, Entity] = {}
        self._times: set[When] = set()
        self._acts: set[Act] = set()
        self._counts = Counter[str]()
        self._named = Counter[str]()
        self._days: set[str] = set()

    def see(self, reading: Reading) -> None:
        """Note what a reading tells of."""
        self._counts.update(articles=1, mentions=len(reading.events))
        self._days.add((reading.article.published or "")[:10])
        if reading.article.source is not None:
            self.see_source(reading.article.id, reading.article.source)
        for argument in all_arguments(reading):
            if argument.entity is not None:
                self._see_entity(argument.entity)
        self._named.update(link.entity.id for link in reading.links if link.entity and link.mention)
        for mention in reading.events:
            self._see_act(mention.action, mention.code, mention.when)

    def see_source(self, article_id: str, source: Source) -> None:
        """Note who published an article."""
        self._sources[article_id] = source

    def take(self, other: SharedQuads) -> SharedQuads:
        """Take in what another saw of other readings and events."""
        self._sources.update(other._sources)
        for entity in other._entities.values():
            self._see_entity(entity)
        self._times |= other._times
        self._acts |= other._acts
        self._counts.update(other._counts)
        self._named.update(other._named)
        self._days |= other._days
        return self

    def shares(self, number: int) -> Iterator[tuple[int, SharedQuads]]:
        """Cut what was seen into shares; of one thing all goes into one, whoever saw it.

        What is only counted goes into the share of 0.
        """
        shares: defaultdict[int, SharedQuads] = defaultdict(lambda: SharedQuads(self._names.base))
        shares[0]._counts, shares[0]._days = self._counts, self._days
        for source in self._sources.values():
            # by name, too: an id may be told with two, and whose articles they are is no matter
            shares[_share(source.id, number)]._sources[f"{source.id} {source.name}"] = source
        for id_, entity in self._entities.items():
            share = shares[_share(id_, number)]
            share._entities[id_], share._named[id_] = entity, self._named[id_]
        for when in self._times:
            shares[_share(when.iso, number)]._times.add(when)
        for act in self._acts:
            shares[_share(act[0], number)]._acts.add(act)
        yield from shares.items()

    def note(self, thing: Entity | When | Source | Act, named: int = 0) -> None:
        """Note one thing that is told of, as readings and events told it.

        Args:
            named: how often an entity is named.
        """
        if isinstance(thing, Entity):
            self._see_entity(thing)
            self._named[thing.id] += named
        elif isinstance(thing, When):
            self._times.add(thing)
        elif isinstance(thing, Source):
            self._sources[f"{thing.id} {thing.name}"] = thing
        else:
            self._acts.add(thing)

    def see_event(self, event: Event) -> None:
        """Note what an event is made of."""
        self._counts["events"] += 1
        for entity in (*event.actors, *event.targets, *((event.place,) if event.place else ())):
            self._see_entity(entity)
        self._see_act(event.action, event.code, event.when)

    def of_event(self, event: Event) -> Iterator[Quad]:
        """Give the quads of an event and note what it is made of; its tellers were seen."""
        self.see_event(event)
        return self.told(event)

    def told(self, event: Event) -> Iterator[Quad]:
        """Give the quads of an event, and note nothing; who published its tellings was seen."""
        return self._quads(_event_statements(event, self._sources, self._names))

    def rest(
        self, contradictions: Iterable[Contradiction] = (), copies: Iterable[Copy] = ()
    ) -> Iterator[Quad]:
        """Give the quads of all that was seen, and of what is wrong and repeated in it."""
        yield from self._quads(self._seen_statements())
        for contradiction in contradictions:
            self._counts["contradictions"] += 1
            yield from self._quads(_contradiction_statements(contradiction, self._names))
        for copy in copies:
            yield from self._quads(_copy_statements(copy, self._names))

    @property
    def whole(self) -> Whole:
        """How much there is, after all has gone by."""
        days = sorted(day for day in self._days if len(day) == len("2016-05-20"))
        return Whole(
            articles=self._counts["articles"],
            mentions=self._counts["mentions"],
            events=self._counts["events"],
            entities=len(self._entities),
            contradictions=self._counts["contradictions"],
            period=(days[0], days[-1]) if days else None,
        )

    def _see_entity(self, entity: Entity) -> None:
        """Keep one record an entity, the fullest: the order in which articles come is no matter."""
        known = self._entities.get(entity.id)
        if known is None or (known != entity and fullness(known) < fullness(entity)):
            self._entities[entity.id] = entity

    def _see_act(self, action: str, code: Code | None, when: When | None) -> None:
        self._acts.add(act_of(action, code))
        if when is not None:
            self._times.add(time_of(when))

    def _seen_statements(self) -> Iterator[Statement]:
        names = self._names
        for source in sorted(set(self._sources.values()), key=lambda one: (one.id, one.name)):
            node = names.source(source.id)
            yield from described(node, TYPE, term("schema:Organization"), term("prov:Agent"))
            yield from described(node, term("kg:id"), Literal(source.id))
            yield from described(node, term("rdfs:label"), Literal(source.name))
        for _, entity in sorted(self._entities.items()):
            yield from _entity_statements(entity, self._named[entity.id], names)
        for when in sorted(self._times, key=lambda one: (one.iso, one.precision, one.basis)):
            yield from _time_statements(when, names)
        for action, event in sorted(self._acts, key=lambda act: (act[0], act[1] or "")):
            yield from _action_statements(action, event, names)

    def _quads(self, statements: Iterable[Statement]) -> Iterator[Quad]:
        graph = self._names.canonical_graph
        return (Quad(*statement, graph) for statement in dict.fromkeys(statements))


def act_of(action: str, code: Code | None) -> Act:
    """What of an action is shared: its words, and the type that it is coded as."""
    return action, code.event if code else None


def time_of(when: When) -> When:
    """What of a time is shared: not the words that one text has for it."""
    return When(text=None, iso=when.iso, precision=when.precision, basis=when.basis)


def _share(key: str, number: int) -> int:
    return crc32(key.encode("utf-8", "surrogatepass")) % number


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


def _action_statements(action: str, event: str | None, names: Names) -> Iterator[Statement]:
    node = names.action(action)
    yield node, TYPE, term("rdf:Property")
    yield node, TYPE, term("kg:Action")
    yield node, term("rdfs:label"), Literal(action)
    if event:
        yield from described(node, term("kg:codedAs"), concept("", event))


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
