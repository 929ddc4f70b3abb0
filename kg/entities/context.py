"""What every part of entity resolution looks at: document, nominals, gazetteer and day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from kg.curation import gazetteer_of
from kg.gazetteer import EntityLine, NameEntry
from kg.lexicon import fold_lemma, word_class
from kg.mentions import Nominal, nominals_of
from kg.parse import Parse, Token

__all__ = ["STATE_SECTORS", "Context"]

STATE_SECTORS = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY", "OPP", "PTY"})
"""Sectors whose people and bodies belong to one state."""


class Context:
    """A document with its nominals, the gazetteer it was read with and the article's day.

    Attributes:
        day: ISO date that decides who held an office; None where the article has none.
        generic: heads of names of common nouns only ("Congress"), where the text doesn't name the
            state whose body is known by it.
    """

    def __init__(self, doc: Parse, published: str | None) -> None:
        self.doc = doc
        self.nominals: Mapping[int, Nominal] = self._located(nominals_of(doc))
        self.gazetteer = gazetteer_of(doc)
        self.day = published[:10] if published else None
        generic = {h for h, n in self.nominals.items() if n.entries and self._is_generic(n)}
        self.states, self.inner = self._states(generic)
        self.generic = frozenset(h for h in generic if not self._is_at_home(h))

    def _located(self, nominals: Mapping[int, Nominal]) -> Mapping[int, Nominal]:
        """Let go what the table knows of a town that a text puts into another state.

        "Port Elizabeth, New Jersey" is none of South Africa's, "Paris, Texas," none of France's.
        """
        starts = {n.start: n for n in nominals.values() if n.entries}
        moved = {
            h: replace(n, entries=()) for h, n in nominals.items() if _is_moved(n, starts, self.doc)
        }
        return {**nominals, **moved} if moved else nominals

    def _is_generic(self, nominal: Nominal) -> bool:
        """Tell a name of common nouns only, which several states have ("Congress")."""
        text = self.doc.text_of(nominal.start, nominal.end).lower().removeprefix("the ")
        return fold_lemma(text) in word_class("GENERICNAME")

    def _is_at_home(self, head: int) -> bool:
        entries = self.nominals[head].entries
        return any(entry.entity.country in self.states for entry in entries)

    def described(self, nominal: Nominal) -> Nominal:
        """Take a generic name for a description ("Congress" in a text on Peru is Peru's)."""
        name = self.doc.text_of(nominal.start, nominal.end).lower().removeprefix("the ")
        head = fold_lemma(self.doc[nominal.head].lemma_.lower())
        agent = self.gazetteer.agents.get(name) or self.gazetteer.agents.get(head)
        label = "NOMINAL" if agent is not None else nominal.label
        return replace(nominal, entries=(), label=label, agent=agent)

    def _states(self, generic: set[int]) -> tuple[frozenset[str], frozenset[str]]:
        """Collect the states that the text names without any doubt, and those whose towns or
        provinces it names."""
        named = [n.entries for h, n in self.nominals.items() if n.entries and h not in generic]
        sole = [entries for entries in named if len({e.entity.country for e in entries}) == 1]
        lines = [entries[0].entity for entries in sole]
        inner = {line.country for line in lines if line.kind == "place"}
        found = {line.country for line in lines}
        return frozenset(c for c in found if c), frozenset(c for c in inner if c)

    def entry(self, entries: tuple[NameEntry, ...]) -> NameEntry:
        """Choose among several things of one name.

        Those that hold on the article's day before others, then those of a state that the text
        names besides ("Congress" in a text on India), then the table's first. A state's namesake
        inside another ("Georgia") is meant where the text names that one's places, and no other
        state.
        """
        if len(entries) == 1:
            return entries[0]
        holding = [entry for entry in entries if entry.entity.holds_on(self.day)] or list(entries)
        if holding[0].entity.kind == "country" and len(self.states) == 1:
            inside = [e for e in holding if e.entity.kind == "place"]
            inside = [e for e in inside if e.entity.country in self.states & self.inner]
            return (inside or holding)[0]
        bodies = holding[0].entity.kind not in {"country", "place", "region"}
        here = [entry for entry in holding if entry.entity.country in self.states]
        return (here if bodies and here else holding)[0]

    def line(self, nominal: Nominal | None) -> EntityLine | None:
        """Give the gazetteer's line for a nominal that it knows by name."""
        if nominal is None or not nominal.entries or self.is_ethnic(nominal):
            return None
        return self.entry(nominal.entries).entity

    def is_ethnic(self, nominal: Nominal) -> bool:
        """Tell a people from a state's citizens: "ethnic Albanians" of any state."""
        words = [self.doc[nominal.start - 1]] if nominal.start else []
        words += self.doc[nominal.start : nominal.end]
        ethnic = word_class("ETHNIC")
        return nominal.entries[0].form in {"people", "adjective"} and any(
            token.lower_ in ethnic for token in words
        )

    @cached_property
    def persons(self) -> tuple[EntityLine, ...]:
        """The persons of the gazetteer that the text names."""
        lines = (self.line(nominal) for nominal in self.nominals.values())
        return tuple({x.key: x for x in lines if x is not None and x.kind == "person"}.values())

    def country(self, code: str | None) -> EntityLine | None:
        """Give the line of a state."""
        return self.gazetteer.countries.get(code or "")

    def is_in(self, token: Token, *names: str) -> bool:
        """Tell whether a token's lemma is in one of some classes of `classes.tsv`."""
        return fold_lemma(token.lemma_) in word_class(*names)

    def start(self, head: Token) -> int:
        """Give the first token of the nominal that a token heads, or the token itself."""
        nominal = self.nominals.get(head.i)
        return nominal.start if nominal is not None else head.i


def _is_moved(town: Nominal, starts: Mapping[int, Nominal], doc: Parse) -> bool:
    """Tell a town by the province behind its comma; a list of towns goes on behind the second."""
    behind = starts.get(town.end + 1)
    if not town.entries or behind is None or doc[town.end].text != ",":
        return False
    after = [t.lower_ for t in doc[behind.end : behind.end + 1]]
    listed = after in (["and"], ["or"]) or (after == [","] and behind.end + 1 in starts)
    before = [t.lower_ for t in doc[max(0, town.start - 1) : town.start]]
    if listed or before == [","]:
        return False
    own = {e.entity.country for e in town.entries}
    at = {e.entity.country for e in behind.entries if e.entity.kind in {"place", "region"}}
    places = all(e.entity.kind in {"place", "country"} for e in town.entries)
    return places and bool(at) and not at & own
