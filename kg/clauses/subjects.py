"""Who does what a verb tells, where English puts it elsewhere or leaves it out.

Control and raising, relative and reduced relative clauses, gerunds behind prepositions, conjoined
verbs, reporting clauses put in between.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.clauses.words import (
    RELATIVE,
    SUBJECTS,
    VERBAL,
    compounded_agent,
    conjuncts,
    counted_events,
    is_finite,
    is_infinitive,
    is_nominal_gerund,
    is_particle,
    is_passive,
    noun_obliques,
    operator_of,
)
from kg.lexicon import fold_lemma, operators, predicates, word_class
from kg.parse import Parse, Token

if TYPE_CHECKING:
    from kg.clauses.grammar import Grammar

__all__ = ["Subjects"]

JUDGING = frozenset({"ACCUSE", "COERCE", "CONCEDE", "SANCTION", "SUPPORT"})
"""Types of acts that answer what somebody did."""
QUOTES = frozenset('"“”')


class Subjects:
    """Finds the grammatical subjects of one document's verbs, and remembers them."""

    def __init__(self, doc: Parse, grammar: Grammar) -> None:
        """Look into a parse.

        Args:
            grammar: knows the objects of a verb, passives undone.
        """
        self.doc = doc
        self.grammar = grammar
        self._found: dict[int, tuple[int, ...]] = {}

    def of(self, head: int) -> tuple[int, ...]:
        """Find the grammatical subject of a verb, its own or the one it shares or is given."""
        if head not in self._found:
            self._found[head] = ()  # a cycle in a broken parse ends here
            self._found[head] = self._find_subjects(self.doc[head])
        return self._found[head]

    def _find_subjects(self, verb: Token) -> tuple[int, ...]:
        own = [c for c in verb.children if c.dep_ in SUBJECTS]
        if own:
            return tuple(i for c in own for i in self.referents(c, verb))
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
            return self.of(governor.i)
        if compounded_agent(verb) is not None:
            return (governor.i,)
        if verb.dep_ in {"relcl", "acl"}:
            if verb.dep_ == "acl" and is_infinitive(verb):
                return self._owners(governor)
            if self.gap(verb) is not None:
                return ()
            if verb.dep_ == "acl" and verb.tag_ == "VBG" and self._is_wording(governor):
                return self._owners(governor)
            return (governor.i,)
        if self._is_supplement(verb):
            return self.of(governor.head.i)
        if verb.dep_ in {"xcomp", "ccomp", "advcl", "acomp"} and governor.pos_ in VERBAL:
            return self._controller(governor, verb)
        if verb.dep_ in {"xcomp", "ccomp", "advcl"} and governor.pos_ == "ADJ":
            return self.of(governor.head.i) if governor.head.pos_ in VERBAL else ()
        if verb.dep_ == "pcomp" and is_nominal_gerund(verb):
            return ()
        if verb.dep_ == "pcomp" and governor.head.i != governor.i:
            above = governor.head
            if above.head.pos_ in VERBAL and is_particle(above, above.head):
                above = above.head
            if above.pos_ in VERBAL:
                return self._controller(above, verb)
            if above.pos_ == "ADJ" and above.dep_ == "acomp" and above.head.pos_ in VERBAL:
                given = [c for c in above.head.children if c.dep_ == "dobj"]
                return () if given else self.of(above.head.i)  # "was guilty of violating"
            if governor.lower_ == "for" and self._is_judged(above):
                return (above.i,)
            if above.pos_ == "NOUN":
                accused = self._accused(above)
                return accused or self._owners(above)
        return ()

    def _is_supplement(self, verb: Token) -> bool:
        """Tell a supplementive clause behind an infinitive ("asked B to leave, straining ties").

        Behind a comma it says something of the whole, so that its subject is that of the matrix
        clause, not the one who is asked (Quirk et al. 1985, 15.60).
        """
        behind = verb.head.i < verb.i and self.doc[verb.i - 1].text == ","
        infinitive = verb.head.dep_ == "xcomp" and is_infinitive(verb.head)
        governed = infinitive and verb.head.head.pos_ in VERBAL
        return verb.dep_ == "advcl" and verb.tag_ == "VBG" and behind and governed

    @staticmethod
    def _extracted_subject(verb: Token) -> int | None:
        """Find the antecedent that a reported clause inside a relative one misses its subject for.

        "the rebels Moscow said had left": who left are the rebels.
        """
        clause = verb
        while (
            clause.dep_ == "ccomp"
            and clause.head.i != clause.i
            and clause.head.pos_ in VERBAL
            and is_finite(clause)
        ):
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
        return self.grammar.clause(verb.i).objects

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

    def referents(self, subject: Token, verb: Token) -> list[int]:
        """Give whom a subject stands for: its conjuncts, or a relative pronoun's antecedent."""
        if subject.tag_ in RELATIVE or (subject.lower_ == "that" and subject.pos_ == "PRON"):
            clause = verb
            while clause.dep_ in {"conj", "ccomp"} and clause.head.i != clause.i:
                clause = clause.head
            if clause.dep_ == "relcl":
                return [clause.head.i]
            return []
        if subject.lower_ in {"both", "all", "each"} and subject.pos_ != "NOUN":
            return [subject.i]
        return [event.i for t in conjuncts(subject) for event in counted_events(t)]

    def _controller(self, governor: Token, verb: Token) -> tuple[int, ...]:
        """Say who acts in a subjectless complement: the governor's subject, or the one it acts
        on."""
        if governor.lemma_ == "be":  # "our focus is on defeating them": who owns the focus acts
            owners = [
                o
                for i in self.of(governor.i)
                for o in self._owners(self.doc[i])
                if (fold_lemma(self.doc[i].lemma_), "n") in operators()
            ]
            if owners:
                return tuple(owners)
        if verb.dep_ == "pcomp" and verb.head.lower_ == "for":
            judged = self._judged(governor)
            if judged:
                return judged
        reported = self._interrupted(governor, verb)
        if reported is not None:
            return self.of(reported)
        operator = operator_of(governor)
        if operator is not None and operator.effect == "PROPOSE" and is_infinitive(verb):
            asked = [h for prep, _, h in noun_obliques(governor) if prep == "to"]
            if asked:  # "proposed to B to take part": B would
                return tuple(asked)
        if fold_lemma(governor.lemma_) in word_class("ENABLE") and is_infinitive(verb):
            receivers = [c for c in governor.children if c.dep_ == "dative" and c.pos_ != "ADP"]
            if receivers:  # "gave B two days to leave", "granted B the right to fish": B acts
                return tuple(t.i for c in receivers for t in conjuncts(c))
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
            whom = [t for t in given if self.doc[t].tag_ in RELATIVE]
            if whom:  # "the rebels whom he accused of lying"
                return tuple(self.referents(self.doc[whom[0]], governor))
            if given:
                return tuple(given)
            if is_passive(governor):
                return self.of(governor.i)
            asked = [
                h
                for prep, _, h in noun_obliques(governor)
                if prep in {"on", "upon", "to", "with", "for"}
            ]
            if asked:
                return tuple(asked)
        return self.of(governor.i)

    def _judged(self, governor: Token) -> tuple[int, ...]:
        """Find whom a verb of blame, praise or punishment is done to: "for" and a gerund say what
        that one did ("sanctioned two banks for helping Suran", "imposed a ban on B for lying").
        """
        given = [t for c in governor.children if c.dep_ == "dobj" for t in conjuncts(c)]
        acts = [t for t in given if self._judges(t, "n")]
        if acts:
            phrases = [o for t in (*acts, governor) for o in noun_obliques(t)]
            return tuple(h for prep, _, h in phrases if prep in {"on", "against"})
        return tuple(t.i for t in given) if self._judges(governor, "v") else ()

    def _is_judged(self, noun: Token) -> bool:
        """Tell whom such an act is done to, where "for" hangs on that one ("sanctions on B for
        lying")."""
        above = noun.head
        if noun.dep_ == "dobj":
            return self._judges(above, "v") and not self._judges(noun, "n")
        act = above.head
        on = noun.dep_ == "pobj" and above.lower_ in {"on", "against"}
        return on and self._judges(act, "n" if act.pos_ == "NOUN" else "v")

    @staticmethod
    def _judges(token: Token, pos: str) -> bool:
        lines = predicates().get((fold_lemma(token.lemma_), pos), ())
        return bool(lines) and lines[-1].event in JUDGING  # the line that asks for least

    @staticmethod
    def _interrupted(governor: Token, verb: Token) -> int | None:
        """Find the clause that goes on behind a reporting one put into it.

        "Fighters overran a base, officials said, killing 17": the fighters killed them. Behind
        a quotation the one who speaks goes on ("'We won', she said, accusing them of fraud").
        """
        if verb.dep_ != "advcl" or verb.i < governor.i or verb.tag_ not in {"VBG", "VBN"}:
            return None
        before = [c for c in governor.children if c.dep_ == "ccomp" and c.i < governor.i]
        quoted = (
            any(t.text in QUOTES for t in verb.doc[before[-1].i : governor.i]) if before else False
        )
        return before[-1].i if before and not quoted else None

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
        return self.of(above.i) if above.pos_ in VERBAL else ()

    def gap(self, verb: Token) -> int | None:
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
