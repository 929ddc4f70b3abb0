"""Events and clashes, kept up: what `kg.merge.Merging` finds among tellings, for what changed.

Tellings that blocks connect are kept together, with what became of them; a telling that comes or
goes has those merged again that it meets, and no others. Which events differ then is told, with
those that only are about another event now.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kg.collection.index import Index, key_of, pack_records, unpack_records
from kg.merge.clashes import Clash, Told, first_of_each, quote_clashes
from kg.merge.groupings import Grouping
from kg.merge.joined import event_id, join_event
from kg.merge.merging import (
    Answer,
    Happening,
    abouts,
    answer_of,
    clashes_of_answers,
    mentions_apart,
    merge_component,
    tellings,
)
from kg.merge.signature import of_story
from kg.model import Contradiction, Event, EventMention, Reading
from kg.pickling import pickled_quickly

__all__ = ["Changed", "Happenings"]

Group = tuple[tuple[int, str], ...]
"""The tellings of one event, by their places among those it was merged with, and why each."""


@pickled_quickly
@dataclass(frozen=True, slots=True)
class Component:
    """Tellings that blocks connect, in order, and what became of them."""

    told: tuple[Told, ...]
    groups: tuple[Group, ...]

    def events(self) -> Iterator[tuple[str, Members]]:
        """The events, by id, with their tellings and why each is here."""
        for group in self.groups:
            members = tuple((self.told[at], reason) for at, reason in group)
            yield event_id(members[0][0].mention.id), members

    def blocks(self) -> set[int]:
        """The keys of its blocks."""
        return {key for telling in self.told for key in keys_of(telling)}


Members = tuple[tuple[Told, str], ...]
Merged = tuple[Component, list[Clash], list[Answer]]
"""A component, what clashes in it, and those of its events that accuse or deny."""

_NOWHERE = ("", 0, "")


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change does to events and contradictions.

    Attributes:
        gone, come: events whose tellings are others now, as these told them before and tell them.
        about: further events that are about others now, by id.
        cleared, found: contradictions that were and aren't any more, and that are new.
    """

    gone: dict[str, Event] = field(default_factory=dict)
    come: dict[str, Event] = field(default_factory=dict)
    about: set[str] = field(default_factory=set)
    cleared: list[Contradiction] = field(default_factory=list)
    found: list[Contradiction] = field(default_factory=list)


