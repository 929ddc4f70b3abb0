"""What the page shows, cut into parts: one that it needs at once, and chunks for later.

The page opens with `core` alone: events and actors in columns, a few bytes each, so that it can
search, filter and draw a hundred thousand of them itself. The sentences and the texts come in
chunks when somebody wants to read. In a file the parts lie compressed in the page; a server sends
them by name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import takewhile
from typing import Any

from kg.view.namings import find_namings
from kg.view.rows import Record

__all__ = [
    "Places",
    "cut_core",
    "cut_tellings",
    "cut_texts",
    "split",
    "text_starts",
]

TELLINGS = 200  # events in a chunk: some 100 KB of JSON, a few milliseconds to read
TEXTS = 200_000  # characters of article text in a chunk, unless one article alone is longer

TABLES = ("articles", "entities", "events")
ARTICLE = ("name", "title", "publisher", "agency", "published", "url", "file")
TEXT = ("text", "headline", "skipped", "markup")
ENTITY = ("name", "kind", "kindLabel", "country", "countryName", "sector", "sectorLabel", "role")
EVENT = (
    "action", "type", "mode", "contexts", "cameo", "when", "basis", "theme", "negated", "modality",
    "rules",
)  # fmt: skip


def split(page: Record) -> dict[str, Record]:
    """Cut what `kg.view.payload` gathers into named parts; `core` tells how many there are."""
    events, articles = page["events"], page["articles"]
    starts = text_starts([len(article["text"]) for article in articles])
    core = cut_core(page, starts)
    places = Places.of_core(core)
    parts = {"core": core, "namings": find_namings(page, places.article, places.entity)}
    for number, start in enumerate(range(0, len(events), TELLINGS)):
        chunk = events[start : start + TELLINGS]
        parts[f"tellings-{number}"] = cut_tellings([each["mentions"] for each in chunk], places)
    links = _linked(page["links"], places)
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(articles)], strict=True)):
        parts[f"texts-{number}"] = _texts(articles[start:end], links)
    return parts


def cut_core(page: Record, starts: list[int]) -> Record:
    """Cut out what the page opens with; the events' tellings need no offsets for it.

    A table is a record of columns. References are places in those columns, IRIs stand without
    `base`, and what most events lack is null or empty, which costs nothing compressed.

    Args:
        starts: the first article of each chunk of texts, as `text_starts` gives them.
    """
    base, events, articles = _base(page), page["events"], page["articles"]
    places = Places(base, *([each["id"] for each in page[key]] for key in TABLES))
    return {
        "base": base,
        **{key: page[key] for key in ("quads", "shapes", "colours")},
        **_words(events),
        "articles": {"id": _local(articles, base), **_columns(articles, ARTICLE)},
        "entities": _entity_columns(page, base),
        "events": _event_columns(events, base, places),
        "contradictions": [_pair(pair, places, page) for pair in page["contradictions"]],
        "graph": _graph(page, places),
        "chunks": {"tellings": TELLINGS, "texts": starts},
        **({"whole": page["whole"]} if "whole" in page else {}),
    }


def cut_tellings(events: Iterable[Iterable[Record]], places: Places) -> Record:
    """Make the chunk that holds the tellings of these events."""
    return {"events": [[_telling(told, places) for told in mentions] for mentions in events]}


def cut_texts(articles: Iterable[Record], links: Iterable[Record], places: Places) -> Record:
    """Make the chunk that holds the texts of these articles."""
    return _texts(articles, _linked(links, places))


def _texts(articles: Iterable[Record], links: Mapping[str, list[list[int]]]) -> Record:
    return {
        "articles": [
            {**{key: article[key] for key in TEXT}, "links": links.get(article["id"], [])}
            for article in articles
        ]
    }


class Places:
    """Where each record stands in its table.

    Attributes:
        base: what all IRIs begin with.
        iris: those of articles, entities and events, in the order of the tables.
    """

    def __init__(self, base: str, *iris: list[str]) -> None:
        self.base, self.iris = base, dict(zip(TABLES, iris, strict=True))
        self.article, self.entity, self.event = (
            {iri: place for place, iri in enumerate(table)} for table in iris
        )

    @classmethod
    def of_core(cls, core: Record) -> Places:
        """Find them in what the page opens with."""
        base = core["base"]
        return cls(base, *([f"{base}{local}" for local in core[key]["id"]] for key in TABLES))


def _base(page: Record) -> str:
    """What all IRIs begin with.

    >>> _base({"articles": [{"id": "urn:x/a/1"}], "entities": [{"id": "urn:x/b/2"}], "events": []})
    'urn:x/'
    """
    every = [record["id"] for key in ("articles", "entities", "events") for record in page[key]]
    least, most = min(every, default=""), max(every, default="")
    same = sum(
        1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(least, most, strict=False))
    )
    return least[: least.rfind("/", 0, same) + 1]


def _local(records: Iterable[Record], base: str) -> list[str]:
    return [record["id"].removeprefix(base) for record in records]


def _columns(records: Sequence[Record], keys: Iterable[str]) -> Record:
    return {key: [record[key] for record in records] for key in keys}


def _words(events: Iterable[Record]) -> Record:
    """The names of codes, once each instead of once an event."""
    types, modes, cameo = {}, {}, {}
    for event in events:
        types[event["type"]] = {
            "label": event["typeLabel"],
            "definition": event["definition"],
            "quad": event["quad"],
        }
        modes[event["mode"]] = event["modeLabel"]
        cameo[event["cameo"]] = event["cameoLabel"]
    return {
        "types": types,
        "modes": {code: label for code, label in modes.items() if code},
        "cameo": {code: label for code, label in cameo.items() if code},
    }


def _entity_columns(page: Record, base: str) -> Record:
    entities = page["entities"]
    others = [[name for name in entity["names"] if name != entity["name"]] for entity in entities]
    return {"id": _local(entities, base), **_columns(entities, ENTITY), "names": others}


def _event_columns(events: Sequence[Record], base: str, places: Places) -> Record:
    return {
        "id": _local(events, base),
        **_columns(events, EVENT),
        "place": [places.entity.get(event["place"]) for event in events],
        "actors": [[places.entity[end] for end in event["actors"]] for event in events],
        "targets": [[places.entity[end] for end in event["targets"]] for event in events],
        "concerns": [
            [places.event[other] for other in event["concerns"] if other in places.event]
            for event in events
        ],
        **_columns(events, ("publishers", "against")),
        **{key: [of(event["mentions"], places) for event in events] for key, of in _TOLD.items()},
    }


def _articles(told: Iterable[Record], places: Places) -> list[int]:
    return sorted({places.article[mention["article"]] for mention in told})


def _speakers(told: Iterable[Record], places: Places) -> list[int]:
    named = {mention["speaker"]["entity"] for mention in told if mention["speaker"]}
    return sorted(places.entity[iri] for iri in named if iri in places.entity)


def _confidence(told: Iterable[Record], _: Places) -> int:
    """How sure the surest telling is, in per cent."""
    return max((round(100 * mention["confidence"]) for mention in told if mention["confidence"]),
               default=0)  # fmt: skip


# What filters and lists ask of an event's tellings, without fetching them.
_TOLD: dict[str, Callable[[list[Record], Places], Any]] = {
    "articles": _articles,
    "speakers": _speakers,
    "confidence": _confidence,
    "quoted": lambda told, _: any(mention["quoted"] for mention in told),
    "told": lambda told, _: len(told),
}


def _linked(links: Iterable[Record], places: Places) -> defaultdict[str, list[list[int]]]:
    """Begin, end and entity of each link, by article."""
    found: defaultdict[str, list[list[int]]] = defaultdict(list)
    for link in links:
        if link["entity"] in places.entity:
            found[link["article"]].append(
                [link["begin"], link["end"], places.entity[link["entity"]]]
            )
    return found


def _telling(mention: Record, places: Places) -> Record:
    speaker = mention["speaker"]
    who = speaker and {"entity": places.entity.get(speaker["entity"]), "text": speaker["text"]}
    return {
        **{key: value for key, value in mention.items() if key != "parties"},
        "id": mention["id"].removeprefix(places.base),
        "article": places.article[mention["article"]],
        "speaker": who,
    }


def _pair(pair: Record, places: Places, page: Record) -> Record:
    """Both ends of a contradiction: the event, which of its tellings, and the article of that."""
    ends: Record = {}
    for side in ("left", "right"):
        event, number = places.event[pair[side]["event"]], pair[side]["mention"]
        article = page["events"][event]["mentions"][number]["article"]
        ends[side] = {"event": event, "mention": number, "article": places.article[article]}
    return {**ends, "reason": pair["reason"]}


def _graph(page: Record, places: Places) -> Record:
    graph = page["graph"]
    nodes, edges, near, far = (graph[key] for key in ("nodes", "edges", "near", "far"))
    keys = [node["id"] for node in nodes]
    return {
        "nodes": {
            "entity": [places.entity[key] for key in keys],
            **_columns(nodes, ("label", "shape", "group", "size")),
            "near": [near.get(key) for key in keys],
            "far": [far.get(key) for key in keys],
        },
        "edges": {
            "from": [places.entity[edge["from"]] for edge in edges],
            "to": [places.entity[edge["to"]] for edge in edges],
            "event": [places.event[edge["event"]] for edge in edges],
        },
        "first": [places.entity[key] for key in page["first"]],
        "groups": [
            {**group, "members": [places.entity[key] for key in group["members"]]}
            for group in graph["groups"]
        ],
    }


def text_starts(lengths: Sequence[int]) -> list[int]:
    """The first article of each chunk of texts.

    Args:
        lengths: of the articles' texts, in characters.

    >>> text_starts([150_000, 60_000, 1])
    [0, 1]
    """
    starts, size = [0] if lengths else [], 0
    for place, length in enumerate(lengths):
        if size and size + length > TEXTS:
            starts.append(place)
            size = 0
        size += length
    return starts
