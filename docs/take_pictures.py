"""Take the pictures of the page that these pages show: `make picture` (needs Chromium).

One window for each view, in the sizes and colours that readers have; the page itself is built out
of `seeds/` by the recipe.
"""

from __future__ import annotations

import base64
import shutil
import sys
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parent
LAPTOP, PHONE = (1280, 800), (390, 844)

TOLD_BY_TWO = "#panel h3:nth-of-type(2) + .rows .row"

# Name, size, colours, address, and what is clicked once the page is open.
PICTURES = (
    ("viewer", LAPTOP, "light", "", ""),
    ("viewer-dark", LAPTOP, "dark", "", ""),
    ("viewer-phone", PHONE, "light", "", ""),
    ("viewer-event", LAPTOP, "light", "", TOLD_BY_TWO),
    ("viewer-article", LAPTOP, "light", "", f"{TOLD_BY_TWO}, .card > .link"),
    ("viewer-timeline", LAPTOP, "dark", "view=timeline", ""),
    ("viewer-compare", LAPTOP, "light", "view=compare", ""),
    ("viewer-table", LAPTOP, "light", "view=table&shared=1", ""),
)
READY = "return document.documentElement.dataset.ready === 'true'"


def main(page: Path) -> None:
    """Write every picture beside this file."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    still = ("--font-render-hinting=none", "--force-color-profile=srgb")  # alike on every machine
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *still):
        options.add_argument(flag)
    browser = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        for name, size, scheme, fragment, clicked in PICTURES:
            set_screen(browser, size, scheme)
            open_page(browser, f"{page.resolve().as_uri()}#{fragment}", clicked)
            taken = browser.execute_cdp_cmd("Page.captureScreenshot", {"format": "png"})
            (DOCS / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))
    finally:
        browser.quit()


def set_screen(browser: Any, size: tuple[int, int], scheme: str) -> None:
    """Give the page a window of that size, and the system's colours."""
    width, height = size
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == PHONE}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)
    feature = {"name": "prefers-color-scheme", "value": scheme}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})


def open_page(browser: Any, address: str, clicked: str) -> None:
    """Open the page afresh and click one thing after another."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get("about:blank")
    browser.get(address)
    wait = WebDriverWait(browser, 20, 0.05)
    wait.until(lambda driver: driver.execute_script(READY))
    for css in filter(None, clicked.split(", ")):
        browser.find_element(By.CSS_SELECTOR, css).click()
        wait.until(lambda driver: not driver.find_elements(By.CSS_SELECTOR, "[aria-busy]"))
    browser.execute_async_script("setTimeout(arguments[0], 400)")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
