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
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL
from kg.collection import (
    STORE,
    Change,
    Collection,
    Counted,
    Made,
    Packed,
    Plan,
    edition,
    rules,
    take_places,
    write_beside,
)
from kg.curation import read_curation
from kg.engine import Engine, Pool
from kg.errors import StoreError
from kg.inputs import Inputs
from kg.query import Counts, count_graph, find_repeats
from kg.rdf import DEFAULT_BASE, Blocks, Names, check_base
from kg.read import ReadOptions
from kg.report import FILES, PAGE, REPORT, TRIG, TURTLE, PartsReport, Report, report_article
from kg.store import Store
from kg.worker import Failure, Progress, Recipe, packed

if TYPE_CHECKING:
    import pyoxigraph as ox
    from spacy.language import Language

    from kg.spark import Spark

__all__ = ["STORE", "PartsReport", "Report", "add", "build", "build_parts", "remove"]

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
    engine: Engine | None = None,
) -> Report:
    """Build the store and its files from exactly these inputs; what hasn't changed isn't read anew.

    Args:
        store: the address of an endpoint that holds the graph in place of the folder's own store.
        options: how the inputs are to be read.
        entities: a user's own files about who is who, as `kg.curation.read_curation` takes them.
        nlp: a pipeline of `load_pipeline` with the same entities; None loads `model`.
        jobs: processes; more than one only in a program that guards its entry (`__main__`).
        engine: what does the work; None means so many processes of this machine.

    Returns:
        The report; where nothing could be read, nothing is written and the old store stays.

    Raises:
        StoreError: `out` can't be written, or somebody else writes there.
        ModelError: the model isn't installed.
        LexiconError: a file of `entities` is wrong.
        UsageError: no IRIs can be made of the base.
    """
    own = _named(entities)
    engine = engine or Pool(jobs=jobs, nlp=nlp, stdin=stdin)
    asked = options.remembered() if options is not None else None
    with Collection(Path(out), FILES) as collection:
        inputs, made = Inputs(), replace(_made(model, base, store, own), inputs=asked)
        found = collection.take_in(engine.articles(paths, inputs, options), made)
        if not found:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        plan = collection.plan_exactly(found, made)
        plan = _read_what_is_new(collection, plan, inputs, _Reader(made, engine, progress))
        if not plan.places:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        files = _Files(base)
        change = collection.change(plan, made, files, engine.make_quads)
        return _report(collection, plan, change, inputs, plan.standing, files)


def build_parts(
    paths: Iterable[str | Path],
    engine: Spark,
    *,
    model: str = DEFAULT_MODEL,
    base: str = DEFAULT_BASE,
    entities: Iterable[str | Path] = (),
    options: ReadOptions | None = None,
) -> PartsReport:
    """Build a graph that no machine has to hold: its quads in parts, and a table of events.

    Raises:
        UsageError: parts lie there already.
        LexiconError: a file of `entities` is wrong.
    """
    made, inputs = _made(model, base, None, _named(entities)), Inputs()
    engine.begin()
    engine.find(paths, inputs, options)
    engine.tell(inputs)
    if engine.read(Recipe(made.model, made.entity_files, packed)):
        engine.merge(made)
    inputs.failed += [(one.where, one.why) for one in engine.failures()]
    engine.clear()
    whole = engine.whole
    return PartsReport(
        failed=inputs.told(),
        passed_over=inputs.let_go(),
        articles=whole.articles,
        mentions=whole.mentions,
        events=whole.events,
        entities=whole.entities,
        contradictions=whole.contradictions,
        outputs=engine.outputs if whole.articles else (),
    )


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
        options: how the inputs are to be read; fields and languages also as the folder was built.

    Returns:
        The report on the articles of this run, with the counts of the whole graph.

    Raises:
        StoreError: `out` can't be written, or somebody else writes there.
        ModelError: the model isn't installed.
    """
    with Collection(Path(out), FILES) as collection:
        old, options = collection.made, options or ReadOptions()
        remembered = options.remembered() if old is None else old.inputs
        made = replace(_as_made(old, model, base, store, entities), inputs=remembered)
        options = options.alike(remembered)
        inputs, pool = Inputs(), Pool(jobs=jobs, nlp=nlp, stdin=stdin)
        found = collection.take_in(pool.articles(paths, inputs, options), made)
        plan = collection.plan_with(found, made, inputs.failed_places())
        plan = _read_what_is_new(collection, plan, inputs, _Reader(made, pool, progress))
        if not plan.places:
            return Report(articles=(), failed=inputs.told(), passed_over=inputs.let_go())
        files = _files_of(plan, made)
        change = collection.change(plan, made, files)
        here = {article_id for article_id, _ in found.values()} & plan.standing.keys()
        return _report(collection, plan, change, inputs, here, files)


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
        made = replace(_as_made(old), inputs=old.inputs)
        plan, unknown = collection.plan_without([str(name) for name in wanted], made)
        failed = [(name, f"no article in {out} has this path or id") for name in unknown]
        inputs, reader = Inputs(failed=failed), _Reader(made, Pool(nlp=nlp), progress)
        plan = _read_what_is_new(collection, plan, inputs, reader)
        files = _files_of(plan, made)
        change = collection.change(plan, made, files)
        return _report(collection, plan, change, inputs, (), files)


@dataclass(frozen=True, slots=True)
class _Reader:
    """What reads articles out, as a folder's are read."""

    made: Made
    engine: Engine
    progress: Progress | None = None


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
        rules=rules(),
        base=check_base(base),
        store=store,
        entities="\n".join(entities) or None,
        curation=curation,
    )


