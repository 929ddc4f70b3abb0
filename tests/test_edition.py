"""What has articles read anew, what only has the store made anew, and that nothing is forgotten."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.collection.edition import PACKAGE, digests, imported

# A room each that reads, that is behind a package's door, and a table; then what comes after.
READERS = [
    "reading.py", "worker.py", "annotate.py", "events/frames.py", "times/points.py", "model.py",
    "tuning/arcs.py", "collection/codec.py", "merge/sketches.py", "ontology/classes.tsv",
    "ontology/times.toml", "ontology/common_words.txt",
]  # fmt: skip
MAKERS = ["rdf/article.py", "merge/merging.py", "view/page.py", "view/web/page.css", "build.py"]
MAKERS += ["collection/writer.py", "ontology/kg.ttl", "query/why.py", "__init__.py"]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, to change."""
    copy = tmp_path_factory.mktemp("edition") / "kg"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def changed(package: Path, name: str) -> tuple[bool, bool]:
    """Whether a change of a byte shows for readings, and for the graph."""
    before = digests(package)
    file = package / name
    was = file.read_bytes()
    file.write_bytes(was + b"\n")
    now = digests(package)
    file.write_bytes(was)
    assert digests(package) == before
    return before[0] != now[0], before[1] != now[1]


@pytest.mark.parametrize("name", READERS)
def test_what_reads_an_article_has_all_read_anew(package: Path, name: str) -> None:
    assert changed(package, name) == (True, True)


@pytest.mark.parametrize("name", MAKERS)
def test_what_only_makes_the_graph_has_nothing_read_anew(package: Path, name: str) -> None:
    assert changed(package, name) == (False, True)


def of_syntax(module: Path) -> Iterator[tuple[str, str]]:
    """What a module imports of ours, as Python's own parser finds it."""
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        assert not isinstance(node, ast.ImportFrom) or not node.level, "a relative import"
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith("kg."):
            place = str(node.module).removeprefix("kg").lstrip(".").replace(".", "/")
            yield from ((place, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            ours = (alias.name for alias in node.names if alias.name.startswith("kg."))
            yield from ((name.removeprefix("kg.").replace(".", "/"), "") for name in ours)


def test_imports_are_found_as_python_finds_them() -> None:
    modules = sorted(PACKAGE.rglob("*.py"))
    assert len(modules) > 200
    for module in modules:
        assert sorted(imported(module)) == sorted(of_syntax(module)), module
