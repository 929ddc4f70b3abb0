"""Clauses with their deep roles: who acts and who is acted on, whatever shape the sentence gave it.

The parser's labels are grammatical (ClearNLP style); this room undoes what English does to them:
passives, relative and reduced relative clauses, control and raising ("agreed to postpone", "urged
B to release C"), shared subjects of conjoined verbs, gerunds behind prepositions. It knows no
codes and no names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc

from kg.lexicon import (
    Operator,
    fold_lemma,
    operators,
    predicates,
    word_class,
)
from kg.parse import Parse, Token, parse_of

__all__ = ["SUBJECTS", "Clause", "Grammar", "conjuncts", "is_finite", "noun_obliques"]

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
RELATIVE = frozenset({"WDT", "WP", "WP$"})
NEGATIVE_WORDS = frozenset(
    "no none nothing nobody neither nor never hardly barely scarcely".split()
)
VERBAL = frozenset({"VERB", "AUX"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One verb, event noun or predicative adjective with its roles, by token index.

    Attributes:
        head: the verb, noun or adjective.
        lemma: folded, without particle.
        particles: indices of particles ("off" of "call off").
        subjects: who acts: passives undone, conjuncts expanded.
        objects: who or what is acted on: passives undone, conjuncts expanded.
        indirect: dative objects.
        obliques: (preposition, its index, head of its object), conjuncts expanded, in order.
        complements: (link, head) of governed clauses: xcomp, ccomp, acl, "prep:of".
        auxiliaries: lemmas of auxiliaries, in order.
    """

    head: int
    pos: Literal["v", "n", "a"]
    lemma: str
    passive: bool = False
    particles: tuple[int, ...] = ()
    subjects: tuple[int, ...] = ()
    objects: tuple[int, ...] = ()
    indirect: tuple[int, ...] = ()
    obliques: tuple[tuple[str, int, int], ...] = ()
    complements: tuple[tuple[str, int], ...] = ()
    auxiliaries: tuple[str, ...] = ()
    negated: bool = False

    @property
    def arguments(self) -> tuple[int, ...]:
        """Heads of all objects and phrases, the subject apart."""
        return (*self.objects, *self.indirect, *(head for _, _, head in self.obliques))


def conjuncts(token: Token) -> list[Token]:
    """Give a nominal and all that is conjoined to it, in order ("Moscow and Washington")."""
    found = [token]
    for current in found:  # grows while it is walked
        for child in current.children:
            if child.dep_ == "conj" and child.pos_ not in {"VERB", "AUX", "SCONJ"}:
                found.append(child)
    return found if len(found) == 1 else sorted(found, key=lambda t: t.i)


def is_finite(verb: Token) -> bool:
    """Tell a finite clause ("that B will go") from an infinitive or gerund ("to go", "going")."""
    auxiliaries = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
    if any(c.tag_ == "TO" or c.lower_ == "to" for c in auxiliaries):
        return False
    if any(c.tag_ in {"VBD", "VBP", "VBZ", "MD"} for c in auxiliaries):
        return True
    return verb.tag_ in {"VBD", "VBP", "VBZ"}


def _is_infinitive(verb: Token) -> bool:
    return verb.pos_ in VERBAL and any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def _is_nominal_gerund(verb: Token) -> bool:
    """Tell a gerund that takes its object as a noun does ("after the jailing of an editor")."""
    if verb.tag_ != "VBG" or any(c.dep_ in {"dobj", "prt", "aux"} for c in verb.children):
        return False
    return any(c.i == verb.i + 1 and c.lower_ == "of" for c in verb.children)


def noun_obliques(head: Token) -> list[tuple[str, int, int]]:
    """List the prepositional phrases of a word as (preposition, its index, head of the object)."""
    found: list[tuple[str, int, int]] = []
    for child in head.children:
        if (
            child.dep_ in {"prep", "agent", "dative"}
            and child.pos_ in {"ADP", "SCONJ", "ADV", "PART", "VERB"}
            and child.lower_ != "according"  # "according to Turkey" says who speaks
        ):
            found.extend(_objects_of(child))
    return found


