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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations
from typing import NamedTuple

from kg.lexicon import word_class
from kg.merge.cores import Core, core_of
from kg.merge.evidence import acts_alike, same_parties, times_allow
from kg.merge.groups import NEWEST
from kg.merge.parties import Parties, Relation, compare, parties_of, speakers_of
from kg.merge.signature import Signature
from kg.merge.words import content_words, fold_word, stem_word
from kg.model import Article, EventMention, Span
from kg.pickling import pickled_quickly
from kg.quantities import figures_differ

__all__ = [
    "Clash",
    "Order",
    "Quote",
    "Told",
    "accuses_or_denies",
    "answer_clashes",
    "clashes_of_acts",
    "first_of_each",
    "quote_clashes",
    "quoted",
]

QUOTED_ALIKE = 0.6  # share of the shorter quote's words at which two papers quote one sentence
QUOTED_WORDS = 4
DENIED_WORDS = 0.5  # share of the shorter theme at which a denial is about the same thing


@pickled_quickly
@dataclass(frozen=True, slots=True)
class Quote:
    """The sentence in which somebody is quoted.

    Attributes:
        speaker: key of who speaks, known by a name.
        words: its content words.
    """

    speaker: str
    words: frozenset[str]


Order = tuple[str, str, int]


@pickled_quickly
@dataclass(frozen=True, slots=True)
class Told:
    """A telling, what it is compared by, and the quotation that it stands in.

    Attributes:
        order: where it stands among all: by its article's date and id, and in its reading.
    """

    mention: EventMention
    signature: Signature
    quote: Quote | None
    order: Order


class Clash(NamedTuple):
    """Two mentions that can't both be right.

    Attributes:
        rank: of what is found for two mentions in several ways, the least is told.
    """

    rank: int
    left: str
    right: str
    reason: str

    @property
    def pair(self) -> tuple[str, str]:
        """The two mentions, sorted."""
        return min(self.left, self.right), max(self.left, self.right)


def first_of_each(clashes: Iterable[Clash]) -> Iterator[Clash]:
    """Give of the clashes of each two mentions the first of the least rank.

    >>> two = [Clash(BLAME, "a", "b", "x"), Clash(POLARITY, "b", "a", "y")]
    >>> [clash.reason for clash in first_of_each(two)]
    ['y']
    """
    found: dict[tuple[str, str], Clash] = {}
    for clash in clashes:
        if clash.pair not in found or clash.rank < found[clash.pair].rank:
            found[clash.pair] = clash
    yield from found.values()


POLARITY, FIGURES, QUOTES, BLAME, ANSWERS = range(5)


def quoted(mention: EventMention, signature: Signature, article: Article) -> Quote | None:
    """Give the quotation that a telling stands in, if its speaker has a name."""
    speech = mention.attribution
    if speech is None or speech.speaker is None or signature.type == "STATEMENT":
        return None
    speaker = next((s.key for s in speakers_of([speech.speaker]) if s.is_name), None)
    if speaker is None:
        return None
    text = article.text[mention.sentence.start : mention.sentence.end]
    return Quote(speaker, _words_of(text))


@lru_cache(maxsize=16)  # the tellings of one sentence come one behind another
def _words_of(text: str) -> frozenset[str]:
    return frozenset(word for word, _ in content_words(text))


def clashes_of_acts(cores: Sequence[Core], told: Mapping[str, Told]) -> Iterator[Clash]:
    """Find the clashes among events that meet in blocks.

    Args:
        told: every telling by the id of its mention.
    """
    blocks = _blocks(cores, told)
    yield from _polarity_clashes(cores, told, blocks)
    yield from _figure_clashes(cores)
    yield from _blame_clashes(cores, told, blocks)


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
) -> Iterator[Clash]:
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
                    yes_first = (_founder(cores[left]), _founder(cores[right]))
                    yield Clash(POLARITY, *yes_first, f"asserted and {word}")


