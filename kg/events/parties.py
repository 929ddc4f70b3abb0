"""Who acts and on whom in one telling: stated first, then opened up, then taken over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeGuard

from kg.coding import Coded, code_frame
from kg.events.frames import VERBS, Frames
from kg.events.nouns import same_act, takes_up
from kg.events.openings import Openings
from kg.events.participants import Participants
from kg.events.roles import PHYSICAL, RECIPROCAL, Roles, asks
from kg.events.telling import Telling
from kg.lexicon import fold_lemma, word_class
from kg.model import working_record

__all__ = ["Found", "Parties"]

POSSESSIVES = frozenset({"its", "his", "her", "their", "our"})
HOSTILE_WORDS = frozenset({"PROTEST", "ACCUSE", "REQUEST", "REJECT"})
MEASURES = frozenset({"CONCEDE", "SANCTION", "RETREAT", "COERCE"})
ANAPHORA_TOKENS = 400  # "the strikes" takes up what was told at most this far back


@working_record
class Found:
    """Who acts and on whom, with what a rule filled in and what the event is about."""

    actor: tuple[int, ...]
    target: tuple[int, ...]
    inferred: tuple[str, ...]
    concerns: int | None


class Parties:
    """Finds the parties of one document's predicates.

    Attributes:
        recent: what was told so far, for event nouns that take it up.
    """

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.doc = frames.doc
        self.participants = Participants(frames)
        self.roles = Roles(frames, self.participants)
        self.openings = Openings(self.roles, self.participants)
        self.recent: list[Telling] = []

    def find(self, head: int, core: int, coded: Coded) -> Found:
        """Find who acts and on whom: stated first, then taken from what the event is about."""
        inferred: list[str] = []
        actor = self.roles.actor(core, coded)
        if core != head and core not in self.frames.carrier and not actor:
            subjects = self.frames.grammar.clause(head).subjects
            actor = [h for i in subjects for h in self.participants.agents(i)]
        target = self.roles.target(core, coded, actor)
        if not actor:
            actor, guessed = self._acting(head, core, coded, target)
            inferred += ["actor"] if guessed else []
        concerns = self._concern(head, core)
        target = [h for h in target if not self._is_reciprocal(h)]
        clauses = [self.frames.grammar.clause(h) for h in {head, core}]
        each = any(self._is_reciprocal(i) for clause in clauses for i in clause.arguments)
        if each and len(actor) == 1:
            return Found(tuple(actor), (), tuple(sorted(inferred)), concerns)
        things = all(h in self.participants.owned for h in target)  # "on the Irish border"
        if things and len(actor) > 1 and (each or self._mutual(head, coded)):
            both = coded.code.event in RECIPROCAL
            actor, target = (actor, []) if both else (actor[:1], actor[1:])
            return Found(tuple(actor), tuple(target), tuple(sorted(inferred)), concerns)
        signed = self._between(head, coded, target) if not actor else []
        if signed:
            return Found(tuple(signed[:1]), tuple(signed[1:]), tuple(sorted(inferred)), concerns)
        if not target:
            target, guessed = self._acted_on(core, coded, actor, concerns)
            inferred += ["target"] if guessed else []
        return Found(tuple(actor), tuple(target), tuple(sorted(inferred)), concerns)

    def _between(self, head: int, coded: Coded, target: Sequence[int]) -> list[int]:
        """Find the two who make a pact that "was signed": "the Norland-Suran deal", "a deal between
        them"."""
        clause = self.frames.grammar.clause(head)
        if not clause.passive or not self._mutual(head, coded):
            return []
        named = [h for i in clause.objects for h in self.participants.modifying_names(i)]
        pair = list(target) or named or [h for i in clause.objects for h in self._event_owner(i)]
        return pair if len(pair) > 1 else []

    def _acting(
        self, head: int, core: int, coded: Coded, target: Sequence[int]
    ) -> tuple[list[int], bool]:
        """Find who acts beyond the predicate's slots, and whether the text leaves it unsaid."""
        named = self.openings.named_subject(head) if "subj" in (coded.actor or ("subj",)) else []
        named = [h for h in named if h not in target]
        if named:
            return named, False
        inherited = [h for h in self._inherited(core) if h not in target]
        if inherited:
            return inherited, True
        meeting = [h for h in self._convened(head) if h not in target]
        if meeting:
            return meeting, False
        wielded = [h for h in self.openings.instrument(core, coded) if h not in target]
        if wielded:
            return wielded, False
        moved = [h for h in self.openings.moved(core, coded) if h not in target]
        if moved:
            return moved, False
        fought = [h for h in self.openings.opponent(core, coded) if h not in target]
        if fought:
            return fought, False
        ruling = [h for h in self.openings.ruler(core, coded) if h not in target]
        return ruling, bool(ruling)

    def _convened(self, head: int) -> list[int]:
        """Take who met for who decides ("the summit between A and B failed to reach a deal")."""
        for i in self.frames.grammar.clause(head).subjects:
            talks = fold_lemma(self.doc[i].lemma_) in word_class("TALKS")
            if talks and i not in self.frames.happening:
                frame = self.frames.frame(i)
                coded = code_frame(frame) if frame is not None else None
                if coded is not None:
                    return self.roles.actor(i, coded)
        return []

    def _acted_on(
        self, core: int, coded: Coded, actor: Sequence[int], concerns: int | None
    ) -> tuple[list[int], bool]:
        """Find whom an act is done to beyond the predicate's slots, and whether only a place
        tells."""
        openings, event = self.openings, coded.code.event
        found = openings.beneficiary(core, coded) if actor else []
        found = found or openings.suspected(core, coded)
        if not found and event not in PHYSICAL and self._is_noun(concerns):
            found = self._concerned(concerns, actor, coded)
        if not found and (actor or event in PHYSICAL):
            found = openings.recipient(core, coded) or openings.thing(core, coded)
        if not found and concerns is not None:
            found = self._concerned(concerns, actor, coded)
        if not found and actor and event == "PROTEST":
            found = self._protested(core, actor)
        if found or not actor:
            return found, False
        local = openings.place(core, coded, actor)
        if local:
            return local, True
        if asks(coded):  # the parties of what is asked for stay inside it
            return [], False
        found = (
            openings.awaited(core, coded, actor)
            or [h for h in openings.counterpart(core, coded) if h not in actor]
            or (openings.judged(core) if event in {"ACCUSE", "REJECT"} else [])
            or self._governed_target(core, coded, actor)
        )
        return (found, False) if found else openings.far(core, coded, actor)

    def _protested(self, core: int, actor: Sequence[int]) -> list[int]:
        """Take whom a protest is against from its purpose ("blocked a road to condemn Suran").

        Also from what the protesters say meanwhile ("marched demanding that the king resign").
        """
        host = self.doc[self.frames.host(core)]
        if core in self.roles.busy:
            return []
        self.roles.busy.add(core)
        found: list[int] = []
        for child in host.children:
            if found or child.dep_ not in {"advcl", "xcomp"} or child.i < host.i:
                continue
            frame = self.frames.frame(child.i)
            coded = code_frame(frame) if frame is not None else None
            if coded is not None and coded.code.event in HOSTILE_WORDS:
                told = self.find(child.i, self.frames.light.get(child.i, child.i), coded)
                found = [h for h in told.target if h not in actor]
        self.roles.busy.discard(core)
        return found

    def _governed_target(self, core: int, over: Coded, actor: Sequence[int]) -> list[int]:
        """Take the target of the act that an operator governs ("refused to lift the ban on
        them")."""
        below = self.frames.complements.get(core)
        frame = self.frames.frame(below) if below is not None else None
        coded = code_frame(frame) if frame is not None else None
        if below is None or coded is None or below in self.roles.busy:
            return []
        self.roles.busy.add(below)
        inner = self.find(below, self.frames.light.get(below, below), coded)
        self.roles.busy.discard(below)
        if "target" in inner.inferred:
            return []
        if over.code.event == "REJECT" and not inner.target:  # "refused to extradite him"
            objects = self.frames.grammar.clause(below).objects
            known = [i for i in objects if i in self.frames.nominals and i not in actor]
            return [i for i in known if self.frames.noun_key(i) is None]
        things = over.code.event in {"REJECT", "THREATEN"}
        return [
            h
            for h in inner.target
            if h not in actor
            and (
                self.participants.actor_like(h)
                or h in self.participants.owned
                or (things and self.frames.noun_key(h) is None)
            )
        ]

    def _mutual(self, head: int, coded: Coded) -> bool:
        """Tell an act that each of its actors does to the others ("A and B signed a pact")."""
        if coded.operator is not None and coded.code.event not in RECIPROCAL:
            below = self.frames.complements.get(head)
            frame = self.frames.frame(below) if below is not None else None
            inner = code_frame(frame) if frame is not None else None
            if (
                below is not None
                and inner is not None
                and (inner.code.event in RECIPROCAL or self._mutual(below, inner))
            ):
                return True  # "failed to reach a deal"
        if coded.code.event in RECIPROCAL:
            return False
        objects = self.frames.grammar.clause(head).objects
        lemmas = {fold_lemma(self.doc[i].lemma_) for i in objects}
        shared = word_class("TIES", "TALKS", "TRUCE")
        shared |= word_class("AGREEMENT")
        return fold_lemma(self.doc[head].lemma_) in word_class("MUTUAL") or bool(lemmas & shared)

    def _is_noun(self, head: int | None) -> TypeGuard[int]:
        return head is not None and self.doc[head].pos_ not in VERBS

    def _is_reciprocal(self, head: int) -> bool:
        """Tell a reciprocal: "each other", "one another's raids", "the other side"."""
        token = self.doc[head]
        if any(c.dep_ == "poss" and self._is_reciprocal(c.i) for c in token.children):
            return True
        if token.lower_ in {"other", "another"}:
            return token.i > 0 and token.nbor(-1).lower_ in {"each", "one"}
        other = any(c.lower_ == "other" for c in token.children)
        return other and token.tag_ == "NN" and fold_lemma(token.lemma_) in word_class("PAIRED")

    def _concerned(self, concerns: int, actor: Sequence[int], coded: Coded) -> list[int]:
        """Take the target from the event that this one is about: whose it is, or its own target.

        "rejected Moscow's proposal": Moscow. "lifted its boycott of the ranchers": the ranchers;
        where a measure is taken or lifted, whom it hits comes before whose it is.
        """
        if coded.operator is None and coded.code.event in MEASURES:
            hit = self._event_target(concerns, actor)
            if hit:
                return hit
        owner = [h for h in self._event_owner(concerns) if h not in actor]
        own = any(self.doc[h].pos_ == "PRON" or self.doc[h].lower_ in POSSESSIVES for h in owner)
        target = owner if not own else []
        if not target and coded.operator is None and coded.code.event != "ACCUSE":
            target = self._event_target(concerns, (*actor, *owner))
        return target

    def _concern(self, head: int, core: int) -> int | None:
        """Find the event that this one is about: a governed one, or the noun it takes as object."""
        below = self.frames.complements.get(head)
        if below is not None:
            return self.frames.light.get(below, below)
        for i in self.frames.grammar.clause(head).objects:
            if i != core and self.frames.noun_key(i) is not None:
                return i
        return None

    def _event_owner(self, head: int) -> list[int]:
        """Say whose proposal, call or attack an event noun means: its own actor, else an earlier
        telling's."""
        if self.doc[head].pos_ in VERBS:
            return []
        frame = self.frames.frame(head)
        coded = code_frame(frame) if frame is not None else None
        return self.roles.actor(head, coded) or self._inherited(head)

    def _event_target(self, head: int, taken: Sequence[int]) -> list[int]:
        """Say at whom an event noun is directed ("appeals against the village's demolition")."""
        if self.doc[head].pos_ in VERBS:
            return []
        frame = self.frames.frame(head)
        coded = code_frame(frame) if frame is not None else None
        return self.roles.target(head, coded, taken)

    def _inherited(self, head: int) -> list[int]:
        """Take the actors of the last telling of the same event ("airstrikes ... The strikes
        killed")."""
        antecedent = self.antecedent(head)
        return list(antecedent.actors) if antecedent is not None else []

    def antecedent(self, head: int) -> Telling | None:
        """Find the nearest earlier telling that a definite event noun takes up, by stem and
        meaning."""
        token = self.doc[head]
        nouns = (
            [token]
            if token.pos_ in {"NOUN", "PROPN"}
            else [
                self.doc[i]
                for i in self.frames.grammar.clause(head).subjects
                if self.frames.noun_key(i) is not None
            ]
        )
        for noun in nouns:
            if not takes_up(noun):
                continue
            for earlier in reversed(self.recent):
                if noun.i - earlier.head > ANAPHORA_TOKENS:
                    break
                before = earlier.head not in {head, noun.i} and earlier.trigger[0] < noun.i
                if before and earlier.actors and same_act(noun, self.doc[earlier.head]):
                    return earlier
        return None
