"""Which day, month, year or interval an expression names, against the article's own day."""

from __future__ import annotations

import re
from datetime import date
from functools import cache, lru_cache

from kg.model import Basis, Precision
from kg.times.grammar import any_of, months, times_table
from kg.times.points import Anchor, edge_of
from kg.times.readers import read_point

Resolved = tuple[str, Precision, Basis]
"""ISO text, precision, basis."""


def resolve_time(
    text: str, published: date | str | None, *, future: bool = False
) -> Resolved | None:
    """Resolve a time expression against the article's date.

    Args:
        text: the expression alone ("since September 30, 2015", "last week").
        published: the article's day (an ISO date, with or without time); None if it has none, and
            then only what is written out resolves.
        future: the expression dates something still to come ("will meet on Friday").

    Returns:
        ISO text, precision and basis; None for what can't be told.

    >>> resolve_time("yesterday", "2016-05-20")
    ('2016-05-19', 'day', 'relative')
    >>> resolve_time("since September 30, 2015", None)
    ('2015-09-30/..', 'interval', 'explicit')
    >>> resolve_time("February 30, 2016", "2016-05-20") is None
    True
    """
    day = _as_date(published)
    try:
        return resolve_or_raise(text, day, future)
    except (ValueError, OverflowError):
        return None


def _as_date(published: date | str | None) -> date | None:
    if isinstance(published, str):
        try:
            return date.fromisoformat(published[:10])
        except ValueError:
            return None
    return published


@lru_cache(maxsize=4096)
def resolve_or_raise(text: str, day: date | None, future: bool) -> Resolved | None:
    """Resolve as `resolve_time` does, but raise for a date that can't be.

    Raises:
        ValueError: the message says what there is no such thing as.
    """
    words = re.sub(r"\s+", " ", text.strip()).replace("’", "'").rstrip(",")
    between = re.fullmatch(
        r"(?:between (.+?) and|from (.+?) (?:to|until|till|through|into)) (.+)", words, re.I
    )
    lean = 1 if future else -1
    if between is not None:
        return _closed(between[1] or between[2], between[3], Anchor(day, lean))
    kind, rest = _bound(words)
    if kind in {"start", "until", "by"} and not future:
        lean = 0
    point = read_point(rest, Anchor(day, lean))
    if point is None:
        return None
    if kind in {"until", "by"}:
        return f"../{edge_of(point)}", "interval", point.basis
    if kind in {"since", "after"}:
        return f"{edge_of(point)}/..", "interval", point.basis
    return point.iso, point.precision, point.basis


def _bound(words: str) -> tuple[str, str]:
    """Split the leading word off: ("since", "2011")."""
    match = _bound_pattern().match(words)
    if match is None:
        return "at", words
    name = match.lastgroup or "at"
    return name, words[match.end() :]


@cache
def _bound_pattern() -> re.Pattern[str]:
    bounds: dict[str, list[str]] = times_table()["bounds"]
    groups = "|".join(f"(?P<{name}>{any_of(words)})" for name, words in sorted(bounds.items()))
    return re.compile(f"(?:{groups})\\s+(?:the year\\s+)?", re.IGNORECASE)


def _closed(left: str, right: str, anchor: Anchor) -> Resolved | None:
    end = read_point(_bound(right)[1], anchor)
    if end is None:
        return None
    year = re.search(r"(?<!\d)\d{4}(?!\d)", right)
    if year is not None and not re.search(r"\d{4}", left) and _names_month(left):
        left = f"{left} {year.group()}"
    start = read_point(left, anchor)
    if start is None and re.fullmatch(r"\d{1,2}", left) and _names_month(right):
        start = read_point(re.sub(r"\d{1,2}(?!\d)", left, right, count=1), anchor)
    if start is None:
        return None
    if start.first > end.last and start.basis == "relative" and anchor.day is not None:
        start = read_point(left, Anchor(end.first, -1))
    if start is None or start.first > end.last:
        return None
    basis: Basis = "explicit" if start.basis == end.basis == "explicit" else "relative"
    return f"{edge_of(start)}/{end.iso.split('/')[-1]}", "interval", basis


def _names_month(text: str) -> bool:
    return any(word.strip(".,").lower() in months() for word in text.split())
