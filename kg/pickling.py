"""Frozen records, pickled several times as fast as Python's own way for them.

Python rebuilds a frozen record with slots in Python code, field by field, and asks for the list of
its fields each time; records go from process to process and to disk by the hundred thousand.
"""

from __future__ import annotations

import copyreg
import pickle
from collections.abc import Callable
from io import BytesIO
from operator import attrgetter
from typing import Any, TypeVar  # Any: fields hold anything

__all__ = ["load_records", "pickled_quickly"]

Record = TypeVar("Record")

_SETTERS: dict[type, tuple[Callable[[Any, Any], None], ...]] = {}
_KINDS: dict[tuple[str, str], type] = {}


def pickled_quickly(kind: type[Record]) -> type[Record]:
    """Have records of a class with two or more slots pickled by their values; a decorator.

    >>> import pickle
    >>> from kg.model import Span
    >>> pickle.loads(pickle.dumps(Span(2, 4)))
    Span(start=2, end=4)
    """
    names: tuple[str, ...] = kind.__slots__  # type: ignore[attr-defined]
    _SETTERS[kind] = tuple(vars(kind)[name].__set__ for name in names)
    _KINDS[kind.__module__, kind.__qualname__] = kind
    values = attrgetter(*names)
    copyreg.pickle(kind, lambda record: (_rebuilt, (kind, values(record))))
    return kind


def _rebuilt(kind: type[Record], values: tuple[object, ...]) -> Record:
    record = object.__new__(kind)
    for put, value in zip(_SETTERS[kind], values, strict=True):
        put(record, value)
    return record


class _RecordLoader(pickle.Unpickler):
    """Loads our records and plain values, and calls nothing else that a file may name."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if (module, name) == (__name__, _rebuilt.__name__):
            return _rebuilt
        if (module, name) in _KINDS:
            return _KINDS[module, name]
        raise pickle.UnpicklingError(f"{module}.{name} is no record")


_PLAIN = frozenset(
    {("builtins", "set"), ("builtins", "frozenset"), ("datetime", "date"),
     ("collections", "Counter")}
)  # fmt: skip


def load_records(body: bytes) -> Any:
    """Unpickle records that lie in a file: classes of `pickled_quickly` and plain values only.

    Raises:
        pickle.UnpicklingError: something else is in it.

    >>> from kg.model import Span
    >>> load_records(pickle.dumps([Span(2, 4)]))
    [Span(start=2, end=4)]
    >>> load_records(pickle.dumps(print))
    Traceback (most recent call last):
    ...
    _pickle.UnpicklingError: builtins.print is no record
    """
    return _RecordLoader(BytesIO(body)).load()
