"""Named and free queries, their parameters, their tables, and `explain_event`."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import KGError, QueryError, UsageError
from kg.model import Copy
from kg.query import (
    Rows,
    Triples,
    bind_parameters,
    check_read_only,
    explain_event,
    find_base,
    find_repeats,
    guard_cell,
    named_queries,
    plain_text,
    queries_page,
    run_query,
)
from kg.query.ask import parse_query
from kg.rdf import Names, prefixes, to_quads
from kg.store import Store, open_store, to_dataset
from tests.news_page import PAGE_TEXT, SEEN, TRIGGER, page_news
from tests.news_sample import sample_news

NAMES = [query.name for query in named_queries()]
HERALD, GAZETTE = "news/herald.txt", "news/gazette.jsonl"
BOTH = "Fjord Gazette; Northern Herald"


@pytest.fixture(scope="module")
def store() -> Store:
    opened = open_store()
    opened.load(to_quads(sample_news()))
    return opened


def ask(store: Store, query: str, **parameters: str) -> Rows:
    answer = run_query(store, query, parameters)
    assert isinstance(answer, Rows)
    return answer


def columns(rows: Rows, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in rows.to_dicts()]


# What each query gives on the sample: parameters, the columns looked at, the rows in order.
EXPECTED: list[tuple[str, dict[str, str], tuple[str, ...], list[tuple[object, ...]]]] = [
    (
        "who-did-what",
        {},
        ("actor", "action", "target", "cameo", "modality", "publishers", "file", "begin", "end"),
        [
            ("Norway", "propose", "Iceland", "0312", "asserted", 2, GAZETTE, 0, 57),
            ("Norway", "propose", "Iceland", "0312", "asserted", 2, HERALD, 40, 97),
            ("Iceland", "reject", "Norway", "1212", "asserted", 2, GAZETTE, 58, 103),
            ("Iceland", "reject", "Norway", "1212", "asserted", 2, HERALD, 98, 150),
            ("Norway", "criticise", "Iceland", "111", "asserted", 1, HERALD, 152, 220),
            ("Iceland", "expel", "Norway", "161", "asserted", 1, GAZETTE, 104, 142),
            ("Iceland", "expel", "Norway", "161", "denied", 1, HERALD, 221, 278),
        ],
    ),
    (
        "who-did-what",
        {"actor": "norway", "type": "agree"},
        ("type", "date", "file", "record"),
        [("AGREE", "2024-03-04", GAZETTE, 0), ("AGREE", "2024-03-04", HERALD, None)],
    ),
    ("who-did-what", {"target": "isl", "type": "ACCUSE"}, ("action",), [("criticise",)]),
    ("who-did-what", {"actor": "Nor"}, ("type",), [("AGREE",), ("AGREE",), ("ACCUSE",)]),
    ("who-did-what", {"actor": "Norwa"}, ("type",), []),
    (
        "between",
        {"one": "ISL", "other": "Norway"},
        ("date", "actor", "action"),
        [
            ("2024-03-04", "Norway", "propose"),
            ("2024-03-05", "Iceland", "reject"),
            ("2024-03-05", "Norway", "criticise"),
            (None, "Iceland", "expel"),
        ],
    ),
    ("between", {"one": "Iceland", "other": "Iceland"}, ("id",), []),
    (
        "most-active-pairs",
        {},
        ("actor", "target", "events", "types"),
        [("Iceland", "Norway", 2, 2), ("Norway", "Iceland", 2, 2)],
    ),
    ("most-active-pairs", {"type": "reject"}, ("actor", "events"), [("Iceland", 1)]),
    ("most-active-pairs", {"limit": "0"}, ("actor",), []),
    (
        "by-type",
        {},
        ("type", "events", "mentions", "articles"),
        [("ACCUSE", 1, 1, 1), ("AGREE", 1, 2, 2), ("REJECT", 1, 2, 2), ("SANCTION", 1, 2, 2)],
    ),
    (
        "by-month",
        {},
        ("month", "type", "events"),
        [
            ("2024-03", "ACCUSE", 1),
            ("2024-03", "AGREE", 1),
            ("2024-03", "REJECT", 1),
            ("undated", "SANCTION", 1),
        ],
    ),
    ("by-month", {"actor": "ISL"}, ("type",), [("REJECT",), ("SANCTION",)]),
    (
        # The expulsion is asserted by one and denied by the other: that is no corroboration.
        "corroborated",
        {},
        ("publishers", "toldBy", "action"),
        [(2, BOTH, "propose"), (2, BOTH, "reject")],
    ),
    (
        "corroborated",
        {"least": "1"},
        ("publishers", "action"),
        [(2, "propose"), (2, "reject"), (1, "criticise"), (1, "expel")],
    ),
    (
        "told-by-one-source",
        {},
        ("toldBy", "action"),
        [("Fjord Gazette", "expel"), ("Northern Herald", "criticise")],
    ),
    ("told-by-one-source", {"source": "fjord gazette"}, ("action",), [("expel",)]),
    (
        "negated-or-denied",
        {},
        ("action", "modality", "speaker", "publisher", "sentence"),
        [
            (
                "expel",
                "denied",
                "Iceland",
                "Northern Herald",
                "Iceland denied that it had expelled a Norwegian diplomat.",
            )
        ],
    ),
    (
        "said-by",
        {},
        ("speaker", "stance", "cue", "quoted", "content", "begin", "end"),
        [
            (
                "Iceland",
                "denial",
                "denied",
                False,
                "it had expelled a Norwegian diplomat",
                241,
                277,
            ),
            ("Katrin Jonsdottir", "neutral", "said", True, "Norway has criticised us", 153, 177),
        ],
    ),
    ("said-by", {"speaker": "KATRIN JONSDOTTIR"}, ("cue",), [("said",)]),
    ("said-by", {"speaker": "isl"}, ("cue",), [("denied",), ("said",)]),
    (
        "quotes",
        {},
        ("speaker", "content", "file"),
        [("Katrin Jonsdottir", "Norway has criticised us", HERALD)],
    ),
    (
        "contradictions",
        {},
        ("reason", "leftFile", "leftModality", "rightFile", "rightModality"),
        [("one denies, one asserts", HERALD, "denied", GAZETTE, "asserted")],
    ),
    (
        "timeline",
        {},
        ("date", "precision", "basis", "action"),
        [
            ("2024-03-04", "day", "relative", "propose"),
            ("2024-03-05", "day", "relative", "reject"),
            ("2024-03-05", "day", "publication", "criticise"),
        ],
    ),
    ("timeline", {"with": "SWE"}, ("date",), []),
    (
        "entities",
        {},
        ("name", "kind", "country", "sector", "role", "mentions"),
        [
            ("Iceland", "country", "ISL", None, None, 8),
            ("Norway", "country", "NOR", None, None, 6),
            ("Katrin Jonsdottir", "person", "ISL", "GOV", "Foreign Minister", 1),
            ("Tromsø", "place", "NOR", None, None, 1),
        ],
    ),
    ("entities", {"kind": "person", "country": "isl"}, ("name",), [("Katrin Jonsdottir",)]),
    (
        "names-of",
        {"name": "Iceland"},
        ("words", "label", "rule", "publisher", "times"),
        [
            ("Iceland", "NAME", "name", "Northern Herald", 3),
            ("Iceland", "NAME", "name", "Fjord Gazette", 2),
            ("Reykjavik", "NAME", "metonym", "Fjord Gazette", 1),
            ("it", "PRONOUN", "pronoun", "Northern Herald", 1),
            ("us", "PRONOUN", "pronoun", "Northern Herald", 1),
        ],
    ),
    (
        "proposals-and-answers",
        {},
        ("answer", "answerType", "proposal", "proposalType", "publishers"),
        [("Iceland → reject → Norway", "REJECT", "Norway → propose → Iceland", "AGREE", 2)],
    ),
    ("proposals-and-answers", {"by": "NOR"}, ("answer",), []),
    (
        "where-from",
        {"event": "8c14"},
        ("label", "file", "begin", "end", "publisher", "software", "version"),
        [
            (
                "Norway → criticise → Iceland",
                HERALD,
                152,
                220,
                "Northern Herald",
                "newskg",
                "0.1.0",
            )
        ],
    ),
]


@pytest.mark.parametrize(
    ("name", "parameters", "looked_at", "rows"),
    EXPECTED,
    ids=[f"{name}-{'-'.join(set_.values())}" for name, set_, _, _ in EXPECTED],
)
def test_named_query_gives_these_rows(store, name, parameters, looked_at, rows):
    assert columns(ask(store, name, **parameters), *looked_at) == rows


def test_every_named_query_is_expected_above():
    assert {name for name, _, _, _ in EXPECTED} == set(NAMES)
    assert len(NAMES) >= 16


@pytest.mark.parametrize("query", named_queries(), ids=NAMES)
def test_named_query_tells_its_help_parameters_and_order(query):
    assert query.help.endswith(".")
    assert all(parameter.help for parameter in query.parameters)
    assert "\nORDER BY " in query.text


@pytest.mark.parametrize("query", named_queries(), ids=NAMES)
def test_both_engines_give_the_same_rows_in_the_same_order(store, query):
    names = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes().items())
    answer: Any = to_dataset(store).query(names + query.text)  # Any: a row, by rdflib's types
    other = [[None if term is None else str(term) for term in row] for row in answer]
    own = run_query(store, query.name, paged=True)
    assert isinstance(own, Rows)
    assert [[getattr(term, "value", None) for term in row] for row in own.terms] == other


def test_offsets_of_who_did_what_slice_the_files(store):
    texts: dict[Any, str] = {r.article.path: r.article.text for r in sample_news().readings}
    for file, begin, end, sentence in columns(
        ask(store, "where-from"), "file", "begin", "end", "sentence"
    ):
        assert texts[file][begin:end] == sentence


def test_page_of_queries_is_up_to_date():
    page = Path(__file__).parent.parent / "docs" / "queries.md"
    assert page.read_text(encoding="utf-8") == queries_page()


# --- parameters -----------------------------------------------------------------------------------

INJECTIONS = [
    '" } ?s ?p ?o . { "',
    '"} UNION { ?s ?p ?o } #',
    "\\",
    '\\"',
    "\\u0022",
    '"""',
    "\n} INSERT DATA { <urn:a> <urn:b> <urn:c> } #",
    "<urn:x>",
    "?actor",
    "$1",
    "\\g<0>",
    'x" "Norway',
    'SERVICE <http://127.0.0.1:9/> { ?s ?p ?o }"',
    "\x00",
]


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_parameter_is_only_text(store, value):
    assert len(ask(store, "who-did-what", actor=value)) == 0


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
@settings(max_examples=60, deadline=None, derandomize=True)
def test_any_text_comes_back_as_it_was_bound(value):
    answer = run_query(open_store(), 'SELECT ?v { VALUES ?v { "" } }', {"v": value})
    assert isinstance(answer, Rows)
    assert answer.rows == ((value,),)


