"""Frames of a document: every predicate with what it governs, light verbs folded into their nouns.

A `Frame` is all that coding needs; this room makes them from clauses and remembers which
predicate stands over which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from spacy.tokens import Doc

from kg.clauses import Clause, Grammar, compounded_agent, is_finite, noun_obliques
from kg.coding import matching_line
from kg.events.governing import binds, joins, tells_for
from kg.events.nouns import is_event_noun, noun_key
from kg.lexicon import (
    Operator,
    carrying_verbs,
    compound_words,
    fold_lemma,
    opening_verbs,
    operators,
    predicates,
    word_class,
)
from kg.mentions import nominals_of
from kg.model import Frame
from kg.parse import Parse, Token, parse_of

__all__ = ["VERBS", "Frames"]

VERBS = frozenset({"VERB", "AUX"})
PREDICATIVE = VERBS | {"ADJ", "NOUN"}
KIND_OF_LABEL = {
    "PERSON": "@person",
    "ORG": "@organisation",
    "GPE": "@place",
    "NORP": "@group",
    "LOC": "@place",
    "FAC": "@place",
}


GUESSING = frozenset({"may", "might"})
NAMED = "@named"
"""Among a verb's modifiers: its object is said to be something, whatever it is."""

_SAID_OF_NOUNS = frozenset("amod compound nmod poss".split())
_SAID_OF_VERBS = frozenset({"oprd", "advmod"})
"""Manner ("jointly"), and what an object complement says of the object ("called it fair")."""


