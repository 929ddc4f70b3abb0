"""One article after another, read out: the same in this process, in a pool and on a cluster.

What comes back is made of records, and never a parse: those are large, and belong to their
pipeline.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Generic, TypeVar

from kg.annotate import annotate_all, load_pipeline
from kg.collection import Packed, pack
from kg.errors import KGError
from kg.model import Article, Reading, Span
from kg.pool import forks, map_batches
from kg.reading import read_out, uncollected

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = [
    "Failure",
    "Progress",
    "Reader",
    "Recipe",
    "Task",
    "batched",
    "lost",
    "packed",
    "read_all",
    "whole",
]

log = logging.getLogger(__name__)

BATCH = 64  # articles parsed together
BATCH_CHARACTERS = 24_000  # and no more than these: at the end no process waits long for another
FORKED, SPAWNED = 10_000, 100_000  # characters read while a process starts
GROWTH = 150_000  # words that a pipeline learns before a new one takes its place

_FIRST = "Iran rejected Turkey's proposal on Monday, officials said."
FIRST = Article(id="", name="", text=_FIRST, body=(Span(0, len(_FIRST)),))

Form = TypeVar("Form")
Progress = Callable[[int, int], None]
"""Is called with the number of articles done and of all."""

Task = tuple[str, Article]
"""The digest under which a reading is kept, and the article."""


def packed(task: Task, doc: Doc) -> Packed:
    """Read an article out and pack the reading."""
    digest, article = task
    return pack(digest, read_out(article, doc))


def whole(task: Task, doc: Doc) -> Reading:
    """Read an article out; for those who want it at once."""
    return read_out(task[1], doc)


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be read out, and why."""

    article_id: str
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Recipe(Generic[Form]):
    """All that a process has to know to read as every other does.

    Attributes:
        entities: paths of a user's own files about who is who.
        form: makes of a task and its parse what is sent back.
    """

    model: str
    entities: tuple[str, ...]
    form: Callable[[Task, Doc], Form]

    def start(self) -> Callable[[Sequence[Task]], list[Form | Failure]]:
        """Make what reads articles in other processes, ready to do so."""
        reader = Reader(self)
        reader.read([("", FIRST)])  # tables and rules are loaded when they are first asked
        return reader.read


class Reader(Generic[Form]):
    """A pipeline that reads articles out.

    Args:
        nlp: a pipeline that is loaded already, and stays; None loads one when the first comes.
    """

    def __init__(self, recipe: Recipe[Form], nlp: Language | None = None) -> None:
        self._recipe = recipe
        self._own, self._nlp = nlp is None, nlp
        self._words = 0

    @uncollected()
    def read(self, tasks: Sequence[Task]) -> list[Form | Failure]:
        """Read articles out, in their order; one that fails does not stop the others.

        Raises:
            KGError: the model or a table is broken, which is nobody's article's fault.
        """
        nlp = self._pipeline()
        try:
            parsed = annotate_all([article for _, article in tasks], nlp, BATCH)
            pairs = zip(tasks, parsed, strict=True)
            return [self._read_one(task, doc) for task, (_, doc) in pairs]
        except KGError:
            raise
        except Exception:  # noqa: BLE001  # one article of the batch broke the parser: find which
            return [self._parse_one(task, nlp) for task in tasks]

    def _read_one(self, task: Task, doc: Doc) -> Form | Failure:
        try:
            return self._recipe.form(task, doc)
        except KGError:
            raise
        except Exception as error:  # one article never stops the others
            log.debug("article %s failed", task[1].name, exc_info=True)
            why = f"could not be read out ({_short(error)}); please report the text"
            return _failure(task[1], why)

    def _parse_one(self, task: Task, nlp: Language) -> Form | Failure:
        try:
            ((_, doc),) = annotate_all([task[1]], nlp, 1)
        except Exception as error:  # noqa: BLE001  # as above
            return _failure(task[1], f"could not be parsed ({_short(error)})")
        return self._read_one(task, doc)

    def _pipeline(self) -> Language:
        """Give the pipeline, or a new one where the old one's vocabulary has grown too much."""
        if self._own and self._nlp and len(self._nlp.vocab.strings) > self._words + GROWTH:
            self._nlp = None
        if self._nlp is None:
            self._nlp = load_pipeline(self._recipe.model, self._recipe.entities)
            self._words = len(self._nlp.vocab.strings)
        return self._nlp


def _failure(article: Article, why: str) -> Failure:
    return Failure(article.id, article.path or article.name, why)


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"


def lost(task: Task) -> Failure:
    """Say that an article killed every process that tried it."""
    return _failure(
        task[1],
        "the process that read it died twice (killed, or out of memory); read it by itself",
    )


# --- many of them -------------------------------------------------------------------------------


def read_all(
    tasks: Iterable[Task],
    recipe: Recipe[Form],
    *,
    jobs: int = 1,
    nlp: Language | None = None,
    worth: int | None = None,
) -> Iterator[list[Form | Failure]]:
    """Read articles out, in their order, in as many processes as are worth it.

    Args:
        jobs: the most processes; few or short articles are read in this one.
        nlp: a pipeline to use; where processes can't share it, there is but this one.
        worth: characters for which a further process is started.
    """
    shared = forks()
    worth = worth or (FORKED if shared else SPAWNED)
    jobs = 1 if nlp is not None and not shared else jobs
    ahead, tasks = _look_ahead(tasks, jobs * worth if jobs > 1 else 0)
    if not ahead and jobs > 1:
        return
    workers = min(jobs, sum(len(article.text) for _, article in ahead) // worth)
    if workers > 1:
        start = recipe.start if nlp is None else partial(_reader, recipe, nlp)
        yield from map_batches(start, batched(tasks), lost, workers)
        return
    reader = Reader(recipe, nlp)
    for batch in batched(tasks):
        yield reader.read(batch)


def _reader(
    recipe: Recipe[Form], nlp: Language
) -> Callable[[Sequence[Task]], list[Form | Failure]]:
    return Reader(recipe, nlp).read


def _look_ahead(tasks: Iterable[Task], characters: int) -> tuple[list[Task], Iterable[Task]]:
    """Give the first tasks that hold so many characters, and all of them anew."""
    ahead: list[Task] = []
    rest = iter(tasks)
    while characters > 0 and (task := next(rest, None)) is not None:
        ahead.append(task)
        characters -= len(task[1].text)
    return ahead, chain(ahead, rest)


def batched(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    """Cut tasks into batches that take about the same time: few long articles, or more short ones.

    >>> short, long = (Article(id="1", name="", text="x" * n) for n in (9, BATCH_CHARACTERS))
    >>> [len(batch) for batch in batched([("", short)] * 65 + [("", long)] * 2)]
    [64, 1, 1, 1]
    """
    batch: list[Task] = []
    characters = 0
    for task in tasks:
        length = len(task[1].text)
        if batch and (len(batch) == BATCH or characters + length > BATCH_CHARACTERS):
            yield batch
            batch, characters = [], 0
        batch.append(task)
        characters += length
    if batch:
        yield batch
