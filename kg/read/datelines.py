"""Datelines: where an article was filed from, and by which agency."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.gazetteer import gazetteer
from kg.read.boilerplate import boilerplate, can_be_place

_UP = r"A-Z\u00c0-\u00de"


_UPPER = rf"[{_UP}][{_UP}.'’-]{{2,}}(?:\s(?:[{_UP}][{_UP}.'’-]*|de|al|el))*"


_TITLE = rf"[{_UP}][\w.'’-]*(?:\s(?:[{_UP}][\w.'’-]*|de|al|el|du|la|of))*"


_DASH = r"\s?(?:--?-?|[‒–—―_])\s?"


_OPENS = rf"(?=[\"'“‘{_UP}0-9])"


_ASIDE = re.compile(r"\s(?:--|[‒–—―])\s")


@cache
def _dateline_patterns() -> tuple[tuple[re.Pattern[str], bool], ...]:
    """Return the forms a lead opens with, and whether only a lead may have the form."""
    rules = boilerplate()
    months = "|".join(sorted(rules.months, key=lambda name: (-len(name), name)))
    day = (
        rf"(?i:(?:{months})\b\.?\s?\d{{1,2}}|\d{{1,2}}\s(?:{months})\b\.?)(?:,?\s(?:19|20)\d{{2}})?"
    )
    agency = rf"(?P<agency>{rules.agency})"
    region = rf"(?:(?:,\s?|/){_TITLE}){{0,3}}?"
    place = rf"(?P<place>(?:{_UPPER}|{_TITLE}){region})"
    upper = rf"(?P<place>{_UPPER}{region})"
    named = rf"\(\s?{agency}(?:\s?[/,]\s?[A-Z][\w. ]{{1,30}})?\s?\)"
    forms = (
        (rf"{place}(?:,?\s{day})?\s?,?\s?{named}(?:{_DASH}|\s?:\s)", False),
        (rf"{upper}(?:,?\s{day})?\s?,?\s?{named}\s{_OPENS}", False),
        (rf"{place},?\s{day}\s?,?\s?{named}\s{_OPENS}", False),
        (rf"{named}(?:{_DASH}|{_OPENS})", False),
        (rf"{agency}\s?/\s?(?P<place>{_TITLE}){_DASH}", False),
        (rf"{place},\s{day}(?:,?\s{agency}|\.?\s?/\s?{agency.replace('agency', 'agency2')}\s?/\.?)"
         rf"(?:{_DASH}|[.:]?\s{_OPENS})", False),
        (rf"{place},\s{day}(?:{_DASH}|[.:]\s){_OPENS}", True),
        (rf"{upper}\s{day}(?:{_DASH}|[.:]\s){_OPENS}", True),
        (rf"{place}[,/]\s?{agency}{_DASH}", True),
        (rf"{upper}(?:\s--?\s?|\s?[‒–—―]\s?){_OPENS}", True),
    )  # fmt: skip
    return tuple((re.compile(source), near_only) for source, near_only in forms)


@cache
def _aside_like_dateline() -> re.Pattern[str]:
    return re.compile(rf"(?P<place>{_TITLE}(?:,\s{_TITLE})?)\s(?:--|[‒–—―])\s{_OPENS}")


@cache
def _colon_dateline() -> re.Pattern[str]:
    return re.compile(rf"(?P<place>{_UPPER}(?:/{_UPPER})?):\s{_OPENS}")


@cache
def _known_dateline() -> re.Pattern[str]:
    """Return the form of a lead that opens with a place, then day and source in any manner.

    Vaguer than the others: it holds only where the tables know the place ("Juba - 3 March 2020 -",
    "Lagos, Nigeria (Channels TV)", "KYIV. March 3 (Interfax) -", "Lima: ", "Kampala | Xinhua |").
    """
    rules = boilerplate()
    months = "|".join(sorted(rules.months, key=lambda name: (-len(name), name)))
    year, nth = r"(?:,?\s(?:19|20)\d{2})?", r"\d{1,2}(?:st|nd|rd|th)?"
    day = rf"(?i:(?:{months})\b\.?\s?{nth}|{nth}\s(?:{months})\b\.?){year}"
    place = rf"(?P<place>(?:{_UPPER}|{_TITLE})(?:(?:,\s?|/){_TITLE}){{0,2}}?)(?:\s\[{_TITLE}\])?"
    agency, other = rf"(?P<agency>{rules.agency})", rf"[{_UP}][\w.&’' -]{{1,40}}"
    source = rf"(?:\(\s?(?:{agency}|{other})\s?\)|/{other}(?:\([A-Z]+\))?/)"
    marks = rf"(?:\s?[.,]?\s?(?:[-‒–—|]+\s?)?(?:{day}|{source}|\|\s{other}(?=\s\|)))"
    end = r"(?P<end>\s?[.:]?\s?/?(?:--?|[‒–—―])\s?|\s?:\s|\s\|\s|(?<=\))\s|(?<=/)\.?\s)"
    return re.compile(rf"{place}(?P<marks>{marks}{{0,3}}){end}{_OPENS}")


@dataclass(frozen=True, slots=True)
class Dateline:
    """Where an article was filed from, and how many characters say so."""

    length: int
    place: str | None
    agency: str | None
    text: str


def find_dateline(paragraph: str, *, first: bool, near: bool = True) -> Dateline | None:
    """Find the dateline that a paragraph opens with.

    Args:
        first, near: it is the first paragraph, or one of the first few, where vaguer forms count.
    """
    opening = paragraph[:160]
    forms = [pattern for pattern, near_only in _dateline_patterns() if near or not near_only]
    if first:
        forms.append(_colon_dateline())
        # "Moscow — the Kremlin's seat — said" is an aside: a dateline has no second dash close by.
        if len(_ASIDE.findall(opening)) == 1:
            forms.append(_aside_like_dateline())
    for pattern in forms:
        match = pattern.match(opening)
        if match and len(match[0]) < len(paragraph.rstrip()) and _is_place(match):
            return _as_dateline(match)
    match = _known_dateline().match(opening) if near else None
    if match and _is_known_place(match["place"]) and (match["marks"] or first):
        return _as_dateline(match) if match["marks"] or _stands_alone(match) else None
    return None


def _stands_alone(match: re.Match[str]) -> bool:
    """Tell a bare place from what a dash joins ("Suran - Norland talks") or puts in between."""
    end, rest = match["end"].strip(), match.string[match.end() :]
    if not match["end"][-1].isspace():
        return False  # "US-Chinese talks"
    if end == "-":
        return not _is_known_place(rest.split()[0])
    return end in {":", "|"} or len(_ASIDE.findall(match.string)) < 2


def _is_known_place(place: str) -> bool:
    """Tell whether every part of a dateline's place is one by the tables ("Lagos, Nigeria")."""
    parts = [_place_name(part.strip(" .")) for part in re.split(r"[,/]", place)]
    found = [gazetteer().names.get(part, ()) for part in parts]
    return all(any(can_be_place(entry) for entry in entries) for entries in found)


