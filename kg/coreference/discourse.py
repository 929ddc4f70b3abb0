"""The chains of a text while it is read, and how salient each one is.

Salience is that of Lappin and Leass (1994), "An algorithm for pronominal anaphora resolution",
section 2.1: every mention adds weights for its grammatical role, each once a sentence, and what a
sentence added halves with every sentence after it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kg.coreference.features import Features, Kind
from kg.lexicon import word_class
from kg.parse import Parse, Token

__all__ = ["Chain", "Discourse", "is_locative", "role_of"]

RECENCY, HEAD_NOUN, NON_ADVERBIAL = 100, 80, 50
ROLE_WEIGHTS = {"subject": 80, "object": 50, "oblique": 40, "nested": 0}
APPOSITIONS = 9  # that are looked through for a role
IN_A_SENTENCE = 100
"""Chains of one sentence that are looked at, the last ones: only a broken parse has more."""
SENTENCES_BACK = 3
"""Sentences in which an antecedent is looked for; salience is an eighth by then."""


@dataclass(slots=True, eq=False)
class Chain:
    """Mentions that name one thing, or several together.

    Attributes:
        head: the mention that stands for it: the first name, else the first noun.
        named: `head` is a name.
        nouns: what it has been called: lemmas of nouns, titles and the words of its name.
        sure: its kind doesn't rest on the recogniser alone: a listed name, title or noun says it.
        members: the chains of a group ("Iran and Iraq"); empty for one thing.
        listed: its kind in the gazetteer; None for names not listed there.
        state: alpha-3 of a listed state; None for all else.
        where: all its mentions only say where something happens ("near Gwoza").
        count: how many it is said to be ("two brothers"); 0 if it isn't said.
        roles: sentence -> grammatical roles it has there.
        last: its last mention.
    """

    head: int
    kind: Kind
    numbers: frozenset[str]
    gender: str | None = None
    named: bool = False
    nouns: set[str] = field(default_factory=set)
    members: tuple[Chain, ...] = ()
    listed: str | None = None
    state: str | None = None
    sure: bool = True
    where: bool = True
    count: int = 0
    roles: dict[int, set[str]] = field(default_factory=dict)
    mentions: list[int] = field(default_factory=list)
    last: int = -1

    def antecedents(self) -> tuple[int, ...]:
        """Give the heads that a link to it names."""
        if not self.members:
            return (self.head,)
        return tuple(sorted({head for one in self.members for head in one.antecedents()}))

    def weight(self, sentence: int) -> int:
        """Weigh its salience as seen from a sentence."""
        total = 0
        for back in range(SENTENCES_BACK + 1):
            roles = self.roles.get(sentence - back)
            if roles:
                total += _weight(roles) >> back
        return total


def _weight(roles: set[str]) -> int:
    nested = roles == {"nested"}
    adverbial = roles == {"oblique"} or nested
    heads = (0 if nested else HEAD_NOUN) + (0 if adverbial else NON_ADVERBIAL)
    return RECENCY + heads + max(ROLE_WEIGHTS[role] for role in roles)


def role_of(token: Token) -> str:
    """Name the grammatical role of a nominal: subject, object, oblique, or nested in another.

    Conjuncts share the role of the first.
    """
    for _ in range(APPOSITIONS):
        if token.dep_ not in {"conj", "appos"} or token.head.i >= token.i:
            break
        token = token.first if token.dep_ == "conj" else token.head
    if token.dep_ in {"nsubj", "nsubjpass", "csubj", "ROOT", "expl"}:
        return "subject"
    if token.dep_ in {"dobj", "dative", "attr", "oprd"}:
        return "object"
    if token.dep_ == "pobj":
        above = token.head.head
        return "oblique" if above.pos_ in {"VERB", "AUX"} else "nested"
    return "nested" if token.dep_ in {"poss", "compound", "nmod", "amod"} else "oblique"


def is_locative(token: Token) -> bool:
    """Tell what only says where: "in Cairo", "off Bergen"."""
    return token.dep_ == "pobj" and token.head.lower_ in word_class("LOCATIVE")


class Discourse:
    """The chains so far, by mention, by sentence and by what they have been called."""

    def __init__(self, doc: Parse) -> None:
        self.doc = doc
        self.of: dict[int, Chain] = {}
        self.by_noun: dict[str, list[Chain]] = {}
        self._by_sentence: dict[int, dict[int, Chain]] = {}
        self.sentence: list[int] = []
        for number, sentence in enumerate(doc.sents):
            self.sentence.extend([number] * len(sentence))

    def start(self, head: int, features: Features, *, named: bool) -> Chain:
        """Start a chain for a mention; `mention` tells that it has been read."""
        chain = Chain(head, features.kind, features.numbers, features.gender, named)
        self.of[head] = chain
        return chain

    def mention(self, head: int, chain: Chain) -> None:
        """Note that a mention has been read and which chain it belongs to."""
        self.of[head] = chain
        self._note(head, chain)

    def gather(self, first: int, chain: Chain) -> None:
        """Note a group at its first conjunct; that one's own chain stays what it is."""
        self.of[~first] = chain
        self._note(first, chain)

    def group_at(self, head: int) -> Chain | None:
        """Give the group that begins at a mention."""
        return self.of.get(~head)

    def _note(self, head: int, chain: Chain) -> None:
        number = self.sentence[head]
        chain.where = chain.where and is_locative(self.doc[head])
        chain.roles.setdefault(number, set()).add(role_of(self.doc[head]))
        chain.mentions.append(head)
        chain.last = max(chain.last, head)
        self._by_sentence.setdefault(number, {}).setdefault(id(chain), chain)

    def together(self, chains: Sequence[Chain]) -> Chain:
        """Make one chain of several that are taken up at once."""
        person = all(chain.kind in {"person", "people"} for chain in chains)
        doers: list[Kind] = [
            chain.kind for chain in chains if chain.kind in {"state", "body", "person"}
        ]
        kind: Kind = "people" if person else (doers or [chains[0].kind])[0]
        return Chain(chains[0].head, kind, frozenset({"pl"}), members=tuple(chains))

    def call(self, chain: Chain, *nouns: str) -> None:
        """Note what a chain has been called, so that "the" and such a noun finds it."""
        for noun in nouns:
            chain.nouns.add(noun)
            called = self.by_noun.setdefault(noun, [])
            if chain in called[-4:]:
                called.remove(chain)
            called.append(chain)

    def near(self, sentence: int, back: int = SENTENCES_BACK) -> Iterator[tuple[int, Chain]]:
        """Give the chains of a sentence and those before it, with the distance of each."""
        seen: set[int] = set()
        for distance in range(back + 1):
            chains = self._by_sentence.get(sentence - distance, {})
            for key, chain in islice(chains.items(), max(0, len(chains) - IN_A_SENTENCE), None):
                if key not in seen:
                    seen.add(key)
                    yield distance, chain
