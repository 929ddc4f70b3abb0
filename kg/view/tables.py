"""SPARQL over the store -> the records that the page shows: plain dictionaries, ready for JSON.

Records are named by their IRIs and sorted; offsets stay what they are in the store, code points.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from kg.view.rows import Record, concept, one_line, read_rows, read_values, words_seen
from kg.view.tellings import Part, in_role

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "Record",
    "read_articles",
    "read_contradictions",
    "read_entities",
    "read_events",
    "read_links",
    "read_marks",
]

Range: TypeAlias = list[int]

KINDS = {"igo": "international organisation", "ngo": "non-governmental organisation"}


def _grouped(rows: Iterable[dict[str, Any]], key: str) -> defaultdict[str, list[dict[str, Any]]]:
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _span(row: Mapping[str, Any], name: str = "") -> Range | None:
    """The offsets that a row holds under `begin` and `end`, with the span's name before them."""
    begin, end = row[f"{name}begin"], row[f"{name}end"]
    return None if begin is None else [int(begin), int(end)]


def read_articles(
    store: Store, only: Collection[str] | None = None, *, texts: bool = True
) -> list[Record]:
    """Read articles with their texts, the oldest first.

    Args:
        only: the IRIs of those that are asked for; None for all.
        texts: without them, `length` says how many characters each has.
    """
    skipped = _grouped(read_rows(store, _SKIPPED, article=only) if texts else (), "article")
    markup = _grouped(read_rows(store, _MARKUP, article=only) if texts else (), "article")
    rows = read_rows(store, _ARTICLES if texts else _ARTICLES_ALONE, article=only)
    articles: list[Record] = [
        {
            "id": row["article"],
            "name": row["name"],
            "title": row["title"],
            "publisher": _publisher(row),
            "agency": row["agency"],
            "published": (row["published"] or "")[:16],
            "url": row["url"],
            "file": _file_name(row),
            **({"text": row["text"]} if texts else {"length": int(row["length"] or 0)}),
            "headline": _span(row),
            "skipped": sorted([*(_span(part) or []), part["reason"]] for part in skipped[iri]),
            "markup": sorted([*(_span(part) or []), part["shown"]] for part in markup[iri]),
        }
        for row in rows
        if (iri := row["article"] or "")
    ]
    return sorted(articles, key=lambda article: (article["published"], article["id"]))


_ARTICLES = """
SELECT DISTINCT ?article ?name ?title ?publisher ?agency ?published ?url ?path ?record ?text
  ?begin ?end
WHERE {
  ?article a schema:NewsArticle ; rdfs:label ?name ; schema:encoding ?file .
  ?context nif:sourceUrl ?article ; nif:isString ?text .
  OPTIONAL { ?article schema:headline ?title }
  OPTIONAL { ?article schema:publisher/rdfs:label ?publisher }
  OPTIONAL { ?article kg:agency ?agency }
  OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?article schema:url ?url }
  OPTIONAL { ?file schema:contentUrl ?path }
  OPTIONAL { ?file kg:record ?record }
  OPTIONAL { ?context kg:headline ?span . ?span nif:beginIndex ?begin ; nif:endIndex ?end }
}"""

_ARTICLES_ALONE = _ARTICLES.replace("?text\n", "?length\n").replace(
    "nif:isString ?text", "nif:endIndex ?length"
)

_SKIPPED = """
SELECT DISTINCT ?article ?begin ?end ?reason
WHERE {
  ?context nif:sourceUrl ?article ; kg:skipped ?span .
  ?span nif:beginIndex ?begin ; nif:endIndex ?end ; kg:skipReason ?reason .
}"""

_MARKUP = """
SELECT DISTINCT ?article ?begin ?end ?shown
WHERE {
  ?context nif:sourceUrl ?article ; kg:markup ?span .
  ?span nif:beginIndex ?begin ; nif:endIndex ?end ; kg:shown ?shown .
}"""


def _publisher(row: Mapping[str, str | None]) -> str:
    """Who is counted as one voice: publisher, else agency; all unknown ones count as one."""
    agency = f"{row['agency']} (agency)" if row["agency"] else None
    return row["publisher"] or agency or "unknown"


def _file_name(row: Mapping[str, str | None]) -> str:
    """The file's name without its folders, and the line where a file holds many articles.

    >>> _file_name({"path": "news/today.jsonl", "record": "0", "name": "a"})
    'today.jsonl, line 1'
    """
    name = re.split(r"[\\/]", row["path"] or row["name"] or "")[-1]
    return name if row["record"] is None else f"{name}, line {int(row['record']) + 1}"


