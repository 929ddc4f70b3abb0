"""The whole path: files in, a store and what can be opened out, and a report of what was let go.

1. read: every input becomes an article, or a line that says why it can't;
2. annotate and read out: one article at a time; one that fails is counted, the others go on; what
   was read out before, by the same rules, is taken as it was kept;
3. merge: what several articles tell becomes one event;
4. write: store, Turtle, TriG and page beside the old ones, and all swapped in (`kg.collection`).

The same inputs give the same bytes: ids come from content and no clock is read.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL, annotate_all, load_pipeline
from kg.collection import (
    STORE,
    Change,
    Collection,
    Made,
    Plan,
    Tally,
    WriteFiles,
    edition,
    take_places,
    write_beside,
)
from kg.curation import read_curation
from kg.errors import KGError, StoreError
from kg.merge import merge
from kg.model import Article, News, Reading
from kg.query import count_graph, find_repeats
from kg.rdf import DEFAULT_BASE, Names, write_trig, write_turtle
from kg.read import LetGo, ReadOptions, Unreadable, read_articles
from kg.reading import read_out
from kg.store import Store

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = [
    "STORE",
    "ArticleReport",
    "Extraction",
    "Report",
    "add",
    "build",
    "extract",
    "load_pipeline",
    "remove",
]

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

TURTLE, TRIG, PAGE, REPORT = "graph.ttl", "graph.trig", "graph.html", "report.json"
FILES = (TURTLE, TRIG, PAGE)
FILES_UP_TO = 100  # articles: to write their files anew takes as long as to parse some ten of them
BATCH = 16  # articles parsed together: measured best between 4 and 256 for speed and memory


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """What became of one article."""

    id: str
    name: str
    path: str | None
    title: str | None
    publisher: str | None
    agency: str | None
    published: str | None
    published_from: str | None
    encoding: str
    paragraphs: int
    events: int
    by_type: dict[str, int]
    let_go: dict[str, int]
    warnings: tuple[str, ...] = ()

    def to_lines(self) -> list[str]:
        """Write the article's part of the report for people."""
        who = " / ".join(dict.fromkeys(name for name in (self.publisher, self.agency) if name))
        kinds = sorted(self.by_type.items(), key=lambda kv: (-kv[1], kv[0]))
        told = ", ".join(f"{n} {kind}" for kind, n in kinds) or "none"
        lines = [
            self.title or self.name,
            f"  {self.path or self.name} · {who or 'publisher unknown'} · "
            f"{self.published or 'no date'}",
            f"  {self.events} event mentions: {told}",
        ]
        if self.let_go:
            lines.append("  let go: " + ", ".join(f"{n} × {why}" for why, n in self.let_go.items()))
        lines += [f"  warning: {warning}" for warning in self.warnings]
        return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run read, found, let go, changed and wrote.

    Attributes:
        articles: of this run's inputs.
        failed: (where, why) for every input that could not be read.
        passed_over: (where, why) for what was let go on purpose: another language, a front page.
        copies: (name, name of the article with the same text) for inputs that were read once.
        mentions, events, entities, contradictions: in the whole graph.
        merged: events told by two or more publishers, each on its own.
        repeats: (name, name of an earlier article, why it is held to repeat that one).
        added, changed, again, removed: articles that are new; that took another one's place; that
            were there and were written anew (moved, dated anew, read by new rules); that are gone.
        held: articles in the graph.
        moved: (old path, new path) of texts that were found elsewhere.
    """

    articles: tuple[ArticleReport, ...]
    failed: tuple[tuple[str, str], ...] = ()
    passed_over: tuple[tuple[str, str], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    repeats: tuple[tuple[str, str, str], ...] = ()
    mentions: int = 0
    events: int = 0
    merged: int = 0
    entities: int = 0
    contradictions: int = 0
    outputs: tuple[str, ...] = ()
    added: int = 0
    changed: int = 0
    again: int = 0
    removed: int = 0
    held: int = 0
    moved: tuple[tuple[str, str], ...] = ()

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read, and nothing was done."""
        if not self.articles and not self.removed:
            return 2 if self.failed or self.passed_over else 0
        return 1 if self.failed else 0

    def to_text(self, out: Path) -> str:
        """Write the report for people: what was read, found and let go, and what to open."""
        lines = [line for article in self.articles for line in article.to_lines()]
        lines += [f"{name}: the same text as {first}, read once" for name, first in self.copies]
        lines += [f"{name}: repeats {first} ({why})" for name, first, why in self.repeats]
        lines += [f"{old}: now {new}" for old, new in self.moved]
        lines += [f"let go: {why}" for _, why in self.passed_over]
        if self.held or self.removed:
            lines += ["", self._counts(), self._changes(out), ""]
            if self.held:
                ask = f"kg query who-did-what --out {out}"
                lines += [f"Open {out / PAGE} in a browser; ask with: {ask}"]
        if self.outputs:
            lines += ["Written: " + ", ".join(self.outputs)]
            missing = [name for name in FILES if not (out / name).exists()]
            if missing:
                lines += [
                    f"Out of date and taken away: {', '.join(missing)}; kg export writes them"
                ]
        return "\n".join(lines) + "\n" if lines else ""

    def _counts(self) -> str:
        counts = (
            f"{self.held} articles, {self.mentions} event mentions",
            f"{self.events} events",
            f"{self.merged} told by two or more publishers",
            f"{self.entities} entities, {self.contradictions} contradictions",
        )
        return ", ".join(counts)

    def _changes(self, out: Path) -> str:
        counts = {
            "added": self.added,
            "changed": self.changed,
            "written anew": self.again,
            "removed": self.removed,
        }
        told = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        return told or f"Nothing to do: {out} holds exactly this already"

    def to_json(self) -> str:
        """Write the report for programs, keys in their order here."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


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
) -> Extraction:
    """Read every article of the inputs up to merged events; nothing is written.

    Args:
        paths: as `kg.read.read_articles` takes them.
        entities: a user's own files about who is who, as `kg.curation.read_curation` takes them.
        nlp: a pipeline of `load_pipeline`, with its own entities; None loads `model`.
        progress: is called with the number of articles done and of all, after each batch.
        options: how the inputs are to be read.

    Raises:
        ModelError: the model isn't installed.
    """
    inputs = _read_inputs(paths, stdin, options)
    reader = _Reader(model=model, entities=_named(entities), nlp=nlp)
    articles = list({article.id: article for article in reversed(inputs.articles)}.values())[::-1]
    readings: list[Reading] = []
    for batch in _read_all(articles, reader, inputs.failed):
        readings += batch
        if progress is not None:
            progress(len(readings), len(articles))
    names = tuple((article.name, article.id) for article in inputs.articles)
    return Extraction(
        news=merge(readings),
        names=names,
        failed=tuple(inputs.failed),
        passed_over=tuple(inputs.passed_over),
    )


def _named(entities: Iterable[str | Path]) -> tuple[str, ...]:
    return tuple(str(path) for path in entities)


def _read_all(
    articles: Sequence[Article], reader: _Reader, failed: list[tuple[str, str]]
) -> Iterator[list[Reading]]:
    """Read the articles out, a batch at a time."""
    nlp = reader.nlp
    if articles and nlp is None:
        nlp = load_pipeline(reader.model, reader.entities)
    for start in range(0, len(articles), BATCH):
        batch = articles[start : start + BATCH]
        assert nlp is not None
        try:
            parsed = list(annotate_all(batch, nlp, BATCH))
        except Exception:  # noqa: BLE001  # one article of the batch broke the parser: find which
            parsed = list(_one_by_one(batch, nlp, failed))
        found = [_read_one(article, doc, failed) for article, doc in parsed]
        yield [reading for reading in found if reading is not None]


def _read_one(article: Article, doc: Doc, failed: list[tuple[str, str]]) -> Reading | None:
    try:
        return read_out(article, doc)
    except KGError:
        raise  # a broken table is nobody's article's fault
    except Exception as error:  # one article never stops the others
        log.debug("article %s failed", article.name, exc_info=True)
        reason = f"could not be read out ({_short(error)}); please report the text"
        failed.append((article.path or article.name, reason))
        return None


def _one_by_one(
    batch: Sequence[Article], nlp: Language, failed: list[tuple[str, str]]
) -> Iterator[tuple[Article, Doc]]:
    for article in batch:
        try:
            yield from annotate_all([article], nlp, 1)
        except Exception as error:  # noqa: BLE001  # as above
            failed.append((article.path or article.name, f"could not be parsed ({_short(error)})"))


def _short(error: Exception) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())[:160]}"


def build(
    paths: Iterable[str | Path],
    out: str | Path = "out",
    *,
    model: str = DEFAULT_MODEL,
    base: str = DEFAULT_BASE,
    store: str | None = None,
    entities: Iterable[str | Path] = (),
    nlp: Language | None = None,
    stdin: IO[bytes] | None = None,
    progress: Progress | None = None,
    options: ReadOptions | None = None,
) -> Report:
    """Build the store and its files from exactly these inputs; what hasn't changed isn't read anew.

    Args:
        store: the address of an endpoint that holds the graph in place of the folder's own store.
        options: how the inputs are to be read.
        entities: a user's own files about who is who, as `kg.curation.read_curation` takes them.
        nlp: a pipeline of `load_pipeline` with the same entities; None loads `model`.

    Returns:
        The report; where nothing could be read, nothing is written and the old store stays.

    Raises:
        StoreError: `out` can't be written, or somebody else writes there.
        ModelError: the model isn't installed.
        LexiconError: a file of `entities` is wrong.
    """
    own = _named(entities)
    reader = _Reader(model=model, entities=own, nlp=nlp, progress=progress)
    with Collection(Path(out), FILES) as collection:
        inputs = _read_inputs(paths, stdin, options)
        if not inputs.articles:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        made = _made(model, base, store, own)
        plan = collection.plan_exactly(inputs.articles, made)
        plan = _read_what_is_new(collection, plan, made, inputs, reader)
        if not plan.places:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        change = collection.change(plan, made, _write_files(base))
        return _report(collection, plan, change, inputs, plan.standing)


def add(
    paths: Iterable[str | Path],
    out: str | Path = "out",
    *,
    model: str | None = None,
    base: str | None = None,
    store: str | None = None,
    entities: Iterable[str | Path] | None = None,
    nlp: Language | None = None,
    stdin: IO[bytes] | None = None,
    progress: Progress | None = None,
    options: ReadOptions | None = None,
) -> Report:
    """Add articles to what a folder holds; what has changed is read anew, the others stay.

    The files beside the store are written anew in a small folder, and taken away, being out of
    date, in one of more than `FILES_UP_TO` articles.

    Args:
        model, base, store, entities: None means as the folder was built; another one means to
            build all anew.
        options: how the inputs are to be read.

    Returns:
        The report on the articles of this run, with the counts of the whole graph.

    Raises:
        StoreError: `out` can't be written, or somebody else writes there.
        ModelError: the model isn't installed.
    """
    with Collection(Path(out), FILES) as collection:
        made = _as_made(collection.made, model, base, store, entities)
        inputs = _read_inputs(paths, stdin, options)
        reader = _Reader.like(made, nlp, progress)
        plan = collection.plan_with(inputs.articles, made, inputs.failed_places())
        plan = _read_what_is_new(collection, plan, made, inputs, reader)
        if not plan.places:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        change = collection.change(plan, made, _files_of(plan, made))
        here = {article.id for article in inputs.articles} & plan.standing.keys()
        return _report(collection, plan, change, inputs, here)


def remove(
    wanted: Iterable[str | Path],
    out: str | Path = "out",
    *,
    nlp: Language | None = None,
    progress: Progress | None = None,
) -> Report:
    """Withdraw articles from what a folder holds; the others stay as they are.

    Args:
        wanted: paths of files or folders as they were read, articles' ids, or records' own ids.

    Returns:
        The report; what names no article there is among `failed`.

    Raises:
        StoreError: there is no graph in `out`, it can't be written, or somebody else writes there.
    """
    with Collection(Path(out), FILES) as collection:
        old = collection.made
        if old is None:
            raise StoreError(f"{out}: holds no graph; make one: kg build PATH... --out {out}")
        made = _as_made(old)
        plan, unknown = collection.plan_without([str(name) for name in wanted], made)
        failed = [(name, f"no article in {out} has this path or id") for name in unknown]
        inputs = _Inputs(articles=[], failed=failed)
        reader = _Reader.like(made, nlp, progress)
        plan = _read_what_is_new(collection, plan, made, inputs, reader)
        change = collection.change(plan, made, _files_of(plan, made))
        return _report(collection, plan, change, inputs, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What reads articles out.

    Attributes:
        nlp: None loads `model`, if there is anything to read.
    """

    model: str
    entities: tuple[str, ...] = ()
    nlp: Language | None = None
    progress: Progress | None = None

    @classmethod
    def like(cls, made: Made, nlp: Language | None, progress: Progress | None) -> _Reader:
        """Make what reads more articles as the folder's were read."""
        return cls(model=made.model, entities=made.entity_files, nlp=nlp, progress=progress)


