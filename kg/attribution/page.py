"""A doc as it is looked up again and again: words, paragraphs, stretches in quotation marks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from kg.annotate import paragraph_of
from kg.attribution.sayings import Range

if TYPE_CHECKING:
    from kg.parse import Parse, Token

_OPENING = frozenset({"“", "``", "«", "„"})
_CLOSING = frozenset({"”", "»"})
_EITHER = frozenset({'"', "''"})
FINAL = frozenset({".", "!", "?", "…", "..."})
PAUSE = frozenset({",", ":", ";", "-", "--", "–", "—", "―"})
DASHES = frozenset({"-", "--", "–", "—", "―"})
MARKS = _OPENING | _CLOSING | _EITHER


def is_mark(text: str) -> bool:
    """Tell punctuation from words; by its text, since a bare vocab knows no flags.

    >>> is_mark("--"), is_mark("U.N.")
    (True, False)
    """
    return not (text.isalnum() or any(character.isalnum() for character in text))


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch in quotation marks, the marks included; `closed` is False if its end is missing."""

    start: int
    end: int
    paragraph: int
    closed: bool


class Page:
    """What is looked up again and again while one doc is read.

    Attributes:
        texts, lower: the words, as they are written and in lower case.
        paragraph_of: token -> its paragraph; -1 for the blanks between two.
        quote_of: token -> its quotation; -1 outside of all.
        quote_starts: where the quotations start, ascending.
        by_paragraph: paragraph -> its quotations.
    """

    def __init__(self, doc: Parse) -> None:
        self.doc = doc
        self.texts = [token.text for token in doc]
        self.lower = tuple(text.lower() for text in self.texts)
        blank = [text.isspace() for text in self.texts]
        self._words_before = list(accumulate((not is_blank for is_blank in blank), initial=0))
        self.paragraphs = _paragraphs(doc, blank)
        self.quotes = _quotes(doc, self.texts, self.paragraphs)
        self.paragraph_of = [-1] * len(doc)
        for number, (start, end) in enumerate(self.paragraphs):
            self.paragraph_of[start:end] = [number] * (end - start)
        self.quote_of = [-1] * len(doc)
        for number, quote in enumerate(self.quotes):
            self.quote_of[quote.start : quote.end] = [number] * (quote.end - quote.start)
        self.quote_starts = [quote.start for quote in self.quotes]
        self.by_paragraph: dict[int, list[int]] = {}
        for number, quote in enumerate(self.quotes):
            self.by_paragraph.setdefault(quote.paragraph, []).append(number)

    def starts_sentence(self, quote: Quote) -> bool:
        """Tell whether a quotation begins where a sentence can."""
        if quote.start <= self.paragraphs[quote.paragraph][0]:
            return True
        before = self.texts[quote.start - 1]
        return before in FINAL or before == ":" or before in MARKS

    def direct(self, quote: Quote) -> bool:
        """Tell whether a quotation is of whole sentences: begins like one, ends like one."""
        first = self.texts[quote.start + 1][:1]
        begins = first.isupper() or not first.isalpha()
        ends = not quote.closed or is_mark(self.texts[quote.end - 2])
        return begins and quote.end - quote.start > 3 and ends

    def quoted(self, ranges: Iterable[Range]) -> bool:
        """Tell whether some of a content stands in quotation marks."""
        return any(number >= 0 for start, end in ranges for number in self.quote_of[start:end])

    def count(self, start: int, end: int) -> int:
        """Count the words and marks in a range, blanks left out; at least 0."""
        return max(0, self._words_before[end] - self._words_before[start])

    def words(self, start: int, end: int) -> list[Token]:
        """List the words and marks in a range, blanks left out."""
        return [self.doc[i] for i in range(start, end) if not self.texts[i].isspace()]

    def strip(self, start: int, end: int) -> Range:
        """Drop pauses and blanks from both ends of a range, and a full stop from its end."""
        texts = self.texts
        while start < end and (texts[start] in PAUSE or texts[start].isspace()):
            start += 1
        while start < end and (
            texts[end - 1] in PAUSE or texts[end - 1] == "." or texts[end - 1].isspace()
        ):
            end -= 1
        return start, end

    def ranges(self, tokens: Iterable[int]) -> tuple[Range, ...]:
        """Group token numbers to ranges without pauses at their ends; marks alone are none."""
        found: list[Range] = []
        for i in sorted(set(tokens)):
            if found and found[-1][1] == i:
                found[-1] = (found[-1][0], i + 1)
            else:
                found.append((i, i + 1))
        stripped = [self.strip(start, end) for start, end in found]
        return tuple((a, b) for a, b in stripped if not all(map(is_mark, self.texts[a:b])))


def _paragraphs(doc: Parse, blank: Sequence[bool]) -> list[Range]:
    """Cut a doc where its article has paragraphs, or a line ends where a sentence does."""
    cuts = {0, len(doc)}
    for i in range(len(doc)):
        if blank[i] and _breaks_line(doc, i):
            cuts |= {i, i + 1}
    start = 0
    while start < len(doc):
        cuts.add(start)
        start = bisect_right(doc, paragraph_of(doc[start]), lo=start, key=paragraph_of)
    return [(start, end) for start, end in pairwise(sorted(cuts)) if not all(blank[start:end])]


def _breaks_line(doc: Parse, i: int) -> bool:
    """Tell whether blanks end a line where a sentence ends too."""
    lines = doc[i].text.count("\n")
    if lines > 1 or (lines and doc[i].is_sent_start):
        return True
    return lines == 1 and i + 1 < len(doc) and bool(doc[i + 1].is_sent_start)


def _quotes(doc: Parse, texts: Sequence[str], paragraphs: Iterable[Range]) -> list[Quote]:
    """Pair the quotation marks of each paragraph."""
    found: list[Quote] = []
    for number, (start, end) in enumerate(paragraphs):
        opened: int | None = None
        for i in range(start, end):
            text = texts[i]
            if text not in MARKS:
                continue
            if opened is None:
                if text not in _CLOSING or _opens(doc, i, start):
                    opened = i
            elif text in _OPENING:
                found.append(Quote(opened, i, number, False))
                opened = i
            else:
                found.append(Quote(opened, i + 1, number, True))
                opened = None
        if opened is not None and opened + 1 < end:
            found.append(Quote(opened, end, number, False))
    return found


def _opens(doc: Parse, i: int, start: int) -> bool:
    """Tell by the blanks around it whether a quotation mark opens."""
    behind_blank = i == start or bool(doc[i - 1].whitespace_) or doc[i - 1].text.isspace()
    return behind_blank and not doc[i].whitespace_
