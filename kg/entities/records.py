"""Entities out of lines of the gazetteer and out of words."""

from __future__ import annotations

from functools import lru_cache

from kg.gazetteer import EntityLine
from kg.model import Entity, content_id, working_record

__all__ = ["Named", "entity_of_line", "make_entity"]


@working_record
class Named:
    """An entity and the rule by which a mention was found to name it.

    Attributes:
        guessed: part of it (its country) isn't stated where the mention stands.
    """

    entity: Entity
    rule: str
    guessed: bool = False


@lru_cache(maxsize=65536)  # one record a name: the same few stand in all articles
def make_entity(
    name: str,
    kind: str,
    country: str | None,
    sector: str | None,
    *,
    role: str | None = None,
) -> Entity:
    """Make an entity whose id comes from kind, country and name."""
    return Entity(
        id=_id(kind, country, name),
        name=name,
        kind=kind,
        country=country,
        sector=sector,
        role=role,
    )


@lru_cache(maxsize=65536)
def entity_of_line(line: EntityLine, role: str | None = None) -> Entity:
    """Turn a line of the gazetteer into an entity; lines of one identity give one id."""
    return Entity(
        id=_id(*line.identity),
        name=line.name,
        kind=line.kind,
        country=line.country,
        sector=line.sector,
        role=role,
        same_as=line.same_as,
    )


def _id(kind: str, country: str | None, name: str) -> str:
    return content_id(kind, country or "", name.casefold())
