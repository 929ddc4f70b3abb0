from __future__ import annotations

import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.rdf import Names, to_quads
from kg.store import Store, copy_store, open_store, rdflib_graph, to_dataset
from tests.endpoint import running_server
from tests.news_sample import sample_news

ONE, OTHER = ox.NamedNode("urn:graph:1"), ox.NamedNode("urn:graph:2")


def quad(value: str, graph: ox.NamedNode | ox.DefaultGraph = ONE) -> ox.Quad:
    return ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(value), graph)


def values(store: Store, graph: ox.NamedNode | ox.DefaultGraph | None = None) -> list[str]:
    return sorted(quad.object.value for quad in store.quads(graph))  # type: ignore[union-attr]


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a real SPARQL server: Oxigraph's, with nothing set but its place."""
    with running_server() as address:
        yield address


@pytest.fixture(params=["memory", "disk", "endpoint"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "endpoint":
        where: str | Path | None = request.getfixturevalue("server")
    else:
        where = None if request.param == "memory" else tmp_path / "store"
    with open_store(where) as opened:
        for graph in opened.graphs():
            opened.remove_graph(graph)
        opened.remove_graph(ox.DefaultGraph())
        yield opened


def test_load_adds_and_query_sees_all_graphs(store: Store) -> None:
    store.load([quad("a"), quad("b", OTHER), quad("c", ox.DefaultGraph())])
    assert len(store) == 3
    rows = store.query("SELECT ?o { ?s ?p ?o } ORDER BY ?o")
    assert [row["o"].value for row in rows] == ["a", "b", "c"]  # type: ignore[union-attr]
    assert store.graphs() == [ONE, OTHER]


def test_replace_touches_one_graph(store: Store) -> None:
    store.load([quad("old"), quad("stays"), quad("b", OTHER), quad("c", ox.DefaultGraph())])
    store.replace_graph(ONE, [quad("new", OTHER), quad("stays")])
    assert values(store, ONE) == ["new", "stays"]
    assert values(store, OTHER) == ["b"]
    assert values(store, ox.DefaultGraph()) == ["c"]


def test_replace_can_mean_the_default_graph(store: Store) -> None:
    store.load([quad("a"), quad("c", ox.DefaultGraph())])
    store.replace_graph(ox.DefaultGraph(), [quad("d")])
    assert values(store, ox.DefaultGraph()) == ["d"]
    assert values(store, ONE) == ["a"]


def test_replacing_by_itself_changes_nothing(store: Store) -> None:
    store.load(to_quads(sample_news()))
    before = set(store.quads())
    graph = Names().canonical_graph
    store.replace_graph(graph, list(store.quads(graph)))
    assert set(store.quads()) == before


def test_loading_twice_adds_nothing(store: Store) -> None:
    store.load(to_quads(sample_news()))
    size = len(store)
    store.load(to_quads(sample_news()))
    assert len(store) == size


def test_removed_or_emptied_graph_is_gone(store: Store) -> None:
    store.load([quad("a"), quad("b", OTHER)])
    store.remove_graph(ONE)
    store.replace_graph(OTHER, [])
    store.remove_graph(ONE)
    assert (store.graphs(), len(store)) == ([], 0)


def test_query_that_does_not_parse_says_where(store: Store) -> None:
    with pytest.raises(SyntaxError, match="1:9"):
        store.query("SELECT *")


def test_empty_store_is_true_and_closed_store_says_so(store: Store) -> None:
    assert store
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        len(store)
    with pytest.raises(StoreError, match="closed"):
        list(store.quads())


def test_what_was_flushed_is_there_again(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.load([quad("a")])
        store.flush()
    with open_store(str(tmp_path / "store")) as store:
        assert values(store) == ["a"]


def test_read_only_reads_beside_a_writer_and_cannot_write(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as writer:
        writer.load([quad("a")])
        writer.flush()
        with open_store(tmp_path / "store", read_only=True) as reader:
            assert values(reader) == ["a"]
            with pytest.raises(StoreError, match="read-only"):
                reader.load([quad("b")])
            with pytest.raises(StoreError, match="read-only"):
                reader.replace_graph(ONE, [quad("b")])
            with pytest.raises(StoreError, match="read-only"):
                reader.remove_graph(ONE)


def test_second_writer_is_told(tmp_path: Path) -> None:
    with (
        open_store(tmp_path / "store"),
        pytest.raises(StoreError, match="another writer") as caught,
    ):
        open_store(tmp_path / "store")
    assert "\n" not in str(caught.value)


def test_second_writer_in_another_process_is_told(tmp_path: Path) -> None:
    script = "import sys; from kg.store import open_store; open_store(sys.argv[1])"
    with open_store(tmp_path / "store"):
        command = [sys.executable, "-c", script, str(tmp_path / "store")]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "StoreError" in ended.stderr
    assert "another writer has this store open" in ended.stderr


def test_lock_ends_with_the_store(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        answer = store.query("SELECT * { ?s ?p ?o }")
        assert list(answer) == []  # type: ignore[arg-type]
    del answer
    open_store(tmp_path / "store").close()


def test_what_is_no_store_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(StoreError, match="not a store"):
        open_store(tmp_path / "photos")
    with pytest.raises(StoreError, match="no store here"):
        open_store(tmp_path / "photos", read_only=True)
    with pytest.raises(StoreError, match="a store is a folder"):
        open_store(tmp_path / "photos" / "cat.jpg")
    with pytest.raises(StoreError, match="kg build"):
        open_store(tmp_path / "nowhere", read_only=True)
    assert not (tmp_path / "nowhere").exists()
    assert [path.name for path in (tmp_path / "photos").iterdir()] == ["cat.jpg"]


def test_damaged_store_is_told(tmp_path: Path) -> None:
    open_store(tmp_path / "store").close()
    (tmp_path / "store" / "CURRENT").write_text("rubbish", encoding="utf-8")
    with pytest.raises(StoreError, match="damaged"):
        open_store(tmp_path / "store")


def test_folder_that_cannot_be_made_is_told() -> None:
    with pytest.raises(StoreError, match="/proc/nowhere") as caught:
        open_store("/proc/nowhere/store")
    assert "\n" not in str(caught.value)


def test_dataset_holds_the_same_terms_and_its_default_is_the_union() -> None:
    import rdflib

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        with open_store() as store:
            store.load(to_quads(sample_news()))
            store.load([ox.Quad(ONE, ONE, ox.Literal("01", datatype=ox.NamedNode("urn:t")))])
            store.load([ox.Quad(ONE, ONE, ox.Literal("ja", language="de"))])
            dataset = to_dataset(store)
            everything = set(store.quads())
        lines = dataset.serialize(format="nquads")
        query = "SELECT ?t { ?event a <http://semanticweb.cs.vu.nl/2009/11/sem/Event> ; ?p ?t }"
        assert len(list(dataset.query(query))) > 4
        assert isinstance(dataset, rdflib.Dataset)
    assert set(ox.parse(lines, format=ox.RdfFormat.N_QUADS)) == everything


def test_rdflib_graph_leaves_graph_names_out() -> None:
    assert len(rdflib_graph([quad("a"), quad("a", OTHER), quad("b", ox.DefaultGraph())])) == 2


# --- changes --------------------------------------------------------------------------------------


def test_a_change_takes_out_and_puts_in_and_may_be_done_again(store: Store) -> None:
    store.load([quad("old"), quad("stays"), quad("c", ox.DefaultGraph())])
    gone = [quad("old"), quad("c", ox.DefaultGraph()), quad("never there"), quad("both")]
    for _ in range(2):
        store.change(gone, [quad("new", OTHER), quad("both")])
        assert values(store) == ["both", "new", "stays"]
        assert store.graphs() == [ONE, OTHER]


def test_hostile_literals_stay_literals(store: Store) -> None:
    nasty = ['"} ; DROP ALL ; INSERT DATA { "', "\\", "a\nb\r\t", "\u202e\u0000\ufffe", "<urn:x> ."]
    store.change([], [quad(text) for text in nasty])
    store.change([quad(nasty[0])], [quad(nasty[0], OTHER)])
    assert values(store) == sorted(nasty)


def test_constructed_triples_and_answers_are_the_engines_own(store: Store) -> None:
    store.load([quad("a"), quad("b", OTHER)])
    assert bool(store.query('ASK { ?s ?p "a" }'))
    assert not bool(store.query('ASK { ?s ?p "z" }'))
    built = store.query("CONSTRUCT { ?s <urn:q> ?o } { ?s ?p ?o }")
    assert isinstance(built, ox.QueryTriples)
    assert len(list(built)) == 2


def test_a_store_in_folders_that_are_not_there_is_made(tmp_path: Path) -> None:
    open_store(tmp_path / "a" / "b" / "store").close()
    assert (tmp_path / "a" / "b" / "store" / "CURRENT").exists()


def test_a_copy_is_a_store_of_its_own(tmp_path: Path) -> None:
    with open_store(tmp_path / "one") as store:
        store.load([quad("a")])
        store.flush()
    copy_store(tmp_path / "one", tmp_path / "two")
    with open_store(tmp_path / "two") as copy:
        copy.change([quad("a")], [quad("b")])
    with open_store(tmp_path / "one", read_only=True) as store:
        assert values(store) == ["a"]
    with pytest.raises(StoreError, match="there already"):
        copy_store(tmp_path / "one", tmp_path / "two")


# --- endpoints ------------------------------------------------------------------------------------


def test_an_endpoint_opened_read_only_is_only_read(server: str) -> None:
    with open_store(server, read_only=True) as store:
        assert bool(store.query("ASK {}"))
        for write in (lambda: store.load([quad("a")]), lambda: store.remove_graph(ONE)):
            with pytest.raises(StoreError, match="read-only"):
                write()


ANSWERS = {
    "/union/query": (200, "application/sparql-results+json", b'{"head":{},"boolean":true}'),
    "/odd/query": (200, "text/html", b"<html>hello</html>"),
    "/secret/query": (401, "text/plain", b"who are you?"),
}


class Foreign(BaseHTTPRequestHandler):
    """A server that isn't Oxigraph's: it says one thing an address, and notes who asked."""

    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", "0")))
        self.seen.append((self.path, self.headers.get("Authorization")))
        if self.path == "/moved/query":
            self.send_response(302)
            self.send_header("Location", "/union/query")
            self.end_headers()
            return
        code, kind, body = ANSWERS.get(self.path, (404, "text/plain", b"nothing here"))
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def foreign() -> Iterator[str]:
    Foreign.seen.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Foreign) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_an_endpoint_without_a_union_of_graphs_is_told(foreign: str) -> None:
    with open_store(f"{foreign}/union") as store, pytest.raises(StoreError, match="union"):
        store.query("SELECT * { ?s ?p ?o }")


@pytest.mark.parametrize(
    ("path", "told"),
    [("odd", "not as SPARQL 1.1 asks"), ("secret", "KG_STORE_USER"), ("nowhere", "404")],
)
def test_what_is_no_endpoint_is_one_line(foreign: str, path: str, told: str) -> None:
    with pytest.raises(StoreError, match=told) as caught:
        open_store(f"{foreign}/{path}")
    assert "\n" not in str(caught.value)


def test_credentials_come_from_the_environment_and_follow_no_redirection(
    foreign: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KG_STORE_USER", "ada")
    monkeypatch.setenv("KG_STORE_PASSWORD", "s3cret")
    open_store(f"{foreign}/moved").close()
    assert Foreign.seen == [("/moved/query", "Basic YWRhOnMzY3JldA=="), ("/union/query", None)]
    with pytest.raises(StoreError) as caught:
        open_store(f"{foreign}/nowhere")
    assert "s3cret" not in str(caught.value)
    monkeypatch.setenv("KG_STORE_TOKEN", "t0ken")
    open_store(f"{foreign}/union").close()
    assert Foreign.seen[-1] == ("/union/query", "Bearer t0ken")


def test_addresses_may_be_given_in_full(foreign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_STORE_QUERY", f"{foreign}/union/query")
    open_store(f"{foreign}/somewhere/else").close()
    monkeypatch.setenv("KG_STORE_QUERY", "file:///etc/passwd")
    with pytest.raises(StoreError, match="no endpoint"):
        open_store(foreign)


def test_a_password_in_the_address_or_a_silent_one_is_one_line() -> None:
    with pytest.raises(StoreError, match="KG_STORE_PASSWORD") as caught:
        open_store("http://ada:s3cret@127.0.0.1:1")
    assert "s3cret" not in str(caught.value)
    with pytest.raises(StoreError, match="no answer"):
        open_store("http://127.0.0.1:1")
