"""Which events a page shows, where a graph holds more than a browser opens.

Those that most publishers tell, each on its own; among these, those told in most articles; among
these, the first by id, which is a hash: so they are of all days. The store chooses them, and what
is read for the page is bounded, however large the graph is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.view.rows import read_rows

if TYPE_CHECKING:
    from kg.store import Store

__all__ = ["Limits", "Selection", "select"]

ASKED_AT_ONCE = 200  # events whose tellings are asked for together
ID_DIGITS = 16  # of an id, hexadecimal: the hash of what an event is


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a page may hold: measured to open in two seconds, and to be made in half a minute.

    Attributes:
        text: characters of articles.
    """

    events: int = 5_000
    tellings: int = 20_000
    text: int = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What of a graph a page shows.

    Attributes:
        events, tellings, articles: their IRIs.
        of_events, of_articles: how many there are in the graph.
    """

    events: tuple[str, ...]
    tellings: tuple[str, ...]
    articles: tuple[str, ...]
    of_events: int
    of_articles: int

    def __str__(self) -> str:
        events = f"the {len(self.events):,} most told of {self.of_events:,} events"
        articles = f"from {len(self.articles):,} of {self.of_articles:,} articles"
        return f"{events}, {articles}; all of them: kg serve"


def select(store: Store, limits: Limits | None = None) -> Selection | None:
    """Choose what a page shows; None if it can show all."""
    limits = limits or Limits()
    (row,) = read_rows(store, _COUNTS)
    events, tellings, articles, text = (int(row[name] or 0) for name in row)
    if events <= limits.events and tellings <= limits.tellings and text <= limits.text:
        return None
    chosen = list(_fitting(store, _ranked(store, events, limits.events), limits))
    return Selection(
        events=tuple(event for event, _ in chosen),
        tellings=tuple(told for _, tellings in chosen for told, _ in tellings),
        articles=tuple(sorted({article for _, tellings in chosen for _, article in tellings})),
        of_events=events,
        of_articles=articles,
    )


_COUNTS = """
SELECT ?events ?tellings ?articles ?text {
  { SELECT (COUNT(DISTINCT ?e) AS ?events) { ?e a sem:Event } }
  { SELECT (COUNT(DISTINCT ?t) AS ?tellings) { ?t a kg:EventMention } }
  { SELECT (COUNT(DISTINCT ?a) AS ?articles) { ?a a schema:NewsArticle } }
  { SELECT (SUM(STRLEN(?words)) AS ?text) { ?context nif:isString ?words } }
}"""


def _ranked(store: Store, count: int, wanted: int) -> list[str]:
    """The most told events; of those that one article tells, only as many as may be wanted.

    Ids are hashes, so a share of all events has ids below that share of all ids: what need not be
    sorted isn't.
    """
    share = min(1.0, 2 * wanted / max(count, 1))
    below = f"{int(share * (16**ID_DIGITS - 1)):0{ID_DIGITS}x}"
    found = _most_told(store, below, wanted)
    if len(found) < min(wanted, count) and share < 1:
        found = _most_told(store, "g", wanted)
    return found


def _most_told(store: Store, below: str, wanted: int) -> list[str]:
    ask = _RANKED.replace("BELOW", below).replace("WANTED", str(wanted))
    rows = read_rows(store, ask)
    ranked = sorted(
        rows, key=lambda row: (-int(row["voices"] or 0), -int(row["told"] or 0), row["id"] or "")
    )
    return [row["event"] or "" for row in ranked]


_RANKED = """
SELECT DISTINCT ?event ?voices ?told ?id {
  ?event kg:sourceCount ?voices ; kg:articleCount ?told ; kg:id ?id .
  FILTER (?voices > 1 || ?told > 1 || ?id < "BELOW")
}
ORDER BY DESC(?voices) DESC(?told) ?id LIMIT WANTED"""


_Tellings = list[tuple[str, str]]
"""Each telling of an event, with its article."""


def _fitting(
    store: Store, ranked: Sequence[str], limits: Limits
) -> Iterator[tuple[str, _Tellings]]:
    """Give events, one at least, and pass over those whose tellings or articles don't fit."""
    known: set[str] = set()
    count = text = 0
    for event, tellings, lengths in _told(store, ranked):
        new = {article: lengths[article] for _, article in tellings if article not in known}
        more = count + len(tellings), text + sum(new.values())
        if known and (more[0] > limits.tellings or more[1] > limits.text):
            continue
        known.update(new)
        count, text = more
        yield event, tellings


def _told(
    store: Store, ranked: Sequence[str]
) -> Iterator[tuple[str, _Tellings, Mapping[str, int]]]:
    """Each event with its tellings, and the lengths of their articles."""
    for start in range(0, len(ranked), ASKED_AT_ONCE):
        some = ranked[start : start + ASKED_AT_ONCE]
        told: dict[str, _Tellings] = {event: [] for event in some}
        for row in read_rows(store, _TOLD, event=some):
            told[row["event"] or ""].append((row["telling"] or "", row["article"] or ""))
        articles = {article for tellings in told.values() for _, article in tellings}
        rows = read_rows(store, _LENGTHS, article=articles)
        lengths = {row["article"] or "": int(row["length"] or 0) for row in rows}
        yield from ((event, tellings, lengths) for event, tellings in told.items())


_TOLD = """
SELECT DISTINCT ?event ?telling ?article
WHERE { ?event gaf:denotedBy ?telling . ?telling kg:article ?article }"""


_LENGTHS = """
SELECT DISTINCT ?article ?length
WHERE { ?context nif:sourceUrl ?article ; nif:isString ?text BIND (STRLEN(?text) AS ?length) }"""
