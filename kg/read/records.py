"""JSON lines, JSON and tables -> records -> articles."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO

from kg.errors import ArticleError, UsageError
from kg.model import Article
from kg.read.articles import read_article, source_named
from kg.read.dates import date_of_name, read_stamp
from kg.read.encodings import NO_TEXT, decode
from kg.read.inputs import inputs
from kg.read.metadata import web_address
from kg.read.pages import looks_like_html, read_page
from kg.read.paragraphs import INVISIBLE

__all__ = [
    "MAX_ARTICLE",
    "ReadOptions",
    "Record",
    "check_text",
    "json_records",
    "line_records",
    "parse_fields",
    "read_record",
    "table_records",
]

MAX_ARTICLE = 8 << 20
"""Bytes of the largest article that is read; the longest books have four million characters."""

MAX_OBJECT = 64 << 20
"""Bytes of the largest JSON object that holds many articles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How inputs are to be read.

    Attributes:
        fields: name of ours ("text", "date", ...) -> key or column that holds it.
        fetch: addresses of the web among the inputs are fetched.
        any_language: what is not English is read all the same.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    fetch: bool = False
    any_language: bool = False

    def remembered(self) -> str | None:
        """What a folder remembers, so that what is added later is read alike.

        >>> ReadOptions(any_language=True).remembered()
        '{"any_language": true, "fields": {}}'
        """
        if not self.fields and not self.any_language:
            return None
        own = {"any_language": self.any_language, "fields": dict(sorted(self.fields.items()))}
        return json.dumps(own, ensure_ascii=False)

    def alike(self, remembered: str | None) -> ReadOptions:
        """Add what a folder remembers to what is asked for.

        >>> ReadOptions(fields={"text": "body"}).alike(ReadOptions(any_language=True).remembered())
        ReadOptions(fields={'text': 'body'}, fetch=False, any_language=True)
        """
        own = json.loads(remembered) if remembered else {}
        fields = {**own.get("fields", {}), **self.fields}
        every = self.any_language or bool(own.get("any_language"))
        return replace(self, fields=fields, any_language=every)


def parse_fields(written: str) -> dict[str, str]:
    """Read a mapping of fields as it is given on the command line.

    Raises:
        UsageError: it is none, or names a field that there isn't.

    >>> parse_fields("text=body, date=published.day")
    {'text': 'body', 'date': 'published.day'}
    """
    found: dict[str, str] = {}
    for pair in filter(None, map(str.strip, written.split(","))):
        ours, sign, key = pair.partition("=")
        if not sign or not key or ours.strip() not in inputs().fields:
            known = ", ".join(sorted(inputs().fields))
            raise UsageError(f"--fields {pair}: write OURS=KEY, where OURS is one of {known}")
        found[ours.strip()] = key.strip()
    return found


Record = tuple[int, Mapping[str, object] | ArticleError]
"""0-based place of a record in its input, and the record or why it is none."""


def check_text(text: str) -> None:
    """Refuse a text without words.

    Raises:
        ArticleError: it is empty.
    """
    if not text.strip().strip(INVISIBLE).strip():
        raise ArticleError("is empty; nothing to read")


def line_records(stream: IO[bytes]) -> Iterator[Record]:
    """Read JSON lines; blank ones are passed over."""
    number = -1
    while line := stream.readline(MAX_ARTICLE + 1):
        number += 1
        if len(line) > MAX_ARTICLE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(MAX_ARTICLE)
            yield number, ArticleError(f"is longer than {MAX_ARTICLE >> 20} MB; split it")
            continue
        if number == 0:
            line = line.removeprefix(codecs.BOM_UTF8)
        if not line.strip():
            continue
        try:
            yield number, _parsed(line)
        except ArticleError as error:
            yield number, error


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


