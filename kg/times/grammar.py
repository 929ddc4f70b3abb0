"""What time expressions look like: the words of `ontology/times.toml`, one pattern over them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from kg.lexicon import ONTOLOGY

if TYPE_CHECKING:
    from kg.parse import Parse


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
_LETTERS = re.compile(r"[^\W\d_]+")


@cache
def _words() -> frozenset[str]:
    """List the words that expressions consist of: those of their pattern, and their plurals."""
    bare = re.sub(r"\\.", " ", time_pattern().pattern).lower()
    words = set(_LETTERS.findall(bare))
    return frozenset(words | {word + "s" for word in words})


@cache
def _heads() -> frozenset[str]:
    """List the words of which, or of digits, every expression has one ("Monday", "weeks")."""
    table = times_table()
    phrases = [*months(), *weekdays()]
    phrases += [
        phrase for kind in ("days", "units", "seasons", "decades") for phrase in table[kind]
    ]
    words = {phrase.split()[-1] for phrase in phrases}
    return frozenset(words | {word + "s" for word in words})


@lru_cache(maxsize=65536)
def _may_head(token: str) -> bool:
    """Tell whether a token may hold what no expression lacks; letters beyond ASCII may fold."""
    if not token.isascii() or any(character.isdigit() for character in token):
        return True
    return not _heads().isdisjoint(_LETTERS.findall(token.lower()))


@lru_cache(maxsize=65536)
def _may_belong(token: str) -> bool:
    """Tell whether a token may stand inside an expression."""
    return not token.isascii() or _words().issuperset(_LETTERS.findall(token.lower()))


def time_matches(doc: Parse) -> Iterator[re.Match[str]]:
    """Find the time expressions of a text, from left to right and apart.

    What the one pattern would find everywhere, but it is tried only where words of expressions
    lead up to one that every expression has: that takes a tenth of the time.

    >>> from spacy.lang.en import English
    >>> from kg.parse import parse_of
    >>> doc = parse_of(English()("It met on May 5, and again two days ago."))
    >>> [match.group() for match in time_matches(doc)]
    ['on May 5', 'two days ago']
    """
    pattern, text = time_pattern(), doc.text
    done = tried = 0
    for head in [token for token in doc if _may_head(token.text)]:
        first = head.i
        while first > tried and _may_belong(doc[first - 1].text):
            first -= 1
        tried = head.i + 1
        stretch = max(done, doc[first].idx), head.idx + len(head.text)
        for start in _START.finditer(text, *stretch):
            match = pattern.match(text, start.start()) if start.start() >= done else None
            if match is not None:
                done = match.end()
                yield match
