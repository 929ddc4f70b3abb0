"""Who is who: spellings, offices and their terms, agent nouns, and what the shipped tables hold."""

from __future__ import annotations

from collections.abc import Callable
from functools import _lru_cache_wrapper
from pathlib import Path
from typing import Any

import pytest

from kg import lexicon
from kg.errors import LexiconError
from kg.gazetteer import EntityLine, Gazetteer, gazetteer, surname

ENTITIES = "name kind country sector names people adjectives seats since until sameas source"
OFFICES = "of office holder since until names source"
AGENTS = "noun sector kind title"


@pytest.fixture
def load(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Gazetteer]:
    """Give what loads a gazetteer out of tables of one's own."""

    def loaded(
        entities: tuple[str, ...] = (),
        offices: tuple[str, ...] = (),
        agents: tuple[str, ...] = (),
    ) -> Gazetteer:
        tables = {"entities": (ENTITIES, entities), "offices": (OFFICES, offices)}
        for name, (columns, lines) in {**tables, "agents": (AGENTS, agents)}.items():
            rows = ["\t".join(columns.split()), *(line.replace(";", "\t") for line in lines)]
            (tmp_path / f"{name}.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        monkeypatch.setattr(lexicon, "ONTOLOGY", tmp_path)
        assert isinstance(gazetteer, _lru_cache_wrapper)
        found: Gazetteer = gazetteer.__wrapped__()
        return found

    return loaded


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"entities": ("Arnor",)}, r"entities\.tsv:2: an entity needs a name and a kind"),
        ({"offices": ("ARN;king",)}, r"offices\.tsv:2: a term needs a state or body"),
        ({"agents": ("orc;;beast",)}, r"agents\.tsv:2: kind 'beast' is none of"),
    ],
    ids=["entity without a kind", "term without a holder", "noun of no kind"],
)
def test_a_broken_line_is_named(
    load: Callable[..., Gazetteer], tables: dict[str, Any], message: str
) -> None:
    with pytest.raises(LexiconError, match=message):
        load(**tables)


def test_every_spelling_says_what_kind_of_naming_it_is(load: Callable[..., Gazetteer]) -> None:
    table = load(
        (
            "Arnor;country;ARN;;Kingdom of Arnor;Arnorian|Arnorians;Arnorian|Arnish;Fornost;;;u:1",
            "Fornost;place;ARN",
        )
    )
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
    assert table.countries["ARN"].same_as == ("u:1",)
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
    line = EntityLine("Aragorn", "person", "ARN", since=since, until=until)
    assert line.holds_on(day) is holds


# --- offices --------------------------------------------------------------------------------------

TERMS = (
    "ARN;king;Arvedui;1964-01-01;1974-12-31",
    "ARN;king;Aranarth;1975-01-01;;Aran Arth",
    "League of Arnor;steward|chief;Aranarth;1980;1985",
)


@pytest.mark.parametrize(
    ("title", "day", "holders"),
    [
        ("king", "1970-05-01", ["Arvedui"]),
        ("king", "1975-01-01", ["Aranarth"]),
        ("king", None, ["Arvedui", "Aranarth"]),
        ("queen", "1970-05-01", []),
    ],
)
def test_an_office_has_its_holder_of_the_day(
    load: Callable[..., Gazetteer], title: str, day: str | None, holders: list[str]
) -> None:
    table = load(offices=TERMS)
    assert [line.name for line in table.holders("ARN", title, day)] == holders


def test_who_serves_a_body_of_many_states_is_the_same_person_as_at_home(
    load: Callable[..., Gazetteer],
) -> None:
    table = load(offices=TERMS)
    (at_home,) = table.holders("ARN", "king", "1982-01-01")
    (abroad,) = table.holders("League of Arnor", "chief", "1982-01-01")
    assert (at_home.country, abroad.country) == ("ARN", None)
    assert at_home.identity == abroad.identity


def test_a_holder_who_has_a_line_keeps_it_and_gains_names(
    load: Callable[..., Gazetteer],
) -> None:
    table = load(("Aranarth;person;ARN;GOV;Chieftain",), TERMS)
    (entry,) = [e for e in table.names["Aran Arth"] if e.entity.country == "ARN"]
    assert entry.entity.names == ("Chieftain", "Aran Arth")
    assert entry.entity.key == 0


@pytest.mark.parametrize(
    ("name", "alone"),
    [("Levy Mwanawasa", "Mwanawasa"), ("Moqtada al-Sadr", "al-Sadr"), ("Suharto", "Suharto"),
     ("Ferdinand Marcos Jr.", "Marcos"), ("King Felipe VI", "Felipe")],
)  # fmt: skip
def test_a_surname_is_what_later_mentions_say(name: str, alone: str) -> None:
    assert surname(name) == alone


# --- what is shipped ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("of", "title", "day", "holder"),
    [
        ("USA", "president", "2016-05-20", "Barack Obama"),
        ("USA", "president", "2024-05-20", "Joe Biden"),
        ("GBR", "prime minister", "2022-10-01", "Liz Truss"),
        ("DEU", "chancellor", "1998-10-01", "Helmut Kohl"),
        ("RUS", "president", "2010-01-01", "Dmitry Medvedev"),
        ("United Nations", "secretary-general", "2005-01-01", "Kofi Annan"),
    ],
)
def test_offices_resolve_by_the_day(of: str, title: str, day: str, holder: str) -> None:
    assert [line.name for line in gazetteer().holders(of, title, day)] == [holder]


def test_no_state_has_two_presidents_on_a_day_in_the_middle_of_a_term() -> None:
    for of, terms in gazetteer().offices.items():
        for term in terms:
            if len(of) == 3 and term.since and term.until and "president" in term.titles:
                middle = f"{(int(term.since[:4]) + int(term.until[:4])) // 2}-07-15"
                if term.since < middle < term.until:
                    both = gazetteer().holders(of, "president", middle)
                    assert len(both) == 1, (of, middle, [line.name for line in both])


def test_every_body_with_offices_is_in_the_gazetteer() -> None:
    table = gazetteer()
    known = {line.name for line in table.lines}
    assert [of for of in table.offices if len(of) != 3 and of not in known] == []
    assert [of for of in table.offices if len(of) == 3 and of not in table.countries] == []


def test_lines_know_their_place() -> None:
    assert all(line.key == key for key, line in enumerate(gazetteer().lines))


def test_every_country_has_an_alpha_3_code_and_an_adjective() -> None:
    table = gazetteer()
    assert all(len(code) == 3 and code.isupper() for code in table.countries)
    assert table.countries["RUS"].name == "Russia"
    assert table.adjectives["RUS"] == "Russian"


def test_seats_and_peoples_lead_to_their_state() -> None:
    names = gazetteer().names
    assert ("Russia", "seat") in {(e.entity.name, e.form) for e in names["Moscow"]}
    assert ("Russia", "people") in {(e.entity.name, e.form) for e in names["Russians"]}
