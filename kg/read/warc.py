"""WARC -> pages, with what was declared of each (ISO 28500:2017).

Record frames are read here rather than by a library because the point is what libraries give up
on: a record whose length is a lie, a header that is cut, a stretch of rubbish between two records.
After each of these the next line that begins a record is looked for, and reading goes on.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from kg.errors import ArticleError

__all__ = ["Captured", "read_captures"]

MAX_HEAD = 1 << 16
_BEGINS = re.compile(rb"WARC/[01]\.\d{1,2}\s*$")
_PAGE = re.compile(r"text/html|application/xhtml\+xml", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """One page as a crawler kept it.

    Attributes:
        number: 0-based place among all records of the file.
        charset: as the server declared it.
        retrieved: when it was fetched, as the record says.
    """

    number: int
    url: str | None
    content: bytes
    charset: str | None
    retrieved: str | None


def read_captures(
    stream: IO[bytes], max_bytes: int
) -> Iterator[Captured | tuple[int, ArticleError] | None]:
    """Read the pages of a WARC.

    Args:
        max_bytes: of the largest page that is read.

    Yields:
        A page, or a record's number with why it can't be read; None for a record that is no page
        (a request, an image, a redirect).
    """
    number = -1
    source = _Rewound(stream)
    line = source.readline(MAX_HEAD)
    rubbish = False
    while line:
        if not _BEGINS.match(line):
            if line.strip() and not rubbish:
                rubbish = True
                yield (
                    max(number, 0),
                    ArticleError(
                        "is followed by something that is no WARC record; it was passed over"
                    ),
                )
            line = source.readline(MAX_HEAD)
            continue
        number, rubbish = number + 1, False
        fields = _fields(source)
        length = fields.get("content-length", "")
        if not length.isascii() or not length.isdigit() or len(length) > 15:
            yield number, ArticleError("has no usable Content-Length; it was passed over")
            line = source.readline(MAX_HEAD)
            continue
        content, line, fault = _content(source, int(length), max_bytes)
        if fault:
            yield number, ArticleError(fault)
        if not fault or content:
            yield _captured(number, fields, content)


def _fields(stream: _Rewound) -> dict[str, str]:
    """Read header lines up to a blank one; the first of a name holds."""
    found: dict[str, str] = {}
    for _ in range(200):
        line = stream.readline(MAX_HEAD)
        if not line.strip():
            break
        name, colon, value = line.decode("utf-8", "replace").partition(":")
        if colon:
            found.setdefault(name.strip().casefold(), value.strip())
    return found


def _content(stream: _Rewound, length: int, max_bytes: int) -> tuple[bytes, bytes, str]:
    """Read a record's content, and the line behind it, which should begin the next record.

    Returns:
        The content (none if it is too large), the line to go on with, and what is wrong.
    """
    kept = stream.read(min(length, max_bytes))
    left = length - len(kept)
    if length > max_bytes and (swallowed := _SWALLOWED.search(kept)):
        stream.put_back(kept[swallowed.start(1) :])
        fault = "has a wrong Content-Length: another record begins before its end"
        return kept[: swallowed.start()], stream.readline(MAX_HEAD), fault
    while left > 0 and (passed := stream.read(min(left, 1 << 20))):
        left -= len(passed)
    line = _next_line(stream)
    fault = ""
    if length > max_bytes:
        kept, fault = b"", f"is larger than {max_bytes >> 20} MB; it was passed over"
    elif left > 0:
        fault = "is cut off: the file ends before its Content-Length"
    elif line and not _BEGINS.match(line):
        fault = "has a wrong Content-Length: the next record doesn't follow it"
    if fault and (swallowed := _SWALLOWED.search(kept)):
        stream.put_back(kept[swallowed.start(1) :] + line)
        kept, line = kept[: swallowed.start()], stream.readline(MAX_HEAD)
    elif left > 0:
        kept = b""
    return kept, line, fault


def _next_line(stream: _Rewound) -> bytes:
    line = stream.readline(MAX_HEAD)
    while line and not line.strip():
        line = stream.readline(MAX_HEAD)
    return line


_SWALLOWED = re.compile(rb"\r?\n\r?\n(WARC/[01]\.\d{1,2}\r?\n)")


class _Rewound:
    """A stream that takes back what was read too far."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._waiting = io.BytesIO()

    def put_back(self, read: bytes) -> None:
        """Give bytes back; they are read again next."""
        self._waiting = io.BytesIO(read + self._waiting.read())

    def read(self, size: int) -> bytes:
        """Read that many bytes, fewer only at the end."""
        first = self._waiting.read(size)
        return first if len(first) == size else first + self._stream.read(size - len(first))

    def readline(self, size: int) -> bytes:
        """Read a line, or its first `size` bytes."""
        first = self._waiting.readline(size)
        if first.endswith(b"\n") or len(first) == size:
            return first
        return first + self._stream.readline(size - len(first))


def _captured(number: int, fields: dict[str, str], content: bytes) -> Captured | None:
    """Take the page out of a response or resource record."""
    kind = fields.get("warc-type", "")
    declared = fields.get("content-type", "")
    if kind == "response" and "http" in declared.casefold():
        head, gap, body = _split(content)
        status = re.match(rb"HTTP/\d(?:\.\d)? (\d{3})", head)
        if not gap or not status or status[1] != b"200":
            return None
        http = _http_fields(head)
        declared = http.get("content-type", "")
        body = _plain(body, http)
    elif kind in ("resource", "conversion"):
        body = content
    else:
        return None
    if not _PAGE.match(declared):
        return None
    charset = re.search(r"charset\s*=\s*[\"']?([\w:.-]{2,40})", declared, re.IGNORECASE)
    return Captured(
        number=number,
        url=fields.get("warc-target-uri", "").strip("<>") or None,
        content=body,
        charset=charset[1] if charset else None,
        retrieved=fields.get("warc-date"),
    )


def _split(content: bytes) -> tuple[bytes, bytes, bytes]:
    for gap in (b"\r\n\r\n", b"\n\n"):
        head, found, _ = content[:MAX_HEAD].partition(gap)
        if found:
            return head, found, content[len(head) + len(found) :]
    return content, b"", b""


def _http_fields(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name.strip().casefold(), value.strip())
    return found


def _plain(body: bytes, http: dict[str, str]) -> bytes:
    """Undo what the server did for the way; crawlers mostly have done so and left the headers."""
    if "chunked" in http.get("transfer-encoding", "").casefold():
        body = _unchunked(body)
    if body.startswith(b"\x1f\x8b"):
        try:
            body = zlib.decompressobj(wbits=31).decompress(body, MAX_PAGE)
        except zlib.error:
            return b""
    return body


MAX_PAGE = 8 << 20
"""Bytes of the largest page that is unpacked."""


def _unchunked(body: bytes) -> bytes:
    """Join chunks (RFC 9112, section 7.1); a body that is not in chunks stays as it is."""
    pieces: list[bytes] = []
    at = 0
    while match := re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n").match(body, at):
        size = int(match[1], 16)
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[match.end() : match.end() + size])
        at = match.end() + size
    return b"".join(pieces) if pieces and at >= len(body) else body