class Happenings:
    """The tellings of an index, with the events that they became.

    Args:
        apart: pairs of ids, of mentions or of events, that a person wants kept apart.
    """

    def __init__(self, index: Index, apart: Collection[tuple[str, str]]) -> None:
        self._index, self._file, self._apart = index, index.file, tuple(apart)
        self._refused = {id_ for pair in self._apart for id_ in pair}
        self._read: dict[int, Component] = {}
        self._next: int | None = None

    # --- filling: a `kg.merge.Witness` ------------------------------------------------------------

    def see(self, reading: Reading) -> None:
        """Take in what mentions of a reading are about."""
        id_ = reading.article.id
        rows = sorted({(id_, one, other) for one, other in abouts(reading)})
        self._file.executemany("INSERT INTO about VALUES (?, ?, ?)", rows)

    def component(
        self, told: Sequence[Told], happenings: Sequence[Happening], clashes: Sequence[Clash]
    ) -> None:
        """Take in tellings that blocks connect, and what became of them."""
        number = self._new_number()
        made = Component(tuple(told), tuple(tuple(one.tellings) for one in happenings))
        self._put(number, made)
        rows = [(key, number) for key in made.blocks()]
        self._file.executemany("INSERT OR IGNORE INTO block VALUES (?, ?)", rows)
        self._place(number, made)
        self._file.executemany("INSERT INTO quote VALUES (?, ?, ?, ?)", _quotes(told))
        self._clash(f"component {number}", clashes)
        self._answer(answers_of(happenings, told))

    def quoted(self, story: str, speaker: str, clashes: Sequence[Clash]) -> None:
        """Take in what clashes among quotations of a speaker in one story."""
        self._clash(f"quotes {story} {speaker}", clashes)

    def answered(self, story: str, clashes: Sequence[Clash]) -> None:
        """Take in what clashes among accusations and denials of one story."""
        self._clash(f"answers {story}", clashes)

    def contradicted(self, contradictions: Iterable[Contradiction]) -> None:
        """Take in what can't both be right."""
        rows = ((one.left, one.right, one.reason) for one in contradictions)
        self._file.executemany("INSERT INTO contradiction VALUES (?, ?, ?)", rows)

    # --- asking -----------------------------------------------------------------------------------

    def told_by(self, articles: Iterable[str]) -> set[str]:
        """The events that some articles tell."""
        select = "SELECT event FROM telling WHERE article = ?"
        return {event for id_ in articles for event in self._index.column(select, id_)}

    def event(self, id_: str) -> Event:
        """An event with what it is about; whose voices tell it is left open."""
        first = self._index.one("SELECT component FROM telling WHERE event = ?", id_)
        members = dict(self._component(first[0]).events())[id_]
        return replace(joined(members), concerns=self._concerns(id_, members))

    def _concerns(self, id_: str, members: Iterable[tuple[Told, str]]) -> tuple[str, ...]:
        select = "SELECT other FROM about WHERE article = ? AND one = ?"
        found = set[str]()
        for telling, _ in members:
            mention = telling.mention
            for other in self._index.column(select, mention.article_id, mention.id):
                found.add(self._event_of(other))
        return tuple(sorted(found - {id_}))

    def _event_of(self, mention: str) -> str:
        return str(self._index.one("SELECT event FROM telling WHERE id = ?", mention)[0])

    # --- changing ---------------------------------------------------------------------------------

    def change(
        self, gone: Collection[str], come: Sequence[tuple[Reading, str]], stories: Mapping[str, str]
    ) -> Changed:
        """Let the tellings of articles go, come, and move to another story.

        Args:
            gone: articles whose tellings go; one that changes comes, too.
            come: readings with the stories that they tell.
            stories: article that stays -> the story that it tells now.
        """
        leaving = self._tellings_of((*gone, *stories))
        moved = [_moved(telling, stories) for telling in leaving.values()]
        new = [telling for one, story in come for telling in tellings(one, story)]
        arriving = [*new, *(telling for telling in moved if telling is not None)]
        numbers = self._met(leaving, arriving)
        before = {number: self._component(number) for number in numbers}
        for article in gone:
            self._file.execute("DELETE FROM about WHERE article = ?", (article,))
        for one, _ in come:
            self.see(one)
        stay = [
            telling
            for component in before.values()
            for telling in component.told
            if telling.mention.id not in leaving
        ]
        after = self._merge([*stay, *arriving], before)
        spots, quotes = self._move(before, after), self._requote(leaving.values(), arriving)
        gone, now = _differing(before.values(), after.values())
        return Changed(
            gone={id_: joined(members) for id_, members in gone.items()},
            come={id_: joined(members) for id_, members in now.items()},
            about=self._about(spots) - now.keys(),
            **self._clash_again(before, after, quotes | self._quotes_of(spots)),
        )

    def _tellings_of(self, articles: Iterable[str]) -> dict[str, Told]:
        """The tellings of some articles, by the ids of their mentions."""
        select = "SELECT id, component FROM telling WHERE article = ?"
        rows = [row for id_ in articles for row in self._index.rows(select, id_)]
        wanted, found = {id_ for id_, _ in rows}, dict[str, Told]()
        for number in sorted({number for _, number in rows}):
            told = self._component(number).told
            found |= {one.mention.id: one for one in told if one.mention.id in wanted}
        return found

    def _met(self, leaving: Mapping[str, Told], arriving: Iterable[Told]) -> list[int]:
        """The components of tellings that leave, and those that others meet on arrival."""
        select = "SELECT component FROM telling WHERE id = ?"
        found = {self._index.one(select, id_)[0] for id_ in leaving}
        select = "SELECT component FROM block WHERE key = ?"
        for key in {key for telling in arriving for key in keys_of(telling)}:
            found.update(self._index.column(select, key))
        return sorted(found)

    def _merge(self, told: Sequence[Told], before: Mapping[int, Component]) -> dict[int, Merged]:
        """Merge tellings, those by themselves that blocks connect.

        Returns:
            By the number of the component; one keeps the number of what most of it was.
        """
        was = {t.mention.id: n for n, component in before.items() for t in component.told}
        made: dict[int, Merged] = {}
        for some in sorted(connected(told), key=len, reverse=True):
            ordered = sorted(some, key=lambda telling: telling.order)
            happenings, clashes = merge_component(ordered, self._kept_apart(ordered))
            groups = tuple(tuple(one.tellings) for one in happenings)
            numbers = [was[t.mention.id] for t in ordered if t.mention.id in was]
            number = max(set(numbers), key=numbers.count, default=-1)
            if number < 0 or number in made:
                number = self._new_number()
            answers = answers_of(happenings, ordered)
            made[number] = Component(tuple(ordered), groups), clashes, answers
        return made

    def _kept_apart(self, told: Iterable[Told]) -> dict[str, frozenset[str]]:
        ids = (telling.mention.id for telling in told) if self._refused else ()
        first = {event: id_ for id_ in ids if (event := event_id(id_)) in self._refused}
        return mentions_apart(self._apart, first)

    def _move(self, before: Mapping[int, Component], after: Mapping[int, Merged]) -> set[str]:
        """Write down where tellings stand now; gives those that are in another event."""
        now = {number: made for number, (made, _, _) in after.items()}
        for number in sorted(before.keys() - now.keys()):
            self._file.execute("DELETE FROM component WHERE number = ?", (number,))
            self._read.pop(number, None)
        for number, component in now.items():
            self._put(number, component)
        old, new = _keys(before), _keys(now)
        gone = ((key,) for key in old.keys() - new.keys())
        self._file.executemany("DELETE FROM block WHERE key = ?", gone)
        rows = [(key, number) for key, number in new.items() if old.get(key) != number]
        self._file.executemany("INSERT OR REPLACE INTO block VALUES (?, ?)", rows)
        stood, stand = _spots(before), _spots(now)
        self._file.executemany(
            "DELETE FROM telling WHERE id = ?", ((id_,) for id_ in stood.keys() - stand.keys())
        )
        rows_of = [(id_, *spot) for id_, spot in stand.items() if stood.get(id_) != spot]
        self._file.executemany("INSERT OR REPLACE INTO telling VALUES (?, ?, ?, ?)", rows_of)
        ids = stood.keys() | stand.keys()
        return {id_ for id_ in ids if stood.get(id_, _NOWHERE)[2] != stand.get(id_, _NOWHERE)[2]}

    def _about(self, mentions: Iterable[str]) -> set[str]:
        """The events that are about these mentions."""
        select = "SELECT one FROM about WHERE other = ?"
        return {self._event_of(one) for id_ in mentions for one in self._index.column(select, id_)}

    # --- clashes ---

    def _requote(self, leaving: Iterable[Told], arriving: Iterable[Told]) -> set[tuple[str, str]]:
        """Note who is quoted where; gives the stories and speakers that this changes."""
        left, came = _quotes(leaving), _quotes(arriving)
        delete = "DELETE FROM quote WHERE story = ? AND speaker = ? AND telling = ?"
        self._file.executemany(delete, (row[:3] for row in left))
        self._file.executemany("INSERT INTO quote VALUES (?, ?, ?, ?)", came)
        return {row[:2] for row in (*left, *came)}

    def _quotes_of(self, mentions: Iterable[str]) -> set[tuple[str, str]]:
        found = set[tuple[str, str]]()
        for id_ in mentions:
            row = self._index.one("SELECT component FROM telling WHERE id = ?", id_)
            told = self._component(row[0]).told if row is not None else ()
            found |= {quote[:2] for quote in _quotes(t for t in told if t.mention.id == id_)}
        return found

    def _clash_again(
        self,
        before: Mapping[int, Component],
        after: Mapping[int, Merged],
        quotes: Iterable[tuple[str, str]],
    ) -> dict[str, list[Contradiction]]:
        """Find anew what can't both be right, where tellings changed."""
        pairs = set[tuple[str, str]]()
        for number in before:
            pairs |= self._unclash(f"component {number}")
        stories = self._forget_answers(before.values())
        for number, (_, clashes, answers) in after.items():
            pairs |= self._clash(f"component {number}", clashes)
            stories |= self._answer(answers)
        for story, speaker in sorted(quotes):
            origin = f"quotes {story} {speaker}"
            pairs |= self._unclash(origin) | self._clash(origin, self._quarrels(story, speaker))
        for story in sorted(stories):
            packed = self._index.column("SELECT body FROM answer WHERE story = ?", story)
            found = clashes_of_answers(map(unpack_records, packed))
            pairs |= self._unclash(f"answers {story}") | self._clash(f"answers {story}", found)
        return self._contradict(pairs)

    def _quarrels(self, story: str, speaker: str) -> Iterable[Clash]:
        """What clashes among quotations of a speaker in one story."""
        select = "SELECT telling, article FROM quote WHERE story = ? AND speaker = ?"
        rows = self._index.rows(select, story, speaker)
        if len({article for _, article in rows}) < 2:
            return ()
        told, event = list[Told](), dict[str, int]()
        for id_, _ in rows:
            select = "SELECT component, event FROM telling WHERE id = ?"
            number, name = self._index.one(select, id_)
            told += [one for one in self._component(number).told if one.mention.id == id_]
            event[id_] = int(name, 16)
        return quote_clashes(sorted(told, key=lambda telling: telling.order), event)

    def _clash(self, origin: str, clashes: Iterable[Clash]) -> set[tuple[str, str]]:
        found = list(first_of_each(clashes))
        rows = ((origin, *clash.pair, clash.rank, clash.reason) for clash in found)
        self._file.executemany("INSERT INTO clash VALUES (?, ?, ?, ?, ?)", rows)
        return {clash.pair for clash in found}

    def _unclash(self, origin: str) -> set[tuple[str, str]]:
        rows = self._index.rows("SELECT one, other FROM clash WHERE origin = ?", origin)
        self._file.execute("DELETE FROM clash WHERE origin = ?", (origin,))
        return set(rows)

    def _contradict(self, pairs: Iterable[tuple[str, str]]) -> dict[str, list[Contradiction]]:
        """Tell of each two mentions the clash of the least rank, and which that makes other."""
        cleared, found = list[Contradiction](), list[Contradiction]()
        for one, other in sorted(pairs):
            select = "SELECT rank, reason FROM clash WHERE one = ? AND other = ?"
            now = min(self._index.rows(select, one, other), default=(0, None))[1]
            select = "SELECT reason FROM contradiction WHERE one = ? AND other = ?"
            (was,) = self._index.one(select, one, other) or (None,)
            if was == now:
                continue
            if was is not None:
                cleared.append(Contradiction(left=one, right=other, reason=was))
                delete = "DELETE FROM contradiction WHERE one = ? AND other = ?"
                self._file.execute(delete, (one, other))
            if now is not None:
                found.append(Contradiction(left=one, right=other, reason=now))
        self.contradicted(found)
        return {"cleared": cleared, "found": found}

    def _answer(self, answers: Iterable[Answer]) -> set[str]:
        """Note events that accuse or deny; gives their stories."""
        rows = [(event_id(one.first), one.story, pack_records(one)) for one in answers]
        self._file.executemany("INSERT INTO answer VALUES (?, ?, ?)", rows)
        return {row[1] for row in rows}

    def _forget_answers(self, components: Iterable[Component]) -> set[str]:
        found = set[str]()
        for component in components:
            for id_, _ in component.events():
                found.update(self._index.column("SELECT story FROM answer WHERE event = ?", id_))
                self._file.execute("DELETE FROM answer WHERE event = ?", (id_,))
        return found

    # --- components ---

    def _component(self, number: int) -> Component:
        if number not in self._read:
            select = "SELECT body FROM component WHERE number = ?"
            self._read[number] = unpack_records(self._index.one(select, number)[0])
        return self._read[number]

    def _new_number(self) -> int:
        if self._next is None:
            (last,) = self._index.one("SELECT MAX(number) FROM component")
            self._next = last or 0
        self._next += 1
        return self._next

    def _put(self, number: int, component: Component) -> None:
        row = number, pack_records(component)
        self._file.execute("INSERT OR REPLACE INTO component VALUES (?, ?)", row)
        self._read.pop(number, None)

    def _place(self, number: int, component: Component) -> None:
        rows = [(id_, *spot) for id_, spot in _spots({number: component}).items()]
        self._file.executemany("INSERT INTO telling VALUES (?, ?, ?, ?)", rows)