def test_bound_text_stays_one_literal():
    assert bind_parameters('ASK { VALUES ?a { "" } }', {"a": '"} #'}) == (
        'ASK { VALUES ?a { "\\"} #" } }'
    )


def test_slots_in_comments_and_strings_are_none():
    text = '# VALUES ?a { "" }\nASK { VALUES ?b { "" } FILTER(?b = \'VALUES ?c { "" }\') }'
    assert [parameter.name for parameter in parse_query("q", text).parameters] == ["b"]


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"actr": "x"}, "'actr'; it has actor, target, type"),
        ({"actor": "\ud800"}, "not Unicode"),
    ],
)
def test_a_wrong_parameter_is_told(store, parameters, told):
    with pytest.raises(QueryError, match=told):
        run_query(store, "who-did-what", parameters)


@pytest.mark.parametrize("value", ["two", "-1", "1 } #", "١", ""])
def test_a_number_must_be_one(store, value):
    with pytest.raises(QueryError, match="not a whole number"):
        run_query(store, "corroborated", {"least": value})


PAGED = """PREFIX own: <https://w3id.org/newskg/ns#>
SELECT ?id {
  # a brace } in a comment, and in "a string {"
  { SELECT ?event { ?event own:order ?order . #[way] ?event own:modality $way .  # how
    } ORDER BY ?order LIMIT 2  # limit: events
  }
  ?event own:id ?id
} ORDER BY ?id"""


