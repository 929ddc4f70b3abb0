"""Readings to the quads of a store: all of them, or what a change touches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import pyoxigraph as ox

from kg.curation import read_curation
from kg.merge import merge
from kg.model import Reading
from kg.rdf import (
    DEFAULT_BASE,
    Names,
    article_quads,
    canonical_quads,
    dataset_quads,
    history_quads,
    provenance_quads,
    to_quads,
    vocabulary_quads,
)
from kg.store import GraphName, Store

__all__ = ["Change", "Made", "Source", "amend", "replace_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """How a graph is made, other than of what.

    Attributes:
        edition: of rules and model, see `kg.collection.edition`.
        store: the address of an endpoint; None for the folder's own store.
        entities: paths of a user's own files about who is who, a line each.
        curation: digest of what these files hold; None without any.
    """

    edition: str
    model: str
    base: str = DEFAULT_BASE
    store: str | None = None
    entities: str | None = None
    curation: str | None = None

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
    same: tuple[str, ...] = ()
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
        ids: of the articles held.
        read: gives the readings of some articles, by their ids.
    """

    made: Made
    history: Mapping[str, str]
    ids: frozenset[str]
    read: Callable[[Iterable[str]], Iterator[Reading]] = field(compare=False)

    def quads(self) -> Iterator[ox.Quad]:
        """All quads of the store."""
        made, base = self.made, self.made.base
        news = merge(self.read(self.ids), self.made.apart)
        yield from to_quads(news, base, model=made.model, curation=made.curation)
        yield from vocabulary_quads(base)
        yield from history_quads(self.history, base)


def _provenance(source: Source) -> Iterator[ox.Quad]:
    made, ids = source.made, sorted(source.ids)
    return provenance_quads(ids, made.base, model=made.model, curation=made.curation)


def replace_all(store: Store, source: Source) -> None:
    """Make a store hold this graph and no other, a graph at a time; for one that others keep."""
    graphs: defaultdict[GraphName, list[ox.Quad]] = defaultdict(list)
    for quad in source.quads():
        graphs[quad.graph_name].append(quad)  # type: ignore[index]
    for graph in store.graphs():
        if graph not in graphs and graph.value.startswith(f"{source.made.base}graph/"):
            store.remove_graph(graph)
    for graph_name, quads in graphs.items():
        store.replace_graph(graph_name, quads)


def amend(store: Store, source: Source, change: Change) -> None:
    """Change what a change touches, in one transaction."""
    names, made = Names(source.made.base), source.made
    rewritten = [names.article_graph(id_) for id_ in (*change.gone, *change.again)]
    old = set(chain.from_iterable(map(store.quads, rewritten)))
    new = set(
        chain.from_iterable(
            article_quads(reading, made.base) for reading in source.read(change.written_anew)
        )
    )
    news = merge(source.read(source.ids), made.apart)
    shared: list[tuple[GraphName, Iterator[ox.Quad]]] = [
        (names.canonical_graph, canonical_quads(news, made.base)),
        (ox.DefaultGraph(), chain(_provenance(source), dataset_quads(news, made.base))),
        (names.history_graph, history_quads(source.history, made.base)),
    ]
    for graph, quads in shared:
        old |= set(store.quads(graph))
        new |= set(quads)
    store.change(old - new, new - old)
