"""The days on which something happened, as far as an ISO time of any precision tells."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

__all__ = ["Days", "day_of", "days_of", "times_meet"]

Days = tuple[date, date]  # first and last, both included
TOLERANCE = timedelta(days=1)  # "yesterday" in a paper's night edition is another day's "Friday"


def times_meet(left: Days, right: Days) -> bool:
    """Tell whether two stretches of days share a day, a day of tolerance given.

    >>> times_meet((date(2016, 5, 19), date(2016, 5, 19)), (date(2016, 5, 20), date(2016, 5, 20)))
    True
    """
    return left[0] <= _later(right[1]) and right[0] <= _later(left[1])


def _later(day: date) -> date:
    return day + TOLERANCE if day < date.max else day


@lru_cache(maxsize=65536)
def day_of(published: str | None) -> date | None:
    """Read the day of an ISO date or date and time; None if there is none."""
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


@lru_cache(maxsize=65536)
def days_of(iso: str) -> Days | None:
    """Turn an ISO time of any precision into its first and last day; None if it can't be.

    >>> [day.isoformat() for day in days_of("2016-05")]
    ['2016-05-01', '2016-05-31']
    """
    first, _, last = iso.partition("/")
    begin, end = _bounds(first), _bounds(last) if last and last != ".." else None
    if first == "..":
        return (date.min, end[1]) if end else None
    if begin is None:
        return None
    if last == "..":
        return begin[0], date.max
    return begin[0], (end or begin)[1]


def _bounds(iso: str) -> Days | None:
    try:
        if match := re.fullmatch(r"(\d{4})-W(\d\d)", iso):
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return monday, monday + timedelta(days=6)
        if match := re.fullmatch(r"(\d{4})-2([1-4])", iso):  # EDTF's seasons
            first = date(int(match[1]), 3 * int(match[2]), 1)
            return first, _month_end(first, 3)
        if re.match(r"\d{4}-\d\d-\d\d", iso):
            return date.fromisoformat(iso[:10]), date.fromisoformat(iso[:10])
        if match := re.fullmatch(r"(\d{4})-(\d\d)", iso):
            first = date(int(match[1]), int(match[2]), 1)
            return first, _month_end(first, 1)
        if re.fullmatch(r"\d{4}", iso):
            return date(int(iso), 1, 1), date(int(iso), 12, 31)
    except (ValueError, OverflowError):
        return None
    return None


def _month_end(first: date, months: int) -> date:
    """The last day of so many months from the first of one."""
    count = first.year * 12 + first.month - 1 + months
    return date(count // 12, count % 12 + 1, 1) - timedelta(days=1)
