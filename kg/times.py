"""Time expressions: where a text has them, which day they name, and which event they date.

A grammar of our own, over the words of `ontology/times.toml`. It counts from the article's own date
and never from the clock; what can't be told stays untold: an impossible date ("February 30") is
found and reported with the reason, and resolves to nothing.

Dates come out as ISO 8601: a day, a week ("2016-W19"), a month, a year, an interval with ".." for
an open end ("2015-09-30/.."); a season as EDTF writes it ("2015-22" is the summer of 2015).
"""

from __future__ import annotations

import calendar
import re
import tomllib
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from kg.annotate import source_span
from kg.lexicon import ONTOLOGY
from kg.model import Basis, Precision, When

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

__all__ = ["Resolved", "TimeExpression", "find_times", "resolve_time", "when_of"]

Resolved = tuple[str, Precision, Basis]


@dataclass(frozen=True, slots=True)
class TimeExpression:
    """A time expression in a doc.

    Attributes:
        start, end: half-open range of tokens, the preposition included ("in March").
        problem: why it can name no date ("no such day"); None for one that can.
    """

    start: int
    end: int
    text: str
    problem: str | None = None


# --- words ---------------------------------------------------------------------------------------


@cache
def _table() -> Mapping[str, Any]:  # TOML: strings, numbers and lists, each read in one place below
    with (ONTOLOGY / "times.toml").open("rb") as file:
        return tomllib.load(file)


