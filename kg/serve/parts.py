"""The parts of what the explorer shows of one snapshot, compressed.

What it opens with takes about a minute for a hundred thousand events: a process of its own makes it
(`preparing`), and it is kept beside the store for the next time, under the name of that very state.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import threading
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import KGError
from kg.serve.preparing import CORE, NAMINGS, OUTLINE, pack
from kg.view import PartsOnDemand, is_chunk

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["KEPT", "NotReadyError", "Parts"]

KEPT = ".kg-explorer"  # the folder beside the store; in it a folder for the state it was made of
AT_HAND = 256  # parts, of some ten to a hundred KB each
READY = {"core": CORE, "namings": NAMINGS}


class NotReadyError(KGError):
    """A part is still being made.

    Attributes:
        done: how much of the work is done, from 0 to 1.
    """

    def __init__(self, done: float) -> None:
        super().__init__(f"the explorer is being made ready: {done:.0%}")
        self.done = done


class Parts:
    """The parts of one snapshot; what takes long begins with the first `begin`."""

    def __init__(self, store: Store, place: Path, kept: Path | None) -> None:
        """Prepare them; nothing is read yet.

        Args:
            store: the snapshot, at `place / "store"`.
            place: a folder for files that go with the snapshot.
            kept: a folder for the files to stay in, named after the snapshot's state; None for
                a state that nobody will see again.
        """
        self._store, self._place, self._kept = store, place, kept
        self._folder = place / "parts"
        self._begun, self._lock = False, threading.Lock()
        self._news = threading.Condition()
        self._process: subprocess.Popen[str] | None = None
        self._done, self._failed = 0.0, ""
        self._making, self._on_demand = threading.Lock(), list[PartsOnDemand]()
        self._chunk = lru_cache(AT_HAND)(self._made)

    def begin(self) -> None:
        """Have the parts made, unless they are kept, or being made."""
        with self._lock:
            if self._begun:
                return
            self._begun = True
            self._folder.mkdir(exist_ok=True)
            if self._kept is None or not _copied(self._kept, self._folder):
                self._process = _started(self._place / "store", self._folder)
                threading.Thread(target=self._follow, name="explorer", daemon=True).start()

    @property
    def settled(self) -> bool:
        """Whether what the page opens with is there, or never will be."""
        return bool(self._failed) or (self._folder / CORE).exists()

    def give(self, name: str, seconds: float = 0) -> bytes | None:
        """Give a part; None if there is none of that name.

        Args:
            seconds: how long to wait for it if it is still being made.

        Raises:
            NotReadyError: it is still being made.
            KGError: it can't be made; the message says why.
        """
        if name not in READY and not is_chunk(name):
            return None
        self.begin()
        file = self._folder / READY.get(name, OUTLINE)
        with self._news:
            self._news.wait_for(lambda: self._failed or file.exists(), seconds)
        if file.exists():
            return file.read_bytes() if name in READY else self._chunk(name)
        if self._failed:
            raise KGError(self._failed)
        raise NotReadyError(self._done)

    def close(self) -> None:
        """End what is still being made."""
        with self._lock:
            self._begun = True
            if self._process is not None:
                self._process.kill()

    def _made(self, name: str) -> bytes | None:
        with self._making:
            if not self._on_demand:
                outline = gzip.decompress((self._folder / OUTLINE).read_bytes())
                self._on_demand.append(PartsOnDemand(self._store, json.loads(outline)))
        part = self._on_demand[0].make(name)
        return None if part is None else pack(part)

    def _follow(self) -> None:
        """Hear how far the process has come, and keep what it made."""
        process = self._process
        assert process
        assert process.stdout
        assert process.stderr
        for line in process.stdout:
            with self._news:
                self._done = float(line)
                self._news.notify_all()
        told = process.stderr.read().strip().splitlines()
        process.wait()
        with self._news:
            if process.returncode:
                self._failed = told[-1] if told else "what makes the explorer ready was ended"
            self._news.notify_all()
        for stream in (process.stdin, process.stdout, process.stderr):
            if stream:
                stream.close()
        if not process.returncode and self._kept is not None:
            _keep(self._folder, self._kept)


def _started(store: Path, folder: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "kg.serve.preparing", str(store), str(folder)]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        encoding="utf-8", errors="replace", start_new_session=True,
    )  # fmt: skip


def _copied(kept: Path, folder: Path) -> bool:
    """Take what was kept; it stays there, whatever becomes of it, until this is let go."""
    names = (OUTLINE, NAMINGS, CORE)
    try:
        for name in names:
            _link(kept / name, folder / name)
    except OSError:
        for name in names:
            (folder / name).unlink(missing_ok=True)
        return False
    return True


def _keep(folder: Path, kept: Path) -> None:
    """Keep what was made, in one step, and let go of what was made of older states."""
    unfinished = kept.with_name(f"{kept.name}.{os.getpid()}")
    with suppress(OSError):  # a folder that may only be read
        unfinished.mkdir(parents=True, exist_ok=True)
        for name in (OUTLINE, NAMINGS, CORE):
            _link(folder / name, unfinished / name)
        if not kept.exists():
            unfinished.replace(kept)
        for other in kept.parent.iterdir():
            if other != kept:
                shutil.rmtree(other, ignore_errors=True)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)
