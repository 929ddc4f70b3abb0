"""The Oxigraph servers over one snapshot: a query each, ended when its time is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kg.errors import KGError
from kg.serve.engine import Answer, Engine, EngineDiedError, Limits

__all__ = ["BusyError", "Pool", "TooSlowError"]

LOOK = 0.1  # seconds between two looks at the clock while a query runs


class BusyError(KGError):
    """As many queries as may wait are waiting."""


class TooSlowError(KGError):
    """The query's time is over; its server has been ended and works on nothing more."""


@dataclass(slots=True, eq=False)
class _Work:
    """A query that runs.

    Attributes:
        abandoned: tells whether whoever asked has gone.
        ended: it was killed.
    """

    engine: Engine
    until: float
    abandoned: Callable[[], bool]
    ended: bool = False

    def over(self) -> bool:
        return time.monotonic() > self.until or self.abandoned()


class Pool:
    """Servers in one place, started as they are needed; the last used is used first."""

    def __init__(self, place: Path, limits: Limits) -> None:
        """Prepare them; for `place` see `Engine`."""
        self._limits = limits
        self._idle = [
            Engine(place, f"engine-{number}", limits) for number in reversed(range(limits.engines))
        ]
        lock = threading.Lock()
        self._free, self._busy = threading.Condition(lock), threading.Condition(lock)
        self._waiting = 0
        self._work: list[_Work] = []
        self._closed = False
        self._watch: threading.Thread | None = None

    def warm(self) -> None:
        """Start one server.

        Raises:
            StoreError: it can't be started.
        """
        self._idle[-1].start()

    def ask(
        self,
        parameters: Sequence[tuple[str, str]],
        media_type: str,
        abandoned: Callable[[], bool] = lambda: False,
    ) -> Answer:
        """Ask a query; see `Engine.ask`.

        Args:
            abandoned: tells whether whoever asked has gone; then the query is ended too.

        Raises:
            BusyError: too many queries wait, or this one waited in vain.
            TooSlowError: it takes longer than it may, or was abandoned.
        """
        with self._engine() as engine:
            engine.start()
            with self._watched(engine, abandoned) as work:
                try:
                    return engine.ask(parameters, media_type)
                except EngineDiedError as error:
                    if work.ended:
                        seconds = self._limits.seconds
                        raise TooSlowError(f"it takes longer than {seconds:g} seconds") from error
                    raise

    @contextmanager
    def _engine(self) -> Iterator[Engine]:
        """Have a server for oneself, as soon as one is free."""
        with self._free:
            if self._waiting >= self._limits.waiting:
                raise BusyError("too many queries wait")
            self._waiting += 1
            try:
                if not self._free.wait_for(lambda: self._idle, self._limits.seconds):
                    raise BusyError("the others take too long")
                engine = self._idle.pop()
            finally:
                self._waiting -= 1
        try:
            yield engine
        finally:
            with self._free:
                self._idle.append(engine)
                self._free.notify()

    @contextmanager
    def _watched(self, engine: Engine, abandoned: Callable[[], bool]) -> Iterator[_Work]:
        """Have an eye kept on the time while a query runs."""
        work = _Work(engine, time.monotonic() + self._limits.seconds, abandoned)
        with self._busy:
            self._work.append(work)
            if self._watch is None:
                self._watch = threading.Thread(target=self._keep, name="watch", daemon=True)
                self._watch.start()
            self._busy.notify()
        try:
            yield work
        finally:
            with self._busy:
                self._work.remove(work)
            if work.ended:
                engine.end()

    def _keep(self) -> None:
        """End what is over; sleep while nothing runs."""
        while not self._closed:
            with self._busy:
                if not self._work and not self._closed:
                    self._busy.wait()
                for work in self._work:
                    if work.over():
                        work.ended = True
                        work.engine.kill()
            time.sleep(LOOK)

    def close(self) -> None:
        """End all servers, and with them what they work on."""
        with self._free:
            self._closed = True
            self._busy.notify()
            for work in self._work:
                work.ended = True
                work.engine.kill()
            for engine in self._idle:
                engine.end()
