"""How the page behaves at 1,000, 5,000 and 20,000 arrows, and pyvis' own page on the same graph.

Headless Chromium without a GPU: drawing by software, the slowest that our readers have.
`python benchmarks/viewer.py [--edges 1000 5000 20000] [--pyvis]` prints a line for each page:

- make: seconds to lay out and write the page;
Beyond 20,000 arrows a server gives the parts by request, and MB is `core`, uncompressed.

- opens: seconds until it can be used, with the first view and with all arrows drawn;
- longest: the longest task of the page's thread after that, in milliseconds;
- frames: frames a second while the drawing is dragged to and fro.
"""

from __future__ import annotations

import argparse
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

from kg.view import encode_part, served_page
from kg.view.graph import compose
from kg.view.page import fill_template
from kg.view.parts import split
from kg.view.rows import Record

ACTIONS = (
    ("praise", "SUPPORT", 1),
    ("aid", "AID", 2),
    ("accuse", "ACCUSE", 3),
    ("strike", "ASSAULT", 4),
)
KINDS = ("country", "organisation", "person", "armed_group", "group")
DRAG = 40  # steps of one sweep of the mouse
PAGE_WAIT = 300  # seconds; pyvis' springs may take longer
IN_A_FILE = 20_000  # arrows; beyond that a server gives the parts by request


