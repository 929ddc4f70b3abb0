"""Apache Spark as the engine of a build."""

from __future__ import annotations

import gzip
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast  # Any: objects of Java

from pyoxigraph import Quad, RdfFormat, parse

from kg.collection import Made, MakeQuads, Packed, Source, unpack_record
from kg.errors import KGError, UsageError
from kg.inputs import Inputs
from kg.merge import Sketch
from kg.model import Article, Reading
from kg.model import Source as SourceOfNews
from kg.rdf import Whole, history_quads
from kg.read import Found, Input, ReadOptions, list_inputs, told_briefly
from kg.spark.merging import merge
from kg.spark.output import EVENTS, QUADS, Told, in_order, write_events, write_quads
from kg.spark.reading import ARTICLES, ReadOut, Row, find, named, read_out, standing
from kg.spark.shuffles import kept, only
from kg.spark.stories import survey
from kg.worker import Failure, Recipe, Task

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext

__all__ = ["READS", "Spark"]

FOUND, READINGS, MAKING = "found", "readings", "making"
LINES = 10_000  # of N-Quads that are parsed together
SORTED = 1 << 25  # bytes of what was found that one machine sorts, and the one that asks takes in
FEW = 20_000  # articles: 1.0 GB by the pool; sooner than on the cluster where measured, at 281
PART = 1_000  # articles of a part: some sixty megabytes of packed N-Quads
READS = "KG_READS"  # tells the daemon of each machine which model its workers will ask for


