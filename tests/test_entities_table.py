"""The gazetteer's two tables, read as plain files: shape, closed sets, dates, doubles, counts."""

import csv
import re
from collections import Counter
from functools import cache
from itertools import zip_longest
from pathlib import Path

ONTOLOGY = Path(__file__).resolve().parent.parent / "ontology"
COLUMNS = {
    "entities.tsv": "name kind country sector names people adjectives seats since until sameas"
    " source",
    "agents.tsv": "noun sector kind title",
}
SECTORS = re.compile(
    "GOV|MIL|REB|OPP|LEG|JUD|COP|SPY|BUS|CVL|EDU|JRN|MED|LAB|REL|AGR|CRM|PTY|REF|SOC|UAF|PRM|ELI|"
    "PRE|UNK"
)
LEAST = {
    "country": 200, "region": 40, "place": 400, "organisation": 300, "igo": 140,
    "armed_group": 160, "ngo": 70, "media": 70, "company": 40, "person": 350,
}  # fmt: skip
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@cache
def rows(name: str) -> list[dict[str, str]]:
    columns = COLUMNS[name].split()
    with (ONTOLOGY / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        lines = [cells for cells in reader if any(cells) and not cells[0].startswith("#")]
    assert lines[0] == columns
    assert all(len(cells) <= len(columns) for cells in lines)
    return [dict(zip_longest(columns, cells, fillvalue="")) for cells in lines[1:]]


def test_an_entity_stands_once() -> None:
    counts = Counter((row["name"], row["kind"], row["since"]) for row in rows("entities.tsv"))
    assert [key for key, count in counts.items() if count > 1] == []


def test_entities_keep_to_the_closed_sets() -> None:
    entities = rows("entities.tsv")
    assert {row["kind"] for row in entities} == set(LEAST)
    assert all(SECTORS.fullmatch(row["sector"]) for row in entities if row["sector"])
    assert all(re.fullmatch("([A-Z]{3})?", row["country"]) for row in entities)
    assert all(row["country"] for row in entities if row["kind"] == "country")


def test_dates_are_iso_and_in_order() -> None:
    for row in rows("entities.tsv"):
        assert all(DATE.fullmatch(row[key]) for key in ("since", "until") if row[key]), row["name"]
        assert not row["until"] or row["since"][:4] <= row["until"][:4], row["name"]


def test_no_cell_has_an_empty_or_padded_part() -> None:
    for row in rows("entities.tsv"):
        for key in ("name", "names", "people", "adjectives", "seats"):
            parts = row[key].split("|") if row[key] else []
            assert all(part and part == part.strip() for part in parts), row["name"]


def test_there_are_enough_of_each_kind() -> None:
    counts = Counter(row["kind"] for row in rows("entities.tsv"))
    assert [kind for kind, least in LEAST.items() if counts[kind] < least] == []


def test_agent_nouns_are_lower_case_unique_and_coded() -> None:
    agents = rows("agents.tsv")
    nouns = [row["noun"] for row in agents]
    assert [
        noun for noun, count in Counter(nouns).items() if count > 1 or noun != noun.lower()
    ] == []
    assert all(SECTORS.fullmatch(row["sector"]) for row in agents)
    assert {row["kind"] for row in agents} == {"person", "group", "organisation"}
    assert {row["title"] for row in agents} == {"yes", "no"}
    assert len(nouns) >= 620
