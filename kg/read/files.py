"""Files, directories, archives, streams and addresses -> articles, one at a time.

Nothing is gathered: an archive of a million pages takes the memory of one. What can't be read is
told and passed over; what is let go on purpose (another language, a front page) is told as that.
"""

from __future__ import annotations

import hashlib
import io
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import IO, cast

from kg.errors import ArticleError
from kg.model import Article, content_id, path_text
from kg.read.articles import read_article
from kg.read.dates import date_of_name, read_stamp
from kg.read.encodings import decode
from kg.read.feeds import feed_records
from kg.read.fetch import fetch, is_address
from kg.read.inputs import inputs
from kg.read.kinds import ENDINGS, PACKED, inner_name, kind_of
from kg.read.languages import language_name, language_of
from kg.read.listing import (
    Found,
    Input,
    Unlisted,
    excused,
    let_go,
    list_inputs,
    told_briefly,
    unreadable,
    why_not,
)
from kg.read.pages import read_page
from kg.read.parquet import parquet_records
from kg.read.records import (
    MAX_ARTICLE,
    ReadOptions,
    Record,
    check_text,
    json_records,
    line_records,
    read_record,
    retrieved_of,
    table_records,
)
from kg.read.unpack import (
    DAMAGED,
    MAX_MEMBERS,
    Unpacked,
    count_members,
    gunzip,
    unzip_member,
    unzstd,
)
from kg.read.warc import read_captures

__all__ = ["read_articles", "read_input"]


MOST_TOLD = 20
"""Broken records of one file that are told one by one; the rest of a wrong file is counted."""

MAX_DEPTH = 3
"""Packed files inside packed files that are opened: a zip of gzips has two."""

MAX_NESTED = 64 << 20
"""Bytes of a zip that stands inside another file, which has to be held in memory."""


def read_articles(
    paths: Iterable[str | Path],
    *,
    stdin: IO[bytes] | None = None,
    options: ReadOptions | None = None,
) -> Iterator[Found]:
    """Read every article that the paths name, in order; what can't be read is told and passed over.

    Args:
        paths: files, directories, globs, addresses of the web (if `options.fetch`), or "-" for
            standard input: JSON lines unless its first bytes say otherwise.
        stdin: what "-" reads; None means `sys.stdin.buffer`.
        options: how records are mapped and what else is asked for.

    >>> [problem.message for problem in read_articles(["no/such.txt"])]
    ["no/such.txt: no such file; give a text file, a .jsonl file, a directory, a glob or '-'"]
    """
    options = options or ReadOptions()
    for given, listed in groupby(list_inputs(paths), key=lambda one: one.given):
        yield from told_briefly(given, _read_listed(listed, stdin, options))


def _read_listed(
    listed: Iterable[Input | Unlisted], stdin: IO[bytes] | None, options: ReadOptions
) -> Iterator[Found]:
    for one in listed:
        if isinstance(one, Input):
            yield from read_input(one, stdin=stdin, options=options)
        else:
            yield one.told


def read_input(
    one: Input, *, stdin: IO[bytes] | None = None, options: ReadOptions | None = None
) -> Iterator[Found]:
    """Read the articles of one input; what can't be read is told and passed over."""
    options = options or ReadOptions()
    if one.path == "-":
        stream = stdin if stdin is not None else sys.stdin.buffer
        yield from _read_stream("-", "stdin.jsonl", _buffered(stream), options, 0)
    elif is_address(one.path):
        yield from _read_address(one.path, options)
    else:
        for found in _read_path(Path(one.path), options):
            yield excused(found) if one.guessed else found


# --- what a stream holds ------------------------------------------------------------------------


def _read_path(path: Path, options: ReadOptions) -> Iterator[Found]:
    try:
        with path.open("rb") as stream:
            named = path_text(str(path)), path_text(path.name)
            yield from _read_stream(*named, stream, options, 0)
    except (OSError, ValueError) as error:
        yield unreadable(path, f"can't be opened ({why_not(error)}); check its permissions")


def _buffered(stream: IO[bytes]) -> io.BufferedReader:
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(io.RawIOBase, stream))


