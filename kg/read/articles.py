"""Texts -> articles: the layout of a text, told in spans, source, place and date."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from kg.model import Article, Skipped, Source, Span, content_id
from kg.read.boilerplate import boilerplate
from kg.read.datelines import own_dateline
from kg.read.dates import date_line, find_date
from kg.read.layout import Layout, lay_out


def read_article(text: str, *, name: str = "text", title: str | None = None) -> Article:
    """Read one text that is already in memory.

    Args:
        title: the headline, where it is known from outside the text.

    >>> text = "Troops leave town\\n\\nWASHINGTON (AP) — The last troops left on Monday."
    >>> article = read_article(text)
    >>> article.title, article.dateline
    ('Troops leave town', 'Washington')
    """
    layout = lay_out(text, title)
    headline, body, skipped = _spans(layout)
    if title is None and headline is not None:
        title = " ".join(text[headline.start : headline.end].split())
    agency, dateline = _origin(layout)
    published = _published(layout)
    publisher = layout.publisher or agency
    sha256 = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Article(
        id=content_id(sha256),
        name=name,
        text=text,
        title=title,
        headline=headline,
        source=source_named(publisher) if publisher else None,
        agency=agency,
        dateline=dateline,
        published=published,
        published_from="text" if published else None,
        sha256=sha256,
        body=body,
        skipped=skipped,
    )


def source_named(name: str) -> Source:
    """Return the publisher of that name; names that differ in case only are one."""
    return Source(id=content_id("source", name.casefold()), name=name)


def _spans(layout: Layout) -> tuple[Span | None, tuple[Span, ...], tuple[Skipped, ...]]:
    """Turn what each paragraph is into spans that cover every non-blank character once."""
    headline: Span | None = None
    body: list[Span] = []
    skipped: list[Skipped] = []
    for index, unit in enumerate(layout.units):
        start, end = unit.span.start, unit.span.end
        if index in layout.reasons:
            skipped.append(Skipped(span=unit.span, reason=layout.reasons[index]))
            continue
        if layout.text[start] == "\ufeff":
            skipped.append(Skipped(span=Span(start, start + 1), reason="byte order mark"))
            start = _next_visible(layout.text, start + 1, end)
        if index in layout.cuts:
            cut = unit.span.start + layout.cuts[index].length
            dash_end = len(layout.text[unit.span.start : cut].rstrip()) + unit.span.start
            skipped.append(Skipped(span=Span(start, dash_end), reason="dateline"))
            start = _next_visible(layout.text, cut, end)
        stop = layout.suffix.get(index, end)
        if start < stop:
            if index == layout.headline:
                headline = Span(start, stop)
            else:
                body.append(Span(start, stop))
        if stop < end:
            skipped.append(
                Skipped(span=Span(_next_visible(layout.text, stop, end), end), reason="publisher")
            )
    return headline, tuple(body), tuple(skipped)


def _next_visible(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _origin(layout: Layout) -> tuple[str | None, str | None]:
    """Return the agency and the place the article names as its origin."""
    agency = place = None
    found = [layout.cuts[index] for index in sorted(layout.cuts)]
    alone = [
        own_dateline(layout.units[index].folded)
        for index, reason in sorted(layout.reasons.items())
        if reason == "dateline"
    ]
    for dateline in [*found, *(one for one in alone if one)]:
        agency, place = agency or dateline.agency, place or dateline.place
    for index, reason in sorted(layout.reasons.items()):
        if agency is None and reason in {"byline", "publisher", "date", "credit"}:
            agency = _agency_at_end(layout.units[index].folded)
    return agency, place


def _agency_at_end(folded: str) -> str | None:
    tail = re.split(r"[,|/(]\s?|\s[-–—]\s|\b[Bb]y\s", folded)[-1].strip(" ).")
    return boilerplate().agencies.get(tail)


def _published(layout: Layout) -> str | None:
    """Return the date of the first line that is a date; a line of an update only if no other is."""
    rules = boilerplate()
    dates: list[tuple[bool, int, str]] = []
    for index, reason in sorted(layout.reasons.items()):
        folded = layout.units[index].folded
        found = date_line(folded) if reason == "date" else None
        if found:
            words = set(re.findall(r"[a-z]+", folded.casefold()))
            late = bool(words & rules.update_words) and not words & {"published", "posted"}
            dates.append((late, index, found))
    if dates:
        return min(dates)[2]
    leads = [layout.cuts[index].text for index in sorted(layout.cuts)]
    written_out = next((found for lead in leads if (found := find_date(lead))), None)
    return written_out or _with_year_of_copyright(layout, leads)


def _with_year_of_copyright(layout: Layout, leads: Sequence[str]) -> str | None:
    """Read "MOSCOW, May 20 (AP)" with the year of the article's copyright line."""
    lines = (
        layout.units[i].folded for i, reason in layout.reasons.items() if reason == "copyright"
    )
    years = {year for line in lines for year in re.findall(r"\b(?:19|20)\d{2}\b", line)}
    if len(years) != 1:
        return None
    year = years.pop()
    return next(
        (
            found
            for lead in leads
            if (found := find_date(re.sub(r"(\d)\b", rf"\1, {year} ", lead, count=1)))
        ),
        None,
    )
