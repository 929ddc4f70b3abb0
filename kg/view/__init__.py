"""The store -> one HTML file that a journalist opens and understands, without any network.

Everything on the page comes out of SPARQL over the store (`tables`). pyvis' nodes and edges are
the model of the graph (`graph`) and the vis-network script lies inside pyvis' wheel; the page
around it is ours (`page`, `web/`), since pyvis' own template asks two addresses for Bootstrap in
every mode. Positions are computed here (`layout`, `groups`), so the picture stands still at once
and is the same every time. What the page shows is cut into parts (`parts`): they lie compressed in
the file, or a server makes each when it is asked for (`demand`).

Texts come from strangers: they travel compressed in blocks that no browser runs, the script puts
them into the document as text nodes, and the page's own policy allows no other script than the two
whose hashes it names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.view.demand import PartsOnDemand, is_chunk, outline, read_core
from kg.view.graph import compose
from kg.view.page import TITLE, encode_part, fill_template, served_policy
from kg.view.parts import split
from kg.view.rows import Record
from kg.view.tables import (
    read_articles,
    read_contradictions,
    read_entities,
    read_events,
    read_links,
)
from kg.view.tellings import read_event_mentions, read_parts

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "PartsOnDemand",
    "encode_part",
    "is_chunk",
    "outline",
    "page_parts",
    "payload",
    "read_core",
    "render_page",
    "served_page",
    "served_policy",
    "write_page",
]


def write_page(store: Store, path: str | os.PathLike[str], *, title: str = TITLE) -> Path:
    """Write the page in one step: whoever has the old file open never sees half a new one.

    Raises:
        StoreError: the store holds no article.
        OSError: the file can't be written.
    """
    page, target = render_page(store, title=title), Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        unfinished.write_text(page, encoding="utf-8", newline="\n")
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return target


def render_page(store: Store, *, title: str = TITLE) -> str:
    """Make the page as text: one file, nothing fetched, the same for the same store.

    Raises:
        StoreError: the store holds no article.
    """
    return fill_template(page_parts(store), title=title)


def served_page(parts_below: str, *, title: str = TITLE) -> str:
    """Make the page without its parts: it asks a server for `{parts_below}NAME.json` by and by.

    Args:
        parts_below: an address on the same server that ends with a slash, as "/parts/".

    >>> "connect-src 'self'" in served_page("/parts/")
    True
    """
    return fill_template({}, title=title, served=parts_below)


def page_parts(store: Store) -> dict[str, Record]:
    """Gather what the page shows, cut into named parts (docs/viewer.md says what is in each).

    Raises:
        StoreError: the store holds no article.
    """
    return split(payload(store))


def payload(store: Store) -> Record:
    """Gather all that the page shows: plain lists and dictionaries, sorted, ready for JSON.

    Raises:
        StoreError: the store holds no article.
    """
    articles = read_articles(store)
    if not articles:
        raise StoreError("the store holds no article: run `kg build PATH` first")
    parts, links = read_parts(store), read_links(store)
    mentions = read_event_mentions(store, parts)
    publishers = {each["id"]: each["publisher"] for each in articles}
    events = read_events(store, parts, mentions, publishers)
    return compose(
        articles,
        read_entities(store, events),
        events,
        read_contradictions(store, mentions),
        links,
    )
