"""What a folder holds, as records: one SQLite file with every place, article and reading.

- A **place** is where an article was read: a path and, in JSON lines, a line. Many places may hold
  one article (the same bytes are the same article).
- A **reading** is kept under the digest of all that it depends on: the article without the names of
  its place, and the edition (rules and model) that read it. So what was read once is not parsed
  again, and a run that is killed goes on where it was.

SQLite keeps the promises: a transaction is on disk whole or not at all, whatever dies; a second
writer is refused while the first lives, and only so long.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, TypeVar

from kg.collection.codec import from_json, to_json
from kg.collection.index import Index
from kg.errors import StoreError
from kg.merge import Sketch, sketch_of
from kg.model import Article, Reading, content_id
from kg.pickling import pickled_quickly

__all__ = [
    "Archive",
    "Packed",
    "Place",
    "Tally",
    "pack",
    "pack_record",
    "place_of",
    "reading_digest",
    "unpack_record",
]

Record = TypeVar("Record")

PRAGMAS = (
    "locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL",
    "cache_size = -16384",  # kibibytes: tables of 20,000 articles fill as fast as of 2,000
)  # fmt: skip
KEY = "path = ? AND record = ? AND name = ?"
FORM = "2"  # of the tables; another form is refused
TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE place (
  path TEXT, record INTEGER, name TEXT, article TEXT NOT NULL, digest TEXT NOT NULL,
  body BLOB NOT NULL, PRIMARY KEY (path, record, name)) WITHOUT ROWID;
CREATE TABLE reading (
  digest TEXT PRIMARY KEY, tally TEXT NOT NULL, sketch BLOB NOT NULL, body BLOB NOT NULL);
CREATE TABLE revision (
  newer TEXT, older TEXT, PRIMARY KEY (newer, older)) WITHOUT ROWID;
"""

INCOMING = """
CREATE TEMP TABLE IF NOT EXISTS incoming (
  path TEXT, record INTEGER, name TEXT, body BLOB NOT NULL,
  PRIMARY KEY (path, record, name)) WITHOUT ROWID
"""  # articles of this run, until it is decided that they are held; gone with the connection


