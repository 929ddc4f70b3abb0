from functools import cache
from pathlib import Path

import pytest
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as DocSpan
from spacy.vocab import Vocab

from kg.annotate import (
    annotate,
    annotate_all,
    clean,
    is_headline,
    load_pipeline,
    make_gazetteer,
    paragraph_of,
    source_span,
    source_span_of,
)
from kg.errors import ModelError
from kg.model import Article
from kg.read import read_article


@cache
def pipeline() -> Language:
    return load_pipeline()


def parsed(text: str) -> tuple[Article, Doc]:
    article = read_article(text)
    return article, annotate(article, pipeline())


def names(text: str) -> list[tuple[str, str]]:
    """Mark the names in a text with the gazetteer alone, over a tagger-less pipeline."""
    import spacy

    nlp = spacy.blank("en")
    doc = nlp(text)
    for token in doc:
        token.pos_ = "PROPN" if token.is_title else "NOUN"
    doc[0].is_sent_start = True
    return [(ent.text, ent.label_) for ent in make_gazetteer(nlp, "kg_gazetteer")(doc).ents]


# --- cleaning -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“Never,” he said. ‘It’s’", "\"Never,\" he said. 'It's'"),
        ("``Never,'' he said", '"Never," he said'),
        ("“We do,” he said.”Of course, we do.”", '"We do," he said. "Of course, we do."'),
        ("“We do.”He left.", '"We do." He left.'),
        ("Arnor—its ally—said", "Arnor -- its ally -- said"),
        ("Arnor -- its ally -- said", "Arnor -- its ally -- said"),
        ("Arnor – its ally - said", "Arnor -- its ally -- said"),
        ("from 18 - 49 to 2015–16", "from 18 - 49 to 2015–16"),
        ("a 36 - year - old man", "a 36-year-old man"),
        ("the (Bashar al-) Assad regime", "the Bashar al-Assad regime"),
        ("US President (Barack) Obama said", "US President Barack Obama said"),
        ("weapons and ammunition (and) armed units", "weapons and ammunition and armed units"),
        ("They want [the] town", "They want the town"),
        ("the Support Group (ISSG) on Tuesday", "the Support Group (ISSG) on Tuesday"),
        ("Jane Doe (Labour) said", "Jane Doe (Labour) said"),
        ("he [Someone] said", "he [Someone] said"),
        ("co-operate and Co-ordinated", "cooperate and Coordinated"),
        ("al-Nusra and US-led", "al-Nusra and US-led"),
        ("the town\nof Bree", "the town of Bree"),
        ("the Syrian-\r\nTurkish border", "the Syrian-Turkish border"),
        ("the\u00a0town\u200b of\u00ad Bree", "the town of Bree"),
        ("he left… Bree . . . now", "he left... Bree ... now"),
        ("the measures.Of course", "the measures. Of course"),
        ("Syria,Iraq and 1,000", "Syria, Iraq and 1,000"),
        ("Navy Captain Jeff Davis, U.S. Army", "Navy Captain Jeff Davis, U.S. Army"),
    ],
)
def test_cleaning(text: str, expected: object) -> None:
    assert clean(text).text == expected


def test_every_cleaned_character_knows_where_it_came_from() -> None:
    text = "“Co-operate…” he said—now.Then left."
    cleaned = clean(text)
    for at, character in enumerate(cleaned.text):
        origin = text[cleaned.starts[at] : cleaned.ends[at]]
        assert origin in {character, ""} or character in "\"'.-"
    assert [text[cleaned.starts[at]] for at in range(1, 9)] == list("Cooperat")


# --- the gazetteer ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Russia and the United States agreed", [("Russia", "GPE"), ("United States", "GPE")]),
        ("Russian troops met Russians", [("Russian", "NORP"), ("Russians", "NORP")]),
        ("it told us about the US", [("US", "GPE")]),
        ("the State Department said", [("State Department", "ORG")]),
        ("NATO said", [("NATO", "ORG")]),
        ("the New England journal", []),
        ("the University of Washington said", []),
        ("the Georgia Tech study", []),
        ("the Washington Monument stands", []),
        ("fans saw Paris Hilton there", []),
        ("fans saw Michael Jordan there", []),
        ("ARNOR TELLS RUSSIA TO LEAVE", [("RUSSIA", "GPE")]),
        ("the RUSSIA file", []),
    ],
)
def test_names_of_the_table_are_marked(text: str, expected: object) -> None:
    assert names(text) == expected


def test_a_marked_name_carries_the_key_of_its_line() -> None:
    import spacy

    nlp = spacy.blank("en")
    doc = make_gazetteer(nlp, "kg_gazetteer")(nlp("Moscow and Russia met"))
    first, second = doc.ents
    assert first.kb_id_ == second.kb_id_ == second.ent_id_ != ""


