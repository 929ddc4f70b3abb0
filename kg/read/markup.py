"""HTML -> blocks: where each run of words stands in the raw text, and in what part of the page.

A tokenizer after the HTML standard (section 13.2.5), reduced to what tells words from markup, and
a tree of block elements only. It is our own because offsets into the raw text are what counts
here: the libraries that parse HTML give none. Every pattern is possessive and every position is
passed once, so that no page, however broken, takes more than linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from kg.model import Span
from kg.read.inputs import holds_body, inputs, reason_of_class

__all__ = ["Block", "Node", "Page", "attributes_of", "cut_page", "words_of"]

_TAG = re.compile(
    r"<(?:(?P<comment>!--)|(?P<close>/)?(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<attributes>(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+)(?P<end>>?)|(?P<bogus>[!?/]))"
)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(r"([^\s=/>\"']++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]++)))?+")
_REFERENCE = re.compile(
    r"&(?:#[0-9]{1,7}+;?|#[xX][0-9a-fA-F]{1,6}+;?|[a-zA-Z][a-zA-Z0-9]{1,31}+;?)"
)

_INLINE = frozenset(
    "a abbr acronym b bdi bdo big blink cite code data del dfn em font i img ins kbd mark nobr"
    " picture q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr"
    " input label button select svg math".split()
)
_VOID = frozenset("area base col embed hr img input link meta param source track wbr frame".split())
_RAW = frozenset("script style textarea title xmp iframe noembed noframes".split())
_CLOSES_P = frozenset(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre section summary table"
    " ul li dd dt".split()
)
_SCOPE = frozenset("td th table caption".split())
_CLOSES_SAME = {
    "li": ({"li"}, {"ul", "ol", "menu"}),
    "td": ({"td", "th"}, {"table", "tr"}),
    "th": ({"td", "th"}, {"table", "tr"}),
    "tr": ({"tr"}, {"table"}),
    "dd": ({"dd", "dt"}, {"dl"}),
    "dt": ({"dd", "dt"}, {"dl"}),
}  # fmt: skip
MAX_DEPTH = 512
"""Elements nested deeper count as their ancestor, as in browsers."""
_WEAKLY_HIDDEN = re.compile(r"\bhidden\b|display:\s?none|screen-?reader|sr-only|visually", re.I)
_TELLING = re.compile(r"\b(?:class|id|role|itemprop|hidden|style|data-component)\b", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Node:
    """A block element: its name, its parent, and what its attributes say of it.

    Attributes:
        own: why its own name, role or class keeps it out of the article; None if nothing does.
        words: in the prose below it, outside of links.
    """

    name: str
    parent: Node | None
    depth: int
    own: str | None = None
    holds_body: bool = False
    words: int = 0
    reason: str | None = None


@dataclass(slots=True, eq=False)
class Block:
    """A run of words that no block element interrupts.

    Attributes:
        pieces: (start, end) of the text between its tags, in order; (at, at) is a line break.
        linked: characters that stand inside links.
        words: how many.
    """

    node: Node
    pieces: list[tuple[int, int]]
    linked: int
    text: str = ""
    words: int = 0
    prose: bool = False

    @property
    def span(self) -> Span:
        """Where it stands, from its first word to its last."""
        return Span(self.pieces[0][0], self.pieces[-1][1])

    @property
    def link_share(self) -> float:
        """Share of its characters that stand inside links."""
        return self.linked / max(1, len(self.text))


@dataclass(slots=True)
class Page:
    """A page cut up: its blocks in order, and what stands in its head.

    Attributes:
        metas, links: attributes of the meta and link elements.
        json_ld: contents of the scripts that hold JSON-LD.
        title: of the title element, as it is read.
        props: (itemprop, attributes, where) of microdata; "time" for a time element.
        language: as the html element declares it.
    """

    text: str
    blocks: list[Block] = field(default_factory=list)
    nodes: list[Node] = field(default_factory=list)
    metas: list[dict[str, str]] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    json_ld: list[str] = field(default_factory=list)
    title: str | None = None
    props: list[tuple[str, dict[str, str], int]] = field(default_factory=list)
    language: str | None = None


def attributes_of(raw: str) -> dict[str, str]:
    """Read the attributes of a tag; the first of a name holds, as in browsers.

    >>> attributes_of(' CONTENT="a &amp; b" name=date hidden')
    {'content': 'a & b', 'name': 'date', 'hidden': ''}
    """
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(raw):
        value = double or single or bare
        found.setdefault(name.lower(), html.unescape(value) if "&" in value else value)
    return found


def words_of(text: str, pieces: list[tuple[int, int]]) -> str:
    """Give the words of a block as they are read, every run of blanks one blank."""
    if len(pieces) == 1:
        joined = text[pieces[0][0] : pieces[0][1]]
    else:
        joined = "".join([text[start:end] if start < end else " " for start, end in pieces])
    return " ".join((html.unescape(joined) if "&" in joined else joined).split())


def references(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Find the character references in a piece of text, and what each is read as.

    >>> list(references("R&amp;D &whatever", 0, 17))
    [(1, 6, '&')]
    """
    for match in _REFERENCE.finditer(text, start, end):
        shown = html.unescape(match[0])
        if shown != match[0]:
            yield match.start(), match.end(), shown


