"""Bodies and groups without a name of their own: "Syrian government", "rebels", "UN peacekeepers".

A described body is named by its state or by the body it belongs to, and its noun.
"""

from __future__ import annotations

from functools import cached_property
from itertools import takewhile
from typing import Protocol

from kg.clauses import SUBJECTS, noun_obliques
from kg.coreference.binding import coarguments
from kg.entities.context import Context
from kg.entities.records import Named, entity_of_line, make_entity
from kg.entities.setting import PLACED, Setting
from kg.gazetteer import surname
from kg.lexicon import fold_lemma, word_class
from kg.mentions import Nominal, is_opposed
from kg.model import Entity, working_record
from kg.parse import Token

__all__ = ["Affiliation", "Describer"]

STATELESS = frozenset({"igo", "ngo"})
BODIES = frozenset({"organisation", "armed_group", "igo", "ngo", "media", "company"})
STATE_BODIES = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY"})
SEATED = frozenset("in from near at inside".split())
MEASURED = frozenset("CARDINAL ORDINAL QUANTITY PERCENT MONEY DATE TIME".split())
MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})
DEFINITES = frozenset("the its his her their this".split())
PLAIN = frozenset({"GOV", "UNK", "CVL", None})
"""Sectors of nouns that say less than the body they serve: a Hamas official is no government's."""

OF_A_STATE = frozenset({"person", "group", "country", "place"})
"""Kinds of owners whose state may be guessed where none is named."""
EPONYMS = frozenset({"country", "place", "person", "media", "company"})
"""Kinds of what bodies are called after."""
UNGUESSED = ("COALITION", "AIRCRAFT", "VEHICLE", "WARSHIP", "EMISSARY")
"""Classes of nouns for what is of several states, or serves or moves far from its own."""
FACING = frozenset({"with", "against", "to", "by"})


class Resolver(Protocol):
    """What tells the entities of other nominals."""

    def resolve(self, head: int, depth: int = 0) -> tuple[Named, ...]:
        """Give what a nominal names, by its head and how deep the search is already."""


@working_record
class Affiliation:
    """Whose a noun phrase says that somebody is.

    Attributes:
        states: alpha-3 codes, the first named first ("Hungarian and Romanian officials").
        body: organisation, group or bloc that is named as the owner; None for a state.
        stateless: a body of no state is named.
        owned: an owner is named, known or not; nothing is to be guessed then.
        guessed: the owner's own state is guessed ("the army's chief").
    """

    states: tuple[str, ...] = ()
    body: Entity | None = None
    stateless: bool = False
    owned: bool = False
    guessed: bool = False

    @property
    def state(self) -> str | None:
        """The first state."""
        return self.states[0] if self.states else None

    @property
    def sector(self) -> str | None:
        """The sector of the body."""
        return self.body.sector if self.body is not None else None


