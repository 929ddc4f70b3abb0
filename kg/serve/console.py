"""The query page: a form, the named queries, and the answer as a table. It needs no script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlencode

from werkzeug.exceptions import BadRequest, HTTPException
from werkzeug.wrappers import Request, Response

from kg.errors import QueryError
from kg.query import (
    NamedQuery,
    Rows,
    bind_parameters,
    check_read_only,
    named_queries,
    run_query,
)
from kg.rdf import prefixes
from kg.serve.formats import GRAPHS, HTML, RESULTS, Format
from kg.serve.pages import render
from kg.serve.protocol import Question, ask
from kg.serve.records import KINDS

if TYPE_CHECKING:
    from kg.serve.snapshot import Snapshot

__all__ = ["console"]

SHOWN = 1000  # rows on the page
LENGTH = 2000  # characters of a cell on the page
ONE_LINE = 16  # characters of a cell that is never broken
ANSWER = 8 << 20  # bytes of an answer that is put on the page
GRAPH_LENGTH = 200_000
FIRST = """\
SELECT ?event ?label ?date {
  ?event a sem:Event ; rdfs:label ?label .
  OPTIONAL { ?event sem:hasTime/sem:hasTimeStamp ?date }
}
ORDER BY DESC(?date) ?label
LIMIT 100"""
ID = re.compile(r"[0-9a-f]{16}")
NAMES = {
    "csv": "CSV", "tsv": "TSV", "json": "JSON", "ttl": "Turtle", "nt": "N-Triples",
    "jsonld": "JSON-LD",
}  # fmt: skip
PREFIX = re.compile(r"(?<![\w:/<#?$.-])([a-z][a-z-]*):(?!/)")
DECLARED = re.compile(r"\bPREFIX\s+([\w-]*):", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Cell:
    """A value in the table; `address` leads to its page here."""

    text: str
    address: str | None = None

    @property
    def short(self) -> bool:
        """Whether it is better on one line: a date, a number, an id."""
        return len(self.text) <= ONE_LINE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """An answer as the page shows it: rows, a graph, or what was said."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[_Cell, ...], ...] = ()
    total: int = 0
    said: str | None = None
    turtle: str | None = None
    downloads: tuple[tuple[str, str], ...] = ()


def console(request: Request, snapshot: Snapshot, question: Question) -> Response:
    """Answer with the page: the form alone, or with an answer or what is wrong with the query."""
    values = {name: value for name, value in question.others if name not in ("named", "run")}
    named, sparql, error, status, shown = None, question.sparql, None, 200, None
    try:
        named, chosen = _named(question, values)
        run = sparql is not None or "run" in dict(question.others)
        sparql = _with_prefixes(sparql or chosen or FIRST, snapshot.base)
        shown = _answer(request, snapshot, question, sparql) if run else None
    except HTTPException as refused:
        error, status = refused.description, refused.code or 400
    page = render(
        "query.html", sparql=sparql or "", rows=_height(sparql or "", 14 if shown else 30),
        error=error, answer=shown, named=named, values=values, queries=named_queries(),
    )  # fmt: skip
    return Response(page, status=status, content_type=HTML.content_type)


def _height(sparql: str, most: int) -> int:
    return min(max(sparql.count("\n") + 2, 8), most)


def _named(question: Question, values: dict[str, str]) -> tuple[NamedQuery | None, str | None]:
    """Find the named query that is asked for, and its text with the values in it."""
    name = dict(question.others).get("named")
    if name is None:
        return None, None
    named = next((query for query in named_queries() if query.name == name), None)
    if named is None:
        raise BadRequest(f"there is no query called {name[:40]!r}")
    try:
        return named, bind_parameters(named.text, values, named.name)
    except QueryError as error:
        raise BadRequest(str(error)) from error


