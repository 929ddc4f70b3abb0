"""Which articles tell the same story: likeness of their names, numbers and content words.

What two papers tell of one story is far likelier to be one happening than what they tell of two;
so the rest of merging asks for more evidence where the stories differ. Articles are vectors of
words weighted by tf-idf (Salton & Buckley 1988) and are grouped by average link (Sokal & Michener
1958), which a single article between two stories can't chain together.
"""

from __future__ import annotations

import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from math import fsum, log, sqrt

from kg.lexicon import word_class
from kg.merge.dates import day_of
from kg.model import Article

__all__ = ["Stories", "Vocabulary", "content_words", "find_stories", "fold_word", "stem_word"]

# Swept on ECB+ by `benchmarks/merge_sweep.py` (benchmarks/RESULTS.md). A name, number or other
# capitalised word tells stories apart better than what happened: it counts four times.
NAME_WEIGHT = 4
LIKENESS = 0.2  # average likeness at which two groups of articles are one story
EDGE = 0.15  # pairs less alike aren't looked at
# Articles imagined besides those read, of which this many hold any word: with few articles a
# word's frequency says little, so all weigh nearly alike.
IMAGINED, IMAGINED_WITH_WORD = 100, 3
WINDOW = timedelta(days=10)  # papers further apart may tell one story; its happenings are others
TELLING = 24  # words by which an article looks for others: its heaviest
POSTINGS = 200  # a word that more articles look by tells no stories apart

_WORD = re.compile(r"[^\W\d_][\w'’-]*|\d+(?:[.,]\d+)*")


@lru_cache(maxsize=65536)  # the same few thousand words make up nearly all of any news
def fold_word(word: str) -> str:
    """Fold case, possessives and plural endings: a key, not a word.

    >>> fold_word("Strikes"), fold_word("Moscow's"), fold_word("press")
    ('strike', 'moscow', 'press')
    """
    folded = word.lower().strip("'’-")
    folded = folded[:-2] if folded.endswith(("'s", "’s")) else folded
    plural = len(folded) > 3 and folded.endswith("s") and not folded.endswith(("ss", "us", "is"))
    return folded[:-1] if plural else folded


@lru_cache(maxsize=65536)
def stem_word(folded: str) -> str:
    """Take the inflection off a folded word: a key for forms of one verb, not a word.

    >>> stem_word("adopting") == stem_word("adopted") == stem_word("adopt")
    True
    >>> stem_word("proposing") == stem_word("propose"), stem_word("king"), stem_word("killed")
    (True, 'king', 'kill')
    """
    for ending in ("ing", "ed", "e"):
        stem = folded.removesuffix(ending)
        if stem != folded and len(stem) > 2 and not stem.isdigit() and set(stem) & set("aeiouy"):
            doubled = stem[-1:] == stem[-2:-1] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem
    return folded


def content_words(text: str) -> Iterator[tuple[str, bool]]:
    """Give the folded content words of a text, each with whether it looks like a name or number.

    >>> list(content_words("The strikes hit Aleppo."))
    [('strike', False), ('hit', False), ('aleppo', True)]
    """
    stop = word_class("STOPWORD")
    for match in _WORD.finditer(text):
        word = match.group()
        folded = fold_word(word)
        if len(folded) > 1 and folded not in stop:
            named = word[0].isupper() and not _begins_sentence(text, match.start())
            yield folded, named or word[0].isdigit()


def _begins_sentence(text: str, at: int) -> bool:
    before = text[max(0, at - 4) : at].rstrip(" '\"“‘’”")
    return not before or before[-1] in ".!?:\n"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How many of the articles hold each word."""

    articles: int
    holding: Mapping[str, int]

    def weight(self, word: str) -> float:
        """Weigh a word by its rarity (smoothed inverse document frequency)."""
        holding = self.holding.get(word, 0) + IMAGINED_WITH_WORD
        return log(1 + (self.articles + IMAGINED) / holding)


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories of a set of articles.

    Attributes:
        of: article id -> its story, named by the smallest article id in it.
    """

    vocabulary: Vocabulary
    of: Mapping[str, str]


