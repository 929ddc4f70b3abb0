"""A change writes only what it touches, and the folder holds what a fresh build makes."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from kg.collection import writer
from kg.merge import copies, stories
from kg.model import EventMention, Reading, Source, Span
from tests.shelves import at, fresh_quads, hold, lines, stored_quads, take_out
from tests.tellings import (
    ARNOR,
    ARNOR_KING,
    ARNOR_REBELS,
    GONDOR,
    ROHAN,
    entity,
    reading,
    said_by,
    telling,
)

TOPICS = ("harbour Osgiliath burnt Tirith", "mine Moria flooded Khazad", "bridge Ford washed Isen")
KING = entity("elessar", "person", "ARN")
PARTIES = (ARNOR, GONDOR, ROHAN, ARNOR_KING, KING, ARNOR_REBELS)
ACTS = (
    ("bomb", "ASSAULT"), ("kill", "ASSAULT"), ("die", "OTHER"), ("propose", "AGREE"),
    ("visit", "CONSULT"), ("accuse", "ACCUSE"), ("deny", "REJECT"),
)  # fmt: skip
THEMES = ("joint patrols of the harbour", "the road to the mine", "it neglected the harbour", None)
QUOTE = "of course the leadership of Arnor {} these measures for Osgiliath"
PAPERS = ("Gate Gazette", "Bree Bulletin", "Rohan Rider", "Shire Sun")


def some_telling(chance: random.Random, place: int, day: int) -> EventMention:
    act, event = chance.choice(ACTS)
    return telling(
        place,
        act,
        chance.sample(PARTIES, chance.randrange(3)),
        chance.sample(PARTIES, chance.randrange(3)),
        event,
        f"3019-03-{day:02}" if chance.random() < 0.5 else None,
        theme=chance.choice(THEMES),
        negated=chance.random() < 0.2,
        modality=chance.choice(("asserted", "asserted", "planned", "denied")),
    )


def some_reading(number: int) -> Reading:
    """One of many readings: few parties, acts and days, so that much of it meets."""
    chance = random.Random(number % 24)  # the others repeat the first ones' texts
    filler = f"{TOPICS[number % 3]} " + " ".join(f"word{chance.randrange(30)}" for _ in range(40))
    act, event = chance.choice((("agree", "AGREE"), ("coordinate", "COOPERATE")))
    ends = ([ARNOR], []) if act == "agree" else ([], [ARNOR])
    quote, place = QUOTE.format(act), 401 + len(filler)
    in_quote = telling(380, act, *ends, event)
    in_quote = replace(in_quote, sentence=Span(place, place + len(quote)))
    day = 1 + 4 * (number % 3) + number % 5
    told = [some_telling(chance, 40 * n, day) for n in range(chance.randrange(1, 5))]
    told.append(telling(250, "reject", [GONDOR], [ARNOR], "REJECT", concerns=told[0].action))
    told.append(said_by(ARNOR_KING, in_quote))
    name = PAPERS[number % 4]
    return reading(
        f"paper {number}",
        *told,
        published=f"3019-03-{day:02}" if number % 7 else None,
        story=f"{filler} {quote}",
        agency="Palantir Press" if number % 5 == 0 else None,
        source=Source(id=name.casefold(), name=name) if number % 6 else None,
    )


@pytest.fixture(params=[200, 2], ids=["usual limits", "small limits"])
def limits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is held by too many tells nothing: with small limits that comes and goes."""
    monkeypatch.setattr(stories, "POSTINGS", request.param)
    monkeypatch.setattr(copies, "POSTINGS", request.param + 1)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.usefixtures("limits")
def test_whatever_comes_goes_and_changes_the_folder_equals_a_fresh_build(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(seed)
    there = {f"{n}.txt": at(f"{n}.txt", some_reading(n)) for n in range(8)}
    hold(tmp_path, there.values())
    monkeypatch.setattr(writer, "REBUILT_AT", 0)  # as if there were many others
    monkeypatch.setattr(writer, "Filling", None)  # from here on nothing is made as a whole
    for _ in range(8):
        if chance.random() < 0.4 and len(there) > 2:
            path = chance.choice(sorted(there))
            del there[path]
            take_out(tmp_path, path)
        else:
            change(there, chance)
            hold(tmp_path, there.values())
        assert lines(stored_quads(tmp_path)) == lines(fresh_quads(there.values()))


def change(there: dict[str, Reading], chance: random.Random) -> None:
    """Write some texts anew or beside the others, and date one otherwise."""
    for _ in range(chance.choice((1, 1, 2, 4))):
        one = some_reading(chance.randrange(32))
        if all(one.article.id != other.article.id for other in there.values()):
            path = f"{chance.randrange(14)}.txt"
            there[path] = at(path, one)
    if chance.random() < 0.3:
        path = chance.choice(sorted(there))
        article = replace(there[path].article, published=f"3019-03-{chance.randrange(1, 9):02}")
        there[path] = replace(there[path], article=article)