def joined(members: Iterable[tuple[Told, str]]) -> Event:
    """Make an event of its tellings; what it is about, and whose voices tell it, is left open."""
    told = list(members)
    return join_event([one.mention for one, _ in told], [reason for _, reason in told])


def keys_of(telling: Told) -> list[int]:
    """The keys of the blocks in which a telling can meet others."""
    return [key_of(*key) for key in telling.signature.keys]


def connected(told: Sequence[Told]) -> Iterator[list[Told]]:
    """Give tellings, those together that blocks connect."""
    grouping, first = Grouping(len(told)), dict[int, int]()
    for number, telling in enumerate(told):
        for key in keys_of(telling):
            grouping.join(first.setdefault(key, number), number)
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for number, telling in enumerate(told):
        found[grouping.root(number)].append(telling)
    yield from found.values()


def answers_of(happenings: Iterable[Happening], told: Sequence[Told]) -> list[Answer]:
    """Those of some events that accuse or deny."""
    found = (answer_of(one, told) for one in happenings)
    return [answer for answer in found if answer is not None]


def _moved(telling: Told, stories: Mapping[str, str]) -> Told | None:
    """A telling as of the story that its article tells now; None if the article goes."""
    story = stories.get(telling.signature.article)
    if story is None:
        return None
    return replace(telling, signature=of_story(telling.signature, story))


