"""Figures in a text: a numeral with its hedge and its unit, as the range that it can mean.

"more than 270,000 people" and "over 400,000 people" can't both be right, "at least 12" and "15"
can. The words stand in `ontology/quantities.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import inf
from typing import Any

from kg.lexicon import ONTOLOGY, word_class
from kg.model import Figure, Span

__all__ = ["figures_differ", "find_figures"]

_WORD = re.compile(r"[^\W\d_][\w'’-]*|\S")
UNIT_WORDS = 4  # how far behind its numeral a unit is looked for: "12 heavily armed Somali pirates"


@cache
def _table() -> Mapping[str, Any]:  # TOML: each table is read in one place
    with (ONTOLOGY / "quantities.toml").open("rb") as file:
        return tomllib.load(file)


def _any_of(words: Iterable[str]) -> str:
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)


@cache
def _pattern() -> re.Pattern[str]:
    table = _table()
    digits = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    tens = _any_of(table["numerals"])
    return re.compile(
        rf"(?<![\w.,$€£¥-])(?:(?P<hedge>{_any_of(table['hedges'])})\s+(?:the\s+)?)?"
        rf"(?P<money>[$€£¥])?"
        rf"(?:(?P<vague>{_any_of(table['vague'])})(?:\s+of)?"
        rf"|(?P<both>between\s+)?(?P<least>{digits})\s*(?(both)and|(?:to|-|–))\s*(?P<most>{digits})"
        rf"|(?P<digits>{digits})(?:[\s-]?(?P<scale>{_any_of(table['scales'])})\b)?"
        rf"|(?P<word>{tens})(?:-(?P<unit>{tens}))?(?:\s+(?P<wscale>{_any_of(table['scales'])}))?"
        rf"|an?\s+(?P<ascale>{_any_of(table['scales'])}))"
        rf"(?P<percent>\s?%|\s+percent|\s+per\s+cent)?(?![\w,]*\d)(?!\w)",
        re.IGNORECASE,
    )


def find_figures(text: str, offset: int = 0) -> Iterator[Figure]:
    """Find the figures of a text that count something, in order.

    Args:
        offset: where `text` begins in its article.

    >>> [(f.low, f.high, f.unit) for f in find_figures("It killed more than 270,000 people.")]
    [(270000.0, 337500.0, 'people')]
    """
    for match in _pattern().finditer(text):
        unit, end = _unit(text, match)
        if unit is None:
            continue
        low, high = _range(match)
        if low > high:
            continue  # "3-2" is a score
        span = Span(offset + match.start(), offset + end)
        yield Figure(span=span, text=text[match.start() : end], low=low, high=high, unit=unit)


def _unit(text: str, match: re.Match[str]) -> tuple[str | None, int]:
    """Find what is counted: a currency, percent, or the first plural noun behind the numeral."""
    if match["percent"]:
        return "percent", match.end()
    if match["money"]:
        return _unit_names()[match["money"]], match.end()
    behind: list[tuple[str, int]] = []
    for word in _WORD.finditer(text, match.end(), match.end() + 80):
        folded = word.group().lower()
        if folded in word_class("STOPWORD") or not folded[0].isalpha():
            break
        behind.append((folded, word.end()))
        if folded in _unit_names() or (folded.endswith("s") and not folded.endswith("ss")):
            return _fold_unit(folded), word.end()
        if len(behind) == UNIT_WORDS:
            break
    return (behind[0][0], behind[0][1]) if behind else (None, match.end())


@cache
def _unit_names() -> Mapping[str, str]:
    return {word: name for name, words in _table()["units"].items() for word in words}


def _fold_unit(word: str) -> str:
    names = _unit_names()
    singular = word[:-1] if word.endswith("s") and not word.endswith("ss") else word
    return names.get(word) or names.get(singular) or singular


def _range(match: re.Match[str]) -> tuple[float, float]:
    """Compute the least and the greatest number that a figure can mean."""
    table = _table()
    if match["vague"]:
        low, high = table["vague"][match["vague"].lower()]
        return float(low), float(high)
    if match["least"]:
        least, most = (float(match[end].replace(",", "")) for end in ("least", "most"))
        return least, most
    number, exact = _number(match)
    if match["hedge"] is None:
        slack = 0.0 if exact else _rounding(number)
        return number - slack, number + slack
    under, over = table["hedges"][" ".join(match["hedge"].lower().split())]
    return number * under, inf if over == inf else number * over


def _number(match: re.Match[str]) -> tuple[float, bool]:
    """Read the numeral, and whether it is as exact as numbers below a hundred are."""
    table = _table()
    scale = (match["scale"] or match["wscale"] or match["ascale"] or "").lower()
    if match["digits"]:
        number = float(match["digits"].replace(",", ""))
    elif match["word"]:
        parts = (match["word"], match["unit"])
        number = float(sum(table["numerals"][part.lower()] for part in parts if part))
    else:
        number = 1.0
    number *= table["scales"][scale] if scale else 1
    return number, number < 100


def _rounding(number: float) -> float:
    """Give half the place of the last digit that isn't nought: what 270,000 may be rounded from.

    >>> _rounding(270000.0), _rounding(271.0)
    (5000.0, 0.0)
    """
    if number != int(number) or number == 0:
        return 0.0
    digits = str(int(number))
    zeros = len(digits) - len(digits.rstrip("0"))
    return 10.0**zeros / 2 if zeros else 0.0


def figures_differ(left: Figure, right: Figure) -> bool:
    """Tell whether two figures count the same and can't both be right.

    >>> one, other = find_figures("at least 12 people, 15 people")
    >>> figures_differ(one, other)
    False
    """
    return left.unit == right.unit and (left.high < right.low or right.high < left.low)
