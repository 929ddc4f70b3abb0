"""What a mention names: states by adjectives and seats, people by title, bodies by state."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.tokens import Doc

from kg.coreference import find_links
from kg.entities import Named, entity_of_line, resolve_entities
from kg.lexicon import EntityLine, gazetteer
from tests.parses import case_doc, parsed, passage


def resolved(doc: Doc, published: str | None = None) -> dict[str, tuple[Named, ...]]:
    """Give what each head names; of two heads of one text the last counts."""
    found = resolve_entities(doc, find_links(doc), published)
    return {doc[head].text: named for head, named in found.items()}


# passage or case, head, (name, kind, country, sector or ... for any, rule) of what it names
TABLE: list[Any] = [
    (passage("state_bodies"), "Kremlin", [("Kremlin", "organisation", "RUS", "name")]),
    (passage("state_bodies"), "Syrian", [("Syria", "country", "SYR", "demonym")]),
    (passage("state_bodies"), "government",
     [("Syrian government", "organisation", "SYR", "description")]),
    (case_doc("nominal_acronym"), "US", [("United States", "country", "USA", "name")]),
    (case_doc("nominal_possessor_call"), "Moscow", [("Russia", "country", "RUS", "metonym")]),
    (case_doc("light_verb_launch_attack"), "Hezbollah",
     [("Hezbollah", "armed_group", "LBN", "name")]),
    (passage("officials_of_two_states"), "officials",
     [("Hungarian officials", ..., "HUN", "description"),
      ("Romanian officials", ..., "ROU", "description")]),
    (passage("officials_of_two_states"), "rebels",
     [("Russian rebels", ..., "RUS", "description")]),
    (passage("place_says_whose"), "police",
     [("Iraqi police", "organisation", "IRQ", "description")]),
    (passage("place_says_whose"), "demonstrators",
     [("Egyptian demonstrators", ..., "EGY", "place")]),
    (passage("definite_government"), "government",
     [("Iranian government", "organisation", "IRN", "definite:state")]),
    (passage("pair_and_conjuncts"), "countries",
     [("Iran", "country", "IRN", "definite:pair"), ("Iraq", "country", "IRQ", "definite:pair")]),
    (passage("group_noun"), "group", [("Hamas", "armed_group", "PSE", "definite:group")]),
    (passage("quote_about_another"), "us", [("Kemal Aydin", "person", None, "pronoun:side")]),
    (passage("possessor_and_of_phrase"), "army",
     [("Israeli army", "organisation", "ISR", "description")]),
    (passage("unknown_state"), "Zorvania", [("Zorvania", "place", None, "name:ner")]),
    (case_doc("quote_with_we"), "We", [("Turkey", "country", "TUR", "pronoun:side")]),
    (case_doc("expletive_it_tells_none"), "It", []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("doc", "head", "expected"),
    TABLE,
    ids=lambda value: (
        value.text[:50] if isinstance(value, Doc) else value if isinstance(value, str) else ""
    ),
)
def test_mentions_name_entities(doc: Doc, head: str, expected: list[tuple[Any, ...]]) -> None:
    found = [
        (named.entity.name, named.entity.kind, named.entity.country, named.rule)
        for named in resolved(doc)[head]
    ]
    asked = [
        tuple(... if wanted is ... else value for value, wanted in zip(row, want, strict=True))
        for row, want in zip(found, expected, strict=True)
    ]
    assert asked == expected


def test_a_person_gets_role_and_state_from_the_title_before_the_name() -> None:
    (named,) = resolved(case_doc("quote_with_we"))["Aydin"]
    assert (named.entity.name, named.entity.kind) == ("Kemal Aydin", "person")
    assert (named.entity.role, named.entity.country) == ("Turkish Defence Minister", "TUR")
    assert (named.entity.sector, named.rule) == ("GOV", "name:title")


def test_a_person_gets_a_role_from_the_apposition_behind_the_name() -> None:
    (named,) = resolved(passage("apposition_behind_name"))["Venn"]
    assert (named.entity.name, named.entity.role) == ("Orla Venn", "spokeswoman")


def test_some_of_a_people_are_not_the_state() -> None:
    (named,) = resolved(passage("some_of_a_people"))["Russians"]
    assert (named.entity.kind, named.entity.country) == ("group", "RUS")


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("1991-01-17", "George H. W. Bush"),
        ("2003-03-20", "George W. Bush"),
        ("2003-03-20T08:00", "George W. Bush"),
    ],
)
def test_one_name_is_whoever_held_office_on_the_day(day: str, name: str) -> None:
    doc = parsed("Bush Bush PROPN NNP nsubj 1 B-PERSON\nspoke speak VERB VBD ROOT 1")
    assert resolved(doc, day)["Bush"][0].entity.name == name


def test_a_guessed_state_is_marked_and_a_stated_one_is_not() -> None:
    named = resolved(passage("place_says_whose"))
    assert named["demonstrators"][0].guessed
    assert not named["police"][0].guessed


def test_the_same_thing_has_one_id_in_two_texts_and_another_thing_another() -> None:
    here = resolved(passage("officials_of_two_states"))["Russian"][0].entity
    there = resolved(case_doc("nominal_possessor_call"))["Moscow"][0].entity
    assert here.id == there.id
    ids = {entity_of_line(gazetteer().countries[code]).id for code in ("RUS", "SYR", "IRN")}
    assert len(ids) == 3


def test_an_entity_of_the_gazetteer_carries_its_links_elsewhere() -> None:
    line = EntityLine(0, "Arnor", "country", "ARN", None, None, None, ("u:1", "u:2"))
    entity = entity_of_line(line)
    assert (entity.name, entity.country, entity.same_as) == ("Arnor", "ARN", ("u:1", "u:2"))


@pytest.mark.parametrize(
    ("case", "head"),
    [
        ("nominal_demonym", "civilians"),
        ("purpose_infinitive", "rebels"),
        ("future_hostile_is_threaten", "rebels"),
    ],
)
def test_whom_a_state_acts_on_is_not_taken_for_its_own(case: str, head: str) -> None:
    (named,) = resolved(case_doc(case))[head]
    assert named.entity.country is None
