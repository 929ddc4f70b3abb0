"""Rows of SPARQL answers, in a fixed order, and what is often done with their cells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
    names, cells = _answer(store, narrowed(pattern, **only))
    return [dict(zip(names, row, strict=True)) for row in sorted(cells, key=_bound)]


def _bound(row: list[str | None]) -> list[str]:
    return [cell or "" for cell in row]


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
    _, cells = _answer(
        store, narrowed(f"SELECT ?s ?o WHERE {{ ?s {predicate} ?o {wanted} }}", s=only)
    )
    found: dict[str, str] = {}
    for subject, value in cells:
        if subject and value is not None and value < found.get(subject, value + " "):
            found[subject] = value
    return found


def _answer(store: Store, select: str) -> tuple[list[str], Iterator[list[str | None]]]:
    """The variables of a SELECT and its rows, as text.

    Oxigraph writes the answer as TSV, and that is read here: in half the time that it takes to make
    an object of each term.
    """
    solutions = cast("ox.QuerySolutions", store.query(PREFIXED + select))
    names = [variable.value for variable in solutions.variables]
    written = cast("bytes", solutions.serialize(format=ox.QueryResultsFormat.TSV))
    lines = written.decode("utf-8").split("\n")[1:-1]
    return names, ([_plain(term) for term in line.split("\t")] for line in lines)


def _plain(term: str) -> str | None:
    r"""The text of a term of a TSV answer; None where there is none.

    Source: SPARQL 1.1 Query Results CSV and TSV Formats, section 4.

    >>> [_plain(term) for term in ("<urn:a>", r'"a\"b"@en', '""', "12", "")]
    ['urn:a', 'a"b', '', '12', None]
    """
    if term.startswith("<"):
        return term[1:-1]
    if term.startswith('"'):
        text = term[1 : term.rindex('"')]
        return _ESCAPED.sub(_unescaped, text) if "\\" in text else text
    return term or None


_ESCAPED = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))")
_SHORT = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


def _unescaped(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    return chr(int(digits, 16)) if digits else _SHORT.get(escape[3], escape[3])


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
