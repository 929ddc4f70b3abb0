"""The docs say what the code does; and the check that says so can fail."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from kg.lines import event_lines
from tests.news_sample import sample_news

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def check() -> Iterator[Any]:
    sys.path.insert(0, str(ROOT / "docs"))
    yield importlib.import_module("check")
    sys.path.remove(str(ROOT / "docs"))


def test_the_generated_pages_are_what_the_code_says(check: Any) -> None:
    assert list(check.stale_pages(check.generated_pages())) == []


def test_a_page_that_differs_is_named(check: Any) -> None:
    pages = {ROOT / "docs" / "cli.md": "other"}
    (told,) = check.stale_pages(pages)
    assert told.startswith("docs/cli.md")


def test_the_links_lead_somewhere(check: Any) -> None:
    assert list(check.broken_links(check.written_pages())) == []


def test_a_link_to_nowhere_is_named(
    check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "# A page, and more\n[up](#a-page-and-more) [gone](gone.md) [down](#gone) `[code](x.md)`\n"
        "```\n[code](y.md)\n```\n[else](page.md#nowhere) [web](https://example.org)\n",
        encoding="utf-8",
    )
    told = [problem.rpartition(" ")[2] for problem in check.broken_links([page])]
    assert told == ["gone.md", "#gone", "page.md#nowhere"]


@pytest.mark.model
def test_the_python_of_the_readme_runs(check: Any) -> None:
    assert list(check.failing_code(ROOT / "README.md")) == []


def test_python_that_fails_is_named(
    check: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check, "ROOT", tmp_path)
    page = tmp_path / "page.md"
    page.write_text(
        "```python\nx = 1\n```\n\n```python\nassert x == 2, 'no'\n```\n", encoding="utf-8"
    )
    assert list(check.failing_code(page)) == ["page.md: its Python fails: AssertionError: no"]


def test_every_command_has_a_heading(check: Any) -> None:
    page = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")
    assert {"kg-build", "kg-why", "kg-doctor"} <= check.anchors(ROOT / "docs" / "cli.md")
    assert page.count("```text") == page.count("## kg")


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [page.name for page in (ROOT / "docs").glob("*.md") if page.name != "README.md"]
    assert [page for page in sorted(pages) if f"]({page})" not in index] == []


def test_the_event_line_of_the_readme_has_the_keys_that_are_written() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = json.loads(re.findall(r"```json\n(.*?)```", readme, re.DOTALL)[0])
    written = list(event_lines(sample_news()))
    assert [key for key in shown if any(key not in line for line in written)] == []
    for role in ("actor", "target"):
        parts = [part for line in written for part in line[role]]
        assert parts
        assert [key for key in shown[role][0] if any(key not in part for part in parts)] == []
    times = [line["time"] for line in written if line["time"]]
    assert times
    assert all(shown["time"].keys() <= time.keys() for time in times)


def test_the_commands_of_the_readme_exist(check: Any) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    known = check.anchors(ROOT / "docs" / "cli.md")
    named = set(re.findall(r"(?:\.venv/bin/|`)kg ([a-z]+)", readme))
    assert len(named) > 5
    assert [name for name in sorted(named) if f"kg-{name}" not in known] == []


def test_the_recipes_of_the_readme_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pages = [ROOT / "README.md", ROOT / "docs" / "README.md", ROOT / ".ci" / "run"]
    told = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", told, re.MULTILINE))
    assert {"graph", "test", "check", "docs"} <= named
    assert [
        name for name in sorted(named) if not re.search(rf"^{name}:", makefile, re.MULTILINE)
    ] == []


def test_no_registry_is_named() -> None:
    files = [ROOT / name for name in ("Makefile", "constraints.txt", "pyproject.toml", ".ci/run")]
    named = [file.name for file in files if re.search(r"https?:", file.read_text(encoding="utf-8"))]
    assert named == []
