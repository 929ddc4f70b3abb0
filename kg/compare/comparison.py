"""The comparison of two sides, as a record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.compare.tellings import (
    Page,
    Telling,
    find_clashes,
    find_namings,
    find_pages,
    find_tellings,
)
from kg.errors import QueryError

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Clash", "Comparison", "Naming", "Shared", "Side", "Wording", "compare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared.

    Attributes:
        label: what it is called: the publisher, else the title, file or date asked for.
        articles: (file or name, title or None, date of publication or None), by date.
    """

    label: str
    articles: tuple[tuple[str, str | None, str | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How a side words an event.

    Attributes:
        clause: the text's own words.
        speaker: who says so; None for the article's own voice.
        held: "not", the modality where it isn't asserted, or empty.
        file: the article it stands in.
        times: how often the side tells of it.
    """

    clause: str
    speaker: str | None
    held: str
    file: str
    times: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """An event that both sides tell; of one alone, the other wording is None."""

    event: str
    label: str
    type: str
    date: str | None
    left: Wording | None
    right: Wording | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Two tellings that can't both be right, and which side each is of."""

    reason: str
    one: Wording
    one_side: str
    other: Wording
    other_side: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """How each side names the same thing.

    Attributes:
        entity: what is named; empty where the two only play one role in a shared event.
        left, right: (words, times), most used first.
    """

    entity: str
    left: tuple[tuple[str, int], ...]
    right: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two sides compared; events in the order of their weight: deeds first, most told first."""

    left: Side
    right: Side
    shared: tuple[Shared, ...]
    only_left: tuple[Shared, ...]
    only_right: tuple[Shared, ...]
    contradicted: tuple[Clash, ...]
    namings: tuple[Naming, ...]


def compare(store: Store, left: str, right: str) -> Comparison:
    """Compare what two files, publishers or dates tell.

    Args:
        left, right: a file's path or name, an article's id or title, a publisher's name, or a date
            ("2016-05-20", "2016-05").

    Raises:
        QueryError: there is no such side in the store, or both are the same articles.
    """
    pages = find_pages(store, left), find_pages(store, right)
    both = {page.id for page in pages[0]} & {page.id for page in pages[1]}
    if both:
        raise QueryError(f"{left!r} and {right!r} have an article in common; compare two others")
    sides = _side(left, pages[0]), _side(right, pages[1])
    told = find_tellings(store, pages[0]), find_tellings(store, pages[1])
    files = {page.id: page.path or page.name for page in (*pages[0], *pages[1])}
    events = _events(told, files)
    return Comparison(
        left=sides[0],
        right=sides[1],
        shared=tuple(event for event in events if event.left and event.right),
        only_left=tuple(event for event in events if event.right is None),
        only_right=tuple(event for event in events if event.left is None),
        contradicted=_clashes(store, pages, sides, told, files),
        namings=(*_counterparts(told), *_namings(store, pages)),
    )


def _side(wanted: str, pages: Sequence[Page]) -> Side:
    publishers = {page.publisher for page in pages}
    publisher = next(iter(publishers)) if len(publishers) == 1 else None
    articles = tuple((page.path or page.name, page.title, page.published) for page in pages)
    return Side(label=publisher or wanted, articles=articles)


def _events(told: tuple[list[Telling], list[Telling]], files: Mapping[str, str]) -> list[Shared]:
    by_event: dict[str, tuple[list[Telling], list[Telling]]] = defaultdict(lambda: ([], []))
    for side, tellings in enumerate(told):
        for telling in tellings:
            by_event[telling.event][side].append(telling)
    found = []
    for left, right in by_event.values():
        first = (left or right)[0]
        event = Shared(
            event=first.event,
            label=first.label,
            type=first.type,
            date=first.date,
            left=_wording(left, files) if left else None,
            right=_wording(right, files) if right else None,
        )
        weight = (first.type == "STATEMENT", -len(left) - len(right), first.begin, first.event)
        found.append((weight, event))
    return [event for _, event in sorted(found, key=lambda pair: pair[0])]


def _best(tellings: Iterable[Telling]) -> Telling:
    """Take the telling that names most of who and whom; the first of several."""
    return max(tellings, key=lambda t: (t.full, -t.begin, t.article))


def _wording(tellings: Sequence[Telling], files: Mapping[str, str]) -> Wording:
    best = _best(tellings)
    return Wording(
        clause=best.clause,
        speaker=best.speaker,
        held="not" if best.negated else "" if best.modality == "asserted" else best.modality,
        file=files[best.article],
        times=len(tellings),
    )


def _clashes(
    store: Store,
    pages: tuple[list[Page], list[Page]],
    sides: tuple[Side, Side],
    told: tuple[list[Telling], list[Telling]],
    files: Mapping[str, str],
) -> tuple[Clash, ...]:
    where = {t.mention: (t, side) for side, ts in zip(sides, told, strict=True) for t in ts}
    found = []
    for reason, left, right in find_clashes(store, [*pages[0], *pages[1]]):
        if left in where and right in where:
            (one, one_side), (other, other_side) = sorted(
                (where[left], where[right]),
                key=lambda pair: (pair[1] is sides[1], pair[0].article, pair[0].begin),
            )
            found.append(
                Clash(
                    reason=reason,
                    one=_wording([one], files),
                    one_side=one_side.label,
                    other=_wording([other], files),
                    other_side=other_side.label,
                )
            )
    return tuple(found)


def _namings(store: Store, pages: tuple[list[Page], list[Page]]) -> tuple[Naming, ...]:
    """Give the entities that both sides name, but not with the same words; most named first."""
    left, right = find_namings(store, pages[0]), find_namings(store, pages[1])
    found = []
    for entity in left.keys() & right.keys():
        mine, theirs = left[entity], right[entity]
        own = {w.casefold() for w in mine} ^ {w.casefold() for w in theirs}
        if own:
            weight = -sum(mine.values()) - sum(theirs.values())
            naming = Naming(entity=entity, left=_ranked(mine), right=_ranked(theirs))
            found.append((weight, entity, naming))
    return tuple(naming for _, _, naming in sorted(found, key=lambda t: t[:2]))


def _ranked(words: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(words.items(), key=lambda pair: (-pair[1], pair[0])))


def _counterparts(told: tuple[list[Telling], list[Telling]]) -> tuple[Naming, ...]:
    """Find who is one thing to one side and another to the other, in one place of one event."""
    by_event: dict[str, tuple[list[Telling], list[Telling]]] = defaultdict(lambda: ([], []))
    for side, tellings in enumerate(told):
        for telling in tellings:
            if telling.type != "STATEMENT":
                by_event[telling.event][side].append(telling)
    counts: dict[tuple[str, str], int] = Counter()
    for left, right in by_event.values():
        if not left or not right:
            continue
        for role in ("actor", "target"):
            mine, theirs = _who(_best(left), role), _who(_best(right), role)
            alone, other = mine.keys() - theirs.keys(), theirs.keys() - mine.keys()
            if len(alone) == len(other) == 1:
                pair = mine[min(alone)], theirs[min(other)]
                if pair[0].casefold() != pair[1].casefold():
                    counts[pair] += 1
    return tuple(
        Naming(entity="", left=((mine, count),), right=((theirs, count),))
        for (mine, theirs), count in sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
    )


def _who(telling: Telling, role: str) -> dict[str, str]:
    """Name who plays a part: entity -> the words for it."""
    return {
        part.entity: part.words
        for part in telling.parts
        if part.role == role and part.entity is not None and part.is_name
    }
