"""Who acts and is acted on, and whether two papers mean the same by different names.

A state's ministry, army or officer stands for the state, an organ for its organisation, a surname
for its bearer. People who are only described ("three men", "the driver") may be anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache

from kg.lexicon import fold_lemma, word_class
from kg.model import Argument, Entity
from kg.pickling import pickled_quickly

__all__ = ["Parties", "Party", "Relation", "compare", "parties_of", "party_of", "speakers_of"]

STATE_SECTORS = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY"})
AGAINST_STATE = frozenset({"REB", "SEP", "INS", "OPP", "UAF", "CRM", "RAD"})
NEVER_A_STATE = frozenset({"igo", "ngo", "armed_group", "company"})


class Relation(Enum):
    """How two parties stand to each other."""

    SAME = "same"
    ALIKE = "described alike"
    OPEN = "may be the same"
    APART = "not the same"


@pickled_quickly
@dataclass(frozen=True, slots=True)
class Party:
    """One who takes part, as far as comparing needs.

    Attributes:
        key: of the side it stands for; equal keys are one side.
        type: "state", "person", "body", "place" or "described".
        words: of its name, folded, in order; for what is described the head noun alone.
    """

    key: str
    type: str
    words: tuple[str, ...]
    kind: str
    country: str | None
    sector: str | None

    def __hash__(self) -> int:
        return hash(self.key)  # equal parties have equal keys; all fields would be slow

    @property
    def is_name(self) -> bool:
        """Tell whether it is known by a name that could be another's."""
        return self.type in {"state", "person", "body"}


Parties = frozenset[Party]


def parties_of(arguments: Sequence[Argument], *, guessed: bool = False) -> Parties:
    """Name the sides that arguments stand for; "anyone" and "nobody" are no side.

    Args:
        guessed: the states of these are guesses, which neither join nor part anybody.
    """
    entities = (
        a.entity
        for a in arguments
        if a.entity is not None and a.entity.name.lower() not in word_class("INDEFINITE")
    )
    if guessed:
        entities = (e if e.kind == "country" else replace(e, country=None) for e in entities)
    return frozenset(party_of(entity) for entity in entities)


def speakers_of(arguments: Sequence[Argument]) -> Parties:
    """Name speakers by themselves: two officials of one state say two things."""
    return frozenset(_alone(a.entity) for a in arguments if a.entity is not None)


@lru_cache(maxsize=65536)
def party_of(entity: Entity) -> Party:
    """Find the side that an entity stands for: its state, if it is a body or officer of one."""
    stands = entity.country is not None and (
        entity.kind == "country"
        or (entity.kind in {"organisation", "person", "group"} and entity.sector in STATE_SECTORS)
    )
    if stands:
        words = (str(entity.country),)
        return Party(f"state:{entity.country}", "state", words, "country", entity.country, "GOV")
    return _alone(entity)


@lru_cache(maxsize=65536)
def _alone(entity: Entity) -> Party:
    words = tuple(fold_lemma(word) for word in entity.name.split())
    if entity.kind in {"place", "region"}:
        type_ = "place"
    elif entity.kind in {"thing", "group"} or not _is_name(entity.name):
        type_, words = "described", (_head(entity.name),)
    else:
        type_ = "person" if entity.kind == "person" else "body"
    if entity.kind == "country":
        type_ = "state"
    key = f"{type_}:{words[0]}" if type_ == "described" else f"entity:{entity.id}"
    return Party(key, type_, words, entity.kind, entity.country, entity.sector)


def _is_name(name: str) -> bool:
    """Tell whether a name ends as names do: "Indian police" is described, "Scotland Yard" isn't."""
    last = name.split()[-1:] or [""]
    return not last[0][:1].islower()


def _head(name: str) -> str:
    """Fold the head noun of what is described, without how many and of what kind."""
    before = name.split(" of ")[0].split()
    word = fold_lemma(before[-1]) if before else ""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def compare(left: Parties, right: Parties) -> Relation:
    """Compare all who act, or all who are acted on, in two tellings.

    Returns:
        The best relation of any two; APART only where two names differ and none is shared.
    """
    best = Relation.OPEN
    for one in left:
        for other in right:
            how = relation(one, other)
            if how is Relation.SAME:
                return how
            if how is Relation.ALIKE or (how is Relation.APART and best is Relation.OPEN):
                best = how
    return best


@lru_cache(maxsize=1 << 18)
def relation(a: Party, b: Party) -> Relation:
    """Compare two parties."""
    if a.key == b.key:
        return Relation.ALIKE if a.type in {"described", "place"} else Relation.SAME
    types = {a.type, b.type}
    if "place" in types:
        return Relation.OPEN
    if a.country and b.country and a.country != b.country:
        return Relation.APART
    if "described" in types:
        return _described(a, b)
    if types == {"person"}:
        return Relation.SAME if _one_name(a.words, b.words) else Relation.APART
    if types == {"body"}:
        return Relation.SAME if _organ(a.words, b.words) else Relation.APART
    if types == {"state"}:
        return Relation.APART
    if "state" in types:
        other = b if a.type == "state" else a
        never = other.kind in NEVER_A_STATE or other.sector in AGAINST_STATE
        return Relation.APART if never else Relation.OPEN
    return Relation.OPEN


def _described(a: Party, b: Party) -> Relation:
    if a.type == b.type:
        return Relation.OPEN
    described, named = (a, b) if a.type == "described" else (b, a)
    rebels = described.sector in AGAINST_STATE and named.type == "state"
    # "the conflict killed thousands": in it many acted, so what it did no one of them did
    strife = described.kind == "thing" and described.words[0] in _strife()
    return Relation.APART if rebels or strife else Relation.OPEN


@cache
def _strife() -> frozenset[str]:
    return word_class("STRIFE", "CALAMITY")


def _one_name(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Tell whether one person's name is in the other: Jackson, Vincent Jackson."""
    return left[-1:] == right[-1:] and (set(left) <= set(right) or set(right) <= set(left))


def _organ(left: tuple[str, ...], right: tuple[str, ...]) -> bool:
    """Tell whether one name begins with the other: United Nations (Security Council)."""
    shorter = min(len(left), len(right))
    return shorter > 0 and left[:shorter] == right[:shorter]
