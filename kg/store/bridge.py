"""Stores and quads as rdflib's objects, for callers who know rdflib."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

import pyoxigraph as ox

if TYPE_CHECKING:
    import rdflib

    from kg.store.interface import Store

__all__ = ["rdflib_graph", "to_dataset"]


def to_dataset(store: Store) -> rdflib.Dataset:
    """Copy a store into an rdflib `Dataset` whose default graph is the union of all graphs.

    >>> from kg.store import open_store
    >>> store = open_store()
    >>> store.load([ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(1))])
    >>> [int(value) for value in to_dataset(store).objects()]
    [1]
    """
    import rdflib

    dataset = rdflib.Dataset(default_union=True)
    for quad in store.quads():
        if isinstance(quad.graph_name, ox.DefaultGraph):
            graph = dataset.default_graph
        else:
            graph = dataset.graph(rdflib.URIRef(cast("ox.NamedNode", quad.graph_name).value))
        graph.add(_rdflib_triple(quad))
    return dataset


def rdflib_graph(quads: Iterable[ox.Quad]) -> rdflib.Graph:
    """Copy quads into one rdflib `Graph`, the names of their graphs left out.

    >>> node = ox.NamedNode("urn:n")
    >>> len(rdflib_graph([ox.Quad(node, node, node, node), ox.Quad(node, node, node)]))
    1
    """
    import rdflib

    graph = rdflib.Graph()
    for quad in quads:
        graph.add(_rdflib_triple(quad))
    return graph


def _rdflib_triple(quad: ox.Quad) -> tuple[rdflib.term.Node, rdflib.term.Node, rdflib.term.Node]:
    return _rdflib_node(quad.subject), _rdflib_node(quad.predicate), _rdflib_node(quad.object)


def _rdflib_node(node: object) -> rdflib.term.Node:
    import rdflib

    if isinstance(node, ox.NamedNode):
        return rdflib.URIRef(node.value)
    if isinstance(node, ox.BlankNode):
        return rdflib.BNode(node.value)
    literal = cast("ox.Literal", node)
    if literal.language:
        return rdflib.Literal(literal.value, lang=literal.language)
    if literal.datatype.value == "http://www.w3.org/2001/XMLSchema#string":
        return rdflib.Literal(literal.value)
    # Not normalised: the same characters as in the store.
    datatype = rdflib.URIRef(literal.datatype.value)
    return rdflib.Literal(literal.value, datatype=datatype, normalize=False)
