"""An event in the making: what its tellings agree on so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date

from kg.merge.dates import Days
from kg.merge.parties import Parties, Party
from kg.merge.signature import Signature
from kg.model import Figure, Span
from kg.pickling import pickled_quickly

__all__ = ["Core", "core_of", "is_flipped"]


@pickled_quickly
@dataclass(slots=True)
class Core:
    """What tellings of one event share; comparing goes by it, never by the nearest telling.

    Attributes:
        tellings: ids of the event mentions and why each is here, in the order they came.
        done, borne: families of acts that all tellings share, as far as they share any.
        actors, targets: whom at least half as many tellings name as name the one named most.
        acts_in: the acts told in each sentence.
        first_at, further_at: where in an article it is told first, where as one more of its kind.
        days: on which it can have been; None while no telling dates it.
        figures: article, id of the telling, and how many it speaks of.
        published: the first and the last day of the papers that tell it.
    """

    type: str
    positive: bool
    meant: str
    tellings: list[tuple[str, str]]
    acts: set[str]
    roots: set[str]
    done: frozenset[str]
    borne: frozenset[str]
    actor_counts: Counter[Party]
    target_counts: Counter[Party]
    actors: Parties
    targets: Parties
    theme: dict[str, float]
    words: dict[str, float]
    spelt: dict[str, str]
    days: Days | None
    published: Days | None
    acts_in: dict[tuple[str, Span], set[str]]
    first_at: dict[str, int]
    further_at: dict[str, int]
    stories: set[str]
    figures: list[tuple[str, str, Figure]]

    @property
    def is_statement(self) -> bool:
        """Tell whether it is something said."""
        return self.type == "STATEMENT"

    def take(self, other: Core, reason: str) -> None:
        """Take in the tellings of another, which has nothing left to do afterwards."""
        flipped = is_flipped(self, other)
        done, borne = (other.borne, other.done) if flipped else (other.done, other.borne)
        self.tellings += [(id_, reason) for id_, _ in other.tellings]
        self.acts |= other.acts
        self.roots |= other.roots
        self.done = self.done & done or self.done or done
        self.borne = self.borne & borne or self.borne or borne
        self.actor_counts.update(other.target_counts if flipped else other.actor_counts)
        self.target_counts.update(other.actor_counts if flipped else other.target_counts)
        self.actors, self.targets = _core(self.actor_counts), _core(self.target_counts)
        self.theme.update(other.theme)
        self.words.update(other.words)
        self.spelt.update(other.spelt)
        self.days = _common(self.days, other.days)
        self.published = _hull(self.published, other.published)
        for sentence, acts in other.acts_in.items():
            self.acts_in.setdefault(sentence, set()).update(acts)
        for mine, theirs in ((self.first_at, other.first_at), (self.further_at, other.further_at)):
            for article, at in theirs.items():
                mine[article] = min(at, mine.get(article, at))
        self.meant = self.meant if self.meant == other.meant else ""
        self.stories |= other.stories
        self.figures += other.figures


def core_of(new: Signature) -> Core:
    """Begin an event with one telling."""
    return Core(
        type=new.type,
        positive=new.positive,
        meant=new.meant,
        tellings=[(new.id, "first telling")],
        acts={new.act},
        roots={new.root} if new.root else set(),
        done=new.done,
        borne=new.borne,
        actor_counts=Counter(new.actors),
        target_counts=Counter(new.targets),
        actors=new.actors,
        targets=new.targets,
        theme=dict(new.theme),
        words=dict(new.words),
        spelt=dict(new.spelt),
        days=new.days,
        published=(new.published, new.published) if new.published else None,
        acts_in={(new.article, new.sentence): {new.act}},
        first_at={new.article: new.at},
        further_at={new.article: new.at} if new.further else {},
        stories={new.story},
        figures=[(new.article, new.id, figure) for figure in new.figures],
    )


def is_flipped(left: Core, right: Core) -> bool:
    """Tell whether one has the act from its other end ("died" of a "killed")."""
    return not left.done & right.done and bool(left.borne & right.done or left.done & right.borne)


def _core(counts: Counter[Party]) -> Parties:
    most = max(counts.values(), default=0)
    return frozenset(party for party, count in counts.items() if 2 * count > most)


def _common(left: Days | None, right: Days | None) -> Days | None:
    """The days on which both can be; of two that only nearly meet, the narrower."""
    if left is None or right is None:
        return left or right
    first, last = max(left[0], right[0]), min(left[1], right[1])
    return (first, last) if first <= last else min(left, right, key=lambda d: (d[1] - d[0], d))


def _hull(left: Days | None, right: Days | None) -> Days | None:
    if left is None or right is None:
        return left or right
    days: list[date] = [*left, *right]
    return min(days), max(days)
