"""The vectors of tokens, as spaCy's convolutional model has them, in fewer passes over memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any  # Any: spaCy's models have no types

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["TokenVectors", "VectorFinder", "make_vector_finder", "quickened"]

BATCH = 128
KINDS = 20_000  # kinds of tokens remembered: 8 MB; a hundred articles have fewer
WINDOW = 3  # a token and its neighbours
BLOCK = 48  # rows are multiplied by so many: a short text then goes the same way as a long one
CHUNK = 16 * BLOCK  # rows that are worked on at a time, so that they stay in the cache
EMBED = "extract_features>>list2ragged>>with_array(ints-getitem>>hashembed"
LAYER = "residual(expand_window>>maxout>>layernorm"

Memory = tuple[dict[bytes, int], "NDArray[np.float32]"]
"""Kinds of tokens, and the rows of a table where their vectors stand."""


@Language.factory("kg_vector_finder", assigns=["doc.tensor"])
def make_vector_finder(nlp: Language, name: str) -> VectorFinder:
    """Make the component; it does nothing before `VectorFinder.take`."""
    return VectorFinder(name)


class VectorFinder:
    """What spaCy's `tok2vec` does: gives every document the vectors of its tokens."""

    def __init__(self, name: str) -> None:
        self.name = name

    @staticmethod
    def fits(tok2vec: Any) -> bool:
        """Tell whether a component is of the form known here."""
        return hasattr(tok2vec, "model") and TokenVectors.fits(tok2vec.model)

    def take(self, tok2vec: Any) -> None:
        """Do from now on what this component does."""
        self._vectors = TokenVectors(tok2vec.model)

    def __call__(self, doc: Doc) -> Doc:
        """Give a document its vectors."""
        return next(self.pipe([doc]))

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = BATCH) -> Iterator[Doc]:
        """Give documents their vectors."""
        waiting = iter(stream)
        while docs := list(islice(waiting, batch_size)):
            vectors = self._vectors.predict(docs)
            at = 0
            for doc in docs:
                doc.tensor = vectors[at : at + len(doc)]  # type: ignore[assignment]
                at += len(doc)
            yield from docs


