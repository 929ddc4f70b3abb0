"""The arguments and options of the commands, as types: their names and what `--help` says."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "AnyLanguage",
    "Asked",
    "Base",
    "Checked",
    "Compare",
    "Compared",
    "Cors",
    "Ending",
    "Engine",
    "Entities",
    "EventWords",
    "Fetch",
    "Fields",
    "Figures",
    "File",
    "Gold",
    "Held",
    "Host",
    "Jobs",
    "Json",
    "Lines",
    "Master",
    "Model",
    "ModelAsBuilt",
    "Out",
    "Page",
    "Partitions",
    "Paths",
    "Port",
    "Quiet",
    "Rows",
    "Shapes",
    "Store",
    "Texts",
    "Timeout",
    "Values",
    "Whole",
]

argument, option = typer.Argument, typer.Option


def named(path: str) -> Path:
    """Take a path that names something: an empty one would be the folder where one stands."""
    if not str(path):
        raise typer.BadParameter("names no folder; for the one where you are, write .")
    return Path(path)


COMPARED = "A file, a publisher's name or a date (2016-05-20, 2016-05)."
ASKED = "A named query, a .rq file or SPARQL; without it the named queries are listed."
KINDS = "ttl, trig, nq, nt, jsonld, rdf, graphml, gexf, csv or jsonl."
PAGE = "Folder of the store, or the .html file to write."
EVENT = "An event's id, the start of it, or words such as 'Russia propose'."
ENDPOINT = "SPARQL 1.1 endpoint that holds the graph in place of the folder."
ENTITIES = "Your own file of entities, or a PETRARCH dictionary; may be given more than once."
GOLD = "Gold events, one JSON line each, as extract writes them."

Paths = Annotated[
    list[str], argument(metavar="PATH...", help="Files, folders, globs, addresses; - is stdin.")
]
Fields = Annotated[
    str, option("--fields", metavar="OURS=KEY,...", help="Keys of records: text=body,date=day.")
]
Fetch = Annotated[bool, option("--fetch", help="Read http(s) addresses from the web.")]
AnyLanguage = Annotated[
    bool, option("--any-language", help="Read what is not English as if it were.")
]
Out = Annotated[
    Path,
    option(
        "--out", help="Folder of store and files.", envvar="KG_OUT", parser=named, metavar="<path>"
    ),
]
Model = Annotated[str, option("--model", help="Installed spaCy pipeline.", envvar="KG_MODEL")]
ModelAsBuilt = Annotated[
    str | None,
    option("--model", help="Installed spaCy pipeline; else as built.", envvar="KG_MODEL"),
]
Held = Annotated[
    list[str], argument(metavar="PATH|ID...", help="Files or folders as read, or articles' ids.")
]
Store = Annotated[str | None, option("--store", metavar="URL", help=ENDPOINT, envvar="KG_STORE")]
Entities = Annotated[list[Path] | None, option("--entities", metavar="FILE", help=ENTITIES)]
Compared = Annotated[str, argument(help=COMPARED)]
Compare = Annotated[str, option("--format", help="table, json or md.")]
Whole = Annotated[bool, option("--all", help="All events, not the first of each heading.")]
Jobs = Annotated[
    int | None,
    option("--jobs", min=1, help="Processes that read; else one a core.", envvar="KG_JOBS"),
]
Engine = Annotated[
    str, option("--engine", help="What does the work: pool (this machine) or spark.")
]
Master = Annotated[
    str | None,
    option("--master", metavar="URL", help="Spark's master; else as Spark is configured."),
]
Partitions = Annotated[
    str | None,
    option("--partitions", metavar="URL|DIR", help="Leave quads in parts there, and no store."),
]
Quiet = Annotated[bool, option("--quiet", "-q", help="Say nothing but errors.")]
Json = Annotated[bool, option("--json", help="Print JSON, for programs.")]
Base = Annotated[str | None, option("--base", help="Base of the IRIs written.")]
Lines = Annotated[str, option("--format", help="jsonl.")]
Rows = Annotated[str, option("--format", help="table, csv, tsv, json or ttl.")]
Ending = Annotated[str | None, option("--format", help=KINDS)]
Figures = Annotated[str, option("--format", help="table or json.")]
Asked = Annotated[str | None, argument(metavar="NAME|FILE|SPARQL", help=ASKED)]
Values = Annotated[list[str] | None, option("--set", metavar="K=V", help="Set a parameter.")]
EventWords = Annotated[str, argument(help=EVENT)]
Page = Annotated[Path, option("--out", help=PAGE, envvar="KG_OUT", parser=named, metavar="<path>")]
File = Annotated[str, argument(metavar="FILE", help="Where to write; - is stdout.")]
Checked = Annotated[
    Path | None, argument(help="A file of RDF, - is TriG on stdin; else the store and its files.")
]
Shapes = Annotated[
    Path | None, option("--shapes", metavar="FILE", help="SHACL shapes of your own, beside ours.")
]
Gold = Annotated[Path, argument(metavar="GOLD", help=GOLD)]
Texts = Annotated[
    list[str] | None, option("--texts", help="The articles; else DOC.txt beside GOLD.")
]
Port = Annotated[int, option("--port", min=0, max=65535, help="Port; 0 takes a free one.")]
Host = Annotated[str, option("--host", help="Address to listen at; 0.0.0.0 is open to all.")]
Timeout = Annotated[float, option("--timeout", min=0.1, help="Seconds that a query may take.")]
Cors = Annotated[
    list[str] | None,
    option("--cors", metavar="ORIGIN", help="A web page that may read the answers; * means all."),
]