def test_a_page_ends_at_its_limit_and_all_else_is_whole(store):
    def count(paged: bool, **set_: str) -> int:
        answer = run_query(store, PAGED.replace(". #[", ".\n#["), set_, paged=paged)
        assert isinstance(answer, Rows)
        return len(answer)

    assert (count(True), count(False)) == (2, 4)
    assert (count(True, limit="3"), count(False, limit="3")) == (3, 3)
    assert (count(False, way="ASSERTED"), count(False, way="planned")) == (4, 0)
    assert count(False, way="") == 4


@pytest.mark.parametrize("query", named_queries(), ids=NAMES)
def test_a_page_of_a_named_query_begins_its_whole_answer(store, query):
    if all(parameter.name != "limit" for parameter in query.parameters):
        return
    whole, one = (ask(store, query.name, limit=limit) for limit in ("999", "1"))
    assert set(one.rows) <= set(whole.rows)
    assert len(one) > 0


# --- free queries ---------------------------------------------------------------------------------


def test_prefixes_are_known_and_may_be_declared_again(store):
    assert run_query(store, "ASK { entity:Norway a kg:Entity }") is True
    assert run_query(store, "PREFIX kg: <urn:kg:> ASK { ?x a kg:Entity }") is False


def test_prefixes_follow_the_base_of_the_store():
    moved = open_store()
    moved.load(to_quads(sample_news(), "https://news.example/graph/"))
    assert find_base(moved) == "https://news.example/graph/"
    assert run_query(moved, "ASK { entity:Norway a kg:Entity }") is True
    assert len(ask(moved, "who-did-what")) == 7


