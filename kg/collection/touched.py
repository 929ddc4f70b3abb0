"""What a change touches of a store's quads, out of the index and nothing else.

Everything else stays as it stands. What comes out is what a fresh build makes: the same functions
of `kg.merge` and `kg.rdf` say what is so, of the same articles.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

import pyoxigraph as ox

from kg.collection.happened import Changed, Happenings
from kg.collection.index import Counted, Index
from kg.collection.shared import (
    Reshared,
    Shared,
    Shares,
    add_shares,
    shares_of,
    shares_of_event,
)
from kg.collection.surveyed import Articles, Regrouped
from kg.merge import Sketch, Survey, sketch_of
from kg.merge.copies import voices
from kg.model import Contradiction, Event, Reading, Source
from kg.rdf import (
    Names,
    SharedQuads,
    Whole,
    article_quads,
    dataset_quads,
    history_quads,
    origin_quads,
    term,
)
from kg.store import GraphName, Store

__all__ = ["Filling", "Touching", "amend_touched"]

COUNTED = 5_000  # records that are counted in memory before they are in the index


class Filling:
    """Fills an index while a graph is made as a whole, and gives what articles share as quads.

    What is told of is counted in the index: memory holds what the last readings told.
    """

    def __init__(
        self,
        index: Index,
        sketches: Mapping[str, Sketch],
        apart: Iterable[tuple[str, str]],
        base: str,
    ) -> None:
        index.clear()
        self._index, self._sketches = index, sketches
        self.happenings = Happenings(index, tuple(apart))
        self._shared, self._writer = Shared(index, base), SharedQuads(base)
        self._shares: Shares = {}
        self._sources: dict[str, Source] = {}
        self._publishers: dict[Source, Source] = {}
        self._counts = Counted()

    def see(self, reading: Reading) -> None:
        """Take in what a reading tells of."""
        self.happenings.see(reading)
        self._count(shares_of(reading))
        id_, source = reading.article.id, reading.article.source
        if source is not None:
            self._sources[id_] = self._publishers.setdefault(source, source)
            self._writer.see_source(id_, self._sources[id_])
        counts = self._counts
        self._counts = replace(
            counts, articles=counts.articles + 1, mentions=counts.mentions + len(reading.events)
        )

    def told(self, event: Event) -> Iterator[ox.Quad]:
        """Take in an event, and give its quads."""
        self._count(shares_of_event(event))
        merged = self._counts.merged + (len(event.voices) > 1)
        self._counts = replace(self._counts, events=self._counts.events + 1, merged=merged)
        return self._writer.told(event)

    def rest(self, known: Survey, contradictions: Iterable[Contradiction]) -> Iterator[ox.Quad]:
        """Take in the rest, and give the quads of all that was told of; the index is whole then."""
        found = tuple(contradictions)
        Articles(self._index, self._sketches).fill(known, self._sources)
        self.happenings.contradicted(found)
        self._shared.take(self._shares)
        entities, played = self._shared.entities
        self._counts = replace(
            self._counts, entities=entities, played=played, contradictions=len(found)
        )
        self._index.finish(self._counts)
        yield from self._shared.quads()
        yield from self._writer.rest(found, known.copies)

    @property
    def whole(self) -> Whole:
        """How much there is, after all has gone by."""
        return _whole(self._counts, self._shared.period)

    def _count(self, shares: Shares) -> None:
        add_shares(self._shares, shares)
        if len(self._shares) >= COUNTED:
            self._shared.take(self._shares)
            self._shares = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Touching:
    """A change of a store whose index is whole.

    Attributes:
        were: the readings of articles that go or change, by id, as they were held.
        are: the readings of articles that come or change.
        sketches: of all articles held after the change.
        history: newer article -> older one, before and after the change.
    """

    store: Store
    base: str
    model: str
    curation: str | None
    apart: Collection[tuple[str, str]]
    were: Mapping[str, Reading]
    are: Mapping[str, Reading]
    sketches: Mapping[str, Sketch]
    history: tuple[Mapping[str, str], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Told:
    """Events as quads, and how many of them several publishers tell."""

    quads: list[ox.Quad]
    merged: int


def amend_touched(index: Index, touching: Touching) -> bool:
    """Change in a store what a change touches, and in its index.

    The graphs of articles that are new come first: who is cut off after them does all again.

    Returns:
        False where more is touched than can be told; nothing of the store is changed then.
    """
    counted = index.counted
    shared = Shared(index, touching.base)
    shares = _shares(touching)
    if counted is None or shared.renames(shares):
        return False
    articles = Articles(index, touching.sketches)
    happenings = Happenings(index, touching.apart)
    regrouped = _regrouped(articles, touching)
    come = [(one, articles.story_of(id_)) for id_, one in touching.are.items()]
    changed = happenings.change(touching.were.keys(), come, regrouped.stories)
    for times, events in ((-1, changed.gone), (1, changed.come)):
        for event in events.values():
            add_shares(shares, shares_of_event(event), times)
    period = shared.period
    reshared = shared.change(shares)
    wanted = (
        changed.come.keys() | changed.about | _revoiced(happenings, articles, touching, regrouped)
    )
    was = _stored(touching, changed.gone.keys() | wanted)
    now = _told((happenings.event(id_) for id_ in sorted(wanted)), articles, shared, touching.base)
    after = _after(counted, touching, changed, reshared, now.merged - was.merged)
    removed = chain(
        was.quads,
        reshared.before.rest(changed.cleared, regrouped.gone),
        dataset_quads(_whole(counted, period), touching.base),
        _of_articles(touching, touching.were, touching.history[0]),
        chain.from_iterable(map(touching.store.quads, _graphs(touching))),
    )
    added = chain(
        now.quads,
        reshared.after.rest(changed.found, regrouped.come),
        dataset_quads(_whole(after, shared.period), touching.base),
        _of_articles(touching, touching.are, touching.history[1]),
        *(
            article_quads(touching.are[id_], touching.base)
            for id_ in touching.are
            if id_ in touching.were
        ),
    )
    fresh = (one for id_, one in touching.are.items() if id_ not in touching.were)
    touching.store.change([], chain(*(article_quads(one, touching.base) for one in fresh)))
    old, new = set(removed), set(added)
    touching.store.change(old - new, new - old)
    index.finish(after)
    return True


def _after(
    counted: Counted, touching: Touching, changed: Changed, reshared: Reshared, merged: int
) -> Counted:
    """How much the graph holds after a change.

    Args:
        merged: how many more events several publishers tell.
    """
    return Counted(
        articles=counted.articles + len(touching.are) - len(touching.were),
        mentions=counted.mentions + _mentions(touching.are) - _mentions(touching.were),
        events=counted.events + len(changed.come) - len(changed.gone),
        merged=counted.merged + merged,
        entities=counted.entities + reshared.entities,
        played=counted.played + reshared.played,
        contradictions=counted.contradictions + len(changed.found) - len(changed.cleared),
    )


def _shares(touching: Touching) -> Shares:
    shares: Shares = {}
    for reading in touching.were.values():
        add_shares(shares, shares_of(reading), -1)
    for reading in touching.are.values():
        add_shares(shares, shares_of(reading))
    return shares


def _regrouped(articles: Articles, touching: Touching) -> Regrouped:
    sources = {id_: one.article.source for id_, one in touching.are.items() if one.article.source}
    gone = [sketch_of(reading.article) for reading in touching.were.values()]
    come = [touching.sketches[id_] for id_ in touching.are]
    return articles.change(gone, come, sources)


def _revoiced(
    happenings: Happenings, articles: Articles, touching: Touching, regrouped: Regrouped
) -> set[str]:
    """The events that others tell now, or that are told by articles that are written anew."""
    again = touching.were.keys() & touching.are.keys()
    copying = {copy.article_id for copy in (*regrouped.gone, *regrouped.come)}
    return happenings.told_by({*again, *copying, *articles.copies_of(again)})


def _told(events: Iterable[Event], articles: Articles, shared: Shared, base: str) -> Told:
    """Write events, with whose voices tell them."""
    writer, quads, merged = SharedQuads(base), list[ox.Quad](), 0
    for event in events:
        told_by = sorted({mention.article_id for mention in event.mentions})
        originals = articles.originals_of(told_by)
        sources = articles.sources_of({*told_by, *originals.values()})
        ids = {id_: source.id for id_, source in sources.items()}
        voiced = replace(event, voices=voices(told_by, ids, originals))
        for id_ in told_by:
            if id_ in sources:
                writer.see_source(id_, sources[id_])
        for voice in voiced.voices:
            writer.note(Source(id=voice, name=shared.name_of(voice) or ""))
        quads += writer.of_event(voiced)
        merged += len(voiced.voices) > 1
    return Told(quads, merged)


def _stored(touching: Touching, events: Iterable[str]) -> Told:
    """What a store says of events, their parts and their mentions."""
    names = Names(touching.base)
    graph, store = names.canonical_graph, touching.store
    quads = list(store.about(map(names.event, sorted(events)), graph))
    parts = {quad.object for quad in quads if quad.predicate == term("kg:argument")}
    mentions = {quad.object for quad in quads if quad.predicate == term("gaf:denotedBy")}
    voices_told = (quad for quad in quads if quad.predicate == term("kg:sourceCount"))
    merged = sum(int(cast("ox.Literal", quad.object).value) > 1 for quad in voices_told)
    quads += store.about(cast("set[ox.NamedNode]", parts), graph)
    of_mentions = store.about(cast("set[ox.NamedNode]", mentions), graph)
    quads += (quad for quad in of_mentions if quad.predicate != term("kg:contradicts"))
    return Told(quads, merged)


def _of_articles(
    touching: Touching, articles: Iterable[str], history: Mapping[str, str]
) -> Iterator[ox.Quad]:
    """What the default graph says of the graphs of some articles, and which took whose place."""
    model, curation = touching.model, touching.curation
    yield from origin_quads(articles, touching.base, model=model, curation=curation)
    yield from history_quads(history, touching.base)


def _graphs(touching: Touching) -> list[GraphName]:
    names = Names(touching.base)
    return [names.article_graph(id_) for id_ in touching.were]


def _mentions(readings: Mapping[str, Reading]) -> int:
    return sum(len(reading.events) for reading in readings.values())


def _whole(counted: Counted, period: tuple[str, str] | None) -> Whole:
    return Whole(
        articles=counted.articles,
        mentions=counted.mentions,
        events=counted.events,
        entities=counted.entities,
        contradictions=counted.contradictions,
        period=period,
    )
