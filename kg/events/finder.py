"""The walk over a document that makes tellings out of frames, roles and polarity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from kg.attribution import Saying, reporting
from kg.clauses import conjuncts
from kg.coding import Coded, code_frame, composed, future_code
from kg.events.frames import VERBS, Frames
from kg.events.nouns import same_act, takes_up
from kg.events.participants import Participants
from kg.events.polarity import polarity_of
from kg.events.openings import RECIPROCAL, Openings
from kg.events.roles import PHYSICAL, Roles, asks
from kg.events.telling import Telling
from kg.lexicon import fold_lemma, operators, word_class
from kg.model import Code, Frame, Modality

__all__ = ["find_events"]

POSSESSIVES = frozenset({"its", "his", "her", "their", "our"})
FUTURE = frozenset({"will", "shall", "'ll", "’ll"})
REFUSING = frozenset({"will", "wo", "would"})
FRIENDLY = frozenset({"AGREE", "AID", "CONSULT", "RETREAT", "CONCEDE", "COOPERATE", "SUPPORT"})
TWO_SIDED = frozenset({"SUPPORT", "ASSAULT"})  # other types have both sides as actors
DEONTIC = frozenset({"must", "should", "ought"})
ANAPHORA_TOKENS = 400  # "the strikes" takes up what was told at most this far back
TRIGGER_CHARACTERS = (
    40  # a light verb and its noun further apart than this are not shown as one trigger
)


def find_events(
    doc: Doc, sayings: Sequence[Saying] = (), let_go: Counter[str] | None = None
) -> tuple[Telling, ...]:
    """Find the events that a parsed document tells of, in order of their heads.

    Args:
        let_go: counts, if given, what was seen and not kept, by reason.
    """
    finder = _Finder(doc, sayings)
    tellings = finder.tellings()
    if let_go is not None:
        let_go.update(finder.let_go)
    return tellings


@dataclass(frozen=True, slots=True)
class _Parties:
    """Who acts and on whom, with what a rule filled in and what the event is about."""

    actor: tuple[int, ...]
    target: tuple[int, ...]
    inferred: tuple[str, ...]
    concerns: int | None


class _Finder:
    """One document while its events are being told."""

    def __init__(self, doc: Doc, sayings: Sequence[Saying]) -> None:
        self.doc = doc
        self.frames = Frames(doc)
        self.participants = Participants(self.frames)
        self.roles = Roles(self.frames, self.participants)
        self.openings = Openings(self.roles, self.participants)
        self.sayings = {saying.verb: saying for saying in sayings if saying.reported}
        self.recent: list[Telling] = []
        self.found: dict[int, Telling] = {}
        self.let_go: Counter[str] = Counter()

    def tellings(self) -> tuple[Telling, ...]:
        for head in self.frames.heads:
            telling = self._tell(head)
            if telling is not None:
                self.found[head] = telling
                self.recent.append(telling)
        kept = [
            self.found[head]
            for head in sorted(self.found)
            if not self._told_by_verb(self.found[head])
        ]
        return tuple(self._with_owned(telling) for telling in kept)

    def _told_by_verb(self, telling: Telling) -> bool:
        """Tell whether the verb over a noun tells the same event ("declared a ceasefire" is
        one)."""
        token = self.doc[telling.head]
        above = self.found.get(token.head.i)
        same = (
            above is not None
            and above is not telling
            and above.code.event == telling.code.event
            and above.actors == telling.actors
        )
        return token.pos_ == "NOUN" and token.dep_ == "dobj" and same and token.head.pos_ in VERBS

    def _with_owned(self, telling: Telling) -> Telling:
        owned = tuple(
            (h, self.participants.owned[h])
            for h in (*telling.actors, *telling.targets)
            if h in self.participants.owned
        )
        return replace(telling, owned=owned) if owned else telling

    def _tell(self, head: int) -> Telling | None:
        frame = self.frames.frame(head)
        if frame is None or self._told_elsewhere(head):
            return None
        coded = code_frame(frame)
        if coded is None or coded.code.event == "OTHER":
            return self._tell_uncoded(head, frame)
        core = self.frames.light.get(head, head)
        if coded.operator is not None and coded.operator.effect == "=":
            core = self.frames.innermost(head)
            inner = self.frames.frame(core)
            coded = (code_frame(inner) if inner is not None else None) or coded
        parties = self._parties(head, core, coded)
        if not parties.actor and not parties.target:
            self.let_go["act with no party named"] += 1
            return None
        bare_noun = self.doc[core].pos_ not in VERBS and core == head and not parties.actor
        if bare_noun and head not in self.frames.governed and coded.code.event not in PHYSICAL:
            self.let_go["event noun with no actor named"] += 1
            return None
        return self._finish(head, core, frame, coded, parties)

    def _told_elsewhere(self, head: int) -> bool:
        """Tell a noun that its light verb tells, and an act that its operator tells."""
        carrier = self.frames.carrier.get(head)
        if carrier is not None and self.frames.light.get(carrier) == head:
            return True
        above = self.frames.governed[head][1] if head in self.frames.governed else -1
        return head in self.frames.transparent and above in self.found  # "began bombing" is one

    def _tell_uncoded(self, head: int, frame: Frame) -> Telling | None:
        saying = self.sayings.get(head)
        if saying is not None:
            return self._demand(head, frame, saying) or self._statement(head, frame, saying)
        operator = operators().get((frame.predicate, frame.pos))
        if operator is not None and operator.effect is None:
            return None
        return self._uncoded(head, frame)

    def _parties(self, head: int, core: int, coded: Coded) -> _Parties:
        """Find who acts and on whom: stated first, then taken from what the event is about."""
        inferred: list[str] = []
        actor = self.roles.actor(core, coded)
        if core != head and core not in self.frames.carrier and not actor:
            subjects = self.frames.grammar.clause(head).subjects
            actor = [h for i in subjects for h in self.participants.holders(i)]
        target = self.roles.target(core, coded, actor)
        if not actor:
            actor, guessed = self._acting(head, core, coded, target)
            inferred += ["actor"] if guessed else []
        concerns = self._concern(head, core)
        if not target:
            target, guessed = self._acted_on(core, coded, actor, concerns)
            inferred += ["target"] if guessed else []
        if not target and len(actor) > 1 and self._mutual(head, coded):
            actor, target = actor[:1], actor[1:]
        return _Parties(tuple(actor), tuple(target), tuple(sorted(inferred)), concerns)

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
        wielded = [h for h in self.openings.instrument(core, coded) if h not in target]
        if wielded:
            return wielded, False
        ruling = [h for h in self.openings.ruler(core, coded) if h not in target]
        return ruling, bool(ruling)

    def _acted_on(
        self, core: int, coded: Coded, actor: Sequence[int], concerns: int | None
    ) -> tuple[list[int], bool]:
        """Find whom an act is done to beyond the predicate's slots, and whether only a place
        tells."""
        openings, event = self.openings, coded.code.event
        found = openings.thing(core, coded) if actor or event in PHYSICAL else []
        if not found and concerns is not None:
            found = self._concerned(concerns, actor, coded)
        if found or not actor:
            return found, False
        local = openings.place(core, coded, actor)
        if local:
            return local, True
        if asks(coded):  # the parties of what is asked for stay inside it
            return [], False
        found = (
            openings.awaited(core, actor)
            or openings.judged(core, coded)
            or self._governed_target(core, coded, actor)
        )
        return (found, False) if found else openings.far(core, coded, actor)

    def _governed_target(self, core: int, over: Coded, actor: Sequence[int]) -> list[int]:
        """Take the target of the act that an operator governs ("refused to lift the ban on
        them")."""
        below = self.frames.complements.get(core)
        frame = self.frames.frame(below) if below is not None else None
        coded = code_frame(frame) if frame is not None else None
        if below is None or coded is None or below in self.roles.busy:
            return []
        self.roles.busy.add(below)
        inner = self._parties(below, self.frames.light.get(below, below), coded)
        self.roles.busy.discard(below)
        if "target" in inner.inferred:
            return []
        things = over.code.event in {"REJECT", "THREATEN"}
        return [
            h
            for h in inner.target
            if h not in actor
            and (self.participants.actor_like(h) or (things and self.frames.noun_key(h) is None))
        ]

    def _mutual(self, head: int, coded: Coded) -> bool:
        """Tell an act that each of its actors does to the others ("A and B signed a pact")."""
        if coded.operator is not None and coded.code.event not in RECIPROCAL:
            below = self.frames.complements.get(head)
            frame = self.frames.frame(below) if below is not None else None
            inner = code_frame(frame) if frame is not None else None
            if inner is not None and inner.code.event in RECIPROCAL:
                return True  # "failed to reach a deal"
        lemma = fold_lemma(self.doc[head].lemma_)
        return coded.code.event in TWO_SIDED and lemma in word_class("MUTUAL")

    def _concerned(self, concerns: int, actor: Sequence[int], coded: Coded) -> list[int]:
        """Take the target from the event that this one is about: whose it is, or its own target.

        "rejected Moscow's proposal": Moscow. "lifted its boycott of the ranchers": the ranchers.
        """
        owner = [h for h in self._event_owner(concerns) if h not in actor]
        own = any(self.doc[h].lower_ in POSSESSIVES for h in owner)
        target = owner if not own else []
        if not target and coded.operator is None and coded.code.event != "ACCUSE":
            target = self._event_target(concerns, (*actor, *owner))
        return target

    def _finish(
        self, head: int, core: int, frame: Frame, coded: Coded, parties: _Parties
    ) -> Telling:
        code, modality, negated = self._meant(head, core, coded.code)
        sure = 0.1 * min(coded.specific, 2) + 0.1 * bool(parties.actor) + 0.1 * bool(parties.target)
        return Telling(
            head=core,
            trigger=self._trigger(head, core),
            action=self._action(head, frame),
            code=code,
            frame=frame,
            actors=parties.actor,
            targets=parties.target,
            theme=self._theme(head, core, parties.target),
            negated=negated,
            modality=modality,
            confidence=round(0.5 + sure - 0.15 * len(parties.inferred), 2),
            inferred=parties.inferred,
            concerns=parties.concerns,
        )

    def _meant(self, head: int, core: int, code: Code) -> tuple[Code, Modality, bool]:
        """Tell how an act is meant; what will or won't be done is a commitment or a refusal."""
        governed = self.frames.governed
        inside = core in governed and head not in governed and core not in self.frames.carrier
        modality, negated = polarity_of(self.frames, core if inside and core != head else head)
        if modality != "planned" or head in governed or core in governed:
            return code, modality, negated
        auxiliaries = set(self.frames.grammar.clause(head).auxiliaries)
        friendly = code.event in FRIENDLY
        if not negated and (auxiliaries & FUTURE or self._backshifted(head)):
            return future_code(code), modality, negated
        refused = composed("REFUSE", code.event) if friendly and auxiliaries & REFUSING else None
        if not negated or refused is None:
            return code, modality, negated
        refusal = replace(
            code,
            event=refused.event,
            mode=refused.mode,
            cameo=refused.cameo,
            rule=f"will not:REFUSE>{code.rule}",
        )
        return refusal, "asserted", False

    def _backshifted(self, head: int) -> bool:
        """Tell the "will" that a past verb of saying turned into "would" ("said it would free
        them")."""
        clause = self.frames.grammar.clause(head)
        verb = self.doc[head].head
        past = verb.i in self.sayings and verb.tag_ in {"VBD", "VBN"}
        conditional = any(
            c.dep_ == "advcl" and any(m.lower_ == "if" for m in c.children)
            for c in self.doc[head].children
        )
        return (
            "would" in clause.auxiliaries
            and self.doc[head].dep_ == "ccomp"
            and past
            and not conditional
        )

    def _action(self, head: int, frame: Frame) -> str:
        token = self.doc[head]
        words = [token.lemma_.lower()]
        clause = self.frames.grammar.clause(head)
        words += [self.doc[i].lower_ for i in clause.particles]
        if clause.pos == "v":
            rest = self.frames.verb_key(clause).split()[len(words) :]
            words += rest
        if head in self.frames.light:
            noun = self.frames.light[head]
            if self.doc[noun].lemma_.lower() not in words:
                words.append(self.doc[noun].lemma_.lower())
        return " ".join(words)

    def _trigger(self, head: int, core: int) -> tuple[int, int]:
        clause = self.frames.grammar.clause(head)
        tokens = [head, *(i for i in clause.particles if i - head <= 3)]
        if clause.pos == "v":
            for word in self.frames.verb_key(clause).split()[len(clause.particles) + 1 :]:
                following = max(tokens) + 1
                if following < len(self.doc) and fold_lemma(self.doc[following].lemma_) == word:
                    tokens.append(following)
        if core != head and core > head:
            shown = self.doc[head : core + 1]
            if (
                len(shown.text) <= TRIGGER_CHARACTERS
                and self.doc[core].sent.start == self.doc[head].sent.start
            ):
                tokens.append(core)
        return min(tokens), max(tokens) + 1

    def _theme(self, head: int, core: int, target: Sequence[int]) -> tuple[int, int] | None:
        """Find what is proposed, said, built or signed: the governed clause, or an object that is
        no target."""
        clause = self.frames.grammar.clause(head)
        below = [i for link, i in clause.complements if link != "purpose"]
        things = [i for i in clause.objects if i not in target]
        if core != head and core in things:
            things = [core]
        for start in [
            *below,
            *things,
            *(i for _, _, i in clause.obliques if i == self.frames.complements.get(head)),
        ]:
            subtree = [t.i for t in self.doc[start].subtree]
            if head in subtree or not subtree:
                continue
            return self._trimmed(min(subtree), max(subtree) + 1)
        if clause.pos == "n":
            for prep, _, i in clause.obliques:
                if prep in {"for", "on", "about", "of"} and i not in target:
                    subtree = [t.i for t in self.doc[i].subtree]
                    return self._trimmed(min(subtree), max(subtree) + 1)
        return None

    def _trimmed(self, start: int, end: int) -> tuple[int, int] | None:
        while start < end and (
            self.doc[start].is_punct
            or self.doc[start].lower_ in {"that", "to", ","}
            or self.doc[start].is_space
        ):
            start += 1
        while end > start and (self.doc[end - 1].is_punct or self.doc[end - 1].is_space):
            end -= 1
        return (start, end) if start < end else None

    def _statement(self, head: int, frame: Frame, saying: Saying) -> Telling | None:
        speakers = conjuncts(self.doc[saying.speaker]) if saying.speaker is not None else []
        actor = [h for token in speakers for h in self.participants.holders(token.i)]
        if not actor or self.doc[head].pos_ not in VERBS or self.doc[head].lower_ == "according":
            return None
        clause = self.frames.grammar.clause(head)
        told = [
            h
            for i in [*clause.indirect, *clause.objects]
            if i not in {j for a, b in saying.content for j in range(a, b)}
            for h in self.participants.holders(i)
            if h not in actor
        ]
        told += [
            h
            for prep, _, i in clause.obliques
            if prep == "to"
            for h in self.participants.holders(i)
        ]
        theme = self._trimmed(*saying.content[0]) if saying.content else None
        code = Code(event="STATEMENT", cameo="010", rule=f"reporting:{self._lemma(head)}")
        telling = self._plain(head, frame, code, actor, told, confidence=0.8)
        return replace(telling, theme=theme, statement=True)

    def _lemma(self, head: int) -> str:
        return self.doc[head].lemma_.lower()

    def _plain(
        self,
        head: int,
        frame: Frame,
        code: Code,
        actor: Sequence[int],
        target: Sequence[int],
        *,
        confidence: float,
    ) -> Telling:
        """Make the telling of a verb that no line of the lexicon gave its roles."""
        modality, negated = polarity_of(self.frames, head)
        return Telling(
            head=head,
            trigger=self._trigger(head, head),
            action=self._action(head, frame),
            code=code,
            frame=frame,
            actors=tuple(actor),
            targets=tuple(dict.fromkeys(target)),
            theme=self._theme(head, head, target),
            negated=negated,
            modality=modality,
            confidence=confidence,
        )

    def _demand(self, head: int, frame: Frame, saying: Saying) -> Telling | None:
        """Read what somebody says another must do as a demand, and "is to blame" as an accusation.

        "Russia said Sudan must return it"; "the minister said the rebels were responsible".
        """
        if saying.speaker is None or saying.link not in {"clause", "quote"}:
            return None
        actor = self.participants.holders(saying.speaker)
        for link, below in self.frames.grammar.clause(head).complements:
            effect = self._claims(below) if link == "ccomp" else None
            if effect is None or not actor:
                continue
            clause = self.frames.grammar.clause(below)
            heads = clause.subjects or clause.objects
            parties = [h for i in heads for h in self.participants.holders(i)]
            asked = [h for h in parties if h not in actor]
            code = self._demanded(head, below, effect)
            if asked and code is not None:
                telling = self._plain(head, frame, code, actor, asked, confidence=0.6)
                theme = self._theme(head, head, ())
                return replace(telling, theme=theme, concerns=below)
        return None

    def _claims(self, below: int) -> str | None:
        """Tell whether a reported clause says what must be done, or who is to blame."""
        clause = self.frames.grammar.clause(below)
        children = self.doc[below].children
        if clause.negated:
            return None
        if any(c.dep_ == "acomp" and c.lemma_ in word_class("BLAMED") for c in children):
            return "ACCUSE"
        return "DEMAND" if set(clause.auxiliaries) & DEONTIC else None

    def _demanded(self, head: int, below: int, effect: str) -> Code | None:
        inner = self.frames.frame(below)
        coded = code_frame(inner) if inner is not None else None
        made = composed(effect, coded.code.event if coded is not None else None)
        if made is None:
            return None
        return Code(
            event=made.event,
            mode=made.mode,
            cameo=made.cameo,
            contexts=coded.code.contexts if coded is not None else (),
            rule=f"{self._lemma(head)}:{effect}",
        )

    def _uncoded(self, head: int, frame: Frame) -> Telling | None:
        """Note somebody's act that the lexicon has no type for, with a low confidence."""
        clause = self.frames.grammar.clause(head)
        if clause.pos != "v" or clause.lemma in word_class("STATIVE"):
            return None
        actor = [i for i in clause.subjects if self.participants.actor_like(i)]
        told = clause.passive and self.roles.fill(("iobj", "prep:to"), head)
        if (not actor and not told) or not (
            clause.objects or clause.obliques or clause.complements
        ):
            return None
        target = [
            h
            for i in [*clause.objects, *clause.indirect]
            for h in self.participants.holders(i)
            if h not in actor
        ]
        target = (
            target
            or self.roles.usual_target(head, actor)
            or self.roles.fill(("prep:from",), head, actor)
        )
        target = [h for h in target if h not in self.participants.owned]
        code = Code(event="OTHER", rule="uncoded")
        if (clause.lemma, "v") in reporting() and clause.lemma in word_class("ANNOUNCE") and actor:
            code = Code(event="STATEMENT", cameo="010", rule=f"reporting:{self._lemma(head)}")
        return self._plain(head, frame, code, actor, target, confidence=0.3)

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
