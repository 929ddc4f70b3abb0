"""Every source file read again: is it there, is it the same, does it say what is quoted.

What a file says is for its reader to tell, who knows pages, tables, feeds and archives: it is
handed in, since nothing after the store imports the rooms before it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, cast

import pyoxigraph as ox

from kg.model import Article, file_named, path_text
from kg.rdf import PREFIXES
from kg.store import Store
from kg.validate.finding import Finding, short

__all__ = ["Reader", "Refused", "check_sources"]

MOST_LOOKED_THROUGH = 1000
"""Files of a folder in which a text is looked for that is gone from its own."""


class Refused(Protocol):
    """What a reader says of an input that is no article."""

    @property
    def path(self) -> str: ...  # noqa: D102

    @property
    def record(self) -> int | None: ...  # noqa: D102

    @property
    def message(self) -> str: ...  # noqa: D102


Reader = Callable[[Iterable[str]], Iterator["Article | Refused"]]
"""Reads the articles of files, as `kg.read.read_articles` does."""

Place = tuple[str, int | None]
"""Path of a file, or of one packed in it (`a.zip!b.txt`), and record of a file that holds many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What the store says of one article's source.

    Attributes:
        text_sha256: of the text as stored; what lies in the file may be packed or a page.
        quotes: (begin, end, characters), sorted.
    """

    name: str
    place: Place
    sha256: str
    text_sha256: str
    quotes: tuple[tuple[int, int, str], ...]


@dataclass(slots=True)
class _Reread:
    """What reading again has found so far.

    Attributes:
        wanted: digests of the sources that the store knows.
        places: where each of them was seen, the first place of each.
        unmatched: articles whose place holds something else, with what it holds
            instead; None where the file itself is gone.
    """

    wanted: frozenset[str]
    places: dict[str, Place] = field(default_factory=dict)
    unmatched: list[tuple[_Written, Finding | None]] = field(default_factory=list)

    def see(self, article: Article, place: Place) -> None:
        if article.sha256 in self.wanted:
            self.places.setdefault(article.sha256, place)


def check_sources(store: Store, root: str | Path, read: Reader) -> list[Finding]:
    """Read every source file again and hold what is stored against it.

    Text that never was a file (standard input, an address of the web) is passed over.

    Args:
        root: folder that relative paths are relative to.
        read: reads files as they were read when the graph was built.

    Returns:
        The findings, sorted; none if all is well.

    >>> from kg.store import open_store
    >>> check_sources(open_store(), ".", lambda paths: iter(()))
    []
    """
    files: defaultdict[str, list[_Written]] = defaultdict(list)
    for written in _written_articles(store):
        files[_file_of(written.place[0], Path(root))].append(written)
    wanted = frozenset(written.sha256 for here in files.values() for written in here)
    reread, findings = _Reread(wanted), list[Finding]()
    for path in sorted(files):
        findings += _check_file(path, files[path], Path(root), read, reread)
    _look_around([one for one, _ in reread.unmatched], set(files), Path(root), read, reread)
    return sorted((*findings, *_told_together(reread)))


def _file_of(path: str, root: Path) -> str:
    """The file that has to be opened: of one packed in another, the outermost."""
    end = len(path)
    while "!" in path[:end] and not _is_file(root, path[:end]):
        end = path.rindex("!", 0, end)
    return path[:end] if _is_file(root, path[:end]) else path


def _is_file(root: Path, path: str) -> bool:
    try:
        return file_named(path, root).is_file()
    except (OSError, ValueError):
        return False


def _check_file(
    path: str, here: Sequence[_Written], root: Path, read: Reader, reread: _Reread
) -> Iterator[Finding]:
    if not _is_file(root, path):
        for written in here:
            reread.unmatched.append((written, None))
        return
    by_place = {written.place: written for written in here}
    refused: dict[Place, str] = {}
    for place, found in _read_again(path, root, read):
        if not isinstance(found, Article):
            refused[place] = found.message
            continue
        reread.see(found, place)
        stored = by_place.get(place)
        if stored is None:
            continue
        del by_place[place]
        if found.sha256 == stored.sha256:
            yield from _check_text(stored, found.text)
        else:
            reread.unmatched.append((stored, _changed(stored, found)))
    for written in by_place.values():
        reread.unmatched.append((written, _not_found(written, refused)))


def _read_again(path: str, root: Path, read: Reader) -> Iterator[tuple[Place, Article | Refused]]:
    # absolute: "-" and "http:" may be names of files
    file = str(file_named(path, root).absolute())
    for found in read([file]):
        inside = (found.path or path_text(file)).removeprefix(path_text(file))
        yield (path + inside, found.record), found


def _check_text(written: _Written, text: str) -> Iterator[Finding]:
    where = _shown(written.place)
    for begin, end, quote in written.quotes:
        if text[begin:end] != quote:
            there = short(repr(text[begin:end]))
            message = f"{begin} to {end}: {short(repr(quote))} is stored, {there} stands"
            yield Finding("quote", where, f"{written.name}, {message}")
    if _digest(text) != written.text_sha256:
        message = f"{written.name}: the text that is stored isn't the one in the file"
        yield Finding("text", where, message)


def _changed(written: _Written, found: Article) -> Finding:
    wrong = [quote for quote in written.quotes if found.text[quote[0] : quote[1]] != quote[2]]
    message = (
        f"{written.name} was changed: SHA-256 is {found.sha256[:12]}, was {written.sha256[:12]}; "
        f"{len(wrong)} of {len(written.quotes)} quotes don't stand where they stood"
    )
    return Finding("changed", _shown(written.place), message)


def _not_found(written: _Written, refused: Mapping[Place, str]) -> Finding:
    path, record = written.place
    reason = refused.get(written.place) or refused.get((path, None))
    if reason is None and record is None:
        reason = "nothing in it is an article"
    if reason is not None:
        message = f"{written.name} can't be read from it any more ({reason})"
        return Finding("unreadable", _shown(written.place), message)
    return Finding("missing", _shown(written.place), f"{written.name} is gone from its file")


def _told_together(reread: _Reread) -> Iterator[Finding]:
    """Tell what isn't in its place: whole files that are gone, or moved, in one finding each."""
    gone: defaultdict[str, list[str]] = defaultdict(list)
    moved: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for written, finding in reread.unmatched:
        now = reread.places.get(written.sha256)
        if now is not None:
            moved[written.place[0], now[0]].append(written.name)
        elif finding is None:
            gone[written.place[0]].append(written.name)
        else:
            yield finding
    for path, names in gone.items():
        yield Finding("missing", _line(path), f"there is no such file: source of {_some(names)}")
    for (path, now_in), names in moved.items():
        message = f"{_some(names)}: now in {_line(now_in)}; kg add tells the graph"
        yield Finding("moved", _line(path), message)


