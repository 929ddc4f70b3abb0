"""The way through a document, mention by mention; the component `kg_coreference`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from spacy.language import Language
from spacy.tokens import Doc

from kg.attribution import Saying, find_attributions
from kg.clauses import conjuncts
from kg.coreference.definites import Definites
from kg.coreference.discourse import Chain, Discourse, is_locative
from kg.coreference.features import Features, features_of, is_measure
from kg.coreference.links import Link, covering, quoted_tokens
from kg.coreference.names import Names
from kg.coreference.pairs import count_of
from kg.coreference.pronouns import Pronouns, agrees
from kg.lexicon import fold_lemma, pronouns
from kg.mentions import Nominal, agent_noun, nominals_of
from kg.parse import Parse, Token, parse_of

__all__ = ["find_links", "make_coreference"]

LARGEST_GROUP = 100  # conjuncts that something can take up together; a page of names is no group


def find_links(doc: Doc | Parse, sayings: Sequence[Saying] | None = None) -> Mapping[int, Link]:
    """Link mentions to what they take up; keys are heads, no antecedent is its own key."""
    parse = parse_of(doc)
    if sayings is None:
        sayings = find_attributions(parse)
    return _Finder(parse, sayings).links()


class _Finder:
    """Reads the nominals of a document in order; not a record."""

    def __init__(self, doc: Parse, sayings: Sequence[Saying]) -> None:
        self.doc = doc
        self.by_head = nominals_of(doc)
        self.names = Names(doc, self.by_head)
        self.discourse = Discourse(doc)
        quoted = quoted_tokens(doc)
        self.pronouns = Pronouns(doc, self.discourse, self.by_head, covering(sayings), quoted)
        self.definites = Definites(doc, self.discourse, self.by_head)
        self.definites.pairs.chain_of = self._chain
        self.keys: dict[tuple[str, object], Chain] = {}
        self.features: dict[int, Features] = {}
        self.found: dict[int, Link] = {}
        self.gathered: dict[int, tuple[Token, ...]] = {}

    def links(self) -> Mapping[int, Link]:
        for head, nominal in self.by_head.items():
            if nominal.label == "PRONOUN":
                self._read_pronoun(head)
            else:
                chain = self._chain(nominal)
                if chain is not None:
                    self.discourse.mention(head, chain)
                    self._describe(nominal, chain)
                    self._refine(nominal, chain)
                    self._gather(head)
        return self.found

    def _link(self, head: int, antecedents: tuple[int, ...], rule: str) -> None:
        if head not in antecedents and antecedents:
            self.found[head] = Link(head, antecedents, rule)

    # -- pronouns

    def _read_pronoun(self, head: int) -> None:
        token = self.doc[head]
        pronoun = pronouns().get(token.lower_)
        if pronoun is None:
            return
        if pronoun.person == 3:
            goal = self.pronouns.ahead(token)
            chain = self._chain(goal) if goal is not None else None
            if goal is not None and chain is not None and agrees(pronoun, chain):
                self._take(head, chain.antecedents(), chain, "pronoun:cataphora")
                return
        found = self.pronouns.resolve(token, self._chain)
        if found is not None:
            antecedents, taken, rule = found
            self._take(head, antecedents, taken, rule)

    def _take(
        self, head: int, antecedents: tuple[int, ...], chain: Chain | None, rule: str
    ) -> None:
        self._link(head, antecedents, rule)
        if chain is None:
            return
        self.discourse.mention(head, chain)
        gender = pronouns()[self.doc[head].lower_].gender
        if chain.gender is None and gender in {"m", "f"}:
            chain.gender = gender

    # -- names and nouns

    def _chain(self, nominal: Nominal) -> Chain | None:
        """Give the chain of a name or noun phrase, linking it the first time it is asked for."""
        head = nominal.head
        known = self.discourse.of.get(head)
        if known is not None:
            return known
        if is_measure(self.doc[head]) and not nominal.agent and self.doc[head].lemma_ != "old":
            return None
        chain = self._named(nominal) or self._definite(nominal) or self._new(nominal)
        self.discourse.of[head] = chain
        return chain

    def _named(self, nominal: Nominal) -> Chain | None:
        """Join a shorter name, a title or an apposition to the name it belongs to."""
        fuller = self.names.fuller(nominal) or self.names.explained(nominal)
        if fuller is None or fuller[0] not in self.by_head:
            return None
        target = self.by_head[fuller[0]]
        if self.names.explained(target) is not None and self.discourse.of.get(target.head) is None:
            return None  # each explains the other
        chain = self._chain(target)
        if chain is not None:
            self._link(nominal.head, chain.antecedents(), fuller[1])
        return chain

    def _definite(self, nominal: Nominal) -> Chain | None:
        if nominal.label != "NOMINAL":
            return None
        found = self.definites.resolve(nominal, self._features(nominal))
        if found is None:
            return None
        antecedents, chain, rule = found
        self._link(nominal.head, antecedents, rule)
        return chain

    def _new(self, nominal: Nominal) -> Chain:
        features = self._features(nominal)
        key = self._key(nominal, features)
        if key is not None and key in self.keys:
            return self.keys[key]
        named = nominal.label == "NAME" or (
            self.doc[nominal.head].pos_ == "PROPN" and nominal.head in self.names.words
        )
        if key is not None and key[0] == "place":
            features = Features("place", features.numbers)
        chain = self.discourse.start(nominal.head, features, named=named)
        if nominal.entries:
            chain.listed = nominal.entries[0].entity.kind
            chain.state = nominal.entries[0].entity.country if chain.kind == "state" else None
        elif named:
            chain.sure = chain.gender is not None or nominal.agent is not None
        chain.count = count_of(self.doc[nominal.head])
        if key is not None:
            self.keys[key] = chain
        return chain

    def _key(self, nominal: Nominal, features: Features) -> tuple[str, object] | None:
        """Say what two names of one thing have in common; None for what isn't a name."""
        if features.kind == "modifier":
            return ("modifier", nominal.head)
        if nominal.entries:
            seat = nominal.entries[0].form == "seat" and is_locative(self.doc[nominal.head])
            if seat or features.kind == "people":
                return ("place" if seat else "people", self.names.words.get(nominal.head))
            return ("listed", nominal.entries[0].entity.key)
        words = self.names.words.get(nominal.head)
        return ("name", words) if words else None

    def _features(self, nominal: Nominal) -> Features:
        found = self.features.get(nominal.head)
        if found is None:
            found = self.features[nominal.head] = features_of(self.doc, nominal)
        return found

    def _describe(self, nominal: Nominal, chain: Chain) -> None:
        """Note what a chain is called: its noun and modifiers, titles, words of its name."""
        doc = self.doc
        head = doc[nominal.head]
        if nominal.label == "ADJECTIVE":
            return
        words = [t for t in doc[nominal.start : nominal.head + 1] if t.text.isalpha()]
        if nominal.label == "NAME" and chain.kind == "person":
            words = [t for t in words[:-1] if agent_noun(t) is not None]
            chain.sure = chain.sure or bool(words)
        elif chain.kind == "person" and nominal.agent is not None:
            chain.sure = True
        chain.nouns.update(fold_lemma(token.lemma_) for token in words)
        calling = words if nominal.label == "NAME" or head.pos_ == "PROPN" else [head]
        self.discourse.call(chain, *(fold_lemma(token.lemma_) for token in calling))
        if head.dep_ == "nsubj":
            for child in head.head.children:
                if child.dep_ == "attr" and head.head.lemma_ == "be" and child.pos_ == "NOUN":
                    self.discourse.call(chain, fold_lemma(child.lemma_))

    def _refine(self, nominal: Nominal, chain: Chain) -> None:
        """Learn a person's gender from a later naming ("Ms Venn")."""
        if nominal.label == "NAME" and chain.kind == "person" and chain.gender is None:
            chain.gender = self._features(nominal).gender

    def _gather(self, head: int) -> None:
        """Make a group of conjoined mentions once its last one is read."""
        token = self.doc[head]
        if token.dep_ != "conj":
            return
        first = token.first
        if first.i not in self.gathered:
            self.gathered[first.i] = tuple(conjuncts(first))
        group = self.gathered[first.i]
        if not 1 < len(group) <= LARGEST_GROUP or group[-1].i != head:
            return
        members = [self.discourse.of.get(t.i) for t in group]
        if any(m is None or m.kind == "modifier" for m in members):
            return
        chain = self.discourse.together([m for m in members if m is not None])
        self.discourse.gather(first.i, chain)
        self.definites.pairs.groups.append(chain)


@Language.factory(
    "kg_coreference", assigns=["doc._.coreference"], requires=["doc.ents", "token.dep"]
)
def make_coreference(nlp: Language, name: str) -> CoreferenceFinder:
    """Make the component `kg_coreference`; after it `doc._.coreference` maps heads to links."""
    return CoreferenceFinder()


class CoreferenceFinder:
    """The spaCy component around `find_links`."""

    def __init__(self) -> None:
        if not Doc.has_extension("coreference"):
            Doc.set_extension("coreference", default=None)

    def __call__(self, doc: Doc) -> Doc:
        """Link the document's mentions."""
        doc._.coreference = find_links(doc)
        return doc
