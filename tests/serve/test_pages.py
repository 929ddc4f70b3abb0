"""Pages of articles, entities and events, and who may read them."""

from __future__ import annotations

import gzip
import html
import json
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from kg.query import named_queries
from kg.serve.application import Access
from tests.news_sample import HERALD_TEXT, ICELAND
from tests.serve.serving import (
    HERALD,
    NAMES,
    NEWS,
    ask,
    part_of,
    request,
    served,
)

EVENT = NEWS.events[0].id
PAGES = [
    "/",
    "/article/",
    "/entity/",
    "/event/",
    f"/article/{HERALD.id}",
    "/entity/Iceland",
    f"/event/{EVENT}",
    "/sparql",
    f"/sparql?query={quote('SELECT * { ?s ?p ?o } LIMIT 2000')}",
    f"/sparql?query={quote('DESCRIBE ?s { ?s ?p ?o } LIMIT 1')}",
    "/sparql?query=%3Cscript%3Ealert(1)%3C/script%3E",
    *(f"/sparql?named={query.name}&run=1" for query in named_queries()),
]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs_nothing_and_links_nowhere_else(address: str, page: str) -> None:
    reply = request(address, page, headers={"Accept": "text/html,*/*;q=0.1"})
    assert reply.status == (400 if "alert" in page else 200)
    assert reply.headers["Content-Type"] == "text/html; charset=utf-8"
    policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    if page != "/":
        assert "script-src" not in policy
        tags = Tags(reply.text)
        assert not tags.names & {"script", "img", "iframe", "object", "embed", "svg", "base"}
        assert not [name for name in tags.attributes if name.startswith("on") or name == "style"]
        assert [a for a in tags.addresses if a[:1] not in "/#?" and a != "data:,"] == []


