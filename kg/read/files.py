"""Files, directories and JSON lines -> articles."""

from __future__ import annotations

import hashlib
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from kg.errors import ArticleError
from kg.model import Article, content_id
from kg.read.articles import read_article, source_named
from kg.read.dates import date_of_name, find_date
from kg.read.paragraphs import INVISIBLE

SUFFIXES = frozenset({".txt", ".jsonl"})


LINES_SUFFIXES = frozenset({".jsonl", ".ndjson"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An input that is no article, and why.

    Attributes:
        path: as the caller gave it; "-" for standard input.
        record: 0-based line of a JSONL input; None for the input as a whole.
        message: one line that says what, where, and the way out.
    """

    path: str
    record: int | None = None
    message: str


_BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")


def decode(raw: bytes) -> tuple[str, str]:
    """Decode a file: by its byte order mark, else as UTF-8, else as Windows-1252.

    Returns:
        The text and the encoding, such that ``raw.decode(encoding) == text``; a byte order mark
        is kept as the first character.

    Raises:
        ArticleError: the bytes are no text.

    >>> decode("café".encode("cp1252"))
    ('café', 'cp1252')
    """
    encoding = next((name for bom, name in _BOMS if raw.startswith(bom)), None)
    for candidate in (encoding,) if encoding else ("utf-8", "cp1252"):
        try:
            text = raw.decode(candidate)
        except UnicodeDecodeError:
            continue
        # What is not UTF-8 and has control characters is no Windows-1252 either, but a binary file.
        if "\x00" in text or (candidate == "cp1252" and _CONTROL.search(text)):
            raise ArticleError("is a binary file; give plain text (.txt) or JSON lines (.jsonl)")
        return text, candidate
    raise ArticleError(
        f"can't be decoded as {encoding or 'UTF-8 or Windows-1252'}; save it as UTF-8"
    )


def read_articles(
    paths: Iterable[str | Path], *, stdin: IO[bytes] | None = None
) -> Iterator[Article | Unreadable]:
    """Read every article that the paths name, in order; what can't be read is told and passed over.

    Args:
        paths: files (.jsonl holds a record a line, anything else is one text), directories (their
            .txt and .jsonl, sorted), globs, or "-" for JSON lines on standard input.
        stdin: what "-" reads; None means `sys.stdin.buffer`.

    >>> [problem.message for problem in read_articles(["no/such.txt"])]
    ["no/such.txt: no such file; give a text file, a .jsonl file, a directory, a glob or '-'"]
    """
    seen: set[str] = set()
    for given in paths:
        if str(given) == "-":
            yield from _read_records("-", stdin if stdin is not None else sys.stdin.buffer)
            continue
        for path in _walk(given):
            if isinstance(path, Unreadable):
                yield path
            elif str(path) not in seen:
                seen.add(str(path))
                yield from _read_path(path)


def _walk(given: str | Path) -> Iterator[Path | Unreadable]:
    try:
        path = Path(given)
        if path.is_dir():
            found = sorted(
                child
                for child in path.rglob("*")
                if child.suffix.lower() in SUFFIXES and child.is_file()
            )
        elif path.exists():
            found = [path]
        else:
            found = _glob(path)
    except (OSError, ValueError) as error:
        yield _unreadable(given, f"can't be opened ({_why(error)}); check the path")
        return
    yield from found
    if not found and path.is_dir():
        yield _unreadable(
            given, "holds no .txt or .jsonl file; give the files by name or another directory"
        )
    elif not found:
        yield _unreadable(
            given, "no such file; give a text file, a .jsonl file, a directory, a glob or '-'"
        )


def _glob(path: Path) -> list[Path]:
    if not any(sign in str(path) for sign in "*?["):
        return []
    root = Path(path.anchor) if path.anchor else Path()
    pattern = str(path.relative_to(path.anchor)) if path.anchor else str(path)
    return sorted(child for child in root.glob(pattern) if child.is_file())


def _why(error: Exception) -> str:
    return " ".join(str(getattr(error, "strerror", None) or error).split())


def _unreadable(path: str | Path, message: str, record: int | None = None) -> Unreadable:
    shown = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    place = "standard input" if shown == "-" else " ".join(shown.splitlines())
    line = f", line {record + 1}" if record is not None else ""
    return Unreadable(path=shown, record=record, message=f"{place}{line}: {message}")


def _read_path(path: Path) -> Iterator[Article | Unreadable]:
    try:
        if path.suffix.lower() in LINES_SUFFIXES:
            with path.open("rb") as stream:
                yield from _read_records(str(path), stream)
        else:
            yield _read_file(path)
    except (OSError, ValueError) as error:
        yield _unreadable(path, f"can't be opened ({_why(error)}); check its permissions")


def _read_file(path: Path) -> Article | Unreadable:
    raw = path.read_bytes()
    try:
        text, encoding = decode(raw)
        _check_text(text)
    except ArticleError as error:
        return _unreadable(path, str(error))
    article = read_article(text, name=path.stem)
    sha256 = hashlib.sha256(raw).hexdigest()
    published, origin = article.published, article.published_from
    if published is None and (named := date_of_name(path.stem)):
        published, origin = named, "filename"
    return replace(
        article,
        id=content_id(sha256),
        sha256=sha256,
        path=str(path),
        encoding=encoding,
        published=published,
        published_from=origin,
    )


def _check_text(text: str) -> None:
    if not text.strip().strip(INVISIBLE).strip():
        raise ArticleError("is empty; nothing to read")
    opening = text[:400].lstrip("\ufeff \t\r\n").casefold()
    if opening.startswith(("<!doctype html", "<html", "%pdf-", "{\\rtf")):
        raise ArticleError("is not plain text (HTML, PDF or RTF); save the article's text as .txt")


def _read_records(path: str, stream: IO[bytes]) -> Iterator[Article | Unreadable]:
    """Read JSON lines; a line that is none is told with its number."""
    empty = True
    wrong = 0
    for number, raw in enumerate(stream):
        line = raw.removeprefix(b"\xef\xbb\xbf") if number == 0 else raw
        if not line.strip():
            continue
        empty = False
        try:
            yield _read_record(path, number, line)
        except ArticleError as error:
            wrong += 1
            if wrong <= MOST_TOLD:
                yield _unreadable(path, str(error), number)
    if wrong > MOST_TOLD:
        more = f"{wrong - MOST_TOLD} more lines can't be read either; give one object a line"
        yield _unreadable(path, more)
    if empty:
        yield _unreadable(path, 'is empty; give one {"text": ...} a line')


MOST_TOLD = 20  # broken lines told one by one; the rest of a wrong file is only counted

_TEXT_KEYS = ("title", "publisher", "url")


def _read_record(path: str, number: int, line: bytes) -> Article:
    record = _parsed(line)
    text = record.get("text")
    if not isinstance(text, str):
        raise ArticleError('has no "text"; give {"text": "...", ...}, one object a line')
    if "\x00" in text or re.search("[\ud800-\udfff]", text):
        raise ArticleError("its text holds NUL or half of a surrogate pair; repair the record")
    _check_text(text)
    title, publisher, url = (_text_of(record, key) for key in _TEXT_KEYS)
    article = read_article(text, name=_record_name(record, path, number), title=title, record=True)
    date = record.get("date")
    published = _record_date(date) if date not in (None, "") else None
    return replace(
        article,
        path=None if path == "-" else path,
        record=number,
        source=source_named(publisher) if publisher else article.source,
        published=published or article.published,
        published_from="record" if published else article.published_from,
        url=url,
    )


def _parsed(line: bytes) -> Mapping[str, object]:
    try:
        record = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError:
        raise ArticleError("is not UTF-8; save the file as UTF-8") from None
    except (ValueError, RecursionError) as error:
        raise ArticleError(f'is not JSON ({_why(error)}); give {{"text": ...}} a line') from None
    if not isinstance(record, dict):
        raise ArticleError('is not a JSON object; give {"text": "...", ...}, one object a line')
    return record


def _text_of(record: Mapping[str, object], key: str) -> str | None:
    value = record.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str) or re.search("[\x00\ud800-\udfff]", value):
        raise ArticleError(f'its "{key}" is no text; give a string or leave it out')
    return value.strip() or None


def _record_name(record: Mapping[str, object], path: str, number: int) -> str:
    """Return the record's own id; without one, the file's name and the line's number."""
    for key in ("id", "doc"):
        value = record.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value and not re.search("[\x00\ud800-\udfff]", value):
            return value
    stem = "stdin" if path == "-" else Path(path).stem
    return f"{stem}-{number + 1}"


def _record_date(value: object) -> str:
    found = find_date(str(value)) or date_of_name(str(value))
    if found is None:
        raise ArticleError(f'its "date" is no date: {str(value)[:40]!r}; write it as 2016-05-20')
    return found
