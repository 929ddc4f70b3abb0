"""The cues of `ontology/reporting.tsv`, and where a text has one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from kg.errors import LexiconError
from kg.lexicon import fold_lemma, read_table

if TYPE_CHECKING:
    from kg.parse import Token

_STANCES = frozenset({"neutral", "positive", "negative", "denial"})


_POS = frozenset({"v", "n", "phrase", "light", "carrier", "label"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A line of `reporting.tsv`.

    Attributes:
        words: folded lemmas, the main word first.
        content: how the content hangs on it, as the head of the table explains.
    """

    words: tuple[str, ...]
    pos: str
    stance: str
    content: frozenset[str]

    @property
    def prepositions(self) -> frozenset[str]:
        """The prepositions that the content can stand behind."""
        return frozenset(kind[5:] for kind in self.content if kind.startswith("prep:"))


@cache
def reporting() -> Mapping[tuple[str, str], tuple[Cue, ...]]:
    """Load `reporting.tsv`: (folded first word, pos) -> cues, those of most words first.

    >>> reporting()["deny", "v"][0].stance
    'denial'
    """
    found: dict[tuple[str, str], list[Cue]] = {}
    for row, where in read_table("reporting.tsv", "cue pos stance content"):
        if row["pos"] not in _POS or row["stance"] not in _STANCES:
            raise LexiconError(f"{where}: no pos {row['pos']!r} or stance {row['stance']!r}")
        words = tuple(fold_lemma(word) for word in row["cue"].split())
        cue = Cue(words, row["pos"], row["stance"], frozenset(row["content"].split("|")))
        cues = found.setdefault((words[0], row["pos"]), [])
        if all(other.words != words for other in cues):
            cues.append(cue)
    return {key: tuple(sorted(cues, key=lambda c: -len(c.words))) for key, cues in found.items()}


@cache
def phrase_openings() -> frozenset[str]:
    """Collect the words that a phrase ("according to") can begin with."""
    return frozenset(word for word, pos in reporting() if pos == "phrase")


class CueMatch(NamedTuple):
    """A cue where it stands: its line, and the tokens it takes, the main word first."""

    cue: Cue
    words: tuple[int, ...]


def find_cue(token: Token, pos: str) -> CueMatch | None:
    """Find the longest cue that starts at a token."""
    for cue in reporting().get((fold_lemma(token.lemma_), pos), ()):
        taken = _rest_of_cue(token, cue.words[1:])
        if taken is not None:
            return CueMatch(cue, (token.i, *taken))
    return None


def _rest_of_cue(token: Token, words: tuple[str, ...]) -> tuple[int, ...] | None:
    """Find the further words of a cue among what hangs on its verb, in order and near."""
    taken: list[int] = []
    position = token.i
    for word in words:
        for other in token.doc[position + 1 : token.i + 7]:
            near = other.head.i == token.i or other.head.i in taken or other.i == position + 1
            if other.text.lower() == word and near:
                taken.append(other.i)
                position = other.i
                break
        else:
            return None
    return tuple(taken)
