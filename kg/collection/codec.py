"""Records as canonical JSON and back: the same record is the same text, in every run.

A record is an object of the fields that differ from their default, by name and sorted; a span is
`[start, end]`, a tuple a list. Everything comes back, `EventMention.frame` too, which the quads
leave out and merging needs: so this, not the graph, is the form in which readings are kept.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar  # Any: JSON nests

from kg.errors import StoreError
from kg.model import Span

__all__ = ["from_json", "to_json"]

Record = TypeVar("Record")
Decoder = Callable[[Any], Any]


def to_json(record: object) -> str:
    """Write a record of `kg.model` as one line of JSON.

    >>> from kg.model import Skipped
    >>> to_json(Skipped(span=Span(2, 5), reason="banner"))
    '{"reason":"banner","span":[2,5]}'
    """
    return json.dumps(_plain(record), ensure_ascii=False, separators=(",", ":"))


def from_json(kind: type[Record], line: str) -> Record:
    """Read a record of a class of `kg.model`.

    Raises:
        StoreError: the line is no such record.

    >>> from kg.model import Skipped
    >>> from_json(Skipped, '{"reason":"banner","span":[2,5]}').span
    Span(start=2, end=5)
    """
    try:
        return typing.cast("Record", _decoder(typing.cast("Any", kind))(json.loads(line)))
    except (ValueError, TypeError, KeyError, AttributeError) as e:
        raise StoreError(
            f"what was kept isn't a {kind.__name__} ({e}): remove the folder and build it anew"
        ) from e


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Span):
        return [value.start, value.end]
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return {
        name: _plain(here)
        for name, default in _fields(typing.cast("Any", type(value)))
        if (here := getattr(value, name)) != default or default is dataclasses.MISSING
    }


@cache
def _fields(kind: Any) -> tuple[tuple[str, Any], ...]:
    """The names of a record's fields, sorted, with their defaults."""
    return tuple(sorted((field.name, field.default) for field in dataclasses.fields(kind)))


@cache
def _decoder(hint: Any) -> Decoder:
    """Make the function that turns plain JSON into a value of a type."""
    if hint is Span:
        return lambda pair: Span(pair[0], pair[1])
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _record_decoder(hint)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return _tuple_decoder(arguments)
    if origin in (types.UnionType, typing.Union):
        inner = next(argument for argument in arguments if argument is not types.NoneType)
        # looked up late: a frame holds frames
        return lambda value: None if value is None else _decoder(inner)(value)
    if hint is float:
        return float
    return lambda value: value


def _record_decoder(kind: type) -> Decoder:
    hints = typing.get_type_hints(kind)
    decoders = {name: _decoder(hints[name]) for name, _ in _fields(kind)}
    return lambda named: kind(**{name: decoders[name](value) for name, value in named.items()})


def _tuple_decoder(arguments: tuple[Any, ...]) -> Decoder:
    if arguments[-1] is Ellipsis:
        every = _decoder(arguments[0])
        return lambda values: tuple([every(value) for value in values])
    each = tuple(_decoder(argument) for argument in arguments)
    return lambda values: tuple(decode(value) for decode, value in zip(each, values, strict=True))
