"""Dates and stretches of time, and the arithmetic of the calendar around an article's day."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from kg.model import Basis, Precision


@dataclass(frozen=True, slots=True)
class Point:
    """A date or stretch: its ISO text, first and last day, precision and basis."""

    iso: str
    first: date
    last: date
    precision: Precision
    basis: Basis


@dataclass(frozen=True, slots=True)
class Anchor:
    """What an expression counts from; `lean` is -1 for past, 1 for future, 0 for the nearer."""

    day: date | None
    lean: int


def day_point(day: date, basis: Basis) -> Point:
    """Make the point of a day."""
    return Point(day.isoformat(), day, day, "day", basis)


def week_point(day: date, basis: Basis) -> Point:
    """Make the point of the week that a day lies in."""
    year, week, weekday = day.isocalendar()
    first = day - timedelta(weekday - 1)
    return Point(f"{year:04d}-W{week:02d}", first, first + timedelta(6), "week", basis)


def month_point(year: int, month: int, basis: Basis) -> Point:
    """Make the point of a month."""
    check_year(year)
    last = calendar.monthrange(year, month)[1]
    first = date(year, month, 1)
    return Point(f"{year:04d}-{month:02d}", first, date(year, month, last), "month", basis)


def year_point(year: int, basis: Basis) -> Point:
    """Make the point of a year."""
    check_year(year)
    return Point(f"{year:04d}", date(year, 1, 1), date(year, 12, 31), "year", basis)


def span_of_years(first: int, last: int, basis: Basis) -> Point:
    """Make the interval from one year to another."""
    check_year(first)
    check_year(last)
    iso = f"{first:04d}/{last:04d}"
    return Point(iso, date(first, 1, 1), date(last, 12, 31), "interval", basis)


def span_of_days(first: date, last: date, basis: Basis) -> Point:
    """Make the interval from one day to another."""
    return Point(f"{first}/{last}", first, last, "interval", basis)


def quarter_point(year: int, quarter: int, basis: Basis) -> Point:
    """Make the interval of a quarter, 1 to 4; as months."""
    return _months_between(year, 3 * quarter - 2, 3 * quarter, basis)


def half_point(year: int, half: int, basis: Basis) -> Point:
    """Make the interval of half a year, 1 or 2, as months."""
    return _months_between(year, 6 * half - 5, 6 * half, basis)


def _months_between(year: int, start: int, end: int, basis: Basis) -> Point:
    first, last = month_point(year, start, basis), month_point(year, end, basis)
    return Point(f"{first.iso}/{last.iso}", first.first, last.last, "interval", basis)


def season_point(year: int, season: int, basis: Basis) -> Point:
    """Make the point of a season, 21 (spring) to 24; a winter has the year it begins in."""
    month = (season - 20) * 3
    first = date(year, month, 1)
    last = month_point(year + month // 12, (month + 2 - 1) % 12 + 1, basis).last
    return Point(f"{year:04d}-{season}", first, last, "season", basis)


def check_year(year: int) -> None:
    """Raise `ValueError` for a year that the calendar does not have."""
    if not 1 <= year <= 9998:
        raise ValueError("no such year")


def calendar_day(year: int, month: int, day: int) -> date:
    """Make a day; the `ValueError` for one that can't be names it."""
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"no such day: {calendar.month_name[month]} {day}") from None


_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:([ap])\.?m\.?)?", re.IGNORECASE)


def with_clock(day: date, clock: str | None, basis: Basis) -> Point:
    """Add a time of day to a day."""
    if clock is None:
        return day_point(day, basis)
    match = _CLOCK.fullmatch(clock.strip())
    if match is None:
        return day_point(day, basis)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"no such time: {clock.strip()}")
    return Point(f"{day}T{hour:02d}:{minute:02d}", day, day, "minute", basis)


def edge_of(point: Point) -> str:
    """Give one end of an interval: an interval can't be the end of another, so its first day is."""
    return point.iso.split("/")[0] if "/" in point.iso else point.iso