def _differing(
    before: Iterable[Component], after: Iterable[Merged]
) -> tuple[dict[str, Members], dict[str, Members]]:
    """The events whose tellings, or what these tell, are others now, as they were and are."""
    was = {id_: members for component in before for id_, members in component.events()}
    now = {id_: members for made, _, _ in after for id_, members in made.events()}
    same = {id_ for id_ in was.keys() & now.keys() if _told(was[id_]) == _told(now[id_])}
    return (
        {id_: members for id_, members in was.items() if id_ not in same},
        {id_: members for id_, members in now.items() if id_ not in same},
    )


def _told(members: Members) -> list[tuple[EventMention, str]]:
    return [(one.mention, reason) for one, reason in members]


def _keys(components: Mapping[int, Component]) -> dict[int, int]:
    return {key: number for number, component in components.items() for key in component.blocks()}


def _spots(components: Mapping[int, Component]) -> dict[str, tuple[str, int, str]]:
    """For each mention its article, component and event."""
    return {
        one.mention.id: (one.signature.article, number, id_)
        for number, component in components.items()
        for id_, members in component.events()
        for one, _ in members
    }


def _quotes(told: Iterable[Told]) -> list[tuple[str, str, str, str]]:
    return [
        (one.signature.story, one.quote.speaker, one.mention.id, one.signature.article)
        for one in told
        if one.quote is not None
    ]
