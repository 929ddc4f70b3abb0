"""Mentions, links and entities of any parse at all: nothing fails, and all points into the text."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.tokens import Doc, Span

from kg.coreference import find_links
from kg.entities import resolve_entities
from kg.mentions import nominals_of

VOCAB = English().vocab
WORDS = st.sampled_from(
    "Russia Georgia Congo Washington us US Moscow Kremlin Russian Poles Polish UN NATO Isis Hamas "
    "the The a two both its his our they We itself minister president army country kingdom island "
    "group hundreds refugees fleeing spokesman coalition President Anna Venn Jr Khan North old "
    "Tigers schoolchildren of for in from by and , ( ) - 's \" said led backed . 1990 x".split()
)
DEPS = st.sampled_from(
    "ROOT nsubj dobj pobj prep conj cc appos compound amod poss case det punct relcl acl advcl "
    "ccomp pcomp nummod attr agent dative npadvmod nsubjpass aux".split()
)
TAGS = st.sampled_from("NN NNS NNP NNPS PRP PRP$ VBD VBG VBN IN DT JJ CD CC , . WP POS".split())
POS = st.sampled_from("NOUN PROPN PRON VERB AUX ADP DET ADJ NUM PUNCT CCONJ PART".split())
LABELS = st.sampled_from("PERSON ORG GPE NORP LOC DATE CARDINAL".split())
PLACE = st.integers(min_value=0, max_value=99)
TOKENS = st.tuples(WORDS, DEPS, TAGS, POS, PLACE, PLACE)


@st.composite
def parses(draw: st.DrawFn) -> Doc:
    """Draw words with a tree over them, in which heads stand on either side, and named entities."""
    rows = draw(st.lists(TOKENS, min_size=1, max_size=14))
    count = len(rows)
    order = sorted(range(count), key=lambda i: (rows[i][4], i))
    heads = list(range(count))
    for placed, i in enumerate(order[1:], 1):
        heads[i] = order[rows[i][5] % placed]
    words, deps, tags, pos, _, _ = (list(column) for column in zip(*rows, strict=True))
    deps[order[0]] = "ROOT"
    lemmas = [word.lower() for word in words]
    doc = Doc(VOCAB, words=words, heads=heads, deps=deps, tags=tags, pos=pos, lemmas=lemmas)
    bounds = sorted(draw(st.sets(st.integers(min_value=0, max_value=count), max_size=6)))
    pairs = list(zip(bounds[::2], bounds[1::2], strict=False))
    doc.set_ents([Span(doc, start, end, label=draw(LABELS)) for start, end in pairs])
    return doc


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(parses())
def test_any_parse_has_mentions_links_and_entities(doc: Doc) -> None:
    nominals = nominals_of(doc)
    links = find_links(doc)
    names = resolve_entities(doc, links, "2016-05-20", "Lima, Peru")
    assert names.keys() == nominals.keys()
    for head, nominal in nominals.items():
        assert 0 <= nominal.start < nominal.end <= len(doc)
        assert nominal.head == head
    for head, link in links.items():
        assert head in nominals
        assert head not in link.antecedents
        assert set(link.antecedents) <= set(range(len(doc)))
    for found in names.values():
        for named in found:
            assert named.entity.name
            assert named.entity.country is None or len(named.entity.country) == 3
