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

# An OPTIONAL of more than one pattern is answered for the whole store before it is known for whom:
# so each step that may be missing is asked for by itself, beginning at the event, and joined here.
BEGINNING = """
SELECT ?id {
  VALUES ?wanted { "" }
  ?event kg:id ?id . FILTER(STRSTARTS(?id, ?wanted))
  ?event kg:order ?order .
} ORDER BY ?order
"""
FIRST = """
SELECT ?id {
  { SELECT ?event ?order { ?event kg:order ?order } ORDER BY ?order LIMIT 5 }
  ?event kg:id ?id .
} ORDER BY ?order
"""
# Subselects: each reads one index from end to end, which for all events is the quicker way.
FITTING = """
SELECT ?id ?label ?type ?cameo ?date ?publishers {
  ?event kg:order ?order .
  { SELECT ?event ?label { ?event rdfs:label ?label } }
  { SELECT ?event ?typed { ?event kg:eventType ?typed } }
  { SELECT ?event ?publishers { ?event kg:sourceCount ?publishers } }
  { SELECT ?event ?id { ?event kg:id ?id } }
  OPTIONAL { { SELECT ?event ?coded { ?event kg:cameo ?coded } } }
  OPTIONAL { { SELECT ?event ?date { ?event kg:date ?date } } }
  BIND(STRAFTER(STR(?typed), "/plover/") AS ?type)
  BIND(STRAFTER(STR(?coded), "/cameo/") AS ?cameo)
  BIND(CONCAT(?label, " ", ?type, " ", COALESCE(?cameo, ""), " ", COALESCE(?date, "")) AS ?told)
  #[word] FILTER(CONTAINS(LCASE(?told), $word))  # part of one of its words
} ORDER BY ?order
"""
EVENTS = """
SELECT ?event ?id ?label ?type ?date ?basis ?cameo ?mode ?modality ?negated ?publishers {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; kg:id ?id ; rdfs:label ?label ; kg:eventType ?typed ;
         kg:modality ?modality ; kg:negated ?negated ; kg:sourceCount ?publishers .
  OPTIONAL { ?event kg:cameo ?coded }
  OPTIONAL { ?event kg:mode ?moded }
  OPTIONAL { ?event kg:date ?date }
  OPTIONAL { ?event sem:hasTime ?when }
  BIND(COALESCE(?when, ?event) AS ?dated)  # of an event itself, nothing is said that a time has
  OPTIONAL { ?dated kg:basis ?basis }
  BIND(STRAFTER(STR(?typed), "/plover/") AS ?type)
  BIND(STRAFTER(STR(?coded), "/cameo/") AS ?cameo)
  BIND(STRAFTER(STR(?moded), "-") AS ?mode)
} ORDER BY ?date ?label ?id
"""
MENTIONS = """
SELECT ?mention ?id ?sentence ?begin ?end ?triggerBegin ?triggerEnd ?modality ?negated ?confidence
       ?type ?cameo ?rule ?reason ?published ?file ?record ?doc ?speaker {
  {
    SELECT ?mention {
      VALUES ?wanted { "" }
      ?event kg:id ?wanted ; gaf:denotedBy ?mention .
    }
    LIMIT 1000  # limit: mentions that are asked about one by one
  }
  ?mention kg:id ?id ; kg:article ?article ; kg:sentence ?span ; kg:trigger ?trigger ;
           kg:modality ?modality ; kg:negated ?negated ; kg:confidence ?confidence .
  ?span nif:anchorOf ?sentence ; nif:beginIndex ?begin ; nif:endIndex ?end .
  ?trigger nif:beginIndex ?triggerBegin ; nif:endIndex ?triggerEnd .
  ?article rdfs:label ?doc ; schema:encoding ?document .
  OPTIONAL { ?mention kg:indexInEvent ?index }
  OPTIONAL { ?mention kg:reason ?reason }
  OPTIONAL { ?mention kg:eventType ?typed }
  OPTIONAL { ?mention kg:codeRule ?rule }
  OPTIONAL { ?mention kg:cameo ?coded }
  OPTIONAL { ?mention kg:speakerName ?speaker }
  OPTIONAL { ?article schema:datePublished ?published }
  OPTIONAL { ?document schema:contentUrl ?file }
  OPTIONAL { ?document kg:record ?record }
  BIND(STRAFTER(STR(?typed), "/plover/") AS ?type)
  BIND(STRAFTER(STR(?coded), "/cameo/") AS ?cameo)
} ORDER BY ?index ?doc ?triggerBegin ?mention
"""
HOUSES = """
SELECT ?mention ?publisher {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:article ?article . ?article schema:publisher ?house . ?house rdfs:label ?publisher .
}
"""
SPEECHES = """
SELECT ?mention ?cue ?stance ?quoted {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention grasp:hasAttribution ?view . ?view kg:speech ?speech .
  ?speech kg:cue ?span ; kg:stance ?stance ; kg:quoted ?quoted . ?span nif:anchorOf ?cueRaw .
  OPTIONAL { ?span oa:hasSelector ?cueQuote }  # a page of HTML, as it is read
  BIND(COALESCE(?cueQuote, ?span) AS ?cueAt)
  OPTIONAL { ?cueAt oa:exact ?cueSeen }
  BIND(COALESCE(?cueSeen, ?cueRaw) AS ?cue)
}
"""
MARKUP = """
SELECT DISTINCT ?mention ?begin ?end ?shown {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:sentence ?span .
  ?span nif:referenceContext ?text ; nif:beginIndex ?from ; nif:endIndex ?to .
  ?text kg:markup ?tag . ?tag nif:beginIndex ?begin ; nif:endIndex ?end ; kg:shown ?shown .
  FILTER(?begin >= ?from && ?end <= ?to)
} ORDER BY ?mention ?begin
"""
PARTS = """
SELECT ?mention ?part ?role ?rule {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:argument ?part .
  ?part kg:role ?roled ; kg:linkRule ?rule .
  BIND(REPLACE(STR(?roled), "^.*[/#](has)?", "") AS ?role)
} ORDER BY ?mention ?role ?part
"""
NAMES = """
SELECT ?part ?name {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:argument ?part . ?part kg:entity ?entity . ?entity rdfs:label ?name .
}
"""
WORDS = """
SELECT ?part ?words {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; gaf:denotedBy ?mention .
  ?mention kg:argument ?part . ?part kg:mention ?naming . ?naming nif:anchorOf ?wordsRaw .
  OPTIONAL { ?naming oa:hasSelector ?wordsQuote }  # a page of HTML, as it is read
  BIND(COALESCE(?wordsQuote, ?naming) AS ?wordsAt)
  OPTIONAL { ?wordsAt oa:exact ?wordsSeen }
  BIND(COALESCE(?wordsSeen, ?wordsRaw) AS ?words)
}
"""
ABOUT = """
SELECT DISTINCT ?label ?id {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; kg:concerns ?other .
  ?other rdfs:label ?label ; kg:id ?id .
} ORDER BY ?label ?id
"""
ANSWERED = """
SELECT DISTINCT ?side ?label ?id {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted . ?other kg:concerns ?event ; kg:eventType ?typed .
  ?other rdfs:label ?label ; kg:id ?id .
  BIND(IF(STRENDS(STR(?typed), "/STATEMENT"), "told in", "answered by") AS ?side)
} ORDER BY ?side ?label ?id
"""
AGAINST = """
SELECT DISTINCT ?reason ?mention ?sentence ?otherSentence ?file ?begin ?end {
  VALUES ?wanted { "" }
  ?event kg:id ?wanted ; gaf:denotedBy ?mention .
  ?clash kg:left ?mention ; kg:right ?other ; kg:reason ?reason .
  ?mention kg:sentence ?span . ?span nif:anchorOf ?sentenceRaw .
  ?other kg:sentence ?otherSpan ; kg:article ?article .
  ?otherSpan nif:anchorOf ?otherSentenceRaw ; nif:beginIndex ?begin ; nif:endIndex ?end .
  ?article rdfs:label ?doc ; schema:encoding ?document .
  OPTIONAL { ?document schema:contentUrl ?path }
  BIND(COALESCE(?path, ?doc) AS ?file)
  OPTIONAL { ?span oa:hasSelector ?sentenceQuote }  # a page of HTML, as it is read
  BIND(COALESCE(?sentenceQuote, ?span) AS ?sentenceAt)
  OPTIONAL { ?sentenceAt oa:exact ?sentenceSeen }
  BIND(COALESCE(?sentenceSeen, ?sentenceRaw) AS ?sentence)
  OPTIONAL { ?otherSpan oa:hasSelector ?otherSentenceQuote }  # a page of HTML, as it is read
  BIND(COALESCE(?otherSentenceQuote, ?otherSpan) AS ?otherSentenceAt)
  OPTIONAL { ?otherSentenceAt oa:exact ?otherSentenceSeen }
  BIND(COALESCE(?otherSentenceSeen, ?otherSentenceRaw) AS ?otherSentence)
}
"""
FROM_THE_RIGHT = AGAINST.replace(
    "?clash kg:left ?mention ; kg:right", "?clash kg:right ?mention ; kg:left"
)


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
    parts = _parts(store, id_)
    speeches, houses = (_by_mention(store, one, id_) for one in (SPEECHES, HOUSES))
    markup: dict[Cell, list[dict[str, Cell]]] = {}
    for row in _dicts(store, MARKUP, id_):
        markup.setdefault(row["mention"], []).append(row)
    unsaid: dict[str, Cell] = {"cue": None, "stance": None, "quoted": None, "publisher": None}
    mentions = [
        unsaid | row | speeches.get(row["mention"], {}) | houses.get(row["mention"], {})
        for row in _dicts(store, MENTIONS, id_)
    ]
    about = [("about", str(r["label"]), str(r["id"])) for r in _dicts(store, ABOUT, id_)]
    answers = _dicts(store, ANSWERED, id_)
    against = [row for one in (AGAINST, FROM_THE_RIGHT) for row in _dicts(store, one, id_)]
    against.sort(key=lambda row: [str(row[key]) for key in ("reason", "file", "begin", "mention")])
    return Explanation(
        id=str(event["id"]),
        label=str(event["label"]),
        summary=_summary(event),
        evidence=tuple(
            _evidence(row, parts.get(row["mention"], []), markup.get(row["mention"], []))
            for row in mentions
        ),
        related=(*about, *((str(r["side"]), str(r["label"]), str(r["id"])) for r in answers)),
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


def _parts(store: Store, id_: Mapping[str, str]) -> dict[Cell, list[Part]]:
    """Who and what fills the roles of each mention."""
    names = {row["part"]: row["name"] for row in _dicts(store, NAMES, id_)}
    words = {row["part"]: row["words"] for row in _dicts(store, WORDS, id_)}
    parts: dict[Cell, list[Part]] = {}
    for row in _dicts(store, PARTS, id_):
        part = Part(
            role=str(row["role"]).lower(),
            name=_text_or_none(names.get(row["part"])),
            words=_text_or_none(words.get(row["part"])),
            rule=str(row["rule"]),
        )
        parts.setdefault(row["mention"], []).append(part)
    return parts


def _by_mention(store: Store, sparql: str, id_: Mapping[str, str]) -> dict[Cell, dict[str, Cell]]:
    return {row["mention"]: row for row in _dicts(store, sparql, id_)}


def _dicts(
    store: Store, sparql: str, parameters: Mapping[str, str] | None = None
) -> list[dict[str, Cell]]:
    answer = run_query(store, sparql, parameters)
    return answer.to_dicts() if isinstance(answer, Rows) else []


def _text_or_none(cell: Cell) -> str | None:
    return None if cell is None else str(cell)


def _find_event(store: Store, wanted: str) -> dict[str, Cell]:
    wanted = wanted.strip().strip("<>")
    known = _dicts(store, EVENTS, {"wanted": wanted.rpartition("/event/")[2]})
    if known and wanted in (known[0]["id"], known[0]["event"]):
        return known[0]
    fitting = _fitting(store, wanted)
    chosen = fitting[0] if len(fitting) == 1 else _told_most(fitting)
    if chosen is not None:
        return _dicts(store, EVENTS, {"wanted": str(chosen["id"])})[0]
    listed = "; ".join(map(_candidate, (fitting or _events(store, _dicts(store, FIRST)))[:5]))
    if fitting:
        raise QueryError(plain_text(f"{len(fitting)} events fit {wanted!r}: {listed}"))
    there = f"there are {listed}" if listed else "the store holds no event"
    raise QueryError(plain_text(f"no event fits {wanted!r}; {there}"))


def _fitting(store: Store, wanted: str) -> list[dict[str, Cell]]:
    """The events whose id begins so, else those that have the words, in their order or another."""
    if re.fullmatch(r"[0-9a-f]{4,}", wanted):
        begin = _events(store, _dicts(store, BEGINNING, {"wanted": wanted}))
        if begin:
            return begin
    asked = _words(wanted)
    if not asked:
        return []
    plain = sorted((word for word in asked if word.isascii()), key=len)  # folded alike everywhere
    events = _dicts(store, FITTING, {"word": plain[-1]} if plain else {})
    in_order = [event for event in events if _in_order(asked, _event_words(event))]
    return in_order or [event for event in events if _anyhow(asked, _event_words(event))]


def _events(store: Store, ids: Iterable[Mapping[str, Cell]]) -> list[dict[str, Cell]]:
    return [event for id_ in ids for event in _dicts(store, EVENTS, {"wanted": str(id_["id"])})]


def _told_most(fitting: Sequence[dict[str, Cell]]) -> dict[str, Cell] | None:
    """Choose the event that more publishers tell than any other that fits, if there is one."""
    ranked = sorted(fitting, key=lambda event: -_number(event["publishers"]))
    first, second = ([_number(event["publishers"]) for event in ranked[:2]] + [0, 0])[:2]
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