class _Cutter:
    """The state of cutting one page up."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.page = Page(text)
        self.root = Node("root", None, 0)
        self.page.nodes.append(self.root)
        self.stack = [self.root]
        self.elements = inputs().elements
        self.open: dict[str, int] = {}
        self.pieces: list[tuple[int, int]] = []
        self.linked = 0
        self.link_depth: int | None = None
        self.muted: str | None = None
        self.mute_depth = self.mute_blocks = 0

    def cut(self) -> Page:
        """Pass over the whole text once."""
        text, at, search = self.text, 0, _TAG.search
        after: int | None
        while match := search(text, at):
            begin, after = match.span()
            if begin > at and not self.muted:
                self.words(at, begin)
            _, close, name, raw, whole, _ = match.groups()
            if name is None:
                after = self._passed(match)
            elif not whole:
                after = None
            else:
                name = name.lower()
                if close:
                    self.end(name)
                elif name in _RAW and not self.muted:
                    after = self._raw(name, raw, after)
                else:
                    self.start(name, raw, begin)
            if after is None:
                at = len(text)
                break
            at = after
        if at < len(text) and not self.muted:
            self.words(at, len(text))
        self.flush()
        return self.page

    def _passed(self, match: re.Match[str]) -> int | None:
        """Pass over a comment; give where to go on, None where the page breaks off inside it."""
        if match["comment"]:
            end = _COMMENT_END.search(self.text, match.start() + 2)
            return end.end() if end else None
        closed = self.text.find(">", match.end())
        return closed + 1 if closed >= 0 else None

    def _raw(self, name: str, raw: str, at: int) -> int | None:
        """Pass over an element whose content is no markup."""
        end = re.compile(rf"</{name}[\s/>]", re.IGNORECASE).search(self.text, at)
        content = self.text[at : end.start() if end else len(self.text)]
        if name == "title" and self.page.title is None and end:
            self.page.title = " ".join(html.unescape(content).split())
        elif name == "script" and "ld+json" in raw:
            self.page.json_ld.append(content)
        return end.start() if end else None

    def words(self, start: int, end: int) -> None:
        """Take in text between tags; blanks open no block."""
        if not self.pieces and self.text[start:end].isspace():
            return
        self.pieces.append((start, end))
        if self.link_depth is not None:
            self.linked += end - start

    def start(self, name: str, raw: str, at: int) -> None:
        """Take in a start tag."""
        if self.muted:
            self.mute_depth += name == self.muted and name not in _VOID
            self.mute_blocks += name not in _INLINE and name not in _VOID
            return
        if (raw and "itemprop" in raw) or name == "time":
            attributes = attributes_of(raw)
            self.page.props.append((attributes.get("itemprop", "time"), attributes, at))
        if name == "br":
            self._line_break(at)
        elif name == "a":
            self.link_depth = len(self.stack)
            if raw and _is_hidden(raw):
                self._mute(name)
        elif name in ("meta", "link"):
            (self.page.metas if name == "meta" else self.page.links).append(attributes_of(raw))
        elif name in _INLINE or ("-" in name and name not in self.elements):
            silent = name in self.elements or (raw and _is_hidden(raw))
            if silent and name not in _VOID:
                self._mute(name)
        else:
            self._start_block(name, raw)

    def _mute(self, name: str) -> None:
        self.muted, self.mute_depth, self.mute_blocks = name, 1, 0

    def _line_break(self, at: int) -> None:
        """One line break stands inside a paragraph, two part paragraphs."""
        for start, end in reversed(self.pieces):
            if start == end:
                self.flush()
                return
            if not self.text[start:end].isspace():
                break
        if self.pieces:
            self.pieces.append((at, at))

    def _start_block(self, name: str, raw: str) -> None:
        if self.pieces:
            self.flush()
        if self.stack[-1].name == "p" and name in _CLOSES_P:
            self._pop()
        if name in _CLOSES_SAME and self.stack[-1].name not in _CLOSES_SAME[name][1]:
            self._close_before(*_CLOSES_SAME[name])
        if name == "html" and raw:
            self.page.language = self.page.language or attributes_of(raw).get("lang")
        if name in _VOID or len(self.stack) > MAX_DEPTH:
            return
        node = Node(name, self.stack[-1], len(self.stack), self.elements.get(name))
        if raw and name not in ("html", "body"):
            node.holds_body, own = _described(name, raw)
            node.own = node.own or own
        self.page.nodes.append(node)
        self.stack.append(node)
        self.open[name] = self.open.get(name, 0) + 1

    def _close_before(self, names: set[str], limits: set[str]) -> None:
        for depth in range(len(self.stack) - 1, max(0, len(self.stack) - 12), -1):
            if self.stack[depth].name in limits:
                return
            if self.stack[depth].name in names:
                while len(self.stack) > depth:
                    self._pop()
                return

    def end(self, name: str) -> None:
        """Take in an end tag."""
        if self.muted:
            self.mute_depth -= name == self.muted
            self.mute_blocks -= name not in _INLINE
            # what closes a block from before the hidden stretch ends that, too
            if self.mute_depth > 0 and self.mute_blocks >= 0:
                return
            silent, self.muted = self.muted, None
            if name == silent:
                return
        if name == "a":
            self.link_depth = None
            return
        if name in _INLINE or name in _RAW:
            return
        if self.pieces:
            self.flush()
        depth = len(self.stack) - 1
        if self.stack[depth].name == name and depth:
            self._pop()
            return
        if not self.open.get(name):
            return
        while self.stack[depth].name != name:
            if self.stack[depth].name in _SCOPE and name not in ("table", "tr", "tbody"):
                return
            depth -= 1
        while len(self.stack) > depth:
            self._pop()

    def _pop(self) -> None:
        node = self.stack.pop()
        self.open[node.name] -= 1
        if self.link_depth is not None and self.link_depth > len(self.stack):
            self.link_depth = None

    def flush(self) -> None:
        """End the block that is open, if it has words."""
        text, pieces, linked = self.text, self.pieces, self.linked
        self.pieces, self.linked = [], 0
        if len(pieces) == 1:  # most have no markup inside
            if words := words_of(text, pieces):
                self._add(pieces, linked, words)
            return
        first, last = 0, len(pieces) - 1
        while first <= last and not text[pieces[first][0] : pieces[first][1]].strip():
            first += 1
        while last >= first and not text[pieces[last][0] : pieces[last][1]].strip():
            last -= 1
        pieces = pieces[first : last + 1]
        if not pieces:
            return
        broken = any(start == end for start, end in pieces)
        length = sum(end - start for start, end in pieces)
        for line in _lines(text, pieces) if broken else (pieces,):
            if words := words_of(text, line):
                share = linked * len(words) // length if broken else linked
                self._add(line, share, words)

    def _add(self, pieces: list[tuple[int, int]], linked: int, words: str) -> None:
        block = Block(self.stack[-1], pieces, linked, words, words.count(" ") + 1)
        self.page.blocks.append(block)


MAX_LINE = 90
"""Characters of a line that was ended on purpose; longer ones may be broken by hand."""


def _lines(text: str, pieces: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Part a block at its line breaks, but for those inside a sentence."""
    lines: list[list[tuple[int, int]]] = [[]]
    for start, end in pieces:
        if start < end:
            lines[-1].append((start, end))
        elif lines[-1]:
            lines.append([])
    whole: list[tuple[int, int]] = []
    for line in lines:
        before, after = words_of(text, whole), words_of(text, line)
        short = len(before) < MAX_LINE and not after[:1].islower()
        if not after:
            continue
        if before and (short or before[-1] in ".!?…:\"'”’)"):
            yield whole
            whole = line
        else:
            whole = [*whole, *([(line[0][0], line[0][0])] if whole else []), *line]
    if whole:
        yield whole


