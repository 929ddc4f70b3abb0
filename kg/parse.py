"""The parse of a document as plain Python, for the rooms that ask it millions of questions.

spaCy keeps its parse in C and makes a new `Token` whenever one is asked for, its labels looked up
by hash: half of what came after the parse went into that. Here all of it is read off at once. A
`Parse` is a tuple of `Token`s, which have the names of spaCy's own attributes, so that the rules
read as spaCy's manual does. What a rule asks a document for is its parse; only `annotate` and the
components know spaCy's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from itertools import chain, pairwise
from sys import intern
from typing import TYPE_CHECKING, Any, TypeVar

from spacy import attrs

if TYPE_CHECKING:
    from spacy.strings import StringStore
    from spacy.tokens import Doc

__all__ = [
    "Parse",
    "Phrase",
    "Token",
    "once_a_token",
    "parse_of",
    "read_parse",
    "spellings",
    "text_of",
]

_NAMES = (attrs.ORTH, attrs.LOWER, attrs.LEMMA, attrs.POS, attrs.TAG, attrs.DEP, attrs.ENT_TYPE)
_FLAGS = (attrs.SPACY, attrs.IS_PUNCT, attrs.IS_SPACE, attrs.IS_TITLE, attrs.IS_UPPER)
_NUMBERS = (attrs.IDX, attrs.SENT_START, attrs.HEAD)


class Token:
    """A word or mark with its place in the dependency tree; attributes as spaCy names them.

    Attributes:
        doc: the parse that it stands in.
        children: what hangs on it, from left to right; spaCy's is an iterator.
        depth: arcs between it and the root.
        first: the first of what it is conjoined to; itself, where that is nothing or it is first.
        left_edge, right_edge: the first and last token of its subtree.
        contiguous: its subtree, and each one inside, is all that stands between its edges.
    """

    __slots__ = (
        "_size", "children", "contiguous", "dep_", "depth", "doc", "ent_type_", "first", "head",
        "i", "idx", "is_punct", "is_sent_start", "is_space", "is_title", "is_upper", "left_edge",
        "lemma_", "lower_", "pos_", "right_edge", "sent", "tag_", "text", "whitespace_",
    )  # fmt: skip

    def __init__(
        self, i: int, text: str, lower: str, lemma: str, pos: str, tag: str, dep: str,
        ent_type: str, blank: str, punct: bool, space: bool, title: bool, upper: bool, idx: int,
        sent_start: int,
    ) -> None:  # fmt: skip
        self.i = i
        self.text = text
        self.lower_ = lower
        self.lemma_ = lemma
        self.pos_ = pos
        self.tag_ = tag
        self.dep_ = dep
        self.ent_type_ = ent_type
        self.whitespace_ = blank
        self.is_punct = punct
        self.is_space = space
        self.is_title = title
        self.is_upper = upper
        self.idx = idx
        self.is_sent_start = sent_start == 1
        self.head = self.first = self.left_edge = self.right_edge = self
        self.children: Sequence[Token] = ()
        self.depth = 0
        self.contiguous = True
        self._size = 1
        self.doc: Parse
        self.sent: Phrase

    def __repr__(self) -> str:
        return self.text

    @property
    def lefts(self) -> list[Token]:
        """The children before it, from left to right."""
        return [child for child in self.children if child.i < self.i]

    @property
    def rights(self) -> list[Token]:
        """The children behind it, from left to right."""
        return [child for child in self.children if child.i > self.i]

    @property
    def subtree(self) -> tuple[Token, ...]:
        """It and all that hangs on it: each word between its left and right children's subtrees."""
        if self.contiguous:
            return self.doc[self.left_edge.i : self.right_edge.i + 1]
        return tuple(_in_order(self))

    @property
    def ancestors(self) -> Iterator[Token]:
        """What stands over it, nearest first."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    @property
    def conjuncts(self) -> tuple[Token, ...]:
        """What it is conjoined to, without itself, the first conjunct first."""
        found = [self.first]
        for token in found:
            found.extend(child for child in token.rights if child.dep_ == "conj")
        return tuple(token for token in found if token is not self)

    def nbor(self, distance: int) -> Token:
        """Give the token that stands so many further on; before it, where that is negative."""
        return self.doc[self.i + distance]


class Phrase:
    """A range of tokens: a sentence, a named entity, or any other; half-open, like spaCy's."""

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Parse, start: int, end: int, label: str = "") -> None:
        self.doc = doc
        self.start = start
        self.end = end
        self.label_ = label

    def __repr__(self) -> str:
        return self.text

    def __len__(self) -> int:
        return self.end - self.start

    def __getitem__(self, index: int) -> Token:
        return self.doc[self.start : self.end][index]

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc[self.start : self.end])

    @property
    def text(self) -> str:
        """The words as they are written; empty for an empty range."""
        return self.doc.text_of(self.start, self.end)

    @property
    def root(self) -> Token:
        """The token that stands highest in the tree, the first of several; a mark only if alone."""
        return min(self, key=_height)


