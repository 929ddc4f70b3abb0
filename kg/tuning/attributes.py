"""What an attribute ruler does, looked up instead of matched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any  # Any: patterns nest

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.tokens._retokenize import set_token_attrs

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["AttributeTable", "make_attribute_table"]

COLUMNS = ("TAG", "DEP", "IS_SPACE", "LOWER")
"""What patterns may ask of a token, the word last."""


@Language.factory("kg_attribute_table", assigns=["token.pos", "token.morph"])
def make_attribute_table(nlp: Language, name: str) -> AttributeTable:
    """Make the component; it does nothing before `AttributeTable.take`."""
    return AttributeTable(name)


class AttributeTable:
    """What an attribute ruler does, looked up.

    Which patterns of one token match it depends on the few attributes that they name; of its word
    only whether they name it. So each combination is matched once. Patterns of several tokens are
    matched as before; later patterns prevail, as in the ruler.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @staticmethod
    def fits(ruler: Any) -> bool:
        """Tell whether all of a ruler's patterns are of the form known here."""
        patterns = [pattern for rule in ruler.patterns for pattern in rule["patterns"]]
        tokens = [token for pattern in patterns for token in pattern]
        told = [token["LOWER"] for token in tokens if isinstance(token.get("LOWER"), dict)]
        return all(set(token) <= set(COLUMNS) for token in tokens) and all(
            set(ways) <= {"IN", "REGEX"} for ways in told
        )

    def take(self, ruler: Any) -> None:
        """Do from now on what this ruler does."""
        self._attrs, self._indices = ruler.attrs, ruler.indices
        strings = ruler.vocab.strings
        self._alone, self._several = Matcher(ruler.vocab), Matcher(ruler.vocab)
        words: list[str] = []
        expressions: list[str] = []
        self._needed: list[list[tuple[int, frozenset[int]]]] = []
        for number, rule in enumerate(ruler.patterns):
            for length, matcher in ((True, self._alone), (False, self._several)):
                patterns = [p for p in rule["patterns"] if (len(p) == 1) is length]
                if patterns:
                    matcher.add(strings.add(str(number)), patterns)
                if not length:
                    self._needed += [_needed(pattern, strings) for pattern in patterns]
                else:
                    for (token,) in patterns:
                        _add_words(token.get("LOWER", []), words, expressions)
        self._strings = strings
        self._words = {strings.add(word): strings.add(word) for word in words}
        self._like = re.compile("|".join(expressions) or "(?!)")
        self._rules: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._changes: dict[tuple[int, ...], dict[int, Any]] = {}

    def __call__(self, doc: Doc) -> Doc:
        """Set the attributes of a document's tokens."""
        table: Any = doc.to_array(list(COLUMNS))
        column = table[:, -1].tolist()
        for word in set(column).difference(self._words):
            self._words[word] = word if self._like.search(self._strings[word]) else 0
        words = [self._words[word] for word in column]
        found = []
        for at, key in enumerate(zip(*table[:, :-1].T.tolist(), words, strict=True)):
            rules = self._rules.get(key)
            if rules is None:
                rules = self._rules[key] = self._numbers(
                    self._alone(doc[at : at + 1], allow_missing=True)
                )
            found.append(rules)
        for at, more in self._of_several(doc, table).items():
            found[at] = tuple(sorted({*found[at], *more}))
        for token, rules in zip(doc, found, strict=True):
            set_token_attrs(token, self._changes.get(rules) or self._changes_of(rules))
        return doc

    def _of_several(self, doc: Doc, table: NDArray[np.uint64]) -> dict[int, list[int]]:
        """Give the numbers of the patterns of several tokens, by the token that they change."""
        found: dict[int, list[int]] = {}
        here = [set(column) for column in table.T.tolist()]
        if not any(
            all(here[column] & values for column, values in needed) for needed in self._needed
        ):
            return found
        for key, start, end in self._several(doc, allow_missing=True):
            number = int(self._strings[key])
            index = self._indices[number]
            found.setdefault(start + index if index >= 0 else end + index, []).append(number)
        return found

    def _numbers(self, matches: Iterable[tuple[int, int, int]]) -> tuple[int, ...]:
        return tuple(sorted({int(self._strings[key]) for key, _, _ in matches}))

    def _changes_of(self, rules: tuple[int, ...]) -> dict[int, Any]:
        changes: dict[int, Any] = {}
        for number in rules:
            changes |= self._attrs[number]
        self._changes[rules] = changes
        return changes


def _add_words(told: Any, words: list[str], expressions: list[str]) -> None:
    """Collect the words and expressions by which a token's pattern tells its word."""
    if isinstance(told, str):
        words.append(told)
    elif isinstance(told, dict):
        words += told.get("IN", [])
        expressions += [told["REGEX"]] if "REGEX" in told else []


def _needed(pattern: Sequence[dict[str, Any]], strings: Any) -> list[tuple[int, frozenset[int]]]:
    """Give what a text has to hold for a pattern to match: (column, values) for each token."""
    found = []
    for token in pattern:
        for column, name in enumerate(COLUMNS):
            told = token.get(name)
            values = told["IN"] if isinstance(told, dict) and set(told) == {"IN"} else [told]
            if name != "IS_SPACE" and all(isinstance(value, str) for value in values):
                found.append((column, frozenset(strings.add(value) for value in values)))
    return found
