"""The whole path: files in, a store and what can be opened out, and a report of what was let go.

1. read: every input becomes an article, or a line that says why it can't;
2. annotate and read out: one article at a time; one that fails is counted, the others go on;
3. merge: what several articles tell becomes one event;
4. write: the store beside the old one and swapped in, then Turtle, TriG, the page and the report.

The same inputs give the same bytes: ids come from content and no clock is read.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL, annotate_all, load_pipeline
from kg.errors import KGError, StoreError
from kg.merge import merge
from kg.model import Article, News, Reading
from kg.rdf import DEFAULT_BASE, to_quads, vocabulary_quads, write_trig, write_turtle
from kg.read import Unreadable, read_articles
from kg.reading import read_out
from kg.store import open_store

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["STORE", "ArticleReport", "Extraction", "Report", "build", "extract", "load_pipeline"]

log = logging.getLogger(__name__)

Progress = Callable[[int, int], None]

STORE, TURTLE, TRIG, PAGE, REPORT = "store", "graph.ttl", "graph.trig", "graph.html", "report.json"
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
        return lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a build read, found, let go and wrote.

    Attributes:
        failed: (where, why) for every input that could not be read.
        copies: (name, name of the article with the same text) for inputs that were read once.
        merged: events told by two or more publishers.
    """

    articles: tuple[ArticleReport, ...]
    failed: tuple[tuple[str, str], ...] = ()
    copies: tuple[tuple[str, str], ...] = ()
    mentions: int = 0
    events: int = 0
    merged: int = 0
    entities: int = 0
    contradictions: int = 0
    outputs: tuple[str, ...] = ()

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read."""
        if not self.failed:
            return 0
        return 1 if self.articles else 2

    def to_text(self, out: Path) -> str:
        """Write the report for people: what was read, found and let go, and what to open."""
        lines = [line for article in self.articles for line in article.to_lines()]
        lines += [f"{name}: the same text as {first}, read once" for name, first in self.copies]
        if self.articles:
            counts = (
                f"{len(self.articles)} articles, {self.mentions} event mentions",
                f"{self.events} events",
                f"{self.merged} told by two or more publishers",
                f"{self.entities} entities, {self.contradictions} contradictions",
            )
            ask = f"kg query who-did-what --out {out}"
            lines += ["", ", ".join(counts), ""]
            lines += [f"Open {out / PAGE} in a browser; ask with: {ask}"]
            lines += ["Written: " + ", ".join(self.outputs)]
        return "\n".join(lines) + "\n" if lines else ""

    def to_json(self) -> str:
        """Write the report for programs, keys in their order here."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """News read out of inputs, with the inputs' names and failures.

    Attributes:
        names: (name as given, article id) of every readable input in order; a text that came twice
            has two names and one id.
    """

    news: News
    names: tuple[tuple[str, str], ...] = ()
    failed: tuple[tuple[str, str], ...] = ()

    @property
    def return_code(self) -> int:
        """0 all read; 1 some inputs failed; 2 nothing could be read."""
        if not self.failed:
            return 0
        return 1 if self.names else 2

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
    nlp: Language | None = None,
    stdin: IO[bytes] | None = None,
    progress: Progress | None = None,
) -> Extraction:
    """Read every article of the inputs up to merged events; nothing is written.

    Args:
        paths: as `kg.read.read_articles` takes them.
        nlp: a pipeline of `load_pipeline`; None loads `model`.
        progress: is called with the number of articles done and of all, after each batch.

    Raises:
        ModelError: the model isn't installed.
    """
    failed: list[tuple[str, str]] = []
    names: list[tuple[str, str]] = []
    seen: dict[str, Article] = {}
    for found in read_articles(paths, stdin=stdin):
        if isinstance(found, Unreadable):
            failed.append(
                (
                    found.path if found.record is None else f"{found.path}:{found.record + 1}",
                    found.message,
                )
            )
            continue
        names.append((found.name, found.id))
        seen.setdefault(found.id, found)
    articles = list(seen.values())
    readings: list[Reading] = []
    for batch in _read_all(articles, nlp, model, failed):
        readings += batch
        if progress is not None:
            progress(len(readings), len(articles))
    return Extraction(news=merge(readings), names=tuple(names), failed=tuple(failed))


def _read_all(
    articles: Sequence[Article], nlp: Language | None, model: str, failed: list[tuple[str, str]]
) -> Iterator[list[Reading]]:
    """Read the articles out, a batch at a time."""
    if articles and nlp is None:
        nlp = load_pipeline(model)
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
    nlp: Language | None = None,
    stdin: IO[bytes] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Build the store and its files from exactly these inputs.

    Returns:
        The report; where nothing could be read, nothing is written and the old store stays.

    Raises:
        StoreError: `out` can't be written.
        ModelError: the model isn't installed.
    """
    folder = _folder(Path(out))
    extraction = extract(paths, model=model, nlp=nlp, stdin=stdin, progress=progress)
    news = extraction.news
    if not news.readings:
        return _report(extraction, ())
    outputs = _write(news, folder, base, model)
    report = _report(extraction, tuple(str(path) for path in outputs))
    _write_text(folder / REPORT, report.to_json())
    return report


