"""One Oxigraph server, read-only, over one folder: it starts, answers a query at a time, and ends.

The program comes with the package `oxigraph`. What it falls short of is made up for here, so that
nobody else has to know: its own time limit doesn't reach sorting and counting, so it is killed; it
writes an error in the middle of an answer into the answer and to its error output, so that is read.
"""

from __future__ import annotations

import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.parse import urlencode

from kg.errors import KGError, StoreError

__all__ = [
    "STORE",
    "Answer",
    "AnswerTooLargeError",
    "Engine",
    "EngineDiedError",
    "Limits",
    "RejectedError",
]

IN_MEMORY = 1 << 20  # bytes of an answer that are kept in memory; what is longer goes to a file
CHUNK = 1 << 16
STORE = "store"  # in a place
READY = "Listening for requests"
FAILED = "Internal server error while streaming results: "
# The guard waits for its standard input to end, which it does when whoever started it has died,
# however that happened. `exec` keeps the process's number, so what is waited for is Oxigraph.
GUARD = """
ulimit -d "$1" 2>/dev/null
place=$2; shift 2
exec 3<&0
( read -r _ <&3; kill -9 $$; rm -rf -- "$place" ) &
exec "$@" 3<&- </dev/null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a query may take.

    Attributes:
        seconds: from when it is asked until its answer is complete.
        answer: bytes of the answer.
        memory: bytes that an Oxigraph server may hold (where the system keeps to `ulimit -d`).
        engines: queries at a time.
        waiting: queries that wait for their turn; more are refused.
    """

    seconds: float = 30.0
    answer: int = 64 << 20
    memory: int = 2 << 30
    engines: int = 4
    waiting: int = 32


class RejectedError(KGError):
    """Oxigraph can't or won't answer the query; the message is its own."""


class AnswerTooLargeError(KGError):
    """The answer is longer than it may be."""


class EngineDiedError(KGError):
    """The server ended in the middle of the query: killed, or out of memory."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete answer.

    Attributes:
        body: to be read from its beginning and closed.
    """

    body: IO[bytes]
    length: int


