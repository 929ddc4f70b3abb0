"""What a denial answers: the act that its speaker was accused of, in other words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kg.denials import answered
from kg.merge import merge
from kg.model import EventMention
from kg.reading import read_out
from tests.parses import case_doc
from tests.tellings import ARNOR, GONDOR, ROHAN, entity, reading, said_by, telling
from tests.test_reading import article_of, event

ARNOR_ARMY = entity("Arnorian army", "organisation", "ARN", "MIL")
SHELLED = said_by(GONDOR, telling(9, "shell", [ARNOR], [GONDOR]))
FIRED = said_by(ARNOR, telling(60, "fire", [ARNOR], [GONDOR], modality="denied"))


def pairs(*events: EventMention) -> list[tuple[str, str]]:
    """Give what answers what, by the actions."""
    named = [replace(event, id=event.action) for event in events]
    return list(answered(named))


def test_a_denial_in_another_verb_answers_the_accusation() -> None:
    assert pairs(SHELLED, FIRED) == [("fire", "shell")]


def test_what_the_army_is_accused_of_its_state_denies() -> None:
    assert pairs(replace(SHELLED, actors=telling(9, "x", [ARNOR_ARMY]).actors), FIRED)


def test_a_denial_that_names_nobody_answers_too() -> None:
    assert pairs(SHELLED, replace(FIRED, targets=())) == [("fire", "shell")]


def test_the_last_accusation_is_answered() -> None:
    bombed = said_by(GONDOR, telling(30, "bomb", [ARNOR], [GONDOR]))
    assert pairs(SHELLED, bombed, FIRED) == [("fire", "bomb")]


@pytest.mark.parametrize(
    "charge",
    [
        replace(SHELLED, actors=telling(9, "x", [ROHAN]).actors),
        replace(SHELLED, targets=telling(9, "x", [], [ROHAN]).targets),
        replace(SHELLED, code=telling(9, "x", event="AGREE").code),
        replace(SHELLED, negated=True),
        said_by(ARNOR, SHELLED),
        replace(SHELLED, attribution=None, targets=()),
    ],
    ids=["another doer", "another victim", "another field", "not done", "own words", "no victim"],
)
def test_what_was_not_charged_is_not_answered(charge: EventMention) -> None:
    assert pairs(charge, FIRED) == []


def test_an_accusation_far_back_is_not_answered() -> None:
    late = said_by(ARNOR, telling(2000, "fire", [ARNOR], [GONDOR], modality="denied"))
    assert pairs(SHELLED, late) == []


def test_what_is_denied_and_what_it_answers_contradict() -> None:
    news = merge([reading("one", SHELLED, replace(FIRED, concerns="shell"))])
    (contradiction,) = news.contradictions
    assert contradiction.reason == "asserted and denied"
    assert not merge([reading("one", SHELLED, FIRED)]).contradictions


def test_a_reading_links_the_denied_act() -> None:
    doc = case_doc("denied_having_fired")
    read = read_out(article_of(doc), doc)
    assert event(read, "fired").concerns == event(read, "shelling").id
    assert event(read, "fired").modality == "denied"
