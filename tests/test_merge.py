"""What several places tell becomes one event, and what disagrees stays apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from kg.merge import merge, sketch_of, survey, times_meet
from kg.merge.stories import find_stories
from kg.model import (
    Argument,
    Article,
    Attribution,
    Entity,
    EventMention,
    Mention,
    News,
    Source,
    Span,
)
from tests.news_sample import sample_news
from tests.tellings import (
    ARNOR,
    ARNOR_KING,
    ARNOR_REBELS,
    GONDOR,
    ROHAN,
    STORY,
    entity,
    reading,
    telling,
)

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
    ("the same word coded otherwise", BOMBED, telling(30, "bomb", [ARNOR], [GONDOR], "COERCE"),
     TOGETHER),
    ("another word for the act", BOMBED, telling(30, "shell", [ARNOR], [GONDOR]), TOGETHER),
    ("another act", BOMBED, telling(30, "warn", [ARNOR], [GONDOR], "THREATEN"), APART),
    ("who died was killed", telling(9, "kill", [], [ARNOR_KING]),
     telling(30, "die", [ARNOR_KING], [], "OTHER"), TOGETHER),
    ("who died killed nobody", telling(9, "kill", [ARNOR_KING], []),
     telling(30, "die", [ARNOR_KING], [], "OTHER"), APART),
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
    ("one strike of a campaign that goes on",
     telling(9, "bomb", [ARNOR], [GONDOR], day="3019-01/.."),
     telling(30, "bomb", [ARNOR], [GONDOR], day="3019-03-14"), APART),
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


def test_what_a_conflict_does_is_the_act_of_none_of_its_parties() -> None:
    conflict, raid = entity("Arnorian conflict", "thing"), entity("Arnorian raid", "thing")
    killed = telling(9, "kill", [ARNOR], [GONDOR])
    assert pair(telling(9, "kill", [conflict], [GONDOR]), killed) == APART
    assert pair(telling(9, "kill", [raid], [GONDOR]), killed) == TOGETHER


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
    assert event.reasons[1] == "same act (bomb), same actor, same target, same story"


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


# -- stories

OTHER_STORY = "wheat prices in Bree rose again after floods along Brandywine river"


def test_another_story_needs_both_parties() -> None:
    here = reading("one", telling(9, "bomb", [ARNOR]))
    for parties, expected in (([ARNOR], APART), ([], APART)):
        there = reading("two", telling(30, "bomb", parties), story=OTHER_STORY)
        assert grouped(merge([here, there])) == expected
    full = telling(30, "bomb", [ARNOR], [GONDOR])
    there = reading("two", full, story=OTHER_STORY)
    assert grouped(merge([reading("one", BOMBED), there])) == TOGETHER


def test_the_same_words_in_papers_weeks_apart_are_two_stories() -> None:
    articles = [reading("one", published="3019-03-01"), reading("two", published="3019-03-25")]
    stories = find_stories({r.article.id: sketch_of(r.article) for r in articles})
    assert len(set(stories.of.values())) == 2


def test_one_article_between_two_stories_does_not_chain_them() -> None:
    """Average link: what is half of either story joins one of them at most."""
    left, right = STORY, OTHER_STORY
    texts = [left, left, left, f"{left} {right}", right, right, right]
    articles = [reading(str(n), story=text).article for n, text in enumerate(texts)]
    of = find_stories({a.id: sketch_of(a) for a in articles}).of
    assert of[articles[0].id] == of[articles[1].id] != of[articles[5].id] == of[articles[6].id]


# -- one text, one sentence


def test_two_verbs_of_one_sentence_are_two_acts() -> None:
    one = telling(10, "collaborate", [ARNOR], [GONDOR], "COOPERATE", negated=True)
    other = telling(14, "coordinate", [ARNOR], [GONDOR], "COOPERATE", negated=True)
    other = replace(other, sentence=one.sentence)
    assert len(merge([reading("one", one, other)]).events) == 2


def test_two_acts_of_one_code_in_one_text_are_two_and_in_two_texts_of_a_story_one() -> None:
    one = telling(10, "defend", [ARNOR], [GONDOR], "SUPPORT", cameo="051")
    other = telling(60, "deepen", [ARNOR], [GONDOR], "SUPPORT", cameo="051")
    assert len(merge([reading("one", one, other)]).events) == 2
    assert len(merge([reading("one", one), reading("two", other)]).events) == 1


def test_what_a_text_tells_as_one_more_is_another() -> None:
    first = telling(10, "propose", [ARNOR], event="AGREE")
    second = telling(60, "propose", [ARNOR], event="AGREE")
    told = reading("one", first, second)
    assert len(merge([told]).events) == 1
    text = told.article.text
    also = replace(told.article, text=text[:50] + "It also " + text[58:])
    events = tuple(replace(e, sentence=Span(50, 69)) if e.trigger.start == 60 else e
                   for e in told.events)  # fmt: skip
    assert len(merge([replace(told, article=also, events=events)]).events) == 2


# -- refused merges


def test_what_a_person_keeps_apart_stays_apart() -> None:
    one, two = reading("one", BOMBED), reading("two", BOMBED)
    (joined,) = merge([one, two]).events
    first, second = (mention.id for mention in joined.mentions)
    assert grouped(merge([one, two], apart=[(second, first)])) == APART
    assert grouped(merge([one, two], apart=[(joined.id, second)])) == APART
    assert grouped(merge([one, two], apart=[("nothing", second)])) == TOGETHER


# -- copies


def words(seed: int, count: int = 60) -> str:
    return " ".join(f"word{(seed * 7919 + n * 104729) % 5003}" for n in range(count))


def test_a_syndicated_text_corroborates_nothing() -> None:
    original = reading("one", BOMBED, story=words(1), published="3019-03-14")
    copy = reading("two", BOMBED, story=words(1) + " and a line of its own")
    (event,) = (news := merge([copy, original])).events
    assert event.voices == ("one",)
    (repeated,) = news.copies
    assert (repeated.article_id, repeated.original_id) == (copy.article.id, original.article.id)
    assert "runs of 8 words" in repeated.reason


def test_a_shared_quotation_is_no_copy() -> None:
    quotation = words(9, 20)
    one = reading("one", BOMBED, story=f"{words(1)} {quotation}")
    two = reading("two", BOMBED, story=f"{quotation} {words(2)}")
    assert merge([one, two]).copies == ()


def test_reports_of_one_agency_on_one_story_are_one_voice() -> None:
    agency = reading("one", BOMBED, source=Source(id="palantir", name="Palantir"))
    paper = reading("two", BOMBED, agency="Palantir", published="3019-03-16")
    own = reading("three", BOMBED, published="3019-03-16")
    (event,) = (news := merge([agency, paper, own])).events
    assert event.voices == ("palantir", "three")
    assert "Palantir" in news.copies[0].reason


def test_unknown_publishers_are_no_voices() -> None:
    (event,) = merge([reading("one", BOMBED, source=None), reading("two", BOMBED)]).events
    assert event.voices == ("two",)
    (event,) = merge([reading("one", BOMBED, source=None)]).events
    assert event.voices == ()


# -- contradictions


def reasons(*tellings: EventMention) -> list[str]:
    """Give the contradictions between articles of one telling each."""
    news = merge([reading(f"paper {n}", told) for n, told in enumerate(tellings)])
    return [contradiction.reason for contradiction in news.contradictions]


def said_by(who: Entity, told: EventMention) -> EventMention:
    mention = Mention(article_id="", span=Span(0, 1), text="x", label="NAME")
    speaker = Argument(mention=mention, entity=who, rule="name")
    speech = Attribution(cue=Span(2, 3), speaker=speaker, content=(told.sentence,))
    return replace(told, attribution=speech)


def test_a_denial_in_other_words_contradicts() -> None:
    built = telling(9, "establish", [ARNOR], event="OTHER", theme="a forward base outside Fornost")
    denied = telling(30, "build", [ARNOR], event="OTHER", theme="a base", modality="denied")
    assert reasons(built, denied) == ["asserted and denied"]


def test_a_denial_in_the_passive_needs_no_doer() -> None:
    bombed = telling(9, "bomb", [ARNOR], [GONDOR])
    denied = telling(30, "bomb", [], [GONDOR], modality="denied")
    assert reasons(bombed, denied) == ["asserted and denied"]


def test_a_denial_in_the_passive_needs_the_target() -> None:
    bombed = telling(9, "bomb", [ARNOR], [GONDOR])
    denied = telling(30, "bomb", [], [ROHAN], modality="denied")
    assert reasons(bombed, denied) == []


def test_no_formal_proposal_is_no_denial_of_a_proposal() -> None:
    proposed = telling(9, "propose", [ARNOR], [GONDOR], "AGREE", theme="joint patrols")
    negated = telling(
        30, "propose", [ARNOR], [GONDOR], "AGREE", theme="a formal plan", negated=True
    )
    assert reasons(proposed, negated) == []
    plain = replace(negated, theme="joint patrols")
    assert reasons(proposed, plain) == ["asserted and negated"]


def test_what_was_only_planned_is_not_contradicted() -> None:
    planned = telling(9, "bomb", [ARNOR], [GONDOR], modality="planned")
    assert reasons(planned, telling(30, "bomb", [ARNOR], [GONDOR], negated=True)) == []


def test_each_says_that_the_other_did_it() -> None:
    tower = entity("watchtower", "thing")
    one = said_by(ARNOR, telling(9, "shell", [GONDOR], [tower]))
    other = said_by(GONDOR, telling(30, "shell", [ARNOR], [tower]))
    assert reasons(one, other) == ["each says that the other did it"]
    bare = replace(one, attribution=None)
    assert reasons(bare, replace(other, attribution=None)) == []  # both may have


def test_an_accusation_and_its_denial() -> None:
    accused = telling(
        9, "accuse", [GONDOR], [ARNOR], "ACCUSE", theme="neglecting the northern road"
    )
    denied = telling(30, "deny", [ARNOR], event="REJECT", theme="it neglected the northern road")
    assert reasons(accused, denied) == ["accused and denied"]
    assert reasons(accused, replace(denied, theme="it raised taxes")) == []


def toll(at: int, words: str) -> EventMention:
    told = telling(at, "kill", [], [entity("people", "group")])
    mention = Mention(article_id="", span=Span(400, 400 + len(words)), text=words, label="NOMINAL")
    return replace(
        told, sentence=Span(400, 400 + len(words)), trigger=Span(400, 401),
        targets=(Argument(mention=mention, entity=entity("people", "group"), rule="noun"),),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("more than 270 people", "over 400 people",
         ["the figures differ: more than 270 people / over 400 people"]),
        ("at least 12 people", "15 people", []),
        ("12 people", "900 people", []),  # so far apart that they are two events
    ],
)  # fmt: skip
def test_two_tolls(one: str, other: str, expected: list[str]) -> None:
    readings = [
        reading(str(n), toll(9, text), story=f"{text} died as {STORY}")
        for n, text in enumerate((one, other))
    ]
    assert [c.reason for c in merge(readings).contradictions] == expected


def test_one_quotation_with_two_acts() -> None:
    quote = "of course the leadership of Arnor {} these measures for Osgiliath"
    tellings = (
        telling(9, "agree", [ARNOR], [], "AGREE"),
        telling(9, "coordinate", [], [ARNOR], "COOPERATE"),
    )
    readings = []
    for n, told in enumerate(tellings):
        text = quote.format(told.action)
        quoted = said_by(ARNOR_KING, replace(told, sentence=Span(400, 400 + len(text))))
        readings.append(reading(str(n), quoted, story=text))
    (clash,) = merge(readings).contradictions
    assert clash.reason == "one quote, two acts: agree / coordinate"


def test_a_statement_is_about_what_it_says_and_not_the_same_event() -> None:
    bombed = said_by(ARNOR, BOMBED)
    says = telling(2, "say", [ARNOR], event="STATEMENT", theme="it bombed the harbour")
    says = replace(says, trigger=Span(2, 3))
    by_action = {event.action: event for event in merge([reading("one", bombed, says)]).events}
    assert by_action["say"].concerns == (by_action["bomb"].id,)


def test_two_texts_that_a_later_one_joins_are_copies_of_the_first() -> None:
    """A round-up holds two texts that hold nothing of each other."""
    parts = [" ".join(f"word{part}x{n}" for n in range(200)) for part in range(2)]
    texts = {"1": parts[0], "2": parts[1], "3": f"{parts[0]} {parts[1]}"}
    articles = [
        Article(id=id_, name=id_, text=text, body=(Span(0, len(text)),))
        for id_, text in texts.items()
    ]
    sketches = {article.id: sketch_of(article) for article in articles}
    found = survey(sketches).copies
    assert [(copy.article_id, copy.original_id) for copy in found] == [("2", "1"), ("3", "1")]
    assert all(copy.reason for copy in found)
