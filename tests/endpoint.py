"""A real SPARQL server for tests: the one from the package `oxigraph`, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sysconfig
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["running_server"]

MEMORY = 2 << 30  # bytes
PROGRAM = Path(sysconfig.get_path("scripts")) / "oxigraph"


@contextmanager
def running_server(*options: str) -> Iterator[str]:
    """Start the server in memory and give its address; it ends with the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [str(PROGRAM), "serve", "--bind", f"127.0.0.1:{port}", *options]
    if os.name == "posix":  # a query without an end must not take the machine's memory
        command = ["/bin/sh", "-c", f'ulimit -d {MEMORY >> 10}; exec "$@"', "capped", *command]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait(address: str, server: subprocess.Popen[bytes]) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"{address}/query?query=ASK%20%7B%7D", timeout=5).close()
        except urllib.error.HTTPError as error:
            error.close()
            raise
        except OSError:
            assert server.poll() is None, "the server ended"
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server doesn't answer")
