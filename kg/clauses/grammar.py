"""The clauses of a document: each verb, event noun or adjective with its deep roles."""

from __future__ import annotations

from typing import Literal
from weakref import proxy

from spacy.tokens import Doc

from kg.clauses.subjects import Subjects
from kg.clauses.words import (
    NEGATIVE_WORDS,
    RELATIVE,
    SUBJECTS,
    VERBAL,
    agents_of,
    auxiliaries_of,
    compounded_agent,
    conjuncts,
    counted_events,
    counted_objects,
    gerunds,
    is_finite,
    is_infinitive,
    is_negated,
    is_nominal_gerund,
    is_particle,
    is_passive,
    noun_obliques,
    operator_of,
)
from kg.lexicon import fold_lemma, operators, predicates
from kg.model import working_record
from kg.parse import Parse, Token, parse_of

__all__ = ["Clause", "Grammar"]

SMALL = VERBAL | {"ADJ"}  # heads of small clauses: "found B guilty"
PREDICATIVE = SMALL | {"NOUN"}


@working_record
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


class Grammar:
    """The clauses of one document, made on demand and kept.

    Not a record: it holds on to the `Parse` and remembers what was asked.
    """

    def __init__(self, doc: Doc | Parse) -> None:
        self.doc = parse_of(doc)
        self.subjects = Subjects(self.doc, proxy(self))  # no cycle for the garbage collector
        self._clauses: dict[int, Clause] = {}

    def clause(self, head: int) -> Clause:
        """Give the clause of a verb, noun or adjective by its index."""
        known = self._clauses.get(head)
        if known is not None:
            return known
        token = self.doc[head]
        if token.pos_ in VERBAL:
            made = self._verb(token)
        elif token.pos_ in {"NOUN", "PROPN"}:
            made = self._noun(token)
        else:
            made = self._adjective(token)
        self._clauses[head] = made
        return made

    def _verb(self, verb: Token) -> Clause:
        passive = is_passive(verb)
        surface = self.subjects.of(verb.i)
        objects = self._own_objects(verb)
        if is_nominal_gerund(verb):
            objects = [self.doc[h] for prep, _, h in noun_obliques(verb) if prep == "of"]
        indirect = [
            t for c in verb.children if c.dep_ == "dative" and c.pos_ != "ADP" for t in conjuncts(c)
        ]
        if passive:
            compounded = compounded_agent(verb)
            agents = [compounded] if compounded is not None else agents_of(verb)
            subjects = tuple(t.i for t in agents)
            if objects:  # "was given a grant": the surface subject is the receiver
                indirect = [self.doc[i] for i in surface] + indirect
                deep = tuple(t.i for t in objects)
            else:
                deep = surface
        else:
            subjects, deep = surface, tuple(t.i for t in objects)
            gap = self.subjects.gap(verb)
            if not deep and gap is not None:
                deep = (gap,)
        if not deep and not passive:
            deep = self._raised_object(verb)
        obliques, complements = self._verb_obliques(verb), self._complements(verb)
        stranded = self._stranded(verb) if passive and deep is surface else None
        if stranded is not None:
            obliques = [*obliques, *((stranded.lower_, stranded.i, i) for i in surface)]
            deep = ()
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
            particles=tuple(c.i for c in verb.children if is_particle(c, verb)),
            subjects=subjects,
            objects=deep,
            indirect=tuple(t.i for t in indirect),
            obliques=tuple(obliques),
            complements=tuple(complements),
            auxiliaries=tuple(auxiliaries_of(verb)),
            negated=is_negated(verb),
        )

    @staticmethod
    def _stranded(verb: Token) -> Token | None:
        """Find the preposition whose object a passive made its subject ("was fired on at noon").

        A verb that has a sense of its own with it keeps it as a part of itself ("called upon").
        """
        behind = verb.doc[verb.i + 1 : verb.i + 2]
        found = next((t for t in behind if t.pos_ == "ADP" and t.dep_ == "prep"), None)
        if found is None or found.head.i != verb.i or any(found.children):
            return None
        key = (f"{fold_lemma(verb.lemma_)} {found.lower_}", "v")
        return None if key in predicates() or key in operators() else found

    def _own_objects(self, verb: Token) -> list[Token]:
        """List the objects beside a verb, conjuncts too; appositions and "which" are left out."""
        given = [
            c
            for c in verb.children
            if c.dep_ == "dobj" or (c.dep_ == "oprd" and c.pos_ in {"NOUN", "PROPN", "PRON"})
        ]
        if any(c.dep_ == "dobj" for c in given):  # "called the ruling a farce": one object
            given = [c for c in given if c.dep_ == "dobj"]
        if len(given) > 1 and given[1].dep_ == "dobj":
            between = self.doc[given[0].i : given[1].i]
            if any(t.is_punct for t in between):
                given = given[:1]  # "accused Moscow - a friend of Assad -"
        found = [
            event
            for c in given or counted_objects(verb)
            for t in conjuncts(c)
            for event in counted_events(t)
        ]
        return [t for t in found if t.tag_ not in RELATIVE]  # its antecedent fills that place

    def shares_with(self, verb: Token) -> Clause | None:
        """Find the conjunct whose object a bare verb shares ("funding and arming rebels").

        Right node raising: nothing but the conjunction stands between the two. A parenthesis ("he
        said,") shares nothing with what goes on behind it.
        """
        if verb.dep_ == "parataxis":
            return None
        for child in verb.children:
            if child.dep_ == "conj" and child.pos_ in VERBAL and child.i > verb.i:
                between = self.doc[verb.i + 1 : child.i]
                if (
                    all(t.pos_ in {"CCONJ", "ADV", "PUNCT", "PART"} for t in between)
                    and len(between) <= 3
                ):
                    shared = self.clause(child.i)
                    clausal = shared.complements and not (shared.objects or shared.obliques)
                    if clausal and operator_of(verb) is None:
                        return None  # "did not comment and refused to go": no verb for a clause
                    return shared
        return None

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
            small = child.dep_ in {"ccomp", "xcomp"} and child.pos_ in SMALL
            if small and not is_finite(child):  # "urged B to go", "found B guilty"
                own = [c for c in child.children if c.dep_ in SUBJECTS]
                if own:
                    return tuple(i for c in own for i in self.subjects.referents(c, child))
        return ()

    def _verb_obliques(self, verb: Token) -> list[tuple[str, int, int]]:
        found = list(noun_obliques(verb))
        if is_passive(verb):
            found = [oblique for oblique in found if self.doc[oblique[1]].dep_ != "agent"]
        return found

    def _complements(self, head: Token) -> list[tuple[str, int]]:
        found: list[tuple[str, int]] = []
        for child in head.children:
            if self._is_small_clause(child):
                for prep in child.children:  # "found B guilty of killing C"
                    found.extend(gerunds(prep) if prep.dep_ == "prep" else ())
            elif child.dep_ in {"xcomp", "ccomp"} and child.pos_ in PREDICATIVE:
                found.append((child.dep_, child.i))
            elif child.dep_ in {"prep", "agent"}:
                found.extend(gerunds(child))
            elif head.pos_ in VERBAL and is_particle(child, head):
                for prep in child.children:  # "stopped short of calling for sanctions"
                    found.extend(gerunds(prep) if prep.dep_ == "prep" else ())
            elif child.dep_ == "acl" and head.pos_ in {"NOUN", "PROPN", "ADJ"}:
                if is_infinitive(child):
                    found.append(("acl", child.i))
                elif any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children):
                    found.append(("ccomp", child.i))  # "its demand that B withdraw"
            elif child.dep_ == "advcl" and head.pos_ in VERBAL and is_infinitive(child):
                asked = any(c.dep_ == "mark" and c.lower_ == "for" for c in child.children)
                found.append(("prep:for" if asked else "purpose", child.i))  # "called for B to go"
            elif child.dep_ == "advcl" and child.tag_ == "VBG" and self._right_behind(child, head):
                found.append(("xcomp", child.i))  # "ruled out sending troops"
        return found

    @staticmethod
    def _right_behind(child: Token, verb: Token) -> bool:
        """Tell whether a gerund follows its verb at once, particles apart."""
        particles = [c.i for c in verb.children if c.dep_ in {"prt", "advmod"} and c.i > verb.i]
        return child.i == verb.i + 1 or (child.i - 1 in particles and child.i - 2 == verb.i)

    def _noun(self, noun: Token) -> Clause:
        obliques = list(noun_obliques(noun))
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
            subjects=self.subjects.of(verb.i) if copular else (),
            obliques=(*noun_obliques(adjective), *(noun_obliques(verb) if copular else ())),
            complements=tuple(self._complements(adjective)),
            auxiliaries=tuple(auxiliaries_of(verb)) if copular else (),
            negated=copular and is_negated(verb),
        )
