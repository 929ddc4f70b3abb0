"""Cue, speaker and content put together to a `Saying`."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from kg.attribution.content import Content
from kg.attribution.page import Page
from kg.attribution.sayings import Range, Saying
from kg.attribution.speakers import RELATIVE, author_behind
from kg.attribution.table import CueMatch, reporting
from kg.lexicon import fold_lemma

if TYPE_CHECKING:
    from kg.parse import Token

# "I think", "you know" inside a quotation name no other speaker than the quotation's own
_OWN_VOICE = frozenset({"i", "we", "you", "me", "us"})


def make_saying(
    page: Page, found: CueMatch, speaker: Token | None, content: Content
) -> Saying | None:
    """Build the record; None if nothing is left to be said."""
    if not content.tokens:
        return None
    main = page.doc[found.words[0]]
    cue = (*found.words, *content.joined)
    if speaker is not None and speaker.i in content.tokens and content.link != "raised":
        speaker = None
    source = None if speaker is None else _source(page, main, speaker, content.tokens.union(cue))
    said = content.tokens.difference(cue, range(*source) if source is not None else ())
    ranges = page.ranges(said)
    inner = page.quote_of[main.i] >= 0
    if not ranges or (inner and (speaker is None or page.lower[speaker.i] in _OWN_VOICE)):
        return None
    return Saying(
        cue=cue,
        verb=main.i,
        speaker=author_behind(speaker) if speaker is not None else None,
        source=source,
        content=ranges,
        link=content.link,
        quoted=not inner and page.quoted(ranges),
        stance=found.cue.stance,
        negated=any(child.dep_ == "neg" for child in main.children),
        hypothetical=main.pos_ == "VERB" and content.link != "quote" and _is_hypothetical(main),
        inner=inner,
    )


def _source(page: Page, main: Token, speaker: Token, fence: Set[int]) -> Range:
    """Take the speaker's words; those of a relative pronoun are itself."""
    own = (t for t in main.children if t.dep_ == "nsubj" and t.tag_ in RELATIVE)
    return _phrase(page, next(own, speaker), fence)


def _phrase(page: Page, head: Token, fence: Set[int]) -> Range:
    """Take the noun phrase of a head: its subtree, as far as it stays clear of `fence`."""
    start = end = head.i
    open_tokens = {token.i for token in head.subtree} - fence
    while start - 1 in open_tokens:
        start -= 1
    while end + 1 in open_tokens:
        end += 1
    if end > head.i and page.doc[end].tag_ == "POS":
        end -= 1
    return page.strip(start, end + 1)


def _is_hypothetical(verb: Token) -> bool:
    """Tell whether the report itself is only possible, wanted or asked for."""
    for child in verb.children:
        if child.dep_ == "aux" and child.tag_ == "MD" and child.text.lower() not in {"will", "'ll"}:
            return True
        if child.dep_ == "aux" and child.text.lower() == "to":
            return not _is_carried(verb)
    return verb.dep_ == "ROOT" and verb.sent[-1].text == "?"


def _is_carried(verb: Token) -> bool:
    """Tell whether an infinitive tells what is so: "went on to say", "appeared to suggest"."""
    head = verb.head
    return verb.dep_ in {"xcomp", "advcl"} and (fold_lemma(head.lemma_), "carrier") in reporting()
