"""A place for every node: nothing random, so the same graph gets the same picture in every run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]

__all__ = ["FIRST_ACTORS", "lay_out"]

Position: TypeAlias = tuple[int, int]

FIRST_ACTORS = 12  # labels of 12 nodes and some 30 edges still stand apart on a laptop's screen
UNIT = 210  # pixels between two neighbours
CROWDED = 0.15  # steps more between two nodes for each further edge that joins them
APART = 3  # steps between nodes that nothing joins: beside each other, not out of sight
ROUNDS = 80  # of the layout; it stands after 30 to 60 on graphs of 10 to 400 nodes
STRETCH = 1.3  # screens are wider than high
LINED_ACTORS = 100  # up to here nodes keep off lines; takes half a second
LINE_MARGIN, BEND = 46, 16  # pixels to a line that passes by; more for each line further


def lay_out(labels: Mapping[str, str], links: Iterable[tuple[str, str]]) -> dict[str, Position]:
    """Find a place for every node; nothing random, so the same graph gets the same picture.

    The first `FIRST_ACTORS` nodes are placed by themselves, as the first view shows them alone; the
    others then settle around them.

    Args:
        labels: the text under each node by its key, the most important node first.
        links: pairs of keys that an edge joins, whichever way; a pair that many edges join comes
            often, and gets room for their labels.

    Returns: whole pixels, x to the right and y downwards.

    >>> lay_out({"a": "A", "b": "B"}, [("a", "b")]) == lay_out({"a": "A", "b": "B"}, [("b", "a")])
    True
    """
    if not labels:
        return {}
    near = _neighbours(list(labels), links)
    distances, weights = _distances(near)
    first = min(FIRST_ACTORS, len(labels))
    points = _spiral(len(labels))
    _settle(points[:first], distances[:first, :first], weights[:first, :first], fixed=0)
    points[:first] = _turned(points[:first], near)
    _settle(points, distances, weights, fixed=first)
    boxes = _boxes(labels.values())
    _tidy(points[:first], boxes[:first], near, fixed=0)
    _tidy(points, boxes, near, fixed=first)
    return {key: (round(x), round(y)) for key, (x, y) in zip(labels, points, strict=True)}


def _spiral(n: int) -> Points:
    """Start places: the sunflower spiral, evenly spread, the most important in the middle."""
    import numpy as np

    place = np.arange(n)
    turn, reach = place * math.pi * (3 - math.sqrt(5)), UNIT * 0.8 * np.sqrt(place)
    return np.stack([reach * np.cos(turn), reach * np.sin(turn)], axis=1)


def _neighbours(keys: Sequence[str], links: Iterable[tuple[str, str]]) -> list[Counter[int]]:
    """Count for each node, by its place in `keys`, the links to every other."""
    rank = {key: place for place, key in enumerate(keys)}
    near: list[Counter[int]] = [Counter() for _ in keys]
    for left, right in links:
        if left != right:
            near[rank[left]][rank[right]] += 1
            near[rank[right]][rank[left]] += 1
    return near


def _distances(near: Sequence[Counter[int]]) -> tuple[Points, Points]:
    """How far each two nodes should stand from each other, in pixels, and how much that matters."""
    import numpy as np

    steps = np.full((len(near), len(near)), float(APART))
    links = np.ones_like(steps)
    for start, others in enumerate(near):
        reached, frontier, far = {start}, {start}, 0
        while frontier:
            steps[start, list(frontier)] = far
            frontier = {node for place in frontier for node in near[place]} - reached
            reached |= frontier
            far += 1
        for node, count in others.items():
            steps[start, node] += min(CROWDED * (count - 1), 1)
            links[start, node] = count
    weights = links / np.square(np.where(steps > 0, steps, np.inf))
    return steps * UNIT, weights


def _settle(points: Points, distances: Points, weights: Points, *, fixed: int) -> None:
    """Move the nodes from `fixed` on until each two stand as far apart as they should.

    Source: stress majorisation, Gansner, Koren and North 2004, section 2.3 (localised form).
    """
    import numpy as np

    for _ in range(ROUNDS):
        for node in range(fixed, len(points)):
            apart = points[node] - points
            length = np.hypot(apart[:, 0], apart[:, 1])
            stretch = distances[node] / np.where(length > 0, length, 1)
            wanted = points + apart * stretch[:, None]
            if weights[node].any():
                points[node] = weights[node] @ wanted / weights[node].sum()


def _turned(points: Points, near: Sequence[Counter[int]]) -> Points:
    """Lay the busiest pair flat, so that the labels between them stand one above the other."""
    import numpy as np

    pairs = (
        (count, -left, -right)
        for left, others in enumerate(near[: len(points)])
        for right, count in others.items()
        if left < right < len(points)
    )
    _, left, right = max(pairs, default=(0, 0, 0))
    x, y = points[-right] - points[-left]
    angle = math.atan2(y, x)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
    flat: Points = (points - points.mean(axis=0)) @ turn
    return flat * (STRETCH, 1)


def _boxes(labels: Iterable[str]) -> Points:
    """Width and height of a node with its label, as the page draws them at 17 pixels."""
    import numpy as np

    lines = [label.split("\n") for label in labels]
    return np.array([(max(map(len, rows)) * 9.0 + 24, 56.0 + 20 * len(rows)) for rows in lines])


def _tidy(points: Points, boxes: Points, near: Sequence[Counter[int]], *, fixed: int) -> None:
    """Push the nodes from `fixed` on off other nodes' labels and off lines that aren't theirs."""
    import numpy as np

    # Among more nodes lines cross everything anyhow, and the work would grow with both.
    lined = near if len(points) <= LINED_ACTORS else []
    lines = np.array(
        [
            (left, right, count)
            for left, others in enumerate(lined[: len(points)])
            for right, count in others.items()
            if left < right < len(points)
        ],
        dtype=int,
    ).reshape(-1, 3)
    for _ in range(ROUNDS // 2):
        for node in range(fixed, len(points)):
            points[node] += _off_lines(points, node, lines[(lines[:, :2] != node).all(axis=1)])
            points[node] += _off_boxes(points, node, boxes)


def _off_lines(points: Points, node: int, lines: NDArray[np.int_]) -> Points:
    """The step that takes a node half-way off the line it covers most; bundles are broader."""
    import numpy as np

    if not len(lines):
        return np.zeros(2)
    start, end = points[lines[:, 0]], points[lines[:, 1]]
    along = end - start
    length = np.maximum(np.square(along).sum(axis=1), 1)
    share = np.clip(((points[node] - start) * along).sum(axis=1) / length, 0.05, 0.95)
    away = points[node] - (start + along * share[:, None])
    far = np.hypot(away[:, 0], away[:, 1])
    depth = LINE_MARGIN + BEND * (lines[:, 2] - 1) - far
    if depth.max() <= 0:
        return np.zeros(2)
    worst = int(depth.argmax())
    way = away[worst] / far[worst] if far[worst] > 1 else _across(along[worst])
    step: Points = way * (depth[worst] / 2 + 1)
    return step


def _across(along: Points) -> Points:
    import numpy as np

    return np.array([-along[1], along[0]]) / max(math.hypot(*along), 1)


def _off_boxes(points: Points, node: int, boxes: Points) -> Points:
    """The step that takes a node half-way off the node or label it covers most."""
    import numpy as np

    step = np.zeros(2)
    apart = points[node] - points
    overlap = (boxes[node] + boxes) / 2 - np.abs(apart)
    depth = overlap.min(axis=1)
    depth[node] = 0
    other = int(depth.argmax())
    if depth[other] > 0:
        axis = int(overlap[other].argmin())
        step[axis] = (1 if apart[other, axis] >= 0 else -1) * (depth[other] / 2 + 1)
    return step