def yearless_day(month: int, day: int, anchor: Anchor, weekday: int | None = None) -> date | None:
    """Find the day of some month that lies on the right side of the article's.

    Args:
        weekday: 0 for Monday, as the text names it: "Saturday, Feb. 26" picks its own year.
    """
    if day < 1 or day > (29 if month == 2 else calendar.monthrange(2001, month)[1]):
        raise ValueError(f"no such day: {calendar.month_name[month]} {day}")
    if anchor.day is None:
        return None
    here = anchor.day
    near = [
        date(year, month, day)
        for year in range(max(1, here.year - 8), min(9999, here.year + 9))
        if day <= calendar.monthrange(year, month)[1]
    ]
    named = [d for d in near if d.weekday() == weekday]
    if named:
        return min(named, key=lambda d: (abs((d - here).days), d))
    if anchor.lean == 0:
        return min(near, key=lambda d: (abs((d - here).days), d))
    if anchor.lean > 0:
        return min(d for d in near if d >= here)
    return max(d for d in near if d <= here)


def year_of_month(month: int, way: int | None, anchor: Anchor) -> int:
    """Find the year of a month without one: last, next or this, else on the side of the tense."""
    assert anchor.day is not None
    here = anchor.day
    if way == -1:
        return here.year if month < here.month else here.year - 1
    if way == 1:
        return here.year if month > here.month else here.year + 1
    if way == 0:
        return here.year
    if anchor.lean > 0:
        return here.year if month >= here.month else here.year + 1
    if anchor.lean == 0 and abs(month - here.month) <= 6:
        return here.year
    return here.year if month <= here.month else here.year - 1


def year_of_season(season: int, way: int, here: date) -> int:
    """Find the year of the last, this or the next season of a number."""
    begins = (season - 20) * 3
    if way == 0:
        return here.year - 1 if season == 24 and here.month < 3 else here.year
    if way == -1:
        return here.year if begins + 3 <= here.month else here.year - 1
    return here.year if begins > here.month else here.year + 1


def nearest_weekday(weekday: int, way: int | None, anchor: Anchor) -> date:
    """Find the day: the last one, this day included; "last" and "next" leave this day out."""
    assert anchor.day is not None
    here = anchor.day
    back = (here.weekday() - weekday) % 7
    ahead = (weekday - here.weekday()) % 7
    if way == -1:
        return here - timedelta(back or 7)
    if way == 1:
        return here + timedelta(ahead or 7)
    if way == 0:
        return here + timedelta(weekday - here.weekday())
    if anchor.lean > 0 or (anchor.lean == 0 and ahead <= back):
        return here + timedelta(ahead)
    return here - timedelta(back)


def shifted(here: date, unit: str, count: int, anchor: Anchor) -> Point | None:
    """Go some units on or back: to a day, or the week, month or year that lies there."""
    try:
        if unit in {"minute", "hour"}:
            return day_point(here, "relative")
        if unit == "day":
            return day_point(here + timedelta(count), "relative")
        if unit == "week":
            return week_point(here + timedelta(7 * count), "relative")
        if unit == "weekend":
            return _weekend(here, count, anchor)
        if unit == "month":
            year, month = divmod(here.year * 12 + here.month - 1 + count, 12)
            return month_point(year, month + 1, "relative")
        if unit == "quarter":
            year, quarter = divmod(here.year * 4 + (here.month - 1) // 3 + count, 4)
            return quarter_point(year, quarter + 1, "relative")
        if unit == "year":
            return year_point(here.year + count, "relative")
        size = 10 if unit == "decade" else 100
        start = here.year // size * size + size * count
        return span_of_years(start, start + size - 1, "relative")
    except OverflowError:
        return None  # before the year 1, or after 9999


def _weekend(here: date, way: int, anchor: Anchor) -> Point:
    """Find a Saturday and Sunday; in the week "this" one is past where the tense is."""
    monday = here - timedelta(here.weekday())
    if way == -1 or (way == 0 and anchor.lean < 0 and here.weekday() < 5):
        first = monday - timedelta(2)
    elif way == 1:
        first = monday + timedelta(5 if here.weekday() < 5 else 12)
    else:
        first = monday + timedelta(5)
    return span_of_days(first, first + timedelta(1), "relative")
