"""Which articles tell the same story: likeness of their names, numbers and content words.

What two papers tell of one story is far likelier to be one happening than what they tell of two;
so the rest of merging asks for more evidence where the stories differ. Articles are vectors of
words weighted by tf-idf (Salton & Buckley 1988) and are grouped by average link (Sokal & Michener
1958), which a single article between two stories can't chain together.

Articles go by in the order of time, and only those of the last days are held: papers further apart
may tell one story, and its happenings are others.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum, log, sqrt

from kg.merge.dates import day_of
from kg.merge.groupings import Grouping
from kg.merge.sketches import Sketch

__all__ = [
    "EDGE",
    "POSTINGS",
    "Edge",
    "Stories",
    "Vector",
    "Vocabulary",
    "are_near",
    "find_stories",
    "heaviest",
    "likeness_of",
    "link",
    "vector_of",
]

# Swept on ECB+ by `benchmarks/merge_sweep.py` (benchmarks/RESULTS.md).
LIKENESS = 0.2  # average likeness at which two groups of articles are one story
EDGE = 0.15  # pairs less alike aren't looked at
# Articles imagined besides those read, of which this many hold any word: with few articles a
# word's frequency says little, so all weigh nearly alike.
IMAGINED, IMAGINED_WITH_WORD = 100, 3
WINDOW = timedelta(days=10)  # between the papers of one story
TELLING = 24  # words by which an article looks for others: its heaviest
POSTINGS = 200  # a word that more articles look by tells no stories apart

Vector = Mapping[str, float]
Edge = tuple[int, int, float]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How many of the articles hold each word."""

    articles: int
    holding: Mapping[str, int]

    def weight(self, word: str) -> float:
        """Weigh a word by its rarity (smoothed inverse document frequency)."""
        holding = self.holding.get(word, 0) + IMAGINED_WITH_WORD
        return log(1 + (self.articles + IMAGINED) / holding)


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of a set of articles.

    Attributes:
        of: article id -> its story, named by the smallest article id in it.
    """

    vocabulary: Vocabulary
    of: Mapping[str, str]


def find_stories(sketches: Mapping[str, Sketch]) -> Stories:
    """Group articles into stories.

    Args:
        sketches: by article id; each is asked for three times, so they may lie on disk.

    >>> find_stories({}).of
    {}
    """
    ids = sorted(sketches)
    holding: Counter[str] = Counter()
    for id_ in ids:
        holding.update(word for word, _ in sketches[id_].words)
    vocabulary = Vocabulary(articles=len(ids), holding=holding)
    first = _average_link(len(ids), list(_edges(sketches, ids, vocabulary)))
    return Stories(vocabulary=vocabulary, of={id_: ids[first[n]] for n, id_ in enumerate(ids)})


def vector_of(sketch: Sketch, vocabulary: Vocabulary) -> Vector:
    """Weigh an article's words; the vector's length is one."""
    raw = {word: (1 + log(n)) * vocabulary.weight(word) for word, n in sketch.words}
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


def _edges(
    sketches: Mapping[str, Sketch], ids: Sequence[str], vocabulary: Vocabulary
) -> Iterator[Edge]:
    """Give the pairs of articles that are alike, share a heavy word and aren't far apart."""
    looked_by: Counter[str] = Counter()
    for id_ in ids:
        looked_by.update(heaviest(vector_of(sketches[id_], vocabulary)))
    days = {number: day_of(sketches[id_].published) for number, id_ in enumerate(ids)}
    undated, dated = _Window(), _Window()
    for number in sorted(days, key=lambda n: (days[n] is not None, days[n], n)):
        vector, day = vector_of(sketches[ids[number]], vocabulary), days[number]
        words = [word for word in heaviest(vector) if looked_by[word] <= POSTINGS]
        if day is not None:
            dated.forget_before((day - WINDOW).toordinal() if day.toordinal() > WINDOW.days else 0)
        for other, theirs in sorted((undated.near(words) | dated.near(words)).items()):
            likeness = likeness_of(vector, theirs)
            if likeness >= EDGE:
                yield min(number, other), max(number, other), likeness
        if day is not None:
            dated.add(day.toordinal(), number, vector, words)
        else:
            undated.add(0, number, vector, words)


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


def _average_link(size: int, edges: Sequence[Edge]) -> list[int]:
    """Join the two groups that are most alike on average until none are; ties by number.

    Pairs without an edge count as nothing alike, so what no edges connect is grouped by itself.

    Returns:
        For each number the smallest of its group.
    """
    connected = Grouping(size)
    for left, right, _ in edges:
        connected.join(left, right)
    by_root: defaultdict[int, list[Edge]] = defaultdict(list)
    for edge in edges:
        by_root[connected.root(edge[0])].append(edge)
    first = list(range(size))
    for some in by_root.values():
        for group in link(some):
            for number in group:
                first[number] = min(group)
    return first


def link(edges: Sequence[Edge]) -> list[list[int]]:
    """Group by average link what some edges connect; in whatever order they come."""
    numbers = {number for left, right, _ in edges for number in (left, right)}
    members = {n: [n] for n in numbers}
    total: dict[int, dict[int, float]] = {n: {} for n in numbers}
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
