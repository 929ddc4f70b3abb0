"""Who a nominal stands for: somebody itself, or the one that a thing belongs to."""

from __future__ import annotations

from kg.clauses import conjuncts, is_passive, noun_obliques
from kg.events.frames import VERBS, Frames
from kg.lexicon import fold_lemma, word_class
from kg.mentions import Nominal, is_opposed
from kg.parse import Token

__all__ = ["Participants"]

ACTOR_LABELS = frozenset({"PERSON", "ORG", "GPE", "NORP"})
PLACE_KINDS = frozenset({"place"})
NAMELESS = frozenset({"EVENT", "LAW", "WORK_OF_ART"})  # names of what can't act
HYPHENS = frozenset("-–/")
BLOCS = frozenset({"country", "igo", "region"})
OPPOSING = frozenset({"against", "on", "with", "by", "between"})
QUANTIFIERS = frozenset(
    "some many most all none one two dozens hundreds thousands several both each members".split()
)


class Participants:
    """Finds participants behind the nominals of one document.

    Attributes:
        owned: things with the names that modify them ("Russian operations" -> Russian).
    """

    def __init__(self, frames: Frames) -> None:
        self.frames = frames
        self.doc = frames.doc
        self.owned: dict[int, tuple[int, ...]] = {}

    def actor_like(self, head: int) -> bool:
        """Tell whether a nominal is somebody: a name, a person or body, a pronoun for one."""
        nominal = self.frames.nominals.get(head)
        if nominal is None:
            return False
        if nominal.label == "PRONOUN":
            return not (self.doc[head].lower_ == "it" and self._expletive(head))
        if nominal.entries:
            return any(entry.entity.kind not in PLACE_KINDS for entry in nominal.entries)
        unknown_name = (
            nominal.label == "NOMINAL"
            and self.doc[head].pos_ == "PROPN"
            and not self.doc[head].ent_type_
        )
        return nominal.entity_label in ACTOR_LABELS or nominal.agent is not None or unknown_name

    def _expletive(self, head: int) -> bool:
        verb = self.doc[head].head
        impersonal = word_class("IMPERSONAL")
        return self.doc[head].dep_ == "expl" or (
            verb.lemma_ == "be"
            and any(c.dep_ in {"acomp", "attr"} and c.lemma_ in impersonal for c in verb.children)
        )

    def _bare_country(self, nominal: Nominal) -> bool:
        """Tell a country's plain name used as a modifier: it names the topic or the place ("Syria
        talks").

        English takes the adjective for who acts ("Russian strikes"); only names in capitals have
        none.
        """
        text = self.doc.text_of(nominal.start, nominal.end)
        return (
            bool(nominal.entries)
            and nominal.entries[0].form == "name"
            and nominal.entries[0].entity.kind in {"country", "place", "region"}
            and not text.replace(".", "").isupper()
        )

    def owners(self, head: int, depth: int = 0) -> list[int]:
        """Find whose thing a noun is: possessor, "by", "of", or a name that modifies it."""
        token = self.doc[head]
        if depth > 3:
            return []
        for child in token.children:
            if child.dep_ == "poss":
                found = [h for t in conjuncts(child) for h in self.holders(t.i, depth + 1)]
                if found:
                    return found
        agents = [
            h
            for c in token.children
            if c.dep_ == "acl"
            for h in self.frames.grammar.clause(c.i).subjects
            if c.pos_ in VERBS and c.lemma_ in word_class("AUTHORVERB") and is_passive(c)
        ]
        for preps in ({"by"}, {"of", "from"}):
            found = [
                h
                for prep, _, i in noun_obliques(token)
                if prep in preps
                for h in self.holders(i, depth + 1)
            ]
            found += (
                [h for i in agents for h in self.holders(i, depth + 1)] if preps == {"by"} else []
            )
            if found:
                return found
        for prep, _, i in noun_obliques(token):
            if prep == "for" and fold_lemma(token.lemma_) in word_class("HOUSING"):
                found = self.holders(i, depth + 1)  # "a camp for refugees"
                if found:
                    return found
        names = self.modifying_names(head) or self._modifying_people(head)
        if names and head in self.frames.nominals:
            self.owned[head] = tuple(names)
            return [head]
        return names or self._authors(token, depth)

    def _authors(self, text: Token, depth: int) -> list[int]:
        """Find who made a text whose act is told ("issued a statement that condemned them")."""
        verb = text.head
        told = any(c.dep_ == "relcl" and self._is_teller(text, c) for c in text.children)
        if not told or text.dep_ != "dobj" or fold_lemma(text.lemma_) not in word_class("CONTENT"):
            return []
        if fold_lemma(verb.lemma_) not in word_class("AUTHORVERB", "LEGISLATE"):
            return []
        subjects = self.frames.grammar.clause(verb.i).subjects
        return [h for i in subjects if i != text.i for h in self.holders(i, depth + 1)]

    def _is_teller(self, text: Token, clause: Token) -> bool:
        """Tell a text that is the subject of a clause, not what it is about."""
        return text.i in self.frames.grammar.subjects.of(clause.i)

    def _modifying_people(self, head: int) -> list[int]:
        """Find the people a thing belongs to in a compound ("rebel positions", "police station").

        Of an act they may as well be the objects ("troop withdrawal"): that its own slots tell.
        """
        if self.frames.noun_key(head) is not None:
            return []
        return [
            c.i
            for c in self.doc[head].children
            if c.dep_ in {"compound", "nmod"}
            and c.i < head
            and (nominal := self.frames.nominals.get(c.i)) is not None
            and nominal.agent is not None
        ]

    def modifying_names(self, head: int) -> list[int]:
        """Find the names among a noun's modifiers that say who ("Russian", "Pentagon", "US")."""
        found: list[int] = []
        for child in self.doc[head].children:
            if child.dep_ not in {"amod", "compound", "nmod", "nummod"} or child.i > head:
                continue
            paired = self._hyphened(child)
            if paired is not None:  # "Norlandic-Surani talks", "Norland-Suran clashes"
                found += [paired, child.i]
                continue
            for token in [
                child,
                *(c for c in child.children if c.dep_ in {"amod", "compound", "nmod", "conj"}),
                *(c for c in self._leaders(child)),
            ]:
                nominal = self.frames.nominals.get(token.i)
                if (
                    nominal is None
                    or nominal.label not in {"NAME", "ADJECTIVE"}
                    or self._bare_country(nominal)
                ):
                    continue
                if self.actor_like(token.i) and not is_opposed(self.doc, nominal):
                    found.append(token.i)
        return list(dict.fromkeys(found))

    def _hyphened(self, second: Token) -> int | None:
        """Find the state that a hyphen joins to another's name: a copulative compound."""
        if second.i < 2 or self.doc[second.i - 1].text not in HYPHENS:
            return None
        pair = [self.frames.nominals.get(i) for i in (second.i - 2, second.i)]
        states = [n is not None and n.entries and n.entries[0].entity.kind in BLOCS for n in pair]
        return second.i - 2 if all(states) else None

    @staticmethod
    def _leaders(participle: Token) -> list[Token]:
        """Find who leads in a compound participle ("a Saudi-led raid"); backers don't."""
        if participle.lower_ not in word_class("LEDBY"):
            return []
        return [c for c in participle.children if c.dep_ in {"npadvmod", "advmod", "nsubj"}]

    def holders(self, head: int, depth: int = 0) -> list[int]:
        """Give a nominal itself if it is somebody, else whoever it belongs to."""
        token = self.doc[head]
        if token.lower_ in QUANTIFIERS or fold_lemma(token.lemma_) in word_class("MEASURE"):
            inside = [
                h
                for prep, _, i in noun_obliques(token)
                if prep == "of"
                for h in self.holders(i, depth + 1)
            ]
            if inside:
                return inside
        if self.actor_like(head):
            return [head]
        person = self._named_behind(token)
        return [person] if person is not None else self.owners(head, depth)

    def agents(self, head: int) -> list[int]:
        """Give who can act behind a nominal: its holders, but for what only has a place.

        "The Syrian conflict", "the Turkish earthquake": the adjective says where, not who.
        """
        return [] if self.is_setting(head) else self.holders(head)

    def is_setting(self, head: int) -> bool:
        """Tell strife or a calamity, which happens somewhere and is nobody's act.

        "Suran's war on its neighbour" is somebody's: it names whom it is against.
        """
        lemma = fold_lemma(self.doc[head].lemma_)
        if lemma in word_class("UNPOLITICAL", "CALAMITY"):
            return True
        if lemma not in word_class("STRIFE"):
            return False
        own = any(c.dep_ == "poss" and c.tag_ == "PRP$" for c in self.doc[head].children)
        return not own and not any(p in OPPOSING for p, _, _ in noun_obliques(self.doc[head]))

    def _named_behind(self, noun: Token) -> int | None:
        """Find the person in apposition to a noun ("the head of the agency, Ann Venn, ...")."""
        for child in noun.children:
            nominal = self.frames.nominals.get(child.i)
            if child.dep_ == "appos" and nominal is not None and nominal.entity_label == "PERSON":
                return child.i
        return None

    def is_named(self, head: int) -> bool:
        """Tell a proper name that could be anybody's, whatever the recogniser calls it."""
        nominal = self.frames.nominals.get(head)
        token = self.doc[head]
        return (
            nominal is not None
            and nominal.entity_label not in NAMELESS
            and fold_lemma(token.lemma_) not in word_class("CONTENT")
            and (nominal.label == "NAME" or token.pos_ == "PROPN" or self._is_acronym(token))
        )

    @staticmethod
    def _is_acronym(token: Token) -> bool:
        """Tell a word in capitals among others that aren't ("ICE returned the coins")."""
        return (
            token.is_upper
            and len(token.text) > 1
            and not all(t.is_upper for t in token.sent if t.text.isalpha())
        )

    def is_place(self, head: int) -> bool:
        """Tell whether a nominal names a place."""
        nominal = self.frames.nominals.get(head)
        if nominal is None or nominal.label == "ADJECTIVE":
            return False
        if nominal.entries:
            return nominal.entries[0].entity.kind in {"place", "region", "country"}
        return nominal.entity_label in {"GPE", "LOC", "FAC"}

    def measured(self, head: int) -> int:
        """Look through a noun of measure at what it measures ("part of the stronghold"), and a
        common noun at the place that it classes ("the town of Sarn")."""
        token = self.doc[head]
        lemma = fold_lemma(token.lemma_)
        measure = token.lower_ in QUANTIFIERS or lemma in word_class("MEASURE")
        area = lemma in word_class("AREA")
        for prep, _, inside in noun_obliques(token):
            if prep == "of" and (measure or (area and self.is_place(inside))):
                return inside
        return head
