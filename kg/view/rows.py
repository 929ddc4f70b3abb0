"""Rows of SPARQL answers, in a fixed order, and what is often done with their cells."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import unquote

import pyoxigraph as ox

from kg.rdf import PREFIXES

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "PREFIXED",
    "Record",
    "concept",
    "narrowed",
    "one_line",
    "read_rows",
    "read_values",
    "words_seen",
]

# What JSON holds: the page's script reads it, nothing here looks into it twice.
Record: TypeAlias = dict[str, Any]

PREFIXED = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(PREFIXES.items()))


def read_rows(
    store: Store, pattern: str, **only: Iterable[str] | None
) -> list[dict[str, str | None]]:
    """Run a SELECT and return its rows in a fixed order; an unbound variable is None.

    Args:
        only: the IRIs that a variable may stand for; None for all that there are.
    """
    solutions = cast("ox.QuerySolutions", store.query(PREFIXED + narrowed(pattern, **only)))
    names = [variable.value for variable in solutions.variables]
    rows = [{name: getattr(row[name], "value", None) for name in names} for row in solutions]
    return sorted(rows, key=lambda row: [row[name] or "" for name in names])


def read_values(
    store: Store, predicate: str, more: str = "", only: Iterable[str] | None = None
) -> dict[str, str]:
    """The value of a property by its subject; of several, the first in order.

    A scan of one property costs a few microseconds a value, a join some tens: what belongs together
    is put together here.

    Args:
        more: what else is said of the subject.
        only: the subjects that are asked for.
    """
    wanted = f"; {more}" if more else ""
    query = PREFIXED + narrowed(f"SELECT ?s ?o WHERE {{ ?s {predicate} ?o {wanted} }}", s=only)
    found: dict[str, str] = {}
    for row in cast("ox.QuerySolutions", store.query(query)):
        subject, value = row["s"].value, row["o"].value
        if value < found.get(subject, value + " "):
            found[subject] = value
    return found


def narrowed(pattern: str, **only: Iterable[str] | None) -> str:
    """Let variables of a SELECT stand for some IRIs alone; what is no IRI can't be asked for.

    >>> narrowed("SELECT ?s { ?s ?p ?o }", s=["urn:a", "no IRI> { "])
    'SELECT ?s { VALUES ?s { <urn:a> } ?s ?p ?o }'
    """
    for name, iris in only.items():
        if iris is not None:
            wanted = " ".join(sorted({term for iri in iris if (term := _term(iri))}))
            pattern = pattern.replace("{", f"{{ VALUES ?{name} {{ {wanted} }}", 1)
    return pattern


def _term(iri: str) -> str | None:
    """An IRI as SPARQL writes it."""
    try:
        return str(ox.NamedNode(iri))
    except ValueError:
        return None


def concept(iri: str | None, scheme: str) -> str | None:
    """The code at the end of a concept's IRI.

    >>> concept("https://w3id.org/newskg/plover/sector-GOV", "sector-")
    'GOV'
    """
    return None if iri is None else unquote(iri.rpartition("/")[2]).removeprefix(scheme)


def one_line(words: str | None) -> str:
    """A name broken over two lines is the same name."""
    return " ".join((words or "").split())


def words_seen(store: Store, spans: Iterable[str] | None = None) -> dict[str | None, str | None]:
    """What a reader sees in a span, where tags or character references stand in between.

    Args:
        spans: those that are asked for; None for all.
    """
    pattern = "SELECT DISTINCT ?span ?exact { ?span oa:hasSelector/oa:exact ?exact }"
    rows = read_rows(store, pattern, span=spans)
    return {row["span"]: row["exact"] for row in rows}