@dataclass(slots=True, kw_only=True)
class _Inputs:
    """What the paths hold.

    Attributes:
        articles: one an input, in order; the same text may come more than once.
        failed: (where, why); grows while articles are read out.
        places: (path, record) of those that can't be read; -1 for a whole file.
        passed_over: (where, why) for what was let go on purpose.
    """

    articles: list[Article]
    failed: list[tuple[str, str]]
    places: list[tuple[str, int]] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)

    def told(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self.failed))

    def let_go(self) -> tuple[tuple[str, str], ...]:
        return tuple(sorted(self.passed_over))

    def failed_places(self) -> frozenset[tuple[str, int]]:
        return frozenset(self.places)


def _read_inputs(
    paths: Iterable[str | Path], stdin: IO[bytes] | None, options: ReadOptions | None
) -> _Inputs:
    inputs = _Inputs(articles=[], failed=[])
    for found in read_articles(paths, stdin=stdin, options=options):
        if isinstance(found, LetGo):
            inputs.passed_over.append((found.path, found.message))
        elif isinstance(found, Unreadable):
            at = "" if found.record is None else f":{found.record + 1}"
            inputs.failed.append((found.path + at, found.message))
            inputs.places.append((found.path, -1 if found.record is None else found.record))
        else:
            inputs.articles.append(found)
    return inputs


