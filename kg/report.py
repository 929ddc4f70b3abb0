"""What a run read, found, let go, changed and wrote: for people and for programs."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.collection import Tally
from kg.inputs import return_code
from kg.model import Article

__all__ = [
    "FILES",
    "PAGE",
    "REPORT",
    "TRIG",
    "TURTLE",
    "ArticleReport",
    "PartsReport",
    "Report",
    "report_article",
]

TURTLE, TRIG, PAGE, REPORT = "graph.ttl", "graph.trig", "graph.html", "report.json"
FILES = (TURTLE, TRIG, PAGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """What became of one article."""

    id: str
    name: str
    path: str | None
    title: str | None
    publisher: str | None
    agency: str | None
    published: str | None
    published_from: str | None
    encoding: str
    paragraphs: int
    events: int
    by_type: dict[str, int]
    let_go: dict[str, int]
    warnings: tuple[str, ...] = ()

    def to_lines(self) -> list[str]:
        """Write the article's part of the report for people."""
        who = " / ".join(dict.fromkeys(name for name in (self.publisher, self.agency) if name))
        kinds = sorted(self.by_type.items(), key=lambda kv: (-kv[1], kv[0]))
        told = ", ".join(f"{n} {kind}" for kind, n in kinds) or "none"
        lines = [
            self.title or self.name,
            f"  {self.path or self.name} · {who or 'publisher unknown'} · "
            f"{self.published or 'no date'}",
            f"  {self.events} event mentions: {told}",
        ]
        if self.let_go:
            lines.append("  let go: " + ", ".join(f"{n} × {why}" for why, n in self.let_go.items()))
        lines += [f"  warning: {warning}" for warning in self.warnings]
        return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run read, found, let go, changed and wrote.

    Attributes:
        articles: of this run's inputs.
        failed: (where, why) for every input that could not be read.
        passed_over: (where, why) for what was let go on purpose: another language, a front page.
        copies: (name, name of the article with the same text) for inputs that were read once.
        mentions, events, entities, contradictions: in the whole graph.
        merged: events told by two or more publishers, each on its own.
        repeats: (name, name of an earlier article, why it is held to repeat that one), where one of
            the two is of this run's inputs.
        added, changed, again, removed: articles that are new; that took another one's place; that
            were there and were written anew (moved, dated anew, read by new rules); that are gone.
        held: articles in the graph.
        moved: (old path, new path) of texts that were found elsewhere.
    """

    articles: tuple[ArticleReport, ...]
    failed: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    repeats: tuple[tuple[str, str, str], ...] = ()
    mentions: int = 0
    events: int = 0
    merged: int = 0
    entities: int = 0
    contradictions: int = 0
    outputs: tuple[str, ...] = ()
    added: int = 0
    changed: int = 0
    again: int = 0
    removed: int = 0
    held: int = 0
    moved: tuple[tuple[str, str], ...] = ()

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read, and nothing was done."""
        return return_code(bool(self.articles or self.removed), self.failed, self.passed_over)

    def to_text(self, out: Path) -> str:
        """Write the report for people: what was read, found and let go, and what to open."""
        lines = [line for article in self.articles for line in article.to_lines()]
        lines += [f"{name}: the same text as {first}, read once" for name, first in self.copies]
        lines += [f"{name}: repeats {first} ({why})" for name, first, why in self.repeats]
        lines += [f"{old}: now {new}" for old, new in self.moved]
        lines += [f"let go: {why}" for _, why in self.passed_over]
        if self.held or self.removed:
            lines += ["", self._counts(), self._changes(out), ""]
            if self.held:
                ask = f"kg query who-did-what --out {out}"
                lines += [f"Open {out / PAGE} in a browser; ask with: {ask}"]
        if self.outputs:
            lines += ["Written: " + ", ".join(self.outputs)]
            missing = [name for name in FILES if not (out / name).exists()]
            if missing:
                lines += [
                    f"Out of date and taken away: {', '.join(missing)}; kg export writes them"
                ]
        return "\n".join(lines) + "\n" if lines else ""

    def _counts(self) -> str:
        counts = (
            f"{self.held} articles, {self.mentions} event mentions",
            f"{self.events} events",
            f"{self.merged} told by two or more publishers",
            f"{self.entities} entities, {self.contradictions} contradictions",
        )
        return ", ".join(counts)

    def _changes(self, out: Path) -> str:
        counts = {
            "added": self.added,
            "changed": self.changed,
            "written anew": self.again,
            "removed": self.removed,
        }
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        return told or f"Nothing to do: {out} holds exactly this already"

    def to_json(self) -> str:
        """Write the report for programs, keys in their order here."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsReport:
    """What a run read and wrote that leaves parts of a graph and no store.

    Attributes:
        failed, passed_over: as in `Report`.
        articles, mentions, events, entities, contradictions: in all parts.
    """

    failed: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    articles: int = 0
    mentions: int = 0
    events: int = 0
    entities: int = 0
    contradictions: int = 0
    outputs: tuple[str, ...] = ()

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read, and nothing was written."""
        return return_code(bool(self.articles), self.failed, self.passed_over)

    def to_text(self, out: Path) -> str:
        """Write the report for people."""
        lines = [f"let go: {why}" for _, why in self.passed_over]
        if self.articles:
            lines += [
                f"{self.articles} articles, {self.mentions} event mentions, {self.events} events, "
                f"{self.entities} entities, {self.contradictions} contradictions",
                "Written: " + ", ".join(self.outputs),
            ]
        return "".join(f"{line}\n" for line in lines)

    def to_json(self) -> str:
        """Write the report for programs."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def report_article(article: Article, tally: Tally) -> ArticleReport:
    """Say what became of an article."""
    return ArticleReport(
        id=article.id,
        name=article.name,
        path=article.path,
        title=article.title,
        publisher=article.source.name if article.source else None,
        agency=article.agency,
        published=article.published,
        published_from=article.published_from,
        encoding=article.encoding,
        paragraphs=len(article.body),
        events=tally.events,
        by_type=dict(tally.by_type),
        let_go=dict(tally.let_go),
        warnings=article.warnings,
    )
