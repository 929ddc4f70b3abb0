"""Passages with chains written into them, and how far a document's links agree with those."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from kg.annotate import annotate_all, source_span_of
from kg.coreference import Link, find_links
from kg.mentions import nominals_of
from kg.model import Article, Span

__all__ = ["HALVES", "Chained", "Passage", "Score", "read_passages", "score_half"]

FOLDER = Path(__file__).parent / "cases" / "coreference"
HALVES = ("development", "held-out", "other-topics")
_MARK = re.compile(r"\{([A-Z+/-]+)(?::([a-z]+))?\||\}")


@dataclass(frozen=True, slots=True)
class Chained:
    """A mention by its place in the passage.

    Attributes:
        chains: what it may take up, any of them; each a set of chains ("the two": both at once).
            Empty for a near miss, which takes up nothing.
        tag: kind of link; None for a first naming or one that names itself.
    """

    span: Span
    chains: tuple[frozenset[str], ...]
    tag: str | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text without its marks; its mentions, the inner ones of nested ones last."""

    name: str
    text: str
    mentions: tuple[Chained, ...]

    def article(self) -> Article:
        """Make an article of it, a paragraph between blank lines."""
        body = tuple(Span(*m.span()) for m in re.finditer(r"(?:[^\n]|\n(?!\n))+", self.text))
        return Article(id=self.name, name=self.name, text=self.text, body=body)


def read_passages(half: str) -> Iterator[Passage]:
    """Read one of the case files."""
    with (FOLDER / f"{half}.toml").open("rb") as file:
        table: dict[str, str] = tomllib.load(file)
    for name, marked in table.items():
        yield read_passage(name, marked.strip())


def read_passage(name: str, marked: str) -> Passage:
    """Take the marks out of a passage.

    >>> read_passage("p", "{A|Venn} left {A:possessive|her} post.").mentions[1].span
    Span(start=10, end=13)
    """
    parts: list[str] = []
    opened: list[tuple[int, str, str | None]] = []
    found: list[Chained] = []
    at = length = 0
    for mark in _MARK.finditer(marked):
        parts.append(marked[at : mark.start()])
        length += len(parts[-1])
        at = mark.end()
        if mark[0] != "}":
            opened.append((length, mark[1], mark[2]))
            continue
        start, chains, tag = opened.pop()
        either = () if chains == "-" else chains.split("/")
        sets = tuple(frozenset(one.split("+")) for one in either)
        found.append(Chained(Span(start, length), sets, tag))
    if opened:
        raise ValueError(f"{name}: a mark is not closed")
    parts.append(marked[at:])
    found.sort(key=lambda mention: (mention.span.start, -mention.span.end))
    return Passage(name, "".join(parts), tuple(found))


@dataclass(slots=True)
class Score:
    """Counts by tag, and each wrong or missing link in words."""

    anaphors: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    @property
    def recall(self) -> float:
        """Share of the anaphors that are linked to their chain and nothing else."""
        return self.right.total() / max(1, self.anaphors.total())

    @property
    def precision(self) -> float:
        """Share of right ones among the links made, where something is to be told from it."""
        return self.right.total() / max(1, self.right.total() + self.wrong.total())

    def table(self) -> str:
        """Give the figures by tag, then the errors."""
        lines = [f"recall {self.recall:.3f} precision {self.precision:.3f}"]
        lines += [
            f"{tag:12} {self.right[tag]:3} of {self.anaphors[tag]:3}, {self.wrong[tag]:2} wrong"
            for tag in sorted({*self.anaphors, *self.wrong})
        ]
        return "\n".join([*lines, *self.errors])


def score_half(half: str, nlp: Language) -> Score:
    """Parse a half and compare its links with the chains."""
    passages = list(read_passages(half))
    score = Score()
    docs = annotate_all([passage.article() for passage in passages], nlp)
    for passage, (_, doc) in zip(passages, docs, strict=True):
        _compare(passage, doc, find_links(doc), score)
    return score


