"""SPARQL over a snapshot -> what is told of one article, entity or event: records, ready for JSON.

A record names others by `id` (the last segment of the IRI, and of the address here) and `iri`.
Offsets are half-open code points in the article's text.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, TypeAlias, cast

import pyoxigraph as ox

from kg.query import Rows, Triples, run_query
from kg.rdf import Names
from kg.store import Store

__all__ = ["KINDS", "Record", "read_article", "read_entity", "read_event", "triples_of"]

Record: TypeAlias = dict[str, Any]  # what JSON holds; the templates read it

ROLES = ("actor", "target", "place")


def _rows(store: Store, pattern: str, iri: str) -> list[Record]:
    """The rows of a query in which `<>` stands for the IRI; an IRI is never text that was read."""
    answer = run_query(store, pattern.replace("<>", str(ox.NamedNode(iri))))
    return cast("Rows", answer).to_dicts()


def _named(iri: str, **more: object) -> Record:
    return {"id": iri.rpartition("/")[2], "iri": iri, **more}


def _filled(row: Record, *keys: str) -> Record:
    return {key: row[key] for key in keys}


def _span(row: Record, name: str = "") -> Record | None:
    begin, end = row[f"{name}begin"], row[f"{name}end"]
    return None if begin is None else {"start": begin, "end": end}


def read_article(store: Store, iri: str) -> Record | None:
    """Read an article: its text, whom and what it names where, and what it tells.

    None where there is no such article.
    """
    found = _rows(store, _ARTICLE, iri)
    if not found:
        return None
    row = found[0]
    return {
        **_named(iri),
        **_filled(row, "name", "title", "publisher", "agency", "published", "url"),
        "file": _file(row),
        "sha256": row["sha256"],
        "entities": _entities_in(store, iri),
        "events": _tellings(store, _TOLD_IN, iri),
        "skipped": [{**(_span(part) or {}), "reason": part["reason"]}
                    for part in _rows(store, _SKIPPED, iri)],
        "text": row["text"],
    }  # fmt: skip


_ARTICLE = """
SELECT DISTINCT ?name ?title ?publisher ?agency ?published ?url ?path ?record ?sha256 ?text {
  <> a schema:NewsArticle ; rdfs:label ?name ; schema:encoding ?file .
  ?context nif:sourceUrl <> ; nif:isString ?text .
  OPTIONAL { <> schema:headline ?title }
  OPTIONAL { <> schema:publisher/rdfs:label ?publisher }
  OPTIONAL { <> kg:agency ?agency }
  OPTIONAL { <> schema:datePublished ?published }
  OPTIONAL { <> schema:url ?url }
  OPTIONAL { ?file schema:contentUrl ?path }
  OPTIONAL { ?file kg:record ?record }
  OPTIONAL { ?file schema:sha256 ?sha256 }
} ORDER BY ?publisher LIMIT 1"""

_SKIPPED = """
SELECT DISTINCT ?begin ?end ?reason {
  ?context nif:sourceUrl <> ; kg:skipped ?span .
  ?span nif:beginIndex ?begin ; nif:endIndex ?end ; kg:skipReason ?reason .
} ORDER BY ?begin ?end ?reason"""


def _file(row: Record) -> str:
    line = "" if row["record"] is None else f", line {row['record'] + 1}"
    return f"{row['path'] or row['name']}{line}"


def _entities_in(store: Store, iri: str) -> list[Record]:
    """Whom an article names, by name, each with the places where it does."""
    mentions: defaultdict[str, list[Record]] = defaultdict(list)
    entities: dict[str, Record] = {}
    for row in _rows(store, _NAMED_IN, iri):
        entity = row["entity"]
        entities.setdefault(entity, _named(entity, **_filled(row, "name", "kind")))
        mentions[entity].append({**(_span(row) or {}), **_filled(row, "text", "label")})
    return [{**entity, "mentions": mentions[iri]} for iri, entity in entities.items()]


_NAMED_IN = """
SELECT DISTINCT ?entity ?name ?kind ?text ?label ?begin ?end {
  ?context nif:sourceUrl <> .
  ?span nif:referenceContext ?context ; gaf:denotes ?entity ; kg:mentionLabel ?label ;
        nif:anchorOf ?text ; nif:beginIndex ?begin ; nif:endIndex ?end .
  ?entity rdfs:label ?name ; kg:kind ?kind .
} ORDER BY ?name ?entity ?begin ?end ?label"""


def read_event(store: Store, iri: str) -> Record | None:
    """Read an event: who, what and whom, and every telling; None where there is no such event."""
    found = _rows(store, _EVENT, iri)
    if not found:
        return None
    row = found[0]
    parts = _rows(store, _PLAYERS, iri)
    return {
        **_named(iri),
        **_filled(row, "label", "action", "type", "mode", "cameo", "date", "basis", "modality",
                  "negated", "publishers"),
        **{role + "s": [_named(part["entity"], name=part["name"]) for part in parts
                        if part["role"] == role] for role in ROLES},
        "tellings": _tellings(store, _TELLINGS, iri),
        "related": [_named(other["other"], **_filled(other, "side", "label"))
                    for other in _rows(store, _RELATED, iri)],
        "against": [_named(other["event"], **_filled(other, "label", "reason"))
                    for other in _rows(store, _AGAINST, iri)],
    }  # fmt: skip


_EVENT = """
SELECT DISTINCT ?label ?action ?type ?mode ?cameo ?date ?basis ?modality ?negated ?publishers {
  <> a sem:Event ; rdfs:label ?label ; kg:action/rdfs:label ?action ; kg:eventType ?typed ;
     kg:modality ?modality ; kg:negated ?negated ; kg:sourceCount ?publishers .
  BIND(STRAFTER(STR(?typed), "/plover/") AS ?type)
  OPTIONAL { <> kg:cameo ?coded . BIND(STRAFTER(STR(?coded), "/cameo/") AS ?cameo) }
  OPTIONAL { <> kg:mode ?moded . BIND(STRAFTER(STR(?moded), "-") AS ?mode) }
  OPTIONAL { <> sem:hasTime ?when . ?when sem:hasTimeStamp ?date ; kg:basis ?basis }
} ORDER BY ?label LIMIT 1"""

_PLAYERS = """
SELECT DISTINCT ?role ?entity ?name {
  VALUES (?property ?role) { (kg:actor "actor") (kg:target "target") (sem:hasPlace "place") }
  <> ?property ?entity . ?entity rdfs:label ?name .
} ORDER BY ?name ?entity ?role"""

_RELATED = """
SELECT DISTINCT ?side ?other ?label {
  { <> kg:concerns ?other BIND("about" AS ?side) }
  UNION { ?other kg:concerns <> BIND("answered by" AS ?side) }
  ?other a sem:Event ; rdfs:label ?label .
} ORDER BY ?side ?label ?other"""

_AGAINST = """
SELECT DISTINCT ?event ?label ?reason {
  <> gaf:denotedBy ?mention .
  ?clash a kg:Contradiction ; kg:reason ?reason .
  { ?clash kg:left ?mention ; kg:right ?other } UNION { ?clash kg:right ?mention ; kg:left ?other }
  ?event a sem:Event ; gaf:denotedBy ?other ; rdfs:label ?label .
} ORDER BY ?label ?event ?reason"""


def _tellings(store: Store, pattern: str, iri: str) -> list[Record]:
    """Tellings of events: where each stands, who says so, how sure, by which rule."""
    parts: defaultdict[str, list[Record]] = defaultdict(list)
    for row in _rows(store, _PARTS.replace("{told}", pattern), iri):
        entity = row["entity"] and _named(row["entity"], name=row["name"])
        parts[row["mention"]].append(
            {"role": row["role"], "entity": entity, "text": row["words"], **(_span(row) or {})}
        )
    return [
        {
            **_named(row["mention"]),
            "event": _named(row["event"], label=row["label"]),
            "article": _named(
                row["article"], title=row["title"] or row["name"],
                **_filled(row, "publisher", "published"),
            ),
            "sentence": {**(_span(row, "s") or {}), "text": row["sentence"]},
            "trigger": {**(_span(row, "t") or {}), "text": row["trigger"]},
            "parts": sorted(parts[row["mention"]], key=lambda part: ROLES.index(part["role"])),
            "speaker": row["speaker"] or row["said"],
            "quoted": row["quoted"] is True,
            **_filled(row, "cue", "stance", "type", "cameo", "modality", "negated", "confidence",
                      "rule", "reason"),
        }
        for row in _rows(store, _MENTIONS.replace("{told}", pattern), iri)
    ]  # fmt: skip


_TELLINGS = "BIND(<> AS ?event) ?event gaf:denotedBy ?mention . ?mention kg:article ?article ."
_TOLD_IN = """?mention kg:article <> . BIND(<> AS ?article)
  ?event gaf:denotedBy ?mention ; a sem:Event ."""

_MENTIONS = """
SELECT DISTINCT ?mention ?event ?label ?article ?title ?name ?publisher ?published ?sentence ?sbegin
  ?send ?trigger ?tbegin ?tend ?type ?cameo ?modality ?negated ?confidence ?rule ?reason
  ?speaker ?said ?cue ?stance ?quoted ?index {
  {told}
  ?event rdfs:label ?label . ?article rdfs:label ?name .
  ?mention kg:sentence ?span ; kg:trigger ?word ; kg:modality ?modality ; kg:negated ?negated ;
           kg:confidence ?confidence .
  ?span nif:anchorOf ?sentence ; nif:beginIndex ?sbegin ; nif:endIndex ?send .
  ?word nif:anchorOf ?trigger ; nif:beginIndex ?tbegin ; nif:endIndex ?tend .
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:publisher/rdfs:label ?publisher }
  OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?mention kg:indexInEvent ?index }
  OPTIONAL { ?mention kg:reason ?reason }
  OPTIONAL { ?mention kg:codeRule ?rule }
  OPTIONAL { ?mention kg:eventType ?typed . BIND(STRAFTER(STR(?typed), "/plover/") AS ?type) }
  OPTIONAL { ?mention kg:cameo ?coded . BIND(STRAFTER(STR(?coded), "/cameo/") AS ?cameo) }
  OPTIONAL {
    ?mention grasp:hasAttribution/kg:speech ?speech .
    ?speech kg:cue/nif:anchorOf ?cue ; kg:stance ?stance ; kg:quoted ?quoted .
    OPTIONAL { ?speech kg:speaker/kg:entity/rdfs:label ?speaker }
    OPTIONAL { ?speech kg:speaker/kg:mention/nif:anchorOf ?said }
  }
} ORDER BY ?index ?published ?article ?tbegin ?mention"""

_PARTS = """
SELECT DISTINCT ?mention ?part ?role ?entity ?name ?words ?begin ?end {
  {told}
  ?mention kg:argument ?part . ?part kg:role ?played .
  BIND(LCASE(REPLACE(STR(?played), "^.*[/#](has)?", "")) AS ?role)
  OPTIONAL { ?part kg:entity ?entity . ?entity rdfs:label ?name }
  OPTIONAL { ?part kg:mention ?span .
             ?span nif:anchorOf ?words ; nif:beginIndex ?begin ; nif:endIndex ?end }
} ORDER BY ?mention ?part ?name"""


def read_entity(store: Store, iri: str) -> Record | None:
    """Read an entity: what it is, what it is called where, and what it takes part in.

    None where there is no such entity.
    """
    found = _rows(store, _ENTITY, iri)
    if not found:
        return None
    row = found[0]
    return {
        **_named(iri),
        **_filled(row, "name", "kind", "country", "sector", "role"),
        "same_as": [each["other"] for each in _rows(store, _SAME, iri)],
        "names": _rows(store, _NAMES, iri),
        "events": [
            _named(event["event"], **_filled(event, "label", "role", "type", "date", "publishers"))
            for event in _rows(store, _EVENTS_OF, iri)
        ],
        "articles": [
            _named(each["article"], title=each["title"] or each["name"],
                   **_filled(each, "publisher", "published", "times"))
            for each in _rows(store, _ARTICLES_OF, iri)
        ],
    }  # fmt: skip


_ENTITY = """
SELECT DISTINCT ?name ?kind ?country ?sector ?role {
  <> a kg:Entity ; rdfs:label ?name ; kg:kind ?kind .
  OPTIONAL { <> kg:country ?country }
  OPTIONAL { <> kg:sector ?sectored . BIND(STRAFTER(STR(?sectored), "sector-") AS ?sector) }
  OPTIONAL { <> schema:jobTitle ?role }
} ORDER BY ?name ?role LIMIT 1"""

_SAME = (
    "SELECT DISTINCT ?other { <> owl:sameAs|skos:exactMatch|schema:sameAs ?other } ORDER BY ?other"
)

_NAMES = """
SELECT ?name (COUNT(DISTINCT ?span) AS ?times) {
  ?span gaf:denotes <> ; kg:mentionLabel ?label ; nif:anchorOf ?name FILTER(?label != "PRONOUN")
} GROUP BY ?name ORDER BY DESC(?times) ?name"""

_EVENTS_OF = """
SELECT DISTINCT ?event ?label ?role ?type ?date ?publishers {
  VALUES (?property ?role) { (kg:actor "actor") (kg:target "target") (sem:hasPlace "place") }
  ?event ?property <> ; a sem:Event ; rdfs:label ?label ; kg:eventType ?typed ;
         kg:sourceCount ?publishers .
  BIND(STRAFTER(STR(?typed), "/plover/") AS ?type)
  OPTIONAL { ?event sem:hasTime/sem:hasTimeStamp ?date }
} ORDER BY (!BOUND(?date)) ?date ?label ?event ?role"""

_ARTICLES_OF = """
SELECT ?article ?name ?title ?publisher ?published (COUNT(DISTINCT ?span) AS ?times) {
  ?span gaf:denotes <> ; nif:referenceContext/nif:sourceUrl ?article .
  ?article rdfs:label ?name .
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:publisher/rdfs:label ?publisher }
  OPTIONAL { ?article schema:datePublished ?published }
} GROUP BY ?article ?name ?title ?publisher ?published ORDER BY ?published ?article"""


def triples_of(store: Store, base: str, kind: str, iri: str) -> Iterable[ox.Triple]:
    """What the graph says of an article, entity or event: all of it for an article."""
    if kind == "article":
        graph = Names(base).article_graph(iri.rpartition("/")[2])
        quads = sorted(store.quads(graph), key=str)
        return [quad.triple for quad in quads]
    answer = run_query(store, _TRIPLES[kind].replace("<>", str(ox.NamedNode(iri))))
    return cast("Triples", answer).triples


_TRIPLES = {
    "entity": """
CONSTRUCT { <> ?p ?o . ?event ?role <> ; rdfs:label ?label } {
  { <> ?p ?o } UNION {
    VALUES ?role { kg:actor kg:target sem:hasPlace }
    ?event ?role <> ; a sem:Event ; rdfs:label ?label
  }
}""",
    "event": """
CONSTRUCT { <> ?p ?o . ?mention ?mp ?mo . ?part ?pp ?po . ?span ?sp ?so } {
  { <> ?p ?o }
  UNION { <> gaf:denotedBy ?mention . ?mention ?mp ?mo }
  UNION { <> gaf:denotedBy?/kg:argument ?part . ?part ?pp ?po }
  UNION { <> gaf:denotedBy/(kg:sentence|kg:trigger) ?span . ?span ?sp ?so }
}""",
}

KINDS: dict[str, Callable[[Store, str], Record | None]] = {
    "article": read_article,
    "entity": read_entity,
    "event": read_event,
}
