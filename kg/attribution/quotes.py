"""Whose a quotation is: the cue beside it, or who spoke last."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.attribution.page import FINAL, MARKS, PAUSE, Page, Quote, is_mark
from kg.attribution.sayings import Saying
from kg.attribution.speakers import is_speech
from kg.attribution.table import Cue

if TYPE_CHECKING:
    from kg.parse import Token

_BREAKS = FINAL | {":", ";"}


def claim_quotes(page: Page, verb: Token, cue: Cue, claimed: dict[int, int]) -> list[int]:
    """Take the quotations beside a cue that nobody has taken yet."""
    if "quote" not in cue.content or page.quote_of[verb.i] >= 0:
        return []
    sides = (_quote_before(page, verb), _quote_after(page, verb))
    numbers = [n for n in sides if n is not None and n not in claimed]
    for number in numbers:
        claimed[number] = verb.i
    return numbers


def _quote_before(page: Page, verb: Token) -> int | None:
    """Find the quotation that ends just before a cue: '"...", the minister said'."""
    number = bisect_right(page.quote_starts, verb.i) - 1
    if number < 0 or page.quotes[number].paragraph != page.paragraph_of[verb.i]:
        return None
    quote = page.quotes[number]
    if page.count(quote.end, verb.i) > 40:
        return None
    gap = page.words(quote.end, verb.i)
    if any(token.text in _BREAKS for token in gap) or not _pauses(page, quote, gap):
        return None
    if any(is_speech(token) for token in gap):
        return None
    if not page.direct(quote) and any(c.dep_ == "ccomp" and c.i > verb.i for c in verb.children):
        return None
    return number


def _pauses(page: Page, quote: Quote, gap: list[Token]) -> bool:
    """Tell whether a quotation ends so that the words behind it can be those of its cue."""
    last = page.texts[quote.end - 2]
    following = gap[0].text if gap else ""
    if last == ".":
        return not gap or following[:1].islower()
    return last in FINAL or last in PAUSE or following in PAUSE


def _quote_after(page: Page, verb: Token) -> int | None:
    """Find the quotation that a cue opens: 'the minister said: "..."'."""
    number = bisect_right(page.quote_starts, verb.i)
    if number >= len(page.quotes) or page.quotes[number].paragraph != page.paragraph_of[verb.i]:
        return _quote_in_next_paragraph(page, verb)
    quote = page.quotes[number]
    if page.count(verb.i + 1, quote.start) > 25:
        return None
    gap = page.words(verb.i + 1, quote.start)
    if any(token.text in FINAL or is_speech(token) for token in gap):
        return None
    if not (gap and gap[-1].text in {",", ":"}) and not page.direct(quote):
        return None
    finite = any(t.tag_ in {"VBD", "VBZ", "VBP", "MD"} and t.dep_ != "relcl" for t in gap)
    return None if finite else number


def _quote_in_next_paragraph(page: Page, verb: Token) -> int | None:
    """Find the quotation in the paragraph after one that ends with a cue and a colon."""
    here = page.paragraph_of[verb.i]
    end = page.paragraphs[here][1]
    if end - verb.i > 27 or here + 1 >= len(page.paragraphs):
        return None
    last = page.words(verb.i + 1, end)
    if not last or last[-1].text != ":":
        return None
    following = page.by_paragraph.get(here + 1, ())
    start = page.paragraphs[here + 1][0]
    return following[0] if following and page.quotes[following[0]].start == start else None


_NOMINAL = frozenset({"PROPN", "NOUN", "PRON"})


def speaker_beside(page: Page, verb: Token, before: int | None) -> Token | None:
    """Find the speaker beside a cue by place alone: '"...," said Davis', '"...," Davis said'."""
    for token in page.doc[verb.i + 1 : verb.i + 8]:
        if is_mark(token.text) or token.pos_ in {"VERB", "ADP", "SCONJ"}:
            break
        if token.pos_ in _NOMINAL and token.dep_ != "compound":
            return token
    if before is None:
        return None
    inner = page.words(page.quotes[before].end, verb.i)
    return next((t for t in reversed(inner) if t.pos_ in _NOMINAL), None)


def with_lead(page: Page, quote: Quote, verb: Token, speaker: Token | None) -> set[int]:
    """Widen a quotation by what its sentence has before it: 'It was "over," he said'."""
    tokens = set(range(quote.start, quote.end))
    if quote.start > verb.i or page.starts_sentence(quote):
        return tokens
    start = max(page.paragraphs[quote.paragraph][0], page.doc[quote.start].sent.start)
    back = quote.start
    while back > start and page.texts[back - 1] not in FINAL and page.texts[back - 1] not in MARKS:
        back -= 1
    if speaker is not None and back <= speaker.i < quote.start:
        return tokens
    return tokens | set(range(back, quote.start))


def complete_quotes(page: Page, tokens: set[int], verb: Token) -> set[int]:
    """Bring quotations that the parse cut in two wholly inside, unless the cue stands in them."""
    whole = set(tokens)
    own = page.quote_of[verb.i]
    for number in sorted({page.quote_of[i] for i in tokens} - {-1}):
        quote = page.quotes[number]
        inside = sum(1 for i in range(quote.start, quote.end) if i in tokens)
        if own == number:
            whole &= set(range(quote.start + 1, quote.end - 1 if quote.closed else quote.end))
        elif 2 * inside >= quote.end - quote.start:
            whole |= set(range(quote.start, quote.end))
    return whole


def carry_on(page: Page, found: list[Saying], claimed: dict[int, int]) -> list[Saying]:
    """Give quotations without a cue to who spoke last, in this paragraph or the one before."""
    grown = list(found)
    verbs = [saying.verb for saying in found]
    for number, quote in enumerate(page.quotes):
        if number in claimed or not page.starts_sentence(quote) or not page.direct(quote):
            continue
        at = _last_speaker(page, grown, bisect_left(verbs, quote.start), quote)
        if at is None:
            continue
        tokens = {i for a, b in grown[at].content for i in range(a, b)}
        tokens |= set(range(quote.start, quote.end))
        grown[at] = replace(grown[at], content=page.ranges(tokens), quoted=True)
    return grown


def _last_speaker(page: Page, found: list[Saying], before: int, quote: Quote) -> int | None:
    """Find the saying that a quotation without cue continues."""
    for at in range(before - 1, -1, -1):
        saying = found[at]
        if page.paragraph_of[quote.start] - page.paragraph_of[saying.verb] > 8:
            break
        last = max(saying.verb, saying.content[-1][1] - 1)
        if last >= quote.start or saying.link not in {"quote", "clause"} or saying.speaker is None:
            continue
        if page.quote_of[saying.verb] >= 0:
            continue
        gap = page.paragraph_of[quote.start] - page.paragraph_of[last]
        if gap == 0:
            return at
        opens = quote.start == page.paragraphs[quote.paragraph][0]
        return at if gap == 1 and opens and saying.quoted else None
    return None
