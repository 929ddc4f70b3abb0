"""What is installed and what is missing, each with the command that mends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import __version__, doctor, gazetteer, lexicon
from kg.annotate import DEFAULT_MODEL
from kg.doctor import Check, examine
from kg.store import open_store


def check(checks: list[Check], what: str) -> Check:
    (found,) = [one for one in checks if one.what == what]
    return found


def test_everything_that_is_needed_is_looked_at_in_order(tmp_path: Path) -> None:
    names = [one.what for one in examine(DEFAULT_MODEL, tmp_path)]
    assert names == ["newskg", "python", *doctor.PACKAGES, "tables", "model", "store"]


def test_what_is_there_is_well_and_needs_no_mending(tmp_path: Path) -> None:
    checks = examine(DEFAULT_MODEL, tmp_path)
    assert check(checks, "newskg").found == __version__
    for one in checks:
        if one.what != "store":
            assert one.ok, one
            assert one.mend == ""


def test_a_missing_store_is_told_with_the_command_that_makes_one(tmp_path: Path) -> None:
    store = check(examine(DEFAULT_MODEL, tmp_path), "store")
    assert not store.ok
    assert store.found.startswith("none at")
    assert store.mend.startswith("kg build")
    assert not (tmp_path / "store").exists(), "looking makes nothing"


def test_a_store_is_counted(tmp_path: Path) -> None:
    with open_store(tmp_path / "store") as store:
        store.flush()
    store_check = check(examine(DEFAULT_MODEL, tmp_path), "store")
    assert store_check.ok
    assert store_check.found.endswith("0 quads")


@pytest.mark.parametrize("name", ["en_core_web_none", "", "../none", "no.such"])
def test_a_missing_model_is_told_with_the_command_that_installs_it(
    tmp_path: Path, name: str
) -> None:
    model = check(examine(name, tmp_path), "model")
    assert not model.ok
    assert name in model.mend


def test_a_missing_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "PACKAGES", ("no-such-package-here",))
    package = check(examine(DEFAULT_MODEL, tmp_path), "no-such-package-here")
    assert (package.ok, package.found) == (False, "missing")
    assert package.mend == "pip install no-such-package-here"


def test_broken_tables_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "ONTOLOGY", tmp_path)
    monkeypatch.setattr(gazetteer, "gazetteer", gazetteer.gazetteer.__wrapped__)
    tables = check(examine(DEFAULT_MODEL, tmp_path), "tables")
    assert not tables.ok
    assert "entities.tsv" in tables.found
    assert tables.mend
