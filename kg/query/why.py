"""Why an event is in the store: every sentence, speaker, source and rule behind it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.errors import QueryError
from kg.query.ask import run_query
from kg.query.rows import Cell, Rows, plain_text
from kg.query.seen import as_seen

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Evidence", "Explanation", "Part", "explain_event"]

EVENTS = """
SELECT ?event ?id ?label ?type ?date ?basis ?cameo ?mode ?modality ?negated ?publishers {
  VALUES ?wanted { "" }
  ?event a sem:Event ; kg:id ?id ; rdfs:label ?label ; kg:eventType ?typed ;
         kg:modality ?modality ; kg:negated ?negated ; kg:sourceCount ?publishers .
  FILTER(?wanted = "" || ?id = ?wanted)
  BIND(STRAFTER(STR(?typed), "/plover/") AS ?type)
  OPTIONAL { ?event kg:cameo ?coded . BIND(STRAFTER(STR(?coded), "/cameo/") AS ?cameo) }
  OPTIONAL { ?event kg:mode ?moded . BIND(STRAFTER(STR(?moded), "-") AS ?mode) }
  OPTIONAL { ?event sem:hasTime ?when . ?when sem:hasTimeStamp ?date ; kg:basis ?basis }
} ORDER BY ?date ?label ?id
"""
MENTIONS = """
SELECT ?mention ?id ?sentence ?begin ?end ?triggerBegin ?triggerEnd ?modality ?negated ?confidence
       ?type ?cameo ?rule ?reason ?publisher ?published ?file ?record ?doc ?speaker ?cue ?stance
       ?quoted {
  VALUES ?wanted { "" }
  ?event a sem:Event ; kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:id ?id ; kg:article ?article ; kg:sentence ?span ; kg:trigger ?trigger ;
           kg:modality ?modality ; kg:negated ?negated ; kg:confidence ?confidence .
  ?span nif:anchorOf ?sentence ; nif:beginIndex ?begin ; nif:endIndex ?end .
  ?trigger nif:beginIndex ?triggerBegin ; nif:endIndex ?triggerEnd .
  ?article rdfs:label ?doc ; schema:encoding ?document .
  OPTIONAL { ?mention kg:indexInEvent ?index }
  OPTIONAL { ?mention kg:reason ?reason }
  OPTIONAL { ?mention kg:eventType ?typed ; kg:codeRule ?rule .
             BIND(STRAFTER(STR(?typed), "/plover/") AS ?type) }
  OPTIONAL { ?mention kg:cameo ?coded . BIND(STRAFTER(STR(?coded), "/cameo/") AS ?cameo) }
  OPTIONAL { ?article schema:publisher ?house . ?house rdfs:label ?publisher }
  OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?document schema:contentUrl ?file }
  OPTIONAL { ?document kg:record ?record }
  OPTIONAL {
    ?mention grasp:hasAttribution ?view . ?view kg:speech ?speech .
    ?speech kg:cue ?cueSpan ; kg:stance ?stance ; kg:quoted ?quoted .
    ?cueSpan nif:anchorOf ?cueRaw .
    OPTIONAL { ?cueSpan oa:hasSelector/oa:exact ?cueSeen }
    BIND(COALESCE(?cueSeen, ?cueRaw) AS ?cue)
    OPTIONAL {
      ?speech kg:speaker ?voice .
      OPTIONAL { ?voice kg:entity ?who . ?who rdfs:label ?name }
      OPTIONAL { ?voice kg:mention ?naming . ?naming nif:anchorOf ?words }
      BIND(COALESCE(?name, ?words) AS ?speaker)
    }
  }
} ORDER BY ?index ?doc ?triggerBegin ?mention
"""
MARKUP = """
SELECT DISTINCT ?mention ?begin ?end ?shown {
  VALUES ?wanted { "" }
  ?event a sem:Event ; kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:sentence ?span .
  ?span nif:referenceContext ?text ; nif:beginIndex ?from ; nif:endIndex ?to .
  ?text kg:markup ?tag . ?tag nif:beginIndex ?begin ; nif:endIndex ?end ; kg:shown ?shown .
  FILTER(?begin >= ?from && ?end <= ?to)
} ORDER BY ?mention ?begin
"""
PARTS = """
SELECT ?mention ?role ?name ?words ?rule {
  VALUES ?wanted { "" }
  ?event a sem:Event ; kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:argument ?part .
  ?part kg:role ?roled ; kg:linkRule ?rule .
  OPTIONAL { ?part kg:entity ?entity . ?entity rdfs:label ?name }
  OPTIONAL {
    ?part kg:mention ?naming . ?naming nif:anchorOf ?raw .
    OPTIONAL { ?naming oa:hasSelector/oa:exact ?seen }
    BIND(COALESCE(?seen, ?raw) AS ?words)
  }
  BIND(REPLACE(STR(?roled), "^.*[/#](has)?", "") AS ?role)
} ORDER BY ?mention ?role ?part
"""
ABOUT = """
SELECT DISTINCT ?side ?label ?id {
  VALUES ?wanted { "" }
  ?event a sem:Event ; kg:id ?wanted .
  { ?event kg:concerns ?other BIND("about" AS ?side) }
  UNION { ?other kg:concerns ?event ; kg:eventType ?typed
          BIND(IF(STRENDS(STR(?typed), "/STATEMENT"), "told in", "answered by") AS ?side) }
  ?other a sem:Event ; rdfs:label ?label ; kg:id ?id .
} ORDER BY ?side ?label ?id
"""
AGAINST = """
SELECT DISTINCT ?reason ?mention ?sentence ?otherSentence ?file ?begin ?end {
  VALUES ?wanted { "" }
  ?event a sem:Event ; kg:id ?wanted ; gaf:denotedBy ?mention .
  ?clash a kg:Contradiction ; kg:reason ?reason .
  { ?clash kg:left ?mention ; kg:right ?other } UNION { ?clash kg:right ?mention ; kg:left ?other }
  ?mention kg:sentence ?span . ?span nif:anchorOf ?raw .
  OPTIONAL { ?span oa:hasSelector/oa:exact ?seen }
  BIND(COALESCE(?seen, ?raw) AS ?sentence)
  ?other kg:sentence ?otherSpan ; kg:article ?article .
  ?otherSpan nif:anchorOf ?otherRaw .
  OPTIONAL { ?otherSpan oa:hasSelector/oa:exact ?otherSeen }
  BIND(COALESCE(?otherSeen, ?otherRaw) AS ?otherSentence)
  ?otherSpan nif:beginIndex ?begin ; nif:endIndex ?end .
  ?article rdfs:label ?doc ; schema:encoding ?document .
  OPTIONAL { ?document schema:contentUrl ?path }
  BIND(COALESCE(?path, ?doc) AS ?file)
} ORDER BY ?reason ?file ?begin ?mention
"""


ROLES = ("actor", "target", "place")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Who or what fills a role of an event mention, and how that was found.

    Attributes:
        words: as the text has them; None where the text doesn't state it.
        rule: how the words were joined to what they name.
    """

    role: str
    name: str | None
    words: str | None
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One telling of an event: the sentence, where it stands, who says so, and by which rules.

    Attributes:
        id: of the event mention; a file of corrections names it.
        sentence: as a reader sees it: on a page of HTML, without the tags that stand in it.
        trigger: half-open range in `sentence`.
        speaker: None for the article's own voice, or where nobody is named (then `cue` is there).
    """

    id: str
    sentence: str
    trigger: tuple[int, int]
    file: str
    record: int | None
    begin: int
    end: int
    publisher: str | None
    published: str | None
    speaker: str | None
    cue: str | None
    stance: str | None
    quoted: bool
    modality: str
    negated: bool
    confidence: float
    code: str
    rule: str
    reason: str
    parts: tuple[Part, ...]

    def to_text(self) -> str:
        """Write the telling in lines for people."""
        record = "" if self.record is None else f", record {self.record}"
        head = [self.publisher or "unknown publisher", self.published or "undated"]
        head.append(f"{self.file}{record}, characters {self.begin}-{self.end}")
        lines = [", ".join(head), self.marked_sentence(), "said by: " + self._voice()]
        state = ", negated" if self.negated else ""
        lines.append(f"held as: {self.modality}{state}, confidence {self.confidence:g}")
        lines.append(f"code: {self.code or 'none'} by rule {self.rule or '-'}")
        lines += [_part_line(part) for part in self.parts]
        if self.reason:
            lines.append(f"why here: {self.reason} (mention {self.id})")
        return "\n".join(plain_text(line) for line in lines)

    def marked_sentence(self) -> str:
        """Give the sentence with its trigger between guillemets."""
        start, end = self.trigger
        return f"{self.sentence[:start]}»{self.sentence[start:end]}«{self.sentence[end:]}"

    def _voice(self) -> str:
        if self.cue is None:
            return "the article itself"
        quoted = ", quoted" if self.quoted else ""
        return f'{self.speaker or "nobody named"} ("{self.cue}", {self.stance}{quoted})'


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why an event is in the store.

    Attributes:
        summary: type, mode, CAMEO code, date and how sure, in a line.
        related: ("about", "told in" or "answered by", label, id) of other events.
        against: (reason, this sentence, the other sentence, where it stands).
    """

    id: str
    label: str
    summary: str
    evidence: tuple[Evidence, ...]
    related: tuple[tuple[str, str, str], ...] = ()
    against: tuple[tuple[str, str, str, str], ...] = ()

    def to_text(self) -> str:
        """Write the explanation for people, free of control characters."""
        lines = [plain_text(self.label), f"  {plain_text(self.summary)}"]
        for number, told in enumerate(self.evidence, start=1):
            first, *rest = told.to_text().split("\n")
            lines += ["", f"{number}. {first}", *(f"   {line}" for line in rest)]
        if self.related or self.against:
            lines.append("")
        lines += [plain_text(f"{side}: {label} ({id_})") for side, label, id_ in self.related]
        for reason, own, other, where in self.against:
            clash = f"contradiction ({reason}): {own} | against: {other} ({where})"
            lines.append(plain_text(clash))
        return "\n".join(lines) + "\n"

    def __str__(self) -> str:
        return self.to_text()

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(self.to_text())}</pre>"


