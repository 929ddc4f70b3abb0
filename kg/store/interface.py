"""What a store can be asked, wherever it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import TracebackType
from typing import Protocol

import pyoxigraph as ox

__all__ = ["GraphName", "QueryAnswer", "Store"]

GraphName = ox.NamedNode | ox.DefaultGraph
QueryAnswer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Store(Protocol):
    """What can be asked of a store, wherever it is kept.

    >>> from kg.rdf import Names
    >>> from kg.store import open_store
    >>> graph = Names().article_graph("4f")
    >>> quad = ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"), graph)
    >>> with open_store(None) as store:
    ...     store.replace_graph(graph, [quad])
    ...     len(store)
    1
    """

    @property
    def location(self) -> str | None:
        """Where the store is kept; None in memory."""

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once; a failure half way may leave some of them in."""

    def change(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take quads out and put quads in, all or nothing; what is in both stays in.

        To take out what isn't there, or put in what is, is no error: a change may be done again.
        """

    def replace_graph(self, graph: GraphName, quads: Iterable[ox.Quad]) -> None:
        """Make one graph hold these quads and no others, whatever graph they name themselves.

        All or nothing; only what differs is written.
        """

    def remove_graph(self, graph: GraphName) -> None:
        """Drop a graph and all in it; one that isn't there is no error."""

    def query(self, sparql: str) -> QueryAnswer:
        """Answer SPARQL 1.1 over the union of all graphs.

        A triple that stands in two graphs is found twice in Oxigraph: say DISTINCT where it
        matters.

        Raises:
            SyntaxError: if `sparql` doesn't parse, with line and column.
        """

    def graphs(self) -> list[ox.NamedNode]:
        """The named graphs, sorted."""

    def quads(self, graph: GraphName | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph, or of all; in no order."""

    def about(self, nodes: Iterable[ox.NamedNode], graph: GraphName) -> Iterator[ox.Quad]:
        """The quads of one graph whose subject is one of some nodes; in no order."""

    def flush(self) -> None:
        """Make what was written survive a power cut."""

    def close(self) -> None:
        """Let go of the store; closing twice is no error."""

    def __len__(self) -> int: ...

    def __enter__(self) -> Store: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...
