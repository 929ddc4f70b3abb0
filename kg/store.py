"""The store: a few verbs over an embedded Oxigraph, on disk or in memory.

`Store` is what the rooms after this one may ask of a store; a SPARQL endpoint behind a URL can
answer the same verbs. Terms and quads are pyoxigraph's, and a graph is named by a `NamedNode`, or
by `DefaultGraph()` where the default graph itself is meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, cast

import pyoxigraph as ox

from kg.errors import StoreError

if TYPE_CHECKING:
    import rdflib

__all__ = [
    "GraphName",
    "OxigraphStore",
    "QueryAnswer",
    "Store",
    "open_store",
    "rdflib_graph",
    "to_dataset",
]

GraphName = ox.NamedNode | ox.DefaultGraph
QueryAnswer = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


class Store(Protocol):
    """What can be asked of a store, wherever it is kept.

    >>> from kg.rdf import Names
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

    def replace_graph(self, graph: GraphName, quads: Iterable[ox.Quad]) -> None:
        """Make one graph hold these quads and no others, whatever graph they name themselves."""

    def remove_graph(self, graph: GraphName) -> None:
        """Drop a graph and all in it; one that isn't there is no error."""

    def query(self, sparql: str) -> QueryAnswer:
        """Answer SPARQL 1.1 over the union of all graphs.

        A triple that stands in two graphs is found twice: say DISTINCT where that matters.

        Raises:
            SyntaxError: if `sparql` doesn't parse, with line and column.
        """

    def graphs(self) -> list[ox.NamedNode]:
        """The named graphs, sorted."""

    def quads(self, graph: GraphName | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph, or of all; in no order."""

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


def open_store(location: str | Path | None = None, *, read_only: bool = False) -> Store:
    """Open an embedded store.

    Args:
        location: folder of the store, made where it is missing; None keeps it in memory.
        read_only: a snapshot as of now, that neither takes nor needs the writer's lock.

    Raises:
        StoreError: if the folder is no store, is locked by another writer or can't be read.

    >>> with open_store() as store:
    ...     bool(store.query("ASK { ?s ?p ?o }"))
    False
    """
    if location is None:
        return OxigraphStore(ox.Store())
    path = Path(location)
    with _told_in_one_line(str(path)):
        _check_folder(path, read_only)
        inner = ox.Store.read_only(str(path)) if read_only else ox.Store(str(path))
    return OxigraphStore(inner, str(path))


class OxigraphStore:
    """A `Store` inside this process; one writer at a time may hold a folder."""

    def __init__(self, inner: ox.Store, location: str | None = None) -> None:
        self._inner: ox.Store | None = inner
        self._location = location
        self._loaded = False

    @property
    def location(self) -> str | None:
        """The folder; None in memory.

        >>> open_store().location is None
        True
        """
        return self._location

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once: three times as fast as `replace_graph`, but not all or nothing.

        >>> store = open_store()
        >>> store.load([ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"))])
        >>> len(store)
        1
        """
        with self._at_work() as inner:
            inner.bulk_extend(quads)
            self._loaded = True

    def replace_graph(self, graph: GraphName, quads: Iterable[ox.Quad]) -> None:
        """Make one graph hold these quads and no others.

        Only what differs is written: what is new in one transaction, then what is gone is taken
        out. After a crash between the two, do it again.

        >>> store, graph = open_store(), ox.NamedNode("urn:g")
        >>> store.replace_graph(graph, [ox.Quad(graph, graph, ox.Literal("old"))])
        >>> store.replace_graph(graph, [ox.Quad(graph, graph, ox.Literal("new"))])
        >>> [quad.object.value for quad in store.quads(graph)]
        ['new']
        """
        wanted = {ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads}
        with self._at_work() as inner:
            present = set(inner.quads_for_pattern(None, None, None, graph))
            if not wanted:
                inner.remove_graph(graph)
                return
            inner.extend(wanted - present)
            for quad in present - wanted:
                inner.remove(quad)

    def remove_graph(self, graph: GraphName) -> None:
        """Drop a graph and all in it; one that isn't there is no error.

        >>> store, graph = open_store(), ox.NamedNode("urn:g")
        >>> store.load([ox.Quad(graph, graph, graph, graph)])
        >>> store.remove_graph(graph)
        >>> store.graphs()
        []
        """
        with self._at_work() as inner:
            inner.remove_graph(graph)

    def query(self, sparql: str) -> QueryAnswer:
        """Answer SPARQL 1.1 over the union of all graphs.

        Raises:
            SyntaxError: if `sparql` doesn't parse, with line and column.

        >>> store, graph = open_store(), ox.NamedNode("urn:g")
        >>> store.load([ox.Quad(graph, graph, ox.Literal("found"), graph)])
        >>> [row["o"].value for row in store.query("SELECT ?o { ?s ?p ?o }")]
        ['found']
        """
        with self._at_work() as inner:
            return inner.query(sparql, use_default_graph_as_union=True)

    def graphs(self) -> list[ox.NamedNode]:
        """The named graphs, sorted.

        >>> open_store().graphs()
        []
        """
        with self._at_work() as inner:
            names = cast("list[ox.NamedNode]", list(inner.named_graphs()))
        return sorted(names, key=lambda name: name.value)

    def quads(self, graph: GraphName | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph, or of all; in no order.

        >>> list(open_store().quads())
        []
        """
        with self._at_work() as inner:
            yield from inner.quads_for_pattern(None, None, None, graph)

    def flush(self) -> None:
        """Make what was written survive a power cut; after `load`, order it for fast queries.

        >>> open_store().flush()
        """
        with self._at_work() as inner:
            if self._loaded:
                inner.optimize()
                self._loaded = False
            inner.flush()

    def close(self) -> None:
        """Let go of the store and its lock; closing twice is no error.

        >>> store = open_store()
        >>> store.close()
        >>> len(store)
        Traceback (most recent call last):
        ...
        kg.errors.StoreError: the store in memory: it is closed
        """
        self._inner = None

    def __len__(self) -> int:
        with self._at_work() as inner:
            return len(inner)

    def __bool__(self) -> bool:
        # Without it, `if store` would ask for the length and call an empty store false.
        return True

    def __enter__(self) -> OxigraphStore:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @contextmanager
    def _at_work(self) -> Iterator[ox.Store]:
        where = self._location or "the store in memory"
        if self._inner is None:
            raise StoreError(f"{where}: it is closed")
        with _told_in_one_line(where):
            yield self._inner


def _check_folder(path: Path, read_only: bool) -> None:
    """Keep Oxigraph from making a store out of whatever folder it is given."""
    if path.exists() and not path.is_dir():
        raise StoreError(f"{path}: a store is a folder, and this is a file")
    if (path / "CURRENT").exists():
        return
    if read_only:
        raise StoreError(f"{path}: no store here; make one with `kg build PATH`")
    if path.is_dir() and any(path.iterdir()):
        raise StoreError(f"{path}: a folder with other things in it, not a store; name a new one")


@contextmanager
def _told_in_one_line(where: str) -> Iterator[None]:
    """Turn what Oxigraph raises into a `StoreError` that says what, where and the way out."""
    try:
        yield
    except (OSError, RuntimeError) as e:
        raise StoreError(f"{where}: {_explain(e)}") from e


def _explain(error: Exception) -> str:
    words = " ".join(str(error).split())
    if "lock" in words.lower():
        return "another writer has this store open; end it or open the store read-only"
    if "read-write" in words:
        return "it was opened read-only and can't be changed"
    if isinstance(error, PermissionError) or "ermission denied" in words or "Read-only" in words:
        return "no right to write here; open it read-only or name another folder"
    if "Corruption" in words:
        return f"the store is damaged ({words}); remove it and run `kg build` again"
    return words


def to_dataset(store: Store) -> rdflib.Dataset:
    """Copy a store into an rdflib `Dataset` whose default graph is the union of all graphs.

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
