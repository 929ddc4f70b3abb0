"""`kg.merge.survey`, shuffled: the stories that articles tell, and the copies among them.

What a pair or a group of articles comes to is decided by the functions of `kg.merge`; here is only
who meets whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, combinations, product
from operator import add
from typing import TYPE_CHECKING

from kg.merge import Sketch, time_order
from kg.merge.copies import POSTINGS as MOST_HOLDERS
from kg.merge.copies import copies_among, credited, repeats
from kg.merge.dates import day_of
from kg.merge.stories import (
    EDGE,
    LIKENESS,
    POSTINGS,
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
from kg.spark.shuffles import components, kept

if TYPE_CHECKING:
    from pyspark import RDD

__all__ = ["Known", "Surveyed", "survey"]

Alike = tuple[tuple[str, str], float]
Rank = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What merging has to know of an article besides its reading.

    Attributes:
        original: the article that it copies; itself if none.
        voice: the publisher with whose voice it speaks, where that is known.
    """

    story: str
    original: str
    voice: Source | None


@dataclass(frozen=True, slots=True)
class Surveyed:
    """What holds among articles as wholes; `kg.merge.Survey`, spread over a cluster."""

    known: RDD[tuple[str, Known]]
    copies: RDD[Copy]


def survey(
    sketches: RDD[Sketch], sources: RDD[tuple[str, Source | None]], partitions: int
) -> Surveyed:
    """Find the stories that articles tell and the copies among them.

    Args:
        sources: who published each article, by its id.
    """
    edges = kept(_edges(sketches, partitions))
    stories = kept(_stories(sketches, edges, partitions))
    pairs = kept(_repeated(sketches, partitions).union(_credited(sketches, stories, partitions)))
    copies = kept(_copies(pairs, partitions))
    return Surveyed(_known(sources, stories, copies, partitions), copies)


# --- stories ------------------------------------------------------------------------------------

Weighed = tuple[str, str | None, Vector]
"""An article's id, when it was published, and its vector."""

Looking = tuple[str, date | None, Vector, frozenset[str]]
"""The same, with the words by which the article looks for others where it is sent."""


def _edges(sketches: RDD[Sketch], partitions: int) -> RDD[Alike]:
    """Give the pairs of articles that are alike, share a heavy word and aren't far apart."""

    def weighed(sketch: Sketch) -> Weighed:
        return sketch.article_id, sketch.published, vector_of(sketch)

    vectors = kept(sketches.map(weighed))
    looked_by = vectors.flatMap(_looks).reduceByKey(add, partitions)
    common = looked_by.filter(lambda count: count[1] > POSTINGS).keys().collect()
    too_common = sketches.context.broadcast(frozenset(common))
    in_all = looked_by.map(lambda count: (count[0][0], count[1])).reduceByKey(add, partitions)
    crowded = in_all.filter(lambda count: count[1] > POSTINGS).keys().collect()
    too_common_in_all = sketches.context.broadcast(frozenset(crowded))

    def by_word(one: Weighed) -> Iterator[tuple[tuple[str, int], Looking]]:
        """Send an article where those of its days and of the ten after, and the undated, come."""
        id_, day, vector = one[0], day_of(one[1]), one[2]
        stretch, words = stretch_of(day), heaviest(vector)
        rare = frozenset(word for word in words if word not in too_common_in_all.value)
        to_undated = id_, day, vector, rare
        yield from (((word, UNDATED), to_undated) for word in words if word in rare)
        if stretch == UNDATED:
            return
        usual = frozenset(word for word in words if (word, stretch) not in too_common.value)
        to_dated = id_, day, vector, usual
        for word in words:
            if word in usual:
                yield (word, stretch), to_dated
                yield (word, stretch + 1), to_dated

    return vectors.flatMap(by_word).groupByKey(partitions).flatMap(_alike)


def _looks(one: Weighed) -> Iterator[tuple[tuple[str, int], int]]:
    stretch = stretch_of(day_of(one[1]))
    return (((word, stretch), 1) for word in heaviest(one[2]))


def _alike(group: tuple[tuple[str, int], Iterable[Looking]]) -> Iterator[Alike]:
    """Hold articles that meet against each other, each pair in one of the places where it meets."""
    (word, stretch), articles = group
    ordered = sorted(articles, key=lambda one: one[0])
    own = [one for one in ordered if stretch_of(one[1]) == stretch]
    others = [one for one in ordered if stretch_of(one[1]) != stretch]  # have met where they belong
    within = chain(combinations(own, 2), product(own, others)) if own else ()
    for left, right in within:
        if are_near(left[1], right[1]) and word == min(left[3] & right[3]):
            likeness = likeness_of(left[2], right[2])
            if likeness >= EDGE:
                first, second = sorted((left[0], right[0]))
                yield (first, second), likeness


