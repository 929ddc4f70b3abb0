"""From request to response: who may ask, where each address leads, and what every answer says.

The front of `kg serve` as a WSGI application. Whatever comes in, there is an answer in one line;
nothing that was read from articles or sent by a client becomes markup, a header or an address.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from werkzeug.exceptions import (
    HTTPException,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)
from werkzeug.wrappers import Request, Response

from kg.rdf import prefixes
from kg.serve.console import console
from kg.serve.descriptions import (
    describe_data,
    describe_service,
    serialise,
    where_it_is_served,
)
from kg.serve.explorer import BELOW, explorer_page, explorer_part
from kg.serve.formats import DESCRIPTIONS, choose
from kg.serve.pages import page_of, style_sheet
from kg.serve.protocol import answer, read_question, wants_page
from kg.serve.records import KINDS
from kg.serve.shelves import shelf
from kg.serve.snapshot import Snapshot, Snapshots
from kg.view import served_policy

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

__all__ = ["BODY", "LOOPBACK", "Access", "Application"]

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
OWN_ORIGIN = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")
ANY_HOST = re.compile(r"([A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(:\d{1,5})?")
BODY = 1 << 20  # bytes of a request
# Of a target in absolute form (RFC 9112, section 3.2.2); whether it is an address is no matter.
BEFORE_PATH = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
ROBOTS = "User-agent: *\nDisallow: /\n"
SPARQL = ("sparql", "query")
READS = ("GET", "HEAD")
# Where no policy of a page's own says otherwise: nothing runs, nothing is fetched from elsewhere.
POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}
logger = logging.getLogger("kg.serve")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who may ask.

    Attributes:
        hosts: names under which the server is asked; None takes any. On a machine's own address it
            keeps out pages that have a name of theirs resolved to it (DNS rebinding).
        origins: web pages that may read the answers; "*" stands for all. Pages of this machine may.
    """

    hosts: tuple[str, ...] | None = LOOPBACK
    origins: tuple[str, ...] = ()

    def allows_host(self, host: str) -> bool:
        """Tell whether a Host header is one of ours, whatever the port."""
        if self.hosts is None:
            return ANY_HOST.fullmatch(host) is not None
        return re.sub(r":\d{1,5}\Z", "", host).lower() in self.hosts

    def allows_origin(self, origin: str) -> bool:
        """Tell whether a web page may read the answer.

        >>> Access().allows_origin("http://localhost:8888"), Access().allows_origin("null")
        (True, False)
        """
        return (
            "*" in self.origins
            or origin in self.origins
            or OWN_ORIGIN.fullmatch(origin) is not None
        )


class Application:
    """The WSGI application over the newest snapshot of a store."""

    def __init__(self, snapshots: Snapshots, access: Access) -> None:
        self._snapshots, self._access = snapshots, access

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        request.max_content_length = request.max_form_memory_size = BODY
        try:
            response = self._answer(request)
        except HTTPException as error:
            response = _told(error)
        # the last resort: a line for whoever asks, the rest for us
        except Exception as error:
            debug = bool(os.environ.get("KG_DEBUG"))
            logger.error("a request failed: %s", type(error).__name__, exc_info=debug)
            response = _line(HTTPStatus.INTERNAL_SERVER_ERROR, "something went wrong here")
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        self._allow_reading(request, response)
        return response(environ, start)

    def _answer(self, request: Request) -> Response:
        host = request.environ.get("HTTP_HOST")
        if host is not None and not self._access.allows_host(host):
            return _line(HTTPStatus.MISDIRECTED_REQUEST, "this server has no such name; see --host")
        if request.method == "OPTIONS":
            return _options(request)
        explored = _path(request) == "" or _path(request).startswith(BELOW[1:])
        lease = self._snapshots.lease_shown if explored else self._snapshots.lease
        with lease() as snapshot:
            response = _route(request, snapshot)
            if response.status_code == HTTPStatus.OK and request.method in READS:
                response.vary.update(("Accept", "Origin"))
                if not response.is_streamed:
                    response.add_etag()
                    response.make_conditional(request)
            return response

    def _allow_reading(self, request: Request, response: Response) -> None:
        """Let a web page from elsewhere read the answer, if it may (CORS)."""
        origin = request.headers.get("Origin", "")
        if not origin or not self._access.allows_origin(origin):
            return
        every = "*" in self._access.origins
        response.headers["Access-Control-Allow-Origin"] = "*" if every else origin
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        if request.method == "OPTIONS":
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
            response.headers["Access-Control-Max-Age"] = "86400"