def _read_stream(
    path: str, name: str, stream: io.BufferedReader, options: ReadOptions, depth: int
) -> Iterator[Found]:
    """Read what a stream holds, by its kind.

    Args:
        path: what messages and articles call it.
        name: tells its kind; without the endings of what it was packed in.
        depth: packed files that it is inside of.
    """
    kind = kind_of(name, stream.peek(4096)[:8192])
    if kind in PACKED.values():
        if depth >= MAX_DEPTH:
            yield unreadable(path, "is packed too deep; unpack it")
        elif kind == "zip":
            yield from _read_zip(path, stream, options, depth)
        else:
            unpacked = gunzip(stream) if kind == "gzip" else unzstd(stream)
            yield from _read_unpacked(path, inner_name(name), unpacked, options, depth)
        return
    try:
        if kind == "warc":
            yield from _read_warc(path, name, stream, options)
        elif kind in ("lines", "json", "csv", "tsv", "feed", "parquet"):
            records = _records(kind, stream, options)
            yield from _read_records(path, name, records, options, kind)
        elif kind in inputs().unread:
            yield unreadable(path, f"is {inputs().unread[kind]}")
        else:
            yield _read_text(path, name, stream, options, kind)
    except ArticleError as error:
        yield unreadable(path, str(error))


def _read_unpacked(
    path: str, name: str, unpacked: Unpacked, options: ReadOptions, depth: int
) -> Iterator[Found]:
    """Read what comes out of a packed file, then tell what was wrong with it."""
    for found in _read_stream(path, name, io.BufferedReader(unpacked), options, depth + 1):
        whole = not isinstance(found, Article) or found.record is not None
        if whole or not unpacked.problems or "!" in (found.path or "")[len(path) :]:
            yield found
    for problem in unpacked.problems[:MOST_TOLD]:
        yield unreadable(path, problem)


def _read_zip(
    path: str, stream: io.BufferedReader, options: ReadOptions, depth: int
) -> Iterator[Found]:
    """Read the files of a zip in the order of their names."""
    whole: IO[bytes] = stream
    if not stream.seekable():
        held = stream.read(MAX_NESTED + 1)
        if len(held) > MAX_NESTED:
            yield unreadable(path, f"is a zip of over {MAX_NESTED >> 20} MB; unpack what it is in")
            return
        whole = io.BytesIO(held)
    try:
        if count_members(whole) > MAX_MEMBERS:
            yield unreadable(path, f"holds more than {MAX_MEMBERS:,} files; unpack it")
            return
        archive = zipfile.ZipFile(whole)
    except (*DAMAGED, NotImplementedError) as error:
        yield unreadable(path, f"is a damaged zip ({why_not(error)}); unpack it yourself")
        return
    with archive:
        read = 0
        for member in sorted(archive.infolist(), key=lambda member: member.filename):
            ending = Path(member.filename).suffix.lower()
            if ending not in ENDINGS or member.is_dir():  # which fails where there is no name
                continue
            read += 1
            inside = unzip_member(archive, member)
            base = Path(member.filename).name
            yield from _read_unpacked(f"{path}!{member.filename}", base, inside, options, depth)
    if not read:
        yield unreadable(path, "holds no .txt, .html, .jsonl or .warc file; give another archive")


def _read_text(path: str, name: str, stream: IO[bytes], options: ReadOptions, kind: str) -> Found:
    raw = stream.read(MAX_ARTICLE + 1)
    if len(raw) > MAX_ARTICLE:
        return unreadable(path, f"is larger than {MAX_ARTICLE >> 20} MB; split it into articles")
    stem = Path(inner_name(name)).stem if depth_of(name) else Path(name).stem
    try:
        return _checked(_text_article(raw, stem, kind, None, None), path, None, options, None)
    except ArticleError as error:
        return unreadable(path, str(error))


def depth_of(name: str) -> bool:
    """Tell whether a name still has the ending of what it was packed in."""
    return inner_name(name) != name


def _text_article(
    raw: bytes, name: str, kind: str, charset: str | None, address: str | None
) -> Article:
    """Decode and read a file of its own, or a page out of an archive."""
    text, encoding = decode(raw, charset)
    check_text(text)
    if kind == "html":
        article = read_page(text, name=name, address=address)
    else:
        article = read_article(text, name=name)
    sha256 = hashlib.sha256(raw).hexdigest()
    if article.published is None and (named := date_of_name(name)):
        article = replace(article, published=named, published_from="filename")
    return replace(article, id=content_id(sha256), sha256=sha256, encoding=encoding)


def _records(kind: str, stream: IO[bytes], options: ReadOptions) -> Iterator[Record]:
    if kind == "lines":
        opening = stream.peek(64)[:64].lstrip() if isinstance(stream, io.BufferedReader) else b""
        return json_records(stream, options) if opening.startswith(b"[{") else line_records(stream)
    if kind == "json":
        return json_records(stream, options)
    if kind == "feed":
        return feed_records(stream)
    if kind == "parquet":
        return parquet_records(stream)
    return table_records(stream, "\t" if kind == "tsv" else "")


