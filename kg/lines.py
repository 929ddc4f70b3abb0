"""Records as the lines that outside programs read: a JSON object an event, tabs for open triples.

The keys are a contract (see the README's "Event lines"): keys are added, never renamed or dropped.
Offsets are code points in the input text, and "text" is what stands there. Where that holds markup,
as on a page of HTML, "exact" beside it is what a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any  # JSON values

from kg.model import Argument, Article, Attribution, EventMention, News, Reading, Span, Triple

__all__ = ["attribution_lines", "event_line", "event_lines", "reading_lines", "triple_lines"]


def event_lines(news: News) -> Iterator[dict[str, Any]]:
    """Give a line for every event mention, by article and place."""
    event_ids = {mention.id: event.id for event in news.events for mention in event.mentions}
    return reading_lines(news.readings, event_ids)


def reading_lines(
    readings: Iterable[Reading], event_ids: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    """Give a line for every event mention of readings, by place.

    Args:
        event_ids: the event of every mention, by their ids.
    """
    for reading in readings:
        for event in reading.events:
            yield event_line(event, reading.article, event_ids[event.id])


def event_line(event: EventMention, article: Article, event_id: str) -> dict[str, Any]:
    """Turn an event mention into its JSON object."""
    assert event.code is not None
    trigger = event.trigger
    return {
        "doc": article.name,
        "id": event.id,
        "event_id": event_id,
        "sentence": {"start": event.sentence.start, "end": event.sentence.end},
        "trigger": {
            "text": _slice(article, trigger),
            "start": trigger.start,
            "end": trigger.end,
            **_exact(article, trigger),
        },
        "start": trigger.start,
        "end": trigger.end,
        "action": event.action,
        "event": event.code.event,
        "mode": event.code.mode,
        "contexts": list(event.code.contexts),
        "cameo": event.code.cameo,
        "actor": [_argument(argument, article) for argument in event.actors],
        "target": [_argument(argument, article) for argument in event.targets],
        "theme": event.theme,
        "negated": event.negated,
        "modality": event.modality,
        "attributed_to": _speaker(event.attribution, article),
        "quote": event.attribution is not None and event.attribution.quoted,
        "time": _time(event, article),
        "place": _argument(event.place, article) if event.place is not None else None,
        "confidence": event.confidence,
        "inferred": list(event.inferred),
        "concerns": event.concerns,
        "rule": event.code.rule,
    }


def attribution_lines(readings: Iterable[Reading]) -> Iterator[dict[str, Any]]:
    """Give a line ``{"doc", "source", "cue", "content"}`` for everything that is reported."""
    for reading in readings:
        for attribution in reading.attributions:
            speaker = attribution.speaker
            source = speaker.mention.span if speaker is not None and speaker.mention else None
            spans = [[part.start, part.end] for part in attribution.content]
            yield {
                "doc": reading.article.name,
                "source": [source.start, source.end] if source is not None else None,
                "cue": [attribution.cue.start, attribution.cue.end],
                "content": spans[0] if len(spans) == 1 else spans,
                "quoted": attribution.quoted,
                "stance": attribution.stance,
            }


def triple_lines(found: Iterable[tuple[Article, Iterable[Triple]]]) -> Iterator[str]:
    """Give a line ``sentence, confidence, predicate, arguments`` for every open triple.

    Cells are parted by tabs; runs of blanks inside them are one blank, so that none breaks a line.
    """
    for article, triples in found:
        for triple in triples:
            sentence = _slice(article, triple.sentence)
            cells = (sentence, str(triple.confidence), triple.predicate, *triple.arguments)
            yield "\t".join(" ".join(cell.split()) for cell in cells)


def _slice(article: Article, span: Span) -> str:
    return article.text[span.start : span.end]


def _exact(article: Article, span: Span) -> dict[str, str]:
    """Give what is read in a place, if that differs from what stands there."""
    words = article.words(span)
    return {} if words == _slice(article, span) else {"exact": words}


def _argument(argument: Argument, article: Article) -> dict[str, Any]:
    mention, entity = argument.mention, argument.entity
    return {
        "text": mention.text if mention is not None else None,
        "start": mention.span.start if mention is not None else None,
        "end": mention.span.end if mention is not None else None,
        "name": entity.name if entity is not None else None,
        "id": entity.id if entity is not None else None,
        "country": entity.country if entity is not None else None,
        "sector": entity.sector if entity is not None else None,
        "kind": entity.kind if entity is not None else None,
        "rule": argument.rule,
        **(_exact(article, mention.span) if mention is not None else {}),
    }


def _speaker(attribution: Attribution | None, article: Article) -> Mapping[str, Any] | None:
    if attribution is None or attribution.speaker is None:
        return None
    mention, entity = attribution.speaker.mention, attribution.speaker.entity
    return {
        "text": mention.text if mention is not None else None,
        "start": mention.span.start if mention is not None else None,
        "end": mention.span.end if mention is not None else None,
        "name": entity.name if entity is not None else mention.text if mention else None,
        "country": entity.country if entity is not None else None,
        **(_exact(article, mention.span) if mention is not None else {}),
    }


def _time(event: EventMention, article: Article) -> Mapping[str, Any] | None:
    when = event.when
    if when is None:
        return None
    return {
        "text": _slice(article, when.text) if when.text is not None else None,
        "iso": when.iso,
        "precision": when.precision,
        "basis": when.basis,
        **(_exact(article, when.text) if when.text is not None else {}),
    }
