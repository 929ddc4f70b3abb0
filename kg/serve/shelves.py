"""Lists of articles, entities and events: some at a time, all of them or what a word is found in.

What is listed is chosen by what Oxigraph keeps in its index (a day, a number, `kg:order`), and only
for those on the page is anything looked up: of a hundred thousand the first are there at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pyoxigraph as ox
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Request, Response

from kg.query import Rows, run_query
from kg.serve.formats import HTML
from kg.serve.pages import render

if TYPE_CHECKING:
    from kg.serve.snapshot import Snapshot

__all__ = ["shelf"]

AT_A_TIME = 200
LONGEST = 200  # characters that can be searched for
HEADINGS = {"article": "Articles", "entity": "Entities", "event": "Events"}
HELP = {
    "article": "the oldest first",
    "entity": "the most named first",
    "event": "the oldest first, undated ones last",
}

# Who is on the list, with what they are ordered by.
CHOSEN = {
    "article": "?iri a schema:NewsArticle . OPTIONAL { ?iri schema:datePublished ?key }",
    "entity": "?iri kg:mentionCount ?key .",
    "event": "?iri kg:order ?key .",
}
# What a search looks in. Of entities and events it is read before all else, from one end of the
# index to the other: looked up for each of the chosen, it would take some times as long.
LABELLED = """{{ SELECT ?iri {{ ?iri rdfs:label ?name FILTER(CONTAINS(LCASE(?name), {word})) }} }}
  {chosen}"""
FOUND = {
    "article": """{chosen} ?iri rdfs:label ?name . OPTIONAL {{ ?iri schema:headline ?title }}
  FILTER(CONTAINS(LCASE(COALESCE(?title, ?name)), {word}))""",
    "entity": LABELLED,
    "event": LABELLED,
}
# Many are named as often as others: only those that the page can begin or end with are put in order
# by their IRIs, which have to be looked up.
OFTEN_ENOUGH = """{{ SELECT (MIN(?often) AS ?least) {{ SELECT (?key AS ?often) {{ {chosen} }}
  ORDER BY DESC(?key) LIMIT {end} }} }} {chosen} FILTER(?key >= ?least)"""
ORDER = {"article": "?key ?iri", "entity": "DESC(?key) ?iri", "event": "?key ?iri"}
SHOWN = {
    "article": """?iri rdfs:label ?name .
  OPTIONAL { ?iri schema:headline ?title }
  OPTIONAL { ?iri schema:publisher/rdfs:label ?publisher }
  BIND(COALESCE(?title, ?name) AS ?label)
  BIND(COALESCE(?publisher, "unknown publisher") AS ?by)
  BIND(CONCAT(?by, ", ", COALESCE(STR(?key), "undated")) AS ?more)""",
    "entity": """?iri rdfs:label ?label ; kg:kind ?kind .
  OPTIONAL { ?iri kg:country ?country }
  BIND(IF(?kind != "country" && BOUND(?country), CONCAT(", ", ?country), "") AS ?of)
  BIND(CONCAT(REPLACE(?kind, "_", " "), ?of) AS ?what)
  BIND(CONCAT(?what, ", named ", STR(?key), IF(?key = 1, " time", " times")) AS ?more)""",
    "event": """?iri rdfs:label ?label ; kg:eventType ?typed .
  OPTIONAL { ?iri kg:date ?date }
  BIND(CONCAT(STRAFTER(STR(?typed), "/plover/"), ", ", COALESCE(?date, "undated")) AS ?more)""",
}


def shelf(request: Request, snapshot: Snapshot, kind: str) -> Response:
    """List articles, entities or events, some at a time.

    Raises:
        BadRequest: `from` isn't a number, or what is searched for is too long.
    """
    start = _start(request.args.get("from", "0"))
    wanted = " ".join(request.args.get("q", "").split())
    if len(wanted) > LONGEST:
        raise BadRequest(f"search for no more than {LONGEST} characters")
    chosen = _chosen(kind, wanted)
    total = snapshot.kept(f"shelf {kind}", lambda: _count(snapshot, CHOSEN[kind]))
    found = _count(snapshot, chosen) if wanted else total
    page = (
        f"SELECT ?iri ?key {{ {chosen} }} ORDER BY {ORDER[kind]} LIMIT {AT_A_TIME} OFFSET {start}"
    )
    sparql = f"SELECT ?iri ?label ?more {{ {{ {page} }} {SHOWN[kind]} }} ORDER BY {ORDER[kind]}"
    rows = cast("Rows", run_query(snapshot.store, sparql)).to_dicts()
    for row in rows:
        row["id"] = str(row["iri"]).rpartition("/")[2]
    body = render(
        "list.html", kind=kind, heading=HEADINGS[kind], help=HELP[kind], rows=rows, wanted=wanted,
        total=total, found=found,
        first=start + 1 if rows else 0, last=start + len(rows) if rows else 0,
        before=max(start - AT_A_TIME, 0) if start else None,
        after=start + AT_A_TIME if start + AT_A_TIME < found else None,
    )  # fmt: skip
    return Response(body, content_type=HTML.content_type)


def _start(asked: str) -> int:
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 10):
        raise BadRequest("from is a whole number")
    return int(asked)


def _page(kind: str, chosen: str, start: int) -> str:
    """Write the query for what is on a page."""
    if kind == "entity":
        chosen = OFTEN_ENOUGH.format(chosen=chosen, end=start + AT_A_TIME)
    page = f"LIMIT {AT_A_TIME} OFFSET {start}"
    inner = f"SELECT ?iri ?key {{ {chosen} }} ORDER BY {ORDER[kind]} {page}"
    return f"SELECT ?iri ?label ?more {{ {{ {inner} }} {SHOWN[kind]} }} ORDER BY {ORDER[kind]}"


def _chosen(kind: str, wanted: str) -> str:
    """What is searched for is spelt by the engine's own serialiser: it is never SPARQL."""
    if not wanted:
        return CHOSEN[kind]
    try:
        word = ox.Literal(wanted.lower())
    except ValueError as error:
        raise BadRequest("what is searched for is no Unicode text") from error
    return FOUND[kind].format(chosen=CHOSEN[kind], word=word)


def _count(snapshot: Snapshot, chosen: str) -> int:
    sparql = f"SELECT (COUNT(DISTINCT ?iri) AS ?n) {{ {chosen} }}"
    return int(str(cast("Rows", run_query(snapshot.store, sparql)).rows[0][0]))
