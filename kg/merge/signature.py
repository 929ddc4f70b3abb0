"""What two tellings are compared by: act, parties, theme, time and how it is held."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from kg.lexicon import word_class
from kg.merge.acts import act_of, families_of, is_offer
from kg.merge.dates import Days, day_of, days_of
from kg.merge.parties import Parties, parties_of, speakers_of
from kg.merge.words import content_words, stem_word, weight_of
from kg.model import Article, Code, EventMention, Figure, Span, working_record
from kg.pickling import pickled_quickly
from kg.quantities import find_figures

__all__ = ["Signature", "of_story", "sign"]

HEDGE_WIDTH = 24  # characters before a naming in which its hedge and numeral can stand
Key = tuple[str, ...]

WILLED = frozenset({"proposed", "planned"})
UNSURE = frozenset({"possible", "conditional"})


@pickled_quickly
@working_record
class Signature:
    """One telling, reduced to what is compared.

    Attributes:
        type: PLOVER type; "OFFER" for offers, which one paper calls a proposal, another a call.
        root: CAMEO's two-digit root; None where there is no code.
        act: verb of what is done.
        done, borne: families of acts told from the doer's and from the sufferer's end.
        theme: folded content words of what is proposed, said or signed, with their weights.
        words: those and the words for things and people that are acted on.
        spelt: how the text has each of the words.
        positive: it is neither negated nor denied.
        meant: "willed" (proposed, planned), "unsure" (possible, conditional), or empty where it is
            told as having happened, or not.
        figures: how many act or are acted on.
        keys: of the blocks in which the telling can meet its like, or its denial.
        further: the text says that it is one more of its kind ("also proposed", "another attack").
    """

    id: str
    article: str
    sentence: Span
    at: int
    story: str
    type: str
    root: str | None
    act: str
    done: frozenset[str]
    borne: frozenset[str]
    actors: Parties
    targets: Parties
    theme: Mapping[str, float]
    words: Mapping[str, float]
    spelt: Mapping[str, str]
    positive: bool
    meant: str
    days: Days | None
    published: date | None
    figures: tuple[Figure, ...]
    further: bool
    keys: tuple[Key, ...]


def sign(mention: EventMention, article: Article, story: str) -> Signature:
    """Reduce a mention to what it is compared by.

    Args:
        story: that its article tells.
    """
    code = mention.code or Code(event="OTHER")
    statement = code.event == "STATEMENT"
    offer = is_offer(mention.action) and code.event in {"AGREE", "REQUEST"}
    done, borne = families_of(mention.action)
    theme = _stems(mention.theme or "")
    spelt = dict(theme)
    for text in _described(mention):
        spelt |= _stems(text)
    weights = {stem: weight_of(spelt[stem]) for stem in sorted(spelt)}
    unkeyed = Signature(
        id=mention.id,
        article=article.id,
        sentence=mention.sentence,
        at=mention.trigger.start,
        story=story,
        type="OFFER" if offer else code.event,
        root=code.cameo[:2] if code.cameo else None,
        act=act_of(mention.action),
        done=done,
        borne=borne,
        actors=speakers_of(mention.actors)
        if statement
        else parties_of(mention.actors, guessed="actor.country" in mention.inferred),
        targets=parties_of(mention.targets, guessed="target.country" in mention.inferred),
        theme={stem: weight for stem, weight in weights.items() if stem in theme},
        words=weights,
        spelt=spelt,
        positive=not (mention.negated or mention.modality == "denied"),
        meant=_meant(mention),
        days=days_of(mention.when.iso) if mention.when is not None else None,
        published=day_of(article.published),
        figures=_figures(mention, article),
        further=_is_further(mention, article),
        keys=(),
    )
    return _keyed(unkeyed)


def _stems(text: str) -> dict[str, str]:
    """Give the content words of a text by their stems, the last of those that share one."""
    return {stem_word(word): word for word, _ in content_words(text)}


def of_story(signature: Signature, story: str) -> Signature:
    """Give a signature as it is if its article tells a story."""
    return _keyed(replace(signature, story=story))


def _keyed(signature: Signature) -> Signature:
    return replace(signature, keys=tuple(_block_keys(signature)))


def _block_keys(new: Signature) -> Iterator[Key]:
    actors = [party.key for party in new.actors if party.is_name]
    targets = [party.key for party in new.targets if party.is_name]
    for family in new.done | new.borne:
        yield new.story, family
    for side in {*actors, *targets}:
        yield new.story, new.type, side
    for week in _weeks(new):
        yield from ((week, new.act, actor, target) for actor in actors for target in targets)


def _weeks(new: Signature) -> Iterable[str]:
    """Name the two half-overlapping weeks of a telling's day, if it has one."""
    day = new.published
    if new.days is not None and (new.days[1] - new.days[0]).days <= 7:
        day = new.days[0]
    if day is None:
        return ()
    number = day.toordinal()
    return {f"{(number - 4) // 7}", f"{(number + 4) // 7}"}


def _meant(mention: EventMention) -> str:
    willed = "willed" if mention.modality in WILLED else ""
    return "unsure" if mention.modality in UNSURE else willed


def _described(mention: EventMention) -> list[str]:
    """Give the words for targets that have no name."""
    return [
        a.mention.text
        for a in mention.targets
        if a.mention is not None and (a.entity is None or a.entity.kind in {"thing", "group"})
    ]


def _figures(mention: EventMention, article: Article) -> tuple[Figure, ...]:
    """Read the figures in what names the parties, their hedges included."""
    found: dict[Span, Figure] = {}
    for argument in (*mention.actors, *mention.targets):
        if argument.mention is None:
            continue
        span = argument.mention.span
        start = max(mention.sentence.start, span.start - HEDGE_WIDTH)
        if start > mention.sentence.start:  # not into the middle of a numeral
            start += len(article.text[start : span.start].partition(" ")[0])
        for figure in find_figures(article.text[start : span.end], start):
            if figure.span.end > span.start:
                found[figure.span] = figure
    return tuple(found[span] for span in sorted(found))


def _is_further(mention: EventMention, article: Article) -> bool:
    """Look for an additive word (Quirk et al. 1985, 8.116) right before the trigger."""
    before = article.text[
        max(mention.sentence.start, mention.trigger.start - 40) : mention.trigger.start
    ]
    return any(word.strip(",").lower() in word_class("ADDITIVE") for word in before.split()[-3:])
