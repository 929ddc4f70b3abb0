"""Which mentions name the same thing, and by which rule."""

from __future__ import annotations

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc, Span

from kg.coreference import find_links
from tests.parses import case_doc, passage

Shown = tuple[str, tuple[str, ...], str]


def links(doc: Doc) -> list[Shown]:
    """Give a document's links in words, in order."""
    found = find_links(doc)
    return [
        (doc[head].text, tuple(doc[i].text for i in found[head].antecedents), found[head].rule)
        for head in sorted(found)
    ]


TABLE: list[tuple[str, Doc, list[Shown]]] = [
    ("he takes up the subject before", passage("surname_and_pronoun"),
     [("He", ("Aydin",), "pronoun:person")]),
    ("they and the two countries take up a pair", passage("pair_and_conjuncts"),
     [("They", ("Iran", "Iraq"), "pronoun:conjuncts"),
      ("countries", ("Iran", "Iraq"), "definite:pair")]),
    ("they takes up a group", passage("plural_pronoun"),
     [("They", ("Rebels",), "pronoun:plural")]),
    ("the group takes up an armed group", passage("group_noun"),
     [("group", ("Hamas",), "definite:group")]),
    ("in a quotation he is not the speaker and us is his side", passage("quote_about_another"),
     [("us", ("Aydin",), "pronoun:side")]),
    ("it takes up the state that speaks", case_doc("denied_that_clause"),
     [("it", ("Iran",), "pronoun:body")]),
    ("it takes up the body that speaks", case_doc("reported_pronoun_subject"),
     [("it", ("army",), "pronoun:body")]),
    ("a possessive takes up a state", case_doc("conjoined_verbs_shared_subject"),
     [("its", ("Sudan",), "pronoun:body")]),
    ("we is the side of the one who speaks", case_doc("quote_with_we"),
     [("We", ("Aydin",), "pronoun:side")]),
    ("an expletive takes up nothing", case_doc("expletive_it_tells_none"), []),
    ("a name alone takes up nothing", case_doc("active_transitive"), []),
]  # fmt: skip


@pytest.mark.parametrize(
    ("doc", "expected"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_links(doc: Doc, expected: list[Shown]) -> None:
    found = links(doc)
    assert [link for link in found if link in expected] == expected
    if not expected:
        assert found == []


def test_a_lone_surname_is_linked_to_the_whole_name() -> None:
    doc = passage("surname_and_pronoun")
    doc.set_ents([*doc.ents, Span(doc, 10, 11, label="PERSON")])
    assert ("Aydin", ("Aydin",), "name:surname") in links(doc)
    assert find_links(doc)[10].antecedents == (1,)


def test_no_link_leads_to_itself_and_pronouns_look_back() -> None:
    for doc in (row[1] for row in TABLE):
        for head, link in find_links(doc).items():
            assert link.head == head
            assert head not in link.antecedents
            if link.rule not in {"pronoun:side", "pronoun:speaker"}:
                assert max(link.antecedents) < head


def test_the_component_keeps_the_links_of_its_document() -> None:
    nlp = English()
    component = nlp.add_pipe("kg_coreference")
    doc = component(passage("group_noun"))
    assert doc._.coreference == find_links(passage("group_noun"))
