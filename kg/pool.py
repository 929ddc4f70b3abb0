"""Work in several processes: results in the order of the work, whatever dies on the way.

A process that dies (killed, out of memory, a fault in a library) takes nothing with it but the work
it had: that is tried again alone, first as it was, then piece by piece, and a piece that kills its
process twice then is given up. What is under way is bounded, so memory doesn't grow with the work.

Where that is safe, what does the work is made once and the processes are forked from it, so that
each further one costs next to nothing; elsewhere each makes its own. None outlives who started it:
all hold one end of a pipe, and leave when the other is closed, by will or by death.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Generic, TypeVar  # Any: what a process keeps is its work's own affair

__all__ = ["Start", "forks", "map_apart", "map_batches"]

Piece = TypeVar("Piece")
Done = TypeVar("Done")

Start = Callable[[], Callable[[Sequence[Piece]], list[Done]]]
"""Makes, once, what does the work; can be pickled."""

SELDOM = 100_000  # new objects between collections: what comes back is kept, and has no cycles
AHEAD = 2  # batches under way for each process: one at work and one waiting


def map_batches(
    start: Start[Piece, Done],
    batches: Iterable[Sequence[Piece]],
    lost: Callable[[Piece], Done],
    jobs: int = 1,
) -> Iterator[list[Done]]:
    """Do work batch by batch; results come in the order of the batches.

    Args:
        start: makes what takes a batch and gives a result a piece.
        lost: gives the result of a piece that killed every process that tried it.
        jobs: processes; 1 means this one, where nothing survives what kills it.

    >>> list(map_batches(lambda: lambda numbers: [2 * n for n in numbers], [[1, 2], [3]], abs))
    [[2, 4], [6]]
    """
    if jobs <= 1:
        work = start()
        for batch in batches:
            yield work(batch)
        return
    with _made(start) as made:
        pool = _Pool(_Making(start, made), lost, jobs)
        try:
            for batch in batches:
                pool.put(batch)
                while pool.is_full():
                    yield pool.take()
            while pool.waiting:
                yield pool.take()
        finally:
            pool.close()


def forks() -> bool:
    """Tell whether processes are forked: a fork in the midst of threads may hang, so not then."""
    return sys.platform == "linux" and threading.active_count() == 1


Work = Callable[[Sequence[Piece]], list[Done]]


@contextmanager
def _made(start: Start[Piece, Done]) -> Iterator[Work[Piece, Done] | None]:
    """Make what does the work now, if processes can be forked: they share its memory."""
    if not forks():
        yield None
        return
    work = start()
    gc.collect()
    gc.freeze()  # else the collector of each process writes to every page, and none is shared
    usual = gc.get_threshold()
    gc.set_threshold(SELDOM, *usual[1:])
    try:
        yield work
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


@dataclass(frozen=True, slots=True)
class _Making(Generic[Piece, Done]):
    """How a process comes by what does the work: makes it, or has it from who forked it."""

    start: Start[Piece, Done]
    made: Work[Piece, Done] | None


def map_apart(
    start: Start[Piece, Done],
    batches: Iterable[Sequence[Piece]],
    lost: Callable[[Piece], Done],
) -> Iterator[list[Done]]:
    """Do work batch by batch in one other process, which is replaced whenever it dies."""
    with _made(start) as made:
        alone = _Alone(_Making(start, made), lost)
        try:
            for batch in batches:
                yield alone.do(batch)
        finally:
            alone.close()


class _Pool(Generic[Piece, Done]):
    """Processes, and the batches that are with them."""

    def __init__(
        self, making: _Making[Piece, Done], lost: Callable[[Piece], Done], jobs: int
    ) -> None:
        self._making, self._lost, self._jobs = making, lost, jobs
        self.waiting: deque[tuple[Sequence[Piece], Future[list[Done]] | list[Done]]] = deque()
        self._workers = _Workers(jobs, making)

    def put(self, batch: Sequence[Piece]) -> None:
        try:
            self.waiting.append((batch, self._workers.submit(batch)))
        except BrokenProcessPool:
            self._mend()
            self.put(batch)

    def is_full(self) -> bool:
        return len(self.waiting) >= AHEAD * self._jobs

    def take(self) -> list[Done]:
        found = self.waiting[0][1]
        if isinstance(found, Future):
            try:
                found = found.result()
            except BrokenProcessPool:
                self._mend()
                return self.take()
        self.waiting.popleft()
        return found

    def _mend(self) -> None:
        """Do alone what was under way when a process died, and go on with new processes."""
        self.close()
        alone = _Alone(self._making, self._lost)
        try:
            for number, (batch, found) in enumerate(self.waiting):
                if isinstance(found, Future):
                    self.waiting[number] = (batch, _rescued(found) or alone.do(batch))
        finally:
            alone.close()
        self._workers = _Workers(self._jobs, self._making)

    def close(self) -> None:
        self._workers.close()


def _rescued(found: Future[list[Done]]) -> list[Done] | None:
    """Give what was done before the others died."""
    if found.done() and not found.cancelled() and found.exception() is None:
        return found.result()
    return None


class _Alone(Generic[Piece, Done]):
    """One process, and a new one whenever it dies."""

    def __init__(self, making: _Making[Piece, Done], lost: Callable[[Piece], Done]) -> None:
        self._making, self._lost = making, lost
        self._workers = _Workers(1, making)

    def do(self, batch: Sequence[Piece]) -> list[Done]:
        done = self._tried(batch)
        if done is None and len(batch) > 1:
            return [one for piece in batch for one in self.do([piece])]
        return done or self._tried(batch) or [self._lost(batch[0])]

    def _tried(self, batch: Sequence[Piece]) -> list[Done] | None:
        try:
            return self._workers.submit(batch).result()
        except BrokenProcessPool:
            self.close()
            self._workers = _Workers(1, self._making)
            return None

    def close(self) -> None:
        self._workers.close()


class _Workers:
    """Processes that wait for work, and leave when nobody holds them any more."""

    def __init__(self, jobs: int, making: _Making[Any, Any]) -> None:
        self._jobs, self._making = jobs, making
        self._open: tuple[ProcessPoolExecutor, Connection] | None = None

    def submit(self, batch: Sequence[Any]) -> Future[list[Any]]:
        if self._open is None:
            self._open = self._opened()
        return self._open[0].submit(_work, batch)

    def _opened(self) -> tuple[ProcessPoolExecutor, Connection]:
        making = self._making
        forked = making.made is not None and forks()
        context = get_context("fork" if forked else "spawn")
        lifeline, ours = context.Pipe(duplex=False)
        initial = (making, lifeline, ours) if forked else (_Making(making.start, None), lifeline)
        executor = ProcessPoolExecutor(
            self._jobs, mp_context=context, initializer=_settle, initargs=initial
        )
        return executor, ours

    def close(self) -> None:
        """End the processes at once, at work or not."""
        if self._open is not None:
            executor, ours = self._open
            ours.close()
            executor.shutdown(wait=True, cancel_futures=True)


# --- in the other process -----------------------------------------------------------------------


class _Here:
    """What this process was given to do, and what does it."""

    start: Start[Any, Any]
    work: Work[Any, Any] | None = None


def _settle(
    making: _Making[Any, Any], lifeline: Connection, theirs: Connection | None = None
) -> None:
    """Make a process leave interrupts to the one that started it, and go when that one goes.

    Args:
        theirs: the end of that one, which a forked process holds too until it lets go of it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if theirs is not None:
        theirs.close()
    threading.Thread(target=_outlive_nobody, args=(lifeline,), daemon=True).start()
    with suppress(OSError):  # where memory runs out, we go before the one who can mend that
        Path("/proc/self/oom_score_adj").write_text("500", encoding="ascii")
    _Here.start, _Here.work = making.start, making.made


def _outlive_nobody(lifeline: Connection) -> None:
    with suppress(OSError):
        lifeline.poll(None)
    os._exit(1)


def _work(batch: Sequence[Any]) -> list[Any]:
    """Do a batch; what raises here raises where it was asked for."""
    if _Here.work is None:
        _Here.work = _Here.start()
    return _Here.work(batch)
