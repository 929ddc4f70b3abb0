"""A reader's path through the page of the two seed articles, as `kg build seeds` leaves them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from kg.compare import compare
from kg.notebook import Graph
from kg.rdf import vocabulary_quads
from kg.store import Store, open_store
from kg.view import write_page
from tests.browser.conftest import assert_quiet, every, one, opened, soon, view, words
from tests.golden import GOLDEN, SEEDS

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a build of the seeds leaves, without reading them again."""
    out = tmp_path_factory.mktemp("out")
    with open_store(out / "store") as store:
        store.load(ox.parse(path=GOLDEN, format=ox.RdfFormat.N_QUADS))
        store.load(vocabulary_quads())
        store.flush()
        write_page(store, out / "graph.html")
    return out


@pytest.fixture
def seeds(browser: Chrome, folder: Path) -> Chrome:
    browser.get("about:blank")
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    return opened(browser, (folder / "graph.html").as_uri())


def test_from_a_name_to_the_very_characters_and_a_link_to_them(seeds: Chrome, folder: Path) -> None:
    one(seeds, "#query").send_keys("Shoigu")
    suggested = words(seeds, "[role=option]")
    assert "Sergei Shoigu" in suggested[0]
    every(seeds, "[role=option]")[0].click()
    assert words(seeds, "#panel h2") == ["Sergei Shoigu"]
    next(row for row in every(seeds, "#panel .row") if "reserves right" in row.text).click()
    soon(seeds, ".card")
    quoted = words(seeds, ".card blockquote")[0]
    one(seeds, ".card > .link").click()
    here = soon(seeds, "#reader .did")
    begin = int(here.get_attribute("data-begin") or -1)
    name = words(seeds, ".card .where bdi")[0]
    text = (SEEDS / name).read_bytes().decode("utf-8")
    assert text[begin : begin + len(here.text)] == here.text
    assert "".join(words(seeds, "#reader .here")) == quoted
    assert quoted in text
    assert here.is_displayed()
    address = seeds.current_url
    shown = words(seeds, "#reader .text .here, #panel, nav [aria-current]")
    opened(seeds, address)
    soon(seeds, "#reader .here")
    soon(seeds, ".card")
    assert words(seeds, "#reader .text .here, #panel, nav [aria-current]") == shown
    assert seeds.current_url == address
    assert_quiet(seeds)


def test_what_two_tell_is_drawn_and_its_link_draws_it_again(seeds: Chrome) -> None:
    canvas = one(seeds, "#canvas")
    before = int(canvas.get_attribute("data-edges") or 0)
    one(seeds, "#only-shared").click()
    after = int(canvas.get_attribute("data-edges") or 0)
    assert 0 < after < before
    drawn = [canvas.get_attribute(f"data-{kind}") for kind in ("edges", "nodes")]
    address = seeds.current_url
    assert "shared=1" in address
    opened(seeds, address)
    again = one(seeds, "#canvas")
    assert [again.get_attribute(f"data-{kind}") for kind in ("edges", "nodes")] == drawn
    assert one(seeds, "#only-shared").is_selected()
    assert_quiet(seeds)


def test_two_sources_have_the_figures_of_the_command(seeds: Chrome, folder: Path) -> None:
    with open_store(folder / "store", read_only=True) as store:
        told = compare(store, *_publishers(store))
    view(seeds, "compare")
    soon(seeds, "#cmp-names table")
    figures = (told.shared, told.contradicted, told.only_left, told.only_right)
    assert words(seeds, ".tile b") == [str(len(figure)) for figure in figures]
    for more in every(seeds, "#cmp-names .more"):
        if more.is_displayed():
            more.click()
    cells = [
        [cell.get_property("textContent") for cell in row.find_elements(By.CSS_SELECTOR, "th, td")]
        for row in every(seeds, ".names tbody tr")
    ]
    assert cells == [
        [naming.entity or "in the same role", _listed(naming.left), _listed(naming.right)]
        for naming in told.namings
    ]


def _publishers(store: Store) -> list[str]:
    query = """PREFIX schema: <https://schema.org/>
      PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
      SELECT DISTINCT ?name { ?article schema:publisher/rdfs:label ?name } ORDER BY ?name"""
    return [row["name"].value for row in store.query(query)]  # type: ignore[union-attr]


def _listed(named: tuple[tuple[str, int], ...]) -> str:
    return ", ".join(name + (f" ×{times}" if times > 1 else "") for name, times in named)


def test_paper_gets_every_row(seeds: Chrome) -> None:
    one(seeds, "#panel [data-event], #panel .row")
    before = len(every(seeds, "#panel .row"))
    seeds.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(every(seeds, "#panel .row")) > before
    assert int(one(seeds, "#canvas canvas").get_property("clientWidth") or 0) == 680  # type: ignore[arg-type]
    seeds.execute_script("dispatchEvent(new Event('afterprint'))")
    assert_quiet(seeds)


def test_a_notebook_shows_the_page_in_its_frame(
    browser: Chrome, folder: Path, tmp_path: Path
) -> None:
    notebook = tmp_path / "notebook.html"
    shown = Graph(folder=folder)._repr_html_()
    notebook.write_text(f"<!DOCTYPE html><title>n</title>{shown}", encoding="utf-8")
    for kind in ("browser", "performance"):
        browser.get_log(kind)
    browser.get(notebook.as_uri())
    browser.switch_to.frame(one(browser, "iframe"))
    try:
        soon(browser, "html[data-ready=true]")
        one(browser, "#query").send_keys("Shoigu", Keys.ENTER)
        assert words(browser, "#panel h2") == ["Sergei Shoigu"]
        one(browser, "#panel .row").click()
        soon(browser, ".card > .link").click()
        assert soon(browser, "#reader .did").is_displayed()
    finally:
        browser.switch_to.default_content()
    assert_quiet(browser)
