"""The page in a real browser, driven as a reader drives it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

from tests.news_sample import HERALD_TEXT

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.browser

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def one(page: Chrome, css: str) -> WebElement:
    return page.find_element(By.CSS_SELECTOR, css)


def every(page: Chrome, css: str) -> list[WebElement]:
    return page.find_elements(By.CSS_SELECTOR, css)


def words(page: Chrome, css: str) -> list[str]:
    """The text as the document holds it, markup-like signs and blanks included."""
    return [element.get_property("textContent") or "" for element in every(page, css)]  # type: ignore[misc]


def drawn_edges(page: Chrome) -> int:
    return int(one(page, "#canvas").get_attribute("data-edges") or -1)


def open_event(page: Chrome, action: str) -> None:
    one(page, "#tab-events").click()
    (row,) = [row for row in every(page, "#rows tr") if action in row.text]
    row.click()


def assert_quiet(page: Chrome) -> None:
    """Nothing complained, nothing ran that shouldn't, nothing was asked of the network."""
    assert page.get_log("browser") == []
    with pytest.raises(NoAlertPresentException):
        _ = page.switch_to.alert.text
    sent = [json.loads(entry["message"])["message"] for entry in page.get_log("performance")]
    addresses = [
        message["params"]["request"]["url"]
        for message in sent
        if message["method"] == "Network.requestWillBeSent"
    ]
    assert addresses
    assert all(address.startswith(("file:", "data:", "blob:")) for address in addresses)


def test_page_opens_from_a_file_and_stands_still(page: Chrome) -> None:
    assert one(page, "html").get_attribute("data-ready") == "true"
    assert "2 articles · 2 publishers · 2 actors · 4 events" in one(page, ".brand").text
    assert drawn_edges(page) == 4
    assert "Told by two or more publishers (2)" in words(page, "#panel h3")
    assert_quiet(page)


def test_legend_names_what_is_drawn(page: Chrome) -> None:
    keys = " ".join(words(page, "#keys li"))
    assert "Norway" in keys
    assert "not stated as fact" in keys
    assert "armed group" not in keys


def test_graph_paints_something(page: Chrome) -> None:
    painted = page.execute_script(
        "const canvas = document.querySelector('#canvas canvas');"
        "const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        "let n = 0; for (let i = 3; i < data.length; i += 4) if (data[i]) n++; return n;"
    )
    assert painted > 2000


def test_reader_finds_an_actor_by_another_name(page: Chrome) -> None:
    one(page, "#query").send_keys("reykjavik", Keys.ENTER)
    assert words(page, "#panel h2") == ["Iceland"]
    assert "Did (2)" in words(page, "#panel h3")
    assert_quiet(page)


def test_reader_gets_from_table_to_the_sentence(page: Chrome) -> None:
    open_event(page, "reject")
    assert one(page, "#panel h2").text == "Iceland reject → Norway"
    assert "Iceland rejected Norway's plan in Tromsø on Tuesday." in words(page, ".card blockquote")
    first = ".card:first-child"
    assert words(page, f"{first} .who") == ["Iceland"]
    assert words(page, f"{first} .did") == ["rejected"]
    assert words(page, f"{first} .whom") == ["Norway"]
    assert "characters 98–150" in one(page, f"{first} .where").text


def test_highlight_stands_at_the_very_characters_after_an_emoji(page: Chrome) -> None:
    open_event(page, "criticise")
    one(page, ".card > .link").click()
    mark = one(page, "#reader .did")
    begin = int(mark.get_attribute("data-begin") or -1)
    assert mark.text == "criticised" == HERALD_TEXT[begin : begin + len("criticised")]
    assert "".join(words(page, "#reader .here")) == (
        '"Norway has criticised us," Foreign Minister Katrin Jonsdottir said.'
    )
    assert mark.is_displayed()


def test_article_is_shown_as_it_is_written(page: Chrome) -> None:
    one(page, "#tab-articles").click()
    assert words(page, "#reader .text") == [f"{HERALD_TEXT}\n{MARKUP}\n"]
    assert words(page, "#reader .skipped") == ["Subscribe <b>now</b> & save!"]
    assert_quiet(page)


def test_markup_in_names_and_titles_never_runs(page: Chrome) -> None:
    open_event(page, "criticise")
    assert any(MARKUP in text for text in words(page, ".card .says"))
    assert any(MARKUP in text for text in words(page, ".card .from"))
    one(page, ".card .says .link").click()
    assert MARKUP in words(page, "#panel h2")[0]
    assert every(page, "img, body script:not(:is(body > script))") == []
    assert_quiet(page)


def test_told_by_two_or_more_leaves_fewer_edges(page: Chrome) -> None:
    before = drawn_edges(page)
    one(page, "#only-shared").click()
    assert drawn_edges(page) == 2 < before
    assert len(every(page, "#rows tr")) == 2
    assert "2 events shown" in one(page, "#status").text


def test_publisher_filter_keeps_what_that_publisher_tells(page: Chrome) -> None:
    Select(one(page, "#publisher")).select_by_index(1)  # the gazette, which has no minister
    one(page, "#tab-events").click()
    assert "criticise" not in " ".join(words(page, "#rows tr"))
    assert len(every(page, "#rows tr")) == 3


def test_table_sorts_by_its_headings(page: Chrome) -> None:
    one(page, "#tab-events").click()
    heading = one(page, 'th[data-key="did"] button')
    heading.click()
    upwards = words(page, "#rows .open")
    heading.click()
    assert upwards == sorted(upwards)
    assert words(page, "#rows .open") == upwards[::-1]
    assert one(page, 'th[data-key="did"]').get_attribute("aria-sort") == "descending"


def test_keyboard_alone_reaches_the_evidence(page: Chrome) -> None:
    one(page, "#tab-events").send_keys(Keys.ENTER)
    one(page, "#rows .open").send_keys(Keys.ENTER)
    focused = page.switch_to.active_element
    assert focused.tag_name == "h2"
    one(page, ".card > .link").send_keys(Keys.ENTER)
    assert page.switch_to.active_element.get_attribute("id") == "reader"


def test_narrow_screen_does_not_scroll_sideways(page: Chrome) -> None:
    narrow = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", narrow)
    try:
        page.refresh()
        width = page.execute_script("return document.documentElement.scrollWidth")
        assert width <= 360
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
