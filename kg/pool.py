"""Work in several processes: results in the order of the work, whatever dies on the way.

A process that dies (killed, out of memory, a fault in a library) takes nothing with it but the work
it had: that is tried again alone, first as it was, then piece by piece, and a piece that kills its
process twice then is given up. What is under way is bounded, so memory doesn't grow with the work.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from typing import Any, Generic, TypeVar  # Any: what a process keeps is its work's own affair

__all__ = ["Start", "map_batches"]

Piece = TypeVar("Piece")
Done = TypeVar("Done")

Start = Callable[[], Callable[[Sequence[Piece]], list[Done]]]
"""Makes, once in each process, what does the work; can be pickled."""

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
    pool = _Pool(start, lost, jobs)
    try:
        for batch in batches:
            pool.put(batch)
            while pool.is_full():
                yield pool.take()
        while pool.waiting:
            yield pool.take()
    finally:
        pool.close()


class _Pool(Generic[Piece, Done]):
    """Processes, and the batches that are with them."""

    def __init__(self, start: Start[Piece, Done], lost: Callable[[Piece], Done], jobs: int) -> None:
        self._start, self._lost, self._jobs = start, lost, jobs
        self.waiting: deque[tuple[Sequence[Piece], Future[list[Done]] | list[Done]]] = deque()
        self._executor = _executor(jobs, start)

    def put(self, batch: Sequence[Piece]) -> None:
        try:
            self.waiting.append((batch, self._executor.submit(_work, batch)))
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
        alone = _Alone(self._start, self._lost)
        try:
            for number, (batch, found) in enumerate(self.waiting):
                if isinstance(found, Future):
                    self.waiting[number] = (batch, _rescued(found) or alone.do(batch))
        finally:
            alone.close()
        self._executor = _executor(self._jobs, self._start)

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


def _rescued(found: Future[list[Done]]) -> list[Done] | None:
    """Give what was done before the others died."""
    if found.done() and not found.cancelled() and found.exception() is None:
        return found.result()
    return None


class _Alone(Generic[Piece, Done]):
    """One process, and a new one whenever it dies."""

    def __init__(self, start: Start[Piece, Done], lost: Callable[[Piece], Done]) -> None:
        self._start, self._lost = start, lost
        self._executor = _executor(1, start)

    def do(self, batch: Sequence[Piece]) -> list[Done]:
        done = self._tried(batch)
        if done is None and len(batch) > 1:
            return [one for piece in batch for one in self.do([piece])]
        return done or self._tried(batch) or [self._lost(batch[0])]

    def _tried(self, batch: Sequence[Piece]) -> list[Done] | None:
        try:
            return self._executor.submit(_work, batch).result()
        except BrokenProcessPool:
            self.close()
            self._executor = _executor(1, self._start)
            return None

    def close(self) -> None:
        self._executor.shutdown(wait=True, cancel_futures=True)


def _executor(jobs: int, start: Start[Any, Any]) -> ProcessPoolExecutor:
    # spawned: a fork would carry over threads' locks, open databases and the model's memory
    context = get_context("spawn")
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_settle, initargs=(start,))


class _Here:
    """What this process was given to do, and what does it once it was asked to."""

    start: Start[Any, Any] | None = None
    work: Callable[[Sequence[Any]], list[Any]] | None = None


def _settle(start: Start[Any, Any]) -> None:
    """Make a process leave interrupts to the one that started it, and die with that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_nobody, daemon=True).start()
    _Here.start = start


def _outlive_nobody() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(batch: Sequence[Any]) -> list[Any]:
    """Do a batch in another process; what raises there raises here."""
    if _Here.work is None:
        assert _Here.start is not None
        _Here.work = _Here.start()
    return _Here.work(batch)