def _objects_of(preposition: Token) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []
    for child in preposition.children:
        if child.dep_ == "pobj":
            found.extend((preposition.lower_, preposition.i, t.i) for t in conjuncts(child))
        elif child.dep_ == "prep":  # "out of", "from across"
            found.extend(_objects_of(child))
            found.extend(
                (preposition.lower_, preposition.i, head) for _, _, head in _objects_of(child)
            )
        elif child.dep_ == "conj" and child.pos_ == "ADP":  # "to and from"
            found.extend(_objects_of(child))
    return found


def _gerunds(preposition: Token) -> list[tuple[str, int]]:
    return [
        (f"prep:{preposition.lower_}", c.i)
        for c in preposition.children
        if (c.dep_ == "pcomp" and c.pos_ in VERBAL)
        or (c.dep_ == "pobj" and c.tag_ == "VBG")  # a gerund taken for a noun
    ]


class Grammar:
    """The clauses of one document, made on demand and kept.

    Not a record: it holds on to the `Parse` and remembers what was asked.
    """

    def __init__(self, doc: Doc | Parse) -> None:
        self.doc = parse_of(doc)
        self._subjects: dict[int, tuple[int, ...]] = {}
        self._clauses: dict[int, Clause] = {}

    def clause(self, head: int) -> Clause:
        """Give the clause of a verb, noun or adjective by its index."""
        if head not in self._clauses:
            token = self.doc[head]
            if token.pos_ in VERBAL:
                self._clauses[head] = self._verb(token)
            elif token.pos_ in {"NOUN", "PROPN"}:
                self._clauses[head] = self._noun(token)
            else:
                self._clauses[head] = self._adjective(token)
        return self._clauses[head]

    # -- verbs

    def _verb(self, verb: Token) -> Clause:
        passive = self.is_passive(verb)
        surface = self.surface_subjects(verb.i)
        objects = self._own_objects(verb)
        if _is_nominal_gerund(verb):
            objects = [self.doc[h] for prep, _, h in noun_obliques(verb) if prep == "of"]
        indirect = [
            t for c in verb.children if c.dep_ == "dative" and c.pos_ != "ADP" for t in conjuncts(c)
        ]
        if passive:
            agents = self._agents(verb)
            subjects = tuple(t.i for t in agents)
            if objects:  # "was given a grant": the surface subject is the receiver
                indirect = [self.doc[i] for i in surface] + indirect
                deep = tuple(t.i for t in objects)
            else:
                deep = surface
        else:
            subjects, deep = surface, tuple(t.i for t in objects)
            gap = self.relative_gap(verb)
            if not deep and gap is not None:
                deep = (gap,)
        if not deep and not passive:
            deep = self._raised_object(verb)
        obliques, complements = self._verb_obliques(verb), self._complements(verb)
        sharing = self.shares_with(verb) if not (deep or obliques or complements) else None
        if sharing is not None:
            deep, obliques, complements = (
                sharing.objects,
                list(sharing.obliques),
                list(sharing.complements),
            )
        return Clause(
            head=verb.i,
            pos="v",
            lemma=fold_lemma(verb.lemma_),
            passive=passive,
            particles=tuple(c.i for c in verb.children if self._is_particle(c, verb)),
            subjects=subjects,
            objects=deep,
            indirect=tuple(t.i for t in indirect),
            obliques=tuple(obliques),
            complements=tuple(complements),
            auxiliaries=tuple(self._auxiliaries(verb)),
            negated=self.is_negated(verb),
        )

    def _own_objects(self, verb: Token) -> list[Token]:
        """List the objects beside a verb, conjuncts too; appositions and "which" are left out."""
        given = [
            c
            for c in verb.children
            if c.dep_ == "dobj" or (c.dep_ == "oprd" and c.pos_ in {"NOUN", "PROPN", "PRON"})
        ]
        if len(given) > 1 and given[1].dep_ == "dobj":
            between = self.doc[given[0].i : given[1].i]
            if any(t.is_punct for t in between):
                given = given[:1]  # "accused Moscow - a friend of Assad -"
        found = [t for c in given or self._counted(verb) for t in conjuncts(c)]
        return [t for t in found if t.tag_ not in RELATIVE]  # its antecedent fills that place

    @staticmethod
    def _is_particle(child: Token, verb: Token) -> bool:
        """Tell a particle, also where the parser takes it for an adverb ("turned back", "pushed
        away")."""
        if child.dep_ == "prt":  # "up" of "up to 16" belongs to the number
            behind = verb.doc[child.i + 1 : child.i + 3]
            return [t.lower_ for t in behind[:1]] != ["to"] or behind[-1].pos_ != "NUM"
        key = (f"{fold_lemma(verb.lemma_)} {child.lower_}", "v")
        return (
            child.dep_ == "advmod"
            and child.i > verb.i
            and (key in predicates() or key in operators())
        )

    def _agents(self, verb: Token) -> list[Token]:
        """Find who acts behind "by", shared by conjoined passives ("attacked and burnt by
        them")."""
        own = [c for c in verb.children if c.dep_ == "agent"]
        if not own:
            shared = [c for c in verb.children if c.dep_ == "conj" and c.tag_ == "VBN"]
            own = [a for c in shared[-1:] for a in c.children if a.dep_ == "agent"]
        return [t for c in own for p in c.children if p.dep_ == "pobj" for t in conjuncts(p)]

    @staticmethod
    def _counted(verb: Token) -> list[Token]:
        """Find an object behind "up to" and a number, which the parser takes for a phrase of
        place."""
        for child in verb.children:
            if (
                child.lower_ == "up"
                and child.i + 1 < len(child.doc)
                and child.nbor(1).lower_ == "to"
                and child.nbor(1).head.i == child.i
            ):
                child = child.nbor(1)
            if (
                child.lower_ == "to"
                and child.dep_ == "prep"
                and child.i > 0
                and child.nbor(-1).lower_ == "up"
            ):
                return [
                    c
                    for c in child.children
                    if c.dep_ == "pobj" and any(g.dep_ == "nummod" for g in c.children)
                ]
        return []

    def shares_with(self, verb: Token) -> Clause | None:
        """Find the conjunct whose object a bare verb shares ("funding and arming rebels").

        Right node raising: nothing but the conjunction stands between the two.
        """
        for child in verb.children:
            if child.dep_ == "conj" and child.pos_ in VERBAL and child.i > verb.i:
                between = self.doc[verb.i + 1 : child.i]
                if (
                    all(t.pos_ in {"CCONJ", "ADV", "PUNCT", "PART"} for t in between)
                    and len(between) <= 3
                ):
                    return self.clause(child.i)
        return None

    def is_passive(self, verb: Token) -> bool:
        """Tell whether a verb is passive; participles of reduced relatives and shared auxiliaries
        are."""
        kinds = {c.dep_ for c in verb.children}
        if "agent" not in kinds and fold_lemma(verb.lemma_) in word_class("STATAL"):
            return False  # "is committed to leaving" tells of a stance, not of who committed it
        if kinds & {"auxpass", "nsubjpass"} or ("agent" in kinds and verb.tag_ == "VBN"):
            return True
        if verb.tag_ != "VBN" or "aux" in kinds:
            return False
        if "nsubj" in kinds and verb.dep_ in {"ccomp", "xcomp"} and not kinds & {"mark", "dobj"}:
            return True  # small clause: "ordered him jailed"
        if "nsubj" in kinds:  # headlines drop the auxiliary: "Militia leader jailed by court"
            return False
        if verb.dep_ == "acl":
            return "dobj" not in kinds
        if verb.dep_ == "conj" and verb.head.pos_ in VERBAL:
            return "dobj" not in kinds and self.is_passive(verb.head)
        return verb.dep_ in {"ROOT", "advcl", "amod"} and "dobj" not in kinds

    def surface_subjects(self, head: int) -> tuple[int, ...]:
        """Find the grammatical subject of a verb, its own or the one it shares or is given."""
        if head not in self._subjects:
            self._subjects[head] = ()  # a cycle in a broken parse ends here
            self._subjects[head] = self._find_subjects(self.doc[head])
        return self._subjects[head]

    def _find_subjects(self, verb: Token) -> tuple[int, ...]:
        own = [c for c in verb.children if c.dep_ in SUBJECTS]
        if own:
            return tuple(i for c in own for i in self._referents(c, verb))
        if verb.dep_ in {"ROOT", "ccomp", "parataxis"} and is_finite(verb):
            beside = self._subject_beside(verb)
            if beside:
                return beside
        extracted = self._extracted_subject(verb)
        if extracted is not None:
            return (extracted,)
        governor = verb.head
        if governor.i == verb.i:
            return ()
        if verb.dep_ == "conj" and governor.pos_ in VERBAL:
            return self.surface_subjects(governor.i)
        if verb.dep_ in {"relcl", "acl"}:
            if verb.dep_ == "acl" and _is_infinitive(verb):
                return self._owners(governor)
            if self.relative_gap(verb) is not None:
                return ()
            if verb.dep_ == "acl" and verb.tag_ == "VBG" and self._is_wording(governor):
                return self._owners(governor)
            return (governor.i,)
        if verb.dep_ in {"xcomp", "ccomp", "advcl", "acomp"} and governor.pos_ in VERBAL:
            return self._controller(governor, verb)
        if verb.dep_ in {"xcomp", "ccomp", "advcl"} and governor.pos_ == "ADJ":
            return self.surface_subjects(governor.head.i) if governor.head.pos_ in VERBAL else ()
        if verb.dep_ == "pcomp" and _is_nominal_gerund(verb):
            return ()
        if verb.dep_ == "pcomp" and governor.head.i != governor.i:
            above = governor.head
            if above.head.pos_ in VERBAL and self._is_particle(above, above.head):
                above = above.head
            if above.pos_ in VERBAL:
                return self._controller(above, verb)
            if above.pos_ == "NOUN":
                accused = self._accused(above)
                return accused or self._owners(above)
        return ()

    @staticmethod
    def _extracted_subject(verb: Token) -> int | None:
        """Find the antecedent that a reported clause inside a relative one misses its subject for.

        "the rebels Moscow said had left": who left are the rebels.
        """
        clause = verb
        while clause.dep_ == "ccomp" and clause.head.pos_ in VERBAL and is_finite(clause):
            clause = clause.head
        inside = clause.i != verb.i and clause.dep_ == "relcl"
        if not inside or any(c.dep_ == "mark" for c in verb.children):
            return None
        missing = [c for c in clause.children if c.dep_ in SUBJECTS and c.tag_ not in RELATIVE]
        return clause.head.i if missing else None

    def _accused(self, noun: Token) -> tuple[int, ...]:
        """Undo an "of" hung on the apposition of the one accused ("accused A, a friend of B, of
        lying")."""
        blamed = noun.dep_ == "pobj" and noun.head.dep_ == "agent"  # "accused by B of lying"
        verb = noun.head.head if blamed else noun.head
        operator = operators().get((fold_lemma(verb.lemma_), "v"))
        known = noun.dep_ in {"dobj", "appos"} or blamed
        if not known or operator is None or operator.control != "obj":
            return ()
        return tuple(self.clause(verb.i).objects)

    def _subject_beside(self, verb: Token) -> tuple[int, ...]:
        """Take the names right before a finite verb that the parser hung on a fronted adverbial.

        "Despite the talks, Moscow and Washington have been critical": a comma, names, the verb.
        """
        first = min(
            [
                verb.i,
                *(
                    c.i
                    for c in verb.children
                    if c.dep_ in {"aux", "auxpass", "neg"} and c.i < verb.i
                ),
            ]
        )
        at = first - 1
        while at > 0 and self.doc[at].pos_ == "ADV":
            at -= 1
        if at < 1 or self.doc[at].pos_ != "PROPN":
            return ()
        head = self.doc[at]
        while (
            head.dep_ in {"conj", "compound"}
            and head.head.i != head.i
            and head.head.pos_ == "PROPN"
        ):
            head = head.head
        start = head.left_edge.i
        if (
            head.dep_ in {"appos", "dobj", "pobj", "npadvmod", "dep", "conj"}
            and start > 0
            and self.doc[start - 1].text == ","
        ):
            return tuple(t.i for t in conjuncts(head))
        return ()

    @staticmethod
    def _is_wording(noun: Token) -> bool:
        """Tell a noun whose participle is its author's act ("a statement condemning them")."""
        lemma = fold_lemma(noun.lemma_)
        return lemma in word_class("CONTENT") or (lemma, "n") in predicates()

    def _referents(self, subject: Token, verb: Token) -> list[int]:
        if subject.tag_ in RELATIVE or (subject.lower_ == "that" and subject.pos_ == "PRON"):
            clause = verb
            while clause.dep_ in {"conj", "ccomp"} and clause.head.i != clause.i:
                clause = clause.head
            if clause.dep_ == "relcl":
                return [clause.head.i]
            return []
        if subject.lower_ in {"both", "all", "each"} and subject.pos_ != "NOUN":
            return [subject.i]
        return [t.i for t in conjuncts(subject)]

    def _controller(self, governor: Token, verb: Token) -> tuple[int, ...]:
        """Say who acts in a subjectless complement: the governor's subject, or the one it acts
        on."""
        if governor.lemma_ == "be":  # "our focus is on defeating them": who owns the focus acts
            owners = [
                o
                for i in self.surface_subjects(governor.i)
                for o in self._owners(self.doc[i])
                if (fold_lemma(self.doc[i].lemma_), "n") in operators()
            ]
            if owners:
                return tuple(owners)
        reported = self._interrupted(governor, verb)
        if reported is not None:
            return self.surface_subjects(reported)
        operator = self._operator_of(governor)
        if operator is not None and operator.effect == "PROPOSE" and _is_infinitive(verb):
            asked = [h for prep, _, h in noun_obliques(governor) if prep == "to"]
            if asked:  # "proposed to B to take part": B would
                return tuple(asked)
        purpose = verb.dep_ == "advcl" or (
            verb.dep_ == "pcomp"
            and verb.head.lower_ in {"by", "in", "after", "before", "while", "without"}
        )
        if operator is not None and operator.control == "obj" and not purpose:
            given = [
                t.i
                for c in governor.children
                if c.dep_ in {"dobj", "dative"} and c.pos_ != "ADP"
                for t in conjuncts(c)
            ]
            if given:
                return tuple(given)
            if self.is_passive(governor):
                return self.surface_subjects(governor.i)
            asked = [
                h
                for prep, _, h in noun_obliques(governor)
                if prep in {"on", "upon", "to", "with", "for"}
            ]
            if asked:
                return tuple(asked)
        return self.surface_subjects(governor.i)

    @staticmethod
    def _interrupted(governor: Token, verb: Token) -> int | None:
        """Find the clause that goes on behind a reporting one put into it.

        "Fighters overran a base, officials said, killing 17": the fighters killed them.
        """
        if verb.dep_ != "advcl" or verb.i < governor.i or verb.tag_ not in {"VBG", "VBN"}:
            return None
        before = [c for c in governor.children if c.dep_ == "ccomp" and c.i < governor.i]
        return before[-1].i if before else None

    @staticmethod
    def _operator_of(governor: Token) -> Operator | None:
        """Find a verb among the operators, with preposition or particle first ("call on")."""
        lemma = fold_lemma(governor.lemma_)
        for child in governor.children:
            if child.dep_ in {"prep", "prt"}:
                operator = operators().get((f"{lemma} {child.lower_}", "v"))
                if operator is not None:
                    return operator
        return operators().get((lemma, "v"))

    def _owners(self, noun: Token) -> tuple[int, ...]:
        """Say who acts in what hangs on a noun ("Moscow's plan to strike"): its owner, else its
        verb's."""
        owner = [t.i for c in noun.children if c.dep_ == "poss" for t in conjuncts(c)]
        owner += [h for prep, _, h in noun_obliques(noun) if prep == "by"]
        if owner:
            return tuple(owner)
        above = noun.head
        while (
            above.dep_ in {"prep", "pobj", "dobj", "conj"}
            and above.pos_ not in VERBAL
            and above.head.i != above.i
        ):
            above = above.head
        return self.surface_subjects(above.i) if above.pos_ in VERBAL else ()

    def relative_gap(self, verb: Token) -> int | None:
        """Find the antecedent that a relative clause misses its object for ("a plan they
        rejected")."""
        clause, path = verb, verb
        while (
            clause.dep_ in {"ccomp", "conj", "xcomp"}
            and clause.head.pos_ in VERBAL
            and clause.head.i != clause.i
        ):
            path, clause = clause, clause.head
        if clause.dep_ != "relcl":
            return None
        kinds = {c.dep_ for c in verb.children}
        reported = [c for c in verb.children if c.dep_ == "ccomp" and is_finite(c)]
        if any(not any(g.dep_ in SUBJECTS for g in c.children) for c in reported):
            return None  # "the rebels they said had left": the reported clause misses it
        if "dobj" in kinds and not any(
            c.dep_ == "dobj" and c.tag_ in RELATIVE for c in verb.children
        ):
            return None
        has_subject = bool(kinds & SUBJECTS) or (clause.i != verb.i)
        relative = [c for c in verb.children if c.dep_ in SUBJECTS and c.tag_ in RELATIVE]
        if relative or not has_subject:
            return None
        if path.i != clause.i and any(
            c.dep_ in SUBJECTS and c.tag_ in RELATIVE for c in clause.children
        ):
            return None
        return clause.head.i

    @staticmethod
    def _is_small_clause(child: Token) -> bool:
        """Tell an adjective with a subject of its own and no verb ("found B guilty")."""
        return (
            child.dep_ == "ccomp"
            and child.pos_ == "ADJ"
            and any(c.dep_ in SUBJECTS for c in child.children)
        )

    def _raised_object(self, verb: Token) -> tuple[int, ...]:
        """Take the subject of an infinitive as the object of the verb that governs it ("urged B
        to go")."""
        for child in verb.children:
            small = child.dep_ in {"ccomp", "xcomp"} and child.pos_ in VERBAL | {"ADJ"}
            if small and not is_finite(child):  # "urged B to go", "found B guilty"
                own = [c for c in child.children if c.dep_ in SUBJECTS]
                if own:
                    return tuple(i for c in own for i in self._referents(c, child))
        return ()

    def _verb_obliques(self, verb: Token) -> list[tuple[str, int, int]]:
        found = noun_obliques(verb)
        if self.is_passive(verb):
            found = [oblique for oblique in found if self.doc[oblique[1]].dep_ != "agent"]
        return found

    def _complements(self, head: Token) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        for child in head.children:
            if self._is_small_clause(child):
                for prep in child.children:  # "found B guilty of killing C"
                    found.extend(_gerunds(prep) if prep.dep_ == "prep" else ())
            elif child.dep_ in {"xcomp", "ccomp"} and child.pos_ in VERBAL | {"ADJ", "NOUN"}:
                found.append((child.dep_, child.i))
            elif child.dep_ in {"prep", "agent"}:
                found.extend(_gerunds(child))
            elif head.pos_ in VERBAL and self._is_particle(child, head):
                for prep in child.children:  # "stopped short of calling for sanctions"
                    found.extend(_gerunds(prep) if prep.dep_ == "prep" else ())
            elif child.dep_ == "acl" and head.pos_ in {"NOUN", "PROPN", "ADJ"}:
                if _is_infinitive(child):
                    found.append(("acl", child.i))
                elif any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children):
                    found.append(("ccomp", child.i))  # "its demand that B withdraw"
            elif child.dep_ == "advcl" and head.pos_ in VERBAL and _is_infinitive(child):
                found.append(("purpose", child.i))
            elif child.dep_ == "advcl" and child.tag_ == "VBG" and self._right_behind(child, head):
                found.append(("xcomp", child.i))  # "ruled out sending troops"
        return found

    @staticmethod
    def _right_behind(child: Token, verb: Token) -> bool:
        """Tell whether a gerund follows its verb at once, particles apart."""
        particles = [c.i for c in verb.children if c.dep_ in {"prt", "advmod"} and c.i > verb.i]
        return child.i == verb.i + 1 or (child.i - 1 in particles and child.i - 2 == verb.i)

    def _auxiliaries(self, verb: Token) -> list[str]:
        own = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
        found = [c.lemma_.lower() for c in own]
        finite = any(c.tag_ in {"VBD", "VBP", "VBZ", "MD", "TO"} for c in own) or (
            not own and verb.tag_ in {"VBD", "VBP", "VBZ"}
        )
        shares = (
            verb.dep_ == "conj"
            and verb.head.pos_ in VERBAL
            and not any(c.dep_ in SUBJECTS for c in verb.children)
        )
        if shares and not finite:  # "would begin and be coordinated": the modal holds for both
            found = [
                a for a in self._auxiliaries(verb.head) if a not in {"be", "have"} or not own
            ] + found
        return found

    def is_negated(self, head: Token) -> bool:
        """Tell whether a clause is negated: "not", "never", or a negative subject or object."""
        for child in head.children:
            if child.dep_ == "neg" or (
                child.lower_ in NEGATIVE_WORDS and child.dep_ in {"advmod", "det", "preconj"}
            ):
                return True
            if child.dep_ in SUBJECTS | {"dobj", "attr"} and (
                child.lower_ in NEGATIVE_WORDS
                or any(
                    c.lower_ in NEGATIVE_WORDS and c.dep_ in {"det", "neg", "preconj", "cc"}
                    for c in child.children
                )
            ):
                return True
        if head.dep_ == "pcomp" and head.head.lower_ == "without":
            return True
        shares = (
            head.dep_ == "conj"
            and head.head.pos_ in VERBAL
            and not any(c.dep_ in SUBJECTS | {"aux", "auxpass"} for c in head.children)
        )
        # "does not collaborate or co-ordinate": "or" carries the negation on, "and" and "but"
        # don't always
        if shares and any(c.dep_ == "cc" and c.lower_ in {"or", "nor"} for c in head.head.children):
            return self.is_negated(head.head)
        return False

    # -- nouns and adjectives

    def _noun(self, noun: Token) -> Clause:
        obliques = noun_obliques(noun)
        if not obliques:  # "rejection and condemnation of the plan": the phrase belongs to both
            shared = [c for c in noun.children if c.dep_ == "conj" and c.pos_ == "NOUN"]
            obliques = [oblique for c in shared[-1:] for oblique in noun_obliques(c)]
        return Clause(
            head=noun.i,
            pos="n",
            lemma=fold_lemma(noun.lemma_),
            obliques=tuple(obliques),
            complements=tuple(self._complements(noun)),
            negated=any(
                c.lower_ in NEGATIVE_WORDS and c.dep_ in {"det", "neg"} for c in noun.children
            ),
        )

    def _adjective(self, adjective: Token) -> Clause:
        verb = adjective.head
        copular = verb.pos_ in VERBAL and adjective.dep_ in {"acomp", "attr", "oprd"}
        return Clause(
            head=adjective.i,
            pos="a",
            lemma=fold_lemma(adjective.lemma_),
            subjects=self.surface_subjects(verb.i) if copular else (),
            obliques=tuple(noun_obliques(adjective) + (noun_obliques(verb) if copular else [])),
            complements=tuple(self._complements(adjective)),
            auxiliaries=tuple(self._auxiliaries(verb)) if copular else (),
            negated=copular and self.is_negated(verb),
        )
