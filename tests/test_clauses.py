"""Deep roles: what English does to subject and object is undone, on the parses of the cases."""

from __future__ import annotations

from typing import Any

import pytest
from spacy.tokens import Doc

from kg.clauses import Grammar, conjuncts, is_finite
from kg.parse import Token, parse_of
from kg.repair import mend_lemmas
from tests.parses import case_doc, parsed, passage


def word(doc: Doc, text: str) -> Token:
    return next(token for token in parse_of(doc) if token.text == text)


def roles(case: str, head: str) -> dict[str, Any]:
    """Give the clause of a word of a case, in words."""
    doc = case_doc(case)
    clause = Grammar(doc).clause(word(doc, head).i)
    return {
        "pos": clause.pos,
        "passive": clause.passive,
        "subjects": [doc[i].text for i in clause.subjects],
        "objects": [doc[i].text for i in clause.objects],
        "indirect": [doc[i].text for i in clause.indirect],
        "obliques": [(prep, doc[i].text) for prep, _, i in clause.obliques],
        "complements": [(link, doc[i].text) for link, i in clause.complements],
        "particles": [doc[i].text for i in clause.particles],
        "auxiliaries": list(clause.auxiliaries),
        "negated": clause.negated,
    }


# case, head, expected roles
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("active_transitive", "bombed",
     {"pos": "v", "passive": False, "subjects": ["Israel"], "objects": ["Syria"],
      "obliques": [("on", "Monday")], "negated": False}),
    ("passive_with_agent", "attacked",
     {"passive": True, "subjects": ["rebels"], "objects": ["convoy"],
      "obliques": [("near", "Aleppo")]}),
    ("passive_without_agent", "arrested",
     {"passive": True, "subjects": [], "objects": ["journalists"]}),
    ("passive_of_ditransitive", "given",
     {"passive": True, "subjects": ["Germany"], "objects": ["tanks"], "indirect": ["Ukraine"]}),
    ("dative_shift", "gave",
     {"subjects": ["Germany"], "objects": ["tanks"], "indirect": ["Ukraine"]}),
    ("conjoined_verbs_shared_subject", "expelled",
     {"subjects": ["Norway"], "objects": ["ambassador"]}),
    ("conjoined_verbs_shared_object", "funds", {"subjects": ["Iran"], "objects": ["rebels"]}),
    ("conjoined_passives_shared_auxiliary", "killed",
     {"passive": True, "subjects": ["militants"], "objects": ["minister"]}),
    ("conjoined_actors", "signed", {"subjects": ["Egypt", "Jordan"], "objects": ["agreement"]}),
    ("conjoined_targets", "bombed", {"objects": ["Belarus", "Poland"]}),
    ("subject_control_refuse", "refused", {"complements": [("xcomp", "co-operate")]}),
    ("subject_control_refuse", "co-operate",
     {"subjects": ["Turkey"], "obliques": [("with", "Greece")]}),
    ("object_control_urge", "release", {"subjects": ["Iran"], "objects": ["sailors"]}),
    ("object_control_accuse_of_gerund", "bombing", {"subjects": ["Turkey"], "objects": ["Iraq"]}),
    ("passive_control", "attacking", {"subjects": ["Iran"], "objects": ["tanker"]}),
    ("relative_subject_gap", "attacked", {"subjects": ["rebels"], "objects": ["Damascus"]}),
    ("relative_object_gap_zero", "rejected",
     {"subjects": ["Pentagon"], "objects": ["proposal"]}),
    ("reduced_relative_active", "fighting",
     {"passive": False, "subjects": ["rebels"], "objects": ["Iraq"]}),
    ("reduced_relative_passive", "brokered",
     {"passive": True, "subjects": ["Qatar", "Egypt"], "objects": ["truce"]}),
    ("headline_passive_without_auxiliary", "killed",
     {"passive": True, "subjects": ["rebels"], "objects": ["soldiers"]}),
    ("gerund_behind_by", "expelling", {"subjects": ["France"], "objects": ["ambassador"]}),
    ("purpose_infinitive", "attack", {"subjects": ["Turkey"], "objects": ["rebels"]}),
    ("called_off_strike", "called", {"particles": ["off"], "objects": ["strike"]}),
    ("phrasal_verb_pull_out", "pulled", {"particles": ["out"], "obliques": [("of", "Mali")]}),
    ("negation_did_not", "attack", {"negated": True, "auxiliaries": ["do"]}),
    ("negation_no_subject", "attacked", {"negated": True}),
    ("negation_never", "bombed", {"negated": True}),
    ("negation_without_gerund", "consulting", {"negated": True}),
    ("negation_without_gerund", "left", {"negated": False}),
    ("negation_carried_on_by_or", "fund", {"negated": True}),
    ("modal_may_possible", "invade", {"auxiliaries": ["may"]}),
    ("nominal_by_phrase", "raid",
     {"pos": "n", "obliques": [("by", "commandos"), ("on", "village")]}),
    ("adjective_willing", "willing",
     {"pos": "a", "subjects": ["Norway"], "complements": [("xcomp", "negotiate")]}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("case", "head", "expected"), CASES, ids=[f"{c[0].replace('_', ' ')}: {c[1]}" for c in CASES]
)
def test_roles(case: str, head: str, expected: dict[str, Any]) -> None:
    found = roles(case, head)
    assert {key: found[key] for key in expected} == expected


def test_conjuncts_stand_in_order_and_leave_verbs_out() -> None:
    doc = case_doc("conjoined_actors")
    assert [token.text for token in conjuncts(word(doc, "Egypt"))] == ["Egypt", "Jordan"]
    doc = case_doc("conjoined_verbs_shared_subject")
    assert [token.text for token in conjuncts(word(doc, "Sudan"))] == ["Sudan"]


@pytest.mark.parametrize(
    ("case", "verb", "finite"),
    [
        ("said_must_is_demand", "release", True),
        ("denied_that_clause", "attacked", True),
        ("subject_control_threaten", "attack", False),
        ("object_control_accuse_of_gerund", "bombing", False),
        ("headline_present", "rejects", True),
    ],
)
def test_finite_clauses_are_told_from_infinitives_and_gerunds(
    case: str, verb: str, finite: bool
) -> None:
    assert is_finite(word(case_doc(case), verb)) is finite


@pytest.mark.parametrize(
    ("form", "lemma", "mended"),
    [
        ("staged", "stag", "stage"),
        ("withdrew", "withdrew", "withdraw"),
        ("shot", "shot", "shoot"),
        ("attacked", "attack", "attack"),
        ("zorbed", "zorb", "zorb"),
    ],
)
def test_lemmas_that_the_model_gets_wrong_are_mended(form: str, lemma: str, mended: str) -> None:
    doc = parsed(f"{form} {lemma} VERB VBD ROOT 0")
    mend_lemmas(doc)
    assert doc[0].lemma_ == mended


def test_lemmas_of_nouns_are_left_alone() -> None:
    doc = parsed("shot shot NOUN NN ROOT 0")
    mend_lemmas(doc)
    assert doc[0].lemma_ == "shot"


def test_a_clause_that_governs_itself_ends() -> None:
    doc = parsed("go go VERB VB ROOT 0\ngone go VERB VBN conj 0\ngoing go VERB VBG conj 1")
    assert Grammar(doc).clause(2).subjects == ()


def test_every_clause_of_a_passage_can_be_made() -> None:
    doc = passage("unknown_state")
    grammar = Grammar(doc)
    for token in doc:
        clause = grammar.clause(token.i)
        assert clause.head == token.i
        assert grammar.clause(token.i) is clause
