"""What a cluster writes: N-Quads in parts, and a table of events."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import add
from typing import TYPE_CHECKING

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
    from pyspark.sql import SparkSession

__all__ = ["EVENTS", "QUADS", "write_events", "write_quads"]

QUADS, EVENTS = "quads", "events"
Told = tuple[Event, Publishers]

GZIP = "org.apache.hadoop.io.compress.GzipCodec"
COLUMNS = (
    "id string, event string, mode string, cameo string, contexts array<string>, action string,"
    " actors array<string>, actor_ids array<string>, targets array<string>,"
    " target_ids array<string>, time string, place string, negated boolean, modality string,"
    " articles array<string>, mentions array<string>, voices array<string>,"
    " concerns array<string>"
)


def lines_of(quads: Iterable[Quad]) -> Iterator[str]:
    """Write quads as N-Quads, each once and sorted."""
    return (f"{line} ." for line in sorted({str(quad) for quad in quads}))


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
    clashes = merged.contradictions.flatMap(lambda one: lines_of(SharedQuads(base).rest([one])))
    repeats = copies.flatMap(lambda one: lines_of(SharedQuads(base).rest((), [one])))
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


def write_events(session: SparkSession, events: RDD[Told], folder: str) -> None:
    """Write a row an event, for whoever asks tables rather than graphs."""
    rows = session.createDataFrame(events.map(lambda row: _columns(row[0])), COLUMNS)
    rows.write.parquet(f"{folder}/{EVENTS}")


def _columns(event: Event) -> tuple[object, ...]:
    code = event.code
    return (
        event.id,
        code.event,
        code.mode,
        code.cameo,
        list(code.contexts),
        event.action,
        [entity.name for entity in event.actors],
        [entity.id for entity in event.actors],
        [entity.name for entity in event.targets],
        [entity.id for entity in event.targets],
        event.when.iso if event.when else None,
        event.place.name if event.place else None,
        event.negated,
        event.modality,
        sorted({mention.article_id for mention in event.mentions}),
        [mention.id for mention in event.mentions],
        list(event.voices),
        list(event.concerns),
    )
