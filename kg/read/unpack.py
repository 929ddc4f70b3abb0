"""Packed files -> streams of what is in them, with limits: gzip, Zstandard, zip.

A stream never raises over what it was packed from. What is damaged is passed over, what is cut off
ends, what swells beyond measure is stopped; each leaves a line in `Unpacked.problems`, and the
caller tells it once the stream is read.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

__all__ = [
    "DAMAGED",
    "MAX_MEMBERS",
    "Unpacked",
    "count_members",
    "gunzip",
    "unzip_member",
    "unzstd",
]

CHUNK = 1 << 16
MOST_OUT = 1 << 20
"""Bytes that one step may give; a gzip chunk of 64 kB can hold 64 MB of noughts."""

FREE = 64 << 20
"""Bytes that may come out before the ratio is looked at: small files may be very repetitive."""

MAX_RATIO = 200
"""Largest ratio of what comes out to what went in; text reaches 20, JSON lines of one site 60."""

MAX_MEMBERS = 500_000
"""Largest number of files in a zip; its table of contents is held in memory."""

DAMAGED = (zipfile.BadZipFile, EOFError, LookupError, OSError, ValueError, struct.error)
"""What `zipfile` raises over bytes that are no zip any more."""

_GZIP = b"\x1f\x8b\x08"
_TOO_MUCH = f"unpacks to more than {MAX_RATIO} times its size and was stopped; unpack it yourself"


class Unpacked(io.RawIOBase):
    """A stream over pieces of bytes, which are made as they are read.

    Attributes:
        problems: what went wrong so far, a line each.
    """

    def __init__(self, pieces: Iterator[bytes], problems: list[str]) -> None:
        self._pieces = pieces
        self._left, self._at = b"", 0
        self.problems = problems

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Fill a buffer; 0 at the end."""
        while self._at == len(self._left):
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left, self._at = piece, 0
        count = min(len(buffer), len(self._left) - self._at)
        buffer[:count] = self._left[self._at : self._at + count]
        self._at += count
        return count


def gunzip(source: IO[bytes]) -> Unpacked:
    """Unpack gzip, member by member; behind a damaged one the next is looked for."""
    problems: list[str] = []
    return Unpacked(_measured(_gunzipped(source, problems), problems), problems)


def _measured(steps: Iterator[tuple[int, bytes]], problems: list[str]) -> Iterator[bytes]:
    """Pass on what comes out, until it is too much for what went in."""
    out = 0
    for taken, piece in steps:
        out += len(piece)
        if out > FREE and out > MAX_RATIO * taken:
            problems.append(_TOO_MUCH)
            return
        yield piece


def _gunzipped(source: IO[bytes], problems: list[str]) -> Iterator[tuple[int, bytes]]:
    """Give (bytes taken in so far, piece) for each step."""
    taken, waiting = 0, source.read(CHUNK)
    while waiting:
        if not waiting.startswith(_GZIP[: len(waiting)]):
            problems.append("has something behind its gzip data, which was passed over")
            waiting = _next_member(source, waiting)
            continue
        member = zlib.decompressobj(wbits=31)
        while not member.eof:
            if not waiting:
                problems.append("is cut off: its gzip data ends too early")
                return
            taken += len(waiting)
            try:
                for piece in _steps(member, waiting):
                    yield taken, piece
            except zlib.error:
                problems.append(f"is damaged: a stretch before byte {taken:,} was passed over")
                waiting = _next_member(source, waiting[1:])
                break
            waiting = b"" if member.eof else source.read(CHUNK)
        else:
            taken -= len(member.unused_data)
            # archives on tape are filled up with noughts
            waiting = member.unused_data.lstrip(b"\x00") or source.read(CHUNK).lstrip(b"\x00")


def _steps(member: zlib._Decompress, waiting: bytes) -> Iterator[bytes]:
    yield member.decompress(waiting, MOST_OUT)
    while member.unconsumed_tail:
        yield member.decompress(member.unconsumed_tail, MOST_OUT)


def _next_member(source: IO[bytes], rest: bytes) -> bytes:
    """Look for the beginning of a gzip member and give the bytes from there; none at the end."""
    while (at := rest.find(_GZIP)) < 0:
        read = source.read(CHUNK)
        if not read:
            return b""
        rest = rest[-2:] + read
    return rest[at:]


def unzstd(source: IO[bytes]) -> Unpacked:
    """Unpack Zstandard, frame by frame."""
    problems: list[str] = []
    return Unpacked(_measured(_unzstd(source, problems), problems), problems)


def _unzstd(source: IO[bytes], problems: list[str]) -> Iterator[tuple[int, bytes]]:
    import zstandard

    reader = zstandard.ZstdDecompressor(max_window_size=1 << 27)
    taken, waiting = 0, source.read(1024)
    while waiting:
        frame = reader.decompressobj()
        while not frame.eof:
            if not waiting:
                problems.append("is cut off: its Zstandard data ends too early")
                return
            # small steps: four bytes can stand for 128 kB
            taken += len(waiting)
            try:
                yield taken, frame.decompress(waiting)
            except zstandard.ZstdError:
                problems.append(f"is damaged: its Zstandard data breaks off at byte {taken:,}")
                return
            waiting = b"" if frame.eof else source.read(1024)
        taken -= len(frame.unused_data)
        waiting = frame.unused_data or source.read(1024)


def unzip_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Unpacked:
    """Unpack one file of a zip; what its table of contents says of its size is not believed."""
    problems: list[str] = []
    return Unpacked(_measured(_unzipped(archive, member, problems), problems), problems)


def _unzipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, problems: list[str]
) -> Iterator[tuple[int, bytes]]:
    try:
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK):
                yield max(1, member.compress_size), piece
    except RuntimeError as error:
        locked = "password" in str(error) or "encrypted" in str(error)
        problems.append("is locked with a password; unpack it yourself" if locked else "is damaged")
    except NotImplementedError:
        problems.append("is packed by a method that is not read; pack it anew with deflate")
    except (*DAMAGED, zlib.error, lzma.LZMAError) as error:
        problems.append(f"is damaged ({' '.join(str(error).split())[:80]})")


def count_members(stream: IO[bytes]) -> int:
    """Read from a zip's last record how many files it says to hold (APPNOTE 4.3.14, 4.3.16)."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - 66_000))
    tail = stream.read()
    stream.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 12:
        return 0
    count: int = struct.unpack_from("<H", tail, end + 10)[0]
    wide = tail.rfind(b"PK\x06\x06", 0, end)
    if wide >= 0 and len(tail) >= wide + 40:
        count = max(count, struct.unpack_from("<Q", tail, wide + 32)[0])
    return count
