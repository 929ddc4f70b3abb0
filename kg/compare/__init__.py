"""Two sources side by side: what both tell and in whose words, what one tells alone, and where
they can't both be right.

Below the store: all of it is SPARQL. `compare` gives a frozen record; `to_text`, `to_markdown` and
`dataclasses.asdict` are three ways to show it.
"""

from __future__ import annotations

from kg.compare.comparison import Clash, Comparison, Naming, Shared, Side, Wording, compare
from kg.compare.written import to_markdown, to_text

__all__ = [
    "Clash",
    "Comparison",
    "Naming",
    "Shared",
    "Side",
    "Wording",
    "compare",
    "to_markdown",
    "to_text",
]