def find_stories(articles: Sequence[Article]) -> Stories:
    """Group articles into stories; their order doesn't matter.

    >>> find_stories([]).of
    {}
    """
    ordered = sorted(articles, key=lambda article: article.id)
    counts = [_counts(article) for article in ordered]
    holding = Counter(word for count in counts for word in count)
    vocabulary = Vocabulary(articles=len(ordered), holding=holding)
    vectors = [_vector(count, vocabulary) for count in counts]
    days = [day_of(article.published) for article in ordered]
    edges = {
        pair: likeness
        for pair in _pairs(vectors)
        if (likeness := _cosine(vectors[pair[0]], vectors[pair[1]])) >= EDGE
        and not _far_apart(days[pair[0]], days[pair[1]])
    }
    first = _average_link(len(ordered), edges)
    return Stories(
        vocabulary=vocabulary,
        of={article.id: ordered[first[n]].id for n, article in enumerate(ordered)},
    )


def _counts(article: Article) -> Counter[str]:
    spans = ((article.headline,) if article.headline else ()) + article.body
    counts: Counter[str] = Counter()
    for span in spans:
        for word, named in content_words(article.text[span.start : span.end]):
            counts[word] += NAME_WEIGHT if named else 1
    return counts


def _vector(counts: Counter[str], vocabulary: Vocabulary) -> dict[str, float]:
    raw = {word: (1 + log(n)) * vocabulary.weight(word) for word, n in counts.items()}
    length = sqrt(sum(weight * weight for weight in raw.values())) or 1.0
    return {word: weight / length for word, weight in raw.items()}


def _cosine(left: Mapping[str, float], right: Mapping[str, float]) -> float:
    # fsum doesn't mind the order, which for a set of words is another in each run
    return fsum(left[word] * right[word] for word in left.keys() & right.keys())


def _pairs(vectors: Sequence[Mapping[str, float]]) -> list[tuple[int, int]]:
    """Give the pairs of articles that share one of their heaviest words, sorted."""
    postings: dict[str, list[int]] = defaultdict(list)
    for number, vector in enumerate(vectors):
        for word in heapq.nsmallest(TELLING, vector, key=lambda w: (-vector[w], w)):
            postings[word].append(number)
    found = {
        (left, right)
        for numbers in postings.values()
        if len(numbers) <= POSTINGS
        for index, left in enumerate(numbers)
        for right in numbers[index + 1 :]
    }
    return sorted(found)


def _far_apart(left: date | None, right: date | None) -> bool:
    return left is not None and right is not None and abs(left - right) > WINDOW


def _average_link(size: int, edges: Mapping[tuple[int, int], float]) -> list[int]:
    """Join the two groups that are most alike on average until none are; ties by number.

    Pairs without an edge count as nothing alike.

    Returns:
        For each number the smallest of its group.
    """
    members = {n: [n] for n in range(size)}
    total: dict[int, dict[int, float]] = {n: {} for n in range(size)}
    for (left, right), likeness in edges.items():
        total[left][right] = total[right][left] = likeness
    heap = [(-likeness, left, right, 2) for (left, right), likeness in edges.items()]
    heapq.heapify(heap)
    while heap:
        likeness, left, right, sizes = heapq.heappop(heap)
        if -likeness < LIKENESS:
            break
        stale = left not in members or right not in members
        if stale or len(members[left]) + len(members[right]) != sizes:
            continue
        members[left] += members.pop(right)
        for other, summed in total.pop(right).items():
            del total[other][right]
            if other != left:
                total[left][other] = total[other][left] = total[left].get(other, 0.0) + summed
        for other, summed in total[left].items():
            average = summed / (len(members[left]) * len(members[other]))
            pair = (left, other) if left < other else (other, left)
            heapq.heappush(heap, (-average, *pair, len(members[left]) + len(members[other])))
    first = list(range(size))
    for group in members.values():
        for number in group:
            first[number] = min(group)
    return first
