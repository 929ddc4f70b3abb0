"""How much a graph holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

from kg.rdf import PREFIXES

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Counts", "count_graph", "find_repeats"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much a graph holds.

    Attributes:
        merged: events told by two or more publishers, each on its own.
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


def find_repeats(
    store: Store, among: Iterable[ox.NamedNode] | None = None
) -> tuple[tuple[str, str, str], ...]:
    """List the articles that repeat another: name, the other's name, how that shows; sorted.

    Args:
        among: articles that repeat or are repeated; None for any.
    """
    pair = """?copy kg:copyReason ?why ; prov:wasDerivedFrom ?original ; rdfs:label ?name .
      ?original rdfs:label ?other"""
    if among is not None:  # from either end, so that no other copies are gone through
        some = " ".join(map(str, among))
        ends = (f"{{ VALUES ?{end} {{ {some} }} {pair} }}" for end in ("copy", "original"))
        pair = " UNION ".join(ends)
    ask = f"SELECT ?name ?other ?why {{ {pair} }}"
    declared = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("kg", "prov", "rdfs"))
    rows = cast("ox.QuerySolutions", store.query(declared + ask))
    found = {
        tuple(cast("ox.Literal", row[n]).value for n in ("name", "other", "why")) for row in rows
    }
    return tuple(sorted(cast("set[tuple[str, str, str]]", found)))


def _count(store: Store, pattern: str) -> int:
    declared = " ".join(f"PREFIX {name}: <{PREFIXES[name]}>" for name in ("kg", "sem"))
    ask = f"{declared} SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}"
    (row,) = cast("ox.QuerySolutions", store.query(ask))
    return int(cast("ox.Literal", row["n"]).value)
