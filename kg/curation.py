"""A user's own files about who is who, and which events are not one (`--entities FILE`).

A curation file is a table whose lines begin with a verb; cells stand apart by tabs::

    add      Arnor Relief   kind=ngo  country=ARN  names=AR|Relief of Arnor
    correct  Arnor Relief   sector=SOC
    merge    Arnor Relief   Arnorian Relief Fund
    split    Arnor Relief   Relief of Arnor   country=GON
    apart    3f2a9c51d07be688   77be01c2a9f04d13

Dictionaries of PETRARCH and CAMEO coders are read as well (`kg.petrarch`). What a user says wins
over our own tables, and what a later line says over an earlier one. The files' digests are part of
what a build records, so that a build with other files is another build.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.errors import LexiconError
from kg.gazetteer import (
    KINDS,
    SECTORS,
    AgentLine,
    EntityLine,
    Gazetteer,
    gazetteer,
    index_gazetteer,
)
from kg.lexicon import several
from kg.petrarch import is_actor_line, is_agent_line, read_actors, read_agents

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from kg.parse import Parse

__all__ = [
    "CURATED",
    "CuratedFile",
    "Curation",
    "curated",
    "files_of",
    "gazetteer_of",
    "keep_files",
    "read_curation",
]

CURATED = "kg_entities"
"""Key of `Doc.user_data` under which the files stand that a document was read with."""

WAY_OUT = "see 'A user's own entities' in docs/curation.md"
_FIELDS: Mapping[str, re.Pattern[str]] = {
    "name": re.compile(r"\S.*"),
    "kind": re.compile("|".join(sorted(KINDS))),
    "country": re.compile(r"[A-Z]{3}|-"),
    "sector": re.compile("|".join(sorted(SECTORS)) + "|-"),
    "names": re.compile(r"\S.*"),
    "adjectives": re.compile(r"\S.*"),
    "people": re.compile(r"\S.*"),
    "seats": re.compile(r"\S.*"),
    "since": re.compile(r"\d{4}(-\d{2}(-\d{2})?)?|-"),
    "until": re.compile(r"\d{4}(-\d{2}(-\d{2})?)?|-"),
    "sameas": re.compile(r"https?://[^\s<>\"{}|\\^`]+(\|https?://[^\s<>\"{}|\\^`]+)*"),
}
_EVENT = re.compile(r"[0-9a-f]{8,64}")
_WHICH = re.compile(r"(?P<name>.+?)\s*\[(?P<which>[A-Z]{3}|[a-z_]+)\]")


@dataclass(frozen=True, slots=True, order=True)
class CuratedFile:
    """A file that a gazetteer was made with, and the SHA-256 of its bytes."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One line about entities.

    Attributes:
        verb: add, correct, merge or split.
        name: whom it is about.
        others: the names merged into it, or the spellings that are split off.
        fields: what is said of it, in the order of the line.
        where: ``file:line``.
    """

    verb: str
    name: str
    others: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    where: str = ""


@dataclass(frozen=True, slots=True)
class Curation:
    """Everything that a user's files say.

    Attributes:
        edits: lines about entities, in their order.
        actors: entities of actor dictionaries.
        agents: nouns of agent dictionaries.
        apart: pairs of ids of event mentions that are never told as one event, each pair sorted.
        passed_over: messages on lines of dictionaries that can't be read.
    """

    files: tuple[CuratedFile, ...] = ()
    edits: tuple[Edit, ...] = ()
    actors: tuple[EntityLine, ...] = ()
    agents: tuple[AgentLine, ...] = ()
    apart: frozenset[tuple[str, str]] = field(default_factory=frozenset)
    passed_over: tuple[str, ...] = ()

    @property
    def digest(self) -> str | None:
        """Give one SHA-256 for all files, in their order; None without files.

        >>> Curation().digest is None
        True
        """
        if not self.files:
            return None
        joined = "\n".join(file.sha256 for file in self.files)
        return hashlib.sha256(joined.encode("ascii")).hexdigest()


# --- reading ------------------------------------------------------------------------------------


def read_curation(paths: Iterable[str | Path]) -> Curation:
    """Read curation files and dictionaries, in their order.

    Raises:
        LexiconError: a file can't be read, or a line of a curation file is wrong.
    """
    return _read(tuple(CuratedFile(str(path), _digest(path)) for path in paths))


def _digest(path: str | Path) -> str:
    return hashlib.sha256(_bytes(path)).hexdigest()


def _bytes(path: str | Path) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise LexiconError(
            f"{path}: can't be read ({error.strerror}); give --entities a file"
        ) from error


@lru_cache(maxsize=8)
def _read(files: tuple[CuratedFile, ...]) -> Curation:
    found = Curation(files=files)
    for file in files:
        path = Path(file.path)
        try:
            text = _bytes(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise LexiconError(
                f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8"
            ) from error
        more = _read_text(text, path.name)
        found = Curation(
            files=files,
            edits=(*found.edits, *more.edits),
            actors=(*found.actors, *more.actors),
            agents=(*found.agents, *more.agents),
            apart=found.apart | more.apart,
            passed_over=(*found.passed_over, *more.passed_over),
        )
    return found


def _read_text(text: str, name: str) -> Curation:
    """Read a file by its ending, else by what its first lines look like."""
    head = "\n".join(line for line in text.splitlines()[:200] if not line.startswith("#"))
    ours = head.lstrip().split("\t")[0] in _VERBS
    if name.endswith(".agents.txt") or (not ours and is_agent_line(head)):
        dictionary = read_agents(text, name)
        return Curation(agents=dictionary.agents, passed_over=dictionary.passed_over)
    if name.endswith(".actors.txt") or (not ours and is_actor_line(head)):
        dictionary = read_actors(text, name)
        return Curation(actors=dictionary.lines, passed_over=dictionary.passed_over)
    return _read_lines(text, name)


def _read_lines(text: str, name: str) -> Curation:
    edits: list[Edit] = []
    apart: set[tuple[str, str]] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        where = f"{name}:{number}"
        verb, *cells = [cell.strip() for cell in line.split("\t")]
        cells = [cell for cell in cells if cell]
        if verb not in _VERBS:
            raise LexiconError(
                f"{where}: {verb[:40]!r} is none of {', '.join(_VERBS)} before a tab; {WAY_OUT}"
            )
        if verb == "apart":
            apart |= _apart(cells, where)
        else:
            edits.append(_edit(verb, cells, where))
    return Curation(edits=tuple(edits), apart=frozenset(apart))


def _apart(cells: Sequence[str], where: str) -> set[tuple[str, str]]:
    wrong = [cell for cell in cells if not _EVENT.fullmatch(cell)]
    if wrong or len(cells) < 2:
        said = f"{wrong[0][:40]!r} is no id" if wrong else "two ids are needed"
        raise LexiconError(f"{where}: {said}; write: apart, tab, id of an event, tab, another")
    return {
        (min(one, other), max(one, other))
        for at, one in enumerate(cells)
        for other in cells[at + 1 :]
        if one != other
    }


def _edit(verb: str, cells: Sequence[str], where: str) -> Edit:
    plain = [cell for cell in cells if not _is_field(cell)]
    fields = [(key, value) for key, _, value in (c.partition("=") for c in cells if _is_field(c))]
    for key, value in fields:
        if not _FIELDS[key].fullmatch(value):
            raise LexiconError(f"{where}: {key}={value[:40]!r} can't be read; {WAY_OUT}")
    if not plain:
        raise LexiconError(f"{where}: {verb} whom? a name stands behind the first tab; {WAY_OUT}")
    name, *others = plain
    _check(verb, others, dict(fields), where)
    return Edit(verb, name, tuple(others), tuple(fields), where)


def _is_field(cell: str) -> bool:
    key, equals, _ = cell.partition("=")
    return bool(equals) and key in _FIELDS


def _check(verb: str, others: Sequence[str], fields: Mapping[str, str], where: str) -> None:
    """See that a line says what its verb needs, and nothing that it can't use."""
    problem = None
    if verb in {"add", "correct"} and others:
        problem = f"{others[0][:40]!r} is no field=value"
    elif verb == "add" and "kind" not in fields:
        problem = "what is added needs kind="
    elif verb == "correct" and not fields:
        problem = "nothing is corrected; write field=value"
    elif verb in {"merge", "split"} and not others:
        problem = f"{verb} needs a second name behind a tab"
    elif verb == "merge" and fields:
        problem = f"{next(iter(fields))}= has no place here; use a line of its own: correct"
    if problem:
        raise LexiconError(f"{where}: {problem}; {WAY_OUT}")


