"""What can be said of a master and of Java before either is started, which takes half a minute."""

from __future__ import annotations

import os
import re
import shutil
import socket
from pathlib import Path

from kg.errors import UsageError

__all__ = ["check_java", "check_master", "configured_master"]

PATIENCE = 5.0  # seconds until a machine has answered that is there
KINDS = "local[N], spark://HOST:PORT, yarn or k8s://https://HOST:PORT"
MASTER = re.compile(
    r"local(?:\[(?:\d+|\*)(?:, *\d+)?\])?"
    r"|local-cluster\[ *\d+ *, *\d+ *, *\d+ *\]"
    r"|yarn"
    r"|spark://(?P<machines>[^/,:]+:\d+(?:,[^/,:]+:\d+)*)"
    r"|k8s://(?:https?://)?(?P<cluster>[^/,:]+:\d+)"
    r"|k8s://.+"
)


def check_java() -> None:
    """See that there is Java where Spark looks for it.

    Raises:
        UsageError: there is none.
    """
    home = os.environ.get("JAVA_HOME")
    if home and not os.access(Path(home, "bin", "java"), os.X_OK):
        raise UsageError(f"--engine spark needs Java 17: JAVA_HOME={home} has no bin/java to run")
    if not home and not shutil.which("java"):
        raise UsageError("--engine spark needs Java 17: install a JRE, or set JAVA_HOME")


def configured_master() -> str | None:
    """Give the master that Spark is configured for on this machine, if it is."""
    home = os.environ.get("SPARK_HOME")
    folder = os.environ.get("SPARK_CONF_DIR") or (home and Path(home, "conf"))
    defaults = Path(folder or ".", "spark-defaults.conf")
    if not folder or not defaults.exists():
        return None
    lines = defaults.read_text(encoding="utf-8", errors="replace").splitlines()
    named = (re.match(r"\s*spark\.master[\s=:]+(\S+)", line) for line in lines)
    return next((match[1] for match in named if match), None)


def check_master(master: str) -> None:
    """See that a master's address is one, and that somebody answers there.

    >>> check_master("local[2]")

    Raises:
        UsageError: it isn't, or nobody does.
    """
    kind = MASTER.fullmatch(master)
    if kind is None:
        raise UsageError(f"--master {master}: is no address of Spark; take {KINDS}")
    machines = kind["machines"] or kind["cluster"]
    if not machines:
        return
    why = [_why_not(*machine.rsplit(":", 1)) for machine in machines.split(",")]
    if all(why):
        raise UsageError(f"--master {master}: nobody answers there ({why[0]}); is it running?")


def _why_not(host: str, port: str) -> str | None:
    """Tell why there is no talking to a machine; None if there is."""
    try:
        socket.create_connection((host, int(port)), PATIENCE).close()
    except (OSError, OverflowError) as error:
        return str(error)
    return None
