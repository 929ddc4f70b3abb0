"""What a check finds."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf import PREFIXES

__all__ = ["Finding", "short"]


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that isn't as it should be.

    Attributes:
        what: "shape", or for sources "missing", "moved", "changed", "unreadable", "text" (what is
            stored isn't what stands in the file) or "quote".
        where: the node, or the path of the file, a record's with its number behind a colon.
        message: one line for people.
    """

    what: str
    where: str
    message: str


def short(text: str) -> str:
    """Shorten an IRI by its prefix, and what is too long for a line.

    >>> short("https://schema.org/sha256")
    'schema:sha256'
    """
    for prefix, namespace in PREFIXES.items():
        if text.startswith(namespace):
            return f"{prefix}:{text.removeprefix(namespace)}"
    return text if len(text) <= 80 else f"{text[:79]}…"