def _as_made(
    old: Made | None,
    model: str | None = None,
    base: str | None = None,
    store: str | None = None,
    entities: Iterable[str | Path] | None = None,
) -> Made:
    """As the folder was made, but for what is asked for."""
    old = old or Made(edition="", model=DEFAULT_MODEL)
    own = old.entity_files if entities is None else _named(entities)
    return _made(model or old.model, base or old.base, store or old.store, own)


def _made(model: str, base: str, store: str | None, entities: tuple[str, ...]) -> Made:
    curation = read_curation(entities).digest
    return Made(
        edition=edition(model, curation),
        model=model,
        base=base,
        store=store,
        entities="\n".join(entities) or None,
        curation=curation,
    )


def _read_what_is_new(
    collection: Collection, plan: Plan, made: Made, inputs: _Inputs, reader: _Reader
) -> Plan:
    """Read out what isn't kept yet, a batch at a time; the plan goes on without what fails."""
    unread = collection.unread(plan)
    places = {article.id: place for place, article in unread.items()}
    articles, done = list(unread.values()), 0
    for batch in _read_all(articles, reader, inputs.failed):
        collection.keep(batch, made)
        done += len(batch)
        for reading in batch:
            del places[reading.article.id]
        if reader.progress is not None:
            reader.progress(done, len(articles))
    return plan.leaving_out(places.values())


