"""What the form of a word and its children tell: finite or not, passive, negated, conjoined."""

from __future__ import annotations

from kg.lexicon import Operator, fold_lemma, operators, predicates, word_class
from kg.parse import Token, once_a_token

__all__ = [
    "NEGATIVE_WORDS",
    "RELATIVE",
    "SUBJECTS",
    "VERBAL",
    "agents_of",
    "auxiliaries_of",
    "compounded_agent",
    "conjuncts",
    "counted_events",
    "counted_objects",
    "gerunds",
    "is_finite",
    "is_infinitive",
    "is_negated",
    "is_nominal_gerund",
    "is_particle",
    "is_passive",
    "noun_obliques",
    "operator_of",
]

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
CORE = SUBJECTS | {"dobj", "attr"}
RELATIVE = frozenset({"WDT", "WP", "WP$"})
NEGATIVE_WORDS = frozenset(
    "no none nothing nobody neither nor never hardly barely scarcely".split()
)
VERBAL = frozenset({"VERB", "AUX"})
HOLDING = SUBJECTS | {"aux", "auxpass"}
CLAUSAL = frozenset("ROOT ccomp parataxis advcl acl conj".split())


def conjuncts(token: Token) -> list[Token]:
    """Give a nominal and all that is conjoined to it, in order ("Moscow and Washington")."""
    found = [token]
    for current in found:  # grows while it is walked
        for child in current.children:
            if child.dep_ == "conj" and child.pos_ not in {"VERB", "AUX", "SCONJ"}:
                found.append(child)
    return found if len(found) == 1 else sorted(found, key=lambda t: t.i)


def counted_events(token: Token) -> list[Token]:
    """Look through a noun that counts events at the events ("a series of air strikes").

    Of other nouns nothing is looked through.
    """
    if fold_lemma(token.lemma_) in word_class("SERIES"):
        for prep, _, i in noun_obliques(token):
            inside = token.doc[i]
            if prep == "of" and (fold_lemma(inside.lemma_), "n") in predicates():
                return conjuncts(inside)
    return [token]


def is_finite(verb: Token) -> bool:
    """Tell a finite clause ("that B will go") from an infinitive or gerund ("to go", "going")."""
    auxiliaries = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
    if any(c.tag_ == "TO" or c.lower_ == "to" for c in auxiliaries):
        return False
    if any(c.tag_ in {"VBD", "VBP", "VBZ", "MD"} for c in auxiliaries):
        return True
    return verb.tag_ in {"VBD", "VBP", "VBZ"}


def is_infinitive(verb: Token) -> bool:
    """Tell an infinitive with "to"."""
    return verb.pos_ in VERBAL and any(c.dep_ == "aux" and c.lower_ == "to" for c in verb.children)


def is_nominal_gerund(verb: Token) -> bool:
    """Tell a gerund that takes its object as a noun does ("after the jailing of an editor")."""
    if verb.tag_ != "VBG" or any(c.dep_ in {"dobj", "prt", "aux"} for c in verb.children):
        return False
    return any(c.i == verb.i + 1 and c.lower_ == "of" for c in verb.children)


@once_a_token
def noun_obliques(head: Token) -> tuple[tuple[str, int, int], ...]:
    """List the prepositional phrases of a word as (preposition, its index, head of the object)."""
    found: list[tuple[str, int, int]] = []
    for child in head.children:
        if (
            child.dep_ in {"prep", "agent", "dative"}
            and child.pos_ in {"ADP", "SCONJ", "ADV", "PART", "VERB"}
            and child.lower_ != "according"  # "according to Turkey" says who speaks
        ):
            found.extend(_objects_of(child))
    return tuple(found)


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


def gerunds(preposition: Token) -> list[tuple[str, int]]:
    """List the gerunds behind a preposition as complements ("prep:of", head)."""
    return [
        (f"prep:{preposition.lower_}", c.i)
        for c in preposition.children
        if (c.dep_ == "pcomp" and c.pos_ in VERBAL)
        or (c.dep_ == "pobj" and c.tag_ == "VBG")  # a gerund taken for a noun
    ]


def is_particle(child: Token, verb: Token) -> bool:
    """Tell a particle, also where the parser takes it for an adverb ("turned back", "pushed
    away")."""
    if child.dep_ == "prt":  # "up" of "up to 16" belongs to the number
        behind = verb.doc[child.i + 1 : child.i + 3]
        return [t.lower_ for t in behind[:1]] != ["to"] or behind[-1].pos_ != "NUM"
    if child.dep_ != "advmod" or child.i < verb.i:
        return False
    key = (f"{fold_lemma(verb.lemma_)} {child.lower_}", "v")
    return key in predicates() or key in operators()


