"""What several places tell becomes one event, and what disagrees stays apart."""

from __future__ import annotations

from datetime import date

import pytest

from kg.merge import merge, times_meet
from kg.model import EventMention, News
from tests.news_sample import sample_news
from tests.tellings import ARNOR, ARNOR_KING, ARNOR_REBELS, GONDOR, ROHAN, reading, telling

OTHER_DAY = "3019-03-20"


def grouped(news: News) -> list[list[str]]:
    """Give the events as the names of the articles that tell them."""
    names = {r.article.id: r.article.name for r in news.readings}
    return sorted(sorted(names[m.article_id] for m in event.mentions) for event in news.events)


def pair(left: EventMention, right: EventMention, **published: str | None) -> list[list[str]]:
    one = reading("one", left, published=published.get("one", "3019-03-15"))
    two = reading("two", right, published=published.get("two", "3019-03-15"))
    return grouped(merge([one, two]))


TOGETHER, APART = [["one", "two"]], [["one"], ["two"]]
BOMBED = telling(9, "bomb", [ARNOR], [GONDOR])
BASE = "the northern harbour garrison"

PAIRS: list[tuple[str, EventMention, EventMention, list[list[str]]]] = [
    ("same act, same parties", BOMBED, telling(30, "bomb", [ARNOR], [GONDOR]), TOGETHER),
    ("other target", BOMBED, telling(30, "bomb", [ARNOR], [ROHAN]), APART),
    ("other actor", BOMBED, telling(30, "bomb", [ROHAN], [GONDOR]), APART),
    ("parties the other way round", BOMBED, telling(30, "bomb", [GONDOR], [ARNOR]), APART),
    ("one of two targets shared", telling(9, "bomb", [ARNOR], [GONDOR, ROHAN]), BOMBED, TOGETHER),
    ("other type", BOMBED, telling(30, "bomb", [ARNOR], [GONDOR], "COERCE"), APART),
    ("negated", BOMBED, telling(30, "bomb", [ARNOR], [GONDOR], negated=True), APART),
    ("denied", BOMBED, telling(30, "bomb", [ARNOR], [GONDOR], modality="denied"), APART),
    ("only planned", BOMBED, telling(30, "bomb", [ARNOR], [GONDOR], modality="planned"), APART),
    ("a minister stands for his state", BOMBED, telling(30, "bomb", [ARNOR_KING], [GONDOR]),
     TOGETHER),
    ("the day after, told from elsewhere", telling(9, "bomb", [ARNOR], [GONDOR], day="3019-03-13"),
     telling(30, "bomb", [ARNOR], [GONDOR], day="3019-03-14"), TOGETHER),
    ("days apart", telling(9, "bomb", [ARNOR], [GONDOR], day="3019-03-10"),
     telling(30, "bomb", [ARNOR], [GONDOR], day="3019-03-14"), APART),
    ("a day of a month that is told", telling(9, "bomb", [ARNOR], [GONDOR], day="3019-03"),
     telling(30, "bomb", [ARNOR], [GONDOR], day="3019-03-14"), TOGETHER),
    ("another month", telling(9, "bomb", [ARNOR], [GONDOR], day="3019-01"),
     telling(30, "bomb", [ARNOR], [GONDOR], day="3019-03-14"), APART),
    ("other verb, themes alike", telling(9, "bomb", [ARNOR], theme=BASE),
     telling(30, "shell", [ARNOR], theme=f"{BASE} at dawn"), TOGETHER),
    ("other verb, other themes", telling(9, "bomb", [ARNOR], theme=BASE),
     telling(30, "shell", [ARNOR], theme="a southern bridge"), APART),
    ("a noun and its verb", telling(9, "propose", [ARNOR], [GONDOR], "AGREE"),
     telling(30, "proposal", [ARNOR], [GONDOR], "AGREE", pos="n"), TOGETHER),
    ("an offer is called a call elsewhere", telling(9, "propose", [ARNOR], [GONDOR], "AGREE"),
     telling(30, "proposal", [ARNOR], [GONDOR], "REQUEST", pos="n"), TOGETHER),
    ("statements about other things",
     telling(9, "say", [ARNOR], event="STATEMENT", theme="the harbour is closed"),
     telling(30, "say", [ARNOR], event="STATEMENT", theme="taxes will rise"), APART),
    ("statements by two officials",
     telling(9, "say", [ARNOR], event="STATEMENT", theme="the harbour is closed now"),
     telling(30, "say", [ARNOR_KING], event="STATEMENT", theme="the harbour is closed now"), APART),
]  # fmt: skip


@pytest.mark.parametrize(
    ("left", "right", "expected"), [row[1:] for row in PAIRS], ids=[row[0] for row in PAIRS]
)
def test_two_tellings(left: EventMention, right: EventMention, expected: list[list[str]]) -> None:
    assert pair(left, right) == expected


def test_rebels_of_a_state_are_not_the_state() -> None:
    rebels = telling(9, "bomb", [ARNOR_REBELS], [GONDOR])
    assert pair(rebels, BOMBED) == APART
    assert pair(telling(9, "bomb", [ARNOR], [ARNOR_REBELS]), BOMBED) == APART


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [("3019-03-15", "3019-03-17", TOGETHER), ("3019-03-15", OTHER_DAY, APART),
     (None, OTHER_DAY, TOGETHER), ("no date", OTHER_DAY, TOGETHER)],
)  # fmt: skip
def test_undated_tellings_are_joined_only_if_the_papers_are_near(
    one: str | None, two: str, expected: list[list[str]]
) -> None:
    assert pair(BOMBED, telling(30, "bomb", [ARNOR], [GONDOR]), one=one, two=two) == expected


