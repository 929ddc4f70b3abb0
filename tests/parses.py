"""Parsed documents out of token rows, for tests of logic without a model."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import Vocab

__all__ = ["CASES", "case_doc", "parsed", "passage"]

CASES = Path(__file__).parent / "cases"


def parsed(rows: str, sentence: str | None = None) -> Doc:
    """Make a doc out of lines ``text lemma pos tag dep head [entity]``.

    Args:
        sentence: the text as it is written; None puts one blank between all tokens.

    Raises:
        ValueError: a row has no head, or the tokens don't spell the sentence.
    """
    table = [line.split() for line in rows.strip().splitlines()]
    for row in table:
        if len(row) not in {6, 7}:
            raise ValueError(f"not a token row: {' '.join(row)}")
    words = [row[0] for row in table]
    return Doc(
        vocabulary(),
        words=words,
        spaces=list(_spaces(words, sentence)),
        lemmas=[row[1] for row in table],
        pos=[row[2] for row in table],
        tags=[row[3] for row in table],
        deps=[row[4] for row in table],
        heads=[int(row[5]) for row in table],
        ents=[row[6] if len(row) == 7 else "O" for row in table],
    )


def passage(name: str) -> Doc:
    """Make the doc of a passage in `cases/passages.toml`."""
    with (CASES / "passages.toml").open("rb") as file:
        table = tomllib.load(file)[name]
    return parsed(table["rows"], table["text"])


def case_doc(name: str) -> Doc:
    """Make the doc of a case in `cases/events`."""
    with (CASES / "events" / f"{name}.toml").open("rb") as file:
        case = tomllib.load(file)
    return parsed(case["rows"], case["sentence"])


@cache
def vocabulary() -> Vocab:
    """Give one vocabulary to all docs: a bare `Vocab()` knows no lower case."""
    return English().vocab


def _spaces(words: Iterable[str], sentence: str | None) -> Iterator[bool]:
    at = 0
    for word in words:
        if sentence is None:
            yield True
            continue
        if not sentence.startswith(word, at):
            raise ValueError(f"{word!r} isn't what {sentence!r} goes on with at {at}")
        at += len(word)
        blank = sentence[at : at + 1] == " "
        at += blank
        yield blank
    if sentence is not None and at != len(sentence):
        raise ValueError(f"no tokens for {sentence[at:]!r}")
