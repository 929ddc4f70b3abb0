"""An article's text cut where something begins or ends, for a page that marks it.

Spans may overlap and touch in any way; a piece belongs to all spans that cover it. Sentences are
kept apart: each is one element on the page, so that its address (`#char=8,54`) shows all of it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from kg.query import as_seen
from kg.serve.records import Record

__all__ = ["Piece", "Stretch", "cut_text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """Characters that the same spans cover.

    Attributes:
        begins: the addresses ("char=0,8") of what begins here.
        entity: whom it names.
        trigger: whether an event's word stands here.
        skipped: why the reading left it out.
    """

    text: str
    begins: tuple[str, ...] = ()
    entity: Record | None = None
    trigger: bool = False
    skipped: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A sentence that tells events, or what stands between two of them.

    Attributes:
        address: "char=0,54"; None between sentences.
        events: what it tells, in the order of the words that tell it.
    """

    pieces: tuple[Piece, ...]
    address: str | None = None
    events: tuple[Record, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Span:
    """Something in the text: a "named" entity, a "trigger" or what was "skipped"."""

    begin: int
    end: int
    kind: str
    what: Any = None


def cut_text(article: Record) -> list[Stretch]:
    r"""Cut an article's text, as `read_article` gives it; the pieces' texts are the text again.

    Of a page of HTML they are what its readers see.

    >>> telling = {"sentence": {"start": 0, "end": 4}, "trigger": {"start": 2, "end": 3}}
    >>> article = {"text": "😀 b.\nc", "events": [telling], "entities": [], "skipped": []}
    >>> [[piece.text for piece in stretch.pieces] for stretch in cut_text(article)]
    [['😀 ', 'b', '.'], ['\nc']]
    """
    spans, stretches, done = _Open(article), [], 0
    for (begin, end), tellings in _sentences(article["events"]):
        if end <= done:
            continue
        stretches.append(Stretch(pieces=spans.pieces(done, max(begin, done))))
        stretches.append(
            Stretch(
                pieces=spans.pieces(max(begin, done), end),
                address=f"char={begin},{end}",
                events=_once(telling.get("event") or telling for telling in tellings),
            )
        )
        done = end
    stretches.append(Stretch(pieces=spans.pieces(done, len(article["text"]))))
    return [stretch for stretch in stretches if stretch.pieces]


def _sentences(tellings: Sequence[Record]) -> list[tuple[tuple[int, int], list[Record]]]:
    found: dict[tuple[int, int], list[Record]] = {}
    for telling in sorted(tellings, key=lambda each: each["trigger"]["start"]):
        place = telling["sentence"]
        found.setdefault((place["start"], place["end"]), []).append(telling)
    return sorted(found.items(), key=lambda pair: (pair[0][0], -pair[0][1]))


def _once(events: Iterable[Record]) -> tuple[Record, ...]:
    return tuple({event.get("id"): event for event in events}.values())


class _Open:
    """The spans of an article, opened and closed as the text is walked from its beginning."""

    def __init__(self, article: Record) -> None:
        self._text: str = article["text"]
        self._tags = [(tag["start"], tag["end"], tag["shown"]) for tag in article.get("markup", ())]
        parts = article["skipped"]
        self._page = bool(self._tags) or any(part["reason"] == "markup" for part in parts)
        spans = sorted(_spans(article), key=lambda span: (span.begin, span.end))
        self._coming = list(reversed(spans))
        self._open: list[_Span] = []
        self._edges = sorted({edge for span in spans for edge in (span.begin, span.end)})

    def pieces(self, begin: int, end: int) -> tuple[Piece, ...]:
        """Cut the next stretch at every edge in it; where the last one ended this one begins."""
        inner = self._edges[bisect_right(self._edges, begin) : bisect_left(self._edges, end)]
        edges = [begin, *inner, end] if begin < end else []
        return tuple(self._piece(left, right) for left, right in pairwise(edges))

    def _piece(self, begin: int, end: int) -> Piece:
        beginning = []
        while self._coming and self._coming[-1].begin <= begin:
            span = self._coming.pop()
            self._open.append(span)
            if span.kind != "skipped":
                beginning.append(f"char={span.begin},{span.end}")
        self._open = [span for span in self._open if span.end > begin]
        named = [span for span in self._open if span.kind == "named"]
        skipped = next((span.what for span in self._open if span.kind == "skipped"), None)
        inner = min(named, key=lambda span: span.end - span.begin, default=None)
        return Piece(
            text=self._words(begin, end, skipped),
            begins=tuple(dict.fromkeys(beginning)),
            entity=inner.what if inner else None,
            trigger=any(span.kind == "trigger" for span in self._open),
            skipped=skipped,
        )

    def _words(self, begin: int, end: int, skipped: str | None) -> str:
        """Give what readers see; of a page's source around its article only that it's left out."""
        source = self._text[begin:end]
        if self._page and skipped == "markup":
            return "\n\n"
        if self._page and skipped and "<" in source:
            return f"\n[{skipped}: {end - begin} characters of the page’s source left out]\n"
        return as_seen(self._text, self._tags, begin, end)


def _spans(article: Record) -> Iterator[_Span]:
    for entity in article["entities"]:
        for mention in entity["mentions"]:
            yield _Span(mention["start"], mention["end"], "named", entity)
    for telling in article["events"]:
        yield _Span(telling["trigger"]["start"], telling["trigger"]["end"], "trigger")
    for part in article["skipped"]:
        yield _Span(part["start"], part["end"], "skipped", part["reason"])
