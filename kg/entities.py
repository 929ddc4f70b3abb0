"""What a mention names: gazetteer names, people with titles, bodies of states, described groups.

`resolve_entities` gives every nominal of a document its entity, with the rule that joined them.
Names are matched exactly, by the article's own date; a body or group without a name of its own
gets one from its state and noun ("Syrian government"), so that it is one thing across articles.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from spacy.tokens import Doc

from kg.clauses import noun_obliques
from kg.coreference import Link
from kg.lexicon import EntityLine, NameEntry, fold_lemma, gazetteer, word_class
from kg.mentions import Nominal, agent_noun, is_opposed, nominals_of
from kg.model import Entity, content_id
from kg.parse import Parse, Token, parse_of

__all__ = ["Named", "entity_of_line", "resolve_entities"]

FORM_RULES = {"name": "name", "people": "demonym", "adjective": "demonym", "seat": "metonym"}
HOME_TOKENS = 160  # headline and lead: what an article is about is named there
TITLE_WINDOW = 9  # tokens before a name in which its title stands
ROAMING = frozenset(
    {"UAF", "CRM", "JRN", "SPY"}
)  # sectors whose people act in other states than their own
STATE_SECTORS = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY", "OPP", "PTY"})
LABEL_KINDS = {
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "group",
    "PERSON": "person",
}


@dataclass(frozen=True, slots=True)
class Named:
    """An entity and the rule by which a mention was found to name it.

    Attributes:
        guessed: part of it (its country) isn't stated where the mention stands.
    """

    entity: Entity
    rule: str
    guessed: bool = False


@lru_cache(maxsize=65536)
def make_entity(
    name: str,
    kind: str,
    country: str | None,
    sector: str | None,
    *,
    role: str | None = None,
    same_as: tuple[str, ...] = (),
) -> Entity:
    """Make an entity whose id comes from kind, country and name."""
    return Entity(
        id=content_id(kind, country or "", name.casefold()),
        name=name,
        kind=kind,
        country=country,
        sector=sector,
        role=role,
        same_as=same_as,
    )


def entity_of_line(line: EntityLine) -> Entity:
    """Turn a line of the gazetteer into an entity."""
    return make_entity(line.name, line.kind, line.country, line.sector, same_as=line.same_as)


def resolve_entities(
    doc: Doc | Parse,
    links: Mapping[int, Link],
    published: str | None = None,
    dateline: str | None = None,
) -> Mapping[int, tuple[Named, ...]]:
    """Resolve every nominal of a document.

    Args:
        links: of `kg.coreference.find_links`.
        published: ISO date that decides who held an office; None takes the table's first.
        dateline: place that the article was filed from; its state is the article's home.

    Returns:
        Heads with their entities; empty where nothing is named ("it" without antecedent).
    """
    return _Resolver(parse_of(doc), links, published, dateline).resolve_all()


class _Resolver:
    def __init__(
        self, doc: Parse, links: Mapping[int, Link], published: str | None, dateline: str | None
    ) -> None:
        self.doc = doc
        self.links = links
        self.day = published[:10] if published else None
        self.nominals = nominals_of(doc)
        self.known: dict[int, tuple[Named, ...]] = {}
        self.places = self._sentence_places()
        self.only_state = self._only_states()
        self.last_state = self._states_so_far()
        self.home = self._home(dateline)

    def resolve_all(self) -> Mapping[int, tuple[Named, ...]]:
        for head in self.nominals:
            self.resolve(head)
        return self.known

    def resolve(self, head: int, depth: int = 0) -> tuple[Named, ...]:
        if head not in self.known:
            self.known[head] = ()  # a cycle of links ends here
            nominal = self.nominals.get(head)
            if nominal is not None and depth < 12:
                self.known[head] = self._resolve(nominal, depth)
        return self.known[head]

    def _resolve(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        link = self.links.get(nominal.head)
        if link is not None:
            return self._linked(nominal, link, depth)
        if nominal.label == "PRONOUN":
            return ()
        if nominal.entries:
            return self._listed(nominal)
        if nominal.entity_label == "PERSON":
            return (self._person(nominal),)
        if self._takes_up_state(nominal):
            state, _ = self.last_state.get(nominal.head, ("", 0))
            line = gazetteer().countries.get(state)
            return (Named(entity_of_line(line), "definite:state"),) if line is not None else ()
        if nominal.agent is not None or fold_lemma(self.doc[nominal.head].lemma_) in word_class(
            "GROUPNOUN"
        ):
            member = self._member(nominal, depth)
            if member:
                return member
        if nominal.agent is not None:
            return self._described(nominal, depth)
        if nominal.entity_label:
            return (self._unlisted(nominal),)
        return (self._thing(nominal, depth),)

    def _linked(self, nominal: Nominal, link: Link, depth: int) -> tuple[Named, ...]:
        found = [named for head in link.antecedents for named in self.resolve(head, depth + 1)]
        if link.rule == "pronoun:side":
            found = [self._side(named) for named in found]
        unique = {named.entity.id: Named(named.entity, link.rule, named.guessed) for named in found}
        return tuple(unique.values())

    def _side(self, named: Named) -> Named:
        """ "We" in a spokesman's mouth is the state he speaks for."""
        country = gazetteer().countries.get(named.entity.country or "")
        if named.entity.kind in {"person", "organisation"} and country is not None:
            return Named(entity_of_line(country), named.rule)
        return named

    # -- names

    def _listed(self, nominal: Nominal) -> tuple[Named, ...]:
        entry = self._entry(nominal.entries)
        line = entry.entity
        head = self.doc[nominal.head]
        if entry.form == "people" and any(
            c.dep_ == "nummod" or c.lower_ in {"some", "many", "several", "other"}
            for c in head.children
        ):
            return (Named(make_entity(head.text, "group", line.country, "CVL"), "demonym:people"),)
        entity = entity_of_line(line)
        if line.kind == "person":
            entity = replace(entity, role=self._title(nominal)[0])
        return (Named(entity, FORM_RULES[entry.form]),)

    def _entry(self, entries: tuple[NameEntry, ...]) -> NameEntry:
        """Choose among several things of one name: who held office on the day, else the table's
        first."""
        holding = [entry for entry in entries if entry.entity.holds_on(self.day)]
        return (holding or list(entries))[0]

    def _person(self, nominal: Nominal) -> Named:
        role, country, sector = self._title(nominal)
        name = self._without_title(nominal)
        guessed = country is None and sector in STATE_SECTORS
        if guessed:
            country = self._state_around(nominal)
        entity = make_entity(name, "person", country, sector, role=role)
        return Named(entity, "name:title" if role else "name:ner", guessed and country is not None)

    def _without_title(self, nominal: Nominal) -> str:
        """Give a person's name as the recogniser marked it, less titles ("Gen", "Mr") and
        possessive."""
        start = nominal.start
        while start < nominal.head:
            word = self.doc[start].lower_.strip(".")
            agent = agent_noun(self.doc[start])
            if word not in word_class("HONORIFIC") and (agent is None or not agent.title):
                break
            start += 1
        return self.doc.text_of(start, nominal.end).removesuffix("'s").strip()

    def _title(self, nominal: Nominal) -> tuple[str | None, str | None, str | None]:
        """Read role, country and sector off what stands around a name: title before, apposition
        behind."""
        before = self._title_before(nominal)
        if before[0] is not None:
            return before
        head = self.doc[nominal.head]
        near = [c for c in head.children if c.dep_ == "appos"]
        if head.dep_ == "appos":
            near.append(head.head)
        for other in near:
            agent = agent_noun(other)
            if agent is not None:
                country, sector = self._affiliation(other)
                role = " ".join(
                    t.text
                    for t in other.subtree
                    if t.i <= other.i and t.pos_ != "DET" and not t.is_punct
                )
                return role or None, country, sector or agent.sector
        return None, None, None

    def _title_before(self, nominal: Nominal) -> tuple[str | None, str | None, str | None]:
        start = nominal.start
        first = start
        while first > max(0, start - TITLE_WINDOW):
            token = self.doc[first - 1]
            ok = (
                token.pos_ in {"NOUN", "PROPN", "ADJ"}
                or token.lower_ in {"of", "for", "to", "the", "special", "-"}
                or token.is_title
            )
            if (
                not ok
                or (token.is_punct and token.text != "-")
                or token.sent.start != self.doc[start].sent.start
            ):
                break
            first -= 1
        window = list(self.doc[first:start])
        agents = [
            t for t in window if (noun := agent_noun(t)) is not None and noun.kind == "person"
        ]
        if not agents:
            return None, None, None
        country = sector = None
        for token in window:
            nominal_here = self.nominals.get(token.i)
            if nominal_here is None or not nominal_here.entries:
                continue
            before = self.doc[nominal_here.start - 1] if nominal_here.start > 0 else None
            if before is not None and before.lower_ in word_class("FIELDPREP"):
                continue
            line = self._entry(nominal_here.entries).entity
            country = country or line.country
            if line.kind != "country":
                sector = sector or line.sector
        words = [t.text for t in window if t.lower_ != "the" or t.i > first]
        agent = agent_noun(agents[0])
        return (
            " ".join(words) or None,
            country,
            sector or (agent.sector if agent is not None else None),
        )

    def _unlisted(self, nominal: Nominal) -> Named:
        text = self.doc.text_of(nominal.start, nominal.end)
        name = text.removeprefix("the ").removeprefix("The ").removesuffix("'s").strip()
        country = self._state_in_name(nominal) if nominal.entity_label == "ORG" else None
        return Named(
            make_entity(name, LABEL_KINDS.get(nominal.entity_label, "thing"), country, None),
            "name:ner",
        )

    def _state_in_name(self, nominal: Nominal) -> str | None:
        """Read the state off a body's own name ("Nigerian Union of Teachers", "Baghdad
        University")."""
        names = gazetteer().names
        words = [t.text for t in self.doc[nominal.start : nominal.end]]
        for start in range(len(words)):
            for length in (3, 2, 1):
                entries = names.get(" ".join(words[start : start + length]), ())
                lines = [
                    e.entity
                    for e in entries
                    if e.entity.kind in {"country", "place"} and length < len(words)
                ]
                if lines and lines[0].country:
                    return lines[0].country
        return None

    # -- descriptions

    def _affiliation(self, head: Token, depth: int = 0) -> tuple[str | None, str | None]:
        """Find the state that a noun phrase names as its own, and the sector of a body named in
        it."""
        states, sector, _ = self._affiliations(head, depth)
        return (states[0] if states else None), sector

    def _affiliations(self, head: Token, depth: int = 0) -> tuple[list[str], str | None, bool]:
        """Find all states of a noun phrase ("Hungarian and Romanian officials"), and whether a
        body of none is named."""
        inside = [t for t in self.doc[self._start(head) : head.i] if t.i in self.nominals]
        inside += [
            t for c in head.children if c.dep_ == "poss" for t in c.subtree if t.i in self.nominals
        ]
        inside += [
            self.doc[i]
            for prep, _, i in noun_obliques(head)
            if prep in {"of", "from"} and i in self.nominals
        ]
        # a name says more than a pronoun: "our Russian counterparts" are Russian
        inside.sort(key=lambda t: self.nominals[t.i].label == "PRONOUN")
        stateless = False
        for token in inside:
            if token.i == head.i or is_opposed(self.doc, self.nominals[token.i]):
                continue
            found = [
                named for named in self.resolve(token.i, depth + 1) if named.entity.kind != "thing"
            ]
            stateless |= any(named.entity.kind in {"igo", "ngo"} for named in found)
            states = [named.entity.country for named in found if named.entity.country]
            if states:
                body = found[0].entity
                sector = body.sector if body.kind in {"organisation", "armed_group"} else None
                for other in token.conjuncts:
                    if token.i < other.i < head.i:
                        states += [
                            n.entity.country
                            for n in self.resolve(other.i, depth + 1)
                            if n.entity.country
                        ]
                return list(dict.fromkeys(states)), sector, stateless
        seat = self._seat(head)
        return ([seat] if seat is not None and not stateless else []), None, stateless

    def _seat(self, head: Token) -> str | None:
        """Find the state that a phrase of place inside a noun phrase names ("rebels in Darfur",
        "a group based in Trinidad")."""
        holders = [
            head,
            *(c for c in head.children if c.dep_ in {"acl", "relcl", "amod"} and c.i > head.i),
        ]
        for holder in holders:
            if holder.i != head.i and holder.lemma_ not in word_class("DWELL"):
                continue
            for prep, _, i in noun_obliques(holder):
                nominal = self.nominals.get(i)
                if (
                    prep in {"in", "from", "near", "at", "inside"}
                    and nominal is not None
                    and nominal.entries
                ):
                    line = self._entry(nominal.entries).entity
                    if line.country and line.kind in {"country", "place", "region"}:
                        return line.country
        return None

    def _start(self, head: Token) -> int:
        nominal = self.nominals.get(head.i)
        return nominal.start if nominal is not None else head.i

    def _described(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Name a body or group by its state and noun: "Syrian government", "rebels"."""
        assert nominal.agent is not None
        states, sector, stateless = self._affiliations(self.doc[nominal.head], depth)
        rule, guessed = "description", False
        if not states and not stateless:
            if self._definite(nominal) and self._is_state_body(nominal):
                around, rule = self._state_before(nominal), "definite:state"
            else:
                around, rule = self._state_around(nominal), "place"
            guessed = around is not None
            states = [around] if around is not None else []
            rule = rule if guessed else "description"
        many = self.doc[nominal.head].tag_ in {"NNS", "NNPS"} and nominal.agent.kind == "person"
        kind = "group" if many else nominal.agent.kind
        noun = self._noun(nominal)
        found = [
            Named(named.entity, "description") for named in self._bodies_beside(nominal, depth)
        ]
        owners: list[str | None] = [*states] or [None]
        for country in owners:
            adjective = gazetteer().adjectives.get(country or "")
            name = f"{adjective} {noun}" if adjective and not noun.startswith(adjective) else noun
            entity = make_entity(name, kind, country, nominal.agent.sector or sector)
            found.append(Named(entity, rule, guessed))
        return tuple(found)

    def _bodies_beside(self, nominal: Nominal, depth: int) -> list[Named]:
        """Give bodies of no state conjoined with a state before the noun ("British and EU
        negotiators")."""
        found = []
        for token in self.doc[nominal.start : nominal.head]:
            here = self.nominals.get(token.i)
            if (
                here is not None
                and here.entries
                and token.conjuncts
                and here.entries[0].entity.kind == "igo"
            ):
                found += list(self.resolve(token.i, depth + 1))
        return found

    def _member(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Take a group's fighters for the group ("Daesh terrorists", "the Hezbollah group")."""
        sector = nominal.agent.sector if nominal.agent is not None else "REB"
        kinds = {"armed_group"} if sector in {"REB", "UAF", "CRM", "MIL", None} else set()
        if fold_lemma(self.doc[nominal.head].lemma_) in word_class("GROUPNOUN"):
            kinds = {"armed_group", "igo", "ngo"}  # "the ECOWAS regional bloc"
        for token in self.doc[nominal.start : nominal.head]:
            here = self.nominals.get(token.i)
            if here is not None and here.entries and here.entries[0].entity.kind in kinds:
                return tuple(Named(n.entity, "member") for n in self.resolve(token.i, depth + 1))
        return ()

    def _state_around(self, nominal: Nominal) -> str | None:
        """Guess the state of somebody whose text names none: the place, else, for who acts, the
        only state that the sentence is at home in.
        """
        if nominal.agent is not None and (
            nominal.agent.sector in ROAMING
            or fold_lemma(self.doc[nominal.head].lemma_) in word_class("ROAMING")
        ):
            return None
        sentence = self.doc[nominal.head].sent
        place = self.places.get(sentence.start)
        if place is not None:
            return place
        acts = self.doc[nominal.head].dep_ in {"nsubj", "nsubjpass", "conj", "pobj", "ROOT"}
        only = self.only_state.get(sentence.start) if acts else None
        return only or (self.home if self._serves_state(nominal) else None)

    def _serves_state(self, nominal: Nominal) -> bool:
        if nominal.agent is not None:
            return nominal.agent.sector in STATE_SECTORS
        return nominal.entity_label == "PERSON"

    def _state_before(self, nominal: Nominal) -> str | None:
        """Find the state of "the government": the last one named in its sentence, else the home
        state."""
        sentence = self.doc[nominal.head].sent
        here = self.last_state.get(nominal.head)
        if here is not None and here[1] >= sentence.start:
            return here[0]
        return self.home or (here[0] if here is not None else None)

    def _home(self, dateline: str | None) -> str | None:
        """Find the state that the article is at home in: its dateline's, else the one its head
        names most.

        Who serves a state that no sentence names serves this one: "police", "the finance minister".
        """
        for entry in gazetteer().names.get(dateline or "", ()):
            if entry.entity.country:
                return entry.entity.country
        counts: Counter[str] = Counter()
        for nominal in self.nominals.values():
            if nominal.head > HOME_TOKENS:
                break
            if nominal.entries:
                line = self._entry(nominal.entries).entity
                if line.country and line.kind in {"country", "place", "region", "organisation"}:
                    counts[line.country] += 1
        ranked = counts.most_common(2)
        if not ranked or ranked[0][1] < 2 or (len(ranked) > 1 and ranked[1][1] == ranked[0][1]):
            return None
        return ranked[0][0]

    def _takes_up_state(self, nominal: Nominal) -> bool:
        head = self.doc[nominal.head]
        if (
            nominal.label != "NOMINAL"
            or head.tag_ != "NN"
            or fold_lemma(head.lemma_) not in word_class("STATENOUN")
        ):
            return False
        return self._definite(nominal) and not self._affiliations(head)[0]

    def _noun(self, nominal: Nominal) -> str:
        """Give the words that say what a described body or group is, without states and
        determiners."""
        head = self.doc[nominal.head]
        lemma = fold_lemma(head.lemma_)
        if lemma in word_class("GOVERNMENT"):
            return "government"
        words = []
        for token in self.doc[nominal.start : nominal.head + 1]:
            here = self.nominals.get(token.i)
            named = (
                here is not None
                and here.entries
                and token.i != head.i
                and not is_opposed(self.doc, self.nominals[token.i])
            )
            if (
                named
                or token.is_punct
                or token.pos_ in {"DET", "NUM", "PRON", "PART", "ADV", "CCONJ"}
                or token.text in {"'s", "’s"}
            ):
                continue
            if here is None and token.ent_type_ and token.i != head.i:
                continue
            words.append(
                token.lower_ if token.i == head.i or token.pos_ != "PROPN" else token.text.lower()
            )
        return " ".join(words) or head.lower_

    def _definite(self, nominal: Nominal) -> bool:
        before = [self.doc[nominal.start - 1]] if nominal.start > 0 else []
        return any(
            t.lower_ in {"the", "its", "his", "their"}
            for t in (*before, *self.doc[nominal.head].children)
        )

    def _is_state_body(self, nominal: Nominal) -> bool:
        assert nominal.agent is not None
        return (
            nominal.agent.sector in {"GOV", "MIL", "LEG", "JUD", "COP", "SPY"}
            and nominal.agent.kind != "group"
        )

    def _thing(self, nominal: Nominal, depth: int) -> Named:
        country, _ = self._affiliation(self.doc[nominal.head], depth)
        words = [t.text for t in self.doc[nominal.start : nominal.end] if t.pos_ != "DET"]
        return Named(
            make_entity(" ".join(words) or self.doc[nominal.head].text, "thing", country, None),
            "description",
        )

    # -- what the surroundings say

    def _sentence_places(self) -> dict[int, str]:
        """Map each sentence's start to the one state that it names as a place ("in Cairo")."""
        found: dict[int, set[str]] = {}
        for nominal in self.nominals.values():
            token = self.doc[nominal.head]
            if (
                not nominal.entries
                or token.dep_ != "pobj"
                or token.head.lower_ not in {"in", "at", "near", "outside", "across", "of", "from"}
            ):
                continue
            line = self._entry(nominal.entries).entity
            if line.country and line.kind in {"country", "place", "region"}:
                found.setdefault(token.sent.start, set()).add(line.country)
        return {start: next(iter(states)) for start, states in found.items() if len(states) == 1}

    def _only_states(self) -> dict[int, str]:
        """Map each sentence's start to the state it is at home in, where only one can be meant.

        A state that acts, is acted on or addressed is a party, not where the others belong; nor do
        companies, papers and persons lend anybody their state.
        """
        found: dict[int, set[str]] = {}
        parties: dict[int, set[str]] = {}
        for nominal in self.nominals.values():
            if not nominal.entries:
                continue
            token = self.doc[nominal.head]
            line = self._entry(nominal.entries).entity
            if not line.country or line.kind not in {"country", "place", "region", "organisation"}:
                continue
            # "Russian contractors" in an object says nothing of who acts
            modifies = token.dep_ in {"amod", "compound", "nmod", "poss"} and token.head.dep_ in {
                "nsubj",
                "nsubjpass",
                "appos",
                "poss",
                "ROOT",
                "conj",
            }
            aside = token.dep_ == "pobj" and token.head.lower_ in {"in", "at", "near", "across"}
            side = found if modifies or aside else parties
            side.setdefault(token.sent.start, set()).add(line.country)
        only = {start: states for start, states in found.items() if len(states) == 1}
        return {
            start: next(iter(states))
            for start, states in only.items()
            if not states & parties.get(start, set())
        }

    def _states_so_far(self) -> dict[int, tuple[str, int]]:
        """Map each nominal to the state that was named last before it, and where.

        What only meets somebody else's thing ("the Polish border", "gas to Poland") is passed over.
        """
        found: dict[int, tuple[str, int]] = {}
        last: tuple[str, int] | None = None
        for head, nominal in self.nominals.items():
            if last is not None:
                found[head] = last
            if not nominal.entries:
                continue
            line = self._entry(nominal.entries).entity
            token = self.doc[head]
            aside = token.dep_ == "pobj" and token.head.lower_ in {"to", "with", "against"}
            if line.country and line.kind not in {"company", "media"} and not aside:
                last = (line.country, head)
        return found