def _read_what_is_new(collection: Collection, plan: Plan, inputs: Inputs, reader: _Reader) -> Plan:
    """Read out what isn't kept yet and keep it as it comes; what fails, the plan goes without."""
    unread = collection.unread(plan)
    tasks = zip(unread.values(), collection.articles(unread), strict=True)
    recipe = Recipe(reader.made.model, reader.made.entity_files, packed)
    failed: set[str] = set()
    done = 0
    for batch in reader.engine.read_out(tasks, recipe):
        collection.keep(one for one in batch if isinstance(one, Packed))
        for one in batch:
            if isinstance(one, Failure):
                inputs.failed.append((one.where, one.why))
                failed.add(one.article_id)
        done += len(batch)
        if reader.progress is not None:
            reader.progress(done, len(unread))
    return plan.leaving_out(place for place in unread if plan.places[place][0] in failed)


def _files_of(plan: Plan, made: Made) -> _Files | None:
    return _Files(made.base) if 0 < len(plan.standing) <= FILES_UP_TO else None


class _Files:
    """What writes Turtle, TriG and page beside their places.

    Attributes:
        page: what the page shows, where it can't show all.
    """

    def __init__(self, base: str) -> None:
        self._base = base
        self._blocks: Blocks | None = None
        self.page: str | None = None

    def passing(self, quads: Iterator[ox.Quad], folder: Path) -> Iterator[ox.Quad]:
        """Give on the quads of a store that is loaded anew, and take them in as they go by."""
        self._blocks = self._new_blocks(folder)
        return self._blocks.passing(quads)

    def _new_blocks(self, folder: Path) -> Blocks:
        names = Names(self._base)
        of_store_alone = (names.vocabulary_graph, names.history_graph)
        return Blocks(folder, self._base, without=of_store_alone)

    def __call__(self, store: Store, folder: Path) -> list[str]:
        """Write the files and give their names."""
        from kg.view import write_page

        blocks = self._blocks
        if blocks is None:
            blocks = self._new_blocks(folder)
            blocks.see(store.quads())

        def turtle_to(path: Path) -> None:
            write_beside(folder / TRIG, lambda trig: blocks.write_turtle(path, trig))

        def page_to(path: Path) -> None:
            write_page(store, path, tell=lambda shown: setattr(self, "page", shown))

        write_beside(folder / TURTLE, turtle_to)
        write_beside(folder / PAGE, page_to)
        return [TURTLE, TRIG, PAGE]


def _report(
    collection: Collection,
    plan: Plan,
    change: Change,
    inputs: Inputs,
    ids: Iterable[str],
    files: _Files | None,
) -> Report:
    counted, base = collection.counted, collection.made.base if collection.made else DEFAULT_BASE
    here = sorted(ids)
    among = None if len(here) == len(plan.standing) else map(Names(base).article, here)
    with collection.open_store() as store:
        counts = _counts(counted) if counted is not None else count_graph(store)
        repeats = find_repeats(store, among)
    named = (*change.written, REPORT) if change.written else ()
    report = Report(
        articles=tuple(report_article(*pair) for pair in collection.tallies(plan, here)),
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
        page=files.page if files is not None else None,
        **asdict(counts),
    )
    if not named:
        return report
    write_beside(collection.folder / REPORT, lambda path: _write_text(path, report.to_json()))
    take_places(collection.folder, [REPORT])
    return report


def _counts(counted: Counted) -> Counts:
    """What the report says of what the folder has counted."""
    return Counts(
        mentions=counted.mentions,
        events=counted.events,
        merged=counted.merged,
        entities=counted.played,
        contradictions=counted.contradictions,
    )


def _copies(names: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = []
    for _, group in groupby(sorted(names, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        first, *others = [name for name, _ in group]
        found += [(other, first) for other in others]
    return tuple(sorted(found))


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
