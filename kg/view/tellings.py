"""SPARQL over the store -> the tellings of each event: where, who says so, by which rule.

A property at a time, put together here: one query with a dozen OPTIONALs takes four times as long
on ten thousand events, and most properties are there or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from kg.view.rows import (
    Record,
    concept,
    one_line,
    read_rows,
    read_values,
    words_seen,
)

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Part", "in_role", "read_event_mentions", "read_parts", "read_players", "read_tellings"]

Range: TypeAlias = list[int]
Some: TypeAlias = Collection[str] | None  # IRIs that are asked for; None for all there are


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
    known: str | None = None
    span: Range | None = None
    words: str = ""


def read_players(store: Store) -> dict[str, list[Part]]:
    """Read who and what fills the roles of all events, without where it is named."""
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for row in read_rows(store, _PLAYERS):
        found[row["event"] or ""].append(Part(iri=row["part"] or "", entity=row["entity"]))
    return found


_PLAYERS = """
SELECT DISTINCT ?event ?part ?entity
WHERE { ?event a sem:Event ; kg:argument ?part . ?part kg:entity ?entity }"""


def read_parts(store: Store, nodes: Some = None) -> dict[str, list[Part]]:
    """Read the parts of events and tellings, by what they are parts of.

    Args:
        nodes: the events and tellings that are asked for.
    """
    rows = read_rows(store, _PARTS, node=nodes)
    some = None if nodes is None else {row["part"] or "" for row in rows}
    entities = read_values(store, "kg:entity", only=some)
    known = None if nodes is None else set(entities.values())
    names = read_values(store, "rdfs:label", "a kg:Entity", only=known)
    spans = {row["part"]: row for row in read_rows(store, _NAMED, part=some)}
    named_at = None if nodes is None else {row["span"] or "" for row in spans.values()}
    seen = words_seen(store, named_at)
    found: defaultdict[str, list[Part]] = defaultdict(list)
    for row in rows:
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


_PARTS = """
SELECT DISTINCT ?node ?part WHERE { ?node kg:argument ?part }"""

_NAMED = """
SELECT DISTINCT ?part ?span ?begin ?end ?words ?label
WHERE {
  ?part kg:role ?role ; kg:mention ?span .
  ?span nif:beginIndex ?begin ; nif:endIndex ?end ; nif:anchorOf ?words ; kg:mentionLabel ?label .
}"""


def _spans(store: Store, predicate: str, only: Some = None) -> dict[str, Range]:
    pattern = f"?node {predicate} ?span . ?span nif:beginIndex ?begin ; nif:endIndex ?end"
    rows = read_rows(store, f"SELECT DISTINCT ?node ?begin ?end WHERE {{ {pattern} }}", node=only)
    return {row["node"] or "": [int(row["begin"] or 0), int(row["end"] or 0)] for row in rows}


def read_event_mentions(
    store: Store, parts: Mapping[str, Iterable[Part]], events: Some = None
) -> dict[str, list[Record]]:
    """The tellings of each event, by its IRI, in the order that the event has them.

    Args:
        parts: of each telling, as `read_parts` gives them.
        events: those that are asked for.
    """
    found = read_tellings(store, events)
    every = [mention for told in found.values() for mention in told]
    some = None if events is None else [mention["id"] for mention in every]
    inferred: defaultdict[str, list[str]] = defaultdict(list)
    for row in read_rows(store, _INFERRED, told=some):
        inferred[row["told"] or ""].append(row["role"] or "")
    codes = {name: read_values(store, f"kg:{name}", only=some) for name in ("eventType", "cameo")}
    sentences, triggers = (_spans(store, f"kg:{name}", some) for name in ("sentence", "trigger"))
    _add_words(store, every, some)
    for mention in every:
        iri = mention["id"]
        mention.update(
            sentence=sentences[iri],
            trigger=triggers[iri],
            actors=_places(parts.get(iri, ()), "actor"),
            targets=_places(parts.get(iri, ()), "target"),
            parties=_parties(parts.get(iri, ())),
            inferred=inferred[iri],
            type=concept(codes["eventType"].get(iri), ""),
            cameo=concept(codes["cameo"].get(iri), ""),
        )
    return found


_INFERRED = """
SELECT DISTINCT ?told ?role WHERE { ?told kg:inferred ?role }"""


def read_tellings(store: Store, events: Some = None) -> dict[str, list[Record]]:
    """The tellings of each event without any offset: what filters, lists and the graph ask.

    Args:
        events: those that are asked for.
    """
    rows = _read_told(store, events)
    some = None if events is None else {iri for _, iri, _ in rows}
    said = {name: read_values(store, predicate, only=some) for name, predicate in _SAID.items()}
    sentences, triggers = (
        read_values(store, f"kg:{name}", only=some) for name in ("sentence", "trigger")
    )
    speeches = _speeches(store, some)
    found: defaultdict[str, list[tuple[int, Record]]] = defaultdict(list)
    for event, iri, place in rows:
        if iri not in sentences or iri not in triggers:
            continue
        own = {name: values.get(iri) for name, values in said.items()}
        confidence = own["confidence"]
        mention = {
            "id": iri,
            **own,
            "negated": own["negated"] == "true",
            "confidence": round(float(confidence), 3) if confidence else None,
            **speeches.get(iri, _UNSAID),
        }
        found[event].append((place, mention))
    return {
        iri: [mention for _, mention in sorted(told, key=lambda pair: pair[0])]
        for iri, told in found.items()
    }


def _read_told(store: Store, events: Some) -> list[tuple[str, str, int]]:
    """Each event with one of its tellings, and which of them it is."""
    known = {row["event"] for row in read_rows(store, _EVENTS, event=events)}
    rows = [row for row in read_rows(store, _TOLD, event=events) if row["event"] in known]
    some = None if events is None else {row["told"] or "" for row in rows}
    places = read_values(store, "kg:indexInEvent", only=some)
    return [
        (row["event"] or "", told, int(places[told]))
        for row in rows
        if (told := row["told"] or "") in places
    ]


_EVENTS = """
SELECT DISTINCT ?event WHERE { ?event a sem:Event }"""

_TOLD = """
SELECT DISTINCT ?event ?told WHERE { ?event gaf:denotedBy ?told }"""

# What is said of a telling itself.
_SAID = {
    "article": "kg:article",
    "theme": "kg:theme",
    "negated": "kg:negated",
    "modality": "kg:modality",
    "confidence": "kg:confidence",
    "rule": "kg:codeRule",
}
_UNSAID = {"quoted": False, "speaker": None}


def _speeches(store: Store, told: Some) -> dict[str, Record]:
    """Who says so, by the telling: whether quoted, and who speaks."""
    rows = read_rows(store, _SPEECHES, told=told)
    some = None if told is None else {row["speech"] or "" for row in rows}
    cues, quoted = (read_values(store, f"kg:{name}", only=some) for name in ("cue", "quoted"))
    voices = read_values(store, "kg:speaker", only=some)
    who = {row["voice"]: row["who"] for row in read_rows(store, _WHO, speech=some)}
    return {
        row["told"] or "": {
            "quoted": quoted.get(speech) == "true",
            "speaker": {"entity": who.get(voices[speech])} if speech in voices else None,
        }
        for row in rows
        if (speech := row["speech"] or "") in cues
    }


_SPEECHES = """
SELECT DISTINCT ?told ?speech WHERE { ?told grasp:hasAttribution/kg:speech ?speech }"""

_WHO = """
SELECT DISTINCT ?voice ?who WHERE { ?speech kg:speaker ?voice . ?voice kg:entity ?who }"""


def _add_words(store: Store, mentions: Iterable[Record], told: Some) -> None:
    """Add where the word stands by which somebody says so, and the words that name who."""
    cues = {row["told"]: row for row in read_rows(store, _CUES, told=told)}
    voices = {row["told"]: row for row in read_rows(store, _VOICES, told=told)}
    some = None if told is None else {row["span"] or "" for row in voices.values()}
    seen = words_seen(store, some)
    for mention in mentions:
        cue, words = cues.get(mention["id"]), voices.get(mention["id"])
        mention["cue"] = cue and [int(cue["begin"] or 0), int(cue["end"] or 0)]
        if mention["speaker"]:
            mention["speaker"]["text"] = words and seen.get(words["span"], words["words"])


_CUES = """
SELECT DISTINCT ?told ?speech ?begin ?end
WHERE {
  ?told grasp:hasAttribution/kg:speech ?speech . ?speech kg:cue ?span .
  ?span nif:beginIndex ?begin ; nif:endIndex ?end .
}"""

_VOICES = """
SELECT DISTINCT ?told ?speech ?voice ?span ?words
WHERE {
  ?told grasp:hasAttribution/kg:speech ?speech . ?speech kg:cue ?cue ; kg:speaker ?voice .
  ?voice kg:mention ?span . ?span nif:anchorOf ?words .
}"""


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
