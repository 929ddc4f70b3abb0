"""`kg.merge.Merging`, shuffled: tellings that blocks connect meet on one machine and become events.

1. tellings go to the keys of their blocks (story and act, story and party, act with both parties
   and the week), and those that share one are connected;
2. each component is merged by itself (`kg.merge.merging.merge_component`);
3. what reaches beyond components (quotations, accusations and denials, what is about what) meets
   by its own keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from kg.merge.clashes import Clash, Told, first_of_each, quote_clashes
from kg.merge.copies import voices
from kg.merge.joined import event_id, join_event
from kg.merge.merging import (
    Answer,
    abouts,
    answer_of,
    clashes_of_answers,
    mentions_apart,
    merge_component,
    tellings,
)
from kg.model import Contradiction, Event, EventMention, Reading, Source, content_id
from kg.spark.shuffles import components, kept, only
from kg.spark.stories import Known, Surveyed

if TYPE_CHECKING:
    from pyspark import RDD

__all__ = ["Merged", "Publishers", "merge"]

Publishers = dict[str, Source]
"""Article id -> who published it; of an event's articles, and of those that they copy."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A telling, and who tells it."""

    told: Told
    known: Known
    source: Source | None


@dataclass(frozen=True, slots=True)
class Group:
    """The tellings of one event, in order, and why each is here."""

    event_id: str
    mentions: tuple[EventMention, ...]
    reasons: tuple[str, ...]
    known: Mapping[str, Known]
    publishers: Publishers


@dataclass(frozen=True, slots=True)
class Merged:
    """What readings were merged to."""

    events: RDD[tuple[Event, Publishers]]
    contradictions: RDD[Contradiction]


def merge(
    readings: RDD[Reading],
    surveyed: Surveyed,
    apart: Iterable[tuple[str, str]],
    partitions: int,
) -> Merged:
    """Merge the event mentions of readings.

    Args:
        apart: pairs of ids, of mentions or of events, that a person wants kept apart.
    """
    placed = kept(_placed(readings, surveyed, partitions))
    together = _components(placed, partitions)
    kept_apart = _apart(placed, tuple(apart))
    found = kept(together.flatMap(lambda group: _merged(group[1], kept_apart)))
    groups = only(found, Group)
    of = kept(groups.flatMap(lambda group: ((m.id, group.event_id) for m in group.mentions)))
    clashes = only(found, Clash).union(_quotes(placed, of, partitions))
    clashes = clashes.union(_answers(found, partitions))
    return Merged(
        events=_events(groups, _concerns(readings, of, partitions), partitions),
        contradictions=_contradictions(clashes, partitions),
    )


def _placed(readings: RDD[Reading], surveyed: Surveyed, partitions: int) -> RDD[tuple[str, Placed]]:
    """Reduce tellings to what they are compared by; each by the id of its mention."""

    def placed(row: tuple[str, tuple[Reading, Known]]) -> Iterator[tuple[str, Placed]]:
        reading, known = row[1]
        for told in tellings(reading, known.story):
            yield told.mention.id, Placed(told, known, reading.article.source)

    by_id = readings.map(lambda reading: (reading.article.id, reading))
    return by_id.join(surveyed.known, partitions).flatMap(placed)


def _components(
    placed: RDD[tuple[str, Placed]], partitions: int
) -> RDD[tuple[str, Iterable[Placed]]]:
    """Bring tellings together that blocks connect."""
    met = placed.flatMap(_keyed).groupByKey(partitions).flatMap(lambda group: _star(group[1]))
    first = components(met, partitions)
    return (
        placed.leftOuterJoin(first, partitions)
        .map(lambda row: (row[1][1] or row[0], row[1][0]))
        .groupByKey(partitions)
    )


def _keyed(row: tuple[str, Placed]) -> Iterator[tuple[str, str]]:
    id_, placed = row
    # a hash: a key of a crowded block would be sent as often as there are tellings in it
    return ((content_id(*key), id_) for key in placed.told.signature.keys)


