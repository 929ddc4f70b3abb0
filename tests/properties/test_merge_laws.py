"""Merging doesn't care for order, and merging the merged changes nothing."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from kg.merge import merge
from kg.model import EventMention, Reading
from tests.tellings import ARNOR, ARNOR_KING, ARNOR_REBELS, GONDOR, ROHAN, reading, telling

quick = settings(max_examples=80, deadline=None, derandomize=True)

PARTIES = st.lists(
    st.sampled_from([ARNOR, GONDOR, ROHAN, ARNOR_KING, ARNOR_REBELS]), max_size=2, unique=True
)
DAYS = st.sampled_from(
    [None, "3019-03-14", "3019-03-15", "3019-03-20", "3019-03", "3019-W11", "3019-03-01/.."]
)
MODALITIES = st.sampled_from(["asserted", "proposed", "possible", "denied"])
CODES = st.sampled_from(["ASSAULT", "AGREE", "REQUEST", "REJECT", "STATEMENT"])
ACTIONS = st.sampled_from(["bomb", "propose", "proposal", "make proposal", "reject", "say"])
THEMES = st.sampled_from([None, "joint naval patrols", "naval patrols off Tharbad", "the harbour"])


@st.composite
def tellings(draw: st.DrawFn) -> EventMention:
    return telling(
        draw(st.integers(0, 30)) * 10,
        draw(ACTIONS),
        draw(PARTIES),
        draw(PARTIES),
        draw(CODES),
        draw(DAYS),
        theme=draw(THEMES),
        modality=draw(MODALITIES),
        negated=draw(st.booleans()),
        confidence=draw(st.sampled_from([0.3, 0.5, 0.8])),
        concerns=draw(st.sampled_from([None, "propose"])),
    )


@st.composite
def several(draw: st.DrawFn) -> list[Reading]:
    published = st.sampled_from([None, "3019-03-14", "3019-03-16", "3019-03-30", "nonsense"])
    return [
        reading(
            f"article {number}",
            *draw(st.lists(tellings(), max_size=4, unique_by=lambda t: (t.trigger, t.action))),
            published=draw(published),
        )
        for number in range(draw(st.integers(0, 4)))
    ]


@given(st.data())
@quick
def test_the_order_of_articles_does_not_matter(data: st.DataObject) -> None:
    readings = data.draw(several())
    shuffled = data.draw(st.permutations(readings))
    left, right = merge(readings), merge(shuffled)
    assert left == right
    told = [[mention.id for mention in event.mentions] for event in left.events]
    assert told == [[mention.id for mention in event.mentions] for event in right.events]
    assert [event.reasons for event in left.events] == [event.reasons for event in right.events]


@given(several())
@quick
def test_merging_the_merged_changes_nothing(readings: list[Reading]) -> None:
    once = merge(readings)
    again = merge(once.readings)
    assert again == once
    assert [event.mentions for event in again.events] == [event.mentions for event in once.events]


@given(several())
@quick
def test_every_mention_stands_in_one_event_and_every_reference_leads_somewhere(
    readings: list[Reading],
) -> None:
    news = merge(readings)
    told = [mention.id for event in news.events for mention in event.mentions]
    assert sorted(told) == sorted(mention.id for r in readings for mention in r.events)
    ids = {event.id for event in news.events}
    assert len(ids) == len(news.events)
    for event in news.events:
        assert set(event.concerns) <= ids - {event.id}
        codes = {mention.code.event for mention in event.mentions if mention.code}
        offers = codes == {"AGREE", "REQUEST"}
        assert len(codes) == 1 or offers or codes <= {"ASSAULT", "REJECT"}
    for contradiction in news.contradictions:
        assert {contradiction.left, contradiction.right} <= set(told)


@given(several())
@quick
def test_yes_and_no_are_never_one_event(readings: list[Reading]) -> None:
    for event in merge(readings).events:
        assert len({m.negated or m.modality == "denied" for m in event.mentions}) == 1
