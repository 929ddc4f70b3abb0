"""Names that shrink and grow, acronyms, titles and appositions."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from itertools import chain, islice

from kg.coreference.features import PLURAL_TAGS
from kg.curation import gazetteer_of
from kg.lexicon import fold_lemma, given_names, word_class
from kg.mentions import Nominal, agent_noun
from kg.parse import Parse, Token

__all__ = ["Names", "name_words"]

ACRONYM = re.compile(r"[A-Z][A-Z&-]{1,6}s?")
ORDINAL = re.compile(r"(?:Jr|Sr)\.?|[IVX]+")
DIRECTIONS = frozenset({"North", "South", "East", "West"})
BODIES = frozenset({"armed_group", "organisation", "igo", "ngo", "company"})
BODY_NOUNS = ("MEDIANOUN", "COMPANYNOUN", "BODYNOUN", "GROUPNOUN", "OWNERNOUN")
PART = 4  # letters from which a word of a body's name can stand for it: "the Tigers"
DETERMINERS = frozenset({"the"})
NAMESAKES = 50  # names alike that are looked through, on either side of a mention
TITLE = 40  # tokens of a title's own phrase: "for peace and security in the region"
PAUSES = frozenset({",", "--", "-", "(", "–"})


def name_words(doc: Parse, nominal: Nominal) -> tuple[str, ...]:
    """Give the words of a name, less titles, words of courtesy, "the" and possessive."""
    start, end = nominal.start, nominal.end
    while start < nominal.head and doc[start].text not in given_names() and _is_title(doc[start]):
        start += 1
    while end > nominal.head + 1 and doc[end - 1].pos_ != "PROPN":
        end -= 1
    words = tuple(token.text for token in doc[start:end])
    return words[:-1] if len(words) > 2 and ORDINAL.fullmatch(words[-1]) else words


def _is_title(token: Token) -> bool:
    word = token.lower_.strip(".")
    if word in DETERMINERS or word in word_class("HONORIFIC"):
        return True
    agent = agent_noun(token)
    return agent is not None and agent.title


class Names:
    """The names of a document, for looking up what a shorter one is short for.

    Full names count wherever they stand: a headline has the surname alone before the text gives
    the whole name.
    """

    def __init__(self, doc: Parse, by_head: Mapping[int, Nominal]) -> None:
        self.doc = doc
        self.by_head = by_head
        self.words: dict[int, tuple[str, ...]] = {}
        self.people: dict[str, list[int]] = {}
        self.bodies: dict[str, dict[tuple[str, ...], int]] = {}
        self.earliest: dict[tuple[str, ...], int] = {}
        self.acronyms: dict[str, int] = {}
        self.parts: dict[str, list[int]] = {}
        for nominal in by_head.values():
            self._enter(nominal)
        for nominal in by_head.values():
            self._enter_acronym(nominal)

    def _enter(self, nominal: Nominal) -> None:
        head = self.doc[nominal.head]
        if nominal.label == "PRONOUN" or head.pos_ not in {"PROPN", "NOUN", "ADJ", "NUM"}:
            return
        if not nominal.entity_label and head.pos_ != "PROPN":
            if head.is_title and nominal.end - nominal.start == 1 and nominal.agent is None:
                self.words[nominal.head] = (head.text,)  # perhaps a surname, taken for a noun
            return
        words = self.words[nominal.head] = name_words(self.doc, nominal)
        self._enter_parts(nominal)
        if len(words) < 2:
            return
        if nominal.entity_label == "PERSON":
            self.earliest.setdefault(words, nominal.head)
            for word in {words[0], words[-1]}:
                self.people.setdefault(word, []).append(nominal.head)
        else:
            if not nominal.entries:
                self.bodies.setdefault(words[0], {}).setdefault(words, nominal.head)
            initials = "".join(w[0] for w in words if w[0].isupper())
            if len(initials) >= 3:
                self.acronyms.setdefault(initials, nominal.head)

    def _enter_parts(self, nominal: Nominal) -> None:
        """Note the words of a listed name that can stand for it behind "the": "the Tigers" of the
        Liberation Tigers, "the North" of North Korea."""
        if not nominal.entries or nominal.entries[0].form != "name":
            return
        line = nominal.entries[0].entity
        words = line.name.split()
        if line.kind == "country":
            parts = [words[0]] if len(words) == 2 and words[0] in DIRECTIONS else []
        else:
            known = gazetteer_of(self.doc).names
            longer = line.kind in BODIES and len(words) > 1
            parts = [w for w in words if longer and w[:1].isupper() and w not in known]
        for word in parts:
            if len(word) >= PART:
                self.parts.setdefault(word, []).append(nominal.head)

    def _enter_acronym(self, nominal: Nominal) -> None:
        """Note an acronym in brackets behind a name, or a name in brackets behind an acronym."""
        head, doc = nominal.head, self.doc
        if nominal.start < 2 or doc[nominal.start - 1].text != "(":
            return
        before = self._ending_at(nominal.start - 1)
        if before is None:
            return
        if ACRONYM.fullmatch(doc[head].text) and _abbreviates(
            doc[head].text, self._spelled(before)
        ):
            self.acronyms[doc[head].text] = before
        elif ACRONYM.fullmatch(doc[before].text) and _abbreviates(
            doc[before].text, self.words.get(head, ())
        ):
            self.acronyms[doc[before].text] = head

    def _ending_at(self, end: int) -> int | None:
        """Find the name whose phrase ends before a bracket; its head may stand some words back."""
        for i in range(end - 1, max(-1, end - 9), -1):
            nominal = self.by_head.get(i)
            if nominal is None or i not in self.words:
                continue
            whole = self.doc[i].dep_ not in {"pobj", "compound"} or self.doc[i].head.head.i not in (
                self.words
            )
            if whole:
                return i
        return None

    def _spelled(self, head: int) -> tuple[str, ...]:
        """Give the words of a name with those of its "of" and "for" phrases."""
        left = self.by_head[head].start
        return tuple(t.text for t in self.doc[left : self.doc[head].right_edge.i + 1])

    def fuller(self, nominal: Nominal) -> tuple[int, str] | None:
        """Find the mention that gives a name in full, and the rule that says so."""
        words = self.words.get(nominal.head)
        if not words:
            return None
        return (
            self._acronym(nominal, words)
            or self._person(nominal, words)
            or self._body(nominal, words)
        )

    def _acronym(self, nominal: Nominal, words: tuple[str, ...]) -> tuple[int, str] | None:
        if len(words) != 1 or not ACRONYM.fullmatch(words[0]):
            return None
        target = self.acronyms.get(words[0].removesuffix("s"), self.acronyms.get(words[0]))
        if target is None or target == nominal.head:
            return None
        same = self.by_head[target].entries and nominal.entries
        if same and self.by_head[target].entries[0].entity is nominal.entries[0].entity:
            return None
        return target, "name:acronym"

    def _person(self, nominal: Nominal, words: tuple[str, ...]) -> tuple[int, str] | None:
        """Find who bears a surname, or a given name alone; of namesakes the last one named.

        A full name in the text goes before one known from elsewhere: where Peter Clinton is
        spoken of, "Clinton" is no president.
        """
        head = self.doc[nominal.head]
        listed = any(entry.entity.kind != "person" for entry in nominal.entries)
        if listed or not head.is_title or any(c.dep_ == "det" for c in head.children):
            return None
        if words in self.earliest:
            return None  # "Imran Khattak" once more
        named = self.people.get(words[-1], [])
        at = bisect_left(named, nominal.head)
        near = chain(reversed(named[max(0, at - NAMESAKES) : at]), named[at : at + NAMESAKES])
        full = next(
            (
                self.words[i]
                for i in near
                if i != nominal.head
                and self._is_short_for(words, i)
                and not self._is_another(nominal, words, i)
            ),
            None,
        )
        if full is None:
            return None
        return self.earliest[full], "name:surname" if full[-1] == words[-1] else "name:given"

    def _is_another(self, nominal: Nominal, words: tuple[str, ...], head: int) -> bool:
        """Tell a name that is listed with its title ("King Salman") from a longer one's surname
        ("Mohammed bin Salman")."""
        entries = self.by_head[head].entries
        if not nominal.entries or not entries or nominal.end - nominal.start <= len(words):
            return False
        return entries[0].entity.key != nominal.entries[0].entity.key

    def _is_short_for(self, words: tuple[str, ...], head: int) -> bool:
        """Tell surnames ("Suu Kyi"), given names and names without their middle part."""
        full = self.words[head]
        if len(words) >= len(full):
            return False
        shorter = len(words)
        return (
            full[-shorter:] == words
            or (shorter == 1 and full[0] == words[0])
            or (words[0] == full[0] and words[-1] == full[-1])
        )

    def _body(self, nominal: Nominal, words: tuple[str, ...]) -> tuple[int, str] | None:
        """Find the body that a name is the beginning of: "Kestrel" of Kestrel Gold."""
        if nominal.entries or (nominal.entity_label in {"PERSON", "NORP"} and len(words) > 1):
            return None
        part = self._part(nominal, words)
        if part is not None:
            return part, "name:short"
        if words[0] in gazetteer_of(self.doc).names:
            return None
        named = self.bodies.get(words[0], {})
        for full, head in islice(named.items(), NAMESAKES):
            if (
                head < nominal.head
                and len(words) < len(full)
                and full[: len(words)] == words
                and len(words[0]) > 2
            ):
                return head, "name:short"
        return None

    def _part(self, nominal: Nominal, words: tuple[str, ...]) -> int | None:
        """Find the listed name that a word behind "the" is taken from; a state may come later."""
        head = self.doc[nominal.head]
        first = self.doc[nominal.start]
        the = first if first.lower_ == "the" else self.doc[nominal.start - 1]
        bare = nominal.agent is None and not any(c.dep_ == "prep" for c in head.children)
        if len(words) != 1 or the.lower_ != "the" or the.i > head.i or not bare:
            return None
        if head.pos_ != "PROPN" or head.dep_ in {"compound", "nmod"}:
            return None
        named = self.parts.get(words[0], [])
        before = [i for i in named if i < nominal.head]
        if words[0] in DIRECTIONS:
            before = before or named
        return before[-1] if before else None

    def explained(self, nominal: Nominal) -> tuple[int, str] | None:
        """Find the name that a title or an apposition belongs to, if a nominal is one.

        "Pentagon spokesman Jeff Davis", "Davis, a captain,", "her deputy, Mohamed Dagalo",
        "UN envoy for Syria Staffan de Mistura".
        """
        token = self.doc[nominal.head]
        if token.pos_ not in {"NOUN", "PROPN", "ADJ"} or not token.text.isalpha():
            return None
        if nominal.label != "NOMINAL" and nominal.entity_label in {"PERSON", "GPE", "NORP", "LOC"}:
            return None
        if token.dep_ in {"compound", "nmod"} and self._is_person(token.head.i):
            agent = nominal.agent
            if agent is not None and agent.kind == "person" and token.i < token.head.i:
                return token.head.i, "apposition:title"
        if token.dep_ == "appos" and self._fits(token.head, nominal):
            return token.head.i, "apposition:behind"
        for child in token.children:
            if child.dep_ == "appos" and self._fits(child, nominal):
                return child.i, "apposition:before"
        return self._behind_title(token, nominal)

    def _is_title_of(self, token: Token) -> bool:
        """Tell a nearer title: "a supporter of President Ann Venn" is somebody else."""
        other = self.by_head.get(token.i)
        return other is not None and other.agent is not None and other.agent.kind == "person"

    def _is_person(self, head: int) -> bool:
        other = self.by_head.get(head)
        return other is not None and other.entity_label == "PERSON"

    def _fits(self, name: Token, nominal: Nominal) -> bool:
        """Tell whether a name can be that of what a noun phrase describes."""
        other = self.by_head.get(name.i)
        token = self.doc[nominal.head]
        if (
            other is None
            or other.label != "NAME"
            or (token.pos_ == "PROPN" and (nominal.agent is None or nominal.agent.kind != "person"))
        ):
            return False
        close = self._is_close(other, nominal)
        if token.tag_ in PLURAL_TAGS or not (close or self._apart(name.i, token.i)):
            return False
        noun = fold_lemma(token.lemma_)
        person = (nominal.agent is not None and nominal.agent.kind == "person") or (
            noun in word_class("MALE", "FEMALE")
        )
        if other.entity_label == "PERSON":
            body = nominal.agent is not None and nominal.agent.kind == "organisation"
            return not body
        if other.entity_label == "ORG":
            return not person and (nominal.agent is not None or noun in word_class(*BODY_NOUNS))
        if other.entity_label == "GPE":
            return noun in word_class("STATENOUN") and token.i > name.i
        return False

    @staticmethod
    def _is_close(name: Nominal, nominal: Nominal) -> bool:
        """Tell a close apposition, without a pause: "its chairman Ann Venn"."""
        titled = nominal.agent is not None and nominal.agent.kind == "person"
        return titled and name.entity_label == "PERSON" and name.start == nominal.head + 1

    def _apart(self, one: int, other: int) -> bool:
        """Tell whether a pause stands between a name and its apposition."""
        between = self.doc[min(one, other) + 1 : max(one, other)]
        return any(token.text in PAUSES for token in between)

    def _behind_title(self, token: Token, nominal: Nominal) -> tuple[int, str] | None:
        """Find the name at the end of a title's own phrase: "UN envoy for Syria Ann Venn"."""
        if nominal.agent is None or nominal.agent.kind != "person" or token.tag_ in PLURAL_TAGS:
            return None
        for child in token.children:
            if child.dep_ != "prep" or child.i != token.i + 1:
                continue
            for inside in child.subtree[:TITLE]:
                other = self.by_head.get(inside.i)
                if other is None or other.entity_label != "PERSON" or inside.head is child:
                    continue
                if other.end - other.start > 1 and not self._is_title_of(inside.head):
                    return inside.i, "apposition:title"
        return None


def _abbreviates(acronym: str, words: tuple[str, ...]) -> bool:
    """Tell whether the capitals of a name begin with the letters of an acronym, in order.

    >>> _abbreviates("ADU", ("Amalgamated", "Dockers'", "Union"))
    True
    >>> _abbreviates("NATO", ("European", "Union"))
    False
    """
    letters = iter("".join(word for word in words).upper())
    first = any(word[:1].upper() == acronym[0] for word in words)
    return first and all(letter in letters for letter in acronym.removesuffix("s"))
