"""Quads as SPARQL 1.1 Update: terms are spelt by the engine's own serialiser, never by hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

__all__ = ["data_update"]


def data_update(removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> str:
    r"""Write one update request that takes quads out and puts quads in.

    >>> node = ox.NamedNode("urn:n")
    >>> data_update([], [ox.Quad(node, node, ox.Literal('"} DROP ALL'))])
    'INSERT DATA {\n<urn:n> <urn:n> "\\"} DROP ALL" .\n}'
    """
    parts = [("DELETE DATA", removed), ("INSERT DATA", added)]
    requests = ((verb, _blocks(quads)) for verb, quads in parts)
    return " ;\n".join(f"{verb} {{\n{blocks}}}" for verb, blocks in requests if blocks)


def _blocks(quads: Iterable[ox.Quad]) -> str:
    graphs: defaultdict[str, list[str]] = defaultdict(list)
    for quad in quads:
        graph = quad.graph_name
        name = "" if isinstance(graph, ox.DefaultGraph) else str(graph)
        graphs[name].append(f"{quad.triple} .\n")
    return "".join(
        f"GRAPH {name} {{\n{''.join(lines)}}}\n" if name else "".join(lines)
        for name, lines in graphs.items()
    )
