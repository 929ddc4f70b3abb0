"""What kind of input it is: by its first bytes, then by its name, then by its first words."""

from __future__ import annotations

import re

from kg.errors import ArticleError
from kg.read.encodings import decode
from kg.read.inputs import inputs
from kg.read.pages import looks_like_html

__all__ = ["ENDINGS", "PACKED", "inner_name", "kind_of"]

PACKED = {".gz": "gzip", ".zst": "zstd", ".zip": "zip"}

_BY_ENDING = {
    ".jsonl": "lines", ".ndjson": "lines", ".json": "json", ".csv": "csv", ".tsv": "tsv",
    ".html": "html", ".htm": "html", ".xhtml": "html", ".shtml": "html", ".xml": "feed",
    ".rss": "feed", ".atom": "feed", ".rdf": "feed", ".warc": "warc", ".txt": "text",
    ".parquet": "parquet",
}  # fmt: skip

ENDINGS = frozenset({*_BY_ENDING, *PACKED})
"""Endings of the files that are read in a directory."""

_MAGIC = (
    (b"\x1f\x8b", "gzip"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"WARC/", "warc"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!\x1a\x07", "rar"),
    (b"PAR1", "parquet"),
    (b"SQLite format 3\x00", "binary"),
    (b"\x7fELF", "binary"),
    (b"\x89PNG\r\n", "image"),
    (b"GIF8", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"II*\x00", "image"),
    (b"ID3", "media"),
    (b"OggS", "media"),
    (b"RIFF", "media"),
)
_OFFICE = frozenset({".docx", ".xlsx", ".pptx", ".odt", ".ods", ".epub"})
_FEED = re.compile(
    r"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.{0,2000}?-->\s*+)*<(?:rss|feed|rdf:RDF)\b", re.S
)
_MIME = re.compile(rb"(?:From: |MIME-Version: |Content-Type: multipart/related)", re.IGNORECASE)


def inner_name(name: str) -> str:
    """Take the ending of a packed file off its name.

    >>> inner_name("news.jsonl.gz"), inner_name("a.txt")
    ('news.jsonl', 'a.txt')
    """
    return name[: name.rindex(".")] if _ending(name) in PACKED else name


def _ending(name: str) -> str:
    base = re.split(r"[\\/]", name)[-1]
    return base[base.rindex(".") :].lower() if "." in base[1:] else ""


def kind_of(name: str, head: bytes) -> str:
    """Name the kind of an input: one that is read, or a key of `inputs().unread`.

    Args:
        head: its first bytes, some thousand if there are as many.

    >>> kind_of("a.txt", b"%PDF-1.7"), kind_of("a", b"<html>"), kind_of("a.jsonl", b"{}")
    ('pdf', 'html', 'lines')
    """
    ending = _ending(name)
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return ending[1:] if kind == "zip" and ending in _OFFICE else kind
    if head[257:262] == b"ustar":
        return "tar"
    if _MIME.match(head) and b"multipart/related" in head[:2000]:
        return "mhtml"
    kind = _BY_ENDING.get(ending, "")
    if kind in ("lines", "json", "csv", "tsv", "warc", "parquet"):
        return kind
    if ending[1:] in inputs().unread:
        return ending[1:]
    # XML that is neither feed nor page is told to be that, and not read with its tags
    return _by_words(head) or kind or "text"


def _by_words(head: bytes) -> str | None:
    try:
        text = decode(head)[0].lstrip("\ufeff")
    except ArticleError:
        return None
    if looks_like_html(text):
        return "html"
    return "feed" if _FEED.match(text[:8000]) else None
