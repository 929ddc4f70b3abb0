"""Who acts and who is acted on: the slots of the lexicon line that fired, read off the parse."""

from __future__ import annotations

from collections.abc import Sequence

from kg.clauses import conjuncts, noun_obliques
from kg.coding import Coded, code_frame, matching_line
from kg.events.frames import VERBS, Frames
from kg.events.nouns import is_event_noun
from kg.events.participants import Participants
from kg.lexicon import fold_lemma, operators, word_class
from kg.parse import Token

__all__ = ["PHYSICAL", "RECIPROCAL", "Roles", "asks"]

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
ASKING = frozenset({"PROPOSE", "REQUEST"})
BLAMING = frozenset({"ACCUSE", "CRITICIZE", "CONVICT"})
PHYSICAL = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "RETREAT", "AID", "PROTEST"})
TARGET_PREPOSITIONS = ("against", "with", "to", "toward", "towards", "on", "upon", "at")
USUAL_NOUN_ACTOR = ("poss", "prep:by", "mod", "of", "prep:from")
USUAL_NOUN_TARGET = ("prep:on", "prep:against", "prep:with", "prep:to", "of")


def asks(coded: Coded) -> bool:
    """Tell whether the parties of what is asked for or denied stay inside it."""
    return coded.operator is not None and coded.operator.effect in ASKING | {"DENY"}


