"""Which blocks of a page are the article, and why the others are not.

1. What an element's name, role or class says is believed, unless it would rule out most of the
   page's prose (a form around everything, a class "has-sidebar" on the whole).
2. A block is prose if it has some words and few of them are links; its words count for every
   element around it.
3. The article is the element that says so (`itemprop=articleBody`, a class like "story-body"), if
   enough prose stands in it; else the smallest element beside which no prose worth keeping stands.
4. Inside, lists of links, linked headlines with their teasers and headings without text go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.read.dates import find_date
from kg.read.inputs import inputs
from kg.read.markup import Block, Node, Page

__all__ = ["Content", "find_content"]

PROSE_WORDS = 8
"""Fewest words of a block that speaks for the element around it; menus and tags have fewer."""

MAX_LINKED = 0.5
"""Largest share of linked characters in prose; Wikipedia-like news has up to a third."""

PARDON = 0.5
"""An element with this share of the page's prose is the article whatever its class says."""

_NO_HEADLINE = frozenset({"comment form", "related link", "footer", "navigation", "form"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Content:
    """The article in a page.

    Attributes:
        headline: the block that holds it; None if the page shows none.
        body: the blocks to be read, in order.
        reasons: why each other block was left out, by its place among the page's blocks.
    """

    headline: Block | None
    body: tuple[Block, ...]
    reasons: dict[int, str]


def find_content(page: Page, title: str | None) -> Content:
    """Find the article in a page.

    Args:
        title: what the head of the page says; finds the headline among the headings.
    """
    _weigh(page)
    blocks = page.blocks
    headline = _find_headline(blocks, title)
    area = _article_node(page)
    reasons = {
        index: block.node.reason
        for index, block in enumerate(blocks)
        if block.node.reason is not None and block is not headline
    }
    inside = [
        index
        for index, block in enumerate(blocks)
        if index not in reasons and block is not headline and _within(block.node, area)
    ]
    before = _standfirst(blocks, headline, inside, reasons)
    chosen = sorted({*inside, *before})
    if headline is not None:
        top = blocks.index(headline)
        if any(blocks[index].prose for index in chosen if index > top):
            chosen = [index for index in chosen if index > top]
    for index, why in _furniture(blocks, chosen, area):
        reasons[index] = why
    body = tuple(blocks[index] for index in chosen if index not in reasons)
    for index, block in enumerate(blocks):
        if index not in reasons and block not in body and block is not headline:
            reasons[index] = "page around the article"
    return Content(headline, body, reasons)


def _weigh(page: Page) -> None:
    """Count the prose below each node and settle which nodes are out."""
    for block in page.blocks:
        block.prose = block.words >= PROSE_WORDS and block.link_share < MAX_LINKED
        if block.prose:
            node: Node | None = block.node
            while node is not None:
                node.words += block.words
                node = node.parent
    total = page.nodes[0].words
    for node in page.nodes[1:]:
        assert node.parent is not None
        pardoned = node.words > PARDON * total and node.own not in inputs().never
        own = None if pardoned else node.own
        node.reason = node.parent.reason or own
    for node in page.nodes:
        node.words = 0
    for block in page.blocks:
        above: Node | None = block.node if block.prose and block.node.reason is None else None
        while above is not None:
            above.words += block.words
            above = above.parent


def _within(node: Node | None, area: Node) -> bool:
    while node is not None and node.depth >= area.depth:
        if node is area:
            return True
        node = node.parent
    return False


def _article_node(page: Page) -> Node:
    """Find the element that holds the article."""
    root = page.nodes[0]
    total = root.words
    declared = [node for node in page.nodes if node.holds_body and node.reason is None]
    best = max(declared, key=lambda node: (node.words, node.depth), default=None)
    if best is not None and best.words >= 0.5 * total:
        return best
    start = root
    articles = [n for n in page.nodes if n.name in ("article", "main") and n.reason is None]
    for node in articles:
        if node.words >= max(0.5 * total, 0.5 * start.words) and node.depth > start.depth:
            start = node
    if best is not None and best.words >= 0.5 * start.words and _within(best, start):
        return best
    return _narrowed(page, start)


def _narrowed(page: Page, node: Node) -> Node:
    """Go down to the smallest element beside which nothing worth keeping stands."""
    children: dict[int, list[Node]] = {}
    for child in page.nodes[1:]:
        children.setdefault(id(child.parent), []).append(child)
    kept = [b for b in page.blocks if b.prose and b.node.reason is None and _is_worth(b)]
    while True:
        below = [child for child in children.get(id(node), ()) if child.reason is None]
        heaviest = max(below, key=lambda child: child.words, default=None)
        if heaviest is None or heaviest.words < 0.6 * node.words or heaviest.words == 0:
            return node
        if heaviest.name == "p":
            return node
        beside = [b for b in kept if _within(b.node, node) and not _within(b.node, heaviest)]
        much = sum(block.words for block in beside) > 0.02 * heaviest.words
        if much and not _all_cards(beside):
            return node
        node = heaviest


def _is_worth(block: Block) -> bool:
    """Tell whether a block beside the article could be part of it: a full sentence, no link."""
    return block.words >= 12 and block.link_share < 0.3 and block.text[-1] in ".!?\"'”’…:)"


def _all_cards(beside: Sequence[Block]) -> bool:
    """Tell teasers of other stories: many small boxes of one short paragraph each."""
    boxes = {id(block.node.parent) for block in beside}
    short = all(block.words <= 45 for block in beside)
    return short and len(beside) > 1 and len(boxes) == len(beside)


def _find_headline(blocks: Sequence[Block], title: str | None) -> Block | None:
    """Choose the heading that says what the head of the page says; without one, the first h1."""
    wanted = _bag(title or "")
    best: tuple[float, Block] | None = None
    for place, block in enumerate(blocks):
        level = block.node.name
        if block.words > 45 or block.node.reason in _NO_HEADLINE or block.words < 2:
            continue
        score = _likeness(_bag(block.text), wanted) if wanted else 0.0
        heading = 0.35 if level == "h1" else 0.15 if level in _HEADINGS else 0.0
        if score < 0.45 and not (level == "h1" and (not wanted or score > 0.2)):
            continue
        value = score + heading - 0.0001 * place
        if best is None or value > best[0]:
            best = (value, block)
    if best is None:
        return _first_heading(blocks)
    return best[1]


def _first_heading(blocks: Sequence[Block]) -> Block | None:
    """Take the first heading above the prose, where the head of the page doesn't help."""
    for block in blocks:
        if block.prose and block.node.name not in _HEADINGS and block.node.reason is None:
            return None
        heading = block.node.name in ("h1", "h2", "h3") and 3 <= block.words <= 45
        if heading and block.node.reason is None and block.link_share < MAX_LINKED:
            return block
    return None


def _bag(text: str) -> frozenset[str]:
    return frozenset([word.strip(_MARKS) for word in text.casefold().split()]) - {""}


_MARKS = ".,:;!?'\"“”‘’()|-–—"


def _likeness(left: frozenset[str], right: frozenset[str]) -> float:
    """Share of the words that two lines have in common (Jaccard), or that the shorter has."""
    if not left or not right:
        return 0.0
    common = len(left & right)
    inside = common / min(len(left), len(right)) if min(len(left), len(right)) >= 4 else 0.0
    return max(common / len(left | right), 0.8 * inside)


def _standfirst(
    blocks: Sequence[Block], headline: Block | None, inside: Sequence[int], reasons: dict[int, str]
) -> list[int]:
    """Find the sentences between the headline and the article: they sum it up."""
    if headline is None or not inside:
        return []
    top = blocks.index(headline)
    between = range(top + 1, inside[0]) if top < inside[0] else range(0)
    return [
        index
        for index in between
        if index not in reasons and _is_standfirst(blocks[index]) and inside[0] - top <= 30
    ]


def _is_standfirst(block: Block) -> bool:
    """Tell a sentence about the article from a line about who wrote it and when."""
    if not block.prose or block.link_share >= 0.3:
        return False
    return block.words > 20 or not (find_date(block.text) or block.text.startswith("By "))


def _furniture(
    blocks: Sequence[Block], chosen: Sequence[int], area: Node
) -> Iterator[tuple[int, str]]:
    """Name what stands among the article's blocks and is none of its words."""
    out: set[int] = set()
    lists = _linked_lists(blocks, chosen, area)
    for place, index in enumerate(chosen):
        block = blocks[index]
        following = chosen[place + 1] if place + 1 < len(chosen) else None
        if block.link_share >= 0.75 or (id(block.node.parent) in lists and not block.prose):
            yield index, "related link"
            out.add(index)
            if following is not None and _is_teaser(blocks[following], block, area):
                yield following, "related link"
                out.add(following)
        elif block.node.name in ("td", "th") and block.words < PROSE_WORDS:
            yield index, "table"
            out.add(index)
        elif block.node.name not in _HEADINGS and not any(c.isalnum() for c in block.text):
            yield index, "separator"
            out.add(index)
    for index in reversed(chosen):
        block = blocks[index]
        if index in out:
            continue
        label = block.words < PROSE_WORDS and block.text[-1] not in ".!?…\"'”’)"
        if block.node.name not in _HEADINGS and not label:
            break
        yield index, "section"


def _is_teaser(block: Block, heading: Block, area: Node) -> bool:
    """Tell the few words below the linked headline of another story."""
    box = heading.node.parent
    return (
        heading.node.name in _HEADINGS
        and heading.words >= 4
        and box is not None
        and box is not area
        and block.words <= 45
        and box.words <= 2 * block.words
        and _within(block.node, box)
    )


def _linked_lists(blocks: Sequence[Block], chosen: Sequence[int], area: Node) -> set[int]:
    """Find the lists most of whose words are links."""
    linked: dict[int, list[int]] = {}
    for index in chosen:
        node = blocks[index].node
        if node.name in ("li", "dd", "dt") and node.parent is not None and node.parent is not area:
            sums = linked.setdefault(id(node.parent), [0, 0])
            sums[0] += blocks[index].linked
            sums[1] += len(blocks[index].text)
    return {key for key, (inside, all_) in linked.items() if inside > 0.6 * all_}
