"""The command line: parses, calls the library, prints. stdout is data, stderr is talk.

Exit codes: 0 done; 1 findings, failed articles, no such event or an ASK that is false; 2 bad usage
or input that can't be read, with one line that says what, where and the way out.

`program` is what the commands share; each other module registers a few commands on it, in the order
in which `kg --help` lists them.
"""

from kg.cli import making, asking, comparing, showing, checking  # noqa: F401, I001 (the order of --help)
from kg.cli.program import app, run

__all__ = ["app", "run"]
