"""What has no cue word: a name before a colon, a name behind a dash."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kg.attribution.page import DASHES, MARKS, Page, is_mark
from kg.attribution.sayings import Range, Saying
from kg.attribution.table import reporting
from kg.curation import gazetteer_of
from kg.lexicon import fold_lemma

if TYPE_CHECKING:
    from kg.parse import Token


def label_sayings(page: Page, claimed: dict[int, int]) -> Iterator[Saying]:
    """Read the paragraphs that name their speaker; their quotations are added to `claimed`."""
    for number, (start, end) in enumerate(page.paragraphs):
        saying = _colon(page, number, start, end) or _signature(page, number, start, end)
        if saying is not None:
            for quote in page.by_paragraph.get(number, ()):
                if saying.covers(page.quotes[quote].start):
                    claimed.setdefault(quote, saying.verb)
            yield saying


def _colon(page: Page, number: int, start: int, end: int) -> Saying | None:
    """Read "NAME: what NAME says", in headlines and transcripts."""
    if page.texts[start] in MARKS:
        start += 1
    colons = (i for i in range(start, min(end, start + 8)) if page.texts[i] == ":")
    colon = next(colons, start)
    if start < colon < end - 2 and _is_label(page.words(start, colon), number == 0):
        return _label(page, (start, colon), colon, set(range(colon + 1, end)))
    return _colon_at_the_end(page, start, end) if number == 0 else None


def _colon_at_the_end(page: Page, start: int, end: int) -> Saying | None:
    """Read "What is said: NAME", in a headline."""
    colons = (i for i in range(end - 1, max(start, end - 6), -1) if page.texts[i] == ":")
    colon = next(colons, start)
    if colon - start > 3 and _is_label(page.words(colon + 1, end), True):
        return _label(page, (colon + 1, end), colon, set(range(start, colon)))
    return None


def _is_label(lead: list[Token], headline: bool) -> bool:
    """Tell whether some words before a colon name a speaker."""
    words = [token for token in lead if not is_mark(token.text)]
    if not 0 < len(words) <= 5 or any(token.text in MARKS for token in lead):
        return False
    if any(t.pos_ in {"VERB", "AUX"} and t.text.islower() for t in words):
        return False
    if headline and (fold_lemma(words[-1].lemma_), "label") in reporting():
        return True
    if all(token.text.isupper() for token in words) and words[0].text.isalpha():
        return True
    named = " ".join(token.text for token in words) in gazetteer_of(words[0].doc).names
    return headline and (named or all(token.pos_ == "PROPN" for token in words))


def _signature(page: Page, number: int, start: int, end: int) -> Saying | None:
    """Read a quotation with a name behind a dash, as under a motto."""
    inside = page.by_paragraph.get(number, ())
    if inside and page.quotes[inside[-1]].end < end:
        quote = page.quotes[inside[-1]]
        rest = page.words(quote.end, end)
        if len(rest) > 1 and rest[0].text in DASHES and _is_name(rest[1:]):
            return _label(page, (rest[1].i, end), rest[0].i, set(range(quote.start, quote.end)))
    if number > 0 and page.texts[start] in DASHES and _is_name(page.words(start + 1, end)):
        above = page.by_paragraph.get(number - 1, ())
        if above and page.quotes[above[-1]].end >= page.paragraphs[number - 1][1] - 1:
            quote = page.quotes[above[-1]]
            return _label(page, (start + 1, end), start, set(range(quote.start, quote.end)))
    return None


def _is_name(words: list[Token]) -> bool:
    capital = [t for t in words if t.text[:1].isupper()]
    return 0 < len(words) <= 12 and words[0].text[:1].isupper() and 2 * len(capital) >= len(words)


def _label(page: Page, source: Range, mark: int, tokens: set[int]) -> Saying | None:
    """Build the record; the speaker is the first noun that hangs outside of the label."""
    source = page.strip(*source)
    ranges = page.ranges(tokens)
    if not ranges or source[0] >= source[1]:
        return None
    heads = (t for t in page.doc[slice(*source)] if not source[0] <= t.head.i < source[1])
    speaker = next((t.i for t in heads if t.pos_ in {"NOUN", "PROPN"}), source[1] - 1)
    return Saying((mark,), mark, speaker, source, ranges, "label", page.quoted(ranges))