def _why(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def json_records(stream: IO[bytes], options: ReadOptions) -> Iterator[Record]:
    """Read a JSON array of records, an object that holds one, or one record.

    An array is read a record at a time, however long it is; an object has to fit into memory.
    """
    opening = stream.read(1 << 16)
    encoding = decode(opening)[1] if opening.strip() else "utf-8"
    encoding = "utf-8" if encoding == "cp1252" else encoding
    letters = codecs.getincrementaldecoder(encoding)("replace")
    start = letters.decode(opening).lstrip("\ufeff \t\r\n")
    if start.startswith("["):
        yield from _array_records(start[1:], stream, letters)
        return
    rest = stream.read(MAX_OBJECT)
    if len(rest) >= MAX_OBJECT:
        raise ArticleError(f"is one object of over {MAX_OBJECT >> 20} MB; write it as JSON lines")
    try:
        whole = json.loads(start + letters.decode(rest, True))
    except (ValueError, RecursionError) as error:
        raise ArticleError(f"is not JSON ({_why(error)}); repair it") from None
    yield from enumerate(_records_in(whole, options))


def _array_records(
    text: str, stream: IO[bytes], letters: codecs.IncrementalDecoder
) -> Iterator[Record]:
    """Read the elements of an array one by one; the text read grows until one is whole."""
    parser, number, at = json.JSONDecoder(), 0, 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if text[at : at + 1] == "]":
            return
        try:
            value, end = parser.raw_decode(text, at)
            whole = end < len(text)
        except (ValueError, RecursionError) as error:
            whole, reason = False, _why(error)
        else:
            reason = ""
        if whole:
            is_record = isinstance(value, dict)
            yield number, value if is_record else ArticleError("is not a JSON object")
            number, text, at = number + 1, text[end:] if end > 1 << 16 else text, end
            at = 0 if end > 1 << 16 else end
            continue
        text, at = text[at:], 0
        # as much again as is waiting: parsing what grows so costs twice its length, not its square
        more = stream.read(max(1 << 16, len(text)))
        if not more or len(text) > MAX_ARTICLE:
            why = reason or "the array doesn't end"
            long = f"is longer than {MAX_ARTICLE >> 20} MB, or broken"
            raise ArticleError(
                f"record {number + 1} {long if more else f'is not JSON ({why})'}; repair it"
            )
        text += letters.decode(more)


def _records_in(whole: object, options: ReadOptions) -> list[Mapping[str, object]]:
    """Find the articles in a JSON object: itself, or the first list of objects inside it."""
    level = [whole]
    for _ in range(4):
        for value in level:
            if isinstance(value, dict) and _value(value, "text", options) is not None:
                return [value]
            if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
                return value
        level = [part for value in level if isinstance(value, dict) for part in value.values()]
    raise ArticleError('holds no record with a "text"; name its key with --fields text=KEY')


def table_records(stream: IO[bytes], delimiter: str) -> Iterator[Record]:
    """Read a table whose first row names its columns.

    Args:
        delimiter: between cells; "" finds out by the first row.
    """
    opening = stream.read(1 << 16)
    encoding = decode(_whole_lines(opening) or opening)[1]
    whole = io.BufferedReader(_Rejoined(opening, stream))
    lines = io.TextIOWrapper(whole, encoding=encoding, errors="replace", newline="")
    csv.field_size_limit(MAX_ARTICLE)
    header = lines.readline(1 << 16).lstrip("\ufeff")
    told = re.fullmatch(r"[\"']?sep=(.)[\"']?\s*", header)  # as Excel writes it for itself
    if told:
        header = lines.readline(1 << 16)
    sign = told[1] if told else delimiter or max(",;\t|", key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=sign), [])]
    rows = csv.reader(lines, delimiter=sign)
    number = 0
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield number, ArticleError(f"is no row of a table ({_why(error)})")
            number += 1
            continue
        if row is None:
            return
        if any(cell.strip() for cell in row):
            yield number, dict(zip(names, row, strict=False))
        number += 1


def _whole_lines(opening: bytes) -> bytes:
    """Cut after the last line break; in UTF-16, as spreadsheets write it, that is two bytes."""
    width = 2 if b"\x00" in opening[:200] else 1
    end = opening.rfind(b"\n") + width
    return opening[: end - end % width] if end >= width else b""


