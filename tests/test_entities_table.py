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
    "offices.tsv": "of office holder since until names source",
}
SECTORS = re.compile(
    "GOV|MIL|REB|OPP|LEG|JUD|COP|SPY|BUS|CVL|EDU|JRN|MED|LAB|REL|AGR|CRM|PTY|REF|SOC|UAF|PRM|ELI|"
    "PRE|UNK"
)
LEAST = {
    "country": 210, "region": 55, "place": 870, "organisation": 540, "igo": 270,
    "armed_group": 280, "ngo": 120, "media": 220, "company": 130, "person": 1290, "group": 100,
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
    assert len(nouns) >= 2200


# ISO 3166-1 alpha-3 of 2026; KOS is what PLOVER writes for Kosovo.
STATES = frozenset(
    "AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL "
    "BRA BRB BRN BTN BWA CAF CAN CHE CHL CHN CIV CMR COD COG COL COM CPV CRI CUB CYP CZE DEU DJI "
    "DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH FIN FJI FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ "
    "GRC GRD GTM GUY HKG HND HRV HTI HUN IDN IND IRL IRN IRQ ISL ISR ITA JAM JOR JPN KAZ KEN KGZ "
    "KHM KIR KNA KOR KOS KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAC MAR MCO MDA MDG MDV "
    "MEX MHL MKD MLI MLT MMR MNE MNG MOZ MRT MUS MWI MYS NAM NER NGA NIC NLD NOR NPL NRU NZL OMN "
    "PAK PAN PER PHL PLW PNG POL PRK PRT PRY PSE QAT ROU RUS RWA SAU SDN SEN SGP SLB SLE SLV SMR "
    "SOM SRB SSD STP SUR SVK SVN SWE SWZ SYC SYR TCD TGO THA TJK TKM TLS TON TTO TUN TUR TUV TWN "
    "TZA UGA UKR URY USA UZB VAT VCT VEN VNM VUT WSM YEM ZAF ZMB ZWE".split()
)
TERRITORIES = """\
Aruba|Anguilla|American Samoa|Bermuda|Cook Islands|Curacao|Cayman Islands|Falkland Islands|
Faroe Islands|Guernsey|Gibraltar|Guadeloupe|Greenland|French Guiana|Guam|Isle of Man|Jersey|
Northern Mariana Islands|Montserrat|Martinique|Mayotte|New Caledonia|Niue|Puerto Rico|
French Polynesia|Reunion|Saint Helena|Svalbard|Sint Maarten|Turks and Caicos Islands|
British Virgin Islands|US Virgin Islands|Wallis and Futuna|Diego Garcia|Antarctica"""


def test_every_state_of_iso_3166_is_there_with_adjective_people_and_seat() -> None:
    states = [row for row in rows("entities.tsv") if row["kind"] == "country"]
    assert {row["country"] for row in states} >= STATES
    first = {row["country"]: row for row in reversed(states)}
    nameless = {c for c, row in first.items() if not (row["adjectives"] and row["people"])}
    assert nameless == {"COG", "VAT"}  # "Congolese" is the larger state's


def test_territories_are_places_of_their_states() -> None:
    places = {
        name
        for row in rows("entities.tsv")
        if row["kind"] in {"place", "region", "country"}
        for name in (row["name"], *row["names"].split("|"))
    }
    wanted = TERRITORIES.replace("\n", "").split("|")
    assert [name for name in wanted if name not in places] == []


# Heads of state or government are known without a gap since then.
SINCE_1990 = (
    "ARG AUS BRA CAN CHN DEU FRA GBR IDN IND ITA JPN KOR MEX RUS SAU TUR USA ZAF NZL PAK NGA EGY "
    "ISR IRN IRQ SYR JOR DZA UKR SRB HRV COL PHL VEN SDN TCD UGA KEN ZWE AGO MOZ LKA THA MYS"
).split()


def test_the_large_states_have_heads_at_every_summer_since_1991() -> None:
    terms = [row for row in rows("offices.tsv") if row["of"] in SINCE_1990]
    heads = re.compile(r"\b(president|prime minister|chancellor|king|leader|chief executive)\b")
    missing = [
        (of, year)
        for of in SINCE_1990
        for year in range(1992, 2026)
        if not any(
            row["of"] == of
            and heads.search(row["office"])
            and row["since"] <= f"{year}-07-31"
            and (not row["until"] or row["until"] >= f"{year}-07-01"[: len(row["until"])])
            for row in terms
        )
    ]
    assert missing == [("IRQ", 2003)]  # under foreign administration


def test_terms_are_dated_in_order_and_say_their_source() -> None:
    terms = rows("offices.tsv")
    assert len(terms) >= 1450
    for row in terms:
        assert DATE.fullmatch(row["since"]), row
        assert not row["until"] or DATE.fullmatch(row["until"]), row
        assert not row["until"] or row["since"][:7] <= row["until"], row
        assert row["source"], row
