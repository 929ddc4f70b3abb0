"""Texts -> paragraphs, as spans; lines broken by hand inside a paragraph do not part it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.model import Span


@dataclass(frozen=True, slots=True)
class Unit:
    """A paragraph: its span, its text with blanks folded, and whether it stands apart."""

    span: Span
    folded: str
    apart: bool
    words: int


MIN_WIDTH, MAX_WIDTH = 25, 140
"""Widths, in characters, at which people break lines; typewriters had 60 to 80, columns 30."""

INVISIBLE = "\ufeff\u200b\u200c\u200d\u200e\u200f\u2060\u00ad"


_ENDS = re.compile(r"""[.!?…:;]["'”’»)\]*]{0,3}$""")


FULL_STOP = re.compile(r"""[.!?…]["'”’»)\]*]{0,3}$""")


_BULLET = re.compile(r"(?:[-–—*•·▪►>+]|\(?\d{1,3}[.)]|\(?[a-z]\))\s")


STRAIGHT = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})


def _lines(text: str) -> list[Span | None]:
    """Return the non-blank lines without the blanks around them; None stands for a blank line."""
    lines: list[Span | None] = []
    start = 0
    for line in text.splitlines(keepends=True):
        left = len(line) - len(line.lstrip())
        stripped = line.strip()
        lines.append(Span(start + left, start + left + len(stripped)) if stripped else None)
        start += len(line)
    return lines


def _wrap_width(text: str, lines: Sequence[Span | None]) -> int | None:
    """Return the width that lines were broken at by hand, None if a line is a paragraph.

    A text is wrapped where half of the line breaks inside its blocks stand inside sentences.
    """
    breaks, inside, widths = 0, 0, []
    for line, following in pairwise(lines):
        if line is None or following is None or _BULLET.match(text, following.start):
            continue
        breaks += 1
        inside += line.end - line.start >= MIN_WIDTH and not _ended(text, line)
        if text[following.start].islower():
            widths.append(line.end - line.start)
    wrapped = len(widths) >= 2 and inside * 2 >= breaks
    return max(widths) if wrapped and MIN_WIDTH <= max(widths) <= MAX_WIDTH else None


def _ended(text: str, line: Span) -> bool:
    return _ENDS.search(text, max(line.start, line.end - 5), line.end) is not None


def _goes_on(text: str, line: Span, following: Span, width: int | None) -> bool:
    """Tell whether a line break stands inside a paragraph."""
    if _BULLET.match(text, following.start):
        return False
    length = line.end - line.start
    ended = _ended(text, line)
    # Short lines that all begin small are a list.
    listed = length < MIN_WIDTH and text[line.start].islower()
    if not ended and not listed and text[following.start].islower():
        return True
    if width is None:
        return False
    first_word = text[following.start : following.end].split(maxsplit=1)[0]
    # A line that had room for the next word was ended on purpose; ragged breakers leave some room.
    return length + 1 + len(first_word) > (width if ended else 0.85 * width)


def cut_paragraphs(text: str) -> list[Unit]:
    """Cut a text into paragraphs."""
    lines = _lines(text)
    width = _wrap_width(text, lines)
    spans: list[tuple[Span, bool]] = []
    last: Span | None = None
    for line in lines:
        if line is not None:
            if last is not None and _goes_on(text, last, line, width):
                spans[-1] = (Span(spans[-1][0].start, line.end), spans[-1][1])
            else:
                spans.append((line, last is None))
        last = line
    return [_unit(text, span, apart) for span, apart in spans]


def _unit(text: str, span: Span, apart: bool) -> Unit:
    words = text[span.start : span.end].translate(STRAIGHT).strip(INVISIBLE).split()
    return Unit(span, " ".join(words), apart, len(words))