def explain_event(store: Store, wanted: str) -> Explanation:
    """Tell why an event is in the store: every sentence, speaker, source and rule behind it.

    Args:
        wanted: the event's id, its IRI, the beginning of its id, or words that fit it alone
            ("Russia propose"); of several, the one that more publishers tell than any other.

    Raises:
        QueryError: no event or more than one fits; the message lists some.
    """
    event = _find_event(store, wanted)
    id_ = {"wanted": str(event["id"])}
    parts: dict[Cell, list[Part]] = {}
    for row in _dicts(store, PARTS, id_):
        part = Part(
            role=str(row["role"]).lower(),
            name=_text_or_none(row["name"]),
            words=_text_or_none(row["words"]),
            rule=str(row["rule"]),
        )
        parts.setdefault(row["mention"], []).append(part)
    markup: dict[Cell, list[dict[str, Cell]]] = {}
    for row in _dicts(store, MARKUP, id_):
        markup.setdefault(row["mention"], []).append(row)
    mentions = _dicts(store, MENTIONS, id_)
    related = _dicts(store, ABOUT, id_)
    against = _dicts(store, AGAINST, id_)
    return Explanation(
        id=str(event["id"]),
        label=str(event["label"]),
        summary=_summary(event),
        evidence=tuple(
            _evidence(row, parts.get(row["mention"], []), markup.get(row["mention"], []))
            for row in mentions
        ),
        related=tuple((str(r["side"]), str(r["label"]), str(r["id"])) for r in related),
        against=tuple(
            (
                str(row["reason"]),
                str(row["sentence"]),
                str(row["otherSentence"]),
                f"{row['file']}, characters {row['begin']}-{row['end']}",
            )
            for row in against
        ),
    )


