"""Confidence is a share that falls with what a text leaves unsaid."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from kg.confidence import confidence_of, facts_of
from kg.lexicon import ONTOLOGY, confidence_weights, read_table
from kg.model import Argument, Code, Entity, EventMention, Modality, Span

NORLAND = Argument(mention=None, entity=Entity(id="n", name="Norland", kind="country"))
SURAN = Argument(mention=None, entity=Entity(id="s", name="Suran", kind="country"))
BRIDGE = Argument(mention=None, entity=Entity(id="b", name="bridge", kind="thing"))
TOLD = EventMention(
    id="e", article_id="a", sentence=Span(0, 30), trigger=Span(8, 14), action="bomb",
    actors=(NORLAND,), targets=(SURAN,), code=Code(event="ASSAULT", rule="bomb/v+"),
)  # fmt: skip


def coded(rule: str, event: str = "ASSAULT") -> EventMention:
    return replace(TOLD, code=Code(event=event, rule=rule))


@pytest.mark.parametrize(
    ("told", "trigger", "facts"),
    [
        (TOLD, "bombed", "any ASSAULT conditions"),
        (coded("strike/n"), "strike", "any ASSAULT noun"),
        (coded("strike/n"), "launched a strike", "any ASSAULT light verb"),
        (coded("refuse:REFUSE>meet/v", "REJECT"), "refused", "any REJECT operator"),
        (coded("reporting:say", "STATEMENT"), "said", "any STATEMENT"),
        (replace(TOLD, actors=()), "bombed", "any ASSAULT conditions no actor"),
        (replace(TOLD, inferred=("actor",)), "bombed", "any ASSAULT conditions inferred"),
        (replace(TOLD, targets=(BRIDGE,)), "bombed", "any ASSAULT conditions thing"),
        (replace(TOLD, inferred=("actor.country",)), "bombed", "any ASSAULT conditions guessed"),
    ],
)  # fmt: skip
def test_facts(told: EventMention, trigger: str, facts: str) -> None:
    assert " ".join(facts_of(told, trigger)) == facts


@pytest.mark.parametrize("modality", ["planned", "proposed"])
def test_what_is_not_told_as_done_is_less_sure(modality: Modality) -> None:
    unsure = replace(TOLD, modality=modality)
    assert confidence_of(unsure, "bombed") < confidence_of(TOLD, "bombed")


def test_what_is_told_by_a_bare_noun_or_hits_a_thing_is_less_sure() -> None:
    assert confidence_of(coded("strike/n"), "strike") < confidence_of(coded("bomb/v"), "bombed")
    unsure = replace(TOLD, targets=(BRIDGE,))
    assert confidence_of(unsure, "bombed") < confidence_of(TOLD, "bombed")


def test_every_confidence_is_a_share_whatever_the_facts() -> None:
    weights = confidence_weights()
    lowest, highest = (sum(f(w, 0) for w in weights.values()) for f in (min, max))
    assert -12 < lowest < 0 < highest < 12
    assert 0 < confidence_of(TOLD, "bombed") < 1


def test_every_weight_says_what_it_was_fitted_on() -> None:
    for row, where in read_table("confidence.tsv", "fact weight seen source"):
        assert re.fullmatch(r"[+-]\d\.\d", row["weight"]), where
        assert row["source"] == "fitted" or row["source"].startswith("by hand: "), where
        assert row["seen"].isdigit(), where
    assert (ONTOLOGY / "confidence.tsv").is_file()