class Parse(tuple[Token, ...]):
    """The tokens of a document, with what spaCy knows of it as a whole.

    Attributes:
        text: the document's text.
        ents: its named entities.
        sents: its sentences.
        user_data: the `Doc`'s own, where the way back to the article is kept.
        found: what `once_a_token` keeps: rule -> token's number -> what the rule found.
    """

    text: str
    ents: tuple[Phrase, ...]
    sents: tuple[Phrase, ...]
    user_data: dict[Any, Any]
    found: dict[object, dict[int, Any]]

    def text_of(self, start: int, end: int) -> str:
        """Give the text of a range of tokens, without the blank behind it."""
        first, last = self.chars_of(start, end)
        return self.text[first:last]

    def chars_of(self, start: int, end: int) -> tuple[int, int]:
        """Give the range of characters that a range of tokens takes, without the blank behind."""
        if start >= end:
            at = self[start].idx if start < len(self) else len(self.text)
            return at, at
        last = self[end - 1]
        return self[start].idx, last.idx + len(last.text)

    def tokens_at(self, start_char: int, end_char: int) -> tuple[int, int]:
        """Give the tokens that a range of characters touches, as a half-open range."""
        first = bisect_right(self, start_char, key=_idx) - 1
        first += start_char >= self[first].idx + len(self[first].text)
        return first, bisect_right(self, end_char - 1, key=_idx)


def _idx(token: Token) -> int:
    return token.idx


def _height(token: Token) -> int:
    """Count the arcs to the root; marks on which nothing hangs come last."""
    mark = token.depth and not token.children and (token.is_punct or token.is_space)
    return len(token.doc) if mark else token.depth


Found = TypeVar("Found")


def once_a_token(rule: Callable[[Token], Found]) -> Callable[[Token], Found]:
    """Keep what a rule finds for a token, as long as its parse is there; a decorator.

    For rules that many rooms ask; what they find must be such as nobody changes.
    """

    @wraps(rule)
    def kept(token: Token) -> Found:
        found = token.doc.found
        known = found.get(rule)
        if known is None:
            known = found[rule] = {}
        at = token.i
        if at not in known:
            known[at] = rule(token)
        answer: Found = known[at]
        return answer

    return kept


def parse_of(doc: Doc | Parse) -> Parse:
    """Read the parse off a spaCy document as it stands now; a `Parse` is its own.

    >>> from spacy.tokens import Doc
    >>> from spacy.vocab import Vocab
    >>> words = ["Troops", "left", "Ath"]
    >>> doc = Doc(Vocab(), words=words, heads=[1, 1, 1], deps=["nsubj", "ROOT", "dobj"])
    >>> parse_of(doc)[1].children, parse_of(doc)[1].left_edge
    ([Troops, Ath], Troops)
    """
    if isinstance(doc, Parse):
        return doc
    table = doc.to_array([*_NAMES, *_FLAGS, *_NUMBERS]).T
    names, flags = table[: len(_NAMES)], table[len(_NAMES) : -len(_NUMBERS)].astype(bool)
    spelled = spellings(doc.vocab.strings).__getitem__
    words = [list(map(spelled, column)) for column in names.tolist()]
    blanks, *marks = flags.tolist()
    blanks = [" " if blank else "" for blank in blanks]
    *places, arcs = table[-len(_NUMBERS) :].astype("int64").tolist()
    parse = Parse(map(Token, range(len(doc)), *words, blanks, *marks, *places))
    parse.text = "".join(chain.from_iterable(zip(words[0], blanks, strict=True)))
    parse.user_data, parse.found = doc.user_data, {}
    parse.ents = tuple(Phrase(parse, ent.start, ent.end, ent.label_) for ent in doc.ents)
    parse.sents = _sentences(parse)
    _grow(parse, arcs)
    return parse