def _dicts(
    store: Store, sparql: str, parameters: Mapping[str, str] | None = None
) -> list[dict[str, Cell]]:
    answer = run_query(store, sparql, parameters)
    return answer.to_dicts() if isinstance(answer, Rows) else []


def _text_or_none(cell: Cell) -> str | None:
    return None if cell is None else str(cell)


TELLERS = """
SELECT ?id ?publishers { ?event a sem:Event ; kg:id ?id ; kg:sourceCount ?publishers } ORDER BY ?id
"""


def _find_event(store: Store, wanted: str) -> dict[str, Cell]:
    wanted = wanted.strip().strip("<>")
    events = _dicts(store, EVENTS)
    fitting = [event for event in events if wanted in (event["id"], event["event"])]
    if not fitting and re.fullmatch(r"[0-9a-f]{4,}", wanted):
        fitting = [event for event in events if str(event["id"]).startswith(wanted)]
    if not fitting and wanted:
        asked = _words(wanted)
        fitting = [event for event in events if asked and _in_order(asked, _event_words(event))]
        fitting = fitting or [e for e in events if asked and _anyhow(asked, _event_words(e))]
    if len(fitting) == 1:
        return fitting[0]
    told = _told_most(store, fitting)
    if told is not None:
        return told
    listed = "; ".join(map(_candidate, (fitting or events)[:5]))
    if fitting:
        raise QueryError(plain_text(f"{len(fitting)} events fit {wanted!r}: {listed}"))
    there = f"there are {listed}" if events else "the store holds no event"
    raise QueryError(plain_text(f"no event fits {wanted!r}; {there}"))


