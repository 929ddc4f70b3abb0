"""Who speaks: the subject of a verb, the author of a noun, by the parse."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from kg.attribution.page import PAUSE
from kg.attribution.table import find_cue, reporting
from kg.lexicon import fold_lemma

if TYPE_CHECKING:
    from kg.parse import Token

RELATIVE = frozenset({"WP", "WDT"})


def child_with(token: Token, deps: Set[str]) -> Token | None:
    """Find the first child on one of some dependencies."""
    return next((child for child in token.children if child.dep_ in deps), None)


def is_passive(token: Token) -> bool:
    """Tell passives: by their auxiliary or subject, or as a participle behind a noun."""
    if any(child.dep_ in {"auxpass", "nsubjpass"} for child in token.children):
        return True
    return token.dep_ == "acl" and token.tag_ == "VBN"


def is_speech(token: Token) -> bool:
    """Tell whether a token is a verb that can carry a direct quotation."""
    if token.pos_ not in {"VERB", "AUX"}:
        return False
    found = find_cue(token, "v")
    return found is not None and "quote" in found.cue.content


def is_afterthought(verb: Token) -> bool:
    """Tell ", saying ..." behind a clause; its subject is the main clause's."""
    if verb.dep_ not in {"advcl", "conj"} or verb.tag_ != "VBG" or not is_speech(verb):
        return False
    return verb.i > verb.head.i and verb.doc[verb.left_edge.i - 1].text in PAUSE


def speaker_of_verb(verb: Token) -> Token | None:
    """Find who says what a verb reports: its subject, or the agent of a passive."""
    if is_passive(verb) and not child_with(verb, {"nsubj"}):
        return _agent(verb)
    return _subject(verb)


def nearest_subject(verb: Token) -> Token | None:
    """Find the subject; the nearer of two, as parsers give to "Arnor, Venn said, left"."""
    own = [child for child in verb.children if child.dep_ == "nsubj"]
    return min(own, key=lambda child: abs(child.i - verb.i), default=None)


def _subject(verb: Token, depth: int = 0) -> Token | None:
    """Find who does what a verb says, through conjunction, participle and infinitive."""
    own = nearest_subject(verb)
    if own is not None:
        return _antecedent(own)
    if depth > 4:
        return None
    head = verb.head
    if depth == 0 and is_afterthought(verb):
        while head.dep_ == "ccomp" and head.head.i < head.i and is_speech(head.head):
            head = head.head
        return _upper_subject(verb, head, depth)
    if verb.dep_ in {"conj", "advcl", "xcomp", "dep", "prep", "pcomp"} and head.i != verb.i:
        if head.pos_ in {"VERB", "AUX"}:
            return _upper_subject(verb, head, depth)
        return _subject(head, depth + 1) if head.pos_ in {"ADP", "SCONJ", "ADJ"} else None
    if verb.dep_ == "acl" and verb.tag_ == "VBG":
        return head
    if verb.dep_ == "ccomp" and verb.tag_ == "VBG" and head.pos_ in {"VERB", "AUX"}:
        return _upper_subject(verb, head, depth)
    return None


def _upper_subject(verb: Token, head: Token, depth: int) -> Token | None:
    """Find the subject that a clause without one shares with the clause above."""
    if verb.dep_ == "xcomp":
        found = find_cue(head, "v")
        goal = child_with(head, {"dobj"})
        if found is not None and goal is not None and "obj-to" in found.cue.content:
            return goal
    if is_passive(head):
        passive = child_with(head, {"nsubjpass"})
        return _antecedent(passive) if passive is not None else _subject(head, depth + 1)
    return _subject(head, depth + 1)


def _agent(token: Token) -> Token | None:
    """Find who acts in a passive: "by X"."""
    for child in token.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.text.lower() == "by"):
            found = child_with(child, {"pobj"})
            if found is not None:
                return found
    return None


def _antecedent(token: Token) -> Token:
    """Follow a relative pronoun to the noun its clause modifies."""
    if token.tag_ in RELATIVE or (token.text.lower() == "that" and token.pos_ == "PRON"):
        clause = next((up for up in token.ancestors if up.dep_ == "relcl"), None)
        if clause is not None:
            return clause.head
    return token


def speaker_of_noun(noun: Token) -> Token | None:
    """Find whose words a noun names: "X's claim", "a report by X", "X made a promise"."""
    owner = child_with(noun, {"poss"})
    if owner is not None:
        return owner
    for child in noun.children:
        if child.dep_ in {"prep", "agent"} and child.text.lower() in {"by", "from"}:
            found = child_with(child, {"pobj"})
            if found is not None:
                return found
    head = noun.head
    if noun.dep_ == "dobj" and (fold_lemma(head.lemma_), "light") in reporting():
        return speaker_of_verb(head)
    return None


def author_behind(speaker: Token) -> int:
    """Find whose words they are where a statement speaks: "a statement by the army said"."""
    if (fold_lemma(speaker.lemma_), "n") in reporting():
        author = speaker_of_noun(speaker)
        if author is not None:
            return author.i
    return speaker.i