def _any(words: Iterable[str]) -> str:
    """Make an alternation of words, the longest first, blanks meeting any blanks."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"


@cache
def _months() -> dict[str, int]:
    names: list[list[str]] = _table()["months"]["names"]
    return {word.lower(): n for n, words in enumerate(names, 1) for word in words}


@cache
def _weekdays() -> dict[str, int]:
    names: list[list[str]] = _table()["weekdays"]["names"]
    return {word.lower(): n for n, words in enumerate(names) for word in words}


def _numbers() -> dict[str, int]:
    found: dict[str, int] = _table()["numbers"]
    return found


@cache
def _parts() -> dict[str, str]:
    """Name the pieces that all patterns are put together from."""
    table = _table()
    months = [word for words in table["months"]["names"] for word in words]
    weekdays = [word for words in table["weekdays"]["names"] for word in words]
    long_weekdays = [words[0] for words in table["weekdays"]["names"]]
    return {
        "month": f"(?-i:{_any(months)}|{_any(word for word in months if len(word) < 5)}\\.)",
        "weekday": f"(?-i:{_any(weekdays)})\\.?",
        "fullday": f"(?-i:{_any(long_weekdays)})",
        "day": r"(?:\d{1,2})(?:st|nd|rd|th)?",
        "year": r"(?:1[5-9]|20)\d\d(?![\d,.]\d|\d|%)",
        "clock": r"(?:\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\.?|\d{1,2}:\d\d)",
        "shift": _any(table["days"]),
        "part": _any(table["parts"]["of_day"]),
        "early": _any(table["parts"]["early"]),
        "way": _any(table["directions"]),
        "season": _any(table["seasons"]),
        "nth": _any(table["ordinals"]),
        "number": r"(?:\d{1,3}|" + _any(table["numbers"]) + ")",
        "vague": _any(table["vague"]["words"]),
        "unit": _any(table["units"]),
        "decade": _any(table["decades"]),
    }


_POINTS = {
    # name: pattern over the pieces of `_parts`; in resolving, the groups are read by the function
    # of the same name. Order is preference where two can start at one place.
    "iso": r"\d{{4}}-\d\d-\d\d(?:[T ]\d\d:\d\d)?(?!\d)",
    "slashed": r"\d{{1,2}}/\d{{1,2}}/\d{{4}}(?!\d)",
    "month_day": (
        r"(?:{weekday},?\s+)?{month}\s+{day}(?!\d|:\d|,\d)(?:\s*(?:-|–|to)\s*{day}(?!\d))?"
        r"(?:(?:,\s*|\s+(?:of\s+)?){year})?(?:,?\s+(?:at\s+)?{clock})?"
    ),
    "day_month": (
        r"(?:{weekday},?\s+)?(?:the\s+)?{day}(?:\s*(?:-|–|to)\s*{day})?\s+(?:of\s+)?{month}"
        r"(?:,?\s+(?:of\s+)?{year})?(?:,?\s+(?:at\s+)?{clock})?"
    ),
    "month_year": r"(?:(?:{early})[\s-]+)?{month}(?:,)?\s+(?:of\s+)?(?:{year}|\d{{5,}})",
    "clock_day": r"{clock}(?:\s+[A-Z]{{2,4}})?,?\s+(?:on\s+)?(?:{fullday}|{shift})",
    "day_clock": r"(?:{fullday}|{shift})(?:\s+{part})?,?\s+at\s+{clock}",
    "shift": r"(?:{shift})(?:\s+{part})?(?![\w’']*['’]s\s+{unit})",
    "way_weekday": r"(?:(?:{way})\s+{fullday}|{fullday}\s+(?:last|next)\s+week)(?:\s+{part})?",
    "weekday": r"(?:(?:{early})\s+)?{fullday}(?:\s+{part})?",
    "part_weekday": r"(?:the\s+)?(?:{part})\s+of\s+{fullday}",
    "quarter": (
        r"(?:the\s+)?(?:(?:{nth})\s+(?:quarter|half)|Q[1-4])(?:\s+of)?"
        r"(?:\s+(?:{year}|(?:{way})\s+year|the\s+year))"
    ),
    "season": (
        r"(?:(?:{early})\s+)?(?:(?:the\s+)?(?:{season})\s+of\s+{year}|(?:the\s+)?(?:{season})\s+{year}"
        r"|(?:{way})\s+(?:{season}))"
    ),
    "past_units": r"(?:the\s+)?(?:last|past|previous)\s+(?:{number}|{vague})\s+{unit}s",
    "way_unit": r"(?:(?:{early})\s+)?(?:the\s+)?(?:{way})\s+{unit}(?!s|\w)",
    "way_month": r"(?:(?:{early})[\s-]+)?(?:{way})\s+{month}",
    "ago": r"(?:(?:{number}|{vague})\s+)?{unit}s?\s+(?:ago|earlier|before|later|afterwards)(?!\w)",
    "in_units": r"within\s+(?:{number}|{vague})\s+{unit}s?",
    "decade": (
        r"(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?"
        r"(?:(?:1[5-9]|20)\d0s|['’]?\d0s(?!\w)|(?<=the\s){decade})"
    ),
    "century": r"(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?\d{{1,2}}(?:st|nd|rd|th)[\s-]century",
    "early_month": r"(?:{early})[\s-]+{month}(?!\w)",
    "early_year": r"(?:{early})[\s-]+{year}",
}


@cache
def _point_patterns() -> dict[str, str]:
    return {name: pattern.format(**_parts()) for name, pattern in _POINTS.items()}


@cache
def _finder() -> re.Pattern[str]:
    """Compile the one pattern that finds all expressions in a text."""
    bounds: dict[str, list[str]] = _table()["bounds"]
    leads = _any(word for words in bounds.values() for word in words)
    parts = _parts()
    point = "(?:" + "|".join(_point_patterns().values()) + ")"
    loose = f"(?:{point}|{parts['year']}|{parts['month']}(?!\\w))"
    months = _table()["months"]
    surnames = _any(months["surnames"])
    plain = f"(?!{surnames}\\b){parts['month']}"
    patterns = [
        f"between\\s+{loose}\\s+and\\s+{loose}",
        f"from\\s+{loose}\\s+(?:to|until|till|through|into)\\s+{loose}",
        f"(?:(?:{leads})\\s+)?(?:the\\s+)?(?:years?\\s+)?{parts['year']}\\s*[-–]\\s*(?:{parts['year']}|\\d\\d)(?![\\d-])",
        f"{leads}\\s+{point}",
        point,
        f"{leads}\\s+(?:the\\s+year\\s+)?{parts['year']}(?!\\s+(?:people|[a-z]+s\\b))",
        f"{_any(months['surname_leads'])}[\\s-]+(?-i:{surnames})(?![\\w’'])(?!\\s+[A-Z])",
        f"{_any(months['leads'])}[\\s-]+{plain}(?![\\w’'])",
        f"(?<=the\\s){parts['year']}(?=\\s+[a-z])",
        f"{parts['month']}\\s+\\d{{5,}}",
    ]
    return re.compile(r"(?<![\w-])(?:" + "|".join(patterns) + r")(?!\w)", re.IGNORECASE)


# --- finding -------------------------------------------------------------------------------------


def find_times(doc: Doc) -> tuple[TimeExpression, ...]:
    """Find the time expressions of a doc, from left to right.

    Words that only look like one ("may", "march", "the second") are left out; a date that can't be
    is kept, with its problem.
    """
    found: list[TimeExpression] = []
    for match in _finder().finditer(doc.text):
        span = doc.char_span(match.start(), match.end(), alignment_mode="expand")
        if span is None or _is_name(span.start, span.end, doc):
            continue
        found.append(TimeExpression(span.start, span.end, match.group(), _problem(match.group())))
    return tuple(found)


def _is_name(start: int, end: int, doc: Doc) -> bool:
    """Tell names ("Bloody Sunday", "the Sunday Times", Theresa May) from days and months."""
    table = _table()["weekdays"]
    words = doc[start:end]
    if words[-1].text in _any_names():
        before = doc[end - 2].text if end > 1 else ""
        after = doc[end].text if end < len(doc) else ""
        if before in table["names_before"] or after in table["names_after"]:
            return True
    return len(words) > 0 and words[-1].text == "May" and words[-1].ent_type_ == "PERSON"


@cache
def _any_names() -> frozenset[str]:
    return frozenset(words[0] for words in _table()["weekdays"]["names"])


def _problem(text: str) -> str | None:
    """Say why a date can't be; None if it can or is none."""
    if re.search(r"(?<!\d)\d{5,}(?!\d)", text):
        return "no such year"
    try:
        _resolve(text, date(2016, 2, 29), False)
    except ValueError as error:
        return str(error)
    return None


