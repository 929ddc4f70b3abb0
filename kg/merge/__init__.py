"""Event mentions of all articles become events: what several places tell is one happening.

1. `stories`: articles that tell one story are found by their words;
2. `signature`: each telling is reduced to what it is compared by (`acts`, `parties`, `dates`);
3. `groups`: each joins the event that most speaks for, unless something speaks against it;
4. `joined`: an event takes from its tellings what most of them say;
5. `clashes`: tellings that can't both be right are marked, and nothing is deleted;
6. `copies`: texts that repeat others are found, so that an event's voices are counted once each.

Tellings meet in blocks (a story's act; an act, both parties and a week), so cost is near linear;
and those that blocks connect are merged by themselves (`merging`), so memory holds few at a time.
"""

from __future__ import annotations

from collections.abc import Iterable

from kg.merge import copies, stories
from kg.merge.dates import times_meet
from kg.merge.merging import Merging, Survey, survey, time_order
from kg.merge.sketches import Sketch, sketch_of
from kg.model import News, Reading

__all__ = [
    "Merging",
    "Sketch",
    "Survey",
    "copies",
    "merge",
    "sketch_of",
    "stories",
    "survey",
    "time_order",
    "times_meet",
]


def merge(readings: Iterable[Reading], apart: Iterable[tuple[str, str]] = ()) -> News:
    """Merge the event mentions of readings; their order doesn't matter.

    Args:
        apart: pairs of ids, of mentions or of events, that a person wants kept apart.

    >>> merge([]).events
    ()
    """
    held = {reading.article.id: reading for reading in readings}
    known = survey({id_: sketch_of(reading.article) for id_, reading in held.items()})
    merging = Merging(known, apart)
    for id_ in known.order:
        merging.add(held[id_])
    events = tuple(sorted(merging.events(), key=lambda event: event.id))
    return News(
        readings=tuple(held[id_] for id_ in sorted(held)),
        events=events,
        contradictions=merging.contradictions(),
        copies=known.copies,
    )