# --- what it makes of a gazetteer ---------------------------------------------------------------


def curated(files: tuple[CuratedFile, ...] = ()) -> Gazetteer:
    """Give the gazetteer as a user's files change it; without files, as it is shipped.

    Raises:
        LexiconError: a line names somebody who isn't known, or more than one.
    """
    return _curated(files) if files else gazetteer()


def gazetteer_of(doc: Doc | Parse) -> Gazetteer:
    """Give the gazetteer that a document was read with."""
    return curated(files_of(doc))


def files_of(doc: Doc | Parse) -> tuple[CuratedFile, ...]:
    """Give the user's own files that a document was read with."""
    kept = doc.user_data.get(CURATED)
    return tuple(CuratedFile(path, sha256) for path, sha256 in kept) if kept else ()


def keep_files(doc: Doc, files: Iterable[CuratedFile]) -> None:
    """Note in a document which files it is read with, so that it can be written and read back."""
    kept = [[file.path, file.sha256] for file in files]
    if kept:
        doc.user_data[CURATED] = kept


@lru_cache(maxsize=4)
def _curated(files: tuple[CuratedFile, ...]) -> Gazetteer:
    curation, shipped = _read(files), gazetteer()
    editor = _Editor(shipped)
    for line in curation.actors:
        editor.take_in(line)
    for edit in curation.edits:
        _VERBS[edit.verb](editor, edit)
    return editor.gazetteer((*reversed(curation.agents), *shipped.agents.values()))


