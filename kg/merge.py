"""Event mentions of all articles become events: what several places tell is one happening.

Two mentions are one event when they have the same code family, sides and polarity, times that
don't exclude each other, and the same act or the same theme. Candidates are met in blocks (family
and side of the actor or target), so that unlike mentions are never compared. Nothing is deleted:
what disagrees in polarity stays apart and is marked as a contradiction.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from kg.lexicon import fold_lemma, predicates, word_class
from kg.model import (
    Argument,
    Contradiction,
    Entity,
    Event,
    EventMention,
    News,
    Reading,
    When,
    content_id,
)

__all__ = ["merge", "times_meet"]

TOLERANCE = timedelta(days=1)  # "yesterday" in a paper's night edition is another day's "Friday"
PUBLICATION_WINDOW = timedelta(days=4)  # undated tellings in papers further apart are not joined
STATE_SECTORS = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY"})
# swept .2 to .8: .5 joins as much across the seeds' papers as less does, at a precision of .91; on
# ECB+ it hardly matters (benchmarks/RESULTS.md)
THEME_OVERLAP = 0.5
KIND_ORDER = ("organisation", "country", "igo", "armed_group", "ngo", "person", "group", "thing")
WORD = re.compile(r"[A-Za-z][A-Za-z'-]+")


@dataclass(frozen=True, slots=True)
class _Signature:
    """What two mentions are compared by."""

    family: str
    stem: str
    actors: frozenset[str]
    targets: frozenset[str]
    words: frozenset[str]
    positive: bool
    days: tuple[date, date] | None
    published: date | None
    article: str
    bare: bool


def merge(readings: Iterable[Reading]) -> News:
    """Merge the event mentions of readings; their order doesn't matter.

    >>> merge([]).events
    ()
    """
    ordered = sorted(readings, key=lambda r: (r.article.published or "9999", r.article.id))
    dates = {r.article.id: _day(r.article.published) for r in ordered}
    mentions = [event for reading in ordered for event in reading.events]
    signatures = {m.id: _signature(m, dates[m.article_id]) for m in mentions}
    groups = _groups(mentions, signatures)
    events = {group[0][0].id: _event(group) for group in groups}
    member = {m.id: events[group[0][0].id].id for group in groups for m, _ in group}
    joined = tuple(sorted((_concerning(e, member) for e in events.values()), key=lambda e: e.id))
    return News(
        readings=tuple(sorted(ordered, key=lambda r: r.article.id)),
        events=joined,
        contradictions=_contradictions(joined, signatures),
    )


def _groups(
    mentions: Sequence[EventMention], signatures: dict[str, _Signature]
) -> list[list[tuple[EventMention, str]]]:
    """Put each mention to the first group it fits, in order of time; a reason with each."""
    groups: list[list[tuple[EventMention, str]]] = []
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for mention in mentions:
        signature = signatures[mention.id]
        keys = [(signature.family, side) for side in sorted(signature.actors | signature.targets)]
        candidates = sorted({number for key in keys for number in blocks[key]})
        for number in candidates:
            reason = _same(signature, [signatures[m.id] for m, _ in groups[number]])
            if reason is not None:
                groups[number].append((mention, reason))
                break
        else:
            number = len(groups)
            groups.append([(mention, "first telling")])
        for key in keys:
            if number not in blocks[key]:
                blocks[key].append(number)
    return groups


def _same(new: _Signature, members: Sequence[_Signature]) -> str | None:
    """Say why a mention belongs to a group; every member must agree, one must be alike."""
    if not all(_compatible(new, member) for member in members):
        return None
    for member in members:
        shared = new.words & member.words
        smaller = min(len(new.words), len(member.words))
        alike = len(shared) / smaller if smaller else 0.0
        both_ways = bool(new.actors & member.actors) and bool(new.targets & member.targets)
        bare = (
            new.stem == member.stem
            and bool(new.actors & member.actors)
            and (new.bare or member.bare)
        )
        if bare and new.article == member.article:
            return f"same act ({new.stem}) of the same actor, taken up in the same text"
        told_alike = alike >= THEME_OVERLAP and len(shared) >= 2
        if new.stem == member.stem and (both_ways or told_alike):
            return (
                f"same act ({new.stem}), same parties"
                if both_ways
                else f"same act ({new.stem}), theme shares {_listed(shared)}"
            )
        if told_alike and new.actors & member.actors:
            return f"same actor, theme shares {_listed(shared)}"
    return None


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words)[:5])


def _compatible(left: _Signature, right: _Signature) -> bool:
    if left.family != right.family or left.positive != right.positive:
        return False
    if left.actors and right.actors and not left.actors & right.actors:
        return False
    if left.targets and right.targets and not left.targets & right.targets:
        return False
    if left.family == "STATEMENT" and not (left.words & right.words):
        return False
    if left.days is not None and right.days is not None:
        return times_meet(left.days, right.days)
    if left.published is not None and right.published is not None:
        return abs(left.published - right.published) <= PUBLICATION_WINDOW
    return True


def times_meet(left: tuple[date, date], right: tuple[date, date]) -> bool:
    """Tell whether two stretches of days share a day, a day of tolerance given.

    >>> times_meet((date(2016, 5, 19), date(2016, 5, 19)), (date(2016, 5, 20), date(2016, 5, 20)))
    True
    """
    return left[0] <= _later(right[1]) and right[0] <= _later(left[1])


def _later(day: date) -> date:
    return day + TOLERANCE if day < date.max else day


def _signature(mention: EventMention, published: date | None) -> _Signature:
    assert mention.code is not None
    statement = mention.code.event == "STATEMENT"
    words = _words(mention)
    return _Signature(
        family=_family(mention),
        stem=_stem(mention.action),
        actors=_speakers(mention.actors) if statement else _sides(mention.actors),
        targets=_sides(mention.targets),
        words=words,
        article=mention.article_id,
        bare=not words
        and not mention.targets
        and ("actor" in mention.inferred or _family(mention) == "OFFER"),
        positive=not (mention.negated or mention.modality == "denied"),
        days=_days(mention.when),
        published=published,
    )


def _family(mention: EventMention) -> str:
    """Name the block of codes that papers use for one act: an offer of one is a call of the
    other."""
    assert mention.code is not None
    if _stem(mention.action) in _offers() and mention.code.event in {"AGREE", "REQUEST"}:
        return "OFFER"
    if mention.modality in {"proposed", "planned", "possible", "conditional"}:
        return f"{mention.code.event}?"  # what is only meant is not what was done
    return mention.code.event


@cache
def _offers() -> frozenset[str]:
    return frozenset(_stem(word) for word in word_class("OFFER"))


def _stem(action: str) -> str:
    """Reduce an action to its verb: "proposal" and "propose", "make proposal" and "propose" are
    one.

    >>> _stem("make proposal") == _stem("propose") == _stem("proposal")
    True
    """
    words = [fold_lemma(word) for word in action.split()]
    if len(words) > 1 and words[0] in word_class("LIGHTVERB") and (words[-1], "n") in predicates():
        words = words[-1:]
    return _verb_of(words[0]) if len(words) == 1 else " ".join(words)


@cache
def _verb_of(noun: str) -> str:
    """Find the verb that an event noun is made from, if the lexicon has it."""
    if (noun, "v") in predicates():
        return noun
    for ending, instead in (
        ("al", "e"),
        ("al", ""),
        ("ion", "e"),
        ("ion", ""),
        ("ation", "e"),
        ("ment", ""),
        ("ance", ""),
        ("ing", ""),
        ("ing", "e"),
        ("ense", "d"),
    ):
        if noun.endswith(ending):
            verb = noun[: -len(ending)] + instead
            if (verb, "v") in predicates():
                return verb
    return noun


def _sides(arguments: Sequence[Argument]) -> frozenset[str]:
    """Name the sides that arguments stand for: the state of a state's body or officer, else
    itself."""
    found = set()
    for argument in arguments:
        entity = argument.entity
        if entity is None or entity.kind == "thing":
            continue  # a thing says no more than the theme does
        stands = entity.country is not None and (
            entity.kind == "country"
            or (entity.kind in {"organisation", "person"} and entity.sector in STATE_SECTORS)
        )
        found.add(f"state:{entity.country}" if stands else f"entity:{entity.id}")
    return frozenset(found)


def _speakers(arguments: Sequence[Argument]) -> frozenset[str]:
    """Name speakers by themselves: two officials of one state say two things."""
    return frozenset(f"entity:{a.entity.id}" for a in arguments if a.entity is not None)


def _words(mention: EventMention) -> frozenset[str]:
    """Collect the content words of theme and predicate, plural endings folded."""
    text = mention.theme or ""
    if mention.frame is not None:
        text += " " + " ".join(mention.frame.modifiers)
    stop = word_class("STOPWORD")
    words = (word.lower().strip("'-") for word in WORD.findall(text))
    folded = (
        fold_lemma(word[:-1] if word.endswith("s") and not word.endswith("ss") else word)
        for word in words
    )
    return frozenset(
        w.removeprefix("air") if w.startswith("airstr") else w
        for w in folded
        if len(w) > 2 and w not in stop
    )


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError:
        return None


def _days(when: When | None) -> tuple[date, date] | None:
    """Turn an ISO time of any precision into its first and last day; None if it can't be."""
    if when is None:
        return None
    first, _, last = when.iso.partition("/")
    begin, end = _bounds(first), _bounds(last) if last and last != ".." else None
    if first == "..":
        return (date.min, end[1]) if end else None
    if begin is None:
        return None
    if last == "..":
        return begin[0], date.max
    return begin[0], (end or begin)[1]


