"""The saved pages of `tests/cases/pages`: a story set in a layout, and what is right to read."""

from __future__ import annotations

import html
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.model import Article

FOLDER = Path(__file__).parent / "cases" / "pages"


@dataclass(frozen=True)
class Saved:
    """A saved page and what is right to read in it."""

    name: str
    raw: bytes
    encoding: str
    title: str
    published: str
    publisher: str
    authors: tuple[str, ...]
    body: str


@cache
def stories() -> dict[str, dict[str, object]]:
    return tomllib.loads((FOLDER / "stories.toml").read_text(encoding="utf-8"))


@cache
def saved_pages() -> tuple[Saved, ...]:
    paths = sorted(path for path in FOLDER.glob("*.toml") if path.stem != "stories")
    return tuple(_saved(path) for path in paths)


def _saved(path: Path) -> Saved:
    case = tomllib.loads(path.read_text(encoding="utf-8"))
    story = stories()[case["story"]]
    told = [str(p) for p in story["paragraphs"]]  # type: ignore[attr-defined]
    told = told[: case.get("paragraphs", len(told))]
    if "comma" in case:
        told = [p.replace(",", case["comma"]) for p in told]
    names = [str(name) for name in story["authors"]]  # type: ignore[attr-defined]
    authors = tuple(case.get("authors", names[: "[[author" in case["page"]]))
    page = _set(case, story, told, authors)
    body = list(told)
    if "[[standfirst]]" in case["page"]:
        body.append(str(story["standfirst"]))
    body += case.get("also", [])
    encoding = case.get("encoding", "utf-8")
    return Saved(
        name=path.stem,
        raw=page.encode(encoding, "xmlcharrefreplace"),
        encoding=encoding,
        title=case.get("title", str(story["title"])),
        published=case["published"],
        publisher=case["publisher"],
        authors=authors,
        body="\n".join(body),
    )


def _set(
    case: dict[str, str], story: dict[str, object], told: Sequence[str], authors: Sequence[str]
) -> str:
    """Fill a layout: [[title]], [[p1]], [[body 2-5:<p>%s</p>]] and the like."""
    shown = [_marked(paragraph, case) for paragraph in told]
    author = authors[0] if authors else ""

    def fill(match: re.Match[str]) -> str:
        key, _, frame = match[1].partition(":")
        if key.startswith("body"):
            first, last = (map(int, key[5:].split("-"))) if key[5:] else (1, len(shown))
            return "\n".join(frame.replace("%s", p) for p in shown[first - 1 : last])
        if re.fullmatch(r"p\d", key):
            return shown[int(key[1:]) - 1]
        if key == "author":
            return author
        return author.upper() if key == "author upper" else str(story[key])

    return re.sub(r"\[\[(.*?)\]\](?!\])", fill, case["page"], flags=re.DOTALL)


NAMES = re.compile(r"\b(?:Dale|Erebor|Lake-town|Ravenhill|Glóin)\b")


def _marked(paragraph: str, case: dict[str, str]) -> str:
    if case.get("link_names"):
        linked = NAMES.sub(
            lambda m: f'<a href="/wiki/{m[0]}" title="{m[0]}"><b>{m[0]}</b></a>', paragraph
        )
        return (
            re.sub(r"\bdwarves\b", "dwar<i>ves</i>", linked)
            + '<sup class="noprint hidden">[1]</sup>'
        )
    if case.get("escape"):
        signs = {"“": "&ldquo;", "”": "&#8221;", "'": "&#x27;", "-": "&#45;", "é": "&eacute;"}
        return "".join(signs.get(c, c) for c in paragraph).replace("ministry", "min&shy;istry", 1)
    return html.escape(paragraph, quote=False)


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", text.replace("\u00ad", "").casefold()))


def scores(article: Article, page: Saved) -> tuple[int, int, int]:
    """Give how many words were read, how many of them the story has, and how many it has in all."""
    read = words("\n".join(article.words(span) for span in article.body))
    gold = words(page.body)
    return read.total(), (read & gold).total(), gold.total()
