"""What `kg serve`'s explorer waits for: all parts of the page at once, or `core` on demand.

`python benchmarks/explorer.py OUT/store [--all]` prints processor seconds and peak memory; run it
once with and once without --all, since the peak is the process's. Beside `core`, the first chunk of
tellings and of texts, as somebody who reads waits for them.
"""

from __future__ import annotations

import argparse
import gzip
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from kg.store import open_store
from kg.view import PartsOnDemand, encode_part, outline, page_parts, read_core

T = TypeVar("T")


def main() -> None:
    """Measure one way and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--all", action="store_true", help="all parts at once, as for a file")
    asked = parser.parse_args()
    with open_store(asked.store, read_only=True) as store:
        if asked.all:
            told("all", lambda: [encode_part(part) for part in page_parts(store).values()])
            return
        core = told("core", lambda: read_core(store))
        told("packed", lambda: gzip.compress(encode_part(core), 6))
        parts = PartsOnDemand(store, outline(core))
        for name in ("tellings-0", "texts-0", "namings"):
            told(name, lambda name=name: encode_part(parts.make(name) or {}))  # type: ignore[misc]


def told(name: str, work: Callable[[], T]) -> T:
    """Do it, and print what it took."""
    began = time.process_time()
    made = work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:12}{time.process_time() - began:8.2f} s {peak:6} MB", flush=True)
    return made


if __name__ == "__main__":
    main()