# --- resolving -----------------------------------------------------------------------------------


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
        return _resolve(text, day, future)
    except (ValueError, OverflowError):
        return None


def _as_date(published: date | str | None) -> date | None:
    if isinstance(published, str):
        try:
            return date.fromisoformat(published[:10])
        except ValueError:
            return None
    return published


@dataclass(frozen=True, slots=True)
class _Point:
    """A date or stretch: its ISO text, first and last day, precision and basis."""

    iso: str
    first: date
    last: date
    precision: Precision
    basis: Basis


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What an expression counts from; `lean` is -1 for past, 1 for future, 0 for the nearer."""

    day: date | None
    lean: int


def _resolve(text: str, day: date | None, future: bool) -> Resolved | None:
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
        return _closed(between[1] or between[2], between[3], _Anchor(day, lean))
    kind, rest = _bound(words)
    if kind in {"start", "until", "by"} and not future:
        lean = 0
    point = _point(rest, _Anchor(day, lean))
    if point is None:
        return None
    if kind == "since":
        return f"{_edge(point)}/..", "interval", point.basis
    if kind in {"until", "by"}:
        return f"../{_edge(point)}", "interval", point.basis
    if kind == "after":
        return f"{_edge(point)}/..", "interval", point.basis
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
    bounds: dict[str, list[str]] = _table()["bounds"]
    groups = "|".join(f"(?P<{name}>{_any(words)})" for name, words in sorted(bounds.items()))
    return re.compile(f"(?:{groups})\\s+(?:the year\\s+)?", re.IGNORECASE)


def _edge(point: _Point) -> str:
    """Give one end of an interval: an interval can't be the end of another, so its first day is."""
    return point.iso.split("/")[0] if "/" in point.iso else point.iso


def _closed(left: str, right: str, anchor: _Anchor) -> Resolved | None:
    end = _point(_bound(right)[1], anchor)
    if end is None:
        return None
    year = re.search(r"(?<!\d)\d{4}(?!\d)", right)
    if year is not None and not re.search(r"\d{4}", left) and _names_month(left):
        left = f"{left} {year.group()}"
    start = _point(left, anchor)
    if start is None and re.fullmatch(r"\d{1,2}", left) and _names_month(right):
        start = _point(re.sub(r"\d{1,2}(?!\d)", left, right, count=1), anchor)
    if start is None:
        return None
    if start.first > end.last and start.basis == "relative" and anchor.day is not None:
        start = _point(left, _Anchor(end.first, -1))
    if start is None or start.first > end.last:
        return None
    basis: Basis = "explicit" if start.basis == end.basis == "explicit" else "relative"
    return f"{_edge(start)}/{end.iso.split('/')[-1]}", "interval", basis