def _bounds(iso: str) -> tuple[date, date] | None:
    try:
        if match := re.fullmatch(r"(\d{4})-W(\d\d)", iso):
            monday = date.fromisocalendar(int(match[1]), int(match[2]), 1)
            return monday, monday + timedelta(days=6)
        if re.match(r"\d{4}-\d\d-\d\d", iso):
            return date.fromisoformat(iso[:10]), date.fromisoformat(iso[:10])
        if match := re.fullmatch(r"(\d{4})-(\d\d)", iso):
            first = date(int(match[1]), int(match[2]), 1)
            following = (first + timedelta(days=32)).replace(day=1)
            return first, following - timedelta(days=1)
        if re.fullmatch(r"\d{4}", iso):
            return date(int(iso), 1, 1), date(int(iso), 12, 31)
    except (ValueError, OverflowError):
        return None
    return None


# -- events


def _event(group: Sequence[tuple[EventMention, str]]) -> Event:
    mentions = [mention for mention, _ in group]
    first = mentions[0]
    best = max(mentions, key=lambda m: (m.modality == "asserted", m.confidence))
    assert best.code is not None
    timed = [m.when for m in mentions if m.when is not None]
    places = [
        m.place.entity for m in mentions if m.place is not None and m.place.entity is not None
    ]
    return Event(
        id=content_id("event", first.id),
        action=_action(mentions),
        code=_code(mentions),
        actors=_chosen([m.actors for m in mentions]),
        targets=_chosen([m.targets for m in mentions]),
        when=timed[0] if timed else None,
        place=places[0] if places else None,
        negated=best.negated,
        modality=best.modality,
        mentions=tuple(mentions),
        reasons=tuple(reason for _, reason in group),
    )


