"""What "the two countries", "both sides", "the pair" take up: a group, or two at odds or in talks.

Who speaks about both sides is a third: "the mediator said both sides had agreed".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from kg.coreference.binding import are_among, coarguments, commanders, subject_of
from kg.coreference.discourse import Chain, Discourse, is_locative, role_of
from kg.coreference.features import PLURAL_TAGS
from kg.lexicon import fold_lemma, word_class
from kg.mentions import Nominal
from kg.parse import Parse, Token

__all__ = ["Pairs", "count_of"]

COUNTS = {"two": 2, "both": 2, "three": 3, "four": 4, "five": 5}
KIND_BACK = 4  # sentences in which so many are looked for
LEAD = 3  # sentences: headline and lead
GROUP_BACK = 6  # sentences in which a pair is looked for
PERSONS = frozenset({"person"})
INSIDE = frozenset({"amod", "compound", "nmod", "poss"})
SIDES = frozenset("GOV MIL REB OPP UAF COP PRM PTY LAB BUS LEG".split())
"""Sectors of nouns for those who can be at odds; villagers and children are no side."""
FACING = frozenset({"with", "between", "against", "by"})
CONTENT = frozenset({"ccomp", "xcomp"})
MACHINES = ("VEHICLE", "AIRCRAFT", "WARSHIP")
TELLING = frozenset("tell inform assure urge ask remind warn write call".split())
PAIRED_KINDS = (
    ("PERSONPAIR", frozenset({"person"})),
    ("BODYPAIR", frozenset({"body", "unknown"})),
    ("STATEPAIR", frozenset({"state", "place"})),
    ("ANYPAIR", frozenset({"state", "body", "person", "people", "unknown"})),
)


def count_of(head: Token) -> int:
    """Read how many a noun phrase says it is of: "two brothers"; 0 where it doesn't say."""
    return next((COUNTS[c.lower_] for c in head.children if c.lower_ in COUNTS), 0)