def is_passive(verb: Token) -> bool:
    """Tell whether a verb is passive; participles of reduced relatives and shared auxiliaries
    are."""
    kinds = {c.dep_ for c in verb.children}
    if _is_bare_passive(verb, kinds):
        return True
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
        return "dobj" not in kinds and is_passive(verb.head)
    return verb.dep_ in {"ROOT", "advcl", "amod"} and "dobj" not in kinds


def compounded_agent(verb: Token) -> Token | None:
    """Find who acts in a participle compounded with a name ("Iran-backed militia")."""
    if verb.tag_ != "VBN" or verb.dep_ != "amod" or verb.i < 2 or verb.head.i < verb.i:
        return None
    hyphen, name = verb.nbor(-1), verb.nbor(-2)
    compound = hyphen.text == "-" and name.head.i == verb.i and name.dep_ == "npadvmod"
    return name if compound and name.pos_ == "PROPN" else None


def _is_bare_passive(verb: Token, kinds: set[str]) -> bool:
    """Tell a headline's passive by the object that its verb needs and lacks ("Five killed in
    raid")."""
    if verb.tag_ not in {"VBD", "VBN"} or fold_lemma(verb.lemma_) not in word_class("HARM"):
        return False
    if verb.dep_ not in CLAUSAL or "nsubj" not in kinds:
        return False
    return not kinds & {"dobj", "aux", "ccomp", "xcomp", "prt", "dative", "oprd", "conj", "mark"}


def auxiliaries_of(verb: Token) -> list[str]:
    """List the lemmas of a verb's auxiliaries, in order, shared ones too."""
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
    judged = any(c.dep_ in {"acomp", "attr"} for c in verb.head.children)  # "it is wrong to go"
    if verb.dep_ == "xcomp" and "to" in found and verb.head.lemma_ == "be" and not judged:
        found.append("will")  # "is to visit"
    if shares and not finite:  # "would begin and be coordinated": the modal holds for both
        found = [a for a in auxiliaries_of(verb.head) if a not in {"be", "have"} or not own] + found
    return found


def is_negated(head: Token) -> bool:
    """Tell whether a clause is negated: "not", "never", or a negative subject or object."""
    for child in head.children:
        if child.dep_ == "neg" or (
            child.lower_ in NEGATIVE_WORDS and child.dep_ in {"advmod", "det", "preconj"}
        ):
            return True
        if child.dep_ in CORE and (
            child.lower_ in NEGATIVE_WORDS
            or any(
                c.lower_ in NEGATIVE_WORDS and c.dep_ in {"det", "neg", "preconj", "cc"}
                for c in child.children
            )
        ):
            return True
        below = child.children if child.dep_ == "prep" and head.pos_ in VERBAL else ()
        if any(c.dep_ == "pobj" and c.lower_ in NEGATIVE_WORDS for c in below):
            return True  # "apologised to nobody"
    if head.dep_ == "pcomp" and head.head.lower_ == "without":
        return True
    shares = (
        head.dep_ == "conj"
        and head.head.pos_ in VERBAL
        and not any(c.dep_ in HOLDING for c in head.children)
    )
    # "does not collaborate or co-ordinate": "or" carries the negation on, "and" and "but"
    # don't always
    if shares and any(c.dep_ == "cc" and c.lower_ in {"or", "nor"} for c in head.head.children):
        return is_negated(head.head)
    return False


def operator_of(governor: Token) -> Operator | None:
    """Find a verb among the operators, with preposition or particle first ("call on")."""
    lemma = fold_lemma(governor.lemma_)
    for child in governor.children:
        if child.dep_ in {"prep", "prt"}:
            operator = operators().get((f"{lemma} {child.lower_}", "v"))
            if operator is not None:
                return operator
    return operators().get((lemma, "v"))


def counted_objects(verb: Token) -> list[Token]:
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


def agents_of(verb: Token) -> list[Token]:
    """Find who acts behind "by", shared by conjoined passives ("attacked and burnt by
    them")."""
    own = [c for c in verb.children if c.dep_ == "agent"]
    if not own:
        shared = [c for c in verb.children if c.dep_ == "conj" and c.tag_ == "VBN"]
        if any(c.dep_ == "prep" and verb.i < c.i for c in verb.children):
            shared = []  # "were handed to the crew and flown out by troops": its own phrase ends it
        own = [a for c in shared[-1:] for a in c.children if a.dep_ == "agent"]
    return [t for c in own for p in c.children if p.dep_ == "pobj" for t in conjuncts(p)]
