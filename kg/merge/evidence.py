"""What speaks for two tellings being one happening, counted in points and told in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from kg.merge.cores import Core, is_flipped
from kg.merge.dates import Days, times_meet
from kg.merge.parties import Parties, Relation, compare
from kg.quantities import figures_differ

__all__ = ["ENOUGH", "acts_alike", "judge", "same_parties", "times_allow"]

# Points for what two tellings share, and how many make them one; swept together on the seeds and
# ECB+ (benchmarks/merge_sweep.py, benchmarks/RESULTS.md).
SAME_ACT, LIKE_ACT, SAME_CODE = 2.0, 2.0, 0.5
PARTY, DESCRIBED = 1.0, 0.5
OTHER_NAMES, OTHER_WORDS = 0.25, 0.25
OTHER_THEME = 1.5
THEME = 2.0  # times the overlap of the themes
SAME_STORY = 1.0
SAME_DAY = 0.5
ENOUGH = 3.0
SAID_ALIKE = 0.3  # overlap at which two say the same

PUBLICATION_WINDOW = timedelta(days=4)  # undated tellings in papers further apart are not joined
TOO_FAR = 3.0
FEW = 16  # figures of an event that are looked at
THEME_WORDS = 2  # one shared word is chance

CONFLICT = frozenset("ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT".split())
# what is offered, asked, refused or threatened makes the act another
OF_SOMETHING = frozenset("OFFER AGREE REQUEST REJECT THREATEN ACCUSE".split())
MUTUAL = frozenset("CONSULT COOPERATE AGREE OFFER".split())
KNOWN_ALIKE = (Relation.SAME, Relation.ALIKE)


def judge(left: Core, right: Core) -> tuple[float, str]:
    """Count what speaks for two being one event.

    Returns:
        The points, 0 where something speaks against it; and the reasons.
    """
    act, told = _act_points(left, right)
    if not act or _excluded(left, right):
        return 0.0, ""
    who, whom = same_parties(left, right)
    if Relation.APART in (who, whom):
        return 0.0, ""
    points, reasons = act, [told]
    for name, how in (("actor", who), ("target", whom)):
        if how in KNOWN_ALIKE:
            points += PARTY if how is Relation.SAME else DESCRIBED
            reasons.append(f"same {name}" if how is Relation.SAME else f"{name} described alike")
    points -= _otherness(left, right, who, whom)
    overlap, shared = _shared_words(left.words, right.words)
    if overlap:
        points += THEME * overlap
        reasons.append("theme shares " + ", ".join(right.spelt[word] for word in shared[:5]))
    if left.stories & right.stories:
        # one article is one story: that speaks for acts in like words, and for no others
        if act > SAME_CODE or left.first_at.keys() != right.first_at.keys():
            points += SAME_STORY
            reasons.append("same story")
    elif not who is whom is Relation.SAME:
        return 0.0, ""  # in another story only what is told in full can be the same
    same_day = _same_day(left, right)
    if same_day:
        points += SAME_DAY
        reasons.append("same day")
    if left.meant != right.meant and not same_day:
        return 0.0, ""  # what was planned may not have come
    if left.is_statement and not (overlap >= SAID_ALIKE and who in KNOWN_ALIKE):
        return 0.0, ""
    return points, ", ".join(reasons)


def same_parties(left: Core, right: Core) -> tuple[Relation, Relation]:
    """Compare who acts and who is acted on, the ends turned where one tells it from the other.

    A state or body that acts in one and is acted on in the other makes them two, unless both ends
    do the same; of a person it is likelier that a headline ("Jones arrested") was misread.
    """
    actors, targets = _ends(left, right)
    who, whom = compare(actors, right.actors), compare(targets, right.targets)
    if Relation.SAME not in (who, whom) and left.type not in MUTUAL:
        crossed = compare(_sides(actors), right.targets), compare(_sides(targets), right.actors)
        if Relation.SAME in crossed:
            return Relation.APART, Relation.APART
    return who, whom


def _sides(parties: Parties) -> Parties:
    return frozenset(party for party in parties if party.type in {"state", "body"})


def _ends(left: Core, right: Core) -> tuple[Parties, Parties]:
    """Give the actors and targets of the first as the second tells them."""
    if is_flipped(left, right):
        return left.targets, left.actors
    return left.actors, left.targets


def acts_alike(left: Core, right: Core) -> bool:
    """Tell whether the act is one in any words, the code alone not being enough."""
    return _act_points(left, right)[0] > SAME_CODE


def _excluded(left: Core, right: Core) -> bool:
    """Tell whether sense or syntax forbids that two are one."""
    if left.positive != right.positive or left.is_statement != right.is_statement:
        return True
    if not times_allow(left, right) or _other_figures(left, right):
        return True
    fewer, more = (left, right) if len(left.acts_in) <= len(right.acts_in) else (right, left)
    for sentence, acts in fewer.acts_in.items():
        # two verbs of one sentence ("collaborate or coordinate") are two acts
        if sentence in more.acts_in and more.acts_in[sentence] != acts:
            return True
    return _one_more(left, right) or _one_more(right, left)


def _other_figures(left: Core, right: Core) -> bool:
    """Tell whether the numbers are another event's: a text doesn't contradict itself, and no two
    papers differ by more than `TOO_FAR`."""
    return any(
        figures_differ(mine, theirs)
        and (article == other or max(mine.low, theirs.low) > TOO_FAR * min(mine.high, theirs.high))
        for article, _, mine in left.figures[:FEW]
        for other, _, theirs in right.figures[:FEW]
    )


def _one_more(further: Core, other: Core) -> bool:
    """Tell whether a text tells one as another of its kind, having told the other before."""
    places = further.further_at.items()
    return any(other.first_at.get(article, at) < at for article, at in places)


def times_allow(left: Core, right: Core) -> bool:
    """Tell whether two can be of the same time, as far as they or their papers are dated."""
    if left.days is not None and right.days is not None:
        return times_meet(left.days, right.days) and not _part_of_series(left.days, right.days)
    if left.published is not None and right.published is not None:
        latest_first = max(left.published[0], right.published[0])
        earliest_last = min(left.published[1], right.published[1])
        return latest_first - earliest_last <= PUBLICATION_WINDOW
    return True


def _part_of_series(left: Days, right: Days) -> bool:
    """Tell whether one goes on ("since 2015") and the other is a time within it: one of many."""
    later, earlier = max(left, right), min(left, right)
    return earlier[1] == date.max != later[1] and later[0] > earlier[0]


def _same_day(left: Core, right: Core) -> bool:
    if left.days is None or right.days is None or not times_meet(left.days, right.days):
        return False
    return left.days[0] == left.days[1] or right.days[0] == right.days[1]


def _act_points(left: Core, right: Core) -> tuple[float, str]:
    if left.type == "OFFER" == right.type:
        return SAME_ACT, "both an offer"
    if not _agree(left.type, right.type):
        return 0.0, ""  # one strikes a deal, the other a base
    flipped = is_flipped(left, right)
    same = left.acts & right.acts
    if same and not flipped:
        return SAME_ACT, f"same act ({min(same)})"
    if flipped:
        shared = left.borne & right.done | left.done & right.borne
    else:
        shared = left.done & right.done
    if shared:
        return LIKE_ACT, f"acts alike ({min(left.acts)}, {min(right.acts)})"
    if left.type == right.type != "OTHER" and left.roots & right.roots:
        return SAME_CODE, f"same code ({left.type})"
    return 0.0, ""


def _agree(left: str, right: str) -> bool:
    """Tell whether two types are both of conflict or both not; a type that says nothing agrees."""
    told = [type_ for type_ in (left, right) if type_ not in {"OTHER", "STATEMENT"}]
    return len({type_ in CONFLICT for type_ in told}) < 2


def _otherness(left: Core, right: Core, who: Relation, whom: Relation) -> float:
    """Count what is named or described otherwise, short of excluding each other."""
    same = bool(left.acts & right.acts)
    other_theme = left.theme and right.theme and not left.theme.keys() & right.theme.keys()
    points = OTHER_THEME if other_theme and (not same or left.type in OF_SOMETHING) else 0.0
    actors, targets = _ends(left, right)
    for how, one, other in ((who, actors, right.actors), (whom, targets, right.targets)):
        if how in KNOWN_ALIKE or not one or not other:
            continue
        if _has_name(one) and _has_name(other):
            points += OTHER_NAMES
        elif not same:
            points += OTHER_WORDS
    return points


def _has_name(parties: Parties) -> bool:
    return any(party.is_name for party in parties)


def _shared_words(left: Mapping[str, float], right: Mapping[str, float]) -> tuple[float, list[str]]:
    """Weigh the words that two themes share against the smaller theme."""
    shared = sorted(left.keys() & right.keys())
    if len(shared) < THEME_WORDS:
        return 0.0, []
    smaller = min(sum(left.values()), sum(right.values()))
    return sum(left[word] for word in shared) / smaller, shared
