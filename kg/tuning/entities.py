"""What a transition-based entity recogniser finds, without asking every move at every token."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any  # Any: spaCy's models have no types

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan

from kg.tuning.vectors import quickened

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["EntityFinder", "make_entity_finder"]

CONTEXT = 3  # token vectors that a state is made of: the next, the entity's first, the one before
BATCH = 128
BEGINS, INSIDE = 3, 1  # spaCy's numbers for what a token is to an entity


@Language.factory("kg_entity_finder", assigns=["doc.ents", "token.ent_type", "token.ent_iob"])
def make_entity_finder(nlp: Language, name: str) -> EntityFinder:
    """Make the component; it does nothing before `EntityFinder.take`."""
    return EntityFinder(name)


class EntityFinder:
    """What spaCy's transition-based `ner` finds, with its weights and under its rules.

    A state that is in no entity is made of the next token alone (Honnibal's `StateC`): so the best
    move out of every such state is computed in one product. Inside an entity there are two moves,
    to go on or to end it, and only those are asked for.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @staticmethod
    def fits(ner: Any) -> bool:
        """Tell whether a component is of the form known here: greedy, three vectors, one layer."""
        model = getattr(ner, "model", None)
        if model is None or ner.cfg.get("beam_width") != 1 or not model.attrs.get("has_upper"):
            return False
        lower = model.get_ref("lower")
        kinds = {kind for kind, _ in _moves(ner)}
        return bool(
            lower.get_dim("nF") == CONTEXT
            and lower.get_dim("nP") > 1
            and not model.attrs["unseen_classes"]
            and kinds <= set("BILUOM")
        )

    def take(self, ner: Any) -> None:
        """Do from now on what this component does."""
        self.ner, self.labels = ner, ner.labels
        tok2vec = ner.model.get_ref("tok2vec")
        self._tok2vec = quickened(tok2vec)
        self._lower, upper = ner.model.get_ref("lower"), ner.model.get_ref("upper")
        self._bias = self._lower.get_param("b")
        self._weights, self._upper_bias = upper.get_param("W"), upper.get_param("b")
        moves = _moves(ner)
        strings = ner.vocab.strings
        self._kind = [kind for kind, _ in moves]
        self._label = [strings[label] if label else 0 for _, label in moves]
        inside = {
            self._label[last]: (inner, last)
            for inner in _places(moves, "I")
            for last in _places(moves, "L")
            if self._label[inner] == self._label[last]
        }
        self._known_labels = inside.keys()
        # by move: the two moves that there are inside the entity that it begins
        self._goes_on, self._ends = np.array([inside.get(at, (0, 0)) for at in self._label]).T
        self._outside = _scores_outside(moves, upper.get_param("b"))

    def __call__(self, doc: Doc) -> Doc:
        """Mark a document's entities."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Mark the entities of documents."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            self._mark(docs)
            yield from docs

    def _mark(self, docs: Sequence[Doc]) -> None:
        known = _Known(docs)
        if not known.labels <= self._known_labels:
            self.ner.set_annotations(docs, self.ner.predict(docs))
            return
        offset, spans = 0, iter([*self._spans(docs, known), (known.length + 1, 0, 0)])
        first, end, label = next(spans)
        for doc in docs:
            ents = []
            while first < offset + len(doc):
                kb_id = doc[first - offset].ent_kb_id
                ents.append(DocSpan(doc, first - offset, end - offset, label=label, kb_id=kb_id))
                first, end, label = next(spans)
            doc.set_ents(ents, default="outside")
            offset += len(doc)

    def _spans(self, docs: Sequence[Doc], known: _Known) -> Iterator[tuple[int, int, int]]:
        """Give the entities, first token to last, as if the documents were one; what was given
        stays.
        """
        if not known.length:
            return
        parts = self._lower.predict(self._tok2vec(docs))
        moves = self._best_outside(parts, known)
        parts = parts[1:]
        kinds = [self._kind[move] for move in moves.tolist()]
        begun = np.array([at for at, kind in enumerate(kinds) if kind == "B"], dtype=np.intp)
        ends = {at: at + 1 for at, kind in enumerate(kinds) if kind == "U"}
        ends.update(
            zip(begun.tolist(), self._follow(begun, moves[begun], known, parts), strict=True)
        )
        done = 0
        for at in sorted(ends.keys() | known.given.keys()):
            if at >= done:
                done, label = known.given.get(at) or (ends[at], self._label[moves[at]])
                yield at, done, label

    def _best_outside(self, parts: NDArray[np.float32], known: _Known) -> Any:
        """Find the best move at each token where no entity is open and none is given."""
        padding = parts[0]
        scores = self._hidden(parts[1:, 0] + padding[1] + padding[2]) @ self._weights.T
        scores += self._outside.take(known.may_begin + 2 * known.may_be_unit, axis=0)
        return scores.argmax(axis=1)

    def _hidden(self, sums: NDArray[np.float32]) -> NDArray[np.float32]:
        sums += self._bias
        best: NDArray[np.float32] = sums[..., 0]
        for piece in range(1, sums.shape[-1]):
            best = np.maximum(best, sums[..., piece])
        return best

    def _follow(
        self, firsts: Any, moves: Any, known: _Known, parts: NDArray[np.float32]
    ) -> list[int]:
        """Follow all entities that may begin to where they end, a token of each at a time."""
        at, open_ = firsts + 1, np.arange(len(firsts))
        while len(open_):
            open_ = open_[known.may_go_on[at[open_]]]
            here, goes_on, ends = at[open_], self._goes_on[moves[open_]], self._ends[moves[open_]]
            hidden = self._hidden(parts[here, 0] + parts[firsts[open_], 1] + parts[here - 1, 2])
            on, off = self._score(hidden, goes_on), self._score(hidden, ends)
            open_ = open_[(on > off) | ((on == off) & (goes_on < ends))]
            at[open_] += 1
        followed: list[int] = (at + 1).tolist()
        return followed

    def _score(self, hidden: NDArray[np.float32], moves: Any) -> NDArray[np.float32]:
        """Score one move for each state."""
        scores: NDArray[np.float32] = np.einsum("ij,ij->i", hidden, self._weights[moves])
        scores += self._upper_bias[moves]
        return scores


class _Known:
    """What is settled of documents, one behind the other, before entities are looked for.

    Attributes:
        length: tokens.
        given: first token of an entity that was marked before -> its end and label.
        may_begin, may_be_unit, may_go_on: by token; an entity crosses no sentence's end and does
            not begin with a blank.
    """

    def __init__(self, docs: Sequence[Doc]) -> None:
        columns: list[int | str] = ["ENT_IOB", "ENT_TYPE", "SENT_START", "IS_SPACE"]
        iob, types, starts, blank = np.concatenate([doc.to_array(columns) for doc in docs]).T
        self.length = len(iob)
        ends, begins, inside = (np.zeros(self.length, dtype=bool) for _ in range(3))
        ends[:-1] = starts[1:] == 1
        ends[np.cumsum([len(doc) for doc in docs if len(doc)], dtype=np.intp) - 1] = True
        begins[:-1], inside[:-1] = iob[1:] == BEGINS, iob[1:] == INSIDE
        self.may_begin = ~(ends | begins | (blank == 1))
        self.may_be_unit = ~(inside | (blank == 1))
        self.may_go_on = ~(ends | begins)
        marks, labels = [*iob.tolist(), 0], types.tolist()
        self.given = {at: (_end(marks, at), labels[at]) for at in _where(iob == BEGINS)}
        self.labels = {label for _, label in self.given.values()}


def _end(marks: Sequence[int], first: int) -> int:
    end = first + 1
    while marks[end] == INSIDE:
        end += 1
    return end


def _scores_outside(
    moves: Sequence[tuple[str, str]], bias: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Give what is added to the scores outside of entities where nothing (row 0) may begin there,
    only a longer entity (1), only one of a single token (2), or any (3).
    """
    may = {"B": 1, "U": 2, "O": 4}
    needs = np.array([may.get(kind, 0) if label or kind == "O" else 0 for kind, label in moves])
    return np.array([np.where(needs & (row | 4), bias, np.float32(-np.inf)) for row in range(4)])


def _where(marks: NDArray[np.bool_]) -> list[int]:
    found: list[int] = np.flatnonzero(marks).tolist()
    return found


def _moves(ner: Any) -> list[tuple[str, str]]:
    """Give all moves as (kind, label): begin, in, last, unit, out, missing."""
    names = (ner.moves.get_class_name(number) for number in range(ner.moves.n_moves))
    return [(kind, label) for kind, _, label in (name.partition("-") for name in names)]


def _places(moves: Sequence[tuple[str, str]], kind: str) -> list[int]:
    """Give the numbers of the moves of a kind that have a label, or of "M" and "O"."""
    return [n for n, (move, label) in enumerate(moves) if move == kind and (label or kind in "MO")]