def _stories(sketches: RDD[Sketch], edges: RDD[Alike], partitions: int) -> RDD[tuple[str, str]]:
    """Give each article its story."""
    strong = edges.filter(lambda edge: edge[1] >= LIKENESS)
    first = components(strong.keys(), partitions)
    grouped = edges.map(lambda edge: (edge[0][0], edge)).join(first, partitions)
    linked = (
        grouped.map(lambda row: (row[1][1], row[1][0]))
        .groupByKey(partitions)
        .flatMap(lambda group: _linked(group[1]))
    )
    ids = sketches.map(lambda sketch: (sketch.article_id, sketch.article_id))
    return ids.leftOuterJoin(linked, partitions).mapValues(lambda pair: pair[1] or pair[0])


def _linked(edges: Iterable[Alike]) -> Iterator[tuple[str, str]]:
    """Name for each of some connected articles its story."""
    held = list(edges)
    ids = sorted({id_ for pair, _ in held for id_ in pair})
    number = {id_: n for n, id_ in enumerate(ids)}
    for group in link([(number[a], number[b], likeness) for (a, b), likeness in held]):
        yield from ((ids[n], ids[min(group)]) for n in group)


# --- copies -------------------------------------------------------------------------------------

Repeat = tuple[Rank, Rank, str]
"""An article, one that repeats it, and why: by date and id, the earlier first."""


def _rank(sketch: Sketch) -> Rank:
    return time_order(sketch.article_id, sketch.published)


def _repeated(sketches: RDD[Sketch], partitions: int) -> RDD[Repeat]:
    """Give the pairs of which one holds much of the other."""

    def by_run(sketch: Sketch) -> Iterator[tuple[int, tuple[Rank, int]]]:
        return ((run, (_rank(sketch), len(sketch.runs))) for run in sketch.runs)

    return (
        sketches.flatMap(by_run)
        .groupByKey(partitions)
        .flatMap(lambda group: _pairs(group[1]))
        .reduceByKey(add, partitions)
        .flatMap(_repeats)
    )


Sized = tuple[Rank, int]


def _pairs(holders: Iterable[Sized]) -> Iterator[tuple[tuple[Sized, Sized], int]]:
    ordered = sorted(holders)
    if 1 < len(ordered) <= MOST_HOLDERS:
        yield from ((pair, 1) for pair in combinations(ordered, 2))


def _repeats(counted: tuple[tuple[Sized, Sized], int]) -> Iterator[Repeat]:
    ((left, size), (right, other)), count = counted
    why = repeats(count, size, other)
    if why is not None:
        yield left, right, why


def _credited(sketches: RDD[Sketch], stories: RDD[tuple[str, str]], partitions: int) -> RDD[Repeat]:
    """Pair the articles of one story that credit one agency."""
    told = sketches.filter(lambda sketch: sketch.credited is not None)
    bare = told.map(lambda sketch: (sketch.article_id, _without_words(sketch)))
    return (
        bare.join(stories, partitions)
        .map(lambda row: (row[1][1], row[1][0]))
        .groupByKey(partitions)
        .flatMap(lambda group: _credited_in(group[0], group[1]))
    )


def _without_words(sketch: Sketch) -> Sketch:
    return Sketch(
        article_id=sketch.article_id,
        published=sketch.published,
        source=sketch.source,
        agency=sketch.agency,
        credited=sketch.credited,
    )


def _credited_in(story: str, sketches: Iterable[Sketch]) -> Iterator[Repeat]:
    ordered = sorted(sketches, key=_rank)
    for left, right, why in credited((n, one, story) for n, one in enumerate(ordered)):
        yield _rank(ordered[left]), _rank(ordered[right]), why


def _copies(pairs: RDD[Repeat], partitions: int) -> RDD[Copy]:
    first = components(pairs.map(lambda pair: (pair[0][1], pair[1][1])), partitions)
    return (
        pairs.map(lambda pair: (pair[0][1], pair))
        .join(first, partitions)
        .map(lambda row: (row[1][1], row[1][0]))
        .groupByKey(partitions)
        .flatMap(lambda group: _named(group[1]))
    )


def _named(pairs: Iterable[Repeat]) -> list[Copy]:
    held = list(pairs)
    order = sorted({rank for left, right, _ in held for rank in (left, right)})
    number = {rank: n for n, rank in enumerate(order)}
    numbered = [(number[left], number[right], why) for left, right, why in held]
    return copies_among([id_ for _, id_ in order], numbered)


def _known(
    sources: RDD[tuple[str, Source | None]],
    stories: RDD[tuple[str, str]],
    copies: RDD[Copy],
    partitions: int,
) -> RDD[tuple[str, Known]]:
    """Bring together what is known of each article."""
    originals = copies.map(lambda copy: (copy.original_id, copy.article_id))
    voices = originals.join(sources, partitions).map(lambda row: (row[1][0], (row[0], row[1][1])))
    return stories.join(sources, partitions).leftOuterJoin(voices, partitions).map(_known_of)


def _known_of(
    row: tuple[str, tuple[tuple[str, Source | None], tuple[str, Source | None] | None]],
) -> tuple[str, Known]:
    id_, ((story, source), copied) = row
    original, voice = copied or (id_, None)
    return id_, Known(story, original, voice or source)