class Tags(HTMLParser):
    """What a page is made of, as a browser would take it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [v or "" for name, v in attrs if name in ("href", "src", "action")]


def test_an_article_shows_every_character(address: str) -> None:
    page = request(address, f"/article/{HERALD.id}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    (text,) = re.findall(r'<article class="text"[^>]*>(.*?)</article>', page, re.DOTALL)
    assert html.unescape(re.sub(r"<[^>]*>", "", text)) == HERALD.text
    marked = re.findall(r'<mark id="char=(\d+),(\d+)">(.*?)</mark>', page, re.DOTALL)
    assert len(marked) == 4
    for begin, end, inside in marked:
        plain = html.unescape(re.sub(r"<[^>]*>", "", inside))
        assert plain == HERALD_TEXT[int(begin) : int(end)]


@pytest.mark.parametrize("kind", ["article", "entity", "event"])
def test_one_address_three_formats(address: str, kind: str) -> None:
    name = {"article": HERALD.id, "entity": "Iceland", "event": EVENT}[kind]
    iri = f"{NAMES.base}{kind}/{name}"
    for target, accept in (
        (f"/{kind}/{name}", "application/json"),
        (f"/{kind}/{name}.json", "*/*"),
    ):
        record = json.loads(request(address, target, headers={"Accept": accept}).body)
        assert (record["iri"], record["id"]) == (iri, name)
    for target, accept in (
        (f"/{kind}/{name}", "text/turtle"),
        (f"/{kind}/{name}.ttl", "text/html"),
    ):
        reply = request(address, target, headers={"Accept": accept})
        assert reply.headers["Content-Type"] == "text/turtle; charset=utf-8"
        graph = {quad.subject.value for quad in ox.parse(reply.body, format=ox.RdfFormat.TURTLE)}
        assert iri in graph
    missing = request(address, f"/{kind}/none")
    assert (missing.status, missing.text) == (404, f"there is no {kind} none\n")


def test_a_record_says_where_it_stands(address: str) -> None:
    article = json.loads(request(address, f"/article/{HERALD.id}.json").body)
    assert article["text"] == HERALD.text
    for telling_ in article["events"]:
        for part in (telling_["sentence"], telling_["trigger"]):
            assert article["text"][part["start"] : part["end"]] == part["text"]
    for entity in article["entities"]:
        for mention in entity["mentions"]:
            assert article["text"][mention["start"] : mention["end"]] == mention["text"]
    iceland = json.loads(request(address, "/entity/Iceland.json").body)
    assert (iceland["name"], iceland["country"]) == (ICELAND.name, "ISL")
    assert {event["role"] for event in iceland["events"]} == {"actor", "target"}


def test_answer_of_a_named_query_leads_to_events_and_files(address: str) -> None:
    page = request(address, "/sparql?named=timeline&run=1", headers={"Accept": "text/html"}).text
    events = set(re.findall(r'href="(/event/[0-9a-f]+)"', page))
    assert events <= {f"/event/{event.id}" for event in NEWS.events}
    assert events
    (csv,) = [html.unescape(at) for at in re.findall(r'href="([^"]+)"', page) if "format=csv" in at]
    assert request(address, csv).text.count("\r\n") > len(events)


def test_lists_are_searched_by_words_and_never_by_sparql(address: str) -> None:
    def found(kind: str, wanted: str) -> int:
        return request(address, f"/{kind}/?q={quote(wanted)}").text.count("<li>")

    assert found("entity", "norw") == 1
    assert found("event", " PROPOSE  ") == 1
    assert found("article", "<script>") == len(NEWS.readings)
    for evil in ('") } #', "\\", "'", '"', "{}", "{word}", "?iri", "\u0000"):
        assert found("entity", evil) == 0
    assert request(address, f"/entity/?q={'x' * 300}").status == 400
    assert request(address, "/event/?from=-1").status == 400
    shelf = request(address, f"/entity/?q={quote('norw')}").text
    assert 'value="norw"' in shelf
    assert "1–1 of 1" in shelf


def test_an_address_is_found_however_it_is_encoded(address: str) -> None:
    entities = json.loads(request(address, f"/article/{HERALD.id}.json").body)["entities"]
    (person,) = [entity for entity in entities if entity["kind"] == "person"]
    assert "%3Cscript%3E" in person["id"]  # its name is hostile
    for name in (
        person["id"],
        person["id"].replace("%3C", "%3c"),
        person["id"].replace("=", "%3D"),
    ):
        assert request(address, f"/entity/{name}.json").status == 200


def test_parts_are_kept_and_compressed(address: str) -> None:
    (below,) = re.findall(r'data-served="([^"]+)"', request(address, "/").text)
    plain = part_of(address, f"{below}core.json")
    packed = part_of(address, f"{below}core.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    again = request(address, f"{below}core.json", headers={"If-None-Match": plain.headers["Etag"]})
    assert (again.status, again.body) == (304, b"")
    assert request(address, f"{below}nothing.json").status == 404


def test_what_robots_and_machines_read(address: str) -> None:
    assert request(address, "/robots.txt").text == "User-agent: *\nDisallow: /\n"
    reply = request(address, "/.well-known/void")
    void = {
        (quad.predicate.value.rpartition("#")[2], getattr(quad.object, "value", ""))
        for quad in ox.parse(reply.body, format=ox.RdfFormat.TURTLE)
    }
    assert ("sparqlEndpoint", f"{address}/sparql") in void
    assert ("uriSpace", NAMES.base) in void
    (triples,) = [int(value) for name, value in void if name == "triples"]
    counted = ask(address, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }").text
    assert triples >= int(counted.split()[1])


@pytest.mark.parametrize(
    ("host", "status"),
    [("localhost:8000", 200), ("127.0.0.1", 200), ("[::1]:80", 200), ("evil.example", 421),
     ("127.0.0.1.evil.example:8000", 421), ("localhost:8000:evil", 421), ("", 421)],
)  # fmt: skip
def test_only_under_its_own_name(address: str, host: str, status: int) -> None:
    assert request(address, "/robots.txt", headers={"Host": host}).status == status


def test_pages_of_others_may_not_read(address: str, folder: Path) -> None:
    def allowed(address: str, origin: str, method: str = "GET") -> str | None:
        reply = request(
            address, "/sparql?query=ASK%7B%7D", method=method, headers={"Origin": origin}
        )
        return reply.headers.get("Access-Control-Allow-Origin")

    assert allowed(address, "http://localhost:8888") == "http://localhost:8888"
    assert allowed(address, "https://evil.example") is None
    assert allowed(address, "null") is None
    assert allowed(address, "http://localhost.evil.example") is None
    with served(folder, origins=("*",)) as open_to_all:
        assert allowed(open_to_all, "https://evil.example") == "*"
        assert allowed(open_to_all, "https://evil.example", "OPTIONS") == "*"
    assert Access(origins=("https://a.example",)).allows_origin("https://a.example")
