"""Exports: the same quads again in every syntax, the same bytes every time, nothing that runs."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
import rdflib

from kg.errors import UsageError
from kg.export import (
    CONTEXT,
    ENDINGS,
    FORMATS,
    export,
    export_bytes,
    find_format,
    write_export,
    xml_text,
)
from kg.lines import event_lines
from kg.model import Entity, News
from kg.query import plain_text
from kg.rdf import Names, term, to_quads, vocabulary_quads
from kg.store import Store, open_store
from tests.golden import GOLDEN
from tests.news_sample import sample_news

CONTROLS = "".join(map(chr, (*range(1, 0x20), 0x7F, 0x85, 0x2028, 0xFFFE, 0x10FFFF)))
NASTY = [
    '=HYPERLINK("http://evil.example")',
    "]]> </script> <!-- & &amp; '\"",
    'quote " backslash \\ \\u0041 tab\t line\r\nbreak',
    "\u202eRTL\u202c \u05e9\u05dc\u05d5\u05dd e\u0301 👩\u200d🚀",
    CONTROLS,
]


def loaded(news: News) -> Store:
    store = open_store()
    store.load(to_quads(news))
    return store


def nasty_news() -> News:
    """The sample with hostile names, themes, actions and rules in place of its own."""
    news = sample_news()
    readings = []
    for number, reading in enumerate(news.readings):
        events = tuple(
            replace(event, theme=NASTY[(number + index) % len(NASTY)], action=f"{NASTY[index]} 1%")
            for index, event in enumerate(reading.events)
        )
        article = replace(reading.article, title="\n".join(NASTY), path=NASTY[number] + ".txt")
        readings.append(replace(reading, article=article, events=events))
    mentions = {event.id: event for reading in readings for event in reading.events}
    merged = tuple(
        replace(
            event,
            action=NASTY[index],
            actors=(*event.actors, hostile(index)),
            mentions=tuple(mentions[mention.id] for mention in event.mentions),
            reasons=tuple(NASTY[index] for _ in event.mentions),
        )
        for index, event in enumerate(news.events)
    )
    return replace(news, readings=tuple(readings), events=merged)


def hostile(index: int) -> Entity:
    return Entity(id=f"{index:016x}", name=NASTY[index], kind="person", country="NOR")


@pytest.fixture(scope="module", params=["sample", "nasty"])
def news(request) -> News:
    return sample_news() if request.param == "sample" else nasty_news()


@pytest.fixture(scope="module")
def store(news) -> Store:
    return loaded(news)


def lines(quads) -> list[str]:
    return sorted(map(str, quads))


def ntriples(triples) -> list[str]:
    """N-Triples lines, for rdflib's terms and for Oxigraph's."""
    return sorted({" ".join(map(str, map(_term, triple))) for triple in triples})


def _term(term):
    if isinstance(term, rdflib.Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
        return ox.Literal(str(term), datatype=datatype)
    return ox.NamedNode(str(term)) if isinstance(term, rdflib.URIRef) else term


# RFC 3987 as the strict readers of Turtle hold it: a scheme, and no sign that has to be escaped.
STRICT_IRI = re.compile(
    r"[a-z][a-z0-9+.-]*:(?://[^/?#\s]+)?(?:%[0-9A-Fa-f]{2}|[^\x00-\x20<>\"{}|^`\\%])*"
)


@pytest.fixture
def _exact_literals(monkeypatch):
    # rdflib would otherwise rewrite "0.90"^^xsd:double; the switch is global.
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


@pytest.mark.parametrize(
    ("format", "syntax"),
    [
        ("trig", ox.RdfFormat.TRIG),
        ("nq", ox.RdfFormat.N_QUADS),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_oxigraph_reads_the_same_quads(store, format, syntax):
    again = ox.parse(export_bytes(store, format), syntax)
    assert lines(again) == lines(store.quads())


@pytest.mark.parametrize(
    ("format", "syntax"), [("ttl", ox.RdfFormat.TURTLE), ("nt", ox.RdfFormat.N_TRIPLES)]
)
def test_oxigraph_reads_the_same_triples(store, format, syntax):
    again = {quad.triple for quad in ox.parse(export_bytes(store, format), syntax)}
    assert again == {quad.triple for quad in store.quads()}


@pytest.mark.usefixtures("_exact_literals")
@pytest.mark.parametrize(
    ("format", "syntax"), [("trig", "trig"), ("nq", "nquads"), ("jsonld", "json-ld")]
)
def test_rdflib_reads_the_same_quads(store, format, syntax):
    dataset = rdflib.Dataset()
    dataset.parse(data=export_bytes(store, format).decode("utf-8"), format=syntax)
    again = {
        (s, p, o, None if g is None or g == rdflib.graph.DATASET_DEFAULT_GRAPH_ID else g)
        for s, p, o, g in dataset.quads()
    }
    found = sorted(
        " ".join(str(_term(term)) for term in quad if term is not None) for quad in again
    )
    assert found == sorted(
        " ".join(map(str, (*q.triple, *([] if _default(q) else [q.graph_name]))))
        for q in store.quads()
    )


def _default(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.DefaultGraph)


@pytest.mark.usefixtures("_exact_literals")
@pytest.mark.parametrize(("format", "syntax"), [("ttl", "turtle"), ("nt", "nt")])
def test_rdflib_reads_the_same_triples(store, format, syntax):
    graph = rdflib.Graph()
    graph.parse(data=export_bytes(store, format).decode("utf-8"), format=syntax)
    assert ntriples(graph) == ntriples(quad.triple for quad in store.quads())


@pytest.mark.usefixtures("_exact_literals")
def test_rdf_xml_reads_back_but_for_what_xml_cannot_hold():
    store = loaded(sample_news())
    graph = rdflib.Graph()
    graph.parse(data=export_bytes(store, "rdf").decode("utf-8"), format="xml")
    assert ntriples(graph) == ntriples(quad.triple for quad in store.quads())


@pytest.mark.usefixtures("_exact_literals")
def test_rdf_xml_of_hostile_text_is_xml_and_tells_what_it_let_go(caplog):
    store = loaded(nasty_news())
    written = export_bytes(store, "rdf")
    graph = rdflib.Graph()
    graph.parse(data=written.decode("utf-8"), format="xml")
    told = re.search(r"(\d+) triples let go", caplog.text)
    gone = int(told[1]) if told else 0
    assert len(graph) == len({quad.triple for quad in store.quads()}) - gone
    texts = {str(value) for value in graph.objects() if isinstance(value, rdflib.Literal)}
    assert {xml_text(text) for text in NASTY[:4]} <= texts
    assert "\x01" not in written.decode("utf-8")


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_store_gives_the_same_bytes_whatever_the_order(format, news):
    quads = list(to_quads(news))
    other = open_store()
    for quad in reversed(quads):
        other.load([quad])
    assert export_bytes(loaded(news), format) == export_bytes(other, format)


@pytest.mark.parametrize("format", FORMATS)
def test_exports_are_utf8_with_line_feeds_and_end_in_one(format):
    written = export_bytes(loaded(sample_news()), format)
    assert b"\r" not in written
    assert written.endswith(b"\n")
    assert not written.endswith(b"\n\n")
    written.decode("utf-8")


@pytest.mark.parametrize("format", FORMATS)
def test_an_empty_store_can_be_exported(format):
    export_bytes(open_store(), format).decode("utf-8")


class Pieces(io.BytesIO):
    """Remembers how long the longest piece was that it was given."""

    longest = 0

    def write(self, piece, /):
        self.longest = max(self.longest, len(piece))
        return super().write(piece)


@pytest.mark.parametrize("format", ["nq", "nt", "jsonld", "csv", "jsonl", "graphml"])
def test_what_is_written_is_never_held_as_a_whole(format, seeds):
    file = Pieces()
    write_export(seeds, format, file)
    assert file.longest < len(file.getvalue()) / 8


def test_json_ld_has_a_context_and_short_names():
    document = json.loads(export_bytes(loaded(sample_news()), "jsonld"))
    assert document["@context"]["kg"] == "https://w3id.org/newskg/ns#"
    names = {node["@id"] for node in document["@graph"]}
    assert "graph:canonical" in names


def test_json_ld_context_is_shipped_and_tells_nodes_from_text():
    store = loaded(sample_news())
    document = json.loads(export_bytes(store, "jsonld"))
    shipped = CONTEXT.read_text(encoding="utf-8")
    assert document["@context"] == json.loads(shipped)["@context"]
    graphs = {one["@id"]: one["@graph"] for one in document["@graph"] if "@graph" in one}
    event = next(node for node in graphs["graph:canonical"] if "sem:Event" in node.get("@type", ()))
    assert event["kg:actor"] in (["entity:Norway"], ["entity:Iceland"])
    by_hand = {"@id": "event:1", "kg:actor": "entity:Norway", "@context": document["@context"]}
    (quad,) = ox.parse(json.dumps(by_hand), ox.RdfFormat.JSON_LD)
    assert quad.object == ox.NamedNode(document["@context"]["entity"] + "Norway")


# What each reader of Turtle allows beyond the standard, none may need; rdflib warns by its log.
def test_turtle_is_read_without_a_warning(caplog):
    written = export_bytes(loaded(sample_news()), "ttl")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        graph = rdflib.Graph().parse(data=written.decode("utf-8"), format="turtle")
    assert not caplog.records
    strict = list(ox.parse(written, ox.RdfFormat.TURTLE, lenient=False))
    assert len(graph) == len(strict)
    for quad in strict:
        assert STRICT_IRI.fullmatch(quad.subject.value)
        assert STRICT_IRI.fullmatch(quad.predicate.value)
        if isinstance(quad.object, ox.NamedNode):
            assert STRICT_IRI.fullmatch(quad.object.value)


@pytest.fixture(scope="module")
def seeds() -> Store:
    """The graph of the seeds as it was last looked at, with the vocabulary beside it."""
    store = open_store()
    store.load(ox.parse(GOLDEN.read_bytes(), ox.RdfFormat.N_QUADS))
    store.load(vocabulary_quads())
    return store


# `lenient=False` is RFC 3987 to the letter, and without a base no relative IRI is taken.
@pytest.mark.usefixtures("_exact_literals")
@pytest.mark.parametrize(
    ("format", "syntax", "strict"),
    [
        ("ttl", "turtle", ox.RdfFormat.TURTLE),
        ("rdf", "xml", ox.RdfFormat.RDF_XML),
        ("trig", "trig", ox.RdfFormat.TRIG),
        ("jsonld", "json-ld", ox.RdfFormat.JSON_LD),
    ],
)
def test_two_readers_find_the_seeds_the_same_without_a_warning(
    seeds, format, syntax, strict, caplog
):
    written = export_bytes(seeds, format)
    graph = rdflib.Graph() if format in ("ttl", "rdf") else rdflib.Dataset(default_union=True)
    graph.parse(data=written.decode("utf-8"), format=syntax)
    assert not caplog.records
    triples = {quad.triple for quad in seeds.quads()}
    assert {quad.triple for quad in ox.parse(written, strict, lenient=False)} == triples
    assert ntriples(triple[:3] for triple in graph) == ntriples(triples)
    literals = {value for value in graph.objects() if isinstance(value, rdflib.Literal)}
    assert len({value.datatype for value in literals}) > 5
    assert not [value for value in literals if value.ill_typed]


def test_every_iri_of_the_seeds_is_absolute(seeds):
    nodes = {node for quad in seeds.quads() for node in (*quad.triple, quad.graph_name)}
    named = {node.value for node in nodes if isinstance(node, ox.NamedNode)}
    assert len(named) > 1000
    assert not [iri for iri in named if not STRICT_IRI.fullmatch(iri)]
    datatypes = {node.datatype.value for node in nodes if isinstance(node, ox.Literal)}
    assert not [iri for iri in datatypes if not STRICT_IRI.fullmatch(iri)]


def test_the_graph_says_of_itself_what_it_holds(seeds):
    dataset = Names().dataset
    said = {(q.predicate, q.object) for q in seeds.quads() if q.subject == dataset}
    assert {(term("rdf:type"), term("void:Dataset")), (term("rdf:type"), term("dcat:Dataset"))} < {
        *said
    }
    assert {term("dcterms:title"), term("dcterms:description")} < {key for key, _ in said}
    parts = [value for key, value in said if key == term("void:classPartition")]
    kinds = {q.subject: q.object for q in seeds.quads() if q.predicate == term("void:class")}
    counts = {q.subject: q.object for q in seeds.quads() if q.predicate == term("void:entities")}
    assert {term("schema:NewsArticle"), term("sem:Event")} < {kinds[part] for part in parts}
    for part in parts:
        of_kind = {
            q.subject
            for q in seeds.quads()
            if q.predicate == term("rdf:type") and q.object == kinds[part]
        }
        assert int(counts[part].value) == len(of_kind), kinds[part]


@pytest.mark.parametrize("format", ["nq", "nt"])
def test_quads_and_triples_are_sorted_lines(format, store):
    written = export_bytes(store, format).decode("utf-8").removesuffix("\n").split("\n")
    assert written == sorted(set(written))


# --- tables and lines -----------------------------------------------------------------------------


def rows_of(store: Store) -> list[dict[str, str]]:
    text = export_bytes(store, "csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_csv_has_a_row_a_mention_with_its_place():
    rows = rows_of(loaded(sample_news()))
    texts = {r.article.name: r.article.text for r in sample_news().readings}
    assert len(rows) == 7
    for row in rows:
        assert texts[row["article"]][int(row["begin"]) : int(row["end"])] == row["sentence"]
    denied = next(row for row in rows if row["modality"] == "denied")
    expected = {
        "type": "SANCTION",
        "cameo": "161",
        "action": "expel",
        "actors": "Iceland",
        "targets": "Norway",
        "speaker": "Iceland",
        "negated": "false",
        "publisher": "Northern Herald",
        "file": "news/herald.txt",
        "record": "",
        "publishers": "2",
    }
    assert {key: denied[key] for key in expected} == expected
    quoted = [row["speaker"] for row in rows if row["quote"] == "true"]
    assert quoted == ["Katrin Jonsdottir"]


def test_csv_of_hostile_text_reads_back_and_starts_no_formula():
    rows = rows_of(loaded(nasty_news()))
    assert len(rows) == 7
    cells = [cell for row in rows for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))]
    assert "'" + NASTY[0] in cells
    assert NASTY[1] in cells


def test_json_lines_are_those_of_extract(news, store):
    written = export_bytes(store, "jsonl").decode("utf-8").removesuffix("\n").split("\n")
    assert [json.loads(line) for line in written] == list(event_lines(news))


# --- networks -------------------------------------------------------------------------------------


def test_graphml_has_entities_and_parallel_edges():
    graph = nx.parse_graphml(export_bytes(loaded(sample_news()), "graphml").decode("utf-8"))
    by_name = {values["label"]: values for _, values in graph.nodes(data=True)}
    assert sorted(by_name) == ["Iceland", "Norway"]
    assert by_name["Norway"] | {"sector": ""} == {
        "label": "Norway",
        "kind": "country",
        "country": "NOR",
        "sector": "",
    }
    edges = {values["action"]: values for _, _, values in graph.edges(data=True)}
    assert sorted(edges) == ["criticise", "expel", "propose", "reject"]
    assert edges["propose"]["publishers"] == "Fjord Gazette; Northern Herald"
    assert (edges["reject"]["type"], edges["reject"]["date"]) == ("REJECT", "2024-03-05")


def test_gexf_has_its_types_as_attributes_and_no_clock():
    written = export_bytes(loaded(sample_news()), "gexf").decode("utf-8")
    assert "lastmodifieddate" not in written
    assert "NetworkX" not in written
    root = ElementTree.fromstring(written)
    space = {"g": "http://www.gexf.net/1.2draft"}
    titles = {a.get("title"): a.get("id") for a in root.iterfind(".//g:attribute", space)}
    assert {"kind", "country", "sector", "type", "action", "date", "publishers"} <= set(titles)
    edges = root.findall(".//g:edge", space)
    assert len(edges) == 4
    assert all(edge.get("type") in (None, "directed") for edge in edges)
    types = root.findall(f".//g:edge//g:attvalue[@for='{titles['type']}']", space)
    assert {value.get("value") for value in types} == {"AGREE", "REJECT", "ACCUSE", "SANCTION"}


@pytest.mark.parametrize("format", ["graphml", "gexf"])
def test_networks_of_hostile_names_are_xml(format):
    written = export_bytes(loaded(nasty_news()), format)
    ElementTree.fromstring(written)
    assert "</script>" not in written.decode("utf-8")


# --- files ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ending", "format"), ENDINGS.items())
def test_the_ending_tells_the_format(ending, format, tmp_path):
    store = loaded(sample_news())
    path = export(store, tmp_path / "new" / f"graph{ending.upper()}")
    assert path.read_bytes() == export_bytes(store, format)
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_format_may_be_named_whatever_the_ending(tmp_path):
    store = loaded(sample_news())
    path = export(store, tmp_path / "graph.txt", "nq")
    assert path.read_bytes() == export_bytes(store, "nq")


@pytest.mark.parametrize("path", ["graph.xyz", "graph", "out.d/graph"])
def test_an_unknown_ending_tells_what_is_possible(path):
    with pytest.raises(UsageError, match=r"names no format; there are \.ttl, .*\.graphml"):
        find_format(path)


def test_an_unknown_format_tells_what_is_possible():
    with pytest.raises(UsageError, match="'yaml'; there are ttl, trig"):
        export_bytes(open_store(), "yaml")


@pytest.mark.skipif(os.name == "nt", reason="there are no pipes with names")
def test_a_pipe_is_written_to_and_keeps_its_place(tmp_path):
    store, pipe = loaded(sample_news()), tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as at_once:
        told = at_once.submit(pipe.read_bytes)
        export(store, pipe, "nt")
        assert told.result(timeout=60) == export_bytes(store, "nt")
    assert pipe.is_fifo()


def test_a_failed_export_leaves_the_old_file_and_no_other(tmp_path):
    target = tmp_path / "graph.nq"
    target.mkdir()
    with pytest.raises(UsageError, match="can't be written"):
        export(loaded(sample_news()), target)
    assert [entry.name for entry in tmp_path.iterdir()] == ["graph.nq"]


def test_every_format_has_an_ending():
    assert set(ENDINGS.values()) == set(FORMATS)


def test_nasty_text_is_as_nasty_as_it_says():
    assert any(plain_text(text) != text for text in NASTY)
    assert "\x00" not in "".join(NASTY)
