"""Apache Spark as the engine of a build."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any  # Any: objects of Java

from pyoxigraph import Quad, RdfFormat, parse

from kg.collection import Made, MakeQuads, Packed, Source, unpack_record
from kg.errors import UsageError
from kg.inputs import Inputs
from kg.merge import Sketch
from kg.model import Article, Reading
from kg.model import Source as SourceOfNews
from kg.rdf import Whole, history_quads
from kg.read import Found, Input, ReadOptions, list_inputs, told_briefly
from kg.spark.merging import merge
from kg.spark.output import EVENTS, QUADS, write_events, write_quads
from kg.spark.reading import ARTICLES, ReadOut, Row, find, read_out, standing
from kg.spark.shuffles import kept, only
from kg.spark.stories import survey
from kg.worker import Failure, Recipe, Task

if TYPE_CHECKING:
    from pyspark import RDD
    from pyspark.sql import SparkSession

__all__ = ["Spark"]

FOUND, READINGS = "found", "readings"
LINES = 10_000  # of N-Quads that are parsed together


class Spark:
    """An engine that hands its work round on a cluster (`kg.engine.Engine`).

    What it works out lies in a folder that all machines see: `found` and `readings`, and then
    `quads` and `events`, which are what is wanted. Each is written by a job of its own, whose
    tasks Spark repeats where a machine goes, and counts once.

    Args:
        folder: a path, or an address such as hdfs://host/path.
    """

    def __init__(self, session: SparkSession, folder: str) -> None:
        self._session, self._context = session, session.sparkContext
        self._folder = folder if "://" in folder else Path(folder).absolute().as_uri()
        self.whole = Whole()

    @property
    def make_quads(self) -> MakeQuads | None:
        """Merge on the cluster, and give the quads that its parts hold."""
        return self._quads

    @property
    def outputs(self) -> tuple[str, ...]:
        """Where what is wanted lies."""
        return f"{self._folder}/{QUADS}", f"{self._folder}/{EVENTS}"

    def begin(self) -> None:
        """See that nothing is in the way.

        Raises:
            UsageError: parts of another graph.
        """
        if any(self._exists(path) for path in self.outputs):
            raise UsageError(f"{self._folder}: holds parts already; choose another place")

    def articles(
        self, paths: Iterable[str | Path], inputs: Inputs, options: ReadOptions | None
    ) -> Iterator[Article]:
        """Give the articles that the paths name, and tell `inputs` what else there is."""
        self.clear(FOUND, READINGS, QUADS, EVENTS)
        self.find(paths, inputs, options)
        rows = self._found().sortBy(_place)
        yield from inputs.sift(_briefly(rows.toLocalIterator()))

    def find(
        self, paths: Iterable[str | Path], inputs: Inputs, options: ReadOptions | None = None
    ) -> None:
        """Open what the paths name, on the cluster, and keep what is found there.

        Raises:
            UsageError: standard input is among the paths.
        """
        listed: list[tuple[int, Input]] = []
        for number, one in enumerate(list_inputs(paths)):
            if not isinstance(one, Input):
                deque(inputs.sift([one.told]), maxlen=0)
            elif one.path == "-":
                raise UsageError("--engine spark reads files: standard input is on this machine")
            else:
                listed.append((number, one))
        self.clear(FOUND)
        rows = find(self._context, listed, options or ReadOptions())
        rows.saveAsPickleFile(f"{self._folder}/{FOUND}")

    def tell(self, inputs: Inputs) -> None:
        """Tell what was found that is no article; after `find`."""
        others = self._found().filter(lambda row: not isinstance(row.found, Article))
        deque(inputs.sift(_briefly(sorted(others.collect(), key=_place))), maxlen=0)

    def read_out(
        self, tasks: Iterable[Task], recipe: Recipe[Packed]
    ) -> Iterator[list[Packed | Failure]]:
        """Read all that was found, and give what was asked for."""
        digests = {article.id: digest for digest, article in tasks}
        self.read(recipe)
        for one in self._readings().toLocalIterator():
            if one.article.id in digests:
                done = one.done
                if isinstance(done, Packed):
                    done = replace(done, digest=digests[one.article.id])
                yield [done]

    def read(self, recipe: Recipe[Packed]) -> bool:
        """Read all articles out, and keep what they say; tells whether there is any."""
        found = only(self._found().map(lambda row: row.found), Article).count()
        parts = max(self._context.defaultParallelism * 2, found // ARTICLES)
        read = read_out(standing(self._found(), min(parts, max(1, found))), recipe)
        self.clear(READINGS)
        read.saveAsPickleFile(f"{self._folder}/{READINGS}")
        return not only(self._readings().map(lambda one: one.done), Packed).isEmpty()

    def merge(self, made: Made) -> None:
        """Merge what was read, and write the quads and the table of events."""
        parts = max(self._context.defaultParallelism, self._readings().getNumPartitions() // 4)
        packed = self._readings().filter(lambda one: isinstance(one.done, Packed))
        readings = kept(packed.map(_reading))
        sources = readings.map(_source)
        surveyed = survey(kept(packed.map(_sketch)), sources, parts)
        merged = merge(readings, surveyed, made.apart, parts)
        self.whole = write_quads(readings, merged, surveyed.copies, made, self._folder, parts)
        write_events(self._session, merged.events, self._folder)

    def failures(self) -> list[Failure]:
        """Give what could not be read out; after `read`."""
        return only(self._readings().map(lambda one: one.done), Failure).collect()

    def clear(self, *names: str) -> None:
        """Take away what only the way needed, or what is named; nobody else's."""
        for name in names or (FOUND, READINGS):
            path, files = self._file(f"{self._folder}/{name}")
            files.delete(path, True)

    def _exists(self, name: str) -> bool:
        path, files = self._file(name)
        return bool(files.exists(path))

    def _file(self, name: str) -> tuple[Any, Any]:
        """Give a path and its file system as Hadoop sees them: any that Spark can write to."""
        java = self._context._jvm
        assert java is not None
        path = java.org.apache.hadoop.fs.Path(name)
        return path, path.getFileSystem(self._context._jsc.hadoopConfiguration())

    def _found(self) -> RDD[Row]:
        return self._context.pickleFile(f"{self._folder}/{FOUND}")

    def _readings(self) -> RDD[ReadOut]:
        return self._context.pickleFile(f"{self._folder}/{READINGS}")

    def _quads(self, source: Source) -> Iterator[Quad]:
        self.merge(source.made)
        lines = self._context.textFile(f"{self._folder}/{QUADS}/*").toLocalIterator()
        while some := list(islice(lines, LINES)):
            yield from parse("\n".join(some), RdfFormat.N_QUADS)
        yield from history_quads(source.history, source.made.base)


def _place(row: Row) -> tuple[int, int]:
    return row.number, row.position


def _reading(one: ReadOut) -> Reading:
    assert isinstance(one.done, Packed)
    return replace(unpack_record(Reading, one.done.body), article=one.article)


def _source(reading: Reading) -> tuple[str, SourceOfNews | None]:
    return reading.article.id, reading.article.source


def _sketch(one: ReadOut) -> Sketch:
    assert isinstance(one.done, Packed)
    return unpack_record(Sketch, one.done.sketch)


def _briefly(rows: Iterable[Row]) -> Iterator[Found]:
    """Tell what is wrong as one machine does: a path's first thousand faults, then a number."""
    for given, some in groupby(rows, key=lambda row: row.given):
        yield from told_briefly(given, (row.found for row in some))