def _names_month(text: str) -> bool:
    return any(word.strip(".,").lower() in _months() for word in text.split())


def _point(words: str, anchor: _Anchor) -> _Point | None:
    """Read a date without a leading preposition."""
    for reader in _READERS:
        point = reader(words, anchor)
        if point is not None:
            return point
    return None


def _match(pattern: str, words: str) -> re.Match[str] | None:
    return _compiled(pattern).fullmatch(words)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern.format(**_grouped()), re.IGNORECASE)


@cache
def _grouped() -> dict[str, str]:
    """Give the pieces for resolving: as for finding, but in any case and without look-ahead."""
    parts = {name: pattern.replace("(?-i:", "(?:") for name, pattern in _parts().items()}
    return parts | {"year": r"\d{4}", "clock": r"\d{1,2}(?:[:.]\d\d)?(?:\s*[ap]\.?m\.?)?"}


def _day(day: date, basis: Basis) -> _Point:
    return _Point(day.isoformat(), day, day, "day", basis)


def _week(day: date, basis: Basis) -> _Point:
    year, week, weekday = day.isocalendar()
    first = day - timedelta(weekday - 1)
    return _Point(f"{year:04d}-W{week:02d}", first, first + timedelta(6), "week", basis)


def _month(year: int, month: int, basis: Basis) -> _Point:
    _check_year(year)
    last = calendar.monthrange(year, month)[1]
    first = date(year, month, 1)
    return _Point(f"{year:04d}-{month:02d}", first, date(year, month, last), "month", basis)


def _year(year: int, basis: Basis) -> _Point:
    _check_year(year)
    return _Point(f"{year:04d}", date(year, 1, 1), date(year, 12, 31), "year", basis)


def _years(first: int, last: int, basis: Basis) -> _Point:
    _check_year(first)
    _check_year(last)
    iso = f"{first:04d}/{last:04d}"
    return _Point(iso, date(first, 1, 1), date(last, 12, 31), "interval", basis)


def _interval(first: date, last: date, basis: Basis) -> _Point:
    return _Point(f"{first}/{last}", first, last, "interval", basis)


def _check_year(year: int) -> None:
    if not 1 <= year <= 9998:
        raise ValueError("no such year")


def _month_number(name: str) -> int:
    return _months()[name.strip(" .").lower()]


def _weekday_number(name: str) -> int:
    return _weekdays()[name.strip(" .").lower()]


def _calendar_day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"no such day: {calendar.month_name[month]} {day}") from None


def _yearless(month: int, day: int, anchor: _Anchor) -> date | None:
    """Find the day of some month that lies on the right side of the article's."""
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
    if anchor.lean == 0:
        return min(near, key=lambda d: (abs((d - here).days), d))
    if anchor.lean > 0:
        return min(d for d in near if d >= here)
    return max(d for d in near if d <= here)


def _plain_number(text: str) -> int | None:
    text = text.lower().strip()
    return int(text) if text.isdigit() else _numbers().get(text)


def _digits(text: str) -> int:
    return int(re.sub(r"\D", "", text))


# --- readers, one a form -------------------------------------------------------------------------


def _read_iso(words: str, anchor: _Anchor) -> _Point | None:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d))?", words)
    if match is None:
        return None
    if not 1 <= int(match[2]) <= 12:
        raise ValueError(f"no such month: {match[2]}")
    day = _calendar_day(int(match[1]), int(match[2]), int(match[3]))
    return _with_clock(day, f"{match[4]}:{match[5]}" if match[4] else None, "explicit")


def _with_clock(day: date, clock: str | None, basis: Basis) -> _Point:
    """Add a time of day to a day."""
    if clock is None:
        return _day(day, basis)
    match = re.fullmatch(r"(\d{1,2})(?:[:.](\d\d))?\s*(?:([ap])\.?m\.?)?", clock.strip(), re.I)
    if match is None:
        return _day(day, basis)
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        hour = hour % 12 + (12 if match[3].lower() == "p" else 0)
    if hour > 23 or minute > 59:
        raise ValueError(f"no such time: {clock.strip()}")
    return _Point(f"{day}T{hour:02d}:{minute:02d}", day, day, "minute", basis)