def made_news(edges: int, seed: int = 7) -> Record:
    """Invent news with so many arrows: few actors in much of it, most in little, as news is."""
    draw = random.Random(seed)
    actors = max(edges * 2 // 5, 30)
    base = "https://example.org/"
    entities = [_entity(base, place) for place in range(actors)]
    busy = [int(actors * draw.random() ** 3) for _ in range(edges * 4)]
    seen: set[tuple[int, int, int]] = set()
    pairs = iter(zip(busy[::2], busy[1::2], strict=True))
    while len(seen) < edges:
        left, right = next(pairs, (draw.randrange(actors), draw.randrange(actors)))
        if left != right:
            seen.add((left, right, draw.randrange(4)))
    chosen = sorted(seen)
    draw.shuffle(chosen)
    articles = [_article(base, place) for place in range(max(len(chosen) // 10, 1))]
    events = [
        _event(base, place, *ends, articles, entities, draw) for place, ends in enumerate(chosen)
    ]
    return compose(articles, entities, events)


def _entity(base: str, place: int) -> Record:
    kind = KINDS[place % len(KINDS)]
    country = f"C{place % 40:02}"
    return {
        "id": f"{base}entity/e{place}", "name": f"Actor number {place}", "kind": kind,
        "kindLabel": kind,
        "country": country, "countryName": f"Country {country}", "sector": "GOV",
        "sectorLabel": "government", "role": None, "names": [],
    }  # fmt: skip


def _article(base: str, place: int) -> Record:
    lines = [
        f"On day {line} an actor of article {place} met another, it was said." for line in range(40)
    ]
    return {
        "id": f"{base}article/a{place}", "name": f"a{place}", "title": f"Article {place}",
        "publisher": f"Paper {place % 25}", "agency": None, "published": "2024-03-05", "url": None,
        "file": f"a{place}.txt", "text": "\n".join(lines), "headline": None, "skipped": [],
        "markup": [],
    }  # fmt: skip


def _event(
    base: str, place: int, left: int, right: int, kind: int,
    articles: list[Record], entities: list[Record], draw: random.Random,
) -> Record:  # fmt: skip
    action, code, quad = ACTIONS[kind]
    article = articles[place % len(articles)]
    mention = {
        "id": f"{base}event-mention/m{place}", "article": article["id"], "sentence": [0, 40],
        "trigger": [3, 6], "actors": [[9, 12]], "targets": [[13, 18]], "parties": [],
        "theme": None,
        "negated": False, "modality": "asserted", "confidence": 0.8, "inferred": [],
        "rule": f"{action}/v", "type": code, "cameo": "051", "quoted": False, "cue": None,
        "speaker": None,
    }  # fmt: skip
    return {
        "id": f"{base}event/v{place}", "action": action, "type": code, "typeLabel": code.lower(),
        "definition": None, "quad": quad, "mode": None, "modeLabel": None, "cameo": "051",
        "cameoLabel": None, "contexts": [], "when": f"2024-{1 + place % 12:02}-{1 + place % 28:02}",
        "basis": "explicit", "place": None, "theme": None, "negated": draw.random() < 0.05,
        "modality": "asserted", "concerns": [], "against": [], "rules": [f"{action}/v"],
        "actors": [entities[left]["id"]], "targets": [entities[right]["id"]],
        "publishers": [article["publisher"]], "mentions": [mention],
    }  # fmt: skip


def write_ours(news: Record, path: Path) -> None:
    """Write the page of this project."""
    path.write_text(fill_template(split(news)), encoding="utf-8", newline="\n")


def write_pyvis(news: Record, path: Path) -> None:
    """Write pyvis' own page on the same graph, without its two links: they wait for a network."""
    from pyvis.network import Network

    network = Network(directed=True, cdn_resources="in_line", height="700px")
    network.nodes = [
        {"id": node["id"], "label": node["label"], "shape": "dot"}
        for node in news["graph"]["nodes"]
    ]
    network.node_ids = [node["id"] for node in network.nodes]
    network.edges = [
        {"from": edge["from"], "to": edge["to"], "arrows": "to"} for edge in news["graph"]["edges"]
    ]
    page = "\n".join(
        line for line in network.generate_html().split("\n") if "cdn" not in line[:400]
    )
    path.write_text(page, encoding="utf-8", newline="\n")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start a headless browser that draws by software."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    options.add_argument("--window-size=1280,800")
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    browser.set_page_load_timeout(PAGE_WAIT)
    browser.set_script_timeout(PAGE_WAIT)
    executor: Any = browser.command_executor
    executor.client_config.timeout = 2 * PAGE_WAIT
    try:
        yield browser
    finally:
        browser.quit()


WATCH = """
window.longest = 0; window.frames = 0;
new PerformanceObserver((list) => list.getEntries().forEach((task) => {
  window.longest = Math.max(window.longest, task.duration); })).observe({ type: "longtask" });
const tick = () => { window.frames += 1; requestAnimationFrame(tick); };
requestAnimationFrame(tick);
"""


def wait_for(browser: Any, condition: str) -> float:
    """Seconds since the page was asked for until the condition holds in it; inf: not in time."""
    browser.execute_script(f"""
    const look = () => {{
      if ({condition}) window.readyAt = performance.now() / 1000; else setTimeout(look, 20);
    }};
    look();""")
    until = time.monotonic() + PAGE_WAIT
    while time.monotonic() < until:
        ready = browser.execute_script("return window.readyAt || 0")
        if ready:
            return float(ready)
        time.sleep(0.1)
    return float("inf")


def drag(browser: Any, canvas: Any) -> float:
    """Pan to and fro for some three seconds; frames a second meanwhile."""
    from selenium.webdriver.common.action_chains import ActionChains

    actions = ActionChains(browser, duration=16)
    actions.move_to_element_with_offset(canvas, -180, -230).click_and_hold()
    for step in range(DRAG * 3):
        actions.move_by_offset(6 if (step // DRAG) % 2 == 0 else -6, 2 if step % 2 else -2)
    actions.release()
    browser.execute_script("window.frames = 0; window.began = performance.now()")
    actions.perform()
    return float(
        browser.execute_script("return 1000 * window.frames / (performance.now() - window.began)")
    )


def measure(browser: Any, address: str, ready: str, selector: str) -> tuple[float, float, float]:
    """Seconds to open; the longest task afterwards, milliseconds; frames a second while panning."""
    from selenium.webdriver.common.by import By

    browser.get("about:blank")
    browser.get(address)
    opened = wait_for(browser, ready)
    browser.execute_script(WATCH)
    time.sleep(0.5)
    canvas = browser.find_element(By.CSS_SELECTOR, selector)
    frames = [drag(browser, canvas) for _ in range(3)]
    time.sleep(0.5)
    return opened, float(browser.execute_script("return window.longest")), statistics.median(frames)


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served(news: Record, folder: Path) -> Iterator[str]:
    """Serve the page with its parts by request, as `kg serve` does; its address."""
    parts = folder / "parts"
    parts.mkdir(parents=True)
    for name, part in split(news).items():
        (parts / f"{name}.json").write_bytes(encode_part(part))
    (folder / "index.html").write_text(served_page("/parts/"), encoding="utf-8", newline="\n")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(folder)))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


FIRST = "document.documentElement.dataset.ready === 'true'"
DRAWN = FIRST + " && document.getElementById('canvas').dataset.state === 'ready'"
SETTLED = "window.network && window.network.physics.stabilized"


def main() -> None:
    """Measure all the pages and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edges", type=int, nargs="+", default=[1000, 5000, 20000])
    parser.add_argument("--pyvis", action="store_true", help="pyvis' own page too: takes minutes")
    given = parser.parse_args()
    print("page            edges  make s  opens s  longest ms  frames/s    MB")
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for edges in given.edges:
            began = time.perf_counter()
            news = made_news(edges)
            if edges > IN_A_FILE:
                with served(news, Path(folder) / str(edges)) as address:
                    spent = time.perf_counter() - began
                    file = Path(folder) / str(edges) / "parts" / "core.json"
                    for name, fragment in (
                        ("served, first", ""),
                        ("served, groups", "#draw=groups"),
                    ):
                        figures = measure(browser, address + fragment, DRAWN, "#canvas canvas")
                        report(name, edges, spent, figures, file)
                continue
            file = Path(folder) / f"{edges}.html"
            write_ours(news, file)
            spent = time.perf_counter() - began
            for name, fragment in (("first view", ""), ("all drawn", "#draw=all")):
                figures = measure(browser, file.as_uri() + fragment, DRAWN, "#canvas canvas")
                report(name, edges, spent, figures, file)
            if given.pyvis:
                file = Path(folder) / f"{edges}-pyvis.html"
                write_pyvis(news, file)
                report("pyvis", edges, 0, measure(browser, file.as_uri(), SETTLED, "canvas"), file)


def report(
    name: str, edges: int, spent: float, figures: tuple[float, float, float], file: Path
) -> None:
    """Print one line."""
    opened, longest, frames = figures
    size = file.stat().st_size / 1e6
    print(
        f"{name:14} {edges:6} {spent:7.1f} {opened:8.2f} {longest:11.0f} {frames:9.0f} {size:5.1f}"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
