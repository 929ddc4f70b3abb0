"""A comparison written for people: plain text in columns, or Markdown."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from kg.compare.comparison import Clash, Comparison, Naming, Shared, Side, Wording
from kg.query import plain_text

__all__ = ["to_markdown", "to_text"]

WIDTH = 100


def to_text(comparison: Comparison, limit: int | None = None) -> str:
    """Write a comparison as plain text, safe for a terminal.

    Args:
        limit: events at most under each heading; None for all.
    """
    left, right = comparison.left, comparison.right
    width = max(len(left.label), len(right.label)) + 2
    lines = [*_heads(comparison), "", *_wrapped(_summary(comparison))]
    if comparison.shared:
        lines += ["", "BOTH TELL"]
        for event in comparison.shared[:limit]:
            lines += ["", f"  {_event_line(event)}"]
            for side, wording in ((left, event.left), (right, event.right)):
                lines += _column(side.label, _worded(wording), width)
        lines += _rest(comparison.shared, limit)
    if comparison.contradicted:
        lines += ["", "CONTRADICTED"]
        for clash in comparison.contradicted:
            lines += ["", f"  {plain_text(clash.reason)}"]
            lines += _column(clash.one_side, _worded(clash.one), width)
            lines += _column(clash.other_side, _worded(clash.other), width)
    if comparison.namings:
        lines += ["", "NAMED OTHERWISE", ""]
        lines += _naming_table(comparison, limit)
    for side, events in ((left, comparison.only_left), (right, comparison.only_right)):
        if events:
            lines += ["", f"ONLY {plain_text(side.label).upper()}", ""]
            told = _told_alone(events)
            for words in told[:limit]:
                lines += _wrapped(f"- {words}", "  ", "    ")
            lines += _rest(told, limit)
    return "\n".join(lines) + "\n"


def _heads(comparison: Comparison) -> Iterator[str]:
    for side in (comparison.left, comparison.right):
        yield plain_text(side.label)
        for file, title, published in side.articles[:5]:
            told = ", ".join(part for part in (file, _day(published)) if part)
            yield plain_text(f"  {title} ({told})" if title else f"  {told}")
        if len(side.articles) > 5:
            yield f"  and {len(side.articles) - 5} more articles"


def _day(published: str | None) -> str | None:
    return published and published[:16].replace("T", " ")


def _summary(comparison: Comparison) -> str:
    shared, clashes = len(comparison.shared), len(comparison.contradicted)
    told = f"Both tell of {_counted(shared, 'event')}"
    told += f"; {_counted(clashes, 'contradiction')}" if clashes else ""
    alone = (
        f"{side.label} alone of {len(events)}"
        for side, events in (
            (comparison.left, comparison.only_left),
            (comparison.right, comparison.only_right),
        )
    )
    return plain_text(f"{told}; {', '.join(alone)}.")


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _few(namings: Sequence[Naming], limit: int | None) -> Sequence[Naming]:
    return namings[: None if limit is None else 2 * limit]


def _rest(events: Sequence[object], limit: int | None) -> list[str]:
    more = len(events) - (len(events) if limit is None else limit)
    return ["", f"  and {more} more (--all shows them)"] if more > 0 else []


def _told_alone(events: Sequence[Shared]) -> list[str]:
    """Give the wordings of events, without those that stand in a longer one."""
    found: dict[str, str] = {}
    for event in events:
        wording = event.left or event.right
        assert wording is not None
        found.setdefault(wording.clause, _worded(wording))
    inner = {one for one in found for other in found if one != other and one in other}
    return [words for clause, words in found.items() if clause not in inner]


def _event_line(event: Shared) -> str:
    day = f", {event.date}" if event.date else ""
    return plain_text(f"{event.label}  [{event.type}{day}]")


def _worded(wording: Wording | None) -> str:
    """Give a wording, with who says so and how often it is told."""
    assert wording is not None
    notes = []
    if wording.speaker and wording.speaker.split()[-1] not in wording.clause:
        notes.append(f"says {wording.speaker}")
    if wording.held and wording.held != "not":
        notes.append(wording.held)
    if wording.times > 1:
        notes.append("told twice" if wording.times == 2 else f"told {wording.times} times")
    return plain_text(wording.clause + (f" ({', '.join(notes)})" if notes else ""))


def _column(head: str, text: str, width: int) -> list[str]:
    first = "      " + plain_text(head).ljust(width)
    return _wrapped(text, first, " " * len(first))


def _wrapped(text: str, first: str = "", later: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=later, break_long_words=False
    )


def _naming_table(comparison: Comparison, limit: int | None) -> Iterator[str]:
    rows = [("", comparison.left.label, comparison.right.label)]
    rows += [_naming_row(n) for n in _few(comparison.namings, limit)]
    rows = [tuple(map(plain_text, row)) for row in rows]  # type: ignore[misc]
    widths = [min(34, max(len(row[column]) for row in rows)) for column in range(3)]
    for row in rows:
        cells = [
            textwrap.wrap(cell, width) or [""] for cell, width in zip(row, widths, strict=True)
        ]
        for line in range(max(map(len, cells))):
            parts = (c[line] if line < len(c) else "" for c in cells)
            padded = (part.ljust(width) for part, width in zip(parts, widths, strict=True))
            yield ("  " + "  ".join(padded)).rstrip()


def _naming_row(naming: Naming) -> tuple[str, str, str]:
    return naming.entity or "in the same role", _words(naming.left), _words(naming.right)


def _words(namings: Iterable[tuple[str, int]]) -> str:
    return ", ".join(words if times == 1 else f"{words} ({times})" for words, times in namings)


def to_markdown(comparison: Comparison, limit: int | None = None) -> str:
    """Write a comparison as Markdown; what the articles say can't become markup."""
    left, right = comparison.left, comparison.right
    heads = [_escaped(side.label) for side in (left, right)]
    lines = [f"# {heads[0]} and {heads[1]}", ""]
    lines += [_article_lines(side) for side in (left, right)]
    lines += ["", _escaped(_summary(comparison))]
    if comparison.shared:
        lines += ["", "## Both tell", "", f"| | {heads[0]} | {heads[1]} |", "|---|---|---|"]
        for event in comparison.shared[:limit]:
            cells = (_event_line(event), _worded(event.left), _worded(event.right))
            lines.append("| " + " | ".join(map(_escaped, cells)) + " |")
        lines += _rest(comparison.shared, limit)
    if comparison.contradicted:
        lines += ["", "## Contradicted", ""]
        lines += [_clash_line(clash) for clash in comparison.contradicted]
    if comparison.namings:
        lines += ["", "## Named otherwise", "", f"| | {heads[0]} | {heads[1]} |", "|---|---|---|"]
        for naming in _few(comparison.namings, limit):
            lines.append("| " + " | ".join(map(_escaped, _naming_row(naming))) + " |")
    for head, events in zip(heads, (comparison.only_left, comparison.only_right), strict=True):
        if events:
            lines += ["", f"## Only {head}", ""]
            told = _told_alone(events)
            lines += [f"- {_escaped(words)}" for words in told[:limit]]
            lines += _rest(told, limit)
    return "\n".join(lines) + "\n"


def _article_lines(side: Side) -> str:
    told = "; ".join(
        f"{title or file} ({_day(published)})" if published else title or file
        for file, title, published in side.articles
    )
    return f"- **{_escaped(side.label)}**: {_escaped(told)}"


def _clash_line(clash: Clash) -> str:
    one = f"{clash.one_side}: {_worded(clash.one)}"
    other = f"{clash.other_side}: {_worded(clash.other)}"
    return f"- {_escaped(clash.reason)}: {_escaped(one)} / {_escaped(other)}"


def _escaped(text: str) -> str:
    r"""Escape what Markdown or HTML would take for markup.

    >>> _escaped("a <b> | *c*")
    'a &lt;b&gt; \\| \\*c\\*'
    """
    plain = plain_text(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join("\\" + c if c in "\\`*_[]|#!~" else c for c in plain)
