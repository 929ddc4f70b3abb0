"""Number, gender and kind of a mention: what a pronoun or definite noun phrase must agree with."""

from __future__ import annotations

from typing import Literal

from kg.attribution.table import reporting
from kg.lexicon import fold_lemma, given_names, word_class
from kg.mentions import Nominal, agent_noun
from kg.model import working_record
from kg.parse import Parse, Token

__all__ = ["Features", "features_of", "gender_of_noun", "is_measure"]

Kind = Literal["person", "people", "body", "state", "place", "thing", "unknown", "modifier"]

ONE, MANY = frozenset({"sg"}), frozenset({"pl"})
EITHER = ONE | MANY
PLURAL_TAGS = frozenset({"NNS", "NNPS"})
MEASURES = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "QUANTITY", "ORDINAL"})
ARTICLE = frozenset({"a", "an", "one", "another"})
BODIES = frozenset({"armed_group", "organisation", "igo", "ngo", "company", "media"})
AGENTIVE = ("er", "or", "ist", "ian", "ee")  # suffixes of nouns for who does something
ENTRY_KINDS: dict[str, Kind] = {
    "person": "person",
    "country": "state",
    "region": "place",
    "place": "place",
}
LABEL_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORG": "body",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
    "NORP": "people",
}


@working_record
class Features:
    """What agreement looks at.

    Attributes:
        kind: person; people (several persons); body (organisation, group); state; place; thing;
            unknown (a name of no known kind); modifier (an adjective of a state).
        numbers: "sg", "pl" or both: "police" is taken up by "it" and by "they".
        gender: "m" or "f"; None where nothing shows it.
    """

    kind: Kind
    numbers: frozenset[str]
    gender: str | None = None


def features_of(doc: Parse, nominal: Nominal) -> Features:
    """Read the features of a nominal that is no pronoun off its name, noun and tag."""
    head = doc[nominal.head]
    kind = _kind(head, nominal)
    many = head.tag_ in PLURAL_TAGS and not _is_plural_name(head, nominal) and kind != "state"
    many = many and not _ends_like_plural(head, kind)
    lemma = fold_lemma(head.lemma_)
    if kind == "people" or (many and kind in {"person", "people"}):
        return Features("people", MANY)
    if kind == "person":
        return Features("person", ONE, _gender(doc, nominal))
    collective = _is_plural_name(head, nominal) or (
        nominal.label == "NOMINAL" and lemma in word_class("COLLECTIVE")
    )
    numbers = MANY if many else EITHER if collective else ONE
    return Features(kind, numbers)


def is_measure(head: Token) -> bool:
    """Tell times, sums and shares ("Friday", "90 dollars"), which nothing takes up."""
    return head.ent_type_ in MEASURES


def _kind(head: Token, nominal: Nominal) -> Kind:
    described = nominal.label == "NOMINAL" and head.dep_ in {"compound", "nmod", "amod"}
    if head.pos_ == "PRON" or (described and head.pos_ != "PROPN"):
        return "modifier"  # "you", "this", "opposition leader": nothing takes them up
    if nominal.label == "ADJECTIVE":
        return "modifier"
    if nominal.entries:
        entry = nominal.entries[0]
        if entry.form == "people":
            one = head.tag_ in {"NN", "NNP"} and any(c.lower_ in ARTICLE for c in head.lefts)
            return "person" if one else "people"  # "a Swede"
        return ENTRY_KINDS.get(entry.entity.kind, "body")
    if nominal.entity_label:
        if any(c.dep_ == "compound" and agent_noun(c) is not None for c in head.children):
            return "person" if nominal.entity_label == "PERSON" else "body"  # "the frigate Halden"
        return LABEL_KINDS.get(nominal.entity_label, "thing")
    if nominal.agent is not None:
        return "person" if nominal.agent.kind == "person" else "body"
    lemma = fold_lemma(head.lemma_)
    if gender_of_noun(lemma) is not None or lemma in word_class("PEOPLE") or lemma == "old":
        return "person"
    if lemma in word_class("STATENOUN"):
        return "state"
    if lemma in word_class("CITYNOUN", "ISLANDNOUN"):
        return "place"
    if lemma in word_class("GROUPNOUN", "COMPANYNOUN", "MEDIANOUN", "BODYNOUN", "COLLECTIVE"):
        return "body"
    if head.tag_ == "NN" and lemma.endswith(AGENTIVE):
        return "person" if _speaks(head) else "unknown"
    if head.pos_ == "PROPN":
        return "unknown"
    return "thing"


def _speaks(head: Token) -> bool:
    return head.dep_ == "nsubj" and (fold_lemma(head.head.lemma_), "v") in reporting()


def _is_plural_name(head: Token, nominal: Nominal) -> bool:
    """Tell names that stand for one and for many: "the Taliban", "Doctors Without Borders"."""
    if not nominal.entity_label and not nominal.entries:
        return False
    if not nominal.entries:
        return False
    kind = nominal.entries[0].entity.kind
    return kind == "armed_group" or (kind in BODIES and head.tag_ in PLURAL_TAGS)


def _ends_like_plural(head: Token, kind: Kind) -> bool:
    """Tell one person's name in -s ("Ana Torres") from a family's, which has an article or a
    number ("the Torreses", "both Kims")."""
    if kind != "person" or head.tag_ != "NNPS":
        return False
    return not any(c.dep_ in {"det", "nummod", "predet"} for c in head.children)


def gender_of_noun(lemma: str) -> str | None:
    """Tell the gender that a noun shows.

    >>> gender_of_noun("spokeswoman"), gender_of_noun("king"), gender_of_noun("minister")
    ('f', 'm', None)
    """
    if lemma.endswith("woman") or lemma in word_class("FEMALE"):
        return "f"
    if lemma in word_class("MALE") or (
        lemma.endswith("man") and lemma not in word_class("EITHERMAN")
    ):
        return "m"
    return None


def _gender(doc: Parse, nominal: Nominal) -> str | None:
    """Read a person's gender off noun, title ("Queen Margit", "Mrs Venn") or given name."""
    shown = gender_of_noun(fold_lemma(doc[nominal.head].lemma_))
    if shown is not None or nominal.label != "NAME":
        return shown
    if nominal.entries:
        return given_names().get(nominal.entries[0].entity.name.partition(" ")[0])
    for token in doc[max(0, nominal.start - 2) : nominal.head]:
        word = token.lower_.strip(".")
        if word in word_class("COURTESY_M"):
            return "m"
        if word in word_class("COURTESY_F"):
            return "f"
        titled = gender_of_noun(word) if token.dep_ in {"compound", "nmod"} else None
        if titled is not None:
            return titled
    for token in doc[nominal.start : nominal.end]:
        given = given_names().get(token.text)
        if given is not None and nominal.end - nominal.start > 1:
            return given
    return None
