"""Commands that hand the graph on: view, export, serve."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.cli import options as o
from kg.cli.program import app, stored

__all__: list[str] = []


@app.command()
def view(out: o.Page = Path("out"), store: o.Store = None) -> None:
    """Write the page that shows the graph and print its path."""
    from kg.view import write_page

    page = out if out.suffix == ".html" else out / "graph.html"
    with stored(page.parent, store) as graph:
        path = write_page(graph, page, tell=_say)
    print(path)


def _say(shown: str) -> None:
    print(f"kg: the page shows {shown}", file=sys.stderr)


@app.command()
def export(
    file: o.File, out: o.Out = Path("out"), format: o.Ending = None, store: o.Store = None
) -> None:
    """Write the graph for other tools, in the format of the file's ending."""
    from kg.export import export as export_graph
    from kg.export import write_export

    with stored(out, store) as graph:
        if file == "-":
            write_export(graph, format or "ttl", sys.stdout.buffer)
        else:
            print(export_graph(graph, file, format))


@app.command()
def serve(
    out: o.Out = Path("out"),
    port: o.Port = 8000,
    host: o.Host = "127.0.0.1",
    timeout: o.Timeout = 30.0,
    cors: o.Cors = None,
    store: o.Store = None,
) -> None:
    """Serve the explorer, the articles and a SPARQL endpoint, and print the address."""
    from kg.serve import Limits, Server, Settings

    limits = Limits(seconds=timeout)
    settings = Settings(host=host, port=port, origins=tuple(cors or ()), limits=limits)
    server = Server(store or out, settings)
    print(server.address, flush=True)
    server.run()