def test_construct_gives_sorted_triples(store):
    answer = run_query(store, "CONSTRUCT { ?a ?p ?b } { ?a ?p ?b . ?p a kg:Action }")
    assert isinstance(answer, Triples)
    assert [str(triple) for triple in answer.triples] == sorted(map(str, answer.triples))
    assert len(answer) == 3
    assert len(list(ox.parse(answer.to_turtle(), ox.RdfFormat.TURTLE))) == 3
    assert len(answer.to_ntriples().splitlines()) == 3


def test_answers_are_written_by_the_name_of_a_format(store):
    rows = ask(store, "by-type")
    assert rows.to_format("csv") == rows.to_csv()
    assert rows.to_format("table") == rows.to_table()
    with pytest.raises(UsageError, match="'ttl'; take table, csv"):
        rows.to_format("ttl")
    graph = run_query(store, "CONSTRUCT { ?p a kg:Action } { ?p a kg:Action }")
    assert isinstance(graph, Triples)
    assert graph.to_format("ttl") == graph.to_format("table") == graph.to_turtle()
    assert graph.to_format("csv").startswith("subject,predicate,object\nhttps://")
    assert len(json.loads(graph.to_format("json"))["results"]["bindings"]) == 4
    with pytest.raises(UsageError, match="can't be written as 'xml'"):
        graph.to_format("xml")


def test_rows_without_order_are_sorted():
    answer = ask(open_store(), 'SELECT ?v { VALUES ?v { "b" "a" UNDEF <urn:z> } }')
    assert answer.rows == ((None,), ("a",), ("b",), ("urn:z",))
    again = ask(open_store(), 'SELECT ?v { VALUES ?v { <urn:z> UNDEF "a" "b" } }')
    assert again == answer


def test_query_file_and_its_absence(store, tmp_path):
    path = tmp_path / "own.rq"
    path.write_text('SELECT ?n { VALUES ?n { "x" } # name: a name\n}', encoding="utf-8")
    assert ask(store, str(path), name="y").rows == (("y",),)
    assert run_query(store, path) == run_query(store, str(path))
    with pytest.raises(QueryError, match=r"gone\.rq: the query file can't be read"):
        run_query(store, str(tmp_path / "gone.rq"))


