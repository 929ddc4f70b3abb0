"""The parts of the page, each made when somebody asks for it: for a server over a large store.

`core` is read without any offset or text; a chunk of tellings or texts is read for its own events
or articles alone. Every part is the same as `kg.view.page_parts` makes it, and a page that opens
waits for `core` only.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.view.graph import compose
from kg.view.namings import find_namings
from kg.view.parts import Places, cut_core, cut_tellings, cut_texts, text_starts
from kg.view.rows import Record
from kg.view.tables import (
    read_articles,
    read_contradictions,
    read_entities,
    read_events,
    read_links,
)
from kg.view.tellings import read_event_mentions, read_parts, read_players, read_tellings

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["PartsOnDemand", "read_core"]

CHUNK = re.compile(r"(tellings|texts)-(0|[1-9]\d{0,8})")


def read_core(store: Store) -> Record:
    """Read what the page opens with, and nothing else.

    Raises:
        StoreError: the store holds no article.
    """
    articles = read_articles(store)
    if not articles:
        raise StoreError("the store holds no article: run `kg build PATH` first")
    starts = text_starts([len(article.pop("text")) for article in articles])
    tellings = read_tellings(store)
    publishers = {each["id"]: each["publisher"] for each in articles}
    events = read_events(store, read_players(store), tellings, publishers)
    entities = read_entities(store, events)
    clashes = read_contradictions(store, tellings)
    return cut_core(compose(articles, entities, events, clashes), starts)


class PartsOnDemand:
    """The parts of one state of a store.

    Attributes:
        core: the part that the page opens with.
    """

    def __init__(self, store: Store) -> None:
        """Read `core`.

        Raises:
            StoreError: the store holds no article.
        """
        self._store, self.core = store, read_core(store)
        self._places = Places.of_core(self.core)

    def make(self, name: str) -> Record | None:
        """Make a part; None if there is none of that name."""
        if name == "core":
            return self.core
        if name == "namings":
            return self._namings()
        chunk = CHUNK.fullmatch(name)
        if chunk is None:
            return None
        return (
            self._tellings(int(chunk[2])) if chunk[1] == "tellings" else self._texts(int(chunk[2]))
        )

    def _tellings(self, number: int) -> Record | None:
        size = self.core["chunks"]["tellings"]
        wanted = self._places.iris["events"][number * size : (number + 1) * size]
        if not wanted:
            return None
        told = self._told(wanted)
        return cut_tellings([told.get(iri, []) for iri in wanted], self._places)

    def _told(self, events: list[str]) -> dict[str, list[Record]]:
        """All about the tellings of some events."""
        named = [
            each["id"] for told in read_tellings(self._store, events).values() for each in told
        ]
        return read_event_mentions(self._store, read_parts(self._store, named), events)

    def _texts(self, number: int) -> Record | None:
        starts, iris = self.core["chunks"]["texts"], self._places.iris["articles"]
        if number >= len(starts):
            return None
        wanted = iris[starts[number] : [*starts, len(iris)][number + 1]]
        links = read_links(self._store, wanted)
        return cut_texts(read_articles(self._store, wanted), links, self._places)

    def _namings(self) -> Record:
        """What each source calls whom; only what two or more tell of is read to the letter."""
        articles, events = self.core["articles"], self.core["events"]
        iris = self._places.iris
        shared = [
            iri
            for iri, told in zip(iris["events"], events["articles"], strict=True)
            if len({articles["publisher"][place] for place in told}) > 1
        ]
        told = self._told(shared)
        page = {
            "articles": [
                {"id": iri, "publisher": publisher}
                for iri, publisher in zip(iris["articles"], articles["publisher"], strict=True)
            ],
            "events": [
                {"type": type_, "mentions": told.get(iri, [])}
                for iri, type_ in zip(iris["events"], events["type"], strict=True)
            ],
            "links": read_links(self._store),
        }
        return find_namings(page, self._places.article, self._places.entity)
