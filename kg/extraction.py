"""Articles read up to merged events, or to open triples, without a graph.

What is read waits on shelves: of many inputs few are in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Generic, NamedTuple, TypeVar

from kg.annotate import DEFAULT_MODEL
from kg.curation import read_curation
from kg.inputs import Inputs, Told, return_code
from kg.merge import Merging, Sketch, merge, sketch_of, survey
from kg.model import Article, News, Reading, Triple
from kg.read import ReadOptions
from kg.reading import uncollected
from kg.shelf import Shelf
from kg.triples import find_triples
from kg.worker import Failure, Progress, Recipe, Task, read_all, whole

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["Extraction", "OpenExtraction", "Sketched", "extract", "extract_triples"]

IN_MEMORY = 1_000  # articles, or what is read out of them; so many take some hundred megabytes


class Sketched(NamedTuple):
    """A reading, and what merging finds stories and copies by."""

    article: Article
    reading: Reading
    sketch: Sketch


class Triples(NamedTuple):
    """An article and its open triples."""

    article: Article
    triples: tuple[Triple, ...]


def sketched(task: Task, doc: Doc) -> Sketched:
    """Read an article out, and sketch it."""
    reading = whole(task, doc)
    return Sketched(reading.article, reading, sketch_of(reading.article))


def open_triples(task: Task, doc: Doc) -> Triples:
    """Find the open triples of an article."""
    return Triples(task[1], find_triples(task[1], doc))


Form = TypeVar("Form", Sketched, Triples)


@dataclass(frozen=True, kw_only=True)
class _Found(Generic[Form]):
    """What was read out of inputs, with their names and failures.

    Attributes:
        shelf: what was read out of each article, in the order in which they came first.
        numbers: its number there, by the article's id.
    """

    inputs: Inputs
    shelf: Shelf[Form] = field(default_factory=lambda: Shelf[Form](IN_MEMORY))
    numbers: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> tuple[tuple[str, str], ...]:
        """The (name as given, article id) of every readable input in order.

        A text that came twice has two names and one id.
        """
        return tuple(self.inputs.names)

    @property
    def failed(self) -> Told:
        """The (where, why) of every input that could not be read."""
        return tuple(self.inputs.failed)

    @property
    def passed_over(self) -> Told:
        """The (where, why) of what was let go on purpose: another language, a front page."""
        return tuple(self.inputs.passed_over)

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read."""
        return return_code(bool(self.inputs.names), self.failed, self.passed_over)

    def _by_name(self) -> Iterator[tuple[str, Form]]:
        """Give what was read for every input's name, in the inputs' order."""
        for name, id_ in self.inputs.names:
            if id_ in self.numbers:
                yield name, self.shelf[self.numbers[id_]]


@dataclass(frozen=True, kw_only=True)
class Extraction(_Found[Sketched]):
    """News read out of inputs.

    Attributes:
        apart: pairs of ids, of mentions or of events, that a person wants kept apart.
    """

    apart: frozenset[tuple[str, str]] = frozenset()

    def named(self) -> Iterator[Reading]:
        """Give a reading for every input's name, in the inputs' order."""
        for name, found in self._by_name():
            yield replace(found.reading, article=replace(found.reading.article, name=name))

    @uncollected()
    def event_ids(self) -> dict[str, str]:
        """Group the readings one by one; gives the event of each mention, by their ids."""
        known = survey(_Sketches(self))
        merging = Merging(known, self.apart)
        for id_ in known.order:
            merging.add(self.shelf[self.numbers[id_]].reading)
        return merging.event_ids()

    @property
    def news(self) -> News:
        """All of it together, merged, in memory."""
        return merge((found.reading for found in self.shelf), self.apart)


class _Sketches(Mapping[str, Sketch]):
    """The sketches of an extraction, by article id."""

    def __init__(self, found: Extraction) -> None:
        self._found = found

    def __getitem__(self, article_id: str) -> Sketch:
        return self._found.shelf[self._found.numbers[article_id]].sketch

    def __iter__(self) -> Iterator[str]:
        return iter(self._found.numbers)

    def __len__(self) -> int:
        return len(self._found.numbers)


@dataclass(frozen=True, kw_only=True)
class OpenExtraction(_Found[Triples]):
    """Open triples read out of inputs."""

    def named(self) -> Iterator[tuple[Article, tuple[Triple, ...]]]:
        """Give every readable input in order, with its triples."""
        for name, (article, triples) in self._by_name():
            yield replace(article, name=name), triples


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
    """Read every article of the inputs; nothing is written.

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
    own, inputs = tuple(map(str, entities)), Inputs()
    found = Extraction(inputs=inputs, apart=read_curation(own).apart)
    tasks = _waiting(inputs.articles(paths, stdin, options))
    batches = read_all(tasks, Recipe(model, own, sketched), jobs=jobs, nlp=nlp)
    _fill(found, batches, len(tasks), progress)
    return found


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
    inputs = Inputs()
    found = OpenExtraction(inputs=inputs)
    tasks = _waiting(inputs.articles(paths, stdin, options))
    batches = read_all(tasks, Recipe(model, (), open_triples), jobs=jobs, nlp=nlp)
    _fill(found, batches, len(tasks), progress)
    return found


def _waiting(articles: Iterable[Article]) -> Shelf[Task]:
    """Put the articles where they wait, each text once: so it is known how many there are."""
    waiting, seen = Shelf[Task](IN_MEMORY), set[str]()
    for article in articles:
        if article.id not in seen:
            seen.add(article.id)
            waiting.add(("", article))
    return waiting


def _fill(
    found: _Found[Form],
    batches: Iterable[Sequence[Form | Failure]],
    total: int,
    progress: Progress | None,
) -> None:
    """Put what is read out on its shelf as it comes."""
    done = 0
    for batch in batches:
        for one in batch:
            if isinstance(one, Failure):
                found.inputs.failed.append((one.where, one.why))
            else:
                found.numbers[one.article.id] = found.shelf.add(one)
        done += len(batch)
        if progress is not None:
            progress(done, total)
