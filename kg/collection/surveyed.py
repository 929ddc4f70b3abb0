"""Stories and copies, kept up: what `kg.merge.survey` finds among articles, for what changed.

Who is like whom depends on two articles alone, so an article that comes or goes changes its own
edges, and those of whoever looks by a word that it makes too common or usual again. Stories are
grouped anew where edges changed: average link is reducible (Murtagh 1983), so what is grouped
apart from the rest comes out as in the whole, if nothing beside it joins in; where something does,
it is taken in and grouped again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from kg.collection.index import Index, pack_records, unpack_records
from kg.merge import Sketch, Survey, copies, stories, time_order
from kg.merge.dates import day_of
from kg.merge.stories import (
    EDGE,
    LIKENESS,
    UNDATED,
    Vector,
    are_near,
    heaviest,
    likeness_of,
    link,
    stretch_of,
    vector_of,
)
from kg.model import Copy, Source

__all__ = ["Articles", "Regrouped"]

Look = tuple[str, int | None]
"""A word, and the stretch of days in which it is looked by; None for all."""


@dataclass(frozen=True, slots=True)
class Regrouped:
    """What a change does to stories and copies.

    Attributes:
        stories: article -> its new story, for those that stay and tell another one now.
        gone, come: copies that were and are.
    """

    stories: dict[str, str] = field(default_factory=dict)
    gone: list[Copy] = field(default_factory=list)
    come: list[Copy] = field(default_factory=list)


class Articles:
    """The articles of an index, with their stories and copies.

    Args:
        sketches: of all articles that are held after the change, by id.
    """

    def __init__(self, index: Index, sketches: Mapping[str, Sketch]) -> None:
        self._index, self._file, self._sketches = index, index.file, sketches
        self._vectors: dict[int, tuple[str | None, Vector]] = {}

    # --- asking -----------------------------------------------------------------------------------

    def story_of(self, article: str) -> str:
        """The story that an article tells."""
        return str(self._index.one("SELECT story FROM article WHERE id = ?", article)[0])

    def originals_of(self, articles: Iterable[str]) -> dict[str, str]:
        """Which of some articles copies which."""
        select = "SELECT original FROM copy WHERE id = ?"
        found = ((id_, self._index.one(select, id_)) for id_ in articles)
        return {id_: row[0] for id_, row in found if row is not None}

    def copies_of(self, articles: Iterable[str]) -> list[str]:
        """The articles that copy one of these."""
        select = "SELECT id FROM copy WHERE original = ?"
        return [id_ for original in articles for id_ in self._index.column(select, original)]

    def sources_of(self, articles: Iterable[str]) -> dict[str, Source]:
        """Who published some articles, where that is known."""
        select = "SELECT source, publisher FROM article WHERE id = ? AND source IS NOT NULL"
        found = ((id_, self._index.one(select, id_)) for id_ in articles)
        return {id_: Source(id=row[0], name=row[1]) for id_, row in found if row is not None}

    # --- filling ----------------------------------------------------------------------------------

    def fill(self, known: Survey, sources: Mapping[str, Source]) -> None:
        """Take in what a survey of all articles found."""
        number: dict[str, int] = {}
        for id_ in known.order:
            number[id_] = self._insert(self._sketches[id_], sources.get(id_), known.stories.of[id_])
        edges = ((number[one], number[other], much) for one, other, much in known.stories.edges())
        self._file.executemany(
            "INSERT INTO alike VALUES (?, ?, ?)",
            (row for one, other, much in edges for row in ((one, other, much), (other, one, much))),
        )
        self._file.executemany(
            "INSERT INTO pair VALUES (?, ?, ?, NULL)",
            ((number[one], number[other], why) for one, other, why in known.repeated),
        )
        for story in set(known.stories.of.values()):
            self._credit(story)
        self._keep_copies(known.copies)

    def _insert(self, sketch: Sketch, source: Source | None, story: str) -> int:
        vector, stretch = vector_of(sketch), stretch_of(day_of(sketch.published))
        row = (
            sketch.article_id, sketch.published, stretch, source and source.id,
            source and source.name, sketch.agency, sketch.credited, len(sketch.runs), story,
            pack_records(vector),
        )  # fmt: skip
        insert = f"INSERT INTO article VALUES (NULL{', ?' * len(row)})"
        number = self._file.execute(insert, row).lastrowid or 0
        looks = ((word, stretch, number) for word in heaviest(vector))
        self._file.executemany("INSERT INTO look VALUES (?, ?, ?)", looks)
        runs = ((hash_, number) for hash_ in sketch.runs)
        self._file.executemany("INSERT INTO run VALUES (?, ?)", runs)
        self._vectors[number] = sketch.published, vector
        if len(self._vectors) > 1000:
            self._vectors.clear()
        return number

    # --- changing ---------------------------------------------------------------------------------

    def change(
        self, gone: Collection[Sketch], come: Collection[Sketch], sources: Mapping[str, Source]
    ) -> Regrouped:
        """Let articles go and come; one that changes does both.

        Args:
            sources: who published those that come, where that is known.
        """
        left = {self.story_of(sketch.article_id) for sketch in gone}
        looks = {look for sketch in (*gone, *come) for look in _looks(sketch)}
        runs = {run for sketch in (*gone, *come) for run in sketch.runs}
        crowded, many = self._crowded(looks), self._held_by_many(runs)
        near, repeating = set[int](), set[int]()
        for sketch in gone:
            self._remove(sketch, near, repeating)
        new = [self._insert(sketch, sources.get(sketch.article_id), "") for sketch in come]
        for number in sorted({*new, *self._lookers(crowded ^ self._crowded(looks))}):
            near |= self._look(number) | {number}
        holders = self._holders(many ^ self._held_by_many(runs))
        for number in sorted({*new, *holders}):
            repeating |= self._repeat(number)
        regrouped = self._group(self._there(near), left)
        changed = left | {self.story_of(sketch.article_id) for sketch in come}
        changed |= {story for pair in regrouped.values() for story in pair}
        for story in sorted(changed - {""}):
            repeating |= self._credit(story)
        new_ids = {sketch.article_id for sketch in come}
        were, are = self._copy(self._there(repeating | {*new}), {s.article_id for s in gone})
        told = {id_: story for id_, (_, story) in regrouped.items() if id_ not in new_ids}
        return Regrouped(told, were, are)

    def _there(self, numbers: Iterable[int]) -> set[int]:
        """Those of some numbers that are held."""
        return {n for n in numbers if self._index.one("SELECT 1 FROM article WHERE number = ?", n)}

    def _remove(self, sketch: Sketch, near: set[int], repeating: set[int]) -> None:
        """Forget an article; who was near it and shared its runs is noted."""
        ask = self._index.column
        (number,) = ask("SELECT number FROM article WHERE id = ?", sketch.article_id)
        near.update(ask("SELECT other FROM alike WHERE one = ?", number))
        repeating.update(ask("SELECT other FROM pair WHERE one = ?", number))
        repeating.update(ask("SELECT one FROM pair WHERE other = ?", number))
        self._file.execute("DELETE FROM article WHERE number = ?", (number,))
        self._file.execute("DELETE FROM pair WHERE one = ? OR other = ?", (number, number))
        for other in ask("SELECT other FROM alike WHERE one = ?", number):
            self._file.execute("DELETE FROM alike WHERE one = ? AND other = ?", (other, number))
        self._file.execute("DELETE FROM alike WHERE one = ?", (number,))
        looks = [(word, stretch, number) for word, stretch in _looks(sketch) if stretch is not None]
        delete = "DELETE FROM look WHERE word = ? AND stretch = ? AND number = ?"
        self._file.executemany(delete, looks)
        delete = "DELETE FROM run WHERE hash = ? AND number = ?"
        self._file.executemany(delete, ((run, number) for run in sketch.runs))

    # --- who is like whom ---

    def _is_crowded(self, word: str, stretch: int | None) -> bool:
        """Tell whether too many look by a word, in some days or (without a stretch) in all."""
        days = "" if stretch is None else "AND stretch = ?"
        some = f"SELECT 1 FROM look WHERE word = ? {days} LIMIT {stories.POSTINGS + 1}"
        given = (word,) if stretch is None else (word, stretch)
        (count,) = self._index.one(f"SELECT COUNT(*) FROM ({some})", *given)
        return bool(count > stories.POSTINGS)

    def _crowded(self, looks: Iterable[Look]) -> set[Look]:
        return {look for look in looks if self._is_crowded(*look)}

    def _lookers(self, looks: Iterable[Look]) -> Iterator[int]:
        """Those whose edges change with how many look by a word: in all, the undated's alone."""
        for word, stretch in looks:
            select = "SELECT number FROM look WHERE word = ? AND stretch = ?"
            yield from self._index.column(select, word, UNDATED if stretch is None else stretch)

    def _candidates(self, vector: Vector, stretch: int) -> set[int]:
        """Who may be alike: those who look by a word that isn't crowded where either stands."""
        found, ask = set[int](), self._index.column
        for word in heaviest(vector):
            if not self._is_crowded(word, None):
                days = "" if stretch == UNDATED else f"AND stretch = {UNDATED}"
                found.update(ask(f"SELECT number FROM look WHERE word = ? {days}", word))
            if stretch != UNDATED and not self._is_crowded(word, stretch):
                for other in (stretch - 1, stretch, stretch + 1):
                    if other == stretch or not self._is_crowded(word, other):
                        select = "SELECT number FROM look WHERE word = ? AND stretch = ?"
                        found.update(ask(select, word, other))
        return found

    def _look(self, number: int) -> set[int]:
        """Find an article's edges; gives those whose edge with it is new or gone."""
        published, vector = self._vector(number)
        day = day_of(published)
        select = "SELECT other, likeness FROM alike WHERE one = ?"
        before: dict[int, float] = dict(self._index.rows(select, number))
        after: dict[int, float] = {}
        for other in self._candidates(vector, stretch_of(day)) - {number}:
            likeness = before.get(other)
            if likeness is None:
                date, theirs = self._vector(other)
                likeness = likeness_of(vector, theirs) if are_near(day, day_of(date)) else 0.0
            if likeness >= EDGE:
                after[other] = likeness
        both = [(n, number) for n in before.keys() - after.keys()]
        both += [(number, n) for n, _ in both]
        self._file.executemany("DELETE FROM alike WHERE one = ? AND other = ?", both)
        new = [(number, n, after[n]) for n in after.keys() - before.keys()]
        new += [(n, one, likeness) for one, n, likeness in new]
        self._file.executemany("INSERT INTO alike VALUES (?, ?, ?)", new)
        return set(before.keys() ^ after.keys())

    def _vector(self, number: int) -> tuple[str | None, Vector]:
        if number not in self._vectors:
            select = "SELECT published, vector FROM article WHERE number = ?"
            published, packed = self._index.one(select, number)
            self._vectors[number] = published, unpack_records(packed)
        return self._vectors[number]

    # --- stories ---

    def _group(self, touched: set[int], left: set[str]) -> dict[str, tuple[str, str]]:
        """Group anew where edges changed.

        Args:
            left: stories that an article has left.

        Returns:
            Article -> its story before and now, where these differ.
        """
        region = touched | {n for story in left for n in self._members(story)}
        region |= {n for story in self._stories(touched) for n in self._members(story)}
        while True:
            edges = [edge for number in region for edge in self._edges(number)]
            reached = {other for _, other, likeness in edges if likeness >= LIKENESS} - region
            beside = {story: self._members(story) for story in self._stories(reached)}
            around = region.union(*beside.values())
            story = self._linked(around)
            broken = [old for old, numbers in beside.items() if {*map(story.get, numbers)} != {old}]
            broken += [story[n] for n in region if story[n] in beside]
            if not broken:
                break
            region |= {n for old in broken for n in beside[old]}
        changed = {}
        for number in region:
            select = "SELECT id, story FROM article WHERE number = ?"
            id_, before = self._index.one(select, number)
            if story[number] != before:
                changed[id_] = before, story[number]
                update = "UPDATE article SET story = ? WHERE number = ?"
                self._file.execute(update, (story[number], number))
        return changed

    def _members(self, story: str) -> list[int]:
        return self._index.column("SELECT number FROM article WHERE story = ?", story)

    def _stories(self, numbers: Iterable[int]) -> set[str]:
        """The stories that articles told before; one that has just come tells none."""
        select = "SELECT story FROM article WHERE number = ?"
        return {self._index.one(select, number)[0] for number in numbers} - {""}

    def _edges(self, number: int) -> list[tuple[int, int, float]]:
        select = "SELECT one, other, likeness FROM alike WHERE one = ?"
        return self._index.rows(select, number)

    def _linked(self, numbers: Collection[int]) -> dict[int, str]:
        """Name for each of some articles its story, whatever is beside them."""
        select = "SELECT id FROM article WHERE number = ?"
        ids = {number: str(self._index.one(select, number)[0]) for number in numbers}
        ordered = sorted(numbers, key=lambda number: ids[number])
        place = {number: at for at, number in enumerate(ordered)}
        edges = [
            (place[one], place[other], likeness)
            for one, other, likeness in (edge for number in ordered for edge in self._edges(number))
            if one in place and other in place and place[one] < place[other]
        ]
        story = dict(ids)
        for group in link(edges):
            for at in group:
                story[ordered[at]] = ids[ordered[min(group)]]
        return story

    # --- copies ---

    def _held_by_many(self, runs: Iterable[int]) -> set[int]:
        return {run for run in runs if len(self._holders_of(run)) > copies.POSTINGS}

    def _holders_of(self, run: int) -> list[int]:
        """The first of those who hold a run, one more than may."""
        some = f"SELECT number FROM run WHERE hash = ? LIMIT {copies.POSTINGS + 1}"
        return self._index.column(some, run)

    def _holders(self, runs: Iterable[int]) -> set[int]:
        """All who hold some runs."""
        select = "SELECT number FROM run WHERE hash = ?"
        return {number for run in runs for number in self._index.column(select, run)}

    def _repeat(self, number: int) -> set[int]:
        """Find whom an article repeats and who repeats it; gives all that this changes for."""
        id_, published, size = self._article(number)
        shared: Counter[int] = Counter()
        for run in self._sketches[id_].runs:
            holders = self._holders_of(run)
            if len(holders) <= copies.POSTINGS:
                shared.update(holders)
        found = set[tuple[int, int, str]]()
        for other, count in shared.items():
            if other == number or count < copies.LEAST:
                continue
            its_id, its_day, its_size = self._article(other)
            why = copies.repeats(count, size, its_size)
            if why is not None:
                first = time_order(id_, published) < time_order(its_id, its_day)
                found.add((number, other, why) if first else (other, number, why))
        select = "SELECT one, other, why FROM pair WHERE story IS NULL AND (one = ? OR other = ?)"
        return self._replace_pairs(set(self._index.rows(select, number, number)), found, None)

    def _article(self, number: int) -> tuple[str, str | None, int]:
        select = "SELECT id, published, runs FROM article WHERE number = ?"
        id_, published, size = self._index.one(select, number)
        return id_, published, size

    def _credit(self, story: str) -> set[int]:
        """Pair the articles of a story that credit one agency; gives all that this changes for."""
        select = "SELECT number, id, published, agency, credited FROM article WHERE story = ?"
        rows = self._index.rows(select, story)
        rows.sort(key=lambda row: time_order(row[1], row[2]))
        known = (
            (number, Sketch(article_id=id_, agency=agency, credited=credited), story)
            for number, id_, _, agency, credited in rows
        )
        before = self._index.rows("SELECT one, other, why FROM pair WHERE story = ?", story)
        return self._replace_pairs(set(before), set(copies.credited(known)), story)

    def _replace_pairs(
        self, before: set[copies.Pair], after: set[copies.Pair], story: str | None
    ) -> set[int]:
        delete = "DELETE FROM pair WHERE one = ? AND other = ? AND why = ? AND story IS ?"
        self._file.executemany(delete, ((*pair, story) for pair in before - after))
        new = sorted(after - before)
        self._file.executemany(
            "INSERT INTO pair VALUES (?, ?, ?, ?)", ((*pair, story) for pair in new)
        )
        return {number for one, other, _ in before ^ after for number in (one, other)}

    def _copy(self, touched: set[int], gone: set[str]) -> tuple[list[Copy], list[Copy]]:
        """Name anew who copies whom where pairs changed; gives the copies that were and are."""
        before, after = gone, list[Copy]()
        while touched:
            numbers, pairs = self._connected(touched.pop())
            touched -= numbers
            known = {number: self._article(number) for number in numbers}
            order = sorted(numbers, key=lambda n: time_order(known[n][0], known[n][1]))
            place = {number: at for at, number in enumerate(order)}
            placed = [(place[one], place[other], why) for one, other, why in pairs]
            after += copies.copies_among([known[number][0] for number in order], placed)
            before = before | {known[number][0] for number in numbers}
        return self._keep_copies(after, before)

    def _connected(self, number: int) -> tuple[set[int], set[copies.Pair]]:
        """All that pairs connect with an article, and these pairs."""
        found, waiting, pairs = {number}, [number], set[copies.Pair]()
        while waiting:
            at = waiting.pop()
            select = "SELECT one, other, why FROM pair WHERE one = ? OR other = ?"
            for pair in self._index.rows(select, at, at):
                pairs.add(pair)
                for other in {pair[0], pair[1]} - found:
                    found.add(other)
                    waiting.append(other)
        return found, pairs

    def _keep_copies(
        self, after: Iterable[Copy], among: Iterable[str] = ()
    ) -> tuple[list[Copy], list[Copy]]:
        """Note who copies whom of some articles; gives the copies that were and aren't, and new."""
        select = "SELECT id, original, why FROM copy WHERE id = ?"
        rows = (row for id_ in sorted(among) for row in self._index.rows(select, id_))
        before = {Copy(article_id=a, original_id=b, reason=why) for a, b, why in rows}
        now = set(after)
        gone = sorted(before - now, key=lambda copy: copy.article_id)
        come = sorted(now - before, key=lambda copy: copy.article_id)
        self._file.executemany("DELETE FROM copy WHERE id = ?", ((c.article_id,) for c in gone))
        new = ((c.article_id, c.original_id, c.reason) for c in come)
        self._file.executemany("INSERT INTO copy VALUES (?, ?, ?)", new)
        return gone, come


def _looks(sketch: Sketch) -> Iterator[Look]:
    """By what an article looks: each word in its days, and in all."""
    stretch = stretch_of(day_of(sketch.published))
    for word in heaviest(vector_of(sketch)):
        yield word, stretch
        yield word, None
