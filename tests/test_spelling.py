"""Names with a slip: found where one thing can be meant, and never where two can."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.gazetteer import gazetteer
from kg.spelling import known_person, known_spelling


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Afganistan", "Afghanistan"), ("Isreal", "Israel"), ("Ukranian", "Ukrainian"),
     ("Columbia", None), ("Jordon", None), ("Austrians", None), ("Nigerien", None),
     ("Mali", None), ("Malu", None), ("ukrainian", None), ("Osterreich", None)],
)  # fmt: skip
def test_a_state_with_a_slip(written: str, meant: str | None) -> None:
    assert known_spelling(written) == meant


def test_no_name_of_a_state_is_taken_for_another() -> None:
    for name, entries in gazetteer().names.items():
        if entries[0].entity.kind == "country":
            assert known_spelling(name) is None


@pytest.mark.parametrize(
    ("written", "country", "meant"),
    [("Volodymyr Zelenski", None, "Volodymyr Zelensky"), ("Robert Mugabbe", "ZWE", "Robert Mugabe"),
     ("Robert Mugabbe", "ZAF", None), ("Roberta Mugabe", None, None), ("Mugabbe", None, None),
     ("George Bush", None, None)],
)  # fmt: skip
def test_a_person_with_a_slip(written: str, country: str | None, meant: str | None) -> None:
    found = known_person(written, country)
    assert (found.name if found else None) == meant


@given(st.text(alphabet="abcdefgh", min_size=6, max_size=9).map(str.capitalize))
def test_what_is_found_is_known_and_near(word: str) -> None:
    found = known_spelling(word)
    assert found is None or (found in gazetteer().names and found[0] == word[0])
