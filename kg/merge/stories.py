"""Which articles tell the same story: likeness of their names, numbers and content words.

What two papers tell of one story is far likelier to be one happening than what they tell of two;
so the rest of merging asks for more evidence where the stories differ. Articles are vectors of
words, weighted by how often they occur and how common they are (Salton & Buckley 1988), and are
grouped by average link (Sokal & Michener 1958), which a single article between two stories can't
chain together.

How alike two articles are is told by these two alone, and only papers of a few days are compared:
papers further apart may tell one story, and its happenings are others. So an article more or less
touches only those of its days.
"""

from __future__ import annotations

import heapq
from array import array
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, groupby
from math import fsum, log, sqrt

import numpy as np

from kg.merge.dates import day_of
from kg.merge.groupings import Grouping, equal_stretches
from kg.merge.sketches import Sketch
from kg.merge.words import weight_of

__all__ = [
    "EDGE",
    "LIKENESS",
    "POSTINGS",
    "UNDATED",
    "Edge",
    "Edges",
    "Stories",
    "Vector",
    "are_near",
    "find_stories",
    "heaviest",
    "likeness_of",
    "link",
    "stretch_of",
    "vector_of",
]

# Swept on ECB+ by `benchmarks/merge_sweep.py` (benchmarks/RESULTS.md).
LIKENESS = 0.3  # average likeness at which two groups of articles are one story
EDGE = 0.15  # pairs less alike count as nothing alike
WINDOW = timedelta(days=10)  # between the papers of one story
TELLING = 24  # words by which an article looks for others: its heaviest
POSTINGS = 200  # a word by which more articles of ten days look tells no stories apart
UNDATED = -1

