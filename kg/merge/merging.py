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
from typing import Protocol

from kg.merge.clashes import (
    Clash,
    Order,
    Told,
    accuses_or_denies,
    answer_clashes,
    clashes_of_acts,
    first_of_each,
    quote_clashes,
    quoted,
)
from kg.merge.copies import find_copies, find_repeated, voices
from kg.merge.cores import Core
from kg.merge.groups import fullness, group_tellings
from kg.merge.joined import event_id, join_event
from kg.merge.meetings import Meetings
from kg.merge.signature import sign
from kg.merge.sketches import Sketch
from kg.merge.stories import Stories, find_stories
from kg.model import Contradiction, Copy, Event, Reading, Span
from kg.pickling import pickled_quickly
from kg.shelf import Shelf

__all__ = [
    "Answer",
    "Happening",
    "Merging",
    "Survey",
    "Witness",
    "abouts",
    "answer_of",
    "clashes_of_answers",
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
        repeated: pairs of articles of which one holds much of the other, the earlier first; why.
        sources: article id -> id of its publisher, where that is known.
    """

    order: Sequence[str]
    stories: Stories
    copies: tuple[Copy, ...]
    repeated: Sequence[tuple[str, str, str]]
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
    pairs = list(find_repeated(sketches, order))
    return Survey(
        order=order,
        stories=stories,
        copies=find_copies(sketches, order, stories, pairs),
        repeated=[(order[left], order[right], why) for left, right, why in pairs],
        sources=sources,
    )


def time_order(article_id: str, published: str | None) -> tuple[str, str]:
    """Give what articles are sorted by; what is undated comes last."""
    return published or "9999", article_id


def tellings(reading: Reading, story: str) -> Iterator[Told]:
    """Give what a reading tells, with what each telling is compared by, in order."""
    day = time_order(reading.article.id, reading.article.published)
    for number, mention in enumerate(reading.events):
        signature = sign(mention, reading.article, story)
        quote = quoted(mention, signature, reading.article)
        yield Told(mention, signature, quote, (*day, number))


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


@pickled_quickly
@dataclass(frozen=True, slots=True)
class Answer:
    """An event that accuses or denies.

    Attributes:
        rank: where it stands among all.
        first: id of its first mention.
        story: of the telling that the others joined.
    """

    rank: tuple[int, Order]
    first: str
    story: str
    core: Core


def answer_of(happening: Happening, told: Sequence[Told]) -> Answer | None:
    """Give an event as one that accuses or denies, if it does.

    Args:
        told: the tellings that were merged.
    """
    if not accuses_or_denies(happening.core):
        return None
    founder = told[happening.founder]
    rank = (-fullness(founder.signature), founder.order)
    first = told[happening.tellings[0][0]].mention.id
    return Answer(rank, first, founder.signature.story, happening.core)


def clashes_of_answers(answers: Iterable[Answer]) -> Iterator[Clash]:
    """Hold the accusations and denials of one story against each other, in whatever order."""
    ranked = sorted(answers, key=lambda answer: answer.rank)
    return answer_clashes((answer.story, answer.core) for answer in ranked)


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


class Witness(Protocol):
    """Who is told what is found on the way, to go on from there when an article more comes."""

    def component(
        self, told: Sequence[Told], happenings: Sequence[Happening], clashes: Sequence[Clash]
    ) -> None:
        """Tellings that blocks connect, and what became of them."""

    def quoted(self, story: str, speaker: str, clashes: Sequence[Clash]) -> None:
        """What clashes among quotations of a speaker in one story."""

    def answered(self, story: str, clashes: Sequence[Clash]) -> None:
        """What clashes among accusations and denials of one story."""


class Merging:
    """Event mentions on their way to becoming events.

    Args:
        apart: pairs of ids, of mentions or of events, that a person wants kept apart.
    """

    def __init__(
        self,
        known: Survey,
        apart: Iterable[tuple[str, str]] = (),
        witness: Witness | None = None,
    ) -> None:
        self._known, self._apart, self._witness = known, tuple(apart), witness
        self._told, self._groups = Shelf[Told](), Shelf[list[tuple[int, str]]]()
        self._blocks, self._quotes = Meetings(), Meetings()
        self._abouts = array("q"), array("q")  # tellings, and the tellings that they are about
        self._refused = {id_ for pair in self._apart for id_ in pair}
        self._first: dict[str, str] = {}
        self._clashes: dict[tuple[str, str], tuple[int, str]] = {}

    def add(self, reading: Reading) -> None:
        """Take in the tellings of a reading; readings come in `Survey.order`."""
        story = self._known.stories.of[reading.article.id]
        numbers: dict[str, int] = {}
        for telling in tellings(reading, story):
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
        of, ids, answers = array("q", bytes(8 * len(self._told))), array("Q"), list[Answer]()
        apart = mentions_apart(self._apart, self._first)
        for numbers in self._blocks.components(len(self._told)):
            told = self._told.take(numbers)
            happenings, clashes = merge_component(told, apart)
            self._keep(clashes)
            if self._witness is not None:
                self._witness.component(told, happenings, clashes)
            for one in happenings:
                number = self._groups.add([(numbers[at], reason) for at, reason in one.tellings])
                for at, _ in one.tellings:
                    of[numbers[at]] = number
                ids.append(int(event_id(told[one.tellings[0][0]].mention.id), 16))
                answer = answer_of(one, told)
                if answer is not None:
                    answers.append(answer)
        self._find_further_clashes(of, answers)
        yield from self._joined(of, ids)

    def _find_further_clashes(self, of: Sequence[int], answers: list[Answer]) -> None:
        """Find what clashes across components: quotations, and accusations with their denials."""
        for numbers in self._quotes.groups():
            tellings = self._told.take(numbers)
            event = {t.mention.id: of[n] for n, t in zip(numbers, tellings, strict=True)}
            clashes = list(quote_clashes(tellings, event))
            self._keep(clashes)
            first = tellings[0]
            if self._witness is not None and clashes and first.quote is not None:
                self._witness.quoted(first.signature.story, first.quote.speaker, clashes)
        by_story: defaultdict[str, list[Answer]] = defaultdict(list)
        for answer in answers:
            by_story[answer.story].append(answer)
        for story, some in by_story.items():
            clashes = list(clashes_of_answers(some))
            self._keep(clashes)
            if self._witness is not None and clashes:
                self._witness.answered(story, clashes)

    def _keep(self, clashes: Iterable[Clash]) -> None:
        for clash in first_of_each(clashes):
            known = self._clashes.get(clash.pair)
            if known is None or clash.rank < known[0]:
                self._clashes[clash.pair] = (clash.rank, clash.reason)

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


def _by_event(abouts: tuple[array[int], array[int]], of: Sequence[int]) -> dict[int, set[int]]:
    """Lift links between tellings to the events that they became part of."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for one, other in zip(*abouts, strict=True):
        if of[one] != of[other]:
            found[of[one]].add(of[other])
    return found
