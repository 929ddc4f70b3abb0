"""Who is who: states, bodies, groups and people with their names, offices, and nouns for agents.

The shipped tables are `ontology/entities.tsv`, `offices.tsv` and `agents.tsv`; what a user's own
files add to them, `kg.curation` puts on top. A document carries which files it was read with
(`kg.curation.gazetteer_of`), so that every room sees the same gazetteer.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from kg.errors import LexiconError
from kg.lexicon import fold_lemma, read_table, several

__all__ = [
    "KINDS",
    "SECTORS",
    "AgentLine",
    "EntityLine",
    "Gazetteer",
    "NameEntry",
    "Office",
    "gazetteer",
    "index_gazetteer",
    "states_described",
    "surname",
    "traits",
]

Form = Literal["name", "people", "adjective", "seat"]

STATE = 3
"""Length of an alpha-3 code: an office is of a state, else of the body with that name."""

KINDS = frozenset(
    "country region place organisation igo ngo armed_group media company person group".split()
)
SECTORS = frozenset(
    "GOV MIL REB OPP LEG JUD COP SPY BUS CVL EDU JRN MED LAB REL AGR CRM PTY REF SOC UAF PRM ELI "
    "PRE UNK".split()
)
"""PLOVER's actor sectors (manual of 2023, section "Actor sectors")."""


@dataclass(frozen=True, slots=True)
class EntityLine:
    """A line of `entities.tsv`: something in the world under its main name.

    Attributes:
        names, adjectives, people, seats: its other spellings, by the kind of naming that they are.
        home: the state that tells a person from namesakes, where it isn't `country`: who serves a
            body of many states ("Kofi Annan" of the UN) is the same person as at home.
    """

    name: str
    kind: str
    country: str | None = None
    sector: str | None = None
    since: str | None = None
    until: str | None = None
    same_as: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    seats: tuple[str, ...] = ()
    home: str | None = None
    key: int = -1

    def holds_on(self, day: str | None) -> bool:
        """Tell whether the line holds on an ISO date; a line or day without dates always does."""
        return holds_between(self.since, self.until, day)

    @property
    def identity(self) -> tuple[str, str | None, str]:
        """Kind, state and name: two lines of one identity are one thing."""
        return self.kind, self.home or self.country, self.name


def holds_between(since: str | None, until: str | None, day: str | None) -> bool:
    """Tell whether an ISO date lies between two, each as exact as it is written.

    >>> holds_between("2009-01-20", "2017-01-20", "2016-05-20")
    True
    >>> holds_between("2017", None, "2016-12-31")
    False
    """
    if day is None:
        return True
    after = since is None or since <= day[: len(since)]
    return after and (until is None or day[: len(until)] <= until)


@dataclass(frozen=True, slots=True)
class NameEntry:
    """One spelling of an entity and the kind of naming that it is."""

    entity: EntityLine
    form: Form


@dataclass(frozen=True, slots=True)
class AgentLine:
    """A noun for people or bodies that act."""

    noun: str
    sector: str | None
    kind: str
    title: bool


