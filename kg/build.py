"""The whole path: files in, a store and what can be opened out, and a report of what was let go.

1. read: every input becomes an article, or a line that says why it can't;
2. annotate and read out: one article at a time; one that fails is counted, the others go on; what
   was read out before, by the same rules, is taken as it was kept;
3. merge: what several articles tell becomes one event;
4. write: store, Turtle, TriG and page beside the old ones, and all swapped in (`kg.collection`).

The same inputs give the same bytes: ids come from content and no clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL
from kg.collection import (
    STORE,
    Change,
    Collection,
    Made,
    Packed,
    Plan,
    WriteFiles,
    edition,
    take_places,
    write_beside,
)
from kg.curation import read_curation
from kg.errors import StoreError
from kg.inputs import Inputs
from kg.query import count_graph, find_repeats
from kg.rdf import DEFAULT_BASE, Names, write_trig, write_turtle
from kg.read import ReadOptions
from kg.report import FILES, PAGE, REPORT, TRIG, TURTLE, Report, report_article
from kg.store import Store
from kg.worker import Failure, Progress, Recipe, packed, read_all

if TYPE_CHECKING:
    import pyoxigraph as ox
    from spacy.language import Language

__all__ = ["STORE", "Report", "add", "build", "remove"]

FILES_UP_TO = 100  # articles: to write their files anew takes as long as to parse some ten of them


def _named(entities: Iterable[str | Path]) -> tuple[str, ...]:
    return tuple(str(path) for path in entities)


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
    jobs: int = 1,
) -> Report:
    """Build the store and its files from exactly these inputs; what hasn't changed isn't read anew.

    Args:
        store: the address of an endpoint that holds the graph in place of the folder's own store.
        options: how the inputs are to be read.
        entities: a user's own files about who is who, as `kg.curation.read_curation` takes them.
        nlp: a pipeline of `load_pipeline` with the same entities; None loads `model`.
        jobs: processes; more than one only in a program that guards its entry (`__main__`).

    Returns:
        The report; where nothing could be read, nothing is written and the old store stays.

    Raises:
        StoreError: `out` can't be written, or somebody else writes there.
        ModelError: the model isn't installed.
        LexiconError: a file of `entities` is wrong.
    """
    own = _named(entities)
    reader = _Reader(model=model, entities=own, nlp=nlp, progress=progress, jobs=jobs)
    with Collection(Path(out), FILES) as collection:
        inputs, made = Inputs(), _made(model, base, store, own)
        found = collection.take_in(inputs.articles(paths, stdin, options), made)
        if not found:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        plan = collection.plan_exactly(found, made)
        plan = _read_what_is_new(collection, plan, inputs, reader)
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
    jobs: int = 1,
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
        inputs, reader = Inputs(), _Reader.like(made, nlp, progress, jobs)
        found = collection.take_in(inputs.articles(paths, stdin, options), made)
        plan = collection.plan_with(found, made, inputs.failed_places())
        plan = _read_what_is_new(collection, plan, inputs, reader)
        if not plan.places:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        change = collection.change(plan, made, _files_of(plan, made))
        here = {article_id for article_id, _ in found.values()} & plan.standing.keys()
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
        inputs, reader = Inputs(failed=failed), _Reader.like(made, nlp, progress)
        plan = _read_what_is_new(collection, plan, inputs, reader)
        change = collection.change(plan, made, _files_of(plan, made))
        return _report(collection, plan, change, inputs, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """What reads articles out.

    Attributes:
        nlp: None loads `model`, if there is anything to read.
        jobs: the most processes.
    """

    model: str
    entities: tuple[str, ...] = ()
    nlp: Language | None = None
    progress: Progress | None = None
    jobs: int = 1

    @classmethod
    def like(
        cls, made: Made, nlp: Language | None, progress: Progress | None, jobs: int = 1
    ) -> _Reader:
        """Make what reads more articles as the folder's were read."""
        own = made.entity_files
        return cls(model=made.model, entities=own, nlp=nlp, progress=progress, jobs=jobs)


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


def _read_what_is_new(collection: Collection, plan: Plan, inputs: Inputs, reader: _Reader) -> Plan:
    """Read out what isn't kept yet and keep it as it comes; what fails, the plan goes without."""
    unread = collection.unread(plan)
    tasks = zip(unread.values(), collection.articles(unread), strict=True)
    recipe = Recipe(reader.model, reader.entities, packed)
    failed: set[str] = set()
    done = 0
    for batch in read_all(tasks, recipe, jobs=reader.jobs, nlp=reader.nlp):
        collection.keep(one for one in batch if isinstance(one, Packed))
        for one in batch:
            if isinstance(one, Failure):
                inputs.failed.append((one.where, one.why))
                failed.add(one.article_id)
        done += len(batch)
        if reader.progress is not None:
            reader.progress(done, len(unread))
    return plan.leaving_out(place for place in unread if plan.places[place][0] in failed)


def _files_of(plan: Plan, made: Made) -> WriteFiles | None:
    return _write_files(made.base) if len(plan.standing) <= FILES_UP_TO else None


def _write_files(base: str) -> WriteFiles:
    """Make what writes Turtle, TriG and page beside their places."""

    def write(store: Store, folder: Path) -> list[str]:
        from kg.view import write_page

        names = Names(base)
        of_store_alone = (names.vocabulary_graph, names.history_graph)

        def quads() -> Iterator[ox.Quad]:
            return (quad for quad in store.quads() if quad.graph_name not in of_store_alone)

        def page_to(path: Path) -> None:
            write_page(store, path)

        write_beside(folder / TURTLE, lambda path: write_turtle(quads(), path, base))
        write_beside(folder / TRIG, lambda path: write_trig(quads(), path, base))
        write_beside(folder / PAGE, page_to)
        return [TURTLE, TRIG, PAGE]

    return write


def _report(
    collection: Collection, plan: Plan, change: Change, inputs: Inputs, ids: Iterable[str]
) -> Report:
    with collection.open_store() as store:
        counts, repeats = count_graph(store), find_repeats(store)
    named = (*change.written, REPORT) if change.written else ()
    report = Report(
        articles=tuple(report_article(*pair) for pair in collection.tallies(plan, ids)),
        failed=inputs.told(),
        passed_over=inputs.let_go(),
        copies=_copies(inputs.names),
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


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
