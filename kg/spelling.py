"""Names that are written a little otherwise than the gazetteer has them.

Only after no exact name was found, only for names long enough that a slip is likelier than another
name, and only where a single thing can be meant: two states, or a person and a namesake of another
state, are never taken for each other.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import chain

from rapidfuzz.distance import OSA

from kg.curation import CuratedFile, curated
from kg.gazetteer import EntityLine, Office, surname
from kg.lexicon import ONTOLOGY

__all__ = ["LONG", "known_holder", "known_person", "known_spelling"]

LONG, LONGER = 6, 9
"""Letters from which one, and two, letters may differ. The dozen pairs of states' names that lie
nearer to each other than that (Nigerian, Nigerien; Malawians, Malaysians) are known exactly; what
lies between two of them names neither."""


def _slips(word: str) -> int:
    """Give how many letters of a word may be wrong, missing, too many or swapped."""
    return 0 if len(word) < LONG else 1 if len(word) < LONGER else 2


@cache
def names_apart() -> frozenset[str]:
    """Load the names of their own that look like a state's with a slip ("Columbia")."""
    with (ONTOLOGY / "boilerplate.toml").open("rb") as file:
        return frozenset(tomllib.load(file)["names"]["not_misspelt"])


@lru_cache(maxsize=8)
def _state_names(files: tuple[CuratedFile, ...]) -> Mapping[str, tuple[tuple[str, int], ...]]:
    """Index the one-word names of states, peoples and capitals by their first letter; each with
    how many of its letters may differ."""
    found: dict[str, list[tuple[str, int]]] = {}
    for spelling, entries in curated(files).names.items():
        word = len(spelling) >= LONG - 1 and spelling.isalpha() and spelling.istitle()
        if word and entries[0].entity.kind == "country":
            found.setdefault(spelling[0], []).append((spelling, _slips(spelling + "s")))
    return {letter: tuple(names) for letter, names in found.items()}


@lru_cache(maxsize=16384)  # a text's few hundred capitalised words come again and again
def known_spelling(word: str, files: tuple[CuratedFile, ...] = ()) -> str | None:
    """Find the state, people or capital that a misspelt word means.

    >>> known_spelling("Ethopia"), known_spelling("Afganistan"), known_spelling("Austrian")
    ('Ethiopia', 'Afghanistan', None)
    """
    table = curated(files).names
    slips = _slips(word)
    if not slips or word in table or not (word.isalpha() and word.istitle()):
        return None
    if word in names_apart():
        return None
    near: dict[int, list[str]] = {}
    for name, theirs in _state_names(files).get(word[0], ()):
        most = min(slips, theirs)
        if abs(len(word) - len(name)) > most:
            continue
        distance = OSA.distance(word, name, score_cutoff=most)
        if distance <= most:
            near.setdefault(distance, []).append(name)
    if not near:
        return None
    best = near[min(near)]
    states = {table[name][0].entity.country for name in best}
    return best[0] if len(states) == 1 else None


Bearer = tuple[tuple[str, ...], EntityLine]
"""The names that a person has before the surname, and the line."""


@lru_cache(maxsize=8)
def _persons(files: tuple[CuratedFile, ...]) -> Mapping[str, Mapping[str, tuple[Bearer, ...]]]:
    """Index persons by the first letter of the surname, then by the surname."""
    found: dict[str, dict[str, list[Bearer]]] = {}
    for line in curated(files).lines:
        if line.kind == "person":
            for name in (line.name, *line.names):
                if " " in name:
                    given, last = _split(name)
                    alike = found.setdefault(last[:1].lower(), {})
                    alike.setdefault(last, []).append((given, line))
    return {
        letter: {last: tuple(bearers) for last, bearers in alike.items()}
        for letter, alike in found.items()
    }


def _split(name: str) -> tuple[tuple[str, ...], str]:
    """Cut a person's name into the names before the surname and the surname."""
    words, last = name.split(), surname(name)
    return tuple(words[: words.index(last)]), last


@lru_cache(maxsize=16384)
def known_person(
    name: str, country: str | None, files: tuple[CuratedFile, ...] = ()
) -> EntityLine | None:
    """Find the person that a name with a slip means, given names and surname alike.

    Args:
        country: that the text states for the bearer; nobody of another is found.

    >>> found = known_person("Abdelaziz Bouteflicka", None)
    >>> found.name if found else None
    'Abdelaziz Bouteflika'
    """
    if len(name.split()) < 2:
        return None
    given, last = _split(name)
    alike = {
        line.identity: line
        for theirs, bearers in _persons(files).get(last[:1].lower(), {}).items()
        if _same_surname(last, theirs)
        for known, line in bearers
        if (country is None or country in {line.country, line.home}) and _all_alike(given, known)
    }
    return next(iter(alike.values())) if len(alike) == 1 else None


@lru_cache(maxsize=4096)
def known_holder(
    name: str, role: str, day: str | None, files: tuple[CuratedFile, ...] = ()
) -> EntityLine | None:
    """Find who held an office on a day under a surname with a slip ("President Dos Sontas").

    Args:
        role: the title as the text has it, lower case.

    >>> found = known_holder("Mwanawassa", "zambian president", "2005-05-01")
    >>> found.name if found else None
    'Levy Mwanawasa'
    """
    letters = name.casefold()
    slips = _slips(letters)
    if not slips:
        return None
    alike = [
        line
        for known, line, terms in _holders(len(name.split()), letters[:1], files)
        if OSA.distance(letters, known, score_cutoff=slips) <= slips
        and any(any(title in role for title in t.titles) and t.holds_on(day) for t in terms)
    ]
    return alike[0] if len(alike) == 1 else None


@lru_cache(maxsize=256)
def _holders(
    count: int, initial: str, files: tuple[CuratedFile, ...]
) -> tuple[tuple[str, EntityLine, tuple[Office, ...]], ...]:
    """Give the holders of offices whose last words, so many of them, begin with a letter."""
    terms: dict[tuple[str, str | None, str], list[Office]] = {}
    for term in chain.from_iterable(curated(files).offices.values()):
        terms.setdefault(term.holder.identity, []).append(term)
    named = (
        (" ".join(held[-1].holder.name.casefold().split()[-count:]), held[-1].holder, tuple(held))
        for held in terms.values()
    )
    return tuple(holder for holder in named if holder[0][:1] == initial)


def _same_surname(last: str, theirs: str) -> bool:
    slips = max(_slips(last), _slips(theirs))
    if abs(len(last) - len(theirs)) > slips:
        return False
    return OSA.distance(last, theirs, score_cutoff=slips) <= slips


def _all_alike(given: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return len(given) == len(known) and all(map(_same_given, given, known))


def _same_given(one: str, other: str) -> bool:
    if one == other:
        return True
    if one[-1:] != other[-1:] and {one[-1:], other[-1:]} != {"i", "y"}:
        return False  # Robert and Roberta are two
    slips = min(_slips(one + "s"), _slips(other + "s"))
    return one[:1] == other[:1] and OSA.distance(one, other, score_cutoff=slips) <= slips