@dataclass(frozen=True, slots=True)
class Office:
    """A term of office: who held it, of which state or body, from when to when.

    Attributes:
        of: alpha-3 of the state, or the name of the body.
        titles: what the office is called, lower case ("prime minister", "premier").
    """

    of: str
    titles: tuple[str, ...]
    holder: EntityLine
    since: str | None
    until: str | None

    def holds_on(self, day: str | None) -> bool:
        """Tell whether the term runs on an ISO date; None: whether it ever did."""
        return holds_between(self.since, self.until, day)


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Everything that the tables know of who is who.

    Attributes:
        names: spelling as written -> what it can name, in the order of the table.
        countries: alpha-3 -> the country's line.
        adjectives: alpha-3 -> its first adjective ("Russian").
        offices: state or body -> its offices' terms, in the order of the table.
        surnames: last word of a holder's name -> the terms of all who bear it.
        agents: folded noun -> its line.
        agent_heads: the last words of those nouns ("minister").
    """

    lines: tuple[EntityLine, ...]
    names: Mapping[str, tuple[NameEntry, ...]]
    countries: Mapping[str, EntityLine]
    adjectives: Mapping[str, str]
    offices: Mapping[str, tuple[Office, ...]] = field(default_factory=dict)
    surnames: Mapping[str, tuple[Office, ...]] = field(default_factory=dict)
    agents: Mapping[str, AgentLine] = field(default_factory=dict)
    agent_heads: frozenset[str] = frozenset()

    def holders(self, of: str, title: str, day: str | None) -> tuple[EntityLine, ...]:
        """Give who held an office on a day, each person once."""
        terms = [o for o in self.offices.get(of, ()) if title in o.titles and o.holds_on(day)]
        return tuple({term.holder.identity: term.holder for term in terms}.values())


@cache
def gazetteer() -> Gazetteer:
    """Load the shipped tables."""
    lines, terms = _with_holders(list(_entity_lines()), list(_office_rows()))
    return index_gazetteer(lines, terms, _agent_lines())


def index_gazetteer(
    lines: Sequence[EntityLine], terms: Iterable[Office], agents: Iterable[AgentLine]
) -> Gazetteer:
    """Index lines, terms of office and nouns; of several lines of one noun the first counts.

    Args:
        lines: each with its own place among them as `key`.
    """
    names: dict[str, tuple[NameEntry, ...]] = {}
    for line, form, spelling in _spellings(lines):
        entries = names.get(spelling, ())
        if not entries or entries[-1].entity is not line:  # a line's spellings come together
            names[spelling] = (*entries, NameEntry(line, form))
    states = [line for line in lines if line.kind == "country" and line.country]
    countries = {line.country: line for line in reversed(states) if line.country}
    held = tuple(terms)
    nouns: dict[str, AgentLine] = {}
    for agent in agents:
        nouns.setdefault(fold_lemma(agent.noun), agent)
    return Gazetteer(
        lines=tuple(lines),
        names=names,
        countries={code: countries[code] for code in sorted(countries)},
        adjectives={c: line.adjectives[0] for c, line in countries.items() if line.adjectives},
        offices=_grouped((term.of, term) for term in held),
        surnames=_grouped((surname(term.holder.name), term) for term in held),
        agents=nouns,
        agent_heads=frozenset(noun.rpartition(" ")[2] for noun in nouns),
    )


@cache
def traits() -> Mapping[str, frozenset[str]]:
    """Load which states a noun or adjective can describe ("kingdom", "landlocked").

    >>> "OMN" in traits()["sultanate"], "west african" in traits()
    (True, True)
    """
    found: dict[str, frozenset[str]] = {}
    for row, where in read_table("traits.tsv", "words states"):
        states = frozenset(several(row["states"]))
        for word in several(row["words"]):
            if not states or word in found:
                raise LexiconError(f"{where}: {word!r} needs states, and one line")
            found[word] = states
    return found


def states_described(words: Sequence[str]) -> frozenset[str] | None:
    """Give the states that words of a noun phrase can describe; None where they tell nothing.

    >>> sorted(states_described(["himalayan", "kingdom"]) or ())
    ['BTN', 'NPL']
    """
    known = [traits().get(word) for word in words]
    for one, other in itertools.pairwise(words):  # "west african" says more than "african"
        known.append(traits().get(f"{one} {other}"))
    told = [states for states in known if states is not None]
    return frozenset.intersection(*told) if told else None


_ORDINAL = re.compile(r"(?:Jr|Sr)[.,]?|[IVX]+")


def surname(name: str) -> str:
    """Give the part of a person's name that stands alone in later mentions.

    >>> surname("Abdel Fattah al-Sisi"), surname("Ferdinand Marcos Jr.")
    ('al-Sisi', 'Marcos')
    """
    words = [word for word in name.split() if not _ORDINAL.fullmatch(word)]
    return words[-1] if words else name


def _grouped(pairs: Iterable[tuple[str, Office]]) -> dict[str, tuple[Office, ...]]:
    found: dict[str, list[Office]] = {}
    for key, term in pairs:
        found.setdefault(key, []).append(term)
    return {key: tuple(terms) for key, terms in found.items()}


def _spellings(lines: Iterable[EntityLine]) -> Iterator[tuple[EntityLine, Form, str]]:
    for line in lines:
        yield line, "name", line.name
        for spelling in line.names:
            yield line, "name", spelling
        for spelling in line.adjectives:
            yield line, "adjective", spelling
        for spelling in line.people:
            yield line, "people", spelling
        for spelling in line.seats:
            yield line, "seat", spelling


# --- the tables ---------------------------------------------------------------------------------


def _entity_lines() -> Iterator[EntityLine]:
    columns = "name kind country sector names people adjectives seats since until sameas source"
    for key, (row, where) in enumerate(read_table("entities.tsv", columns)):
        if not row["name"] or not row["kind"]:
            raise LexiconError(f"{where}: an entity needs a name and a kind")
        yield EntityLine(
            name=row["name"],
            kind=row["kind"],
            country=row["country"] or None,
            sector=row["sector"] or None,
            since=row["since"] or None,
            until=row["until"] or None,
            same_as=several(row["sameas"]),
            names=several(row["names"]),
            adjectives=several(row["adjectives"]),
            people=several(row["people"]),
            seats=several(row["seats"]),
            key=key,
        )


OfficeRow = tuple[str, tuple[str, ...], str, str | None, str | None, tuple[str, ...]]
"""State or body, titles, holder's name, since, until, the holder's other names."""


def _office_rows() -> Iterator[OfficeRow]:
    for row, where in read_table("offices.tsv", "of office holder since until names source"):
        if not (row["of"] and row["office"] and row["holder"]):
            raise LexiconError(f"{where}: a term needs a state or body, an office and a holder")
        since, until = row["since"] or None, row["until"] or None
        titles, names = several(row["office"]), several(row["names"])
        yield row["of"], titles, row["holder"], since, until, names


def _agent_lines() -> Iterator[AgentLine]:
    for row, where in read_table("agents.tsv", "noun sector kind title"):
        if row["kind"] not in {"person", "group", "organisation"}:
            raise LexiconError(
                f"{where}: kind {row['kind']!r} is none of person, group, organisation"
            )
        yield AgentLine(row["noun"], row["sector"] or None, row["kind"], row["title"] == "yes")


def _with_holders(
    lines: Sequence[EntityLine], rows: Sequence[OfficeRow]
) -> tuple[list[EntityLine], list[Office]]:
    """Give every holder of an office a line, and everybody who served abroad his home."""
    people = [line for line in lines if line.kind == "person"]
    homes = {holder: of for of, _, holder, *_ in reversed(rows) if len(of) == STATE}
    homes |= {line.name: line.country for line in reversed(people) if line.country}
    numbered = list(lines)
    known: dict[tuple[str, str | None], int] = {}
    for line in people:
        if not line.country and line.name in homes:
            numbered[line.key] = replace(line, home=homes[line.name])
        known.setdefault((line.name, line.country), line.key)
    keys: list[int] = []
    for of, _, holder, _, _, names in rows:
        state = of if len(of) == STATE else None
        key = known.setdefault((holder, state), len(numbered))
        if key == len(numbered):
            home = None if state else homes.get(holder)
            numbered.append(EntityLine(holder, "person", state, "GOV", home=home, key=key))
        line = numbered[key]
        more = tuple(name for name in names if name not in line.names)
        if more:
            numbered[key] = replace(line, names=(*line.names, *more))
        keys.append(key)
    terms = [
        Office(of, titles, numbered[key], since, until)
        for key, (of, titles, _, since, until, _) in zip(keys, rows, strict=True)
    ]
    return numbered, terms
