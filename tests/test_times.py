"""Dates out of time expressions, and the events that they date."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from spacy.lang.en import English
from spacy.tokens import Doc
from spacy.vocab import Vocab

from kg.model import Span, When
from kg.parse import parse_of
from kg.times import find_times, resolve_time, when_of
from kg.times.grammar import time_matches, time_pattern
from tests.parses import parsed as full_rows

CASES = tomllib.loads((Path(__file__).parent / "cases" / "times.toml").read_text(encoding="utf-8"))
PUBLISHED = "2016-05-20T23:40"


def describe(case: dict[str, Any]) -> str:
    return f"{case['text']} ({case.get('published', 'no date')})"


@pytest.fixture(scope="module")
def tokenizer() -> English:
    return English()


def parsed(rows: str) -> Doc:
    """Make a doc out of lines of ``word head dep pos tag``."""
    table = [line.split() for line in rows.strip().splitlines()]
    return Doc(
        Vocab(),
        words=[row[0] for row in table],
        heads=[int(row[1]) for row in table],
        deps=[row[2] for row in table],
        pos=[row[3] for row in table],
        tags=[row[4] for row in table],
        lemmas=[row[0].lower() for row in table],
    )


@pytest.mark.parametrize("case", CASES["resolve"], ids=describe)
def test_expression_resolves(case: Any) -> None:
    found = resolve_time(case["text"], case.get("published"), future=case.get("future", False))
    expected = (case["iso"], case["precision"], case["basis"]) if "iso" in case else None
    assert found == expected


@pytest.mark.parametrize("case", CASES["find"], ids=lambda case: case["text"])
def test_expressions_of_a_sentence(case: Any, tokenizer: Any) -> None:
    found = find_times(tokenizer(case["text"]))
    assert [expression.text for expression in found] == case["expressions"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Since September 20014 it has burnt.", "no such year"),
        ("On February 30 it burnt.", "no such day: February 30"),
        ("On April 31, 2016 it burnt.", "no such day: April 31"),
        ("On 04/05/2016 it burnt.", "day or month first can't be told"),
        ("On May 25 it burnt.", None),
    ],
)
def test_impossible_date_is_reported(text: Any, problem: Any, tokenizer: Any) -> None:
    assert [expression.problem for expression in find_times(tokenizer(text))] == [problem]


TOKENIZER = English()
TEXTS = [case["text"] for case in (*CASES["find"], *CASES["resolve"])]


@given(st.lists(st.sampled_from([*TEXTS, "hours before", "in", "'90s"]), max_size=6).map(" ".join))
def test_quick_scan_finds_what_the_pattern_alone_would(text: Any) -> None:
    everywhere = [match.span() for match in time_pattern().finditer(text)]
    assert [match.span() for match in time_matches(parse_of(TOKENIZER(text)))] == everywhere


def test_published_may_be_a_date_or_nonsense() -> None:
    assert resolve_time("today", date(2016, 5, 20)) == ("2016-05-20", "day", "relative")
    assert resolve_time("today", "some day") is None


@given(st.text(max_size=60), st.dates())
def test_no_text_breaks_it(text: Any, day: Any) -> None:
    resolve_time(text, day)


@given(
    st.sampled_from([c["text"] for c in CASES["resolve"]]),
    st.sampled_from([date.min, date.max, date(1, 1, 5), date(9999, 12, 28)]),
)
def test_no_date_breaks_it(text: Any, day: Any) -> None:
    resolve_time(text, day, future=True)
    resolve_time(text, day)


REJECTED_THEN_ATTACKED = """
Moscow 1 nsubj PROPN NNP
rejected 1 ROOT VERB VBD
the 3 det DET DT
plan 1 dobj NOUN NN
on 1 prep ADP IN
Tuesday 4 pobj PROPN NNP
and 1 cc CCONJ CC
Kyiv 8 nsubj PROPN NNP
replied 1 conj VERB VBD
yesterday 8 npadvmod NOUN NN
"""


def test_event_takes_the_time_of_its_own_clause() -> None:
    doc = parsed(REJECTED_THEN_ATTACKED)
    assert when_of(doc, 1, PUBLISHED) == When(
        text=Span(25, 35), iso="2016-05-17", precision="day", basis="relative"
    )
    replied = when_of(doc, 8, PUBLISHED)
    assert replied is not None
    assert replied.iso == "2016-05-19"
    plan = when_of(doc, 3, PUBLISHED)
    assert plan is not None
    assert plan.iso == "2016-05-17"


def test_without_publication_day_a_relative_time_stays_open() -> None:
    assert when_of(parsed(REJECTED_THEN_ATTACKED), 1, None) is None


SAID_WILL_MEET = """
She 1 nsubj PRON PRP
said 1 ROOT VERB VBD
Wednesday 1 npadvmod PROPN NNP
ministers 5 nsubj NOUN NNS
will 5 aux AUX MD
meet 1 ccomp VERB VB
on 5 prep ADP IN
Monday 6 pobj PROPN NNP
"""


def test_embedded_clause_keeps_its_own_time_and_tense() -> None:
    doc = parsed(SAID_WILL_MEET)
    said, meet = when_of(doc, 1, PUBLISHED), when_of(doc, 5, PUBLISHED)
    assert said is not None
    assert meet is not None
    assert (said.iso, meet.iso) == ("2016-05-18", "2016-05-23")


def test_embedded_clause_does_not_borrow_the_time_above() -> None:
    doc = parsed(SAID_WILL_MEET.replace("on 5 prep ADP IN\nMonday 6 pobj PROPN NNP", ""))
    assert when_of(doc, 5, PUBLISHED) is None


CONDEMNED = """
Kyiv 1 nsubj PROPN NNP
condemned 1 ROOT VERB VBD
Tuesday 4 poss PROPN NNP
's 2 case PART POS
attack 1 dobj NOUN NN
"""


def test_time_inside_a_noun_phrase_dates_the_noun_alone() -> None:
    doc = parsed(CONDEMNED)
    attack = when_of(doc, 4, PUBLISHED)
    assert attack is not None
    assert attack.iso == "2016-05-17"
    assert when_of(doc, 1, PUBLISHED) is None


ANNOUNCING = """
He 1 nsubj PRON PRP
surprised 1 ROOT VERB VBD
them 1 dobj PRON PRP
in 1 prep ADP IN
March 3 pobj PROPN NNP
by 1 prep ADP IN
announcing 5 pcomp VERB VBG
a 8 det DET DT
withdrawal 6 dobj NOUN NN
"""


def test_gerund_shares_the_time_of_its_clause() -> None:
    doc = parsed(ANNOUNCING)
    found = [when_of(doc, trigger, PUBLISHED) for trigger in (1, 6, 8)]
    assert [when.iso for when in found if when is not None] == ["2016-03"] * 3


KILLED_AND_DISPLACED = """
It 2 nsubj PRON PRP
has 2 aux AUX VBZ
killed 2 ROOT VERB VBN
thousands 2 dobj NOUN NNS
and 2 cc CCONJ CC
displaced 2 conj VERB VBN
millions 5 dobj NOUN NNS
since 5 prep SCONJ IN
2011 7 pobj NUM CD
"""


def test_closing_time_holds_for_verbs_of_one_subject() -> None:
    doc = parsed(KILLED_AND_DISPLACED)
    found = [when_of(doc, trigger, PUBLISHED) for trigger in (2, 5)]
    assert [when.iso for when in found if when is not None] == ["2011/.."] * 2


DAY_AFTER = """
Crowds 1 nsubj NOUN NNS
marched 1 ROOT VERB VBD
on 1 prep ADP IN
Tuesday 2 pobj PROPN NNP
, 1 punct PUNCT ,
two 6 nummod NUM CD
days 9 npadvmod NOUN NNS
after 9 mark SCONJ IN
police 9 nsubj NOUN NNS
fired 1 advcl VERB VBD
"""


@pytest.mark.parametrize(
    ("opening", "iso"),
    [
        ("two 6 nummod NUM CD\ndays 9 npadvmod NOUN NNS\nafter", "2016-05-15"),
        ("two 6 nummod NUM CD\ndays 9 npadvmod NOUN NNS\nbefore", "2016-05-19"),
        ("some 6 det DET DT\nhours 9 npadvmod NOUN NNS\nafter", "2016-05-17"),
        ("two 6 nummod NUM CD\nweeks 9 npadvmod NOUN NNS\nafter", None),
    ],
)
def test_a_clause_is_dated_by_its_distance(opening: str, iso: str | None) -> None:
    rows = DAY_AFTER.replace("two 6 nummod NUM CD\ndays 9 npadvmod NOUN NNS\nafter", opening)
    when = when_of(parsed(rows), 9, PUBLISHED)
    assert (when.iso if when is not None else None) == iso


MEANWHILE = """
Two 1 nummod NUM CD
died 1 ROOT VERB VBD
on 1 prep ADP IN
Tuesday 2 pobj PROPN NNP
as 6 mark SCONJ IN
police 6 nsubj NOUN NNS
fired 1 advcl VERB VBD
"""


def test_what_happens_meanwhile_happens_on_that_day() -> None:
    when = when_of(parsed(MEANWHILE), 6, PUBLISHED)
    assert when is not None
    assert when.iso == "2016-05-17"


TRIED = """
Gangs gang NOUN NNS nsubj 1
tried try VERB VBD ROOT 1
to to PART TO aux 3
seize seize VERB VB xcomp 1
it it PRON PRP dobj 3
on on ADP IN prep 3
Monday Monday PROPN NNP pobj 5
"""


@pytest.mark.parametrize(
    ("rows", "iso"),
    [(TRIED, "2016-05-16"), (TRIED.replace("tried try", "agreed agree"), "2016-05-23")],
)
def test_an_attempt_lies_behind_and_a_promise_ahead(rows: str, iso: str) -> None:
    when = when_of(full_rows(rows), 3, PUBLISHED)
    assert when is not None
    assert when.iso == iso
