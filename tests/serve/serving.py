"""A graph, served for real on a free port, and plain requests to it."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from kg.model import News
from kg.rdf import Names, to_quads
from kg.serve import Limits, Server, Settings
from kg.store import open_store
from tests.browser.conftest import hostile_news

__all__ = [
    "FOREVER", "GAZETTE", "GRAPHS", "HERALD", "NAMES", "NEWS", "SORTED", "Reply", "ask", "part_of",
    "request", "served", "written",
]  # fmt: skip

NEWS = hostile_news()
NAMES = Names()
GAZETTE, HERALD = sorted((r.article for r in NEWS.readings), key=lambda article: article.name)
GRAPHS = {
    "herald": NAMES.article_graph(HERALD.id).value,
    "gazette": NAMES.article_graph(GAZETTE.id).value,
    "shared": NAMES.canonical_graph.value,
    "graphs": f"{NAMES.base}graph/",
}
# What no time and no memory is enough for.
FOREVER = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8")


def written(folder: Path, news: News) -> Path:
    """Write a store into a folder as `kg build` leaves one."""
    with open_store(folder / "store") as store:
        store.load(to_quads(news))
        store.flush()
    return folder


@contextmanager
def served(folder: Path, *, origins: tuple[str, ...] = (), **limits: float) -> Iterator[str]:
    """Serve a folder; gives the address without a slash at its end."""
    settings = Settings(port=0, origins=origins, limits=Limits(**limits))  # type: ignore[arg-type]
    with Server(folder, settings) as server:
        yield server.address.rstrip("/")


def request(
    address: str,
    target: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = 20,
) -> Reply:
    """Send one request as it stands."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=seconds)
    try:
        connection.request(method, target, body, dict(headers or {}))
        response = connection.getresponse()
        return Reply(response.status, dict(response.getheaders()), response.read())
    finally:
        connection.close()


def part_of(address: str, target: str, headers: Mapping[str, str] | None = None) -> Reply:
    """Ask for a part of the explorer until it is ready, as its page does."""
    while (reply := request(address, target, headers=headers)).status == 202:
        pass
    return reply


def ask(address: str, sparql: str, accept: str = "text/csv") -> Reply:
    """Ask a query by GET."""
    return request(address, f"/sparql?query={quote(sparql)}", headers={"Accept": accept})
