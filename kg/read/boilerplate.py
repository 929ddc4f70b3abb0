"""What newspapers leave around their articles: `ontology/boilerplate.toml`, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from kg.gazetteer import NameEntry
from kg.lexicon import ONTOLOGY

BOILERPLATE = ONTOLOGY / "boilerplate.toml"


MAX_FURNITURE = 320
"""Longest paragraph, in characters, that may be furniture; comment forms seen had up to 200."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """`boilerplate.toml`, compiled."""

    line: tuple[tuple[str, re.Pattern[str]], ...]
    tail: tuple[tuple[str, re.Pattern[str]], ...]
    listed: tuple[tuple[str, re.Pattern[str]], ...]
    sections: frozenset[str]
    publishers: Mapping[str, str]
    agencies: Mapping[str, str]
    months: Mapping[str, int]
    zones: Mapping[str, str]
    date_words: frozenset[str]
    update_words: frozenset[str]
    not_places: frozenset[str]
    not_first: frozenset[str]
    small_words: frozenset[str]
    name_words: frozenset[str]
    agency: str


@cache
def boilerplate() -> Boilerplate:
    """Load `boilerplate.toml`."""
    with BOILERPLATE.open("rb") as stream:
        table = tomllib.load(stream)
    agencies = {
        name.strip(): names.split("|")[0]
        for names in table["agencies"]
        for name in names.split("|")
    }
    months = {
        name.casefold(): number
        for number, names in enumerate(table["months"], start=1)
        for name in names.split("|")
    }
    longest_first = sorted(agencies, key=lambda name: (-len(name), name))
    return Boilerplate(
        line=_compiled(table["line"]),
        tail=_compiled(table["tail"]),
        listed=_compiled(table["list"]),
        sections=frozenset(table["sections"]),
        publishers={name.casefold(): name for name in table["publishers"]},
        agencies=agencies,
        months=months,
        zones=table["zones"],
        date_words=frozenset(table["date_words"]),
        update_words=frozenset(table["update_words"]),
        not_places=frozenset(table["not_places"]),
        not_first=frozenset(table["not_first"]),
        small_words=frozenset(table["small_words"]),
        name_words=frozenset(table["name_words"]),
        agency="(?:" + "|".join(re.escape(name) for name in longest_first) + ")",
    )


def _compiled(
    entries: Iterable[Mapping[str, object]],
) -> tuple[tuple[str, re.Pattern[str]], ...]:
    rules = []
    for entry in entries:
        patterns = entry["patterns"]
        assert isinstance(patterns, list)
        joined = "|".join(f"(?:{pattern})" for pattern in patterns)
        rules.append((str(entry["reason"]), re.compile(joined, re.IGNORECASE)))
    return tuple(rules)


def first_reason(rules: Sequence[tuple[str, re.Pattern[str]]], folded: str) -> str | None:
    """Return the reason of the first rule that covers a whole paragraph."""
    if len(folded) > MAX_FURNITURE:
        return None
    return next((reason for reason, pattern in rules if pattern.fullmatch(folded)), None)


_PLACES = frozenset({"country", "region", "place"})


def can_be_place(entry: NameEntry) -> bool:
    """Tell whether a name of the gazetteer can stand for a place."""
    return entry.form == "seat" or (entry.form == "name" and entry.entity.kind in _PLACES)


_BYLINE = re.compile(
    r"(?i:by|from|story by|written by|reported by|analysis by|posted by)\s"
    r"[^\W\d_a-z][^\d:;!?]{1,100}"
)


_NAME_WORD = re.compile(r"[\"'(]?(?:[A-Z]|al-|el-|d'|[^\W\d_a-z])[\w.'’&@/-]*[,.)\"']*")


def is_byline(folded: str) -> bool:
    """Tell whether a line names its writer and does nothing else.

    >>> is_byline("By Jane Doe and John Roe, Reuters"), is_byline("By Friday it had left the town.")
    (True, False)
    """
    if not _BYLINE.fullmatch(folded) or len(folded) > 120:
        return False
    words = folded.split()[1:]
    named = [word for word in words if _NAME_WORD.fullmatch(word)]
    small = [word for word in words if word.casefold().strip(",") in boilerplate().name_words]
    sentence = folded.endswith(".") and len(words) > 4
    return len(named) + len(small) >= len(words) and len(words) >= 1 and not sentence
