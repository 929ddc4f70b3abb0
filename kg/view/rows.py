"""Rows of SPARQL answers, in a fixed order, and what is often done with their cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import unquote

from kg.rdf import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

    from kg.store import Store

__all__ = ["PREFIXED", "Record", "concept", "one_line", "read_rows", "words_seen"]

# What JSON holds: the page's script reads it, nothing here looks into it twice.
Record: TypeAlias = dict[str, Any]

PREFIXED = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(PREFIXES.items()))


def read_rows(store: Store, pattern: str) -> list[dict[str, str | None]]:
    """Run a SELECT and return its rows in a fixed order; an unbound variable is None."""
    solutions = cast("QuerySolutions", store.query(PREFIXED + pattern))
    names = [variable.value for variable in solutions.variables]
    rows = [{name: getattr(row[name], "value", None) for name in names} for row in solutions]
    return sorted(rows, key=lambda row: [row[name] or "" for name in names])


def concept(iri: str | None, scheme: str) -> str | None:
    """The code at the end of a concept's IRI.

    >>> concept("https://w3id.org/newskg/plover/sector-GOV", "sector-")
    'GOV'
    """
    return None if iri is None else unquote(iri.rpartition("/")[2]).removeprefix(scheme)


def one_line(words: str | None) -> str:
    """A name broken over two lines is the same name."""
    return " ".join((words or "").split())


def words_seen(store: Store) -> dict[str | None, str | None]:
    """What a reader sees in a span, where tags or character references stand in between."""
    rows = read_rows(store, "SELECT DISTINCT ?span ?exact { ?span oa:hasSelector/oa:exact ?exact }")
    return {row["span"]: row["exact"] for row in rows}