def test_unknown_name_tells_the_closest(store):
    with pytest.raises(QueryError, match="did you mean who-did-what"):
        run_query(store, "who-did-waht")
    with pytest.raises(QueryError, match=r"did you mean .*said-by"):
        run_query(store, "said")


def test_parse_error_counts_the_askers_lines(store):
    with pytest.raises(QueryError, match="not SPARQL: error at 2:"):
        run_query(store, "SELECT ?a {\n ?a ?b }")


OUTGOING = [
    "SELECT * { SERVICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { service silent <http://h/> { ?s ?p ?o } }",
    "SELECT * { SERVICESILENT<http://h/>{ ?s ?p ?o } }",
    "PREFIX e: <http://h/> SELECT * { SERVICE e:x { ?s ?p ?o } }",
    "PREFIX : <http://h/> SELECT * { SERVICE:x{ ?s ?p ?o } }",
    "SELECT * { BIND(<http://h/> AS ?g) SERVICE ?g { ?s ?p ?o } }",
    "SELECT * { ?a ?b 1SERVICE<http://h/>{ ?s ?p ?o } }",
    "SELECT * { OPTIONAL{}SERVICE # a\n # b\n <http://h/> { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER(?a<'>')SERVICE<http://h/>{ ?s ?p 'z' } }",
    "SELECT * { ?a <http://a#\\u0041> 1 . SERVICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <http://h/> { ?s ?p ?o } }",
    "SELECT * { FILTER('service #' != 'a') SERVICE #'\n<http://h/> { ?s ?p ?o } }",
    "ASK { { SELECT * { SERVICE <http://h/> { ?s ?p ?o } } } }",
]


@pytest.mark.parametrize("sparql", OUTGOING)
def test_no_query_calls_another_machine(store, sparql):
    with pytest.raises(QueryError, match="SERVICE is refused"):
        run_query(store, sparql)


@pytest.mark.parametrize(
    "sparql",
    [
        "# SERVICE is refused\nASK { ?service schema:serviceType ?b }",
        "ASK { ?s schema:service ?service . ?service ?p 'Secret Service' }",
        "SELECT ?service ?x { ?service ?p ?x } LIMIT 1",
    ],
)
def test_the_word_service_may_be_used(store, sparql):
    assert check_read_only(sparql) in ("ASK", "SELECT")
    run_query(store, sparql)


@pytest.mark.parametrize(
    "update",
    [
        "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
        "delete where { ?s ?p ?o }",
        "LOAD <file:///etc/passwd>",
        "PREFIX select: <urn:x> CLEAR ALL",
        "# SELECT\nDROP ALL",
    ],
)
def test_updates_are_refused_and_change_nothing(store, update):
    before = len(store)
    with pytest.raises(QueryError, match="a query only reads"):
        run_query(store, update)
    assert len(store) == before


def test_text_that_is_no_query_is_told(store):
    with pytest.raises(QueryError, match="no query"):
        run_query(store, "what did Norway do?")


