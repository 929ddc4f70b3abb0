"""The page in a real browser, driven as a reader drives it."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.conftest import assert_quiet, every, one, opened, soon, view, words
from tests.news_sample import HERALD_TEXT

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = pytest.mark.browser

MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"


def drawn_edges(page: Chrome) -> int:
    return int(one(page, "#canvas").get_attribute("data-edges") or -1)


def open_event(page: Chrome, action: str) -> None:
    view(page, "table")
    (row,) = [row for row in every(page, "#rows tr") if action in row.text]
    row.click()
    soon(page, ".card")


def test_page_opens_from_a_file_and_stands_still(page: Chrome) -> None:
    assert one(page, "html").get_attribute("data-ready") == "true"
    assert "2 articles · 2 publishers · 2 actors · 4 events" in one(page, ".brand").text
    assert drawn_edges(page) == 4
    assert "Told by two or more publishers (2)" in words(page, "#panel h3")
    assert_quiet(page)


def test_legend_names_what_is_drawn(page: Chrome) -> None:
    keys = " ".join(words(page, "#keys li"))
    assert "country" in keys
    assert "Iceland" in keys
    assert "by two or more" in keys
    assert "not stated as fact" not in keys
    assert "armed group" not in keys


def test_graph_paints_something(page: Chrome) -> None:
    painted = page.execute_script(
        "const canvas = document.querySelector('#canvas canvas');"
        "const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);"
        "let n = 0; for (let i = 3; i < data.length; i += 4) if (data[i]) n++; return n;"
    )
    assert painted > 2000


def test_reader_finds_an_actor_by_another_name(page: Chrome) -> None:
    one(page, "#query").send_keys("reykjavik")
    assert "Iceland" in words(page, "[role=option]")[0]
    one(page, "#query").send_keys(Keys.ENTER)
    assert words(page, "#panel h2") == ["Iceland"]
    assert "Did (2)" in words(page, "#panel h3")
    assert_quiet(page)


def test_search_suggests_events_and_articles_and_says_what_is_not_there(page: Chrome) -> None:
    one(page, "#query").send_keys("patrol")
    kinds = {(option.get_attribute("class") or "").split()[-1] for option in every(page, ".option")}
    assert kinds >= {"article"}
    one(page, "#query").send_keys(Keys.ARROW_DOWN)
    assert one(page, "#query").get_attribute("aria-activedescendant") == "option-0"
    one(page, "#query").clear()
    one(page, "#query").send_keys("Atlantis", Keys.ENTER)
    assert "Atlantis" in one(page, "#status").text


def test_reader_gets_from_table_to_the_sentence(page: Chrome) -> None:
    open_event(page, "reject")
    assert one(page, "#panel h2").text == "Iceland rejects → Norway"
    assert "Iceland rejected Norway's plan in Tromsø on Tuesday." in words(page, ".card blockquote")
    first = ".card:first-child"
    assert words(page, f"{first} .who") == ["Iceland"]
    assert words(page, f"{first} .did") == ["rejected"]
    assert words(page, f"{first} .whom") == ["Norway"]
    where = one(page, f"{first} .where").text
    assert "characters 98–150" in where
    assert "reject/obj=PLAN" in where


def test_highlight_stands_at_the_very_characters_after_an_emoji(page: Chrome) -> None:
    open_event(page, "criticise")
    one(page, ".card > .link").click()
    mark = soon(page, "#reader .did")
    begin = int(mark.get_attribute("data-begin") or -1)
    assert mark.text == "criticised" == HERALD_TEXT[begin : begin + len("criticised")]
    assert "".join(words(page, "#reader .here")) == (
        '"Norway has criticised us," Foreign Minister Katrin Jonsdottir said.'
    )
    assert mark.is_displayed()


def test_article_is_shown_as_it_is_written(page: Chrome) -> None:
    view(page, "articles")
    soon(page, "#reader .text")
    assert words(page, "#reader .text") == [f"{HERALD_TEXT}\n{MARKUP}\n"]
    assert words(page, "#reader .skipped")[-1] == "Subscribe <b>now</b> & save!"
    assert_quiet(page)


def test_article_leads_to_the_event_and_the_actor_and_back_to_the_graph(page: Chrome) -> None:
    view(page, "articles")
    soon(page, "#reader a.event").click()
    soon(page, ".card")
    assert "propose" in one(page, "#panel h2").text
    next(link for link in every(page, "#reader a.entity") if link.text == "Tromsø").click()
    assert words(page, "#panel h2") == ["Tromsø"]
    one(page, "#panel .topline .link:last-child").click()
    assert one(page, "#canvas").is_displayed()


def test_markup_in_names_and_titles_never_runs(page: Chrome) -> None:
    open_event(page, "criticise")
    assert any(MARKUP in text for text in words(page, ".card .says"))
    assert any(MARKUP in text for text in words(page, ".card .from"))
    one(page, ".card .says .link").click()
    assert MARKUP in words(page, "#panel h2")[0]
    for name in ("timeline", "articles", "compare", "about", "graph"):
        view(page, name)
    one(page, "#more").click()
    one(page, "#query").send_keys("katrin")
    assert every(page, "img, body script:not(:is(body > script))") == []
    assert_quiet(page)


def test_told_by_two_or_more_leaves_fewer_edges(page: Chrome) -> None:
    before = drawn_edges(page)
    one(page, "#only-shared").click()
    assert drawn_edges(page) == 2 < before
    assert len(every(page, "#rows tr")) in (0, 2)
    assert "2 of 4 events" in one(page, "#status").text


@pytest.mark.parametrize(
    ("facet", "value", "left"),
    [("types", "SANCTION", 1), ("countries", "NOR", 4), ("kinds", "country", 4)],
)
def test_each_facet_keeps_what_has_its_value(
    page: Chrome, facet: str, value: str, left: int
) -> None:
    one(page, "#more").click()
    one(page, f'[data-facet="{facet}"][value="{value}"]').click()
    view(page, "table")
    assert len(every(page, "#rows tr")) == left
    assert len(every(page, ".chip")) == 1
    one(page, ".chip").click()
    assert len(every(page, "#rows tr")) == 4


@pytest.mark.parametrize(
    ("fragment", "left"),
    [
        ("from=2024-03-05", {"rejects", "criticises"}),
        ("to=2024-03-04", {"proposes"}),
        ("quoted=1", {"criticises"}),
        ("sure=100", set()),
        ("asserted=1", {"proposes", "rejects", "criticises", "expels"}),
        ("publisher=nobody", set()),
        ("from=tomorrow&sort=nothing&event=none&draw=groups&at=x@y", None),
    ],
)
def test_address_holds_the_filters(page: Chrome, fragment: str, left: set[str] | None) -> None:
    opened(page, page.current_url.partition("#")[0] + f"#view=table&{fragment}")
    every_action = {"proposes", "rejects", "criticises", "expels"}
    assert set(words(page, "#rows .open")) == (every_action if left is None else left)
    assert_quiet(page)


def test_address_opens_the_same_view_again(page: Chrome) -> None:
    one(page, "#only-shared").click()
    open_event(page, "reject")
    view(page, "timeline")
    address = page.current_url
    assert address.startswith("file:")
    shown = words(page, "#view-timeline, #panel h2, #status")
    opened(page, address)
    soon(page, ".card")
    assert words(page, "#view-timeline, #panel h2, #status") == shown
    assert page.current_url == address
    page.back()
    assert_quiet(page)


def test_back_button_goes_back_one_step(page: Chrome) -> None:
    open_event(page, "reject")
    one(page, "#panel .topline .link").click()
    page.back()
    WebDriverWait(page, 5, 0.02).until(lambda _: "reject" in one(page, "#panel h2").text)


def test_graph_can_be_walked_hidden_and_pinned_by_keys(page: Chrome) -> None:
    canvas = one(page, "#canvas")
    canvas.send_keys(Keys.ARROW_RIGHT)
    assert "event" in one(page, "#status").text
    canvas.send_keys("p")
    assert "%21" in page.current_url or "!" in page.current_url
    canvas.send_keys("h")
    assert drawn_edges(page) == 0
    one(page, "#restore").click()
    assert drawn_edges(page) == 4


def test_table_sorts_by_its_headings(page: Chrome) -> None:
    view(page, "table")
    heading = one(page, 'th[data-key="did"] button')
    heading.click()
    upwards = words(page, "#rows .open")
    heading.click()
    assert upwards == sorted(upwards)
    assert words(page, "#rows .open") == upwards[::-1]
    assert one(page, 'th[data-key="did"]').get_attribute("aria-sort") == "descending"


def test_two_sources_stand_side_by_side(page: Chrome) -> None:
    view(page, "compare")
    soon(page, ".told blockquote")
    tiles = words(page, ".tile b")
    assert tiles == ["3", "1", "0", "1"]
    names = " ".join(words(page, ".names td"))
    assert "Reykjavik" in names


def test_timeline_counts_what_has_a_date(page: Chrome) -> None:
    view(page, "timeline")
    assert len([bar for bar in every(page, ".column") if bar.is_enabled()]) == 2
    next(bar for bar in every(page, ".column") if bar.is_enabled()).click()
    assert "from=2024-03-04" in page.current_url


def test_keyboard_alone_reaches_the_evidence(page: Chrome) -> None:
    one(page, 'nav [data-view="table"]').send_keys(Keys.ENTER)
    one(page, "#rows .open").send_keys(Keys.ENTER)
    focused = page.switch_to.active_element
    assert focused.tag_name == "h2"
    soon(page, ".card > .link").send_keys(Keys.ENTER)
    soon(page, "#reader .did")
    WebDriverWait(page, 5, 0.02).until(
        lambda driver: driver.switch_to.active_element.get_attribute("id") == "reader"
    )


def test_narrow_screen_does_not_scroll_sideways(page: Chrome) -> None:
    narrow = {"width": 360, "height": 740, "deviceScaleFactor": 1, "mobile": True}
    page.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", narrow)
    try:
        opened(page, page.current_url.partition("#")[0])
        for name in ("graph", "timeline", "table", "articles", "compare", "about"):
            view(page, name)
            width = page.execute_script("return document.documentElement.scrollWidth")
            assert width <= 360, name
    finally:
        page.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


AXE = (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_serious_barrier_in_any_view(page: Chrome, scheme: str) -> None:
    feature = {"name": "prefers-color-scheme", "value": scheme}
    page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
    try:
        opened(page, page.current_url.partition("#")[0])
        page.execute_cdp_cmd("Runtime.evaluate", {"expression": AXE})
        one(page, "#more").click()
        assert barriers(page) == []
        one(page, "#more").click()
        open_event(page, "reject")
        for name in ("graph", "timeline", "table", "articles", "compare", "about"):
            view(page, name)
            assert barriers(page) == [], name
    finally:
        page.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def barriers(page: Chrome) -> list[str]:
    """What axe-core calls serious or critical, with the first element that has it."""
    found = page.execute_async_script(
        "const done = arguments[0];"
        "axe.run(document, {resultTypes: ['violations']}).then((got) => done(got.violations));"
    )
    return [
        f"{one['id']}: {one['nodes'][0]['html']} {one['nodes'][0]['failureSummary']}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