class _Rejoined(io.RawIOBase):
    """A stream with the bytes before it that were read already."""

    def __init__(self, opening: bytes, rest: IO[bytes]) -> None:
        self._opening, self._rest = opening, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        piece = self._opening[: len(buffer)] or self._rest.read(len(buffer))
        self._opening = self._opening[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


def read_record(
    record: Mapping[str, object],
    number: int,
    options: ReadOptions,
    *,
    stem: str,
    path: str | None,
) -> Article:
    """Make the article of a record.

    Args:
        number: 0-based place of the record in its input.
        stem: what a record without a name is called after.

    Raises:
        ArticleError: it holds no text.
    """
    text = _value(record, "text", options)
    page = _value(record, "html", options) if text is None else None
    text = page if text is None else text
    if not isinstance(text, str):
        raise ArticleError(
            'has no "text"; give {"text": "...", ...}, or name the key with --fields'
        )
    if NO_TEXT.search(text):
        raise ArticleError("its text holds NUL or half of a surrogate pair; repair the record")
    check_text(text)
    if len(text) > MAX_ARTICLE:
        raise ArticleError(f"is longer than {MAX_ARTICLE >> 20} MB; split it")
    warnings: list[str] = []
    title = _text_of(record, "title", options, warnings)
    name = _record_name(record, options, f"{stem}-{number + 1}")
    url = _text_of(record, "url", options, warnings)
    if page is not None or looks_like_html(text):
        article = read_page(text, name=name, address=web_address(url), fragment=bool(page) and
                            not looks_like_html(text))  # fmt: skip
    else:
        article = read_article(text, name=name, title=title)
    publisher = _text_of(record, "publisher", options, warnings)
    published = _date_of(record, options, warnings)
    return replace(
        article,
        path=path,
        record=number,
        title=title or article.title,
        source=source_named(publisher) if publisher else article.source,
        authors=_authors_of(record, options) or article.authors,
        published=published or article.published,
        published_from="record" if published else article.published_from,
        url=url or article.url,
        warnings=tuple(sorted((*article.warnings, *warnings))),
    )


def _value(record: Mapping[str, object], key: str, options: ReadOptions) -> object:
    """Look a field up: under the key that was asked for, else under the first known one."""
    if key in options.fields:
        return _within(record, options.fields[key])
    lowered: dict[str, str] = {}
    for name in record:
        lowered.setdefault(name.casefold(), name)
    for name in inputs().fields.get(key, ()):
        if name in lowered and record[lowered[name]] not in (None, ""):
            return record[lowered[name]]
    return None


def _within(record: Mapping[str, object], key: str) -> object:
    """Follow a key with dots in it into objects: "source.name"."""
    if key in record:
        return record[key]
    value: object = record
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _text_of(
    record: Mapping[str, object], key: str, options: ReadOptions, warnings: list[str]
) -> str | None:
    value = _value(record, key, options)
    if isinstance(value, dict):
        value = value.get("name") or value.get("title")
    if value is None or value == "":
        return None
    if not isinstance(value, str) or NO_TEXT.search(value):
        warnings.append(f'its "{key}" is no text and was passed over')
        return None
    return value.strip() or None


def _authors_of(record: Mapping[str, object], options: ReadOptions) -> tuple[str, ...]:
    value = _value(record, "authors", options)
    several = value if isinstance(value, list) else [value]
    names = [one.get("name") if isinstance(one, dict) else one for one in several]
    kept = [n.strip() for n in names if isinstance(n, str) and n.strip() and not NO_TEXT.search(n)]
    return tuple(dict.fromkeys(name.replace("; ", ", ")[:200] for name in kept))


def _record_name(record: Mapping[str, object], options: ReadOptions, otherwise: str) -> str:
    """Return the record's own id; without one, the input's name and the record's number."""
    keys = (options.fields["id"],) if "id" in options.fields else inputs().fields["id"]
    for key in keys:
        value = record.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if isinstance(value, str) and value and not NO_TEXT.search(value):
            return value
    return otherwise


def _date_of(record: Mapping[str, object], options: ReadOptions, warnings: list[str]) -> str | None:
    """Read the date; one that is none is dropped, not the record, and one after the retrieval."""
    value = _value(record, "date", options)
    if value in (None, ""):
        return None
    written = _stamp_of(value)
    found = read_stamp(written) or date_of_name(written[:200])
    if found is None:
        warnings.append(f'its "date" is no date and was passed over: {written[:40]!r}')
    return found


def retrieved_of(record: Mapping[str, object], options: ReadOptions) -> str | None:
    """Give the day on which a record says that it was fetched."""
    value = _value(record, "retrieved", options)
    return read_stamp(_stamp_of(value)) if value else None


def _stamp_of(value: object) -> str:
    """Give a date as text; databases wrap theirs: {"$date": "2016-05-20"}."""
    if isinstance(value, dict):
        value = next(iter(value.values()), "")
    return str(value) if isinstance(value, str | int | float) else type(value).__name__