def _read_slashed(words: str, anchor: _Anchor) -> _Point | None:
    match = re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})", words)
    if match is None:
        return None
    one, two, year = int(match[1]), int(match[2]), int(match[3])
    if one == two or one > 12 or two > 12:
        month, day = (two, one) if one > 12 else (one, two)
        if month > 12:
            raise ValueError(f"no such month: {month}")
        return _day(_calendar_day(year, month, day), "explicit")
    raise ValueError("day or month first can't be told")


def _read_month_day(words: str, anchor: _Anchor) -> _Point | None:
    to = r"(?:\s*(?:-|–|to)\s*(?P<to>{day}))?"
    tail = r"(?:,?\s+(?:of\s+)?(?P<y>\d{{4}}))?(?:,?\s+(?:at\s+)?(?P<clock>{clock}))?"
    match = _match(
        r"(?:(?:{weekday}),?\s+)?(?P<m>{month})\s+(?P<d>{day})" + to + tail, words
    ) or _match(
        r"(?:(?:{weekday}),?\s+)?(?:the\s+)?(?P<d>{day})"
        + to
        + r"\s+(?:of\s+)?(?P<m>{month})"
        + tail,
        words,
    )
    if match is None:
        return None
    month = _month_number(match["m"])
    start = _dated(match["y"], month, _digits(match["d"]), anchor)
    if match["to"] is not None:
        end = _dated(match["y"], month, _digits(match["to"]), anchor)
        if start is None or end is None:
            return None
        end = end.replace(year=start.year)
        return _interval(start, end, "explicit" if match["y"] else "relative")
    if start is None:
        return None
    return _with_clock(start, match["clock"], "explicit" if match["y"] else "relative")


def _dated(year: str | None, month: int, day: int, anchor: _Anchor) -> date | None:
    if year is not None:
        _check_year(int(year))
        return _calendar_day(int(year), month, day)
    return _yearless(month, day, anchor)


