"""Event mentions as lines of JSON and as rows for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias

from kg.export.stored import Stored, publisher
from kg.lines import reading_lines
from kg.model import Article, Entity, Event, EventMention
from kg.query import guard_cell
from kg.rdf import Sorter

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["COLUMNS", "write_csv", "write_json_lines"]

COLUMNS = (
    "event",
    "type",
    "mode",
    "cameo",
    "action",
    "actors",
    "targets",
    "theme",
    "date",
    "date_basis",
    "modality",
    "negated",
    "speaker",
    "quote",
    "confidence",
    "inferred",
    "publishers",
    "publisher",
    "published",
    "article",
    "file",
    "record",
    "begin",
    "end",
    "trigger_begin",
    "trigger_end",
    "sentence",
    "url",
)

Row: TypeAlias = dict[str, Any]  # Any: what a cell holds

_Line: TypeAlias = tuple[str, str, str]
"""The rank of an event and of a mention in it, and the row as JSON."""


def write_json_lines(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write one JSON object an event mention, as `kg extract` does."""
    stored = Stored(store)
    event_ids = {mention: event.id for event, mentions in stored.events() for mention in mentions}
    for line in reading_lines(stored.readings(), event_ids):
        file.write(f"{json.dumps(line, ensure_ascii=False)}\n".encode())


def write_csv(store: Store, file: IO[bytes], folder: Path | None) -> None:
    """Write one row an event mention, for spreadsheets: no text can become a formula."""
    file.write(_csv_line(COLUMNS))
    sorter = Sorter[_Line](lambda line: sum(map(len, line)), folder)
    sorter.extend(_lines(Stored(store)))
    for _, lines in groupby(sorter, key=itemgetter(0)):
        rows = [json.loads(line) for _, _, line in lines]
        publishers = len({row["told_by"] for row in rows})
        for row in rows:
            row["publishers"] = publishers
            file.write(_csv_line([guard_cell(row[column]) for column in COLUMNS]))


def _csv_line(cells: Iterable[object]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(cells)
    return line.getvalue().encode("utf-8")


def _lines(stored: Stored) -> Iterator[_Line]:
    """Give the rows in the order of the articles, each with its place among all."""
    told = {
        id_: (event, f"{rank:012}", f"{index:012}")
        for rank, (event, mentions) in enumerate(stored.events())
        for index, id_ in enumerate(mentions)
    }
    for reading in stored.readings():
        for mention in reading.events:
            if mention.id in told:
                event, rank, index = told[mention.id]
                row = _row(event, mention, reading.article)
                yield rank, index, json.dumps(row)


def _row(event: Event, mention: EventMention, article: Article) -> Row:
    return {
        "event": event.id,
        "told_by": publisher(article),
        **_happening_cells(event, mention),
        **_place_cells(mention, article),
    }


def _happening_cells(event: Event, mention: EventMention) -> Row:
    code, when = mention.code or event.code, mention.when or event.when
    attribution = mention.attribution
    voice = attribution.speaker if attribution else None
    named = voice and (voice.entity.name if voice.entity else voice.mention and voice.mention.text)
    return {
        "type": code.event,
        "mode": code.mode,
        "cameo": code.cameo,
        "action": mention.action,
        "actors": _names(event.actors),
        "targets": _names(event.targets),
        "theme": mention.theme,
        "date": when.iso if when else None,
        "date_basis": when.basis if when else None,
        "modality": mention.modality,
        "negated": mention.negated,
        "speaker": named or ("somebody" if attribution else None),
        "quote": attribution is not None and attribution.quoted,
        "confidence": mention.confidence,
        "inferred": "; ".join(mention.inferred),
    }


def _place_cells(mention: EventMention, article: Article) -> Row:
    sentence = mention.sentence
    return {
        "publisher": article.source.name if article.source else None,
        "published": article.published,
        "article": article.name,
        "file": article.path,
        "record": article.record,
        "begin": sentence.start,
        "end": sentence.end,
        "trigger_begin": mention.trigger.start,
        "trigger_end": mention.trigger.end,
        "sentence": article.words(sentence),
        "url": article.url,
    }


def _names(entities: Iterable[Entity]) -> str:
    return "; ".join(sorted({entity.name for entity in entities}))