class Pairs:
    """Resolves the noun phrases of one document that stand for several at once.

    Attributes:
        groups: chains of conjoined mentions, and of pairs found so far.
        chain_of: gives the chain of a mention, also of one that stands ahead.
    """

    def __init__(self, doc: Parse, discourse: Discourse, by_head: Mapping[int, Nominal]) -> None:
        self.doc = doc
        self.discourse = discourse
        self.by_head = by_head
        self.groups: list[Chain] = []
        self.chain_of: Callable[[Nominal], Chain | None] | None = None

    def resolve(self, head: Token) -> Chain | None:
        """Take "the two countries", "both sides", "the pair" for a group or the last so many."""
        lemma = fold_lemma(head.lemma_)
        single = lemma in word_class("PAIRNOUN") and head.tag_ not in PLURAL_TAGS
        if head.tag_ == "CD" or head.lower_ == "both":  # "the two met", "charged both"
            return self._bare(head)
        kinds = _paired_kinds(lemma, single) if single or head.tag_ in PLURAL_TAGS else None
        if kinds is None or _is_new(head) or _is_armed(head):
            return None
        number = count_of(head) or (2 if single else 0)
        return (
            self._group(head, kinds, number)
            or self._opposed(head, kinds, number)
            or self._counted(head, kinds, number)
            or self._leading(head, kinds, number)
            or self._last(head, kinds, number)
            or self._ahead(head, kinds, number)
        )

    def _bare(self, head: Token) -> Chain | None:
        """Take "the two" for the group of so many, else for the last so many persons, or states."""
        number = COUNTS.get(head.lower_, 0)
        if not number or head.dep_ == "nummod" or _is_new(head):
            return None
        for kinds in (frozenset({"person"}), frozenset({"state"})):
            chain = self._group(head, kinds, number) or self._last(head, kinds, number)
            if chain is not None:
                return chain
        return None

    def _group(self, head: Token, kinds: frozenset[str], number: int) -> Chain | None:
        here = self.discourse.sentence[head.i]
        for group in reversed(self.groups[-4:]):
            if here - self.discourse.sentence[group.last] > GROUP_BACK:
                break
            size = len(group.members)
            if (number and size != number) or any(
                m.kind not in kinds and m.sure for m in group.members
            ):
                continue
            return group
        return None

    def _counted(self, head: Token, kinds: frozenset[str], number: int) -> Chain | None:
        """Take a plural that was said to be so many: "two brothers ... the pair"."""
        if not number:
            return None
        fitting = kinds | ({"people"} if "person" in kinds else set())
        for _, chain in self.discourse.near(self.discourse.sentence[head.i], KIND_BACK):
            if chain.count == number and chain.kind in fitting:
                return chain
        return None

    def _leading(self, head: Token, kinds: frozenset[str], number: int) -> Chain | None:
        """Take the two states that headline or lead is about, where no two faced each other since:
        "both sides" of a text on a dispute are those."""
        if number != 2 or "state" not in kinds or self.discourse.sentence[head.i] < LEAD:
            return None
        barred = self._barred(head)
        for sentence in islice(self.doc.sents, LEAD):
            words = self.doc[sentence.start : sentence.end]
            named = [t for t in words if self._state_of(t) is not None]
            sides = self._sides(named, frozenset({"state"}), barred)
            if len(sides) == number:
                return self.discourse.together(sides)
        return None

    def _ahead(self, head: Token, kinds: frozenset[str], number: int) -> Chain | None:
        """Take two whom the next sentence names first, where nobody was named yet (cataphora):
        "Both sides claimed victory. India and Pakistan had fought for days"."""
        here = self.discourse.sentence[head.i]
        if number != 2 or here >= LEAD or any(m.named for m in self.discourse.of.values()):
            return None
        end = head.sent.end
        if end >= len(self.doc):
            return None
        behind = self.doc[end].sent
        named: dict[int, Chain] = {}
        for token in self.doc[behind.start : behind.end]:
            nominal = self.by_head.get(token.i)
            if nominal is None or nominal.label != "NAME" or is_locative(token):
                continue
            chain = self.chain_of(nominal) if self.chain_of is not None else None
            if chain is not None and chain.named and chain.kind in kinds:
                named.setdefault(id(chain), chain)
        found = list(named.values())
        return self.discourse.together(found) if len(found) == number else None

    def _last(self, head: Token, kinds: frozenset[str], number: int) -> Chain | None:
        """Take the most salient ones where no pair stood together: "Egypt met Sudan"."""
        if not number:
            return None
        here = self.discourse.sentence[head.i]
        barred = self._barred(head)
        found = [
            (chain.weight(here), chain.last, chain)
            for _, chain in self.discourse.near(here, KIND_BACK)
            if (chain.kind in kinds or ("body" in kinds and not chain.sure))
            and chain.named
            and not chain.members
            and not (chain.kind == "place" and chain.where)
            and not are_among(chain.mentions[-4:], barred, self.doc)
        ]
        found.sort(key=lambda one: (-one[0], -one[1]))
        if len(found) < number:
            return None
        return self.discourse.together([chain for _, _, chain in found[:number]])

    # -- two that faced each other

    def _opposed(self, head: Token, kinds: frozenset[str], number: int) -> Chain | None:
        """Take the two parties of the last sentence that has two and no more.

        "Suran seized a Norlandic ship. The mediator urged both countries to talk."
        """
        if number != 2 or kinds <= {"body", "unknown"}:
            return None
        for tokens, barred in self._stretches(head):
            sides = self._sides(tokens, kinds, barred)
            if len(sides) > number:
                return None
            if len(sides) == number:
                chain = self.discourse.together(sides)
                chain.last = head.i
                self.groups.append(chain)
                return chain
        return None

    def _stretches(self, head: Token) -> Iterator[tuple[Iterable[Token], frozenset[int]]]:
        """Give the words in which two parties may be told, the nearest first, and who is a third:
        who tells the other party, the words before in the sentence, the sentences before it."""
        for above in head.ancestors:
            if above.pos_ == "VERB" and above.lemma_ in TELLING and above.i < head.i:
                yield (t for c in above.children if c.i < head.i for t in c.subtree), frozenset()
        start = head.sent.start
        yield self.doc[start : head.i], self._barred(head)
        for _ in range(KIND_BACK):
            if start == 0:
                return
            sentence = self.doc[start - 1].sent
            yield self.doc[sentence.start : sentence.end], frozenset()
            start = sentence.start

    def _barred(self, head: Token) -> frozenset[int]:
        """Name who is a third: who else stands in the clause, and who tells or wants its content.

        Not who acts where the clause is an adjunct: "Suran would meet Norland if both agreed".
        """
        told: set[int] = set()
        for above in head.ancestors:
            subject = subject_of(above.head) if above.dep_ in CONTENT else None
            told |= {subject.first.i} if subject is not None else set()
        return coarguments(head) | (commanders(head) & told)

    def _sides(
        self, tokens: Iterable[Token], kinds: frozenset[str], barred: frozenset[int]
    ) -> list[Chain]:
        """Give the chains of the parties among some words, one a state, in order."""
        found: dict[object, Chain] = {}
        for token in tokens:
            chain = self.discourse.of.get(token.i) if token.i in self.by_head else None
            if chain is None or chain.members or _is_in(token, barred):
                continue
            side = self._side(token, kinds)
            if side is not None:
                found.setdefault(side or id(chain), chain)
        return list(found.values())

    def _side(self, token: Token, kinds: frozenset[str]) -> str | None:
        """Tell which state's side a mention is; empty for one without state, None for no side.

        A state is one as such, or in the adjective of who or what is its own.
        """
        above = token
        while above.dep_ in INSIDE and above.head.i > above.i:
            above = above.head
        inside = above is not token
        faced = above.dep_ == "pobj" and above.head.lower_ in FACING  # "held talks with Suran"
        if is_locative(above) or (role_of(above) == "nested" and not faced):
            return None
        state = self._state_of(token)
        if kinds == PERSONS:
            return None if inside or not self._is_official(token) else ""
        if state is not None:
            stands = not inside or "body" not in kinds or not self._is_force(above)
            return state if stands else None
        if inside or "body" not in kinds or not (self._is_force(token) or self._is_official(token)):
            return None
        return next((s for c in token.lefts if (s := self._state_of(c)) is not None), "")

    def _state_of(self, token: Token) -> str | None:
        """Give the state that a name, adjective or seat is of, or a pronoun takes up."""
        nominal = self.by_head.get(token.i)
        if nominal is not None and nominal.label == "PRONOUN" and token.i in self.discourse.of:
            nominal = self.by_head.get(self.discourse.of[token.i].head)
        line = nominal.entries[0].entity if nominal is not None and nominal.entries else None
        return line.country if line is not None and line.kind == "country" else None

    def _is_force(self, token: Token) -> bool:
        """Tell a body or group that can be at odds: an armed group, "the army", "rebels"."""
        nominal = self.by_head.get(token.i)
        if nominal is None or nominal.label == "PRONOUN":
            return False
        if nominal.entries:
            return nominal.entries[0].entity.kind == "armed_group"
        machine = any(fold_lemma(token.lemma_) in word_class(name) for name in MACHINES)
        return nominal.agent is not None and nominal.agent.sector in SIDES and not machine

    def _is_official(self, token: Token) -> bool:
        """Tell a person by a listed name, or by an office before the name."""
        chain = self.discourse.of.get(token.i)
        return chain is not None and chain.kind == "person" and chain.sure


