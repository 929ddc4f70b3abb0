"""A user's own files: what each verb does, what is refused and where, and what documents keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from kg.curation import Curation, curated, gazetteer_of, keep_files, read_curation
from kg.errors import LexiconError
from kg.gazetteer import EntityLine, Gazetteer, gazetteer
from tests.parses import vocabulary


@pytest.fixture
def write(tmp_path: Path):
    """Give what writes a file with blanks around ``;`` for tabs."""

    def written(*lines: str, name: str = "own.tsv") -> Path:
        path = tmp_path / name
        text = "\n".join(line.replace(" ; ", "\t") for line in lines)
        path.write_text(text + "\n", encoding="utf-8")
        return path

    return written


def with_files(*paths: Path) -> Gazetteer:
    return curated(read_curation(paths).files)


def called(table: Gazetteer, name: str) -> list[EntityLine]:
    return [entry.entity for entry in table.names.get(name, ())]


def test_without_files_nothing_changes() -> None:
    assert read_curation([]) == Curation()
    assert curated() is gazetteer()


def test_what_is_added_stands_before_ours(write) -> None:
    table = with_files(
        write(
            "# mine", "", "add ; Chad ; kind=company ; country=USA ; sector=BUS ; names=Chad Inc|CI"
        )
    )
    assert [(line.name, line.kind) for line in called(table, "Chad")][:2] == [
        ("Chad", "company"),
        ("Chad", "country"),
    ]
    assert called(table, "Chad Inc")[0] == called(table, "CI")[0] == called(table, "Chad")[0]


def test_what_is_corrected_keeps_what_is_not_said(write) -> None:
    table = with_files(
        write(
            "correct ; Hamas ; sector=PTY ; country=- ; names=Hamas movement",
            "correct ; Kremlin ; name=The Kremlin",
        )
    )
    (hamas,) = {line.identity: line for line in called(table, "Hamas movement")}.values()
    assert (hamas.name, hamas.sector, hamas.country) == ("Hamas", "PTY", None)
    assert hamas.kind == called(gazetteer(), "Hamas")[0].kind
    assert [line.name for line in called(table, "Kremlin")] == ["The Kremlin"]


def test_what_is_merged_is_one_thing_under_all_names(write) -> None:
    table = with_files(write("merge ; al-Shabaab ; Boko Haram ; the lads"))
    assert {called(table, name)[0].name for name in ("Boko Haram", "the lads")} == {"al-Shabaab"}
    assert "Boko Haram" not in {line.name for line in table.lines}


def test_offices_of_who_is_merged_go_to_the_heir(write) -> None:
    table = with_files(
        write("add ; The Boss ; kind=person ; country=USA", "merge ; The Boss ; Barack Obama")
    )
    assert [line.name for line in table.holders("USA", "president", "2016-05-20")] == ["The Boss"]


def test_what_is_split_off_is_a_thing_of_its_own(write) -> None:
    table = with_files(
        write("split ; Russia ; Russian Federation ; name=Federation ; kind=organisation")
    )
    (federation,) = called(table, "Russian Federation")
    assert (federation.name, federation.kind, federation.country) == (
        "Federation", "organisation", "RUS",
    )  # fmt: skip
    assert called(table, "Russia")[0].name == "Russia"


def test_a_later_line_wins(write) -> None:
    lines = (
        "add ; Arnor ; kind=place",
        "correct ; Arnor ; kind=region",
        "correct ; Arnor ; kind=ngo",
    )
    assert called(with_files(write(*lines)), "Arnor")[0].kind == "ngo"


def test_pairs_set_apart_are_sorted_and_whole(write) -> None:
    found = read_curation([write("apart ; bbbbbbbb ; aaaaaaaa ; cccccccc")])
    assert found.apart == {
        ("aaaaaaaa", "bbbbbbbb"), ("aaaaaaaa", "cccccccc"), ("bbbbbbbb", "cccccccc"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("corect ; Chad ; kind=place", r"own\.tsv:2: 'corect' is none of add, correct"),
        ("add ; Arnor", r"own\.tsv:2: what is added needs kind="),
        ("add ; Arnor ; kind=realm", r"own\.tsv:2: kind='realm' can't be read"),
        ("add ; Arnor ; kind=place ; country=Arnor", r"own\.tsv:2: country='Arnor'"),
        ("add ; Arnor ; kind=place ; sector=ELF", r"own\.tsv:2: sector='ELF'"),
        ("add ; Arnor ; kind=place ; since=yesterday", r"own\.tsv:2: since='yesterday'"),
        ("add ; Arnor ; kind=place ; sameas=javascript:alert(1)", r"own\.tsv:2: sameas="),
        ("add ; Arnor ; Gondor", r"own\.tsv:2: 'Gondor' is no field=value"),
        ("correct ; Chad", r"own\.tsv:2: nothing is corrected"),
        ("correct ; Utumno ; kind=place", r"own\.tsv:2: nobody is called 'Utumno'"),
        ("correct ; Georgia ; kind=place ; x", r"own\.tsv:2: 'x' is no field=value"),
        ("merge ; Chad", r"own\.tsv:2: merge needs a second name"),
        ("merge ; Chad ; Mali ; kind=place", r"own\.tsv:2: kind= has no place here"),
        ("merge ; Chad ; Chad", r"own\.tsv:2: 'Chad' is 'Chad' already"),
        ("split ; Chad ; Mordor", r"own\.tsv:2: 'Mordor' is no other spelling of 'Chad'"),
        ("apart ; aaaaaaaa", r"own\.tsv:2: two ids are needed"),
        ("apart ; aaaaaaaa ; <script>", r"own\.tsv:2: '<script>' is no id"),
        ("merge", r"own\.tsv:2: merge whom\?"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_the_way_out(write, line: str, message: str) -> None:
    with pytest.raises(LexiconError, match=message):
        with_files(write("# first", line))


def test_of_namesakes_the_one_meant_has_to_be_said(write) -> None:
    twins = ("add ; Arnor ; kind=ngo", "add ; Arnor ; kind=company ; country=USA")
    with pytest.raises(LexiconError, match=r"several: Arnor \[USA\], Arnor \[ngo\]; write one"):
        with_files(write(*twins, "correct ; Arnor ; sector=SOC"))
    table = with_files(write(*twins, "correct ; Arnor [ngo] ; sector=SOC"))
    assert {(line.kind, line.sector) for line in called(table, "Arnor")} == {
        ("ngo", "SOC"), ("company", None),
    }  # fmt: skip


def test_a_file_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match="none: can't be read"):
        read_curation([tmp_path / "none"])
    (tmp_path / "bytes.tsv").write_bytes(b"add\t\xff\xfe")
    with pytest.raises(LexiconError, match=r"bytes\.tsv: not UTF-8 at byte 4"):
        read_curation([tmp_path / "bytes.tsv"])


def test_another_file_is_another_digest_and_the_same_bytes_the_same(write) -> None:
    here, there = write("add ; A ; kind=ngo"), write("add ; A ; kind=ngo", name="b.tsv")
    other = write("add ; B ; kind=ngo", name="c.tsv")
    digests = [read_curation([path]).digest for path in (here, there, other)]
    assert digests[0] == digests[1] != digests[2]
    assert read_curation([]).digest is None


def test_a_document_keeps_its_files_over_bytes(write) -> None:
    files = read_curation([write("add ; Arnor ; kind=ngo")]).files
    doc = Doc(vocabulary(), words=["Arnor"])
    keep_files(doc, files)
    back = Doc(vocabulary()).from_bytes(doc.to_bytes())
    assert gazetteer_of(back) is curated(files)
    assert gazetteer_of(Doc(vocabulary(), words=["Arnor"])) is gazetteer()


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    from kg.curation import _read_text

    message = ""
    try:
        _read_text(text, "own.tsv")
    except LexiconError as error:
        message = str(error)
    assert not message or message.startswith("own.tsv:")
