"""The records that pass from room to room.

Everything is frozen, has slots and is built by keyword; collections are tuples. A change is
`dataclasses.replace`. Nothing here reads a file or knows spaCy, RDF or a store.

Two pairs carry the design (the terms are ACE's): a `Mention` is a place in a text and an `Entity`
the thing in the world it names; an `EventMention` is a place in a text and an `Event` the
happening in the world that any number of places tell of.

Offsets are half-open ranges of Unicode code points into `Article.text`, which is the decoded file,
untouched: ``article.text[m.span.start:m.span.end] == m.text`` for every mention ``m``.
"""

from __future__ import annotations

import hashlib
import os
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar, dataclass_transform

from kg.pickling import pickled_quickly

__all__ = [
    "Argument",
    "Article",
    "Attribution",
    "Basis",
    "Code",
    "Contradiction",
    "Copy",
    "Entity",
    "Event",
    "EventMention",
    "Figure",
    "Frame",
    "Markup",
    "Mention",
    "Modality",
    "News",
    "Precision",
    "Reading",
    "Skipped",
    "Source",
    "Span",
    "Triple",
    "When",
    "content_id",
    "file_named",
    "path_text",
    "working_record",
]

Modality = Literal["asserted", "proposed", "planned", "possible", "conditional", "denied"]
Basis = Literal["explicit", "relative", "publication"]
Precision = Literal["minute", "day", "week", "month", "season", "year", "interval"]


_Record = TypeVar("_Record")


@dataclass_transform(frozen_default=True)
def working_record(cls: type[_Record]) -> type[_Record]:
    """Make a record for the work on one text, where tens of thousands are made: soon made.

    mypy holds it frozen, and only mypy: a dataclass that guards itself sets each of its fields
    through that guard, which takes five times as long.
    """
    return dataclass(slots=True, unsafe_hash=True)(cls)


def content_id(*parts: object, length: int = 16) -> str:
    """Make an id out of content: the same parts give the same id in every run, on every machine.

    Args:
        parts: anything whose `str` is its content; their order matters.
        length: hexadecimal digits kept of the SHA-256.

    >>> content_id("Russia", "country") == content_id("Russia", "country")
    True
    >>> content_id("ab", "c") == content_id("a", "bc")
    False
    """
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def path_text(path: str) -> str:
    r"""Write the name of a file as text: bytes in it that are no UTF-8 as `%FF`.

    >>> path_text("caf\udce9.txt"), path_text("café 100%.txt")
    ('caf%E9.txt', 'café 100%.txt')
    """
    plain = _NO_UTF8.sub(lambda byte: f"%{ord(byte[0]) - 0xDC00:02X}", path)
    return plain.encode("utf-8", "backslashreplace").decode("utf-8")


def file_named(text: str, folder: Path | None = None) -> Path:
    """Find the file whose name `path_text` wrote; where there is none, as the text stands."""
    plain = (folder or Path()) / text
    if "%" not in text or plain.exists():
        return plain
    raw = _NO_UTF8_TOLD.sub(lambda told: bytes([int(told[1], 16)]), text.encode("utf-8"))
    found = (folder or Path()) / os.fsdecode(raw)
    return found if found.exists() else plain


_NO_UTF8 = re.compile("[\udc80-\udcff]")  # as Python's names of files hold such bytes (PEP 383)
_NO_UTF8_TOLD = re.compile(rb"%([89A-F][0-9A-F])")