def _with_prefixes(sparql: str, base: str) -> str:
    """Declare the usual prefixes that a query uses and doesn't declare, where everybody sees it."""
    declared = set(DECLARED.findall(sparql))
    known = prefixes(base)
    used = sorted({name for name in PREFIX.findall(sparql) if name in known} - declared)
    return "".join(f"PREFIX {name}: <{known[name]}>\n" for name in used) + sparql


def _answer(request: Request, snapshot: Snapshot, question: Question, sparql: str) -> _Shown:
    graph = _form(sparql) in ("CONSTRUCT", "DESCRIBE")
    format = GRAPHS[0] if graph else RESULTS[0]
    given = ask(request, snapshot, question, sparql, format)
    with given.body as body:
        if graph:
            text = body.read(GRAPH_LENGTH + 1).decode("utf-8", "replace")
            cut = "\n… and more: ask for it as Turtle" if len(text) > GRAPH_LENGTH else ""
            downloads = _downloads(sparql, GRAPHS)
            return _Shown(turtle=text[:GRAPH_LENGTH] + cut, downloads=downloads)
        if given.length > ANSWER:
            raise BadRequest("the answer is too long for a page; ask for CSV, or for less")
        found: dict[str, Any] = json.load(body)
    if "boolean" in found:
        return _Shown(said="Yes." if found["boolean"] else "No.")
    columns, bindings = tuple(found["head"]["vars"]), found["results"]["bindings"]
    rows = [
        tuple(_cell(binding.get(column), snapshot.base) for column in columns)
        for binding in bindings[:SHOWN]
    ]
    return _Shown(
        columns=columns,
        rows=tuple(_with_events(snapshot, columns, rows)),
        total=len(bindings),
        said=None if bindings else "Nothing fits.",
        downloads=_downloads(sparql, RESULTS),
    )


def _downloads(sparql: str, formats: Sequence[Format]) -> tuple[tuple[str, str], ...]:
    """The same answer as files, by the names that people know the formats by."""
    return tuple(
        (NAMES[format.name], f"/sparql?{urlencode({'query': sparql, 'format': format.name})}")
        for format in formats
        if format.name in NAMES
    )


def _with_events(
    snapshot: Snapshot, columns: Sequence[str], rows: Sequence[tuple[_Cell, ...]]
) -> Iterator[tuple[_Cell, ...]]:
    """Make links of events' ids, as the named queries give them (`id`, `answerId`)."""
    places = [place for place, column in enumerate(columns) if column.lower().endswith("id")]
    ids = {row[place].text for row in rows for place in places if ID.fullmatch(row[place].text)}
    events = _events(snapshot, ids) if ids else set()
    for row in rows:
        yield tuple(
            _Cell(cell.text, f"/event/{cell.text}")
            if place in places and cell.text in events
            else cell
            for place, cell in enumerate(row)
        )


def _events(snapshot: Snapshot, ids: Iterable[str]) -> set[str]:
    """Tell which of these ids are events'."""
    asked = " ".join(f"<{snapshot.base}event/{id_}>" for id_ in sorted(ids))
    found = run_query(
        snapshot.store, f"SELECT ?event {{ VALUES ?event {{ {asked} }} ?event a sem:Event }}"
    )
    return {str(row[0]).rpartition("/")[2] for row in cast("Rows", found).rows}


def _form(sparql: str) -> str:
    try:
        return check_read_only(sparql)
    except QueryError as error:
        raise BadRequest(str(error)) from error


def _cell(term: dict[str, Any] | None, base: str) -> _Cell:
    """A value, with a link where it has a page here; links into the world are not made."""
    if term is None:
        return _Cell("")
    value = term["value"]
    if not isinstance(value, str):  # a triple term
        return _Cell(json.dumps(value, ensure_ascii=False)[:LENGTH])
    text = value if len(value) <= LENGTH else f"{value[:LENGTH]}…"
    kind, _, local = value.removeprefix(base).partition("/")
    ours = term["type"] == "uri" and value.startswith(base) and kind in KINDS and local
    return _Cell(value.removeprefix(base) if ours else text, f"/{kind}/{local}" if ours else None)
