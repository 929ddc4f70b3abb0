"""What a mention names: states by adjectives and seats, people by title, bodies by state."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.tokens import Doc

from kg.coreference import find_links
from kg.entities import Named, entity_of_line, resolve_entities
from kg.gazetteer import EntityLine, gazetteer
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
    (case_doc("place_in_a_charge"), "official",
     [("Kenyan senior official", ..., "KEN", "place")]),
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
    (passage("generic_body"), "Congress",
     [("Peruvian congress", "organisation", "PER", "place")]),
    (passage("town_of_another_state"), "Naples", [("Naples", "place", "USA", "name:ner")]),
    (passage("torres_is_one"), "he",
     [("Antonio Guterres", "person", None, "pronoun:person")]),
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
    line = EntityLine("Arnor", "country", "ARN", same_as=("u:1", "u:2"))
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


# --- what a phrase says of whose somebody is ------------------------------------------------------


def test_an_office_is_who_held_it_on_the_day() -> None:
    doc = parsed(
        "the the DET DT det 3\nUS US PROPN NNP compound 3 B-GPE\nformer former ADJ JJ amod 3\n"
        "president president NOUN NN nsubj 4\nspoke speak VERB VBD ROOT 4"
    )
    assert resolved(doc, "2016-05-20")["president"][0].entity.sector == "ELI"
    doc = parsed(
        "the the DET DT det 2\nUS US PROPN NNP compound 2 B-GPE\n"
        "president president NOUN NN nsubj 3\nspoke speak VERB VBD ROOT 3"
    )
    found = [resolved(doc, day)["president"][0] for day in ("2016-05-20", "2024-05-20", None)]
    assert [named.entity.name for named in found] == [
        "Barack Obama", "Joe Biden", "American president",
    ]  # fmt: skip
    assert [named.rule for named in found] == ["office", "office", "description"]


def test_on_the_day_of_a_handover_nobody_is_taken_for_the_office() -> None:
    doc = parsed(
        "the the DET DT det 2\nBritish british ADJ JJ amod 3 B-NORP\n"
        "prime prime ADJ JJ amod 3\nminister minister NOUN NN nsubj 4\n"
        "spoke speak VERB VBD ROOT 4"
    )
    assert resolved(doc, "2016-07-13")["minister"][0].rule == "description"
    assert resolved(doc, "2016-07-14")["minister"][0].entity.name == "Theresa May"


def test_a_title_and_a_surname_are_the_holder_of_the_office() -> None:
    doc = parsed(
        "President president PROPN NNP compound 1\nMwanawasa Mwanawasa PROPN NNP nsubj 2 B-PERSON\n"
        "resigned resign VERB VBD ROOT 2"
    )
    found = resolved(doc)
    assert [found[word][0].entity.name for word in ("President", "Mwanawasa")] == [
        "Levy Mwanawasa", "Levy Mwanawasa",
    ]  # fmt: skip
    assert (found["President"][0].rule, found["Mwanawasa"][0].rule) == (
        "apposition:title",
        "name:office",
    )


def test_a_person_with_a_slip_in_the_name_has_the_id_of_the_one_without() -> None:
    rows = "Robert Robert PROPN NNP compound 1 B-PERSON\n{0} {0} PROPN NNP nsubj 2 I-PERSON\n"
    rows += "spoke speak VERB VBD ROOT 2"
    right, wrong = (resolved(parsed(rows.format(name)))[name][0] for name in ("Mugabe", "Mugabbe"))
    assert right.entity.id == wrong.entity.id
    assert wrong.rule == "name:spelling"


def test_an_ethnic_people_is_no_state() -> None:
    doc = parsed(
        "ethnic ethnic ADJ JJ amod 1\nAlbanians Albanians PROPN NNPS nsubj 2 B-NORP\n"
        "fled flee VERB VBD ROOT 2"
    )
    (named,) = resolved(doc)["Albanians"]
    assert (named.entity.kind, named.entity.country, named.rule) == ("group", None, "ethnic")


def test_part_of_a_people_belongs_to_the_state_before_it() -> None:
    doc = parsed(
        "Iraqi iraqi ADJ JJ amod 1 B-NORP\nKurds Kurds PROPN NNPS nsubj 2 B-NORP\n"
        "fled flee VERB VBD ROOT 2"
    )
    (named,) = resolved(doc)["Kurds"]
    assert (named.entity.name, named.entity.country) == ("Iraqi Kurds", "IRQ")


@pytest.mark.parametrize(("participle", "country"), [("led", "SAU"), ("backed", None)])
def test_who_leads_owns_and_who_backs_does_not(participle: str, country: str | None) -> None:
    doc = parsed(
        f"Saudi saudi ADJ JJ npadvmod 2 B-NORP\n- - PUNCT HYPH punct 2\n"
        f"{participle} {participle} VERB VBN amod 3\nforces force NOUN NNS nsubj 4\n"
        "left leave VERB VBD ROOT 4"
    )
    assert resolved(doc)["forces"][0].entity.country == country


def test_a_states_ally_is_not_the_state() -> None:
    doc = parsed(
        "Iran Iran PROPN NNP poss 2 B-GPE\n's 's PART POS case 0\nally ally NOUN NN nsubj 3\n"
        "fled flee VERB VBD ROOT 3"
    )
    (named,) = resolved(doc)["ally"]
    assert (named.entity.country, named.entity.name) == (None, "Iran 's ally")


def test_peacekeepers_of_a_body_are_the_bodys() -> None:
    doc = parsed(
        "NATO NATO PROPN NNP compound 1 B-ORG\nsoldiers soldier NOUN NNS nsubj 2\n"
        "left leave VERB VBD ROOT 2\nMali Mali PROPN NNP dobj 2 B-GPE"
    )
    (named,) = resolved(doc)["soldiers"]
    assert (named.entity.name, named.entity.kind) == ("NATO soldiers", "igo")
    assert (named.entity.country, named.guessed) == (None, False)


def test_the_only_state_of_a_text_is_a_ground_to_guess_and_two_are_none() -> None:
    rows = "A a DET DT det 1\njudge judge NOUN NN nsubj 2\nfreed free VERB VBD ROOT 2\n"
    one = parsed(rows + "Malian malian ADJ JJ amod 4 B-NORP\nrebels rebel NOUN NNS dobj 2")
    (named,) = resolved(one)["judge"]
    assert (named.entity.country, named.guessed) == ("MLI", True)
    two = parsed(
        rows + "Malian malian ADJ JJ amod 4 B-NORP\nrebels rebel NOUN NNS dobj 2\n"
        "and and CCONJ CC cc 4\nGhanaians Ghanaians PROPN NNPS conj 4 B-NORP"
    )
    assert resolved(two)["judge"][0].entity.country is None


def test_what_is_spoken_is_a_language() -> None:
    doc = parsed(
        "She she PRON PRP nsubj 1\nspoke speak VERB VBD ROOT 1\nin in ADP IN prep 1\n"
        "Polish Polish PROPN NNP pobj 2 B-NORP"
    )
    (named,) = resolved(doc)["Polish"]
    assert (named.entity.name, named.entity.kind, named.entity.country) == (
        "Polish language", "thing", None,
    )  # fmt: skip


def test_who_served_abroad_has_one_id() -> None:
    doc = parsed(
        "Antonio Antonio PROPN NNP compound 1 B-PERSON\n"
        "Guterres Guterres PROPN NNP nsubj 2 I-PERSON\n"
        "spoke speak VERB VBD ROOT 2"
    )
    at_home, abroad = (resolved(doc, day)["Guterres"][0] for day in ("1998-01-01", "2020-01-01"))
    assert (at_home.entity.country, abroad.entity.country) == ("PRT", None)
    assert at_home.entity.id == abroad.entity.id
    assert (at_home.entity.role, abroad.entity.role) == ("prime minister", "secretary-general")