def _compare(passage: Passage, doc: Doc, links: Mapping[int, Link], score: Score) -> None:
    """Count the links of one passage.

    A link counts for the innermost mention that its head stands in, against the innermost mentions
    of its antecedents; inside one mention (a title and its name) it proves nothing.
    """
    place = _mention_of(passage, doc)
    linked: dict[int, list[Link]] = {}
    for link in _with_names(doc, links):
        mine = place.get(link.head)
        if mine is None or any(place.get(i) != mine for i in link.antecedents):
            linked.setdefault(-1 if mine is None else mine, []).append(link)
    described: dict[int, list[Link]] = {}
    for link in links.values():
        target = place.get(link.antecedents[0])
        outside = target is not None and place.get(link.head, target) != target
        if target is not None and outside and link.rule.startswith("apposition"):
            described.setdefault(target, []).append(link)
    for number, mention in enumerate(passage.mentions):
        made = linked.get(number, [])
        if mention.tag == "apposition" and not made and number in described:
            # a description linked to the name behind it is the same link, told from its other end
            others = [passage.mentions[place[link.head]].chains for link in described[number]]
            score.anaphors["apposition"] += 1
            score.right["apposition"] += all(chains == mention.chains for chains in others)
            continue
        tag = mention.tag or "name"
        right = [_taken(passage, place, link) in mention.chains for link in made]
        if mention.tag is not None and mention.chains:
            score.anaphors[tag] += 1
            score.right[tag] += bool(made) and all(right)
        if made and not all(right):
            score.wrong[tag] += 1
        if not all(right) or (mention.tag is not None and mention.chains and not made):
            score.errors.append(_shown(passage, doc, mention, made))
    for link in linked.get(-1, []):
        score.wrong["unmarked"] += 1
        shown = " + ".join(doc[i].text for i in link.antecedents)
        score.errors.append(f"{passage.name}: unmarked {doc[link.head]} -> {shown} ({link.rule})")


def _mention_of(passage: Passage, doc: Doc) -> dict[int, int]:
    """Map tokens to the number of the innermost mention around them."""
    found: dict[int, int] = {}
    spans = [(token.i, source_span_of(token)) for token in doc]
    for number, mention in enumerate(passage.mentions):
        found |= {
            i: number for i, span in spans if span.start < span.end and span.within(mention.span)
        }
    return found


def _with_names(doc: Doc, links: Mapping[int, Link]) -> Iterator[Link]:
    """Add to the links what the gazetteer joins: another name of a thing named before."""
    first: dict[int, int] = {}
    yield from links.values()
    for nominal in nominals_of(doc).values():
        listed = bool(nominal.entries) and nominal.entries[0].form != "seat"
        if listed and nominal.head not in links:
            before = first.setdefault(nominal.entries[0].entity.key, nominal.head)
            if before != nominal.head:
                yield Link(nominal.head, (before,), "name:listed")


def _taken(passage: Passage, place: Mapping[int, int], link: Link) -> frozenset[str]:
    """Give the chains that a link's antecedents belong to; "?" is none."""
    found: set[str] = set()
    for antecedent in link.antecedents:
        number = place.get(antecedent)
        chains = passage.mentions[number].chains if number is not None else ()
        found |= chains[0] if chains else {"?"}
    return frozenset(found)


def _shown(passage: Passage, doc: Doc, mention: Chained, made: list[Link]) -> str:
    text = passage.text[mention.span.start : mention.span.end]
    wanted = "/".join("+".join(sorted(chains)) for chains in mention.chains) or "nothing"
    links = "; ".join(
        f"{' + '.join(doc[i].text for i in link.antecedents)} ({link.rule})" for link in made
    )
    return f"{passage.name}: {mention.tag} {text!r} wants {wanted}, has {links or 'nothing'}"
