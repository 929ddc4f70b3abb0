"""What each source calls whom: for the page that sets two of them side by side.

The same figures as `kg compare` gives, for any two publishers at once: the page picks its pair.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kg.view.rows import Record

__all__ = ["find_namings"]

_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)


def find_namings(page: Record, articles: Mapping[str, int], entities: Mapping[str, int]) -> Record:
    """Tabulate who is named how in which article, and how shared events name who plays a part.

    Args:
        articles: place of each article in the page's table.
        entities: place of each entity there; most that are only named have none.
    """
    names = list(_names(page["links"], articles, entities))
    roles = list(_roles(page))
    return {
        **_columns(("entity", "known", "article", "name", "times"), names),
        "roles": _columns(("event", "publisher", "role", "known", "words"), roles),
    }


def _columns(keys: Iterable[str], rows: list[tuple[object, ...]]) -> Record:
    return {key: [row[place] for row in rows] for place, key in enumerate(keys)}


def _names(
    links: Iterable[Record], articles: Mapping[str, int], entities: Mapping[str, int]
) -> Iterator[tuple[object, ...]]:
    """Names and descriptions, without "the" and "a"; a pronoun names nothing."""
    counts = Counter(
        (link["known"], articles[link["article"]], _ARTICLE.sub("", link["name"]))
        for link in links
        if link["label"] != "PRONOUN" and link["kind"] != "thing"
    )
    places = {link["known"]: entities.get(link["entity"]) for link in reversed(list(links))}
    for (known, article, name), times in sorted(counts.items()):
        yield places[known], known, article, name, times


def _roles(page: Record) -> Iterator[tuple[object, ...]]:
    """Event, publisher, role, whom it is and in which words, where two or more tell of an event."""
    publishers = {article["id"]: article["publisher"] for article in page["articles"]}
    for place, event in enumerate(page["events"]):
        told: dict[str, list[Record]] = {}
        for mention in event["mentions"]:
            told.setdefault(publishers[mention["article"]], []).append(mention)
        if len(told) < 2 or event["type"] == "STATEMENT":
            continue
        for publisher, mentions in sorted(told.items()):
            for role, known, words in _fullest(mentions)["parties"]:
                if known and words:
                    yield place, publisher, role, known, words


def _fullest(mentions: Iterable[Record]) -> Record:
    """The telling that names most of who and whom; the first of several."""
    return max(
        mentions,
        key=lambda told: (
            len({role for role, *_ in told["parties"]} & {"actor", "target"}),
            -told["trigger"][0],
            told["article"],
        ),
    )