class TokenVectors:
    """A `Tok2Vec` of `MultiHashEmbed` and `MaxoutWindowEncoder`, as far as it predicts.

    What a token is embedded as depends on a few features of its own, so that is done once for each
    kind of token; the windows of its neighbours are read where they stand.
    """

    def __init__(self, model: Any) -> None:
        embed, encode = model.layers
        features, _, self._hashes, self._reduce, _ = embed.layers
        self._columns = features.attrs["columns"]
        self._pad: int = encode.attrs["pad"]
        self._layers = [_Layer(residual.layers[0]) for residual in encode.layers[0].layers]
        self._width: int = encode.layers[0].layers[0].get_dim("nO")
        self._memory: Memory = {}, np.zeros((0, self._width), dtype="f")

    @staticmethod
    def fits(model: Any) -> bool:
        """Tell whether a model is of the form known here."""
        if len(model.layers) != 2 or not model.layers[0].name.startswith(EMBED):
            return False
        layers = model.layers[1].layers[0].layers if model.layers[1].layers else []
        return len(model.layers[0].layers) == 5 and all(map(_Layer.fits, layers))

    def predict(self, docs: Sequence[Doc]) -> NDArray[np.float32]:
        """Give the vectors of all tokens of some documents, one document after another."""
        docs = [doc for doc in docs if len(doc)]
        if not docs:
            return np.zeros((0, self._width), dtype="f")
        embedded = self._embedded(docs)
        places = np.concatenate(self._places(docs))
        rows = -(-(int(places[-1]) + self._pad) // BLOCK) * BLOCK
        here, there = np.zeros((2, rows + 2, self._width), dtype="f")  # a blank at either end
        here[places] = embedded
        for layer in self._layers:
            layer.apply(here, there)
            here, there = there, here
        vectors: NDArray[np.float32] = here[places]
        return vectors

    def _places(self, docs: Sequence[Doc]) -> list[NDArray[np.intp]]:
        """Give the rows of each document's tokens: no window reaches over the blanks."""
        found, at = [], 1
        for doc in docs:
            at += self._pad
            found.append(np.arange(at, at + len(doc)))
            at += len(doc)
        return found

    def _embedded(self, docs: Sequence[Doc]) -> NDArray[np.float32]:
        """Give what each token is embedded as; what is new is remembered.

        What is remembered is replaced as a whole: others may be reading it.
        """
        features = np.concatenate([doc.to_array(self._columns) for doc in docs])
        kinds = features.view(f"V{features.itemsize * features.shape[1]}").ravel().tolist()
        known, table = self._memory
        new = {kind: at for at, kind in enumerate(kinds) if kind not in known}
        if new:
            if len(known) > KINDS:
                known, table, new = {}, table[:0], {kind: at for at, kind in enumerate(kinds)}
            known = known | dict(zip(new, range(len(known), len(known) + len(new)), strict=True))
            table = np.concatenate([table, self._embed(features[list(new.values())])])
            self._memory = known, table
        return table[[known[kind] for kind in kinds]]

    def _embed(self, features: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Embed kinds of tokens as the model does."""
        short = -len(features) % BLOCK
        filled = np.concatenate([features, np.repeat(features[:1], short, axis=0)])
        vectors: NDArray[np.float32] = self._reduce.predict(self._hashes.predict(filled))
        return vectors[: len(features)]


class _Layer:
    """A window, a maxout, a layer norm, and what went in added to what comes out."""

    @staticmethod
    def fits(residual: Any) -> bool:
        """Tell whether a layer is of the form known here: one neighbour on either side."""
        if not residual.name.startswith(LAYER):
            return False
        window = residual.layers[0].layers[0]
        return bool(window.attrs["window_size"] == 1)

    def __init__(self, layer: Any) -> None:
        maxout, norm = layer.layers[1].layers[0].layers
        weights, bias = maxout.get_param("W"), maxout.get_param("b")
        self._width, self._pieces, inputs = weights.shape
        # all first pieces, then all second ones: so the greatest of them is found in long strides
        ordered = weights.transpose(1, 0, 2).reshape(-1, inputs)
        self._weights = np.ascontiguousarray(ordered.T)
        self._bias = np.ascontiguousarray(bias.T).ravel()
        self._scale, self._shift = norm.get_param("G"), norm.get_param("b")

    def apply(self, rows: NDArray[np.float32], out: NDArray[np.float32]) -> None:
        """Compute all rows but the first and the last, whose windows are not whole."""
        scores = np.empty((CHUNK, len(self._bias)), dtype="f")
        for start in range(1, len(rows) - 1, CHUNK):
            end = min(start + CHUNK, len(rows) - 1)
            self._multiply(rows, start, scores[: end - start])
            np.add(rows[start:end], self._normed(scores[: end - start]), out=out[start:end])

    def _multiply(self, rows: NDArray[np.float32], start: int, scores: NDArray[np.float32]) -> None:
        """Multiply windows by the weights, without copying them.

        Three rows that follow each other in memory are the window of the middle one; so the windows
        of every third row are a matrix as it stands.
        """
        flat, size = rows.reshape(-1), len(scores) // WINDOW * WINDOW * self._width
        for phase in range(WINDOW):
            first = (start + phase - 1) * self._width
            windows = flat[first : first + size].reshape(-1, WINDOW * self._width)
            np.matmul(windows, self._weights, out=scores[phase::WINDOW])

    def _normed(self, scores: NDArray[np.float32]) -> NDArray[np.float32]:
        scores += self._bias
        width = self._width
        best = np.maximum(scores[:, :width], scores[:, width : 2 * width])
        for piece in range(2, self._pieces):
            np.maximum(best, scores[:, piece * width : (piece + 1) * width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", best, best) / np.float32(width) + np.float32(1e-08)
        best *= (variance ** np.float32(-0.5))[:, None]
        best *= self._scale
        best += self._shift
        return best


def quickened(model: Any) -> Callable[[Sequence[Doc]], NDArray[np.float32]]:
    """Give what a `chain(tok2vec, list2array, linear)` predicts, by `TokenVectors` if they fit."""
    if len(model.layers) != 3 or not TokenVectors.fits(model.layers[0]):
        return lambda docs: model.predict(list(docs))
    vectors, linear = TokenVectors(model.layers[0]), model.layers[2]
    return lambda docs: linear.predict(vectors.predict(docs))
