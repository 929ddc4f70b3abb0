from __future__ import annotations

import gzip
import json
import zipfile
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest

from kg.errors import OntologyError, StoreError
from kg.model import Article, Attribution, News, Reading
from kg.rdf import Names, prefixes, to_quads, vocabulary_quads, write_trig
from kg.read import ReadOptions, read_articles
from kg.store import Store, open_store
from kg.validate import Finding, check_sources, open_file, validate_graph
from tests.news_sample import HERALD_TEXT, TROMSO, sample_news, write_sources

NAMES = Names()
SHAPES = Path(__file__).parent.parent / "ontology" / "shapes.ttl"
MESSAGE = "http://www.w3.org/ns/shacl#message"
TOLD = sample_news()
HERALD = next(reading for reading in TOLD.readings if reading.article.name == "herald")
GAZETTE = next(reading for reading in TOLD.readings if reading.article.name == "gazette")
PROPOSE, REJECT, CRITICISE, EXPEL = (NAMES.event_mention(event.id) for event in HERALD.events)
EVENT = NAMES.event(TOLD.events[0].id)


def term(prefixed: str) -> ox.NamedNode:
    prefix, _, local = prefixed.partition(":")
    return ox.NamedNode(prefixes()[prefix] + local)


def stored(told: News = TOLD) -> Store:
    store = open_store()
    store.load(to_quads(told))
    return store


def stretch(words: str) -> ox.NamedNode:
    """The span of these words in the herald."""
    start = HERALD_TEXT.index(words)
    return ox.NamedNode(
        f"{NAMES.article(HERALD.article.id).value}#char={start},{start + len(words)}"
    )


