"""Records -> the graph that shows them: who is drawn first, in which shape, tint and place."""

from __future__ import annotations

import math
import textwrap
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from kg.view.layout import FIRST_ACTORS, lay_out
from kg.view.tables import Record

__all__ = ["compose"]

MOST_ACTORS = 400  # beyond that no drawing is readable: the table and the search hold the rest
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
) -> Record:
    """Put records together with the graph that shows them."""
    edges = _edges(events)
    degrees = _degrees(edges)
    ranked = sorted(
        (entity for entity in entities if entity["id"] in degrees),
        key=lambda entity: (-degrees[entity["id"]], entity["name"], entity["id"]),
    )[:MOST_ACTORS]
    colours = _colours(ranked, entities)
    return {
        "articles": list(articles),
        "entities": list(entities),
        "events": list(events),
        "contradictions": list(contradictions),
        "quads": list(QUADS),
        "shapes": [{"shape": shape, "label": label} for shape, label in SHAPE_LABELS],
        "colours": colours,
        "first": _first_view(ranked, edges, events),
        "graph": _graph(ranked, edges, degrees, colours),
    }


def _edges(events: Iterable[Record]) -> list[Record]:
    """One edge for each pair of an actor and a target; an event without a target has none."""
    return [
        {"from": actor, "to": target, **_edge_style(event)}
        for event in events
        for actor in event["actors"]
        for target in event["targets"]
    ]


def _edge_style(event: Record) -> Record:
    return {
        "event": event["id"],
        "label": f"not {event['action']}" if event["negated"] else event["action"],
        "kind": event["type"],
        "quad": event["quad"],
        "dashes": event["negated"] or event["modality"] != "asserted",
    }


def _degrees(edges: Iterable[Record]) -> Counter[str]:
    """Count for each actor the events that join it to another."""
    ends = {(edge["event"], end) for edge in edges for end in (edge["from"], edge["to"])}
    return Counter(end for _, end in ends)


def _first_view(
    ranked: Sequence[Record], edges: Sequence[Record], events: Sequence[Record]
) -> list[str]:
    """Choose who is shown at first: the most connected, and the parties of jointly told events."""
    known = [entity["id"] for entity in ranked]
    told_jointly = {event["id"] for event in events if len(event.get("publishers", ())) > 1}
    shown = [edge for edge in edges if edge["event"] in told_jointly]
    joint = {end for edge in shown for end in (edge["from"], edge["to"])}
    chosen = {*known[:FIRST_ACTORS], *[id_ for id_ in known if id_ in joint][:FIRST_ACTORS]}
    return [id_ for id_ in known if id_ in chosen]


def _colours(ranked: Iterable[Record], entities: Iterable[Record]) -> list[Record]:
    """Give the countries with most actors in the graph a tint each; group 0 is everybody else."""
    countries = Counter(entity["country"] for entity in ranked if entity["country"])
    best = sorted(countries, key=lambda code: (-countries[code], code))[:COLOURED_COUNTRIES]
    names = {entity["country"]: entity["countryName"] for entity in entities}
    tints: list[Record] = [
        {"group": place, "country": code, "label": names[code] or code}
        for place, code in enumerate(best, start=1)
    ]
    return [*tints, {"group": 0, "country": None, "label": "other, or no state"}]


def _graph(
    ranked: Sequence[Record],
    edges: Sequence[Record],
    degrees: Mapping[str, int],
    colours: Sequence[Record],
) -> Record:
    """Build the graph in pyvis' model: nodes with their places, directed edges, none dropped."""
    from pyvis.network import Network

    groups = {colour["country"]: colour["group"] for colour in colours}
    labels = {entity["id"]: _wrapped(entity["name"]) for entity in ranked}
    drawn = [edge for edge in edges if edge["from"] in labels and edge["to"] in labels]
    places = lay_out(labels, [(edge["from"], edge["to"]) for edge in drawn])
    network = Network(directed=True)
    for entity in ranked:
        x, y = places[entity["id"]]
        network.add_node(
            entity["id"],
            label=labels[entity["id"]],
            shape=SHAPES.get(entity["kind"], "star"),
            group=groups.get(entity["country"], 0),
            size=round(10 + 3.4 * math.sqrt(degrees[entity["id"]]), 1),
            title=f"{entity['name']}\n{entity['role'] or entity['kindLabel']}",
            x=x,
            y=y,
        )
    for edge in drawn:
        style = {key: edge[key] for key in edge if key not in ("from", "to")}
        network.add_edge(edge["from"], edge["to"], **style)
    return {"nodes": network.nodes, "edges": network.edges}


def _wrapped(name: str) -> str:
    """Break a long name over lines, for a label under a node.

    >>> _wrapped("International Syria Support Group").split("\\n")
    ['International Syria', 'Support Group']
    """
    lines = textwrap.wrap(name, LABEL_WIDTH) or ["?"]
    return "\n".join(lines[:LABEL_LINES]) + (" …" if len(lines) > LABEL_LINES else "")
