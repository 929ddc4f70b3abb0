"""Dates of publication, in the layouts that newspapers print them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache

from kg.gazetteer import gazetteer
from kg.read.boilerplate import boilerplate, can_be_place, is_byline

_TIME = re.compile(
    r"(?<![\d.])(?P<hour>[01]?\d|2[0-3])\s?[:.h]\s?(?P<minute>[0-5]\d)(?::[0-5]\d(?:\.\d{1,6})?)?"
    r"(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?(?!\d)|\b(?P<hour2>1[0-2]|0?[1-9])\s?(?P<half2>[ap])\.?m\b\.?",
    re.IGNORECASE,
)


_ZONE = re.compile(r"\(?\b(?:GMT|UTC)?\s?[+-]\d{1,2}:?(?:\d{2})?\b\)?|\([A-Z]{2,5}\)")


_ISO_STAMP = re.compile(
    r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[T ](?P<hour>\d{2}):(?P<minute>\d{2})"
    r"(?::\d{2}(?:[.,]\d{1,9})?)?\s?(?P<zone>Z|[+-]\d{2}(?::?\d{2})?)?)?(?!\d)"
)

_COMPACT_STAMP = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:T?(?P<hour>\d{2}):?(?P<minute>\d{2})(?::?\d{2})?(?P<zone>Z|[+-]\d{2}:?\d{2})?)?(?!\d)"
)
"""ISO 8601's basic format, which pages write for programs and nobody writes for people."""

_ZONE_BEHIND = re.compile(
    r"\s?\(?(?P<zone>Z\b|(?:GMT|UTC)?\s?[+-]\d{1,2}(?::?\d{2})?\b|[A-Z]{3,4}\b)"
)


_YEAR = re.compile(r"\d{4}")
"""What every date that is written out has."""


@cache
def _date_patterns() -> tuple[re.Pattern[str], ...]:
    names = "|".join(sorted(boilerplate().months, key=lambda name: (-len(name), name)))
    month, day = rf"(?P<name>{names})\b\.?", r"(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
    year = r"(?P<year>(?:19|20)\d{2})(?!\d)"
    sources = (
        rf"\b{month}\s?{day}\b\s?(?:,|\s)\s?{year}",
        rf"\b{day}[\s-]?(?:of\s)?{month}[\s,-]{{1,2}}{year}",
        rf"\b{year}[\s,-]{{1,2}}{month}[\s-]?{day}\b",
        r"\b(?P<year>(?:19|20)\d{2})\s?[-/.]\s?(?P<month>[01]?\d)\s?[-/.]\s?(?P<day>[0-3]?\d)(?!\d)",
        r"(?<!\d)(?P<first>[0-3]?\d)\s?[-/.]\s?(?P<second>[0-3]?\d)\s?[-/.]\s?(?P<year>(?:19|20)\d{2})(?!\d)",
    )
    return (_ISO_STAMP, *(re.compile(source, re.IGNORECASE) for source in sources))


def find_date(text: str) -> str | None:
    """Find the first date written out with its year, and the time of day beside it.

    Where day and month are both numbers up to 12, the month stands first beside "AM", "PM" or an
    American time zone and second everywhere else.

    Returns:
        "2016-05-20" or "2016-05-20T23:40", local to the writer, with the zone behind it where it
        is told ("2016-05-20T23:40+03:00"); None where there is none.

    >>> find_date("Fri May 20, 2016 8:56PM")
    '2016-05-20T20:56'
    >>> find_date("Published: 20/05/2016") is None
    False
    """
    found = _dated(text)
    return found[0] if found else None


def _dated(text: str) -> tuple[str, str] | None:
    """Return the date in ISO form and the text without it; the text's own date comes first."""
    if not _YEAR.search(text):  # most lines have none, and the patterns are slow to say so
        return None
    for pattern in _date_patterns():
        match = pattern.search(text)
        day = _iso_day(match, text) if match else None
        if not match or not day:
            continue
        rest = text[: match.start()] + " " + text[match.end() :]
        groups = match.groupdict()
        if groups.get("hour"):
            if groups["hour"] > "23" or groups["minute"] > "59":
                return day, rest
            return f"{day}T{groups['hour']}:{groups['minute']}{_zone(groups['zone'])}", rest
        time = _TIME.search(rest)
        if time is None:
            return day, rest
        behind = _ZONE_BEHIND.match(rest, time.end())
        zone = _zone(behind["zone"]) if behind else ""
        return f"{day}T{_clock(time)}{zone}", rest[: time.start()] + " " + rest[time.end() :]
    return None


def _zone(written: str | None) -> str:
    """Write a zone as ISO 8601 does; nothing for one that is unknown or stands for several.

    >>> _zone("GMT+3"), _zone("EDT"), _zone("+0000"), _zone("CST")
    ('+03:00', '-04:00', 'Z', '')
    """
    if not written:
        return ""
    named = boilerplate().zones.get(written)
    if named is not None:
        return named
    match = re.fullmatch(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}?):?(\d{2})?", written)
    if not match or int(match[2]) > 14 or int(match[3] or 0) > 59:
        return ""
    hours, minutes = int(match[2]), int(match[3] or 0)
    return f"{match[1]}{hours:02d}:{minutes:02d}" if hours or minutes else "Z"


