"""The explorer: its page, and the parts that it asks for by and by."""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import TYPE_CHECKING

from werkzeug.exceptions import Gone, NotFound
from werkzeug.wrappers import Request, Response

from kg.errors import StoreError
from kg.serve.formats import HTML
from kg.view import PartsOnDemand, encode_part, served_page

if TYPE_CHECKING:
    from kg.serve.snapshot import Snapshot
    from kg.store import Store
    from kg.view.rows import Record

__all__ = ["BELOW", "explorer_page", "explorer_part"]

BELOW = "/parts/"
KEPT = 256  # parts, of some ten to a hundred KB each


def explorer_page(snapshot: Snapshot) -> Response:
    """Answer with the page; it asks for its parts under the snapshot's name."""
    page = snapshot.kept("page", lambda: served_page(f"{BELOW}{snapshot.name}/").encode("utf-8"))
    return Response(page, content_type=HTML.content_type)


def explorer_part(request: Request, snapshot: Snapshot, version: str, name: str) -> Response:
    """Answer with a part of what the page shows.

    A page that is open keeps to the state of the store it was opened on: parts of two states don't
    fit together.

    Raises:
        HTTPException: there is no such part, or the store has changed since.
    """
    if version != snapshot.name:
        raise Gone("the graph has changed; load the page again")
    try:
        parts = snapshot.kept("parts", lambda: _Packed(snapshot.store))
    except StoreError as error:
        raise NotFound(str(error)) from error
    packed = parts.give(name.removesuffix(".json")) if name.endswith(".json") else None
    if packed is None:
        raise NotFound("there is no such part")
    response = Response(packed, content_type="application/json")
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.content_encoding = "gzip"
    else:
        response.set_data(gzip.decompress(packed))
    return response


class _Packed:
    """The parts, compressed; those asked for last are kept, and `core` as long as the snapshot."""

    def __init__(self, store: Store) -> None:
        """Make `core`.

        Raises:
            StoreError: the store holds no article.
        """
        self._parts = PartsOnDemand(store)
        self._core = _pack(self._parts.core)
        self._others = lru_cache(KEPT)(self._make)

    def give(self, name: str) -> bytes | None:
        """Give a part; None if there is none of that name."""
        return self._core if name == "core" else self._others(name)

    def _make(self, name: str) -> bytes | None:
        part = self._parts.make(name)
        return None if part is None else _pack(part)


def _pack(part: Record) -> bytes:
    return gzip.compress(encode_part(part), 6, mtime=0)
