"""Articles read up to merged events, or to open triples, without a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL
from kg.curation import read_curation
from kg.inputs import Inputs, return_code
from kg.merge import merge
from kg.model import Article, News, Reading, Triple
from kg.read import ReadOptions
from kg.triples import find_triples
from kg.worker import Failure, Progress, Recipe, Task, read_all, whole

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["Extraction", "OpenExtraction", "extract", "extract_triples"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """News read out of inputs, with the inputs' names and failures.

    Attributes:
        names: (name as given, article id) of every readable input in order; a text that came twice
            has two names and one id.
        passed_over: as in `Report`.
    """

    news: News
    names: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read."""
        return return_code(bool(self.names), self.failed, self.passed_over)

    def named(self) -> News:
        """Give the news with a reading for every input's name, in the inputs' order."""
        by_id = {reading.article.id: reading for reading in self.news.readings}
        readings = [
            replace(by_id[id_], article=replace(by_id[id_].article, name=name))
            for name, id_ in self.names
            if id_ in by_id
        ]
        return replace(self.news, readings=tuple(readings))


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenExtraction:
    """Open triples read out of inputs, with the inputs' failures.

    Attributes:
        found: every readable input in order, with its triples.
        passed_over: as in `Report`.
    """

    found: tuple[tuple[Article, tuple[Triple, ...]], ...]
    failed: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read."""
        return return_code(bool(self.found), self.failed, self.passed_over)


def extract(
    paths: Iterable[str | Path],
    *,
    model: str = DEFAULT_MODEL,
    entities: Iterable[str | Path] = (),
    nlp: Language | None = None,
    stdin: IO[bytes] | None = None,
    progress: Progress | None = None,
    options: ReadOptions | None = None,
    jobs: int = 1,
) -> Extraction:
    """Read every article of the inputs up to merged events; nothing is written.

    Args:
        paths: as `kg.read.read_articles` takes them.
        entities: a user's own files about who is who, as `kg.curation.read_curation` takes them.
        nlp: a pipeline of `load_pipeline`, with its own entities; None loads `model`.
        progress: is called with the number of articles done and of all, after each batch.
        options: how the inputs are to be read.
        jobs: processes; more than one only in a program that guards its entry (`__main__`).

    Raises:
        ModelError: the model isn't installed.
    """
    inputs = Inputs()
    by_id: dict[str, Article] = {}
    for article in inputs.articles(paths, stdin, options):
        by_id.setdefault(article.id, article)
    own = tuple(map(str, entities))
    recipe = Recipe(model, own, whole)
    readings: list[Reading] = []
    tasks = [("", article) for article in by_id.values()]
    for batch in read_all(tasks, recipe, jobs=jobs, nlp=nlp):
        readings += (one for one in batch if isinstance(one, Reading))
        inputs.failed += ((one.where, one.why) for one in batch if isinstance(one, Failure))
        if progress is not None:
            progress(len(readings), len(tasks))
    return Extraction(
        news=merge(readings, read_curation(own).apart),
        names=tuple(inputs.names),
        failed=tuple(inputs.failed),
        passed_over=tuple(inputs.passed_over),
    )


def extract_triples(
    paths: Iterable[str | Path],
    *,
    model: str = DEFAULT_MODEL,
    nlp: Language | None = None,
    stdin: IO[bytes] | None = None,
    progress: Progress | None = None,
    options: ReadOptions | None = None,
    jobs: int = 1,
) -> OpenExtraction:
    """Read the open triples of every article of the inputs; arguments as for `extract`."""
    inputs, articles = Inputs(), list[Article]()
    articles += inputs.articles(paths, stdin, options)
    tasks = [("", article) for article in {one.id: one for one in articles}.values()]
    found: dict[str, tuple[Triple, ...]] = {}
    recipe = Recipe(model, (), open_triples)
    for batch in read_all(tasks, recipe, jobs=jobs, nlp=nlp):
        found |= (one for one in batch if not isinstance(one, Failure))
        inputs.failed += ((one.where, one.why) for one in batch if isinstance(one, Failure))
        if progress is not None:
            progress(len(found), len(tasks))
    return OpenExtraction(
        found=tuple((a, found[a.id]) for a in articles if a.id in found),
        failed=tuple(inputs.failed),
        passed_over=tuple(inputs.passed_over),
    )


def open_triples(task: Task, doc: Doc) -> tuple[str, tuple[Triple, ...]]:
    """Find the open triples of an article."""
    return task[1].id, find_triples(task[1], doc)
