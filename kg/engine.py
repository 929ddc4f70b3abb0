"""Where the work of a build is done: one protocol, whether it is this machine or a cluster.

A build asks for three things, each made of the one before: articles, their readings, and the quads
of them all. `Pool` is this machine; `kg.spark` is Apache Spark.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from kg.collection import MakeQuads, Packed
from kg.inputs import Inputs
from kg.model import Article
from kg.read import ReadOptions
from kg.worker import Failure, Recipe, Task, read_all

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["Engine", "Pool"]


class Engine(Protocol):
    """What a build asks for; the answers are the same wherever they are worked out."""

    @property
    def make_quads(self) -> MakeQuads | None:
        """Merges what was read out and makes the quads of all of it; None leaves it to the store's
        writer, which does no more than a change asks for.
        """

    def articles(
        self, paths: Iterable[str | Path], inputs: Inputs, options: ReadOptions | None
    ) -> Iterator[Article]:
        """Give the articles that the paths name, and tell `inputs` what else there is."""

    def read_out(
        self, tasks: Iterable[Task], recipe: Recipe[Packed]
    ) -> Iterator[list[Packed | Failure]]:
        """Read articles out; whoever dies on the way, each comes back once, or says why not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pool:
    """The processes of this machine.

    Attributes:
        jobs: the most processes.
        nlp: a pipeline that is loaded already; None loads one where there is anything to read.
        stdin: what "-" reads; None means the process's own.
    """

    jobs: int = 1
    nlp: Language | None = None
    stdin: IO[bytes] | None = None

    @property
    def make_quads(self) -> MakeQuads | None:
        """None: the store's writer makes the quads."""
        return None

    def articles(
        self, paths: Iterable[str | Path], inputs: Inputs, options: ReadOptions | None
    ) -> Iterator[Article]:
        """Give the articles that the paths name, and tell `inputs` what else there is."""
        return inputs.articles(paths, self.stdin, options)

    def read_out(
        self, tasks: Iterable[Task], recipe: Recipe[Packed]
    ) -> Iterator[list[Packed | Failure]]:
        """Read articles out in as many processes as are worth it."""
        return read_all(tasks, recipe, jobs=self.jobs, nlp=self.nlp)