class Describer:
    """Names what is described, with the help of what the other nominals name."""

    def __init__(self, context: Context, setting: Setting, resolver: Resolver) -> None:
        self.context = context
        self.setting = setting
        self.resolver = resolver

    # -- whose somebody is

    def affiliation(self, head: Token, depth: int = 0) -> Affiliation:
        """Find the states and the body that a noun phrase names as its own."""
        stateless = owned = False
        body: Entity | None = None
        led, owned = self._participle(head)
        speaks = self.context.is_in(head, "SPEAKSFOR")  # an army's spokesman is the army's
        for token in (*led, *self._owners(head)):
            nominal = self.context.nominals[token.i]
            if token.i == head.i or is_opposed(self.context.doc, nominal):
                continue
            found = [
                n for n in self.resolver.resolve(token.i, depth + 1) if n.entity.kind != "thing"
            ]
            is_name = nominal.label == "NAME" or (speaks and nominal.agent is not None)
            owned |= nominal.label == "PRONOUN" and not any(
                n.entity.kind in OF_A_STATE for n in found
            )
            owned |= any(named.entity.kind == "region" for named in found)
            owned |= is_name and nominal.entity_label in {"ORG", "GPE"}
            here = next((n.entity for n in found if is_name and n.entity.kind in BODIES), None)
            stateless |= here is not None and here.kind in STATELESS
            body = body or here
            states = [named.entity.country for named in found if named.entity.country]
            if states:
                states += self._conjoined(token, head, depth)
                guessed = any(named.guessed for named in found)
                return Affiliation(tuple(dict.fromkeys(states)), here, stateless, True, guessed)
        seat = None if stateless else self._seat(head, depth) or self.state_in_name(head)
        return Affiliation((seat,) if seat else (), body, stateless, owned)

    def _owners(self, head: Token) -> list[Token]:
        """Give what can be an owner: modifiers, possessors, "of" and "from" phrases,
        "for" of who speaks for somebody.

        A name says more than a pronoun: "our Russian counterparts" are Russian.
        """
        context = self.context
        known = context.nominals
        inside = [t for t in context.doc[context.start(head) : head.i] if t.i in known]
        if head.dep_ in {"compound", "nmod"}:  # "Russian Defence Ministry spokesman"
            inside += [t for t in head.head.lefts if t.i < head.i and t.dep_ in MODIFIERS]
            inside = [t for t in inside if t.i in known]
        holders = [child for child in head.children if child.dep_ == "poss"]
        speaks = context.is_in(head, "SPEAKSFOR")
        if not context.is_in(head, "OTHERSIDE"):  # Iran's ally is not Iran's own
            inside += [t for holder in holders for t in holder.subtree if t.i in known]
            inside += [
                context.doc[i]
                for prep, _, i in self._phrases(head)
                if i in known and (prep in {"of", "from"} or (prep == "for" and speaks))
            ]
        else:
            theirs = {t.i for holder in holders for t in holder.subtree}
            inside = [token for token in inside if token.i not in theirs]
        inside.sort(key=lambda token: known[token.i].label == "PRONOUN")
        return inside

    @staticmethod
    def _phrases(head: Token) -> list[tuple[str, int, int]]:
        """List a noun's phrases, and the "of" inside an "of": "the Ministry of Health of Suran"."""
        found = list(noun_obliques(head))
        inner = [i for prep, _, i in found if prep == "of"]
        return found + [o for i in inner for o in noun_obliques(head.doc[i]) if o[0] == "of"]

    def _participle(self, head: Token) -> tuple[list[Token], bool]:
        """Read a compound with a participle: "Saudi-led forces" are Saudi, "Saudi-backed" ones
        are not, nor anybody's in sight.

        Returns:
            The leader's name, where one leads; whether there is such a compound at all.
        """
        doc = self.context.doc
        for at in range(max(2, self.context.start(head) - 1), head.i):
            if doc[at - 1].text != "-" or at - 2 not in self.context.nominals:
                continue
            if doc[at].lower_ in word_class("LEDBY"):
                return [doc[at - 2]], True
            if doc[at].tag_ in {"VBN", "VBD", "JJ"} and doc[at].lower_.endswith("ed"):
                return [], True
        return [], False

    def _conjoined(self, token: Token, head: Token, depth: int) -> list[str]:
        doc = self.context.doc
        joined = token.i + 2 < head.i and doc[token.i + 1].text in {"-", "–", "/"}
        return [
            named.entity.country
            for other in [*token.conjuncts, *(doc[token.i + 2 : token.i + 3] if joined else ())]
            if token.i < other.i and (other.i < head.i or token.i > head.i)
            for named in self.resolver.resolve(other.i, depth + 1)
            if named.entity.country
        ]

    def state_in_name(self, head: Token) -> str | None:
        """Read the state off a body's own name ("Nigerian Union of Teachers", "Baghdad
        University", "Nelson Mandela Foundation")."""
        nominal = self.context.nominals.get(head.i)
        if nominal is None or not (head.is_title or head.is_upper):
            return None
        names = self.context.gazetteer.names
        words = [
            t.text for t in self.context.doc[nominal.start : nominal.end] if t.text[:1].isupper()
        ]
        for start in range(len(words)):
            for length in (3, 2, 1):
                entries = names.get(" ".join(words[start : start + length]), ())
                if length == len(words):
                    continue
                kinds = EPONYMS if length > 1 else EPONYMS - {"person"}
                lines = [entry.entity for entry in entries if entry.entity.kind in kinds]
                if lines and lines[0].country:
                    return lines[0].country
        return None

    def _seat(self, head: Token, depth: int) -> str | None:
        """Find the state that a phrase of place inside a noun phrase names ("rebels in Darfur",
        "a group based in Trinidad"), or whose man somebody is ("militants loyal to")."""
        clauses = [c for c in head.children if c.dep_ in {"acl", "relcl", "amod"} and c.i > head.i]
        for holder in (head, *clauses):
            if holder.i != head.i and self.context.is_in(holder, "FLEE"):
                fled = self._fled(holder, depth)
                if fled is not None:
                    return fled
            if holder.i != head.i and holder.lemma_ not in word_class("DWELL"):
                continue
            for prep, _, i in noun_obliques(holder):
                found = [n.entity for n in self.resolver.resolve(i, depth + 1)]
                state = found[0].country if found else None
                loyal = prep == "to" and holder.i != head.i
                if state and (loyal or (prep in SEATED and found[0].kind in PLACED)):
                    return state
        return None

    def _fled(self, verb: Token, depth: int) -> str | None:
        """Give the state that people flee: "refugees fleeing Syria", "fleeing war in Darfur"."""
        objects = [c.i for c in verb.children if c.dep_ == "dobj"]
        objects += [i for prep, _, i in noun_obliques(verb) if prep in {"from", "in"}]
        for i in objects:
            found = [n.entity for n in self.resolver.resolve(i, depth + 1)]
            if found and found[0].kind in PLACED and found[0].country:
                return found[0].country
            inside = self.affiliation(self.context.doc[i], depth + 1).state
            if inside is not None:
                return inside
        return None

    # -- what it is called

    def describe(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Name a body or group by its state or body and noun: "Syrian government", "rebels"."""
        assert nominal.agent is not None
        head = self.context.doc[nominal.head]
        theirs = self.affiliation(head, depth)
        noun = self._noun(nominal)
        holder = self._in_office(nominal, theirs, noun) or self._counterpart(nominal, theirs)
        holder = holder or self._leader(nominal, theirs, noun)
        if holder is not None:
            return (holder,)
        states, rule, guessed = theirs.states, "description", theirs.guessed
        if not states and not theirs.owned and not self._is_of_many(nominal, theirs):
            guess, ground = self._guess(self._served(nominal) or nominal, depth)
            if guess is not None:
                states, rule, guessed = (guess,), ground, True
                holder = self._in_office(nominal, Affiliation(states), noun)
                if holder is not None and self.is_definite(nominal):
                    return (Named(holder.entity, holder.rule, guessed=True),)
        found = [Named(n.entity, "description") for n in self._bodies_beside(nominal, depth)]
        for country in states or (None,):
            entity = self._entity(nominal, noun, country, theirs)
            found.append(Named(entity, rule, guessed))
        return tuple(found)

    def _guess(self, nominal: Nominal, depth: int) -> tuple[str | None, str]:
        """Guess the state of somebody whose noun phrase names none, with the ground for it."""
        shared = self._shared(nominal, depth)
        if shared is not None:
            return shared, "conjunct"
        definite = self.is_definite(nominal) and self._is_state_body(nominal)
        guess = self.setting.before(nominal) if definite else self.setting.around(nominal)
        if guess is not None and self._faces(nominal, guess):
            home = self.setting.home
            guess = None if home is None or self._faces(nominal, home) else home
        return guess, "definite:state" if definite else "place"

    def _faces(self, nominal: Nominal, state: str) -> bool:
        """Tell that somebody deals with a state, so that it isn't his own.

        "The army chief visited Norland", "the government blamed Norland"; of those who meet, one is
        of another state: "the Norlandic minister met the president".
        """
        head, context = self.context.doc[nominal.head], self.context
        while head.dep_ in MODIFIERS and head.head.i > head.i:
            head = head.head  # "the army chief"
        for i in coarguments(head):
            other = context.doc[i]
            if head.dep_ in SUBJECTS and other.dep_ in SUBJECTS:
                continue  # a broken parse: "a court in the capital Suran ordered"
            if self._fights(other, state):
                return True
            if other.dep_ == "pobj" and other.head.lower_ not in FACING:
                continue
            line = context.line(context.nominals.get(i))
            if line is not None and line.kind == "country" and line.country == state:
                return True
            if not context.is_in(other.head, "MEETVERB"):
                continue
            lines = (context.line(context.nominals.get(t.i)) for t in other.subtree if t.i <= i)
            if any(line is not None and line.country == state for line in lines):
                return True
        return False

    def _fights(self, combat: Token, state: str) -> bool:
        """Tell whether a fight is with forces of a state ("died in a clash with Suranese troops"):
        the others are not its own."""
        if not self.context.is_in(combat, "COMBAT"):
            return False
        for prep, _, i in noun_obliques(combat):
            enemy = self.context.nominals.get(i)
            if prep not in FACING or enemy is None or enemy.agent is None:
                continue
            if enemy.agent.sector in STATE_BODIES:
                lines = (self.context.line(self.context.nominals.get(t.i)) for t in combat.subtree)
                if any(line is not None and line.country == state for line in lines):
                    return True
        return False

    def _is_of_many(self, nominal: Nominal, theirs: Affiliation) -> bool:
        """Tell bodies of several states, and things that go anywhere: nobody guesses whose.

        "The coalition", "a regional peacekeeping force", "warplanes".
        """
        head = self.context.doc[nominal.head]
        if theirs.stateless or self.context.is_in(head, *UNGUESSED):
            return True
        if head.tag_ == "NNS" and self.context.is_in(head, "STATENOUN"):
            return True
        noun = nominal.agent.noun.split() if nominal.agent is not None else []
        return any(
            token.lower_ in word_class("MULTINATIONAL") and token.lower_ not in noun
            for token in self.context.doc[nominal.start : nominal.head]
        )

    def _shared(self, nominal: Nominal, depth: int) -> str | None:
        """Give a bare conjunct the state of the first: "Iraqi soldiers and police"."""
        head = self.context.doc[nominal.head]
        first = head.head
        if head.dep_ != "conj" or any(child.dep_ in {"det", "poss"} for child in head.children):
            return None
        if nominal.agent is None or nominal.agent.sector not in STATE_BODIES:
            return None
        modified = any(child.dep_ in {"amod", "compound", "nmod"} for child in first.lefts)
        other = self.context.nominals.get(first.i)
        if not modified or other is None or other.label != "NOMINAL":
            return None
        return self.affiliation(first, depth + 1).state

    def _entity(
        self, nominal: Nominal, noun: str, country: str | None, theirs: Affiliation
    ) -> Entity:
        assert nominal.agent is not None
        head = self.context.doc[nominal.head]
        many = head.tag_ in {"NNS", "NNPS"} and nominal.agent.kind == "person"
        kind = "group" if many else nominal.agent.kind
        adjective = self.context.gazetteer.adjectives.get(country or "")
        name = noun
        if theirs.body is not None and theirs.body.name != noun:
            name = _joined(theirs.body.name, noun)
            if theirs.stateless and kind != "person":
                kind = theirs.body.kind
        elif adjective and not noun.startswith((adjective, self._state_name(country))):
            name = _of_state(adjective, noun)
        return make_entity(name, kind, country, self._sector(nominal, theirs))

    def _state_name(self, country: str | None) -> str:
        line = self.context.country(country)
        return line.name if line is not None else "\0"

    def _served(self, nominal: Nominal) -> Nominal | None:
        """Find the body without a name that an officer is of ("the president of congress")."""
        assert nominal.agent is not None
        if nominal.agent.kind != "person":
            return None
        for prep, _, i in noun_obliques(self.context.doc[nominal.head]):
            body = self.context.nominals.get(i)
            if prep != "of" or body is None or body.label != "NOMINAL" or body.agent is None:
                continue
            many = self.context.doc[i].tag_ in {"NNS", "NNPS"}  # "the commander of the rebels"
            if not self.context.is_in(self.context.doc[i], "STATENOUN"):
                return body if many or body.agent.kind != "person" else None
        return None

    def _sector(self, nominal: Nominal, theirs: Affiliation) -> str | None:
        """Give the sector of a described body: its noun's, or that of the body it serves."""
        assert nominal.agent is not None
        head, own = self.context.doc[nominal.head], nominal.agent.sector
        before = self.context.doc[nominal.start : nominal.head]
        if any(token.lower_ in word_class("BYGONE") for token in before):
            return "ELI"
        if self.context.is_in(head, "UNIFORMED") and own == "MIL" and self._is_about_police:
            return "COP"
        if own == "MIL" and theirs.sector == "BUS":
            return "BUS"  # "Ryanair jets", "Blackwater guards": a company's, whatever they do
        if own in PLAIN | {"BUS"} and theirs.sector is not None:
            return theirs.sector
        served = self._served(nominal)
        serving = served.agent.sector if served is not None and served.agent is not None else None
        return serving if serving not in PLAIN else own

    @cached_property
    def _is_about_police(self) -> bool:
        """Tell whether the text's forces are the police: "officers" are theirs then."""
        sectors = [
            nominal.agent.sector
            for nominal in self.context.nominals.values()
            if nominal.agent is not None
            and not self.context.is_in(self.context.doc[nominal.head], "UNIFORMED")
        ]
        return sectors.count("COP") > sectors.count("MIL")

    def _in_office(self, nominal: Nominal, theirs: Affiliation, noun: str) -> Named | None:
        """Find who held the office that a phrase names on the article's day ("the US president").

        Only where text and table leave one person: the office alone, of one state or body, no
        "former", "next" or "deputy" before it.
        """
        context, head = self.context, self.context.doc[nominal.head]
        owner = theirs.body.name if theirs.body is not None else theirs.state
        one = head.tag_ in {"NN", "NNP"} and len(theirs.states) < 2
        indefinite = any(child.lower_ in {"a", "an"} for child in head.children)
        if owner is None or context.day is None or not one or indefinite:
            return None
        if self._served(nominal) is not None:
            return None  # "the president of congress" is not the state's
        holders = context.gazetteer.holders(owner, noun, context.day)
        if len(holders) != 1:
            return None
        return Named(entity_of_line(holders[0], role=noun), "office")

    def _leader(self, nominal: Nominal, theirs: Affiliation, noun: str) -> Named | None:
        """Take "the Turkish leader" for who leads that state on the day, if the text names him."""
        context = self.context
        if noun != "leader" or theirs.body is not None or len(theirs.states) != 1:
            return None
        if context.day is None or not self.is_definite(nominal):
            return None
        leaders = {
            term.holder.identity: term
            for line in context.persons
            if line.country == theirs.state
            for term in context.gazetteer.surnames.get(surname(line.name), ())
            if term.holder.identity == line.identity
            and term.holds_on(context.day)
            and word_class("LEADER") & set(term.titles)
        }
        if len(leaders) != 1:
            return None
        term = next(iter(leaders.values()))
        return Named(entity_of_line(term.holder, role=term.titles[0]), "office")

    def _counterpart(self, nominal: Nominal, theirs: Affiliation) -> Named | None:
        """Find who holds the same office on the other side ("his Russian counterpart"); for a
        body, what is its like there."""
        context, head = self.context, self.context.doc[nominal.head]
        if fold_lemma(head.lemma_) != "counterpart" or head.tag_ != "NN" or not theirs.state:
            return None
        owners = [c.i for c in head.children if c.dep_ == "poss" and c.i in context.nominals]
        found = [named.entity for i in owners for named in self.resolver.resolve(i, 1)]
        if len(found) != 1:
            return None
        owner = found[0]
        if owner.kind == "person":
            held = [
                title
                for term in context.gazetteer.surnames.get(surname(owner.name), ())
                if term.holder.name == owner.name and context.day and term.holds_on(context.day)
                for title in term.titles
            ]
            others = [context.gazetteer.holders(theirs.state, t, context.day) for t in held]
            likely = {
                line.identity: (line, t) for t, o in zip(held, others, strict=True) for line in o
            }
            if len(likely) != 1:
                return None
            line, title = next(iter(likely.values()))
            return Named(entity_of_line(line, role=title), "office")
        adjective = context.gazetteer.adjectives.get(theirs.state)
        if owner.kind != "organisation" or adjective is None:
            return None
        name = f"{adjective} counterpart"
        return Named(make_entity(name, owner.kind, theirs.state, owner.sector), "description")

    def _bodies_beside(self, nominal: Nominal, depth: int) -> list[Named]:
        """Give bodies of no state conjoined with a state before the noun ("British and EU
        negotiators")."""
        found = []
        for token in self.context.doc[nominal.start : nominal.head]:
            line = self.context.line(self.context.nominals.get(token.i))
            if line is not None and token.conjuncts and line.kind == "igo":
                found += list(self.resolver.resolve(token.i, depth + 1))
        return found

    def member(self, nominal: Nominal, depth: int) -> tuple[Named, ...]:
        """Take a group's fighters for the group ("Daesh terrorists", "the Hezbollah group")."""
        sector = nominal.agent.sector if nominal.agent is not None else "REB"
        kinds = {"armed_group"} if sector in {"REB", "UAF", "CRM", "MIL", None} else set()
        if self.context.is_in(self.context.doc[nominal.head], "GROUPNOUN"):
            kinds = {"armed_group", "igo", "ngo"}  # "the ECOWAS regional bloc"
        for token in self.context.doc[nominal.start : nominal.head]:
            line = self.context.line(self.context.nominals.get(token.i))
            if line is not None and line.kind in kinds:
                return tuple(
                    Named(n.entity, "member") for n in self.resolver.resolve(token.i, depth + 1)
                )
        return ()

    def _noun(self, nominal: Nominal) -> str:
        """Give the words that say what a described body or group is, without states and
        determiners."""
        doc, head = self.context.doc, self.context.doc[nominal.head]
        if fold_lemma(head.lemma_) in word_class("GOVERNMENT"):
            return "government"
        common = nominal.agent.noun.split() if nominal.agent is not None else []
        served = self._served(nominal)
        words = [self._noun(served) if served is not None else "", self._prefix(nominal)]
        for token in doc[nominal.start : nominal.head + 1]:
            here = self.context.nominals.get(token.i)
            line = self.context.line(here) if token.i != head.i else None
            if line is not None and here is not None and not is_opposed(doc, here):
                if line.country is None and line.kind in {"group", "region"}:
                    words.append(doc.text_of(here.start, here.end))  # "Kurdish forces": no state's
                continue
            if token.text == "-" and words[-1]:
                words[-1] += "-"
                continue
            small = token.pos_ in {"DET", "NUM", "PRON", "PART", "ADV", "CCONJ"}
            covered = token.i != head.i and here is None
            covered &= token.ent_type_ in MEASURED or self._in_name(token, nominal)
            numeral = token.dep_ == "quantmod"  # "tens of thousands"
            if token.is_punct or small or covered or numeral or token.text in {"'s", "’s"}:
                continue
            named = token.ent_type_ and token.i != head.i and token.lower_ not in common
            words.append(token.text if named else token.lower_)
        said = " ".join(word for word in words if word)
        return said.replace("- ", "-") or head.lower_

    def _prefix(self, nominal: Nominal) -> str:
        """Give the name that a participle is compounded with ("Iran-backed militias")."""
        doc, start = self.context.doc, nominal.start
        if start < 2 or doc[start - 1].text != "-":
            return ""
        return f"{doc[start - 2].text}-"

    def _in_name(self, token: Token, nominal: Nominal) -> bool:
        """Tell whether a word is part of another nominal's name."""
        return any(
            other.start <= token.i < other.end and other.label in {"NAME", "ADJECTIVE"}
            for at in range(token.i + 1, nominal.head)
            if (other := self.context.nominals.get(at)) is not None
        )

    def is_definite(self, nominal: Nominal) -> bool:
        """Tell whether a phrase takes up something known ("the government", "its army")."""
        before = [self.context.doc[nominal.start - 1]] if nominal.start > 0 else []
        children = self.context.doc[nominal.head].children
        return any(token.lower_ in DEFINITES for token in (*before, *children))

    @staticmethod
    def _is_state_body(nominal: Nominal) -> bool:
        assert nominal.agent is not None
        return nominal.agent.sector in STATE_BODIES and nominal.agent.kind != "group"


def _of_state(adjective: str, noun: str) -> str:
    """Put a state's adjective before a noun, behind postdeterminers (Quirk et al. 1985, 5.20).

    >>> _of_state("Syrian", "other armed groups")
    'other Syrian armed groups'
    """
    words = noun.split()
    before = list(takewhile(word_class("POSTDETERMINER").__contains__, words[:-1]))
    return " ".join([*before, adjective, *words[len(before) :]])


def _joined(owner: str, noun: str) -> str:
    """Put a noun behind its owner's name, what both say once.

    >>> _joined("Sudanese army", "army spokesman")
    'Sudanese army spokesman'
    """
    rest = noun.removeprefix(owner).split()
    words = owner.lower().split()
    for shared in range(min(len(rest) - 1, len(words)), 0, -1):
        if [word.lower() for word in rest[:shared]] == words[-shared:]:
            rest = rest[shared:]
            break
    return " ".join([owner, *rest])
