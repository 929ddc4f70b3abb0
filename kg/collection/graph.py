"""Readings to the quads of a store: all of them, or what a change touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import pyoxigraph as ox

from kg.collection.touched import Filling
from kg.curation import read_curation
from kg.merge import Merging, Sketch, survey
from kg.model import Reading
from kg.rdf import (
    DEFAULT_BASE,
    Names,
    article_quads,
    dataset_quads,
    difference,
    history_quads,
    provenance_quads,
    vocabulary_quads,
)
from kg.store import GraphName, Store

__all__ = ["Change", "Made", "Source", "amend", "load_anew", "replace_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a graph is made, other than of what.

    Attributes:
        edition: of rules and model, see `kg.collection.edition`.
        store: the address of an endpoint; None for the folder's own store.
        entities: paths of a user's own files about who is who, a line each.
        curation: digest of what these files hold; None without any.
        inputs: how inputs are read, as `kg.read.ReadOptions.remembered` says it.
    """

    edition: str
    model: str
    base: str = DEFAULT_BASE
    store: str | None = None
    entities: str | None = None
    curation: str | None = None
    inputs: str | None = None

    @property
    def entity_files(self) -> tuple[str, ...]:
        """The paths of a user's own files about who is who."""
        return tuple((self.entities or "").splitlines())

    @property
    def apart(self) -> frozenset[tuple[str, str]]:
        """Pairs of ids that these files keep from being told as one event."""
        return read_curation(self.entity_files).apart if self.entities else frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change does, by article id, sorted.

    Attributes:
        revised: (new article, the one whose place it takes); neither is in another list.
        again: articles that were there and are written anew: their name, path, date or publisher
            changed, or the edition did.
        written: names of what was written; empty if nothing was.
    """

    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    revised: tuple[tuple[str, str], ...] = ()
    again: tuple[str, ...] = ()
    written: tuple[str, ...] = ()

    @property
    def gone(self) -> tuple[str, ...]:
        """The articles that leave."""
        return (*self.removed, *(older for _, older in self.revised))

    @property
    def written_anew(self) -> tuple[str, ...]:
        """The articles that come or change."""
        return (*self.added, *self.again, *(newer for newer, _ in self.revised))

    @property
    def nothing(self) -> bool:
        """Nothing changes."""
        return not (self.gone or self.written_anew)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a graph is made of.

    Attributes:
        history: newer article -> older one.
        sketches: of the articles held, by id.
        read: gives the readings of some articles, in the order of their ids.
    """

    made: Made
    history: Mapping[str, str]
    sketches: Mapping[str, Sketch] = field(compare=False)
    read: Callable[[Iterable[str]], Iterator[Reading]] = field(compare=False)

    def quads(self, filling: Filling, *, of_articles: bool = True) -> Iterator[ox.Quad]:
        """All quads of the store, one reading and one event at a time; the vocabulary last.

        Args:
            filling: is told what is found on the way.
            of_articles: those of the articles' own graphs too.
        """
        made, base = self.made, self.made.base
        known = survey(self.sketches)
        merging = Merging(known, made.apart, filling.happenings)
        for reading in self.read(known.order):
            merging.add(reading)
            filling.see(reading)
            if of_articles:
                yield from article_quads(reading, base)
        for event in merging.events():
            yield from filling.told(event)
        yield from filling.rest(known, merging.contradictions())
        ids = sorted(self.sketches)
        yield from provenance_quads(ids, base, model=made.model, curation=made.curation)
        yield from dataset_quads(filling.whole, base)
        yield from history_quads(self.history, base)
        yield from vocabulary_quads(base)


def load_anew(store: Store, quads: Iterable[ox.Quad], base: str) -> None:
    """Make a store hold these quads in place of all it held of ours.

    Graphs under the base go, and the default graph, which is not others' to write in.
    """
    for graph in store.graphs():
        if graph.value.startswith(f"{base}graph/"):
            store.remove_graph(graph)
    store.remove_graph(ox.DefaultGraph())
    store.load(quads)


def replace_all(store: Store, source: Source, filling: Filling) -> None:
    """Make a store hold this graph and no other, a graph at a time; for one that others keep."""
    names = Names(source.made.base)
    wanted = {names.article_graph(id_) for id_ in source.sketches}
    wanted |= {names.canonical_graph, names.vocabulary_graph, names.history_graph}
    for graph in store.graphs():
        if graph not in wanted and graph.value.startswith(f"{source.made.base}graph/"):
            store.remove_graph(graph)
    for reading in source.read(sorted(source.sketches)):
        graph = names.article_graph(reading.article.id)
        store.replace_graph(graph, article_quads(reading, source.made.base))
    shared: defaultdict[GraphName, list[ox.Quad]] = defaultdict(list)
    for quad in source.quads(filling, of_articles=False):
        shared[quad.graph_name].append(quad)  # type: ignore[index]
    for graph_name, quads in shared.items():
        store.replace_graph(graph_name, quads)


def amend(store: Store, source: Source, change: Change, filling: Filling) -> None:
    """Change what differs from all that is made anew, in one transaction."""
    names, base = Names(source.made.base), source.made.base
    graphs: list[GraphName] = [names.article_graph(id_) for id_ in (*change.gone, *change.again)]
    graphs += (names.canonical_graph, ox.DefaultGraph(), names.history_graph)
    old = chain.from_iterable(store.quads(graph) for graph in graphs)
    new = chain.from_iterable(
        article_quads(reading, base) for reading in source.read(change.written_anew)
    )
    rest = source.quads(filling, of_articles=False)
    vocabulary = names.vocabulary_graph
    kept = (quad for quad in rest if quad.graph_name != vocabulary)
    removed, added = difference(old, chain(new, kept))
    store.change(removed, added)
