"""The server that listens: waitress in front, which takes slow and broken clients upon itself."""

from __future__ import annotations

import errno
import ipaddress
import logging
import shutil
import signal
import socket
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType, TracebackType
from typing import Any

from kg.errors import UsageError
from kg.serve.application import BODY, LOOPBACK, Access, Application
from kg.serve.engine import STORE, Limits
from kg.serve.mirror import mirrored
from kg.serve.snapshot import Snapshots
from kg.store import is_url

__all__ = ["Server", "Settings"]

HEADER = 64 << 10  # bytes of a request's head, its address included
CONNECTIONS = 256
SILENCE = 60  # seconds after which a connection that says nothing is closed
GRACE = 2.0  # seconds that requests have to end in when the server ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How to serve.

    Attributes:
        host: address to listen at; any but the machine's own is open to the network.
        port: 0 takes a free one.
        origins: see `Access`.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    origins: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)


class Server:
    """A graph, served; from when this is made until `close`.

    Attributes:
        address: where, with a slash at its end.
    """

    def __init__(self, source: str | Path, settings: Settings | None = None) -> None:
        """Open a graph and listen.

        Args:
            source: the folder of a graph, or the `http(s)://` address of a SPARQL 1.1 endpoint,
                whose graphs are copied as they are now.
            settings: how to serve.

        Raises:
            StoreError: there is no store, or the SPARQL server doesn't start.
            UsageError: host or port can't be had.
        """
        import waitress

        logging.getLogger("waitress").setLevel(logging.ERROR)  # a queue is no trouble
        settings = settings or Settings()
        listening = _listen(settings)
        self._goes_along = ExitStack()
        try:
            folder = Path(source)
            if is_url(source):
                folder = Path(self._goes_along.enter_context(mirrored(str(source))))
            self._snapshots = Snapshots(folder / STORE, settings.limits)
            if is_url(source):  # the snapshot is enough
                shutil.rmtree(folder / STORE, ignore_errors=True)
        except BaseException:
            listening.close()
            self._goes_along.close()
            raise
        own = ipaddress.ip_address(listening.getsockname()[0]).is_loopback
        access = Access(hosts=_names(settings.host) if own else None, origins=settings.origins)
        self._table: dict[int, Any] = {}  # waitress' own; it has no types
        self._http = waitress.create_server(
            Application(self._snapshots, access), map=self._table, sockets=[listening], ident="kg",
            threads=settings.limits.engines + settings.limits.waiting + 4,
            connection_limit=CONNECTIONS, channel_timeout=SILENCE, log_socket_errors=False,
            max_request_header_size=HEADER, max_request_body_size=4 * BODY,
            channel_request_lookahead=1, asyncore_use_poll=True, clear_untrusted_proxy_headers=True,
        )  # fmt: skip
        self._http.channel_class = _channels()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None
        self.address = f"http://{_written(settings.host)}:{listening.getsockname()[1]}/"

    def run(self) -> None:
        """Serve until Ctrl-C, SIGTERM or `end`, then let go of everything."""
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, self._interrupt)
        try:
            while not self._ending.is_set():
                self._turn(1)
        finally:
            self._let_go()

    def start(self) -> Server:
        """Serve in a thread of its own, as in a notebook; starting twice is no error."""
        if self._thread is None:
            self._thread = threading.Thread(target=self.run, name="kg serve", daemon=True)
            self._thread.start()
        return self

    def end(self) -> None:
        """Have it end soon, from whatever thread."""
        self._ending.set()
        self._http.pull_trigger()

    def close(self) -> None:
        """End it and wait until it has; closing twice is no error."""
        if self._thread is not None:
            self.end()
            self._thread.join()
            self._thread = None
        elif not self._ending.is_set():
            self._ending.set()
            self._let_go()

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)  # a second time ends it at once
        self.end()

    def _turn(self, seconds: float) -> None:
        """Do what is to be done on the connections, or wait so long for something."""
        self._http.asyncore.loop(timeout=seconds, use_poll=True, map=self._table, count=1)

    def _let_go(self) -> None:
        """Take no more requests, let those that run end, if they do so soon, and stop all else."""
        self._http.del_channel()
        self._http.socket.close()  # its own `close` would take the trigger from those that answer
        give_up = time.monotonic() + GRACE
        while self._answering() and time.monotonic() < give_up:
            self._turn(0.05)
        self._snapshots.close()
        self._goes_along.close()
        self._http.task_dispatcher.shutdown(timeout=GRACE)
        for channel in list(self._http.active_channels.values()):
            channel.handle_close()
        if not self._http.task_dispatcher.threads:
            self._http.trigger.close()

    def _answering(self) -> bool:
        channels = list(self._http.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)

    def __enter__(self) -> Server:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _repr_html_(self) -> str:
        """Show the address in a notebook."""
        return f'<a href="{self.address}" target="_blank" rel="noopener">{self.address}</a>'


def _channels() -> Any:
    """Make waitress' connections answer what they would break off over: GET http://[x/ HTTP/1.1."""
    from waitress.channel import HTTPChannel
    from waitress.parser import HTTPRequestParser, ParsingError

    class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
        def parse_header(self, header_plus: bytes) -> None:
            try:
                super().parse_header(header_plus)
            except ValueError as error:
                raise ParsingError("Bad URI") from error

    class Channel(HTTPChannel):  # type: ignore[misc]
        parser_class = Parser

    return Channel


def _listen(settings: Settings) -> socket.socket:
    """Take the address before any work is done.

    Raises:
        UsageError: it can't be had.
    """
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)
        # "localhost" may be two addresses; the older one is what every client tries.
        family, *_, place = min(found, key=lambda each: each[0] != socket.AF_INET)
        return socket.create_server(place[:2], family=family)
    except (OSError, UnicodeError, OverflowError) as error:
        where = f"{_written(settings.host)}:{settings.port}"
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            raise UsageError(f"{where} is taken; --port 0 takes a free port") from error
        why = getattr(error, "strerror", None) or error
        raise UsageError(f"{where} can't be had: {why}; see --host and --port") from error


def _names(host: str) -> tuple[str, ...]:
    return (*LOOPBACK, _written(host).lower())


def _written(host: str) -> str:
    return f"[{host}]" if ":" in host else host
