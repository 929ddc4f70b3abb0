"""What an event takes from its tellings: what most of them say, from the surest of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from kg.merge.acts import act_of
from kg.merge.cores import Core
from kg.merge.parties import party_of
from kg.model import Argument, Code, Entity, Event, EventMention, Span, content_id

__all__ = ["event_id", "join_events"]

KIND_ORDER = ("organisation", "country", "igo", "armed_group", "ngo", "person", "group", "thing")


def join_events(cores: Sequence[Core], mentions: Sequence[EventMention]) -> tuple[Event, ...]:
    """Make an event of each core, sorted by id.

    Args:
        mentions: all of them, in the order of time and text: an event is called after its first.
    """
    place = {mention.id: number for number, mention in enumerate(mentions)}
    ordered = [sorted((place[id_], reason) for id_, reason in core.tellings) for core in cores]
    events = [_event([(mentions[n], reason) for n, reason in group]) for group in ordered]
    member = {mention.id: event.id for event in events for mention in event.mentions}
    reported = _reported(mentions, member)
    linked = (_concerning(event, member, reported) for event in events)
    return tuple(sorted(linked, key=lambda event: event.id))


def _reported(
    mentions: Sequence[EventMention], member: Mapping[str, str]
) -> dict[tuple[str, Span], set[str]]:
    """Find the events that each reporting word reports: (article, cue) -> events."""
    found: dict[tuple[str, Span], set[str]] = defaultdict(set)
    for mention in mentions:
        if mention.attribution is not None:
            found[mention.article_id, mention.attribution.cue].add(member[mention.id])
    return found


def event_id(first: str) -> str:
    """Name an event after its first mention."""
    return content_id("event", first)


def _event(group: Sequence[tuple[EventMention, str]]) -> Event:
    mentions = [mention for mention, _ in group]
    first = mentions[0]
    best = max(mentions, key=lambda m: (m.modality == "asserted", m.confidence))
    timed = [m.when for m in mentions if m.when is not None]
    places = [
        m.place.entity for m in mentions if m.place is not None and m.place.entity is not None
    ]
    return Event(
        id=event_id(first.id),
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
    stems = Counter(act_of(m.action) for m in mentions)
    return min(stems, key=lambda action: (-stems[action], action))


def _code(mentions: Sequence[EventMention]) -> Code:
    codes = Counter(m.code.event for m in mentions if m.code is not None)
    event = min(codes, key=lambda e: (-codes[e], e))
    fitting = [(m.confidence, m.code) for m in mentions if m.code and m.code.event == event]
    return max(fitting, key=lambda pair: (pair[0], len(pair[1].cameo or "")))[1]


def _chosen(roles: Sequence[Sequence[Argument]]) -> tuple[Entity, ...]:
    """Choose one entity a side: the one that most mentions state, a body before a person.

    Who is told beside it in one breath ("the US and its allies") stays with it.
    """
    known: dict[str, Entity] = {}
    tellings = [[a.entity for a in arguments if a.entity is not None] for arguments in roles]
    counts = Counter(entity.id for told in tellings for entity in told)
    by_side: dict[str, set[str]] = defaultdict(set)
    for entity in (entity for told in tellings for entity in told):
        known.setdefault(entity.id, entity)
        by_side[party_of(entity).key].add(entity.id)
    best = {
        min(ids, key=lambda id_: (-counts[id_], _kind_rank(known[id_]), id_))
        for ids in by_side.values()
    }
    for told in tellings:
        ids = {entity.id for entity in told}
        if ids & best:
            best |= {id_ for id_ in ids if 2 * counts[id_] > max(counts[b] for b in ids & best)}
    return tuple(sorted((known[id_] for id_ in best), key=lambda e: (e.name, e.id)))


def _kind_rank(entity: Entity) -> int:
    return KIND_ORDER.index(entity.kind) if entity.kind in KIND_ORDER else len(KIND_ORDER)


def _concerning(
    event: Event,
    member: Mapping[str, str],
    reported: Mapping[tuple[str, Span], set[str]],
) -> Event:
    """Link an event to those that it is about: what it answers, and what it says if it says so."""
    about = {member[m.concerns] for m in event.mentions if m.concerns and m.concerns in member}
    for mention in event.mentions:
        if mention.code is not None and mention.code.event == "STATEMENT":
            about |= reported.get((mention.article_id, mention.trigger), set())
    return replace(event, concerns=tuple(sorted(about - {event.id})))