class Engine:
    """One Oxigraph server; one query at a time."""

    def __init__(self, place: Path, name: str, limits: Limits) -> None:
        """Prepare a server that isn't started yet.

        Args:
            place: a folder made for this, with a copy of the store in `store`. If this process
                dies without ending the server, the folder is removed with all that is in it.
            name: tells it from others in the same place.
            limits: what a query may take.
        """
        self._place, self._log, self._limits = place, place / f"{name}.log", limits
        self._process: subprocess.Popen[bytes] | None = None
        self._ending = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None

    def start(self) -> None:
        """Start the server unless it runs; it answers when this returns.

        Raises:
            StoreError: it can't be started.
        """
        if self._process is not None and _runs(self._process):
            return
        for _ in range(5):  # somebody else may take the free port before Oxigraph does
            self.end()
            if self._started(*_free_address()):
                return
        told = self._said(0).strip().splitlines()
        raise StoreError(f"the SPARQL server doesn't start: {told[0] if told else 'it ended'}")

    def _started(self, host: str, port: int) -> bool:
        self._log.write_bytes(b"")
        self._process = _launch(self._place, f"{host}:{port}", self._limits, self._log)
        # Beyond its time the server is killed; the margin is for the case that nobody is left to.
        seconds = self._limits.seconds + 10
        self._connection = http.client.HTTPConnection(host, port, timeout=seconds)
        give_up = time.monotonic() + 20
        while time.monotonic() < give_up and _runs(self._process):
            if READY in self._said(0):
                return True
            time.sleep(0.002)
        return False

    def ask(self, parameters: Sequence[tuple[str, str]], media_type: str) -> Answer:
        """Ask a query and wait for the whole answer: half a one is never given.

        Args:
            parameters: of the SPARQL 1.1 Protocol, `query` among them.
            media_type: what the answer is to be written in.

        Raises:
            RejectedError: Oxigraph doesn't take the query, or fails at it.
            AnswerTooLargeError: and the server has been ended.
            EngineDiedError: the server ended.
        """
        assert self._connection
        said = self._log.stat().st_size
        try:
            with self._responding(parameters, media_type) as response:
                answer = self._received(response)
        except (OSError, http.client.HTTPException) as error:
            self.end()
            raise EngineDiedError(str(error)) from error
        failed = self._said(said).partition(FAILED)[2]
        if response.status != http.HTTPStatus.OK or failed:
            with answer.body:
                told = failed or answer.body.read(10_000).decode("utf-8", "replace")
            raise RejectedError(" ".join(told.split()))
        return answer

    def _responding(
        self, parameters: Sequence[tuple[str, str]], media_type: str
    ) -> http.client.HTTPResponse:
        """Send a query; over a new connection if Oxigraph has closed the one that was idle."""
        assert self._connection
        body = urlencode(parameters)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": media_type}
        kept = self._connection.sock is not None
        try:
            self._connection.request("POST", "/query", body, headers)
            return self._connection.getresponse()
        except ConnectionError:
            self._connection.close()
            if not kept:
                raise
        self._connection.request("POST", "/query", body, headers)
        return self._connection.getresponse()

    def _received(self, response: http.client.HTTPResponse) -> Answer:
        body: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 (the asker's)
        length = 0
        while chunk := response.read1(CHUNK):
            length += len(chunk)
            if length > self._limits.answer:
                body.close()
                self.end()
                limit = self._limits.answer
                raise AnswerTooLargeError(f"the answer is longer than {limit:,} bytes")
            body.write(chunk)
        body.seek(0)
        return Answer(body, length)

    def _said(self, since: int) -> str:
        with self._log.open("rb") as log:
            log.seek(since)
            return log.read().decode("utf-8", "replace")

    def kill(self) -> None:
        """End the server at once, from whatever thread; a query it works on ends with it."""
        with self._ending:
            if self._process is not None:
                _kill(self._process)

    def end(self) -> None:
        """End the server, if it runs, and wait until it has."""
        if self._connection is not None:
            self._connection.close()
        with self._ending:
            if self._process is not None:
                _kill(self._process)
                self._process.wait()
                assert self._process.stdin
                self._process.stdin.close()
                self._process = None


def _free_address() -> tuple[str, int]:
    """Find an address of this machine where nobody listens, and nobody looks.

    Oxigraph asks nobody who they are: no name in Host, no origin, no password. Linux takes all of
    127.0.0.0/8 for the machine itself, so a web page that has found out about us would have to
    guess one of sixteen million addresses besides the port. Other users of the machine can see it.
    """
    hosts = ["127.0.0.1"]
    if sys.platform == "linux":
        hosts.insert(0, f"127.{'.'.join(str(1 + secrets.randbelow(254)) for _ in range(3))}")
    for host in hosts:
        with socket.socket() as probe, suppress(OSError):  # a container may have 127.0.0.1 alone
            probe.bind((host, 0))
            return host, int(probe.getsockname()[1])
    raise StoreError("there is no free port for the SPARQL server")


def _program() -> str:
    """Find Oxigraph's server beside this Python, else on the path.

    Raises:
        StoreError: it isn't there.
    """
    found = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or shutil.which("oxigraph")
    if found is None:
        raise StoreError("the program `oxigraph` is missing; install it: pip install oxigraph")
    return found


def _launch(place: Path, address: str, limits: Limits, log: Path) -> subprocess.Popen[bytes]:
    command = [_program(), "serve-read-only", "--location", str(place / STORE)]
    # Without --timeout-s: each query would leave a thread that sleeps until its time is over.
    command += ["--bind", address]
    if os.name == "posix":
        guarded = [str(limits.memory // 1024), str(place), *command]
        command = ["/bin/sh", "-c", GUARD, "kg-guard", *guarded]
    # A session of its own: Ctrl-C is for the front, which ends its servers in order.
    with log.open("ab") as said:
        return subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said,
            start_new_session=True,
        )  # fmt: skip


def _runs(process: subprocess.Popen[bytes]) -> bool:
    """Tell whether a process lives, and leave it its number: what is killed by number is ours."""
    if sys.platform == "win32" or not hasattr(os, "waitid"):  # macOS has it since Python 3.13
        return process.poll() is None
    state = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    return state is None


def _kill(process: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":
        process.kill()
        return
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # the guard too
