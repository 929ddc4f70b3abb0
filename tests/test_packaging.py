"""What an installed `newskg` holds; built here with hatchling, which needs no network."""

from __future__ import annotations

import ast
import email
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
DEPENDENCIES = [
    *PROJECT["project"]["dependencies"],
    *PROJECT["project"]["optional-dependencies"]["spark"],
]
SOURCES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff")
IGNORED = shutil.ignore_patterns("__pycache__", "*.part")


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is packed: nothing is written into the project's own folder."""
    copy = tmp_path_factory.mktemp("tree")
    for name in (*SOURCES, "Makefile", "constraints.txt"):
        shutil.copy(ROOT / name, copy / name)
    for name in ("kg", "ontology", "seeds", "docs"):
        shutil.copytree(ROOT / name, copy / name, symlinks=True, ignore=IGNORED)
    (copy / "tests").mkdir()
    (copy / "tests" / "test_nothing.py").write_text("", encoding="utf-8")
    return copy


def built(tree: Path, target: str, out: Path) -> Path:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)],
        cwd=tree, check=True, capture_output=True, env={**os.environ, "SOURCE_DATE_EPOCH": "0"},
    )  # fmt: skip
    (archive,) = out.iterdir()
    return archive


@pytest.fixture(scope="module")
def wheel(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[zipfile.ZipFile]:
    with zipfile.ZipFile(built(tree, "wheel", tmp_path_factory.mktemp("wheel"))) as opened:
        yield opened


@pytest.fixture(scope="module")
def sdist(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(tree, "sdist", tmp_path_factory.mktemp("sdist"))


def packed_files() -> list[str]:
    """Every file of the package, the tables behind the symbolic link included."""
    own = [path for path in (ROOT / "kg").rglob("*") if path.is_file()]
    tables = [ROOT / "kg" / "ontology" / path.name for path in (ROOT / "ontology").iterdir()]
    names = {path.relative_to(ROOT).as_posix() for path in (*own, *tables)}
    return sorted(
        name for name in names if "__pycache__" not in name and not name.endswith(".part")
    )


def test_the_wheel_holds_every_file_of_the_package(wheel: zipfile.ZipFile) -> None:
    names = wheel.namelist()
    assert len(names) == len(set(names))
    assert [name for name in packed_files() if name not in names] == []


def test_the_wheel_holds_what_is_not_code(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {
        "kg/py.typed",
        "kg/view/web/page.html",
        "kg/view/web/start.js",
        "kg/view/web/page.css",
    } <= names
    assert {"kg/ontology/kg.ttl", "kg/ontology/plover.ttl", "kg/ontology/shapes.ttl"} <= names
    assert {"kg/ontology/entities.tsv", "kg/ontology/reporting.tsv"} <= names
    assert sum(name.startswith("kg/queries/") for name in names) >= 10
    assert wheel.read("kg/ontology/kg.ttl") == (ROOT / "ontology" / "kg.ttl").read_bytes()


def test_the_wheel_holds_nothing_beside_the_package(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert tops == {"kg", f"newskg-{kg.__version__}.dist-info"}


def test_the_wheel_says_what_pyproject_says(wheel: zipfile.ZipFile) -> None:
    folder = f"newskg-{kg.__version__}.dist-info"
    told = email.message_from_bytes(wheel.read(f"{folder}/METADATA"))
    assert (told["Name"], told["Version"]) == ("newskg", kg.__version__)
    assert len(told.get_all("Requires-Dist") or []) == len(DEPENDENCIES)
    points = wheel.read(f"{folder}/entry_points.txt").decode()
    assert "kg = kg.__main__:main" in points
    assert "kg_events = kg.reading:make_events" in points


def test_the_installed_wheel_runs_without_the_project(
    wheel: zipfile.ZipFile, tmp_path: Path
) -> None:
    wheel.extractall(tmp_path)
    code = (
        "import kg, kg.gazetteer, kg.query, kg.rdf\n"
        "print(kg.__file__)\n"
        "print(len(kg.gazetteer.gazetteer().lines), len(kg.query.named_queries()),"
        " sum(1 for _ in kg.rdf.vocabulary_quads()))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path, check=True, capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": ""},
    )  # fmt: skip
    where, counts = ran.stdout.splitlines()
    assert Path(where).is_relative_to(tmp_path)
    assert all(int(count) > 5 for count in counts.split())


def test_the_sdist_holds_what_building_and_testing_need(sdist: Path) -> None:
    with tarfile.open(sdist) as opened:
        names = {name.partition("/")[2] for name in opened.getnames()}
    assert {*SOURCES, "Makefile", "constraints.txt"} <= names
    assert {"tests/test_nothing.py", "docs/check.py"} <= names
    assert [name for name in packed_files() if name not in names] == []


def test_a_wheel_out_of_the_sdist_is_the_same(
    wheel: zipfile.ZipFile, sdist: Path, tmp_path: Path
) -> None:
    with tarfile.open(sdist) as opened:
        opened.extractall(tmp_path / "sdist", filter="data")
    (unpacked,) = (tmp_path / "sdist").iterdir()
    with zipfile.ZipFile(built(unpacked, "wheel", tmp_path / "wheel")) as again:
        assert sorted(again.namelist()) == sorted(wheel.namelist())
        assert again.read("kg/ontology/kg.ttl") == wheel.read("kg/ontology/kg.ttl")


# --- versions ------------------------------------------------------------------------------------


def names_of(requirements: list[object]) -> set[str]:
    found = [re.match(r"[\w.-]+", line) for line in requirements if isinstance(line, str)]
    return {re.sub(r"[-_.]+", "-", match[0]).lower() for match in found if match}


def test_the_constraints_are_exact_and_cover_what_is_asked_for() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)] == []
    groups = PROJECT["dependency-groups"]
    wanted = [*DEPENDENCIES, *groups["test"], *groups["dev"], "pip"]
    assert names_of(wanted) - names_of(list(pins)) == set()
    assert "torch" not in names_of(list(pins))


def test_what_the_code_imports_is_declared() -> None:
    stated = names_of(DEPENDENCIES)
    imported = set()
    for path in (ROOT / "kg").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module is not None:
                imported.add(node.module.partition(".")[0])
    assert (
        imported
        - {*sys.stdlib_module_names, *(name.replace("-", "_") for name in stated), "kg", "pandas"}
        == set()
    )
