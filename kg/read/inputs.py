"""How pages, feeds and records name their parts: `ontology/inputs.toml`, compiled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from kg.lexicon import ONTOLOGY

INPUTS = ONTOLOGY / "inputs.toml"


@dataclass(frozen=True, slots=True)
class Inputs:
    """`inputs.toml`, compiled.

    Attributes:
        elements, roles: names of elements and ARIA roles -> why they hold nothing of an article.
        classes: matches the class words of what is no article; the group that matched is the
            place of its reason in `reasons`.
        meta: what is looked for -> names of meta elements, the most trusted first.
        fields: what is looked for -> keys of records, the first that is there holds.
        unread: kind of file -> what it is and what to do.
    """

    body: re.Pattern[str]
    elements: Mapping[str, str]
    roles: Mapping[str, str]
    classes: re.Pattern[str]
    reasons: tuple[str, ...]
    never: frozenset[str]
    meta: Mapping[str, tuple[str, ...]]
    article_types: frozenset[str]
    fields: Mapping[str, tuple[str, ...]]
    unread: Mapping[str, str]
    english: frozenset[str]
    languages: Mapping[str, str]


@cache
def inputs() -> Inputs:
    """Load `inputs.toml`."""
    with INPUTS.open("rb") as stream:
        table = tomllib.load(stream)
    html = table["html"]
    reasons = tuple(html["classes"])
    groups = (f"({_any_of(html['classes'][reason])})" for reason in reasons)
    return Inputs(
        body=re.compile(rf" (?:{_any_of(html['body'])}) "),
        elements=html["elements"],
        roles=html["roles"],
        classes=re.compile(rf"(?<! no)(?<! has)(?<! with)(?<! without) (?:{'|'.join(groups)}) "),
        reasons=reasons,
        never=frozenset(html["never"]["reasons"]),
        meta={key: tuple(names) for key, names in table["meta"].items()},
        article_types=frozenset(table["json_ld"]["types"]),
        fields={key: tuple(names) for key, names in table["fields"].items()},
        unread=table["unread"],
        english=frozenset(table["english"]["words"]),
        languages=table["languages"],
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_CUT = re.compile(r"[^0-9A-Za-z]+")


@lru_cache(maxsize=8192)
def class_words(name: str) -> str:
    """Cut one class name or id into its words, a blank around each.

    >>> class_words("articleBody"), class_words("o-share__list")
    (' article body ', ' o share list ')
    """
    return f" {' '.join(_CUT.split(_CAMEL.sub(' ', name))).strip().casefold()} "


@lru_cache(maxsize=8192)
def reason_of_class(name: str) -> str | None:
    """Say why what bears a class or id is no part of an article; None if nothing tells.

    >>> reason_of_class("o-share__list"), reason_of_class("no-comments"), reason_of_class("lead")
    ('share widget', None, None)
    """
    found = inputs().classes.search(class_words(name))
    return inputs().reasons[(found.lastindex or 1) - 1] if found else None


@lru_cache(maxsize=8192)
def holds_body(name: str) -> bool:
    """Tell whether a class or id is one that articles' own words stand under."""
    return inputs().body.search(class_words(name)) is not None
