"""How much a graph holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.rdf import PREFIXES

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Counts", "count_graph"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a graph holds.

    Attributes:
        merged: events told by two or more publishers.
        entities: that play a part in an event mention.
    """

    mentions: int = 0
    events: int = 0
    merged: int = 0
    entities: int = 0
    contradictions: int = 0


COUNTED = {
    "mentions": "?x a kg:EventMention",
    "events": "?x a sem:Event",
    "merged": "?x a sem:Event ; kg:sourceCount ?voices FILTER (?voices > 1)",
    "entities": "?mention a kg:EventMention ; kg:actor|kg:target ?x",
    "contradictions": "?x a kg:Contradiction",
}


def count_graph(store: Store) -> Counts:
    """Count what a store holds.

    >>> from kg.store import open_store
    >>> count_graph(open_store()).events
    0
    """
    return Counts(**{name: _count(store, pattern) for name, pattern in COUNTED.items()})


def _count(store: Store, pattern: str) -> int:
    declared = " ".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("kg", "sem"))
    ask = f"{declared} SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}"
    (row,) = cast("ox.QuerySolutions", store.query(ask))
    return int(cast("ox.Literal", row["n"]).value)
