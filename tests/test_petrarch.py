"""Dictionaries of PETRARCH and CAMEO coders: names, codes, dates, plurals, unreadable lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.curation import curated, read_curation
from kg.petrarch import read_actors, read_agents

ACTORS = """\
# invented
ARNOR_LEAGUE_ [IGO]
+A.L._

ARANARTH_SON_OF_ARVEDUI_
+CHIEFTAIN_ARANARTH_
\t[MLIGOV 20020131-061231]   # two ways to write a day
\t[MLIELI >20070101]

RANGERS_OF_ARNOR [MLIREB]
AL-QADIR_BRIGADE_ [KSVSEP]
BREE_COURIER_ [GBRMED]
WITCH_REALM_ [<]
"""


def test_names_codes_and_dates_of_an_actor_file() -> None:
    found = read_actors(ACTORS, "x.actors.txt")
    rows = [(o.name, o.kind, o.country, o.sector, o.since, o.until) for o in found.lines]
    assert rows == [
        ("Arnor League", "igo", None, None, None, None),
        ("Aranarth Son of Arvedui", "person", "MLI", "GOV", "2002-01-31", "2006-12-31"),
        ("Aranarth Son of Arvedui", "person", "MLI", "ELI", "2007-01-01", None),
        ("Rangers of Arnor", "armed_group", "MLI", "REB", None, None),
        ("al-Qadir Brigade", "armed_group", "KOS", "REB", None, None),
        ("Bree Courier", "media", "GBR", "JRN", None, None),
    ]
    assert "Chieftain Aranarth" in found.lines[1].names
    assert found.passed_over == ("x.actors.txt:13: no code that can be read: [<]",)


@pytest.mark.parametrize(
    ("bracket", "since", "until"),
    [
        ("[MLIGOV <19991231]", None, "1999-12-31"),
        ("[MLIGOV >990101]", "1999-01-01", None),
        ("[MLIGOV 2004..-2006..]", "2004", "2006"),
        ("[MLIGOV 200403-200605]", "2004-03", "2006-05"),
    ],
)
def test_days_of_all_shapes(bracket: str, since: str | None, until: str | None) -> None:
    (line,) = read_actors(f"X_Y_ {bracket}", "x").lines
    assert (line.since, line.until) == (since, until)


@pytest.mark.parametrize(
    "bracket", ["[MLIGOV 2004017-20061201]", "[MLIGOV 2010-2002]", "[mli]", "[ML]"]
)
def test_a_code_that_cannot_be_read_is_passed_over_and_named(bracket: str) -> None:
    found = read_actors(f"A_B_ {bracket}\nC_D_ [MLIGOV]", "x")
    assert [line.name for line in found.lines] == ["C D"]
    assert found.passed_over == (f"x:1: no code that can be read: {bracket}",)


def test_nouns_plurals_lists_and_sectors_of_an_agent_file() -> None:
    text = (
        "!PERSON! = MAN, WOMAN\nBOG_!PERSON! [~AGR]\nOX {OXEN} [~BUS]\nBARD [~MED]\nELF [~XYZ]\nx"
    )
    found = read_agents(text, "x.agents.txt")
    nouns = {agent.noun: agent.sector for agent in found.agents}
    assert nouns == {
        "bog man": "AGR", "bog woman": "AGR", "ox": "BUS", "oxen": "BUS", "bard": "JRN",
    }  # fmt: skip
    assert [message.partition(": ")[0] for message in found.passed_over] == [
        "x.agents.txt:5", "x.agents.txt:6",
    ]  # fmt: skip


def test_med_is_health_where_the_press_has_its_own_code() -> None:
    found = read_agents("HEALER [~MED]\nBARD [~JRN]", "x")
    assert [agent.sector for agent in found.agents] == ["MED", "JRN"]


def test_a_dictionary_is_known_by_its_ending_or_its_look(tmp_path: Path) -> None:
    for name in ("my.actors.txt", "mine.txt"):
        (tmp_path / name).write_text(ACTORS, encoding="utf-8")
        found = read_curation([tmp_path / name])
        assert len(found.actors) == 6
        names = curated(found.files).names
        assert names["RANGERS OF ARNOR"][0].entity.name == "Rangers of Arnor"
    (tmp_path / "nouns.txt").write_text("OX [~BUS]\n", encoding="utf-8")
    found = read_curation([tmp_path / "nouns.txt"])
    assert curated(found.files).agents["ox"].sector == "BUS"


def test_names_under_a_bare_state_are_the_states_and_known_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "x.actors.txt").write_text("FRANCE_ [FRA]\n+LUGDUNUM_\n+PARIS_\n", encoding="utf-8")
    names = curated(read_curation([tmp_path / "x.actors.txt"]).files).names
    assert names["Lugdunum"][0].entity.name == "France"
    assert [entry.form for entry in names["Paris"]] == ["seat"]
