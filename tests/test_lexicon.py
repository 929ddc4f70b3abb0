"""The tables are read, checked and folded; a broken line is named by file and number."""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import lexicon
from kg.errors import LexiconError
from kg.lexicon import EntityLine, fold_lemma, read_table, word_class
from kg.model import Modality

ENTITIES = "name kind country sector names people adjectives seats since until sameas source"
PREDICATES = "predicate pos when actor target event mode contexts cameo example"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for `ontology/`; conditions still find the shipped classes."""
    lexicon.classes()
    monkeypatch.setattr(lexicon, "ONTOLOGY", tmp_path)
    return tmp_path


def write(folder: Path, name: str, *lines: str) -> None:
    text = "".join(line.replace(" ; ", "\t").replace(";", "\t") + "\n" for line in lines)
    (folder / name).write_text(text, encoding="utf-8")


def fresh(table: Callable[..., Any]) -> Any:
    """Read a table anew, past its cache."""
    assert isinstance(table, _lru_cache_wrapper)
    return table.__wrapped__()


# --- reading ------------------------------------------------------------------------------------


def test_comments_and_blank_lines_are_nothing_and_short_rows_are_filled_up(folder: Path) -> None:
    write(folder, "t.tsv", "# a comment", "a;b;c", "", "1; 2 ", "#;x;y", "4;5;6")
    assert list(read_table("t.tsv", "a b c")) == [
        ({"a": "1", "b": "2", "c": ""}, "t.tsv:4"),
        ({"a": "4", "b": "5", "c": "6"}, "t.tsv:6"),
    ]


def test_quotation_marks_in_a_cell_are_kept(folder: Path) -> None:
    write(folder, "t.tsv", "a;b", '"x;y"')
    assert next(read_table("t.tsv", "a b"))[0] == {"a": '"x', "b": 'y"'}


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["a;c"], r"t\.tsv:1: header is"),
        (["a;b", "1;2;3"], r"t\.tsv:2: 3 cells, the header has 2"),
        (None, r"t\.tsv: can't be read"),
    ],
    ids=["other header", "too many cells", "no file"],
)
def test_a_table_that_cannot_be_read_says_where(
    folder: Path, lines: list[str] | None, message: str
) -> None:
    if lines is not None:
        write(folder, "t.tsv", *lines)
    with pytest.raises(LexiconError, match=message):
        list(read_table("t.tsv", "a b"))


BROKEN: list[tuple[Callable[..., Any], str, str, str, str]] = [
    (lexicon.gazetteer, "entities.tsv", ENTITIES, "Arnor", "needs a name and a kind"),
    (lexicon.agents, "agents.tsv", "noun sector kind title", "orc;;beast", "'beast' is none of"),
    (
        lexicon.pronouns, "pronouns.tsv", "pronoun person number gender use", "thou;2;du;;personal",
        "number sg or pl",
    ),
    (lexicon.given_names, "given_names.tsv", "gender names", "x;Ada", "gender is f or m"),
    (lexicon.classes, "classes.tsv", "class words", "orcs;uruk", "in capitals"),
    (lexicon.predicates, "predicates.x.tsv", PREDICATES, "raid;x;;;;ASSAULT", "pos 'x'"),
    (lexicon.predicates, "predicates.x.tsv", PREDICATES, "raid;v;;;;WAR", "'WAR' is no event type"),
    (lexicon.predicates, "predicates.x.tsv", PREDICATES, "raid;v;;;;ASSAULT;;;21", "no CAMEO code"),
    (lexicon.predicates, "predicates.x.tsv", PREDICATES, "raid;v;obj:x;;;ASSAULT", "can't read"),
    (lexicon.predicates, "predicates.x.tsv", PREDICATES, "raid;v;obj=NONE;;;ASSAULT", "no class"),
    (
        lexicon.operators, "operators.tsv",
        "predicate pos control effect modality polarity example", "vow;v;both;VOW", "'both'",
    ),
    (
        lexicon.compositions, "composition.tsv",
        "effect complement event mode cameo example", "VOW;*;WAR", "'WAR' is no event type",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "file", "columns", "line", "message"), BROKEN, ids=[f"{b[1]} {b[3]}" for b in BROKEN]
)
def test_a_broken_line_is_named(
    folder: Path, table: Callable[..., Any], file: str, columns: str, line: str, message: str
) -> None:
    write(folder, file, columns.replace(" ", ";"), "# first", line)
    with pytest.raises(LexiconError, match=message) as error:
        fresh(table)
    assert str(error.value).startswith(f"{file}:3: ")


def test_the_gazetteer_knows_every_spelling_and_what_kind_of_naming_it_is(folder: Path) -> None:
    write(
        folder,
        "entities.tsv",
        ENTITIES.replace(" ", ";"),
        "Arnor;country;ARN;;Kingdom of Arnor;Arnorian|Arnorians;Arnorian|Arnish;Fornost;;;u:1|u:2",
        "Fornost;place;ARN",
    )
    table = fresh(lexicon.gazetteer)
    forms = {
        name: [(entry.entity.name, entry.form) for entry in entries]
        for name, entries in table.names.items()
    }
    assert forms == {
        "Arnor": [("Arnor", "name")],
        "Kingdom of Arnor": [("Arnor", "name")],
        "Arnorian": [("Arnor", "adjective")],
        "Arnorians": [("Arnor", "people")],
        "Arnish": [("Arnor", "adjective")],
        "Fornost": [("Arnor", "seat"), ("Fornost", "name")],
    }
    assert table.countries["ARN"].same_as == ("u:1", "u:2")
    assert table.adjectives == {"ARN": "Arnorian"}


@pytest.mark.parametrize(
    ("since", "until", "day", "holds"),
    [
        (None, None, "2016-05-20", True),
        ("2017-01-20", None, "2016-05-20", False),
        ("2017-01-20", None, "2017-01-20", True),
        (None, "2016", "2016-12-31", True),
        (None, "2016", "2017-01-01", False),
        ("2016-05", None, "2016-05-01", True),
        ("2017-01-20", "2021-01-20", None, True),
    ],
)
def test_a_line_holds_between_its_dates(
    since: str | None, until: str | None, day: str | None, holds: bool
) -> None:
    line = EntityLine(0, "Aragorn", "person", "ARN", None, since, until, ())
    assert line.holds_on(day) is holds


# --- folding ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spellings",
    ["criticise criticize", "Co-operate cooperate", "labour labor", "defence defense",
     "organisation organization", "neighbour neighbor", "cease-fire ceasefire"],
)  # fmt: skip
def test_spellings_of_one_word_have_one_key(spellings: str) -> None:
    assert len({fold_lemma(spelling) for spelling in spellings.split()}) == 1


@pytest.mark.parametrize("pair", ["raise rise", "our hour", "strike struck"])
def test_other_words_keep_other_keys(pair: str) -> None:
    left, right = pair.split()
    assert fold_lemma(left) != fold_lemma(right)


@given(st.text(alphabet="abceiorsuvz-’ ", max_size=12))
def test_folding_the_folded_changes_nothing(word: str) -> None:
    assert fold_lemma(fold_lemma(word)) == fold_lemma(word)


# --- the tables that are shipped ----------------------------------------------------------------


def test_an_unknown_class_is_named() -> None:
    with pytest.raises(LexiconError, match="no class ELVES"):
        word_class("ELVES")


def test_lines_of_a_predicate_stand_from_the_narrowest() -> None:
    for lines in lexicon.predicates().values():
        for left, right in pairwise(lines):
            assert len(left.conditions) >= len(right.conditions), (left.where, right.where)


def test_every_operator_has_an_effect_that_composition_knows() -> None:
    known = set(lexicon.compositions()) | {"=", None}
    assert {operator.effect for operator in lexicon.operators().values()} <= known
    assert "FUTURE" in known


def test_every_operator_has_a_modality_of_the_model() -> None:
    modalities = {*get_args(Modality), None}
    assert {operator.modality for operator in lexicon.operators().values()} <= modalities


def test_every_country_has_an_alpha_3_code_and_an_adjective() -> None:
    table = lexicon.gazetteer()
    assert all(len(code) == 3 and code.isupper() for code in table.countries)
    assert table.countries["RUS"].name == "Russia"
    assert table.adjectives["RUS"] == "Russian"


def test_seats_and_peoples_lead_to_their_state() -> None:
    names = lexicon.gazetteer().names
    assert ("Russia", "seat") in {(e.entity.name, e.form) for e in names["Moscow"]}
    assert ("Russia", "people") in {(e.entity.name, e.form) for e in names["Russians"]}
