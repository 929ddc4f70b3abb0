"""What a cluster writes: N-Quads in parts, and a table of events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Quad

from kg.collection import Made
from kg.model import Copy, Event, Reading
from kg.rdf import (
    SharedQuads,
    Whole,
    article_quads,
    dataset_quads,
    origin_quads,
    provenance_quads,
    vocabulary_quads,
)
from kg.spark.merging import Merged, Publishers
from kg.spark.shuffles import kept

if TYPE_CHECKING:
    from pyspark import RDD

__all__ = ["COLUMNS", "EVENTS", "QUADS", "Told", "in_order", "write_events", "write_quads"]

QUADS, EVENTS = "quads", "events"
Told = tuple[Event, Publishers]

TOGETHER = 1_000  # lines that go from Python to Java as one: each such text costs as much
GZIP = "org.apache.hadoop.io.compress.GzipCodec"


def lines_of(quads: Iterable[Quad]) -> Iterator[str]:
    """Write quads as N-Quads, each once and sorted; a thousand lines in each text."""
    lines = iter(sorted({str(quad) for quad in quads}))
    while some := list(islice(lines, TOGETHER)):
        yield " .\n".join(some) + " ."


def in_order(merged: Merged) -> Merged:
    """Have the events of each part in the order of their ids, whoever sent them there first."""
    events = merged.events.mapPartitions(lambda rows: sorted(rows, key=lambda row: row[0].id))
    return replace(merged, events=kept(events))


def write_quads(
    readings: RDD[Reading],
    merged: Merged,
    copies: RDD[Copy],
    made: Made,
    folder: str,
    partitions: int,
) -> Whole:
    """Write all quads of a graph, but for its history, and tell how much they hold."""
    base = made.base
    articles = readings.flatMap(_lines_of_reading(made))
    articles.saveAsTextFile(f"{folder}/{QUADS}/articles", GZIP)
    events = merged.events.flatMap(_lines_of_event(base))
    events.saveAsTextFile(f"{folder}/{QUADS}/events", GZIP)
    shares = kept(_shares(readings, merged, base, partitions))
    shared = shares.flatMap(lambda share: lines_of(share.rest()))
    clashes = merged.contradictions.mapPartitions(
        lambda some: lines_of(SharedQuads(base).rest(list(some)))
    )
    repeats = copies.mapPartitions(lambda some: lines_of(SharedQuads(base).rest((), list(some))))
    shared.union(clashes).union(repeats).saveAsTextFile(f"{folder}/{QUADS}/shared", GZIP)
    counted = Whole(contradictions=merged.contradictions.count())
    whole = shares.map(lambda share: share.whole).fold(Whole(), add) + counted
    _write_whole(readings, whole, made, folder)
    return whole


def _write_whole(readings: RDD[Reading], whole: Whole, made: Made, folder: str) -> None:
    base = made.base
    quads = [
        *provenance_quads((), base, model=made.model, curation=made.curation),
        *dataset_quads(whole, base),
        *vocabulary_quads(base),
    ]
    lines = readings.context.parallelize(list(lines_of(quads)), 1)
    lines.saveAsTextFile(f"{folder}/{QUADS}/whole", GZIP)


def _lines_of_reading(made: Made) -> Callable[[Reading], Iterator[str]]:
    def lines(reading: Reading) -> Iterator[str]:
        own = article_quads(reading, made.base)
        origin = origin_quads(
            [reading.article.id], made.base, model=made.model, curation=made.curation
        )
        return lines_of((*own, *origin))

    return lines


def _lines_of_event(base: str) -> Callable[[Told], Iterator[str]]:
    def lines(row: Told) -> Iterator[str]:
        return lines_of(_seeing(base, row[1]).of_event(row[0]))

    return lines


def _seeing(base: str, publishers: Publishers) -> SharedQuads:
    shared = SharedQuads(base)
    for id_, source in publishers.items():
        shared.see_source(id_, source)
    return shared


def _shares(readings: RDD[Reading], merged: Merged, base: str, partitions: int) -> RDD[SharedQuads]:
    """Bring together what the readings and events tell of, a share of it in each partition."""

    def seen_in_readings(some: Iterable[Reading]) -> Iterator[tuple[int, SharedQuads]]:
        shared = SharedQuads(base)
        for reading in some:
            shared.see(reading)
        return shared.shares(partitions)

    def seen_in_events(rows: Iterable[Told]) -> Iterator[tuple[int, SharedQuads]]:
        shared = SharedQuads(base)
        for event, _ in rows:
            shared.see_event(event)
        return shared.shares(partitions)

    seen = readings.mapPartitions(seen_in_readings)
    return (
        seen.union(merged.events.mapPartitions(seen_in_events))
        .reduceByKey(lambda one, other: one.take(other), partitions)
        .values()
    )


# --- the table of events ------------------------------------------------------------------------

TEXT, TEXTS = "string", "array<string>"


class Column(NamedTuple):
    """A column of the table of events: its name, its type in SQL, what it holds, and whence."""

    name: str
    type: str
    meaning: str
    of: Callable[[Event], object]


# names are those of `kg export events.csv`, where it has the same
COLUMNS = (
    Column("event", TEXT, "id of the event, the last part of its IRI", lambda e: e.id),
    Column("type", TEXT, "PLOVER type of 2023, or STATEMENT, or OTHER", lambda e: e.code.event),
    Column("mode", TEXT, "PLOVER mode", lambda e: e.code.mode),
    Column("contexts", TEXTS, "PLOVER contexts, sorted", lambda e: list(e.code.contexts)),
    Column("cameo", TEXT, "CAMEO code, its leading zero kept", lambda e: e.code.cameo),
    Column("action", TEXT, "what was done, a verb in its base form", lambda e: e.action),
    Column("actors", TEXTS, "names of who did it", lambda e: [one.name for one in e.actors]),
    Column("actor_ids", TEXTS, "their ids, in that order", lambda e: [one.id for one in e.actors]),
    Column(
        "actor_countries",
        TEXTS,
        "their countries in that order, ISO 3166-1 alpha-3 or null",
        lambda e: [one.country for one in e.actors],
    ),
    Column(
        "actor_sectors",
        TEXTS,
        "their PLOVER sectors in that order, or null",
        lambda e: [one.sector for one in e.actors],
    ),
    Column("targets", TEXTS, "names of whom it was done to", lambda e: [o.name for o in e.targets]),
    Column("target_ids", TEXTS, "as for actors", lambda e: [one.id for one in e.targets]),
    Column("target_countries", TEXTS, "as for actors", lambda e: [o.country for o in e.targets]),
    Column("target_sectors", TEXTS, "as for actors", lambda e: [one.sector for one in e.targets]),
    Column(
        "date",
        TEXT,
        "ISO 8601, a day, week, month, year or interval",
        lambda e: e.when and e.when.iso,
    ),
    Column(
        "date_basis",
        TEXT,
        "explicit (written out), relative (to the day of the article) or publication",
        lambda e: e.when and e.when.basis,
    ),
    Column("place", TEXT, "where it happened", lambda e: e.place and e.place.name),
    Column(
        "modality",
        TEXT,
        "asserted, proposed, planned, possible, conditional or denied",
        lambda e: e.modality,
    ),
    Column("negated", "boolean", "told as not having happened", lambda e: e.negated),
    Column(
        "voices",
        TEXTS,
        "ids of the publishers who tell it on their own, copies counted once",
        lambda e: list(e.voices),
    ),
    Column("concerns", TEXTS, "ids of the events that it is about", lambda e: list(e.concerns)),
    Column(
        "articles",
        TEXTS,
        "ids of the articles that tell it, sorted",
        lambda e: sorted({mention.article_id for mention in e.mentions}),
    ),
    Column(
        "mentions",
        TEXTS,
        "ids of its mentions, by date and place in the text",
        lambda e: [mention.id for mention in e.mentions],
    ),
)


def write_events(events: RDD[Told], folder: str) -> None:
    """Write a row an event, for whoever asks tables rather than graphs."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.getOrCreate()
    schema = ", ".join(f"`{one.name}` {one.type} COMMENT '{one.meaning}'" for one in COLUMNS)
    rows = session.createDataFrame(events.map(lambda row: _row(row[0])), schema)
    rows.write.parquet(f"{folder}/{EVENTS}")


def _row(event: Event) -> tuple[object, ...]:
    return tuple(column.of(event) for column in COLUMNS)
