"""The pages of `kg serve` in a real browser: what is marked, what a keyboard reaches, what runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import opened
from tests.browser.test_page import AXE, barriers
from tests.serve.serving import HERALD, NEWS, served, written

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

pytestmark = pytest.mark.browser

EVENT = next(event for event in NEWS.events if len(event.mentions) > 1).id
PAGES = [
    f"/article/{HERALD.id}",
    "/entity/Iceland",
    f"/event/{EVENT}",
    "/event/",
    f"/sparql?query={quote('SELECT * { ?s ?p ?o } LIMIT 50')}",
    "/sparql?named=who-did-what",
]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(written(tmp_path_factory.mktemp("out"), NEWS)) as address:
        yield address


@pytest.fixture
def quiet(browser: Chrome) -> Iterator[Chrome]:
    """A browser that must not have complained when the test is over."""
    browser.get("about:blank")
    browser.get_log("browser")
    yield browser
    assert browser.get_log("browser") == []
    with pytest.raises(NoAlertPresentException):
        _ = browser.switch_to.alert


def test_the_explorer_opens_on_an_event(quiet: Chrome, address: str) -> None:
    opened(quiet, f"{address}/#event={EVENT}")
    assert "Norway" in quiet.find_element(By.ID, "panel").text


def test_a_sentence_is_marked_to_the_character(quiet: Chrome, address: str) -> None:
    """An emoji stands before every offset: who counted UTF-16 units would be one off."""
    telling = next(e for r in NEWS.readings if r.article == HERALD for e in r.events)
    span = telling.sentence
    quiet.get(f"{address}/article/{HERALD.id}#char={span.start},{span.end}")
    marked = quiet.find_element(By.CSS_SELECTOR, "mark:target")
    assert marked.get_property("textContent") == HERALD.text[span.start : span.end]
    words = [word.text for word in quiet.find_elements(By.CSS_SELECTOR, ".text b")]
    assert HERALD.text[telling.trigger.start : telling.trigger.end] in words
    text = quiet.find_element(By.CSS_SELECTOR, ".text").get_property("textContent")
    assert text == HERALD.text
    assert marked.is_displayed()


def test_from_article_to_entity_to_event_and_explorer(quiet: Chrome, address: str) -> None:
    quiet.get(f"{address}/article/{HERALD.id}")
    quiet.find_element(By.CSS_SELECTOR, ".text mark a[href='/entity/Norway']").click()
    assert quiet.title == "Norway"
    quiet.find_element(By.CSS_SELECTOR, "tbody a").click()
    assert "/event/" in quiet.current_url
    quiet.find_element(By.LINK_TEXT, "See it in the explorer").click()
    assert quiet.current_url.startswith(f"{address}/#event=")


def answered(browser: Chrome) -> WebElement:
    """Wait for the page that a query leads to: a busy machine takes its time."""
    return WebDriverWait(browser, 20).until(
        lambda page: page.find_element(By.CSS_SELECTOR, "tbody")
    )


def test_a_query_by_hand_and_a_named_one(quiet: Chrome, address: str) -> None:
    quiet.get(f"{address}/sparql")
    quiet.find_element(By.CSS_SELECTOR, "form button").click()
    rows = answered(quiet).find_elements(By.CSS_SELECTOR, "tr")
    assert len(rows) == len(NEWS.events)
    quiet.find_element(By.LINK_TEXT, "who-did-what").click()
    quiet.find_element(By.ID, "p-actor").send_keys("Norway")
    quiet.find_element(By.XPATH, "//button[.='Ask it']").click()
    table = answered(quiet).text
    assert "propose" in table
    assert "expel" not in table


@pytest.mark.parametrize("page", PAGES)
def test_no_serious_barrier(quiet: Chrome, address: str, page: str) -> None:
    quiet.get(f"{address}{page}")
    quiet.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
    assert barriers(quiet) == []
