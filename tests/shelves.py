"""Folders of hand-made readings, for tests of what a folder holds; nothing here loads spaCy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from pyoxigraph import Quad

from kg.collection import (
    Change,
    Collection,
    Made,
    MakeQuads,
    Packed,
    Source,
    pack,
    reading_digest,
)
from kg.merge import merge
from kg.model import Reading
from kg.rdf import Names, history_quads, to_quads, vocabulary_quads
from kg.store import Store, open_store

__all__ = [
    "MADE",
    "at",
    "fresh_quads",
    "hold",
    "lines",
    "made_elsewhere",
    "of_readings",
    "packed",
    "stored_quads",
    "take_out",
]

MADE = Made(edition="e1", model="m")


def at(path: str, reading: Reading, **more: object) -> Reading:
    """The reading as of a file."""
    article = replace(reading.article, path=path, name=Path(path).stem, **more)  # type: ignore[arg-type]
    return replace(reading, article=article)


def hold(
    folder: Path,
    readings: Iterable[Reading],
    *,
    only: bool = False,
    made: Made = MADE,
    failed: Sequence[tuple[str, int]] = (),
    make_quads: MakeQuads | None = None,
) -> Change:
    """Add readings to a folder, or have it hold them and no others."""
    by_place = {(r.article.path, r.article.record): r for r in readings}
    articles = [reading.article for reading in by_place.values()]
    with Collection(folder) as collection:
        found = collection.take_in(articles, made)
        if only:
            plan = collection.plan_exactly(found, made)
        else:
            plan = collection.plan_with(found, made, frozenset(failed))
        waiting = collection.articles(collection.unread(plan))
        collection.keep(packed((by_place[a.path, a.record] for a in waiting), made))
        return collection.change(plan, made, None, make_quads)


def packed(readings: Iterable[Reading], made: Made = MADE) -> list[Packed]:
    """Readings as a folder keeps them."""
    return [pack(reading_digest(one.article, made.edition), one) for one in readings]


def take_out(folder: Path, *names: str) -> Change:
    """Remove what paths or ids name; everything left has been read."""
    with Collection(folder) as collection:
        plan, unknown = collection.plan_without(names, MADE)
        assert not unknown
        assert not collection.unread(plan)
        return collection.change(plan, MADE, None)


def stored_quads(folder: Path) -> set[Quad]:
    """What the folder's store holds of readings."""
    with open_store(folder / "store", read_only=True) as store:
        return of_readings(store)


def of_readings(store: Store) -> set[Quad]:
    """What a store holds, but for vocabulary and history, which no reading tells."""
    names = Names()
    others = (names.history_graph, names.vocabulary_graph)
    return {quad for quad in store.quads() if quad.graph_name not in others}


def fresh_quads(readings: Iterable[Reading], model: str = MADE.model) -> set[Quad]:
    """What a fresh build of readings holds, the vocabulary left out."""
    with open_store() as store:
        store.load(to_quads(merge(readings), model=model))
        return set(store.quads())


def made_elsewhere(source: Source) -> Iterator[Quad]:
    """Quads as another engine makes them."""
    readings = source.read(sorted(source.sketches))
    yield from to_quads(merge(readings, source.made.apart), source.made.base, model=MADE.model)
    yield from history_quads(source.history, source.made.base)
    yield from vocabulary_quads(source.made.base)


def lines(quads: Iterable[Quad]) -> list[str]:
    """Quads to be read in a failed assertion."""
    return sorted(map(str, quads))