def _paired_kinds(lemma: str, single: bool) -> frozenset[str] | None:
    if single:
        return PERSONS
    fitting = (kinds for name, kinds in PAIRED_KINDS if lemma in word_class(name))
    return frozenset[str]().union(*fitting) or None


def _is_new(head: Token) -> bool:
    """Tell "the two countries that signed" from those named before."""
    return any(
        child.dep_ == "poss"
        or (child.dep_ == "relcl" and child.left_edge.nbor(-1).text != ",")
        or (child.dep_ == "prep" and child.i == head.i + 1 and child.lower_ == "of")
        or (child.i < head.i and fold_lemma(child.lemma_) in word_class("OTHERWORD"))
        for child in head.children
    )


def _is_armed(head: Token) -> bool:
    """Tell "the armed forces", "the security forces" from forces that face each other."""
    modified = any(c.dep_ in {"amod", "compound"} for c in head.lefts)
    return fold_lemma(head.lemma_) == "force" and modified and not count_of(head)


def _is_in(token: Token, barred: frozenset[int]) -> bool:
    """Tell what stands in the phrase of somebody barred ("the Surani mediator")."""
    while token.first.i not in barred:
        if token.dep_ not in INSIDE | {"appos", "conj"}:
            return False
        token = token.head
    return True
