"""Who did what to whom: event mentions out of clauses and event nouns.

`find_events` looks at every token once. A verb, event noun or predicative adjective becomes a `Telling` when the
lexicon codes it, when it reports speech, or when somebody is seen doing something that the lexicon has no
type for. Roles are read off the parse by the slots of the lexicon line that fired; what the text doesn't state and a
rule filled in is named in `inferred`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from kg.attribution import Saying, reporting
from kg.clauses import Clause, Grammar, conjuncts, is_finite, noun_obliques
from kg.coding import Coded, code_frame, composed, future_code, matching_line
from kg.lexicon import Operator, fold_lemma, operators, predicates, word_class
from kg.mentions import Nominal, nominals_of
from kg.model import Code, Frame, Modality

__all__ = ["Telling", "find_events", "is_event_noun", "same_act"]

RECIPROCAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
JUDGING = frozenset({"ACCUSE", "SUPPORT", "REJECT", "SANCTION", "CONCEDE"})
LOCAL = frozenset({"RETREAT", "CONCEDE", "AID", "COERCE", "MOBILIZE", "SANCTION"})
PHYSICAL = frozenset({"ASSAULT", "COERCE", "MOBILIZE", "RETREAT", "AID", "PROTEST"})
ACTOR_LABELS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
PLACE_KINDS = frozenset({"place"})
TARGET_PREPOSITIONS = ("against", "with", "to", "toward", "towards", "on", "upon", "at")
VERBS = frozenset({"VERB", "AUX"})
REFUSING = frozenset({"will", "wo", "would"})
FRIENDLY = frozenset({"AGREE", "AID", "CONSULT", "RETREAT", "CONCEDE", "COOPERATE", "SUPPORT"})
QUANTIFIERS = frozenset("some many most all none one two dozens hundreds thousands several both each members".split())
DEFINITE = frozenset("the this that these those such both".split())
DEONTIC = frozenset({"must", "should", "ought"})
USUAL_NOUN_ACTOR = ("poss", "prep:by", "mod", "of", "prep:from")
USUAL_NOUN_TARGET = ("prep:on", "prep:against", "prep:with", "prep:to", "of")
ANAPHORA_TOKENS = 400  # "the strikes" takes up what was told at most this far back
TRIGGER_CHARACTERS = 40  # a light verb and its noun further apart than this are not shown as one trigger
MODALS: dict[str, Modality] = {
    "will": "planned", "shall": "planned", "'ll": "planned", "’ll": "planned", "would": "planned", "wo": "planned",
    "may": "possible", "might": "possible", "could": "possible", "can": "possible", "ca": "possible",
    "should": "proposed", "must": "proposed", "ought": "proposed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telling:
    """An event mention by its tokens.

    Attributes:
        head: the verb, adjective or event noun (of a light verb: its noun).
        trigger: half-open token range that is shown.
        actors, targets: heads of nominals.
        theme: half-open token range; None if there is none.
        inferred: roles that a rule filled in.
        concerns: head of the event noun or clause that this is about; None if it is about none.
        statement: it only reports speech.
        owned: heads among actors and targets that are things, with the names that modify them: the thing is
            what the text shows ("Russian operations"), the name is who acts.
    """

    head: int
    trigger: tuple[int, int]
    action: str
    code: Code
    frame: Frame
    actors: tuple[int, ...] = ()
    targets: tuple[int, ...] = ()
    theme: tuple[int, int] | None = None
    negated: bool = False
    modality: Modality = "asserted"
    confidence: float = 0.5
    inferred: tuple[str, ...] = ()
    concerns: int | None = None
    statement: bool = False
    owned: tuple[tuple[int, tuple[int, ...]], ...] = ()


def find_events(doc: Doc, sayings: Sequence[Saying] = ()) -> tuple[Telling, ...]:
    """Find the events that a parsed document tells of, in order of their heads."""
    return _Scene(doc, sayings).tellings()


def is_event_noun(token: Token) -> bool:
    """Tell whether a noun can tell of an event by itself ("strike", "talks", "proposal")."""
    return token.pos_ in {"NOUN", "PROPN"} and token.ent_type_ in {"", "EVENT"} and _noun_key(token) is not None


def _noun_key(noun: Token) -> str | None:
    lemma = fold_lemma(noun.lemma_)
    before = [fold_lemma(c.lemma_) for c in noun.lefts if c.dep_ in {"compound", "amod", "nmod"}]
    keys = [f"{word} {lemma}" for word in reversed(before)] + [lemma, fold_lemma(noun.text)]
    for key in keys:
        if (key, "n") in predicates() or (key, "n") in operators():
            return key
    return None


class _Scene:
    """One document while its events are being found."""

    def __init__(self, doc: Doc, sayings: Sequence[Saying]) -> None:
        self.doc = doc
        self.grammar = Grammar(doc)
        self.nominals = nominals_of(doc)
        self.sayings = {saying.verb: saying for saying in sayings if saying.reported}
        self.frames: dict[int, Frame | None] = {}
        self.complements: dict[int, int] = {}
        self.light: dict[int, int] = {}  # light verb -> its noun
        self.carrier: dict[int, int] = {}  # noun -> its light verb
        self.governed: dict[int, tuple[Operator, int]] = {}
        self.transparent: set[int] = set()
        self.found: dict[int, Telling] = {}
        self.recent: list[Telling] = []
        self.owned: dict[int, tuple[int, ...]] = {}
        self.busy: set[int] = set()

    # -- the walk

    def tellings(self) -> tuple[Telling, ...]:
        heads = [token.i for token in self.doc if self._may_tell(token)]
        for head in heads:
            self._find_carrier(self.doc[head])
        for head in heads:
            self._govern(head)
        for head in heads:
            telling = self._tell(head)
            if telling is not None:
                self.found[head] = telling
                self.recent.append(telling)
        kept = [self.found[head] for head in sorted(self.found) if not self._told_by_verb(self.found[head])]
        return tuple(self._with_owned(telling) for telling in kept)

    def _told_by_verb(self, telling: Telling) -> bool:
        """Tell whether the verb over a noun tells the same event ("declared a ceasefire" is one)."""
        token = self.doc[telling.head]
        above = self.found.get(token.head.i)
        same = above is not None and above is not telling and above.code.event == telling.code.event and above.actors == telling.actors
        return token.pos_ == "NOUN" and token.dep_ == "dobj" and same and token.head.pos_ in VERBS

    def _with_owned(self, telling: Telling) -> Telling:
        owned = tuple((h, self.owned[h]) for h in (*telling.actors, *telling.targets) if h in self.owned)
        return replace(telling, owned=owned) if owned else telling

    def _may_tell(self, token: Token) -> bool:
        if token.pos_ in VERBS:
            return token.dep_ not in {"aux", "auxpass", "amod", "compound", "punct"}
        if token.pos_ in {"NOUN", "PROPN"}:
            return token.dep_ not in {"compound", "nmod"} and is_event_noun(token)
        if token.pos_ == "ADJ":
            key = (fold_lemma(token.lemma_), "a")
            return token.dep_ in {"acomp", "attr", "oprd", "ROOT"} and (
                key in predicates() or key in operators() or self._adjective_key(token) is not None
            )
        return False

    @staticmethod
    def _adjective_key(token: Token) -> str | None:
        for prep, _, _ in noun_obliques(token):
            key = f"{fold_lemma(token.lemma_)} {prep}"
            if (key, "a") in predicates():
                return key
        return None

    def _find_carrier(self, verb: Token) -> None:
        """See whether a verb only carries the event noun that is its object ("launch an attack")."""
        if verb.pos_ not in VERBS:
            return
        clause = self.grammar.clause(verb.i)
        key = self._verb_key(clause)
        bare = " ".join([clause.lemma, *(fold_lemma(self.doc[i].lemma_) for i in clause.particles)])
        if bare not in word_class("LIGHTVERB") and key not in word_class("LIGHTVERB"):
            return
        operator = operators().get((bare, "v"))
        if operator is not None and operator.effect not in {None, "="}:
            return
        nouns = [i for i in clause.objects if i > 0 and is_event_noun(self.doc[i])]
        if key in word_class("LIGHTPREP") or bare in word_class("LIGHTPREP"):
            nouns += [i for _, _, i in clause.obliques if is_event_noun(self.doc[i])]
        if not nouns:
            return
        own = matching_line(self._plain_frame(clause, key), None)
        if own is not None and own.conditions and key not in word_class("LIGHTPREP"):
            return
        self.light[verb.i] = nouns[0]
        for noun in nouns:  # "expressed rejection and condemnation" carries two
            self.carrier.setdefault(noun, verb.i)

    # -- frames

    def _verb_key(self, clause: Clause) -> str:
        lemma = clause.lemma
        particles = [fold_lemma(self.doc[i].lemma_) for i in clause.particles]
        with_particle = " ".join([lemma, *particles])
        objects = [fold_lemma(self.doc[i].lemma_) for i in clause.objects]
        preps = [prep for prep, _, _ in clause.obliques]
        preps += [link[5:] for link, _ in clause.complements if link.startswith("prep:")]
        keys = [f"{with_particle} {prep}" for prep in preps]
        keys += [f"{with_particle} {noun}" for noun in objects]
        if particles:
            keys.append(with_particle)
        for key in keys:
            if (key, "v") in operators():
                return key
            if (key, "v") in predicates() and matching_line(self._plain_frame(clause, key), None) is not None:
                return key
        return lemma

    def _lemmas(self, heads: Iterable[int]) -> tuple[str, ...]:
        found: list[str] = []
        for head in heads:
            token = self.doc[head]
            found.append(fold_lemma(token.lemma_))
            if fold_lemma(token.text) != found[-1]:
                found.append(fold_lemma(token.text))
            found.extend(self._tags(head))
            if found[0] in word_class("MEASURE") or token.pos_ in {"NUM", "SYM"}:  # "tons of food" is food
                found.extend(self._lemmas(i for prep, _, i in noun_obliques(token) if prep in {"of", "in"}))
        return tuple(dict.fromkeys(found))

    def _tags(self, head: int) -> list[str]:
        """Name the kind of thing that a nominal is, for conditions like ``obj=@country``."""
        nominal = self.nominals.get(head)
        if nominal is None:
            return []
        if nominal.entries:
            return [f"@{nominal.entries[0].entity.kind}"]
        by_label = {"PERSON": "@person", "ORG": "@organisation", "GPE": "@place", "NORP": "@group", "LOC": "@place", "FAC": "@place"}
        if nominal.entity_label in by_label:
            return [by_label[nominal.entity_label]]
        if nominal.agent is not None:
            return [f"@{nominal.agent.kind}"]
        if nominal.label == "PRONOUN":
            return ["@person"] if self.doc[head].lower_ not in {"it", "its", "itself"} else ["@organisation"]
        return []

    def _plain_frame(self, clause: Clause, key: str) -> Frame:
        token = self.doc[clause.head]
        modifiers = tuple(fold_lemma(c.lemma_) for c in token.children if c.dep_ in {"amod", "compound", "nmod", "poss"}) if clause.pos == "n" else ()
        return Frame(
            predicate=key, pos=clause.pos, voice="passive" if clause.passive else "active",
            subjects=self._lemmas(clause.subjects), objects=self._lemmas([*clause.objects, *clause.indirect]),
            modifiers=modifiers,
            obliques=tuple((prep, lemma) for prep, _, head in self._all_obliques(clause) for lemma in self._lemmas([head])),
            negated=clause.negated, auxiliaries=clause.auxiliaries,
        )  # fmt: skip

    def _all_obliques(self, clause: Clause) -> list[tuple[str, int, int]]:
        """List a predicate's phrases and those the parser hung on its objects ("accused him of fraud")."""
        found = list(clause.obliques)
        if clause.pos == "v":
            found += [oblique for i in clause.objects for oblique in noun_obliques(self.doc[i])]
        return found

    def frame(self, head: int) -> Frame | None:
        """Give the frame of a verb, noun or adjective, with the frames of what it governs inside."""
        if head in self.frames:
            return self.frames[head]
        self.frames[head] = None  # a cycle ends here
        token = self.doc[head]
        clause = self.grammar.clause(head)
        if clause.pos == "n":
            key = _noun_key(token) or clause.lemma
            plain = self._carried(head, self._plain_frame(clause, key))
        elif clause.pos == "a":
            key = self._adjective_key(token) or clause.lemma
            plain = self._plain_frame(clause, key)
        else:
            key = self._verb_key(clause)
            if head in self.light:
                inner = self.frame(self.light[head])
                self.frames[head] = inner
                return inner
            plain = self._plain_frame(clause, key)
        below = self._complement(clause, key)
        if below is not None:
            link, inner_head = below
            self.complements[head] = inner_head
            plain = replace(plain, complement=self.frame(inner_head), link=link)
        self.frames[head] = plain
        return plain

    def _carried(self, noun: int, plain: Frame) -> Frame:
        """Give an event noun the subject and the phrases of the light verb that carries it."""
        verb = self.carrier.get(noun)
        if verb is None:
            return plain
        above = self.grammar.clause(verb)
        obliques = [(prep, lemma) for prep, _, head in above.obliques if head != noun for lemma in self._lemmas([head])]
        return replace(
            plain, subjects=self._lemmas(above.subjects), obliques=(*plain.obliques, *obliques),
            negated=plain.negated or above.negated, auxiliaries=above.auxiliaries,
            voice="passive" if above.passive else "active",
        )  # fmt: skip

    def _complement(self, clause: Clause, key: str) -> tuple[str, int] | None:
        """Choose the event that a predicate governs: a clause before a noun, an object before a phrase."""
        operator = operators().get((key, clause.pos))
        if operator is None:
            return None
        for link, head in clause.complements:
            if link == "purpose":
                continue
            if self.doc[head].pos_ not in VERBS | {"ADJ", "NOUN"}:
                continue
            if link == "ccomp" and operator.control == "obj" and is_finite(self.doc[head]):
                continue
            return link, head
        if operator.control == "obj":
            for child in (c for i in clause.objects for c in [self.doc[i], *self.doc[i].children, *self.doc[clause.head].children] if c.dep_ in {"appos", "dobj"}):
                for link, head in self.grammar.clause(child.i).complements:
                    if link == "prep:of" and clause.pos == "v":
                        return link, head
        for head in clause.objects:
            if self._governs_noun(operator, head):
                return "object", head
        for prep, _, head in clause.obliques:
            if prep in {"for", "of", "to", "in", "on"} and self._governs_noun(operator, head):
                return f"prep:{prep}", head
        return None

    def _governs_noun(self, operator: Operator, head: int) -> bool:
        token = self.doc[head]
        return operator.effect is not None and is_event_noun(token) and head not in self.carrier

    def _govern(self, head: int) -> None:
        """Note for every complement which operator stands over it, conjuncts included."""
        frame = self.frame(head)
        if frame is None or head in self.light:
            return
        operator = operators().get((frame.predicate, frame.pos))
        below = self.complements.get(head)
        if self.doc[head].lemma_ == "be" or self.doc[head].lemma_ in word_class("CONTENTVERB"):
            self._govern_by_subject(head)
        if operator is None:
            return
        purpose = [h for link, h in self.grammar.clause(head).complements if link == "purpose"] if operator.effect is None else []
        for start in ([below] if below is not None else []) + purpose:
            queue = [self.doc[start]]
            while queue:
                token = queue.pop()
                self.governed.setdefault(token.i, (operator, head))
                queue.extend(c for c in token.children if c.dep_ == "conj" and not any(g.dep_ == "nsubj" for g in c.children))
            if operator.effect == "=" and code_frame(frame) is not None:
                self.transparent.add(start)

    def _govern_by_subject(self, copula: int) -> None:
        """Let a noun govern what a copula equates it with ("our focus is on defeating them")."""
        clause = self.grammar.clause(copula)
        for noun in clause.subjects:
            operator = operators().get((fold_lemma(self.doc[noun].lemma_), "n"))
            if operator is None:
                continue
            below = [start for _, start in clause.complements]
            if self.doc[copula].lemma_ != "be":
                below += [i for i in clause.objects if is_event_noun(self.doc[i])]
            for start in below:
                for token in [self.doc[start], *(c for c in self.doc[start].children if c.dep_ == "conj")]:
                    self.governed.setdefault(token.i, (operator, noun))

    # -- roles

    def actor_like(self, head: int) -> bool:
        """Tell whether a nominal is somebody: a name, a person or body, a pronoun for one."""
        nominal = self.nominals.get(head)
        if nominal is None:
            return False
        if nominal.label == "PRONOUN":
            return not (self.doc[head].lower_ == "it" and self._expletive(head))
        if nominal.entries:
            return any(entry.entity.kind not in PLACE_KINDS for entry in nominal.entries)
        unknown_name = nominal.label == "NOMINAL" and self.doc[head].pos_ == "PROPN" and not self.doc[head].ent_type_
        return nominal.entity_label in ACTOR_LABELS or nominal.agent is not None or unknown_name

    def _expletive(self, head: int) -> bool:
        verb = self.doc[head].head
        impersonal = word_class("IMPERSONAL")
        return self.doc[head].dep_ == "expl" or (
            verb.lemma_ == "be" and any(c.dep_ in {"acomp", "attr"} and c.lemma_ in impersonal for c in verb.children)
        )

    def _bare_country(self, nominal: Nominal) -> bool:
        """Tell a country's plain name used as a modifier: it names the topic or the place ("Syria talks").

        English takes the adjective for who acts ("Russian strikes"); only names in capitals have none.
        """
        text = self.doc[nominal.start : nominal.end].text
        return bool(nominal.entries) and nominal.entries[0].form == "name" and nominal.entries[0].entity.kind in {"country", "place", "region"} and not text.replace(".", "").isupper()

    def owners(self, head: int, depth: int = 0) -> list[int]:
        """Find whose thing a noun is: possessor, "by", "of", or a name that modifies it."""
        token = self.doc[head]
        if depth > 3:
            return []
        for child in token.children:
            if child.dep_ == "poss":
                found = [h for t in conjuncts(child) for h in self.holders(t.i, depth + 1)]
                if found:
                    return found
        agents = [h for c in token.children if c.dep_ == "acl" for h in self.grammar.clause(c.i).subjects if c.pos_ in VERBS and c.lemma_ in word_class("AUTHORVERB") and self.grammar.is_passive(c)]
        for preps in ({"by"}, {"of", "from"}):
            found = [h for prep, _, i in noun_obliques(token) if prep in preps for h in self.holders(i, depth + 1)]
            found += [h for i in agents for h in self.holders(i, depth + 1)] if preps == {"by"} else []
            if found:
                return found
        names = self.modifying_names(head)
        if names and head in self.nominals:
            self.owned[head] = tuple(names)
            return [head]
        return names

    def modifying_names(self, head: int) -> list[int]:
        """Find the names among a noun's modifiers that say who ("Russian", "Pentagon", "US")."""
        found: list[int] = []
        for child in self.doc[head].children:
            if child.dep_ not in {"amod", "compound", "nmod", "nummod"} or child.i > head:
                continue
            for token in [child, *(c for c in child.children if c.dep_ in {"amod", "compound", "nmod", "conj"})]:
                nominal = self.nominals.get(token.i)
                if nominal is None or nominal.label not in {"NAME", "ADJECTIVE"} or self._bare_country(nominal):
                    continue
                if self.actor_like(token.i) and not self._opposed(nominal):
                    found.append(token.i)
        return list(dict.fromkeys(found))

    def _opposed(self, nominal: Nominal) -> bool:
        """Tell a name behind a prefix of attitude: "anti-Syria groups" are not Syria's."""
        before = {t.lower_ for t in self.doc[max(0, nominal.start - 2) : nominal.start]}
        return bool(before & word_class("ATTITUDE"))

    def holders(self, head: int, depth: int = 0) -> list[int]:
        """Give a nominal itself if it is somebody, else whoever it belongs to."""
        token = self.doc[head]
        if token.lower_ in QUANTIFIERS or fold_lemma(token.lemma_) in word_class("MEASURE"):
            inside = [h for prep, _, i in noun_obliques(token) if prep == "of" for h in self.holders(i, depth + 1)]
            if inside:
                return inside
        if self.actor_like(head):
            return [head]
        return self.owners(head, depth)

    def _slot(self, slot: str, head: int, *, target: bool = False) -> list[int]:
        """Resolve a slot of the lexicon to nominal heads, unfiltered."""
        carrier = self.carrier.get(head)
        clauses = [self.grammar.clause(head)]
        if carrier is not None:
            clauses.insert(0, self.grammar.clause(carrier))
        if slot == "subj":
            return [i for c in clauses for i in c.subjects]
        if slot == "obj":
            return [i for i in clauses[0].objects if i != head]
        if slot == "iobj":
            return list(clauses[0].indirect)
        if slot.startswith("prep:"):
            found = [i for c in clauses for prep, _, i in c.obliques if prep == slot[5:] and i != head]
            if not found and clauses[0].pos == "v":
                found = [i for o in clauses[0].objects for prep, _, i in noun_obliques(self.doc[o]) if prep == slot[5:]]
            return found
        noun = self.doc[head] if clauses[-1].pos == "n" else None
        if noun is None:  # of a verb: whom its subject or, for the target, its object belongs to
            owned = clauses[0].objects if target else clauses[0].subjects
            return [h for i in owned for h in self.owners(i)] if slot in {"poss", "mod", "of"} else []
        if slot == "poss":
            return [t.i for c in noun.children if c.dep_ == "poss" for t in conjuncts(c)]
        if slot == "of":
            return [i for prep, _, i in noun_obliques(noun) if prep == "of"]
        if slot == "mod":
            return self.modifying_names(head)
        return []

    def _fill(self, slots: Sequence[str], head: int, taken: Sequence[int] = (), *, target: bool = False) -> list[int]:
        for slot in slots:
            if slot == "none":
                return []
            if slot == "comp":
                below = self.complements.get(head)
                found = self._complement_target(below) if below is not None else []
                found = [h for h in found if h not in self.owned]  # "a solution to the Syrian conflict" has no addressee
            else:
                found = [h for i in self._slot(slot, head, target=target) for h in self.holders(i)]
            if not found and target and slot != "comp":
                found = [i for i in self._slot(slot, head, target=True) if self._is_place(i)]
            found = [h for h in dict.fromkeys(found) if h not in taken]
            if found:
                return found
        return []

    def _is_place(self, head: int) -> bool:
        nominal = self.nominals.get(head)
        if nominal is None or nominal.label == "ADJECTIVE":
            return False
        if nominal.entries:
            return nominal.entries[0].entity.kind in {"place", "region", "country"}
        return nominal.entity_label in {"GPE", "LOC", "FAC"}

    def _complement_target(self, below: int) -> list[int]:
        if below in self.busy:  # a noun that governs its own governor, in a broken parse
            return []
        self.busy.add(below)
        frame = self.frame(below)
        coded = code_frame(frame) if frame is not None else None
        target = self._target(below, coded, self._actor(below, coded))
        if not target and self.complements.get(below) is not None:
            target = self._complement_target(self.complements[below])
        self.busy.discard(below)
        return target

    def _actor(self, head: int, coded: Coded | None) -> list[int]:
        clause = self.grammar.clause(head)
        slots: Sequence[str] = coded.actor if coded is not None else ()
        carried = head in self.carrier
        if not slots:
            slots = ("subj",) if clause.pos != "n" or carried else USUAL_NOUN_ACTOR
        elif carried and clause.pos == "n":
            slots = ("subj", *(s for s in slots if s != "subj"))
        if clause.pos == "n" and not carried and coded is not None:
            slots = [s for s in slots if s not in coded.target] if not coded.actor else slots
        found = self._fill(slots, head)
        if not found and clause.pos == "n" and not carried:
            found = self._controlled_actor(head)
        return found

    def _controlled_actor(self, noun: int) -> list[int]:
        """Give an event noun under an operator the one who would act ("agreed to talks")."""
        above = self.doc[noun].head
        if self.doc[noun].dep_ == "dobj" and above.lemma_ in word_class("ANNOUNCE"):
            return [h for i in self.grammar.clause(above.i).subjects for h in self.holders(i)]
        governed = self.governed.get(noun)
        if governed is None:
            return []
        operator, governor = governed
        above = self.grammar.clause(governor)
        if operator.control == "subj" and above.pos != "n":
            return [h for i in above.subjects for h in self.holders(i)]
        return []

    def _target(self, head: int, coded: Coded | None, actor: Sequence[int]) -> list[int]:
        clause = self.grammar.clause(head)
        slots: Sequence[str] = coded.target if coded is not None else ()
        if not slots:
            if clause.pos == "n":
                slots = USUAL_NOUN_TARGET
            elif coded is not None and coded.operator is not None and coded.operator.effect != "=":
                own = matching_line(self._plain_frame(clause, self._verb_key(clause)), None) if clause.pos == "v" else None
                first = own.target if own is not None else ()
                usual = ("obj", "iobj") if coded.operator.control == "obj" else ("obj", "iobj", "prep:to", "prep:with", "comp")
                slots = (*(slot for slot in first if slot not in {"none", "comp"}), *usual)
            else:
                slots = ("obj", "iobj")
        if tuple(slots) == ("none",):
            return []
        asking = coded is not None and coded.operator is not None and coded.operator.effect in {"PROPOSE", "REQUEST"}
        if asking:
            slots = tuple(s for s in slots if s != "comp")
        found = self._fill(slots, head, actor, target=True)
        if not found and coded is not None and coded.operator is not None and coded.operator.effect != "=":
            found = self._fill(("prep:to", "prep:with", "prep:on") if asking else ("prep:to", "prep:with", "prep:on", "comp"), head, actor)
        if not found and asking and self.complements.get(head) is not None:
            found = self._asked(self.complements[head], actor)
        if not found and head in self.carrier:
            found = self._fill(("iobj", "prep:to", "prep:for"), head, actor)
        if not found:
            found = self._usual_target(head, actor, coded)
        if not found and coded is not None and coded.code.event != "STATEMENT":
            found = self._far_against(head, actor)
        return found

    def _far_against(self, head: int, actor: Sequence[int]) -> list[int]:
        """Take an "against" that the parser hung further down ("filed a suit in court against him")."""
        top = self.doc[self.carrier.get(head, head)]
        for token in top.subtree:
            if token.lower_ == "against" and token.dep_ == "prep" and token.i > top.i and not self._own_clause(token, top):
                for child in token.children:
                    found = [h for t in conjuncts(child) for h in self.holders(t.i) if h not in actor] if child.dep_ == "pobj" else []
                    if found:
                        return found
        return []

    @staticmethod
    def _own_clause(token: Token, top: Token) -> bool:
        """Tell whether another clause or event noun stands between a word and the one above it."""
        above = token.head
        while above.i != top.i and above.head.i != above.i:
            if above.pos_ in VERBS or (above.dep_ != "pobj" and is_event_noun(above) and above.i != top.i and above.dep_ != "dobj"):
                return True
            above = above.head
        return False

    def _place_target(self, head: int, coded: Coded, actor: Sequence[int]) -> list[int]:
        """Take the place of a deed as its target where no other is told ("imposed a curfew in Cairo")."""
        if coded.code.event not in LOCAL:
            return []
        for prep in ("in", "into", "from", "at", "near", "across"):
            found = [i for i in self._slot(f"prep:{prep}", head) if self._is_place(i) and i not in actor]
            if found:
                return found
        return []

    def _asked(self, below: int, actor: Sequence[int]) -> list[int]:
        """Say who else is to act in what is proposed or asked for: those are the ones addressed."""
        frame = self.frame(below)
        coded = code_frame(frame) if frame is not None else None
        same = {self._key(h) for h in actor}
        return [h for h in self._actor(below, coded) if h not in actor and self._key(h) not in same]

    def _key(self, head: int) -> object:
        nominal = self.nominals[head]
        return nominal.entries[0].entity.key if nominal.entries else self.doc[head].lower_

    def _usual_target(self, head: int, actor: Sequence[int], coded: Coded | None = None) -> list[int]:
        physical = coded is not None and coded.code.event in PHYSICAL
        for prep in TARGET_PREPOSITIONS:
            if physical and prep == "with":
                continue  # "recaptured the city with the help of": an instrument, no target
            for i in self._slot(f"prep:{prep}", head):
                nominal = self.nominals.get(i)
                if prep in {"at", "on"} and nominal is not None and nominal.entity_label in {"GPE", "LOC", "FAC"}:
                    continue
                found = [h for h in self.holders(i) if h not in actor]
                if found:
                    return found
        return []

    def _thing_target(self, head: int, coded: Coded | None) -> list[int]:
        """Keep a concrete thing that was attacked or seized as the target ("convoys", "the bridge")."""
        if coded is None or coded.code.event not in PHYSICAL | JUDGING:
            return []
        slots = [s for s in (coded.target or ("obj", "prep:against", "prep:on")) if s not in {"none", "comp"}]
        for slot in slots:
            things = [self._measured(i) for i in self._slot(slot, head, target=True)]
            things = [i for i in things if i in self.nominals]
            if coded.code.event in PHYSICAL:
                things = [i for i in things if not is_event_noun(self.doc[i])]
            things = [i for i in things if fold_lemma(self.doc[i].lemma_) not in word_class("CONTENT")]
            if things:
                return things
        return []

    def _measured(self, head: int) -> int:
        """Look through a noun of measure at what it measures ("part of the stronghold")."""
        token = self.doc[head]
        if token.lower_ in QUANTIFIERS or fold_lemma(token.lemma_) in word_class("MEASURE"):
            for prep, _, inside in noun_obliques(token):
                if prep == "of":
                    return inside
        return head

    # -- polarity and modality

    def modality(self, head: int, depth: int = 0) -> tuple[Modality, bool]:
        """Tell how a clause is meant and whether what stands over it denies it: (modality, negated)."""
        carrier = self.carrier.get(head, head)
        clause = self.grammar.clause(carrier)
        negated = clause.negated or (carrier != head and self.grammar.clause(head).negated)
        found: Modality = "asserted"
        for auxiliary in clause.auxiliaries:
            found = MODALS.get(auxiliary, found)
        token = self.doc[carrier]
        if any(c.dep_ == "mark" and c.lower_ in {"if", "unless", "whether"} for c in token.children):
            found = "conditional"
        governed = self.governed.get(carrier) or self.governed.get(head)
        if governed is not None and governed[0].effect in {"REFUSE", "CANCEL"} and fold_lemma(token.lemma_) in word_class("OFFER"):
            governed = None  # the proposal that was rejected was made
        if governed is not None and depth < 4:
            operator, governor = governed
            above, above_negated = self.modality(governor, depth + 1)
            if operator.modality is not None:
                found = operator.modality  # type: ignore[assignment]  # checked against Modality on load
            elif found == "asserted" and operator.effect != "ACCUSE":
                found = above
            negated ^= operator.negates
            if operator.effect in {"=", None} and above_negated:
                negated = True
        elif found == "asserted" and token.dep_ in {"advcl", "acl"} and any(c.lower_ == "to" and c.dep_ == "aux" for c in token.children):
            found = "planned"  # purpose and content infinitives tell what is meant to happen
        elif found == "asserted" and token.dep_ == "conj" and token.head.pos_ in VERBS and depth < 4 and token.head.i in self.governed:
            found = self.modality(token.head.i, depth + 1)[0]
        return found, negated

    # -- telling

    def _tell(self, head: int) -> Telling | None:
        if head in self.carrier and self.light.get(self.carrier[head]) == head:
            return None  # told under its light verb
        if head in self.transparent and self._above(head) in self.found:
            return None  # "began bombing" is one event, told under "began"
        core = self.light.get(head, head)
        frame = self.frame(head)
        if frame is None:
            return None
        coded = code_frame(frame)
        saying = self.sayings.get(head)
        if coded is None or coded.code.event in {"OTHER"}:
            operator = operators().get((frame.predicate, frame.pos))
            if saying is not None:
                return self._demand(head, frame, saying) or self._statement(head, frame, saying)
            if operator is not None and operator.effect is None:
                return None
            return self._uncoded(head, frame)
        if coded.operator is not None and coded.operator.effect == "=":
            core = self._innermost(head)
            inner = self.frame(core)
            coded = (code_frame(inner) if inner is not None else None) or coded
        actor = self._actor(core, coded)
        if core != head and core not in self.carrier and not actor:
            actor = [h for i in self.grammar.clause(head).subjects for h in self.holders(i)]
        target = self._target(core, coded, actor)
        inferred: list[str] = []
        if not actor:
            actor = self._inherited(core)
            actor = [h for h in actor if h not in target]
            if actor:
                inferred.append("actor")
        if not target and (actor or coded.code.event in PHYSICAL):
            target = self._thing_target(core, coded)
        concerns = self._concern(head, core)
        if not target and concerns is not None:
            target = [h for h in self._event_owner(concerns) if h not in actor]
        if not target and actor:
            target = self._place_target(core, coded, actor)
            if target:
                inferred.append("target")
        if not actor and not target:
            return None
        if self.doc[core].pos_ not in VERBS and core == head and not actor and head not in self.governed and coded.code.event not in PHYSICAL:
            return None
        return self._finish(head, core, frame, coded, actor, target, inferred, concerns)

    def _above(self, head: int) -> int:
        return self.governed[head][1] if head in self.governed else -1

    def _innermost(self, head: int) -> int:
        """Follow operators that add nothing ("began", "managed to") down to the act itself."""
        core, steps = head, 0
        while steps < 5:
            frame = self.frame(core)
            operator = operators().get((frame.predicate, frame.pos)) if frame is not None else None
            below = self.complements.get(core)
            if operator is None or operator.effect != "=" or below is None:
                break
            core, steps = below, steps + 1
        return self.light.get(core, core)

    def _finish(
        self, head: int, core: int, frame: Frame, coded: Coded, actor: list[int], target: list[int],
        inferred: list[str], concerns: int | None,
    ) -> Telling:  # fmt: skip
        modality, negated = self.modality(core if core in self.governed and head not in self.governed and core != head and core not in self.carrier else head)
        code = coded.code
        plain_future = modality == "planned" and head not in self.governed and core not in self.governed
        if plain_future and not negated and set(self.grammar.clause(head).auxiliaries) & {"will", "shall", "'ll", "’ll"}:
            code = future_code(code)
        elif plain_future and not negated and self._backshifted(head) and code.event in FRIENDLY:
            code = future_code(code)
        if plain_future and negated and set(self.grammar.clause(head).auxiliaries) & REFUSING and code.event in FRIENDLY:
            refused = composed("REFUSE", code.event)
            if refused is not None:  # "will not accept" is a refusal
                code = Code(event=refused.event, mode=refused.mode, cameo=refused.cameo, contexts=code.contexts, rule=f"will not:REFUSE>{code.rule}")
                negated, modality = False, "asserted"
        confidence = 0.5 + 0.1 * min(coded.specific, 2) + 0.1 * bool(actor) + 0.1 * bool(target) - 0.15 * len(inferred)
        return Telling(
            head=core, trigger=self._trigger(head, core), action=self._action(head, frame),
            code=code, frame=frame, actors=tuple(actor), targets=tuple(target),
            theme=self._theme(head, core, target), negated=negated, modality=modality,
            confidence=round(confidence, 2), inferred=tuple(sorted(inferred)), concerns=concerns,
        )  # fmt: skip

    def _backshifted(self, head: int) -> bool:
        """Tell the "will" that a past verb of saying turned into "would" ("said it would free them")."""
        clause = self.grammar.clause(head)
        verb = self.doc[head].head
        past = verb.i in self.sayings and verb.tag_ in {"VBD", "VBN"}
        conditional = any(c.dep_ == "advcl" and any(m.lower_ == "if" for m in c.children) for c in self.doc[head].children)
        return "would" in clause.auxiliaries and self.doc[head].dep_ == "ccomp" and past and not conditional

    def _action(self, head: int, frame: Frame) -> str:
        token = self.doc[head]
        words = [token.lemma_.lower() if token.pos_ in VERBS else token.lemma_.lower()]
        clause = self.grammar.clause(head)
        words += [self.doc[i].lower_ for i in clause.particles]
        if clause.pos == "v":
            rest = self._verb_key(clause).split()[len(words) :]
            words += rest
        if head in self.light:
            noun = self.light[head]
            if self.doc[noun].lemma_.lower() not in words:
                words.append(self.doc[noun].lemma_.lower())
        return " ".join(words)

    def _trigger(self, head: int, core: int) -> tuple[int, int]:
        clause = self.grammar.clause(head)
        tokens = [head, *(i for i in clause.particles if i - head <= 3)]
        if clause.pos == "v":
            for word in self._verb_key(clause).split()[len(clause.particles) + 1 :]:
                following = max(tokens) + 1
                if following < len(self.doc) and fold_lemma(self.doc[following].lemma_) == word:
                    tokens.append(following)
        if core != head and core > head:
            shown = self.doc[head : core + 1]
            if len(shown.text) <= TRIGGER_CHARACTERS and self.doc[core].sent.start == self.doc[head].sent.start:
                tokens.append(core)
        return min(tokens), max(tokens) + 1

    def _theme(self, head: int, core: int, target: Sequence[int]) -> tuple[int, int] | None:
        """Find what is proposed, said, built or signed: the governed clause, or an object that is no target."""
        clause = self.grammar.clause(head)
        below = [i for link, i in clause.complements if link != "purpose"]
        things = [i for i in clause.objects if i not in target]
        if core != head and core in things:
            things = [core]
        for start in [*below, *things, *(i for _, _, i in clause.obliques if i == self.complements.get(head))]:
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
        while start < end and (self.doc[start].is_punct or self.doc[start].lower_ in {"that", "to", ","} or self.doc[start].is_space):
            start += 1
        while end > start and (self.doc[end - 1].is_punct or self.doc[end - 1].is_space):
            end -= 1
        return (start, end) if start < end else None

    def _statement(self, head: int, frame: Frame, saying: Saying) -> Telling | None:
        actor = self.holders(saying.speaker) if saying.speaker is not None else []
        actor = [h for t in (self.doc[i] for i in actor) for h in [t.i]]
        if not actor:
            return None
        modality, negated = self.modality(head)
        clause = self.grammar.clause(head)
        told = [h for i in [*clause.indirect, *clause.objects] if i not in {j for a, b in saying.content for j in range(a, b)} for h in self.holders(i) if h not in actor]
        told += [h for prep, _, i in clause.obliques if prep == "to" for h in self.holders(i)]
        theme = self._trimmed(*saying.content[0]) if saying.content else None
        return Telling(
            head=head, trigger=self._trigger(head, head), action=self._action(head, frame),
            code=Code(event="STATEMENT", cameo="010", rule=f"reporting:{frame.predicate}"), frame=frame,
            actors=tuple(actor), targets=tuple(dict.fromkeys(told)), theme=theme, negated=negated,
            modality=modality, confidence=0.8, statement=True,
        )  # fmt: skip

    def _demand(self, head: int, frame: Frame, saying: Saying) -> Telling | None:
        """Read what somebody says another must do as a demand, and "is to blame" as an accusation.

        "Russia said Sudan must return it"; "the minister said the rebels were responsible".
        """
        if saying.speaker is None or saying.link not in {"clause", "quote"}:
            return None
        for link, below in self.grammar.clause(head).complements:
            clause = self.grammar.clause(below)
            if link != "ccomp" or clause.negated:
                continue
            blamed = any(c.dep_ == "acomp" and c.lemma_ in word_class("BLAMED") for c in self.doc[below].children)
            if not set(clause.auxiliaries) & DEONTIC and not blamed:
                continue
            actor = self.holders(saying.speaker)
            asked = [h for i in (clause.subjects or clause.objects) for h in self.holders(i) if h not in actor]
            inner = self.frame(below)
            coded = code_frame(inner) if inner is not None else None
            made = composed("ACCUSE" if blamed else "DEMAND", coded.code.event if coded is not None else None)
            if not actor or not asked or made is None:
                continue
            code = Code(event=made.event, mode=made.mode, cameo=made.cameo, rule=f"{frame.predicate}:{'ACCUSE' if blamed else 'DEMAND'}",
                        contexts=coded.code.contexts if coded is not None else ())  # fmt: skip
            modality, negated = self.modality(head)
            return Telling(
                head=head, trigger=self._trigger(head, head), action=self._action(head, frame), code=code, frame=frame,
                actors=tuple(actor), targets=tuple(asked), theme=self._theme(head, head, ()), negated=negated,
                modality=modality, confidence=0.6, concerns=below,
            )  # fmt: skip
        return None

    def _uncoded(self, head: int, frame: Frame) -> Telling | None:
        """Note somebody's act that the lexicon has no type for, with a low confidence."""
        clause = self.grammar.clause(head)
        if clause.pos != "v" or clause.lemma in word_class("STATIVE") or head in self.light:
            return None
        actor = [i for i in clause.subjects if self.actor_like(i)]
        told = clause.passive and self._fill(("iobj", "prep:to"), head)
        if (not actor and not told) or not (clause.objects or clause.obliques or clause.complements):
            return None
        target = [h for i in [*clause.objects, *clause.indirect] for h in self.holders(i) if h not in actor]
        target = target or self._usual_target(head, actor) or self._fill(("prep:from",), head, actor)
        target = [h for h in target if h not in self.owned]
        modality, negated = self.modality(head)
        code = Code(event="OTHER", rule="uncoded")
        if (clause.lemma, "v") in reporting() and clause.lemma in word_class("ANNOUNCE") and actor:
            code = Code(event="STATEMENT", cameo="010", rule=f"reporting:{clause.lemma}")
        return Telling(
            head=head, trigger=self._trigger(head, head), action=self._action(head, frame),
            code=code, frame=frame, actors=tuple(actor),
            targets=tuple(dict.fromkeys(target)), theme=self._theme(head, head, target), negated=negated,
            modality=modality, confidence=0.3,
        )  # fmt: skip

    # -- event anaphora

    def _concern(self, head: int, core: int) -> int | None:
        """Find the event that this one is about: a governed one, or the noun it takes as object."""
        below = self.complements.get(head)
        if below is not None:
            return self.light.get(below, below)
        for i in self.grammar.clause(head).objects:
            if i != core and is_event_noun(self.doc[i]):
                return i
        return None

    def _event_owner(self, head: int) -> list[int]:
        """Say whose proposal, call or attack an event noun means: its own actor, else an earlier telling's."""
        if self.doc[head].pos_ in VERBS:
            return []
        frame = self.frame(head)
        coded = code_frame(frame) if frame is not None else None
        return self._actor(head, coded) or self._inherited(head)

    def _inherited(self, head: int) -> list[int]:
        """Take the actors of the last telling of the same event ("airstrikes ... The strikes killed")."""
        antecedent = self.antecedent(head)
        return list(antecedent.actors) if antecedent is not None else []

    def antecedent(self, head: int) -> Telling | None:
        """Find the nearest earlier telling that a definite event noun takes up, by stem and meaning."""
        token = self.doc[head]
        nouns = [token] if token.pos_ in {"NOUN", "PROPN"} else [self.doc[i] for i in self.grammar.clause(head).subjects if is_event_noun(self.doc[i])]
        for noun in nouns:
            if not self._takes_up(noun):
                continue
            for earlier in reversed(self.recent):
                if noun.i - earlier.head > ANAPHORA_TOKENS:
                    break
                before = earlier.head not in {head, noun.i} and earlier.trigger[0] < noun.i
                if before and earlier.actors and same_act(noun, self.doc[earlier.head]):
                    return earlier
        return None


    @staticmethod
    def _takes_up(noun: Token) -> bool:
        """Tell whether an event noun speaks of an event told before: it is definite, or an apposition.

        "The strikes killed ..."; "..., a proposal that they rejected"; but not "proposals for a pact".
        """
        if noun.dep_ in {"appos", "npadvmod"} or any(c.dep_ == "relcl" for c in noun.children):
            return True
        return any(c.lower_ in DEFINITE or c.dep_ == "poss" for c in noun.children)


def same_act(noun: Token, earlier: Token) -> bool:
    """Tell whether an event noun can take up an earlier predicate: "proposal" takes up "proposed"."""
    a, b = fold_lemma(noun.lemma_), fold_lemma(earlier.lemma_)
    if a == b or a.endswith(b) or b.endswith(a):
        return len(min(a, b, key=len)) >= 4 or a == b
    stem = 0
    while stem < min(len(a), len(b)) and a[stem] == b[stem]:
        stem += 1
    return stem >= 5 and stem >= min(len(a), len(b)) - 2
