"""Inputs to articles to readings, on whatever machine has time.

Files are opened where Spark sends them; the articles found are shuffled by their ids, so that a
text which stands in many files is parsed once and one long archive keeps all machines at work.
"""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.collection import Packed, Place, place_of
from kg.errors import KGError
from kg.model import Article
from kg.pool import map_apart
from kg.read import Found, Input, ReadOptions, Unreadable, read_input
from kg.spark.shuffles import only
from kg.worker import Failure, Recipe, Task, batched, lost, packed

if TYPE_CHECKING:
    from pyspark import RDD, SparkContext

__all__ = ["ReadOut", "Row", "asked_for", "find", "load", "named", "read_out", "standing"]

SHARDS = 4  # tasks for each core where there are as many files: long ones leave nobody waiting
ARTICLES = 250  # of a task: a machine that goes takes a minute's work with it


@dataclass(frozen=True, slots=True)
class Row:
    """Something found in an input.

    Attributes:
        number: of the input, in the order of the paths.
        position: of what was found, in the order of the input.
    """

    number: int
    position: int
    given: str
    found: Found


@dataclass(frozen=True, slots=True)
class ReadOut:
    """An article, and what it was read out to: the packed reading's digest is left open."""

    article: Article
    done: Packed | Failure


def find(
    context: SparkContext, inputs: Sequence[tuple[int, Input]], options: ReadOptions
) -> RDD[Row]:
    """Open inputs where there is time; paths are those of the folder where this is asked."""
    shards = max(1, min(len(inputs), SHARDS * context.defaultParallelism))
    return context.parallelize(inputs, shards).flatMap(_opened(options, Path.cwd()))


def _opened(options: ReadOptions, here: Path) -> Callable[[tuple[int, Input]], Iterator[Row]]:
    def open_input(numbered: tuple[int, Input]) -> Iterator[Row]:
        number, one = numbered
        with suppress(OSError):  # then what is opened says that it isn't there
            os.chdir(here)
        for position, found in enumerate(_read_whatever(one, options)):
            yield Row(number, position, one.given, found)

    return open_input


def _read_whatever(one: Input, options: ReadOptions) -> Iterator[Found]:
    try:
        yield from read_input(one, options=options)
    except KGError:
        raise
    except Exception as error:  # noqa: BLE001  # one file never fails the job of a thousand machines
        why = f"{one.path}: could not be read ({type(error).__name__}); please report the file"
        yield Unreadable(path=one.path, message=why)


def standing(rows: RDD[Row], partitions: int) -> RDD[tuple[str, Article]]:
    """Give each article once, by its id: as it stands at the first of its places."""
    articles = only(rows.map(lambda row: row.found), Article)
    return articles.map(lambda one: (one.id, one)).reduceByKey(_first_placed, partitions)


def _first_placed(one: Article, other: Article) -> Article:
    return min(one, other, key=_rank)


def _rank(article: Article) -> tuple[bool, Place]:
    place = place_of(article)
    return not place.path, place


def read_out(articles: RDD[tuple[str, Article]], recipe: Recipe[Packed]) -> RDD[ReadOut]:
    """Read articles out, a model for each Python process of the cluster."""
    return articles.mapPartitions(_with(recipe))


def _with(recipe: Recipe[Packed]) -> Callable[[Iterable[tuple[str, Article]]], Iterator[ReadOut]]:
    def read(articles: Iterable[tuple[str, Article]]) -> Iterator[ReadOut]:
        batches = batched((id_, article) for id_, article in articles)
        for tasks, done in _read_batches(batches, recipe):
            for (_, article), one in zip(tasks, done, strict=True):
                yield ReadOut(article, one)
        _settle()

    return read


@cache
def _settle() -> None:
    """Take the model out of the garbage collector's sight, once a process: it goes on for ever."""
    gc.collect()
    gc.freeze()


def _read_batches(
    batches: Iterable[list[Task]], recipe: Recipe[Packed]
) -> Iterator[tuple[list[Task], list[Packed | Failure]]]:
    """Read in this process; where that was tried before and died, in one that can be replaced.

    So an article that kills what reads it is found out, and the others of its partition are read.
    """
    from pyspark import TaskContext

    context = TaskContext.get()
    if context is None or context.attemptNumber() == 0:
        read = load(recipe)
        yield from ((tasks, read(tasks)) for tasks in batches)
        return
    taken = list(batches)  # of one partition: some hundred articles
    yield from zip(taken, map_apart(partial(load, recipe), taken, lost), strict=True)
    gc.freeze()  # again: the pool has undone it


def named(recipe: Recipe[Packed]) -> str:
    """Name what is to be loaded to the processes of other machines.

    >>> asked_for(named(Recipe("a_model", ("who.tsv",), packed))).entities
    ('who.tsv',)
    """
    return json.dumps([recipe.model, recipe.entities])


def asked_for(name: str) -> Recipe[Packed]:
    """Give the recipe of a name."""
    model, entities = json.loads(name)
    return Recipe(model, tuple(entities), packed)


@cache
def load(recipe: Recipe[Packed]) -> Callable[[Sequence[Task]], list[Packed | Failure]]:
    """Load the model once a process; Spark keeps its processes from task to task."""
    return recipe.start()
