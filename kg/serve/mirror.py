"""A graph that lies behind an address, copied so that it can be served as a folder's is.

Queries are answered by servers of our own over the copy: whatever the endpoint would do with an
update, a SERVICE or a query without an end, nobody can make it do so through us.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from kg.serve.engine import STORE
from kg.store import open_store

__all__ = ["mirrored"]


def mirrored(address: str) -> tempfile.TemporaryDirectory[str]:
    """Copy an endpoint's graphs, as they are now, into a folder that goes with what is returned.

    Raises:
        StoreError: nobody answers, or it isn't a SPARQL 1.1 endpoint with a Graph Store.
    """
    place = tempfile.TemporaryDirectory(prefix="kg-serve-", ignore_cleanup_errors=True)
    try:
        with (
            open_store(address, read_only=True) as source,
            open_store(Path(place.name) / STORE) as copy,
        ):
            copy.load(source.quads())
            copy.flush()
    except BaseException:
        place.cleanup()
        raise
    return place