class Spark:
    """An engine that hands its work round on a cluster (`kg.engine.Engine`).

    What it works out lies in a folder that all machines see: `found` and `readings`, and then
    `quads` and `events`, which are what is wanted and take their places when both are whole. Each
    is written by a job of its own, whose tasks Spark repeats where a machine goes, and counts once.

    Args:
        folder: a path, or an address such as hdfs://host/path.
        recipe: what articles will be read by, if it is known: loaded once a machine, and not by
            each of its workers.
        few: articles that a build merges where it is asked for; parts are always made by all.
    """

    def __init__(
        self,
        context: SparkContext,
        folder: str,
        recipe: Recipe[Packed] | None = None,
        few: int | None = None,
    ) -> None:
        self._context, self._articles = context, 0
        self._few = FEW if few is None else few
        self._path = None if "://" in folder else Path(folder).absolute()
        self._folder = folder if self._path is None else self._path.as_uri()
        self._recipe = recipe and _anywhere(recipe)
        self.whole = Whole()
        if self._recipe is not None:
            context.environment[READS] = named(self._recipe)

    @property
    def make_quads(self) -> MakeQuads | None:
        """Merge on the cluster, and give the quads that its parts hold; where it is worth it."""
        return self._quads if self._articles > self._few else None

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
        self._articles = 0
        self.clear(FOUND, READINGS, MAKING)
        self.find(paths, inputs, options)
        rows = self._found().sortBy(_place, numPartitions=1 + self._size(FOUND) // SORTED)
        for article in inputs.sift(_briefly(rows.toLocalIterator())):
            self._articles += 1
            yield article

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
        """Read all that was found, if any of it is asked for, and give that."""
        digests = {article.id: digest for digest, article in tasks}
        self._recipe = recipe
        if not digests:
            return
        self._read(recipe, self._articles)
        for one in self._readings().toLocalIterator():
            if one.article.id in digests:
                done = one.done
                if isinstance(done, Packed):
                    done = replace(done, digest=digests[one.article.id])
                yield [done]

    def read(self, recipe: Recipe[Packed]) -> bool:
        """Read all articles out, and keep what they say; tells whether there is any."""
        self._read(recipe, only(self._found().map(lambda row: row.found), Article).count())
        return not only(self._readings().map(lambda one: one.done), Packed).isEmpty()

    def _read(self, recipe: Recipe[Packed], articles: int) -> None:
        tasks = max(self._context.defaultParallelism * 2, articles // ARTICLES)
        self._parts = max(self._context.defaultParallelism, articles // PART)
        articles_once = standing(self._found(), min(tasks, max(1, articles)))
        read = read_out(articles_once, _anywhere(recipe))
        self.clear(READINGS)
        read.saveAsPickleFile(f"{self._folder}/{READINGS}")

    def merge(self, made: Made) -> None:
        """Merge what was read, and write the quads and the table of events."""
        events = self._merge(made)
        write_events(events, f"{self._folder}/{MAKING}")
        for name in (EVENTS, QUADS):
            self._move(f"{MAKING}/{name}", name)

    def _merge(self, made: Made) -> RDD[Told]:
        """Merge what was read, write the quads, and give the events."""
        self.clear(MAKING)
        packed = kept(_in_order(self._readings(), self._parts))
        readings = kept(packed.map(_reading))
        surveyed = survey(kept(packed.map(_sketch)), packed.map(_source), self._parts)
        merged = in_order(merge(readings, surveyed, made.apart, self._parts))
        making = f"{self._folder}/{MAKING}"
        self.whole = write_quads(readings, merged, surveyed.copies, made, making, self._parts)
        return merged.events

    def failures(self) -> list[Failure]:
        """Give what could not be read out; after `read`."""
        return only(self._readings().map(lambda one: one.done), Failure).collect()

    def clear(self, *names: str) -> None:
        """Take away what only the way needed, or what is named; nobody else's."""
        for name in names or (FOUND, READINGS, MAKING):
            path, files = self._file(f"{self._folder}/{name}")
            files.delete(path, True)

    def _move(self, name: str, place: str) -> None:
        path, files = self._file(f"{self._folder}/{name}")
        if not files.rename(path, self._file(f"{self._folder}/{place}")[0]):
            raise KGError(f"{self._folder}/{place}: can't be put there; is it there already?")

    def _size(self, name: str) -> int:
        path, files = self._file(f"{self._folder}/{name}")
        return int(files.getContentSummary(path).getLength())

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
        if self._recipe is not None and not self._exists(f"{self._folder}/{READINGS}"):
            self._read(self._recipe, self._articles)
        self._merge(source.made)
        yield from self._written()
        yield from history_quads(source.history, source.made.base)

    def _written(self) -> Iterator[Quad]:
        """Give the quads of the parts: from this machine's disk, where they lie there."""
        if self._path is not None:
            for part in sorted(self._path.glob(f"{MAKING}/{QUADS}/*/part-*")):
                with gzip.open(part) as file:
                    yield from parse(cast(IO[bytes], file), RdfFormat.N_QUADS)
            return
        lines = self._context.textFile(f"{self._folder}/{MAKING}/{QUADS}/*").toLocalIterator()
        while some := list(islice(lines, LINES)):
            yield from parse("\n".join(some), RdfFormat.N_QUADS)


def _anywhere(recipe: Recipe[Packed]) -> Recipe[Packed]:
    """Name files as they are found from any folder of any machine."""
    return replace(recipe, entities=tuple(str(Path(path).absolute()) for path in recipe.entities))


def _place(row: Row) -> tuple[int, int]:
    return row.number, row.position


def _in_order(readings: RDD[ReadOut], partitions: int) -> RDD[ReadOut]:
    """Give what was read out, by the articles' ids: parts don't depend on who read what."""
    packed = readings.filter(lambda one: isinstance(one.done, Packed))
    by_id = packed.keyBy(lambda one: one.article.id)
    return by_id.repartitionAndSortWithinPartitions(partitions).values()


def _reading(one: ReadOut) -> Reading:
    assert isinstance(one.done, Packed)
    return replace(unpack_record(Reading, one.done.body), article=one.article)


def _source(one: ReadOut) -> tuple[str, SourceOfNews | None]:
    return one.article.id, one.article.source


def _sketch(one: ReadOut) -> Sketch:
    assert isinstance(one.done, Packed)
    return unpack_record(Sketch, one.done.sketch)


def _briefly(rows: Iterable[Row]) -> Iterator[Found]:
    """Tell what is wrong as one machine does: a path's first thousand faults, then a number."""
    for given, some in groupby(rows, key=lambda row: row.given):
        yield from told_briefly(given, (row.found for row in some))