def _read_month(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(
        r"(?:(?:{early})[\s-]+)?(?:(?P<way>{way})\s+)?(?P<m>{month})(?:,?\s+(?:of\s+)?(?P<y>\d+))?",
        words,
    )
    if match is None:
        return None
    month = _month_number(match["m"])
    if match["y"]:
        if len(match["y"]) != 4:
            raise ValueError("no such year")
        return _month(int(match["y"]), month, "explicit")
    if anchor.day is None:
        return None
    way = _table()["directions"].get((match["way"] or "").lower())
    return _month(_year_of_month(month, way, anchor), month, "relative")


def _year_of_month(month: int, way: int | None, anchor: _Anchor) -> int:
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


def _read_year(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(
        r"(?:(?:{early})[\s-]+)?(?:the\s+)?(?:years?\s+)?(?P<y>\d{{4}})(?:\s*[-–]\s*(?P<to>\d{{4}}|\d\d))?",
        words,
    )
    if match is None:
        return None
    if match["to"] is None:
        return _year(int(match["y"]), "explicit")
    end = int(match["y"][: 4 - len(match["to"])] + match["to"])
    if end < int(match["y"]):
        raise ValueError("the interval ends before it starts")
    return _years(int(match["y"]), end, "explicit")


def _read_shift(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(r"(?P<shift>{shift})(?:\s+{part})?(?:,?\s+at\s+(?P<clock>{clock}))?", words)
    early = _match(
        r"(?P<clock>{clock})(?:\s+[A-Z]{{2,4}})?,?\s+(?:on\s+)?(?P<shift>{shift})", words
    )
    match = match or early
    if match is None or anchor.day is None:
        return None
    days: dict[str, int] = _table()["days"]
    shifted = anchor.day + timedelta(days[re.sub(r"\s+", " ", match["shift"].lower())])
    return _with_clock(shifted, match["clock"], "relative")


def _read_weekday(words: str, anchor: _Anchor) -> _Point | None:
    match = (
        _match(
            r"(?:(?:{early})\s+)?(?:(?P<way>{way})\s+)?(?P<w>{weekday})(?:\s+{part})?(?:,?\s+at\s+(?P<clock>{clock}))?",
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
    way = _table()["directions"].get((match["way"] or "").lower())
    day = _nearest_weekday(_weekday_number(match["w"]), way, anchor)
    return _with_clock(day, match["clock"] or None, "relative")


def _nearest_weekday(weekday: int, way: int | None, anchor: _Anchor) -> date:
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


def _read_weekday_of_week(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(r"(?P<w>{weekday})\s+(?P<way>last|next)\s+week", words)
    if match is None or anchor.day is None:
        return None
    week = anchor.day + timedelta(7 * (1 if match["way"].lower() == "next" else -1))
    return _day(week + timedelta(_weekday_number(match["w"]) - week.weekday()), "relative")


def _read_way_unit(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(r"(?:(?:{early})\s+)?(?:the\s+)?(?P<way>{way})\s+(?P<unit>{unit})", words)
    if match is None or anchor.day is None:
        return None
    way: int = _table()["directions"][re.sub(r"\s+", " ", match["way"].lower())]
    return _shifted(anchor.day, match["unit"].lower(), way, anchor)


def _shifted(here: date, unit: str, count: int, anchor: _Anchor) -> _Point | None:
    """Go some units on or back: to a day, or the week, month or year that lies there."""
    try:
        if unit in {"minute", "hour"}:
            return _day(here, "relative")
        if unit == "day":
            return _day(here + timedelta(count), "relative")
        if unit == "week":
            return _week(here + timedelta(7 * count), "relative")
        if unit == "weekend":
            return _weekend(here, count, anchor)
        if unit == "month":
            year, month = divmod(here.year * 12 + here.month - 1 + count, 12)
            return _month(year, month + 1, "relative")
        if unit == "quarter":
            year, quarter = divmod(here.year * 4 + (here.month - 1) // 3 + count, 4)
            return _quarter(year, quarter + 1, "relative")
        if unit == "year":
            return _year(here.year + count, "relative")
        size = 10 if unit == "decade" else 100
        start = here.year // size * size + size * count
        return _years(start, start + size - 1, "relative")
    except OverflowError:
        return None  # before the year 1, or after 9999


def _weekend(here: date, way: int, anchor: _Anchor) -> _Point:
    monday = here - timedelta(here.weekday())
    if way == -1 or (way == 0 and anchor.lean < 0 and here.weekday() < 5):
        first = monday - timedelta(2)
    elif way == 1:
        first = monday + timedelta(5 if here.weekday() < 5 else 12)
    else:
        first = monday + timedelta(5)
    return _interval(first, first + timedelta(1), "relative")


def _quarter(year: int, quarter: int, basis: Basis) -> _Point:
    first, last = _month(year, 3 * quarter - 2, basis), _month(year, 3 * quarter, basis)
    return _Point(f"{first.iso}/{last.iso}", first.first, last.last, "interval", basis)


def _read_quarter(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(
        r"(?:the\s+)?(?:(?P<n>{nth})\s+(?P<unit>quarter|half)|Q(?P<q>[1-4]))(?:\s+of)?\s+"
        r"(?:(?P<y>\d{{4}})|(?P<way>{way})\s+year|the\s+year)",
        words,
    )
    if match is None:
        return None
    number: int = int(match["q"]) if match["q"] else _table()["ordinals"][match["n"].lower()]
    if match["y"] is None and anchor.day is None:
        return None
    way = _table()["directions"].get((match["way"] or "this").lower(), 0)
    basis: Basis = "explicit" if match["y"] else "relative"
    year = int(match["y"]) if match["y"] else (anchor.day or date.min).year + way
    if (match["unit"] or "").lower() != "half":
        return _quarter(year, number, basis)
    if number > 2:
        return None
    first, last = _month(year, 6 * number - 5, basis), _month(year, 6 * number, basis)
    return _Point(f"{first.iso}/{last.iso}", first.first, last.last, "interval", basis)


def _read_season(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(
        r"(?:(?:{early})\s+)?(?:the\s+)?(?:(?P<way>{way})\s+)?(?P<s>{season})(?:\s+(?:of\s+)?(?P<y>\d{{4}}))?",
        words,
    )
    if match is None or not (match["y"] or match["way"]):
        return None
    number: int = _table()["seasons"][match["s"].lower()]
    if match["y"]:
        year = int(match["y"])
    elif anchor.day is None:
        return None
    else:
        way: int = _table()["directions"][match["way"].lower()]
        year = _year_of_season(number, way, anchor.day)
    # a winter is named by the year it begins in
    month = (number - 20) * 3
    first = date(year, month, 1)
    last = _month(year + month // 12, (month + 2 - 1) % 12 + 1, "relative").last
    basis: Basis = "explicit" if match["y"] else "relative"
    return _Point(f"{year:04d}-{number}", first, last, "season", basis)


def _year_of_season(season: int, way: int, here: date) -> int:
    begins = (season - 20) * 3
    if way == 0:
        return here.year - 1 if season == 24 and here.month < 3 else here.year
    if way == -1:
        return here.year if begins + 3 <= here.month else here.year - 1
    return here.year if begins > here.month else here.year + 1


def _read_ago(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(
        r"(?:(?P<n>{number}|{vague})\s+)?(?P<unit>{unit})s?\s+(?P<way>ago|earlier|before|later|afterwards)",
        words,
    )
    if match is None or anchor.day is None:
        return None
    unit = match["unit"].lower()
    if unit in {"minute", "hour"}:
        return _day(anchor.day, "relative")
    # "two days later" counts from another event, which nobody here knows
    count = _plain_number(match["n"] or "")
    if match["way"].lower() != "ago" or count is None:
        return None
    return _shifted(anchor.day, unit, -count, anchor)


def _read_past_units(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(
        r"(?:the\s+)?(?:last|past|previous)\s+(?P<n>{number}|{vague})\s+(?P<unit>{unit})s", words
    )
    if match is None or anchor.day is None:
        return None
    count = _plain_number(match["n"])
    if count is None:
        return None
    start = _shifted(anchor.day, match["unit"].lower(), -count, anchor)
    if start is None:
        return None
    return _Point(f"{_edge(start)}/{anchor.day}", start.first, anchor.day, "interval", "relative")


def _read_decade(words: str, anchor: _Anchor) -> _Point | None:
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
        start: int = _table()["decades"][match["w"].lower()]
    else:
        start = int(match["y"]) if len(match["y"]) == 4 else 1900 + int(match["y"])
    return _years(start, start + 9, "explicit")


def _read_century(words: str, anchor: _Anchor) -> _Point | None:
    match = _match(
        r"(?:the\s+)?(?:early\s+|late\s+|mid-?\s*)?(?P<n>\d{{1,2}})(?:st|nd|rd|th)[\s-]century",
        words,
    )
    if match is None:
        return None
    last = int(match["n"]) * 100
    if not 100 <= last <= 9900:
        raise ValueError("no such century")
    return _years(last - 99, last, "explicit")


def _read_part_of_unit(words: str, anchor: _Anchor) -> _Point | None:
    """Read "the end of the year", "earlier in the month"."""
    match = _match(r"(?:{early})\s+the\s+(?P<unit>{unit})", words)
    if match is None or anchor.day is None:
        return None
    return _shifted(anchor.day, match["unit"].lower(), 0, anchor)


_READERS: tuple[Callable[[str, _Anchor], _Point | None], ...] = (
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


# --- which event it dates ------------------------------------------------------------------------

_VERBAL = frozenset({"VERB", "AUX"})


def when_of(
    doc: Doc,
    trigger: int,
    published: date | str | None,
    *,
    times: Iterable[TimeExpression] | None = None,
) -> When | None:
    """Find when the event of a trigger happened, as far as its own clause says.

    Args:
        trigger: token of the verb or noun that tells the event.
        published: the article's day; None leaves relative expressions unresolved.
        times: the doc's expressions, if they are known already.

    Returns:
        None where the clause has no expression, or only ones that resolve to nothing.
    """
    expressions = find_times(doc) if times is None else tuple(times)
    token = doc[trigger]
    sent = token.sent
    first = bisect_left(expressions, sent.start, key=lambda t: t.start)
    last = bisect_left(expressions, sent.end, key=lambda t: t.start)
    near = [t for t in expressions[first:last] if t.problem is None]
    for rung in _rungs(token):
        dated = [t for t in near if rung.i in _dates(doc, t)]
        dated.sort(key=lambda t: (abs(t.start - rung.i), t.start))
        for expression in dated:
            found = resolve_time(expression.text, published, future=_is_future(rung))
            if found is not None:
                return _when(doc, expression, found)
    return None


def _when(doc: Doc, expression: TimeExpression, found: Resolved) -> When:
    start = doc[expression.start].idx
    last = doc[expression.end - 1]
    iso, precision, basis = found
    span = source_span(doc, start, last.idx + len(last.text))
    return When(text=span, iso=iso, precision=precision, basis=basis)


def _rungs(token: Token) -> list[Token]:
    """List the words whose times hold for a trigger, nearest first.

    A noun shares its verb's time; a participle and a gerund share that of the clause they hang on
    ("in March by announcing the withdrawal"). A clause of its own, finite or with "to", does not.
    """
    found = [token]
    while len(found) < 6:
        above = _shares_time_with(token)
        if above is None:
            break
        token = above
        found.append(token)
    # "has killed hundreds and displaced millions since 2011"
    verb = next((rung for rung in found if rung.pos_ in _VERBAL), token)
    return found + [c for c in verb.children if c.dep_ == "conj" and not _has_subject(c)]


def _has_subject(verb: Token) -> bool:
    return any(child.dep_ in {"nsubj", "nsubjpass", "expl"} for child in verb.children)


def _shares_time_with(token: Token) -> Token | None:
    head = token.head
    if head.i == token.i:
        return None
    if token.pos_ not in _VERBAL:
        return None if token.dep_ in {"appos", "npadvmod"} else head
    if _has_subject(token):
        return None
    if any(child.dep_ == "aux" and child.text.lower() == "to" for child in token.children):
        return None
    if token.dep_ in {"pcomp", "advcl", "prep"} and token.tag_ == "VBG":
        return head
    return head if token.dep_ == "conj" and head.pos_ in _VERBAL else None


def _dates(doc: Doc, expression: TimeExpression) -> tuple[int, ...]:
    """Give the words that an expression modifies: where it hangs, and the verb above if so."""
    inside = range(expression.start, expression.end)
    roots = [doc[i] for i in inside if doc[i].head.i not in inside or doc[i].head.i == i]
    if not roots:
        return ()
    root = next((t for t in roots if t.dep_ != "punct"), roots[0])
    anchor = root.head
    found = [anchor.i]
    # "chairing the meeting on Tuesday" dates both; "condemned Tuesday's meeting" only the noun
    if root.dep_ in {"poss", "compound", "amod", "nummod", "nmod", "det"}:
        return (anchor.i,)
    while anchor.pos_ not in _VERBAL and anchor.head.i != anchor.i and root.i > anchor.i:
        anchor = anchor.head
        found.append(anchor.i)
    while (
        anchor.pos_ not in _VERBAL
        and anchor.head.i != anchor.i
        and anchor.pos_ in {"ADP", "ADV", "SCONJ"}
    ):
        anchor = anchor.head
        found.append(anchor.i)
    return tuple(found)


def _is_future(verb: Token) -> bool:
    """Tell whether a verb speaks of what is still to come, or hangs on one that makes it so."""
    tense = _table()["tense"]
    for token in _verb_and_above(verb):
        for child in token.children:
            if child.dep_ == "aux" and child.text.lower() in tense["future"]:
                return True
            if child.dep_ == "aux" and child.text.lower() == "to" and _lies_ahead(token):
                return True
    return False


def _verb_and_above(verb: Token) -> list[Token]:
    found = [verb]
    while len(found) < 4 and verb.head.i != verb.i and verb.dep_ != "ccomp":
        if verb.pos_ in _VERBAL and verb.dep_ in {"ROOT", "relcl", "advcl", "ccomp"}:
            break
        verb = verb.head
        found.append(verb)
    return found


def _lies_ahead(verb: Token) -> bool:
    return verb.dep_ in {"xcomp", "acl", "ccomp", "advcl"} or verb.head.i == verb.i
