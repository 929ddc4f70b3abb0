"""Which states a text is about: what may be said of people and bodies whose state it leaves out.

All that is taken from here is a guess with a ground in the text, and noted as one.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import NamedTuple

from kg.entities.context import STATE_SECTORS, Context
from kg.lexicon import word_class
from kg.mentions import Nominal
from kg.parse import Token

__all__ = ["Setting"]

STATES_BACK = 20  # namings of states in which one of a certain sort is looked for
HOME_TOKENS = 160  # headline and lead: what an article is about is named there
OWN_BODY_ACTS, ACTS, FILED = 3, 2, 2
"""What a naming in the lead and a dateline count; any other naming counts one."""
ROAMING = frozenset({"UAF", "CRM", "JRN", "SPY"})
"""Sectors whose people act in other states than their own."""
PLACED = frozenset({"country", "place", "region"})
WHERE = frozenset("in at near outside across of from".split())
ASIDE = frozenset("to with against".split())
LOCATION = frozenset("in at near across".split())
MODIFIERS = frozenset({"amod", "compound", "nmod", "poss"})
SUBJECTS = frozenset("nsubj nsubjpass appos poss ROOT conj".split())
NATIONAL = frozenset({"GOV", "MIL", "LEG", "SPY"})
TOLD = frozenset({"ccomp", "pcomp"})


class Place(NamedTuple):
    """A state that a sentence names as a place, and the head of its name."""

    state: str
    head: int


def told_of(token: Token) -> Token | None:
    """Find the clause under a verb of speech, or behind a preposition, that a token stands in."""
    while token.dep_ not in TOLD:
        if token.head.i == token.i:
            return None
        token = token.head
    return token


class Setting:
    """The states that a document's sentences are set in, and the one that it is at home in.

    Attributes:
        short: heads of names that stand for fuller ones of the text, which have their own state.
        places: start of a sentence -> the one state that it names as a place ("in Cairo"), where.
        only_state: start of a sentence -> the one state that its people can belong to.
        last_state: head of a nominal -> the state named last before it, and where.
        filed: the state of the dateline.
        home: the foremost state, else that of the dateline.
        foremost: the state that the head of the text is most about; None where two are even.
        single: the only state that the whole text names; None where there are more, or it was filed
            from another.
    """

    def __init__(
        self, context: Context, dateline: str | None, short: frozenset[int] = frozenset()
    ) -> None:
        self.context = context
        self.short = short
        self.places = self._places()
        self.only_state = self._only_states()
        self.last_state = self._states_so_far()
        self.filed = self._filed(dateline)
        self.foremost = self._foremost(self.filed)
        self.home = self._home(self.filed, dateline or "")
        single = self._single()
        self.single = single if self.filed is None or single == self.home else None

    def around(self, nominal: Nominal) -> str | None:
        """Guess the state of somebody whose text names none: the place, else, for who acts, the
        only state that the sentence is at home in.
        """
        head = self.context.doc[nominal.head]
        roams = nominal.agent is not None and nominal.agent.sector in ROAMING
        if roams or (nominal.agent is not None and self.context.is_in(head, "ROAMING")):
            return None
        place = self.places.get(head.sent.start)
        if place is not None and not (self.home and self._is_told_of(place.head, nominal)):
            return place.state
        acts = head.dep_ in {"nsubj", "nsubjpass", "conj", "pobj", "ROOT"}
        acts = acts and not self._is_counted_object(head)
        only = self.only_state.get(head.sent.start) if acts else None
        if only is not None:
            return only
        if self._serves_state(nominal):
            return self.home or self.single
        return self._residence(nominal)

    @staticmethod
    def _is_counted_object(head: Token) -> bool:
        """Tell the measured people whom an act is done to ("killed dozens of civilians")."""
        of = head.dep_ == "pobj" and head.head.lower_ == "of"
        return of and head.head.head.dep_ == "dobj"

    def _residence(self, nominal: Nominal) -> str | None:
        """Guess the state of people who act at home: where the text is filed, if it is about it."""
        if not self.context.is_in(self.context.doc[nominal.head], "LOCAL"):
            return None
        return self.single or (self.home if self.home == self.foremost else None)

    def before(self, nominal: Nominal) -> str | None:
        """Find the state of "the government": the last one named in its sentence, else the home
        state; "the capital" is the home state's first."""
        if self.context.is_in(self.context.doc[nominal.head], "CAPITAL") and self.home:
            return self.home
        sentence = self.context.doc[nominal.head].sent
        here = self.last_state.get(nominal.head)
        if here is not None and here[1] >= sentence.start:
            return here[0]
        return self.home or self.single or (here[0] if here is not None else None)

    def last_among(self, head: int, states: frozenset[str]) -> str | None:
        """Find the one named last before a mention among some states; None where none is near."""
        for _ in range(STATES_BACK):
            state, at = self.last_state.get(head, (None, head))
            if state is None or state in states:
                return state
            head = at
        return None

    @staticmethod
    def _serves_state(nominal: Nominal) -> bool:
        if nominal.agent is not None:
            return nominal.agent.sector in STATE_SECTORS
        return nominal.entity_label == "PERSON"

    def _home(self, filed: str | None, dateline: str) -> str | None:
        """Find the state that the article is at home in: the one its head is about.

        Who serves a state that no sentence names serves this one: "police", "the finance minister".
        Where an article was filed counts too, but a lead about the Sudanese army, filed from
        London, is about Sudan.
        """
        if filed is not None and self.foremost and self._only_sat_in(filed, dateline):
            return self.foremost
        return self.foremost or filed

    def _only_sat_in(self, state: str, dateline: str) -> bool:
        """Tell a dateline of where a body of many states sits ("BRUSSELS - EU leaders ...")."""
        sits = dateline.partition(",")[0].strip().casefold() in word_class("IGOSEAT")
        lines = map(self.context.line, self.context.nominals.values())
        return sits and all(line is None or line.country != state for line in lines)

    def _filed(self, dateline: str | None) -> str | None:
        """Find the state that a dateline names ("Lima", "Lima, Peru")."""
        said = dateline or ""
        for place in (said, *(part.strip() for part in reversed(said.split(",")))):
            for entry in self.context.gazetteer.names.get(place, ()):
                if entry.entity.country:
                    return entry.entity.country
        return None

    def _foremost(self, filed: str | None) -> str | None:
        """Find the state that the head of the text names most; a seat of many states, where it was
        filed, is none.

        Whose bodies act in the lead counts most; then who acts there, and where it was filed. Of
        two even ones the article is filed from one, or one of them acts in the lead, or none is.
        """
        counts: Counter[str] = Counter()
        leading: str | None = None
        lead = self._lead_end()
        for nominal in self.context.nominals.values():
            if nominal.head > HOME_TOKENS:
                break
            line = self.context.line(nominal)
            if line is None or not line.country or line.kind not in PLACED | {"organisation"}:
                continue
            if nominal.head in self.context.generic:
                continue  # "the Senate" in Manila
            weight = self._weight(nominal, lead)
            if weight > 1:
                leading = leading or line.country
            counts[line.country] += weight
        if filed is not None:
            counts[filed] += FILED
        ranked = counts.most_common()
        if not ranked or ranked[0][1] < 2:
            return None
        even = [state for state, count in ranked if count == ranked[0][1]]
        if len(even) == 1:
            return even[0]
        return next((state for state in (filed, leading) if state in even), None)

    def _lead_end(self) -> int:
        """Give the token behind headline and first sentence."""
        sentences = list(islice(self.context.doc.sents, 2))
        return sentences[-1].end if sentences else 0

    def _weight(self, nominal: Nominal, lead: int) -> int:
        """Weigh a naming of a state: more, where it or a body of its own acts in the lead."""
        token = self.context.doc[nominal.head]
        if self.context.is_in(token.head, "EMISSARY", "EMBASSY"):
            return 0  # "the US ambassador asked the army"
        if token.i >= lead:
            return 1
        above = token
        while above.dep_ in MODIFIERS and above.head.i != above.i:
            above = above.head
        acts = above.dep_ in {"nsubj", "nsubjpass"} and told_of(above) is None
        other = self.context.nominals.get(above.i)
        body = other is not None and other.agent is not None
        if above is token:
            return ACTS if acts else 1
        if body and (acts or token.dep_ == "poss"):
            return OWN_BODY_ACTS  # "Mali's president was arrested"
        return 1

    def _single(self) -> str | None:
        """Find the one state that the text names at all, as place, people or body."""
        found = {
            line.country
            for nominal in self.context.nominals.values()
            if (line := self.context.line(nominal)) is not None
            and line.country
            and line.kind in PLACED | {"organisation"}
        }
        return found.pop() if len(found) == 1 else None

    def _is_told_of(self, place: int, nominal: Nominal) -> bool:
        """Tell a place in what somebody who serves a whole state says, or charges others with.

        "Officials in the ministry said that soldiers had died in Mali" makes nobody Malian; police
        and courts speak of what lies in their own district.
        """
        if nominal.agent is not None and nominal.agent.sector not in NATIONAL:
            return False
        told = told_of(self.context.doc[place])
        return told is not None and not told.left_edge.i <= nominal.head <= told.right_edge.i

    def _places(self) -> dict[int, Place]:
        found: dict[int, dict[str, int]] = {}
        for nominal in self.context.nominals.values():
            token = self.context.doc[nominal.head]
            if token.dep_ != "pobj" or token.head.lower_ not in WHERE:
                continue
            line = self.context.line(nominal)
            if line is not None and line.country and line.kind in PLACED:
                found.setdefault(token.sent.start, {}).setdefault(line.country, nominal.head)
        return {
            start: Place(*next(iter(states.items())))
            for start, states in found.items()
            if len(states) == 1
        }

    def _only_states(self) -> dict[int, str]:
        """Map each sentence's start to the state it is at home in, where only one can be meant.

        A state that acts, is acted on or addressed is a party, not where the others belong; nor do
        companies, papers and persons lend anybody their state.
        """
        found: dict[int, set[str]] = {}
        parties: dict[int, set[str]] = {}
        for nominal in self.context.nominals.values():
            line = self.context.line(nominal)
            token = self.context.doc[nominal.head]
            if line is None or not line.country or line.kind not in PLACED | {"organisation"}:
                continue
            # "Russian contractors" in an object says nothing of who acts
            modifier = token.dep_ in {"amod", "compound", "nmod", "poss"}
            modifies = modifier and token.head.dep_ in SUBJECTS
            aside = token.dep_ == "pobj" and token.head.lower_ in LOCATION
            aside = aside and told_of(token) is None
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

        What only meets somebody else's thing ("the Polish border", "gas to Poland") is passed over,
        and so is whose a diplomat or refugee is ("the US ambassador asked the army").
        """
        found: dict[int, tuple[str, int]] = {}
        last: tuple[str, int] | None = None
        for head, nominal in self.context.nominals.items():
            if last is not None:
                found[head] = last
            line = self.context.line(nominal)
            token = self.context.doc[head]
            aside = token.dep_ == "pobj" and token.head.lower_ in ASIDE
            aside |= token.dep_ in MODIFIERS and self.context.is_in(
                token.head, "EMISSARY", "EMBASSY", "ABROAD"
            )
            if (
                line is not None
                and line.country
                and line.kind not in {"company", "media"}
                and head not in self.short
                and not aside
            ):
                last = (line.country, head)
        return found
