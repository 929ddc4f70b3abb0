"""What a transition-based parser finds, many texts at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any  # Any: spaCy's models have no types

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Rows = NDArray[np.intp]

__all__ = ["ArcFinder", "make_arc_finder"]

BATCH = 128
CONTEXT = 8  # token vectors that a state is made of
TOGETHER = 9  # texts from which on steps taken together take less time than spaCy's
NONE = 0  # the row of no token: before the first one, or on an empty stack
SHIFT, REDUCE, LEFT, RIGHT, BREAK = range(5)
KINDS = "SDLRB"
DECORATED = "||"  # parts a label from the one that its true head has (Nivre & Nilsson 2005)
AT_ONCE = 7_000
"""Tokens whose parts of scores are in memory together, 4 kB each; the GNU C library gives more than
32 MB back each time, and new memory is slow."""


@Language.factory(
    "kg_arc_finder", assigns=["token.dep", "token.head", "token.is_sent_start", "doc.sents"]
)
def make_arc_finder(nlp: Language, name: str) -> ArcFinder:
    """Make the component; it does nothing before `ArcFinder.take`."""
    return ArcFinder(name)


class ArcFinder:
    """What spaCy's transition-based `parser` finds, with its weights and under its rules.

    The transition system is arc-eager and non-monotonic (Honnibal & Johnson 2015). Texts don't know
    of each other: so all of a batch take their next step at once, and what spaCy's own loop does
    for each state, Python's lock in between, are a few operations on arrays of states.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    @staticmethod
    def fits(parser: Any) -> bool:
        """Tell whether a component is of the form known here: greedy, eight vectors, one layer."""
        model = getattr(parser, "model", None)
        if model is None or parser.cfg.get("beam_width") != 1 or not model.attrs.get("has_upper"):
            return False
        lower = model.get_ref("lower")
        moves = [parser.moves.get_class_name(number) for number in range(parser.moves.n_moves)]
        return bool(
            lower.get_dim("nF") == CONTEXT
            and lower.get_dim("nP") == 2
            and not model.attrs["unseen_classes"]
            and {move[0] for move in moves} == set(KINDS)
            and not any(move.endswith("-subtok") for move in moves)
        )

    def take(self, parser: Any) -> None:
        """Do from now on what this component does."""
        self.parser, self.labels = parser, parser.labels
        self._tok2vec, lower = (parser.model.get_ref(name) for name in ("tok2vec", "lower"))
        moves = [parser.moves.get_class_name(n).partition("-") for n in range(parser.moves.n_moves)]
        self._system = _System([kind for kind, _, _ in moves], lower, parser.model.get_ref("upper"))
        strings = parser.vocab.strings
        self._root = strings.add("ROOT")
        self._names = np.array([strings.add(label) for _, _, label in moves], dtype=np.uint64)
        self._decorated = np.array([DECORATED in label for _, _, label in moves])

    def __call__(self, doc: Doc) -> Doc:
        """Parse a document."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Parse documents."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            self._parse(docs)
            yield from docs

    def _parse(self, docs: Sequence[Doc]) -> None:
        """Parse texts together; those much longer than the rest, which would walk alone, apart."""
        together = sorted((doc for doc in docs if not _is_settled(doc)), key=len)
        tokens = sum(map(len, together))
        while together and TOGETHER * len(together[-1]) > tokens:
            tokens -= len(together.pop())
        for docs_at_once in _cut(together):
            self._mark(docs_at_once)
        marked = set(map(id, together))
        apart = [doc for doc in docs if id(doc) not in marked]
        if apart:
            self.parser.set_annotations(apart, self.parser.predict(apart))

    def _mark(self, docs: Sequence[Doc]) -> None:
        ends = np.cumsum([len(doc) for doc in docs]) + 1
        heads, moves = self._system.run(self._tok2vec.predict(docs), ends)
        arcs = np.where(heads == NONE, 0, heads - np.arange(len(heads))).astype(np.uint64)
        names = np.where(heads == NONE, self._root, self._names[moves])
        table: Any = np.stack([arcs, names], axis=1)
        decorated = self._decorated[moves] & (heads != NONE)
        for doc, end in zip(docs, ends.tolist(), strict=True):
            doc.from_array(["HEAD", "DEP"], table[end - len(doc) : end])
            if decorated[end - len(doc) : end].any():
                for change in self.parser.postprocesses:  # gives the decorated their true heads
                    change(doc)


def _cut(docs: Sequence[Doc]) -> Iterator[Sequence[Doc]]:
    """Cut documents into runs that take no more memory than is good for them."""
    start = tokens = 0
    for at, doc in enumerate(docs):
        tokens += len(doc)
        if tokens > AT_ONCE and at > start:
            yield docs[start:at]
            start, tokens = at, len(doc)
    if start < len(docs):
        yield docs[start:]


def _is_settled(doc: Doc) -> bool:
    """Tell a text without tokens, or of which something is settled already."""
    settled = doc.to_array(["SENT_START", "DEP"])[1:] if len(doc) > 1 else doc.to_array(["DEP"])
    return not len(doc) or bool(settled.any())


class _System:
    """The moves, with what scores them.

    Rows stand for tokens, row 0 for none; `ends` says where each text's rows end, the first text's
    begin at 1.
    """

    def __init__(self, kinds: Sequence[str], lower: Any, upper: Any) -> None:
        weights, bias, padding = (lower.get_param(name) for name in ("W", "b", "pad"))
        inputs = weights.shape[-1]
        # all first pieces, then all second ones: so the greater of them is found in long strides
        ordered = weights.transpose(0, 2, 1, 3).reshape(-1, inputs)
        self._lower = np.ascontiguousarray(ordered.T)
        self._padding = padding[0].transpose(0, 2, 1).ravel()
        self._bias, self._half = bias.T.ravel(), len(bias)
        self._upper = np.ascontiguousarray(upper.get_param("W").T)
        self._kinds = np.array([KINDS.index(kind) for kind in kinds])
        self._scores = _scores_by_what_is_possible(self._kinds, upper.get_param("b"))

    def run(self, vectors: NDArray[np.float32], ends: Rows) -> tuple[Rows, Rows]:
        """Parse texts; gives the head of each row, and the move that made its arc."""
        parts = np.empty((len(vectors) + 1, len(self._padding)), dtype="f")
        parts[NONE] = self._padding
        np.matmul(vectors, self._lower, out=parts[1:])
        parts = parts.reshape(-1, len(self._bias))
        states = _States(ends)
        while states.look():
            states.move(*self._best(parts, states))
        return states.heads, states.moves

    def _best(self, parts: NDArray[np.float32], states: _States) -> tuple[Rows, Rows]:
        """Find the best possible move of each state, and its kind."""
        rows = states.context()
        rows *= CONTEXT
        rows += np.arange(CONTEXT)
        sums = np.add.reduce(parts.take(rows, axis=0), axis=1)
        sums += self._bias
        scores = np.maximum(sums[:, : self._half], sums[:, self._half :]) @ self._upper
        scores += self._scores.take(states.possible(), axis=0)
        moves = scores.argmax(axis=1)
        return moves, self._kinds[moves]


def _scores_by_what_is_possible(kinds: Rows, bias: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give what is added to the scores for each set of possible kinds (see `_States.possible`)."""
    needs = np.array([1, 2, 4, 4, 8])[kinds]
    return np.array(
        [np.where(needs & possible, bias, np.float32(-np.inf)) for possible in range(16)]
    )


