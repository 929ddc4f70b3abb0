"""Records -> the graph that shows them: who is drawn first, in which shape, tint and place."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kg.view.groups import group_up
from kg.view.layout import FIRST_ACTORS, lay_out
from kg.view.rows import Record

__all__ = ["compose"]

ONE_DRAWING = 150  # actors up to here are laid out together, label by label; takes half a second
COLOURED_COUNTRIES = 6  # as many tints as can be told apart beside four edge colours
LABEL_WIDTH, LABEL_LINES = 20, 3  # characters, lines

QUADS = (
    {"id": 1, "label": "Verbal cooperation"},
    {"id": 2, "label": "Material cooperation"},
    {"id": 3, "label": "Verbal conflict"},
    {"id": 4, "label": "Material conflict"},
    {"id": 0, "label": "Statements and other"},
)
SHAPES = {
    "country": "dot",
    "region": "hexagon",
    "place": "hexagon",
    "organisation": "square",
    "igo": "square",
    "ngo": "square",
    "media": "square",
    "company": "square",
    "armed_group": "triangle",
    "person": "diamond",
    "group": "triangleDown",
    "thing": "star",
}
SHAPE_LABELS = (
    ("dot", "country"),
    ("square", "organisation"),
    ("diamond", "person"),
    ("triangle", "armed group"),
    ("triangleDown", "group of people"),
    ("hexagon", "place or region"),
    ("star", "thing"),
)


def compose(
    articles: Sequence[Record],
    entities: Sequence[Record],
    events: Sequence[Record],
    contradictions: Sequence[Record] = (),
    links: Sequence[Record] = (),
) -> Record:
    """Put records together with the graph that shows them."""
    ends = _ends(events)
    degrees = _degrees(ends)
    ranked = sorted(
        (entity for entity in entities if entity["id"] in degrees),
        key=lambda entity: (-degrees[entity["id"]], entity["name"], entity["id"]),
    )
    colours = _colours(ranked, degrees, entities)
    first = _first_view(ranked, ends, events)
    return {
        "articles": list(articles),
        "entities": list(entities),
        "events": list(events),
        "contradictions": list(contradictions),
        "links": list(links),
        "quads": list(QUADS),
        "shapes": [{"shape": shape, "label": label} for shape, label in SHAPE_LABELS],
        "colours": colours,
        "first": first,
        "graph": {
            "nodes": _nodes(ranked, degrees, colours),
            "edges": _edges(events),
            **_places(ranked, first, ends),
        },
    }


def _ends(events: Iterable[Record]) -> list[tuple[str, str, str]]:
    """Event, actor, target: one for each pair; an event without a target has none."""
    return [
        (event["id"], actor, target)
        for event in events
        for actor in event["actors"]
        for target in event["targets"]
    ]


def _degrees(ends: Iterable[tuple[str, str, str]]) -> Counter[str]:
    """Count for each actor the events that join it to another."""
    found = {(event, end) for event, *both in ends for end in both}
    return Counter(end for _, end in found)


def _first_view(
    ranked: Sequence[Record], ends: Iterable[tuple[str, str, str]], events: Iterable[Record]
) -> list[str]:
    """Choose who is shown at first: the most connected, and the parties of jointly told events."""
    known = [entity["id"] for entity in ranked]
    told_jointly = {event["id"] for event in events if len(event.get("publishers", ())) > 1}
    joint = {end for event, *both in ends if event in told_jointly for end in both}
    chosen = {*known[:FIRST_ACTORS], *[id_ for id_ in known if id_ in joint][:FIRST_ACTORS]}
    return [id_ for id_ in known if id_ in chosen]


def _colours(
    ranked: Iterable[Record], degrees: Mapping[str, int], entities: Iterable[Record]
) -> list[Record]:
    """Give the countries whose actors do most a tint each; group 0 is everybody else."""
    countries: Counter[str] = Counter()
    for entity in ranked:
        if entity["country"]:
            countries[entity["country"]] += degrees[entity["id"]]
    best = sorted(countries, key=lambda code: (-countries[code], code))[:COLOURED_COUNTRIES]
    names = {entity["country"]: entity["countryName"] for entity in entities}
    tints: list[Record] = [
        {"group": place, "country": code, "label": names[code] or code}
        for place, code in enumerate(best, start=1)
    ]
    return [*tints, {"group": 0, "country": None, "label": "other, or no state"}]


def _nodes(
    ranked: Iterable[Record], degrees: Mapping[str, int], colours: Iterable[Record]
) -> list[Record]:
    """Make the nodes in pyvis' model.

    pyvis' `Network.add_node` and `add_edge` search all nodes each time, eight seconds at 20,000
    edges; what they make is made here by the same two classes.
    """
    from pyvis.node import Node

    groups = {colour["country"]: colour["group"] for colour in colours}
    return [
        Node(
            entity["id"],
            SHAPES.get(entity["kind"], "star"),
            _wrapped(entity["name"]),
            group=groups.get(entity["country"], 0),
            size=round(10 + 3.4 * math.sqrt(degrees[entity["id"]]), 1),
        ).options
        for entity in ranked
    ]


def _edges(events: Iterable[Record]) -> list[Record]:
    """Make the edges in pyvis' model: directed, one for each pair of an event, none dropped."""
    from pyvis.edge import Edge

    return [
        Edge(actor, target, True, **_edge_style(event)).options
        for event in events
        for actor in event["actors"]
        for target in event["targets"]
    ]


def _edge_style(event: Record) -> Record:
    return {
        "event": event["id"],
        "label": f"not {event['action']}" if event["negated"] else event["action"],
        "dashes": event["negated"] or event["modality"] != "asserted",
    }


def _places(
    ranked: Sequence[Record], first: Sequence[str], ends: Iterable[tuple[str, str, str]]
) -> Record:
    """Where everybody stands: `near` in the first view, `far` when all of a large graph is drawn.

    A small graph has one drawing: everybody has a place `near`, and there are no groups.
    """
    small = len(ranked) <= ONE_DRAWING
    chosen = set(first)
    drawn = [entity for entity in ranked if small or entity["id"] in chosen]
    labels = {entity["id"]: _wrapped(entity["name"]) for entity in drawn}
    pairs = [(actor, target) for _, actor, target in ends]
    near = lay_out(labels, [pair for pair in pairs if labels.keys() >= set(pair)])
    if small:
        return {"near": near, "far": {}, "groups": []}
    rank = {entity["id"]: place for place, entity in enumerate(ranked)}
    groups = group_up(len(ranked), [(rank[actor], rank[target]) for actor, target in pairs])
    far = {
        ranked[member]["id"]: place
        for group in groups
        for member, place in zip(group.members, group.places, strict=True)
    }
    circles: list[Record] = [
        {
            "members": [ranked[member]["id"] for member in group.members],
            "centre": group.centre,
            "radius": group.radius,
        }
        for group in groups
    ]
    return {"near": near, "far": far, "groups": circles}


def _wrapped(name: str) -> str:
    """Break a long name over lines, for a label under a node.

    >>> _wrapped("International Syria Support Group").split("\\n")
    ['International Syria', 'Support Group']
    """
    lines = textwrap.wrap(name, LABEL_WIDTH) or ["?"]
    return "\n".join(lines[:LABEL_LINES]) + (" …" if len(lines) > LABEL_LINES else "")
