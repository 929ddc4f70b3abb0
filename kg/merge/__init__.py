"""Event mentions of all articles become events: what several places tell is one happening.

1. `stories`: articles that tell one story are found by their words;
2. `signature`: each telling is reduced to what it is compared by (`acts`, `parties`, `dates`);
3. `groups`: each joins the event that most speaks for, unless something speaks against it;
4. `joined`: an event takes from its tellings what most of them say;
5. `clashes`: tellings that can't both be right are marked, and nothing is deleted;
6. `copies`: texts that repeat others are found, so that an event's voices are counted once each.

Tellings meet in blocks (a story's act; an act, both parties and a week), so cost is near linear.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kg.merge.clashes import Told, find_clashes
from kg.merge.copies import find_copies, voices
from kg.merge.dates import times_meet
from kg.merge.groups import group_tellings
from kg.merge.joined import event_id, join_events
from kg.merge.signature import sign
from kg.merge.stories import find_stories
from kg.model import News, Reading

__all__ = ["merge", "times_meet"]


def merge(readings: Iterable[Reading], apart: Iterable[tuple[str, str]] = ()) -> News:
    """Merge the event mentions of readings; their order doesn't matter.

    Args:
        apart: pairs of ids, of mentions or of events, that a person wants kept apart.

    >>> merge([]).events
    ()
    """
    ordered = sorted(readings, key=lambda r: (r.article.published or "9999", r.article.id))
    stories = find_stories([reading.article for reading in ordered])
    told = {
        mention.id: Told(mention, sign(mention, reading.article, stories), reading.article)
        for reading in ordered
        for mention in reading.events
    }
    cores = group_tellings([telling.signature for telling in told.values()], _pairs(apart, told))
    copies = find_copies([reading.article for reading in ordered], stories)
    sources = {r.article.id: r.article.source.id for r in ordered if r.article.source}
    originals = {copy.article_id: copy.original_id for copy in copies}
    events = join_events(cores, [telling.mention for telling in told.values()])
    return News(
        readings=tuple(sorted(ordered, key=lambda r: r.article.id)),
        events=tuple(
            replace(
                event, voices=voices((m.article_id for m in event.mentions), sources, originals)
            )
            for event in events
        ),
        contradictions=find_clashes(cores, told),
        copies=copies,
    )


def _pairs(apart: Iterable[tuple[str, str]], known: Iterable[str]) -> dict[str, frozenset[str]]:
    """Turn pairs of ids into mention -> mentions; an event's id means its first mention."""
    first = {event_id(mention): mention for mention in known}
    found: dict[str, frozenset[str]] = {}
    for pair in apart:
        left, right = (first.get(id_, id_) for id_ in pair)
        found[left] = found.get(left, frozenset()) | {right}
        found[right] = found.get(right, frozenset()) | {left}
    return found
