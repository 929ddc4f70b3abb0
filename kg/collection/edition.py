"""Which rules read an article, and which make a graph of readings: kg's own code and tables.

What a reading depends on is found in the source: the modules that those which read and pack an
article import, theirs in turn, and the tables. So nothing can be forgotten, and a change of the
page or of what is written as RDF has no article read again; the store is made anew of the readings
that are kept.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib import metadata
from pathlib import Path

from kg.model import content_id

__all__ = ["digests", "edition", "imported", "modules_that_read", "rules"]

PACKAGE = Path(__file__).parent.parent
READERS = ("worker", "reading", "collection/archive")  # an article is read out, and packed
TABLES = ("ontology/*.tsv", "ontology/*.toml", "ontology/*.txt")
ALL = ("**/*.py", "ontology/*.t*", "view/web/*")  # the page stands beside the store
_IMPORTED = re.compile(
    r"^[ \t]*(?:from[ ]kg((?:\.\w+)*)[ ]import[ ](\([^)]*\)|[^(\n]*)|import[ ]kg((?:\.\w+)+))",
    re.MULTILINE,
)
_COMMENT = re.compile("#.*")


def edition(model: str, curation: str | None = None) -> str:
    """Name the rules and the model that read articles now; another edition reads everything anew.

    Args:
        curation: digest of a user's own files about who is who; None without any.

    >>> edition("en_core_web_none") == edition("en_core_web_none")
    True
    """
    own = (curation,) if curation else ()
    return content_id(_own_digests()[0], model, _version(model), _version("spacy"), *own)


def rules() -> str:
    """Name all that a graph is made by; with other rules the store is made anew of its readings."""
    return _own_digests()[1]


@cache
def _own_digests() -> tuple[str, str]:
    return digests(PACKAGE)


def digests(package: Path) -> tuple[str, str]:
    """Digest what reads articles, and all that makes a graph.

    Args:
        package: the folder of kg's modules and tables.
    """
    known = {path: hashlib.sha256(path.read_bytes()).digest() for path in _files(package, ALL)}
    readers = {*modules_that_read(package), *_files(package, TABLES)}
    return _digest(package, known, readers), _digest(package, known, known)


def modules_that_read(package: Path) -> list[Path]:
    """Give the modules that a reading depends on, sorted.

    Of a folder's `__init__.py`, an import takes what it asks for: the module that the name comes
    from, or the file itself where the name is made there.
    """
    found: set[Path] = set()
    waiting = [_module(package, reader) for reader in READERS]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            for place, name in imported(module):
                waiting += _origin(package, place, name)
    return sorted(found)


def imported(module: Path) -> Iterator[tuple[str, str]]:
    """Give the modules that a module imports from, as paths below kg, and the names it takes."""
    for place, names, whole in _IMPORTED.findall(module.read_text(encoding="utf-8")):
        if whole:
            yield whole[1:].replace(".", "/"), ""
        for name in _COMMENT.sub("", names).strip("()").split(","):
            if name.strip():
                yield place[1:].replace(".", "/"), name.split()[0]


def _origin(package: Path, place: str, name: str) -> list[Path]:
    """Find the file that a name is made in."""
    module = _module(package, place)
    if not name or module.name != "__init__.py":
        return [module]
    within = _module(package, f"{place}/{name}".lstrip("/"))
    if within.exists():
        return [within]
    handed_on = [origin for origin in imported(module) if origin[1] == name and origin[0] != place]
    return [file for origin in handed_on for file in _origin(package, *origin)] or [module]


def _module(package: Path, place: str) -> Path:
    folder = package / place
    return folder / "__init__.py" if folder.is_dir() else folder.with_name(f"{folder.name}.py")


def _digest(package: Path, known: Mapping[Path, bytes], files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(path.relative_to(package).as_posix().encode())
        digest.update(known[path])
    return digest.hexdigest()


def _files(package: Path, patterns: Iterable[str]) -> Iterator[Path]:
    for pattern in patterns:
        yield from package.glob(pattern)


def _version(distribution: str) -> str:
    try:
        return metadata.version(distribution)
    except (metadata.PackageNotFoundError, ValueError):
        return ""  # a pipeline in a folder: its name has to do
