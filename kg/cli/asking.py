"""Commands that ask the store: query, why."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import typer

from kg.cli import options as o
from kg.cli.program import app, fail, print_json, stored
from kg.errors import UsageError

__all__: list[str] = []


@app.command()
def query(
    asked: o.Asked = None,
    out: o.Out = Path("out"),
    format: o.Rows = "table",
    as_json: o.Json = False,
    parameters: o.Values = None,
    store: o.Store = None,
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
    wanted = "json" if as_json else format
    with stored(out, store) as graph:
        set_ = {key: value for key, _, value in pairs}
        answer = queries.run_query(graph, asked, set_, paged=wanted == "table")
    if isinstance(answer, queries.Rows | queries.Triples):
        print(answer.to_format(wanted), end="")
        return
    said = "yes" if answer else "no"
    print(json.dumps({"head": {}, "boolean": answer}) if wanted == "json" else said)
    raise typer.Exit(0 if answer else 1)


@app.command()
def why(
    event: o.EventWords, out: o.Out = Path("out"), as_json: o.Json = False, store: o.Store = None
) -> None:
    """Show the sentences, speakers, sources and rules behind an event."""
    from kg.errors import QueryError
    from kg.query import explain_event

    with stored(out, store) as graph:
        try:
            explanation = explain_event(graph, event)
        except QueryError as error:
            fail(str(error), 1)
    if as_json:
        print_json(asdict(explanation))
    else:
        print(explanation.to_text(), end="")
