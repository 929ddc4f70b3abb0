"""What definite noun phrases take up: "the ministry", "the war-torn country", "the two sides"."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kg.coreference.binding import are_among, coarguments, commanders
from kg.coreference.discourse import Chain, Discourse, role_of
from kg.coreference.features import PLURAL_TAGS, Features
from kg.coreference.pairs import Pairs
from kg.gazetteer import states_described
from kg.lexicon import fold_lemma, predicates, word_class
from kg.mentions import Nominal
from kg.parse import Parse, Token

__all__ = ["Definites", "is_definite"]

DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
NOUN_BACK = 8  # sentences in which the same noun is looked for
KIND_BACK = 4  # sentences in which a noun for the kind finds what it takes up
PLACE = 60  # "the island" is rather a place than a state
BLOC = -200  # "the group" is rather a movement or a charity than a bloc of states
FIGHTING = 200  # "the group captured a soldier": an armed one

VIOLENT = frozenset({"ASSAULT"})

BODY_NOUNS = (
    ("COMPANYNOUN", ("company",)),
    ("MEDIANOUN", ("media",)),
    ("BODYNOUN", ("organisation", "igo", "ngo")),
)

SYNONYMS = (
    "COMPANYNOUN",
    "MEDIANOUN",
    "SHIPNOUN",
    "PLANENOUN",
    "POPENOUN",
    "MONARCHNOUN",
    "PREMIERNOUN",
    "LAWYERNOUN",
    "DOCTORNOUN",
    "LAWMAKERNOUN",
)
"""Classes of nouns that papers vary for one thing."""

Found = tuple[tuple[int, ...], Chain, str]


def is_definite(head: Token) -> bool:
    """Tell noun phrases with "the", "this", "that" or "both".

    Parsers hang the article of "the ex-leader" on "ex".
    """
    edge = head.left_edge
    if edge.dep_ == "det" and edge.lower_ in DEFINITE and edge.head.dep_ == "compound":
        return edge.head.head is head
    return any(
        child.lower_ in DEFINITE and child.dep_ in {"det", "predet"} for child in head.children
    )


def _describes(doc: Parse, adjective: Nominal) -> bool:
    """Tell "the Arab country", which says what a state is like, from "the Syrian state"."""
    return states_described([t.lower_ for t in doc[adjective.start : adjective.end]]) is not None


def _is_one_of(chain: Chain, states: frozenset[str] | None) -> bool:
    return states is None or chain.kind != "state" or chain.state in states


def _is_participial(token: Token) -> bool:
    """Tell the parts of "Iran-backed", "Gaza-based": a word, its hyphen and a participle."""
    doc, i = token.doc, token.i
    if token.text == "-":
        return False
    behind, before = doc[i + 1 : i + 3], doc[max(0, i - 2) : i]
    if len(behind) == 2 and behind[0].text == "-":
        return behind[1].tag_ in {"VBN", "VBD"} or behind[1].lower_ in word_class("LEDBY")
    led = token.tag_ in {"VBN", "VBD"} or token.lower_ in word_class("LEDBY")
    return led and len(before) == 2 and before[1].text == "-"


def _is_violent(head: Token) -> bool:
    """Tell who does violence, or says to have done it ("the group said it had shot two men")."""
    verb = head.head
    if head.dep_ != "nsubj" or verb.pos_ != "VERB":
        return False
    said = [c for c in verb.children if c.dep_ == "ccomp" and _is_by(c, "it")]
    return any(not VIOLENT.isdisjoint(_told_by(v)) for v in (verb, *said))


def _is_by(clause: Token, pronoun: str) -> bool:
    return any(c.dep_ == "nsubj" and c.lower_ == pronoun for c in clause.children)


def _told_by(verb: Token) -> set[str]:
    return {line.event for line in predicates().get((fold_lemma(verb.lemma_), "v"), ())}


def _is_people(chain: Chain) -> bool:
    return chain.kind == "people" and not chain.named and not chain.members


class Definites:
    """Resolves the definite noun phrases of one document against its discourse."""

    def __init__(self, doc: Parse, discourse: Discourse, by_head: Mapping[int, Nominal]) -> None:
        self.doc = doc
        self.discourse = discourse
        self.by_head = by_head
        self.pairs = Pairs(doc, discourse, by_head)

    def resolve(self, nominal: Nominal, features: Features) -> Found | None:
        """Find what a noun phrase takes up; None for first namings."""
        head = self.doc[nominal.head]
        if head.pos_ not in {"NOUN", "ADJ", "PROPN", "NUM", "DET"} or nominal.entity_label:
            return None
        if head.pos_ == "PROPN" and nominal.agent is None:
            return None
        if head.lower_ == "both":
            pair = self.pairs.resolve(head)
            return (pair.antecedents(), pair, "definite:pair") if pair is not None else None
        if not is_definite(head):
            return None  # "two countries" are new, "the two countries" were named before
        pair = self.pairs.resolve(head)
        if pair is not None:
            return pair.antecedents(), pair, "definite:pair"
        if head.lower_ == "old":  # "the 54-year-old"
            return self._epithet(head, features)
        if self._is_narrowed(nominal, head):
            return None
        return (
            self._same_noun(nominal, head, features)
            or self._synonym(nominal, head, features)
            or self._by_kind(nominal, head, features)
            or self._epithet(head, features)
        )

    def _is_narrowed(self, nominal: Nominal, head: Token) -> bool:
        """Tell phrases that say themselves which one is meant: by owner, name or clause."""
        for child in head.children:
            if child.dep_ in {"poss", "appos", "nummod"}:
                return True
            behind = child.i == head.i + 1 and child.i > head.i
            if behind and child.dep_ in {"relcl", "acl"}:
                return True
            if behind and child.dep_ == "prep":
                return True
            if child.i < head.i and fold_lemma(child.lemma_) in word_class("OTHERWORD"):
                return True
        state = fold_lemma(head.lemma_) in word_class("STATENOUN")
        for token in self.doc[nominal.start : nominal.head]:
            if _is_participial(token):
                continue  # "the Iran-backed group"
            other = self.by_head.get(token.i)
            named = other is not None and (other.entries or other.entity_label)
            if other is not None and named and (not state or other.label == "ADJECTIVE"):
                return not (state and _describes(self.doc, other))
        return False

    # -- the same noun once more

    def _same_noun(self, nominal: Nominal, head: Token, features: Features) -> Found | None:
        """Take up what has been called so, by a noun, a title or a word of its name."""
        lemma, here = fold_lemma(head.lemma_), self.discourse.sentence[head.i]
        modifiers = self._modifiers(nominal, head)
        barred = coarguments(head)
        for chain in reversed(self.discourse.by_noun.get(lemma, [])[-6:]):
            if here - self.discourse.sentence[chain.last] > NOUN_BACK:
                break
            if not features.numbers & chain.numbers or not modifiers <= chain.nouns:
                continue
            if are_among(chain.mentions[-4:], barred, self.doc):
                continue
            return chain.antecedents(), chain, self._noun_rule(chain, lemma)
        return None

    def _noun_rule(self, chain: Chain, lemma: str) -> str:
        if not chain.named:
            return "definite:same-noun"
        return "definite:role" if chain.kind == "person" else "definite:name"

    def _modifiers(self, nominal: Nominal, head: Token) -> set[str]:
        return {
            fold_lemma(token.lemma_)
            for token in self.doc[nominal.start : head.i]
            if token.pos_ in {"ADJ", "NOUN", "PROPN", "VERB"} and token.lower_ not in {"same"}
        }

    # -- another noun for the same

    def _synonym(self, nominal: Nominal, head: Token, features: Features) -> Found | None:
        """Take up what was called by a near synonym: "a ferry ... the vessel", "a start-up ...
        the company", "three nurses ... the women"."""
        lemma, here = fold_lemma(head.lemma_), self.discourse.sentence[head.i]
        many = head.tag_ in PLURAL_TAGS
        if not self._modifiers(nominal, head) <= word_class("EPITHET"):
            return None
        barred = coarguments(head) | commanders(head)
        if many and lemma in word_class("GENERALNOUN"):
            found = self._most_salient(head, lambda chain: _is_people(chain) and chain.sure, 2)
            return (found.antecedents(), found, "definite:people") if found is not None else None
        if many and lemma in word_class("REBELNOUN") and not self._modifiers(nominal, head):
            armed = [
                c for _, c in self.discourse.near(here, NOUN_BACK) if c.listed == "armed_group"
            ]
            alone = len(armed) == 1 and not are_among(armed[0].mentions[-4:], barred, self.doc)
            return (armed[0].antecedents(), armed[0], "definite:group") if alone else None
        for name in SYNONYMS:
            if lemma not in word_class(name):
                continue
            for _, chain in self.discourse.near(here, KIND_BACK):
                alike = word_class(name) & (chain.nouns - {lemma})
                taken = are_among(chain.mentions[-4:], barred, self.doc) or chain.members
                if alike and features.numbers & chain.numbers and not taken:
                    return chain.antecedents(), chain, "definite:synonym"
        return None

    # -- a noun for the kind of thing

    def _by_kind(self, nominal: Nominal, head: Token, features: Features) -> Found | None:
        if head.tag_ in PLURAL_TAGS or not self._is_loosely_modified(nominal, head):
            return None
        fits = self._fitting(fold_lemma(head.lemma_))
        if fits is None:
            return None
        test, rule = fits
        said = [token.lower_ for token in self.doc[nominal.start : head.i]]
        meant = states_described([*said, fold_lemma(head.lemma_)])
        best = self._most_salient(head, lambda chain: test(chain) and _is_one_of(chain, meant))
        return (best.antecedents(), best, rule) if best is not None else None

    def _is_loosely_modified(self, nominal: Nominal, head: Token) -> bool:
        """Tell "the ailing agency" from "the disaster agency", which is a naming of its own."""
        if fold_lemma(head.lemma_) in word_class("STATENOUN"):
            return True
        compound = {
            fold_lemma(t.lemma_) for t in self.doc[nominal.start : head.i] if _is_participial(t)
        }
        return self._modifiers(nominal, head) - compound <= word_class("EPITHET")

    def _fitting(self, lemma: str) -> tuple[Callable[[Chain], bool], str] | None:
        """Give the test for chains that a noun can stand for, and the rule's name."""
        if lemma in word_class("ISLANDNOUN"):
            return (
                lambda chain: chain.kind in {"state", "place"} and chain.named
            ), "definite:place"
        if lemma in word_class("STATENOUN"):
            return (lambda chain: chain.kind == "state"), "definite:state"
        if lemma == "capital":
            return (lambda chain: chain.kind == "place" and chain.named), "definite:place"
        if lemma in word_class("CITYNOUN"):
            return (lambda chain: chain.kind == "place" and chain.named), "definite:place"
        if lemma in word_class("BLOCNOUN"):
            bloc = frozenset({"igo"} if lemma in {"bloc", "alliance"} else {"igo", "ngo", ""})
            return (lambda chain: self._is_body(chain, bloc)), "definite:group"
        if lemma in word_class("GROUPNOUN"):
            kinds = frozenset({"armed_group", "ngo", "igo", "organisation", ""})
            if lemma in word_class("ARMEDNOUN"):
                kinds = frozenset({"armed_group", ""})
            return (lambda chain: self._is_body(chain, kinds)), "definite:group"
        listed = {kind for name, fit in BODY_NOUNS if lemma in word_class(name) for kind in fit}
        if not listed:
            return None
        other = word_class("BODYWORD") - word_class("COMPANYNOUN") if "company" in listed else set()
        return (
            lambda chain: self._is_body(chain, frozenset({"", *listed})) and not chain.nouns & other
        ), "definite:body"

    @staticmethod
    def _is_body(chain: Chain, kinds: frozenset[str]) -> bool:
        body = chain.kind in {"body", "unknown"} or not chain.sure
        return chain.named and body and (chain.listed or "") in kinds and not chain.where

    def _most_salient(
        self, head: Token, test: Callable[[Chain], bool], back: int = KIND_BACK
    ) -> Chain | None:
        here = self.discourse.sentence[head.i]
        barred = coarguments(head) | commanders(head)
        best: tuple[tuple[int, int], Chain] | None = None
        for _, chain in self.discourse.near(here, back):
            if chain.members or not test(chain):
                continue
            if are_among(chain.mentions[-4:], barred, self.doc):
                continue
            rank = (chain.weight(here) + self._fit(head, chain), chain.last)
            if best is None or rank > best[0]:
                best = (rank, chain)
        return best[1] if best is not None else None

    def _fit(self, head: Token, chain: Chain) -> int:
        """Weigh what a noun, and what is told of it, says of the kind of thing that is meant."""
        if head.lemma_ == "island":
            return PLACE if chain.kind == "place" else 0
        if head.lemma_ != "group":
            return 0
        if chain.listed == "armed_group" and _is_violent(head):
            return FIGHTING
        bare = all(c.dep_ == "det" for c in head.lefts)
        return BLOC if chain.listed == "igo" and bare else 0

    # -- epithets

    def _epithet(self, head: Token, features: Features) -> Found | None:
        """Take "the former general", "the 54-year-old" for the person the text is about."""
        if features.kind != "person" or head.tag_ in PLURAL_TAGS:
            return None
        words = {child.lower_ for child in head.children} | {head.lower_.partition("-")[0]}
        former = role_of(head) == "subject" and bool(words & word_class("BYGONE"))
        if not former and head.lower_ != "old":
            return None
        best = self._most_salient(
            head,
            lambda chain: (
                chain.kind == "person" and chain.gender in {None, features.gender or chain.gender}
            ),
        )
        return (best.antecedents(), best, "definite:epithet") if best is not None else None
