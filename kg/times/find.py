"""Where a text has time expressions, and which of them name no possible date."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from kg.parse import Parse, parse_of
from kg.times.grammar import time_matches, times_table
from kg.times.resolve import resolve_or_raise

if TYPE_CHECKING:
    from spacy.tokens import Doc


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


def find_times(doc: Doc | Parse) -> tuple[TimeExpression, ...]:
    """Find the time expressions of a doc, from left to right.

    Words that only look like one ("may", "march", "the second") are left out; a date that can't be
    is kept, with its problem.
    """
    parse = parse_of(doc)
    found: list[TimeExpression] = []
    for match in time_matches(parse):
        start, end = parse.tokens_at(*match.span())
        if _is_name(parse, start, end):
            continue
        text = match.group()
        found.append(TimeExpression(start, end, text, _problem(text)))
    return tuple(found)


def _is_name(doc: Parse, start: int, end: int) -> bool:
    """Tell names ("Bloody Sunday", "the Sunday Times", Theresa May) from days and months."""
    table = times_table()["weekdays"]
    last = doc[end - 1]
    if last.text in _weekday_names():
        before = doc[end - 2].text if end > 1 else ""
        after = doc[end].text if end < len(doc) else ""
        if before in table["names_before"] or after in table["names_after"]:
            return True
    return last.text == "May" and last.ent_type_ == "PERSON"


@cache
def _weekday_names() -> frozenset[str]:
    return frozenset(words[0] for words in times_table()["weekdays"]["names"])


def _problem(text: str) -> str | None:
    """Say why a date can't be; None if it can or is none."""
    if re.search(r"(?<!\d)\d{5,}(?!\d)", text):
        return "no such year"
    try:
        resolve_or_raise(text, date(2016, 2, 29), False)
    except ValueError as error:
        return str(error)
    return None