class _Editor:
    """The lines of a gazetteer while they are changed; a user's own stand before ours."""

    def __init__(self, shipped: Gazetteer) -> None:
        self.shipped = shipped
        self.lines: list[EntityLine | None] = list(shipped.lines)
        self.own: list[EntityLine] = []
        self.heirs: dict[int, tuple[str, str | None, str]] = {}

    def gazetteer(self, agents: Iterable[AgentLine]) -> Gazetteer:
        """Number the lines anew, and put the terms of office to them."""
        kept = [(key, line) for key, line in enumerate(self.lines) if line is not None]
        start = len(self.own)
        moved = {old: start + new for new, (old, _) in enumerate(kept)}
        first = {line.identity: key for key, line in reversed([*enumerate(self._all())])}
        moved |= {old: first[heir] for old, heir in self.heirs.items() if heir in first}
        lines = [
            replace(line, key=key)
            for key, line in enumerate((*self.own, *(line for _, line in kept)))
        ]
        terms = [
            replace(term, holder=lines[moved[term.holder.key]])
            for held in self.shipped.offices.values()
            for term in held
            if term.holder.key in moved
        ]
        return index_gazetteer(lines, terms, agents)

    # -- dictionaries

    def take_in(self, line: EntityLine) -> None:
        """Add an entity of a dictionary; a name that ours has for the same state stays ours."""
        if not line.kind:
            self._more_names(line)
            return
        ours = [
            entry.entity
            for entry in self.shipped.names.get(line.name, ())
            if (entry.entity.country, entry.entity.sector) == (line.country, line.sector)
        ]
        if ours and not (line.since or line.until):
            line = replace(line, name=ours[0].name, kind=ours[0].kind)
        self.own.append(line)

    def _more_names(self, line: EntityLine) -> None:
        """Take names under a state's bare code for the state's own."""
        country = self.shipped.countries.get(line.country or "")
        if country is None:
            self.own.append(replace(line, kind="place"))
            return
        new = [
            name
            for name in (line.name, *line.names)
            if all(e.entity.country != line.country for e in self.shipped.names.get(name, ()))
        ]
        current = self.lines[country.key]
        if current is not None and new:
            self.lines[country.key] = replace(current, names=(*current.names, *new))

    # -- curation lines

    def add(self, edit: Edit) -> None:
        """Add an entity."""
        line = EntityLine(edit.name, "organisation")
        self.own.insert(0, _changed(line, edit.fields))

    def correct(self, edit: Edit) -> None:
        """Say something else of an entity; spellings are added to those that it has."""
        self._each(edit.name, edit.where, lambda line: _changed(line, edit.fields))

    def merge(self, edit: Edit) -> None:
        """Make names and other entities spellings of one."""
        kept = self._find(edit.name, edit.where)
        gained: list[str] = []
        for other in edit.others:
            found = self._known(other)
            if any(line.identity in {k.identity for k in kept} for line in found):
                raise LexiconError(f"{edit.where}: {other!r} is {edit.name!r} already")
            for line in found:
                gained += [line.name, *line.names]
            self._drop(found)
            self.heirs |= {line.key: kept[0].identity for line in found if line.key >= 0}
            gained.append(_bare(other)[0])
        for spelling in gained:
            self._take_away(spelling, {line.identity for line in kept})
        self._each(
            edit.name,
            edit.where,
            lambda line: replace(line, names=tuple(dict.fromkeys((*line.names, *gained)))),
        )

    def split(self, edit: Edit) -> None:
        """Make some of an entity's spellings an entity of their own."""
        source = self._find(edit.name, edit.where)[0]
        spellings = {*source.names, *source.adjectives, *source.people, *source.seats}
        missing = [other for other in edit.others if other not in spellings]
        if missing:
            raise LexiconError(
                f"{edit.where}: {missing[0]!r} is no other spelling of {edit.name!r}; "
                "use add for a new name"
            )
        for spelling in edit.others:
            self._take_away(spelling, set())
        name, *names = edit.others
        line = EntityLine(name, source.kind, source.country, source.sector, names=tuple(names))
        self.own.insert(0, _changed(line, edit.fields))

    # -- finding

    def _all(self) -> list[EntityLine]:
        return [*self.own, *(line for line in self.lines if line is not None)]

    def _known(self, name: str) -> list[EntityLine]:
        bare, which = _bare(name)
        return [
            line
            for line in self._all()
            if line.name == bare and which in {None, line.country, line.kind}
        ]

    def _find(self, name: str, where: str) -> list[EntityLine]:
        """Find the lines of one entity by its main name, or by a spelling that only it has."""
        found = self._known(name)
        if not found:
            bare, which = _bare(name)
            found = [
                line
                for line in self._all()
                if bare in line.names and which in {None, line.country, line.kind}
            ]
        identities = sorted({tuple(str(part) for part in line.identity) for line in found})
        if not found:
            raise LexiconError(f"{where}: nobody is called {name!r}; add it first, with add")
        if len(identities) > 1:
            several_of = ", ".join(f"{n} [{c if c != 'None' else k}]" for k, c, n in identities[:4])
            raise LexiconError(f"{where}: {name!r} is several: {several_of}; write one of these")
        return found

    def _each(self, name: str, where: str, change: Callable[[EntityLine], EntityLine]) -> None:
        identity = self._find(name, where)[0].identity
        self.own = [change(line) if line.identity == identity else line for line in self.own]
        self.lines = [
            change(line) if line is not None and line.identity == identity else line
            for line in self.lines
        ]

    def _drop(self, gone: Sequence[EntityLine]) -> None:
        identities = {line.identity for line in gone}
        self.own = [line for line in self.own if line.identity not in identities]
        self.lines = [
            None if line is not None and line.identity in identities else line
            for line in self.lines
        ]

    def _take_away(self, spelling: str, keepers: set[tuple[str, str | None, str]]) -> None:
        """Let nobody but the keepers be called so; a main name stays."""

        def without(line: EntityLine) -> EntityLine:
            if line.identity in keepers:
                return line
            cells = (line.names, line.adjectives, line.people, line.seats)
            if not any(spelling in cell for cell in cells):
                return line
            names, adjectives, people, seats = (
                tuple(other for other in cell if other != spelling) for cell in cells
            )
            return replace(line, names=names, adjectives=adjectives, people=people, seats=seats)

        self.own = [without(line) for line in self.own]
        if spelling in self.shipped.names:
            self.lines = [None if line is None else without(line) for line in self.lines]


