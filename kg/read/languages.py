"""Is it English? What is not is let go, not misread."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.read.inputs import inputs

__all__ = ["language_name", "language_of"]

ENOUGH_WORDS = 15
"""Fewer words are taken for English: headlines and single sentences are mostly names."""

ENGLISH_SHARE = 0.2
"""Share of words like "the" and "said" that settles it; English news has 0.25 to 0.4, the other
languages of Europe below 0.06."""

SAMPLE = 4000  # characters that are looked at


def language_of(pieces: Iterable[str]) -> str:
    """Name the language of a text by its code (ISO 639-1).

    Function words settle it for English; only where they don't is the model of py3langid asked,
    which takes half a second to load.

    >>> language_of(["The army left the town on Monday, and the minister said so. " * 2])
    'en'
    """
    text = " ".join(pieces)[:SAMPLE]
    words = re.findall(r"[^\W\d_]+(?:['’][a-z]+)?", text)
    if len(words) < ENOUGH_WORDS and not _is_foreign_script(text):
        return "en"
    telling = inputs().english
    if sum(word.casefold() in telling for word in words) >= ENGLISH_SHARE * len(words):
        return "en"
    from py3langid import rank

    # of the 250 languages that the model tells apart, those that news comes in
    likely = ((code, score) for code, score in rank(text) if code in inputs().languages)
    return str(max(likely, key=lambda pair: pair[1])[0])


def language_name(code: str) -> str:
    """Give the English name of a language.

    >>> language_name("fr"), language_name("xx")
    ('French', 'xx')
    """
    return inputs().languages.get(code, code)


def _is_foreign_script(text: str) -> bool:
    """Tell whether most letters are none of the Latin alphabet."""
    letters = [character for character in text if character.isalpha()]
    return sum(character > "\u024f" for character in letters) > 0.5 * max(1, len(letters))
