"""Articles that repeat others: syndicated texts and near-duplicates, which corroborate nothing.

Two texts of which one has half its runs of eight words in common with the other are one text
(Broder 1997, "On the resemblance and containment of documents"); a sample of the runs, chosen by
their hash, finds the pairs in near linear time. What two papers credit to one agency is the
agency's, if it is of the same story.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from zlib import crc32

from kg.merge.stories import Stories
from kg.model import Article, Copy

__all__ = ["find_copies", "voices"]

RUN = 8  # words: shorter runs are set phrases, and a quotation has few of this length
SAMPLE = 4  # every fourth run is kept
CONTAINED = 0.5  # share of the shorter text's runs at which it repeats the other
LEAST = 4  # sampled runs in common: a headline or one quotation is no copy
POSTINGS = 100  # a run that more texts hold is a form of words, not somebody's text

_WORD = re.compile(r"\w+")


def find_copies(articles: Sequence[Article], stories: Stories) -> tuple[Copy, ...]:
    """Find the articles that repeat an earlier one, sorted; each names the first of its kind.

    Args:
        articles: in the order of time.
    """
    number = {article.id: n for n, article in enumerate(articles)}
    first = list(range(len(articles)))
    why: dict[int, str] = {}
    for left, right, reason in sorted((*_repeated(articles), *_credited(articles, stories))):
        early, late = sorted((_root(first, left), _root(first, right)))
        if early != late:
            first[late] = early
        why.setdefault(right, reason)
    found = [
        Copy(article_id=article.id, original_id=articles[_root(first, n)].id, reason=why[n])
        for n, article in enumerate(articles)
        if _root(first, n) != n
    ]
    assert all(number[copy.original_id] < number[copy.article_id] for copy in found)
    return tuple(sorted(found, key=lambda copy: copy.article_id))


def _root(first: list[int], number: int) -> int:
    while first[number] != number:
        first[number] = first[first[number]]
        number = first[number]
    return number


def _repeated(articles: Sequence[Article]) -> Iterable[tuple[int, int, str]]:
    """Find the pairs of which one holds much of the other, the earlier first."""
    runs = [_runs(article) for article in articles]
    holders: dict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(runs):
        for run in own:
            holders[run].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        if 1 < len(numbers) <= POSTINGS:
            shared.update((a, b) for i, a in enumerate(numbers) for b in numbers[i + 1 :])
    for (left, right), count in shared.items():
        share = count / min(len(runs[left]), len(runs[right]))
        if count >= LEAST and share >= CONTAINED:
            yield left, right, f"shares {share:.0%} of its runs of {RUN} words with another text"


def _runs(article: Article) -> frozenset[int]:
    """Hash the runs of words of a text and keep a sample, the same in every text."""
    text = " ".join(article.text[span.start : span.end] for span in article.body)
    words = [word.lower() for word in _WORD.findall(text)]
    hashes = (
        crc32(" ".join(words[at : at + RUN]).encode("utf-8", "surrogatepass"))
        for at in range(len(words) - RUN + 1)
    )
    return frozenset(hash_ for hash_ in hashes if hash_ % SAMPLE == 0)


def _credited(articles: Sequence[Article], stories: Stories) -> Iterable[tuple[int, int, str]]:
    """Pair the articles of one story that credit one agency, each with the first."""
    first: dict[tuple[str, str], int] = {}
    for number, article in enumerate(articles):
        agency = article.agency or (article.source.name if article.source else None)
        if agency is None:
            continue
        key = (stories.of[article.id], agency.casefold())
        if article.agency is not None and key in first:
            yield (
                first[key],
                number,
                f"credited to {article.agency}, as another text of the story is",
            )
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
