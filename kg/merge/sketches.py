"""What of an article is needed to find its story and its copies: small, and made once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate
from zlib import crc32

from kg.merge.words import content_words
from kg.model import Article
from kg.pickling import pickled_quickly

__all__ = ["NAME_WEIGHT", "RUN", "Sketch", "sketch_of"]

# Swept on ECB+ by `benchmarks/merge_sweep.py` (benchmarks/RESULTS.md). A name, number or other
# capitalised word tells stories apart better than what happened: it counts four times.
NAME_WEIGHT = 4
RUN = 8  # words: shorter runs are set phrases, and a quotation has few of this length
SAMPLE = 4  # every fourth run is kept

_WORD = re.compile(r"\w+")


@pickled_quickly
@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """An article, reduced to what texts are compared by.

    Attributes:
        source: id of the publisher.
        credited: name of the agency, or else of the publisher.
        words: folded content words of headline and body, each with how often it counts.
        runs: hashes of a sample of the runs of words of the body, sorted.
    """

    article_id: str
    published: str | None = None
    source: str | None = None
    agency: str | None = None
    credited: str | None = None
    words: tuple[tuple[str, int], ...] = ()
    runs: tuple[int, ...] = ()


def sketch_of(article: Article) -> Sketch:
    """Sketch an article.

    >>> sketch_of(Article(id="1", name="a", text="")).words
    ()
    """
    source = article.source
    return Sketch(
        article_id=article.id,
        published=article.published,
        source=source.id if source is not None else None,
        agency=article.agency,
        credited=article.agency or (source.name if source is not None else None),
        words=tuple(_counts(article).items()),
        runs=_runs(article),
    )


def _counts(article: Article) -> Counter[str]:
    spans = ((article.headline,) if article.headline else ()) + article.body
    counts: Counter[str] = Counter()
    for span in spans:
        for word, named in content_words(article.text[span.start : span.end]):
            counts[word] += NAME_WEIGHT if named else 1
    return counts


def _runs(article: Article) -> tuple[int, ...]:
    """Hash the runs of words of a text and keep a sample, the same in every text."""
    text = " ".join(article.text[span.start : span.end] for span in article.body)
    words = [word.lower().encode("utf-8", "surrogatepass") for word in _WORD.findall(text)]
    joined = b" ".join(words)
    starts = [0, *accumulate(len(word) + 1 for word in words)]
    hashes = [
        crc32(joined[start : end - 1]) for start, end in zip(starts, starts[RUN:], strict=False)
    ]
    return tuple(sorted({hash_ for hash_ in hashes if hash_ % SAMPLE == 0}))
