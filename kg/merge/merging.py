"""Merging as readings go by: what has to be compared is compared together, the rest is on disk.

Tellings that share a block (`Signature.keys`), or are connected by others that do, form a
component; no event and no clash of acts reaches beyond one, so each is merged by itself, and memory
holds one at a time. What links events across components (what answers what, who is quoted how) goes
by numbers.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from kg.merge.clashes import (
    Clash,
    Told,
    accuses_or_denies,
    answer_clashes,
    clashes_of_acts,
    quote_clashes,
    quoted,
)
from kg.merge.copies import find_copies, voices
from kg.merge.cores import Core
from kg.merge.groups import fullness, group_tellings
from kg.merge.joined import event_id, join_event
from kg.merge.meetings import Meetings
from kg.merge.signature import sign
from kg.merge.sketches import Sketch
from kg.merge.stories import Stories, find_stories
from kg.model import Contradiction, Copy, Event, Reading, Span
from kg.shelf import Shelf

__all__ = [
    "Happening",
    "Merging",
    "Survey",
    "abouts",
    "mentions_apart",
    "merge_component",
    "survey",
    "tellings",
    "time_order",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """What holds among articles as wholes.

    Attributes:
        sources: article id -> id of its publisher, where that is known.
    """

    order: Sequence[str]
    stories: Stories
    copies: tuple[Copy, ...]
    sources: Mapping[str, str]


def survey(sketches: Mapping[str, Sketch]) -> Survey:
    """Find the stories that articles tell and the copies among them.

    Args:
        sketches: by article id; each is asked for several times, so they may lie on disk.
    """
    days = {id_: time_order(id_, sketches[id_].published) for id_ in sorted(sketches)}
    order = sorted(days, key=lambda id_: days[id_])
    stories = find_stories(sketches)
    sources = {id_: source for id_ in order if (source := sketches[id_].source) is not None}
    copies = find_copies(sketches, order, stories)
    return Survey(order=order, stories=stories, copies=copies, sources=sources)


def time_order(article_id: str, published: str | None) -> tuple[str, str]:
    """Give what articles are sorted by; what is undated comes last."""
    return published or "9999", article_id


def tellings(reading: Reading, stories: Stories) -> Iterator[Told]:
    """Give what a reading tells, with what each telling is compared by, in order."""
    for mention in reading.events:
        signature = sign(mention, reading.article, stories)
        yield Told(mention, signature, quoted(mention, signature, reading.article))


def abouts(reading: Reading) -> Iterator[tuple[str, str]]:
    """Tell which mentions are about which others, by id.

    An answer is about an offer, a statement about its content.
    """
    told = {mention.id for mention in reading.events}
    reported: defaultdict[Span, list[str]] = defaultdict(list)
    for mention in reading.events:
        if mention.attribution is not None:
            reported[mention.attribution.cue].append(mention.id)
    for mention in reading.events:
        about = [mention.concerns] if mention.concerns in told else []
        if mention.code is not None and mention.code.event == "STATEMENT":
            about += reported.get(mention.trigger, [])
        yield from ((mention.id, other) for other in about)


@dataclass(frozen=True, slots=True)
class Happening:
    """What became one event.

    Attributes:
        tellings: places among the tellings that were merged, in order, each with why it is here.
        founder: place of the telling that the others joined.
    """

    core: Core
    tellings: list[tuple[int, str]]
    founder: int


def merge_component(
    tellings: Sequence[Told], apart: Mapping[str, frozenset[str]]
) -> tuple[list[Happening], list[Clash]]:
    """Merge tellings that blocks connect; no event and no clash of acts reaches beyond them.

    Args:
        tellings: in the order of time and text.
        apart: for the id of a mention those that it must not be joined with.

    >>> merge_component([], {})
    ([], [])
    """
    found = _happenings(tellings, apart)
    told = {telling.mention.id: telling for telling in tellings}
    return found, list(clashes_of_acts([one.core for one in found], told))


def _happenings(tellings: Sequence[Told], apart: Mapping[str, frozenset[str]]) -> list[Happening]:
    place = {telling.mention.id: number for number, telling in enumerate(tellings)}
    cores = group_tellings([telling.signature for telling in tellings], apart)
    return [
        Happening(
            core,
            sorted((place[id_], reason) for id_, reason in core.tellings),
            place[core.tellings[0][0]],
        )
        for core in cores
    ]


def mentions_apart(
    pairs: Iterable[tuple[str, str]], first: Mapping[str, str]
) -> dict[str, frozenset[str]]:
    """Turn pairs of ids that a person wants kept apart into mention -> mentions.

    Args:
        first: the first mention of each event that a pair names.

    >>> sorted(mentions_apart([("event", "b")], {"event": "a"}))
    ['a', 'b']
    """
    found: dict[str, frozenset[str]] = {}
    for pair in pairs:
        left, right = (first.get(id_, id_) for id_ in pair)
        found[left] = found.get(left, frozenset()) | {right}
        found[right] = found.get(right, frozenset()) | {left}
    return found


class Merging:
    """Event mentions on their way to becoming events.

    Args:
        apart: pairs of ids, of mentions or of events, that a person wants kept apart.
    """

    def __init__(self, known: Survey, apart: Iterable[tuple[str, str]] = ()) -> None:
        self._known, self._apart = known, tuple(apart)
        self._told, self._groups = Shelf[Told](), Shelf[list[tuple[int, str]]]()
        self._blocks, self._quotes = Meetings(), Meetings()
        self._abouts = array("q"), array("q")  # tellings, and the tellings that they are about
        self._refused = {id_ for pair in self._apart for id_ in pair}
        self._first: dict[str, str] = {}
        self._clashes: dict[tuple[str, str], tuple[int, str]] = {}

    def add(self, reading: Reading) -> None:
        """Take in the tellings of a reading; readings come in `Survey.order`."""
        stories = self._known.stories
        numbers: dict[str, int] = {}
        for telling in tellings(reading, stories):
            mention, new = telling.mention, telling.signature
            number = numbers[mention.id] = self._told.add(telling)
            self._blocks.add(number, new.keys)
            if telling.quote is not None:
                self._quotes.add(number, [(new.story, telling.quote.speaker)])
            if self._refused and (id_ := event_id(mention.id)) in self._refused:
                self._first[id_] = mention.id
        for one, other in abouts(reading):
            self._abouts[0].append(numbers[one])
            self._abouts[1].append(numbers[other])

    def event_ids(self) -> dict[str, str]:
        """Give the event of each mention, by their ids; `events` makes the same ones."""
        found: dict[str, str] = {}
        apart = mentions_apart(self._apart, self._first)
        for numbers in self._blocks.components(len(self._told)):
            told = self._told.take(numbers)
            for one in _happenings(told, apart):
                mentions = [told[at].mention.id for at, _ in one.tellings]
                found.update(dict.fromkeys(mentions, event_id(mentions[0])))
        return found

    def events(self) -> Iterator[Event]:
        """Give the events, each with all its mentions, in no order of meaning."""
        of, ids, answers = array("q", bytes(8 * len(self._told))), array("Q"), list[_Answer]()
        apart = mentions_apart(self._apart, self._first)
        for numbers in self._blocks.components(len(self._told)):
            told = self._told.take(numbers)
            happenings, clashes = merge_component(told, apart)
            self._keep(clashes)
            for one in happenings:
                number = self._groups.add([(numbers[at], reason) for at, reason in one.tellings])
                for at, _ in one.tellings:
                    of[numbers[at]] = number
                ids.append(int(event_id(told[one.tellings[0][0]].mention.id), 16))
                if accuses_or_denies(one.core):
                    founder = told[one.founder].signature
                    rank = (-fullness(founder), numbers[one.founder])
                    answers.append((rank, founder.story, one.core))
        self._find_further_clashes(of, answers)
        yield from self._joined(of, ids)

    def _find_further_clashes(self, of: Sequence[int], answers: list[_Answer]) -> None:
        """Find what clashes across components: quotations, and accusations with their denials."""
        for numbers in self._quotes.groups():
            tellings = self._told.take(numbers)
            event = {t.mention.id: of[n] for n, t in zip(numbers, tellings, strict=True)}
            self._keep(quote_clashes(tellings, event))
        ranked = sorted(answers, key=lambda answer: answer[0])
        self._keep(answer_clashes((story, core) for _, story, core in ranked))

    def _keep(self, clashes: Iterable[Clash]) -> None:
        for rank, left, right, reason in clashes:
            pair = (left, right) if left < right else (right, left)
            if pair not in self._clashes or rank < self._clashes[pair][0]:
                self._clashes[pair] = (rank, reason)

    def _joined(self, of: Sequence[int], ids: Sequence[int]) -> Iterator[Event]:
        """Make the events, linked to those that they are about."""
        about = _by_event(self._abouts, of)
        originals = {copy.article_id: copy.original_id for copy in self._known.copies}
        for number in range(len(self._groups)):
            ((group),) = self._groups.take([number])
            mentions = [t.mention for t in self._told.take(telling for telling, _ in group)]
            event = join_event(mentions, [reason for _, reason in group])
            concerns = {f"{ids[other]:016x}" for other in about.get(number, ())}
            told_by = voices((m.article_id for m in mentions), self._known.sources, originals)
            yield replace(event, concerns=tuple(sorted(concerns)), voices=told_by)

    def contradictions(self) -> tuple[Contradiction, ...]:
        """Give the pairs of tellings that can't both be right, sorted; after all events are out."""
        return tuple(
            Contradiction(left=left, right=right, reason=reason)
            for (left, right), (_, reason) in sorted(self._clashes.items())
        )


_Answer = tuple[tuple[int, int], str, Core]
"""Where an event stands among all, the story of its first telling, and the event."""


def _by_event(abouts: tuple[array[int], array[int]], of: Sequence[int]) -> dict[int, set[int]]:
    """Lift links between tellings to the events that they became part of."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in zip(*abouts, strict=True):
        if of[one] != of[other]:
            found[of[one]].add(of[other])
    return found
