"""Which rules read an article: kg's own code and tables, and the model."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from kg.model import content_id

__all__ = ["edition"]

PACKAGE = Path(__file__).parent.parent
READ = ("**/*.py", "ontology/*.t*")  # what a reading depends on: code, tables, word lists


def edition(model: str, curation: str | None = None) -> str:
    """Name the rules and the model that read articles now; another edition reads everything anew.

    Args:
        curation: digest of a user's own files about who is who; None without any.

    >>> edition("en_core_web_none") == edition("en_core_web_none")
    True
    """
    own = (curation,) if curation else ()
    return content_id(_digest_of_package(), model, _version(model), _version("spacy"), *own)


@cache
def _digest_of_package() -> str:
    digest = hashlib.sha256()
    for path in _files():
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> Iterator[Path]:
    for pattern in READ:
        yield from sorted(PACKAGE.glob(pattern))


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except (metadata.PackageNotFoundError, ValueError):
        return ""  # a pipeline in a folder: its name has to do
