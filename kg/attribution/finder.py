"""All sayings of a doc, in the order of their cues; the component `kg_attribution`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from kg.attribution.labels import label_sayings
from kg.attribution.nouns import noun_saying, phrase_saying
from kg.attribution.page import Page
from kg.attribution.quotes import carry_on
from kg.attribution.sayings import Saying
from kg.attribution.table import phrase_openings
from kg.attribution.verbs import verb_saying
from kg.parse import Parse, Token, parse_of


def find_attributions(doc: Doc | Parse) -> tuple[Saying, ...]:
    """Find everything that a text reports somebody to say, think, want or judge.

    Needs parse, tags and lemmas. Sayings nest: a saying inside the content of another is said by
    its own speaker, as the outer one has it; `sayings_about` puts them in order.

    Returns:
        Sorted by cue.
    """
    if not len(doc):
        return ()
    page = Page(parse_of(doc))
    claimed: dict[int, int] = {}
    found = list(label_sayings(page, claimed))
    opening = phrase_openings()
    for token in page.doc:
        if token.pos_ not in {"VERB", "AUX", "NOUN"} and page.lower[token.i] not in opening:
            continue
        saying = _saying_of(page, token, claimed)
        if saying is not None:
            found.append(saying)
    found.sort(key=lambda saying: (saying.verb, saying.cue))
    return tuple(carry_on(page, found, claimed))


def _saying_of(page: Page, token: Token, claimed: dict[int, int]) -> Saying | None:
    """Read a token as a cue: as a verb or noun, else as the first word of a phrase."""
    pos = token.pos_
    saying: Saying | None = None
    if pos in {"VERB", "AUX"}:
        saying = verb_saying(page, token, claimed)
    elif pos == "NOUN":
        saying = noun_saying(page, token)
    return phrase_saying(page, token) if saying is None else saying


class _Component:
    """Puts the sayings of a doc into ``doc._.sayings``."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.sayings = find_attributions(doc)
        return doc


@Language.factory(
    "kg_attribution",
    requires=["token.dep", "token.head", "token.lemma", "token.pos"],
    assigns=["doc._.sayings"],
)
def make_attribution(nlp: Language, name: str) -> _Component:
    """Make the spaCy component that fills ``doc._.sayings``."""
    if not Doc.has_extension("sayings"):
        Doc.set_extension("sayings", default=())
    return _Component()
