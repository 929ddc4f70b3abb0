"""SPARQL over the store -> the tellings of each event: where, who says so, by which rule.

A property at a time, put together here: one query with a dozen OPTIONALs takes four times as long
on ten thousand events, and most properties are there or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, cast

from kg.view.rows import PREFIXED, Record, concept, one_line, read_rows, words_seen

if TYPE_CHECKING:
    from pyoxigraph import QuerySolutions

    from kg.store import Store

__all__ = ["Part", "in_role", "read_event_mentions", "read_parts"]

Range: TypeAlias = list[int]
Values: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Who or what fills a role of an event or of one of its tellings.

    Attributes:
        iri: ends with the role and the place in it ("#actor=0").
        known: the entity's name.
        span: where it is named; None where it isn't stated.
        words: the name or description there; empty for a pronoun.
    """

    iri: str
    entity: str | None
    known: str | None
    span: Range | None
    words: str


def read_parts(store: Store) -> dict[str, list[Part]]:
    """Read the parts of all events and tellings, by what they are parts of."""
    entities, names = _values(store, "kg:entity"), _values(store, "rdfs:label", "a kg:Entity")
    seen, spans = words_seen(store), {row["part"]: row for row in read_rows(store, _NAMED)}
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for row in read_rows(store, "SELECT DISTINCT ?node ?part WHERE { ?node kg:argument ?part }"):
        iri, named = row["part"] or "", spans.get(row["part"])
        entity, words = entities.get(iri), ""
        if named and named["label"] != "PRONOUN":
            words = one_line(seen.get(named["span"], named["words"]))
        part = Part(
            iri=iri,
            entity=entity,
            known=names.get(entity or ""),
            span=[int(named["begin"] or 0), int(named["end"] or 0)] if named else None,
            words=words,
        )
        found[row["node"] or ""].append(part)
    return found


_NAMED = """
SELECT DISTINCT ?part ?span ?begin ?end ?words ?label
WHERE {
  ?part kg:role ?role ; kg:mention ?span .
  ?span nif:beginIndex ?begin ; nif:endIndex ?end ; nif:anchorOf ?words ; kg:mentionLabel ?label .
}"""


def _values(store: Store, predicate: str, more: str = "") -> dict[str, str]:
    """The value of a property by its subject; of several, the first in order.

    Args:
        more: what else is said of the subject.
    """
    wanted = f"; {more}" if more else ""
    query = f"{PREFIXED}SELECT ?s ?o WHERE {{ ?s {predicate} ?o {wanted} }}"
    found: dict[str, str] = {}
    for row in cast("QuerySolutions", store.query(query)):
        subject, value = row["s"].value, row["o"].value
        if value < found.get(subject, value + " "):
            found[subject] = value
    return found


def _spans(store: Store, predicate: str) -> dict[str, Range]:
    pattern = f"?node {predicate} ?span . ?span nif:beginIndex ?begin ; nif:endIndex ?end"
    rows = read_rows(store, f"SELECT DISTINCT ?node ?begin ?end WHERE {{ {pattern} }}")
    return {row["node"] or "": [int(row["begin"] or 0), int(row["end"] or 0)] for row in rows}


def read_event_mentions(
    store: Store, parts: Mapping[str, Iterable[Part]]
) -> dict[str, list[Record]]:
    """The tellings of each event, by its IRI, in the order that the event has them."""
    inferred: defaultdict[str, list[str]] = defaultdict(list)
    for row in read_rows(store, "SELECT DISTINCT ?told ?role WHERE { ?told kg:inferred ?role }"):
        inferred[row["told"] or ""].append(row["role"] or "")
    said = {name: _values(store, predicate) for name, predicate in _SAID.items()}
    sentences, triggers = _spans(store, "kg:sentence"), _spans(store, "kg:trigger")
    speeches = _speeches(store)
    found: defaultdict[str, list[tuple[int, Record]]] = defaultdict(list)
    for row in read_rows(store, _TOLD):
        iri = row["told"] or ""
        own = {name: values.get(iri) for name, values in said.items()}
        if iri not in sentences or iri not in triggers:
            continue
        confidence = own["confidence"]
        mention = {
            "id": iri,
            "article": own["article"],
            "sentence": sentences[iri],
            "trigger": triggers[iri],
            "actors": _places(parts.get(iri, ()), "actor"),
            "targets": _places(parts.get(iri, ()), "target"),
            "parties": _parties(parts.get(iri, ())),
            "theme": own["theme"],
            "negated": own["negated"] == "true",
            "modality": own["modality"],
            "confidence": round(float(confidence), 3) if confidence else None,
            "inferred": inferred[iri],
            "rule": own["rule"],
            "type": concept(own["type"], ""),
            "cameo": concept(own["cameo"], ""),
            **speeches.get(iri, {"quoted": False, "cue": None, "speaker": None}),
        }
        found[row["event"] or ""].append((int(row["place"] or 0), mention))
    return {
        iri: [mention for _, mention in sorted(told, key=lambda pair: pair[0])]
        for iri, told in found.items()
    }


_TOLD = """
SELECT DISTINCT ?event ?told ?place
WHERE { ?event a sem:Event ; gaf:denotedBy ?told . ?told kg:indexInEvent ?place }"""

# What is said of a telling itself.
_SAID = {
    "article": "kg:article",
    "theme": "kg:theme",
    "negated": "kg:negated",
    "modality": "kg:modality",
    "confidence": "kg:confidence",
    "rule": "kg:codeRule",
    "type": "kg:eventType",
    "cameo": "kg:cameo",
}


def _speeches(store: Store) -> dict[str, Record]:
    """Who says so, by the telling: whether quoted, by which word, and who speaks."""
    seen = words_seen(store)
    quoted, cues = _values(store, "kg:quoted"), _spans(store, "kg:cue")
    speakers, who = _values(store, "kg:speaker"), _values(store, "kg:entity")
    named = {row["voice"]: row for row in read_rows(store, _VOICES)}
    found: dict[str, Record] = {}
    for row in read_rows(store, _SPEECHES):
        speech = row["speech"] or ""
        if speech not in cues:
            continue
        voice = speakers.get(speech)
        words = named.get(voice)
        found[row["told"] or ""] = {
            "quoted": quoted.get(speech) == "true",
            "cue": cues[speech],
            "speaker": {
                "entity": who.get(voice),
                "text": words and seen.get(words["span"], words["words"]),
            }
            if voice
            else None,
        }
    return found


_SPEECHES = """
SELECT DISTINCT ?told ?speech WHERE { ?told grasp:hasAttribution/kg:speech ?speech }"""

_VOICES = """
SELECT DISTINCT ?voice ?span ?words
WHERE { ?speech kg:speaker ?voice . ?voice kg:mention ?span . ?span nif:anchorOf ?words }"""


def in_role(parts: Iterable[Part], role: str) -> list[Part]:
    """The parts of one role in order; their place among the others ends their IRI ("#actor=0")."""
    own = [part for part in parts if f"#{role}=" in part.iri]
    return sorted(own, key=lambda part: int(part.iri.rpartition("=")[2]))


def _places(parts: Iterable[Part], role: str) -> list[Range]:
    return [part.span for part in in_role(parts, role) if part.span]


def _parties(parts: Iterable[Part]) -> list[tuple[str, str | None, str]]:
    """Role, name and words of all who are stated, by place; a pronoun's words are none."""
    stated = sorted((part for part in parts if part.span), key=lambda part: part.span or [])
    return [
        (role, part.known, part.words)
        for role in ("actor", "target")
        for part in stated
        if f"#{role}=" in part.iri
    ]
