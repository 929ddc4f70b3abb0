"""The store -> one HTML file that a journalist opens and understands, without any network.

Everything on the page comes out of SPARQL over the store (`tables`). pyvis' `Network` is the model
of the graph (`graph`) and the vis-network script lies inside pyvis' wheel; the page around it is
ours (`page`), since pyvis' own template asks two addresses for Bootstrap in every mode. Positions
are computed here (`layout`), so the picture stands still at once and is the same every time.

Texts come from strangers: they travel as JSON inside a block that no browser runs, the script puts
them into the document as text nodes, and the page's own policy allows no other script than the two
whose hashes it names.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import StoreError
from kg.view.graph import compose
from kg.view.page import TITLE, fill_template
from kg.view.tables import (
    Record,
    read_articles,
    read_contradictions,
    read_entities,
    read_event_mentions,
    read_events,
)

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["payload", "render_page", "write_page"]


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
    return fill_template(payload(store), title=title)


def payload(store: Store) -> Record:
    """Gather all that the page shows: plain lists and dictionaries, sorted, ready for JSON.

    Raises:
        StoreError: the store holds no article.
    """
    articles = read_articles(store)
    if not articles:
        raise StoreError("the store holds no article: run `kg build PATH` first")
    mentions = read_event_mentions(store)
    events = read_events(store, mentions, {each["id"]: each["publisher"] for each in articles})
    return compose(
        articles, read_entities(store, events), events, read_contradictions(store, mentions)
    )
