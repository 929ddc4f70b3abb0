"""What a pronoun can't take up, by the grammar of its sentence alone.

Source: Chomsky (1981), "Lectures on Government and Binding", principles A and B: a reflexive takes
up an argument of its own clause, any other pronoun does not. Pleonastic "it" after Lappin and
Leass (1994), section 2.1.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from kg.lexicon import fold_lemma, word_class
from kg.mentions import agent_noun
from kg.parse import Parse, Token

__all__ = ["are_among", "coarguments", "commanders", "holders", "is_empty_it", "subject_of"]

VERBAL = frozenset({"VERB", "AUX"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
CORE = SUBJECTS | {"dobj", "dative", "attr"}
OBJECT_CONTROL = frozenset({"of", "from", "for", "into"})
"""Prepositions whose gerund is done by the object ("accused of", "stopped from", "blamed for")."""
DEEPEST = 60  # words above one another; a broken parse has thousands
CLEFTS = frozenset({"until", "because", "only"})  # "it was not until May that"
OPENERS = frozenset({"relcl", "acl", "advcl", "ccomp", "csubj", "parataxis"})


def subject_of(verb: Token) -> Token | None:
    """Find the subject of a verb, through conjunction, control and participles."""
    for _ in range(6):
        own = next((c for c in verb.children if c.dep_ in SUBJECTS), None)
        if own is not None:
            return own
        above = verb.head
        if verb.dep_ == "acl" and above.pos_ in {"NOUN", "PROPN"}:
            return above
        if verb.dep_ == "xcomp":
            goal = next((c for c in above.children if c.dep_ == "dobj"), None)
            if goal is not None:
                return goal
        if verb.dep_ == "pcomp":
            preposition, above = above, above.head
            goal = next((c for c in above.children if c.dep_ == "dobj"), None)
            if goal is not None and preposition.lower_ in OBJECT_CONTROL:
                return goal  # "accused Sudan of shelling its villages": Sudan shells
        elif verb.dep_ not in {"xcomp", "conj", "advcl", "ccomp", "dep"}:
            return None
        if above.pos_ not in VERBAL or above.i == verb.i:
            return None
        verb = above
    return None


def governor(token: Token) -> Token | None:
    """Find the verb whose argument a noun or pronoun is; None behind a possessor."""
    nearby = False
    while token.head is not token:
        above = token.head
        if token.dep_ == "conj":
            token = token.first
        elif token.dep_ == "pobj":
            nearby = nearby or above.lower_ in word_class("NEARBY")
            token = above
        elif above.pos_ in VERBAL:
            has_object = any(c.dep_ in {"dobj", "nsubjpass"} for c in above.children)
            return None if nearby and has_object else above
        elif token.dep_ in {"prep", "agent", "dative"} and not nearby:
            if any(c.dep_ == "poss" for c in above.children):
                return None
            token = above
        else:
            return None
    return None


def coarguments(token: Token) -> frozenset[int]:
    """List the heads of the other arguments in a pronoun's own clause, of conjuncts the first.

    "Lazar said Hadek had betrayed him": Hadek, not Lazar.
    """
    verb = governor(token)
    if verb is None:
        return frozenset()
    found: set[int] = set()
    for child in verb.children:
        if child.dep_ in CORE and child.pos_ != "ADP":
            found.add(child.i)
        elif child.dep_ in {"prep", "agent", "dative"}:
            found.update(c.i for c in child.children if c.dep_ == "pobj")
    subject = subject_of(verb)
    if subject is not None and token.dep_ not in SUBJECTS:
        found.add(subject.i)
    return frozenset(token.doc[head].first.i for head in found) - {token.i}


def are_among(mentions: Iterable[int], barred: frozenset[int], doc: Parse) -> bool:
    """Tell whether one of some mentions, or the first that it is conjoined to, is in a set."""
    return bool(barred) and any(doc[head].first.i in barred for head in mentions)


def commanders(token: Token) -> frozenset[int]:
    """List the subjects of all clauses around a noun phrase, which name something else than it;
    of conjuncts the first.

    Principle C: in "Norway opened an office in the war-torn country", that is not Norway.
    """
    found: set[int] = set()
    inner = token
    for above in islice(token.ancestors, DEEPEST):
        beside = inner.dep_ == "conj" and inner.pos_ in VERBAL
        inner = above
        if above.pos_ in VERBAL and not beside:  # conjoined clauses don't hold one another
            subject = subject_of(above)
            if subject is not None and subject is not token:
                found.add(subject.first.i)
    return frozenset(found - {token.i})


def holders(token: Token) -> frozenset[int]:
    """List the noun phrases that a pronoun stands inside of ("its capital": the capital).

    A clause between lets it look out: "a country that closed its border".
    """
    found: set[int] = set()
    closed = OPENERS | {"conj"}
    while token.head is not token and token.dep_ not in closed and token.pos_ not in VERBAL:
        token = token.head
        if token.pos_ not in VERBAL:
            found.add(token.i)
    return frozenset(found)


def is_empty_it(token: Token) -> bool:
    """Tell an "it" that stands for no thing: for nothing, a clause or a happening."""
    verb = token.head
    lemma = fold_lemma(verb.lemma_)
    if token.dep_ == "dobj":
        return lemma in word_class("FACTVERB") or _is_called(token)
    if token.dep_ == "nsubj" and verb.dep_ == "ccomp" and verb.pos_ not in VERBAL:
        return _is_told(verb)  # "called it a mistake": a small clause
    if token.dep_ not in SUBJECTS or verb.pos_ not in VERBAL:
        return False
    clauses = [c for c in verb.children if c.dep_ in {"ccomp", "csubj", "xcomp", "advcl"}]
    behind = [c for c in clauses if c.i > verb.i]
    if lemma in word_class("WEATHER"):
        return True
    if lemma in word_class("SEEMING"):
        return any(c.dep_ in {"ccomp", "csubj", "advcl"} for c in behind)
    if lemma in {"take", "cost"}:
        return any(
            _is_to_infinitive(c)
            for c in verb.subtree
            if c.dep_ in {"xcomp", "advcl", "relcl", "acl", "ccomp"}
        )
    if token.dep_ == "nsubjpass" or any(c.dep_ == "auxpass" for c in verb.children):
        return any(c.dep_ in {"ccomp", "csubj"} for c in behind)
    if lemma == "be":
        return _is_predicated(verb, bool(behind))
    return False


def _is_to_infinitive(verb: Token) -> bool:
    return any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def _is_called(token: Token) -> bool:
    """Tell "called it a mistake": the second object names no thing or body."""
    return any(
        c.i > token.i and c.dep_ in {"oprd", "attr", "dobj", "npadvmod"} and _is_told(c)
        for c in token.head.children
    )


def _is_told(noun: Token) -> bool:
    return noun.pos_ == "NOUN" and fold_lemma(noun.lemma_) in word_class("TELLABLE")


def _is_predicated(verb: Token, has_clause: bool) -> bool:
    """Read what "it is" goes on with: "vital that", "unclear when", "ten o'clock", "his third
    visit", "not until May that"."""
    for child in verb.children:
        if child.dep_ in {"acomp", "oprd"} and child.pos_ in {"ADJ", "VERB"}:
            lemma = fold_lemma(child.lemma_)
            if lemma in word_class("IMPERSONAL"):
                return has_clause or any(c.dep_ in {"ccomp", "xcomp"} for c in child.children)
        if child.dep_ == "attr":
            if child.ent_type_ in {"DATE", "TIME", "ORDINAL"} or _is_told(child):
                return True
            if fold_lemma(child.lemma_) in word_class("IMPERSONAL"):
                return True
            if has_clause and agent_noun(child) is None:
                return True
        later = child.i > verb.i and child.dep_ in {"prep", "npadvmod", "advmod"}
        cleft = child.lower_ in CLEFTS or child.ent_type_ in {"DATE", "TIME"}
        if later and cleft and has_clause:
            return True
    return False
