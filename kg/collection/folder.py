"""Files that take their places all together: written beside, on disk for good, then renamed.

`NAME.new` waits beside `NAME`. What waits counts only once the archive says so; then it will take
its place, even if the writer dies between two renames: the next writer finishes. Before that word
it is rubbish, and the next writer clears it away.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from kg.errors import StoreError

__all__ = ["STORE", "beside", "clear", "make_folder", "take_places", "told", "write_beside"]

STORE = "store"


def beside(path: Path) -> Path:
    """Where a file or folder waits to take its place.

    >>> beside(Path("out/graph.ttl")).name
    'graph.ttl.new'
    """
    return path.with_name(f"{path.name}.new")


def make_folder(out: Path) -> Path:
    """Make the folder and see that it can be written before any work is done.

    Raises:
        StoreError: it can't.
    """
    with told(out):
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".kg-writable"
        probe.write_bytes(b"")
        probe.unlink()
    return out


@contextmanager
def told(where: Path) -> Iterator[None]:
    """Turn what the operating system raises into one line with the way out."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{where}: can't be written ({error.strerror or error}); choose another folder with "
            "--out, or make room"
        ) from error


def write_beside(path: Path, write: Callable[[Path], None]) -> None:
    """Have a file written where it waits, and see it safely on disk.

    Args:
        write: writes the file whose path it is given.
    """
    waiting = beside(path)
    with told(path):
        try:
            write(waiting)
        except UnicodeEncodeError as e:
            raise StoreError(f"{path}: what should stand in it is no Unicode text ({e})") from e
        _sync(waiting)


def take_places(folder: Path, names: Sequence[str]) -> None:
    """Let what waits take its place; what has taken it already is left alone."""
    for name in names:
        path = folder / name
        waiting = beside(path)
        with told(path):
            if waiting.is_dir():
                _replace_folder(waiting, path)
            elif waiting.exists():
                waiting.replace(path)
    with told(folder):
        _sync(folder)


def clear(folder: Path, names: Sequence[str]) -> None:
    """Take away what waited in vain, and what a cut-off change left of the old."""
    old = _old(folder / STORE)
    if not (folder / STORE).exists() and old.exists():
        old.rename(folder / STORE)
    shutil.rmtree(old, ignore_errors=True)
    for name in names:
        waiting = beside(folder / name)
        if waiting.is_dir():
            shutil.rmtree(waiting, ignore_errors=True)
        else:
            waiting.unlink(missing_ok=True)


def _replace_folder(waiting: Path, path: Path) -> None:
    """Put a folder in the place of another; no system does it in one step for us.

    Between the two renames `path` is not there: who opens it then finishes the change
    (`kg.store.open_folder`).
    """
    old = _old(path)
    shutil.rmtree(old, ignore_errors=True)
    if path.exists():
        path.rename(old)
    try:
        waiting.rename(path)
    except FileNotFoundError:
        if not path.exists():  # a reader was quicker, else
            raise
    shutil.rmtree(old, ignore_errors=True)


def _old(path: Path) -> Path:
    return path.with_name(f"{path.name}.old")


def _sync(path: Path) -> None:
    """Have the system write a file, or a folder's list of names, to disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle on a folder
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
