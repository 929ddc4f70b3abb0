from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from kg.annotate import annotate, clean, load_pipeline, source_span, source_span_of
from kg.model import Article
from kg.read import Unreadable, decode, read_article, read_articles

PIECES = st.sampled_from(
    [
        "The army of Arnor left the town on Monday.",
        "Arnor rejects Gondor's plan",
        "MOSCOW (AP) — ",
        "LONDON, May 3 (Reuters) - ",
        "May 20, 2016 11:40 PM",
        "By Jane Doe",
        "Share",
        "LEAVE A COMMENT",
        "Read more: Arnor",
        "Arnor quits - BBC News",
        "“We co-operate,” he said.”Of course",
        "the (Bashar al-) Assad regime",
        "a—b -- c – d - e",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "\u2028",
        "\ufeff",
        "\u200b",
        "\u00ad",
        "\u00a0",
        " ",
        "\t",
        "''",
        "``",
        "…",
        "(and)",
        "[the]",
        "café",
        "cafe\u0301",
        "😀",
    ]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=14).map("".join)
BYTES = st.one_of(st.binary(max_size=200), TEXTS.map(lambda text: text.encode("utf-8", "replace")))
quick = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@cache
def pipeline() -> Language:
    return load_pipeline()


@quick
@given(text=TEXTS)
def test_every_visible_character_is_covered_once_and_in_order(text: str) -> None:
    article = read_article(text)
    headline = (article.headline,) if article.headline else ()
    spans = sorted((*headline, *article.body, *(one.span for one in article.skipped)))
    assert all(left.end <= right.start for left, right in pairwise(spans))
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert {at for at, character in enumerate(text) if not character.isspace()} <= covered
    assert list(article.body) == sorted(article.body)
    for span in spans:
        piece = text[span.start : span.end]
        assert piece == piece.strip() != ""


@quick
@given(
    raw=st.one_of(st.binary(max_size=200), TEXTS.map(lambda text: text.encode("utf-8", "replace")))
)
@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_no_bytes_make_reading_fail(tmp_path: Path, name: str, raw: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    for found in read_articles([path]):
        if isinstance(found, Unreadable):
            assert found.message.startswith(str(path))
            assert len(found.message.splitlines()) == 1
        else:
            assert isinstance(found, Article)
            assert found.text == decode(raw)[0] or name.endswith("jsonl")


@quick
@given(text=TEXTS)
def test_cleaning_keeps_its_way_back(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned.text) == len(cleaned.starts) == len(cleaned.ends)
    assert all(
        0 <= start <= end <= len(text)
        for start, end in zip(cleaned.starts, cleaned.ends, strict=True)
    )
    assert all(left <= right for left, right in pairwise(cleaned.starts))
    assert all(left <= right for left, right in pairwise(cleaned.ends))
    for at, character in enumerate(cleaned.text):
        if character.isalnum() and cleaned.starts[at] < cleaned.ends[at]:
            assert text[cleaned.starts[at] : cleaned.ends[at]] == character


@quick
@given(text=TEXTS)
def test_cleaning_what_is_clean_changes_no_letter(text: str) -> None:
    once = clean(text).text
    letters = [character for character in text if character.isalnum()]
    assert [character for character in once if character.isalnum()] == letters


@pytest.mark.model
@settings(quick, max_examples=25)
@given(text=TEXTS)
def test_every_token_of_a_doc_stands_in_its_article_in_order(text: str) -> None:
    article = read_article(text)
    doc = annotate(article, pipeline())
    spans = [source_span_of(token) for token in doc]
    assert all(span.end <= len(text) for span in spans)
    assert all(
        left.start <= right.start and left.end <= right.end for left, right in pairwise(spans)
    )
    pieces = [*((article.headline,) if article.headline else ()), *article.body]
    for token, span in zip(doc, spans, strict=True):
        assert any(span.within(piece) for piece in pieces)
        if token.is_alpha and span.start < span.end:
            origin = text[span.start : span.end]
            assert "".join(c for c in origin if c.isalnum()) == "".join(
                c for c in token.text if c.isalnum()
            )
    whole = source_span(doc, 0, len(doc.text))
    assert all(span.within(whole) for span in spans if span.start < span.end)