def test_every_member_of_an_event_must_agree() -> None:
    """A telling that fits the first but not the second of a group isn't pulled in by the first."""
    first = reading("one", telling(9, "bomb", [ARNOR], [GONDOR]))
    second = reading("two", telling(9, "bomb", [ARNOR], [GONDOR], day="3019-03-10"))
    third = reading("three", telling(9, "bomb", [ARNOR], [GONDOR], day="3019-03-14"))
    news = merge([first, second, third])
    for event in news.events:
        days = {m.when.iso for m in event.mentions if m.when is not None}
        assert len(days) <= 1


def test_an_event_is_called_after_its_earliest_telling_and_keeps_its_id_as_others_join() -> None:
    early = reading("early", BOMBED, published="3019-03-14")
    late = reading("late", telling(40, "bomb", [ARNOR], [GONDOR]), published="3019-03-15")
    (alone,), (joined,) = merge([early]).events, merge([late, early]).events
    assert alone.id == joined.id
    assert [m.article_id for m in joined.mentions] == [early.article.id, late.article.id]


def test_there_is_a_reason_for_every_mention() -> None:
    (event,) = merge([reading("one", BOMBED), reading("two", BOMBED)]).events
    assert len(event.reasons) == len(event.mentions) == 2
    assert event.reasons[0] == "first telling"
    assert "same parties" in event.reasons[1]


def test_the_surest_telling_says_how_an_event_is_meant() -> None:
    weak = telling(9, "bomb", [ARNOR], [GONDOR], confidence=0.3)
    sure = telling(9, "bomb", [ARNOR], [GONDOR], confidence=0.9, cameo="195")
    (event,) = merge([reading("one", weak), reading("two", sure)]).events
    assert event.code.cameo == "195"
    assert (event.modality, event.negated) == ("asserted", False)


def test_one_party_a_side_is_kept_the_one_told_most() -> None:
    tellings = [("one", ARNOR_KING), ("two", ARNOR), ("three", ARNOR)]
    news = merge([reading(name, telling(9, "bomb", [who], [GONDOR])) for name, who in tellings])
    (event,) = news.events
    assert [actor.name for actor in event.actors] == ["Arnor"]


def test_an_event_is_about_the_event_that_its_mentions_are_about() -> None:
    one = reading(
        "one",
        telling(9, "propose", [ARNOR], [GONDOR], "AGREE"),
        telling(30, "reject", [GONDOR], [ARNOR], "REJECT", concerns="propose"),
    )
    by_action = {event.action: event for event in merge([one]).events}
    assert by_action["reject"].concerns == (by_action["propose"].id,)
    assert by_action["propose"].concerns == ()


def test_asserted_and_denied_are_two_events_that_contradict() -> None:
    denied = telling(9, "bomb", [ARNOR], [GONDOR], modality="denied")
    news = merge([reading("one", BOMBED), reading("two", denied)])
    (contradiction,) = news.contradictions
    told = {m.id for event in news.events for m in event.mentions}
    assert {contradiction.left, contradiction.right} == told
    assert contradiction.left < contradiction.right
    assert contradiction.reason == "asserted and denied"


@pytest.mark.parametrize(
    "other",
    [
        telling(9, "bomb", [ARNOR], [ROHAN], negated=True),
        telling(9, "free", [ARNOR], [GONDOR], negated=True),
        telling(9, "bomb", [ROHAN], [GONDOR], negated=True),
    ],
    ids=["other target", "other act", "other actor"],
)
def test_a_denial_of_something_else_contradicts_nothing(other: EventMention) -> None:
    assert merge([reading("one", BOMBED), reading("two", other)]).contradictions == ()


def test_no_mention_is_lost_or_told_twice() -> None:
    sample = sample_news()
    news = merge(sample.readings)
    told = sorted(m.id for event in news.events for m in event.mentions)
    assert told == sorted(m.id for r in sample.readings for m in r.events)


def test_the_two_papers_of_the_sample_tell_of_one_proposal_and_one_rejection() -> None:
    news = merge(sample_news().readings)
    told = {event.action: len(event.mentions) for event in news.events}
    assert (told["propose"], told["reject"], told["criticise"]) == (2, 2, 1)
    assert len(news.contradictions) == 1


def test_nothing_merges_to_nothing() -> None:
    assert merge([]) == News(readings=(), events=(), contradictions=())
    assert merge([reading("empty")]).events == ()


@pytest.mark.parametrize(
    ("left", "right", "meet"),
    [((1, 1), (2, 2), True), ((1, 1), (3, 3), False), ((1, 9), (5, 5), True)],
)
def test_times_meet_with_a_day_of_tolerance_both_ways(
    left: tuple[int, int], right: tuple[int, int], meet: bool
) -> None:
    days = [(date(3019, 3, a), date(3019, 3, b)) for a, b in (left, right)]
    assert times_meet(days[0], days[1]) is times_meet(days[1], days[0]) is meet


def test_the_last_day_of_all_is_no_trouble() -> None:
    assert times_meet((date.max, date.max), (date.max, date.max))