def _files_of(plan: Plan, made: Made) -> WriteFiles | None:
    return _write_files(made.base) if len(plan.standing) <= FILES_UP_TO else None


def _write_files(base: str) -> WriteFiles:
    """Make what writes Turtle, TriG and page beside their places."""

    def write(store: Store, folder: Path) -> list[str]:
        from kg.view import write_page

        names = Names(base)
        of_store_alone = (names.vocabulary_graph, names.history_graph)
        quads = [quad for quad in store.quads() if quad.graph_name not in of_store_alone]

        def page_to(path: Path) -> None:
            write_page(store, path)

        write_beside(folder / TURTLE, lambda path: write_turtle(quads, path, base))
        write_beside(folder / TRIG, lambda path: write_trig(quads, path, base))
        write_beside(folder / PAGE, page_to)
        return [TURTLE, TRIG, PAGE]

    return write


def _report(
    collection: Collection, plan: Plan, change: Change, inputs: _Inputs, ids: Iterable[str]
) -> Report:
    with collection.open_store() as store:
        counts, repeats = count_graph(store), find_repeats(store)
    names = [(article.name, article.id) for article in inputs.articles]
    named = (*change.written, REPORT) if change.written else ()
    report = Report(
        articles=tuple(_article_report(*pair) for pair in collection.tallies(plan, ids)),
        failed=inputs.told(),
        passed_over=inputs.let_go(),
        copies=_copies(names),
        repeats=repeats,
        outputs=tuple(str(collection.folder / name) for name in named),
        added=len(change.added),
        changed=len(change.revised),
        again=len(change.again),
        removed=len(change.removed),
        held=len(plan.standing),
        moved=plan.moved,
        **asdict(counts),
    )
    if not named:
        return report
    write_beside(collection.folder / REPORT, lambda path: _write_text(path, report.to_json()))
    take_places(collection.folder, [REPORT])
    return report


def _copies(names: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = []
    for _, group in groupby(sorted(names, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        first, *others = [name for name, _ in group]
        found += [(other, first) for other in others]
    return tuple(sorted(found))


def _article_report(article: Article, tally: Tally) -> ArticleReport:
    return ArticleReport(
        id=article.id,
        name=article.name,
        path=article.path,
        title=article.title,
        publisher=article.source.name if article.source else None,
        agency=article.agency,
        published=article.published,
        published_from=article.published_from,
        encoding=article.encoding,
        paragraphs=len(article.body),
        events=tally.events,
        by_type=dict(tally.by_type),
        let_go=dict(tally.let_go),
        warnings=article.warnings,
    )


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
