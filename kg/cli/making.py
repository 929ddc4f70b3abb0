"""Commands that read articles: build, add, remove, extract, attributions, triples, eval."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, NoReturn

import typer

from kg.cli import options as o
from kg.cli.program import (
    DEFAULT_MODEL,
    app,
    cores,
    going_on_later,
    print_json,
    progress_bar,
    tell_failures,
)
from kg.errors import UsageError

if TYPE_CHECKING:
    from kg.build import PartsReport, Report
    from kg.engine import Engine
    from kg.extraction import Extraction
    from kg.read import ReadOptions
    from kg.spark import Spark

__all__: list[str] = []

PASSED_OVER_SHOWN = 5  # lines of a dictionary: who has hundreds of them wrong sees that from five


@app.command()
def build(
    paths: o.Paths,
    out: o.Out = Path("out"),
    model: o.Model = DEFAULT_MODEL,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    base: o.Base = None,
    store: o.Store = None,
    fields: o.Fields = "",
    fetch: o.Fetch = False,
    any_language: o.AnyLanguage = False,
    entities: o.Entities = None,
    jobs: o.Jobs = None,
    engine: o.Engine = "pool",
    master: o.Master = None,
    partitions: o.Partitions = None,
) -> None:
    """Read articles and write store, Turtle, TriG, page and report."""
    if engine != "spark" and (engine != "pool" or master or partitions):
        raise UsageError("--engine is pool or spark; --master and --partitions go with spark")
    own, reading = _told(entities), _reading(fields, fetch, any_language)
    if partitions:
        with going_on_later(here=False):
            parts = _parts(paths, partitions, master, model, base, own, reading)
        _tell(parts, out, quiet, as_json)
    at_work = _engine(engine, master, out, jobs, model, own)
    with going_on_later(engine == "pool"), at_work as worker, progress_bar(quiet) as tell:
        from kg.build import build as build_graph  # after Spark, which loads it while Java starts
        from kg.rdf import DEFAULT_BASE

        report = build_graph(
            paths,
            out,
            model=model,
            base=base or DEFAULT_BASE,
            store=store,
            entities=own,
            progress=tell,
            options=reading,
            engine=worker,
        )
    _tell(report, out, quiet, as_json)


def _parts(
    paths: list[str],
    partitions: str,
    master: str | None,
    model: str,
    base: str | None,
    entities: list[Path],
    reading: ReadOptions,
) -> PartsReport:
    with _spark(master, partitions, model, entities) as engine:
        from kg.build import build_parts
        from kg.rdf import DEFAULT_BASE

        base = base or DEFAULT_BASE
        return build_parts(
            paths, engine, model=model, base=base, entities=entities, options=reading
        )


@contextmanager
def _spark(master: str | None, folder: str, model: str, entities: list[Path]) -> Iterator[Spark]:
    from kg.spark import session

    with session(master) as running:
        from kg.spark import Spark
        from kg.worker import Recipe, packed

        yield Spark(running, folder, Recipe(model, tuple(map(str, entities)), packed))


@contextmanager
def _engine(
    name: str, master: str | None, out: Path, jobs: int | None, model: str, entities: list[Path]
) -> Iterator[Engine]:
    """Give what does the work of a build; what Spark leaves on its way goes with it."""
    if name == "pool":
        from kg.engine import Pool

        yield Pool(jobs=jobs or cores())
        return
    folder = out / "spark.new"  # beside the store: where there is room for it
    with _spark(master, str(folder), model, entities) as engine:
        try:
            yield engine
        finally:
            rmtree(folder, ignore_errors=True)


@app.command()
def add(
    paths: o.Paths,
    out: o.Out = Path("out"),
    model: o.ModelAsBuilt = None,
    quiet: o.Quiet = False,
    as_json: o.Json = False,
    fields: o.Fields = "",
    fetch: o.Fetch = False,
    any_language: o.AnyLanguage = False,
    entities: o.Entities = None,
    jobs: o.Jobs = None,
) -> None:
    """Add new and changed articles to the graph; the others aren't read again."""
    from kg.build import add as add_articles

    reading, own = _reading(fields, fetch, any_language), _told(entities) or None
    with going_on_later(), progress_bar(quiet) as tell:
        report = add_articles(
            paths,
            out,
            model=model,
            entities=own,
            progress=_set_aside(tell),
            options=reading,
            jobs=jobs or cores(),
        )
    _tell(report, out, quiet, as_json)


def _set_aside(tell: Callable[[int, int], None] | None) -> Callable[[int, int], None]:
    """Have the collector of garbage pass over the model and the tables once all is read.

    They stay to the end of the process, which is ours alone, and would be walked again and again.
    """

    def told(done: int, total: int) -> None:
        if tell is not None:
            tell(done, total)
        if done == total:
            gc.freeze()

    return told


@app.command()
def remove(
    wanted: o.Held,
    out: o.Out = Path("out"),
    quiet: o.Quiet = False,
    as_json: o.Json = False,
) -> None:
    """Withdraw articles from the graph, by path or id."""
    from kg.build import remove as remove_articles

    with going_on_later(), progress_bar(quiet) as tell:
        report = remove_articles(wanted, out, progress=tell)
    _tell(report, out, quiet, as_json)


