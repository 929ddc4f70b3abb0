"""The predicate tables keep the code book's rules, whatever reads them."""

import re
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from pathlib import Path

ONTOLOGY = Path(__file__).parent.parent / "ontology"
COLUMNS = "predicate pos when actor target event mode contexts cameo example"
# Types with their modes (PLOVER manual 2.0) and CAMEO digits (table of 2021, widened where the
# manual is newer: apology, pardon, conviction, destruction).
TYPES = """AGREE / 03
CONSULT visit third-party multilateral phone / 04
SUPPORT / 05
CONCEDE / 080|081(?![34])|082|083|055|056
COOPERATE / 06
AID / 07
RETREAT withdraw release disarm ceasefire access resign / 084|085|086|087|0813|0814
REQUEST assist change yield meet / 10
ACCUSE disapprove investigate allege / 09|11
REJECT assist change yield meet / 12
THREATEN restrict arrest relations expel territory violence / 13
PROTEST demo riot strike hunger boycott obstruct vandalize / 14
SANCTION convict expel withdraw discontinue / 16|116|172|173
MOBILIZE troops weapons police militia / 15
COERCE seize restrict censor curfew martial-law arrest deport withhold misinformation cyber / 17(?!5)|191|192
ASSAULT abduct beat torture sexual targeted destroy primitive firearms explosives suicide-attack aerial drone heavy-weapons crowd-control unconventional / 171|175|18|19(?![12])|20
STATEMENT / 01|02
OTHER / (?!)"""  # noqa: E501
SPLIT = [line.split(" / ") for line in TYPES.splitlines()]
RULES = {names.split()[0]: (names.split()[1:], re.compile(digits)) for names, digits in SPLIT}
CONTEXTS = """military intelligence executive legislative election political_institutions pro_democracy pro_autocracy economic legal reparations human_rights rights_freedoms repression human_security gender lgbt religion_ethnicity inequality
diplomatic territory peacekeeping health asylum migration disasters natural_resource environment technology terrorism cbrn cyber misinformation crime corruption illegal_drugs trafficking"""  # noqa: E501
SLOTS = re.compile(r"((subj|obj|iobj|poss|of|mod|comp|none|prep:[a-z]+)(\||$))*")
CONDITION = re.compile(
    r"-?(?:obj|subj|mod|comp|passive|active|prep:[a-z]+(?:\|prep:[a-z]+)*)(?:=(\S+))?"
)
KINDS = (
    "country region place igo ngo organisation armed_group person group media company actor named"
)
IRREGULAR = "bring brought buy bought go went lay laid leave left make made pay paid seek sought slay slew stand stood strike struck"  # noqa: E501


@cache
def table() -> tuple[tuple[str, dict[str, str]], ...]:
    rows = []
    for path in sorted(ONTOLOGY.glob("predicates.*.tsv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].split("\t") == COLUMNS.split(), path.name
        for number, line in enumerate(lines[1:], 2):
            if line and line[0] != "#":
                cells = zip(COLUMNS.split(), line.split("\t"), strict=True)
                rows.append((f"{path.name}:{number}", dict(cells)))
    return tuple(rows)


def wrong(check: Callable[[dict[str, str]], object]) -> list[str]:
    return [f"{where} {row['predicate']}" for where, row in table() if not check(row)]


def test_codes_belong_to_their_type() -> None:
    assert wrong(lambda row: row["pos"] in {"v", "n", "a"} and row["event"] in RULES) == []
    assert wrong(lambda row: not row["mode"] or row["mode"] in RULES[row["event"]][0]) == []
    assert wrong(lambda row: not row["cameo"] or RULES[row["event"]][1].match(row["cameo"])) == []
    assert wrong(lambda row: set(row["contexts"].split("|")) <= {"", *CONTEXTS.split()}) == []


def test_conditions_and_slots_can_be_read() -> None:
    lines = (ONTOLOGY / "classes.tsv").read_text(encoding="utf-8").splitlines()
    known = {line.split("\t")[0] for line in lines} | set(RULES) | {f"@{k}" for k in KINDS.split()}
    read = [(w, c, CONDITION.fullmatch(c)) for w, row in table() for c in row["when"].split()]
    assert [(where, text) for where, text, match in read if match is None] == []
    words = [(w, value) for w, _, m in read if m and m[1] for value in m[1].split("|")]
    named = [(w, value) for w, value in words if not value or value.isupper() or value[0] == "@"]
    assert [(w, value) for w, value in named if value not in known] == []
    assert wrong(lambda row: SLOTS.fullmatch(row["actor"]) and SLOTS.fullmatch(row["target"])) == []


def test_no_line_stands_twice() -> None:
    keys = sorted((row["predicate"], row["pos"], row["when"]) for _, row in table())
    assert [one for one, other in pairwise(keys) if one == other] == []


def test_examples_use_their_predicate() -> None:
    def shown(row: dict[str, str]) -> object:
        first = re.split("[ -]", row["predicate"].lower())[0]
        stem = first[: max(2, min(4, len(first) - 1))]
        vowels_free = re.sub("^([^aeiou]*)[aeiou]+([^aeiou]).*", "\\1[aeiou]+\\2", first)
        past = re.findall(rf"\b{first} (\w+)", IRREGULAR) or [stem]
        return re.search(rf"\b({stem}|{vowels_free}|{past[0]})", row["example"], re.IGNORECASE)

    assert wrong(shown) == []
