"""SPARQL over the store -> the records that the page shows: plain dictionaries, ready for JSON.

Records are named by their IRIs and sorted; offsets stay what they are in the store, code points.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast
from urllib.parse import unquote

from kg.rdf import PREFIXES

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

    from kg.store import Store

__all__ = [
    "Record",
    "read_articles",
    "read_contradictions",
    "read_entities",
    "read_event_mentions",
    "read_events",
    "read_links",
]

# What JSON holds: the page's script reads it, nothing here looks into it twice.
Record: TypeAlias = dict[str, Any]
Range: TypeAlias = list[int]

PROPER = ("NAME", "ADJECTIVE")

KINDS = {"igo": "international organisation", "ngo": "non-governmental organisation"}


def _rows(store: Store, pattern: str) -> list[dict[str, str | None]]:
    """Run a SELECT and return its rows in a fixed order; an unbound variable is None."""
    header = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in sorted(PREFIXES.items()))
    solutions = cast("QuerySolutions", store.query(header + pattern))
    names = [variable.value for variable in solutions.variables]
    rows = [{name: getattr(row[name], "value", None) for name in names} for row in solutions]
    return sorted(rows, key=lambda row: [row[name] or "" for name in names])


def _grouped(rows: Iterable[dict[str, Any]], key: str) -> defaultdict[str, list[dict[str, Any]]]:
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row[key]].append(row)
    return groups


def _span(row: Mapping[str, Any], name: str = "") -> Range | None:
    """The offsets that a row holds under `begin` and `end`, with the span's name before them."""
    begin, end = row[f"{name}begin"], row[f"{name}end"]
    return None if begin is None else [int(begin), int(end)]


def read_articles(store: Store) -> list[Record]:
    """Read all articles with their texts, the oldest first."""
    skipped = _grouped(_rows(store, _SKIPPED), "article")
    markup = _grouped(_rows(store, _MARKUP), "article")
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
            "text": row["text"],
            "headline": _span(row),
            "skipped": sorted([*(_span(part) or []), part["reason"]] for part in skipped[iri]),
            "markup": sorted([*(_span(part) or []), part["shown"]] for part in markup[iri]),
        }
        for row in _rows(store, _ARTICLES)
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

_READ = """
SELECT DISTINCT ?span ?exact WHERE { ?span oa:hasSelector/oa:exact ?exact }"""


def _words_read(store: Store) -> dict[str | None, str | None]:
    """What a reader sees in a span, where tags or character references stand in between."""
    return {row["span"]: row["exact"] for row in _rows(store, _READ)}


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


def read_event_mentions(store: Store) -> dict[str, list[Record]]:
    """The tellings of each event, by its IRI, in the order that the event has them."""
    parts = _grouped(_rows(store, _PARTS), "node")
    inferred = _grouped(_rows(store, _INFERRED), "mention")
    seen = _words_read(store)
    found: defaultdict[str, list[tuple[int, Record]]] = defaultdict(list)
    for row in _rows(store, _MENTIONS):
        iri = row["mention"] or ""
        mention = {
            "id": iri,
            "article": row["article"],
            "sentence": _span(row, "s"),
            "trigger": _span(row, "t"),
            "actors": _places(parts[iri], "actor"),
            "targets": _places(parts[iri], "target"),
            "parties": _parties(parts[iri], seen),
            "theme": row["theme"],
            "negated": row["negated"] == "true",
            "modality": row["modality"],
            "confidence": row["confidence"] and round(float(row["confidence"]), 3),
            "inferred": [part["role"] for part in inferred[iri]],
            "rule": row["rule"],
            "type": _concept(row["type"], ""),
            "cameo": _concept(row["cameo"], ""),
            "quoted": row["quoted"] == "true",
            "cue": _span(row, "c"),
            "speaker": _speaker(row, seen),
        }
        found[row["event"] or ""].append((int(row["place"] or 0), mention))
    return {
        iri: [mention for _, mention in sorted(told, key=_first)] for iri, told in found.items()
    }


def _speaker(row: Mapping[str, str | None], seen: Mapping[str | None, str | None]) -> Record | None:
    if not row["speaker"]:
        return None
    return {"entity": row["who"], "text": seen.get(row["naming"], row["named"])}


def _first(pair: tuple[int, object]) -> int:
    return pair[0]


