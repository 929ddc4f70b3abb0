"""What a conjunct goes on with, where the parser joins what grammar keeps apart or the reverse."""

from __future__ import annotations

from spacy.tokens import Token

from kg.gazetteer import gazetteer
from kg.lexicon import fold_lemma, operators, predicates

__all__ = [
    "FINITE",
    "NOMINAL",
    "PAST",
    "SUBJECTS",
    "mend_apposition",
    "mend_asyndeton",
    "mend_conjunct",
    "mend_joined_names",
    "mend_parataxis",
    "mend_series",
    "mend_shared_head",
]

FINITE = frozenset({"VBD", "VBP", "VBZ", "MD"})
PAST = frozenset({"VBD", "VBN"})
NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"})
VERBAL = frozenset({"VERB", "AUX"})


def mend_conjunct(verb: Token) -> None:
    """Hang a conjoined verb on what it can go on with, in place.

    - A finite verb is no conjunct of an infinitive or an adjective, nor of a verb in another
      number ("urged them to wait and offered talks", "said it had failed and have left").
    - A reported clause that is shifted back isn't gone on with in the plain past ("said two
      billion would be needed and appealed to donors"): sequence of tenses.
    - A participle with a subject of its own behind a passive shares its auxiliary ("two were
      arrested and three wounded"): gapping.
    """
    first = verb.head
    if verb.pos_ not in VERBAL or first.pos_ not in {*VERBAL, "ADJ"} or first.i > verb.i:
        return
    own = [c for c in verb.children if c.dep_ in SUBJECTS]
    if own:
        if verb.tag_ == "VBN" and _is_bare(verb) and _has(first, "auxpass"):
            own[-1].dep_ = "nsubjpass"
        return
    if not _is_finite(verb):
        return
    if _shares_perfect(verb, first) or _follows_report(verb, first):
        return
    finite = first.pos_ != "ADJ" and _is_finite(first)
    if finite and not _disagrees(verb, first) and not _shifts_back(verb, first):
        return
    above = first.head
    while above.i != above.head.i and not _is_finite(above, plain=True):
        above = above.head
    if _is_finite(above, plain=True) and above.i < first.i:
        verb.head = above


def _shares_perfect(verb: Token, first: Token) -> bool:
    """Tell a form of past tense and participle that goes on with a perfect gerund right before it
    ("accuse them of having beaten and robbed him")."""
    perfect = first.tag_ == "VBN" and any(c.lower_ == "having" for c in first.lefts)
    shared = perfect and verb.tag_ == "VBD" and first.i == verb.i - 2
    if shared:
        verb.tag_ = "VBN"
    return shared


def _follows_report(verb: Token, first: Token) -> bool:
    """Let who speaks do a speech act that goes on behind a parenthesis ("Oslo led the rescue, he
    said, and criticised the union"), in place."""
    aside = [c for c in first.rights if c.dep_ == "parataxis"]
    said = first.head if first.dep_ == "ccomp" else next(iter(aside), first)
    if not first.i < said.i < verb.i or not _has(said, "nsubj"):
        return False
    lines = predicates().get((fold_lemma(verb.lemma_.lower()), "v"), ())
    if verb.tag_ != said.tag_ or not lines or lines[-1].event not in {"ACCUSE", "REQUEST"}:
        return False
    verb.head = said
    return True


def _has(verb: Token, dep: str) -> bool:
    return any(c.dep_ == dep for c in verb.children)


def _is_bare(verb: Token) -> bool:
    return not any(c.dep_ in {"aux", "auxpass", "dobj", "ccomp", "xcomp"} for c in verb.children)


def _is_finite(verb: Token, *, plain: bool = False) -> bool:
    """Tell a finite verb; an unmarked form ("to go and pay") only where `plain` ones count."""
    auxiliaries = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
    if auxiliaries:
        return auxiliaries[0].tag_ in FINITE
    return verb.tag_ in {"VBD", "VBZ"} or (plain and verb.tag_ == "VBP")


def _disagrees(verb: Token, first: Token) -> bool:
    """Tell plural from singular by the auxiliaries ("has dried up ... and have sued")."""
    ours = [c.lower_ for c in verb.children if c.dep_ in {"aux", "auxpass"}][:1]
    theirs = [c.lower_ for c in first.children if c.dep_ in {"aux", "auxpass"}][:1]
    return (*ours, *theirs) in {("have", "has"), ("are", "is"), ("were", "was"), ("has", "have")}


def _shifts_back(verb: Token, first: Token) -> bool:
    """Tell a plain past that goes on with the reporting verb, not with the clause it reports.

    Behind "would" a past tense is impossible; behind a passive one with an object of its own is.
    Behind "had" both are possible: who reports asks and urges ("said B had lied and urged C").
    Source: Quirk et al. 1985, 14.31 (backshift).
    """
    above = first.head
    if first.dep_ != "ccomp" or above.i > first.i or verb.tag_ != "VBD":
        return False
    if above.tag_ != "VBD" or any(c.dep_ in {"aux", "auxpass"} for c in (*above.children,)):
        return False
    if any(c.dep_ in {"aux", "auxpass"} for c in verb.children):
        return False
    auxiliaries = {c.lower_ for c in first.children if c.dep_ in {"aux", "auxpass"}}
    if any(c.tag_ == "MD" for c in first.children if c.dep_ == "aux"):
        return True
    if "had" not in auxiliaries:
        return False
    if _has(first, "auxpass") and any(c.dep_ in {"dobj", "prep", "xcomp"} for c in verb.children):
        return _has(verb, "dobj") or _asks(verb)
    return _asks(verb)


