"""Event mentions and readings in a line each, for tests of merging."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from kg.model import (
    Argument,
    Article,
    Attribution,
    Code,
    Entity,
    EventMention,
    Frame,
    Mention,
    Reading,
    Source,
    Span,
    When,
    content_id,
)

__all__ = [
    "ARNOR",
    "ARNOR_KING",
    "ARNOR_REBELS",
    "GONDOR",
    "ROHAN",
    "STORY",
    "entity",
    "reading",
    "said_by",
    "telling",
]


def entity(name: str, kind: str, country: str | None = None, sector: str | None = None) -> Entity:
    id_ = content_id(kind, country or "", name.casefold())
    return Entity(id=id_, name=name, kind=kind, country=country, sector=sector)


ARNOR = entity("Arnor", "country", "ARN")
GONDOR = entity("Gondor", "country", "GON")
ROHAN = entity("Rohan", "country", "ROH")
ARNOR_KING = entity("Elessar", "person", "ARN", "GOV")
ARNOR_REBELS = entity("Arnorian rebels", "person", "ARN", "REB")


def telling(
    at: int,
    action: str,
    actors: Sequence[Entity] = (),
    targets: Sequence[Entity] = (),
    event: str = "ASSAULT",
    day: str | None = None,
    **more: Any,
) -> EventMention:
    """Make an event mention whose trigger starts at `at`; `reading` puts it into an article."""
    when = When(text=None, iso=day, precision="day", basis="explicit") if day is not None else None
    more.setdefault("code", Code(event=event, cameo=more.pop("cameo", None), rule=action))
    return EventMention(
        id="",
        article_id="",
        sentence=Span(at, at + 9),
        trigger=Span(at, at + 3),
        action=action,
        actors=tuple(_argument(entity, at + 3 + i) for i, entity in enumerate(actors)),
        targets=tuple(_argument(entity, at + 6 + i) for i, entity in enumerate(targets)),
        when=when,
        frame=more.pop("frame", Frame(predicate=action, pos=more.pop("pos", "v"))),
        **more,
    )


def said_by(who: Entity, told: EventMention) -> EventMention:
    """A telling in somebody's words."""
    mention = Mention(article_id="", span=Span(0, 1), text="x", label="NAME")
    speaker = Argument(mention=mention, entity=who, rule="name")
    return replace(
        told,
        attribution=Attribution(cue=Span(2, 3), speaker=speaker, content=(told.sentence,)),
    )


def _argument(entity: Entity, at: int) -> Argument:
    mention = Mention(article_id="", span=Span(at, at + 1), text="x", label="NAME")
    return Argument(mention=mention, entity=entity, rule="name")


STORY = "the harbour of Osgiliath burnt while Minas Tirith slept"


def reading(
    name: str,
    *tellings: EventMention,
    published: str | None = "3019-03-15",
    story: str = STORY,
    **more: Any,
) -> Reading:
    """Make the reading of an article called `name`; `concerns` may be given as an action.

    Args:
        story: what the text says behind the first 400 blanks, where the tellings stand.
        more: what else the article has.
    """
    more.setdefault("source", Source(id=name, name=name))
    article = Article(
        id=content_id(name), name=name, text=" " * 400 + story, published=published,
        body=(Span(400, 400 + len(story)),), **more,
    )  # fmt: skip
    told = [
        replace(t, article_id=article.id, id=content_id(article.id, t.trigger.start, t.action))
        for t in tellings
    ]
    by_action = {t.action: t.id for t in told}
    return Reading(
        article=article,
        events=tuple(replace(t, concerns=by_action.get(t.concerns or "")) for t in told),
    )
