"""Which stretches of a text name something: names, adjectives, noun phrases, pronouns."""

from __future__ import annotations

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc

from kg.mentions import Nominal, agent_noun, find_mentions, nominals_of, to_mention
from kg.parse import parse_of
from tests.parses import case_doc, parsed, passage

Shown = tuple[str, str, str]


def shown(doc: Doc, nominals: tuple[Nominal, ...]) -> list[Shown]:
    """Give nominals as words, label and what is known of them."""
    return [(doc[n.start : n.end].text, n.label, _known(n)) for n in nominals]


def _known(nominal: Nominal) -> str:
    if nominal.entries:
        return nominal.entries[0].entity.name
    return nominal.agent.kind if nominal.agent is not None else nominal.entity_label


TABLE: list[tuple[str, Doc, list[Shown]]] = [
    ("names, pronouns and noun phrases", passage("surname_and_pronoun"), [
        ("Kemal Aydin", "NAME", "PERSON"), ("envoy", "NOMINAL", "person"),
        ("He", "PRONOUN", ""), ("Cairo", "NAME", "Egypt"), ("Aydin", "NOMINAL", ""),
    ]),
    ("adjectives of states", passage("officials_of_two_states"), [
        ("Hungarian", "ADJECTIVE", "Hungary"), ("Romanian", "ADJECTIVE", "Romania"),
        ("Hungarian and Romanian officials", "NOMINAL", "person"),
        ("Russian", "ADJECTIVE", "Russia"), ("Russian rebels", "NOMINAL", "person"),
    ]),
    ("a seat of power, and a body with its modifiers", passage("state_bodies"), [
        ("Syrian", "ADJECTIVE", "Syria"), ("Syrian government", "NOMINAL", "organisation"),
        ("Kremlin", "NAME", "Kremlin"),
    ]),
    ("a possessor and an of-phrase", passage("possessor_and_of_phrase"), [
        ("Israel", "NAME", "Israel"), ("Israel's army", "NOMINAL", "organisation"),
        ("leadership of the republic", "NOMINAL", "organisation"),
    ]),
    ("people and the place right behind them", case_doc("nominal_gerund_of"), [
        ("EU", "NAME", "European Union"), ("its", "PRONOUN", ""), ("its sanctions", "NOMINAL", ""),
        ("editor in Belarus", "NOMINAL", "person"), ("Belarus", "NAME", "Belarus"),
    ]),
    ("a thing and an occasion behind it", case_doc("against_own_phrase"), [
        ("Iran", "NAME", "Iran"),
    ]),
    ("an acronym", case_doc("nominal_acronym"), [
        ("US", "NAME", "United States"), ("US strikes", "NOMINAL", ""),
        ("Libya", "NAME", "Libya"),
    ]),
    ("an article before a name is left out", case_doc("nominal_possessor_call"), [
        ("United States", "NAME", "United States"), ("Moscow", "NAME", "Russia"),
        ("Moscow's call", "NOMINAL", ""),
    ]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("doc", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_mentions(doc: Doc, expected: list[Shown]) -> None:
    found = shown(doc, find_mentions(doc))
    assert [mention for mention in found if mention in expected] == expected
    assert len({nominal.head for nominal in find_mentions(doc)}) == len(found), "one a head"


def test_dates_and_numbers_name_nothing() -> None:
    doc = case_doc("active_transitive")
    assert "Monday" not in {
        mention[0] for mention in shown(doc, find_mentions(doc)) if mention[1] == "NAME"
    }


def test_the_longest_agent_noun_is_found() -> None:
    doc = parsed(
        "foreign foreign ADJ JJ amod 1\nminister minister NOUN NN ROOT 1\n"
        "minister minister NOUN NN dep 1\nbridge bridge NOUN NN dep 1"
    )
    tokens = parse_of(doc)
    agent = agent_noun(tokens[1])
    assert agent is not None
    assert (agent.noun, agent.sector, agent.kind) == ("foreign minister", "GOV", "person")
    assert agent_noun(tokens[2]) is not None
    assert agent_noun(tokens[3]) is None


@pytest.mark.parametrize("name", ["surname_and_pronoun", "quote_about_another", "unknown_state"])
def test_mentions_slice_back_to_their_text(name: str) -> None:
    doc = passage(name)
    for nominal in find_mentions(doc):
        mention = to_mention(doc, nominal, "a", doc.text)
        assert doc.text[mention.span.start : mention.span.end] == mention.text
        assert nominal.start <= nominal.head < nominal.end
        assert (mention.article_id, mention.label) == ("a", nominal.label)


def test_nominals_are_found_once_and_kept() -> None:
    doc = passage("state_bodies")
    assert nominals_of(doc)[2] is nominals_of(doc)[2]
    assert list(nominals_of(doc)) == sorted(nominals_of(doc))


def test_a_document_without_words_has_no_mentions() -> None:
    assert find_mentions(Doc(English().vocab)) == ()


def test_the_component_gives_the_mentions_of_its_document() -> None:
    nlp = English()
    component = nlp.add_pipe("kg_mentions")
    doc = component(passage("state_bodies"))
    assert [nominal.head for nominal in doc._.mentions] == list(nominals_of(doc))