_VERBS: Mapping[str, Callable[[_Editor, Edit], None]] = {
    "add": _Editor.add,
    "correct": _Editor.correct,
    "merge": _Editor.merge,
    "split": _Editor.split,
    "apart": lambda _, edit: None,
}


def _bare(name: str) -> tuple[str, str | None]:
    """Part a name from the state or kind in brackets that tells it from namesakes.

    >>> _bare("Georgia [GEO]"), _bare("Arnor")
    (('Georgia', 'GEO'), ('Arnor', None))
    """
    match = _WHICH.fullmatch(name)
    return (match["name"], match["which"]) if match else (name, None)


def _changed(line: EntityLine, fields: Iterable[tuple[str, str]]) -> EntityLine:
    """Write fields into a line; ``-`` empties one, spellings are added."""
    values: dict[str, object] = {}
    for key, value in fields:
        if key in {"names", "adjectives", "people", "seats"}:
            values[key] = tuple(dict.fromkeys((*getattr(line, key), *several(value))))
        elif key == "sameas":
            values["same_as"] = several(value)
        else:
            values[key] = None if value == "-" else value
    changed = replace(line, **values)  # type: ignore[arg-type]  # keys are checked on reading
    if changed.name != line.name and line.name not in changed.names:
        changed = replace(changed, names=(*changed.names, line.name))
    return changed
