"""Articles read up to merged events, without a graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL
from kg.inputs import Inputs
from kg.merge import merge
from kg.model import Article, News, Reading
from kg.read import ReadOptions
from kg.worker import Failure, Progress, Recipe, read_all

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["Extraction", "extract", "whole"]


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
        if not self.names:
            return 2 if self.failed or self.passed_over else 0
        return 1 if self.failed else 0

    def named(self) -> News:
        """Give the news with a reading for every input's name, in the inputs' order."""
        by_id = {reading.article.id: reading for reading in self.news.readings}
        readings = [
            replace(by_id[id_], article=replace(by_id[id_].article, name=name))
            for name, id_ in self.names
            if id_ in by_id
        ]
        return replace(self.news, readings=tuple(readings))


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
    recipe = Recipe(model, tuple(map(str, entities)), whole)
    readings: list[Reading] = []
    tasks = [("", article) for article in by_id.values()]
    for batch in read_all(tasks, recipe, jobs=jobs, nlp=nlp):
        readings += (one for one in batch if isinstance(one, Reading))
        inputs.failed += ((one.where, one.why) for one in batch if isinstance(one, Failure))
        if progress is not None:
            progress(len(readings), len(tasks))
    return Extraction(
        news=merge(readings),
        names=tuple(inputs.names),
        failed=tuple(inputs.failed),
        passed_over=tuple(inputs.passed_over),
    )


def whole(_: str, reading: Reading) -> Reading:
    """Send a reading back as it is."""
    return reading