def _is_denied(yes: Core, no: Core, denial: Told) -> bool:
    """Tell whether one denies the other: the same act, doer and target or thing.

    A denial in the passive may leave out who acts ("denied that anyone had been arrested"): then
    the story and the rest must be the same.
    """
    who, whom = same_parties(yes, no)
    agentless = who is Relation.OPEN and not no.actors and bool(yes.stories & no.stories)
    if (who not in (Relation.SAME, Relation.ALIKE) and not agentless) or whom is Relation.APART:
        return False
    if denial.mention.concerns in {id_ for id_, _ in yes.tellings}:
        return True  # accused of shelling, it denied having fired
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


def _figure_clashes(cores: Sequence[Core]) -> Iterator[Clash]:
    """Hold the numbers that the tellings of one event give against each other."""
    for core in cores:
        for (_, left, mine), (_, right, theirs) in combinations(core.figures[:NEWEST], 2):
            if left != right and figures_differ(mine, theirs):
                one, other = sorted(" ".join(f.text.split()) for f in (mine, theirs))
                yield Clash(FIGURES, left, right, f"the figures differ: {one} / {other}")


def quote_clashes(tellings: Sequence[Told], event: Mapping[str, int]) -> Iterator[Clash]:
    """Hold against each other what papers make of one sentence of one speaker.

    Args:
        tellings: those in a quotation; only those of one story and speaker are compared.
        event: mention -> the event that it became part of.
    """
    sentences: dict[tuple[str, str], dict[tuple[str, Span], list[Told]]] = defaultdict(dict)
    for telling in tellings:
        if telling.quote is not None:
            by_sentence = sentences[telling.signature.story, telling.quote.speaker]
            place = (telling.signature.article, telling.mention.sentence)
            by_sentence.setdefault(place, []).append(telling)
    for _, by_sentence in sorted(sentences.items(), key=lambda kv: kv[0]):
        newest = sorted(by_sentence.items(), key=lambda kv: kv[0])[-NEWEST:]
        said = [
            (place[0], tellings[0].quote.words, tellings)
            for place, tellings in newest
            if tellings[0].quote is not None
        ]
        for (one, words, left), (other, more, right) in combinations(said, 2):
            shared = len(words & more)
            alike = shared >= QUOTED_WORDS and shared >= QUOTED_ALIKE * min(len(words), len(more))
            if one != other and alike:
                yield from _other_acts(left, right, event)


def _other_acts(
    left: Sequence[Told], right: Sequence[Told], event: Mapping[str, int]
) -> Iterator[Clash]:
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
                why = "one quote, two acts: " + " / ".join(words)
                yield Clash(QUOTES, one.mention.id, other.mention.id, why)


def _blame_clashes(
    cores: Sequence[Core], told: Mapping[str, Told], blocks: Sequence[Sequence[int]]
) -> Iterator[Clash]:
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
                yield Clash(BLAME, _founder(a), _founder(b), "each says that the other did it")


def accuses_or_denies(core: Core) -> bool:
    """Tell an event that `answer_clashes` looks at."""
    told = core.positive and not core.meant
    return told and ("accuse" in core.done or "deny" in core.done)


def answer_clashes(cores: Iterable[tuple[str, Core]]) -> Iterator[Clash]:
    """Hold accusations against what the accused deny, where no act of its own was read out.

    Args:
        cores: events that accuse or deny, each with the story of its first telling.
    """
    accusations: dict[tuple[str, str], list[Core]] = defaultdict(list)
    denials: dict[tuple[str, str], list[Core]] = defaultdict(list)
    for story, core in cores:
        for found, act, parties in (
            (accusations, "accuse", core.targets),
            (denials, "deny", core.actors),
        ):
            if act in core.done:
                for party in parties:
                    found[story, party.key].append(core)
    for key, denied in sorted(denials.items(), key=lambda kv: kv[0]):
        for core in accusations[key][-NEWEST:]:
            for denial in denied[-NEWEST:]:
                if _same_words(core, denial) and times_allow(core, denial):
                    yield Clash(ANSWERS, _founder(core), _founder(denial), "accused and denied")


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
