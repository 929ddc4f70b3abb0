"""Reporting nouns ("a statement by X that ...") and phrases ("according to X")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.attribution.compose import make_saying
from kg.attribution.content import Content, extent
from kg.attribution.page import Page
from kg.attribution.quotes import complete_quotes
from kg.attribution.sayings import Saying
from kg.attribution.speakers import child_with, speaker_of_noun
from kg.attribution.table import Cue, CueMatch, find_cue, reporting

if TYPE_CHECKING:
    from kg.parse import Token


def noun_saying(page: Page, noun: Token) -> Saying | None:
    """Read a noun as a cue, if something is said in it."""
    found = find_cue(noun, "n")
    if found is None:
        return None
    speaker = speaker_of_noun(noun)
    return make_saying(page, found, speaker, _content_of(noun, found.cue, speaker))


def _content_of(noun: Token, cue: Cue, speaker: Token | None) -> Content:
    """Find what a noun says: "that" clause, infinitive, or words behind a preposition."""
    for child in noun.children:
        if child.i < noun.i or child.dep_ not in {"acl", "ccomp", "relcl"}:
            continue
        that = any(c.text.lower() == "that" and c.tag_ == "IN" for c in child.children)
        if that and "clause" in cue.content:
            return Content("clause", extent(child))
        to = any(c.text.lower() == "to" and c.dep_ == "aux" for c in child.children)
        if to and "to" in cue.content and speaker is not None:
            return Content("to", extent(child))
    prepositions = cue.prepositions if speaker is not None else ()
    for child in noun.children:
        if child.dep_ == "prep" and child.text.lower() in prepositions:
            behind = child_with(child, {"pobj", "pcomp"})
            if behind is not None:
                return Content(f"prep:{child.text.lower()}", extent(behind))
    return Content("", set())


def phrase_saying(page: Page, token: Token) -> Saying | None:
    """Read a token as the first word of a phrase before or behind the name of a speaker."""
    for cue in reporting().get((page.lower[token.i], "phrase"), ()):
        end = token.i + len(cue.words)
        if page.lower[token.i : end] != cue.words or end >= len(page.doc):
            continue
        speaker = _after_phrase(page.doc[end - 1], end)
        if speaker is not None:
            found = CueMatch(cue, tuple(range(token.i, end)))
            content = Content("sentence", _modified_clause(page, token, speaker))
            return make_saying(page, found, speaker, content)
    return None


def _after_phrase(last: Token, end: int) -> Token | None:
    """Find the head of the noun phrase behind the last word of a phrase."""
    found = child_with(last, {"pobj"})
    if found is not None:
        return found
    token = last.doc[end]
    while token.head.i > token.i and token.head.left_edge.i >= end:
        if token.pos_ in {"VERB", "AUX"}:
            break
        token = token.head
    return token if token.pos_ in {"NOUN", "PROPN", "PRON"} else None


def _modified_clause(page: Page, token: Token, speaker: Token) -> set[int]:
    """Take the clause that a phrase modifies: the nearest above it with a subject, without it."""
    phrase = set(range(min(token.i, speaker.left_edge.i), speaker.right_edge.i + 1))
    clause = token.head
    while clause.head.i != clause.i and not child_with(clause, {"nsubj", "nsubjpass", "expl"}):
        clause = clause.head
    tokens = {t.i for t in clause.subtree} - phrase
    if clause.i in phrase or not tokens:
        tokens = set(range(token.sent.start, token.sent.end)) - phrase
    return complete_quotes(page, tokens, token)
