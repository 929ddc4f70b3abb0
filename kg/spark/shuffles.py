"""What the shuffles need: results that are kept, those of one kind, and connected components.

Components are found by alternating stars (Kiveris et al. 2014, "Connected Components in MapReduce
and Beyond", algorithm 1): a large-star hangs a node's larger neighbours on the least of its
neighbourhood, a small-star its smaller ones; rounds of both leave each component a star about its
least node, after about log(n) of them. Few edges are sooner joined in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar  # Any: rows of several classes

from kg.merge.groupings import Grouping

if TYPE_CHECKING:
    from pyspark import RDD

__all__ = ["components", "kept", "only"]

FEW = 1_000_000  # edges; a second's work, and some hundred megabytes

Kept = TypeVar("Kept")

Edge = tuple[str, str]
Around = tuple[str, Iterable[str]]


def kept(rows: RDD[Kept]) -> RDD[Kept]:
    """Keep what is asked for more than once: in memory as far as there is any, else on disk."""
    from pyspark import StorageLevel

    return rows.persist(StorageLevel.MEMORY_AND_DISK)


def only(rows: RDD[Any], kind: type[Kept]) -> RDD[Kept]:
    """Give the rows of one class."""
    return rows.filter(lambda one: isinstance(one, kind))


def components(edges: RDD[Edge], partitions: int, few: int = FEW) -> RDD[Edge]:
    """Give each node that has an edge with the least node of its component, which may be itself.

    Args:
        edges: in either direction, and as often as may be.
        few: edges that are joined in one place, once what each partition can tell is told.
    """
    forest = kept(edges.mapPartitions(_spanning))
    if forest.count() <= few:
        return forest.context.parallelize(list(_spanning(forest.collect())), partitions)
    stars = kept(forest.distinct(partitions))
    while True:
        large = stars.flatMap(_both_ways).groupByKey(partitions).flatMap(_large_star)
        small = large.groupByKey(partitions).flatMap(_small_star)
        found = kept(small.distinct(partitions))
        changed = not found.subtract(stars, partitions).isEmpty()
        stars.unpersist()
        stars = found
        if not changed:
            return stars.flatMap(_with_centre).distinct(partitions)


def _spanning(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Give the stars that some edges make: each node once, with the least of its component.

    >>> sorted(_spanning([("c", "b"), ("b", "a"), ("e", "d")]))
    [('a', 'a'), ('b', 'a'), ('c', 'a'), ('d', 'd'), ('e', 'd')]
    """
    numbers: dict[str, int] = {}
    grouping = Grouping()
    for edge in edges:
        for node in edge:
            if node not in numbers:
                numbers[node] = grouping.add()
        grouping.join(numbers[edge[0]], numbers[edge[1]])
    nodes = list(numbers)
    least: dict[int, str] = {}
    for number, node in enumerate(nodes):
        root = grouping.root(number)
        least[root] = min(node, least.get(root, node))
    for number, node in enumerate(nodes):
        yield node, least[grouping.root(number)]


def _both_ways(edge: Edge) -> Iterator[Edge]:
    if edge[0] != edge[1]:
        yield edge
        yield edge[1], edge[0]


def _large_star(around: Around) -> Iterator[Edge]:
    """Hang a node's larger neighbours on the least of all."""
    node, neighbours = around
    least = min(node, min(neighbours))
    return ((other, least) for other in neighbours if other > node)


def _small_star(around: Around) -> Iterator[Edge]:
    """Hang a node and its smaller neighbours, which all of these are, on the least of them."""
    node, neighbours = around
    least = min(neighbours)
    yield node, least
    yield from ((other, least) for other in neighbours if other != least)


def _with_centre(edge: Edge) -> Iterator[Edge]:
    yield edge
    yield edge[1], edge[1]
