"""Web pages -> articles: the words of the page are read like any text, and led back to the page.

The article's blocks make a copy of plain paragraphs in which each character knows its place in the
page. `read_article` reads that copy: what a caption, a byline or a "Read more" is in a text file,
it is on a page. Then every span is led back, so that offsets point into the page as it lies on
disk; tags and character references inside a paragraph are written down in `Article.markup`.
"""

from __future__ import annotations

import hashlib
import re
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kg.errors import ArticleError
from kg.model import Article, Markup, Skipped, Span, content_id
from kg.read.articles import read_article, source_named
from kg.read.boilerplate import is_byline
from kg.read.content import Content, find_content
from kg.read.dates import date_line, date_of_address, find_date, read_stamp
from kg.read.markup import Block, Page, cut_page, references
from kg.read.metadata import Metadata, read_metadata
from kg.read.paragraphs import INVISIBLE

__all__ = ["looks_like_html", "read_page"]

MIN_WORDS = 20
"""Fewest words of an article on a page; front pages and error pages have fewer in one place."""

_HTML = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:(?!-->).){0,2000}-->\s*+)*(?:<!doctype\s++html|<html[\s>]|<head[\s>]|<body[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_TITLE_JOINT = re.compile(r"\s+[-–—|·:»•]+\s+")


def looks_like_html(text: str) -> bool:
    """Tell whether a text is a whole HTML page.

    >>> looks_like_html("<!DOCTYPE html><p>Troops left."), looks_like_html("Troops <b>left</b>.")
    (True, False)
    """
    return _HTML.match(text[:8000].lstrip("\ufeff")) is not None


class _Copy:
    """The article's paragraphs as plain text, made block by block.

    Attributes:
        starts, ends: for each character, the stretch of the page that it stands for.
        markup: what inside the paragraphs is no words.
    """

    def __init__(self, page: str) -> None:
        self.page = page
        self.pieces: list[str] = []
        # four bytes a character: lists of numbers take 70, and a page may have eight million
        self.starts = array("i")
        self.ends = array("i")
        self.markup: list[Markup] = []

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def span(self, span: Span) -> Span:
        """Lead a span of the copy back to the page."""
        return Span(self.starts[span.start], self.ends[span.end - 1])

    def put(self, shown: str, start: int, end: int) -> None:
        """Add characters that all stand for one stretch of the page."""
        self.pieces.append(shown)
        self.starts.extend([start] * len(shown))
        self.ends.extend([end] * len(shown))

    def add_block(self, block: Block) -> None:
        """Add a paragraph."""
        if self.pieces:
            self.put("\n\n", self.ends[-1], self.ends[-1])
        at, broken = block.pieces[0][0], False
        for start, end in block.pieces:
            if start == end:
                broken = True
                continue
            if start > at:
                self.markup.append(Markup(span=Span(at, start), shown=" " if broken else ""))
                if broken:
                    self.put(" ", at, start)
            self._add_piece(start, end)
            at, broken = end, False

    def _add_piece(self, start: int, end: int) -> None:
        for here, there, shown in references(self.page, start, end):
            self._add_plain(start, here)
            shown = shown.translate(_ONE_LINE)
            self.put(shown, here, there)
            self.markup.append(Markup(span=Span(here, there), shown=shown))
            start = there
        self._add_plain(start, end)

    def _add_plain(self, start: int, end: int) -> None:
        self.pieces.append(self.page[start:end].translate(_ONE_LINE))
        self.starts.extend(range(start, end))
        self.ends.extend(range(start + 1, end + 1))


_ONE_LINE = dict.fromkeys(map(ord, "\t\n\x0b\x0c\r\x1c\x1d\x1e\x85\u2028\u2029"), " ")
"""What ends a line: on a page a blank like any other."""


_UNSEEN = dict.fromkeys(map(ord, INVISIBLE))


def read_page(
    text: str, *, name: str = "page", address: str | None = None, fragment: bool = False
) -> Article:
    """Read one page of HTML.

    Args:
        address: where it was fetched from, None if that is unknown.
        fragment: the HTML is the article's body and nothing else, as feeds have it.

    Raises:
        ArticleError: no article stands on the page.

    >>> page = "<title>Troops leave</title><h1>Troops leave</h1><p>The last <b>troops</b> left"
    >>> article = read_page(page + " on Monday, the ministry said." * 5)
    >>> article.title, article.words(article.body[0])[:15], article.body[0]
    ('Troops leave', 'The last troops', Span(start=51, end=228))
    """
    page = cut_page(text)
    told = read_metadata(page, address)
    title = told.title or page.title
    content = Content(None, tuple(page.blocks), {}) if fragment else find_content(page, title)
    if not fragment and sum(block.words for block in content.body) < MIN_WORDS:
        raise ArticleError("shows no article: fewer than 20 words of prose in one place")
    copy = _Copy(text)
    shown = (content.headline,) if content.headline else ()
    for block in sorted((*shown, *content.body), key=lambda block: block.pieces[0]):
        copy.add_block(block)
    title = content.headline.text if content.headline else _bare_title(told, page)
    title = title.translate(_UNSEEN) if title else None
    read = read_article(copy.text, name=name, title=title)
    article = _led_back(read, copy, page, content)
    return _with_metadata(article, page, content, told)


def _led_back(read: Article, copy: _Copy, page: Page, content: Content) -> Article:
    """Turn the reading of the copy into one of the page."""
    text = page.text
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    headline = copy.span(read.headline) if read.headline else None
    body = tuple(copy.span(span) for span in read.body)
    within = [copy.span(one.span) for one in read.skipped]
    skipped = [Skipped(span=span, reason=one.reason) for span, one in zip(within, read.skipped,
                                                                          strict=True)]  # fmt: skip
    kept = sorted((*body, *((headline,) if headline else ())))
    skipped += _around(page, content, sorted((*kept, *within)))
    return replace(
        read,
        id=content_id(sha256),
        sha256=sha256,
        text=text,
        headline=headline,
        body=body,
        skipped=tuple(sorted(skipped, key=lambda one: one.span)),
        markup=tuple(_inside(copy.markup, kept)),
    )


def _inside(markup: Sequence[Markup], kept: Sequence[Span]) -> Iterator[Markup]:
    """Keep the markup that stands inside the headline or a paragraph; both are in order."""
    spans = iter(kept)
    span = next(spans, None)
    for one in markup:
        while span is not None and span.end <= one.span.start:
            span = next(spans, None)
        if span is not None and one.span.within(span):
            yield one


def _around(page: Page, content: Content, covered: Sequence[Span]) -> Iterator[Skipped]:
    """Name each stretch between what was kept by what most of its words are."""
    starts = [block.pieces[0][0] for block in page.blocks]
    text, at = page.text, 0
    for span in (*covered, Span(len(text), len(text))):
        gap = text[at : span.start].rstrip()
        end = at + len(gap)
        start = end - len(gap.lstrip())
        if start < end:
            between = range(bisect_left(starts, at), bisect_left(starts, span.start))
            yield Skipped(span=Span(start, end), reason=_main_reason(page, content, between))
        at = max(at, span.end)


def _main_reason(page: Page, content: Content, indices: Iterable[int]) -> str:
    """Say why most of the words of some blocks were left out."""
    words: dict[str, int] = {}
    for index in indices:
        reason = content.reasons.get(index, "markup")
        words[reason] = words.get(reason, 0) + page.blocks[index].words
    return max(sorted(words), key=words.__getitem__, default="markup")


def _bare_title(told: Metadata, page: Page) -> str | None:
    """Give the title in the head without the publisher's name behind it."""
    title = told.title or page.title
    if not title:
        return None
    cut = _TITLE_JOINT.split(title)
    if len(cut) > 1 and told.publisher and cut[-1].casefold() == told.publisher.casefold():
        return title[: title.rindex(cut[-1])].rstrip(" -–—|·:»•") or None
    if told.title is None and len(cut) > 1 and len(cut[-1].split()) <= 5 < len(title.split()):
        return title[: title.rindex(cut[-1])].rstrip(" -–—|·:»•") or None
    return title


def _with_metadata(article: Article, page: Page, content: Content, told: Metadata) -> Article:
    """Add what the head of the page says; where it is silent, what stands around the article."""
    around = list(_lines_around(page, content))
    published, origin = _published(article, page, content, told, around)
    publisher = told.publisher or _title_suffix(article, page) or _rights_holder(page)
    return replace(
        article,
        source=source_named(publisher) if publisher else article.source,
        authors=told.authors or _authors(around, content),
        published=published,
        published_from=origin,
        url=told.url,
    )


def _lines_around(page: Page, content: Content) -> Iterator[str]:
    """Give the short lines that may tell date and author, those at the headline first."""
    blocks = page.blocks
    if content.headline is not None and content.body:
        top, first = blocks.index(content.headline), blocks.index(content.body[0])
        near = range(max(0, top - 3), min(max(first, top) + 1, top + 12))
        yield from (blocks[index].text for index in near if blocks[index].words <= 30)
    for index, why in sorted(content.reasons.items()):
        if why in ("byline", "date", "metadata", "bio") and blocks[index].words <= 40:
            yield blocks[index].text


def _published(
    article: Article, page: Page, content: Content, told: Metadata, around: Sequence[str]
) -> tuple[str | None, str | None]:
    """Choose the date: the first told, with the time of day where another of that day has it."""
    dates = [*told.dates, *((found, "time") for found in _time_elements(page, content))]
    lines = [date_line(line) for line in around] + [article.published]
    lines += [find_date(line) for line in around if len(line.split()) <= 14]
    dates += [(found, "text") for found in lines if found]
    if told.url and (found := date_of_address(told.url)):
        dates.append((found, "url"))
    for day, origin in dates[:1]:
        if "T" in day:
            return day, origin
        timed = (pair for pair in dates if pair[0].startswith(f"{day}T"))
        return next((pair for pair in timed if not pair[0].endswith(_NO_TIME)), (day, origin))
    return None, None


_NO_TIME = ("T00:00Z", "T12:00Z")
"""What content systems fill in where a date field has no time of day (Drupal takes noon)."""


def _time_elements(page: Page, content: Content) -> Iterator[str]:
    """Give the dates of the time elements beside the article's headline and in its body."""
    shown = [*((content.headline,) if content.headline else ()), *content.body]
    if not shown:
        return
    start = min(block.span.start for block in shown)
    end = max(block.span.end for block in shown)
    for prop, attributes, at in page.props:
        dated = prop == "time" or "datetime" in attributes
        if dated and start - NEAR <= at <= end and prop.casefold() != "datemodified":
            found = read_stamp(attributes.get("datetime") or attributes.get("content") or "")
            if found:
                yield found


NEAR = 1500
"""Characters of markup before the headline in which a date is still the article's own."""


def _title_suffix(article: Article, page: Page) -> str | None:
    """Take the publisher from the end of the page's title, where the rest is the headline."""
    if not page.title or not article.title:
        return None
    cut = _TITLE_JOINT.split(page.title)
    if len(cut) < 2 or not 1 <= len(cut[-1].split()) <= 6:
        return None
    same = cut[0].casefold()[:30] == article.title.casefold()[:30]
    return cut[-1] if same else None


_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)\s*+(?:copyright\s++)?(?:(?:19|20)\d{2}(?:\s?[-–]\s?(?:19|20)?\d{2})?,?\s++)?"
    r"(?P<name>[A-Z][\w'’&. -]{1,50}?)\s*+(?:[.,|]|all rights|(?:19|20)\d{2}|$)",
    re.IGNORECASE,
)


def _rights_holder(page: Page) -> str | None:
    """Take the publisher from the line that says who holds the rights."""
    for block in reversed(page.blocks):
        if block.words <= 40 and (found := _RIGHTS.search(block.text)):
            name = found["name"].strip(" .-")
            if name and name[0].isupper() and name.casefold() not in ("copyright", "all", "the"):
                return name
    return None


def _authors(around: Sequence[str], content: Content) -> tuple[str, ...]:
    """Take the authors from a line "By Jane Doe and John Roe"."""
    for line in (*around, *(block.text for block in content.body[:4])):
        said = re.sub(r"\s*(?:[|•·\d]|,?\s(?:Published|Updated|Posted|for|in)\b).*", "", line)
        if is_byline(said):
            names = re.split(r",\s(?:and\s)?|\sand\s", re.sub(r"^\w+(?:\s[Bb]y)?\s", "", said))
            kept = [n.strip() for n in names if 2 <= len(n.split()) <= 5 and " in " not in n]
            if kept:
                return tuple(dict.fromkeys(kept))
    return ()