_HIDING = ("hidden", "display:", "screen", "sr-only", "visually")


def _is_hidden(raw: str) -> bool:
    lower = raw.lower()  # looking for five words is faster than for the pattern, and few have one
    return any(map(lower.__contains__, _HIDING)) and _WEAKLY_HIDDEN.search(raw) is not None


@lru_cache(maxsize=8192)
def _described(name: str, raw: str) -> tuple[bool, str | None]:
    """Tell from an element's attributes whether it holds the article, or why it is none."""
    if not _TELLING.search(raw):
        return False, None
    attributes = attributes_of(raw)
    if "articlebody" in attributes.get("itemprop", "").casefold():
        return True, None
    names = [*attributes.get("class", "").split(), *attributes.get("id", "").split()][:16]
    if attributes.get("aria-hidden") == "true" or "hidden" in attributes:
        return False, "hidden"
    if "display:none" in attributes.get("style", "").replace(" ", ""):
        return False, "hidden"
    body = any(map(holds_body, names))
    own = inputs().roles.get(attributes.get("role", ""))
    if own is None and name not in ("main", "article") and not body:
        own = next((why for given in names if (why := reason_of_class(given))), None)
    return body, own


def cut_page(text: str) -> Page:
    """Cut a page into blocks of words.

    >>> page = cut_page("<p>Troops <b>left</b> R&amp;D.<p>They <a href=x>won</a>.")
    >>> [(block.text, block.node.name, block.linked) for block in page.blocks]
    [('Troops left R&D.', 'p', 0), ('They won.', 'p', 3)]
    """
    return _Cutter(text).cut()
