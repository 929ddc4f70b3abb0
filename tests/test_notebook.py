"""`kg.build`, `kg.open_graph`, `kg.extract` and `Graph`, as a notebook uses them."""

from __future__ import annotations

import html
import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import kg
from kg.errors import ArticleError, QueryError, StoreError
from kg.query import Rows
from kg.rdf import to_quads
from kg.store import open_store
from kg.view import render_page
from tests.news_sample import sample_news

if TYPE_CHECKING:
    from spacy.language import Language

TEXT = "Norway on Friday rejected a proposal by Iceland for joint naval patrols."


@pytest.fixture
def graph(tmp_path: Path) -> kg.Graph:
    """The sample news, as a build would leave it."""
    (tmp_path / "out").mkdir()
    with open_store(tmp_path / "out" / "store") as store:
        store.load(to_quads(sample_news()))
        store.flush()
    return kg.open_graph(tmp_path / "out")


def test_a_graph_gives_the_events_of_its_store(graph: kg.Graph) -> None:
    assert graph.events == tuple(sample_news().events)
    assert len(graph) == len(graph.events) > 3
    assert graph.report is None


def test_a_graph_answers_queries_with_parameters(graph: kg.Graph) -> None:
    rows = graph.ask("who-did-what", actor="Norway")
    assert isinstance(rows, Rows)
    assert {"Norway"} == {row["actor"] for row in rows.to_dicts()}
    assert graph.ask("ASK { ?event a sem:Event }") is True
    with pytest.raises(QueryError):
        graph.ask("who-did-what", planet="Mars")


def test_a_graph_is_handed_to_rdflib_whole(graph: kg.Graph) -> None:
    dataset = graph.dataset()
    found = dataset.query(
        "SELECT ?e WHERE { ?e a <http://semanticweb.cs.vu.nl/2009/11/sem/Event> }"
    )
    assert len(list(found)) == len(graph)  # over named graphs, without naming one


def test_a_graph_writes_its_page_and_exports(graph: kg.Graph, tmp_path: Path) -> None:
    assert graph.view() == tmp_path / "out" / "graph.html"
    assert graph.view(tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!")
    assert graph.export(tmp_path / "graph.nq").stat().st_size
    written = graph.export(tmp_path / "graph.txt", "csv")
    assert "Norway" in written.read_text(encoding="utf-8-sig")


def test_a_notebook_shows_the_page_in_a_frame_that_markup_cannot_leave(graph: kg.Graph) -> None:
    frame = graph._repr_html_()
    with open_store(graph.folder / "store", read_only=True) as store:
        page = render_page(store)
    shown = re.fullmatch(r'<iframe srcdoc="([^"<>]*)" ([^<>]*)></iframe>', frame)
    assert shown is not None
    assert 'sandbox="allow-scripts allow-downloads"' in shown[2]
    assert html.unescape(shown[1]) == page


def test_a_graph_is_served_until_it_is_closed(graph: kg.Graph) -> None:
    with graph.serve() as server:
        assert server.address in server._repr_html_()
        with urlopen(f"{server.address}sparql?format=csv&query=ASK%7B%7D") as answer:
            assert answer.read() == b"true"
    with pytest.raises(URLError):
        urlopen(server.address)
    assert [path.name for path in graph.folder.iterdir()] == ["store"]


def test_opening_nothing_is_an_error_that_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="kg build"):
        kg.open_graph(tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.model
def test_build_takes_one_path_or_many(tmp_path: Path, nlp: Language) -> None:
    (tmp_path / "a.txt").write_text(f"Norway rejects plan\n\n{TEXT}\n", encoding="utf-8")
    one = kg.build(tmp_path / "a.txt", tmp_path / "one", nlp=nlp)
    many = kg.build([tmp_path / "a.txt", tmp_path / "gone.txt"], tmp_path / "many", nlp=nlp)
    assert one.events == many.events != ()
    assert one.report is not None
    assert many.report is not None
    assert (len(one.report.failed), len(many.report.failed)) == (0, 1)


@pytest.mark.model
def test_build_of_nothing_keeps_what_was_there(tmp_path: Path, nlp: Language) -> None:
    with pytest.raises(ArticleError, match=r"gone\.txt: no such file"):
        kg.build(tmp_path / "gone.txt", tmp_path / "out", nlp=nlp)
    assert not (tmp_path / "out" / "store").exists()


@pytest.mark.model
def test_extract_reads_a_text_or_files_alike(tmp_path: Path, nlp: Language) -> None:
    of_text = kg.extract(TEXT, nlp=nlp)
    assert ("reject", "REJECT") in {
        (event.action, event.code.event) for event in of_text if event.code
    }
    assert {TEXT[event.trigger.start : event.trigger.end] for event in of_text} >= {"rejected"}
    (tmp_path / "a.txt").write_text(f"{TEXT}\n", encoding="utf-8")
    assert kg.extract(tmp_path, nlp=nlp)
    with pytest.raises(ArticleError, match=r"gone\.txt"):
        kg.extract([tmp_path / "gone.txt"], nlp=nlp)