def test_checking_takes_linear_time():
    # Half a million characters: anything quadratic would take minutes.
    for piece in ("service #service\n", "service ", "<", '"""', "a.", "\\u005c", "'"):
        with pytest.raises(QueryError):
            check_read_only(piece * (500_000 // len(piece)))


# --- rows -----------------------------------------------------------------------------------------

NASTY = 'a"b,\n\t]]> </script> \x01\x1b[31m \u202eRTL\u202c \u05e9\u05dc\u05d5\u05dd 🚢'


@pytest.fixture(scope="module")
def nasty() -> Rows:
    store = open_store()
    subject, predicate = ox.NamedNode("https://w3id.org/newskg/entity/X"), ox.NamedNode("urn:p")
    typed = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    values = [
        ox.Literal(NASTY),
        ox.Literal("=1+1"),
        ox.Literal("zwei", language="de"),
        ox.Literal(7),
        ox.Literal("1.50", datatype=typed),
        ox.Literal(True),
        ox.Literal(2.5),
    ]
    store.load(ox.Quad(subject, predicate, value) for value in values)
    return ask(store, "SELECT ?s ?o ?none { ?s <urn:p> ?o }")


def test_values_are_plain(nasty):
    assert {row[1] for row in nasty.rows} == {
        NASTY,
        "=1+1",
        "zwei",
        7,
        Decimal("1.50"),
        True,
        2.5,
    }
    assert all(row[2] is None for row in nasty.rows)


def test_csv_reads_back_and_guards_formulas(nasty):
    cells = {row[1] for row in csv.reader(io.StringIO(nasty.to_csv(), newline=""))}
    assert {NASTY, "'=1+1", "true", "7"} < cells
    assert "\r" not in nasty.to_csv()
    raw = {row[1] for row in csv.reader(io.StringIO(nasty.to_csv(guard=False), newline=""))}
    assert "=1+1" in raw


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@x", "\t=1", "\r=1", "\n=1", "＝1"])
def test_text_that_could_be_a_formula_is_guarded(text):
    assert guard_cell(text) == "'" + text


def test_numbers_are_not_guarded():
    assert [guard_cell(-1), guard_cell(-1.5), guard_cell(None)] == ["-1", "-1.5", ""]


def test_tsv_holds_rdf_terms_one_row_a_line(nasty):
    lines = nasty.to_tsv().splitlines()
    head, *rows = nasty.to_tsv().rstrip("\n").split("\n")
    assert head == "?s\t?o\t?none"
    assert len(rows) == 7
    assert all(row.count("\t") == 2 for row in rows)
    assert any('"zwei"@de' in line for line in lines)


def test_json_is_what_the_engine_reads(nasty):
    parsed = ox.parse_query_results(nasty.to_json(), ox.QueryResultsFormat.JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    assert {row["o"] for row in parsed} == {row[1] for row in nasty.terms}
    assert json.loads(nasty.to_json())["head"]["vars"] == ["s", "o", "none"]


def test_table_has_a_line_a_row_and_no_control_characters(nasty):
    lines = nasty.to_table().split("\n")
    assert len(lines) == 2 + 7 + 1
    assert all(c >= " " and c not in "\x7f\u202e" for line in lines for c in line)
    assert "entity:X" in nasty.to_table()


def test_table_aligns_wide_characters():
    table = ask(
        open_store(), 'SELECT ?a ?b { VALUES (?a ?b) { ("日本" "x") ("ab" "y") } }'
    ).to_table()
    assert table.splitlines()[2:] == ["ab    y", "日本  x"]


def test_html_is_escaped():
    rows = Rows(columns=("<b>",), rows=(("<script>alert(1)</script>&",),))
    assert "<script>" not in rows._repr_html_()
    assert "<b>" not in rows._repr_html_()
    assert "&lt;script&gt;" in rows._repr_html_()


def test_pandas_missing_is_told(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(KGError, match="pip install pandas"):
        Rows(columns=("a",), rows=()).to_pandas()


def test_plain_text_keeps_joined_emoji_and_drops_direction_overrides():
    assert plain_text("👩‍🚀\u202eabc\x00") == "👩‍🚀�abc␀"


# --- why ------------------------------------------------------------------------------------------


def events() -> dict[str, str]:
    return {event.action: event.id for event in sample_news().events}


@pytest.mark.parametrize(
    "wanted",
    [
        events()["reject"],
        events()["reject"][:6],
        f"https://w3id.org/newskg/event/{events()['reject']}",
        f"<https://w3id.org/newskg/event/{events()['reject']}>",
        "Iceland reject",
        "iceland REJECT norway",
        "reject",
        "1212",
        "2024-03-05 reject",
    ],
)
def test_an_event_is_found_by_id_iri_prefix_or_words(store, wanted):
    assert explain_event(store, wanted).id == events()["reject"]


def test_explanation_tells_sentence_source_speaker_and_rules(store):
    explanation = explain_event(store, "Iceland reject")
    herald, gazette = explanation.evidence
    assert (herald.file, herald.begin, herald.end) == (HERALD, 98, 150)
    assert herald.marked_sentence() == "Iceland »rejected« Norway's plan in Tromsø on Tuesday."
    assert [(part.role, part.words, part.name, part.rule) for part in gazette.parts] == [
        ("actor", "Reykjavik", "Iceland", "metonym"),
        ("target", None, "Norway", "maker of the proposal"),
    ]
    assert gazette.reason == "same actors, targets, code"
    assert explanation.related == (("about", "Norway → propose → Iceland", events()["propose"]),)
    text = str(explanation)
    assert "code: REJECT 1212 by rule reject/obj=PLAN" in text
    assert "news/gazette.jsonl, record 0, characters 58-103" in text
    assert "target: Norway, not stated by rule maker of the proposal" in text


def test_explanation_tells_speaker_denial_and_contradiction(store):
    text = explain_event(store, "expel").to_text()
    assert 'said by: Iceland ("denied", denial)' in text
    assert "contradiction (one denies, one asserts)" in text
    quoted = explain_event(store, "criticise").to_text()
    assert 'said by: Katrin Jonsdottir ("said", neutral, quoted)' in quoted


def test_words_of_a_page_are_told_as_its_readers_see_them():
    store = open_store()
    store.load(to_quads(page_news()))
    (told,) = explain_event(store, "propose").evidence
    begin, end = told.trigger
    assert (told.sentence, told.sentence[begin:end], told.cue) == (SEEN, TRIGGER, TRIGGER)
    assert [part.words for part in told.parts] == ["Nor\u00adway", "Iceland"]
    assert PAGE_TEXT[told.begin : told.end].startswith("On Mon&shy;day&nbsp;<a")
    assert columns(ask(store, "where-from"), "sentence") == [(SEEN,)]
    assert columns(ask(store, "said-by"), "cue", "content") == [(TRIGGER, "joint <b> patrols")]
    assert columns(ask(store, "names-of"), "words") == [("Iceland",), ("Nor\u00adway",)]


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ("Norway", "4 events fit 'Norway': .*Iceland → expel → Norway"),
        ("Sweden", "no event fits 'Sweden'; there are "),
        ("", "no event fits"),
        ('" } #', "no event fits"),
        ("ffff", "no event fits"),
    ],
)
def test_words_that_fit_no_event_or_several_are_told(store, wanted, told):
    with pytest.raises(QueryError, match=told):
        explain_event(store, wanted)


def test_empty_store_has_no_event_to_explain():
    with pytest.raises(QueryError, match="the store holds no event"):
        explain_event(open_store(), "reject")


def test_explanation_of_hostile_text_is_safe():
    news = sample_news()
    store = open_store()
    store.load(
        ox.Quad(q.subject, q.predicate, _spoil(q.object), q.graph_name) for q in to_quads(news)
    )
    explanation = explain_event(store, events()["reject"])
    assert all(c == "\n" or c >= " " for c in explanation.to_text())
    assert "<script>" not in explanation._repr_html_()
    assert replace(explanation, related=()) != explanation


def _spoil(term):
    if isinstance(term, ox.Literal) and "rejected" in term.value:
        return ox.Literal(term.value + "\x1b[2J\r\n<script>")
    return term


def test_repeats_are_found_from_the_copy_and_from_what_it_repeats() -> None:
    news = sample_news()
    one, other = sorted(reading.article.id for reading in news.readings)
    copied = replace(news, copies=(Copy(article_id=one, original_id=other, reason="same text"),))
    with open_store() as store:
        store.load(to_quads(copied))
        every = find_repeats(store)
        assert [why for _, _, why in every] == ["same text"]
        assert every[0][0] != every[0][1]
        for id_ in (one, other):
            assert find_repeats(store, [Names().article(id_)]) == every
        assert find_repeats(store, [Names().article("elsewhere")]) == ()
        assert find_repeats(store, []) == ()
