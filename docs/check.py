"""Hold the docs to the code: `python docs/check.py` checks, `--write` writes what is generated.

1. generated pages are what the code says now: the commands, the named queries, the vocabulary, the
   JSON-LD context, what large runs cost;
2. every link to a file or heading of this project leads somewhere;
3. the Python blocks of the README run, in order, beside `seeds/`.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any  # Typer brings its own copy of Click, which has no public types

from build_architecture import render_architecture
from build_context import CONTEXT, render_context
from build_costs import render_scale
from build_vocabulary import render_vocabulary

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"

WIDTH = 96  # of the help texts, whatever terminal this runs in

COMMANDS_HEAD = """\
# The commands

Made by `make docs` out of `kg COMMAND --help`: change `kg/cli/`.

Standard output is what was asked for, standard error is talk. Exit codes: 0 done; 1 findings,
failed articles, no such event or an ASK that is false; 2 bad usage or input that can't be read,
with one line that says what, where and the way out.
"""

LINK = re.compile(r"!?\[[^\]\n]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#{1,6} +(.+?) *#*$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]*`")


def render_commands() -> str:
    """Make the command reference: each command's help as `--help` tells it, without the boxes."""
    import typer

    from kg.cli import app

    group: Any = typer.main.get_command(app)
    top = _context(group, "kg", None)
    parts = [COMMANDS_HEAD, _help_block("kg", group, top)]
    for name, command in group.commands.items():
        parts.append(_help_block(f"kg {name}", command, _context(command, name, top)))
    return "\n".join(parts)


def _context(command: Any, name: str, parent: Any) -> Any:
    command.rich_markup_mode = None  # plain text: the boxes change with every release of rich
    settings = command.context_settings
    return command.context_class(
        command, info_name=name, parent=parent, terminal_width=WIDTH, **settings
    )


def _help_block(title: str, command: Any, context: Any) -> str:
    told = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    return f"## {title}\n\n```text\n{told}\n```\n"


def generated_pages() -> dict[Path, str]:
    """Give every generated page as the code has it now."""
    from kg.query import queries_page

    return {
        DOCS / "architecture.md": render_architecture(),
        DOCS / "cli.md": render_commands(),
        DOCS / "queries.md": queries_page(),
        DOCS / "scale.md": render_scale(),
        DOCS / "vocabulary.md": render_vocabulary(),
        CONTEXT: render_context(),
    }


def stale_pages(pages: dict[Path, str]) -> Iterator[str]:
    """Name the generated pages that lie otherwise on disk."""
    for path, page in pages.items():
        if not path.exists() or path.read_text(encoding="utf-8") != page:
            yield f"{path.relative_to(ROOT)}: not what the code says; write it with: make docs"


def written_pages() -> list[Path]:
    """Every Markdown page of the project."""
    folders = (ROOT, DOCS, ROOT / "benchmarks", ROOT / "ontology")
    return [page for folder in folders for page in sorted(folder.glob("*.md"))]


def broken_links(pages: Iterable[Path]) -> Iterator[str]:
    """Name the links to files and headings of this project that lead nowhere."""
    for page in pages:
        prose = CODE.sub("", FENCE.sub("", page.read_text(encoding="utf-8")))
        for target in LINK.findall(prose):
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue  # other people's pages are not asked for: the check needs no network
            name, _, heading = target.partition("#")
            linked = page.parent / name if name else page
            if not linked.exists():
                yield f"{page.relative_to(ROOT)}: no file at {target}"
            elif heading and linked.suffix == ".md" and heading not in anchors(linked):
                yield f"{page.relative_to(ROOT)}: no heading at {target}"


def anchors(page: Path) -> set[str]:
    """Give the names by which a page's headings can be linked to."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(prose))
    return {heading.replace(" ", "-") for heading in plain}


def code_blocks(page: Path, language: str) -> list[str]:
    """Give the code of a page's fenced blocks in one language."""
    fences = FENCE.findall(page.read_text(encoding="utf-8"))
    return [code for found, code in fences if found == language]


def failing_code(page: Path) -> Iterator[str]:
    """Run a page's Python blocks one after the other, and tell how they fail."""
    code = "\n".join(code_blocks(page, "python"))
    if not code:
        yield f"{page.relative_to(ROOT)}: has no Python to run"
        return
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "seeds").symlink_to(ROOT / "seeds")
        ran = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code],
            cwd=folder, env={**os.environ, "PYTHONPATH": str(ROOT)}, text=True, encoding="utf-8",
            capture_output=True, check=False,
        )  # fmt: skip
    if ran.returncode:
        yield f"{page.relative_to(ROOT)}: its Python fails: {ran.stderr.strip().splitlines()[-1]}"


def main(arguments: list[str]) -> int:
    """Check, or write with `--write`; the exit code is 1 where something is wrong."""
    pages = generated_pages()
    if arguments == ["--write"]:
        for path, page in pages.items():
            path.write_text(page, encoding="utf-8", newline="\n")
        return 0
    found = [*stale_pages(pages), *broken_links(written_pages())]
    found += failing_code(ROOT / "README.md")
    for problem in found:
        print(problem)
    print(f"docs: {len(found)} problems" if found else "docs: all as the code says")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
