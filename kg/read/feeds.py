"""RSS and Atom files -> records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any  # feedparser's entries are untyped

from kg.errors import ArticleError
from kg.read.records import Record

__all__ = ["feed_records"]

MAX_FEED = 32 << 20
"""Bytes of the largest feed that is read; it has to fit into memory."""


def feed_records(stream: IO[bytes]) -> Iterator[Record]:
    """Read the entries of a feed as records; the text is the content's HTML, else the summary's.

    Raises:
        ArticleError: it is no feed, or has no entries.
    """
    import feedparser

    raw = stream.read(MAX_FEED + 1)
    if len(raw) > MAX_FEED:
        raise ArticleError(f"is a feed of over {MAX_FEED >> 20} MB; split it")
    try:
        feed = feedparser.parse(
            raw, response_headers={}, resolve_relative_uris=False, sanitize_html=False
        )
    # feedparser promises no kind of error: a number too large gives OverflowError, and so on
    except Exception as error:
        raise ArticleError(f"is a feed that can't be parsed ({type(error).__name__})") from error
    if not feed.entries:
        raise ArticleError("is XML without articles; give RSS or Atom with entries, or HTML")
    site = feed.feed.get("title")
    for number, entry in enumerate(feed.entries):
        yield number, _record_of(entry, site)


def _record_of(entry: Any, site: str | None) -> dict[str, object]:
    contents = [str(one.get("value") or "") for one in entry.get("content", ())]
    body = max([*contents, str(entry.get("summary") or "")], key=len)
    source = entry.get("source") or {}
    return {
        "id": entry.get("id") or entry.get("link"),
        "html": body,
        "title": entry.get("title"),
        "date": entry.get("published") or entry.get("updated"),
        "url": entry.get("link"),
        "publisher": source.get("title") or entry.get("publisher") or site,
        "authors": [author.get("name") for author in entry.get("authors", ()) if author],
    }
