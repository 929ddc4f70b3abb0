"""A small `News`, built by hand: what the rooms after merging can be tested on without a model.

Two invented articles by two publishers. Both tell of Norway's proposal and Iceland's rejection (in
the second the target is inferred). One has a criticism that a minister reports, a denied expulsion,
a time, a place and an emoji before every offset; the other, a JSONL record, asserts the expulsion.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from kg.model import (
    Argument,
    Article,
    Attribution,
    Code,
    Contradiction,
    Entity,
    Event,
    EventMention,
    Mention,
    News,
    Reading,
    Skipped,
    Source,
    Span,
    When,
    content_id,
)

HERALD_TEXT = """\
🚢 Iceland rejects Norway's patrol plan

On Monday Norway proposed joint naval patrols to Iceland.
Iceland rejected Norway's plan in Tromsø on Tuesday.

"Norway has criticised us," Foreign Minister Katrin Jonsdottir said.
Iceland denied that it had expelled a Norwegian diplomat.

Subscribe <b>now</b> & save!
"""

GAZETTE_TEXT = (
    "Norway proposed joint naval patrols to Iceland on Monday.\n"
    "Officials in Reykjavik rejected the proposal.\n"
    "Iceland expelled a Norwegian diplomat."
)


def _entity(name: str, kind: str, **more: str) -> Entity:
    return Entity(
        id=content_id(kind, more.get("country"), name),
        name=name,
        kind=kind,
        country=more.get("country"),
        sector=more.get("sector"),
        role=more.get("role"),
        same_as=(more["same_as"],) if "same_as" in more else (),
    )


NORWAY = _entity("Norway", "country", country="NOR", same_as="http://www.wikidata.org/entity/Q20")
ICELAND = _entity(
    "Iceland", "country", country="ISL", same_as="http://www.wikidata.org/entity/Q189"
)
MINISTER = _entity(
    "Katrin Jonsdottir", "person", country="ISL", sector="GOV", role="Foreign Minister"
)
TROMSO = _entity("Tromsø", "place", country="NOR")


def _span(text: str, words: str, within: str | None = None) -> Span:
    """The first place of `words` in `text`, or in its first stretch `within`."""
    start = text.index(words, text.index(within) if within else 0)
    return Span(start, start + len(words))


def _article(name: str, text: str, **more: object) -> Article:
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Article(id=digest[:16], name=name, text=text, sha256=digest, **more)  # type: ignore[arg-type]


def _argument(article: Article, sentence: str, words: str, entity: Entity, rule: str) -> Argument:
    span = _span(article.text, words, sentence)
    label = "ADJECTIVE" if rule == "demonym" else "PRONOUN" if rule == "pronoun" else "NAME"
    mention = Mention(article_id=article.id, span=span, text=words, label=label)
    return Argument(mention=mention, entity=entity, rule=rule)


def _event(
    article: Article,
    sentence: str,
    trigger: str,
    action: str,
    actors: tuple[Argument, ...],
    targets: tuple[Argument, ...],
    **more: object,
) -> EventMention:
    place = _span(article.text, trigger, sentence)
    return EventMention(
        id=content_id(article.id, place.start, place.end, action),
        article_id=article.id,
        sentence=_span(article.text, sentence),
        trigger=place,
        action=action,
        actors=actors,
        targets=targets,
        **more,  # type: ignore[arg-type]
    )


_PROPOSE = Code(event="AGREE", contexts=("military",), cameo="0312", rule="propose/obj")
_REJECT = Code(
    event="REJECT", mode="assist", contexts=("military",), cameo="1212", rule="reject/obj=PLAN"
)
_CRITICISE = Code(event="ACCUSE", mode="disapprove", cameo="111", rule="criticise")
_EXPEL = Code(
    event="SANCTION", mode="expel", contexts=("diplomatic",), cameo="161", rule="expel/obj=DIPLOMAT"
)


def _herald() -> Reading:
    text = HERALD_TEXT
    article = _article(
        "herald",
        text,
        path="news/herald.txt",
        title="🚢 Iceland rejects Norway's patrol plan",
        headline=_span(text, "🚢 Iceland rejects Norway's patrol plan"),
        source=Source(id="northern-herald", name="Northern Herald"),
        dateline="Tromsø",
        published="2024-03-05T18:30",
        published_from="text",
        body=(
            Span(text.index("On Monday"), text.index("\n\n", text.index("Tuesday"))),
            Span(text.index('"Norway'), text.index("\n\nSubscribe")),
        ),
        skipped=(Skipped(span=_span(text, "Subscribe <b>now</b> & save!"), reason="newsletter"),),
    )
    proposed = "On Monday Norway proposed joint naval patrols to Iceland."
    rejected = "Iceland rejected Norway's plan in Tromsø on Tuesday."
    criticised = '"Norway has criticised us," Foreign Minister Katrin Jonsdottir said.'
    denied = "Iceland denied that it had expelled a Norwegian diplomat."
    minister = _argument(article, criticised, "Katrin Jonsdottir", MINISTER, "title+name")
    iceland_denies = _argument(article, denied, "Iceland", ICELAND, "name")
    says = Attribution(
        cue=_span(text, "said", criticised),
        speaker=minister,
        content=(_span(text, "Norway has criticised us", criticised),),
        quoted=True,
    )
    denies = Attribution(
        cue=_span(text, "denied", denied),
        speaker=iceland_denies,
        content=(_span(text, "it had expelled a Norwegian diplomat", denied),),
        stance="denial",
    )
    propose = _event(
        article,
        proposed,
        "proposed",
        "propose",
        (_argument(article, proposed, "Norway", NORWAY, "name"),),
        (_argument(article, proposed, "Iceland", ICELAND, "name"),),
        theme="joint naval patrols",
        when=When(
            text=_span(text, "On Monday"), iso="2024-03-04", precision="day", basis="relative"
        ),
        code=_PROPOSE,
        confidence=0.9,
    )
    reject = _event(
        article,
        rejected,
        "rejected",
        "reject",
        (_argument(article, rejected, "Iceland", ICELAND, "name"),),
        (_argument(article, rejected, "Norway", NORWAY, "name"),),
        theme="Norway's plan",
        when=When(
            text=_span(text, "on Tuesday"), iso="2024-03-05", precision="day", basis="relative"
        ),
        place=_argument(article, rejected, "Tromsø", TROMSO, "name"),
        code=_REJECT,
        confidence=0.85,
        concerns=propose.id,
    )
    criticise = _event(
        article,
        criticised,
        "criticised",
        "criticise",
        (_argument(article, criticised, "Norway", NORWAY, "name"),),
        (_argument(article, criticised, "us", ICELAND, "pronoun"),),
        attribution=says,
        when=When(text=None, iso="2024-03-05", precision="day", basis="publication"),
        code=_CRITICISE,
        confidence=0.7,
        inferred=("time",),
    )
    expel = _event(
        article,
        denied,
        "expelled",
        "expel",
        (_argument(article, denied, "it", ICELAND, "pronoun"),),
        (_argument(article, denied, "Norwegian", NORWAY, "demonym"),),
        theme="a Norwegian diplomat",
        modality="denied",
        attribution=denies,
        code=_EXPEL,
        confidence=0.6,
    )
    events = (propose, reject, criticise, expel)
    return Reading(
        article=article,
        events=events,
        links=_links(*events, more=(minister, iceland_denies)),
        attributions=(says, denies),
        let_go=(("clause without actor", 1),),
    )


def _gazette() -> Reading:
    text = GAZETTE_TEXT
    first, second, third = text.split("\n")
    article = _article(
        "gazette",
        text,
        path="news/gazette.jsonl",
        record=0,
        title="Patrol plan rejected",
        source=Source(id="fjord-gazette", name="Fjord Gazette"),
        published="2024-03-06",
        published_from="record",
        url="https://gazette.example/2024/patrol?id=1",
        body=tuple(_span(text, line) for line in (first, second, third)),
    )
    propose = _event(
        article,
        first,
        "proposed",
        "propose",
        (_argument(article, first, "Norway", NORWAY, "name"),),
        (_argument(article, first, "Iceland", ICELAND, "name"),),
        theme="joint naval patrols",
        when=When(
            text=_span(text, "on Monday"), iso="2024-03-04", precision="day", basis="relative"
        ),
        code=_PROPOSE,
        confidence=0.9,
    )
    reject = _event(
        article,
        second,
        "rejected",
        "reject",
        (_argument(article, second, "Reykjavik", ICELAND, "metonym"),),
        (Argument(mention=None, entity=NORWAY, rule="maker of the proposal"),),
        theme="the proposal",
        code=_REJECT,
        confidence=0.5,
        inferred=("target",),
        concerns=propose.id,
    )
    expel = _event(
        article,
        third,
        "expelled",
        "expel",
        (_argument(article, third, "Iceland", ICELAND, "name"),),
        (_argument(article, third, "Norwegian", NORWAY, "demonym"),),
        theme="a Norwegian diplomat",
        code=_EXPEL,
        confidence=0.8,
    )
    events = (propose, reject, expel)
    return Reading(article=article, events=events, links=_links(*events))


def _links(*events: EventMention, more: tuple[Argument, ...] = ()) -> tuple[Argument, ...]:
    places = (event.place for event in events if event.place)
    told = [argument for event in events for argument in (*event.actors, *event.targets)]
    linked = {
        argument.mention.span: argument
        for argument in (*told, *places, *more)
        if argument.mention is not None
    }
    return tuple(linked[span] for span in sorted(linked))


def _merged(*mentions: EventMention, **more: object) -> Event:
    first = mentions[0]
    assert first.code
    return Event(
        id=content_id("event", first.id),
        action=first.action,
        code=first.code,
        actors=tuple(argument.entity for argument in first.actors if argument.entity),
        targets=tuple(argument.entity for argument in first.targets if argument.entity),
        when=first.when,
        place=first.place.entity if first.place else None,
        mentions=mentions,
        reasons=("first mention",) + ("same actors, targets, code",) * (len(mentions) - 1),
        **more,  # type: ignore[arg-type]
    )


def sample_news() -> News:
    """Two readings, four events (two of them told twice) and one contradiction."""
    herald, gazette = _herald(), _gazette()
    propose, reject, criticise, denied = herald.events
    propose_again, reject_again, expel = gazette.events
    both = sorted(r.article.source.id for r in (herald, gazette) if r.article.source)
    proposal = _merged(propose, propose_again, voices=tuple(both))
    events = (
        proposal,
        _merged(reject, reject_again, concerns=(proposal.id,), voices=tuple(both)),
        _merged(criticise, voices=("northern-herald",)),
        _merged(expel, denied, voices=("fjord-gazette",)),  # one denies it
    )
    left, right = sorted((denied.id, expel.id))
    return News(
        readings=tuple(sorted((herald, gazette), key=lambda reading: reading.article.id)),
        events=tuple(sorted(events, key=lambda event: event.id)),
        contradictions=(Contradiction(left=left, right=right, reason="one denies, one asserts"),),
    )


def write_sources(folder: Path) -> None:
    """Write the two source files where the articles' paths say, under `folder`."""
    (folder / "news").mkdir(parents=True, exist_ok=True)
    herald, gazette = folder / "news/herald.txt", folder / "news/gazette.jsonl"
    herald.write_text(HERALD_TEXT, encoding="utf-8", newline="\n")
    line = json.dumps({"id": "gazette", "text": GAZETTE_TEXT, "date": "2024-03-06"})
    gazette.write_text(line + "\n", encoding="utf-8", newline="\n")
