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
from kg.lexicon import fold_lemma, read_table, word_class
from kg.model import Modality

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
    (
        lexicon.pronouns, "pronouns.tsv", "pronoun person number gender use", "thou;2;du;;personal",
        "number sg or pl",
    ),
    (lexicon.given_names, "given_names.tsv", "gender names", "x;Ada", "gender is f or m"),
    (lexicon.classes, "classes.tsv", "class words", "orcs;uruk", "in capitals"),
    (
        lexicon.confidence_weights, "confidence.tsv", "fact weight seen source",
        "noun;much;3", "'much' is no number",
    ),
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


TWICE: list[tuple[Callable[..., Any], str, str, str, str]] = [
    (
        lexicon.pronouns, "pronouns.tsv", "pronoun person number gender use",
        "thou;2;sg;;personal", "thou;2;sg;;reflexive",
    ),
    (
        lexicon.confidence_weights, "confidence.tsv", "fact weight seen source",
        "noun;1;3", "noun;2;3",
    ),
    (
        lexicon.operators, "operators.tsv",
        "predicate pos control effect modality polarity example",
        "co-vow;v;subj;VOW", "covow;v;obj;VOW",
    ),
    (lexicon.verb_forms, "lemmas.tsv", "form lemma", "wove;weave", "wove;wove"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("table", "file", "columns", "first", "second"), TWICE, ids=[t[1] for t in TWICE]
)
def test_a_line_never_takes_the_place_of_another(
    folder: Path, table: Callable[..., Any], file: str, columns: str, first: str, second: str
) -> None:
    write(folder, file, columns.replace(" ", ";"), first, second)
    with pytest.raises(LexiconError, match="has a line already") as error:
        fresh(table)
    assert str(error.value).startswith(f"{file}:3: ")


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


def test_no_line_of_a_predicate_is_hidden_by_another() -> None:
    for lines in lexicon.predicates().values():
        first: dict[frozenset[lexicon.Condition], str] = {}
        for line in lines:
            hidden_by = first.setdefault(frozenset(line.conditions), line.where)
            assert hidden_by == line.where, f"{line.where}: {line.name} is as {hidden_by}"


@pytest.mark.parametrize("name", ["class", "context"])
def test_no_word_stands_twice_in_a_class_or_context(name: str) -> None:
    first: dict[tuple[str, str], str] = {}
    table = {"class": "classes.tsv", "context": "contexts.tsv"}[name]
    for row, where in read_table(table, f"{name} words"):
        for word in lexicon.several(row["words"]):
            key = (row[name], fold_lemma(word))
            assert key not in first, f"{where}: {word} stands in {row[name]} already"
            first[key] = where
