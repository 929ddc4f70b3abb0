"""The whole path from a Python prompt: build a graph or open one, look at it, ask it, write it out.

What the command line does, with objects instead of files to read. The package hands these names on,
so that `import kg` is enough::

    graph = kg.build("seeds", "out")
    graph.ask("who-did-what", actor="Russia")
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL, annotate, load_pipeline
from kg.build import STORE, Report
from kg.build import build as build_graph
from kg.errors import ArticleError
from kg.export import export
from kg.extraction import extract as extract_news
from kg.inputs import failure_line
from kg.query import Rows, Triples, run_query
from kg.rdf import from_quads
from kg.read import read_article
from kg.reading import read_out
from kg.store import open_store, to_dataset
from kg.view import render_page, write_page

if TYPE_CHECKING:
    import rdflib
    from spacy.language import Language

    from kg.model import Event, EventMention, News
    from kg.serve import Server

__all__ = ["Graph", "build", "extract", "open_graph"]

Inputs = str | Path | Iterable[str | Path]

FRAME = (
    '<iframe srcdoc="{page}" title="The graph" sandbox="allow-scripts allow-downloads" '
    'width="100%" height="640" style="border: 1px solid #ccc"></iframe>'
)


@dataclass(frozen=True, kw_only=True)
class Graph:
    """A graph in a store on disk; its length is its number of events.

    Attributes:
        folder: what `kg build` calls --out.
        report: what the build read, found and let go; None for a graph opened later.
    """

    folder: Path
    report: Report | None = None

    def __len__(self) -> int:
        return len(self.events)

    def __bool__(self) -> bool:
        # Without it, a graph in which nothing happens would be taken for no graph.
        return True

    @cached_property
    def news(self) -> News:
        """Everything in the store as records, read at the first use and kept."""
        with open_store(self.folder / STORE, read_only=True) as store:
            return from_quads(store.quads())

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, merged across the articles, sorted by id."""
        return tuple(self.news.events)

    def ask(self, query: str | Path, /, **parameters: str) -> Rows | Triples | bool:
        """Ask a named query, a .rq file or SPARQL.

        Raises:
            QueryError: no such query or parameter, no SPARQL, or not only a question.
        """
        with open_store(self.folder / STORE, read_only=True) as store:
            return run_query(store, query, parameters)

    def dataset(self) -> rdflib.Dataset:
        """Give the whole graph to rdflib, a named graph an article; its queries see all of them."""
        with open_store(self.folder / STORE, read_only=True) as store:
            return to_dataset(store)

    def view(self, path: str | Path | None = None) -> Path:
        """Write the page to open in a browser; without a path `graph.html` beside the store."""
        with open_store(self.folder / STORE, read_only=True) as store:
            return write_page(store, path if path is not None else self.folder / "graph.html")

    def export(self, path: str | Path, format: str | None = None) -> Path:
        """Write the graph for other tools; the file's ending says the format, as `kg export`."""
        with open_store(self.folder / STORE, read_only=True) as store:
            return export(store, path, format)

    def serve(self, port: int = 0) -> Server:
        """Serve explorer, articles and SPARQL endpoint on this machine, until it is closed.

        Its `address` says where; `with graph.serve() as server:` closes it at the block's end.

        Args:
            port: 0 takes a free one.
        """
        from kg.serve import Server, Settings

        return Server(self.folder, Settings(port=port)).start()

    def _repr_html_(self) -> str:
        """Show the page in a notebook; its scripts run in a frame that can't reach the notebook."""
        with open_store(self.folder / STORE, read_only=True) as store:
            return FRAME.format(page=html.escape(render_page(store), quote=True))


def build(
    paths: Inputs,
    out: str | Path = "out",
    *,
    model: str = DEFAULT_MODEL,
    entities: Inputs = (),
    nlp: Language | None = None,
) -> Graph:
    """Read files, folders or globs and build their graph in the folder `out`.

    Args:
        entities: your own files about who is who, as `kg build --entities` takes them.
        nlp: a pipeline of `kg.annotate.load_pipeline`; without it `model` is loaded once and kept.

    Returns:
        The graph; `report.failed` names the inputs that couldn't be read.

    Raises:
        ArticleError: nothing could be read; what lay in `out` before stays.
    """
    own = tuple(str(path) for path in _listed(entities))
    nlp = nlp if nlp is not None else _pipeline(model, own)
    report = build_graph(_listed(paths), out, model=model, entities=own, nlp=nlp)
    if not report.articles:
        raise ArticleError(_nothing_read(report.failed))
    return Graph(folder=Path(out), report=report)


def open_graph(out: str | Path = "out") -> Graph:
    """Open the graph that a build left in the folder `out`.

    Raises:
        StoreError: no build left a store there.
    """
    folder = Path(out)
    with open_store(folder / STORE, read_only=True):
        return Graph(folder=folder)


def extract(
    text_or_paths: Inputs,
    *,
    model: str = DEFAULT_MODEL,
    entities: Inputs = (),
    nlp: Language | None = None,
) -> tuple[EventMention, ...]:
    """Read events out of a text or out of files; nothing is written.

    Args:
        text_or_paths: a string is a text, always; files are `Path`s or a list.
        entities: your own files about who is who, as `kg build --entities` takes them.
        nlp: a pipeline of `kg.annotate.load_pipeline`; without it `model` is loaded once and kept.

    Raises:
        ArticleError: none of the files could be read.
    """
    own = tuple(str(path) for path in _listed(entities))
    nlp = nlp if nlp is not None else _pipeline(model, own)
    if isinstance(text_or_paths, str):
        article = read_article(text_or_paths)
        return tuple(read_out(article, annotate(article, nlp)).events)
    extraction = extract_news(_listed(text_or_paths), nlp=nlp)
    if not extraction.names:
        raise ArticleError(_nothing_read(extraction.failed))
    return tuple(event for reading in extraction.named() for event in reading.events)


@cache
def _pipeline(model: str, entities: tuple[str, ...] = ()) -> Language:
    return load_pipeline(model, entities)


def _listed(paths: Inputs) -> list[str | Path]:
    return [paths] if isinstance(paths, str | Path) else list(paths)


def _nothing_read(failed: Sequence[tuple[str, str]]) -> str:
    if not failed:
        return "no paths were given; give files, folders or globs"
    where, why = failed[0]
    more = f" (and {len(failed) - 1} more)" if failed[1:] else ""
    return failure_line(where, why) + more
