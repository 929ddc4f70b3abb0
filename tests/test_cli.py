"""What people and scripts meet at the command line: exit codes, one line each, the same bytes."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kg.annotate import DEFAULT_MODEL, how_to_install
from kg.cli import run
from kg.query import named_queries
from kg.rdf import to_quads, vocabulary_quads
from kg.store import open_store
from tests.news_sample import sample_news

ROOT = Path(__file__).parent.parent

FIRST = """Norway rejects plan of Iceland

OSLO, May 20, 2016 (AFP) - Norway on Friday rejected a proposal by Iceland for joint naval patrols.
"Iceland has asked us for help," the Norwegian foreign minister said.
"""
SECOND = """Iceland criticises Norway

Iceland on Friday criticised Norway after Oslo rejected its plan for joint naval patrols.
"""
OUTPUTS = ("graph.ttl", "graph.trig", "graph.html", "report.json")


@dataclass(frozen=True, kw_only=True)
class Ran:
    code: int
    out: str
    err: str


Kg = Callable[..., Ran]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("KG_OUT", "KG_MODEL", "KG_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def kg(capsys: pytest.CaptureFixture[str]) -> Kg:
    """Run a command in this process."""

    def ran(*arguments: str) -> Ran:
        with pytest.raises(SystemExit) as stopped:
            run(arguments)
        told = capsys.readouterr()
        code = stopped.value.code
        assert isinstance(code, int)
        return Ran(code=code, out=told.out, err=told.err)

    return ran


@pytest.fixture
def store(tmp_path: Path) -> None:
    """The sample news, in the store of the default folder."""
    (tmp_path / "out").mkdir()
    with open_store(tmp_path / "out" / "store") as opened:
        opened.load([*to_quads(sample_news()), *vocabulary_quads()])
        opened.flush()


def only_line(told: str) -> str:
    """Check that a message is one line of ours and give it without the name before it."""
    (line,) = told.splitlines()
    assert line.startswith("kg: ")
    return line.removeprefix("kg: ")


# --- inputs --------------------------------------------------------------------------------------


@pytest.mark.model
def test_build_reads_what_it_can_and_names_the_rest(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "second.txt").write_text(SECOND, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 8)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "picture.png").write_bytes(b"\x89PNG")

    built = kg("build", "first.txt", "empty.txt", "binary.txt", "folder", "gone.txt", "second.txt")

    assert built.code == 1
    assert all(line.startswith("kg: ") for line in built.err.splitlines())
    told = [line.split(":")[1].strip() for line in built.err.splitlines()]
    assert told == ["binary.txt", "empty.txt", "folder", "gone.txt"]
    assert re.search(r"^2 articles, [1-9]\d* event mentions", built.out, re.MULTILINE)
    assert "out/graph.html" in built.out
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "store",
        "readings.sqlite",
        *OUTPUTS,
    }
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert [where for where, _ in report["failed"]] == told

    asked = kg("query", "who-did-what", "--set", "actor=Norway", "--format", "csv")
    assert asked.code == 0
    assert "reject" in asked.out
    assert "first.txt" in asked.out


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.txt", b""), ("blank.txt", b" \n\t\n"), ("binary.txt", bytes(range(256)))],
    ids=["an empty file", "a file of blanks", "a binary file"],
)
def test_a_file_without_text_is_one_line_and_2(
    kg: Kg, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    built = kg("build", name)
    assert built.code == 2
    assert name in only_line(built.err)
    assert not (tmp_path / "out" / "store").exists()


def test_a_folder_without_articles_is_one_line_and_2(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    built = kg("build", "folder")
    assert built.code == 2
    assert only_line(built.err).startswith("folder: holds no .txt, .html, .jsonl or .warc file")


def test_a_missing_path_is_one_line_and_2(kg: Kg) -> None:
    built = kg("build", "gone.txt")
    assert built.code == 2
    assert only_line(built.err).startswith("gone.txt: no such file")


def test_extract_attributions_and_triples_end_like_build(kg: Kg) -> None:
    for command in ("extract", "attributions", "triples"):
        ran = kg(command, "gone.txt")
        assert (ran.code, ran.out) == (2, "")
        assert only_line(ran.err).startswith("gone.txt: no such file")


def test_build_without_paths_is_bad_usage(kg: Kg) -> None:
    assert kg("build").code == 2


@pytest.mark.parametrize("out", ["note.txt", "note.txt/out"], ids=["a file", "below a file"])
def test_a_folder_that_cannot_be_made_is_one_line_and_2(kg: Kg, tmp_path: Path, out: str) -> None:
    (tmp_path / "note.txt").write_text("not a folder", encoding="utf-8")
    (tmp_path / "first.txt").write_text(FIRST, encoding="utf-8")
    built = kg("build", "first.txt", "--out", out)
    assert built.code == 2
    line = only_line(built.err)
    assert line.startswith(f"{out}: can't be written")
    assert "--out" in line
    assert (tmp_path / "note.txt").read_text(encoding="utf-8") == "not a folder"


def test_a_missing_model_is_one_line_with_the_command_that_installs_it(
    kg: Kg, tmp_path: Path
) -> None:
    (tmp_path / "first.txt").write_text(FIRST, encoding="utf-8")
    built = kg("build", "first.txt", "--model", "en_no_such_model")
    assert built.code == 2
    assert "python -m spacy download en_no_such_model" in only_line(built.err)


def test_the_default_model_is_installed_as_pyproject_says() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [name for name in project["dependencies"] if name.startswith("en-core-web")]
    assert [how_to_install(DEFAULT_MODEL)] == [f"pip install {name}" for name in wanted]


@pytest.mark.model
def test_adding_and_removing_equal_a_fresh_build(kg: Kg, tmp_path: Path) -> None:
    texts = {"first.txt": FIRST, "second.txt": SECOND}
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert kg("build", "first.txt").code == 0
    added = kg("add", "second.txt", "gone.txt")
    assert (added.code, len(added.err.splitlines())) == (1, 1)
    assert re.search(r"^1 added$", added.out, re.MULTILINE)
    assert kg("build", "first.txt", "second.txt", "--out", "fresh").code == 0
    for name in ("graph.ttl", "graph.trig", "graph.html"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()
    again = kg("build", "first.txt", "second.txt")
    assert "Nothing to do: out holds exactly this already" in again.out

    (tmp_path / "second.txt").write_text(SECOND.replace("Friday", "Monday"), encoding="utf-8")
    assert "1 changed" in kg("add", "second.txt").out
    assert kg("query", "ASK { ?new prov:wasRevisionOf ?old }").out == "yes\n"
    assert "1 removed" in kg("remove", "first.txt").out
    assert kg("build", "second.txt", "--out", "fresh").code == 0
    for name in ("graph.ttl", "graph.trig", "graph.html"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "fresh" / name).read_bytes()


def test_removing_what_is_not_there_is_one_line_and_2(kg: Kg, tmp_path: Path) -> None:
    nothing = kg("remove", "first.txt")
    assert nothing.code == 2
    assert "kg build" in only_line(nothing.err)


# --- the same bytes ------------------------------------------------------------------------------


@pytest.mark.model
def test_a_second_build_changes_no_byte(tmp_path: Path) -> None:
    (tmp_path / "first.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "second.txt").write_text(SECOND, encoding="utf-8")
    written = []
    for seed, paths in (("1", ("first.txt", "second.txt")), ("2", ("second.txt", "first.txt"))):
        # Sets of strings change their order from process to process: one process would hide it.
        subprocess.run(
            [sys.executable, "-m", "kg", "build", *paths, "--quiet"],
            check=True, env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        written.append([(tmp_path / "out" / name).read_bytes() for name in OUTPUTS])
    for name, first, second in zip(OUTPUTS, *written, strict=True):
        assert first, name
        assert first == second, name


@pytest.mark.parametrize(
    "base",
    ["nonsense", "http://x y/", "https://e.org/?a=<b>", "javascript:alert(1)/", "http://[::1/"],
)
def test_a_base_that_makes_no_iris_is_one_line_and_2(kg: Kg, tmp_path: Path, base: str) -> None:
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    ran = kg("build", "a.txt", "--base", base)
    assert (ran.code, ran.out) == (2, "")
    assert f"--base {base}" in only_line(ran.err)


@pytest.mark.parametrize("command", ["build", "extract"])
def test_an_empty_name_is_not_the_folder_where_one_stands(
    kg: Kg, tmp_path: Path, command: str
) -> None:
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    ran = kg(command, "")
    assert (ran.code, ran.out) == (2, "")
    assert "write ." in only_line(ran.err)


def test_an_empty_out_is_refused(kg: Kg, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    ran = kg("build", "a.txt", "--out", "")
    assert (ran.code, ran.out) == (2, "")
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_store_keeps_its_place(kg: Kg, tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.txt").write_text(FIRST, encoding="utf-8")
    place = tmp_path / "out" / "store"
    mine = place if kind == "file" else place / "mine.txt"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine", encoding="utf-8")
    ran = kg("build", "a.txt")
    assert (ran.code, mine.read_text(encoding="utf-8")) == (2, "mine")
    assert "store" in only_line(ran.err)


# --- asking --------------------------------------------------------------------------------------

NEEDS_STORE = [
    ("query", "by-type"),
    ("why", "Norway propose"),
    ("compare", "Herald", "Gazette"),
    ("view",),
    ("export", "graph.ttl"),
    ("validate",),
    ("serve", "--port", "0"),
]


@pytest.mark.parametrize("arguments", NEEDS_STORE, ids=lambda arguments: arguments[0])
def test_without_a_store_it_says_how_to_make_one(kg: Kg, arguments: tuple[str, ...]) -> None:
    ran = kg(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "kg build" in only_line(ran.err)


@pytest.mark.usefixtures("store")
def test_named_queries_are_listed_and_run(kg: Kg) -> None:
    listed = kg("query")
    assert listed.code == 0
    assert [line.split()[0] for line in listed.out.splitlines()] == [
        q.name for q in named_queries()
    ]
    rows = kg("query", "who-did-what", "--set", "actor=Norway", "--format", "csv")
    assert rows.code == 0
    assert "propose" in rows.out
    assert (rows.err, kg("query", "who-did-what", "--json").code) == ("", 0)


BAD_QUERIES = [
    (("query", "who-did-waht"), "who-did-what"),
    (("query", "who-did-what", "--set", "actor"), "--set NAME=VALUE"),
    (("query", "who-did-what", "--set", "planet=Mars"), "planet"),
    (("query", "SELECT ?s { ?s ?p"), ""),
    (("query", "gone.rq"), "gone.rq"),
    (("query", "by-type", "--format", "yaml"), "yaml"),
    (("query", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"), ""),
    (("compare", "Northern Herald", "Nobody's Paper"), "there is Fjord Gazette"),
    (("compare", "Northern Herald", "Fjord Gazette", "--format", "yaml"), "table, json or md"),
    (("export", "graph.xyz"), ".xyz"),
    (("validate", "--shapes", "gone.ttl"), "gone.ttl"),
]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("arguments", "told"), BAD_QUERIES, ids=[" ".join(arguments) for arguments, _ in BAD_QUERIES]
)
def test_a_bad_request_is_one_line_and_2(kg: Kg, arguments: tuple[str, ...], told: str) -> None:
    ran = kg(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert told in only_line(ran.err)


@pytest.mark.usefixtures("store")
def test_ask_says_yes_or_no_and_0_or_1(kg: Kg) -> None:
    assert kg("query", "ASK { ?event a sem:Event }") == Ran(code=0, out="yes\n", err="")
    assert kg("query", "ASK { <urn:nobody> ?p ?o }") == Ran(code=1, out="no\n", err="")
    answer = kg("query", "ASK { <urn:nobody> ?p ?o }", "--json")
    assert (answer.code, json.loads(answer.out)["boolean"]) == (1, False)


@pytest.mark.usefixtures("store")
def test_why_shows_the_sentence_or_ends_with_1(kg: Kg) -> None:
    shown = kg("why", "Norway propose")
    assert shown.code == 0
    assert "joint naval patrols" in shown.out
    unknown = kg("why", "Norway sing")
    assert (unknown.code, unknown.out) == (1, "")
    assert "Norway sing" in only_line(unknown.err)


@pytest.mark.usefixtures("store")
def test_compare_shows_two_publishers_side_by_side(kg: Kg) -> None:
    shown = kg("compare", "Northern Herald", "Fjord Gazette")
    assert (shown.code, shown.err) == (0, "")
    assert "BOTH TELL" in shown.out
    written = kg("compare", "Northern Herald", "Fjord Gazette", "--format", "md")
    assert written.out.startswith("# Northern Herald and Fjord Gazette")
    told = json.loads(kg("compare", "Northern Herald", "Fjord Gazette", "--json").out)
    assert [event["label"] for event in told["only_left"]] == ["Norway → criticise → Iceland"]


@pytest.mark.model
def test_compare_reads_two_files_that_no_store_holds(kg: Kg, tmp_path: Path) -> None:
    for name, verb in (("one", "rejected"), ("two", "turned down")):
        text = f"Iceland {verb} Norway's plan for joint naval patrols on Monday.\n"
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
    shown = kg("compare", "one.txt", "two.txt")
    assert (shown.code, shown.err) == (0, "")
    assert "BOTH TELL" in shown.out
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("store")
def test_export_and_view_print_the_path(kg: Kg, tmp_path: Path) -> None:
    assert kg("export", "graph.nq") == Ran(code=0, out="graph.nq\n", err="")
    assert (tmp_path / "graph.nq").stat().st_size
    shown = kg("view")
    assert (shown.code, Path(shown.out.strip())) == (0, Path("out/graph.html"))
    assert (tmp_path / "out" / "graph.html").read_text(encoding="utf-8").startswith("<!")


@pytest.mark.usefixtures("store")
def test_validate_ends_with_1_where_sources_are_gone(kg: Kg) -> None:
    found = kg("validate", "--json")
    assert found.code == 1
    assert any("herald" in finding["where"] for finding in json.loads(found.out))


def test_an_unknown_command_is_2(kg: Kg) -> None:
    assert kg("sing").code == 2


def test_the_version_is_printed(kg: Kg) -> None:
    told = kg("--version")
    assert told.code == 0
    assert re.fullmatch(r"kg \d+\.\d+\.\d+\n", told.out)


def test_names_of_files_give_the_terminal_no_orders(kg: Kg) -> None:
    Path("evil\x1b]0;title\x07\x9b2J\u202e.txt").touch()
    ran = kg("extract", ".")
    assert ran.code == 2
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", ran.err)
    assert "evil\N{SYMBOL FOR ESCAPE}]0;title" in ran.err


def test_a_million_faults_take_few_lines(kg: Kg) -> None:
    for number in range(60):
        Path(f"{number:02}.txt").touch()
    first, *_, last = kg("extract", ".").err.splitlines()
    assert first == "kg: 00.txt: is empty; nothing to read"
    assert last == "kg: 10 more lines like these"
