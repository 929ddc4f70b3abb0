"""Commands that look for what is wrong: validate, doctor."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path

import typer

from kg.cli import options as o
from kg.cli.program import DEFAULT_MODEL, app, print_json, stored

__all__: list[str] = []


@app.command()
def validate(
    file: o.Checked = None,
    out: o.Out = Path("out"),
    shapes: o.Shapes = None,
    fields: o.Fields = "",
    as_json: o.Json = False,
    store: o.Store = None,
) -> None:
    """Check the graph against its shapes, and every stored quote against its source file."""
    from kg.read import ReadOptions, parse_fields, read_articles
    from kg.validate import check_sources, open_file, validate_graph

    read = partial(
        read_articles, options=ReadOptions(fields=parse_fields(fields), any_language=True)
    )
    with stored(out, store) if file is None else open_file(file) as graph:
        findings = [*validate_graph(graph, shapes), *check_sources(graph, Path(), read)]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        for finding in findings:
            print(f"{finding.what}: {finding.where}: {finding.message}")
        well = "valid: the shapes hold and every quote stands in its file"
        print(f"{len(findings)} findings" if findings else well)
    raise typer.Exit(1 if findings else 0)


@app.command()
def doctor(
    model: o.Model = DEFAULT_MODEL, out: o.Out = Path("out"), as_json: o.Json = False
) -> None:
    """Show versions, model and store, what is missing and the command that mends it."""
    from kg.doctor import examine

    checks = examine(model, out)
    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        print("\n".join(map(str, checks)))
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)
