"""Requests that mean harm, or make no sense."""

from __future__ import annotations

import re
import socket
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser.conftest import MARKUP
from tests.serve.serving import (
    ask,
    request,
    served,
)

TARGETS = st.one_of(
    st.sampled_from([
        "/../../../etc/passwd", "/..%2f..%2fetc/passwd", "/article/..%2F..%2Fx", "/entity/%00",
        "/article/%ff%fe", "/entity/a%0d%0aSet-Cookie:x", "//evil.example/", "/parts/../core.json",
        "/parts/%2e%2e/%2e%2e", "/entity/" + "a" * 5000, "/event/%3E%3C%22", "/article/.json",
        "/sparql?query=", "/sparql?named=%3Cb%3E", "/sparql?format=html", "/entity/?from=1e9",
        "/entity/?from=%D9%A1", "/sparql?query=ASK{}&query", "/sparql?" + "a&" * 300, "*",
        "http://evil.example/entity/Iceland", "/entity/Iceland;x", "/style.css/..", "/entity//",
    ]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=60).map("/".__add__),
    st.text(max_size=30).map(lambda t: f"/entity/{quote(t, errors='replace')}"),
    st.text(max_size=60).map(lambda t: f"/sparql?query={quote(t, errors='replace')}"),
    st.binary(max_size=40).map(lambda b: f"/sparql?format=html&query={quote(b)}"),
    st.binary(max_size=40).map(lambda b: f"/sparql?{quote(b, safe='&=')}"),
)  # fmt: skip
NAMES_OF_HEADERS = st.sampled_from([
    "Accept", "Content-Type", "Accept-Encoding", "Range", "Origin", "If-None-Match", "Cookie",
    "If-Modified-Since", "X-Forwarded-Host", "Content-Encoding",
])  # fmt: skip
LATIN = st.characters(min_codepoint=0x20, max_codepoint=0xFF, exclude_characters="\x7f")
ODD = ["*/*;q=x", "text/html;q=-1", "bytes=0-0,-1", "a" * 9000, "application/json;" * 50]
HEADERS = st.dictionaries(
    NAMES_OF_HEADERS, st.one_of(st.text(LATIN, max_size=60), st.sampled_from(ODD)), max_size=3
)
METHODS = st.sampled_from(["GET", "GET", "HEAD", "POST", "OPTIONS", "DELETE", "X"])


@settings(max_examples=150)
@given(TARGETS, HEADERS, METHODS, st.binary(max_size=60))
def test_no_request_breaks_it(
    address: str, target: str, headers: dict[str, str], method: str, body: bytes
) -> None:
    reply = request(
        address, target, method=method, body=body if method == "POST" else None,
        headers={name: value.strip() for name, value in headers.items()},
    )  # fmt: skip
    assert reply.status < 500
    assert b"Traceback" not in reply.body
    assert MARKUP.encode() not in reply.body or "text/html" not in reply.headers["Content-Type"]


POST = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\n"
NO_HTTP = {
    "bytes": b"\x00\xff\r\n\r\n",
    "no address": b"GET\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "long header": b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n",
    "long address": b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n",
    "no host in brackets": b"GET http://[x/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "negative length": POST + b"Content-Length: -1\r\n\r\n",
    "huge length": POST + b"Content-Length: 99999999999\r\n\r\n",
    "broken chunk": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    "smuggling": POST + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
}


@pytest.mark.parametrize("sent", NO_HTTP.values(), ids=NO_HTTP)
def test_what_is_no_http_is_refused(
    address: str,
    sent: bytes,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with socket.create_connection(("127.0.0.1", urlsplit(address).port or 0), timeout=10) as client:
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        first = client.recv(1000).split(b"\r\n")[0]
    assert first == b"" or re.match(rb"HTTP/1\.[01] 4\d\d ", first)
    assert "uncaptured" not in "".join(capfd.readouterr()) + caplog.text
    assert request(address, "/robots.txt").status == 200


def test_a_long_body_is_refused(address: str) -> None:
    headers = {"Content-Type": "application/sparql-query"}
    reply = request(
        address, "/sparql", method="POST", body=b"#" * (1 << 20) + b"\nASK{}", headers=headers
    )
    assert reply.status == 413


def test_a_slow_client_holds_nobody_up(folder: Path) -> None:
    with served(folder, engines=1, waiting=1) as address:
        port = urlsplit(address).port or 0
        slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(40)]
        for client in slow:
            client.sendall(b"GET /sparql?query=ASK{} HTTP/1.1\r\nHost: local")
        assert ask(address, "ASK {}").text == "true"
        for client in slow:
            client.close()
