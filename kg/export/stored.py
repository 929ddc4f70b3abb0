"""The graph as records again, an article at a time, and its events with their mentions' ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.model import Article, Event, Reading
from kg.query import find_base
from kg.rdf import Names, Records

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Stored", "event_order", "publisher"]


class Stored:
    """The records of a store; of its articles, one is held at a time."""

    def __init__(self, store: Store) -> None:
        self._store, self._names = store, Names(find_base(store))
        self._records = Records(store.quads(self._names.canonical_graph))

    def readings(self) -> Iterator[Reading]:
        """Give what was read of the articles, in the order of their ids."""
        for graph in self._store.graphs():
            if graph.value.startswith(self._names.article_graph("").value):
                reading = self._records.reading(self._store.quads(graph))
                if reading is not None:
                    yield reading

    def events(self) -> list[tuple[Event, list[str]]]:
        """Give the merged events by date, without their mentions, whose ids stand beside them."""
        return sorted(self._records.events(), key=lambda pair: event_order(pair[0]))


def event_order(event: Event) -> tuple[str, str]:
    """What events are sorted by: the date, then the id."""
    return (event.when.iso if event.when else "", event.id)


def publisher(article: Article) -> str:
    """Who published an article; one without a publisher stands for itself."""
    return article.source.name if article.source else article.name
