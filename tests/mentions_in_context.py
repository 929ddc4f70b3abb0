"""Mentions marked in sentences with what they name, and how many of them are resolved right."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate import annotate_all, source_span_of
from kg.attribution import find_attributions
from kg.coreference import find_links
from kg.entities import resolve_entities
from kg.mentions import nominals_of
from kg.model import Article, Entity, Span
from kg.parse import parse_of

__all__ = ["SETS", "InContext", "Marked", "Score", "read_text", "read_texts", "score_texts"]

FOLDER = Path(__file__).parent / "cases" / "mentions"
SETS = ("first", "second", "third", "fourth")
_MARK = re.compile(r"\[\[(.*?)\|(.*?)\|(.*?)\|(.*?)\]\]")


@dataclass(frozen=True, slots=True)
class Marked:
    """A mention by its place, with the kinds, states and sectors that are right.

    "*" is any, "-" none, "a,b" either, "A+B" both states at once. Kind "-": it names nothing.
    """

    span: Span
    text: str
    kinds: str
    states: str
    sectors: str

    def judge(self, found: Sequence[Entity]) -> tuple[bool, bool, bool]:
        """Tell whether kind, state and sector are right."""
        if self.kinds == "-":
            return (not found,) * 3
        if "+" in self.states:
            states = {entity.country for entity in found} == set(self.states.split("+"))
            return all(_fits(entity.kind, self.kinds) for entity in found), states, True
        if len(found) != 1:
            return False, False, False
        return (
            _fits(found[0].kind, self.kinds),
            _fits(found[0].country, self.states),
            _fits(found[0].sector, self.sectors),
        )


def _fits(value: str | None, wanted: str) -> bool:
    return wanted == "*" or (value or "-") in wanted.split(",")


@dataclass(frozen=True, slots=True)
class InContext:
    """A text with its date and what is marked in it."""

    article: Article
    mentions: tuple[Marked, ...]


def read_text(name: str, line: str) -> InContext:
    """Take the marks out of a line: a date or "-", a tab, the text."""
    day, _, marked = line.partition("\t")
    parts: list[str] = []
    found: list[Marked] = []
    at = length = 0
    marked = marked.replace(" // ", "\n\n")
    for mark in _MARK.finditer(marked):
        parts.append(marked[at : mark.start()])
        start = length + len(parts[-1])
        parts.append(mark[1])
        length = start + len(mark[1])
        found.append(Marked(Span(start, length), *mark.groups()))
        at = mark.end()
    text = "".join([*parts, marked[at:]])
    body = tuple(Span(*m.span()) for m in re.finditer(r"(?:[^\n]|\n(?!\n))+", text))
    published = None if day == "-" else day
    return InContext(
        Article(id=name, name=name, text=text, body=body, published=published), tuple(found)
    )


def read_texts(name: str) -> Iterator[InContext]:
    """Read a set of texts."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, 1):
        if line and not line.startswith("#"):
            yield read_text(f"{name}:{number}", line)


@dataclass(slots=True)
class Score:
    """Counts of what is right, and every mention that isn't in words."""

    right: Counter[str] = field(default_factory=Counter)
    mentions: int = 0
    errors: list[str] = field(default_factory=list)

    def share(self, what: str) -> float:
        """Give the share of mentions whose "kind", "state", "sector" or "all" is right."""
        return self.right[what] / max(1, self.mentions)

    def table(self) -> str:
        """Give the shares, then the errors."""
        shares = " ".join(f"{what} {self.share(what):.3f}" for what in self.right)
        return "\n".join([f"{self.mentions} mentions: {shares}", *self.errors])


def score_texts(texts: Iterable[InContext], nlp: Language) -> Score:
    """Resolve the marked mentions of texts and count what is right."""
    read = list(texts)
    score = Score()
    docs = annotate_all([text.article for text in read], nlp)
    for text, (_, doc) in zip(read, docs, strict=True):
        found = _resolved(doc, text)
        for mention, entities in zip(text.mentions, found, strict=True):
            kind, state, sector = mention.judge(entities)
            score.mentions += 1
            score.right.update({"kind": kind, "state": state, "sector": sector})
            score.right["all"] += kind and state and sector
            if not (kind and state and sector):
                shown = [(e.name, e.kind, e.country, e.sector) for e in entities]
                score.errors.append(f"{text.article.name} {mention.text!r} has {shown}")
    return score


def _resolved(doc: Doc, text: InContext) -> list[list[Entity]]:
    """Give what each marked mention was found to name; its head is its highest nominal."""
    parse = parse_of(doc)
    links = find_links(parse, find_attributions(parse))
    names = resolve_entities(parse, links, text.article.published, text.article.dateline)
    nominals = nominals_of(parse)
    spans = [(token.i, source_span_of(token)) for token in doc]
    found: list[list[Entity]] = []
    for mention in text.mentions:
        inside = {i for i, s in spans if s.start < s.end and s.within(mention.span)}
        heads = [i for i in sorted(inside) if i in nominals]
        tops = [i for i in heads if parse[i].head.i not in inside] or heads
        found.append([named.entity for named in names.get(tops[-1], ())] if tops else [])
    return found
