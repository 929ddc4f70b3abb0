"""What is served of a page of HTML: words as readers see them, offsets as the file has them."""

from __future__ import annotations

import pytest

from kg.rdf import Names, to_quads, vocabulary_quads
from kg.serve.markup import cut_text
from kg.serve.records import read_article, read_event
from kg.store import Store, open_store
from tests.news_page import PAGE_TEXT, SEEN, TRIGGER, page_news

NEWS = page_news()


@pytest.fixture(scope="module")
def store() -> Store:
    opened = open_store()
    opened.load(to_quads(NEWS))
    opened.load(vocabulary_quads())
    return opened


def test_an_event_shows_its_sentence_without_tags(store: Store) -> None:
    record = read_event(store, f"{Names().base}event/{NEWS.events[0].id}")
    assert record
    (told,) = record["tellings"]
    before, did, behind = told["sentence"]["seen"]
    assert (before + did + behind, did) == (SEEN, TRIGGER)
    assert (
        told["sentence"]["text"] == PAGE_TEXT[told["sentence"]["start"] : told["sentence"]["end"]]
    )
    assert (record["type"], record["cameo"]) == ("AGREE", "0312")


def test_an_article_shows_its_words_and_says_what_is_left_out(store: Store) -> None:
    record = read_article(store, f"{Names().base}article/{NEWS.readings[0].article.id}")
    assert record
    (sentence,) = (stretch for stretch in cut_text(record) if stretch.address)
    assert "".join(piece.text for piece in sentence.pieces) == SEEN
    assert [piece.text for piece in sentence.pieces if piece.trigger] == [TRIGGER]
    shown = "".join(piece.text for stretch in cut_text(record) for piece in stretch.pieces)
    assert "Plan & <promise> 🚢" in shown
    assert "It was a Mon\u00adday in cafés." in shown
    assert "alert" not in shown
    assert shown.count("source left out") == 2
