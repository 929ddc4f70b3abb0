"""What time expressions look like: the words of `ontology/times.toml`, one pattern over them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from kg.lexicon import ONTOLOGY


@cache
def times_table() -> Mapping[str, Any]:  # TOML: strings, numbers, lists; each is read in one place
    """Load `times.toml`."""
    with (ONTOLOGY / "times.toml").open("rb") as file:
        return tomllib.load(file)


def any_of(words: Iterable[str]) -> str:
    """Make an alternation of words, the longest first, blanks meeting any blanks."""
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered) + ")"


@cache
def months() -> Mapping[str, int]:
    """Number the months: name or abbreviation in lower case -> 1 to 12."""
    names: list[list[str]] = times_table()["months"]["names"]
    return {word.lower(): n for n, words in enumerate(names, 1) for word in words}


@cache
def weekdays() -> Mapping[str, int]:
    """Number the days of the week: name or abbreviation in lower case -> 0 (Monday) to 6."""
    names: list[list[str]] = times_table()["weekdays"]["names"]
    return {word.lower(): n for n, words in enumerate(names) for word in words}


def numbers() -> Mapping[str, int]:
    """Give the numbers that are written as words."""
    found: dict[str, int] = times_table()["numbers"]
    return found


@cache
def pieces() -> Mapping[str, str]:
    """Name the pieces that all patterns are put together from."""
    table = times_table()
    months = [word for words in table["months"]["names"] for word in words]
    weekdays = [word for words in table["weekdays"]["names"] for word in words]
    long_weekdays = [words[0] for words in table["weekdays"]["names"]]
    return {
        "month": f"(?-i:{any_of(months)}|{any_of(word for word in months if len(word) < 5)}\\.)",
        "weekday": f"(?-i:{any_of(weekdays)})\\.?",
        "fullday": f"(?-i:{any_of(long_weekdays)})",
        "day": r"(?:\d{1,2})(?:st|nd|rd|th)?",
        "year": r"(?:1[5-9]|20)\d\d(?![\d,.]\d|\d|%)",
        "clock": r"(?:\d{1,2}(?:[:.]\d\d)?\s*[ap]\.?m\.?|\d{1,2}:\d\d)",
        "shift": any_of(table["days"]),
        "part": any_of(table["parts"]["of_day"]),
        "early": any_of(table["parts"]["early"]),
        "way": any_of(table["directions"]),
        "season": any_of(table["seasons"]),
        "nth": any_of(table["ordinals"]),
        "number": r"(?:\d{1,3}|" + any_of(table["numbers"]) + ")",
        "vague": any_of(table["vague"]["words"]),
        "unit": any_of(table["units"]),
        "decade": any_of(table["decades"]),
    }


_POINTS = {
    # form: pattern over `pieces`; order is preference where two can start at one place
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
    return {name: pattern.format(**pieces()) for name, pattern in _POINTS.items()}


@cache
def time_pattern() -> re.Pattern[str]:
    """Compile the one pattern that finds all expressions in a text."""
    bounds: dict[str, list[str]] = times_table()["bounds"]
    leads = any_of(word for words in bounds.values() for word in words)
    parts = pieces()
    year = parts["year"]
    point = "(?:" + "|".join(_point_patterns().values()) + ")"
    loose = f"(?:{point}|{year}|{parts['month']}(?!\\w))"
    named = times_table()["months"]
    surnames = any_of(named["surnames"])
    plain = f"(?!{surnames}\\b){parts['month']}"
    patterns = [
        f"between\\s+{loose}\\s+and\\s+{loose}",
        f"from\\s+{loose}\\s+(?:to|until|till|through|into)\\s+{loose}",
        f"(?:(?:{leads})\\s+)?(?:the\\s+)?(?:years?\\s+)?{year}\\s*[-–]\\s*(?:{year}|\\d\\d)(?![\\d-])",
        f"{leads}\\s+{point}",
        point,
        f"{leads}\\s+(?:the\\s+year\\s+)?{year}(?!\\s+(?:people|[a-z]+s\\b))",
        f"{any_of(named['surname_leads'])}[\\s-]+(?-i:{surnames})(?![\\w’'])(?!\\s+[A-Z])",
        f"{any_of(named['leads'])}[\\s-]+{plain}(?![\\w’'])",
        f"(?<=the\\s){year}(?=\\s+[a-z])",
        f"{parts['month']}\\s+\\d{{5,}}",
    ]
    return re.compile(r"(?<![\w-])(?:" + "|".join(patterns) + r")(?!\w)", re.IGNORECASE)


# where an expression can begin: a word, a digit or the apostrophe of "'90s"
_START = re.compile(r"(?<![\w-])(?:[^\W\d_]+|[\d'’])")


@cache
def _first_words() -> frozenset[str]:
    """List the words an expression can begin with: those of its pattern, and their plurals."""
    bare = re.sub(r"\\.", " ", time_pattern().pattern).lower()
    words = set(re.findall(r"[^\W\d_]+", bare))
    return frozenset(words | {word + "s" for word in words})


def time_matches(text: str) -> Iterator[re.Match[str]]:
    """Find the time expressions of a text, from left to right and apart.

    What the one pattern would find everywhere, but it is tried only where a word of it stands:
    that takes less than half the time.

    >>> [match.group() for match in time_matches("It met on May 5, and again two days ago.")]
    ['on May 5', 'two days ago']
    """
    words, pattern = _first_words(), time_pattern()
    done = 0
    for start in _START.finditer(text):
        word = start.group()
        # letters beyond ASCII may fold into one ("ſ"); let the pattern decide
        known = word.lower() in words or not word.isascii() or not word.isalpha()
        match = pattern.match(text, start.start()) if known and start.start() >= done else None
        if match is not None:
            done = match.end()
            yield match
