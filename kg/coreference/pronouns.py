"""Whom or what a pronoun takes up: agreement, binding, then salience.

Source: Lappin and Leass (1994), "An algorithm for pronominal anaphora resolution"; the additions
for news (who speaks, who can act) are our own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set

from kg.attribution import Saying
from kg.attribution.table import reporting
from kg.coreference.binding import are_among, coarguments, holders, is_empty_it, subject_of
from kg.coreference.discourse import Chain, Discourse, is_locative, role_of
from kg.lexicon import Pronoun, fold_lemma, predicates, pronouns, word_class
from kg.mentions import Nominal
from kg.parse import Parse, Token

__all__ = ["Pronouns", "agrees"]

# Swept on the development passages (benchmarks/RESULTS.md): all are flat around what stands here.
PARALLEL = 35  # Lappin and Leass, table 1
SPEAKER = 50  # "the ministry said it ..."
KIND_WEIGHTS = {"thing": -40, "place": -60, "unknown": -40, "state": 10, "body": 10}
CANNOT_ACT = -120  # a thing as the subject of a verb that only somebody does
NAMED = 30
NO_PERSON = -60  # "he" of a name that nothing tells to be a person's
ACCUSED = 400  # more than salience adds: the grounds of a criticism are what it is of
ANOTHERS = -400  # "Oslo summoned its ambassador": never the subject's own
HOSTILE = -80  # "Norway condemned Sudan and expelled its envoy": hostile acts go against others
LOCATIVE = -200  # where something happens is seldom what is spoken of
CAN_ACT = frozenset({"person", "people", "body", "state"})

ACCUSING = frozenset({"ACCUSE"})
HOSTILE_TYPES = frozenset({"ASSAULT", "COERCE", "SANCTION", "ACCUSE", "THREATEN", "REJECT"})

Found = tuple[Chain, str]
ChainOf = Callable[[Nominal], Chain | None]
Barred = tuple[frozenset[int], frozenset[int]]
"""Heads of the phrases around a pronoun; heads of its co-arguments, the first of conjuncts."""


def agrees(pronoun: Pronoun, chain: Chain) -> bool:
    """Tell whether number, gender and kind of a chain let a pronoun take it up."""
    if chain.kind == "modifier":
        return False
    if pronoun.gender in {"m", "f"}:
        one = chain.kind == "person" or (chain.kind == "unknown" and "sg" in chain.numbers)
        return one and chain.gender in {None, pronoun.gender}
    if pronoun.number == "sg":
        return "sg" in chain.numbers and chain.kind not in {"person", "people"}
    return "pl" in chain.numbers


class Pronouns:
    """Resolves the pronouns of one document against its discourse."""

    def __init__(
        self,
        doc: Parse,
        discourse: Discourse,
        by_head: Mapping[int, Nominal],
        around: Mapping[int, Sequence[Saying]],
        quoted: Set[int],
    ) -> None:
        self.doc = doc
        self.discourse = discourse
        self.by_head = by_head
        self.around = around
        self.quoted = quoted

    def resolve(
        self, token: Token, chain_of: ChainOf
    ) -> tuple[tuple[int, ...], Chain | None, str] | None:
        """Find what a pronoun takes up: antecedents, their chain, rule; None if nothing.

        Args:
            chain_of: gives the chain of a name or noun phrase, also of one that stands ahead.
        """
        pronoun = pronouns()[token.lower_]
        if pronoun.person == 1:
            return self._speaker(token, pronoun)
        if "reflexive" in pronoun.uses:
            found = self._reflexive(token, pronoun)
            if found is not None:
                return found
        if pronoun.gender == "n" and "personal" in pronoun.uses and is_empty_it(token):
            return None
        best = self._topic(token, pronoun, chain_of) or self._best(token, pronoun)
        if best is None:
            return None
        chain, rule = best
        return chain.antecedents(), chain, rule

    # -- speakers

    def _speaker(self, token: Token, pronoun: Pronoun) -> tuple[tuple[int, ...], None, str] | None:
        inside = [s for s in self.around.get(token.i, ()) if s.quoted and s.speaker is not None]
        if not inside:
            return None
        speaker = min(inside, key=lambda saying: saying.length).speaker
        if speaker is None or speaker == token.i:
            return None
        return (speaker,), None, "pronoun:speaker" if pronoun.number == "sg" else "pronoun:side"

    def _own_speakers(self, token: Token) -> set[int]:
        """Give the chains of those in whose quotation a pronoun stands: "he" is another."""
        if token.i not in self.quoted:
            return set()
        heads = [s.speaker for s in self.around.get(token.i, ()) if s.quoted and s.speaker]
        return {id(self.discourse.of[head]) for head in heads if head in self.discourse.of}

    def _topic(self, token: Token, pronoun: Pronoun, chain_of: ChainOf) -> Found | None:
        """Find whom a quotation before its speaker is about: '"He lied," Venn said of Orla'."""
        if token.i not in self.quoted:
            return None
        for saying in self.around.get(token.i, ()):
            verb = self.doc[saying.verb]
            if not saying.quoted or verb.i < token.i:
                continue
            for child in verb.subtree:
                if child.dep_ == "prep" and child.lower_ in {"of", "about"} and child.i > verb.i:
                    for goal in child.children:
                        other = self.by_head.get(goal.i) if goal.dep_ == "pobj" else None
                        named = other is not None and other.label != "PRONOUN"
                        chain = chain_of(other) if other is not None and named else None
                        if chain is not None and agrees(pronoun, chain):
                            return chain, "pronoun:topic"
        return None

    # -- reflexives

    def _reflexive(
        self, token: Token, pronoun: Pronoun
    ) -> tuple[tuple[int, ...], Chain | None, str] | None:
        verb = token
        while verb.pos_ not in {"VERB", "AUX"} and verb.head.i != verb.i:
            verb = verb.head
        subject = subject_of(verb)
        chain = self._chain_at(subject) if subject is not None else None
        if chain is None or (chain.kind != "unknown" and not agrees(pronoun, chain)):
            return None
        return chain.antecedents(), chain, "pronoun:reflexive"

    def _chain_at(self, token: Token) -> Chain | None:
        """Give the chain of a subject; of a group of conjuncts where there is one."""
        if token.lower_ in {"who", "which", "that"} and token.head.dep_ == "relcl":
            token = token.head.head
        return self.discourse.group_at(token.i) or self.discourse.of.get(token.i)

    # -- all others

    def _best(self, token: Token, pronoun: Pronoun) -> Found | None:
        here = self.discourse.sentence[token.i]
        barred = self._barred(token)
        own = self._own_speakers(token)
        best: tuple[tuple[int, int], Chain] | None = None
        for _, chain in self.discourse.near(here):
            if id(chain) in own or not agrees(pronoun, chain) or self._is_barred(chain, barred):
                continue
            rank = (self._rank(token, pronoun, chain, here), chain.last)
            if best is None or rank > best[0]:
                best = (rank, chain)
        if best is None:
            return self._split(token, pronoun, here)
        owner = self._owner(token, pronoun, best[1])
        if owner is not None:
            return owner, "pronoun:possessor"
        return best[1], self._rule(pronoun, best[1])

    def _rule(self, pronoun: Pronoun, chain: Chain) -> str:
        if pronoun.gender in {"m", "f"}:
            return "pronoun:person"
        if pronoun.number == "pl":
            return "pronoun:conjuncts" if chain.members else "pronoun:plural"
        return "pronoun:body" if chain.kind in CAN_ACT | {"place"} else "pronoun:thing"

    def _barred(self, token: Token) -> Barred:
        """List the mentions that a pronoun can't corefer with: what holds it, and co-arguments."""
        beside = frozenset[int]() if token.dep_ == "poss" else coarguments(token)
        return holders(token), beside

    def _is_barred(self, chain: Chain, barred: Barred) -> bool:
        around, beside = barred
        last = chain.mentions[-6:]
        if any(head in around for head in last) or are_among(last, beside, self.doc):
            return True
        return bool(chain.members) and any(
            self._is_barred(member, barred) for member in chain.members
        )

    def _rank(self, token: Token, pronoun: Pronoun, chain: Chain, here: int) -> int:
        rank = chain.weight(here) + KIND_WEIGHTS.get(chain.kind, 0)
        if chain.named:
            rank += NAMED
        if pronoun.gender in {"m", "f"} and chain.kind == "unknown":
            rank += NO_PERSON
        where = chain.kind == "place" or (chain.listed is None and chain.kind != "person")
        if where and is_locative(self.doc[chain.last]):
            rank += LOCATIVE
        if chain.last >= 0 and role_of(self.doc[chain.last]) == role_of(token):
            rank += PARALLEL
        if self._is_victim_of(token, chain):
            rank += HOSTILE
        if self._is_host_of(token, chain):
            rank += ANOTHERS
        if self._is_accused(token, chain) or self._is_denying(token, chain, here):
            rank += ACCUSED
        if chain.kind not in CAN_ACT and (_acts(token) or token.dep_ == "dative"):
            rank += CANNOT_ACT
        if self._is_reporter(token, chain):
            rank += SPEAKER
        if pronoun.number == "pl" and "sg" in chain.numbers:
            rank -= 60  # "they" of a single body only where no plural is at hand
        return rank

    def _is_victim_of(self, token: Token, chain: Chain) -> bool:
        """Tell the doer of a hostile act on what a possessive pronoun owns."""
        verb = token.head.head
        owned = token.dep_ == "poss" and token.head.dep_ == "dobj"
        if not owned or chain.kind not in CAN_ACT or not _is_hostile(verb):
            return False
        subject = subject_of(verb)
        return subject is not None and self._chain_at(subject) is chain

    def _is_host_of(self, token: Token, chain: Chain) -> bool:
        """Tell the state that calls in or sends off another's envoy ("summoned its ambassador");
        what it recalls is its own."""
        envoy, verb = token.head, token.head.head
        if token.dep_ != "poss" or envoy.dep_ != "dobj":
            return False
        sent = fold_lemma(envoy.lemma_) in word_class("EMISSARY") | word_class("EMBASSY")
        if not sent or fold_lemma(verb.lemma_) not in word_class("HOSTVERB"):
            return False
        subject = subject_of(verb)
        return subject is not None and self._chain_at(subject) is chain

    def _is_accused(self, token: Token, chain: Chain) -> bool:
        """Tell whom a criticism was of, in the words that give its grounds.

        "Moscow slammed the coalition, saying its strikes had failed": the coalition's.
        """
        for saying in self.around.get(token.i, ()):
            verb = self.doc[saying.verb]
            if verb.dep_ != "advcl" or verb.tag_ != "VBG" or not _is_hostile(verb.head, ACCUSING):
                continue
            target = next((c for c in verb.head.children if c.dep_ == "dobj"), None)
            if target is not None and self._chain_at(target) is chain:
                return True
        return False

    def _is_denying(self, token: Token, chain: Chain, here: int) -> bool:
        """Tell the accused who denies it: "Serbia accused Croatia of theft. It denied this."."""
        verb = token.head
        if token.dep_ != "nsubj" or fold_lemma(verb.lemma_) not in word_class("DENIAL"):
            return False
        for head in chain.mentions[-2:]:
            mention = self.doc[head]
            near = here - self.discourse.sentence[head] <= 1 and head < token.i
            if near and mention.dep_ == "dobj" and _is_hostile(mention.head, ACCUSING):
                return True
        return False

    def _is_reporter(self, token: Token, chain: Chain) -> bool:
        """Tell whether a subject in reported speech can be who reports: "the army said it ..."."""
        if token.dep_ not in {"nsubj", "nsubjpass"} or token.i in self.quoted:
            return False
        around = [s for s in self.around.get(token.i, ()) if s.speaker is not None]
        if not around:
            return False
        speaker = min(around, key=lambda saying: saying.length).speaker
        return speaker is not None and self.discourse.of.get(speaker) is chain

    def _owner(self, token: Token, pronoun: Pronoun, chain: Chain) -> Chain | None:
        """Take "he" in "his lawyer said he was ill" for the client."""
        if pronoun.gender not in {"m", "f"} or chain.named or not self._is_reporter(token, chain):
            return None
        head = self.doc[chain.last]
        if fold_lemma(head.lemma_) not in word_class("RELATIONAL"):
            return None
        for child in head.children:
            owner = self.discourse.of.get(child.i) if child.dep_ == "poss" else None
            if owner is not None and owner.kind == "person" and agrees(pronoun, owner):
                return owner
        return None

    def _split(self, token: Token, pronoun: Pronoun, here: int) -> Found | None:
        """Take "they" for both persons or states of the sentence before, if there are just two."""
        if pronoun.number != "pl":
            return None
        for kinds in (frozenset({"person"}), frozenset({"state", "body"})):
            pair = [
                chain
                for distance, chain in self.discourse.near(here, 1)
                if distance and chain.kind in kinds and not chain.members
            ]
            if len(pair) == 2 and all(chain.named for chain in pair):
                return self.discourse.together(pair), "pronoun:split"
        return None

    # -- cataphora

    def ahead(self, token: Token) -> Nominal | None:
        """Find the subject that a pronoun in a clause or phrase before it points ahead to.

        "Before he left, Novik spoke": the main clause's subject.
        """
        clause = next((t for t in (token, *token.ancestors) if t.dep_ in {"advcl", "prep"}), None)
        if clause is None or clause.head.pos_ not in {"VERB", "AUX"} or clause.i > clause.head.i:
            return None
        top = clause.head
        while (
            top.dep_ in {"advcl", "ccomp"}
            and top.head.i > top.i
            and top.head.pos_
            in {
                "VERB",
                "AUX",
            }
        ):
            top = top.head
        subject = next(
            (c for c in top.children if c.dep_ in {"nsubj", "nsubjpass"} and c.i > token.i), None
        )
        return self.by_head.get(subject.i) if subject is not None else None