def _some(names: Sequence[str]) -> str:
    """Name a few.

    >>> _some(["d", "c", "b", "a"])
    'a, b, c and 1 more'
    """
    first = ", ".join(sorted(names)[:3])
    return first if len(names) <= 3 else f"{first} and {len(names) - 3:,} more"


def _look_around(
    lost: Iterable[_Written], known: set[str], root: Path, read: Reader, reread: _Reread
) -> None:
    """Look for texts that are gone in the files beside theirs of the same kind."""
    missing = [one for one in lost if one.sha256 not in reread.places]
    folders = {(Path(one.place[0]).parent, Path(one.place[0]).suffix) for one in missing}
    for folder, ending in sorted(folders):
        try:
            names = sorted(child.name for child in (root / folder).iterdir())
        except (OSError, ValueError):
            continue
        beside = [path_text(str(folder / name)) for name in names if Path(name).suffix == ending]
        for path in beside[:MOST_LOOKED_THROUGH]:
            if path not in known and _is_file(root, path):
                for place, found in _read_again(path, root, read):
                    if isinstance(found, Article):
                        reread.see(found, place)


def _shown(place: Place) -> str:
    """Write a place on one line, records counted from 1.

    >>> _shown(("news.jsonl", 0)), _shown(("a.txt", None))
    ('news.jsonl:1', 'a.txt')
    """
    path = _line(place[0])
    return path if place[1] is None else f"{path}:{place[1] + 1}"


def _line(text: str) -> str:
    return " ".join(text.splitlines())


# --- what the store says ------------------------------------------------------------------------


def _written_articles(store: Store) -> Iterator[_Written]:
    quotes: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in _rows(store, _QUOTES, "article", "begin", "end", "quote"):
        quotes[str(row[0])].append((int(row[1] or 0), int(row[2] or 0), str(row[3])))
    texts = {str(row[0]): _digest(str(row[1])) for row in _rows(store, _TEXTS, "article", "text")}
    columns = ("article", "name", "path", "record", "sha256")
    for article, name, path, record, sha256 in _rows(store, _ARTICLES, *columns):
        yield _Written(
            name=_line(str(name)),
            place=(str(path), None if record is None else int(record)),
            sha256=str(sha256),
            text_sha256=texts.get(str(article), ""),
            quotes=tuple(sorted(quotes[str(article)])),
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


_ARTICLES = """
    SELECT DISTINCT ?article ?name ?path ?record ?sha256 WHERE {
      ?article a schema:NewsArticle ; rdfs:label ?name ; schema:encoding ?file .
      ?file schema:contentUrl ?path ; schema:sha256 ?sha256 .
      OPTIONAL { ?file kg:record ?record }
    }"""
_TEXTS = """
    SELECT DISTINCT ?article ?text WHERE { ?whole nif:sourceUrl ?article ; nif:isString ?text }"""
_QUOTES = """
    SELECT DISTINCT ?article ?begin ?end ?quote WHERE {
      ?span nif:anchorOf ?quote ; nif:beginIndex ?begin ; nif:endIndex ?end ;
        nif:referenceContext/nif:sourceUrl ?article .
    }"""


def _rows(store: Store, sparql: str, *columns: str) -> Iterator[tuple[str | None, ...]]:
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    for row in cast("ox.QuerySolutions", store.query(declared + sparql)):
        values = (cast("ox.Literal | None", row[column]) for column in columns)
        yield tuple(None if value is None else value.value for value in values)
