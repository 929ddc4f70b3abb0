"""A headless Chromium that was installed by the system's packages; nothing is downloaded."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.common.exceptions import NoAlertPresentException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from kg.model import Article, Entity, News, Reading, Source
from kg.rdf import to_quads
from kg.store import open_store
from kg.view import write_page
from tests.news_sample import sample_news

if TYPE_CHECKING:
    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1280,800",
)


def _program(*names: str) -> str:
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        message = f"none of {', '.join(names)} is installed"
        if os.environ.get("KG_REQUIRE_BROWSER") == "1":
            pytest.fail(f"KG_REQUIRE_BROWSER=1, but {message}")
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    chromium = _program("chromium", "chromium-browser", "google-chrome")
    driver = _program("chromedriver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options=options, service=Service(driver))
    yield chrome
    chrome.quit()


def hostile_news() -> News:
    """The sample with markup wherever a stranger could put some; no offset moves."""
    news = sample_news()
    readings = tuple(
        replace(reading, article=_hostile(reading.article)) for reading in news.readings
    )
    return _renamed(replace(news, readings=readings))


def _hostile(article: Article) -> Article:
    assert article.source
    return replace(
        article,
        text=f"{article.text}\n{MARKUP}\n",
        title=f"{article.title}{MARKUP}",
        source=Source(id=article.source.id, name=article.source.name + MARKUP),
    )


def _renamed(news: News) -> News:
    """Put markup into the name and role of the minister who speaks."""

    def better(entity: Entity | None) -> Entity | None:
        if entity is None or entity.kind != "person":
            return entity
        return replace(entity, name=f"{entity.name} {MARKUP}", role=MARKUP)

    def reading_of(reading: Reading) -> Reading:
        told = []
        for event in reading.events:
            attribution = event.attribution
            if attribution and attribution.speaker:
                speaker = replace(attribution.speaker, entity=better(attribution.speaker.entity))
                attribution = replace(attribution, speaker=speaker)
            told.append(replace(event, attribution=attribution))
        links = tuple(replace(link, entity=better(link.entity)) for link in reading.links)
        return replace(reading, events=tuple(told), links=links, attributions=())

    return replace(news, readings=tuple(map(reading_of, news.readings)))


@pytest.fixture(scope="session")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = open_store()
    store.load(to_quads(hostile_news()))
    return write_page(store, tmp_path_factory.mktemp("page") / "graph.html")


@pytest.fixture
def page(browser: Chrome, page_file: Path) -> Chrome:
    """The page, freshly opened, with the logs of earlier tests thrown away."""
    browser.get("about:blank")
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    return opened(browser, page_file.as_uri())


def opened(browser: Chrome, address: str) -> Chrome:
    """Open an address afresh and wait until the page can be used."""
    browser.get("about:blank")
    browser.get(address)
    ready = "return document.documentElement.dataset.ready === 'true'"
    WebDriverWait(browser, 20, 0.02).until(lambda driver: driver.execute_script(ready))
    return browser


def one(page: Chrome, css: str) -> WebElement:
    return page.find_element(By.CSS_SELECTOR, css)


def every(page: Chrome, css: str) -> list[WebElement]:
    return page.find_elements(By.CSS_SELECTOR, css)


def words(page: Chrome, css: str) -> list[str]:
    """The text as the document holds it, markup-like signs and blanks included."""
    return [element.get_property("textContent") or "" for element in every(page, css)]  # type: ignore[misc]


def view(page: Chrome, name: str) -> None:
    one(page, f'nav [data-view="{name}"]').click()


def soon(page: Chrome, css: str) -> WebElement:
    """What is fetched from another part of the page comes a moment later."""
    return WebDriverWait(page, 10, 0.02).until(lambda driver: one(driver, css))


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
