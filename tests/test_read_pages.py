"""Pages of HTML: what is read of them, and that every offset points into the page as it lies."""

from itertools import pairwise

import pytest

from kg.annotate import clean
from kg.errors import ArticleError
from kg.model import Article, Span
from kg.read import decode, read_page
from kg.read.content import find_content
from kg.read.markup import cut_page
from kg.read.metadata import read_metadata
from tests.pages import Saved, saved_pages, scores

PROSE = "The army of Arnor left the town on Monday, and the minister said that talks would go on. "


def shown(article: Article) -> list[str]:
    return [article.words(span) for span in article.body]


def test_the_saved_pages_are_read_well() -> None:
    right = {"title": 0, "date": 0, "publisher": 0}
    read = common = gold = 0
    for page in saved_pages():
        article = read_page(decode(page.raw)[0])
        right["title"] += article.title == page.title
        right["date"] += article.published == page.published
        publisher = article.source.name if article.source else ""
        right["publisher"] += publisher.casefold() == page.publisher.casefold()
        here = scores(article, page)
        read, common, gold = read + here[0], common + here[1], gold + here[2]
    assert {what: n >= 0.95 * len(saved_pages()) for what, n in right.items()} == dict.fromkeys(
        right, True
    ), right
    assert common > 0.97 * gold
    assert read - common < 0.03 * read


@pytest.mark.parametrize("page", saved_pages(), ids=lambda page: page.name)
def test_offsets_point_into_the_page_as_it_lies(page: Saved) -> None:
    text, encoding = decode(page.raw)
    assert (page.raw.decode(encoding), encoding) == (text, page.encoding)
    article = read_page(text)
    headline = (article.headline,) if article.headline else ()
    spans = sorted((*headline, *article.body, *(one.span for one in article.skipped)))
    assert all(left.end <= right.start for left, right in pairwise(spans))
    covered = {at for span in spans for at in range(span.start, span.end)}
    assert {at for at, c in enumerate(text) if not c.isspace()} <= covered
    for markup in article.markup:
        assert any(markup.span.within(unit) for unit in (*headline, *article.body))


def test_markup_inside_a_sentence_is_known() -> None:
    opening = "<h1>X</h1><p>R&amp;D of the <b>United</b> <i>States</i> won<br>\nas it should. "
    article = read_page(opening + PROSE * 2)
    assert shown(article)[0].startswith("R&D of the United States won as it should. The army")
    raw = article.text[article.body[0].start : article.body[0].end]
    start = raw.index("United") + article.body[0].start
    assert article.words(Span(start, start + 20)) == "United States"
    assert [(m.shown, article.text[m.span.start : m.span.end]) for m in article.markup][:3] == [
        ("&", "&amp;"), ("", "<b>"), ("", "</b>"),
    ]  # fmt: skip


def test_cleaning_drops_markup_first() -> None:
    cleaned = clean("R&amp;D <b>won</b>", [(1, 6, "&"), (8, 11, ""), (14, 18, "")])
    assert cleaned.text == "R&D won"
    assert (cleaned.starts[1], cleaned.ends[1], cleaned.starts[4]) == (1, 6, 11)


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("<p>a<p>b", ["a", "b"]),
        ("a<br><br>b", ["a", "b"]),
        ("<p>a <!-- <p>x --> b", ["a b"]),
        ("<p>a<script>if (a</p>b) {}</script>b", ["ab"]),
        ("<p>a <span hidden>x<p>y</span> b</p>c", ["a b", "c"]),
        ("<p title='>'>a<p title=it's>b", ["a", "b"]),
        ("<td>a<td>b</div>c", ["a", "b", "c"]),
        ("<p>a < b &lt; c", ["a < b < c"]),
        ("<p>a<unclosed", ["a"]),
        ("<p>a<!-- never closed", ["a"]),
        ("<p>a</b></i></p></p>b", ["a", "b"]),
    ],
)
def test_blocks_of_odd_markup(html: str, blocks: list[str]) -> None:
    assert [block.text for block in cut_page(html).blocks] == blocks


@pytest.mark.parametrize(
    "html",
    ["<" * 50_000, "<a " * 50_000, '<a b="' * 50_000, "<div>" * 50_000, "<p>" * 50_000,
     "<b>" * 50_000, "&" * 50_000, "<!--" * 50_000, "</div>" * 50_000, "<td></div>" * 20_000,
     "<script>" * 20_000, "<span hidden>" * 20_000, "<br>" * 50_000, "<a href=x>y</a>" * 20_000,
     "<section>" * 600 + "<p>a b c d e f g h.</p>" * 3000],
    ids=lambda html: html[:12],
)  # fmt: skip
def test_hostile_pages_take_linear_time(html: str) -> None:
    page = cut_page(html)
    find_content(page, "a title of some words")
    assert len(page.blocks) <= len(html)


def test_json_ld_is_believed_before_meta_and_broken_scripts_are_passed_over() -> None:
    page = cut_page(
        '<meta property="article:published_time" content="2015-01-01">'
        '<script type="application/ld+json">{broken</script>'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "A &amp; B",'
        '"datePublished": "2016-05-20T23:40:00+03:00", "author": [{"name": "Jane Doe"}, "J. Roe"],'
        '"publisher": {"@id": "#o"}}</script>'
        '<script type="application/ld+json">[{"@id": "#o", "name": "The Post"}]</script>'
    )
    told = read_metadata(page)
    assert (told.title, told.publisher, told.authors) == (
        "A & B",
        "The Post",
        ("Jane Doe", "J. Roe"),
    )
    assert told.dates == (("2016-05-20T23:40+03:00", "json-ld"), ("2015-01-01", "meta"))


@pytest.mark.parametrize(
    "script", ["[" * 10_000, '{"@type": "NewsArticle", "author": {"@id": "a"}}']
)
def test_odd_json_ld_is_no_error(script: str) -> None:
    read_metadata(cut_page(f'<script type="application/ld+json">{script}</script>'))


def test_a_front_page_is_no_article() -> None:
    links = "<li><a href=/x>Arnor's army leaves the town after a long siege, minister says</a>"
    with pytest.raises(ArticleError, match="shows no article"):
        read_page(f"<title>The Post</title><ul>{links * 20}</ul>")
