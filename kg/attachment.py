"""What relative clauses, participles and prepositions hang on, where the parser errs."""

from __future__ import annotations

from spacy.tokens import Token

from kg.coordination import FINITE, NOMINAL, SUBJECTS
from kg.gazetteer import gazetteer
from kg.lexicon import fold_lemma, known_verbs, predicates, word_class

__all__ = [
    "mend_antecedent",
    "mend_both",
    "mend_content",
    "mend_gerund",
    "mend_marked",
    "mend_measured",
    "mend_possessor",
    "mend_predicative",
    "mend_relative",
    "mend_supplement",
]


def mend_relative(that: Token) -> None:
    """Make "that" a relative pronoun where it is an object of the clause that it opens."""
    if that.tag_ == "IN" and that.dep_ == "dobj" and that.head.dep_ == "relcl":
        that.tag_, that.pos_ = "WDT", "PRON"


def mend_antecedent(clause: Token) -> None:
    """Let "which" take up the last thing before it, "who" the last person, not the other way."""
    pronouns = [t for t in clause.doc[clause.left_edge.i : clause.i] if t.tag_ in {"WDT", "WP"}]
    head = clause.head
    if not pronouns or pronouns[0].lower_ not in {"which", "who"}:
        return
    human = pronouns[0].lower_ == "who"
    if _is_human(head) is human or head.pos_ not in NOMINAL:
        return
    last = clause.left_edge.i - 1
    while last > head.i and (clause.doc[last].is_punct or clause.doc[last].is_space):
        last -= 1
    noun = clause.doc[last]
    while noun.i != head.i and noun.head.i != noun.i and noun.dep_ not in {"pobj", "conj"}:
        noun = noun.head
    while noun.dep_ == "conj" and noun.head.i > head.i:
        noun = noun.head
    if noun.i > head.i and noun.pos_ in NOMINAL and _is_human(noun) is human:
        clause.head = noun


def mend_content(clause: Token) -> None:
    """Give a verb of telling the "that" clause hung on who is told ("told a crowd that B fled").

    A relative clause has a gap; this one has subject and object, and "that" is its mark.
    """
    told, kinds = clause.head, {c.dep_ for c in clause.children}
    verb = told.head
    if told.dep_ != "dobj" or not {"mark", "nsubj"} <= kinds or verb.pos_ != "VERB":
        return
    if fold_lemma(verb.lemma_.lower()) in word_class("ADDRESSING"):
        clause.head, clause.dep_ = verb, "ccomp"


def mend_gerund(noun: Token) -> None:
    """Make a gerund of what is taken for a modifier ("denies having targeted civilians", "denied
    funding rebels"), in place.

    Verbs of denying and avoiding take gerunds; behind "having" a participle with an object is one.
    """
    verb = noun.head
    if not verb.i < noun.i - 1 or noun.dep_ != "dobj":
        return
    part = verb.nbor(1)
    if not part.lower_.endswith("ing") and verb.lower_ != "having":
        return  # what most objects are, found out at once
    if part.head.i != noun.i:
        return
    if verb.lower_ == "having" and verb.dep_ in {"xcomp", "pcomp"} and part.tag_ == "VBN":
        part.head, part.dep_, part.pos_ = verb.head, verb.dep_, "VERB"
        for child in list(verb.children):
            child.head = part
        verb.head, verb.dep_, verb.pos_ = part, "aux", "AUX"
        return
    lemma = part.lower_.removesuffix("ing")
    stem = next((s for s in (lemma, f"{lemma}e") if s in known_verbs()), None)
    if fold_lemma(verb.lemma_.lower()) not in word_class("GERUNDVERB") or stem is None:
        return
    if part.lower_.endswith("ing") and part.dep_ in {"amod", "compound"}:
        part.head, part.dep_, part.pos_, part.tag_ = verb, "xcomp", "VERB", "VBG"
        part.lemma_ = stem
        noun.head = part


def mend_marked(mark: Token) -> None:
    """Make the subject of a clause what hangs on its conjunction ("after Suran arrested him")."""
    verb = mark.head
    if not mark.n_rights or verb.tag_ not in FINITE:
        return
    if any(c.dep_ in SUBJECTS | {"auxpass"} for c in verb.children):
        return
    for name in mark.rights:
        if name.dep_ == "pobj" and name.i < verb.i:
            name.head, name.dep_ = verb, "nsubj"
            return


def mend_predicative(adjective: Token) -> None:
    """Part an object from the adjective that is said of it ("called the strike appalling"), where
    the parser takes the noun for its modifier, in place."""
    noun = adjective.nbor(-1) if adjective.i else adjective
    if noun.head.i != adjective.i or noun.dep_ not in {"compound", "nmod"} or noun.pos_ != "NOUN":
        return
    verb = adjective.head
    if adjective.tag_ != "JJ" or any(c.dep_ == "dobj" for c in verb.children):
        return
    for child in list(adjective.lefts):
        child.head = noun
    noun.head, noun.dep_ = verb, "dobj"


def mend_both(both: Token) -> None:
    """Give a verb "both" as its object, where nothing is joined ("charged both with murder")."""
    preposition = both.head
    verb = preposition.head
    if both.dep_ != "preconj" or preposition.pos_ != "ADP" or verb.pos_ != "VERB":
        return
    joined = any(t.dep_ == "cc" for t in preposition.subtree)
    if not joined and both.i == verb.i + 1 and not any(c.dep_ == "dobj" for c in verb.children):
        both.head, both.dep_, both.pos_, both.tag_ = verb, "dobj", "DET", "DT"


def _is_human(noun: Token) -> bool:
    if noun.ent_type_:
        return noun.ent_type_ in {"PERSON", "NORP"}
    agent = gazetteer().agents.get(fold_lemma(noun.lemma_.lower()))
    return noun.pos_ == "PRON" or (agent is not None and agent.kind in {"person", "group"})


def mend_possessor(subject: Token) -> None:
    """Give the main verb the name before a clause with "whose", taken for that clause's subject."""
    clause, verb = subject.head, subject.head.head
    if clause.dep_ != "advcl" or verb.i <= clause.i or any(c.dep_ in SUBJECTS for c in verb.lefts):
        return
    behind = [t.lower_ for t in subject.doc[subject.i + 1 : subject.i + 3]]
    if behind == [",", "whose"] and verb.tag_ in FINITE:
        subject.head, clause.head, clause.dep_ = verb, subject, "relcl"


def mend_supplement(participle: Token) -> None:
    """Hang a participle behind a comma on the verb, where the noun before it is an act."""
    noun, at = participle.head, participle.left_edge.i
    if participle.tag_ != "VBG" or at < 2 or participle.doc[at - 1].text != ",":
        return
    verb = noun.head
    while verb.dep_ in {"prep", "pobj", "appos"} and verb.head.i != verb.i:
        verb = verb.head
    act = noun.pos_ == "NOUN" and (fold_lemma(noun.lemma_.lower()), "n") in predicates()
    if act and noun.dep_ in {"dobj", "pobj"} and verb.pos_ == "VERB" and verb.i < noun.i:
        participle.head, participle.dep_ = verb, "advcl"


def mend_measured(preposition: Token) -> None:
    """Strand a preposition that was given a stretch of time ("was fired on a day earlier")."""
    for child in preposition.children:
        if child.lower_ in {"earlier", "later", "before", "ago"} and any(
            c.dep_ == "npadvmod" for c in child.children
        ):
            child.head, child.dep_ = preposition.head, "advmod"
            return