def _iso_day(match: re.Match[str], text: str) -> str | None:
    groups = match.groupdict()
    year = int(groups["year"])
    if groups.get("name"):
        month, day = boilerplate().months[groups["name"].casefold()], int(groups["day"])
    elif groups.get("first"):
        first, second = int(groups["first"]), int(groups["second"])
        american = re.search(r"\b(?:[ap]\.?m\b|E[SD]?T\b|P[SD]?T\b|C[SD]T\b)", text, re.IGNORECASE)
        month_first = second > 12 or (first <= 12 and american is not None)
        month, day = (first, second) if month_first else (second, first)
    else:
        month, day = int(groups["month"]), int(groups["day"])
    return f"{year:04d}-{month:02d}-{day:02d}" if _is_day(year, month, day) else None


def _is_day(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    # there is no year 0: xsd:date has none before version 1.1, and no newspaper had one
    return year >= 1 and 1 <= month <= 12 and 1 <= day <= lengths[month - 1]


def _clock(match: re.Match[str]) -> str:
    hour = int(match["hour"] or match["hour2"])
    half = (match["half"] or match["half2"] or "").casefold()
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{match['minute'] or '00'}"


def date_line(folded: str) -> str | None:
    """Return the date of a line that is only the article's date; "" if it says no full date."""
    if len(folded) > 160:
        return None
    rules = boilerplate()
    found = _dated(folded)
    if not found and not re.search(r"\d", folded):
        return None
    rest = _ZONE.sub(" ", _TIME.sub(" ", found[1] if found else folded))
    for other in _date_patterns():
        rest = other.sub(" ", rest)
    words = re.findall(r"[^\W\d_]+(?:[.'-][^\W\d_]+)*|\d+", rest)
    allowed = rules.date_words | rules.months.keys()
    strange = [word for word in words if not word.isdigit() and word.casefold() not in allowed]
    if sum(word.isdigit() for word in words) > 3 or not _names_source(strange, rest):
        return None
    if found:
        return found[0]
    if _TIME.fullmatch(folded):
        return ""
    # Bare numbers are a date only beside a word of time ("Updated 3 hours ago").
    return "" if len(words) > 1 and not strange and any(w.isalpha() for w in words) else None


def _names_source(strange: Sequence[str], rest: str) -> bool:
    """Tell whether what stands beside a date is nobody but who wrote or published."""
    if not strange:
        return True
    rules, joined = boilerplate(), " ".join(strange)
    if joined.casefold() in rules.publishers or joined in rules.agencies:
        return True
    if any(can_be_place(entry) for entry in gazetteer().names.get(joined, ())):
        return True
    said = re.sub(r"\s+", " ", re.sub(r"[^\w\s.,'&@/-]", " ", rest)).strip(" ,.-")
    byline = re.search(r"\b[Bb]y\s", said)
    if byline:
        before = re.findall(r"[^\W\d_]+", said[: byline.start()].casefold())
        plain = all(word in rules.date_words for word in before)
        return plain and is_byline(said[byline.start() :].rstrip(" ,-"))
    names = len(strange) <= 4 and all(word[0].isupper() for word in strange)
    return names and re.search(r"\s[|•·–—]\s", rest) is not None


def date_of_name(stem: str) -> str | None:
    """Return the date in a file's name.

    >>> date_of_name("reuters_20160520_strikes"), date_of_name("story-123456789")
    ('2016-05-20', None)
    """
    match = re.search(r"(?<!\d)((?:19|20)\d{2})([-_.]?)(\d{2})\2(\d{2})(?!\d)", stem)
    if match and _is_day(int(match[1]), int(match[3]), int(match[4])):
        return f"{match[1]}-{match[3]}-{match[4]}"
    return None


_IN_ADDRESS = re.compile(
    r"/((?:19|20)\d{2})[/-]?(\d{1,2}|[a-z]{3})[/-]?(\d{1,2})(?=[/-]|\.|$)", re.IGNORECASE
)


def date_of_address(url: str) -> str | None:
    """Return the date in a page's address.

    >>> date_of_address("https://arnor.example/world/2016/may/20/troops")
    '2016-05-20'
    """
    match = _IN_ADDRESS.search(url)
    if not match:
        return date_of_name(url.rpartition("/")[2])
    named = boilerplate().months.get(match[2].casefold())
    month = named or (int(match[2]) if match[2].isdigit() else 0)
    if not _is_day(int(match[1]), month, int(match[3])):
        return None
    return f"{match[1]}-{month:02d}-{int(match[3]):02d}"


def read_stamp(value: str) -> str | None:
    """Read a date that was written for programs: in a meta element, a feed, a record.

    >>> read_stamp("Fri, 20 May 2016 11:40:00 +0300"), read_stamp("20160520T0840Z")
    ('2016-05-20T11:40+03:00', '2016-05-20T08:40Z')
    >>> read_stamp("1463733600"), read_stamp("soon")
    ('2016-05-20T08:40Z', None)
    """
    value = value.strip()[:200]
    if found := find_date(value):
        return found
    if match := _COMPACT_STAMP.search(value):
        day = _iso_day(match, value)
        hour, minute = match["hour"] or "", match["minute"] or ""
        in_day = hour and hour <= "23" and minute <= "59"
        return day and (f"{day}T{hour}:{minute}{_zone(match['zone'])}" if in_day else day)
    if re.fullmatch(r"\d{10}(?:\d{3})?(?:\.\d{1,9})?", value) and value < "41":
        moment = datetime.fromtimestamp(int(value[:10]), UTC)
        return f"{moment:%Y-%m-%dT%H:%M}Z"
    return None
