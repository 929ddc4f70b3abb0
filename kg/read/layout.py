"""What each paragraph of a text is: headline, prose, or one of the things around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kg.read.boilerplate import boilerplate, first_reason, is_byline
from kg.read.datelines import Dateline, find_dateline, own_dateline
from kg.read.dates import date_line
from kg.read.paragraphs import FULL_STOP, STRAIGHT, Unit, cut_paragraphs

MAX_HEADLINE_WORDS = 26
"""The longest headline of 84 political articles of 2016 had 19 words; longer lines are prose."""


MAX_LEAD = 4
"""A summary and a caption or two may stand before the paragraph that opens with the dateline."""


def _is_prose(unit: Unit) -> bool:
    return (
        unit.words >= 6 and FULL_STOP.search(unit.folded) is not None
    ) or unit.words > MAX_HEADLINE_WORDS


def _is_title_case(folded: str) -> bool:
    long_words = re.findall(r"[^\W\d_]{4,}", folded)
    small = boilerplate().small_words
    return len(long_words) >= 3 and all(word[0].isupper() or word in small for word in long_words)


def _furniture(unit: Unit, *, head: bool) -> str | None:
    """Name what a paragraph is if it is not the article's own words."""
    rules, folded = boilerplate(), unit.folded
    if not folded:
        return "invisible characters"
    plain = folded.casefold().strip(" :|»›>-–—•*")
    if plain in rules.publishers:
        return "publisher"
    if plain in rules.sections or _is_path(plain):
        return "section"
    if date_line(folded) is not None:
        return "date"
    if own_dateline(folded):
        return "dateline"
    if unit.words <= 20 and is_byline(folded) and (head or not folded.endswith(".")):
        return "byline"
    return first_reason(rules.line, folded)


def _is_path(plain: str) -> bool:
    """Tell whether a line is a path of sections: "Home > World > Middle East"."""
    steps = re.split(r"\s?[>»›/|•·]\s?", plain)
    known = sum(step in boilerplate().sections for step in steps)
    return len(steps) > 1 and known * 2 >= len(steps)


@dataclass(slots=True)
class Layout:
    """What has been found out about a text so far; it never leaves this package."""

    text: str
    units: list[Unit]
    reasons: dict[int, str] = field(default_factory=dict)
    headline: int | None = None
    cuts: dict[int, Dateline] = field(default_factory=dict)
    suffix: dict[int, int] = field(default_factory=dict)
    publisher: str | None = None


def lay_out(text: str, title: str | None) -> Layout:
    """Say of each paragraph what it is; one alone is body, never headline."""
    layout = Layout(text, cut_paragraphs(text))
    if len(layout.units) > 1:
        _mark_furniture(layout)
        _find_headline(layout, title)
        _mark_head(layout)
    _cut_datelines(layout)
    return layout


def _first_prose(layout: Layout) -> int:
    for index, unit in enumerate(layout.units):
        if index not in layout.reasons and _is_prose(unit):
            return index
    return len(layout.units)


def _mark_furniture(layout: Layout) -> None:
    rules = boilerplate()
    tail = listed = None
    seen_prose = False
    for index, unit in enumerate(layout.units):
        if tail:
            layout.reasons[index] = tail
            continue
        if listed and not _is_prose(unit):
            layout.reasons[index] = listed
            continue
        listed = None
        reason = _furniture(unit, head=not seen_prose)
        tail = first_reason(rules.tail, unit.folded) if seen_prose else None
        listed = first_reason(rules.listed, unit.folded)
        if reason or tail or listed:
            layout.reasons[index] = tail or listed or reason or ""
        elif _is_prose(unit):
            seen_prose = True


def _find_headline(layout: Layout, title: str | None) -> None:
    """Choose the headline among the lines above the prose: the one that says most."""
    prose = _first_prose(layout)
    if title is not None:
        folded = " ".join(title.translate(STRAIGHT).split()).casefold().rstrip(".")
        for index, unit in enumerate(layout.units[: prose + 1]):
            if unit.folded.casefold().rstrip(".") == folded:
                layout.headline = index
                layout.reasons.pop(index, None)
                return
        return
    candidates = [index for index in range(prose) if index not in layout.reasons]
    long_enough = [index for index in candidates if layout.units[index].words >= 4]
    if long_enough:
        layout.headline = max(long_enough, key=lambda index: (_telling(layout, index), -index))
    elif prose < len(layout.units) and _is_prosy_headline(layout, prose):
        layout.headline = prose
    elif candidates and layout.units[candidates[0]].words >= 2:
        layout.headline = candidates[0]


