"""Parsed documents out of token rows, for tests of logic without a model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc
from spacy.vocab import Vocab

__all__ = ["parsed"]


def parsed(rows: str, sentence: str | None = None, entities: str = "") -> Doc:
    """Make a doc out of lines ``text lemma pos tag dep head [entity]``.

    Args:
        sentence: the text as it is written; None puts one blank between all tokens.
        entities: more entities as ``text:LABEL`` with commas between them.

    Raises:
        ValueError: a row has no head, or the tokens don't spell the sentence.
    """
    table = [line.split() for line in rows.strip().splitlines()]
    for row in table:
        if len(row) not in {6, 7}:
            raise ValueError(f"not a token row: {' '.join(row)}")
    words = [row[0] for row in table]
    doc = Doc(
        Vocab(),
        words=words,
        spaces=list(_spaces(words, sentence)),
        lemmas=[row[1] for row in table],
        pos=[row[2] for row in table],
        tags=[row[3] for row in table],
        deps=[row[4] for row in table],
        heads=[int(row[5]) for row in table],
        ents=[row[6] if len(row) == 7 else "O" for row in table],
    )
    for pair in filter(None, entities.split(",")):
        text, _, label = pair.partition(":")
        start = doc.text.index(text)
        span = doc.char_span(start, start + len(text), label=label)
        assert span is not None
        doc.set_ents([span], default="unmodified")
    return doc


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
