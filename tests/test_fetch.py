"""Fetching pages, from a server of the test's own on the loopback."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from kg.errors import ArticleError
from kg.read import fetch as room
from kg.read.fetch import fetch

PAGE = b"<!doctype html><title>Truce</title><p>Dale and Erebor signed a truce on Sunday."


def only_here(address: str) -> bool:
    return address == "127.0.0.1"


class Site(BaseHTTPRequestHandler):
    """A site with one good page and many bad ones."""

    protocol_version = "HTTP/1.1"
    asked: list[str]

    def do_GET(self) -> None:
        type(self).asked.append(self.path)
        show = getattr(self, f"show_{self.path.strip('/').partition('?')[0]}")
        show()
        self.close_connection = True

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content_Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def show_page(self) -> None:
        self.send(PAGE, Content_Type="text/html; charset=utf-8")

    def show_moved(self) -> None:
        self.send(b"", 302, Location="/page")

    def show_circle(self) -> None:
        self.send(b"", 302, Location="/circle")

    def show_inside(self) -> None:
        self.send(b"", 302, Location="http://127.0.0.2:80/secret")

    def show_disk(self) -> None:
        self.send(b"", 302, Location="file:///etc/hostname")

    def show_packed(self) -> None:
        self.send(gzip.compress(PAGE), Content_Encoding="gzip")

    def show_bomb(self) -> None:
        self.send(gzip.compress(b"<p>" + b"bang " * 400_000), Content_Encoding="gzip")

    def show_large(self) -> None:
        self.send(b"<p>" + b"word " * 400_000)

    def show_short(self) -> None:
        self.send(PAGE, Content_Length=str(len(PAGE) + 1000))

    def show_gone(self) -> None:
        self.send(b"no such page", 404)

    def show_drops(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        for _ in range(100):
            self.wfile.write(b"a")
            self.wfile.flush()
            time.sleep(0.1)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def site() -> Iterator[str]:
    Site.asked = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # clients hang up here
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize("path", ["/page", "/moved", "/packed", "/page?day=1"])
def test_a_page_is_fetched(site: str, path: str) -> None:
    fetched = fetch(site + path, max_bytes=10_000, is_allowed=only_here)
    assert fetched.content == PAGE
    assert fetched.url == site + path.replace("moved", "page")
    assert fetched.retrieved is not None


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/circle", "redirects more than 5 times"),
        ("/inside", "'127.0.0.2' is no public address"),
        ("/disk", "leads to file: only http and https are fetched"),
        ("/large", "is larger than 1 MB"),
        ("/bomb", "is larger than 1 MB when it is unpacked"),
        ("/short", "breaks off 1,000 bytes before the end that it announced"),
        ("/gone", "the server answered 404"),
    ],
)
def test_what_can_not_be_fetched_is_said_in_a_line(site: str, path: str, says: str) -> None:
    with pytest.raises(ArticleError) as refused:
        fetch(site + path, max_bytes=1 << 20, is_allowed=only_here)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_server_that_drips_is_left(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS", 0.4)
    with pytest.raises(ArticleError, match="took longer than"):
        fetch(site + "/drops", max_bytes=1 << 20, is_allowed=only_here)


def test_an_address_of_this_machine_is_never_asked(site: str) -> None:
    with pytest.raises(ArticleError):
        fetch(site + "/page", max_bytes=1 << 20)
    assert Site.asked == []