def read_events(
    store: Store,
    parts: Mapping[str, Iterable[Part]],
    mentions: Mapping[str, list[Record]],
    publishers: Mapping[str, str],
) -> list[Record]:
    """Read all events, the oldest first and those without a date last.

    Args:
        parts: of each event, as `read_parts` gives them.
        mentions: the tellings of each event by its IRI.
        publishers: who published each article.
    """
    codes = {row["code"]: row for row in read_rows(store, _CODES)}
    said = {name: read_values(store, f"kg:{name}") for name in _SAID}
    actions = read_values(store, "rdfs:label", only=set(said["action"].values()))
    times = read_values(store, "sem:hasTime")
    stamps, bases = read_values(store, "sem:hasTimeStamp"), read_values(store, "kg:basis")
    contexts = _grouped(read_rows(store, _CONTEXTS), "event")
    concerns = _grouped(read_rows(store, _CONCERNS), "event")
    events: list[Record] = []
    for row in read_rows(store, "SELECT DISTINCT ?event WHERE { ?event a sem:Event }"):
        iri = row["event"] or ""
        told, own = mentions.get(iri, []), {name: said[name].get(iri) for name in _SAID}
        when, action = times.get(iri, ""), actions.get(own["action"] or "")
        if action is None or None in (own[name] for name in _NEEDED):
            continue
        dated = when in stamps and when in bases
        events.append(
            {
                "id": iri,
                "action": action,
                **_code(own["eventType"], own["mode"], own["cameo"], codes),
                "contexts": [concept(part["context"], "context-") for part in contexts[iri]],
                "when": stamps[when] if dated else None,
                "basis": bases[when] if dated else None,
                "place": next(iter(_players(parts.get(iri, ()), "place")), None),
                "theme": next((mention["theme"] for mention in told if mention["theme"]), None),
                "negated": own["negated"] == "true",
                "modality": own["modality"],
                "actors": _players(parts.get(iri, ()), "actor"),
                "targets": _players(parts.get(iri, ()), "target"),
                "concerns": [part["other"] for part in concerns[iri]],
                "publishers": _tellers(own, told, publishers),
                "against": _tellers(own, told, publishers, agree=False),
                "rules": sorted({mention["rule"] for mention in told if mention["rule"]}),
                "mentions": told,
            }
        )
    return sorted(events, key=lambda event: (event["when"] or "9999", event["id"]))


def _players(parts: Iterable[Part], role: str) -> list[str]:
    return [part.entity for part in in_role(parts, role) if part.entity]


# What is said of an event itself; without some of it, it can't be shown.
_NEEDED = ("action", "eventType", "negated", "modality")
_SAID = (*_NEEDED, "mode", "cameo")

# The words of a code once, not once an event.
_CODES = """
SELECT DISTINCT ?code ?label ?definition ?quad
WHERE {
  ?code a skos:Concept .
  OPTIONAL { ?code skos:prefLabel ?label FILTER (LANG(?label) = "en") }
  OPTIONAL { ?code skos:definition ?definition FILTER (LANG(?definition) = "en") }
  OPTIONAL { ?code skos:broader ?class . ?class skos:inScheme plover:quads ; skos:notation ?quad }
}"""

_CONTEXTS = """
SELECT DISTINCT ?event ?context WHERE { ?event a sem:Event ; kg:context ?context }"""

_CONCERNS = """
SELECT DISTINCT ?event ?other WHERE { ?event a sem:Event ; kg:concerns ?other }"""


def _tellers(
    event: Mapping[str, Any],
    told: Iterable[Record],
    publishers: Mapping[str, str],
    *,
    agree: bool = True,
) -> list[str]:
    """Who tells the event as it stands; or, with `agree` false, who denies what it states."""
    sense = (event["negated"] == "true") != (event["modality"] == "denied")
    return sorted(
        {
            publishers[mention["article"]]
            for mention in told
            if ((mention["negated"] != (mention["modality"] == "denied")) == sense) == agree
        }
    )


def _code(
    kind: str | None,
    mode: str | None,
    cameo: str | None,
    codes: Mapping[str | None, Mapping[str, str | None]],
) -> Record:
    """Type, mode and CAMEO code of an event, with their words."""
    type_, unknown = concept(kind, ""), dict.fromkeys(("label", "definition", "quad"))
    words = codes.get(kind, unknown)
    return {
        "type": type_,
        "typeLabel": words["label"],
        "definition": words["definition"],
        "quad": int(words["quad"] or 0),
        "mode": concept(mode, f"{type_}-"),
        "modeLabel": codes.get(mode, unknown)["label"],
        "cameo": concept(cameo, ""),
        "cameoLabel": codes.get(cameo, unknown)["label"],
    }


