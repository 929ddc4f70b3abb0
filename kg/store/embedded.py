"""Oxigraph inside this process: a folder on disk, or in memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import cast

import pyoxigraph as ox

from kg.errors import StoreError
from kg.store.interface import GraphName, QueryAnswer
from kg.store.updates import data_update

__all__ = ["OxigraphStore", "check_place", "copy_store", "open_folder"]

AT_ONCE = 500_000  # quads loaded together; a million, as Oxigraph would, take twice the memory


def open_folder(path: Path, read_only: bool = False) -> OxigraphStore:
    """Open the store of a folder; see `kg.store.open_store`.

    Raises:
        StoreError: if the folder is no store, is locked by another writer or can't be read.
    """
    with _told_in_one_line(str(path)):
        _finish_replacing(path)
        _check_folder(path, read_only)
        if read_only:
            return OxigraphStore(ox.Store.read_only(str(path)), str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
        return OxigraphStore(ox.Store(str(path)), str(path))


def check_place(path: Path) -> None:
    """See that a store may take a place: nothing is there, or an older store.

    Raises:
        StoreError: something else is there.
    """
    with _told_in_one_line(str(path)):
        _check_folder(path, read_only=False)


def _finish_replacing(path: Path) -> None:
    """Put the new store in its place, if a writer died after it had taken the old one away."""
    new, old = path.with_name(f"{path.name}.new"), path.with_name(f"{path.name}.old")
    if not path.exists() and old.exists() and new.exists():
        with suppress(FileNotFoundError):  # the writer lives, and was quicker
            new.rename(path)


def copy_store(source: Path, target: Path) -> None:
    """Copy a store that nobody writes; on one file system its files are only linked.

    Raises:
        StoreError: if there is no store in `source`, or `target` exists or can't be written.
    """
    with _told_in_one_line(str(target)):
        _check_folder(source, read_only=True)
        if target.exists():
            raise StoreError(f"{target}: is there already; a copy takes no other's place")
        ox.Store.read_only(str(source)).backup(str(target))


class OxigraphStore:
    """A `Store` inside this process; one writer at a time may hold a folder."""

    def __init__(self, inner: ox.Store | None = None, location: str | None = None) -> None:
        self._inner: ox.Store | None = ox.Store() if inner is None else inner
        self._location = location
        self._loaded = False

    @property
    def location(self) -> str | None:
        """The folder; None in memory.

        >>> OxigraphStore().location is None
        True
        """
        return self._location

    def load(self, quads: Iterable[ox.Quad]) -> None:
        """Add many quads at once: three times as fast as `replace_graph`, but not all or nothing.

        >>> store = OxigraphStore()
        >>> store.load([ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal("o"))])
        >>> len(store)
        1
        """
        rest = iter(quads)
        with self._at_work() as inner:
            for first in rest:
                inner.bulk_extend(chain((first,), islice(rest, AT_ONCE - 1)))
                self._loaded = True

    def change(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> None:
        """Take quads out and put quads in, in one transaction; what is in both stays in.

        >>> store, node = OxigraphStore(), ox.NamedNode("urn:n")
        >>> store.change([], [ox.Quad(node, node, ox.Literal("old"))])
        >>> store.change(list(store.quads()), [ox.Quad(node, node, ox.Literal("new"))])
        >>> [quad.object.value for quad in store.quads()]
        ['new']
        """
        coming = set(added)
        going = set(removed) - coming
        with self._at_work() as inner:
            if not going:
                inner.extend(coming)
            else:
                inner.update(data_update(going, coming))

    def replace_graph(self, graph: GraphName, quads: Iterable[ox.Quad]) -> None:
        """Make one graph hold these quads and no others, in one transaction.

        Only what differs is written.

        >>> store, graph = OxigraphStore(), ox.NamedNode("urn:g")
        >>> store.replace_graph(graph, [ox.Quad(graph, graph, ox.Literal("old"))])
        >>> store.replace_graph(graph, [ox.Quad(graph, graph, ox.Literal("new"))])
        >>> [quad.object.value for quad in store.quads(graph)]
        ['new']
        """
        wanted = {ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads}
        if not wanted:
            self.remove_graph(graph)
            return
        present = set(self.quads(graph))
        self.change(present - wanted, wanted - present)

    def remove_graph(self, graph: GraphName) -> None:
        """Drop a graph and all in it; one that isn't there is no error.

        >>> store, graph = OxigraphStore(), ox.NamedNode("urn:g")
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

        >>> store, graph = OxigraphStore(), ox.NamedNode("urn:g")
        >>> store.load([ox.Quad(graph, graph, ox.Literal("found"), graph)])
        >>> [row["o"].value for row in store.query("SELECT ?o { ?s ?p ?o }")]
        ['found']
        """
        with self._at_work() as inner:
            return inner.query(sparql, use_default_graph_as_union=True)

    def graphs(self) -> list[ox.NamedNode]:
        """The named graphs, sorted.

        >>> OxigraphStore().graphs()
        []
        """
        with self._at_work() as inner:
            names = cast("list[ox.NamedNode]", list(inner.named_graphs()))
        return sorted(names, key=lambda name: name.value)

    def quads(self, graph: GraphName | None = None) -> Iterator[ox.Quad]:
        """The quads of one graph, or of all; in no order.

        >>> list(OxigraphStore().quads())
        []
        """
        with self._at_work() as inner:
            yield from inner.quads_for_pattern(None, None, None, graph)

    def about(self, nodes: Iterable[ox.NamedNode], graph: GraphName) -> Iterator[ox.Quad]:
        """The quads of one graph whose subject is one of some nodes; in no order.

        >>> node = ox.NamedNode("urn:n")
        >>> list(OxigraphStore().about([node], node))
        []
        """
        with self._at_work() as inner:
            for node in nodes:
                yield from inner.quads_for_pattern(node, None, None, graph)

    def flush(self) -> None:
        """Make what was written survive a power cut; after `load`, order it for fast queries.

        >>> OxigraphStore().flush()
        """
        with self._at_work() as inner:
            if self._loaded:
                inner.optimize()
                self._loaded = False
            inner.flush()

    def close(self) -> None:
        """Let go of the store and its lock; closing twice is no error.

        >>> store = OxigraphStore()
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
