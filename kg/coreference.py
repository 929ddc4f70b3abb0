"""Which mentions of a text name the same thing: names that shrink, pronouns, definite noun phrases.

Rules look back from each mention, nearest first, with the reason kept: every `Link` says which
rule made it. A mention may point to several others ("the two countries"). Source for the order of
preferences: Hobbs (1978), "Resolving pronoun references" (subjects before objects, the same
sentence before the one before), as far as news needs it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from kg.attribution import Saying, find_attributions
from kg.clauses import conjuncts
from kg.lexicon import fold_lemma, word_class
from kg.mentions import Nominal, nominals_of
from kg.parse import Parse, Token, parse_of

__all__ = ["Link", "covering", "find_links", "make_coreference"]

SPEAKER_ONE = frozenset("i me my mine myself".split())
SPEAKER_SIDE = frozenset("we us our ours ourselves".split())
PERSON = frozenset("he him his she her hers himself herself".split())
BODY = frozenset("it its itself".split())
PLURAL = frozenset("they them their theirs themselves".split())
SENTENCES_BACK = 3  # a pronoun's antecedent in news stands at most this far back
PAIR = frozenset("two both".split())


@dataclass(frozen=True, slots=True)
class Link:
    """A mention and what it takes up, by the heads of their nominals.

    Attributes:
        rule: "name:surname", "pronoun:subject", "pronoun:speaker", "pronoun:side",
        "definite:pair", ...
    """

    head: int
    antecedents: tuple[int, ...]
    rule: str


def find_links(doc: Doc | Parse, sayings: Sequence[Saying] | None = None) -> Mapping[int, Link]:
    """Link mentions to earlier ones; keys are heads, antecedents never point back to their own
    key."""
    parse = parse_of(doc)
    if sayings is None:
        sayings = find_attributions(parse)
    finder = _Finder(parse, sayings)
    return finder.links()


def covering(sayings: Sequence[Saying]) -> Mapping[int, list[Saying]]:
    """Map each token to the sayings whose content it stands in; nobody searches them all."""
    found: dict[int, list[Saying]] = defaultdict(list)
    for saying in sayings:
        for start, end in saying.content:
            for token in range(start, end):
                found[token].append(saying)
    return found


class _Finder:
    def __init__(self, doc: Parse, sayings: Sequence[Saying]) -> None:
        self.doc = doc
        self.by_head = nominals_of(doc)
        self.nominals = list(self.by_head.values())
        self.covering = covering(sayings)
        self.sentence: list[int] = []
        for number, sentence in enumerate(doc.sents):
            self.sentence.extend([number] * len(sentence))
        self.full = self._full_names()
        self.countries: Counter[int] = Counter()
        self.pair: tuple[int, ...] = ()
        self.found: dict[int, Link] = {}

    def links(self) -> Mapping[int, Link]:
        found: dict[int, Link] = {}
        for position, nominal in enumerate(self.nominals):
            link = self._link(nominal, position)
            if link is not None and nominal.head not in link.antecedents:
                found[nominal.head] = self.found[nominal.head] = link
            self._remember(nominal)
        return found

    def _link(self, nominal: Nominal, position: int) -> Link | None:
        token = self.doc[nominal.head]
        if nominal.label == "PRONOUN":
            return self._pronoun(token, position)
        if self._is_surname(nominal):
            return Link(nominal.head, (self.full[token.text],), "name:surname")
        if nominal.entity_label == "PERSON":
            return None
        if nominal.label == "NOMINAL":
            return self._definite(token, nominal, position)
        return None

    def _is_surname(self, nominal: Nominal) -> bool:
        """Tell a bare surname of somebody named in full, whatever the recogniser took it for."""
        token = self.doc[nominal.head]
        alone = nominal.end - nominal.start == 1 and not nominal.entries and token.pos_ == "PROPN"
        return alone and self.full.get(token.text, nominal.head) != nominal.head

    def _full_names(self) -> Mapping[str, int]:
        """Map each surname to the head of the first mention that gives the whole name."""
        found: dict[str, int] = {}
        for nominal in self.nominals:
            if nominal.entity_label == "PERSON" and nominal.end - nominal.start > 1:
                found.setdefault(self.doc[nominal.head].text, nominal.head)
        return found

    def _remember(self, nominal: Nominal) -> None:
        if nominal.entries and nominal.entries[0].entity.kind == "country":
            token = self.doc[nominal.head]
            if not (token.dep_ == "pobj" and token.head.lower_ in {"in", "at", "from", "across"}):
                self.countries[nominal.entries[0].entity.key] += 1
            pair = [t.i for t in conjuncts(token)]
            if len(pair) == 2 and all(self._is_state(i) for i in pair):
                self.pair = tuple(pair)

    def _is_state(self, head: int) -> bool:
        nominal = self.by_head.get(head)
        return (
            nominal is not None
            and bool(nominal.entries)
            and nominal.entries[0].entity.kind in {"country", "igo"}
        )

    # -- pronouns

    def _pronoun(self, token: Token, position: int) -> Link | None:
        word = token.lower_
        if word in SPEAKER_ONE | SPEAKER_SIDE:
            return self._speaker(
                token, "pronoun:speaker" if word in SPEAKER_ONE else "pronoun:side"
            )
        reported = self._reported(token, word)
        if reported is not None:
            return reported
        if word in PERSON:
            return self._nearest(token, position, self._is_person, "pronoun:person")
        if word in BODY:
            return self._nearest(token, position, self._is_body, "pronoun:body")
        if word in PLURAL:
            return self._plural(token, position)
        return None

    def _reported(self, token: Token, word: str) -> Link | None:
        """Resolve a subject pronoun in reported speech by who reports.

        "The ministry said it was ready": the ministry. "His lawyer said he was ill": not the
        lawyer, but whose lawyer it is.
        """
        around = [s for s in self.covering.get(token.i, ()) if s.speaker is not None]
        around = [s for s in around if not s.quoted]
        if not around or token.dep_ not in {"nsubj", "nsubjpass"}:
            return None
        speaker = min(around, key=lambda s: s.length).speaker
        nominal = self.by_head.get(speaker) if speaker is not None else None
        if nominal is None:
            return None
        if word in PERSON:
            for child in self.doc[nominal.head].children:
                if child.dep_ == "poss" and child.lower_ in PERSON and child.i in self.found:
                    return Link(token.i, self.found[child.i].antecedents, "pronoun:possessor")
        if word in BODY and self._is_body(nominal):
            return Link(token.i, (nominal.head,), "pronoun:body")
        return None

    def _speaker(self, token: Token, rule: str) -> Link | None:
        inside = [s for s in self.covering.get(token.i, ()) if s.quoted and s.speaker is not None]
        if not inside:
            return None
        speaker = min(inside, key=lambda s: s.length).speaker
        return Link(token.i, (speaker,), rule) if speaker is not None else None

    def _nearest(self, token: Token, position: int, fits: object, rule: str) -> Link | None:
        """Take the nearest fitting mention: a subject of this or an earlier sentence first."""
        assert callable(fits)
        best: tuple[tuple[int, int, int], int] | None = None
        for nominal in reversed(self.nominals[max(0, position - 60) : position]):
            back = self.sentence[token.i] - self.sentence[nominal.head]
            if back > SENTENCES_BACK:
                break
            if not fits(nominal) or self._own_speaker(token, nominal.head):
                continue
            if not self._agrees(token, self.doc[nominal.head]):
                continue
            head = self.doc[nominal.head]
            subject = head.dep_ in {"nsubj", "nsubjpass"} or (back and head.dep_ == "ROOT")
            if rule == "pronoun:body" and back == 0:
                subject = True  # "slammed the coalition, saying its strikes": the nearest body
            rank = (back, 0 if subject else 1, token.i - nominal.head)
            if best is None or rank < best[0]:
                best = (rank, nominal.head)
        return Link(token.i, (best[1],), rule) if best is not None else None

    @staticmethod
    def _agrees(pronoun: Token, noun: Token) -> bool:
        """Tell whether the gender that a noun shows fits a pronoun ("she" is no spokesman)."""
        word = noun.lower_
        female = word.endswith("woman") or word in word_class("FEMALE")
        male = not female and (word.endswith("man") or word in word_class("MALE"))
        if pronoun.lower_ in {"she", "her", "hers", "herself"}:
            return not male
        if pronoun.lower_ in {"he", "him", "his", "himself"}:
            return not female
        return True

    def _own_speaker(self, token: Token, candidate: int) -> bool:
        """In a quotation "he" is somebody else than the speaker."""
        around = self.covering.get(token.i, ())
        return any(s.quoted and s.speaker == candidate for s in around)

    def _plural(self, token: Token, position: int) -> Link | None:
        for nominal in reversed(self.nominals[max(0, position - 60) : position]):
            back = self.sentence[token.i] - self.sentence[nominal.head]
            if back > SENTENCES_BACK:
                break
            head = self.doc[nominal.head]
            group = conjuncts(head)
            if head.dep_ == "conj" or nominal.label in {"PRONOUN", "ADJECTIVE"}:
                continue
            if len(group) > 1 and head.dep_ in {"nsubj", "nsubjpass"}:
                return Link(token.i, tuple(t.i for t in group), "pronoun:conjuncts")
            plural = head.tag_ in {"NNS", "NNPS"} and (
                nominal.agent is not None or nominal.entity_label == "NORP"
            )
            if plural:
                return Link(token.i, (nominal.head,), "pronoun:plural")
        return None

    def _is_person(self, nominal: Nominal) -> bool:
        if nominal.entries:
            return nominal.entries[0].entity.kind == "person"
        if nominal.entity_label:
            return nominal.entity_label == "PERSON" or self._is_surname(nominal)
        one = self.doc[nominal.head].tag_ in {"NN", "NNP"}
        return nominal.agent is not None and nominal.agent.kind == "person" and one

    def _is_body(self, nominal: Nominal) -> bool:
        token = self.doc[nominal.head]
        if nominal.label in {"ADJECTIVE", "PRONOUN"}:
            return False
        if token.dep_ == "pobj" and token.head.lower_ in {"in", "at", "near", "across"}:
            return False
        if nominal.entries:
            return (
                nominal.entries[0].entity.kind not in {"person", "place"}
                and nominal.entries[0].form != "people"
            )
        if nominal.entity_label:
            return nominal.entity_label == "ORG"
        return nominal.agent is not None and nominal.agent.kind == "organisation"

    # -- definite noun phrases

    def _definite(self, token: Token, nominal: Nominal, position: int) -> Link | None:
        words = {t.lower_ for t in self.doc[nominal.start : nominal.end]} | {
            c.lower_ for c in token.children
        }
        lemma = fold_lemma(token.lemma_)
        if words & PAIR and lemma in word_class("PAIRED"):
            return self._two(token)
        named = self._titled(token, nominal)
        if named is not None or lemma in word_class("STATENOUN"):
            return named
        if "the" not in words or nominal.end - nominal.start > 1:
            return None
        if lemma in word_class("GROUPNOUN"):
            return self._nearest(token, position, self._is_group, "definite:group")
        if nominal.agent is None:
            return None
        for earlier in reversed(self.nominals[max(0, position - 80) : position]):
            same = fold_lemma(self.doc[earlier.head].lemma_) == lemma and earlier.agent is not None
            if same and earlier.end - earlier.start > 1:
                return Link(token.i, (earlier.head,), "definite:same-noun")
        return None

    def _titled(self, token: Token, nominal: Nominal) -> Link | None:
        """Link a title to the name inside its own phrase ("UN envoy for Syria Staffan de
        Mistura")."""
        if nominal.agent is None or nominal.agent.kind != "person":
            return None
        for child in token.children:
            other = self.by_head.get(child.i)
            if child.dep_ == "appos" and other is not None and other.entity_label == "PERSON":
                return Link(token.i, (child.i,), "apposition:title")  # "her deputy, Mohamed Dagalo"
            if child.dep_ != "prep" or child.i != token.i + 1:
                continue
            for inside in child.subtree:
                other = self.by_head.get(inside.i)
                if (
                    other is not None
                    and other.entity_label == "PERSON"
                    and other.end - other.start > 1
                ):
                    return Link(token.i, (inside.i,), "apposition:title")
        return None

    def _is_group(self, nominal: Nominal) -> bool:
        return bool(nominal.entries) and nominal.entries[0].entity.kind in {
            "armed_group",
            "ngo",
            "igo",
            "organisation",
        }

    def _two(self, token: Token) -> Link | None:
        """Resolve "the two countries": the last pair that stood together, else the two named
        most."""
        if self.pair:
            return Link(token.i, self.pair, "definite:pair")
        most = sorted(self.countries.items(), key=lambda kv: (-kv[1], kv[0]))[:2]
        if len(most) < 2:
            return None
        heads = []
        for key, _ in most:
            named = [
                n.head
                for n in self.nominals
                if n.head < token.i and n.entries and n.entries[0].entity.key == key
            ]
            heads.append(named[-1])
        return Link(token.i, tuple(sorted(heads)), "definite:pair")


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
