"""What an event takes from its tellings: what most of them say, from the surest of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from kg.merge.acts import act_of
from kg.merge.parties import party_of
from kg.model import Argument, Code, Entity, Event, EventMention, content_id

__all__ = ["event_id", "join_event"]

KIND_ORDER = ("organisation", "country", "igo", "armed_group", "ngo", "person", "group", "thing")


def event_id(first: str) -> str:
    """Name an event after its first mention."""
    return content_id("event", first)


def join_event(mentions: Sequence[EventMention], reasons: Sequence[str]) -> Event:
    """Make an event of its mentions; what it is about, and whose voices tell it, is left open.

    Args:
        mentions: in the order of time and text: an event is called after its first.
        reasons: why each was put here.
    """
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
        reasons=tuple(reasons),
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