def _route(request: Request, snapshot: Snapshot) -> Response:
    """Find what an address leads to.

    Raises:
        HTTPException: nothing, or not by this method.
    """
    path = _path(request)
    if path in SPARQL:
        return _sparql(request, snapshot)
    if request.method not in READS:
        raise MethodNotAllowed(READS)
    first, _, rest = path.partition("/")
    if first in KINDS and "/" not in rest and "/" in path:
        return page_of(request, snapshot, first, rest) if rest else shelf(request, snapshot, first)
    if path.startswith(BELOW[1:]) and rest.count("/") == 1:
        version, name = map(unquote, rest.split("/"))
        return explorer_part(request, snapshot, version, name)
    fixed: dict[str, Callable[[], Response]] = {
        "": lambda: _explorer(snapshot),
        "style.css": lambda: Response(style_sheet(), content_type="text/css; charset=utf-8"),
        "robots.txt": lambda: Response(ROBOTS, content_type="text/plain; charset=utf-8"),
        ".well-known/void": lambda: _void(request, snapshot),
    }
    if path not in fixed:
        raise NotFound("there is nothing at this address")
    return fixed[path]()


def _path(request: Request) -> str:
    """The path as it was sent, percent-encoding and all, without the first slash."""
    sent = request.environ.get("REQUEST_URI") or request.path
    path = BEFORE_PATH.sub("", cast("str", sent))
    return path.partition("?")[0].partition("#")[0].removeprefix("/")


def _sparql(request: Request, snapshot: Snapshot) -> Response:
    if request.method not in (*READS, "POST"):
        raise MethodNotAllowed((*READS, "POST"))
    question = read_question(request)
    if wants_page(request, question):
        return console(request, snapshot, question)
    if question.sparql is not None:
        return answer(request, snapshot, question, question.sparql)
    format = choose(DESCRIPTIONS, request.accept_mimetypes, question.format)
    triples = describe_service(request.root_url)
    written = serialise(triples, format, prefixes(snapshot.base))
    return Response(written, content_type=format.content_type)


def _void(request: Request, snapshot: Snapshot) -> Response:
    format = choose(DESCRIPTIONS, request.accept_mimetypes, request.args.get("format"))
    base = snapshot.base
    told = snapshot.kept("description", lambda: describe_data(snapshot.store, base))
    written = serialise(
        [*told, *where_it_is_served(request.root_url, base)], format, prefixes(base)
    )
    return Response(written, content_type=format.content_type)


def _explorer(snapshot: Snapshot) -> Response:
    response = explorer_page(snapshot)
    response.headers["Content-Security-Policy"] = f"{served_policy()}; frame-ancestors 'none'"
    return response


def _options(request: Request) -> Response:
    methods = "GET, HEAD, POST, OPTIONS" if _path(request) in SPARQL else "GET, HEAD, OPTIONS"
    return Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": methods})


def _told(error: HTTPException) -> Response:
    """An error in one line, with what its kind says in headers."""
    told = error.description or error.name
    if isinstance(error, RequestEntityTooLarge):
        told = f"a request may have a body of {BODY:,} bytes"
    response = _line(error.code or HTTPStatus.BAD_REQUEST, told)
    for name, value in error.get_headers():
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def _line(status: int, message: str) -> Response:
    line = " ".join(message.split())
    return Response(f"{line}\n", status=status, content_type="text/plain; charset=utf-8")
