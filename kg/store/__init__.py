"""The store: a few verbs over Oxigraph on disk or in memory, or over a SPARQL 1.1 endpoint by URL.

`Store` is what the rooms after this one may ask of a store, wherever it is kept. Terms and quads
are pyoxigraph's, and a graph is named by a `NamedNode`, or by `DefaultGraph()` where the default
graph itself is meant.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kg.store.bridge import rdflib_graph, to_dataset
from kg.store.embedded import OxigraphStore, check_place, copy_store, open_folder
from kg.store.interface import GraphName, QueryAnswer, Store

if TYPE_CHECKING:
    from kg.store.remote import RemoteStore

__all__ = [
    "GraphName",
    "OxigraphStore",
    "QueryAnswer",
    "Store",
    "check_place",
    "copy_store",
    "is_url",
    "open_store",
    "rdflib_graph",
    "to_dataset",
]


def open_store(location: str | Path | None = None, *, read_only: bool = False) -> Store:
    """Open a store: a folder, an endpoint, or one in memory.

    Args:
        location: folder of the store, made where it is missing; or the `http(s)://` address of a
            SPARQL 1.1 endpoint (see `kg.store.remote`); None keeps it in memory.
        read_only: a snapshot as of now, that neither takes nor needs the writer's lock; an endpoint
            is read as it is at each question.

    Raises:
        StoreError: if the folder is no store, is locked by another writer or can't be read, or if
            nobody answers at the address.

    >>> with open_store() as store:
    ...     bool(store.query("ASK { ?s ?p ?o }"))
    False
    """
    if location is None:
        return OxigraphStore()
    if is_url(location):
        return _endpoint(str(location), read_only)
    return open_folder(Path(location), read_only)


def is_url(location: str | Path) -> bool:
    """Tell an endpoint's address from a folder.

    >>> is_url("http://localhost:7878"), is_url("out/store")
    (True, False)
    """
    return str(location).casefold().startswith(("http://", "https://"))


def _endpoint(address: str, read_only: bool) -> RemoteStore:
    from kg.store.remote import RemoteStore  # urllib would be imported at every start

    return RemoteStore(address, read_only=read_only)
