"""Five hundred hostile inputs through the whole path: nothing crashes, nothing is injected."""

from __future__ import annotations

import gzip
import json
import os
import random
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from kg.build import build
from kg.errors import KGError
from kg.export import FORMATS, export_bytes
from kg.model import (
    Argument,
    Article,
    Attribution,
    Code,
    Entity,
    EventMention,
    Mention,
    Reading,
    Span,
    content_id,
)
from kg.query import explain_event, named_queries, run_query
from kg.rdf import DEFAULT_BASE, Names, vocabulary_quads
from kg.read import ReadOptions, read_articles
from kg.store import Store, open_store
from kg.validate import check_sources, validate_graph
from kg.view import render_page
from tests.serve.serving import request, served
from tests.shelves import hold

if TYPE_CHECKING:
    from spacy.language import Language

EVIL = (
    '"quoted" \'twice\' """thrice"""',
    "<urn:evil> <urn:owns> <urn:all> .",
    '" . <urn:evil> <urn:owns> "all',
    "> . <urn:evil> <urn:owns> <urn:all> . <x",
    "} ; DROP ALL ; INSERT DATA { <urn:evil> <urn:owns> <urn:all> }",
    "'; DROP TABLE reading; --",
    "{{7*7}} ${7*7} %s %(x)s {0}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "</script><!-- ]]> --> <![CDATA[ &lt;&#0;&#x110000;",
    "../../../../etc/passwd",
    "..\\..\\windows\\system32",
    'http://evil.example/a b<c>"d{e}|f^g`h\\i',
    "javascript:alert(1)",
    "@prefix evil: <urn:evil> . evil:a evil:b evil:c .",
    '# a comment \\u0022 \\U00000022 \\" \\n',
    "\u202egnisrever\u202c \u2066isolated\u2069 \u05e9\u05dc\u05d5\u05dd \u0633\u0644\u0627\u0645",
    "e\u0301\u0323 \U0001f469\u200d\U0001f680 \U0001f1f3\U0001f1f4 \ufeff\u00ad\u200b",
    "\x01\x02\x08\x0b\x0c\x1b[31mred\x7f\x85\u2028\u2029",
    "\ufffe\uffff\U0010ffff\ufdd0",
    '=HYPERLINK("http://evil.example") +1 -1 @SUM(1)',
    "a\tb\r\nc\rd\n\ne",
    "%2e%2e%2f %00 %zz 100%",
    "x" * 900,
    "(" * 300,
    "_:b0 _:genid1 [] ()",
)
NEWS = "Norway {} rejected the plan of Iceland {} on Monday, the minister said."
SAFE_IRI = re.compile(r"(?:[A-Za-z0-9._~:/#,;=-]|%[0-9A-F]{2})+")


def texts(count: int, seed: int = 0) -> list[str]:
    """Hostile texts, no two alike, the same in every run."""
    drawn = random.Random(seed)
    return [
        f"{NEWS.format(*drawn.sample(EVIL, 2))} {drawn.choice(EVIL)} {number}"
        for number in range(count)
    ]


def records(count: int) -> Iterator[str]:
    """Lines of JSON whose every field is hostile; each tenth is no record at all."""
    drawn = random.Random(1)
    for number, text in enumerate(texts(count)):
        if number % 10 == 9:
            yield drawn.choice(
                ("{", "[1]", '"text"', "\x00", '{"text": 7}', '{"text": "\\ud800"}', "{" * 5000)
            )
            continue
        said = {key: drawn.choice(EVIL) for key in ("title", "publisher", "url", "date", "author")}
        yield json.dumps({"id": f"{drawn.choice(EVIL)} {number}", "text": text, **said})


def write_files(folder: Path, count: int) -> None:
    """Write texts under hostile names, some of them no Unicode, and some of no encoding."""
    drawn = random.Random(2)
    for number, text in enumerate(texts(count, seed=3)):
        evil = drawn.choice(EVIL).encode("utf-8").replace(b"/", b"%").replace(b"\x00", b"")
        name = b"%d %b%b.txt" % (number, evil[:180], b"\xff\xe9" if number % 3 == 0 else b"")
        content = text.encode("utf-8") + (b"\xff\x00\xfe" if number % 7 == 0 else b"")
        (folder / os.fsdecode(name)).write_bytes(content)


def made_reading(article: Article, number: int) -> Reading:
    """A reading whose every word is hostile, as if a rule had let all of it through."""
    evil = EVIL[number % len(EVIL)]
    span = next(iter(article.body), Span(0, min(9, len(article.text))))
    mention = Mention(
        article_id=article.id, span=span, text=article.text[span.start : span.end], label="NAME"
    )
    entity = Entity(id=content_id("person", None, evil), name=evil, kind="person", role=evil)
    argument = Argument(mention=mention, entity=entity, rule=evil)
    event = EventMention(
        id=content_id(article.id, number),
        article_id=article.id,
        sentence=span,
        trigger=span,
        action=evil,
        actors=(argument,),
        targets=(argument,),
        theme=evil,
        attribution=Attribution(cue=span, speaker=argument, content=(span,)),
        code=Code(event="REJECT", cameo="12", rule=evil),
    )
    return Reading(article=article, events=(event,), links=(argument,), let_go=((evil, 1),))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hostile sources, and the store of what was made of them."""
    root = tmp_path_factory.mktemp("hostile")
    sources = root / "news"
    sources.mkdir()
    write_files(sources, 99)
    (sources / "long.txt").write_text("Norway rejected it " * 50_000, encoding="utf-8")
    (sources / "lines.jsonl").write_text("\n".join(records(350)), encoding="utf-8")
    with gzip.open(sources / "packed.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(islice(records(400), 350, None)))
    found = list(read_articles([sources], options=ReadOptions(any_language=True)))
    articles = [one for one in found if isinstance(one, Article)]
    assert len(found) > 450
    assert len(articles) > 350
    told = [one.message for one in found if not isinstance(one, Article)]
    assert not [message for message in told if "\n" in message or "Traceback" in message]
    hold(root / "out", map(made_reading, articles, range(len(articles))), only=True)
    return root


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    with open_store(folder / "out" / "store", read_only=True) as opened:
        yield opened


def test_every_iri_is_one_of_ours_and_of_safe_signs(store: Store) -> None:
    known = {quad.subject.value for quad in vocabulary_quads()}  # type: ignore[union-attr]
    for quad in store.quads():
        for node in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(node, ox.NamedNode) and node.value not in known:
                assert SAFE_IRI.fullmatch(node.value), node
                assert "evil" not in node.value.partition("//")[2].partition("/")[0]
        predicate = quad.predicate.value
        assert (
            predicate in known
            or predicate.startswith(
                (
                    f"{DEFAULT_BASE}action/",
                    "http://www.w3.org/1999/02/22-rdf",
                    "http://www.w3.org/2000",
                )
            )
            or (isinstance(quad.subject, ox.NamedNode) and quad.subject.value in known)
        )


RDF = {
    "ttl": ox.RdfFormat.TURTLE,
    "nt": ox.RdfFormat.N_TRIPLES,
    "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS,
    "jsonld": ox.RdfFormat.JSON_LD,
}


@pytest.mark.parametrize("format", FORMATS)
def test_every_export_reads_back_as_the_same_quads(store: Store, format: str) -> None:
    written = export_bytes(store, format)
    written.decode("utf-8")
    if format in ("ttl", "nt"):
        again = {quad.triple for quad in ox.parse(written, RDF[format])}
        assert again == {quad.triple for quad in store.quads()}
    elif format in RDF:
        assert set(ox.parse(written, RDF[format])) == set(store.quads())
    elif format == "rdf":
        assert len(list(ox.parse(written, ox.RdfFormat.RDF_XML))) > 1000


def test_the_page_holds_no_markup_of_theirs(store: Store) -> None:
    page = render_page(store)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "</script><!--" not in page


def test_every_source_says_what_is_stored(folder: Path, store: Store) -> None:
    read = partial(read_articles, options=ReadOptions(any_language=True))
    assert check_sources(store, folder, read) == []


def test_shapes_hold(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(records(30)), encoding="utf-8")
    found = read_articles([tmp_path / "a.jsonl"], options=ReadOptions(any_language=True))
    articles = [one for one in found if isinstance(one, Article)]
    hold(tmp_path / "out", map(made_reading, articles, range(len(articles))), only=True)
    with open_store(tmp_path / "out" / "store", read_only=True) as opened:
        assert validate_graph(opened) == []


def test_queries_are_answered_or_refused(store: Store) -> None:
    before = len(store)
    names = [(query, slot) for query in named_queries() for slot in query.parameters]
    for number, evil in enumerate(EVIL):
        query, slot = names[number % len(names)]
        with suppress(KGError):
            run_query(store, evil)
        with suppress(KGError):
            run_query(store, f"SELECT ?s {{ ?s ?p {evil} }} LIMIT 1")
        with suppress(KGError):
            run_query(store, query.name, {slot.name: evil})
    for evil in EVIL[::5]:
        with suppress(KGError):
            explain_event(store, evil)
    assert len(store) == before


def test_a_line_of_ten_megabytes_is_told_and_the_rest_goes_on(tmp_path: Path) -> None:
    line, short = ("Norway rejected it " * count for count in (550_000, 9))
    text = "".join(
        json.dumps({"id": str(n), "text": t}) + "\n" for n, t in enumerate((line, short))
    )
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    first, second = read_articles([tmp_path / "a.jsonl"])
    assert not isinstance(first, Article)
    assert "longer than 8 MB" in first.message
    assert isinstance(second, Article)


def test_all_of_it_is_served_and_nothing_runs(folder: Path, store: Store) -> None:
    """Each kind of page of what came from the inputs, and the inputs as questions and addresses."""
    found: dict[str, list[str]] = {}
    for quad in store.quads(Names().canonical_graph):
        kind, _, rest = str(quad.subject)[1:-1].removeprefix(DEFAULT_BASE).partition("/")
        if kind in ("entity", "event") and "#" not in rest:
            found.setdefault(kind, []).append(f"/{kind}/{rest}")
    pages = [page for some in found.values() for page in sorted(set(some))[::7]]
    targets = [f"/entity/{quote(evil)}" for evil in EVIL]
    targets += [f"/sparql?format=html&query={quote(evil)}" for evil in EVIL]
    targets += [f"/sparql?query={quote(f'SELECT ?s {{ ?s ?p {evil} }}')}" for evil in EVIL]
    assert len(pages) > 30
    with served(folder / "out", engines=1) as address:
        for target in ("/", "/entity/", "/event/", "/article/", *pages, *targets):
            reply = request(address, target)
            assert reply.status == 200 if target in pages else reply.status < 500, target
            assert b"Traceback" not in reply.body
            if "html" in reply.headers["Content-Type"]:
                assert b"<script>alert" not in reply.body
                assert b"<img src=x" not in reply.body
                assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


@pytest.mark.model
def test_hostile_articles_through_the_model(tmp_path: Path, nlp: Language) -> None:
    lines = tmp_path / "lines.jsonl"
    lines.write_text("\n".join(islice(records(500), 40)), encoding="utf-8")
    report = build([lines], tmp_path / "out", nlp=nlp)
    assert report.held > 20
    assert all("please report" not in why for _, why in report.failed)
    with open_store(tmp_path / "out" / "store", read_only=True) as opened:
        written = (tmp_path / "out" / "graph.trig").read_bytes()
        again = set(ox.parse(written, ox.RdfFormat.TRIG))
        assert again <= set(opened.quads())
        assert validate_graph(opened) == []
