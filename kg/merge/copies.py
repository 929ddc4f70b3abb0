"""Articles that repeat others: syndicated texts and near-duplicates, which corroborate nothing.

Two texts of which one has half its runs of eight words in common with the other are one text
(Broder 1997, "On the resemblance and containment of documents"); a sample of the runs, chosen by
their hash, finds the pairs in near linear time. What two papers credit to one agency is the
agency's, if it is of the same story.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import numpy as np

from kg.merge.groupings import Grouping, equal_stretches
from kg.merge.sketches import RUN, Sketch
from kg.merge.stories import Stories
from kg.model import Copy

__all__ = [
    "LEAST",
    "POSTINGS",
    "Pair",
    "copies_among",
    "credited",
    "find_copies",
    "find_repeated",
    "repeats",
    "voices",
]

CONTAINED = 0.5  # share of the shorter text's runs at which it repeats the other
LEAST = 4  # sampled runs in common: a headline or one quotation is no copy
POSTINGS = 100  # a run that more texts hold is a form of words, not somebody's text

Pair = tuple[int, int, str]


def find_copies(
    sketches: Mapping[str, Sketch], order: Sequence[str], stories: Stories, repeated: Iterable[Pair]
) -> tuple[Copy, ...]:
    """Find the articles that repeat an earlier one, sorted; each names the first of its kind.

    Args:
        sketches: by article id; each is asked for once, so they may lie on disk.
        order: the ids in the order of time.
        repeated: what `find_repeated` gives.
    """
    known = ((n, sketches[id_], stories.of[id_]) for n, id_ in enumerate(order))
    found = copies_among(order, (*repeated, *credited(known)))
    return tuple(sorted(found, key=lambda copy: copy.article_id))


def copies_among(order: Sequence[str], pairs: Iterable[Pair]) -> list[Copy]:
    """Name for each article that pairs connect with an earlier one the first of its kind.

    Args:
        order: ids in the order of time; pairs are of places in it, the earlier first.

    >>> copies_among(["a", "b", "c"], [(1, 2, "alike"), (0, 1, "alike")])[1].original_id
    'a'
    """
    same = Grouping(len(order))
    why: dict[int, str] = {}
    for left, right, reason in sorted(pairs):
        late = max(same.root(left), same.root(right))
        same.join(left, right)
        if same.root(late) != late:
            why.setdefault(late, reason)  # two that share a later text with nothing of each other
        why.setdefault(right, reason)
    return [
        Copy(article_id=id_, original_id=order[same.root(n)], reason=why[n])
        for n, id_ in enumerate(order)
        if same.root(n) != n
    ]


def find_repeated(sketches: Mapping[str, Sketch], order: Sequence[str]) -> Iterator[Pair]:
    """Find the pairs of which one holds much of the other, the earlier first; see `find_copies`."""
    sizes, runs = array("l"), array("L")
    for id_ in order:
        own = sketches[id_].runs
        sizes.append(len(own))
        runs.extend(own)
    for left, others in enumerate(_later_holders(sizes, runs)):
        for right, count in Counter(others).items():
            why = repeats(count, sizes[left], sizes[right])
            if why is not None:
                yield left, right, why


def repeats(shared: int, size: int, other: int) -> str | None:
    """Say why a text that shares so many sampled runs with another repeats it, if it does.

    Args:
        size, other: how many runs of each text were sampled.

    >>> repeats(5, 10, 40), repeats(4, 10, 40)
    ('shares 50% of its runs of 8 words with another text', None)
    """
    share = shared / min(size, other)
    if shared < LEAST or share < CONTAINED:
        return None
    return f"shares {share:.0%} of its runs of {RUN} words with another text"


def _later_holders(sizes: array[int], runs: array[int]) -> Iterator[Iterator[int]]:
    """Give for each text those after it that hold one of its runs, once for each such run.

    Runs that too many hold are left out.

    Args:
        sizes: how many runs each text has.
        runs: of all texts, one after another.
    """
    order = np.argsort(np.asarray(runs), kind="stable")  # of one run, the texts in their order
    holders = np.repeat(np.arange(len(sizes)), sizes)[order]
    place, end = np.empty_like(order), np.zeros_like(order)
    place[order] = np.arange(len(order))
    for run in equal_stretches(np.asarray(runs)[order]):
        if run.stop - run.start <= POSTINGS:
            end[run] = run.stop
    stop = 0
    for size in sizes:
        start, stop = stop, stop + size
        spots = place[start:stop]
        spans = zip((spots + 1).tolist(), end[spots].tolist(), strict=True)
        yield chain.from_iterable(holders[begin:after].tolist() for begin, after in spans)


def credited(known: Iterable[tuple[int, Sketch, str]]) -> Iterator[Pair]:
    """Pair the articles of one story that credit one agency, each with the first.

    Args:
        known: numbers in the order of time, with the article and its story.
    """
    first: dict[tuple[str, str], int] = {}
    for number, sketch, story in known:
        if sketch.credited is None:
            continue
        key = (story, sketch.credited.casefold())
        if sketch.agency is not None and key in first:
            why = f"credited to {sketch.agency}, as another text of the story is"
            yield first[key], number, why
        first.setdefault(key, number)


def voices(
    article_ids: Iterable[str], sources: Mapping[str, str], originals: Mapping[str, str]
) -> tuple[str, ...]:
    """Name the publishers who tell something on their own: a copy speaks with its original's voice.

    Args:
        sources: article id -> id of its publisher, where that is known.
        originals: article id of a copy -> that of its original.

    Returns:
        Ids of publishers, sorted; empty where none is known.

    >>> voices(["a", "b", "c"], {"a": "afp", "b": "times", "c": "post"}, {"b": "a"})
    ('afp', 'post')
    """
    own: dict[str, str] = {}
    for id_ in sorted(set(article_ids)):
        original = originals.get(id_, id_)
        publisher = sources.get(original) or sources.get(id_)
        if publisher is not None:
            own.setdefault(original, publisher)
    return tuple(sorted(set(own.values())))
