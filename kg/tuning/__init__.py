"""The model's own parse, sooner: the same tokens, tags, arcs and entities in a third of the time.

- Matrices are multiplied by whichever of spaCy's BLIS and numpy's BLAS is faster on this processor,
  on one thread: a second thread burns time, and processes use the cores better.
- `vectors`: what a token is embedded as is remembered, windows are not copied.
- `arcs`: the texts of a batch are parsed in step, by arrays of states. spaCy's own loop takes and
  gives back Python's lock at most questions.
- `entities`: what is outside of entities is decided at once. spaCy's own loop asks 73 moves a
  token, and most questions take and give back Python's lock.
- `attributes`: what an attribute ruler makes of a token is looked up, matched once for each kind.
- `lemmas`: a lemma is looked up, asked for once for each kind.

A component that is not of the known form is left as it is. `benchmarks/same_parse.py` counts the
tokens that differ (none), a test does so on a few texts.
"""

from __future__ import annotations

import time
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol  # Any: spaCy's models and tables have no types

import numpy as np
from spacy.language import Language

from kg.tuning.arcs import ArcFinder
from kg.tuning.attributes import AttributeTable
from kg.tuning.entities import EntityFinder
from kg.tuning.lemmas import LemmaTable
from kg.tuning.vectors import VectorFinder

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["ArcFinder", "AttributeTable", "EntityFinder", "LemmaTable", "VectorFinder", "tune"]


class Quicker(Protocol):
    """A component that does what another does."""

    @staticmethod
    def fits(component: Any) -> bool:
        """Tell whether that is of the form known here."""

    def take(self, component: Any) -> None:
        """Do from now on what it does."""


QUICKER: dict[str, tuple[str, type[Quicker]]] = {
    "tok2vec": ("kg_vector_finder", VectorFinder),
    "parser": ("kg_arc_finder", ArcFinder),
    "attribute_ruler": ("kg_attribute_table", AttributeTable),
    "lemmatizer": ("kg_lemma_table", LemmaTable),
    "ner": ("kg_entity_finder", EntityFinder),
}
"""A component of a pipeline -> the factory of ours that takes its place, and its class."""


def tune(nlp: Language) -> Language:
    """Make a pipeline faster without changing what it says, unless it runs on a graphics card."""
    from thinc.api import NumpyOps, get_current_ops

    if not isinstance(get_current_ops(), NumpyOps):
        return nlp
    _choose_blas()
    for name, (own, quicker) in QUICKER.items():
        if name in nlp.pipe_names and quicker.fits(nlp.get_pipe(name)):
            slow = nlp.get_pipe(name)
            quick: Any = nlp.replace_pipe(name, own)
            quick.take(slow)
    return nlp


@cache
def _choose_blas() -> bool:
    """Set thinc to the faster of its two ways to multiply matrices; True if that is BLIS."""
    from thinc.api import NumpyOps, get_current_ops
    from threadpoolctl import threadpool_limits

    threadpool_limits(1, user_api="blas")
    ops: Any = get_current_ops()
    left, right = np.ones((1024, 96), dtype="f"), np.ones((288, 96), dtype="f")
    taken = {blis: _seconds(NumpyOps(use_blis=blis), left, right) for blis in (True, False)}
    ops.use_blis = taken[True] < taken[False]
    return bool(ops.use_blis)


def _seconds(ops: Any, left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    """Time a product as the model's layers have it: the best of a few, for others disturb."""
    taken = []
    for _ in range(8):
        start = time.perf_counter()
        ops.gemm(left, right, trans2=True)
        taken.append(time.perf_counter() - start)
    return min(taken)