class Roles:
    """Fills the actor and target of the predicates of one document."""

    def __init__(self, frames: Frames, participants: Participants) -> None:
        self.frames = frames
        self.participants = participants
        self.doc = frames.doc
        self.busy: set[int] = set()

    def slot(self, slot: str, head: int, *, target: bool = False) -> list[int]:
        """Resolve a slot of the lexicon to nominal heads, unfiltered."""
        carrier = self.frames.carrier.get(head)
        clauses = [self.frames.grammar.clause(head)]
        if carrier is not None:
            clauses.insert(0, self.frames.grammar.clause(carrier))
        if slot == "subj":
            return [i for c in clauses for i in c.subjects]
        if slot == "obj":
            return [i for i in clauses[0].objects if i != head]
        if slot == "iobj":
            return list(clauses[0].indirect)
        if slot.startswith("prep:"):
            if head in self.frames.happening:  # "talks opened in Geneva between the two"
                clauses.append(self.frames.grammar.clause(self.frames.happening[head]))
            found = [
                i for c in clauses for prep, _, i in c.obliques if prep == slot[5:] and i != head
            ]
            if not found and clauses[0].pos == "v":
                found = [
                    i
                    for o in clauses[0].objects
                    for inside in dict.fromkeys((o, self.participants.measured(o)))
                    for prep, _, i in noun_obliques(self.doc[inside])
                    if prep == slot[5:]
                ] or [
                    i
                    for own, at, o in clauses[0].obliques
                    # "reneged on a promise to Suran"; "on a visit to Suran, praised" comes before
                    if at > clauses[0].head and own != "in" and self.frames.noun_key(o) is not None
                    for prep, _, i in noun_obliques(self.doc[o])
                    if prep == slot[5:]
                ]
            return found
        noun = self.doc[head] if clauses[-1].pos == "n" else None
        if noun is None:  # of a verb: whom its subject or, for the target, its object belongs to
            own = clauses[0].objects if target else clauses[0].subjects
            owned = [i for i in own if target or not self.participants.is_setting(i)]
            return (
                [h for i in owned for h in self.participants.owners(i)]
                if slot in {"poss", "mod", "of"}
                else []
            )
        if slot in {"poss", "mod"} and not target and self.participants.is_setting(head):
            return []  # "the Syrian war", "the violence in Suran": where it rages
        if slot == "poss":
            return [t.i for c in noun.children if c.dep_ == "poss" for t in conjuncts(c)]
        if slot == "of":
            return [i for prep, _, i in noun_obliques(noun) if prep == "of"]
        if slot == "mod":
            return self.participants.modifying_names(head)
        return []

    def fill(
        self, slots: Sequence[str], head: int, taken: Sequence[int] = (), *, target: bool = False
    ) -> list[int]:
        """Take the first slot that holds somebody not yet taken (for a target: or a place).

        A possessive pronoun comes last: mostly it means who acts.
        """
        bound: list[int] = []
        for slot in slots:
            if slot == "none":
                break
            if slot == "comp":
                below = self.frames.complements.get(head)
                found = self._complement_target(below) if below is not None else []
                found = [
                    h for h in found if h not in self.participants.owned
                ]  # "a solution to the Syrian conflict" has no addressee
            else:
                behind = self.participants.holders if target else self.participants.agents
                found = [h for i in self.slot(slot, head, target=target) for h in behind(i)]
            if not found and target and slot != "comp":
                found = [
                    i
                    for j in self.slot(slot, head, target=True)
                    for i in [self.participants.measured(j)]
                    if self.participants.is_place(i)
                    or (self.participants.is_named(i) and not is_event_noun(self.doc[i]))
                ]
            found = [h for h in dict.fromkeys(found) if h not in taken]
            if target:
                found = [h for h in found if not self._is_own_act(h)]
            if target and found and all(self.doc[h].tag_ == "PRP$" for h in found):
                bound = bound or found  # "closed its border with Suran": Suran is the other side
                continue
            if found and not (bound and slot == "comp"):
                return found
        return bound

    def _is_own_act(self, head: int) -> bool:
        """Tell whose act is the subject's own ("reneged on his promise")."""
        token = self.doc[head]
        own = token.dep_ == "poss" and token.tag_ == "PRP$" and is_event_noun(token.head)
        colour = operators().get((fold_lemma(token.head.lemma_), "n")) if own else None
        return own and (colour is None or colour.effect is not None)  # a "right" is no act

    def _complement_target(self, below: int) -> list[int]:
        if below in self.busy:  # a noun that governs its own governor, in a broken parse
            return []
        self.busy.add(below)
        frame = self.frames.frame(below)
        coded = code_frame(frame) if frame is not None else None
        if coded is not None and coded.code.event == "OTHER":
            coded = None  # a line that says "no political act" knows no parties either
        target = self.target(below, coded, self.actor(below, coded))
        if not target and self.frames.complements.get(below) is not None:
            target = self._complement_target(self.frames.complements[below])
        self.busy.discard(below)
        return target

    def actor(self, head: int, coded: Coded | None) -> list[int]:
        """Find who acts, by the slots of the line that fired or the usual ones."""
        clause = self.frames.grammar.clause(head)
        slots: Sequence[str] = coded.actor if coded is not None else ()
        carried = head in self.frames.carrier
        if not slots:
            slots = ("subj",) if clause.pos != "n" or carried else USUAL_NOUN_ACTOR
        elif carried and clause.pos == "n":
            slots = ("subj", *(s for s in slots if s != "subj"))
        if clause.pos == "n" and not carried and coded is not None:
            slots = [s for s in slots if s not in coded.target] if not coded.actor else slots
        found = self.fill(slots, head)
        own = clause.pos == "n" and not carried and not self.participants.is_setting(head)
        if own and (not found or self._is_moved(found)):
            found = self._controlled_actor(head) or found
        return found

    def _is_moved(self, heads: Sequence[int]) -> bool:
        """Tell forces of nobody named: who announces "the withdrawal of troops" withdraws them."""
        return all(
            fold_lemma(self.doc[h].lemma_) in word_class("FORCE")
            and not self.participants.modifying_names(h)
            and not any(c.dep_ == "poss" for c in self.doc[h].children)
            for h in heads
        )

    def _controlled_actor(self, noun: int) -> list[int]:
        """Give an event noun under an operator the one who would act ("agreed to talks")."""
        above = self.doc[noun].head
        if self.doc[noun].dep_ == "dobj" and above.lemma_ in word_class("ANNOUNCE"):
            return [
                h
                for i in self.frames.grammar.clause(above.i).subjects
                for h in self.participants.holders(i)
            ]
        found = self._adjunct_actor(noun)
        if found:
            return found
        governed = self.frames.governed.get(noun)
        spoken = word_class("OFFER", "CLAIM")
        if governed is None or fold_lemma(self.doc[noun].lemma_) in spoken:
            return []  # who accepts a proposal or denies a claim didn't make it
        operator, governor = governed
        clause = self.frames.grammar.clause(governor)
        if operator.control == "subj" and clause.pos != "n":
            return [h for i in clause.subjects for h in self.participants.holders(i)]
        return []

    def _adjunct_actor(self, noun: int) -> list[int]:
        """Let who acts in a clause act in the event noun that tells its occasion or its guilt.

        "Killed ten people in a raid on the town", "on a visit to Kenya, he praised", "is
        responsible for the attack"; but not "was hurt in a raid": that tells no actor.
        """
        preposition = self.doc[noun].head
        above = preposition.head
        if self.doc[noun].dep_ != "pobj" or preposition.dep_ != "prep":
            return []
        lower = preposition.lower_
        blamed = above.pos_ in {"ADJ", "AUX"} and {above.lemma_, lower} & word_class("BLAMED")
        if above.pos_ == "ADJ" and blamed and lower in {"for", "of"}:
            return self._deep_subjects(above.head.i)
        if above.pos_ == "AUX" and blamed:  # "was behind the bombing"
            return self._deep_subjects(above.i)
        known = {"the", "this", "that"}
        below = self.doc[noun].children
        indefinite = not any(c.lower_ in known or c.dep_ == "relcl" for c in below)
        if above.pos_ != "VERB" or lower not in {"in", "on"} or not indefinite:
            return []
        one = any(c.i < noun for c in self.doc[noun].children)  # "on a visit", no "on strike"
        shares = one if lower == "on" else self._alike(noun, above.i)
        return self._deep_subjects(above.i) if shares else []

    def _deep_subjects(self, verb: int) -> list[int]:
        subjects = self.frames.grammar.clause(verb).subjects
        return [h for i in subjects for h in self.participants.agents(i)]

    def _alike(self, noun: int, verb: int) -> bool:
        """Tell whether noun and verb tell acts of one type ("killed them in a raid")."""
        frames = (self.frames.frame(noun), self.frames.frame(verb))
        coded = [code_frame(frame) for frame in frames if frame is not None]
        return len({c.code.event if c is not None else None for c in coded}) == 1 and all(coded)

    def target(self, head: int, coded: Coded | None, actor: Sequence[int]) -> list[int]:
        """Find whom it is done to, never one of the actors."""
        clause = self.frames.grammar.clause(head)
        slots: Sequence[str] = coded.target if coded is not None else ()
        if not slots:
            if clause.pos == "n":
                slots = USUAL_NOUN_TARGET
            elif coded is not None and coded.operator is not None and coded.operator.effect != "=":
                own = (
                    matching_line(
                        self.frames.plain_frame(clause, self.frames.verb_key(clause)), None
                    )
                    if clause.pos == "v"
                    else None
                )
                first = own.target if own is not None else ()
                usual = (
                    ("obj", "iobj")
                    if coded.operator.control == "obj"
                    else ("obj", "iobj", "prep:to", "prep:with", "comp")
                )
                slots = (*(slot for slot in first if slot not in {"none", "comp"}), *usual)
            elif clause.lemma in word_class("DITRANSITIVE"):
                slots = ("iobj", "prep:to", "obj")  # "sold its rail unit to a rival"
            else:
                slots = ("obj", "iobj")
        if tuple(slots) == ("none",):
            return []
        effect = coded.operator.effect if coded is not None and coded.operator is not None else None
        asking = effect in ASKING
        closed = coded is not None and asks(coded)
        closed = closed or effect in BLAMING  # whom the judged act hit is not the one judged
        if closed:
            slots = tuple(s for s in slots if s != "comp")
        found = self.fill(slots, head, actor, target=True)
        if not found and "obj" in slots:  # "fined the firm a million"
            found = self.fill(("iobj",), head, actor)
        if not found and effect not in {None, "="} | BLAMING:
            addressed = ("prep:to", "prep:with", "prep:on")
            found = self.fill(addressed if closed else (*addressed, "comp"), head, actor)
        if not found and asking and self.frames.complements.get(head) is not None:
            found = self._asked(self.frames.complements[head], actor)
        if not found and head in self.frames.carrier:
            found = self.fill(("iobj", "prep:to", "prep:for"), head, actor)
        if not found and head in self.frames.carrier and coded is not None:
            joined = ("obj",) if coded.code.event == "CONSULT" else ()
            found = self.fill(joined, head, actor)  # "joined the envoy for talks"
        if not found:
            found = self.usual_target(head, actor, coded)
        stated = coded is not None and coded.code.event != "STATEMENT"
        if not found and stated and not self._judges(head, coded) and not self._hits(head, coded):
            found = self._far_against(head, actor)
        return found

    def _hits(self, head: int, coded: Coded | None) -> bool:
        """Tell a deed to a place without a name ("captured three towns in the war against
        them")."""
        physical = coded is not None and coded.code.event in PHYSICAL
        clause = self.frames.grammar.clause(head)
        nouns = {fold_lemma(self.doc[i].lemma_) for i in clause.objects}
        return physical and clause.pos == "v" and bool(nouns & word_class("PLACENOUN"))

    def _far_against(self, head: int, actor: Sequence[int]) -> list[int]:
        """Take an "against" that the parser hung further down ("filed a suit in court against
        him")."""
        top = self.doc[self.frames.carrier.get(head, head)]
        if self.slot("prep:against", head):
            return []  # "an attack against a base in revenge for the war against them"
        for token in top.subtree:
            if (
                token.lower_ == "against"
                and token.dep_ == "prep"
                and token.i > top.i
                and not self._own_clause(token, top)
            ):
                for child in token.children:
                    found = (
                        [
                            h
                            for t in conjuncts(child)
                            for h in self.participants.holders(t.i)
                            if h not in actor
                        ]
                        if child.dep_ == "pobj"
                        else []
                    )
                    if found:
                        return found
        return []

    @staticmethod
    def _own_clause(token: Token, top: Token) -> bool:
        """Tell whether another clause or event noun stands between a word and the one above it."""
        above = token.head
        while above.i != top.i and above.head.i != above.i:
            if above.pos_ in VERBS or (
                above.dep_ != "pobj"
                and is_event_noun(above)
                and above.i != top.i
                and above.dep_ != "dobj"
            ):
                return True
            above = above.head
        return False

    def _asked(self, below: int, actor: Sequence[int]) -> list[int]:
        """Say who else is to act in what is proposed or asked for: those are the ones addressed."""
        frame = self.frames.frame(below)
        coded = code_frame(frame) if frame is not None else None
        same = {self._key(h) for h in actor}
        subjects = self.frames.grammar.clause(below).subjects
        asked = self.actor(below, coded) or [i for i in subjects if self.participants.is_named(i)]
        return [h for h in asked if h not in actor and self._key(h) not in same]

    def _key(self, head: int) -> object:
        nominal = self.frames.nominals[head]
        return nominal.entries[0].entity.key if nominal.entries else self.doc[head].lower_

    def usual_target(
        self, head: int, actor: Sequence[int], coded: Coded | None = None
    ) -> list[int]:
        """Find a target behind the prepositions that English uses for one."""
        physical = coded is not None and coded.code.event in PHYSICAL
        clause = self.frames.grammar.clause(head)
        if self._judges(head, coded) and any(
            self.frames.noun_key(i) is not None for i in clause.objects
        ):
            return []  # "condemned the attack on a mosque": whom the act hit is not condemned
        mutual = coded is not None and coded.code.event in RECIPROCAL
        for prep in TARGET_PREPOSITIONS:
            if physical and prep == "with":
                continue  # "recaptured the city with the help of": an instrument, no target
            if mutual and prep in {"on", "upon", "at"}:
                continue  # "reached a deal on the border": a topic, no party
            if prep == "against" and self._judges(head, coded):
                continue  # "criticised the use of force against protesters": its victims
            for i in self.slot(f"prep:{prep}", head):
                nominal = self.frames.nominals.get(i)
                if (
                    prep in {"at", "on"}
                    and nominal is not None
                    and nominal.entity_label in {"GPE", "LOC", "FAC"}
                ):
                    continue
                found = [h for h in self.participants.holders(i) if h not in actor]
                if found:
                    return found
        return []

    def _judges(self, head: int, coded: Coded | None) -> bool:
        """Tell a verb that judges an act: what is "against" somebody hangs on the act."""
        clause = self.frames.grammar.clause(head)
        accusing = coded is not None and coded.code.event == "ACCUSE"
        own = any(prep == "against" for prep, _, _ in clause.obliques)
        return accusing and clause.pos == "v" and bool(clause.objects) and not own
