"""The parse read off a spaCy document says what spaCy says, token for token."""

from __future__ import annotations

import random

import pytest
from spacy.tokens import Doc

from kg.annotate import load_pipeline
from kg.parse import parse_of
from tests.parses import CASES, case_doc, parsed, vocabulary

WORDS = ("text", "lower_", "lemma_", "pos_", "tag_", "dep_", "ent_type_", "whitespace_", "idx")
MARKS = ("is_punct", "is_space", "is_title", "is_upper")
FAMILY = ("children", "lefts", "rights", "subtree", "ancestors", "conjuncts")
NOTICE = """\
"Get out," the mayor of Dale said on Friday - and they left.\n\nTwo of 13 rebels, whom nobody
had seen, the U.N. claimed, fled to Bree; Gondor and Rohan, 'allies' since 3018, didn't follow."""


def numbers(tokens: object) -> list[int]:
    return [token.i for token in tokens]  # type: ignore[attr-defined]


def assert_same(doc: Doc) -> None:
    parse = parse_of(doc)
    assert len(parse) == len(doc)
    for there, here in zip(doc, parse, strict=True):
        for name in (*WORDS, *MARKS):
            assert getattr(here, name) == getattr(there, name), (there, name)
        for name in FAMILY:
            assert numbers(getattr(here, name)) == numbers(getattr(there, name)), (there, name)
        assert here.head.i == there.head.i
        assert (here.left_edge.i, here.right_edge.i) == (there.left_edge.i, there.right_edge.i)
        assert (here.sent.start, here.sent.end) == (there.sent.start, there.sent.end)
        assert here.is_sent_start is bool(there.is_sent_start)
    assert [(s.start, s.end, s.text) for s in parse.sents] == [
        (s.start, s.end, s.text) for s in doc.sents
    ]
    assert [(e.start, e.end, e.label_, e.text, e.root.i) for e in parse.ents] == [
        (e.start, e.end, e.label_, e.text, e.root.i) for e in doc.ents
    ]


def test_the_parses_of_the_cases_are_read_off_as_they_are() -> None:
    for path in sorted((CASES / "events").glob("*.toml")):
        assert_same(case_doc(path.stem))


@pytest.mark.model
def test_a_parsed_text_is_read_off_as_it_is() -> None:
    assert_same(load_pipeline()(NOTICE))


@pytest.mark.parametrize("seed", range(20))
def test_crossing_arcs_keep_their_subtrees(seed: int) -> None:
    """Trees drawn at random, most of their arcs crossing others; spaCy's edges fall short there."""
    drawn = random.Random(seed)
    order = drawn.sample(range(12), 12)
    heads = [0] * 12
    for place, i in enumerate(order):
        heads[i] = i if place == 0 else drawn.choice(order[:place])
    parse = parse_of(Doc(vocabulary(), words=list("abcdefghijkl"), heads=heads, deps=["dep"] * 12))
    for token in parse:
        below = {other.i for other in parse if token in (other, *other.ancestors)}
        assert sorted(numbers(token.subtree)) == sorted(below)
        assert (token.left_edge.i, token.right_edge.i) == (min(below), max(below))


def test_a_phrase_knows_its_text_characters_and_root() -> None:
    parse = parse_of(
        parsed("The the DET DT det 1\nMark mark PROPN NNP ROOT 1\n. . PUNCT . punct 1")
    )
    assert (parse.text_of(0, 2), parse.chars_of(1, 3), parse.chars_of(3, 3)) == (
        "The Mark",
        (4, 10),
        (11, 11),
    )
    assert (parse.tokens_at(0, 3), parse.tokens_at(3, 8), parse.tokens_at(5, 10)) == (
        (0, 1),
        (1, 2),
        (1, 3),
    )
    sentence = parse[1].sent
    assert (len(sentence), sentence[-1].text, sentence.root.text) == (3, ".", "Mark")
    assert parse[0].nbor(1) is parse[1]


def test_a_long_chain_of_arcs_is_no_trouble() -> None:
    """Thirty thousand conjuncts, each hung on the one before, as a hostile list has them."""
    length = 30_000
    heads = [max(0, i - 1) for i in range(length)]
    words = ["a"] * length
    parse = parse_of(Doc(vocabulary(), words=words, heads=heads, deps=["conj"] * length))
    assert len(parse[0].subtree) == length
    assert parse[-1].depth == length - 1


def test_an_empty_document_has_no_tokens() -> None:
    parse = parse_of(Doc(vocabulary()))
    assert (len(parse), parse.sents, parse.ents, parse.text) == (0, (), (), "")