Vector = Mapping[str, float]
Edge = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of a set of articles.

    Attributes:
        of: article id, in order -> its story, named by the smallest article id in it.
        alike: pairs of articles, by their places in that order, with how alike they are.
    """

    of: Mapping[str, str]
    alike: Edges

    def edges(self) -> Iterator[tuple[str, str, float]]:
        """Give the pairs of articles that are alike, the smaller id first."""
        ids = list(self.of)
        return ((ids[left], ids[right], likeness) for left, right, likeness in self.alike)


class Edges:
    """Pairs of numbers with how alike they are, in arrays: there are some dozens an article.

    >>> edges = Edges([(0, 2, 0.5), (1, 2, 0.25)])
    >>> list(edges.at([1]))
    [(1, 2, 0.25)]
    """

    def __init__(self, edges: Iterable[Edge] = ()) -> None:
        self._left, self._right, self._likeness = array("q"), array("q"), array("d")
        for left, right, likeness in edges:
            self._left.append(left)
            self._right.append(right)
            self._likeness.append(likeness)

    def __len__(self) -> int:
        return len(self._left)

    def __iter__(self) -> Iterator[Edge]:
        return zip(self._left, self._right, self._likeness, strict=True)

    def at(self, places: Iterable[int]) -> Iterator[Edge]:
        """Give the pairs at some places."""
        return ((self._left[at], self._right[at], self._likeness[at]) for at in places)


def find_stories(sketches: Mapping[str, Sketch]) -> Stories:
    """Group articles into stories.

    Args:
        sketches: by article id; each is asked for a few times, so they may lie on disk.

    >>> find_stories({}).of
    {}
    """
    ids = sorted(sketches)
    edges = Edges(_edges(sketches, ids))
    first = _average_link(len(ids), edges)
    return Stories(of={id_: ids[first[n]] for n, id_ in enumerate(ids)}, alike=edges)


def vector_of(sketch: Sketch) -> Vector:
    """Weigh an article's words; the vector's length is one."""
    raw = {word: (1 + log(n)) * weight_of(word) for word, n in sketch.words}
    length = sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {word: weight / length for word, weight in raw.items()}


def likeness_of(left: Vector, right: Vector) -> float:
    """Tell how alike two articles are (cosine)."""
    # fsum doesn't mind the order, which for a set of words is another in each run
    return fsum(left[word] * right[word] for word in left.keys() & right.keys())


def heaviest(vector: Vector) -> list[str]:
    """Give the words by which an article looks for others."""
    return heapq.nsmallest(TELLING, vector, key=lambda word: (-vector[word], word))


def are_near(left: date | None, right: date | None) -> bool:
    """Tell whether two papers are close enough in time to tell one story; undated ones may be.

    >>> are_near(date(2016, 5, 20), date(2016, 5, 31)), are_near(date(2016, 5, 20), None)
    (False, True)
    """
    return left is None or right is None or abs(left - right) <= WINDOW


def stretch_of(day: date | None) -> int:
    """Number the ten days in which an article is counted; `UNDATED` for one without a date."""
    return UNDATED if day is None else day.toordinal() // WINDOW.days


def _edges(sketches: Mapping[str, Sketch], ids: Sequence[str]) -> Iterator[Edge]:
    """Give the pairs of articles that are alike, share a heavy word and aren't far apart.

    By a word look only articles in whose ten days it isn't too common; where one of two is
    undated, it must not be too common in all.
    """
    days = [day_of(sketches[id_].published) for id_ in ids]
    in_all = _looked_by(sketches, ids, days)
    undated, dated = _Window(), _Window()
    ordered = sorted(range(len(ids)), key=lambda n: (days[n] is not None, days[n], n))
    for _, numbers in groupby(ordered, key=lambda n: stretch_of(days[n])):
        vectors = {number: vector_of(sketches[ids[number]]) for number in numbers}
        looks = {number: heaviest(vector) for number, vector in vectors.items()}
        in_stretch = Counter(chain.from_iterable(looks.values()))
        for number, vector in vectors.items():
            day, words = days[number], looks[number]
            rare = [word for word in words if 0 < in_all[word] <= POSTINGS]
            near = undated.near(rare)
            if day is not None:
                usual = [word for word in words if in_stretch[word] <= POSTINGS]
                dated.forget_before(max(day.toordinal() - WINDOW.days, 0))
                near |= dated.near(usual)
                dated.add(day.toordinal(), number, vector, usual)
            else:
                undated.add(0, number, vector, rare)
            for other, theirs in sorted(near.items()):
                likeness = likeness_of(vector, theirs)
                if likeness >= EDGE:
                    yield min(number, other), max(number, other), likeness


def _looked_by(
    sketches: Mapping[str, Sketch], ids: Sequence[str], days: Sequence[date | None]
) -> Counter[str]:
    """Count how many articles look by each of the words by which an undated one does."""
    undated = (id_ for id_, day in zip(ids, days, strict=True) if day is None)
    wanted = {word for id_ in undated for word in heaviest(vector_of(sketches[id_]))}
    counts = Counter[str]()
    for id_ in ids if wanted else ():
        counts.update(wanted.intersection(heaviest(vector_of(sketches[id_]))))
    return counts


class _Window:
    """The articles of the last days, found by their heavy words."""

    def __init__(self) -> None:
        self._arrived: deque[tuple[int, int, Sequence[str]]] = deque()
        self._vectors: dict[int, Vector] = {}
        self._postings: defaultdict[str, deque[int]] = defaultdict(deque)

    def add(self, day: int, number: int, vector: Vector, words: Sequence[str]) -> None:
        self._arrived.append((day, number, words))
        self._vectors[number] = vector
        for word in words:
            self._postings[word].append(number)

    def forget_before(self, day: int) -> None:
        while self._arrived and self._arrived[0][0] < day:
            _, number, words = self._arrived.popleft()
            del self._vectors[number]
            for word in words:
                self._postings[word].popleft()
                if not self._postings[word]:
                    del self._postings[word]

    def near(self, words: Sequence[str]) -> dict[int, Vector]:
        numbers = {n for word in words for n in self._postings.get(word, ())}
        return {number: self._vectors[number] for number in numbers}


def _average_link(size: int, edges: Edges) -> list[int]:
    """Group numbers by average link, each component of those that are alike enough by itself.

    Returns:
        For each number the smallest of its group.
    """
    connected = Grouping(size)
    for left, right, likeness in edges:
        if likeness >= LIKENESS:
            connected.join(left, right)
    roots = np.fromiter((connected.root(left) for left, _, _ in edges), np.int64, len(edges))
    order = np.argsort(roots, kind="stable")
    first = list(range(size))
    for run in equal_stretches(roots[order]):
        for group in link(list(edges.at(order[run].tolist()))):
            for number in group:
                first[number] = min(group)
    return first


def link(edges: Sequence[Edge]) -> list[list[int]]:
    """Join the two groups that are most alike on average until none are; ties by number.

    Pairs without an edge count as nothing alike. Since no average is above its greatest part,
    groups lie within what edges of `LIKENESS` connect; what no such edge reaches is left out.

    Args:
        edges: all that such a component has, in whatever order.

    >>> link([(0, 1, 0.9), (1, 2, 0.2)])
    [[0, 1]]
    """
    strong = {n for left, right, likeness in edges if likeness >= LIKENESS for n in (left, right)}
    edges = [edge for edge in edges if edge[0] in strong and edge[1] in strong]
    members = {n: [n] for n in strong}
    total: dict[int, dict[int, float]] = {n: {} for n in strong}
    for left, right, likeness in edges:
        total[left][right] = total[right][left] = likeness
    heap = [(-likeness, left, right, 2) for left, right, likeness in edges]
    heapq.heapify(heap)
    while heap:
        likeness, left, right, sizes = heapq.heappop(heap)
        if -likeness < LIKENESS:
            break
        stale = left not in members or right not in members
        if stale or len(members[left]) + len(members[right]) != sizes:
            continue
        members[left] += members.pop(right)
        for other, summed in total.pop(right).items():
            del total[other][right]
            if other != left:
                total[left][other] = total[other][left] = total[left].get(other, 0.0) + summed
        for other, summed in total[left].items():
            average = summed / (len(members[left]) * len(members[other]))
            pair = (left, other) if left < other else (other, left)
            heapq.heappush(heap, (-average, *pair, len(members[left]) + len(members[other])))
    return list(members.values())
