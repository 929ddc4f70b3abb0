"""The page without its parts, against a server that gives them by name."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from kg.rdf import to_quads
from kg.store import open_store
from kg.view import encode_part, page_parts, served_page
from tests.browser.conftest import hostile_news, opened

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A server's address, and the parts that were asked of it, in order."""
    store = open_store()
    store.load(to_quads(hostile_news()))
    answers = {f"/parts/{name}.json": encode_part(part) for name, part in page_parts(store).items()}
    answers["/"] = served_page("/parts/").encode("utf-8")
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = answers.get(self.path)
            self.send_response(404 if body is None else 200)
            kind = "application/json" if self.path.endswith(".json") else "text/html"
            self.send_header("Content-Type", f"{kind}; charset=utf-8")
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_address[1]}/", asked
    running.shutdown()
    running.server_close()


def test_sentences_are_fetched_when_somebody_reads(
    browser: Chrome, server: tuple[str, list[str]]
) -> None:
    address, asked = server
    browser.get_log("browser")
    opened(browser, address)
    assert asked == ["/", "/parts/core.json"]
    browser.find_element(By.CSS_SELECTOR, "#panel .row").click()
    quote = WebDriverWait(browser, 5, 0.02).until(
        lambda driver: driver.find_element(By.CSS_SELECTOR, ".card blockquote")
    )
    assert quote.text == "Iceland expelled a Norwegian diplomat."
    assert sorted(asked[2:]) == ["/parts/tellings-0.json", "/parts/texts-0.json"]
    assert browser.get_log("browser") == []
