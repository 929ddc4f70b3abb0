from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import StoreError
from kg.rdf import Names, to_quads
from kg.store import Store, open_store, rdflib_graph, to_dataset
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
