"""Which mentions name the same thing, and by which rule."""

from __future__ import annotations

import re

import pytest
from spacy.lang.en import English
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from kg.coreference import find_links
from kg.coreference.links import quoted_tokens
from kg.lexicon import pronouns
from kg.model import Span
from kg.parse import parse_of
from tests.chains import HALVES, read_passages, score_half
from tests.parses import case_doc, passage

Shown = tuple[str, tuple[str, ...], str]
AHEAD = {"side", "speaker", "topic", "cataphora"}  # rules that point to what stands later


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
    doc.set_ents([*doc.ents, DocSpan(doc, 10, 11, label="PERSON")])
    assert ("Aydin", ("Aydin",), "name:surname") in links(doc)
    assert find_links(doc)[10].antecedents == (1,)


def test_no_link_leads_to_itself_and_pronouns_look_back() -> None:
    for doc in (row[1] for row in TABLE):
        for head, link in find_links(doc).items():
            assert link.head == head
            assert head not in link.antecedents
            if link.rule.split(":")[1] not in AHEAD and not link.rule.startswith("apposition"):
                assert max(link.antecedents) < head


@pytest.mark.model
@pytest.mark.parametrize("half", HALVES)
def test_most_links_of_the_passages_are_right(half: str, nlp: Language) -> None:
    """Links are counted one an anaphor, as `tests.chains` says, and one a link that is made.

    Recall: share of the marked anaphors that take up their own chain and nothing else. Precision:
    share of right ones among all links, those of mentions that take up nothing included. A link
    is judged by the mention it names directly, so one error isn't counted twice.
    """
    score = score_half(half, nlp)
    assert score.anaphors.total() >= 150
    assert score.recall >= 0.85, score.table()
    assert score.precision >= 0.90, score.table()


def test_the_passages_are_many_and_every_pronoun_in_them_is_marked() -> None:
    passages = [one for half in HALVES for one in read_passages(half)]
    assert len({one.name for one in passages}) == len(passages) >= 120
    for shown in passages:
        marked = {mention.span for mention in shown.mentions}
        for word in re.finditer(r"[A-Za-z]+", shown.text):
            if word[0].lower() in pronouns() and word[0] != "US":
                assert Span(*word.span()) in marked, (shown.name, word[0])


def test_an_anaphor_has_a_first_naming_to_take_up() -> None:
    for shown in (one for half in HALVES for one in read_passages(half)):
        first = {c for m in shown.mentions if m.tag is None for one in m.chains for c in one}
        assert {c for m in shown.mentions for one in m.chains for c in one} == first, shown.name


def test_quotation_marks_pair_inside_their_paragraph() -> None:
    doc = parse_of(passage("quote_about_another"))
    inside = "".join(doc[i].text for i in sorted(quoted_tokens(doc)))
    assert inside.count('"') == 2


def test_the_component_keeps_the_links_of_its_document() -> None:
    nlp = English()
    component = nlp.add_pipe("kg_coreference")
    doc = component(passage("group_noun"))
    assert doc._.coreference == find_links(passage("group_noun"))
