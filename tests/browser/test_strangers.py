"""Articles that would like to be more than text: nothing runs, all of it shows as it is written."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys

from kg.model import News
from kg.rdf import to_quads
from kg.store import open_store
from kg.view import write_page
from tests.browser.conftest import assert_quiet, every, one, opened, soon, view, words
from tests.news_page import MARKUP, PAGE_TEXT, SEEN, TRIGGER, hostile_news, page_news

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser


def page_of(browser: Chrome, news: News, folder: Path) -> Chrome:
    store = open_store()
    store.load(to_quads(news))
    browser.get("about:blank")
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    return opened(browser, write_page(store, folder / "page.html").as_uri())


def test_whatever_a_stranger_writes_is_text_in_every_view(browser: Chrome, tmp_path: Path) -> None:
    (reading,) = hostile_news().readings
    page = page_of(browser, hostile_news(), tmp_path)
    one(page, "#panel .row").click()
    soon(page, ".card")
    heading = f"King {MARKUP} proposes → Land {MARKUP}"
    assert words(page, "#panel h2, #panel .theme") == [heading, MARKUP]
    assert words(page, ".card .from b") == [MARKUP]
    assert f"King {MARKUP}" in words(page, ".card .says")[0]
    (event,) = reading.events
    sentence = reading.article.text[event.sentence.start : event.sentence.end]
    assert words(page, ".card blockquote") == [sentence]
    one(page, ".card > .link").click()
    assert words(page, "#reader h2") == [MARKUP]
    assert words(page, "#reader .text") == [reading.article.text]
    marks = [soon(page, f"#reader .{style}") for style in ("who", "did", "whom")]
    for mark, found in zip(marks, ("kingdom 😀", "proposed", "𝔘land"), strict=True):
        assert mark.get_property("textContent") == found
        assert mark.get_attribute("data-begin") == str(reading.article.text.index(found))
    for name in ("timeline", "table", "compare", "about", "graph"):
        view(page, name)
    assert words(page, "#rows td bdi")[0:2] == [f"King {MARKUP}", f"Land {MARKUP}"]
    one(page, "#more").click()
    one(page, '[data-facet="publishers"]').click()
    one(page, "#query").send_keys("king", Keys.ARROW_DOWN, Keys.ENTER)
    opened(page, page.current_url)
    assert words(page, "#panel h2") == [f"King {MARKUP}"]
    assert (
        every(page, "img, body script:not(:is(body > script)), [onclick], [href^=javascript]") == []
    )
    assert_quiet(page)


def test_a_page_of_html_is_shown_as_its_readers_saw_it(browser: Chrome, tmp_path: Path) -> None:
    page = page_of(browser, page_news(), tmp_path)
    one(page, "#panel .row").click()
    soon(page, ".card")
    assert words(page, ".card blockquote") == [SEEN]
    assert words(page, ".card .who, .card .did, .card .whom") == [
        "Nor\u00adway",
        TRIGGER,
        "Iceland",
    ]
    one(page, ".card > .link").click()
    mark = soon(page, "#reader .did")
    assert mark.get_property("textContent") == TRIGGER
    assert mark.get_attribute("data-begin") == str(PAGE_TEXT.index("pro&#112;osed"))
    assert "".join(words(page, "#reader .here")) == SEEN
    assert words(page, "#reader .headline") == ["Plan & <promise> 🚢"]
    one(page, "#reader .source summary").click()
    source = soon(page, "#reader .source code").get_property("textContent")
    assert source == PAGE_TEXT[: PAGE_TEXT.index("<h1>") + len("<h1>")]
    assert_quiet(page)