class _States:
    """The states of many texts, each on its way.

    Attributes:
        heads: the head of each row.
        moves: the move that gave it its head.
        s0, s1, s2: the topmost rows of each state's stack.
        b0, b1: the first rows of its buffer.
    """

    def __init__(self, ends: Rows) -> None:
        rows, texts = int(ends[-1]), len(ends)
        starts = np.concatenate([[1], ends[:-1]])
        self.heads, self.moves = np.zeros((2, rows), dtype=np.intp)
        # the last child on either side, and for each child the one that was that before it
        self._left, self._right, self._former = np.zeros((3, rows), dtype=np.intp)
        self._begins, self._shut = np.zeros((2, rows), dtype=bool)
        self._begins[starts] = True
        # a stack and what was put back on the buffer, three blank rows under each
        self._stack, self._back = np.zeros((2, rows + 3 * texts), dtype=np.intp)
        self._top = starts + 3 * np.arange(texts) + 1
        self._last = self._top.copy()
        self._next, self._end = starts.copy(), ends

    def look(self) -> bool:
        """Read off what the states that are not final are about; tells whether there are any."""
        while True:
            self.s0 = self._stack[self._top]
            self.b0 = np.where(self._next < self._end, self._next, NONE)
            self._put_back = self._back[self._last]
            open_ = (self.s0 | self.b0 | self._put_back) != NONE
            if np.count_nonzero(open_) == len(open_):  # `all` and `any` take ten times as long
                break
            for name in ("_top", "_last", "_next", "_end"):
                setattr(self, name, getattr(self, name)[open_])
            if not len(self._top):
                return False
        self.s1, self.s2 = self._stack[self._top - 1], self._stack[self._top - 2]
        self.b1 = np.where(self._next + 1 < self._end, self._next + 1, NONE)
        if np.count_nonzero(self._put_back):
            again = self._back[self._last - 1]
            self.b1 = np.where(self._put_back, np.where(again, again, self.b0), self.b1)
            self.b0 = np.where(self._put_back, self._put_back, self.b0)
        return True

    def context(self) -> Rows:
        """Give the rows that a state is scored by, in the order in which the model wants them."""
        s0, b0 = self.s0, self.b0
        left, right = self._left, self._right
        found = np.empty((len(s0), CONTEXT), dtype=np.intp)
        for at, rows in enumerate(
            (b0, self.b1, s0, self.s1, self.s2, left[b0], left[s0], right[s0])
        ):
            found[:, at] = rows
        return found

    def possible(self) -> Rows:
        """Tell what is possible: 1 to shift, 2 to reduce, 4 to make an arc, 8 to break."""
        begins, some, more = self._begins[self.b0], self.s0 != NONE, self.b1 != NONE
        shift = ~some | (more & ~begins & ~self._shut[self.b0])
        arc = some & (self.b0 != NONE) & ~begins
        parts = more & (self.b1 == self.b0 + 1) & ~self._begins[self.b1]
        found: Rows = shift + 2 * some + 4 * arc + 8 * parts
        return found

    def move(self, moves: Rows, kinds: Rows) -> None:
        """Take every state's move."""
        (lefts,), (rights,) = (kinds == LEFT).nonzero(), (kinds == RIGHT).nonzero()
        self._attach(self.s0[lefts], self.b0[lefts], moves[lefts], self._left)
        self._attach(self.b0[rights], self.s0[rights], moves[rights], self._right)
        self._shut[self.b0[lefts]] = False
        self._begins[self.b1[kinds == BREAK]] = True
        pops = (kinds == LEFT) | (kinds == REDUCE)
        pushes = (kinds == SHIFT) | (kinds == RIGHT)
        homeless = (kinds == REDUCE) & (self.heads[self.s0] == NONE) & (self.s1 != NONE)
        if np.count_nonzero(homeless):
            self._last[homeless] += 1
            self._back[self._last[homeless]] = self.s0[homeless]
            self._shut[self.s0[homeless]] = True
        again = pushes & (self._put_back != NONE)
        self._last -= again
        self._next += pushes & ~again
        self._top += pushes
        self._top -= pops
        self._stack[self._top[pushes]] = self.b0[pushes]

    def _attach(self, children: Rows, heads: Rows, moves: Rows, side: Rows) -> None:
        """Hang children on heads; one that hung on a word before it, its last child, leaves it."""
        before = self.heads[children]
        left = before != NONE
        if np.count_nonzero(left):
            self._right[before[left]] = self._former[children[left]]
        self._former[children] = side[heads]
        side[heads] = children
        self.heads[children], self.moves[children] = heads, moves
