"""What the package shows: its names, commands, errors and entry points, and what it loads."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import typer

import kg
from kg import cli, errors
from kg.errors import KGError

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    found.name for found in pkgutil.walk_packages(kg.__path__, "kg.") if found.name != "kg.__main__"
)
ERRORS = [value for _, value in inspect.getmembers(errors, inspect.isclass)]
HEAVY = ("spacy", "rdflib", "pyshacl", "pyvis", "networkx", "numpy", "pyoxigraph", "kg.notebook")
ENTRY_POINTS = list(metadata.distribution("newskg").entry_points)


def fresh(code: str) -> str:
    """Run code in a new interpreter and give what it prints."""
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True, text=True
    )
    return ran.stdout.strip()


# --- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MODULES)
def test_every_name_in_all_exists_once(name: str) -> None:
    module = importlib.import_module(name)
    exported = list(getattr(module, "__all__", []))
    assert len(exported) == len(set(exported))
    assert [missing for missing in exported if not hasattr(module, missing)] == []


@pytest.mark.parametrize("name", MODULES)
def test_a_room_takes_from_another_only_what_that_exports(name: str) -> None:
    source = inspect.getsource(importlib.import_module(name))
    taken = [
        (str(node.module), alias.name)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and room_of(node.module) not in {"", room_of(name)}
        for alias in node.names
    ]
    assert [f"{module}.{name}" for module, name in taken if not is_exported(module, name)] == []


def room_of(module: str | None) -> str:
    """The module or folder right below `kg`; empty for what is not ours."""
    package, _, below = (module or "").partition(".")
    return below.partition(".")[0] if package == "kg" else ""


def is_exported(module: str, name: str) -> bool:
    exported = getattr(importlib.import_module(module), "__all__", None)
    return name in exported if exported is not None else not name.startswith("_")


def test_the_package_gives_its_names_and_no_others() -> None:
    assert sorted(kg.__all__) == kg.__all__
    assert [name for name in kg.__all__ if getattr(kg, name, None) is None] == []
    assert set(kg.__all__) <= set(dir(kg))
    with pytest.raises(AttributeError, match="utils"):
        _ = kg.utils


def test_build_is_the_function_even_where_the_module_was_imported_first() -> None:
    importlib.import_module("kg.build")
    assert inspect.isfunction(kg.build)
    assert fresh(
        "import kg.build, kg; from kg.build import Report; print(kg.build.__module__)"
    ) == ("kg.notebook")


def test_the_version_is_the_installed_one() -> None:
    assert metadata.version("newskg") == kg.__version__
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"\nversion: {kg.__version__}\n" in cited


# --- commands -------------------------------------------------------------------------------------

GROUP: Any = typer.main.get_command(cli.app)
COMMANDS: dict[str, Any] = GROUP.commands

CONTRACT = (
    "build add remove extract attributions query why view export validate eval doctor".split()
)


def test_the_promised_commands_exist() -> None:
    assert [name for name in CONTRACT if name not in COMMANDS] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_says_what_it_and_each_option_does(name: str) -> None:
    command = COMMANDS[name]
    assert re.match(r"[A-Z][^.]+\.$", command.help or "")
    assert [parameter.name for parameter in command.params if not parameter.help] == []


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_command_helps_without_doing_anything(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        cli.run([name, "--help"])
    assert stopped.value.code == 0
    assert "Usage" in capsys.readouterr().out


# --- errors ---------------------------------------------------------------------------------------


def test_every_error_stands_in_the_tree_and_the_docstring() -> None:
    assert sorted(error.__name__ for error in ERRORS) == errors.__all__
    for error in ERRORS:
        assert issubclass(error, KGError)
        assert error.__name__ in (errors.__doc__ or "")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__name__)
def test_every_error_ends_in_one_line_and_a_code(
    error: type[KGError], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(**_: object) -> None:
        raise error("first line\nsecond line")

    monkeypatch.setattr(cli.program, "app", failing)
    with pytest.raises(SystemExit) as stopped:
        cli.run([])
    assert stopped.value.code == 2
    assert capsys.readouterr().err == "kg: first line second line\n"


# --- starting up ----------------------------------------------------------------------------------


def test_the_entry_points_are_there() -> None:
    names = {point.name for point in ENTRY_POINTS}
    assert names == {
        "kg", "kg_gazetteer", "kg_mentions", "kg_attribution", "kg_coreference", "kg_events",
        "kg_attribute_table", "kg_entity_finder",
    }  # fmt: skip


@pytest.mark.parametrize("point", ENTRY_POINTS, ids=lambda point: point.name)
def test_an_entry_point_imports(point: metadata.EntryPoint) -> None:
    assert callable(point.load())


@pytest.mark.parametrize(
    "code",
    [
        "import kg",
        "import kg.cli",
        "import kg.model, kg.errors",
        "from kg.cli import run\ntry: run(['--help'])\nexcept SystemExit: pass",
        "from kg.cli import run\ntry: run(['build', '--help'])\nexcept SystemExit: pass",
        "from kg.cli import run\ntry: run(['--version'])\nexcept SystemExit: pass",
    ],
    ids=["import kg", "import cli", "records", "--help", "build --help", "--version"],
)
def test_nothing_heavy_is_loaded_for(code: str) -> None:
    loaded = fresh(f"{code}\nimport sys\nprint('loaded', *set({HEAVY!r}) & set(sys.modules))")
    assert loaded.splitlines()[-1] == "loaded"


def test_asking_the_store_does_not_load_spacy() -> None:
    code = "import kg.query, kg.view, kg.export, kg.validate, sys; print('spacy' in sys.modules)"
    assert fresh(code) == "False"