class Place(NamedTuple):
    """Where an article was read; the least place of an article gives it its path and name.

    Attributes:
        path: empty for standard input.
        record: 0-based line of JSON lines; -1 for a file of its own, and on standard input, where
            a line's number says nothing.
        name: of a line, its own id or its number; empty for a file of its own.
    """

    path: str
    record: int = -1
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a reading holds, in numbers.

    Attributes:
        by_type: (event type, event mentions), sorted.
        let_go: (reason, times), sorted.
    """

    events: int = 0
    by_type: tuple[tuple[str, int], ...] = ()
    let_go: tuple[tuple[str, int], ...] = ()


@pickled_quickly
@dataclass(frozen=True, slots=True)
class Packed:
    """A reading as it is kept: bytes, small enough to be sent from process to process.

    Attributes:
        digest: names all that the reading depends on.
        tally: `Tally` as JSON.
        sketch: what merging finds stories and copies by.
        body: the reading without its article, which goes with its place.
    """

    digest: str
    article_id: str
    tally: str
    sketch: bytes
    body: bytes


def pack(digest: str, reading: Reading) -> Packed:
    """Pack a reading to be kept under a digest."""
    nothing = Article(id="", name="", text="")
    body = pack_record(replace(reading, article=nothing))
    sketch = pack_record(sketch_of(reading.article))
    return Packed(digest, reading.article.id, to_json(tally_of(reading)), sketch, body)


def tally_of(reading: Reading) -> Tally:
    """Count what a reading holds.

    >>> tally_of(Reading(article=Article(id="1", name="a", text=""), let_go=(("banner", 1),)))
    Tally(events=0, by_type=(), let_go=(('banner', 1),))
    """
    types = Counter(event.code.event for event in reading.events if event.code is not None)
    return Tally(
        events=len(reading.events), by_type=tuple(sorted(types.items())), let_go=reading.let_go
    )


def place_of(article: Article) -> Place:
    """Tell an article's place.

    >>> place_of(Article(id="1", name="a", text="", path="news/a.txt"))
    Place(path='news/a.txt', record=-1, name='')
    """
    if article.path is not None:
        if article.record is None:
            return Place(article.path)
        return Place(article.path, article.record, article.name)
    # A line of standard input that has no id of its own is called after its number.
    numbered = article.record is not None and article.name == f"stdin-{article.record + 1}"
    return Place("", -1, article.id if numbered or not article.name else article.name)


def reading_digest(article: Article, edition: str) -> str:
    """Name a reading by all that it depends on."""
    bare = replace(article, path=None, record=None, name="")
    return content_id(edition, to_json(bare), length=32)


class Archive:
    """The SQLite file of a folder, held by one writer at a time.

    Raises:
        StoreError: another writer holds it, or it can't be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._places: dict[Place, tuple[str, str]] | None = None
        with self._told():
            # isolation_level None: transactions begin and end where we say
            self._file = sqlite3.connect(path, timeout=0.2, isolation_level=None)
            try:
                self._take()
            except BaseException:
                self._file.close()
                raise

    def _take(self) -> None:
        # a log of changes waits for the disk once a transaction, the default way three times
        for pragma in PRAGMAS:
            self._file.execute(f"PRAGMA {pragma}").fetchall()
        with self.together():
            known = self._file.execute("SELECT name FROM sqlite_master").fetchall()
            if not known:
                for statement in TABLES.split(";"):
                    self._file.execute(statement)
                self.write("form", FORM)
            self._file.execute(INCOMING)
        form = self.read("form") if ("meta",) in known or not known else None
        if form != FORM:
            raise StoreError(
                f"{self._path}: written by another kg (form {form}); remove it and build anew"
            )

    def close(self) -> None:
        """Let the next writer in."""
        self._file.close()

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as e:
            raise StoreError(f"{self._path}: {_explain(e)}") from e

    @contextmanager
    def together(self) -> Iterator[None]:
        """Write all of a block or nothing of it."""
        with self._told():
            self._file.execute("BEGIN EXCLUSIVE")
            try:
                yield
            except BaseException:
                self._places = None
                if self._file.in_transaction:  # SQLite itself goes back when the disk is full
                    self._file.execute("ROLLBACK")
                raise
            self._file.execute("COMMIT")

    def read(self, key: str) -> str | None:
        """One value of the folder's own: what it was made by, what is under way."""
        with self._told():
            row = self._file.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def write(self, key: str, value: str) -> None:
        """Set one such value."""
        with self._told():
            self._file.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def drop(self, key: str) -> None:
        """Unset one such value."""
        if self.read(key) is not None:
            with self._told():
                self._file.execute("DELETE FROM meta WHERE key = ?", (key,))

    def places(self) -> Mapping[Place, tuple[str, str]]:
        """Every place, with its article's id and its reading's digest; read once, then kept."""
        if self._places is None:
            with self._told():
                rows = self._file.execute("SELECT path, record, name, article, digest FROM place")
                new = (
                    tuple.__new__
                )  # a folder has many places, and Place() takes five times as long
                self._places = {
                    new(Place, (path, record, name)): (article, digest)
                    for path, record, name, article, digest in rows
                }
        return self._places

    def take_in(self, articles: Iterable[tuple[Place, Article]]) -> None:
        """Put the articles of this run where they wait; a place's last article stays there."""
        rows = ((*key(place), pack_record(article)) for place, article in articles)
        with self._told():
            self._file.executemany("INSERT OR REPLACE INTO incoming VALUES (?, ?, ?, ?)", rows)

    def article(self, place: Place) -> Article:
        """The article as it stands at a place: as this run found it, else as it is held."""
        with self._told():
            self._file.execute(INCOMING)
            row = (
                self._file.execute(f"SELECT body FROM incoming WHERE {KEY}", key(place)).fetchone()
                or self._file.execute(f"SELECT body FROM place WHERE {KEY}", key(place)).fetchone()
            )
        return unpack_record(Article, row[0])

    def held(self, place: Place) -> Article:
        """The article that is held at a place, whatever this run found there."""
        with self._told():
            row = self._file.execute(f"SELECT body FROM place WHERE {KEY}", key(place)).fetchone()
        return unpack_record(Article, row[0])

    @property
    def index(self) -> Index:
        """What merging found; to be changed in a transaction (`together`)."""
        return Index(self._file)

    def hold(self, places: Mapping[Place, tuple[str, str]]) -> None:
        """Hold these places and no others, with the articles that this run found in them.

        Args:
            places: with their articles' ids and readings' digests.
        """
        before = self.places()
        gone = (key(place) for place in before.keys() - places.keys())
        changed = [place for place, held in places.items() if before.get(place) != held]
        found = f"SELECT path, record, name, ?, ?, body FROM incoming WHERE {KEY}"
        self._places = None
        with self._told():
            self._file.executemany(f"DELETE FROM place WHERE {KEY}", gone)
            self._file.executemany(
                f"UPDATE place SET article = ?, digest = ? WHERE {KEY}",
                ((*places[place], *key(place)) for place in changed),
            )
            self._file.executemany(
                f"INSERT OR REPLACE INTO place {found}",
                ((*places[place], *key(place)) for place in changed),
            )

    def kept(self) -> set[str]:
        """The digests of all readings."""
        with self._told():
            return {digest for (digest,) in self._file.execute("SELECT digest FROM reading")}

    def keeps(self, digest: str) -> bool:
        """Tell whether there is a reading under a digest."""
        with self._told():
            select = "SELECT 1 FROM reading WHERE digest = ?"
            return self._file.execute(select, (digest,)).fetchone() is not None

    def reading(self, digest: str, article: Article) -> Reading:
        """A reading, of the article as it stands at one of its places."""
        with self._told():
            row = self._file.execute(
                "SELECT body FROM reading WHERE digest = ?", (digest,)
            ).fetchone()
        return replace(unpack_record(Reading, row[0]), article=article)

    def sketch(self, digest: str) -> Sketch:
        """What of a reading's article merging finds stories and copies by."""
        select = "SELECT sketch FROM reading WHERE digest = ?"
        with self._told():
            row = self._file.execute(select, (digest,)).fetchone()
        return unpack_record(Sketch, row[0])

    def tally(self, digest: str) -> Tally:
        """What a reading holds, in numbers."""
        select = "SELECT tally FROM reading WHERE digest = ?"
        with self._told():
            return from_json(Tally, self._file.execute(select, (digest,)).fetchone()[0])

    def keep(self, readings: Iterable[Packed]) -> None:
        """Keep readings under their digests; the article goes with its place."""
        rows = ((one.digest, one.tally, one.sketch, one.body) for one in readings)
        with self._told():
            self._file.executemany("INSERT OR REPLACE INTO reading VALUES (?, ?, ?, ?)", rows)

    def keep_only(self, digests: set[str]) -> None:
        """Forget all other readings."""
        others = sorted((digest,) for digest in self.kept() - digests)
        with self._told():
            self._file.executemany("DELETE FROM reading WHERE digest = ?", others)

    def revisions(self) -> dict[str, str]:
        """Newer article -> the one it took the place of."""
        with self._told():
            return dict(self._file.execute("SELECT newer, older FROM revision"))

    def set_revisions(self, revisions: dict[str, str]) -> None:
        """Write down which article took which one's place."""
        with self._told():
            self._file.execute("DELETE FROM revision")
            self._file.executemany("INSERT INTO revision VALUES (?, ?)", revisions.items())


def key(place: Place) -> tuple[str, int, str]:
    """What a place is found by."""
    return place.path, place.record, place.name


def pack_record(record: object) -> bytes:
    """Write a record in few bytes.

    >>> unpack_record(Tally, pack_record(Tally(events=2)))
    Tally(events=2, by_type=(), let_go=())
    """
    return zlib.compress(to_json(record).encode("utf-8", "surrogatepass"), 6)


def unpack_record(kind: type[Record], packed: bytes) -> Record:
    """Read a record of a class."""
    return from_json(kind, zlib.decompress(packed).decode("utf-8", "surrogatepass"))


def _explain(error: sqlite3.Error) -> str:
    words = str(error)
    if "locked" in words:
        return "another kg is writing here; wait until it is done, or choose another --out"
    if "full" in words:
        return "the disk is full; make room and run it again, nothing is lost"
    if "unable to open" in words or "readonly" in words:
        return "can't be written; choose another folder with --out"
    if "malformed" in words or "not a database" in words:
        return "it is damaged; remove it and build anew"
    return words