def read_entities(store: Store, events: Iterable[Record]) -> list[Record]:
    """All that play a part, are a place or say something, by name."""
    used = {iri for event in events for iri in _named_in(event)}
    names = _grouped(read_rows(store, _NAMES), "entity")
    rows = [row for row in read_rows(store, _ENTITIES) if row["entity"] in used]
    countries = {row["country"]: row["name"] for row in rows if row["kind"] == "country"}
    return [
        {
            "id": row["entity"],
            "name": row["name"],
            "kind": row["kind"],
            "kindLabel": KINDS.get(row["kind"] or "", (row["kind"] or "").replace("_", " ")),
            "country": row["country"],
            "countryName": countries.get(row["country"], row["country"]),
            "sector": concept(row["sector"], "sector-"),
            "sectorLabel": row["sectorLabel"] or concept(row["sector"], "sector-"),
            "role": row["role"],
            "names": sorted({one_line(named["words"]) for named in names[row["entity"] or ""]}),
        }
        for row in sorted(rows, key=lambda row: (row["name"] or "", row["entity"] or ""))
    ]


def _named_in(event: Record) -> list[str]:
    speakers = [mention["speaker"]["entity"] for mention in event["mentions"] if mention["speaker"]]
    ends = [*event["actors"], *event["targets"], event["place"], *speakers]
    return [iri for iri in ends if iri]


_ENTITIES = """
SELECT DISTINCT ?entity ?name ?kind ?country ?sector ?sectorLabel ?role
WHERE {
  ?entity a kg:Entity ; rdfs:label ?name ; kg:kind ?kind .
  OPTIONAL { ?entity kg:country ?country }
  OPTIONAL {
    ?entity kg:sector ?sector
    OPTIONAL { ?sector skos:prefLabel ?sectorLabel FILTER (LANG(?sectorLabel) = "en") }
  }
  OPTIONAL { ?entity schema:jobTitle ?role }
}"""


_NAMES = """
SELECT DISTINCT ?entity ?words
WHERE {
  VALUES ?label { "NAME" "ADJECTIVE" }
  ?span kg:mentionLabel ?label ; gaf:denotes ?entity ; nif:anchorOf ?name .
  OPTIONAL { ?span oa:hasSelector/oa:exact ?exact }
  BIND (COALESCE(?exact, ?name) AS ?words)
}"""


def read_links(store: Store, articles: Collection[str] | None = None) -> list[Record]:
    """Where each article means which entity, by name, description or pronoun, in text order.

    Args:
        articles: the IRIs of those that are asked for; None for all.
    """
    rows = read_rows(store, _LINKS, article=articles)
    seen = words_seen(store, None if articles is None else {row["span"] or "" for row in rows})
    links = [
        {
            "article": row["article"],
            "begin": int(row["begin"] or 0),
            "end": int(row["end"] or 0),
            "entity": row["entity"],
            "label": row["label"],
            "known": row["known"],
            "kind": row["kind"],
            "name": one_line(seen.get(row["span"], row["name"])),
        }
        for row in rows
    ]
    return sorted(links, key=lambda link: (link["article"], link["begin"], link["end"]))


_LINKS = """
SELECT DISTINCT ?entity ?known ?kind ?article ?span ?name ?label ?begin ?end
WHERE {
  ?context nif:sourceUrl ?article .
  ?span nif:referenceContext ?context ; gaf:denotes ?entity ; kg:mentionLabel ?label ;
    nif:anchorOf ?name ; nif:beginIndex ?begin ; nif:endIndex ?end .
  ?entity rdfs:label ?known ; kg:kind ?kind .
}"""


def read_marks(store: Store, articles: Collection[str]) -> list[Record]:
    """Where some articles mean which entity, in text order: as `read_links`, without the words."""
    marks = [
        {
            "article": row["article"],
            "begin": int(row["begin"] or 0),
            "end": int(row["end"] or 0),
            "entity": row["entity"],
        }
        for row in read_rows(store, _MARKS, article=articles)
    ]
    return sorted(marks, key=lambda mark: (mark["article"], mark["begin"], mark["end"]))


_MARKS = """
SELECT DISTINCT ?entity ?article ?begin ?end
WHERE {
  ?context nif:sourceUrl ?article .
  ?span nif:referenceContext ?context ; gaf:denotes ?entity ;
    nif:beginIndex ?begin ; nif:endIndex ?end .
}"""


def read_contradictions(store: Store, mentions: Mapping[str, list[Record]]) -> list[Record]:
    """Pairs of tellings, each as its event and its place among that event's tellings."""
    places = {
        mention["id"]: {"event": iri, "mention": place}
        for iri, told in mentions.items()
        for place, mention in enumerate(told)
    }
    return [
        {"left": places[left], "right": places[right], "reason": row["reason"]}
        for row in read_rows(store, _CONTRADICTIONS)
        if (left := row["left"] or "") in places and (right := row["right"] or "") in places
    ]


_CONTRADICTIONS = """
SELECT DISTINCT ?left ?right ?reason
WHERE { ?pair a kg:Contradiction ; kg:left ?left ; kg:right ?right ; kg:reason ?reason }"""