_MENTIONS = """
SELECT DISTINCT ?event ?place ?mention ?article ?sbegin ?send ?tbegin ?tend ?theme ?negated
  ?modality ?confidence ?rule ?type ?cameo ?quoted ?cbegin ?cend ?speaker ?who ?naming ?named
WHERE {
  ?event a sem:Event ; gaf:denotedBy ?mention .
  ?mention kg:indexInEvent ?place ; kg:article ?article ; kg:negated ?negated ;
    kg:modality ?modality ; kg:sentence ?sentence ; kg:trigger ?trigger .
  ?sentence nif:beginIndex ?sbegin ; nif:endIndex ?send .
  ?trigger nif:beginIndex ?tbegin ; nif:endIndex ?tend .
  OPTIONAL { ?mention kg:theme ?theme }
  OPTIONAL { ?mention kg:confidence ?confidence }
  OPTIONAL { ?mention kg:codeRule ?rule }
  OPTIONAL { ?mention kg:eventType ?type }
  OPTIONAL { ?mention kg:cameo ?cameo }
  OPTIONAL {
    ?mention grasp:hasAttribution/kg:speech ?speech .
    ?speech kg:quoted ?quoted ; kg:cue ?cue .
    ?cue nif:beginIndex ?cbegin ; nif:endIndex ?cend .
    OPTIONAL {
      ?speech kg:speaker ?speaker
      OPTIONAL { ?speaker kg:entity ?who }
      OPTIONAL { ?speaker kg:mention ?naming . ?naming nif:anchorOf ?named }
    }
  }
}"""

_PARTS = """
SELECT DISTINCT ?node ?part ?role ?entity ?known ?span ?begin ?end ?words ?label
WHERE {
  ?node kg:argument ?part .
  ?part kg:role ?role .
  OPTIONAL { ?part kg:entity ?entity . ?entity rdfs:label ?known }
  OPTIONAL {
    ?part kg:mention ?span .
    ?span nif:beginIndex ?begin ; nif:endIndex ?end ; nif:anchorOf ?words ; kg:mentionLabel ?label
  }
}"""

_INFERRED = "SELECT DISTINCT ?mention ?role WHERE { ?mention kg:inferred ?role }"