def _told_most(store: Store, fitting: Sequence[dict[str, Cell]]) -> dict[str, Cell] | None:
    """Choose the event that more publishers tell than any other that fits, if there is one."""
    if not fitting:
        return None
    tellers = {row["id"]: int(str(row["publishers"])) for row in _dicts(store, TELLERS)}
    ranked = sorted(fitting, key=lambda event: -tellers.get(event["id"], 0))
    first, second = (tellers.get(event["id"], 0) for event in ranked[:2])
    return ranked[0] if first > second else None


def _candidate(event: Mapping[str, Cell]) -> str:
    return f"{event['id']} {event['label']} ({event['type']}, {event['date'] or 'undated'})"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _event_words(event: Mapping[str, Cell]) -> list[str]:
    return _words(" ".join(str(event[key] or "") for key in ("label", "type", "cameo", "date")))


def _in_order(asked: Sequence[str], words: Iterable[str]) -> bool:
    """Tell whether the words begin so, in this order, with others between them."""
    rest = iter(words)
    return all(any(word.startswith(beginning) for word in rest) for beginning in asked)


def _anyhow(asked: Sequence[str], words: Sequence[str]) -> bool:
    return all(any(word.startswith(beginning) for word in words) for beginning in asked)


def _summary(event: Mapping[str, Cell]) -> str:
    told = [f"event {event['id']}", str(event["type"])]
    told += [
        f"{name} {event[key]}" for name, key in (("mode", "mode"), ("CAMEO", "cameo")) if event[key]
    ]
    told.append(f"on {event['date']} ({event['basis']})" if event["date"] else "undated")
    told.append(f"{'not ' if event['negated'] else ''}{event['modality']}")
    count = event["publishers"]
    return ", ".join(told) + f"; told by {count} publisher{'' if count == 1 else 's'}"


def _evidence(
    row: Mapping[str, Cell], parts: Sequence[Part], markup: Sequence[Mapping[str, Cell]]
) -> Evidence:
    begin = _number(row["begin"])
    sentence, trigger = _as_read(row, markup)
    code = " ".join(str(row[key]) for key in ("type", "cameo") if row[key])
    return Evidence(
        id=str(row["id"]),
        sentence=sentence,
        trigger=trigger,
        file=str(row["file"] or row["doc"]),
        record=None if row["record"] is None else _number(row["record"]),
        begin=begin,
        end=_number(row["end"]),
        publisher=_text_or_none(row["publisher"]),
        published=_text_or_none(row["published"]),
        speaker=_text_or_none(row["speaker"]),
        cue=_text_or_none(row["cue"]),
        stance=_text_or_none(row["stance"]),
        quoted=bool(row["quoted"]),
        modality=str(row["modality"]),
        negated=bool(row["negated"]),
        confidence=float(row["confidence"] or 0),
        code=code,
        rule=str(row["rule"] or ""),
        reason=str(row["reason"] or ""),
        parts=tuple(sorted(parts, key=lambda part: ROLES.index(part.role))),
    )


def _as_read(
    row: Mapping[str, Cell], markup: Sequence[Mapping[str, Cell]]
) -> tuple[str, tuple[int, int]]:
    """Give a sentence as its readers see it, and where the trigger then stands in it."""
    sentence, begin = str(row["sentence"]), _number(row["begin"])
    start, end = _number(row["triggerBegin"]) - begin, _number(row["triggerEnd"]) - begin
    if not markup:
        return sentence, (start, end)
    tags = [
        (_number(t["begin"]) - begin, _number(t["end"]) - begin, str(t["shown"])) for t in markup
    ]
    borders = ((0, start), (start, end), (end, len(sentence)))
    before, trigger, after = (as_seen(sentence, tags, *border) for border in borders)
    before = before.lstrip()
    return (before + trigger + after).rstrip(), (len(before), len(before) + len(trigger))


def _number(cell: Cell) -> int:
    return int(cell) if cell is not None else 0


def _part_line(part: Part) -> str:
    how = f" by rule {part.rule}" if part.rule else ""
    if part.words is None:
        return f"{part.role}: {part.name}, not stated{how}"
    named = f" = {part.name}" if part.name is not None else ", not resolved"
    return f'{part.role}: "{part.words}"{named}{how}'
