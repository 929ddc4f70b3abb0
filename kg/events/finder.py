"""The walk over a document that makes tellings out of frames, roles and polarity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc

from kg.attribution import Saying, reporting
from kg.clauses import conjuncts
from kg.coding import Coded, code_frame, composed, future_code, matching_line
from kg.events.claims import Claim, Claims
from kg.events.frames import VERBS, Frames
from kg.events.parties import Found, Parties
from kg.events.polarity import polarity_of
from kg.events.roles import PHYSICAL
from kg.events.telling import Telling
from kg.events.wording import action_of, theme_of, trigger_of, trimmed
from kg.lexicon import fold_lemma, operators, word_class
from kg.model import Code, Frame, Modality
from kg.parse import Parse, parse_of

__all__ = ["find_events"]

POSSESSIVES = frozenset({"its", "his", "her", "their", "our"})
FUTURE = frozenset({"will", "shall", "'ll", "’ll"})
REFUSING = frozenset({"will", "wo", "would"})
HOSTILE = frozenset({"ACCUSE", "REJECT", "THREATEN", "PROTEST", "REQUEST", "SANCTION", "COERCE"})
LICENSING = frozenset({"CONCEDE"})  # not to permit is to refuse
FRIENDLY = frozenset({"AGREE", "AID", "CONSULT", "RETREAT", "CONCEDE", "COOPERATE", "SUPPORT"})
SPOKEN = frozenset({"ACCUSE", "REQUEST", "REJECT", "SUPPORT"})
BETWEEN_TWO = frozenset(
    {"ACCUSE", "AID", "COERCE", "CONCEDE", "CONSULT", "REJECT", "SANCTION", "SUPPORT", "THREATEN"}
)
OWN = frozenset({"it", "they", "he", "she", "we", "i"})
OWN_CONTENT = frozenset({"COMMIT", "VOW", "REFUSE", "FAIL", "THREATEN", "PREPARE"})


def find_events(
    doc: Doc | Parse, sayings: Sequence[Saying] = (), let_go: Counter[str] | None = None
) -> tuple[Telling, ...]:
    """Find the events that a parsed document tells of, in order of their heads.

    Args:
        let_go: counts, if given, what was seen and not kept, by reason.
    """
    finder = _Finder(parse_of(doc), sayings)
    tellings = finder.tellings()
    if let_go is not None:
        let_go.update(finder.let_go)
    return tellings


class _Finder:
    """One document while its events are being told."""

    def __init__(self, doc: Parse, sayings: Sequence[Saying]) -> None:
        self.doc = doc
        self.frames = Frames(doc)
        self.parties = Parties(self.frames)
        self.participants = self.parties.participants
        self.roles = self.parties.roles
        self.claims = Claims(self.parties)
        self.sayings = {saying.verb: saying for saying in sayings if saying.reported}
        self.found: dict[int, Telling] = {}
        self.let_go: Counter[str] = Counter()

    def tellings(self) -> tuple[Telling, ...]:
        for head in self.frames.heads:
            telling = self._tell(head)
            if telling is not None:
                self.found[head] = telling
                self.parties.recent.append(telling)
        kept = [
            self.found[head]
            for head in sorted(self.found)
            if self.frames.promised.get(head) not in self.found
            and not self._told_by_verb(self.found[head])
            and not self._told_above(self.found[head])
            and not self._told_by_operator(self.found[head])
        ]
        return tuple(self._with_owned(telling) for telling in kept)

    def _told_by_verb(self, telling: Telling) -> bool:
        """Tell whether the verb over a noun tells the same event ("declared a ceasefire" is one).

        It does where the types are the same, or where the line that codes the verb asks for this
        noun ("dropped its objections") and the noun brings nobody in.
        """
        token = self.doc[telling.head]
        above = self.found.get(token.head.i)
        if above is None or above is telling or token.pos_ != "NOUN":
            return False
        if token.head.pos_ not in VERBS or token.dep_ not in {"dobj", "nsubj", "nsubjpass"}:
            return False
        same = above.actors == telling.actors or self._are_bound(telling.actors)
        same |= {*telling.actors, *telling.targets} <= {*above.actors, *above.targets}
        if above.code.event == telling.code.event and same:
            return True
        ending = above.code.event in {"CONCEDE", "RETREAT"} and token.dep_ == "dobj"
        if ending and same and telling.code.event in HOSTILE:
            return True  # "dropped its objections": they are no more
        if token.dep_ != "dobj":
            return False
        if telling.head in self.frames.governed:
            return False  # "suspended aid" tells of two: the end, and the aid that is no more
        asked = self._asks_for(above.frame, fold_lemma(token.lemma_))
        own = {*telling.actors} - {*above.actors} or {*telling.targets} - {*above.targets}
        return asked and not own

    def _are_bound(self, heads: Sequence[int]) -> bool:
        """Tell possessives that go back to the subject ("widened its sanctions")."""
        return bool(heads) and all(self.doc[h].lower_ in POSSESSIVES for h in heads)

    def _told_above(self, telling: Telling) -> bool:
        """Tell an act that its governor tells already ("held talks to discuss", "agreed to offer").

        Type and actor are the same, and it brings no target of its own.
        """
        token = self.doc[telling.head]
        heads = [self.frames.governed[token.i][1]] if token.i in self.frames.governed else []
        if token.dep_ in {"advcl", "xcomp"}:
            heads.append(token.head.i)
        tellings = [self.found[h] for h in heads if h in self.found and h != telling.head]
        return any(
            above.code.event == telling.code.event
            and above.actors == telling.actors
            and {*telling.targets} <= {*above.targets}
            for above in tellings
            if above is not telling and above.head != telling.head
        )

    def _told_by_operator(self, telling: Telling) -> bool:
        """Tell the content of a promise, refusal or threat of one's own ("refused to meet B").

        One act is told, and the whole is coded by its content. What another is to do ("urged B to
        meet C") or what was done ("admitted killing B") is an act of its own.
        """
        if telling.head not in self.frames.governed:
            return False
        operator, governor = self.frames.governed[telling.head]
        above = self.found.get(governor) or self.found.get(self.frames.host(governor))
        if above is None:
            return False
        if above.code.event == "REQUEST" and not telling.targets:
            return self.doc[telling.head].pos_ in VERBS  # "urged the rebels to disarm"
        if operator.control != "subj" or operator.effect not in OWN_CONTENT:
            return False
        return above.code.event not in {"OTHER", "STATEMENT"} and not above.negated

    @staticmethod
    def _asks_for(frame: Frame, noun: str) -> bool:
        line = matching_line(frame, None)
        conditions = line.conditions if line is not None else ()
        return any(c.slot == "obj" and c.words and noun in c.words for c in conditions)

    def _with_owned(self, telling: Telling) -> Telling:
        # strife that kills does so itself, whoever else was asked for an end to it
        actors = (h for h in telling.actors if not self.participants.is_setting(h))
        owned = tuple(
            (h, self.participants.owned[h])
            for h in (*actors, *telling.targets)
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
        parties = self.parties.find(head, core, coded)
        if coded.code.event == "ACCUSE" and not parties.target and self.doc[head].pos_ in VERBS:
            parties = replace(parties, target=self.claims.blamed(head))
        if not parties.actor and not parties.target:
            self.let_go["act with no party named"] += 1
            return None
        bare = self.doc[core].pos_ not in VERBS and self.frames.host(core) == core
        if bare and head not in self.frames.governed:
            if not parties.actor and coded.code.event not in PHYSICAL:
                self.let_go["event noun with no actor named"] += 1
                return None
            if self._names_a_body(core, parties):
                self.let_go["meeting or deal of one party"] += 1
                return None
        if bare and self._names_one_side(coded.code.event, parties):
            self.let_go["event noun with one party"] += 1
            return None
        return self._finish(head, core, frame, coded, parties)

    @staticmethod
    def _names_one_side(event: str, parties: Found) -> bool:
        """Tell a noun that only refers to an act between two ("the ban", "Norland's support").

        What takes two parties and names one is told elsewhere or not at all.
        """
        if not parties.actor:
            return event in {"AID", "MOBILIZE"}
        return not parties.target and len(parties.actor) == 1 and event in BETWEEN_TWO

    def _names_a_body(self, noun: int, parties: Found) -> bool:
        """Tell a noun of mutual acts with one party ("the NATO summit", "the UN meeting").

        It says whose occasion it is, or takes up what was told; not who met whom.
        """
        mutual = word_class("TALKS", "AGREEMENT")
        if fold_lemma(self.doc[noun].lemma_) not in mutual or parties.target:
            return False
        if self.doc[noun].dep_ == "appos" and "actor" in parties.inferred:
            return True
        return len(parties.actor) == 1 and self.doc[parties.actor[0]].tag_ not in {"NNS", "NNPS"}

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
            claim = self.claims.said(head, saying)
            if claim is not None:
                return self._claimed(head, frame, claim)
            return self._statement(head, frame, saying)
        wish = self.claims.wished(head)
        if wish is not None:
            return self._claimed(head, frame, wish)
        operator = operators().get((frame.predicate, frame.pos))
        if operator is not None and operator.effect is None:
            return None
        return self._uncoded(head, frame)

    def _finish(self, head: int, core: int, frame: Frame, coded: Coded, parties: Found) -> Telling:
        code, modality, negated = self._meant(head, core, coded.code)
        return Telling(
            head=core,
            trigger=trigger_of(self.frames, head, core),
            action=action_of(self.frames, head),
            code=code,
            frame=frame,
            actors=parties.actor,
            targets=parties.target,
            theme=theme_of(self.frames, head, core, parties.target),
            negated=negated,
            modality=modality,
            inferred=parties.inferred,
            concerns=parties.concerns,
        )

    def _meant(self, head: int, core: int, code: Code) -> tuple[Code, Modality, bool]:
        """Tell how an act is meant; what will or won't be done is a commitment or a refusal."""
        governed = self.frames.governed
        inside = core in governed and head not in governed and core not in self.frames.carrier
        modality, negated = polarity_of(self.frames, core if inside and core != head else head)
        if modality == "planned" and not negated and self._is_voted(head, code):
            modality = "asserted"
        withheld = negated and modality == "asserted" and head not in governed
        if withheld and code.event in LICENSING and self.doc[head].pos_ in VERBS:
            return self._refused(code, "not"), "asserted", False
        if self._is_intended(head) and modality == "planned" and code.event in FRIENDLY:
            return (code if negated else future_code(code)), modality, negated
        auxiliaries = set(self.frames.grammar.clause(head).auxiliaries)
        promised = modality == "conditional" and self._backshifted(head)
        warned = modality == "possible" and not negated and self._warned(head)
        if not (modality == "planned" or promised or warned) or {head, core} & governed.keys():
            return code, modality, negated
        friendly = code.event in FRIENDLY
        if warned or (not negated and (auxiliaries & FUTURE or self._backshifted(head))):
            return future_code(code), modality, negated  # also "said they would come if asked"
        if negated and friendly and auxiliaries & REFUSING:
            return self._refused(code, "will not"), "asserted", False
        return code, modality, negated

    @staticmethod
    def _refused(code: Code, wording: str) -> Code:
        """Code what somebody does not grant or will not do ("did not allow", "won't go")."""
        made = composed("REFUSE", code.event)
        if made is None:
            return code
        rule = f"{wording}:REFUSE>{code.rule}"
        return replace(code, event=made.event, mode=made.mode, cameo=made.cameo, rule=rule)

    def _is_intended(self, head: int) -> bool:
        """Tell the content of an intention ("plans to open an embassy"): it is announced."""
        if head not in self.frames.governed:
            return False
        operator, governor = self.frames.governed[head]
        return operator.predicate in word_class("INTEND") and self.doc[governor].pos_ in VERBS

    def _is_voted(self, head: int, code: Code) -> bool:
        """Tell a speech act that a vote performs ("voted to condemn the raid")."""
        if head not in self.frames.governed or code.event not in SPOKEN:
            return False
        operator, governor = self.frames.governed[head]
        voted = operator.predicate == "vote" and self.doc[governor].pos_ in VERBS
        return voted and polarity_of(self.frames, governor) == ("asserted", False)

    def _backshifted(self, head: int) -> bool:
        """Tell the "will" that a past verb of saying turned into "would" ("said it would free
        them")."""
        clause = self.frames.grammar.clause(head)
        verb = self.doc[head].head
        past = verb.i in self.sayings and verb.tag_ in {"VBD", "VBN"}
        return "would" in clause.auxiliaries and self.doc[head].dep_ == "ccomp" and past

    def _warned(self, head: int) -> bool:
        """Tell what somebody warns of doing ("warned that it could lock them out")."""
        verb = self.doc[head].head
        own = [c for c in self.doc[head].children if c.dep_ == "nsubj" and c.lower_ in OWN]
        warns = fold_lemma(verb.lemma_) in word_class("WARNING")
        return warns and self.doc[head].dep_ == "ccomp" and bool(own)

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
            and self.participants.actor_like(i)
            for h in self.participants.holders(i)
            if h not in actor
        ]
        told += [
            h
            for prep, _, i in clause.obliques
            if prep == "to"
            for h in self.participants.holders(i)
        ]
        theme = trimmed(self.doc, *saying.content[0]) if saying.content else None
        code = Code(event="STATEMENT", cameo="010", rule=f"reporting:{self._lemma(head)}")
        telling = self._plain(head, frame, code, actor, told)
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
    ) -> Telling:
        """Make the telling of a verb that no line of the lexicon gave its roles."""
        modality, negated = polarity_of(self.frames, head)
        return Telling(
            head=head,
            trigger=trigger_of(self.frames, head, head),
            action=action_of(self.frames, head),
            code=code,
            frame=frame,
            actors=tuple(actor),
            targets=tuple(dict.fromkeys(target)),
            theme=theme_of(self.frames, head, head, target),
            negated=negated,
            modality=modality,
        )

    def _claimed(self, head: int, frame: Frame, claim: Claim) -> Telling:
        telling = self._plain(head, frame, claim.code, claim.actor, claim.target)
        return replace(telling, theme=theme_of(self.frames, head, head, ()), concerns=claim.clause)

    def _uncoded(self, head: int, frame: Frame) -> Telling | None:
        """Note somebody's act that the lexicon has no type for."""
        clause = self.frames.grammar.clause(head)
        if clause.pos != "v" or clause.lemma in word_class("STATIVE"):
            return None
        actor = [h for i in clause.subjects for h in self.participants.agents(i)]
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
            target = [i for i in clause.indirect if self.participants.actor_like(i)]
        return self._plain(head, frame, code, actor, target)
