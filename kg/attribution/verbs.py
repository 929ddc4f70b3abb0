"""Reporting verbs: the quotation beside one, or else what hangs on it."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from kg.attribution.compose import make_saying
from kg.attribution.content import Content, before_comma, hanging_content
from kg.attribution.page import Page
from kg.attribution.quotes import claim_quotes, complete_quotes, speaker_beside, with_lead
from kg.attribution.sayings import Saying
from kg.attribution.speakers import child_with, speaker_of_verb
from kg.attribution.table import CueMatch, find_cue

if TYPE_CHECKING:
    from kg.parse import Token


def verb_saying(page: Page, verb: Token, claimed: dict[int, int]) -> Saying | None:
    """Read a verb as a cue; the quotations that it takes are added to `claimed`."""
    found = find_cue(verb, "v")
    if found is None:
        return None
    speaker = speaker_of_verb(verb)
    quotes = claim_quotes(page, verb, found.cue, claimed)
    if not quotes:
        return make_saying(page, found, speaker, _unquoted(page, verb, found, speaker))
    if speaker is None or page.quote_of[speaker.i] >= 0:
        before = next((n for n in quotes if page.quotes[n].start < verb.i), None)
        speaker = speaker_beside(page, verb, before)
    tokens: set[int] = set()
    for number in quotes:
        tokens |= with_lead(page, page.quotes[number], verb, speaker)
    return make_saying(page, found, speaker, Content("quote", tokens))


def _unquoted(page: Page, verb: Token, found: CueMatch, speaker: Token | None) -> Content:
    """Find the content of a verb without a quotation beside it, by parse, then by place."""
    link, tokens, joined = hanging_content(verb, found, speaker)
    if "obj-is" in found.cue.content and link in {"", "obj", "obj-is"}:
        tokens = tokens | _quoted_predicate(page, verb)
        link = "obj-is" if tokens and not link else link
    if not tokens and "clause" in found.cue.content:
        link, tokens = "clause", before_comma(verb, speaker)
    return Content(link, complete_quotes(page, tokens, verb), joined)


def _quoted_predicate(page: Page, verb: Token) -> set[int]:
    """Take an object and the quotation right behind it: 'called the raid "reckless"'."""
    goal = child_with(verb, {"dobj"})
    if goal is None or goal.i < verb.i:
        return set()
    behind = bisect_right(page.quote_starts, goal.i)
    if behind >= len(page.quotes):
        return set()
    quote = page.quotes[behind]
    if quote.start - goal.right_edge.i > 3 or quote.paragraph != page.paragraph_of[verb.i]:
        return set()
    return set(range(goal.left_edge.i, quote.end))
