"""A process of its own that reads what the explorer opens with, so that nobody waits behind it.

`python -m kg.serve.preparing STORE FOLDER` writes `outline.json.gz`, `core.json.gz` and
`namings.json.gz` into the folder, each in one step, and tells on its output how far it has come. It
ends when its input does: when whoever started it has gone.
"""

from __future__ import annotations

import gzip
import os
import sys
import threading
from pathlib import Path

from kg.errors import KGError
from kg.store import open_store
from kg.view import PartsOnDemand, encode_part, outline, read_core
from kg.view.rows import Record

__all__ = ["CORE", "NAMINGS", "OUTLINE", "pack"]

CORE, OUTLINE, NAMINGS = (f"{name}.json.gz" for name in ("core", "outline", "namings"))
BEHIND = 5  # steps of niceness: who asks a query is there, who opens the explorer can wait


def main() -> None:
    """Write the parts, or one line that says why not."""
    place, folder = map(Path, sys.argv[1:])
    threading.Thread(target=_end_with_input, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(BEHIND)
    try:
        _prepare(place, folder)
    except (KGError, OSError) as error:
        sys.exit(" ".join(str(error).split()))


def _prepare(place: Path, folder: Path) -> None:
    with open_store(place, read_only=True) as store:
        core = read_core(store, _tell)
        outlined = outline(core)
        _write(folder / OUTLINE, outlined)
        _write(folder / CORE, core)
        _tell(1.0)
        del core
        _write(folder / NAMINGS, PartsOnDemand(store, outlined).make("namings") or {})


def _tell(done: float) -> None:
    sys.stdout.write(f"{done:.2f}\n")
    sys.stdout.flush()


def _write(path: Path, part: Record) -> None:
    unfinished = path.with_name(f".{path.name}")
    unfinished.write_bytes(pack(part))
    unfinished.replace(path)


def pack(part: Record) -> bytes:
    """Write a part as it is sent, the same bytes for the same part."""
    return gzip.compress(encode_part(part), 6, mtime=0)


def _end_with_input() -> None:
    while os.read(0, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
