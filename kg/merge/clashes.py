"""Tellings that can't both be right: marked with the reason, and nothing is deleted.

Only tellings of one story, or of the same parties at the same time, are held against each other:

- one says that something happened, the other that it didn't, or denies it;
- one event, two numbers that no hedge reconciles;
- one speaker is quoted in the same words but for the act itself;
- each of two says that the other did it;
- one is accused of something and denies it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations

from kg.lexicon import word_class
from kg.merge.cores import Core, core_of
from kg.merge.evidence import acts_alike, same_parties, times_allow
from kg.merge.groups import NEWEST
from kg.merge.parties import Parties, Relation, compare, parties_of, speakers_of
from kg.merge.signature import Signature
from kg.merge.words import content_words, fold_word, stem_word
from kg.model import Article, Contradiction, EventMention, Span
from kg.quantities import figures_differ

__all__ = ["Told", "find_clashes"]

QUOTED_ALIKE = 0.6  # share of the shorter quote's words at which two papers quote one sentence
QUOTED_WORDS = 4
DENIED_WORDS = 0.5  # share of the shorter theme at which a denial is about the same thing


@dataclass(frozen=True, slots=True)
class Told:
    """A telling with what it was read from."""

    mention: EventMention
    signature: Signature
    article: Article


def find_clashes(cores: Sequence[Core], told: Mapping[str, Told]) -> tuple[Contradiction, ...]:
    """Find the pairs of tellings that can't both be right, sorted by id.

    Args:
        told: every telling by the id of its mention.
    """
    event = {id_: number for number, core in enumerate(cores) for id_, _ in core.tellings}
    found: dict[tuple[str, str], str] = {}
    blocks = _blocks(cores, told)
    pairs = (
        *_polarity_clashes(cores, told, blocks),
        *_figure_clashes(cores),
        *_quote_clashes(told, event),
        *_blame_clashes(cores, told, blocks),
        *_answer_clashes(cores, told),
    )
    for left, right, reason in pairs:
        found.setdefault((left, right) if left < right else (right, left), reason)
    return tuple(
        Contradiction(left=left, right=right, reason=reason)
        for (left, right), reason in sorted(found.items())
    )


Pair = tuple[str, str, str]


def _founder(core: Core) -> str:
    return core.tellings[0][0]


def _blocks(cores: Sequence[Core], told: Mapping[str, Told]) -> list[list[int]]:
    """Give the events that meet in a block, of those that were asserted, negated or denied."""
    blocks: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, core in enumerate(cores):
        if not core.meant and not core.is_statement:
            tellings = [told[id_].signature for id_, _ in core.tellings[:NEWEST]]
            for key in {key for telling in tellings for key in telling.keys}:
                blocks[key].append(number)
    return sorted(numbers for numbers in blocks.values() if len(numbers) > 1)


def _polarity_clashes(
    cores: Sequence[Core], told: Mapping[str, Told], blocks: Sequence[Sequence[int]]
) -> Iterator[Pair]:
    seen: set[tuple[int, int]] = set()
    for numbers in blocks:
        yes = [n for n in numbers if cores[n].positive][-NEWEST:]
        no = [n for n in numbers if not cores[n].positive][-NEWEST:]
        for left in yes:
            for right in no:
                if (left, right) in seen:
                    continue
                seen.add((left, right))
                denial = told[_founder(cores[right])]
                if _is_denied(cores[left], cores[right], denial):
                    word = "denied" if denial.mention.modality == "denied" else "negated"
                    yield _founder(cores[left]), _founder(cores[right]), f"asserted and {word}"


def _is_denied(yes: Core, no: Core, denial: Told) -> bool:
    """Tell whether one denies the other: the same act, doer and target or thing."""
    who, whom = same_parties(yes, no)
    if who not in (Relation.SAME, Relation.ALIKE) or whom is Relation.APART:
        return False
    if not acts_alike(yes, no) or not times_allow(yes, no):
        return False
    if not yes.stories & no.stories and whom is not Relation.SAME:
        return False
    if (_restrictive() & no.words.keys()) - yes.words.keys():
        return False  # no *formal* proposal: what is denied is that it was formal
    if whom in (Relation.SAME, Relation.ALIKE):
        return True
    return _same_words(yes, no)


@cache
def _restrictive() -> frozenset[str]:
    return frozenset(stem_word(fold_word(word)) for word in word_class("RESTRICTIVE"))


def _same_words(left: Core, right: Core) -> bool:
    """Tell whether half of the shorter theme is in the other."""
    shared = sum(weight for word, weight in right.words.items() if word in left.words)
    smaller = min(sum(left.words.values()), sum(right.words.values()))
    return smaller > 0 and shared / smaller >= DENIED_WORDS


def _figure_clashes(cores: Sequence[Core]) -> Iterator[Pair]:
    """Hold the numbers that the tellings of one event give against each other."""
    for core in cores:
        for (_, left, mine), (_, right, theirs) in combinations(core.figures[:NEWEST], 2):
            if left != right and figures_differ(mine, theirs):
                one, other = sorted(" ".join(f.text.split()) for f in (mine, theirs))
                yield left, right, f"the figures differ: {one} / {other}"


def _quote_clashes(told: Mapping[str, Told], event: Mapping[str, int]) -> Iterator[Pair]:
    """Hold against each other what papers make of one sentence of one speaker."""
    sentences: dict[tuple[str, str], dict[tuple[str, Span], list[Told]]] = defaultdict(dict)
    for telling in told.values():
        speech = telling.mention.attribution
        if speech is None or speech.speaker is None or telling.signature.type == "STATEMENT":
            continue
        for speaker in speakers_of([speech.speaker]):
            if speaker.is_name:
                by_sentence = sentences[telling.signature.story, speaker.key]
                place = (telling.signature.article, telling.mention.sentence)
                by_sentence.setdefault(place, []).append(telling)
    for _, by_sentence in sorted(sentences.items(), key=lambda kv: kv[0]):
        newest = sorted(by_sentence.items(), key=lambda kv: kv[0])[-NEWEST:]
        said = [(place[0], _quote_words(tellings[0]), tellings) for place, tellings in newest]
        for (one, words, left), (other, more, right) in combinations(said, 2):
            shared = len(words & more)
            alike = shared >= QUOTED_WORDS and shared >= QUOTED_ALIKE * min(len(words), len(more))
            if one != other and alike:
                yield from _other_acts(left, right, event)


def _quote_words(telling: Told) -> frozenset[str]:
    sentence = telling.mention.sentence
    text = telling.article.text[sentence.start : sentence.end]
    return frozenset(word for word, _ in content_words(text))


def _other_acts(
    left: Sequence[Told], right: Sequence[Told], event: Mapping[str, int]
) -> Iterator[Pair]:
    """Pair the acts of two quotes that the other hasn't, where they are of the same parties."""
    events = [{event[t.mention.id] for t in quote} for quote in (left, right)]
    mine = [t for t in left if event[t.mention.id] not in events[1]]
    theirs = [t for t in right if event[t.mention.id] not in events[0]]
    for one in mine:
        for other in theirs:
            a, b = core_of(one.signature), core_of(other.signature)
            parties = a.actors | a.targets, b.actors | b.targets
            if not acts_alike(a, b) and compare(*parties) is Relation.SAME:
                words = sorted((one.mention.action, other.mention.action))
                yield one.mention.id, other.mention.id, "one quote, two acts: " + " / ".join(words)


