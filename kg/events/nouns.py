"""Event nouns: which nouns tell of an event, and which take up one that was told before."""

from __future__ import annotations

from kg.lexicon import fold_lemma, operators, predicates
from kg.parse import Token

__all__ = ["is_event_noun", "noun_key", "same_act", "takes_up"]

DEFINITE = frozenset("the this that these those such both".split())


def is_event_noun(token: Token) -> bool:
    """Tell whether a noun can tell of an event by itself ("strike", "talks", "proposal")."""
    return (
        token.pos_ in {"NOUN", "PROPN"}
        and token.ent_type_ in {"", "EVENT"}
        and noun_key(token) is not None
    )


def noun_key(noun: Token) -> str | None:
    """Find the key of an event noun in the tables, the longest compound first ("air strike")."""
    lemma = fold_lemma(noun.lemma_)
    before = [fold_lemma(c.lemma_) for c in noun.lefts if c.dep_ in {"compound", "amod", "nmod"}]
    keys = [f"{word} {lemma}" for word in reversed(before)] + [lemma, fold_lemma(noun.text)]
    for key in keys:
        if (key, "n") in predicates() or (key, "n") in operators():
            return key
    return None


def takes_up(noun: Token) -> bool:
    """Tell whether an event noun speaks of an event told before: it is definite, or an apposition.

    "The strikes killed ..."; "..., a proposal that they rejected"; but not "proposals for a pact".
    """
    if noun.dep_ in {"appos", "npadvmod"} or any(c.dep_ == "relcl" for c in noun.children):
        return True
    return any(c.lower_ in DEFINITE or c.dep_ == "poss" for c in noun.children)


def same_act(noun: Token, earlier: Token) -> bool:
    """Tell whether an event noun can take up an earlier predicate: "proposal" takes up
    "proposed"."""
    a, b = fold_lemma(noun.lemma_), fold_lemma(earlier.lemma_)
    if a == b or a.endswith(b) or b.endswith(a):
        return len(min(a, b, key=len)) >= 4 or a == b
    stem = 0
    while stem < min(len(a), len(b)) and a[stem] == b[stem]:
        stem += 1
    return stem >= 5 and stem >= min(len(a), len(b)) - 2
