"""What a lemmatizer says, asked once for each kind of token."""

from __future__ import annotations

from typing import Any  # Any: spaCy's tables have no types

import numpy as np
from spacy.lang.en.lemmatizer import EnglishLemmatizer
from spacy.language import Language
from spacy.tokens import Doc

__all__ = ["LemmaTable", "make_lemma_table"]

COLUMNS = ("ORTH", "POS", "MORPH", "LEMMA")
"""What a lemma depends on, and whether there is one."""

KINDS = 100_000  # kinds of tokens remembered: some 10 MB


@Language.factory("kg_lemma_table", requires=["token.pos"], assigns=["token.lemma"])
def make_lemma_table(nlp: Language, name: str) -> LemmaTable:
    """Make the component; it does nothing before `LemmaTable.take`."""
    return LemmaTable(name)


class LemmaTable:
    """What spaCy's English lemmatizer does, looked up by word, part of speech and morphology."""

    def __init__(self, name: str) -> None:
        self.name = name

    @staticmethod
    def fits(lemmatizer: Any) -> bool:
        """Tell whether a component is of the form known here."""
        return type(lemmatizer) is EnglishLemmatizer and lemmatizer.mode == "rule"

    def take(self, lemmatizer: Any) -> None:
        """Do from now on what this component does."""
        self.lemmatizer = lemmatizer
        self._strings = lemmatizer.vocab.strings
        self._lemmas: dict[tuple[int, ...], int] = {}
        _index_words(lemmatizer.lookups)

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemmas of a document's tokens; one that is set already stays."""
        table: Any = doc.to_array(list(COLUMNS))
        kinds = list(zip(*table.T.tolist(), strict=True))
        lemmas = self._lemmas
        found = [lemmas.get(kind) or self._lemma(doc, at, kind) for at, kind in enumerate(kinds)]
        values: Any = np.array(found, dtype=np.uint64)
        return doc.from_array(["LEMMA"], values)

    def _lemma(self, doc: Doc, at: int, kind: tuple[int, ...]) -> int:
        if kind[-1] and not self.lemmatizer.overwrite:
            return kind[-1]
        if len(self._lemmas) > KINDS:
            self._lemmas.clear()
        lemma: int = self._strings.add(self.lemmatizer.lemmatize(doc[at])[0])
        self._lemmas[kind] = lemma
        return lemma


def _index_words(lookups: Any) -> None:
    """Make sets of the word lists; they are searched from end to end otherwise."""
    if lookups.has_table("lemma_index"):
        table = lookups.get_table("lemma_index")
        for key, words in list(table.items()):
            table[key] = frozenset(words)