def _is_hostile(verb: Token, types: Set[str] = HOSTILE_TYPES) -> bool:
    """Tell verbs that, whatever their object, tell of an act against somebody."""
    lines = predicates().get((fold_lemma(verb.lemma_), "v"), ())
    return bool(lines) and not lines[-1].conditions and lines[-1].event in types


def _acts(token: Token) -> bool:
    """Tell whether a pronoun is the subject of a verb that only somebody can do, or so many of
    them are ("hundreds of them staged a protest")."""
    if token.dep_ == "pobj" and token.head.lower_ == "of":
        counting = token.head.head
        if fold_lemma(counting.lemma_) in word_class("MEASURE") or counting.pos_ in {"NUM", "DET"}:
            token = counting
    verb = token.head
    if token.dep_ != "nsubj" or verb.pos_ != "VERB":
        return False
    if (fold_lemma(verb.lemma_), "v") in reporting():
        return True
    acts = (c for c in verb.children if c.dep_ == "dobj")
    return any(_is_protest(act) for act in acts) and _carries(verb)


def _carries(verb: Token) -> bool:
    return fold_lemma(verb.lemma_) in word_class("LIGHTVERB")


def _is_protest(noun: Token) -> bool:
    lines = predicates().get((fold_lemma(noun.lemma_), "n"), ())
    return any(line.event == "PROTEST" for line in lines)