def _action(mentions: Sequence[EventMention]) -> str:
    """Take the verb that most mentions use; a noun only where no mention has a verb."""
    verbs = Counter(m.action for m in mentions if m.frame is None or m.frame.pos == "v")
    if verbs:
        return min(verbs, key=lambda action: (-verbs[action], action))
    stems = Counter(_stem(m.action) for m in mentions)
    return min(stems, key=lambda action: (-stems[action], action))


def _code(mentions: Sequence[EventMention]):  # type: ignore[no-untyped-def]
    codes = Counter(m.code.event for m in mentions if m.code is not None)
    event = min(codes, key=lambda e: (-codes[e], e))
    fitting = [m for m in mentions if m.code is not None and m.code.event == event]
    return max(fitting, key=lambda m: (m.confidence, len(m.code.cameo or ""))).code  # type: ignore[union-attr]


def _chosen(roles: Sequence[Sequence[Argument]]) -> tuple[Entity, ...]:
    """Choose one entity a side: the one that most mentions state, a body before a person."""
    counts: Counter[str] = Counter()
    known: dict[str, Entity] = {}
    side: dict[str, str] = {}
    for arguments in roles:
        for argument in arguments:
            if argument.entity is not None:
                counts[argument.entity.id] += 1
                known.setdefault(argument.entity.id, argument.entity)
                side[argument.entity.id] = next(iter(_sides([argument])), argument.entity.id)
    by_side: dict[str, list[str]] = defaultdict(list)
    for entity_id in counts:
        by_side[side[entity_id]].append(entity_id)
    best = [
        known[min(ids, key=lambda i: (-counts[i], _kind_rank(known[i]), i))]
        for ids in by_side.values()
    ]
    return tuple(sorted(best, key=lambda e: (e.name, e.id)))


def _kind_rank(entity: Entity) -> int:
    return KIND_ORDER.index(entity.kind) if entity.kind in KIND_ORDER else len(KIND_ORDER)


def _concerning(event: Event, member: dict[str, str]) -> Event:
    about = {member[m.concerns] for m in event.mentions if m.concerns in member} - {event.id}
    return replace(event, concerns=tuple(sorted(about)))


def _contradictions(
    events: Sequence[Event], signatures: dict[str, _Signature]
) -> tuple[Contradiction, ...]:
    """Mark pairs of events of one signature of which one says yes and the other no."""
    blocks: dict[tuple[str, frozenset[str]], list[EventMention]] = defaultdict(list)
    for event in events:
        mention = event.mentions[0]
        signature = signatures[mention.id]
        if signature.actors and mention.code is not None and mention.code.event != "STATEMENT":
            blocks[mention.code.event, signature.actors].append(mention)
    found = set()
    for mentions in blocks.values():
        yes = [m for m in mentions if signatures[m.id].positive]
        no = [m for m in mentions if not signatures[m.id].positive]
        for left in yes:
            for right in no:
                a, b = signatures[left.id], signatures[right.id]
                targets_differ = a.targets and b.targets and not a.targets & b.targets
                if not targets_differ and a.stem == b.stem and _overlap(a, b):
                    word = "denied" if right.modality == "denied" else "negated"
                    first, second = sorted((left.id, right.id))
                    found.add((first, second, f"asserted and {word}"))
    return tuple(Contradiction(left=a, right=b, reason=why) for a, b, why in sorted(found))


def _overlap(left: _Signature, right: _Signature) -> bool:
    smaller = min(len(left.words), len(right.words))
    return bool(left.targets & right.targets) or (
        smaller > 0 and len(left.words & right.words) / smaller >= THEME_OVERLAP
    )
