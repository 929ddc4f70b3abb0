"""The explorer: its page, and the parts that it asks for by and by."""

from __future__ import annotations

import gzip
from http import HTTPStatus
from typing import TYPE_CHECKING

from werkzeug.exceptions import Gone, NotFound
from werkzeug.wrappers import Request, Response

from kg.errors import KGError
from kg.serve.formats import HTML
from kg.serve.parts import NotReadyError
from kg.view import served_page

if TYPE_CHECKING:
    from kg.serve.snapshot import Snapshot

__all__ = ["BELOW", "explorer_page", "explorer_part"]

BELOW = "/parts/"
PATIENCE = 2.0  # seconds until a page hears how far its part has come; it asks again


def explorer_page(snapshot: Snapshot) -> Response:
    """Answer with the page; it asks for its parts under the snapshot's name."""
    snapshot.parts.begin()
    page = snapshot.kept("page", lambda: served_page(f"{BELOW}{snapshot.name}/").encode("utf-8"))
    return Response(page, content_type=HTML.content_type)


def explorer_part(request: Request, snapshot: Snapshot, version: str, name: str) -> Response:
    """Answer with a part of what the page shows, or with 202 while it is being made.

    A page that is open keeps to the state of the store it was opened on: parts of two states don't
    fit together.

    Raises:
        HTTPException: there is no such part, or the store has changed since.
    """
    if version != snapshot.name:
        raise Gone("the graph has changed; load the page again")
    try:
        wanted = name.removesuffix(".json") if name.endswith(".json") else ""
        packed = snapshot.parts.give(wanted, PATIENCE) if wanted else None
    except NotReadyError as error:
        return Response(f"{error}\n", HTTPStatus.ACCEPTED, content_type="text/plain; charset=utf-8")
    except KGError as error:
        raise NotFound(str(error)) from error
    if packed is None:
        raise NotFound("there is no such part")
    response = Response(packed, content_type="application/json")
    response.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        response.content_encoding = "gzip"
    else:
        response.set_data(gzip.decompress(packed))
    return response