def part(node: ox.NamedNode, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{node.value}#{name}")


def subject_of(predicate: str) -> ox.NamedNode:
    """The first node of the sample that has such a property."""
    found = {q.subject for q in to_quads(TOLD) if q.predicate == term(predicate)}
    return cast("ox.NamedNode", min(found, key=str))


HERALD_NODE, GAZETTE_NODE = (NAMES.article(one.article.id) for one in (HERALD, GAZETTE))
HERALD_TEXT_NODE, GAZETTE_TEXT_NODE = part(HERALD_NODE, "text"), part(GAZETTE_NODE, "text")
HERALD_GRAPH = NAMES.article_graph(HERALD.article.id)
OTHER_EVENT = NAMES.event(TOLD.events[1].id)
SPEECH, RECORD = subject_of("kg:cue"), subject_of("kg:readSector")
CONTRADICTION, SOFTWARE = subject_of("kg:left"), subject_of("schema:softwareVersion")
MONDAY = term("when:2024-03-04.day.relative")
DAY_AFTER = ox.Literal("2024-03-05", datatype=term("xsd:date"))

Node = ox.NamedNode | ox.BlankNode
Value = ox.NamedNode | ox.BlankNode | ox.Literal

# Node, predicate, what it is changed to (None: taken out), and what must be found.
BREAKS: list[tuple[Node, str, Value | None, str]] = [
    (stretch("On Monday"), "nif:beginIndex", ox.Literal(-1), "one begin, 0 or more"),
    (stretch("Tromsø"), "nif:endIndex", ox.Literal(3), "doesn't end before it begins"),
    (stretch("proposed"), "nif:anchorOf", ox.Literal("propose"), "not as long as its offsets say"),
    (stretch("rejected"), "nif:anchorOf", ox.Literal("r3jected"), "not what stands in the text"),
    (stretch("expelled"), "nif:endIndex", ox.Literal(99999), "ends behind its text"),
    (stretch("said"), "nif:referenceContext", None, "a stretch is of one text"),
    (PROPOSE, "kg:article", None, "stands in one article"),
    (PROPOSE, "kg:confidence", ox.Literal(1.5), "between 0 and 1"),
    (PROPOSE, "kg:modality", ox.Literal("perhaps"), "a modality is asserted"),
    (PROPOSE, "sem:hasActor", None, "without the hasActor"),
    (PROPOSE, "kg:trigger", ox.NamedNode("urn:nowhere"), "one trigger"),
    (REJECT, "kg:cameo", ox.NamedNode("https://w3id.org/newskg/cameo/9999"), "no CAMEO code"),
    (REJECT, "kg:mode", term("plover:REQUEST-assist"), "belongs to another type"),
    (REJECT, "kg:context", term("plover:context-gossip"), "no context of PLOVER"),
    (CRITICISE, "kg:eventType", term("plover:FIGHT"), "no type or mode of PLOVER"),
    (CRITICISE, "kg:action", None, "has one action"),
    (CRITICISE, "grasp:hasAttribution", None, "says how sure it is"),
    (EXPEL, "kg:concerns", ox.NamedNode("urn:nowhere"), "what is concerned is told too"),
    (EXPEL, "kg:target", term("entity:Atlantis"), "whoever plays a part is described"),
    (EXPEL, "kg:article", NAMES.article(GAZETTE.article.id), "stands in another article"),
    (EXPEL, "kg:theme", ox.BlankNode("b"), "a blank node"),
    (EVENT, "gaf:denotedBy", None, "an event is told by event mentions"),
    (EVENT, "prov:wasDerivedFrom", None, "which graphs it comes from"),
    (term("entity:Norway"), "kg:country", ox.Literal("Norway"), "one code of three letters"),
    (NAMES.entity(TROMSO), "kg:kind", ox.Literal("harbour"), "one of the twelve kinds"),
    (NAMES.entity(TROMSO), "kg:sector", term("plover:sector-FISH"), "one of PLOVER's"),
    (MONDAY, "kg:basis", ox.Literal("hope"), "what it rests on"),
    (NAMES.article(GAZETTE.article.id), "schema:publisher", ox.NamedNode("urn:x"), "publisher"),
    (HERALD_GRAPH, "prov:wasGeneratedBy", ox.NamedNode("urn:r"), "one run"),
    (HERALD_GRAPH, "prov:wasDerivedFrom", ox.NamedNode("urn:x"), "and they are described"),
    (SOFTWARE, "schema:softwareVersion", None, "which version of which software"),
    (GAZETTE_NODE, "schema:encoding", None, "an article's file has one SHA-256"),
    (HERALD_NODE, "kg:id", None, "an article has one id"),
    (HERALD_NODE, "rdfs:label", None, "an article has one name"),
    (HERALD_NODE, "kg:letGo", ox.NamedNode("urn:x"), "described nowhere"),
    (HERALD_TEXT_NODE, "nif:beginIndex", ox.Literal(5), "a text begins at 0"),
    (HERALD_TEXT_NODE, "nif:endIndex", ox.Literal(7), "the text is not as long as its end says"),
    (GAZETTE_TEXT_NODE, "nif:isString", None, "a text has its characters, once"),
    (GAZETTE_TEXT_NODE, "nif:endIndex", None, "a text has one end"),
    (GAZETTE_TEXT_NODE, "nif:sourceUrl", None, "a text is of one article"),
    (GAZETTE_TEXT_NODE, "nif:sourceUrl", None, "an article has its text, once"),
    (HERALD_GRAPH, "prov:wasDerivedFrom", None, "graph says that it was derived from it"),
    (stretch("denied"), "nif:endIndex", None, "a stretch has one end"),
    (stretch("On Monday"), "nif:anchorOf", ox.Literal("On Monday"), "no more than one quote"),
    (stretch("On Monday"), "nif:anchorOf", ox.Literal("on Monday"), "no more than one quote"),
    (stretch("Katrin Jonsdottir"), "nif:anchorOf", None, "a naming quotes its characters"),
    (stretch("Katrin Jonsdottir"), "kg:mentionLabel", ox.Literal("SHOUT"), "a naming is a NAME"),
    (CRITICISE, "kg:id", None, "an event mention has one id"),
    (EXPEL, "kg:sentence", None, "an event mention has one sentence"),
    (PROPOSE, "kg:eventType", term("plover:AGREE"), "no more than one type"),
    (PROPOSE, "kg:eventType", term("plover:REJECT"), "no more than one type"),
    (PROPOSE, "kg:inferred", ox.Literal("weather"), "what can be inferred"),
    (PROPOSE, "kg:negated", ox.Literal("maybe"), "is negated or isn't"),
    (PROPOSE, "kg:cameo", term("cameo:0312"), "no more than one CAMEO code"),
    (PROPOSE, "kg:cameo", term("cameo:01"), "no more than one CAMEO code"),
    (PROPOSE, "sem:hasTime", ox.NamedNode("urn:x"), "no more than one time"),
    (part(PROPOSE, "actor=0"), "kg:role", ox.NamedNode("urn:x"), "a part is actor, target or"),
    (part(PROPOSE, "actor=0"), "kg:entity", term("entity:Norway"), "a part names one entity"),
    (part(PROPOSE, "actor=0"), "kg:entity", term("entity:Iceland"), "a part names one entity"),
    (part(PROPOSE, "attribution"), "rdf:value", ox.Literal("sure"), "in GRaSP's terms"),
    (REJECT, "gaf:denotes", None, "don't name each other"),
    (EVENT, "kg:id", None, "an event has one id"),
    (EVENT, "kg:eventType", None, "an event has one type"),
    (EVENT, "kg:order", ox.Literal("tomorrow"), "one place in lists"),
    (EVENT, "kg:sourceCount", ox.Literal(0), "counts its publishers"),
    (NAMES.entity(TROMSO), "kg:key", None, "by which it can be asked for"),
    (NAMES.entity(TROMSO), "kg:mentionCount", ox.Literal(-1), "how often it is named"),
    (SPEECH, "kg:article", None, "speech stands in one article"),
    (SPEECH, "kg:quoted", ox.Literal("perhaps"), "is quoted or isn't"),
    (EXPEL, "kg:argument", None, "without the argument that says where"),
    (term("entity:Norway"), "action:expel", term("entity:Norway"), "that no telling asserts"),
    (EVENT, "kg:pairKey", ox.Literal("fd0a69da5ac2c50"), "lacks the key of that pair"),
    (OTHER_EVENT, "prov:wasDerivedFrom", term("graph:canonical"), "the graph of an article that"),
    (EVENT, "prov:wasDerivedFrom", None, "to the bytes of a file"),
    (SPEECH, "kg:cue", None, "speech has one cue"),
    (SPEECH, "kg:content", ox.NamedNode("urn:x"), "what is said stands in the text"),
    (SPEECH, "kg:stance", ox.Literal("joy"), "a stance is neutral"),
    (CONTRADICTION, "kg:left", None, "a contradiction has two event mentions"),
    (CONTRADICTION, "kg:reason", None, "a contradiction says why"),
    (EXPEL, "kg:contradicts", None, "told on one side only"),
    (NAMES.entity(TROMSO), "kg:id", None, "an entity has one id"),
    (NAMES.entity(TROMSO), "rdfs:label", None, "an entity has one name"),
    (RECORD, "kg:readSector", term("plover:sector-FISH"), "what was read is no sector"),
    (MONDAY, "sem:hasTimeStamp", None, "one time stamp"),
    (MONDAY, "kg:precision", ox.Literal("roughly"), "how precise it is"),
    (MONDAY, "kg:firstDay", DAY_AFTER, "doesn't end before it begins"),
]


def broken(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The sample with every break in it."""
    changed = {(node, term(predicate)) for node, predicate, _, _ in BREAKS}
    kept = [quad for quad in quads if (quad.subject, quad.predicate) not in changed]
    return kept + [
        ox.Quad(node, term(predicate), value)
        for node, predicate, value, _ in BREAKS
        if value is not None
    ]


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    with open_store() as store:
        store.load(broken(to_quads(TOLD)))
        return validate_graph(store)


def test_sample_keeps_every_rule() -> None:
    with stored() as store:
        assert validate_graph(store) == []
        store.load(vocabulary_quads())
        assert validate_graph(store) == []


@pytest.mark.parametrize("message", sorted({message for *_, message in BREAKS}))
def test_rule_finds_what_breaks_it(findings: list[Finding], message: str) -> None:
    found = [finding for finding in findings if message in finding.message]
    assert found
    assert all("\n" not in finding.message for finding in found)


def test_every_rule_has_a_break() -> None:
    shapes = ox.parse(path=str(SHAPES))
    messages = {q.object.value for q in shapes if q.predicate.value == MESSAGE}
    assert len(messages) > 60
    unbroken = {told for told in messages if not any(message in told for *_, message in BREAKS)}
    assert unbroken == set()


def test_finding_says_which_node(findings: list[Finding]) -> None:
    where = {finding.where for finding in findings if "between 0 and 1" in finding.message}
    assert where == {PROPOSE.value}
    where = {finding.where for finding in findings if "another type" in finding.message}
    assert where == {REJECT.value, CRITICISE.value}


def test_findings_are_sorted_and_each_is_told_once(findings: list[Finding]) -> None:
    assert findings == sorted(set(findings))


# --- sources ---


def reread(store: Store, folder: Path, **fields: str) -> list[Finding]:
    options = ReadOptions(fields=fields, any_language=True)
    return check_sources(store, folder, partial(read_articles, options=options))


def test_untouched_sources_are_as_quoted(tmp_path: Path) -> None:
    write_sources(tmp_path)
    with stored() as store:
        assert reread(store, tmp_path) == []


def test_missing_and_changed_sources_are_told(tmp_path: Path) -> None:
    write_sources(tmp_path)
    herald = tmp_path / "news/herald.txt"
    herald.write_text(HERALD_TEXT.replace("save!", "save?"), encoding="utf-8", newline="\n")
    (tmp_path / "news/gazette.jsonl").unlink()
    with stored() as store:
        missing, changed = sorted(reread(store, tmp_path), key=lambda f: f.where)
    assert (missing.what, missing.where) == ("missing", "news/gazette.jsonl")
    assert (changed.what, changed.where) == ("changed", "news/herald.txt")
    assert HERALD.article.sha256[:12] in changed.message
    assert "0 of 26 quotes don't stand" in changed.message


def test_changed_record_is_told_with_its_line(tmp_path: Path) -> None:
    write_sources(tmp_path)
    record = json.dumps({"text": "🚢" + GAZETTE.article.text})
    (tmp_path / "news/gazette.jsonl").write_text(record + "\n", encoding="utf-8")
    with stored() as store:
        (found,) = reread(store, tmp_path)
    assert (found.what, found.where) == ("changed", "news/gazette.jsonl:1")


@pytest.mark.parametrize("line", ["", "[1]", "{}", '{"text": 7}', "{", '"text"'])
def test_record_that_is_none_any_more_is_told(tmp_path: Path, line: str) -> None:
    write_sources(tmp_path)
    (tmp_path / "news/gazette.jsonl").write_text(line, encoding="utf-8")
    with stored() as store:
        (found,) = reread(store, tmp_path)
    assert (found.what, found.where) == ("unreadable", "news/gazette.jsonl:1")


def test_quote_that_does_not_stand_in_the_file_is_told(tmp_path: Path) -> None:
    write_sources(tmp_path)
    quads = list(to_quads(TOLD))
    wrong = ox.Quad(
        stretch("rejected"),
        term("nif:anchorOf"),
        ox.Literal("accepted"),
        NAMES.article_graph(HERALD.article.id),
    )
    with open_store() as store:
        store.load(q for q in quads if (q.subject, q.predicate) != (wrong.subject, wrong.predicate))
        store.load([wrong])
        (found,) = reread(store, tmp_path)
    assert found.what == "quote"
    assert "'accepted' is stored, 'rejected' stands" in found.message


def test_text_that_never_was_a_file_is_passed_over(tmp_path: Path) -> None:
    spoken = tuple(
        replace(reading, article=replace(reading.article, path=None)) for reading in TOLD.readings
    )
    with stored(replace(TOLD, readings=spoken)) as store:
        assert reread(store, tmp_path) == []


CONTENT_URL = f"<{prefixes()['schema']}contentUrl>"
PAGE = (
    "<html><head><title>Norway agreed</title></head><body><article><h1>Norway agreed</h1>"
    "<p>Norway agreed with Iceland on Monday &amp; signed a treaty, the two governments said after "
    "a day of talks.</p><p>The ministers met in Oslo, and will meet in Reykjavik in the spring, "
    "the government said.</p></article></body></html>"
)
LINE = json.dumps({"prose": "Norway agreed with Iceland on Monday, the government said."})


def write_every_kind(folder: Path) -> None:
    """Write a file of every kind that is read; two need to be told where their text stands."""
    with zipfile.ZipFile(folder / "pages.zip", "w") as archive:
        archive.writestr("one.html", PAGE.replace("Oslo", "Bergen"))
        archive.writestr("two.txt", HERALD_TEXT + "And more.")
    with gzip.GzipFile(folder / "lines.jsonl.gz", "wb", mtime=0) as file:
        file.write(f"{LINE}\n".encode())
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "rows.csv").write_text(f'id,prose\n7,"{GAZETTE.article.text}"\n', encoding="utf-8")
    (folder / "feed.xml").write_text(
        "<rss version='2.0'><channel><title>T</title><item><title>Norway agreed</title>"
        "<description>&lt;p&gt;Norway agreed with Iceland &amp;amp; signed.&lt;/p&gt;</description>"
        "</item>"
        "</channel></rss>",
        encoding="utf-8",
    )
    head = (
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
        + PAGE.replace("Oslo", "Narvik").encode()
    )
    (folder / "web.warc").write_bytes(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/b\r\n"
        b"Content-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%b\r\n\r\n" % (len(head), head)
    )
    (folder / "wide.txt").write_bytes(HERALD_TEXT.encode("utf-16"))
    (folder / "latin.txt").write_bytes("Tromsø agreed with Malmö on Monday.".encode("latin-1"))


def held(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of what all files of a folder say, every paragraph quoted; paths are relative."""
    monkeypatch.chdir(folder)
    options = ReadOptions(fields={"text": "prose"}, any_language=True)
    store = open_store()
    names = sorted(path.name for path in folder.iterdir())
    for article in read_articles(names, options=options):
        assert isinstance(article, Article), article.message
        says = tuple(Attribution(cue=span, speaker=None, content=(span,)) for span in article.body)
        store.load(to_quads(News(readings=(Reading(article=article, attributions=says),))))
    return store


def test_every_kind_of_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_every_kind(tmp_path)
    with held(tmp_path, monkeypatch) as store:
        rows = cast("ox.QuerySolutions", store.query(f"SELECT ?p {{ ?f {CONTENT_URL} ?p }}"))
        paths = {row["p"].value for row in rows}
        assert {path.partition("!")[0] for path in paths} == {
            path.name for path in tmp_path.iterdir()
        }
        assert {"pages.zip!one.html", "pages.zip!two.txt"} <= paths
        assert reread(store, tmp_path, text="prose") == []
        assert {found.what for found in reread(store, tmp_path)} == {"unreadable"}


def test_change_inside_a_packed_file_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_every_kind(tmp_path)
    with held(tmp_path, monkeypatch) as store:
        with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
            archive.writestr("one.html", PAGE.replace("Monday", "Sunday"))
        (tmp_path / "feed.xml").write_text("<rss></rss>", encoding="utf-8")
        found = {(one.what, one.where) for one in reread(store, tmp_path, text="prose")}
    assert found == {
        ("changed", "pages.zip!one.html"),
        ("unreadable", "pages.zip!two.txt"),
        ("unreadable", "feed.xml:1"),
    }


def test_file_that_moved_is_told_with_its_new_place(tmp_path: Path) -> None:
    write_sources(tmp_path)
    (tmp_path / "news/herald.txt").rename(tmp_path / "news/tribune.txt")
    gazette = tmp_path / "news/gazette.jsonl"
    gazette.write_text("\n" + gazette.read_text(encoding="utf-8"), encoding="utf-8")
    with stored() as store:
        lines, file = reread(store, tmp_path)
    assert (lines.what, lines.where) == ("moved", "news/gazette.jsonl")
    assert (file.what, file.where) == ("moved", "news/herald.txt")
    assert "herald: now in news/tribune.txt" in file.message


def test_text_that_is_stored_otherwise_is_told(tmp_path: Path) -> None:
    write_sources(tmp_path)
    with stored() as store:
        told = [q for q in store.quads() if q.predicate == term("nif:isString")]
        store.change(
            told[:1],
            [ox.Quad(told[0].subject, told[0].predicate, ox.Literal("x"), told[0].graph_name)],
        )
        assert [found.what for found in reread(store, tmp_path)] == ["text"]


# --- files ---


def test_file_is_opened_as_a_store(tmp_path: Path) -> None:
    write_trig(to_quads(TOLD), tmp_path / "g.trig")
    with open_file(tmp_path / "g.trig") as store:
        assert set(store.quads()) == set(to_quads(TOLD))


@pytest.mark.parametrize(("name", "text"), [("a.ttl", "<a"), ("a.xyz", "x"), ("b.ttl", None)])
def test_file_that_is_no_rdf_is_told(tmp_path: Path, name: str, text: str | None) -> None:
    if text is not None:
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(StoreError, match=name) as caught:
        open_file(tmp_path / name)
    assert "\n" not in str(caught.value)


# --- shapes of one's own --------------------------------------------------------------------------

PREFIX = f"""@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix sem: <{prefixes()["sem"]}> .
"""
UNNAMED = "<urn:s> a sh:NodeShape ; sh:targetClass sem:Event ; "
BROKEN = {
    "no shape at all": "<urn:a> <urn:b> <urn:c> .",
    "a number for a shape": UNNAMED + "sh:property 5 .",
    "a word for a number": UNNAMED + 'sh:property [ sh:path <urn:p> ; sh:minCount "x" ] .',
    "no list": UNNAMED + "sh:and 5 .",
    "no path": "<urn:s> a sh:PropertyShape ; sh:targetClass sem:Event ; sh:minCount 1 .",
    "a broken pattern": UNNAMED + 'sh:property [ sh:path sem:eventType ; sh:pattern "((" ] .',
    "a broken query": UNNAMED + 'sh:sparql [ sh:select "SELECT $this WHERE {" ] .',
    "no Turtle": "sh:",
}


@pytest.mark.parametrize("shapes", BROKEN.values(), ids=BROKEN)
def test_shapes_that_are_none_or_broken_are_told_in_a_line(shapes: str, tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    own.write_text(PREFIX + shapes, encoding="utf-8")
    with pytest.raises((OntologyError, StoreError), match=r"own\.ttl: ") as told:
        validate_graph(stored(), own)
    assert "\n" not in str(told.value)


def test_shapes_of_ones_own_are_held_beside_ours(tmp_path: Path) -> None:
    own = tmp_path / "own.ttl"
    rule = UNNAMED + 'sh:property [ sh:path <urn:p> ; sh:minCount 1 ; sh:message "no p" ] .'
    own.write_text(PREFIX + rule, encoding="utf-8")
    found = validate_graph(stored(), own)
    assert {finding.where for finding in found} == {NAMES.event(e.id).value for e in TOLD.events}
    assert {finding.message for finding in found} == {"no p (urn:p)"}
