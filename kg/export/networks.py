"""Who acts on whom, for programs that draw and measure networks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from kg.export.statements import xml_text
from kg.export.stored import Stored, publisher
from kg.model import Entity, Event

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["write_gexf", "write_graphml"]

HEAD = b'<?xml version="1.0" encoding="utf-8"?>\n'


def write_graphml(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write GraphML: a node an entity that plays a part, an edge an event and pair."""
    import networkx as nx

    file.write(HEAD)
    for line in nx.generate_graphml(_network(store), encoding="utf-8", prettyprint=True):
        file.write(f"{line}\n".encode())


def write_gexf(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write GEXF, with the same nodes and edges."""
    import networkx as nx

    graph = _network(store)
    for _, _, key, attributes in graph.edges(keys=True, data=True):
        # In GEXF an edge's own "type" says whether it is directed.
        attributes["plover_type"] = attributes.pop("type")
        attributes["id"] = key
    text = "\n".join(nx.generate_gexf(graph, encoding="utf-8", prettyprint=True))
    text = text.replace('title="plover_type"', 'title="type"', 1)
    # The library writes today's date and its own version; the same store must give the same bytes.
    text = re.sub(r'<meta lastmodifieddate="[^"]*">', "<meta>", text, count=1)
    text = re.sub(r"<creator>[^<]*</creator>", "<creator>newskg</creator>", text, count=1)
    file.write(HEAD + f"{text}\n".encode())


def _network(store: Store) -> Any:  # Any: networkx has no types
    """Build who acts on whom: a node an entity that plays a part, an edge an event and pair."""
    import networkx as nx

    stored = Stored(store)
    events = stored.events()
    graph = nx.MultiDiGraph()
    players = {e.id: e for event, _ in events for e in (*event.actors, *event.targets)}
    for id_, entity in sorted(players.items()):
        graph.add_node(id_, **_node_attributes(entity))
    published = {
        mention.id: publisher(reading.article)
        for reading in stored.readings()
        for mention in reading.events
    }
    for event, mentions in events:
        told_by = [published[mention] for mention in mentions if mention in published]
        for actor in event.actors:
            for target in event.targets:
                key = f"{event.id}.{actor.id}.{target.id}"
                graph.add_edge(actor.id, target.id, key, **_edge_attributes(event, told_by))
    return graph


def _node_attributes(entity: Entity) -> dict[str, str]:
    return {
        "label": xml_text(entity.name),
        "kind": entity.kind,
        "country": entity.country or "",
        "sector": entity.sector or "",
    }


def _edge_attributes(event: Event, told_by: Sequence[str]) -> dict[str, str | int]:
    return {
        "event": event.id,
        "type": event.code.event,
        "action": xml_text(event.action),
        "label": xml_text(event.action),
        "cameo": event.code.cameo or "",
        "date": event.when.iso if event.when else "",
        "modality": event.modality,
        "negated": str(event.negated).lower(),
        "publishers": xml_text("; ".join(sorted(set(told_by)))),
        "mentions": len(told_by),
    }