def _blame_clashes(
    cores: Sequence[Core], told: Mapping[str, Told], blocks: Sequence[Sequence[int]]
) -> Iterator[Pair]:
    """Find acts on one target of which each of two says that the other did them."""
    seen: set[tuple[int, int]] = set()
    for numbers in blocks:
        claimed = [n for n in numbers if cores[n].positive and _accusers(cores[n], told)]
        for left, right in combinations(claimed[-NEWEST:], 2):
            if (left, right) in seen:
                continue
            seen.add((left, right))
            a, b = cores[left], cores[right]
            who, whom = same_parties(a, b)
            on_the_same = whom in (Relation.SAME, Relation.ALIKE)
            if who is not Relation.APART or not on_the_same or not times_allow(a, b):
                continue
            if acts_alike(a, b) and _blame_each_other(a, b, told):
                yield _founder(a), _founder(b), "each says that the other did it"


def _answer_clashes(cores: Sequence[Core], told: Mapping[str, Told]) -> Iterator[Pair]:
    """Hold accusations against what the accused deny, where no act of its own was read out."""
    accusations: dict[tuple[str, str], list[Core]] = defaultdict(list)
    denials: dict[tuple[str, str], list[Core]] = defaultdict(list)
    for core in cores:
        first = told[_founder(core)].signature
        for found, act, parties in (
            (accusations, "accuse", core.targets),
            (denials, "deny", core.actors),
        ):
            if core.positive and not core.meant and act in core.done:
                for party in parties:
                    found[first.story, party.key].append(core)
    for key, denied in sorted(denials.items(), key=lambda kv: kv[0]):
        for core in accusations[key][-NEWEST:]:
            for denial in denied[-NEWEST:]:
                if _same_words(core, denial) and times_allow(core, denial):
                    yield _founder(core), _founder(denial), "accused and denied"


def _accusers(core: Core, told: Mapping[str, Told]) -> Parties:
    """Name the sides that say so; none where a paper says it in its own voice."""
    speeches = [told[id_].mention.attribution for id_, _ in core.tellings]
    speakers = [speech.speaker for speech in speeches if speech and speech.speaker]
    return parties_of(speakers) if len(speakers) == len(speeches) else frozenset()


def _blame_each_other(left: Core, right: Core, told: Mapping[str, Told]) -> bool:
    """Tell whether the side that one names as the doer is who names the other."""
    return any(
        compare(_accusers(one, told), other.actors) is Relation.SAME
        for one, other in ((left, right), (right, left))
    )
