"""The command that holds two sources against each other: compare."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from kg.cli import options as o
from kg.cli.program import DEFAULT_MODEL, app, stored, tell_failures
from kg.errors import KGError, QueryError, UsageError

if TYPE_CHECKING:
    from kg.compare import Comparison
    from kg.store import Store

__all__: list[str] = []

FEW = 12  # events a heading without --all


@app.command()
def compare(
    left: o.Compared,
    right: o.Compared,
    out: o.Out = Path("out"),
    format: o.Compare = "table",
    as_json: o.Json = False,
    whole: o.Whole = False,
    model: o.Model = DEFAULT_MODEL,
    store: o.Store = None,
) -> None:
    """Show what two files, publishers or dates tell alike, alone and against each other."""
    from kg.compare import to_markdown, to_text

    wanted = "json" if as_json else format
    if wanted not in {"table", "json", "md"}:
        raise UsageError(f"--format {format}: compare prints table, json or md")
    comparison = _compared(left, right, out, model, store)
    if wanted == "json":
        print(json.dumps(asdict(comparison), ensure_ascii=False, indent=1))
    else:
        write = to_markdown if wanted == "md" else to_text
        print(write(comparison, None if whole else FEW), end="")


def _compared(left: str, right: str, out: Path, model: str, store: str | None) -> Comparison:
    """Compare by the store; two files that it doesn't hold are read first."""
    from kg.compare import compare as compare_sides

    try:
        with stored(out, store) as graph:
            return compare_sides(graph, left, right)
    except (UsageError, QueryError):
        if not (Path(left).is_file() and Path(right).is_file()):
            raise
    with _read([left, right], model) as graph:
        return compare_sides(graph, left, right)


@contextmanager
def _read(paths: list[str], model: str) -> Iterator[Store]:
    """Read files into a store in memory."""
    from kg.extraction import extract
    from kg.rdf import to_quads
    from kg.store import open_store

    extraction = extract(paths, model=model)
    tell_failures(extraction.failed)
    if extraction.failed:
        raise KGError("a file can't be read; nothing is compared")
    with open_store() as store:
        store.load(to_quads(extraction.news))
        yield store
