"""The tuned pipeline says of every token what the model itself says."""

from __future__ import annotations

import pytest
import spacy
from spacy.language import Language
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc, Span, Token

from kg.annotate import DEFAULT_MODEL
from kg.tuning import ArcFinder, AttributeTable, EntityFinder, VectorFinder

pytestmark = pytest.mark.model

TEXTS = [
    "The Ministry of Foreign Affairs of the Kingdom of Spain said on Tuesday, 3 May 2022, that "
    "there were 40 million euros for Save the Children and Doctors Without Borders.",
    "They ain't gonna leave.  Let's go, y'all!\n\n There's nothin' to do, c'mon; you gotta see it.",
    "South Korea's President Moon Jae-in met Angela Merkel in Berlin. North Korea fired missiles.",
    "IRAN, IRAQ AND SYRIA SIGNED A DEAL",
    "The New York Times, the Washington Post and Le Monde, which the EU had asked, did not answer.",
    "At 10:30 p.m. the S&P 500 fell 1.2%, to 4,200 — its worst Friday since the 1990s.",
    "nt Dr. Strangelove (1964), Windows 11, the Nobel Prize, Hurricane Katrina: it's what it is",
    "United",
    " ",
    "",
]


@pytest.fixture(scope="module")
def plain() -> Language:
    """The model as it is, with the gazetteer in its place."""
    model = spacy.load(DEFAULT_MODEL)
    model.add_pipe("kg_gazetteer", before="ner")
    return model


def facts(token: Token) -> tuple[object, ...]:
    grammar = (token.tag_, token.pos_, str(token.morph), token.lemma_, token.head.i, token.dep_)
    return (
        token.text,
        *grammar,
        token.is_sent_start,
        token.ent_iob_,
        token.ent_type_,
        token.ent_kb_id_,
    )


def told(docs: list[Doc]) -> list[list[tuple[object, ...]]]:
    return [[facts(token) for token in doc] for doc in docs]


def test_it_says_what_the_model_says(nlp: Language, plain: Language) -> None:
    assert isinstance(nlp.get_pipe("tok2vec"), VectorFinder)
    assert isinstance(nlp.get_pipe("parser"), ArcFinder)
    assert isinstance(nlp.get_pipe("ner"), EntityFinder)
    assert isinstance(nlp.get_pipe("attribute_ruler"), AttributeTable)
    assert told(list(nlp.pipe(TEXTS))) == told(list(plain.pipe(TEXTS)))


def test_many_texts_are_parsed_together_and_long_ones_apart(nlp: Language, plain: Language) -> None:
    """In step with others, put back on the buffer, alone: the arcs are the model's."""
    odd = (
        "To whom, whom they, that the boy the girl the dog bit liked ran, of in the which said she"
    )
    texts = [text for text in TEXTS for _ in range(4)] + [odd, " ".join(TEXTS), odd * 3]
    assert told(list(nlp.pipe(texts))) == told(list(plain.pipe(texts)))


def test_arcs_and_breaks_that_were_set_before_are_left_to_the_model(
    nlp: Language, plain: Language
) -> None:
    docs = []
    for pipeline in (nlp, plain):
        doc = Doc(pipeline.vocab, words=["Troops", "left", "Rebels", "came", "back"])
        doc[2].is_sent_start = False
        for name in ("tok2vec", "tagger", "parser"):
            doc = pipeline.get_pipe(name)(doc)
        docs.append(doc)
    assert told([docs[0]]) == told([docs[1]])


def test_the_vectors_of_a_text_do_not_depend_on_what_stands_beside_it(nlp: Language) -> None:
    finder = nlp.get_pipe("tok2vec")
    assert isinstance(finder, VectorFinder)
    together = list(finder.pipe([nlp.make_doc(text) for text in TEXTS]))
    alone = [finder(nlp.make_doc(text)) for text in reversed(TEXTS)]
    for left, right in zip(together, reversed(alone), strict=True):
        assert (left.tensor == right.tensor).all()


def test_entities_that_were_marked_before_stay(nlp: Language, plain: Language) -> None:
    """A label the model has, and one that it has not."""
    words = ["Moscow", "and", "Abu", "Dhabi", "told", "the", "Foo", "Bar", "of", "Paris"]
    for label in ("GPE", "STARSHIP"):
        docs = []
        for pipeline in (nlp, plain):
            doc = Doc(pipeline.vocab, words=words)
            doc.set_ents([Span(doc, 2, 4, label=label), Span(doc, 0, 1, label="ORG")])
            for name in ("tok2vec", "tagger", "parser", "ner"):
                doc = pipeline.get_pipe(name)(doc)
            docs.append(doc)
        assert told([docs[0]]) == told([docs[1]])
        assert (docs[0][2].ent_type_, docs[0][3].ent_iob_) == (label, "I")


def test_a_component_of_another_form_is_left_alone(nlp: Language) -> None:
    blank = spacy.blank("en")
    ruler = blank.add_pipe("attribute_ruler")
    assert isinstance(ruler, AttributeRuler)
    ruler.add([[{"ENT_TYPE": "GPE"}]], {"POS": "PROPN"})
    assert not AttributeTable.fits(ruler)
    assert not EntityFinder.fits(blank.add_pipe("entity_ruler"))
    assert not ArcFinder.fits(blank.get_pipe("entity_ruler"))
    assert not VectorFinder.fits(blank.get_pipe("entity_ruler"))