@pickled_quickly
@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points in `Article.text`.

    >>> Span(2, 5).within(Span(0, 5))
    True
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}..{self.end}")

    def within(self, other: Span) -> bool:
        """Tell whether every character of this span lies in `other`."""
        return other.start <= self.start and self.end <= other.end


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who published an article."""

    id: str
    name: str


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A stretch of a text that was let go, and why ("banner", "comment form", ...)."""

    span: Span
    reason: str


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """A stretch inside headline or body that is no words: a tag, a comment, a character reference.

    Attributes:
        shown: what a reader sees in its place: nothing for "<b>", "&" for "&amp;", a blank for
            "<br>".
    """

    span: Span
    shown: str


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One text as it lies on disk, with what its own lines say about it.

    Attributes:
        id: from the content alone: the same bytes are the same article, whatever the file's name.
        name: what outputs call it: the record's own id, or the file's name without its ending.
        path: as the caller gave it (`path_text`); None for text that never was a file. What lies in
            an archive stands behind a "!" ("news.zip!may/a.html").
        record: 0-based place, in a file of many, of the record that the text came from: line of a
            JSONL file, row of a table, entry of a feed, record of a WARC; None for a file of its
            own.
        title: None where the text has none.
        headline: where the title stands in `text`; None where it came from outside the text.
        authors: as the page or record names them.
        published: ISO date or date and minute, with the zone where it is told ("2016-05-20",
            "2016-05-20T23:40", "2016-05-20T23:40+03:00"), None if unknown.
        published_from: "record", "json-ld", "meta", "microdata", "time" (the HTML element),
            "text", "url" or "filename": where `published` was read.
        agency: the news agency named in the dateline or byline ("AFP"); None if none is.
        dateline: place the article was filed from ("Moscow"); None if none is.
        sha256: of the file's bytes (of the UTF-8 text for a record), hexadecimal.
        body: the paragraphs to be read, in order, headline and boilerplate left out.
        skipped: what was left out, in order; with `headline` and `body` it covers every
            non-blank character once.
        markup: what headline and body hold besides words, in order; none in plain text.
        warnings: what is odd about the article and was mended or passed over, sorted.
    """

    id: str
    name: str
    text: str
    path: str | None = None
    record: int | None = None
    title: str | None = None
    headline: Span | None = None
    source: Source | None = None
    agency: str | None = None
    dateline: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    published_from: str | None = None
    url: str | None = None
    sha256: str = ""
    encoding: str = "utf-8"
    language: str = "en"
    body: tuple[Span, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    markup: tuple[Markup, ...] = ()
    warnings: tuple[str, ...] = ()

    def words(self, span: Span) -> str:
        """Give a stretch as a reader sees it: without markup, whose blanks count as one.

        In plain text these are its very characters.

        >>> tag = Markup(span=Span(7, 10), shown="")
        >>> page = Article(id="a", name="a", text="United <b>States", markup=(tag,))
        >>> page.words(Span(0, 16))
        'United States'
        """
        if not self.markup:
            return self.text[span.start : span.end]
        pieces: list[str] = []
        at = span.start
        first = bisect_left(self.markup, span.start, key=lambda markup: markup.span.start)
        for index in range(first, len(self.markup)):
            markup = self.markup[index]
            if markup.span.end > span.end:
                break
            pieces += (self.text[at : markup.span.start], markup.shown)
            at = markup.span.end
        pieces.append(self.text[at : span.end])
        return " ".join("".join(pieces).split())


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One naming of something in a text.

    Attributes:
        text: the very characters, line breaks, odd quotes and markup included; `Article.words`
            gives them as they are read.
        label: "NAME", "ADJECTIVE" (Russian), "NOMINAL" (the two countries) or "PRONOUN".
    """

    article_id: str
    span: Span
    text: str
    label: str


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A thing in the world that plays a part: it is an actor, a target, a speaker or a place.

    Attributes:
        id: from kind, country and name.
        kind: country, region, place, organisation, igo, ngo, armed_group, media, company, person,
            group (people described, "striking workers"), thing.
        country: ISO 3166-1 alpha-3 (KOS for Kosovo) of the state it belongs to or stands for.
        sector: PLOVER actor sector (GOV, MIL, REB, ...); None where no sector is known.
        role: what a person is in the texts read ("Pentagon spokesman"); None if unknown.
        same_as: IRIs of the same thing elsewhere, sorted.
    """

    id: str
    name: str
    kind: str
    country: str | None = None
    sector: str | None = None
    role: str | None = None
    same_as: tuple[str, ...] = ()


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """What fills a role of an event mention: a naming in the text and what it names.

    Attributes:
        mention: None where the text doesn't state it and a rule filled it in (then the role
        stands in
            `EventMention.inferred`).
        entity: None until the room `entities` has resolved it.
        rule: how mention and entity were joined ("name", "metonym", "demonym", "pronoun:subject",
        ...).
    """

    mention: Mention | None
    entity: Entity | None = None
    rule: str = ""


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who says something, by which cue.

    Attributes:
        cue: the words that report ("said", "according to").
        speaker: None where nobody is named ("it was said").
        content: what is said, as one or more spans.
        quoted: some of the content stands in quotation marks.
        stance: of the reporting words: neutral, positive, negative, denial.
    """

    cue: Span
    speaker: Argument | None
    content: tuple[Span, ...]
    quoted: bool = False
    stance: str = "neutral"


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """When an event happened, as far as its sentence says.

    Attributes:
        text: the time expression; None where the article's own date is all there is.
        iso: "2016-05-20", "2016-W21", "2016-05", "2016", or an interval "2015-09-30/..".
        basis: explicit (written out), relative (resolved against the article's date), publication.
    """

    text: Span | None
    iso: str
    precision: Precision
    basis: Basis


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A political event code.

    Attributes:
        event: PLOVER type of 2023, or STATEMENT, or OTHER.
        cameo: CAMEO code of two to four digits, leading zero kept; None for OTHER.
        rule: name of the rule that fired; evidence, so two codes that differ only here are equal.
    """

    event: str
    mode: str | None = None
    contexts: tuple[str, ...] = ()
    cameo: str | None = None
    rule: str = field(default="", compare=False)


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The skeleton of a predication: all that coding needs to know of the syntax.

    Lemmas are lower case. A frame nests: "agreed to postpone the visit" is the frame of `agree`
    with the frame of `postpone` as its complement, whose own complement is the frame of the noun
    `visit`.

    Attributes:
        predicate: lemma, particle joined by a blank ("call off"); for nouns the noun's lemma.
        pos: "v" (verb), "n" (event noun) or "a" (adjective).
        voice: "active" or "passive"; nouns are active.
        subjects, objects: head lemmas of the surface-independent subject (who acts) and object.
        modifiers: lemmas that modify a noun predicate ("joint", "air") or stand as complement of
            a verb's object ("called it unfair"), in order.
        obliques: (preposition, head lemma) of the prepositional arguments, in order.
        complement: the event-denoting clause or noun governed by this predicate.
        link: how the complement hangs on it: "xcomp", "ccomp", "object", "prep:for", ...
        negated: the predicate itself is negated.
        auxiliaries: lemmas of modal and other auxiliaries, in order ("will", "have").
    """

    predicate: str
    pos: Literal["v", "n", "a"]
    voice: Literal["active", "passive"] = "active"
    subjects: tuple[str, ...] = ()
    objects: tuple[str, ...] = ()
    modifiers: tuple[str, ...] = ()
    obliques: tuple[tuple[str, str], ...] = ()
    complement: Frame | None = None
    link: str | None = None
    negated: bool = False
    auxiliaries: tuple[str, ...] = ()


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """One telling of an event.

    Attributes:
        id: from the article's content, the offsets and the roles.
        trigger: the word or words that tell it.
        action: lemma of what was done ("reject", "call for").
        theme: what is proposed, said, built or signed, in the text's words; None if nothing is.
        negated: the clause itself is negated ("did not reject").
        modality: asserted, proposed, planned, possible, conditional or denied.
        attribution: who says so; None for the article's own voice.
        when: None where the sentence dates nothing.
        confidence: 0 to 1, the share of such tellings that are right in type, actors and targets.
        inferred: what the text doesn't state, sorted: roles ("actor", "target", "time") and states
            guessed for a role ("actor.country").
        concerns: id of the event mention that this one is about (a rejection's proposal).
    """

    id: str
    article_id: str
    sentence: Span
    trigger: Span
    action: str
    actors: tuple[Argument, ...] = ()
    targets: tuple[Argument, ...] = ()
    theme: str | None = None
    negated: bool = False
    modality: Modality = "asserted"
    attribution: Attribution | None = None
    when: When | None = None
    place: Argument | None = None
    code: Code | None = None
    confidence: float = 0.5
    inferred: tuple[str, ...] = ()
    concerns: str | None = None
    frame: Frame | None = field(default=None, compare=False, repr=False)


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Triple:
    """An open triple: a clause reading in the words of the text, uncoded.

    Attributes:
        sentence: up to the mark that ends it, in the article's own text.
        arguments: the subject first; then object or first phrase; then whatever else.
        kind: the kind of clause ("main", "relative", "apposition", ...).
    """

    sentence: Span
    predicate: str
    arguments: tuple[str, ...]
    kind: str
    confidence: float


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """How many of something a text speaks of ("more than 270,000 people").

    Attributes:
        text: the very characters, hedge and unit included.
        low, high: the least and the greatest number that it can mean; high may be infinite.
        unit: what is counted, in the singular; "people", "percent" and currencies by these names.
    """

    span: Span
    text: str
    low: float
    high: float
    unit: str


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that was read out of one article.

    Attributes:
        links: every mention of an entity that was resolved, in order of place, events' or not.
        let_go: (reason, count) of what was found and not kept, sorted.
    """

    article: Article
    events: tuple[EventMention, ...] = ()
    links: tuple[Argument, ...] = ()
    attributions: tuple[Attribution, ...] = ()
    let_go: tuple[tuple[str, int], ...] = ()


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A happening in the world, told by one or more event mentions.

    Attributes:
        id: from its earliest mention, so that it stays when later articles join.
        modality, negated: those of the mention that is most certain (asserted before denied).
        mentions: the evidence, in order of article and place; two events are equal without it.
        concerns: ids of the events this one is about.
        voices: ids of the publishers who tell it on their own, copies counted once, sorted; empty
            where no publisher is known.
        reasons: why each mention was put here, one line each, in the order of `mentions`.
    """

    id: str
    action: str
    code: Code
    actors: tuple[Entity, ...] = ()
    targets: tuple[Entity, ...] = ()
    when: When | None = None
    place: Entity | None = None
    negated: bool = False
    modality: Modality = "asserted"
    concerns: tuple[str, ...] = ()
    voices: tuple[str, ...] = ()
    mentions: tuple[EventMention, ...] = field(default=(), compare=False, repr=False)
    reasons: tuple[str, ...] = field(default=(), compare=False, repr=False)


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two event mentions of one signature that can't both be right, and why."""

    left: str
    right: str
    reason: str


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """An article that repeats an earlier one or the same agency's report, and how that shows."""

    article_id: str
    original_id: str
    reason: str


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """All readings together with what they tell jointly: what the store holds, as records.

    Attributes:
        readings: one an article, sorted by article id.
        events: merged across articles, sorted by id.
        contradictions: sorted by both ids.
        copies: sorted by article id.
    """

    readings: Sequence[Reading] = ()
    events: Sequence[Event] = ()
    contradictions: Sequence[Contradiction] = ()
    copies: Sequence[Copy] = ()
