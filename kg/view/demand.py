"""The parts of the page, each made when somebody asks for it: for a server over a large store.

`core` is read without any offset or text, and grows with the store; a chunk of tellings or texts is
read for its own events or articles alone. Every part is the same as `kg.view.page_parts` makes it,
and a page that opens waits for `core` only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
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
    read_marks,
)
from kg.view.tellings import read_event_mentions, read_parts, read_players, read_tellings

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["PartsOnDemand", "is_chunk", "outline", "read_core"]

CHUNK = re.compile(r"(tellings|texts)-(0|[1-9]\d{0,8})")


def read_core(store: Store, progress: Callable[[float], None] = lambda _: None) -> Record:
    """Read what the page opens with, and nothing else.

    Args:
        progress: is told now and then how much of the work is done, from 0 to 1.

    Raises:
        StoreError: the store holds no article.
    """
    articles = read_articles(store, texts=False)
    if not articles:
        raise StoreError("the store holds no article: run `kg build PATH` first")
    starts = text_starts([article.pop("length") for article in articles])
    progress(0.05)
    tellings = read_tellings(store)
    progress(0.3)
    players = read_players(store)
    progress(0.45)
    publishers = {each["id"]: each["publisher"] for each in articles}
    events = read_events(store, players, tellings, publishers)
    progress(0.65)
    entities = read_entities(store, events)
    clashes = read_contradictions(store, tellings)
    progress(0.8)
    core = cut_core(compose(articles, entities, events, clashes), starts)
    progress(0.95)
    return core


def is_chunk(name: str) -> bool:
    """Tell whether a chunk of tellings or texts could be called so.

    >>> is_chunk("tellings-0"), is_chunk("../core")
    (True, False)
    """
    return CHUNK.fullmatch(name) is not None


def outline(core: Record) -> Record:
    """Give of `core` what the other parts are made by: some tenths of it."""
    articles, events = core["articles"], core["events"]
    return {
        "base": core["base"],
        "chunks": core["chunks"],
        "articles": {key: articles[key] for key in ("id", "publisher")},
        "entities": {"id": core["entities"]["id"]},
        "events": {key: events[key] for key in ("id", "articles", "type")},
    }


class PartsOnDemand:
    """The parts of one state of a store, but for the one that the page opens with."""

    def __init__(self, store: Store, core: Record) -> None:
        """Prepare them.

        Args:
            core: as `read_core` gives it for this state, or its `outline`.
        """
        self._store, self._core = store, core
        self._places = Places.of_core(core)

    def make(self, name: str) -> Record | None:
        """Make a part; None if there is none of that name."""
        if name == "namings":
            return self._namings()
        chunk = CHUNK.fullmatch(name)
        if chunk is None:
            return None
        return (
            self._tellings(int(chunk[2])) if chunk[1] == "tellings" else self._texts(int(chunk[2]))
        )

    def _tellings(self, number: int) -> Record | None:
        size = self._core["chunks"]["tellings"]
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
        starts, iris = self._core["chunks"]["texts"], self._places.iris["articles"]
        if number >= len(starts):
            return None
        wanted = iris[starts[number] : [*starts, len(iris)][number + 1]]
        links = read_marks(self._store, wanted)
        return cut_texts(read_articles(self._store, wanted), links, self._places)

    def _namings(self) -> Record:
        """What each source calls whom; only what two or more tell of is read to the letter."""
        articles, events = self._core["articles"], self._core["events"]
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