def _asks(verb: Token) -> bool:
    """Tell a verb by which a speaker asks for something, with its preposition."""
    lemma = fold_lemma(verb.lemma_.lower())
    keys = [lemma, *(f"{lemma} {c.lower_}" for c in verb.children if c.dep_ in {"prep", "prt"})]
    found = [operators()[key, "v"] for key in keys if (key, "v") in operators()]
    return any(operator.effect in {"REQUEST", "ORDER"} for operator in found)


def mend_parataxis(clause: Token) -> None:
    """Make two what a semicolon parts ("Oslo blamed the rebels; Suran denied this"), in place.

    The parser takes the first for what the second one's verb says.
    """
    verb = clause.head
    if clause.i > verb.i or verb.dep_ != "ROOT" or not _has(clause, "nsubj"):
        return
    between = clause.doc[clause.right_edge.i + 1 : verb.i]
    if not any(t.text == ";" and t.head.i == verb.i for t in between) or not _has(verb, "nsubj"):
        return
    clause.head, clause.dep_ = clause, "ROOT"
    verb.head, verb.dep_ = clause, "conj"


def mend_series(clause: Token) -> None:
    """Join a clause without a subject to the reported one before its comma ("said the junta had
    shut the border, dissolved parliament and imposed a curfew"), in place."""
    if any(c.dep_ in SUBJECTS | {"mark", "aux", "auxpass"} for c in clause.children):
        return
    verb, at = clause.head, clause.left_edge.i - 1
    if clause.tag_ not in {"VBD", "VBN"} or at < 1 or clause.doc[at].text != ",":
        return
    for first in verb.rights:
        told = first.dep_ == "ccomp" and verb.i < first.i < clause.i and first.pos_ == "VERB"
        if told and _has(first, "nsubj") and first.right_edge.i + 1 >= at:
            clause.head, clause.dep_ = first, "conj"
            return


def mend_apposition(name: Token) -> None:
    """Tell coordination from apposition, in place.

    - Two states side by side are two, not one with two names ("Togo, Benin, Ghana quit").
    - What is joined to a name in close apposition is joined to the whole ("with army chief Imre
      Halmi and party leader Ada Voss"): the head noun has no comma before the name.
    - What stands in brackets names what stands before them, not an earlier conjunct ("between
      the firm and the Dockers' Union (DU)").
    """
    head = name.head
    if name.i < head.i or head.pos_ not in {"NOUN", "PROPN"}:
        return
    start = name.left_edge.i
    if name.doc[start - 1].text == "(":
        start -= 1
    if name.doc[start].text == "(":
        _mend_bracketed(name, head, name.doc[start - 1])
    elif _is_state(name) and _is_state(head):
        name.dep_ = "conj"
    elif start == head.i + 1 and name.pos_ == "PROPN" and head.pos_ == "NOUN":
        for other in list(name.rights):
            if other.dep_ in {"conj", "cc"}:
                other.head = head


def _mend_bracketed(name: Token, head: Token, last: Token) -> None:
    while last.i > head.i and last.dep_ != "conj" and last.head.i > head.i:
        last = last.head
    if last.i > head.i and last.dep_ == "conj" and last.pos_ in {"NOUN", "PROPN"}:
        name.head = last


def mend_shared_head(second: Token) -> None:
    """Make two names of what shares its last word ("North and South Korea met"), in place.

    The parser takes the first for a modifier of the second, so that one state acts instead of two.
    """
    first = second.head
    whole = first.head
    if first.dep_ not in {"nmod", "amod", "compound"} or whole.i != second.i + 1:
        return
    if first.i != second.i - 2 or second.nbor(-1).dep_ != "cc":
        return
    names = gazetteer().names
    if not all(f"{part.text} {whole.text}" in names for part in (first, second)):
        return
    first.head, first.dep_ = whole.head, whole.dep_
    second.nbor(-1).head = first
    whole.head, whole.dep_ = first, "conj"
    second.head, second.dep_ = whole, "compound"


def mend_joined_names(conjunction: Token) -> None:
    """Make two of two persons of whom the first is taken for a modifier of the second's name
    ("President Moon Jae-in and leader Kim Jong-un agreed"), in place."""
    first = conjunction.head
    second = first.head
    apart = first.i < conjunction.i < second.i and first.dep_ in {"nmod", "compound", "amod"}
    if not apart or first.ent_type_ != "PERSON" or second.ent_type_ != "PERSON":
        return
    first.head, first.dep_ = second.head, second.dep_
    second.head, second.dep_ = first, "conj"
    for child in list(second.lefts):
        if child.i < conjunction.i:
            child.head = first


def mend_asyndeton(subject: Token) -> None:
    """Join a state that is a verb's subject to those before it behind commas ("Togo, Benin, Ghana
    quit"), which the parser takes for an adverbial or for another subject, in place."""
    if not _is_state(subject):
        return
    for first in subject.head.lefts:
        apart = first.dep_ in {"nsubj", "npadvmod"} and first.i < subject.i
        if apart and subject.nbor(-1).text == "," and _is_state(first):
            if first.right_edge.i < subject.i:
                first.dep_, subject.dep_ = subject.dep_, "conj"
                subject.head = first
            return


def _is_state(name: Token) -> bool:
    """Tell a state by its name, not by its seat ("Kiev, Ukraine")."""
    phrase = name.doc[name.left_edge.i : name.i + 1].text
    entries = gazetteer().names.get(phrase, ())
    return any(e.entity.kind == "country" and e.form == "name" for e in entries)
