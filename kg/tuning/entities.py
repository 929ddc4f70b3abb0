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
        self._begin, self._unit = _places(moves, "B"), _places(moves, "U")
        self._never = [n for n, (kind, label) in enumerate(moves) if kind != "O" and not label]
        self._never += [*_places(moves, "I"), *_places(moves, "L"), *_places(moves, "M")]
        self._inside = {
            self._label[last]: (inner, last)
            for inner in _places(moves, "I")
            for last in _places(moves, "L")
            if self._label[inner] == self._label[last]
        }

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
        known = [(doc, _Known(doc)) for doc in docs if len(doc)]
        presets = {label for _, each in known for label in each.labels}
        if not presets <= self._inside.keys():
            self.ner.set_annotations(docs, self.ner.predict(docs))
            return
        if not known:
            return
        vectors = self._tok2vec([doc for doc, _ in known])
        parts = self._lower.predict(vectors)
        best = self._best_outside(parts, known)
        offset = 0
        for doc, each in known:
            end = offset + len(doc)
            spans = self._walk(each, best[offset:end], parts[offset + 1 : end + 1])
            ents = [
                DocSpan(doc, first, last, label=label, kb_id=doc[first].ent_kb_id)
                for first, last, label in spans
            ]
            doc.set_ents(ents, default="outside")
            offset = end

    def _best_outside(self, parts: NDArray[np.float32], known: list[tuple[Doc, _Known]]) -> Any:
        """Find the best move at each token where no entity is open and none is given."""
        padding = parts[0]
        scores = self._scores(parts[1:, 0] + padding[1] + padding[2], slice(None))
        begin = np.concatenate([each.may_begin for _, each in known])
        unit = np.concatenate([each.may_be_unit for _, each in known])
        scores[:, self._never] = -np.inf
        scores[np.ix_(~begin, np.array(self._begin))] = -np.inf
        scores[np.ix_(~unit, np.array(self._unit))] = -np.inf
        return scores.argmax(axis=1)

    def _scores(self, sums: NDArray[np.float32], moves: Any) -> NDArray[np.float32]:
        hidden = (sums + self._bias).max(axis=-1)
        scores: NDArray[np.float32] = hidden @ self._weights[moves].T + self._upper_bias[moves]
        return scores

    def _walk(
        self, known: _Known, best: Any, parts: NDArray[np.float32]
    ) -> list[tuple[int, int, int]]:
        """Go from entity to entity; what was given stays."""
        found: list[tuple[int, int, int]] = []
        kinds = [self._kind[move] for move in best.tolist()]
        stops = sorted({*known.given, *(at for at, kind in enumerate(kinds) if kind != "O")})
        done = 0
        for at in stops:
            if at < done:
                continue
            if at in known.given:
                done, label = known.given[at]
            else:
                label = self._label[best[at]]
                done = at + 1 if kinds[at] == "U" else self._end_of(at, label, known, parts)
            found.append((at, done, label))
        return found

    def _end_of(self, first: int, label: int, known: _Known, parts: NDArray[np.float32]) -> int:
        """Follow an entity that was begun to where it ends."""
        inner, last = self._inside[label]
        at = first + 1
        while known.may_go_on[at]:
            sums = parts[at, 0] + parts[first, 1] + parts[at - 1, 2]
            goes_on, ends = self._scores(sums, [inner, last])
            if ends > goes_on or (ends == goes_on and last < inner):
                break
            at += 1
        return at + 1


class _Known:
    """What is settled of a document before its entities are looked for.

    Attributes:
        given: first token of an entity that was marked before -> its end and label.
        may_begin, may_be_unit, may_go_on: by token; an entity crosses no sentence's end and does
            not begin with a blank.
    """

    def __init__(self, doc: Doc) -> None:
        table = doc.to_array(["ENT_IOB", "ENT_TYPE", "SENT_START", "IS_SPACE"]).T
        iob, starts, blank = table[0], table[2] == 1, table[3] == 1
        ends, begins, inside = (np.zeros(len(doc), dtype=bool) for _ in range(3))
        ends[:-1], begins[:-1], inside[:-1] = starts[1:], iob[1:] == BEGINS, iob[1:] == INSIDE
        ends[-1] = True
        self.may_begin = ~(ends | begins | blank)
        self.may_be_unit = ~(inside | blank)
        self.may_go_on: list[bool] = (~(ends | begins)).tolist()
        self.given = {at: (self._end(iob, at), int(table[1, at])) for at in _where(iob == BEGINS)}
        self.labels = {label for _, label in self.given.values()}

    @staticmethod
    def _end(iob: NDArray[np.uint64], at: int) -> int:
        after = np.flatnonzero(iob[at + 1 :] != INSIDE)
        return at + 1 + int(after[0]) if len(after) else len(iob)


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
