"""Write the page of the rooms from `pyproject.toml` and the modules' docstrings (`make docs`)."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

HEAD = """\
# The rooms

Made by `make docs` out of the import contracts in `pyproject.toml` and the modules' docstrings.

The path of the data is the order of the rooms. Each room hands frozen records (`kg/model.py`) to
the next, and nothing walks back:

```text
files -> Article -> spaCy Doc -> mentions, reported speech -> chains
      -> event mentions with time, entities and code
      -> events merged across articles -> quads -> store -> { SPARQL | page | exports | checks }
```

Four rules hold it together:

- **Offsets are the ground.** A span is half-open, counts code points, and points into the decoded
  file, which nobody touches. Cleaning for the parser happens on a copy with a map back, so that
  `article.text[span.start:span.end]` is the quote for ever.
- **The same in, the same out.** Ids are hashes of content; no clock is read, nothing is random,
  whatever is written is sorted. A second build changes no byte.
- **Words are data.** Names, verbs, cues and codes stand in `ontology/` as tables that people can
  read and change; the code holds no word lists. (`kg/ontology` is a symbolic link, so that wheel,
  sdist and editable install all find them.)
- **The store is the waist.** Above it are functions on records. Below it, in `query`, `view`,
  `export` and `validate`, there is only SPARQL: they import no stage and no spaCy.

Nothing is dropped in silence: each stage counts what it let go, and `report.json` says why.

"""

ORDER = """\
## Who may import whom

A room imports from the lines below its own, never from its own line or one above; a new room fails
the check until it is given a place (`make check` runs import-linter). `import kg` itself loads none
of them: the public names (`kg/__init__.py`) are fetched when they are first asked for.

"""


def render_architecture() -> str:
    """Make the page as text."""
    layers = _layers()
    parts = [HEAD, ORDER, "```text\n", *(f"{layer}\n" for layer in layers), "```\n\n"]
    parts += ["## What is in each\n\n", "| room | |\n|---|---|\n"]
    for room in (name for layer in layers for name in layer.split(" | ")):
        parts.append(f"| `{room}` | {_first_line(room)} |\n")
    return "".join(parts)


def _layers() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return next(list(found["layers"]) for found in contracts if found["type"] == "layers")


def _first_line(room: str) -> str:
    folder = ROOT / "kg" / room
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    told = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return told.partition("\n\n")[0].replace("\n", " ").replace("|", "\\|")