def _tell(report: Report | PartsReport, out: Path, quiet: bool, as_json: bool) -> NoReturn:
    """Print what a run did and end with its code."""
    if as_json:
        print(report.to_json(), end="")
    elif not quiet:
        print(report.to_text(out), end="")
    tell_failures(report.failed)
    raise typer.Exit(report.return_code)


def _reading(fields: str, fetch: bool, any_language: bool) -> ReadOptions:
    from kg.read import ReadOptions, parse_fields

    return ReadOptions(fields=parse_fields(fields), fetch=fetch, any_language=any_language)


def _told(entities: list[Path] | None) -> list[Path]:
    """Say which lines of dictionaries were passed over, before anything is read with them."""
    from kg.curation import read_curation

    passed_over = read_curation(entities or ()).passed_over
    for line in passed_over[:PASSED_OVER_SHOWN]:
        print(f"kg: passed over: {line}", file=sys.stderr)
    if passed_over[PASSED_OVER_SHOWN:]:
        more = len(passed_over) - PASSED_OVER_SHOWN
        print(f"kg: passed over: {more} more lines like these", file=sys.stderr)
    return entities or []


def _extracted(
    paths: list[str],
    model: str,
    entities: list[Path] | None,
    reading: ReadOptions | None = None,
    jobs: int | None = None,
) -> Extraction:
    from kg.extraction import extract as extract_events

    own = _told(entities)
    with progress_bar() as tell:
        extraction = extract_events(
            paths,
            model=model,
            entities=own,
            progress=tell,
            options=reading,
            jobs=jobs or cores(),
        )
    tell_failures((*extraction.failed, *extraction.passed_over))
    return extraction


def _print_lines(lines: Iterable[object]) -> None:
    for line in lines:
        print(json.dumps(line, ensure_ascii=False))


@app.command()
def extract(
    paths: o.Paths,
    model: o.Model = DEFAULT_MODEL,
    format: o.Lines = "jsonl",
    fields: o.Fields = "",
    fetch: o.Fetch = False,
    any_language: o.AnyLanguage = False,
    entities: o.Entities = None,
    jobs: o.Jobs = None,
) -> None:
    """Print every event mention as a JSON line; no store is written."""
    from kg.lines import reading_lines

    if format not in {"jsonl", "json"}:
        raise UsageError(f"--format {format}: extract prints jsonl")
    reading = _reading(fields, fetch, any_language)
    extraction = _extracted(paths, model, entities, reading, jobs)
    _print_lines(reading_lines(extraction.named(), extraction.event_ids()))
    raise typer.Exit(extraction.return_code)


@app.command()
def attributions(
    paths: o.Paths,
    model: o.Model = DEFAULT_MODEL,
    fields: o.Fields = "",
    fetch: o.Fetch = False,
    any_language: o.AnyLanguage = False,
    entities: o.Entities = None,
    jobs: o.Jobs = None,
) -> None:
    """Print who said what, as spans, a JSON line each."""
    from kg.lines import attribution_lines

    reading = _reading(fields, fetch, any_language)
    extraction = _extracted(paths, model, entities, reading, jobs)
    _print_lines(attribution_lines(extraction.named()))
    raise typer.Exit(extraction.return_code)


@app.command()
def triples(
    paths: o.Paths,
    model: o.Model = DEFAULT_MODEL,
    fields: o.Fields = "",
    fetch: o.Fetch = False,
    any_language: o.AnyLanguage = False,
    jobs: o.Jobs = None,
) -> None:
    """Print open triples: sentence, confidence, predicate and arguments, with tabs between."""
    from kg.extraction import extract_triples
    from kg.lines import triple_lines

    with progress_bar() as tell:
        options = _reading(fields, fetch, any_language)
        extraction = extract_triples(
            paths, model=model, progress=tell, options=options, jobs=jobs or cores()
        )
    tell_failures((*extraction.failed, *extraction.passed_over))
    for line in triple_lines(extraction.named()):
        print(line)
    raise typer.Exit(extraction.return_code)


@app.command(name="eval")
def evaluate(
    gold: o.Gold,
    texts: o.Texts = None,
    model: o.Model = DEFAULT_MODEL,
    as_json: o.Json = False,
    format: o.Figures = "table",
    entities: o.Entities = None,
) -> None:
    """Score what is read out of the texts against gold events."""
    from kg.evaluate import read_gold, score_events
    from kg.lines import reading_lines

    events = read_gold(gold)
    beside = [
        str(gold.parent / f"{doc}.txt") for doc in sorted({str(event["doc"]) for event in events})
    ]
    extraction = _extracted(texts or beside, model, entities)
    found = reading_lines(extraction.named(), extraction.event_ids())
    score = score_events(events, found)
    if as_json or format == "json":
        print_json(asdict(score))
    else:
        print(score)
    raise typer.Exit(extraction.return_code)
