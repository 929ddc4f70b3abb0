"""Words as texts are compared by them: folded, stemmed, and names told from the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from kg.lexicon import common_words, word_class

__all__ = ["content_words", "fold_word", "stem_word", "weight_of"]

COMMON = 0.5  # weight of one of the commonest words of news; all others weigh 1

_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d+(?:[.,]\d+)*")


@lru_cache(maxsize=65536)  # the same few thousand words make up nearly all of any news
def fold_word(word: str) -> str:
    """Fold case, possessives and plural endings: a key, not a word.

    >>> fold_word("Strikes"), fold_word("Moscow's"), fold_word("press")
    ('strike', 'moscow', 'press')
    """
    folded = word.lower().strip("'’-")
    folded = folded[:-2] if folded.endswith(("'s", "’s")) else folded
    plural = len(folded) > 3 and folded.endswith("s") and not folded.endswith(("ss", "us", "is"))
    return folded[:-1] if plural else folded


@lru_cache(maxsize=65536)
def stem_word(folded: str) -> str:
    """Take the inflection off a folded word: a key for forms of one verb, not a word.

    >>> stem_word("adopting") == stem_word("adopted") == stem_word("adopt")
    True
    >>> stem_word("proposing") == stem_word("propose"), stem_word("king"), stem_word("killed")
    (True, 'king', 'kill')
    """
    for ending in ("ing", "ed", "e"):
        stem = folded.removesuffix(ending)
        if stem != folded and len(stem) > 2 and not stem.isdigit() and set(stem) & set("aeiouy"):
            doubled = stem[-1:] == stem[-2:-1] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem
    return folded


def weight_of(folded: str) -> float:
    """Weigh a folded word by how much it tells of a text: one that any paper uses, half.

    It goes by a list, not by how many of the articles at hold the word (inverse document
    frequency): so how alike two texts are depends on these two alone, and an article more changes
    nothing between others. On ECB+ both come to the same (benchmarks/RESULTS.md).

    >>> weight_of("government"), weight_of("osgiliath")
    (0.5, 1.0)
    """
    return COMMON if folded in _common() else 1.0


@cache
def _common() -> frozenset[str]:
    straight = {fold_word(word) for word in common_words()}
    return frozenset(straight | {word.replace("'", "’") for word in straight})


def content_words(text: str) -> Iterator[tuple[str, bool]]:
    """Give the folded content words of a text, each with whether it looks like a name or number.

    >>> list(content_words("The strikes hit Aleppo."))
    [('strike', False), ('hit', False), ('aleppo', True)]
    """
    for match in _WORD.finditer(text):
        word = match[0]
        folded = _content(word)
        if folded:
            named = word[0].isupper() and not _begins_sentence(text, match.start())
            yield folded, named or word[0].isdigit()


@lru_cache(maxsize=65536)
def _content(word: str) -> str:
    """Fold a content word; of others nothing is left."""
    folded = fold_word(word)
    return folded if len(folded) > 1 and folded not in word_class("STOPWORD") else ""


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at].rstrip(" '\"“‘’”")
    return not before or before[-1] in ".!?:\n"