def _read_records(
    path: str, name: str, records: Iterator[Record], options: ReadOptions, kind: str
) -> Iterator[Found]:
    """Read records; one that can't be read is told with its number."""
    empty, wrong = True, 0
    stem = "stdin" if path == "-" else Path(inner_name(name)).stem
    shown = None if path == "-" else path
    for number, record in records:
        empty = False
        try:
            if isinstance(record, ArticleError):
                raise record
            article = read_record(record, number, options, stem=stem, path=shown)
            retrieved = retrieved_of(record, options)
            yield _checked(article, shown, number, options, retrieved)
        except ArticleError as error:
            wrong += 1
            if wrong <= MOST_TOLD:
                yield unreadable(path, str(error), number)
    if wrong > MOST_TOLD:
        lines = "lines" if kind == "lines" else "records"
        more = f"{wrong - MOST_TOLD} more {lines} can't be read either; give one object a line"
        yield unreadable(path, more)
    if empty:
        yield unreadable(path, 'is empty; give one {"text": ...} a line')


def _read_warc(path: str, name: str, stream: IO[bytes], options: ReadOptions) -> Iterator[Found]:
    stem, wrong, pages = Path(inner_name(name)).stem, 0, 0
    bare: Counter[str] = Counter()
    for captured in read_captures(stream, MAX_ARTICLE):
        if captured is None:
            continue
        if isinstance(captured, tuple):
            wrong += 1
            if wrong <= MOST_TOLD:
                yield unreadable(path, str(captured[1]), captured[0])
            continue
        pages += 1
        number, label = captured.number, f"{stem}-{captured.number + 1}"
        try:
            article = _text_article(captured.content, label, "html", captured.charset, captured.url)
        except ArticleError as error:
            bare[str(error)] += 1
            continue
        article = replace(article, published=article.published)
        yield _checked(article, path, number, options, read_stamp(captured.retrieved or ""))
    if wrong > MOST_TOLD:
        yield unreadable(path, f"{wrong - MOST_TOLD} more records can't be read either")
    for reason, count in sorted(bare.items()):
        yield let_go(path, f"{count} of {pages} pages: {reason}", "no article")
    if not pages and not wrong:
        yield unreadable(path, "holds no page of HTML that was fetched")


def _read_address(url: str, options: ReadOptions) -> Iterator[Found]:
    if not options.fetch:
        yield unreadable(url, "is an address of the web; add --fetch to read it from there")
        return
    try:
        page = fetch(url, max_bytes=MAX_ARTICLE)
        kind = kind_of(url, page.content[:8192])
        if kind in ("feed", "lines", "json"):
            records = _records(kind, io.BytesIO(page.content), options)
            yield from _read_records(url, url, records, options, kind)
            return
        if kind in inputs().unread:
            raise ArticleError(f"is {inputs().unread[kind]}")
        charset = page.content_type.rpartition("charset=")[2] or None
        article = _text_article(page.content, url, kind, charset, page.url)
        article = replace(article, url=article.url or page.url)
        yield _checked(article, None, None, options, read_stamp(page.retrieved or ""))
    except ArticleError as error:
        yield unreadable(url, str(error))


def _checked(
    article: Article,
    path: str | None,
    record: int | None,
    options: ReadOptions,
    retrieved: str | None,
) -> Found:
    """Say where an article lies; let it go if it is not English; drop a date it can't have."""
    article = _with_possible_date(article, retrieved)
    shown = path if path is not None else article.name
    language = language_of(article.words(span) for span in article.body[:40])
    if language != "en" and not options.any_language:
        name = language_name(language)
        return let_go(
            shown, f"is in {name}, not in English; --any-language reads it", f"in {name}", record
        )
    return replace(article, path=path, record=record, language=language)


def _with_possible_date(article: Article, retrieved: str | None) -> Article:
    """Drop a date of publication that lies more than a day after the page was fetched.

    A day is for time zones. Where nobody says when a text was fetched, its date stands: no clock is
    read, so that the same files give the same graph tomorrow.
    """
    if not retrieved or not article.published or article.published[:10] <= retrieved[:10]:
        return article
    warning = f"its date {article.published} lies after it was fetched on {retrieved[:10]}"
    if _is_next_day(retrieved[:10], article.published[:10]):
        return replace(article, warnings=tuple(sorted((*article.warnings, warning))))
    dropped = f"{warning} and was passed over"
    return replace(
        article,
        published=None,
        published_from=None,
        warnings=tuple(sorted((*article.warnings, dropped))),
    )


def _is_next_day(day: str, other: str) -> bool:
    from datetime import date, timedelta

    return date.fromisoformat(other) - date.fromisoformat(day) <= timedelta(days=1)