@contextmanager
def read_parse(doc: Doc | Parse) -> Iterator[Parse]:
    """Read the parse off a document, to be used only inside the `with`.

    It holds its tokens and they hold it and each other. Behind the `with` all let go and are freed
    at once; else Python's cyclic garbage collector had to find them by walking all objects.
    """
    parse = parse_of(doc)
    try:
        yield parse
    finally:
        if parse is not doc:
            del parse.ents, parse.sents, parse.found
            for token in parse:
                del token.doc, token.sent, token.head, token.first, token.children
                del token.left_edge, token.right_edge


class _Spellings(dict[int, str]):
    """What the hashes of a vocabulary stand for, each looked up once; grows as that itself does."""

    def __init__(self, strings: StringStore) -> None:
        self._strings = strings

    def __missing__(self, number: int) -> str:
        found = self[number] = intern(self._strings[number])
        return found


@lru_cache(maxsize=1)
def spellings(strings: StringStore) -> _Spellings:
    """Give what the hashes of a vocabulary stand for."""
    return _Spellings(strings)


def text_of(doc: Doc) -> str:
    """Give what `Doc.text` does, which makes every token for it.

    >>> from spacy.lang.en import English
    >>> text_of(English()("Troops left Ath."))
    'Troops left Ath.'
    """
    spelled = spellings(doc.vocab.strings)
    words, blanks = doc.to_array([attrs.ORTH, attrs.SPACY]).T.tolist()
    pairs = zip(words, blanks, strict=True)
    return "".join([spelled[word] + " " if blank else spelled[word] for word, blank in pairs])


def _sentences(parse: Parse) -> tuple[Phrase, ...]:
    starts = [token.i for token in parse if token.is_sent_start or not token.i]
    found = [Phrase(parse, start, end) for start, end in pairwise([*starts, len(parse)])]
    for sentence in found:
        for token in parse[sentence.start : sentence.end]:
            token.doc = parse
            token.sent = sentence
    return tuple(found)


def _grow(parse: Parse, arcs: Iterable[int]) -> None:
    """Hang every token on its head, then tell from the leaves up how far each subtree reaches.

    Args:
        arcs: where the head of each token stands, counted from the token itself.
    """
    children: dict[int, list[Token]] = {}
    downwards: list[Token] = []
    for token, arc in zip(parse, arcs, strict=True):
        if arc:
            at = token.i + arc
            token.head = parse[at]
            children.setdefault(at, []).append(token)
        else:
            downwards.append(token)
    for at, hanging in children.items():
        parse[at].children = hanging
    for token in downwards:  # grows while it is walked
        for child in token.children:
            child.depth = token.depth + 1
            if child.dep_ == "conj":
                child.first = token.first
        downwards += token.children
    for token in reversed(downwards):
        if token.children:
            _reach(token)


def _reach(head: Token) -> None:
    """Tell how far a subtree reaches; those of its children are known."""
    left, right = head.left_edge, head.right_edge
    size, contiguous = 1, True
    for child in head.children:
        if child.left_edge.i < left.i:
            left = child.left_edge
        if child.right_edge.i > right.i:
            right = child.right_edge
        size += child._size
        contiguous = contiguous and child.contiguous
    head.left_edge, head.right_edge, head._size = left, right, size
    head.contiguous = contiguous and right.i - left.i + 1 == size


def _in_order(top: Token) -> Iterator[Token]:
    """Walk a subtree that others cross, in the order that spaCy gives its words."""
    waiting: list[tuple[Token, bool]] = [(top, False)]
    while waiting:
        token, opened = waiting.pop()
        if opened:
            yield token
            continue
        waiting += ((child, False) for child in reversed(token.rights))
        waiting.append((token, True))
        waiting += ((child, False) for child in reversed(token.lefts))
