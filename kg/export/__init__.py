"""Store -> Turtle, TriG, N-Triples, N-Quads, JSON-LD, RDF/XML, GraphML, GEXF, CSV, JSONL.

The format follows the file's ending. Every export is sorted and byte for byte the same for the same
store; a file is written beside its place and moved there, so that nobody reads half of one. What is
sorted lies on disk where it is much, and an article is held only while it is written.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias

from kg.errors import UsageError
from kg.export.json_ld import CONTEXT, json_ld_context, write_json_ld
from kg.export.networks import write_gexf, write_graphml
from kg.export.statements import (
    write_nquads,
    write_ntriples,
    write_prefixed,
    write_rdf_xml,
    xml_text,
)
from kg.export.tables import write_csv, write_json_lines
from kg.rdf import write_trig, write_turtle

if TYPE_CHECKING:
    from kg.store import Store

__all__ = [
    "CONTEXT",
    "FORMATS",
    "export",
    "export_bytes",
    "find_format",
    "json_ld_context",
    "write_export",
    "xml_text",
]

_Write: TypeAlias = "Callable[[Store, IO[bytes], Path | None], None]"
"""Writes a store to an open file; the folder has room for what is sorted, None is the system's."""

FORMATS: dict[str, _Write] = {
    "ttl": partial(write_prefixed, write_turtle),
    "trig": partial(write_prefixed, write_trig),
    "nq": write_nquads,
    "nt": write_ntriples,
    "jsonld": write_json_ld,
    "rdf": write_rdf_xml,
    "graphml": write_graphml,
    "gexf": write_gexf,
    "csv": write_csv,
    "jsonl": write_json_lines,
}
ENDINGS = {
    ".ttl": "ttl",
    ".turtle": "ttl",
    ".trig": "trig",
    ".nq": "nq",
    ".nquads": "nq",
    ".nt": "nt",
    ".jsonld": "jsonld",
    ".rdf": "rdf",
    ".owl": "rdf",
    ".graphml": "graphml",
    ".gexf": "gexf",
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}


def export(store: Store, path: str | Path, format: str | None = None) -> Path:
    """Write the store's content to a file.

    Args:
        format: one of `FORMATS`; None takes it from the file's ending.

    Raises:
        UsageError: the ending or format is none of `FORMATS`, or the file can't be written.
    """
    path = Path(path)
    write = _writer(format or find_format(path))
    if path.exists() and not (path.is_file() or path.is_dir()):
        return _write_through(write, store, path)
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as file:
                write(store, file, path.parent)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as e:
        raise UsageError(f"{path}: can't be written: {e.strerror or e}") from e
    return path


def _write_through(write: _Write, store: Store, path: Path) -> Path:
    """Write to a pipe or device, whose place no file may take."""
    try:
        with path.open("wb") as file:
            write(store, file, None)
    except OSError as e:
        raise UsageError(f"{path}: can't be written: {e.strerror or e}") from e
    return path


def write_export(store: Store, format: str, file: IO[bytes]) -> None:
    """Write the store's content in a format to an open file: UTF-8 with line feeds.

    Raises:
        UsageError: the format is none of `FORMATS`.
    """
    _writer(format)(store, file, None)


def export_bytes(store: Store, format: str) -> bytes:
    """Give the store's content in a format, as `write_export` writes it."""
    file = io.BytesIO()
    write_export(store, format, file)
    return file.getvalue()


def _writer(format: str) -> _Write:
    if format not in FORMATS:
        raise UsageError(f"no format is called {format!r}; there are {', '.join(FORMATS)}")
    return FORMATS[format]


def find_format(path: str | Path) -> str:
    """Tell the format by a file's ending.

    Raises:
        UsageError: the ending is unknown.

    >>> find_format("out/graph.TTL")
    'ttl'
    """
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        told = f"the ending {ending!r}" if ending else "a name without an ending"
        raise UsageError(f"{path}: {told} names no format; there are {', '.join(ENDINGS)}")
    return ENDINGS[ending]