class Frames:
    """The frames of one document, made on demand and kept.

    Attributes:
        complements: predicate -> head of the event it governs.
        light, carrier: light verb -> its noun, and noun -> its light verb.
        happening: event noun -> the verb that only says that it happens ("talks opened").
        governed: head -> the operator over it and that operator's head.
        transparent: heads that are told under the operator over them ("began bombing").
        promised: act -> the commitment that tells it ("agreed to withdraw").
    """

    def __init__(self, doc: Doc | Parse) -> None:
        self.doc = parse_of(doc)
        self.grammar = Grammar(self.doc)
        self.nominals = nominals_of(self.doc)
        self.complements: dict[int, int] = {}
        self.light: dict[int, int] = {}
        self.carrier: dict[int, int] = {}
        self.happening: dict[int, int] = {}
        self.governed: dict[int, tuple[Operator, int]] = {}
        self.transparent: set[int] = set()
        self.promised: dict[int, int] = {}
        self._frames: dict[int, Frame | None] = {}
        self._names: dict[int, list[str]] = {}
        self._verb_keys: dict[int, str] = {}
        self._noun_keys: dict[int, str | None] = {}
        self.heads = [token.i for token in self.doc if self._may_tell(token)]
        for head in self.heads:
            self._find_carrier(self.doc[head])
        for head in self.heads:
            self._govern(head)

    def _may_tell(self, token: Token) -> bool:
        if token.pos_ in VERBS:
            if token.dep_ == "amod":  # "Iran-backed rebels": a participle with its own agent
                leads = token.lower_ in word_class("LEDBY")
                return compounded_agent(token) is not None and not leads
            return token.dep_ not in {"aux", "auxpass", "compound", "punct"}
        if token.pos_ in {"NOUN", "PROPN"}:
            return token.dep_ not in {"compound", "nmod"} and self.noun_key(token.i) is not None
        if token.pos_ == "ADJ":
            key = (fold_lemma(token.lemma_), "a")
            return token.dep_ in {"acomp", "attr", "oprd", "ROOT"} and (
                key in predicates() or key in operators() or self.adjective_key(token) is not None
            )
        return False

    def noun_key(self, head: int) -> str | None:
        """Find the key of an event noun in the tables; None for words that tell of no event."""
        if head not in self._noun_keys:
            token = self.doc[head]
            self._noun_keys[head] = noun_key(token) if is_event_noun(token) else None
        return self._noun_keys[head]

    @staticmethod
    def adjective_key(token: Token) -> str | None:
        """Find the key of an adjective with its preposition ("critical of")."""
        for prep, _, _ in noun_obliques(token):
            key = f"{fold_lemma(token.lemma_)} {prep}"
            if (key, "a") in predicates():
                return key
        return None

    def _find_carrier(self, verb: Token) -> None:
        """See whether a verb only carries the event noun that is its object ("launch an
        attack")."""
        if verb.pos_ not in VERBS:
            return
        clause = self.grammar.clause(verb.i)
        if clause.lemma not in carrying_verbs():
            return
        key = self.verb_key(clause)
        bare = " ".join([clause.lemma, *(fold_lemma(self.doc[i].lemma_) for i in clause.particles)])
        if self._only_happens(clause, bare):
            happening = (i for i in clause.subjects if self.noun_key(i) is not None)
            self.happening.update(dict.fromkeys(happening, verb.i))
        names = {bare, key, *(f"{bare} {self.doc[i].lemma_}" for i in clause.objects)}
        if not names & word_class("LIGHTVERB"):
            return
        operator = operators().get((bare, "v"))
        if operator is not None and operator.effect not in {None, "="}:
            return
        nouns = [i for i in clause.objects if i > 0 and self.noun_key(i) is not None]
        entering = bool(names & word_class("LIGHTPREP"))  # "took part in the raid"
        if entering:
            nouns += [i for _, _, i in clause.obliques if self.noun_key(i) is not None]
        if not nouns:
            return
        own = matching_line(self.plain_frame(clause, key), None)
        if own is not None and own.conditions and not entering:
            return
        self.light[verb.i] = nouns[0]
        for noun in nouns:  # "expressed rejection and condemnation" carries two
            self.carrier.setdefault(noun, verb.i)

    def _only_happens(self, clause: Clause, bare: str) -> bool:
        """Tell a verb of happening ("talks opened", "the truce took effect")."""
        what = [fold_lemma(self.doc[i].lemma_) for i in clause.objects]
        names = {bare, *(f"{bare} {noun}" for noun in what)}
        return bool(names & word_class("HAPPEN")) and (not what or bare not in names)

    def host(self, head: int) -> int:
        """Give the verb that tells an event noun, light or of happening; else the head itself."""
        return self.carrier.get(head, self.happening.get(head, head))

    def verb_key(self, clause: Clause) -> str:
        """Find a verb's key in the tables: with particle, preposition or noun where a line
        holds."""
        if clause.lemma not in opening_verbs():
            return clause.lemma
        known = self._verb_keys.get(clause.head)
        if known is None:
            known = self._verb_keys[clause.head] = self._find_verb_key(clause)
        return known

    def _find_verb_key(self, clause: Clause) -> str:
        lemma = clause.lemma
        particles = [fold_lemma(self.doc[i].lemma_) for i in clause.particles]
        with_particle = " ".join([lemma, *particles])
        objects = [fold_lemma(self.doc[i].lemma_) for i in clause.objects]
        preps = [prep for prep, _, head in clause.obliques if not self._is_temporal(head)]
        preps += [link[5:] for link, _ in clause.complements if link.startswith("prep:")]
        preps += self._stranded(clause)
        keys = [f"{with_particle} {prep}" for prep in preps]
        keys += [f"{with_particle} {noun}" for noun in objects]
        results = [
            c
            for c in self.doc[clause.head].children
            if c.dep_ in {"oprd", "acomp", "intj"} or (c.dep_ == "ccomp" and c.pos_ == "ADJ")
        ]
        behind = self.doc[clause.head + 1 : clause.head + 2]
        results += [c for c in behind if c.pos_ == "ADJ"]  # "set free three policemen"
        keys += [f"{lemma} {fold_lemma(c.lemma_)}" for c in results]  # "found guilty"
        if particles:
            keys.append(with_particle)
        for key in keys:
            if (key, "v") in operators():
                return key
            if (key, "v") in predicates() and matching_line(
                self.plain_frame(clause, key), None
            ) is not None:
                return key
        return lemma

    def _stranded(self, clause: Clause) -> list[str]:
        """List the prepositions of a prepositional passive ("was called upon by the union")."""
        below = self.doc[clause.head].children if clause.passive else []
        return [
            c.lower_
            for c in below
            if c.dep_ in {"prep", "prt", "advmod"} and not c.children and c.i == clause.head + 1
        ]

    def _is_temporal(self, head: int) -> bool:
        """Tell the object of a temporal adjunct ("called him on Monday" is no "call on")."""
        return self.doc[head].ent_type_ in {"DATE", "TIME"}

    def _lemmas(self, heads: Iterable[int]) -> tuple[str, ...]:
        found: list[str] = []
        for head in heads:
            token = self.doc[head]
            if head not in self._names:
                self._names[head] = self._names_of(token)
            found.extend(self._names[head])
            measure = word_class("MEASURE")
            measures = fold_lemma(token.lemma_) in measure or token.lower_ in measure
            if token.pos_ in {"NUM", "SYM"} or measures:
                found.extend(  # "tons of food" is food
                    self._lemmas(i for prep, _, i in noun_obliques(token) if prep in {"of", "in"})
                )
        return tuple(dict.fromkeys(found))

    def _names_of(self, token: Token) -> list[str]:
        """Give all that a condition may call a word: lemma, form, compounds and kind."""
        lemma, form = fold_lemma(token.lemma_), fold_lemma(token.text)
        forms = [lemma] if form == lemma else [lemma, form]
        if any(c.tag_ == "$" for c in token.children):  # "pledged $500 million"
            forms.append("money")
        if lemma in word_class("BOMBER"):
            forms = (
                ["warplane"]
                if self._is_plane(token)
                else ["suicide bomber", "attacker", "fugitive"]
            )
        return [*forms, *self._compounds(token), *self._tags(token.i)]

    def _is_plane(self, bomber: Token) -> bool:
        """Tell the aircraft from the man: several of a state, or what only an aircraft does or is
        called ("Russian bombers", "a stealth bomber", "bombers flew")."""
        around = (bomber.head, *bomber.children)
        if any(fold_lemma(t.lemma_) in word_class("PLANESENSE") for t in around):
            return True
        tags = {tag for c in bomber.lefts for tag in self._tags(c.i)}
        typed = any(
            t.pos_ in {"NOUN", "PROPN"} and not t.text.isalpha() for t in bomber.lefts
        )  # "B-52s"
        return bomber.tag_ == "NNS" and ("@country" in tags or typed)

    @staticmethod
    def _compounds(noun: Token) -> list[str]:
        """Name a noun with the modifiers that make another thing of it ("aid worker")."""
        known = compound_words()
        return [
            both
            for c in noun.children
            if c.i < noun.i
            and c.dep_ in {"compound", "amod", "nmod"}
            and (both := f"{fold_lemma(c.lemma_)} {fold_lemma(noun.lemma_)}") in known
        ]

    def _tags(self, head: int) -> list[str]:
        """Name the kind of thing that a nominal is, for conditions like ``obj=@country``."""
        nominal = self.nominals.get(head)
        if nominal is None:
            return []
        if nominal.entries:
            return [f"@{nominal.entries[0].entity.kind}"]
        if nominal.entity_label in KIND_OF_LABEL:
            return [KIND_OF_LABEL[nominal.entity_label]]
        if nominal.agent is not None:
            many = nominal.agent.kind == "person" and self.doc[head].tag_ in {"NNS", "NNPS"}
            return ["@group" if many else f"@{nominal.agent.kind}"]
        if nominal.label == "PRONOUN":
            return (
                ["@person"]
                if self.doc[head].lower_ not in {"it", "its", "itself"}
                else ["@organisation"]
            )
        return []

    def plain_frame(self, clause: Clause, key: str) -> Frame:
        """Make the frame of a clause without what it governs."""
        said_of = _SAID_OF_NOUNS if clause.pos == "n" else _SAID_OF_VERBS
        said = [c for c in self.doc[clause.head].children if c.dep_ in said_of]
        modifiers = tuple(fold_lemma(c.lemma_) for c in said)
        for named in (c for c in said if c.dep_ == "oprd"):  # "called him a dummy"
            modifiers += (NAMED, *(fold_lemma(c.lemma_) for c in named.lefts if c.dep_ == "amod"))
            modifiers += tuple(self._compounds(named))
        return Frame(
            predicate=key,
            pos=clause.pos,
            voice="passive" if clause.passive else "active",
            subjects=self._lemmas(clause.subjects),
            objects=self._lemmas([*clause.objects, *clause.indirect]),
            modifiers=modifiers,
            obliques=tuple(
                (prep, lemma)
                for prep, _, head in self._all_obliques(clause)
                for lemma in self._lemmas([head])
            ),
            negated=clause.negated,
            auxiliaries=clause.auxiliaries,
        )

    def _all_obliques(self, clause: Clause) -> list[tuple[str, int, int]]:
        """List a predicate's phrases and those the parser hung on its objects ("accused him of
        fraud")."""
        found = list(clause.obliques)
        if clause.pos == "v":
            found += [oblique for i in clause.objects for oblique in noun_obliques(self.doc[i])]
            if clause.lemma in word_class("ENCOUNTER"):  # "met with rejection from Suran"
                found += [o for _, _, i in clause.obliques for o in noun_obliques(self.doc[i])]
        return found

    def frame(self, head: int) -> Frame | None:
        """Give the frame of a verb, noun or adjective, with the frames of what it governs
        inside."""
        if head in self._frames:
            return self._frames[head]
        self._frames[head] = None  # a cycle ends here
        token = self.doc[head]
        clause = self.grammar.clause(head)
        if clause.pos == "n":
            key = self.noun_key(head) or clause.lemma
            plain = self._carried(head, self.plain_frame(clause, key))
        elif clause.pos == "a":
            key = self.adjective_key(token) or clause.lemma
            plain = self.plain_frame(clause, key)
        else:
            key = self.verb_key(clause)
            if head in self.light:
                inner = self.frame(self.light[head])
                self._frames[head] = inner
                return inner
            plain = self.plain_frame(clause, key)
        below = self._complement(clause, key)
        if below is not None:
            link, inner_head = below
            self.complements[head] = inner_head
            inner = self._controlled(inner_head, plain)
            plain = replace(plain, complement=inner, link=link)
        self._frames[head] = plain
        return plain

    def _controlled(self, below: int, above: Frame) -> Frame | None:
        """Give an event noun the subject of the verb that governs it, where nothing else says who
        acts: it tells the sense ("the miners called off a strike", "the general called off a
        strike")."""
        inner = self.frame(below)
        operator = operators().get((above.predicate, above.pos))
        if inner is None or inner.pos != "n" or inner.subjects or operator is None:
            return inner
        owners = (c for c in self.doc[below].children if c.dep_ == "poss" and c.tag_ != "PRP$")
        own = operator.control == "subj" or operator.effect == "CANCEL"
        if above.pos != "v" or not own or any(owners):
            return inner
        inner = replace(inner, subjects=above.subjects)
        self._frames[below] = inner
        return inner

    def _carried(self, noun: int, plain: Frame) -> Frame:
        """Give an event noun the subject and the phrases of the verb that tells it."""
        verb = self.host(noun)
        if verb == noun:
            return plain
        above = self.grammar.clause(verb)
        obliques = [
            (prep, lemma)
            for prep, _, head in above.obliques
            if head != noun
            for lemma in self._lemmas([head])
        ]
        return replace(
            plain,
            subjects=self._lemmas(i for i in above.subjects if i != noun),
            obliques=(*plain.obliques, *obliques),
            negated=plain.negated or above.negated,
            auxiliaries=above.auxiliaries,
            voice="passive" if above.passive else "active",
        )

    def _complement(self, clause: Clause, key: str) -> tuple[str, int] | None:
        """Choose the event that a predicate governs: a clause before a noun, an object before a
        phrase."""
        operator = operators().get((key, clause.pos))
        if operator is None:
            return None
        for link, head in clause.complements:
            if link == "purpose" and not self._infinitive_complement(operator, clause, head):
                continue
            if self.doc[head].pos_ not in PREDICATIVE:
                continue
            if link == "ccomp" and operator.control == "obj" and is_finite(self.doc[head]):
                continue
            if link == "ccomp" and operator.effect in {"PROPOSE", "REQUEST"} and self._states(head):
                continue
            return link, head
        if operator.control == "obj":
            for child in (
                c
                for i in (*clause.objects, *(clause.subjects if clause.passive else ()))
                for c in [self.doc[i], *self.doc[i].children, *self.doc[clause.head].children]
                if c.dep_ in {"appos", "dobj"}
            ):
                for link, head in self.grammar.clause(child.i).complements:
                    if link == "prep:of" and clause.pos == "v":
                        return link, head
        addressed = operator.control == "obj" and any(
            link == "ccomp" and is_finite(self.doc[head]) for link, head in clause.complements
        )  # "told a conference that the jet fell": who is told isn't what is told
        for head in () if addressed else clause.objects:
            if self._governs_noun(operator, head):
                return "object", head
        for prep, _, head in clause.obliques:
            if clause.objects and prep in {"in", "on", "to"}:
                continue  # "stopped work in a strike": the phrase is no complement
            if clause.pos == "n" and prep in {"in", "on"}:
                continue  # "a request for extradition on charges of fraud"
            if prep in {"for", "of", "to", "in", "on"} and self._governs_noun(operator, head):
                return f"prep:{prep}", head
        return None

    def _infinitive_complement(self, operator: Operator, clause: Clause, head: int) -> bool:
        """Tell a complement from a purpose clause: nothing stands before its "to" ("has sworn to
        fight") but the one addressed ("proposed to Suran to meet"), and the verb is none that
        takes purposes ("stopped to rest")."""
        follows = any(c.i == clause.head + 1 and c.tag_ == "TO" for c in self.doc[head].lefts)
        addressed = operator.effect == "PROPOSE" and any(
            prep in {"to", "with"} and at == clause.head + 1 for prep, at, _ in clause.obliques
        )
        return (
            (follows or (addressed and not clause.objects))
            and clause.pos == "v" and not clause.passive and operator.control == "subj"
            and operator.effect not in {"CEASE", "CANCEL", "="}
        )  # fmt: skip

    def _states(self, head: int) -> bool:
        """Tell the indicative from the mandative subjunctive: "insisted that B left" claims,
        "that B leave" asks."""
        token = self.doc[head]
        modals = {c.lower_ for c in token.children if c.tag_ == "MD"}
        if modals & GUESSING or (modals and any(c.lower_ == "have" for c in token.children)):
            return True  # "suggested that B might leave", "that B could have left": a guess
        modal = bool(modals)
        if token.tag_ == "VBD" and token.lower_ == token.lemma_:
            return False  # "cut", "put", "let": the form doesn't tell
        return (
            not modal
            and is_finite(token)
            and (
                token.tag_ in {"VBD", "VBZ"}
                or any(
                    c.tag_ in {"VBD", "VBZ"} for c in token.children if c.dep_ in {"aux", "auxpass"}
                )
            )
        )

    def _governs_noun(self, operator: Operator, head: int) -> bool:
        return (
            (operator.effect is not None or operator.predicate in word_class("OFFER"))
            and self.noun_key(head) is not None
            and (head not in self.carrier or self._is_reduced(self.doc[self.carrier[head]]))
        )

    @staticmethod
    def _is_reduced(verb: Token) -> bool:
        """Tell a reduced relative clause ("the march staged by students")."""
        return verb.dep_ == "acl" and not any(c.dep_ in {"aux", "auxpass"} for c in verb.children)

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
        purpose = (
            [h for link, h in self.grammar.clause(head).complements if link == "purpose"]
            if operator.effect is None
            else []
        )
        for start in ([below] if below is not None else []) + purpose:
            queue = [self.doc[start]]
            while queue:
                token = queue.pop()
                self.governed.setdefault(token.i, (operator, head))
                queue.extend(c for c in token.children if c.dep_ == "conj" and joins(c, token))
            if tells_for(operator, frame):
                self.transparent.add(start)
            elif binds(operator, frame):
                self.promised[start] = head

    def _govern_by_subject(self, copula: int) -> None:
        """Let a noun govern what a copula equates it with ("our focus is on defeating them")."""
        clause = self.grammar.clause(copula)
        for noun in clause.subjects:
            operator = operators().get((fold_lemma(self.doc[noun].lemma_), "n"))
            if operator is None:
                continue
            below = [start for _, start in clause.complements]
            if self.doc[copula].lemma_ != "be":
                below += [i for i in clause.objects if self.noun_key(i) is not None]
            for start in below:
                for token in [
                    self.doc[start],
                    *(c for c in self.doc[start].children if c.dep_ == "conj"),
                ]:
                    self.governed.setdefault(token.i, (operator, noun))

    def innermost(self, head: int) -> int:
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
