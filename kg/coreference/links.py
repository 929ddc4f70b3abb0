"""What coreference finds: links, each with its rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kg.annotate import paragraph_of
from kg.attribution import Saying
from kg.model import working_record
from kg.parse import Parse, Token

__all__ = ["Link", "covering", "quoted_tokens"]

MARKS = frozenset({'"', "``", "''", "“", "”", "«", "»"})


@working_record
class Link:
    """A mention and what it takes up, by the heads of their nominals.

    Attributes:
        antecedents: several where it takes up several ("the two countries"). They stand earlier,
            but for cataphora, titles before names and names that are given in full only later.
        rule: "name:surname", "pronoun:person", "pronoun:speaker", "pronoun:side",
        "definite:pair", ...
    """

    head: int
    antecedents: tuple[int, ...]
    rule: str


def covering(sayings: Sequence[Saying]) -> Mapping[int, list[Saying]]:
    """Map each token to the sayings whose content it stands in; nobody searches them all."""
    found: dict[int, list[Saying]] = defaultdict(list)
    for saying in sayings:
        for start, end in saying.content:
            for token in range(start, end):
                found[token].append(saying)
    return found


def quoted_tokens(doc: Parse) -> frozenset[int]:
    """Give the tokens between quotation marks; a mark without partner closes with its paragraph."""
    found: set[int] = set()
    opened: Token | None = None
    for mark in [token for token in doc if token.text in MARKS]:
        if opened is None or paragraph_of(mark) != paragraph_of(opened):
            opened = mark
        else:
            found.update(range(opened.i, mark.i + 1))
            opened = None
    return frozenset(found)