def _telling(layout: Layout, index: int) -> int:
    """Score a line above the prose: headlines are long, say something, and stand by the date."""
    unit = layout.units[index]
    score = min(unit.words, 14)
    words = unit.folded.split()
    if not _is_title_case(unit.folded):
        score += 3
    if re.search(r"\([A-Z]{2,6}\)$", unit.folded) or FULL_STOP.search(unit.folded):
        score -= 4
    if any(word[0].islower() and len(word) > 3 and word.endswith("s") for word in words):
        score += 2
    following = layout.reasons.get(index + 1)
    if following in {"date", "byline", "dateline", "publisher"}:
        score += 4
    earlier = [other for other in range(index) if other not in layout.reasons]
    return score - 3 * min(2, sum(layout.units[other].words >= 6 for other in earlier))


def _is_prosy_headline(layout: Layout, prose: int) -> bool:
    """Tell whether the first sentence is a headline although it ends like a sentence."""
    unit = layout.units[prose]
    if unit.words > MAX_HEADLINE_WORDS or prose + 1 >= len(layout.units):
        return False
    following = next(
        (i for i in range(prose + 1, len(layout.units)) if i not in layout.reasons), None
    )
    if following is None:
        return False
    if _is_title_case(unit.folded) or (unit.folded.endswith("?") and unit.words <= 16):
        return True
    lead = layout.units[following]
    beside = layout.reasons.get(prose + 1) in {"date", "byline", "dateline", "publisher"}
    return beside or find_dateline(lead.folded, first=True) is not None


def _mark_head(layout: Layout) -> None:
    """Name the short lines around the headline, and find out who published."""
    prose = max(_first_prose(layout), (layout.headline if layout.headline is not None else -1) + 1)
    publisher = None
    counts: dict[str, int] = {}
    for unit in layout.units[:prose]:
        counts[unit.folded] = counts.get(unit.folded, 0) + 1
    for index, unit in enumerate(layout.units[:prose]):
        if index == layout.headline:
            continue
        reason = layout.reasons.get(index)
        repeated = counts[unit.folded] > 1 and unit.words <= 5 and reason in {None, "publisher"}
        if repeated:
            layout.reasons[index] = "publisher"
        elif reason is None and _is_stub(unit, index, layout):
            layout.reasons[index] = "section"
        if layout.reasons.get(index) == "publisher":
            publisher = publisher or unit.folded
    layout.publisher = publisher or _headline_suffix(layout)


def _is_stub(unit: Unit, index: int, layout: Layout) -> bool:
    """Tell whether a line beside the headline is too short to be the article's own words."""
    if FULL_STOP.search(unit.folded):
        return False
    before = layout.headline is not None and index < layout.headline
    title_case = all(word[0].isupper() for word in re.findall(r"[^\W\d_]{4,}", unit.folded))
    acronym = re.search(r"\([A-Z]{2,6}\)$", unit.folded) is not None
    return unit.words <= 3 or (before and title_case and (unit.words <= 4 or acronym))


def _headline_suffix(layout: Layout) -> str | None:
    """Cut the publisher's name off the end of the headline."""
    if layout.headline is None:
        return None
    span = layout.units[layout.headline].span
    headline = layout.text[span.start : span.end]
    match = re.search(r"\s[-–—|]\s(?P<name>[^-–—|]{2,40})$", headline)
    if not match:
        return None
    name = " ".join(match["name"].split())
    known = boilerplate().publishers.get(name.casefold()) or boilerplate().agencies.get(name)
    if known:
        layout.suffix[layout.headline] = span.start + match.start()
    return known


def _cut_datelines(layout: Layout) -> None:
    """Find the paragraphs that open with a dateline."""
    seen = 0
    for index, unit in enumerate(layout.units):
        if index in layout.reasons or index == layout.headline or unit.words < 5:
            continue
        paragraph = layout.text[unit.span.start : unit.span.end]
        dateline = find_dateline(paragraph, first=seen == 0, near=seen < MAX_LEAD)
        if dateline:
            layout.cuts[index] = dateline
        seen += 1
