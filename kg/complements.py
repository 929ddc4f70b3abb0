"""What a verb takes, where the parser errs: objects, recipients, doers and bare infinitives."""

from __future__ import annotations

from collections.abc import Container

from spacy.tokens import Token

from kg.coordination import NOMINAL, PAST, SUBJECTS
from kg.gazetteer import gazetteer
from kg.lexicon import fold_lemma, operators, predicates, word_class

__all__ = [
    "mend_dative",
    "mend_doer",
    "mend_object",
    "mend_premodifier",
    "mend_stranded",
    "mend_subjunctive",
]


def mend_object(noun: Token) -> None:
    """Make what is taken for an adverbial of time the object of its verb: an event noun, and a
    span that somebody is given ("gave the rebels 48 hours")."""
    verb = noun.head
    taken = {c.dep_ for c in verb.children}
    if noun.ent_type_ in {"TIME", "DATE"} and "dative" in taken and "dobj" not in taken:
        noun.dep_ = "dobj"
    if noun.ent_type_ or verb.pos_ != "VERB" or noun.i < verb.i:
        return
    taken = {"dobj", "attr", "oprd", "auxpass", "ccomp", "xcomp"}
    if (fold_lemma(noun.lemma_.lower()), "n") in predicates() and not any(
        c.dep_ in taken for c in verb.children
    ):
        noun.dep_ = "dobj"


def _can_be_given(token: Token) -> bool:
    return token.pos_ in {"PROPN", "PRON"} or fold_lemma(token.lemma_.lower()) in _agents()


def mend_dative(thing: Token) -> None:
    """Make the name before what is given the one who is given it ("gave the Pentagon permission").

    A body's name may modify as well ("gave UN officials"): its noun is then people, or has a
    number or an adjective of its own.
    """
    verb, name = thing.head, thing.nbor(-1) if thing.i else thing
    giving = fold_lemma(verb.lemma_.lower()) in word_class("DITRANSITIVE")
    first = next((c for c in verb.children if verb.i < c.i < thing.i and c.dep_ == "dobj"), None)
    beside = giving and first is not None and first.right_edge.i + 1 == thing.left_edge.i
    if first is not None and beside and _can_be_given(first):
        first.dep_ = "dative"  # "offered Suran help"
    if name.head.i != thing.i or name.dep_ not in {"compound", "nmod"} or verb.pos_ != "VERB":
        return
    lemma = fold_lemma(thing.lemma_.lower())
    if not giving or lemma in _agents():
        return
    if any(c.dep_ == "dative" for c in verb.children):
        return
    before = [c for c in thing.lefts if c.i != name.i]
    country = name.ent_type_ == "GPE" and name.text in gazetteer().names
    body = name.ent_type_ in {"ORG", "GPE", "PERSON", "NORP"} and lemma in word_class("LICENCE")
    if not (country or body) or any(c.dep_ not in {"det", "compound", "amod"} for c in before):
        return
    name.head, name.dep_ = verb, "dative"
    for child in before:
        child.head = name


def mend_premodifier(participle: Token) -> None:
    """Hang a participle between a verb and a bare noun on the noun, and the noun on the verb."""
    verb = participle.head
    beside = participle.i == verb.i + 1 and (
        {verb.tag_, participle.tag_} <= PAST or _is_attributive(participle)
    )
    if not beside or verb.pos_ != "VERB" or any(c.i < participle.i for c in participle.children):
        return
    things = [c for c in participle.children if c.dep_ == "dobj" and c.tag_ in {"NNS", "NN"}]
    bare = things and things[0].i == participle.i + 1 and not list(things[0].lefts)
    others = {c.dep_ for c in verb.children if c.i != participle.i}
    if not bare or others & {"dobj", "nsubjpass", "ccomp"}:
        return
    thing = things[0]
    thing.head, thing.dep_ = verb, "dobj"
    for child in list(participle.children):
        child.head = verb
    participle.head, participle.dep_ = thing, "amod"
    participle.tag_ = "VBN" if participle.tag_ == "VBD" else participle.tag_
    for phrase in [c for c in thing.rights if c.dep_ == "prep" and c.lower_ in {"to", "from"}]:
        phrase.head = verb


def _is_attributive(participle: Token) -> bool:
    """Tell what people are doing from what is done to them ("killed fleeing rebels")."""
    verb = (fold_lemma(participle.head.lemma_.lower()), "v")
    people = any(fold_lemma(c.lemma_.lower()) in _agents() for c in participle.children)
    doing = fold_lemma(participle.lemma_.lower()) in word_class("ATTRIBUTIVE")
    return participle.tag_ == "VBG" and doing and people and verb not in operators()


def _agents() -> Container[str]:
    return gazetteer().agents


def mend_subjunctive(verb: Token) -> None:
    """Give a bare infinitive the noun phrase right before it, taken for the governor's object."""
    if verb.tag_ != "VB" or verb.i < 2:
        return
    if any(c.dep_ in SUBJECTS | {"aux", "auxpass", "mark"} for c in verb.children):
        return
    for noun in verb.head.children:
        if noun.dep_ == "dobj" and noun.i < verb.i and noun.right_edge.i == verb.left_edge.i - 1:
            noun.head, noun.dep_ = verb, "nsubj"
            return


def mend_stranded(subject: Token) -> None:
    """Give a preposition without object the noun phrase behind it, taken for a subject."""
    verb = subject.head
    if verb.dep_ not in {"advcl", "ccomp"} or verb.tag_ not in {"VBD", "VBN"}:
        return
    if subject.pos_ not in NOMINAL or any(
        c.dep_ in {"mark", "aux", "auxpass", "neg", "dobj"} for c in verb.children
    ):
        return
    at = subject.left_edge.i - 1
    before = verb.doc[at] if at >= 0 else None
    if before is None or before.dep_ != "prep" or before.pos_ != "ADP" or any(before.children):
        return
    if before.head.i == verb.head.i and before.head.dep_ != "relcl":
        subject.head, subject.dep_ = before, "pobj"
        verb.head, verb.dep_, verb.tag_ = subject, "acl", "VBN"


def mend_doer(by: Token) -> None:
    """Hang "by" and people on the event noun right before it, where an active verb has it; and on
    the passive, where its object has it ("was fined a million euros by the regulator")."""
    verb = by.head
    above = verb.head
    passive = any(c.dep_ == "auxpass" for c in above.children)
    if verb.dep_ == "dobj" and passive and not any(c.dep_ == "agent" for c in above.children):
        by.head, by.dep_ = above, "agent"
        return
    noun = by.nbor(-1) if by.i else by
    if verb.pos_ != "VERB" or noun.dep_ != "dobj" or noun.head.i != verb.i or noun.pos_ != "NOUN":
        return
    kinds = {c.dep_ for c in verb.children}
    if kinds & {"auxpass", "nsubjpass"} or not kinds & SUBJECTS:
        return
    told = (fold_lemma(noun.lemma_.lower()), "n") in predicates()
    if told and any(c.dep_ == "pobj" and _is_somebody(c) for c in by.children):
        by.head, by.dep_ = noun, "prep"


def _is_somebody(noun: Token) -> bool:
    named = noun.ent_type_ in {"PERSON", "ORG", "GPE", "NORP"}
    return named or fold_lemma(noun.lemma_.lower()) in gazetteer().agents
