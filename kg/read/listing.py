"""What paths name: the inputs to open, in order, and what there is to say about the others."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.model import Article, path_text
from kg.read.fetch import is_address
from kg.read.inputs import inputs
from kg.read.kinds import ENDINGS, inner_name

__all__ = [
    "Found",
    "Input",
    "LetGo",
    "Unlisted",
    "Unreadable",
    "excused",
    "let_go",
    "list_inputs",
    "told_briefly",
    "unreadable",
    "why_not",
]

MOST_FILES_TOLD = 1000
"""Unreadable files of one input that are told one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An input that is no article, and why.

    Attributes:
        path: as the caller gave it; "-" for standard input.
        record: 0-based place of the record in an input of many; None for the input as a whole.
        message: one line that says what, where, and the way out.
    """

    path: str
    record: int | None = None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetGo(Unreadable):
    """An input that could be read and is let go on purpose: no fault of anybody's.

    Attributes:
        reason: what the report counts it under ("in French", "no article").
    """

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing to be opened: a file, an address of the web, or standard input.

    Attributes:
        given: the path that named it, as the caller gave it.
        guessed: it lies in a directory under an ending that many things have, so what can't be
            read of it is let go: nobody said that it holds articles.
    """

    path: str
    given: str
    guessed: bool = False


Found = Article | Unreadable


def told_briefly(given: str, found: Iterable[Found]) -> Iterator[Found]:
    """Pass on what is found; from the thousandth problem on only count them."""
    problems = 0
    for one in found:
        if isinstance(one, Unreadable):
            problems += 1
            if problems > MOST_FILES_TOLD:
                continue
        yield one
    if problems > MOST_FILES_TOLD:
        more = problems - MOST_FILES_TOLD
        yield unreadable(given, f"{more:,} more of its files or records can't be read either")


# --- what a path names --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Unlisted:
    """What a path names that is no input, and why."""

    given: str
    told: Unreadable


def list_inputs(paths: Iterable[str | Path]) -> Iterator[Input | Unlisted]:
    """List what the paths name, in order and each file once; nothing is opened.

    >>> [one.path for one in list_inputs(["-"])]
    ['-']
    """
    every = list(map(str, paths))
    seen: set[str] = set()
    for given in every:
        if given == "-" or is_address(given):
            yield Input(path=given, given=given)
            continue
        for one in _list_given(given):
            if isinstance(one, Input):
                if one.path in seen:
                    continue
                if len(every) > 1:  # a million names take a hundred megabytes
                    seen.add(one.path)
                yield one
            else:
                yield Unlisted(given, one)


def _list_given(given: str) -> Iterator[Input | Unreadable]:
    if not given:  # as a path it would be the folder where one stands
        yield unreadable("''", "names no file; for the folder where you are, write .")
        return
    try:
        path = Path(given)
        if path.is_dir():
            yield from _list_directory(path, given)
            return
        found = [path] if path.exists() else _glob(path)
    except (OSError, ValueError) as error:
        yield unreadable(given, f"can't be opened ({why_not(error)}); check the path")
        return
    if not found:
        yield unreadable(
            given, "no such file; give a text file, a .jsonl file, a directory, a glob or '-'"
        )
    for one in found:
        yield Input(path=str(one), given=given)


def _list_directory(folder: Path, given: str) -> Iterator[Input | Unreadable]:
    """List the files of a directory, at any depth, sorted by the parts of their paths."""
    others: Counter[str] = Counter()
    some = False
    for path in _walk(folder):
        if isinstance(path, Unreadable):
            some = True
            yield path
            continue
        ending = path.suffix.lower()
        if ending not in ENDINGS:
            others[ending or path.name] += 1
        else:
            some = True
            yield Input(path=str(path), given=given, guessed=ending in _GUESSED)
    if not some:
        yield unreadable(
            folder,
            "holds no .txt, .html, .jsonl or .warc file; give the files by name or another"
            " directory",
        )
    unread = {ending: n for ending, n in others.items() if ending[1:] in inputs().unread}
    for ending in sorted(unread):
        kind = inputs().unread[ending[1:]]
        yield let_go(folder, f"{unread[ending]} × {ending} not read: each is {kind}", "not read")


_GUESSED = frozenset({".json", ".xml", ".csv", ".tsv", ".rdf", ".zip"})
"""Endings under which many things lie that are no news: in a directory nobody vouches for them."""


def excused(found: Found) -> Found:
    """Let go what can't be read of an input that nobody vouches for."""
    if isinstance(found, LetGo) or not isinstance(found, Unreadable):
        return found
    return LetGo(path=found.path, record=found.record, message=found.message, reason="no article")


def _walk(folder: Path) -> Iterator[Path | Unreadable]:
    """Give every file below a directory in order, holding the names of one directory at a time."""
    waiting = [(folder, iter(_names(folder)))]
    while waiting:
        here, names = waiting[-1]
        name = next(names, None)
        if name is None:
            waiting.pop()
        elif isinstance(name, Unreadable):
            yield name
        elif name.endswith(os.sep):
            waiting.append((here / name, iter(_names(here / name))))
        else:
            yield here / name


def _names(folder: Path) -> Sequence[str | Unreadable]:
    """List a directory, sorted; folders end in a separator, hidden ones are left out."""
    try:
        with os.scandir(folder) as entries:
            found = [name for entry in entries if (name := _name(entry))]
    except OSError as error:
        return [unreadable(folder, f"can't be listed ({why_not(error)}); check its permissions")]
    found.sort(key=lambda name: name.removesuffix(os.sep))
    return found


def _name(entry: os.DirEntry[str]) -> str:
    """The name of a file or folder; empty for pipes, devices and links that lead nowhere."""
    if entry.name.startswith("."):
        return ""
    try:
        if entry.is_dir(follow_symlinks=False):
            return entry.name + os.sep
        return entry.name if entry.is_file() else ""
    except OSError:  # a link that leads to itself
        return ""


def _glob(path: Path) -> list[Path]:
    if not any(sign in str(path) for sign in "*?["):
        return []
    root = Path(path.anchor) if path.anchor else Path()
    pattern = str(path.relative_to(path.anchor)) if path.anchor else str(path)
    return sorted(child for child in root.glob(pattern) if child.is_file())


def why_not(error: Exception) -> str:
    """Say in a line what the operating system has against something."""
    return " ".join(str(getattr(error, "strerror", None) or error).split())


def _place(path: str | Path, message: str, record: int | None) -> tuple[str, str]:
    shown = path_text(str(path))
    place = "standard input" if shown == "-" else " ".join(shown.splitlines())
    kind = "record" if _is_counted(shown) else "line"
    line = f", {kind} {record + 1}" if record is not None else ""
    return shown, f"{place}{line}: {' '.join(message.split())}"


def _is_counted(path: str) -> bool:
    name = inner_name(path).casefold()
    return not name.endswith((".jsonl", ".ndjson", "-"))


def unreadable(path: str | Path, message: str, record: int | None = None) -> Unreadable:
    """Say that an input, or a record of it, is no article."""
    shown, told = _place(path, message, record)
    return Unreadable(path=shown, record=record, message=told)


def let_go(path: str | Path, message: str, reason: str, record: int | None = None) -> LetGo:
    """Say that an input, or a record of it, is let go on purpose."""
    shown, told = _place(path, message, record)
    return LetGo(path=shown, record=record, message=told, reason=reason)
