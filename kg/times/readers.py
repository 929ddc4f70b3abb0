"""Readers of dates without a leading preposition, one a form; `read_point` tries them in order."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from kg.model import Basis
from kg.times.grammar import months, numbers, pieces, times_table, weekdays
from kg.times.points import (
    Anchor,
    Point,
    calendar_day,
    check_year,
    day_point,
    edge_of,
    half_point,
    month_point,
    nearest_weekday,
    quarter_point,
    season_point,
    shifted,
    span_of_days,
    span_of_years,
    with_clock,
    year_of_month,
    year_of_season,
    year_point,
    yearless_day,
)


def _match(pattern: str, words: str) -> re.Match[str] | None:
    return _compiled(pattern).fullmatch(words)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.format(**_grouped()), re.IGNORECASE)


@cache
def _grouped() -> dict[str, str]:
    """Give the pieces for resolving: as for finding, but in any case and without look-ahead."""
    parts = {name: pattern.replace("(?-i:", "(?:") for name, pattern in pieces().items()}
    return parts | {"year": r"\d{4}", "clock": r"\d{1,2}(?:[:.]\d\d)?(?:\s*[ap]\.?m\.?)?"}


def _month_number(name: str) -> int:
    return months()[name.strip(" .").lower()]


def _weekday_number(name: str) -> int:
    return weekdays()[name.strip(" .").lower()]


def _plain_number(text: str) -> int | None:
    text = text.lower().strip()
    return int(text) if text.isdigit() else numbers().get(text)


def _single_blanks(text: str) -> str:
    return re.sub(r"\s+", " ", text.lower())


def _digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _read_iso(words: str, anchor: Anchor) -> Point | None:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?", words)
    if match is None:
        return None
    if not 1 <= int(match[2]) <= 12:
        raise ValueError(f"no such month: {match[2]}")
    day = calendar_day(int(match[1]), int(match[2]), int(match[3]))
    return with_clock(day, f"{match[4]}:{match[5]}" if match[4] else None, "explicit")


def _read_slashed(words: str, anchor: Anchor) -> Point | None:
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", words)
    if match is None:
        return None
    one, two, year = int(match[1]), int(match[2]), int(match[3])
    if one == two or one > 12 or two > 12:
        month, day = (two, one) if one > 12 else (one, two)
        if month > 12:
            raise ValueError(f"no such month: {month}")
        return day_point(calendar_day(year, month, day), "explicit")
    raise ValueError("day or month first can't be told")


_TO_DAY = r"(?:\s*(?:-|–|to)\s*(?P<to>{day}))?"
_YEAR_CLOCK = r"(?:,?\s+(?:of\s+)?(?P<y>\d{{4}}))?(?:,?\s+(?:at\s+)?(?P<clock>{clock}))?"
_MONTH_DAY = r"(?:(?P<w>{weekday}),?\s+)?(?P<m>{month})\s+(?P<d>{day})" + _TO_DAY + _YEAR_CLOCK
_DAY_MONTH = (
    r"(?:(?P<w>{weekday}),?\s+)?(?:the\s+)?(?P<d>{day})"
    + _TO_DAY
    + r"\s+(?:of\s+)?(?P<m>{month})"
    + _YEAR_CLOCK
)


def _read_month_day(words: str, anchor: Anchor) -> Point | None:
    match = _match(_MONTH_DAY, words) or _match(_DAY_MONTH, words)
    if match is None:
        return None
    month = _month_number(match["m"])
    start = _dated(match["y"], month, _digits(match["d"]), anchor, match["w"])
    if match["to"] is not None:
        end = _dated(match["y"], month, _digits(match["to"]), anchor)
        if start is None or end is None:
            return None
        end = end.replace(year=start.year)
        return span_of_days(start, end, "explicit" if match["y"] else "relative")
    if start is None:
        return None
    return with_clock(start, match["clock"], "explicit" if match["y"] else "relative")


def _dated(
    year: str | None, month: int, day: int, anchor: Anchor, weekday: str | None = None
) -> date | None:
    if year is not None:
        check_year(int(year))
        return calendar_day(int(year), month, day)
    number = weekdays().get(weekday.strip(" .").lower()) if weekday else None
    return yearless_day(month, day, anchor, number)


def _read_shift(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?P<shift>{shift})(?:\s+{part})?(?:,?\s+at\s+(?P<clock>{clock}))?", words
    ) or _match(r"(?P<clock>{clock})(?:\s+[A-Z]{{2,4}})?,?\s+(?:on\s+)?(?P<shift>{shift})", words)
    if match is None or anchor.day is None:
        return None
    days: dict[str, int] = times_table()["days"]
    day = anchor.day + timedelta(days[_single_blanks(match["shift"])])
    return with_clock(day, match["clock"], "relative")


def _read_weekday(words: str, anchor: Anchor) -> Point | None:
    match = (
        _match(
            r"(?:(?:{early})\s+)?(?:(?P<way>{way})\s+)?(?P<w>{weekday})(?:\s+{part})?"
            r"(?:,?\s+at\s+(?P<clock>{clock}))?",
            words,
        )
        or _match(
            r"(?P<clock>{clock})(?:\s+[A-Z]{{2,4}})?,?\s+(?:on\s+)?(?P<way>)(?P<w>{weekday})", words
        )
        or _match(r"(?P<clock>)(?:the\s+)?{part}\s+of\s+(?P<way>)(?P<w>{weekday})", words)
    )
    if match is None:
        return _read_weekday_of_week(words, anchor)
    if anchor.day is None:
        return None
    way = times_table()["directions"].get((match["way"] or "").lower())
    day = nearest_weekday(_weekday_number(match["w"]), way, anchor)
    return with_clock(day, match["clock"] or None, "relative")


def _read_weekday_of_week(words: str, anchor: Anchor) -> Point | None:
    match = _match(r"(?P<w>{weekday})\s+(?P<way>last|next)\s+week", words)
    if match is None or anchor.day is None:
        return None
    week = anchor.day + timedelta(7 * (1 if match["way"].lower() == "next" else -1))
    return day_point(week + timedelta(_weekday_number(match["w"]) - week.weekday()), "relative")


def _read_month(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?:(?:{early})[\s-]+)?(?:(?P<way>{way})\s+)?(?P<m>{month})"
        r"(?:,?\s+(?:of\s+)?(?P<y>\d+))?",
        words,
    )
    if match is None:
        return None
    month = _month_number(match["m"])
    if match["y"]:
        if len(match["y"]) != 4:
            raise ValueError("no such year")
        return month_point(int(match["y"]), month, "explicit")
    if anchor.day is None:
        return None
    way = times_table()["directions"].get((match["way"] or "").lower())
    return month_point(year_of_month(month, way, anchor), month, "relative")


def _read_quarter(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?:the\s+)?(?:(?P<n>{nth})\s+(?P<unit>quarter|half)|Q(?P<q>[1-4]))(?:\s+of)?\s+"
        r"(?:(?P<y>\d{{4}})|(?P<way>{way})\s+year|the\s+year)",
        words,
    )
    if match is None:
        return None
    number: int = int(match["q"]) if match["q"] else times_table()["ordinals"][match["n"].lower()]
    if match["y"] is None and anchor.day is None:
        return None
    way = times_table()["directions"].get((match["way"] or "this").lower(), 0)
    basis: Basis = "explicit" if match["y"] else "relative"
    year = int(match["y"]) if match["y"] else (anchor.day or date.min).year + way
    if (match["unit"] or "").lower() != "half":
        return quarter_point(year, number, basis)
    return half_point(year, number, basis) if number <= 2 else None


def _read_season(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?:(?:{early})\s+)?(?:the\s+)?(?:(?P<way>{way})\s+)?(?P<s>{season})"
        r"(?:\s+(?:of\s+)?(?P<y>\d{{4}}))?",
        words,
    )
    if match is None or not (match["y"] or match["way"]):
        return None
    number: int = times_table()["seasons"][match["s"].lower()]
    if match["y"]:
        return season_point(int(match["y"]), number, "explicit")
    if anchor.day is None:
        return None
    way: int = times_table()["directions"][match["way"].lower()]
    return season_point(year_of_season(number, way, anchor.day), number, "relative")


def _read_past_units(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?:the\s+)?(?:last|past|previous)\s+(?P<n>{number}|{vague})\s+(?P<unit>{unit})s", words
    )
    if match is None or anchor.day is None:
        return None
    count = _plain_number(match["n"])
    if count is None:
        return None
    start = shifted(anchor.day, match["unit"].lower(), -count, anchor)
    if start is None:
        return None
    return Point(f"{edge_of(start)}/{anchor.day}", start.first, anchor.day, "interval", "relative")


def _read_way_unit(words: str, anchor: Anchor) -> Point | None:
    match = _match(r"(?:(?:{early})\s+)?(?:the\s+)?(?P<way>{way})\s+(?P<unit>{unit})", words)
    if match is None or anchor.day is None:
        return None
    way: int = times_table()["directions"][_single_blanks(match["way"])]
    return shifted(anchor.day, match["unit"].lower(), way, anchor)


def _read_part_of_unit(words: str, anchor: Anchor) -> Point | None:
    """Read "the end of the year", "earlier in the month"."""
    match = _match(r"(?:{early})\s+the\s+(?P<unit>{unit})", words)
    if match is None or anchor.day is None:
        return None
    return shifted(anchor.day, match["unit"].lower(), 0, anchor)


def _read_ago(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?:(?P<n>{number}|{vague})\s+)?(?P<unit>{unit})s?\s+"
        r"(?P<way>ago|earlier|before|later|afterwards)",
        words,
    )
    if match is None or anchor.day is None:
        return None
    unit = match["unit"].lower()
    if unit in {"minute", "hour"}:
        return day_point(anchor.day, "relative")
    # "two days later" counts from another event, which nobody here knows
    count = _plain_number(match["n"] or "")
    if match["way"].lower() != "ago" or count is None:
        return None
    return shifted(anchor.day, unit, -count, anchor)


def _read_decade(words: str, anchor: Anchor) -> Point | None:
    match = (
        _match(r"(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?(?P<y>(?:\d\d)?\d0)s", words)
        or _match(
            r"(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?(?P<w>{decade})", words.replace("'", "")
        )
        or _match(r"(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?'(?P<y>\d0)s", words)
    )
    if match is None:
        return None
    if "w" in match.groupdict():
        start: int = times_table()["decades"][match["w"].lower()]
    else:
        start = int(match["y"]) if len(match["y"]) == 4 else 1900 + int(match["y"])
    return span_of_years(start, start + 9, "explicit")


def _read_century(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?(?P<n>\d{{1,2}})(?:st|nd|rd|th)[\s-]century",
        words,
    )
    if match is None:
        return None
    last = int(match["n"]) * 100
    if not 100 <= last <= 9900:
        raise ValueError("no such century")
    return span_of_years(last - 99, last, "explicit")


def _read_year(words: str, anchor: Anchor) -> Point | None:
    match = _match(
        r"(?:(?:{early})[\s-]+)?(?:the\s+)?(?:years?\s+)?(?P<y>\d{{4}})"
        r"(?:\s*[-–]\s*(?P<to>\d{{4}}|\d\d))?",
        words,
    )
    if match is None:
        return None
    if match["to"] is None:
        return year_point(int(match["y"]), "explicit")
    end = int(match["y"][: 4 - len(match["to"])] + match["to"])
    if end < int(match["y"]):
        raise ValueError("the interval ends before it starts")
    return span_of_years(int(match["y"]), end, "explicit")


_READERS: tuple[Callable[[str, Anchor], Point | None], ...] = (
    _read_iso,
    _read_slashed,
    _read_month_day,
    _read_shift,
    _read_weekday,
    _read_month,
    _read_quarter,
    _read_season,
    _read_past_units,
    _read_way_unit,
    _read_part_of_unit,
    _read_ago,
    _read_decade,
    _read_century,
    _read_year,
)


def read_point(words: str, anchor: Anchor) -> Point | None:
    """Read a date without a leading preposition."""
    for reader in _READERS:
        point = reader(words, anchor)
        if point is not None:
            return point
    return None