def _in_role(parts: Iterable[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    """The parts of one role in order; their place among the others ends their IRI ("#actor=0")."""
    own = [part for part in parts if f"#{role}=" in part["part"]]
    return sorted(own, key=lambda part: int(part["part"].rpartition("=")[2]))


def _places(parts: Iterable[dict[str, Any]], role: str) -> list[Range]:
    spans = (_span(part) for part in _in_role(parts, role))
    return [span for span in spans if span]


def _parties(
    parts: Iterable[dict[str, Any]], seen: Mapping[str | None, str | None]
) -> list[tuple[str, str | None, str]]:
    """Role, name and words of all who are stated, by place; a pronoun's words are none."""
    stated = sorted((part for part in parts if part["span"]), key=lambda part: int(part["begin"]))
    return [
        (
            role,
            part["known"],
            "" if part["label"] == "PRONOUN" else _one_line(seen.get(part["span"], part["words"])),
        )
        for role in ("actor", "target")
        for part in stated
        if f"#{role}=" in part["part"]
    ]


def _one_line(words: str | None) -> str:
    """A name broken over two lines is the same name."""
    return " ".join((words or "").split())


def _players(parts: Iterable[dict[str, Any]], role: str) -> list[str]:
    return [part["entity"] for part in _in_role(parts, role) if part["entity"]]


def read_events(
    store: Store, mentions: Mapping[str, list[Record]], publishers: Mapping[str, str]
) -> list[Record]:
    """Read all events, the oldest first and those without a date last.

    Args:
        mentions: the tellings of each event by its IRI.
        publishers: who published each article.
    """
    parts = _grouped(_rows(store, _PARTS), "node")
    contexts = _grouped(_rows(store, _CONTEXTS), "event")
    concerns = _grouped(_rows(store, _CONCERNS), "event")
    events: list[Record] = []
    for row in _rows(store, _EVENTS):
        iri, told = row["event"] or "", mentions.get(row["event"] or "", [])
        events.append(
            {
                "id": iri,
                "action": row["action"],
                **_code(row),
                "contexts": [_concept(part["context"], "context-") for part in contexts[iri]],
                "when": row["iso"],
                "basis": row["basis"],
                "place": next(iter(_players(parts[iri], "place")), None),
                "theme": next((mention["theme"] for mention in told if mention["theme"]), None),
                "negated": row["negated"] == "true",
                "modality": row["modality"],
                "actors": _players(parts[iri], "actor"),
                "targets": _players(parts[iri], "target"),
                "concerns": [part["other"] for part in concerns[iri]],
                "publishers": _tellers(row, told, publishers),
                "against": _tellers(row, told, publishers, agree=False),
                "rules": sorted({mention["rule"] for mention in told if mention["rule"]}),
                "mentions": told,
            }
        )
    return sorted(events, key=lambda event: (event["when"] or "9999", event["id"]))


_EVENTS = """
SELECT DISTINCT ?event ?action ?type ?typeLabel ?definition ?quad ?mode ?modeLabel ?cameo
  ?cameoLabel ?iso ?basis ?negated ?modality
WHERE {
  ?event a sem:Event ; kg:action/rdfs:label ?action ; kg:eventType ?type ; kg:negated ?negated ;
    kg:modality ?modality .
  OPTIONAL { ?type skos:prefLabel ?typeLabel FILTER (LANG(?typeLabel) = "en") }
  OPTIONAL { ?type skos:definition ?definition FILTER (LANG(?definition) = "en") }
  OPTIONAL { ?type skos:broader ?class . ?class skos:inScheme plover:quads ; skos:notation ?quad }
  OPTIONAL {
    ?event kg:mode ?mode
    OPTIONAL { ?mode skos:prefLabel ?modeLabel FILTER (LANG(?modeLabel) = "en") }
  }
  OPTIONAL {
    ?event kg:cameo ?cameo
    OPTIONAL { ?cameo skos:prefLabel ?cameoLabel FILTER (LANG(?cameoLabel) = "en") }
  }
  OPTIONAL { ?event sem:hasTime ?time . ?time sem:hasTimeStamp ?iso ; kg:basis ?basis }
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


def _code(row: Mapping[str, str | None]) -> Record:
    kind = _concept(row["type"], "")
    return {
        "type": kind,
        "typeLabel": row["typeLabel"],
        "definition": row["definition"],
        "quad": int(row["quad"] or 0),
        "mode": _concept(row["mode"], f"{kind}-"),
        "modeLabel": row["modeLabel"],
        "cameo": _concept(row["cameo"], ""),
        "cameoLabel": row["cameoLabel"],
    }


def _concept(iri: str | None, scheme: str) -> str | None:
    """The code at the end of a concept's IRI.

    >>> _concept("https://w3id.org/newskg/plover/sector-GOV", "sector-")
    'GOV'
    """
    return None if iri is None else unquote(iri.rpartition("/")[2]).removeprefix(scheme)


def read_entities(store: Store, events: Iterable[Record], links: Iterable[Record]) -> list[Record]:
    """All that play a part, are a place or say something, by name."""
    used = {iri for event in events for iri in _named_in(event)}
    names = _grouped((link for link in links if link["label"] in PROPER), "entity")
    rows = [row for row in _rows(store, _ENTITIES) if row["entity"] in used]
    countries = {row["country"]: row["name"] for row in rows if row["kind"] == "country"}
    return [
        {
            "id": row["entity"],
            "name": row["name"],
            "kind": row["kind"],
            "kindLabel": KINDS.get(row["kind"] or "", (row["kind"] or "").replace("_", " ")),
            "country": row["country"],
            "countryName": countries.get(row["country"], row["country"]),
            "sector": _concept(row["sector"], "sector-"),
            "sectorLabel": row["sectorLabel"] or _concept(row["sector"], "sector-"),
            "role": row["role"],
            "names": sorted({link["name"] for link in names[row["entity"] or ""]}),
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


def read_links(store: Store) -> list[Record]:
    """Where each article means which entity, by name, description or pronoun, in text order."""
    seen = _words_read(store)
    links = [
        {
            "article": row["article"],
            "begin": int(row["begin"] or 0),
            "end": int(row["end"] or 0),
            "entity": row["entity"],
            "label": row["label"],
            "known": row["known"],
            "kind": row["kind"],
            "name": _one_line(seen.get(row["span"], row["name"])),
        }
        for row in _rows(store, _LINKS)
    ]
    return sorted(links, key=lambda link: (link["article"], link["begin"], link["end"]))


_LINKS = """
SELECT DISTINCT ?entity ?known ?kind ?article ?span ?name ?label ?begin ?end
WHERE {
  ?entity rdfs:label ?known ; kg:kind ?kind .
  ?span gaf:denotes ?entity ; kg:mentionLabel ?label ; nif:anchorOf ?name ;
    nif:beginIndex ?begin ; nif:endIndex ?end ; nif:referenceContext/nif:sourceUrl ?article .
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
        for row in _rows(store, _CONTRADICTIONS)
        if (left := row["left"] or "") in places and (right := row["right"] or "") in places
    ]


_CONTRADICTIONS = """
SELECT DISTINCT ?left ?right ?reason
WHERE { ?pair a kg:Contradiction ; kg:left ?left ; kg:right ?right ; kg:reason ?reason }"""
