"""HTML -> blocks: where each run of words stands in the raw text, and in what part of the page.

A tokenizer after the HTML standard (section 13.2.5), reduced to what tells words from markup, and
a tree of block elements only. It is our own because offsets into the raw text are what counts
here: the libraries that parse HTML give none. Every pattern is possessive and every position is
passed once, so that no page, however broken, takes more than linear time.
"""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import islice

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


@dataclass(frozen=True, slots=True)
class _Tag:
    """What a tag says, whatever stands around it.

    Attributes:
        act: what it does to the page; None for one that does nothing (`<b>`, `</span>`).
        then: what it does besides, where `act` keeps what it says.
        own, holds_body: as in `Node`.
    """

    name: str
    raw: str
    act: _Act | None
    then: _Act | None = None
    own: str | None = None
    holds_body: bool = False
    closes: bool = False


_Act = Callable[["_Cutter", _Tag, int, int], int | None]
"""Takes in a tag that begins and ends there; gives where to go on if that is further on."""


class _Cutter:
    """The state of cutting one page up."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.page = Page(text)
        self.blocks, self.nodes = self.page.blocks, self.page.nodes
        self.nodes.append(Node("", None, 0))
        self.stack = [self.nodes[0]]
        self.open: defaultdict[str, int] = defaultdict(int)
        self.pieces: list[tuple[int, int]] = []
        self.linked = 0
        self.link_depth: int | None = None
        self.muted: str | None = None
        self.mute_depth = self.mute_blocks = 0

    def cut(self) -> Page:
        """Pass over the whole text once."""
        pieces = iter(self.text.split("<"))
        begin = len(next(pieces))
        if begin:
            self.words(0, begin)
        for piece in pieces:
            source, closed, words = piece.partition(">")
            following = begin + len(piece) + 1
            after = following - len(words)
            tag = _tag_of(source) if closed else None
            if tag is None:
                tag, after = self._odd_tag(begin)
            if self.muted and tag and not self._is_heard(tag):
                tag = None
            if tag and tag.act:
                after = tag.act(self, tag, begin, after) or after
            if after > following:  # a comment, a script, "<" in an attribute
                following = self._skip(pieces, following, after)
            if after < following and not self.muted:
                self.words(after, following)
            begin = following
        self.flush()
        return self.page

    def _skip(self, pieces: Iterator[str], begin: int, after: int) -> int:
        """Pass over the pieces that begin in a stretch; give where the next one begins."""
        count = self.text.count("<", begin, after)
        next(islice(pieces, count, count), None)
        begin = self.text.find("<", after)
        return begin if begin >= 0 else len(self.text)

    def _odd_tag(self, begin: int) -> tuple[_Tag | None, int]:
        """Read a tag as browsers do, where what follows its first > has a say in it.

        Returns:
            The tag, None for a comment, for a "<" among words, and where the page breaks off
            inside it; where to go on.
        """
        match = _TAG.match(self.text, begin)
        if match is None:
            return None, begin
        _, close, name, raw, whole, _ = match.groups()
        if name is None:
            return None, self._passed(match)
        return (
            (_read_tag(close, name.lower(), raw), match.end()) if whole else (None, len(self.text))
        )

    def _passed(self, match: re.Match[str]) -> int:
        """Pass over a comment; give where to go on."""
        if match["comment"]:
            end = _COMMENT_END.search(self.text, match.start() + 2)
            return end.end() if end else len(self.text)
        closed = self.text.find(">", match.end())
        return closed + 1 if closed >= 0 else len(self.text)

    def raw(self, tag: _Tag, begin: int, after: int) -> int:
        """Pass over an element whose content is no markup."""
        end = _raw_end(tag.name).search(self.text, after)
        content = self.text[after : end.start() if end else len(self.text)]
        if tag.name == "title" and self.page.title is None and end:
            self.page.title = " ".join(html.unescape(content).split())
        elif tag.name == "script" and "ld+json" in tag.raw:
            self.page.json_ld.append(content)
        return end.start() if end else len(self.text)

    def words(self, start: int, end: int) -> None:
        """Take in text between tags; blanks open no block."""
        if self.link_depth is not None:
            self.linked += end - start
        if self.pieces:
            if self.pieces[-1][1] == start:  # "<" was none of a tag
                start = self.pieces.pop()[0]
        elif self.text[start:end].isspace():
            self.linked = 0
            return
        self.pieces.append((start, end))

    def prop(self, tag: _Tag, begin: int, after: int) -> None:
        """Keep what a tag says of the article, and do what such tags do."""
        attributes = attributes_of(tag.raw)
        self.page.props.append((attributes.get("itemprop", "time"), attributes, begin))
        if tag.then:
            tag.then(self, tag, begin, after)

    def meta(self, tag: _Tag, begin: int, after: int) -> None:
        """Keep what the head says."""
        kept = self.page.metas if tag.name == "meta" else self.page.links
        kept.append(attributes_of(tag.raw))

    def link(self, tag: _Tag, begin: int, after: int) -> None:
        """Take in the start of a link."""
        self.link_depth = len(self.stack)

    def hidden_link(self, tag: _Tag, begin: int, after: int) -> None:
        """Take in the start of a link that nobody sees."""
        self.link_depth = len(self.stack)
        self.mute(tag, begin, after)

    def end_link(self, tag: _Tag, begin: int, after: int) -> None:
        """Take in the end of a link."""
        self.link_depth = None

    def mute(self, tag: _Tag, begin: int, after: int) -> None:
        """Pass over what nobody sees."""
        self.muted, self.mute_depth, self.mute_blocks = tag.name, 1, 0

    def line_break(self, tag: _Tag, begin: int, after: int) -> None:
        """One line break stands inside a paragraph, two part paragraphs."""
        for start, end in reversed(self.pieces):
            if start == end:
                self.flush()
                return
            if not self.text[start:end].isspace():
                break
        if self.pieces:
            self.pieces.append((begin, begin))

    def start_block(self, tag: _Tag, begin: int, after: int) -> None:
        """Open a block element; it ends the words before it."""
        name, stack = tag.name, self.stack
        if self.pieces:
            self.flush()
        if stack[-1].name == "p" and name in _CLOSES_P:
            self._pop()
        if name in _CLOSES_SAME and stack[-1].name not in _CLOSES_SAME[name][1]:
            self._close_before(*_CLOSES_SAME[name])
        depth = len(stack)
        if depth <= MAX_DEPTH and name not in _VOID:
            node = Node(name, stack[-1], depth, tag.own, tag.holds_body)
            self.nodes.append(node)
            stack.append(node)
            self.open[name] += 1

    def html(self, tag: _Tag, begin: int, after: int) -> None:
        """Open the element around everything, which says its language."""
        self.page.language = self.page.language or attributes_of(tag.raw).get("lang")
        self.start_block(tag, begin, after)

    def _close_before(self, names: set[str], limits: set[str]) -> None:
        for depth in range(len(self.stack) - 1, max(0, len(self.stack) - 12), -1):
            if self.stack[depth].name in limits:
                return
            if self.stack[depth].name in names:
                while len(self.stack) > depth:
                    self._pop()
                return

    def _is_heard(self, tag: _Tag) -> bool:
        """Take in a tag of a stretch that nobody sees; tell whether it ends that and does more."""
        name = tag.name
        if not tag.closes:
            self.mute_depth += name == self.muted and name not in _VOID
            self.mute_blocks += name not in _INLINE and name not in _VOID
            return False
        self.mute_depth -= name == self.muted
        self.mute_blocks -= name not in _INLINE
        # what closes a block from before the hidden stretch ends that, too
        if self.mute_depth > 0 and self.mute_blocks >= 0:
            return False
        silent, self.muted = self.muted, None
        return name != silent

    def end_block(self, tag: _Tag, begin: int, after: int) -> None:
        """Close a block element, with those left open inside it."""
        name, stack = tag.name, self.stack
        if self.pieces:
            self.flush()
        if stack[-1].name == name:  # "" is the root's
            self._pop()
            return
        if not self.open.get(name):
            return
        depth = len(stack) - 1
        while stack[depth].name != name:
            if stack[depth].name in _SCOPE and name not in ("table", "tr", "tbody"):
                return
            depth -= 1
        while len(stack) > depth:
            self._pop()

    def _pop(self) -> None:
        node = self.stack.pop()
        self.open[node.name] -= 1
        if self.link_depth is not None and self.link_depth > len(self.stack):
            self.link_depth = None

    def flush(self) -> None:
        """End the block that is open, if it has words."""
        pieces, linked = self.pieces, self.linked
        self.pieces, self.linked = [], 0
        if len(pieces) == 1:  # most have no markup inside
            self._add(pieces, linked)
            return
        text, first, last = self.text, 0, len(pieces) - 1
        while first <= last and not text[pieces[first][0] : pieces[first][1]].strip():
            first += 1
        while last >= first and not text[pieces[last][0] : pieces[last][1]].strip():
            last -= 1
        pieces = pieces[first : last + 1]
        if not pieces:
            return
        if all(start < end for start, end in pieces):
            self._add(pieces, linked)
            return
        length = sum(end - start for start, end in pieces)
        for line in _lines(text, pieces):
            self._add(line, linked * len(words_of(text, line)) // length)

    def _add(self, pieces: list[tuple[int, int]], linked: int) -> None:
        words = words_of(self.text, pieces)
        if words:
            self.blocks.append(Block(self.stack[-1], pieces, linked, words, words.count(" ") + 1))


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


def _is_hidden(raw: str) -> bool:
    lower = raw.lower()  # looking for five words is faster than for the pattern, and few have one
    hiding = "hidden" in lower or "display:" in lower or "screen" in lower
    hiding = hiding or "sr-only" in lower or "visually" in lower
    return hiding and _WEAKLY_HIDDEN.search(raw) is not None


_KNOWN = re.compile(r"(/)?([a-zA-Z][^\s/]*+)((?:[^=\"']++|=\"[^\"]*+\"|='[^']*+'|=(?![\s\"']))*+)")
"""A tag all of whose quotation marks are closed: it means the same wherever it stands."""

MAX_KNOWN = 300
"""Characters of the longest tag that is remembered."""


def _tag_of(source: str) -> _Tag | None:
    """Read what stands between < and >; None where what follows has a say in it."""
    if source[:2] == "a ":
        return _plain_link(source)
    return _known_tag(source) if len(source) < MAX_KNOWN else None


@lru_cache(maxsize=8192)
def _known_tag(source: str) -> _Tag | None:
    match = _KNOWN.fullmatch(source)
    return _read_tag(match[1], match[2].lower(), match[3]) if match else None


def _read_tag(close: str | None, name: str, raw: str) -> _Tag:
    if close:
        quiet = name in _INLINE or name in _RAW
        end = _Cutter.end_link if name == "a" else None if quiet else _Cutter.end_block
        return _Tag(name, raw, end, closes=True)
    act: _Act | None
    own = inputs().elements.get(name)
    holds_body = False
    if name in _ACTS:
        act = _ACTS[name]
    elif name in _RAW:
        return _Tag(name, raw, _Cutter.raw)
    elif name == "a":
        act = _Cutter.hidden_link if _is_hidden(raw) else _Cutter.link
    elif name in _INLINE or ("-" in name and own is None):
        silent = (own is not None or _is_hidden(raw)) and name not in _VOID
        act = _Cutter.mute if silent else None
    else:
        act = _Cutter.start_block
        if raw and name != "body":
            holds_body, described = _described(name, raw)
            own = own or described
    if name == "time" or "itemprop" in raw:
        return _Tag(name, raw, _Cutter.prop, act, own, holds_body)
    return _Tag(name, raw, act, None, own, holds_body)


_ACTS: dict[str, _Act] = {
    "br": _Cutter.line_break,
    "html": _Cutter.html,
    "link": _Cutter.meta,
    "meta": _Cutter.meta,
}


def _plain_link(source: str) -> _Tag | None:
    """Read the start of a link; few are written twice, so none is remembered."""
    before = source[source.rfind('"') - 1]
    # the last mark, if it stands behind "=", might be open; another closes one, or means nothing
    if before == "=" or before.isspace() or "'" in source or "itemprop" in source:
        return None
    return None if _is_hidden(source) else _PLAIN_LINK


_PLAIN_LINK = _Tag("a", "", _Cutter.link)


@cache
def _raw_end(name: str) -> re.Pattern[str]:
    return re.compile(rf"</{name}[\s/>]", re.IGNORECASE)


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