def _folder(out: Path) -> Path:
    """Make the folder and see that it can be written before any work is done."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        probe = out / ".kg-writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise StoreError(
            f"{out}: can't be written ({error.strerror}); choose another folder with --out"
        ) from error
    return out


def _write(news: News, folder: Path, base: str, model: str) -> list[Path]:
    from kg.view import write_page

    quads = list(to_quads(news, base, model=model))
    fresh, kept = folder / f"{STORE}.new", folder / STORE
    shutil.rmtree(fresh, ignore_errors=True)
    with open_store(fresh) as store:
        store.load([*quads, *vocabulary_quads(base)])
        store.flush()
    _swap(fresh, kept)
    write_turtle(quads, folder / TURTLE, base)
    write_trig(quads, folder / TRIG, base)
    with open_store(kept, read_only=True) as store:
        write_page(store, folder / PAGE)
    return [kept, folder / TURTLE, folder / TRIG, folder / PAGE, folder / REPORT]


def _swap(fresh: Path, kept: Path) -> None:
    """Put a finished store in the place of the old one."""
    old = kept.with_name(f"{kept.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    try:
        if kept.exists():
            kept.rename(old)
        fresh.rename(kept)
    except OSError as error:
        raise StoreError(
            f"{kept}: can't be replaced ({error.strerror}); is it open elsewhere?"
        ) from error
    shutil.rmtree(old, ignore_errors=True)


def _write_text(path: Path, text: str) -> None:
    beside = path.with_name(f"{path.name}.part")
    with beside.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    beside.replace(path)


def _report(extraction: Extraction, outputs: tuple[str, ...]) -> Report:
    news = extraction.news
    # texts of unknown publishers may all be one paper's: they corroborate nothing
    publisher = {r.article.id: r.article.source.id for r in news.readings if r.article.source}
    told_by = [
        {publisher[m.article_id] for m in event.mentions if m.article_id in publisher}
        for event in news.events
    ]
    entities = {
        a.entity.id
        for e in news.events
        for m in e.mentions
        for a in (*m.actors, *m.targets)
        if a.entity
    }
    return Report(
        articles=tuple(_article_report(reading) for reading in news.readings),
        failed=tuple(sorted(extraction.failed)),
        copies=_copies(extraction.names),
        mentions=sum(len(reading.events) for reading in news.readings),
        events=len(news.events),
        merged=sum(len(names) > 1 for names in told_by),
        entities=len(entities),
        contradictions=len(news.contradictions),
        outputs=outputs,
    )


def _copies(names: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = []
    for _, group in groupby(sorted(names, key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        first, *others = [name for name, _ in group]
        found += [(other, first) for other in others]
    return tuple(sorted(found))


def _article_report(reading: Reading) -> ArticleReport:
    article = reading.article
    types = Counter(event.code.event for event in reading.events if event.code is not None)
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
        events=len(reading.events),
        by_type=dict(sorted(types.items())),
        let_go=dict(reading.let_go),
    )
