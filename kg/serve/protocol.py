"""The SPARQL 1.1 Protocol: what a request asks, checked, and the answer to it.

Oxigraph speaks the protocol; this hands it only what may be asked here. Updates and SERVICE are
refused, graphs that aren't in the store are refused instead of being taken for empty ones, and an
answer is sent when it is complete, so that an error is never found in the middle of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    ServiceUnavailable,
    UnprocessableEntity,
    UnsupportedMediaType,
)
from werkzeug.wrappers import Request, Response

from kg.errors import QueryError
from kg.query import check_read_only, dataset_graphs, readable_error
from kg.serve.engine import Answer, AnswerTooLargeError, EngineDiedError, RejectedError
from kg.serve.formats import GRAPHS, HTML, RESULTS, Format, choose
from kg.serve.pool import BusyError, TooSlowError

if TYPE_CHECKING:
    from kg.serve.snapshot import Snapshot

__all__ = ["Question", "answer", "ask", "read_question", "wants_page"]

FORM, QUERY = "application/x-www-form-urlencoded", "application/sparql-query"
UPDATE = "application/sparql-update"
READ_ONLY = "an update is refused: this endpoint only reads; see `kg add` and `kg remove`"
PARAMETERS = 200
CHUNK = 1 << 16
DATASET = ("default-graph-uri", "named-graph-uri")
# What XML 1.0 can't hold, in UTF-8: control characters, U+FFFE and U+FFFF.
NOT_IN_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query as a request has it.

    Attributes:
        sparql: None where none is given.
        dataset: the protocol's parameters for it, as (name, IRI).
        format: the answer's, by its short name; None leaves it to the Accept header.
        others: parameters that aren't the protocol's.
    """

    sparql: str | None
    dataset: tuple[tuple[str, str], ...] = ()
    format: str | None = None
    others: tuple[tuple[str, str], ...] = ()


def read_question(request: Request) -> Question:
    """Read what a request asks.

    Raises:
        HTTPException: it isn't as the protocol has it, or would change something.
    """
    pairs = _pairs(request.query_string)
    if request.method == "POST":
        if request.mimetype == UPDATE:
            raise Forbidden(READ_ONLY)
        if request.mimetype not in (FORM, QUERY):
            raise UnsupportedMediaType(f"a query is posted as {FORM} or {QUERY}")
        if request.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
            raise UnsupportedMediaType("a query is UTF-8")
        body = request.get_data()
        pairs += _pairs(body) if request.mimetype == FORM else [("query", _decoded(body))]
    if any(name == "update" for name, _ in pairs):
        raise Forbidden(READ_ONLY)
    queries = [value for name, value in pairs if name == "query"]
    formats = [value for name, value in pairs if name == "format"]
    if len(queries) > 1 or len(formats) > 1:
        raise BadRequest("there is more than one query" if queries[1:] else "more than one format")
    if request.method == "POST" and not queries:
        raise BadRequest("there is no query")
    return Question(
        sparql=queries[0].removeprefix("\ufeff") if queries else None,  # as editors save a file
        dataset=tuple(pair for pair in pairs if pair[0] in DATASET),
        format=formats[0] if formats else None,
        others=tuple(p for p in pairs if p[0] not in (*DATASET, "query", "format")),
    )


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict",
            max_num_fields=PARAMETERS,
        )  # fmt: skip
    except UnicodeDecodeError as error:
        raise BadRequest("the parameters aren't percent-encoded UTF-8") from error
    except ValueError as error:
        raise BadRequest(f"there are more than {PARAMETERS} parameters") from error


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRequest("the query isn't UTF-8") from error


def answer(request: Request, snapshot: Snapshot, question: Question, sparql: str) -> Response:
    """Answer a query in the format that is preferred, which isn't HTML here.

    Raises:
        HTTPException: it can't be answered; the message says why.
    """
    offered = RESULTS if _form(sparql) in ("SELECT", "ASK") else GRAPHS
    kept = [format for format in offered if format is not HTML]
    format = choose(kept, request.accept_mimetypes, question.format)
    given = ask(request, snapshot, question, sparql, format)
    if format.xml:
        given = _for_xml(given)
    response = Response(_chunks(given.body), content_type=format.content_type)
    response.call_on_close(given.body.close)
    response.content_length = given.length
    return response


def wants_page(request: Request, question: Question) -> bool:
    """Tell whether a person asks: a browser prefers HTML to all that machines read."""
    if question.format is not None:
        return question.format == HTML.name
    accept = request.accept_mimetypes
    types = [format.media_type for format in (*RESULTS, *GRAPHS)]
    return bool(accept) and accept.best_match(types) == HTML.media_type


def ask(
    request: Request, snapshot: Snapshot, question: Question, sparql: str, format: Format
) -> Answer:
    """Ask the snapshot, once it is known that the query only reads what is there.

    Raises:
        HTTPException: it can't be answered; the message says why.
    """
    _form(sparql)
    asked = [*(iri for _, iri in question.dataset), *dataset_graphs(sparql)]
    for iri in asked:
        if iri not in snapshot.graphs:
            raise BadRequest(f"there is no graph <{iri[:200]}> here, and none is fetched")
    parameters = [("query", sparql), *question.dataset]
    if not asked:
        # As a flag of the server it would make FROM and FROM NAMED go unheard.
        parameters.append(("union-default-graph", ""))
    gone = request.environ.get("waitress.client_disconnected", lambda: False)
    try:
        return snapshot.pool.ask(parameters, format.media_type, gone)
    except RejectedError as error:
        raise BadRequest(readable_error(str(error))) from error
    except AnswerTooLargeError as error:
        raise UnprocessableEntity(f"{error}; ask for less, with LIMIT") from error
    except TooSlowError as error:
        raise ServiceUnavailable(f"{error}; make it simpler, or see --timeout") from error
    except EngineDiedError as error:
        raise ServiceUnavailable(
            "it needs more memory than a query may have, or is nested too deeply; make it simpler"
        ) from error
    except BusyError as error:
        raise ServiceUnavailable(f"{error}; come again", retry_after=1) from error


def _form(sparql: str) -> str:
    try:
        return check_read_only(sparql)
    except QueryError as error:
        raise BadRequest(str(error)) from error


def _chunks(body: IO[bytes]) -> Iterator[bytes]:
    while chunk := body.read(CHUNK):
        yield chunk


def _for_xml(given: Answer) -> Answer:
    """Put U+FFFD for what XML can't hold, rather than send what no parser takes."""
    text = given.body.read()
    if NOT_IN_XML.search(text) is None:
        given.body.seek(0)
        return given
    clean = NOT_IN_XML.sub(b"\xef\xbf\xbd", text)
    given.body.seek(0)
    given.body.truncate()
    given.body.write(clean)
    given.body.seek(0)
    return Answer(given.body, len(clean))
