"""What a denial answers: the act that somebody else says its speaker did, in whatever words.

"Suran accused Norland of shelling a clinic. Norland denied having fired at the town": what is
denied there is the shelling, told by another verb.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from kg.lexicon import fold_lemma, word_class
from kg.model import Argument, Entity, EventMention

__all__ = ["answered"]

WITHIN = 1500  # characters between an accusation and its denial: some paragraphs
FORCE = frozenset({"ASSAULT", "MOBILIZE"})
HELP = frozenset({"AID", "COOPERATE", "SUPPORT"})
OFFICIAL = frozenset({"GOV", "MIL", "SPY", None})
"""Sectors that act for their state: what the army is accused of, the ministry denies."""


def answered(events: Sequence[EventMention]) -> Iterator[tuple[str, str]]:
    """Give the ids of each denied act and of the act that it denies; events come in order."""
    for at, denial in enumerate(events):
        if not _is_denial(denial):
            continue
        for before in range(at - 1, -1, -1):
            charge = events[before]
            if denial.trigger.start - charge.trigger.end > WITHIN:
                break
            if _is_charge(charge, denial):
                yield denial.id, charge.id
                break


def _is_denial(event: EventMention) -> bool:
    """Tell an act that its own doer says was none."""
    if event.attribution is not None and event.attribution.speaker is not None:
        own = _share([event.attribution.speaker], event.actors)
        return own and (event.modality == "denied" or event.negated)
    return event.modality == "denied"


def _is_charge(charge: EventMention, denial: EventMention) -> bool:
    """Tell the act that is denied: of one field, by the same side, to nobody else; and told by
    another than who did it."""
    if charge.negated or charge.modality != "asserted" or not _same_field(charge, denial):
        return False
    said_by = charge.attribution.speaker if charge.attribution is not None else None
    if not _share(charge.actors, denial.actors):
        return False
    if said_by is not None:
        return not _share([said_by], denial.actors) and _may_be_same(charge, denial)
    return _is_same(charge.targets, denial.targets)  # the paper itself says so


def _same_field(left: EventMention, right: EventMention) -> bool:
    types = {e.code.event for e in (left, right) if e.code is not None}
    same = len(types) == 1 and not types & {"OTHER", "STATEMENT"}
    return same or types <= FORCE or types <= HELP


def _may_be_same(charge: EventMention, denial: EventMention) -> bool:
    """Tell whether it can have been done to the same: one side, or nobody in particular."""
    ours, theirs = _particular(charge.targets), _particular(denial.targets)
    return not ours or not theirs or _is_same(ours, theirs)


def _is_same(left: Sequence[Argument], right: Sequence[Argument]) -> bool:
    """Tell whether two are of one state, or one noun ("the port of Suran", "the port")."""
    states = [{a.entity.country for a in some if a.entity} - {None} for some in (left, right)]
    if any(states[0] & states[1]):
        return True
    words = [{w for a in some if a.mention for w in _nouns(a)} for some in (left, right)]
    return bool(words[0] & words[1])


def _nouns(argument: Argument) -> list[str]:
    assert argument.mention is not None
    text = argument.mention.text if _is_described(argument) else ""
    return [fold_lemma(word) for word in text.lower().split(" of ")[0].split()[-1:]]


def _is_described(argument: Argument) -> bool:
    return argument.mention is not None and argument.mention.label == "NOMINAL"


def _particular(arguments: Iterable[Argument]) -> list[Argument]:
    """Leave out nouns and pronouns that anybody may be meant by ("anyone", "civilians")."""
    return [a for a in arguments if a.entity is not None and (a.entity.country or _is_named(a))]


def _is_named(argument: Argument) -> bool:
    return argument.mention is not None and argument.mention.label in {"NAME", "ADJECTIVE"}


def _share(left: Iterable[Argument], right: Iterable[Argument]) -> bool:
    theirs = [a.entity for a in right if a.entity is not None]
    return any(_one_side(a.entity, b) for a in left if a.entity is not None for b in theirs)


def _one_side(a: Entity, b: Entity) -> bool:
    if a.id == b.id:
        return True
    if a.country is None or a.country != b.country:
        return _same_noun(a, b)
    return (a.sector in OFFICIAL and b.sector in OFFICIAL) or _same_noun(a, b)


def _same_noun(a: Entity, b: Entity) -> bool:
    """Tell "police" from "the Kenyan police": one noun, and no two states."""
    if a.country and b.country and a.country != b.country:
        return False
    described = word_class("POLICE") | word_class("FORCE")
    nouns = [fold_lemma(e.name.split()[-1]) if e.name else "" for e in (a, b)]
    return nouns[0] == nouns[1] and nouns[0] in described
