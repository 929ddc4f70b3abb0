"""Requests as the front gets them, without a socket: none brings it to an error of its own."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kg.serve.application import Access, Application
from kg.serve.engine import STORE, Limits
from kg.serve.snapshot import Snapshots

PIECES = st.sampled_from([
    "", "%", "%00", "\x00", "\xff", "%ff", "%ED%A0%80", '"', "<b>", "{", "(" * 500, "a" * 3000,
    "ASK {}", "SELECT * { ?s ?p ?o } LIMIT 3", "DESCRIBE <urn:x>", "CLEAR ALL", "LOAD <http://x/>",
    "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 2", 'SELECT ("\\uD800\\u0000" AS ?x) {}',
    "SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", "SELECT * FROM <http://[x> { ?s ?p ?o }",
    "1e999", "-1", "9" * 30, "\u0661", "../..", "//", "http://[x/", "[::1", "a\r\nX: y", "bytes=0-",
    "text/html", "application/json", "text/turtle;q=0.5,*/*;q=0.1", "*/*;q=nan", ";;;,,,", "q=",
    "application/sparql-query", "application/sparql-update", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded; charset=rot13", 'application/sparql-query; charset="',
    'W/"x', "Sat, 99 Foo", "csv", "html", "jsonld", "xml", "nt",
])  # fmt: skip
TEXTS = st.one_of(PIECES, st.tuples(PIECES, PIECES).map("".join), st.text(max_size=12))
KEYS = st.sampled_from([
    "query", "query", "query", "format", "default-graph-uri", "named-graph-uri", "update", "named",
    "from", "to", "type", "page", "q", "",
])  # fmt: skip
PATHS = st.sampled_from([
    "/sparql", "/sparql", "/sparql", "/query", "/", "/entity/", "/event/", "/article/",
    "/entity/Iceland", "/parts/x/y", "/style.css", "/.well-known/void", "/x",
])  # fmt: skip
METHODS = st.sampled_from(["GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "get", "X Y"])
HEADERS = st.sampled_from([
    "ACCEPT", "ACCEPT", "ORIGIN", "HOST", "RANGE", "IF_NONE_MATCH", "IF_MODIFIED_SINCE", "COOKIE",
    "ACCEPT_ENCODING", "TRANSFER_ENCODING", "CONTENT_ENCODING", "IF_RANGE",
])  # fmt: skip
TYPES = st.one_of(
    st.sampled_from(["application/sparql-query", "application/x-www-form-urlencoded"]), TEXTS
)


def in_latin(text: str) -> str:
    """Text as WSGI has it: its bytes, each as one character (PEP 3333)."""
    return text.encode("utf-8", "surrogatepass").decode("latin-1")


@st.composite
def encoded(draw: st.DrawFn) -> str:
    """A query string, sometimes one that nobody encoded."""
    safe = draw(st.sampled_from(["", "", "%"]))
    pairs = draw(st.lists(st.tuples(KEYS, TEXTS), max_size=3))
    return "&".join(f"{key}={quote(text, safe, errors='replace')}" for key, text in pairs)


@st.composite
def requests(draw: st.DrawFn) -> dict[str, object]:
    """A WSGI environment."""
    path = draw(PATHS) + draw(st.one_of(st.just(""), TEXTS.map(in_latin)))
    body = draw(st.one_of(encoded().map(str.encode), TEXTS.map(lambda t: in_latin(t).encode()),
                          st.binary(max_size=30)))  # fmt: skip
    query = draw(st.one_of(encoded(), TEXTS.map(in_latin)))
    made: dict[str, object] = {
        "REQUEST_METHOD": draw(METHODS), "PATH_INFO": path, "QUERY_STRING": query,
        "HTTP_HOST": "localhost", "CONTENT_TYPE": in_latin(draw(TYPES)),
        "CONTENT_LENGTH": draw(st.sampled_from([str(len(body))] * 4 + ["", "x", "-1", "9" * 12])),
        "wsgi.input": io.BytesIO(body),
    }  # fmt: skip
    before = draw(st.sampled_from([None, "", "http://localhost", "http://[x", "*", " "]))
    if before is not None:
        made["REQUEST_URI"] = f"{before}{path}?{query}"
    for name, value in draw(st.dictionaries(HEADERS, TEXTS, max_size=3)).items():
        made[f"HTTP_{name}"] = in_latin(value)
    return made


@pytest.fixture(scope="module")
def applications(folder: Path) -> Iterator[tuple[Application, Application]]:
    """The front for this machine alone, and the one that is open to everybody."""
    snapshots = Snapshots(folder / STORE, Limits(seconds=5, engines=1, waiting=2))
    yield (
        Application(snapshots, Access()),
        Application(snapshots, Access(hosts=None, origins=("*",))),
    )
    snapshots.close()


@settings(max_examples=400)
@given(asked=requests(), everybody=st.booleans())
@example(asked={"REQUEST_URI": "http://[x/entity/"}, everybody=False)
def test_every_request_has_a_well_formed_answer(
    applications: tuple[Application, Application], asked: dict[str, object], everybody: bool
) -> None:
    environ = dict(asked)
    setup_testing_defaults(environ)
    begun: list[tuple[str, list[tuple[str, str]]]] = []
    answer = applications[everybody](environ, lambda *told: begun.append(told[:2]))  # type: ignore[arg-type]
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    ((status, headers),) = begun
    assert 200 <= int(status[:3]) < 500
    assert b"Traceback" not in body
    for name, value in headers:
        assert name.isascii()
        assert not set(value.encode("latin-1")) & {0, 10, 13}
    told = dict(headers)
    assert told["X-Content-Type-Options"] == "nosniff"
    assert "default-src 'none'" in told["Content-Security-Policy"]
    if "Content-Length" in told and environ["REQUEST_METHOD"] != "HEAD" and status[:3] != "304":
        assert len(body) == int(told["Content-Length"])
    if status[0] == "4":
        assert told["Content-Type"].startswith("text/plain") or "html" in told["Content-Type"]
