"""What a folder shall hold: pure bookkeeping of places, articles and readings.

What was stored is never lost to an input that can't be read: a place that failed stays as it was.
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from kg.collection.archive import Place, place_of
from kg.model import Article, file_named, path_text

__all__ = [
    "Held",
    "Holding",
    "Plan",
    "exactly",
    "free_place",
    "lineage",
    "standing",
    "with_articles",
    "without",
]

Held = tuple[str, str]
"""An article's id, and the digest of its reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """What is at hand for a plan.

    Attributes:
        places: every place with what it holds; digests are those of the present edition.
        failed: (path, record) of inputs that can't be read now; -1 for a file as a whole.
        exists: tells whether a path is still there.
    """

    places: Mapping[Place, Held]
    failed: frozenset[tuple[str, int]] = frozenset()
    exists: Callable[[str], bool] = lambda path: file_named(path).exists()


def standing(places: Mapping[Place, Held]) -> dict[str, tuple[Place, str]]:
    """For each article the first of its places, files before standard input, and a digest."""
    chosen: dict[str, tuple[Place, str]] = {}
    ordered = sorted(places)
    unnamed = bisect_right(ordered, ("", sys.maxsize))
    for place in (*ordered[unnamed:], *ordered[:unnamed]):
        article, digest = places[place]
        chosen.setdefault(article, (place, digest))
    return chosen


@dataclass(frozen=True, kw_only=True)  # no slots: what stands is found once
class Plan:
    """What a folder shall hold.

    Attributes:
        places: every place with what it holds.
        moved: (old path, new path) of texts that were found under another path and gone under
            their own.
        revised: new article -> the one whose place it took.
    """

    places: dict[Place, Held]
    moved: tuple[tuple[str, str], ...] = ()
    revised: dict[str, str]

    @cached_property
    def standing(self) -> dict[str, tuple[Place, str]]:
        """For each article the place whose name and path it bears, and its reading's digest."""
        return standing(self.places)

    def leaving_out(self, places: Iterable[Place]) -> Plan:
        """The plan without some places: their articles can't be read out."""
        out = set(places)
        if not out:
            return self
        places = {place: held for place, held in self.places.items() if place not in out}
        return replace(self, places=places)


def exactly(found: Mapping[Place, Held], holding: Holding) -> Plan:
    """Plan to hold what was found and nothing else; what was known of its places shows revisions.

    Args:
        found: what this run's inputs hold.
    """
    return Plan(places=dict(found), revised=_revised(found, holding.places))


def with_articles(found: Mapping[Place, Held], holding: Holding) -> Plan:
    """Plan to hold what was found too.

    A place that has other bytes now holds a new version. A text known from a path that is gone has
    moved. A line that is gone from a file of JSON lines is gone; one that can't be read any more
    stays as it was.
    """
    places = dict(holding.places)
    read = {place.path for place in found if place.record >= 0}
    for place in holding.places:
        shortened = place.path in read and place not in found
        if shortened and (place.path, place.record) not in holding.failed:
            del places[place]
    moved = _moved(places, found, holding)
    for place, _ in moved:
        del places[place]
    return Plan(
        places=places | dict(found),
        moved=tuple((old.path, to.path) for old, to in moved),
        revised=_revised(found, holding.places),
    )


def without(wanted: str, holding: Holding) -> Plan | None:
    """Plan to hold no article that `wanted` names: a path, a folder, an article's id or its name.

    Returns:
        None if it names none.
    """
    if not wanted:  # as a path it would be the folder where one stands
        return None
    path = Path(path_text(wanted))
    here = str(Path().absolute())
    gone = {
        place
        for place, (article, _) in holding.places.items()
        if wanted in (article, place[2])
        # what is in a path has its last name in its own: of many places few are looked at
        or (
            (place[0] and (path.name in place[0] or path.name in here))
            and _is_in(Path(place[0]), path)
        )
    }
    if not gone:
        return None
    places = {place: held for place, held in holding.places.items() if place not in gone}
    return Plan(places=places, revised={})


def _is_in(place: Path, path: Path) -> bool:
    """Tell whether a path is another one or in it, however the two are written."""
    return any(
        one == other or other in one.parents
        for one, other in ((place, path), (place.absolute(), path.absolute()))
    )


def free_place(article: Article, found: Mapping[Place, Held]) -> Place:
    """Tell an article's place; two texts of standard input with one id stand side by side."""
    place = place_of(article)
    if place in found and found[place][0] != article.id:
        return place._replace(name=f"{place.name} {article.id}")
    return place


def _moved(
    places: Mapping[Place, Held], new: Mapping[Place, Held], holding: Holding
) -> list[tuple[Place, Place]]:
    """Pair places whose path is gone with new places of the same text."""
    fresh = {held[0]: place for place, held in sorted(new.items(), reverse=True)}
    known = sorted((old, held[0]) for old, held in places.items() if held[0] in fresh)
    return [
        (old, fresh[article])
        for old, article in known
        if old not in new
        and fresh[article] not in places
        and old.path
        and not holding.exists(old.path)
    ]


def _revised(new: Mapping[Place, Held], old: Mapping[Place, Held]) -> dict[str, str]:
    """Articles that took another one's place: of the same file, or the same id in a file of lines.

    A line's number is no place that lasts, and a line without an id is called by its number.
    """
    paths = {place.path for place in new}
    here = ((place, held[0]) for place, held in old.items() if place[0] in paths)
    lasting = {key: article for place, article in here if (key := _lasting(place))}
    return {
        article: lasting[key]
        for place, (article, _) in sorted(new.items(), reverse=True)
        if (key := _lasting(place)) in lasting and lasting[key] != article
    }


def _lasting(place: Place) -> tuple[str, str] | None:
    numbered = place.record >= 0 and place.name == f"{Path(place.path).stem}-{place.record + 1}"
    return None if numbered else (place.path, place.name)


def lineage(known: Mapping[str, str], revised: Mapping[str, str], held: set[str]) -> dict[str, str]:
    """Bring up to date which article took which one's place, as far as leads to one that is held.

    A text that comes back as it was is no revision of what came between.

    >>> lineage({"b": "a"}, {"c": "b"}, {"c"})
    {'b': 'a', 'c': 'b'}
    >>> lineage({"b": "a"}, {"a": "b"}, {"a"})
    {}
    """
    if not (known or revised):
        return {}
    edges = dict(known)
    for newer, older in sorted(revised.items()):
        if newer not in _ancestors(older, edges):
            edges[newer] = older
    reached = {newer for article in held for newer in (article, *_ancestors(article, edges))}
    return {newer: older for newer, older in sorted(edges.items()) if newer in reached}


def _ancestors(article: str, edges: Mapping[str, str]) -> list[str]:
    found: list[str] = []
    while article in edges and edges[article] not in found:
        article = edges[article]
        found.append(article)
    return found