def _star(ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    least = min(ids)
    return ((id_, least) for id_ in ids)


def _apart(
    placed: RDD[tuple[str, Placed]], pairs: tuple[tuple[str, str], ...]
) -> dict[str, frozenset[str]]:
    """Find the first mentions of the events that a person wants kept apart."""
    refused = frozenset(id_ for pair in pairs for id_ in pair)
    if not refused:
        return {}
    ids = placed.keys().filter(lambda id_: event_id(id_) in refused).collect()
    return mentions_apart(pairs, {event_id(id_): id_ for id_ in ids})


def _merged(
    placed: Iterable[Placed], apart: Mapping[str, frozenset[str]]
) -> Iterator[Group | Clash | Answer]:
    ordered = sorted(placed, key=lambda one: one.told.order)
    told = [one.told for one in ordered]
    happenings, clashes = merge_component(told, apart)
    yield from first_of_each(clashes)
    for happening in happenings:
        yield _group([(ordered[at], reason) for at, reason in happening.tellings])
        answer = answer_of(happening, told)
        if answer is not None:
            yield answer


def _group(told: list[tuple[Placed, str]]) -> Group:
    mentions = tuple(one.told.mention for one, _ in told)
    known = {one.told.mention.article_id: one.known for one, _ in told}
    # whose text was copied is asked for by name, though no telling of the event may be its own
    publishers = {one.original: one.voice for one in known.values() if one.original not in known}
    publishers |= {one.told.mention.article_id: one.source for one, _ in told}
    return Group(
        event_id=event_id(mentions[0].id),
        mentions=mentions,
        reasons=tuple(reason for _, reason in told),
        known=known,
        publishers={id_: source for id_, source in publishers.items() if source is not None},
    )


# --- what reaches beyond components -------------------------------------------------------------


def _quotes(
    placed: RDD[tuple[str, Placed]], of: RDD[tuple[str, str]], partitions: int
) -> RDD[Clash]:
    """Hold against each other what papers make of one sentence of one speaker."""
    quoted = placed.filter(lambda row: row[1].told.quote is not None)
    return (
        quoted.join(of, partitions)
        .map(lambda row: (_speaker(row[1][0].told), row[1]))
        .groupByKey(partitions)
        .flatMap(lambda group: _quote_clashes(group[1]))
    )


def _speaker(told: Told) -> tuple[str, str]:
    return told.signature.story, told.quote.speaker if told.quote is not None else ""


def _quote_clashes(rows: Iterable[tuple[Placed, str]]) -> list[Clash]:
    ordered = sorted(rows, key=lambda row: row[0].told.order)
    event = {placed.told.mention.id: int(id_, 16) for placed, id_ in ordered}
    return list(first_of_each(quote_clashes([placed.told for placed, _ in ordered], event)))


def _answers(found: RDD[Group | Clash | Answer], partitions: int) -> RDD[Clash]:
    """Hold accusations against denials of one story."""
    return (
        only(found, Answer)
        .map(lambda one: (one.story, one))
        .groupByKey(partitions)
        .flatMap(lambda group: list(first_of_each(clashes_of_answers(group[1]))))
    )


def _contradictions(clashes: RDD[Clash], partitions: int) -> RDD[Contradiction]:
    return (
        clashes.map(lambda clash: (clash.pair, (clash.rank, clash.reason)))
        .reduceByKey(min, partitions)
        .map(lambda row: Contradiction(left=row[0][0], right=row[0][1], reason=row[1][1]))
    )


def _concerns(
    readings: RDD[Reading], of: RDD[tuple[str, str]], partitions: int
) -> RDD[tuple[str, Iterable[str]]]:
    """Lift what mentions are about to the events that they became part of."""
    return (
        readings.flatMap(abouts)
        .join(of, partitions)
        .map(lambda row: row[1])  # the other mention, and the event of the first
        .join(of, partitions)
        .map(lambda row: row[1])
        .filter(lambda events: events[0] != events[1])
        .distinct(partitions)
        .groupByKey(partitions)
    )


def _events(
    groups: RDD[Group], concerns: RDD[tuple[str, Iterable[str]]], partitions: int
) -> RDD[tuple[Event, Publishers]]:
    by_id = groups.map(lambda group: (group.event_id, group))
    return by_id.leftOuterJoin(concerns, partitions).map(lambda row: _event(*row[1]))


def _event(group: Group, concerns: Iterable[str] | None) -> tuple[Event, Publishers]:
    told_by = {id_: known.voice for id_, known in group.known.items()}
    originals = {id_: known.original for id_, known in group.known.items()}
    event = replace(
        join_event(group.mentions, group.reasons),
        concerns=tuple(sorted(concerns or ())),
        voices=voices(
            (mention.article_id for mention in group.mentions),
            {id_: voice.id for id_, voice in told_by.items() if voice is not None},
            originals,
        ),
    )
    return event, group.publishers
