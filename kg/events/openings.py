"""Who fills a role that the predicate's own slots leave open.

English names a party without making it an argument of the verb: as what is judged or hit though
nobody owns it, behind a preposition further down ("funding to fight hunger in Suran"), as the one
a condition waits for ("will not disarm until Suran withdraws"), as the state where an agentless
passive happened ("was arrested in Suran"). What is only concluded from a place is named in an
event's `inferred`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kg.clauses import SUBJECTS, is_finite, noun_obliques
from kg.coding import Coded
from kg.events.frames import VERBS
from kg.events.participants import Participants
from kg.events.roles import PHYSICAL, RECIPROCAL, Roles
from kg.lexicon import fold_lemma, word_class
from kg.parse import Token

__all__ = ["Openings"]

JUDGING = frozenset({"ACCUSE", "SUPPORT", "REJECT", "SANCTION", "CONCEDE", "THREATEN"})
LOCAL = frozenset({"PROTEST", "RETREAT", "CONCEDE", "AID", "COERCE", "MOBILIZE", "SANCTION"})
FAR = LOCAL | {"ASSAULT", "AGREE", "THREATEN", "REJECT", "ACCUSE", "SUPPORT", "COOPERATE"}
PLACED = frozenset(
    {"ASSAULT", "AGREE", "THREATEN"}
)  # of these only verbs have a place for a target
MOVING = frozenset({"MOBILIZE", "RETREAT"})
STATE_ACTS = frozenset({"COERCE", "SANCTION", "RETREAT"})  # done by whoever rules a place
STATE_MODES = frozenset({"arrest", "deport", "censor", "restrict", "convict", "expel", "release"})
LOCATIVE = ("in", "into", "from", "at", "near", "across", "along", "to")
PLACING = frozenset("in into at near across inside outside around along throughout from".split())
DIRECTING = frozenset(
    "to for against with on over toward towards upon onto between among as".split()
)
PHRASES = frozenset(
    "amod acomp dobj prep pobj dative pcomp xcomp acl advcl attr oprd agent".split()
)
BENEFITING = frozenset({"for", "to", "against"})
CONTENT_LINKS = frozenset({"prep", "dobj", "ccomp"})
SETTLED = frozenset({"AGREE", "CONCEDE", "RETREAT", "SUPPORT", "COOPERATE"})
AFTER = frozenset({"after", "following"})
DESPITE = frozenset({"despite", "amid"})
WAITING = frozenset({"until", "till", "unless"})
MAX_DEPTH = 8


class Openings:
    """Looks for the parties of one document's predicates beyond their slots."""

    def __init__(self, roles: Roles, participants: Participants) -> None:
        self.roles = roles
        self.frames = roles.frames
        self.participants = participants
        self.doc = roles.doc

    # -- targets

    def thing(self, head: int, coded: Coded | None) -> list[int]:
        """Keep a concrete thing that was attacked or seized as the target ("the bridge")."""
        if coded is None or coded.code.event not in PHYSICAL | JUDGING:
            return []
        slots = [
            s
            for s in (coded.target or ("obj", "prep:against", "prep:on"))
            if s not in {"none", "comp"}
        ]
        for slot in slots:
            things = [self.participants.measured(i) for i in self.slot(slot, head)]
            things = [i for i in things if i in self.frames.nominals]
            if coded.code.event == "PROTEST":
                return things  # a march is against a law as well as against a minister
            if coded.code.event in PHYSICAL:
                things = [i for i in things if self.frames.noun_key(i) is None]
            if coded.code.event in MOVING:  # forces that are sent or withdrawn are no target
                things = [i for i in things if not self._is_one_of(i, "FORCE")]
            if coded.code.event != "ASSAULT":  # positions are held or hit, terms and plans are not
                things = [i for i in things if not self._is_one_of(i, "CONTENT")]
            if things:
                return things
        return []

    def beneficiary(self, head: int, coded: Coded) -> list[int]:
        """Find whom a thing is for or against ("suspended a program for Suran")."""
        if coded.code.event in PHYSICAL:
            return []
        if coded.code.event not in JUDGING | LOCAL:
            return self._enabled(self.frames.carrier.get(head, head))
        clause = self.frames.grammar.clause(self.frames.carrier.get(head, head))
        of = [i for prep, _, i in clause.obliques if prep == "of"]
        for i in of if clause.pos == "n" else clause.objects:
            thing = self.participants.measured(i)
            preps = BENEFITING | ({"with"} if self._is_one_of(thing, "TIES") else set())
            for prep, _, h in noun_obliques(self.doc[thing]):
                if prep in preps and self.participants.actor_like(h):
                    return [h]
        return self._enabled(clause.head)

    def _enabled(self, head: int) -> list[int]:
        """Find who is to act in a "for" infinitive ("gave approval for monitors to enter")."""
        objects = [self.doc[i] for i in self.frames.grammar.clause(head).objects]
        for token in (self.doc[head], *objects):
            for clause in token.children:
                if clause.dep_ not in {"advcl", "acl", "ccomp"}:
                    continue
                if any(c.dep_ == "mark" and c.lower_ == "for" for c in clause.children):
                    subjects = self.frames.grammar.subjects.of(clause.i)
                    return [h for i in subjects for h in self.participants.holders(i)]
        return []

    def suspected(self, head: int, coded: Coded) -> list[int]:
        """Find who is looked into ("an inquiry into whether guards beat him", "claims that they
        did")."""
        if coded.code.mode != "investigate":
            return []
        starts = [self.doc[i] for i in {self.frames.carrier.get(head, head), head}]
        for phrase in (c for token in starts for c in token.children if c.dep_ in CONTENT_LINKS):
            for token in phrase.subtree:
                told = token.dep_ in {"pcomp", "acl", "ccomp"} and token.pos_ in VERBS
                if told and any(c.dep_ in {"mark", *SUBJECTS} for c in token.children):
                    subjects = self.frames.grammar.subjects.of(token.i)
                    return [h for i in subjects for h in self.participants.holders(i)]
        return []

    def recipient(self, head: int, coded: Coded) -> list[int]:
        """Keep what help goes to, whatever it is ("gave money to the schools of the town")."""
        if coded.code.event != "AID":
            return []
        for slot in ("iobj", "prep:to"):
            given = [
                i
                for i in self.roles.slot(slot, head)
                if i in self.frames.nominals and self.frames.noun_key(i) is None
            ]
            if given:
                return given
        return []

    def slot(self, slot: str, head: int) -> list[int]:
        """Resolve a slot of the lexicon as `Roles.slot` does for a target."""
        return self.roles.slot(slot, head, target=True)

    def _is_one_of(self, head: int, name: str) -> bool:
        return fold_lemma(self.doc[head].lemma_) in word_class(name)

    def judged(self, head: int) -> list[int]:
        """Keep the nameless act or wording that is judged ("condemned the attack on a church").

        Its victims are no target of the judgement, and nobody is told to have done it.
        """
        clause = self.frames.grammar.clause(head)
        if clause.pos != "v":
            return []
        return [i for i in clause.objects if i in self.frames.nominals]

    def place(self, head: int, coded: Coded, actor: Sequence[int]) -> list[int]:
        """Take the place of a deed as its target where no other is told ("imposed a curfew in
        Cairo")."""
        if coded.code.event not in LOCAL:
            return []
        for prep in LOCATIVE:
            found = [
                i
                for j in self.roles.slot(f"prep:{prep}", head)
                for i in [self.participants.measured(j)]
                if self._is_somewhere(i) and i not in actor
            ]
            if found:
                return found
        return [i for head in actor for i in self._at_home(head)][:1]

    def _is_somewhere(self, head: int) -> bool:
        """Tell a place by its name or its noun ("in the border region")."""
        named = self.participants.is_place(head)
        return named or (head in self.frames.nominals and self._is_one_of(head, "PLACENOUN"))

    def _at_home(self, head: int) -> list[int]:
        """Find the place in a nominal's own phrase ("authorities in Suran", "miners from Sur")."""
        return [
            i
            for prep, _, i in noun_obliques(self.doc[head])
            if prep in {"in", "from", "at"} and self.participants.is_place(i)
        ]

    def awaited(self, head: int, coded: Coded, actor: Sequence[int]) -> list[int]:
        """Find who has to act first ("will not disarm until Suran withdraws"), or whom a threat
        tells to let be ("threatened to leave if Suran joined")."""
        marks = WAITING | ({"if"} if coded.code.event == "THREATEN" else set())
        tops = [self.frames.carrier.get(head, head)]
        if self.frames.grammar.clause(tops[0]).negated:
            marks |= {"before"}
        below = self.frames.complements.get(head)
        if below is not None:
            tops += [below, self.frames.host(below)]
        for child in (c for top in tops for c in self.doc[top].children):
            if child.dep_ == "advcl" and any(c.lower_ in marks for c in child.children):
                found = [h for h in self._waited_for(child) if h not in actor]
                if found:
                    return found
        return []

    def _waited_for(self, verb: Token) -> list[int]:
        """Give the first somebody in a clause of waiting, its conjuncts too."""
        for one in (verb, *(c for c in verb.children if c.dep_ == "conj")):
            clause = self.frames.grammar.clause(one.i)
            for parties in (clause.subjects, clause.objects):
                found = [h for i in parties for h in self.participants.holders(i)]
                if found:
                    return found
        return []

    def counterpart(self, head: int, coded: Coded) -> list[int]:
        """Find the other side of what was settled or refused: whom one talked with before
        ("called off the strike after talks with the ministry"), whose pressure one withstood
        ("declined to resign despite calls by the panel")."""
        refused = coded.code.event == "REJECT"
        if not refused and coded.code.event not in SETTLED:
            return []
        marks, nouns = (DESPITE, "PRESSURE") if refused else (AFTER, "TALKS")
        tops = [self.frames.carrier.get(head, head), self.frames.complements.get(head, head)]
        for prep in (c for top in tops for c in self.doc[top].children):
            if prep.lower_ not in marks or prep.dep_ not in {"prep", "mark", "advmod"}:
                continue
            for noun in (c.i for c in prep.children if c.dep_ in {"pobj", "pcomp"}):
                if self._is_one_of(noun, nouns):
                    found = self.participants.owners(noun) if refused else []
                    return found or self.roles.fill(("prep:with", "prep:by"), noun)
        return []

    def far(self, head: int, coded: Coded, actor: Sequence[int]) -> tuple[list[int], bool]:
        """Look for a name behind the prepositions below a predicate, the nearest first.

        Returns:
            The names, and whether they only say where ("restrictions on travel in Suran").
        """
        event = coded.code.event
        if event not in FAR or (event in RECIPROCAL and len(actor) > 1):
            return [], False  # "Norland and Suran agreed": both sides are told
        mutual = fold_lemma(self.doc[head].lemma_) in word_class("MUTUAL")
        many = len(actor) > 1 or any(self.doc[h].tag_ in {"NNS", "NNPS"} for h in actor)
        if mutual and many and event == "ASSAULT" and not self.frames.grammar.clause(head).objects:
            return [], False  # "rivals clashed in the town": with each other
        placed = event in LOCAL or (event in PLACED and self.doc[head].pos_ in VERBS)
        starts = [self.doc[i] for i in dict.fromkeys((self.frames.carrier.get(head, head), head))]
        for token, preposition in self._phrases(starts):
            placing = preposition in PLACING
            if preposition == "as" or (event == "THREATEN" and preposition == "over"):
                continue  # "resigned as minister", "threatened a strike over pay": no party
            if placing and not (placed and self.participants.is_place(token.i)):
                continue
            found = [token.i] if placing else self._party(token.i)
            found = [h for h in found if h not in actor]
            if found:
                return found, placing
        return [], False

    def _phrases(self, starts: Sequence[Token]) -> Iterator[tuple[Token, str]]:
        """Walk the objects of prepositions below some words, by depth, through infinitives but
        into no clause with a subject of its own."""
        level = list(starts)
        for _ in range(MAX_DEPTH):
            below = []
            for token in level:
                for child in token.children:
                    if child.dep_ not in PHRASES or child.i < token.i or self._own_clause(child):
                        continue
                    if child.dep_ == "pobj":
                        yield child, token.lower_
                    below.append(child)
            level = below

    @staticmethod
    def _own_clause(token: Token) -> bool:
        if token.dep_ == "prep" and token.lower_ not in PLACING | DIRECTING | {"of"}:
            return True  # "after", "during", "because of": another circumstance
        if token.pos_ not in VERBS:
            return False
        if token.dep_ == "advcl" and token.tag_ == "VBG":
            return True  # "imposed martial law, dismissing the cabinet": an act of its own
        return is_finite(token) or any(c.dep_ in SUBJECTS | {"mark"} for c in token.children)

    def _party(self, head: int) -> list[int]:
        """Give a nominal that is somebody, or who possesses it ("against Suran's gas plants")."""
        found = [head] if self.participants.actor_like(head) else self.roles.slot("poss", head)
        return [h for h in found if self._is_told(h)]

    def _is_told(self, head: int) -> bool:
        nominal = self.frames.nominals.get(head)
        named = nominal is not None and nominal.label != "PRONOUN"
        return named and self.participants.actor_like(head)

    # -- actors

    def named_subject(self, head: int) -> list[int]:
        """Take a subject with a proper name for somebody, whatever the recogniser calls it."""
        clause = self.frames.grammar.clause(self.frames.carrier.get(head, head))
        return (
            [i for i in clause.subjects if self.participants.is_named(i)]
            if clause.pos == "v"
            else []
        )

    def instrument(self, head: int, coded: Coded) -> list[int]:
        """Let the weapon, blow or war act where nobody is told to wield it ("a car bomb killed",
        "the Syrian conflict has killed")."""
        if coded.code.event != "ASSAULT":
            return []
        clause = self.frames.grammar.clause(head)
        if clause.pos != "v":
            return []
        weapons = word_class("WEAPON", "MISSILE", "BOMB", "BLAST", "AIRCRAFT", "GUNFIRE")
        weapons |= word_class("STRIFE") if clause.objects else set()  # not "a war erupted"
        return [
            i
            for i in clause.subjects
            if i in self.frames.nominals and fold_lemma(self.doc[i].lemma_) in weapons
        ]

    def opponent(self, head: int, coded: Coded) -> list[int]:
        """Let those act whom the victims fought ("were killed in a clash with rebels")."""
        clause = self.frames.grammar.clause(head)
        undergone = clause.passive or clause.lemma in word_class("DIE")
        if coded.code.event != "ASSAULT" or clause.pos != "v" or not undergone:
            return []
        for prep, _, i in clause.obliques:
            if prep not in {"in", "during"} or not self._is_one_of(i, "COMBAT"):
                continue
            against = [o for p, _, o in noun_obliques(self.doc[i]) if p in {"with", "against"}]
            found = [h for o in against for h in self.participants.holders(o)]
            if found:
                return found
        return []

    def moved(self, head: int, coded: Coded) -> list[int]:
        """Let forces act that somebody unnamed moves or stands down ("the army was deployed in
        Suran", "the rebels were demobilised")."""
        clause = self.frames.grammar.clause(head)
        stood_down = coded.code.mode in {"withdraw", "disarm"}
        if not clause.passive or not (coded.code.event == "MOBILIZE" or stood_down):
            return []
        return [
            h
            for i in clause.objects
            for h in self.participants.holders(self.participants.measured(i))
            if self._is_one_of(h, "FORCE") or self._is_one_of(h, "GUNMAN")
        ]

    def ruler(self, head: int, coded: Coded) -> list[int]:
        """Take the place of an agentless passive for who rules there ("was arrested in Suran")."""
        code = coded.code
        clause = self.frames.grammar.clause(head)
        if not clause.passive or code.event not in STATE_ACTS or code.mode not in STATE_MODES:
            return []
        for prep in ("in", "from", "at"):
            for i in self.roles.slot(f"prep:{prep}", head):
                nominal = self.frames.nominals.get(i)
                entries = nominal.entries if nominal is not None else ()
                if any(e.form == "name" and e.entity.kind == "country" for e in entries):
                    return [i]
        return []
