"""What articles share, counted: how many tell of an entity, a time, an act, a publisher, a day.

An entity's canonical record is the fullest that any article has of it, and it goes with the last
that tells of it: so each record is kept with how often it is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from operator import itemgetter
from typing import TypeAlias

from pyoxigraph import Quad

from kg.collection.index import Index
from kg.model import Entity, Event, Reading, Source, When
from kg.rdf import Act, SharedQuads, act_of, all_arguments, time_of

__all__ = ["Reshared", "Shared", "Shares", "add_shares", "shares_of", "shares_of_event"]

COUNT = (
    "INSERT INTO seen VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
    "uses = uses + excluded.uses, named = named + excluded.named, "
    "played = played + excluded.played"
)
TOGETHER = 1_000  # things whose quads are made at once

Record = tuple[str, str, str]
"""Of what kind a thing is, what it is called by, and how it is told."""


@dataclass(slots=True)
class Uses:
    """How often a record is told, how often named, and how often as who acts or is acted on."""

    told: int = 0
    named: int = 0
    played: int = 0

    @property
    def counts(self) -> tuple[int, int, int]:
        """All three."""
        return self.told, self.named, self.played


Shares: TypeAlias = dict[Record, Uses]


def shares_of(reading: Reading) -> Shares:
    """Count what a reading tells of."""
    found: Shares = {}
    for argument in all_arguments(reading):
        if argument.entity is not None:
            found.setdefault(_record(argument.entity), Uses()).told += 1
    for link in reading.links:
        if link.entity is not None and link.mention is not None:
            found[_record(link.entity)].named += 1
    for mention in reading.events:
        for argument in (*mention.actors, *mention.targets):
            if argument.entity is not None:
                found[_record(argument.entity)].played += 1
        found.setdefault(_record(act_of(mention.action, mention.code)), Uses()).told += 1
        if mention.when is not None:
            found.setdefault(_record(time_of(mention.when)), Uses()).told += 1
    if reading.article.source is not None:
        found.setdefault(_record(reading.article.source), Uses()).told += 1
    day = (reading.article.published or "")[:10]
    if len(day) == len("2016-05-20"):
        found.setdefault(("day", day, ""), Uses()).told += 1
    return found


def shares_of_event(event: Event) -> Shares:
    """Count what an event tells of besides what its mentions do: a name for the act."""
    return {_record(act_of(event.action, event.code)): Uses(told=1)}


def add_shares(total: Shares, more: Shares, times: int = 1) -> None:
    """Add what is told of to what was; or take it off."""
    for record, uses in more.items():
        sum_ = total.setdefault(record, Uses())
        sum_.told += times * uses.told
        sum_.named += times * uses.named
        sum_.played += times * uses.played


class Shared:
    """What is told of, in an index.

    Args:
        base: of every IRI but those of the vocabulary.
    """

    def __init__(self, index: Index, base: str) -> None:
        self._index, self._base = index, base

    def take(self, shares: Shares) -> None:
        """Take in what some readings and events tell of."""
        rows = sorted((*record, *uses.counts) for record, uses in shares.items())
        self._index.file.executemany(COUNT, rows)

    @property
    def entities(self) -> tuple[int, int]:
        """How many entities are told of, and how many of them play a part."""
        by_id = "SELECT MAX(played) AS played FROM seen WHERE kind = 'entity' GROUP BY id"
        told, played = self._index.one(f"SELECT COUNT(*), SUM(played > 0) FROM ({by_id})")
        return told, played or 0

    def quads(self) -> Iterator[Quad]:
        """The quads of all that is told of, a thousand things at a time."""
        rows = self._index.file.execute("SELECT * FROM seen ORDER BY kind, id, record")
        things = (list(same) for _, same in groupby(rows, key=itemgetter(0, 1)))
        while some := list(islice(things, TOGETHER)):
            yield from self._noted(some).rest()

    @property
    def period(self) -> tuple[str, str] | None:
        """The first and the last day of the articles."""
        first, last = self._index.one("SELECT MIN(id), MAX(id) FROM seen WHERE kind = 'day'")
        return (first, last) if first else None

    def name_of(self, source: str) -> str | None:
        """The least of the names that articles have for a publisher."""
        select = "SELECT record FROM seen WHERE kind = 'source' AND id = ?"
        return min(map(json.loads, self._index.column(select, _text(source))), default=None)

    def renames(self, shares: Shares) -> bool:
        """Tell whether a change gives a publisher another least name.

        Args:
            shares: as for `change`.
        """
        for (kind, id_, name), uses in shares.items():
            if kind == "source" and uses.told:
                select = "SELECT record, uses FROM seen WHERE kind = 'source' AND id = ?"
                told = dict(self._index.rows(select, id_))
                after = told | {name: told.get(name, 0) + uses.told}
                names = [name for name, times in after.items() if times > 0]
                if told and names and min(told) != min(names):
                    return True
        return False

    def change(self, shares: Shares) -> Reshared:
        """Count what has come and gone.

        Args:
            shares: how much more, or less, is told.
        """
        things = sorted({record[:2] for record, uses in shares.items() if any(uses.counts)})
        before = [self._told_of(*thing) for thing in things]
        for record, uses in shares.items():
            self._count(record, uses)
        after = [self._told_of(*thing) for thing in things]
        entities = [thing[0] == "entity" for thing in things]
        return Reshared(
            before=self._noted(before),
            after=self._noted(after),
            entities=_held(after, entities) - _held(before, entities),
            played=_played(after, entities) - _played(before, entities),
        )

    def _told_of(self, kind: str, id_: str) -> list[Row]:
        select = "SELECT * FROM seen WHERE kind = ? AND id = ? ORDER BY record"
        return self._index.rows(select, kind, id_)

    def _count(self, record: Record, uses: Uses) -> None:
        self._index.file.execute(COUNT, (*record, *uses.counts))
        if uses.told <= 0:
            delete = "DELETE FROM seen WHERE kind = ? AND id = ? AND record = ? AND uses = 0"
            self._index.file.execute(delete, record)

    def _noted(self, things: Iterable[list[Row]]) -> SharedQuads:
        shared = SharedQuads(self._base)
        for rows in things:
            for kind, id_, record, _, named, _ in rows:
                if kind != "day":
                    shared.note(_thing(kind, id_, record), named)
        return shared


Row = tuple[str, str, str, int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reshared:
    """What a change does to what articles share.

    Attributes:
        before, after: the things that are told of otherwise now, as they were and are.
        entities, played: how many more there are, and how many more that play a part.
    """

    before: SharedQuads
    after: SharedQuads
    entities: int
    played: int


def _held(things: Iterable[list[Row]], entities: Iterable[bool]) -> int:
    return sum(bool(rows) for rows, entity in zip(things, entities, strict=True) if entity)


def _played(things: Iterable[list[Row]], entities: Iterable[bool]) -> int:
    return sum(
        any(row[5] for row in rows) for rows, entity in zip(things, entities, strict=True) if entity
    )


def _record(thing: Entity | When | Source | Act) -> Record:
    if isinstance(thing, Entity):
        sort = thing.kind, thing.country, thing.sector, thing.role
        return "entity", _text(thing.id), _text(thing.id, thing.name, *sort, thing.same_as)
    if isinstance(thing, When):
        return "time", _text(thing.iso, thing.precision, thing.basis), ""
    if isinstance(thing, Source):
        return "source", _text(thing.id), _text(thing.name)
    return "act", _text(thing[0]), _text(thing[1])


def _thing(kind: str, id_: str, record: str) -> Entity | When | Source | Act:
    """Give back what `_record` wrote."""
    if kind == "entity":
        id_, name, kind, country, sector, role, same_as = json.loads(record)
        return Entity(
            id=id_, name=name, kind=kind, country=country, sector=sector, role=role,
            same_as=tuple(same_as),
        )  # fmt: skip
    if kind == "time":
        iso, precision, basis = json.loads(id_)
        return When(text=None, iso=iso, precision=precision, basis=basis)
    if kind == "source":
        return Source(id=json.loads(id_), name=json.loads(record))
    return json.loads(id_), json.loads(record)


def _text(*values: object) -> str:
    """Write values so that any text of theirs can stand in a table."""
    return json.dumps(values if len(values) > 1 else values[0])
