"""What a page says of itself in its head: JSON-LD first, then meta elements, then microdata."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from kg.read.dates import read_stamp
from kg.read.encodings import NO_TEXT
from kg.read.inputs import inputs
from kg.read.markup import Page

__all__ = ["Metadata", "read_metadata", "web_address"]

MAX_NODES = 5000
"""JSON-LD nodes looked at; the largest page seen had some two hundred."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of itself.

    Attributes:
        dates: (date, where it stands: "json-ld", "meta", "microdata" or "time"), the most
            trusted first.
        changed: when it was last modified; None if it doesn't say.
        body: the article's text as JSON-LD repeats it; None if it doesn't.
    """

    title: str | None = None
    dates: tuple[tuple[str, str], ...] = ()
    changed: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    url: str | None = None
    body: str | None = None


_Json = Mapping[str, object]


def read_metadata(page: Page, address: str | None = None) -> Metadata:
    """Read what a page says of itself.

    Args:
        address: where it was fetched from; relative links are resolved against it.
    """
    metas: dict[str, list[str]] = {}
    for attributes in page.metas:
        value = " ".join(attributes.get("content", "").split())
        if value:
            for key in ("property", "name", "itemprop"):
                if key in attributes:
                    metas.setdefault(attributes[key].strip().casefold(), []).append(value)
    known = {key: _first_of(metas, key) for key in ("title", "publisher", "changed", "url")}
    graph = _nodes(page.json_ld)
    article = _article_of(graph)
    by_id = {name: node for node in graph if isinstance(name := node.get("@id"), str)}
    canonical = next(
        (link["href"] for link in page.links if "canonical" in link.get("rel", "").casefold()
         and link.get("href")), None
    )  # fmt: skip
    urls = (canonical, _address_in(article), known["url"], address)
    publisher = _name(article.get("publisher") or article.get("sourceOrganization"), by_id)
    written = _text(article.get("dateModified")) or known["changed"]
    return Metadata(
        title=_text(article.get("headline")) or known["title"] or _text(article.get("name")),
        dates=tuple(_dates(article, metas, page)),
        changed=read_stamp(written) if written else None,
        authors=_authors(article, metas, by_id),
        publisher=publisher or _plain_name(known["publisher"]) or _site(graph),
        url=next((found for url in urls if (found := web_address(url, address))), None),
        body=_text(article.get("articleBody")),
    )


def _first_of(metas: Mapping[str, list[str]], key: str) -> str | None:
    return next((metas[name][0] for name in inputs().meta[key] if name in metas), None)


def _dates(article: _Json, metas: Mapping[str, list[str]], page: Page) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateCreated", "uploadDate"):
        if found := read_stamp(_text(article.get(key)) or ""):
            yield found, "json-ld"
    for name in inputs().meta["date"]:
        for value in metas.get(name, ()):
            if found := read_stamp(value):
                yield found, "meta"
    for prop, attributes, _ in page.props:
        if prop.casefold() in ("datepublished", "datecreated"):
            told = attributes.get("content") or attributes.get("datetime") or ""
            if found := read_stamp(told):
                yield found, "microdata"


def _nodes(scripts: list[str]) -> list[_Json]:
    """Give every object of the JSON-LD, those inside others too; broken scripts are passed over."""
    found: list[_Json] = []
    for script in scripts:
        waiting = [_parsed(script)]
        while waiting and len(found) < MAX_NODES:
            value = waiting.pop(0)
            if isinstance(value, dict):
                found.append(value)
                waiting += [part for part in value.values() if isinstance(part, dict | list)]
            elif isinstance(value, list):
                waiting += value[:MAX_NODES]
    return found


def _parsed(script: str) -> object:
    """Read JSON as pages have it: in a comment or CDATA, with raw line breaks, escaped as HTML."""
    bare = re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$", "", script)
    for text in (bare, html.unescape(bare)):
        try:
            return json.loads(text.strip().rstrip(";"), strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _types(node: _Json) -> set[str]:
    types = node.get("@type")
    names = types if isinstance(types, list) else [types]
    return {name.rpartition("/")[2] for name in names if isinstance(name, str)}


def _article_of(graph: list[_Json]) -> _Json:
    """Choose the node of the article: the one that says most of what is looked for."""
    keys = ("headline", "datePublished", "publisher", "author", "articleBody")
    best: _Json = {}
    for node in graph:
        fuller = sum(key in node for key in keys) > sum(key in best for key in keys)
        if fuller and _types(node) & inputs().article_types:
            best = node
    if not best:
        pages = [n for n in graph if _types(n) & {"WebPage", "ItemPage"} and "datePublished" in n]
        best = pages[0] if pages else {}
    return best


def _text(value: object) -> str | None:
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    if not isinstance(value, str) or not value.strip() or NO_TEXT.search(value):
        return None
    plain = re.sub(r"<[a-zA-Z/][^>]*+>", " ", value) if "<" in value else value
    return " ".join((html.unescape(plain) if "&" in plain else plain).split()) or None


def _name(value: object, by_id: Mapping[str, _Json], lists: int = 3) -> str | None:
    """Read the name of a person or organisation, given as text, object or reference.

    Args:
        lists: inside one another that are looked into.
    """
    if isinstance(value, list):
        inside = value[:50] if lists else []
        return next((name for one in inside if (name := _name(one, by_id, lists - 1))), None)
    if isinstance(value, dict):
        if "name" in value:
            return _plain_name(_text(value["name"]))
        reference = value.get("@id")
        other = by_id.get(reference) if isinstance(reference, str) else None
        return _plain_name(_text(other.get("name"))) if other and other is not value else None
    return _plain_name(_text(value))


def _plain_name(name: str | None) -> str | None:
    """Keep what can be somebody's name: no address, no handle, not a paragraph."""
    if not name or re.match(r"(?i)https?:|www\.|@|#|\{", name) or len(name) > 100:
        return None
    return re.sub(r"^(?:[Bb]y:?|[Cc]opyright|©)\s+(?:(?:19|20)\d{2}\s+)?", "", name).strip() or None


def _site(graph: list[_Json]) -> str | None:
    """Name the publisher by what JSON-LD calls the site itself."""
    for wanted in ({"NewsMediaOrganization"}, {"WebSite"}, {"Organization"}):
        for node in graph:
            if _types(node) & wanted and (name := _plain_name(_text(node.get("name")))):
                return name
    return None


def _authors(
    article: _Json, metas: Mapping[str, list[str]], by_id: Mapping[str, _Json]
) -> tuple[str, ...]:
    told = article.get("author") or article.get("creator")
    several = told if isinstance(told, list) else [told]
    names = [name for one in several[:50] if (name := _name(one, by_id))]
    if not names:
        values = next((metas[n] for n in inputs().meta["author"] if n in metas), [])
        names = [name for value in values if (name := _plain_name(value))]
    return tuple(dict.fromkeys(names))


def _address_in(article: _Json) -> str | None:
    page = article.get("mainEntityOfPage")
    inside = page.get("@id") if isinstance(page, dict) else page
    return _text(article.get("url")) or _text(inside)


def web_address(url: str | None, base: str | None = None) -> str | None:
    """Give an address of the web in full; None for what is none.

    >>> web_address("/a?b=1", "https://arnor.example/x"), web_address("javascript:alert(1)")
    ('https://arnor.example/a?b=1', None)
    """
    if not url or len(url) > 2000:
        return None
    try:
        full = urljoin(base, url.strip()) if base else url.strip()
        parts = urlsplit(full)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return None
    return None if re.search(r"[\s<>\"{}|\\^`\x00-\x1f]", full) else full
