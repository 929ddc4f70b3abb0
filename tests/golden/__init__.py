"""The graph of `seeds/` as sorted N-Quads: what reading the two articles gives, to the last quad.

`python -m tests.golden` writes `seeds.nq` anew from the code as it is. Look at the difference
before it goes in: it shows what a change does to real text.
"""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from kg.annotate import DEFAULT_MODEL
from kg.extraction import extract
from kg.rdf import to_quads

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["GOLDEN", "SEEDS", "seed_lines"]

SEEDS = Path(__file__).parents[2] / "seeds"
GOLDEN = Path(__file__).parent / "seeds.nq"


def seed_lines(nlp: Language | None = None) -> list[str]:
    """Read the seeds and give their quads as sorted lines of N-Quads, with paths from the root."""
    with chdir(SEEDS.parent):
        news = extract([SEEDS.name], nlp=nlp).news
    return sorted(f"{quad} ." for quad in to_quads(news, model=DEFAULT_MODEL))