def test_entities_that_are_there_already_stay() -> None:
    import spacy

    nlp = spacy.blank("en")
    doc = nlp("the Russia House said")
    doc.set_ents([DocSpan(doc, 1, 3, label="WORK_OF_ART")])
    assert [ent.text for ent in make_gazetteer(nlp, "kg_gazetteer")(doc).ents] == ["Russia House"]


# --- the way back -------------------------------------------------------------------------------


def test_a_plain_doc_stands_for_itself() -> None:
    doc = Doc(Vocab(), words=["Troops", "left", "."], spaces=[True, False, False])
    span = source_span_of(doc[1:3])
    assert doc.text[span.start : span.end] == "left."
    assert not is_headline(doc[0])
    assert paragraph_of(doc[2]) == 0


def test_missing_models_are_told_with_the_command_that_mends_it() -> None:
    with pytest.raises(ModelError, match="python -m spacy download en_core_web_none"):
        load_pipeline("en_core_web_none")


def test_models_without_a_parser_are_refused(tmp_path: Path) -> None:
    import spacy

    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ModelError, match="tagger, parser, lemmatizer"):
        load_pipeline(str(tmp_path / "blank"))


@pytest.mark.model
def test_an_article_becomes_one_doc_of_headline_and_paragraphs() -> None:
    article, doc = parsed(
        "Russia rejects US plan for joint strikes\n\nMay 20, 2016\n\n"
        "“No,” Russia\nsaid on Monday.\n\n"
        "MOSCOW (AP) — The US did not co-operate. It left."
    )
    assert doc.text.startswith("Russia rejects US plan for joint strikes.")
    assert {paragraph_of(token) for token in doc} == {0, 1, 2}
    assert {token.text for token in doc if is_headline(token)} >= {"rejects", "strikes"}
    assert not any(is_headline(token) for token in doc if paragraph_of(token))
    assert all(len({paragraph_of(token) for token in sentence}) == 1 for sentence in doc.sents)
    by_text = {token.text: source_span_of(token) for token in doc}
    span = by_text["cooperate"]
    assert article.text[span.start : span.end] == "co-operate"
    quoted = next(token for token in doc if token.text == "No")
    span = source_span(doc, quoted.idx, quoted.nbor(5).idx)
    assert article.text[span.start : span.end].startswith("No,” Russia\nsaid")


@pytest.mark.model
def test_what_cleaning_put_in_stands_for_nothing() -> None:
    article, doc = parsed("Russia rejects plan\n\nThe US said on Monday that it had left the town.")
    stop = next(token for token in doc if token.text == "." and is_headline(token))
    assert source_span_of(stop).start == source_span_of(stop).end == len("Russia rejects plan")
    headline = next(doc.sents)
    assert source_span_of(headline) == article.headline


@pytest.mark.model
def test_headlines_of_a_name_and_an_infinitive_get_their_auxiliary() -> None:
    article, doc = parsed(
        "Russia to leave Syria\n\nThe army of Russia said on Monday that it will leave."
    )
    root = next(token for token in doc if token.dep_ == "ROOT")
    assert (root.text, root.pos_) in {("is", "AUX"), ("leave", "VERB")}
    assert article.headline == source_span_of(next(doc.sents))


@pytest.mark.model
def test_a_plan_to_do_something_gets_none() -> None:
    _, doc = parsed(
        "Plan to leave town rejected\n\nThe army said on Monday that it will not leave."
    )
    assert "is" not in [token.text for token in doc]


@pytest.mark.model
def test_gazetteer_names_survive_the_models_own_recognition() -> None:
    _, doc = parsed("The Pentagon said on Monday that Moscow backs Jabhat al-Nusra in Syria.")
    known = {ent.text: ent.label_ for ent in doc.ents if ent.kb_id_}
    assert known["Moscow"] == "GPE"
    assert known["Pentagon"] == "ORG"
    assert {ent.label_ for ent in doc.ents} >= {"DATE", "GPE", "ORG"}


@pytest.mark.model
def test_many_articles_come_back_in_order_and_alike() -> None:
    articles = [read_article(f"Russia left town number {n} on Monday.") for n in range(5)]
    together = list(annotate_all(articles, pipeline(), batch_size=2))
    assert [article for article, _ in together] == articles
    for article, doc in together:
        alone = annotate(article, pipeline())
        assert [(t.text, t.dep_, t.head.i) for t in doc] == [
            (t.text, t.dep_, t.head.i) for t in alone
        ]


@pytest.mark.model
def test_an_article_of_furniture_alone_is_an_empty_doc() -> None:
    article, doc = parsed("Share\n\nAdvertisement")
    assert (len(article.body), len(doc)) == (0, 0)
