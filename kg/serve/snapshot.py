"""The store as it is served: a copy that nobody writes, and another when the store has changed.

A build or `kg add` puts a whole new store in the place of the old one (docs/store.md), so a look at
which file `CURRENT` is tells whether there is something new. Copies are hard links: a few
milliseconds, whatever the size. Requests that began on an old copy finish on it.
"""

from __future__ import annotations

import hashlib
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import kg.view
from kg.errors import StoreError
from kg.query import find_base
from kg.serve.engine import STORE, Limits
from kg.serve.parts import KEPT, Parts
from kg.serve.pool import Pool
from kg.store import Store, copy_store, open_store

__all__ = ["Snapshot", "Snapshots"]

Version = tuple[int, ...]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Once:
    """Something that is made at its first use; `made` holds it from then on."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    made: list[object] = field(default_factory=list)


class Snapshot:
    """One state of the store.

    Attributes:
        name: tells it from others, in addresses and ETags.
        store: for the pages; queries from outside go to `pool`.
        parts: of what the explorer shows.
    """

    def __init__(self, source: Path, version: Version, limits: Limits) -> None:
        self.version = version
        self.name = hashlib.sha256(repr(version).encode()).hexdigest()[:12]
        self._place = _place_for(source)
        try:
            place = Path(self._place.name)
            self.store: Store = _copied(source, place / STORE)
            kept = source.resolve().parent / KEPT / f"{self.name}-{_digest_of_view()}"
            self.parts = Parts(self.store, place, kept if version else None)
            self.pool = Pool(place, limits)
            self.pool.warm()
        except BaseException:
            self._place.cleanup()
            raise
        self.users = 0
        self._kept: dict[str, _Once] = {}
        self._making = threading.Lock()

    @property
    def base(self) -> str:
        """What all IRIs of our own begin with."""
        return self.kept("base", lambda: find_base(self.store))

    @property
    def graphs(self) -> frozenset[str]:
        """The names of the named graphs."""
        return self.kept("graphs", lambda: frozenset(g.value for g in self.store.graphs()))

    def kept(self, key: str, make: Callable[[], T]) -> T:
        """What is made out of the snapshot once, whoever asks first, and then kept with it."""
        with self._making:
            once = self._kept.setdefault(key, _Once())
        with once.lock:  # who asks for something else needn't wait
            if not once.made:
                once.made.append(make())
            return cast("T", once.made[0])

    def close(self) -> None:
        """End what works on the copy and remove it."""
        self.parts.close()
        self.pool.close()
        self.store.close()
        self._place.cleanup()


def _copied(source: Path, place: Path) -> Store:
    """Open a copy of a store; what is wrong with it is told of the original."""
    copy_store(source, place)
    try:
        return open_store(place, read_only=True)
    except StoreError as e:
        raise StoreError(str(e).replace(str(place), str(source))) from e


def _place_for(source: Path) -> tempfile.TemporaryDirectory[str]:
    """Make a folder for a copy: beside the store, where links are possible, else where one may."""
    prefix = ".kg-serve-"
    try:
        return tempfile.TemporaryDirectory(
            prefix=prefix, dir=source.resolve().parent, ignore_cleanup_errors=True
        )
    except OSError:
        return tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)


class Snapshots:
    """The newest snapshot of a store, for as many readers as come."""

    def __init__(self, source: Path, limits: Limits) -> None:
        """Take the first snapshot.

        Raises:
            StoreError: there is no store, or it can't be read or copied.
        """
        self._source, self._limits = source, limits
        self._lock = threading.Lock()
        self._swapping = threading.Lock()
        self._current = self._take()
        self._shown: Snapshot | None = None
        self._coming: Snapshot | None = None

    @contextmanager
    def lease(self) -> Iterator[Snapshot]:
        """Read from the newest snapshot; it stays as long as it is read from."""
        self._refresh()
        with self._lock:
            snapshot = self._current
            snapshot.users += 1
        try:
            yield snapshot
        finally:
            self._release(snapshot)

    @contextmanager
    def lease_shown(self) -> Iterator[Snapshot]:
        """Read from the snapshot that the explorer shows.

        It is the newest one whose parts are ready; those of a newer one are being made meanwhile.
        The very first one is given before it is ready.
        """
        self._refresh()
        with self._lock:
            passed = self._turn()
            snapshot = self._shown or self._coming or self._current
            snapshot.users += 1
        if passed is not None:
            self._release(passed)
        try:
            yield snapshot
        finally:
            self._release(snapshot)

    def _turn(self) -> Snapshot | None:
        """Show what is ready, and begin to make the newest ready; gives what is shown no more.

        One is made ready at a time, however often the store changes, and stays until it is.
        """
        if self._coming is None and self._shown is not self._current:
            self._coming = self._current
            self._coming.users += 1
            self._coming.parts.begin()
        if self._coming is None or not self._coming.parts.settled:
            return None
        passed, self._shown, self._coming = self._shown, self._coming, None
        return passed

    def _release(self, snapshot: Snapshot) -> None:
        with self._lock:
            snapshot.users -= 1
            done = snapshot.users == 0 and snapshot is not self._current
        if done:
            snapshot.close()

    def _refresh(self) -> None:
        """Take a new snapshot if the store has changed; where that fails the old one stays."""
        if _version(self._source) in (None, self._current.version):
            return
        with self._swapping:  # one does it, the others wait and then see it done
            if _version(self._source) in (None, self._current.version):
                return
            try:
                new = self._take()
            except StoreError:
                return  # the next request tries again
            with self._lock:
                old, self._current = self._current, new
                done = old.users == 0
        if done:
            old.close()

    def _take(self) -> Snapshot:
        """Copy the store; again if it was replaced meanwhile."""
        for _ in range(20):
            version = _version(self._source)
            try:
                snapshot = Snapshot(self._source, version or (), self._limits)
            except StoreError:
                if version == _version(self._source):
                    raise
            else:
                if version == _version(self._source):
                    return snapshot
                snapshot.close()
            time.sleep(0.01)
        raise StoreError(f"{self._source}: it changes all the time; try again")

    def close(self) -> None:
        """Let go of the snapshots; what is still read from them breaks off."""
        for snapshot in {self._current, self._shown, self._coming} - {None}:
            cast("Snapshot", snapshot).close()


@cache
def _digest_of_view() -> str:
    """Name the code that makes the explorer's parts: what other code made doesn't fit its page."""
    files = sorted(Path(kg.view.__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()[:12]


def _version(source: Path) -> Version | None:
    """Tell one store in a place from the next; None while there is none."""
    try:
        found = (source / "CURRENT").stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns
