"""Graphs too large for one drawing: who belongs together, and a place for everybody.

Each of Louvain's communities becomes a disc with its most connected actor in the middle, and the
discs are packed near those they deal with. The picture has an order that a reader sees, where
springs over thousands of nodes leave a ball of wool; and a group can be folded where it stands.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]

__all__ = ["Group", "group_up"]

Link: TypeAlias = tuple[int, int]
Disc: TypeAlias = tuple[float, float, float]

SPACING = 120.0  # pixels that each node has around it
MARGIN = 90.0  # pixels between two groups
SPRUNG_GROUPS = 60  # groups that stand near those they deal with; the many small ones ring around
TURN = math.pi * (3 - math.sqrt(5))  # the sunflower's angle: neighbours never stand in line


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Actors that have more to do with each other than with the rest.

    Attributes:
        members: ranks of its actors, the most connected first.
        places: where each member stands, in whole pixels.
        centre: of the disc that holds them all.
        radius: of that disc, in pixels.
    """

    members: tuple[int, ...]
    places: tuple[tuple[int, int], ...]
    centre: tuple[int, int]
    radius: int


def group_up(n: int, links: Iterable[Link]) -> list[Group]:
    """Find the groups among `n` actors and place everybody; the biggest group comes first.

    Args:
        links: pairs of ranks that an event joins; a pair that many join comes often.

    >>> [group.members for group in group_up(5, [(0, 1), (0, 2), (1, 2), (3, 4)])]
    [(0, 1, 2), (3, 4)]
    """
    weights = Counter((min(pair), max(pair)) for pair in links if pair[0] != pair[1])
    members = _communities(n, weights)
    points = [_sunflower(len(group)) * SPACING for group in members]
    radii = [_reach(places) for places in points]
    centres = _packed(members, radii, weights)
    return [
        Group(
            members=tuple(group),
            places=tuple((round(x + dx), round(y + dy)) for dx, dy in places),
            centre=(round(x), round(y)),
            radius=round(radius),
        )
        for group, places, radius, (x, y, _) in zip(members, points, radii, centres, strict=True)
    ]


def _communities(n: int, weights: Counter[Link]) -> list[list[int]]:
    """Ranks, not names, so that sets keep their order. Source: Blondel et al. 2008."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_nodes_from(range(n))
    graph.add_weighted_edges_from((*pair, count) for pair, count in sorted(weights.items()))
    found = nx.community.louvain_communities(graph, seed=1)
    return sorted((sorted(group) for group in found), key=lambda group: (-len(group), group))


def _sunflower(n: int) -> Points:
    """Places around (0, 0), evenly spread: the most connected in the middle, the rest by rank."""
    import numpy as np

    place = np.arange(n)
    reach = np.sqrt(place)
    return np.stack([reach * np.cos(place * TURN), reach * np.sin(place * TURN)], axis=1) * 0.75


def _reach(places: Points) -> float:
    import numpy as np

    return float(np.hypot(places[:, 0], places[:, 1]).max(initial=0)) + SPACING / 2


def _packed(
    members: Sequence[Sequence[int]], radii: Sequence[float], weights: Counter[Link]
) -> list[Disc]:
    """Centres of the groups: the big ones near those they deal with, the others in rings around."""
    big = min(SPRUNG_GROUPS, len(members))
    placed: list[Disc] = []
    for wanted, radius in zip(_wanted(members[:big], radii, weights), radii[:big], strict=True):
        placed.append(_free_spot(placed, wanted, radius + MARGIN / 2))
    edge = max((math.hypot(x, y) + radius for x, y, radius in placed), default=0.0)
    angle = 0.0
    for radius in radii[big:]:
        far = edge + radius + MARGIN / 2
        placed.append((far * math.cos(angle), far * math.sin(angle), radius))
        angle += (2 * radius + MARGIN / 2) / far
        if angle > 2 * math.pi:  # the groups come by size, so the next ring is as wide as this one
            angle, edge = 0.0, far + radius
    return placed


def _wanted(
    members: Sequence[Sequence[int]], radii: Sequence[float], weights: Counter[Link]
) -> list[tuple[float, float]]:
    """Where each group would stand if it needed no room."""
    import networkx as nx

    home = {member: place for place, group in enumerate(members) for member in group}
    between: Counter[Link] = Counter()
    for (left, right), count in sorted(weights.items()):
        if left in home and right in home and home[left] != home[right]:
            between[home[left], home[right]] += count
    graph = nx.Graph()
    graph.add_nodes_from(range(len(members)))
    graph.add_weighted_edges_from((*pair, math.log1p(n)) for pair, n in sorted(between.items()))
    reach = math.sqrt(sum(radius**2 for radius in radii[: len(members)]))
    start = dict(enumerate(_sunflower(len(members))))
    found = nx.spring_layout(graph, pos=start, seed=1, iterations=80, scale=reach, method="force")
    return [(float(found[place][0]), float(found[place][1])) for place in range(len(members))]


def _free_spot(placed: Sequence[Disc], wanted: tuple[float, float], radius: float) -> Disc:
    """The spot nearest to the wanted one, along a sunflower around it, that touches no disc."""
    x, y = wanted
    step = 0
    while any(math.hypot(x - u, y - v) < radius + other for u, v, other in placed):
        step += 1
        far = 0.35 * radius * math.sqrt(step)
        x, y = wanted[0] + far * math.cos(step * TURN), wanted[1] + far * math.sin(step * TURN)
    return x, y, radius
