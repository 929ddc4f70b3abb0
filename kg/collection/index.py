"""What merging found, kept beside the readings, so that a change goes on from there.

Tables in the folder's archive, written in the transaction that says what the folder holds: so they
are never of another state than the store. Whoever changes a store in another way marks them as
void (`Index.void`), and the next change fills them anew; another edition of rules does, too.

- Articles by number (`article`), the words and days by which they look for others (`look`), who is
  like whom (`alike`), their runs of words (`run`), who repeats whom (`pair`) and what that makes a
  copy of what (`copy`);
- tellings that blocks connect, with what became of them (`component`), the keys of their blocks
  (`block`), where each telling stands (`telling`), quotations, answers, clashes, contradictions,
  and what is about what;
- how many readings and events tell of an entity, a time, an act, a publisher, a day (`seen`).
"""

from __future__ import annotations

import json
import pickle
import sqlite3
import zlib
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any  # Any: rows and records are of all kinds

from kg.errors import StoreError
from kg.pickling import load_records

__all__ = ["Counted", "Index", "key_of", "pack_records", "unpack_records"]

FORM = "1"
TABLES = """
CREATE TABLE article (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, published TEXT, stretch INTEGER NOT NULL,
  source TEXT, publisher TEXT, agency TEXT, credited TEXT, runs INTEGER NOT NULL,
  story TEXT NOT NULL, vector BLOB NOT NULL);
CREATE INDEX of_story ON article (story);
CREATE TABLE look (
  word TEXT, stretch INTEGER, number INTEGER, PRIMARY KEY (word, stretch, number)) WITHOUT ROWID;
CREATE TABLE alike (
  one INTEGER, other INTEGER, likeness REAL NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE run (hash INTEGER, number INTEGER, PRIMARY KEY (hash, number)) WITHOUT ROWID;
CREATE TABLE pair (one INTEGER NOT NULL, other INTEGER NOT NULL, why TEXT NOT NULL, story TEXT);
CREATE INDEX pair_one ON pair (one);
CREATE INDEX pair_other ON pair (other);
CREATE INDEX pair_story ON pair (story) WHERE story IS NOT NULL;
CREATE TABLE copy (id TEXT PRIMARY KEY, original TEXT NOT NULL, why TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX copied ON copy (original);
CREATE TABLE component (number INTEGER PRIMARY KEY, body BLOB NOT NULL);
CREATE TABLE block (key INTEGER PRIMARY KEY, component INTEGER NOT NULL);
CREATE TABLE telling (
  id TEXT PRIMARY KEY, article TEXT NOT NULL, component INTEGER NOT NULL, event TEXT NOT NULL
  ) WITHOUT ROWID;
CREATE INDEX told_by ON telling (article);
CREATE INDEX tells ON telling (event);
CREATE TABLE quote (
  story TEXT, speaker TEXT, telling TEXT, article TEXT NOT NULL,
  PRIMARY KEY (story, speaker, telling)) WITHOUT ROWID;
CREATE TABLE answer (event TEXT PRIMARY KEY, story TEXT NOT NULL, body BLOB NOT NULL);
CREATE INDEX answer_story ON answer (story);
CREATE TABLE clash (
  origin TEXT, one TEXT, other TEXT, rank INTEGER NOT NULL, reason TEXT NOT NULL,
  PRIMARY KEY (origin, one, other)) WITHOUT ROWID;
CREATE INDEX clash_pair ON clash (one, other);
CREATE TABLE contradiction (
  one TEXT, other TEXT, reason TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE TABLE about (
  article TEXT, one TEXT, other TEXT, PRIMARY KEY (article, one, other)) WITHOUT ROWID;
CREATE INDEX about_other ON about (other);
CREATE TABLE seen (
  kind TEXT, id TEXT, record TEXT, uses INTEGER NOT NULL, named INTEGER NOT NULL,
  played INTEGER NOT NULL, PRIMARY KEY (kind, id, record)) WITHOUT ROWID;
CREATE TABLE counted (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How much the graph holds.

    Attributes:
        merged: events told by two or more publishers, each on its own.
        entities: that a reading names; `played`: that play a part in an event mention.
    """

    articles: int = 0
    mentions: int = 0
    events: int = 0
    merged: int = 0
    entities: int = 0
    played: int = 0
    contradictions: int = 0


class Index:
    """The tables, in an open SQLite file; who writes has begun a transaction."""

    def __init__(self, file: sqlite3.Connection) -> None:
        self.file = file

    @property
    def counted(self) -> Counted | None:
        """How much the graph holds; None where the tables are void."""
        if not self._exists():
            return None
        rows = dict(self.file.execute("SELECT name, value FROM counted"))
        if rows.get("form") != FORM:
            return None
        return Counted(**json.loads(rows["counted"]))

    def void(self) -> None:
        """Say that the tables are of another state."""
        if self._exists():
            self.file.execute("DELETE FROM counted")

    def clear(self) -> None:
        """Make the tables anew, empty."""
        names = [statement.split()[2] for statement in _statements("CREATE TABLE")]
        for name in names:
            self.file.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in _statements("CREATE"):
            self.file.execute(statement)

    def finish(self, counted: Counted) -> None:
        """Say that the tables are of the state that is being written."""
        rows = (("form", FORM), ("counted", json.dumps(asdict(counted))))
        self.file.executemany("INSERT OR REPLACE INTO counted VALUES (?, ?)", rows)

    def rows(self, select: str, *values: Any) -> list[Any]:
        """The rows that a question gives."""
        return self.file.execute(select, values).fetchall()

    def column(self, select: str, *values: Any) -> list[Any]:
        """The first column of these rows."""
        return [row[0] for row in self.file.execute(select, values)]

    def one(self, select: str, *values: Any) -> Any:
        """The first row; None if there is none."""
        return self.file.execute(select, values).fetchone()

    def _exists(self) -> bool:
        return self.one("SELECT 1 FROM sqlite_master WHERE name = 'counted'") is not None


def _statements(begin: str) -> list[str]:
    found = (statement.strip() for statement in TABLES.split(";"))
    return [statement for statement in found if statement.startswith(begin)]


def key_of(*parts: object) -> int:
    """Hash what tellings meet under, the same in every run.

    Two that collide bring together what has nothing to say to each other, and nothing is said.

    >>> key_of("a", "b") == key_of("a", "b") != key_of("ab")
    True
    """
    text = "\x1f".join(map(str, parts)).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big", signed=True)


def pack_records(records: object) -> bytes:
    """Write records in few bytes, quickly."""
    return zlib.compress(pickle.dumps(records, protocol=5), 1)


def unpack_records(packed: bytes) -> Any:
    """Read what `pack_records` wrote.

    Raises:
        StoreError: something else is in it.
    """
    try:
        return load_records(zlib.decompress(packed))
    except (pickle.UnpicklingError, zlib.error) as e:
        raise StoreError(
            f"what was kept of merging isn't what kg wrote ({e}): remove the folder and build anew"
        ) from e
