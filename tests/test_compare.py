"""Two sources side by side: shared, alone, contradicted, and named otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from json import dumps

import pytest

from kg.compare import Comparison, compare, to_markdown, to_text
from kg.compare.tellings import cut_clause
from kg.errors import QueryError
from kg.rdf import to_quads
from kg.store import Store, open_store
from tests.news_page import SEEN, page_news
from tests.news_sample import sample_news

HERALD, GAZETTE = "Northern Herald", "Fjord Gazette"


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store() as store:
        store.load(to_quads(sample_news()))
        yield store


@pytest.fixture
def comparison(store: Store) -> Comparison:
    return compare(store, HERALD, GAZETTE)


def test_both_tell_of_the_proposal_and_the_rejection(comparison: Comparison) -> None:
    told = {event.label.split(" → ")[1]: event for event in comparison.shared}
    assert {"propose", "reject"} <= set(told)
    proposal = told["propose"]
    assert proposal.left is not None
    assert proposal.left.clause == "On Monday Norway proposed joint naval patrols to Iceland"
    assert proposal.right is not None
    assert proposal.right.clause == "Norway proposed joint naval patrols to Iceland on Monday"


def test_one_alone_tells_of_the_criticism_and_who_says_so(comparison: Comparison) -> None:
    assert comparison.only_right == ()
    (alone,) = comparison.only_left
    assert alone.left is not None
    assert alone.left.clause == "Norway has criticised us"
    assert alone.left.speaker == "Katrin Jonsdottir"
    assert alone.right is None


def test_what_cannot_both_be_right_stands_with_its_side(comparison: Comparison) -> None:
    (clash,) = comparison.contradicted
    assert (clash.one_side, clash.other_side) == (HERALD, GAZETTE)
    assert clash.one.held == "denied"
    assert clash.other.clause == "Iceland expelled a Norwegian diplomat"


def test_namings_differ(comparison: Comparison) -> None:
    names = {naming.entity: (naming.left, naming.right) for naming in comparison.namings}
    left, right = names["Iceland"]
    assert {words for words, _ in left} != {words for words, _ in right}
    assert ("Iceland", 2) in left or ("Iceland", 3) in left


def test_a_page_of_html_is_told_in_the_words_its_readers_see(store: Store) -> None:
    store.load(to_quads(page_news()))
    told = compare(store, "Herald", GAZETTE)
    (wording,) = [event.left for event in told.only_left]
    assert wording is not None
    assert wording.clause == SEEN.removesuffix(".")
    named = {naming.entity: [word for word, _ in naming.left] for naming in told.namings}
    assert named["Norway"] == ["Nor\u00adway"]


def test_the_other_way_round_is_the_same_turned(store: Store, comparison: Comparison) -> None:
    turned = compare(store, GAZETTE, HERALD)
    assert [e.event for e in turned.shared] == [e.event for e in comparison.shared]
    assert (turned.only_left, turned.left) == ((), comparison.right)
    assert [e.event for e in turned.only_right] == [e.event for e in comparison.only_left]


@pytest.mark.parametrize(
    "side",
    ["northern herald", "herald", "news/herald.txt", "herald.txt", "2024-03-05",
     "🚢 Iceland rejects Norway's patrol plan"],
)  # fmt: skip
def test_a_side_is_a_publisher_a_file_a_date_or_a_title(store: Store, side: str) -> None:
    assert compare(store, side, GAZETTE).left.articles[0][0] == "news/herald.txt"


@pytest.mark.parametrize("side", ["Nobody's Paper", "", "1999", '" } DROP ALL #'])
def test_a_side_that_is_not_there_is_told_with_what_is(store: Store, side: str) -> None:
    with pytest.raises(QueryError, match="there is Fjord Gazette, Northern Herald"):
        compare(store, side, GAZETTE)


def test_an_article_is_not_compared_with_itself(store: Store) -> None:
    with pytest.raises(QueryError, match="in common"):
        compare(store, HERALD, "herald")


def test_text_has_a_heading_for_each_part(comparison: Comparison) -> None:
    text = to_text(comparison)
    for heading in ("BOTH TELL", "CONTRADICTED", "NAMED OTHERWISE", f"ONLY {HERALD.upper()}"):
        assert heading in text
    assert "Norway has criticised us (says Katrin Jonsdottir)" in text
    assert all(len(line) <= 120 for line in text.splitlines())
    assert f"and {len(comparison.shared) - 1} more (--all shows them)" in to_text(comparison, 1)


def test_what_articles_say_is_never_markup_or_control(comparison: Comparison) -> None:
    assert comparison.only_left[0].left is not None
    hostile = replace(
        comparison.only_left[0].left, clause="<script>|x|\x1b[2J [a](http://b) \u202e", speaker=None
    )
    bad = replace(comparison, only_left=(replace(comparison.only_left[0], left=hostile),))
    markdown, text = to_markdown(bad), to_text(bad)
    assert "<script>" not in markdown
    assert "[a](" not in markdown
    assert "\x1b" not in text + markdown
    assert "\u202e" not in text + markdown


def test_it_can_be_written_as_json(comparison: Comparison) -> None:
    assert "Norway has criticised us" in dumps(asdict(comparison))


@pytest.mark.parametrize(
    ("sentence", "told", "clause"),
    [
        ("On Friday, the army bombed Fornost, he said.", "army bombed", "the army bombed Fornost"),
        ("The army bombed Fornost.", "army", "The army bombed Fornost"),
        ("It was “the army” (of Arnor) that bombed it", "army", "the army"),
        ("x " * 150 + "army bombed" + " y" * 200, "army bombed", None),
    ],
)
def test_a_clause_is_cut_at_the_punctuation_next_to_it(
    sentence: str, told: str, clause: str | None
) -> None:
    start = sentence.index(told)
    cut = cut_clause(sentence, start, start + len(told))
    assert cut == clause if clause is not None else len(cut) <= 202