def _is_place(match: re.Match[str]) -> bool:
    """Tell whether what a dateline names can be a place, as far as the tables know."""
    place, rules = match.groupdict().get("place"), boilerplate()
    if place is None:
        return True
    words = place.casefold().replace(",", " ").split()
    # "United Nations, April 13 (IANS)": what is filed from there must be a place.
    filed = match.groupdict().get("agency") is not None
    named = () if filed else gazetteer().names.get(place, ())
    return (
        len(words) <= 6
        and len(place) <= 60
        and place.upper() not in rules.not_places
        and place not in rules.agencies
        and (words[0] not in rules.not_first or place.split()[0].isupper())
        and (not named or any(can_be_place(entry) for entry in named))
    )


def _as_dateline(match: re.Match[str]) -> Dateline:
    groups = match.groupdict()
    agency = groups.get("agency") or groups.get("agency2")
    place = (groups.get("place") or "").strip(" ,")
    if place.count(".") == 1:
        place = place.rstrip(".")
    return Dateline(
        len(match[0]),
        _place_name(place) if place else None,
        boilerplate().agencies.get(agency) if agency else None,
        match[0],
    )


def _place_name(place: str) -> str:
    """Write a place's name as prose does.

    >>> _place_name("SAN FRANCISCO"), _place_name("Moscow"), _place_name("BEIRUT, Lebanon")
    ('San Francisco', 'Moscow', 'Beirut, Lebanon')
    """
    words = re.split(r"(\W+)", place)
    return "".join(
        word.capitalize() if word.isupper() and len(word) > 2 else word for word in words
    )


@cache
def _own_dateline_pattern() -> re.Pattern[str]:
    agency, place = boilerplate().agency, rf"{_TITLE}(?:,\s{_TITLE})?"
    joint = r"\s?(?:[/|,:–—-]|\sin\s)\s?"
    return re.compile(
        rf"(?:[Ff]rom\s)?(?P<agency>{agency}){joint}(?P<place>{place})|(?P<place2>{place}){joint}(?P<agency2>{agency})"
        rf"|(?P<place3>{place})\s?\((?P<agency3>{agency})\)|\((?P<agency4>{agency})\)"
        rf"|(?i:from\s)?(?P<agency5>{agency})"
    )


def own_dateline(folded: str) -> Dateline | None:
    """Read a dateline that has its line to itself.

    >>> own_dateline("AFP /Moscow").place
    'Moscow'
    """
    if len(folded) > 70:
        return None
    match = _own_dateline_pattern().fullmatch(folded.strip(" -–—:"))
    if not match:
        return None
    groups = match.groupdict()
    place = next((groups[name] for name in ("place", "place2", "place3") if groups[name]), None)
    agency = next(
        (value for name, value in groups.items() if name.startswith("agency") and value), ""
    )
    if place and (len(place.split()) > 4 or place.casefold() in boilerplate().date_words):
        return None
    if place in boilerplate().agencies:
        place = None
    return Dateline(
        len(folded), _place_name(place) if place else None, boilerplate().agencies[agency], folded
    )
