"""Parquet tables -> records, a batch of rows at a time; needs pyarrow, which `kg` comes without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import IO

from kg.errors import ArticleError
from kg.read.records import Record

__all__ = ["parquet_records"]

ROWS = 256  # at a time: of long articles a megabyte


def parquet_records(stream: IO[bytes]) -> Iterator[Record]:
    """Read the rows of a Parquet table.

    Raises:
        ArticleError: it is broken, or pyarrow isn't installed.
    """
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ArticleError(
            "is a Parquet table, for which kg needs more: pip install 'newskg[spark]'"
        ) from error
    if not stream.seekable():
        raise ArticleError("is a Parquet table inside another file; unpack it")
    number = 0
    try:
        for batch in ParquetFile(stream).iter_batches(batch_size=ROWS):
            for row in batch.to_pylist():
                yield number, {key: _plain(value) for key, value in row.items()}
                number += 1
    except (ArrowException, ArithmeticError, OSError, ValueError) as error:
        reason = next(iter(str(error).splitlines()), type(error).__name__)
        raise ArticleError(f"is a broken Parquet table ({reason})") from error


def _plain(value: object) -> object:
    """Write times as JSON would have them."""
    return value.isoformat() if isinstance(value, date | datetime) else value
