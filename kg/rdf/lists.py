"""What lists of events and speeches go by: their order, and names in one text.

A store answers a question over all events quickly if it reads one property from its index, and
slowly if it has to look something up for each: so what a list is ordered by, and the names that a
row shows, stand at the event itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from hashlib import sha256

from pyoxigraph import Literal, NamedNode

from kg.model import Entity, Event
from kg.rdf.publishers import Publishers
from kg.rdf.terms import Names, Statement, described, literal_of, term

__all__ = ["UNDATED", "days_of", "event_list_statements", "names_asked", "order_key"]

UNDATED = "XXXXXXXX"  # EDTF's digits that nobody knows; behind all days
_SHORT = 15  # characters that Oxigraph keeps in its index, and compares without looking them up


def order_key(iso: str | None, id_: str) -> str:
    """Make a short text by which things are ordered by day, and within it by id.

    >>> order_key("2016-05", "8c14ab90ff"), order_key(None, "8c14ab90ff")
    ('201605018c14ab9', 'XXXXXXXX8c14ab9')
    """
    first, last = days_of(iso or "")
    day = first or last
    return (day.isoformat().replace("-", "") if day else UNDATED) + id_[: _SHORT - len(UNDATED)]


def event_list_statements(
    node: NamedNode, event: Event, publishers: Publishers
) -> Iterator[Statement]:
    """Give an event its place in lists, and what a row of one shows."""
    iso = event.when.iso if event.when else None
    yield node, term("kg:order"), Literal(order_key(iso, event.id))
    yield from described(node, term("kg:date"), literal_of(iso))
    for entities, names, countries in (
        (event.actors, "kg:actorNames", "kg:actorCountries"),
        (event.targets, "kg:targetNames", "kg:targetCountries"),
    ):
        named = sorted({(entity.name, entity.country or "") for entity in entities})
        if named:
            yield node, term(names), Literal(_joined(name for name, _ in named))
            yield node, term(countries), Literal(_joined(code for _, code in named))
    yield from described(node, term("kg:pairKey"), *map(Literal, _pair_keys(event)))
    told = sorted(_names_of(event, publishers))
    yield from described(node, term("kg:sourceNames"), Literal(_joined(told)) if told else None)


def _pair_keys(event: Event) -> list[str]:
    """Give each pair of actor and target a key as short as `order_key`, for counting them.

    SPARQL can make it too: `SUBSTR(SHA256(CONCAT(actor, " ", target)), 1, 15)`, of the last parts
    of their IRIs. Among a million pairs two have the same key once in two million graphs.
    """
    actors, targets = (
        [Names().entity(entity).value.rpartition("/")[2] for entity in entities]
        for entities in (event.actors, event.targets)
    )
    pairs = (f"{actor} {target}" for actor in actors for target in targets)
    return [sha256(pair.encode("ascii")).hexdigest()[:_SHORT] for pair in pairs]


def _names_of(event: Event, publishers: Publishers) -> set[str]:
    """The names of an event's voices; one may be the paper whose text others only copied.

    A paper may be spelt in two ways. What counts is how the event's own articles have it.
    """
    own = publishers.names_in(mention.article_id for mention in event.mentions)
    names = (own.get(id_) or publishers.name(id_) for id_ in event.voices)
    return {name for name in names if name is not None}


def _joined(names: Iterable[str]) -> str:
    return "; ".join(names)


def names_asked(entity: Entity | None, name: str | None = None) -> list[str]:
    """Under which names a question finds somebody: their own, their country's code; lower case.

    Args:
        name: of whom no entity is known.

    >>> names_asked(Entity(id="ab12", name="Katrin Jonsdottir", kind="person", country="ISL"))
    ['isl', 'katrin jonsdottir']
    """
    names = (entity.name, entity.country) if entity else (name,)
    return sorted({name.lower() for name in names if name})


def days_of(iso: str) -> tuple[date | None, date | None]:
    """First and last day of an ISO date, week, month, year, season (EDTF) or interval of them.

    >>> [day.isoformat() for day in days_of("2016-05")]
    ['2016-05-01', '2016-05-31']
    >>> days_of("2015-09-30/..")
    (datetime.date(2015, 9, 30), None)
    """
    if "/" in iso:
        begin, _, end = iso.partition("/")
        return days_of(begin)[0], days_of(end)[1]
    try:
        if season := re.fullmatch(r"(\d{4})-2([1-4])", iso):
            start = date(int(season[1]), 3 * int(season[2]), 1)
            return start, _month_start(start, 3) - timedelta(days=1)
        if re.fullmatch(r"\d{4}-W\d\d", iso):
            start = date.fromisoformat(f"{iso}-1")
            return start, start + timedelta(days=6)
        if re.fullmatch(r"\d{4}(-\d\d)?", iso):
            start = date.fromisoformat(f"{iso}-01" if "-" in iso else f"{iso}-01-01")
            months = 1 if "-" in iso else 12
            return start, _month_start(start, months) - timedelta(days=1)
        day = date.fromisoformat(iso.partition("T")[0])
    except (ValueError, OverflowError):
        return None, None
    return day, day


def _month_start(start: date, months: int) -> date:
    """The first of the month so many months after `start`."""
    count = start.year * 12 + start.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)
