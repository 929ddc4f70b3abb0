"""A change writes only what it touches, and the folder holds what a fresh build makes."""

from __future__ import annotations

import pickle
import random
import sqlite3
import zlib
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from kg.collection import Collection, Made, writer
from kg.collection.touched import Filling
from kg.errors import StoreError
from kg.merge import copies, stories
from kg.merge.joined import event_id
from kg.model import EventMention, Reading, Source, Span
from kg.query import Counts, count_graph
from kg.store import open_store
from tests.shelves import at, fresh_quads, hold, lines, made_elsewhere, stored_quads, take_out
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


@pytest.mark.parametrize("seed", range(2))
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
        assert_counted_as_asked(tmp_path)
    assert tables(tmp_path) == tables_of_fresh(tmp_path / "fresh", there.values(), monkeypatch)


def test_what_was_changed_elsewhere_is_found_out_and_kept_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another engine's quads leave no tables; the next change makes all anew, the one after not."""
    there = {f"{n}.txt": at(f"{n}.txt", some_reading(n)) for n in range(8)}
    hold(tmp_path, there.values())
    there["8.txt"] = at("8.txt", some_reading(8))
    hold(tmp_path, there.values(), make_quads=made_elsewhere)
    with Collection(tmp_path) as collection:
        assert collection.counted is None
    for number in (9, 10):
        there[f"{number}.txt"] = at(f"{number}.txt", some_reading(number))
        hold(tmp_path, there.values())
        assert lines(stored_quads(tmp_path)) == lines(fresh_quads(there.values()))
        assert_counted_as_asked(tmp_path)
        monkeypatch.setattr(writer, "Filling", None)


def test_another_casing_of_a_publisher_makes_all_anew(tmp_path: Path) -> None:
    """Which name is shown for a voice goes by all articles."""
    there = [at(f"{n}.txt", some_reading(n)) for n in range(8)]
    hold(tmp_path, there)
    one = some_reading(9)
    name = one.article.source.name.upper() if one.article.source else ""
    shouted = replace(one.article, source=Source(id=name.casefold(), name=name))
    there.append(at("9.txt", replace(one, article=shouted)))
    hold(tmp_path, there)
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads(there))


def test_pairs_that_a_person_keeps_apart_stay_apart_when_others_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bombed = telling(10, "bomb", [ARNOR], [GONDOR])
    both = [at("0.txt", reading("one", bombed)), at("1.txt", reading("two", bombed))]
    first, second = (one.events[0].id for one in both)
    monkeypatch.setattr(Made, "apart", frozenset({(event_id(first), second)}))
    quiet = [at(f"{n}.txt", reading(f"quiet {n}", story=f"nothing {n}")) for n in range(2, 9)]
    hold(tmp_path, [both[1], *quiet])
    monkeypatch.setattr(writer, "Filling", None)
    hold(tmp_path, [both[0]])
    ask = "SELECT ?event { ?event <http://groundedannotationframework.org/gaf#denotedBy> ?told }"
    with open_store(tmp_path / "store", read_only=True) as store:
        events = {str(row["event"]) for row in store.query(ask)}  # type: ignore[union-attr]
    assert len(events) == 2


def test_a_file_that_names_what_is_no_record_is_refused(tmp_path: Path) -> None:
    """Whoever sends a folder could put a call in place of records."""
    hold(tmp_path, [at(f"{n}.txt", some_reading(n)) for n in range(8)])
    call = zlib.compress(pickle.dumps(print))
    with sqlite3.connect(tmp_path / "readings.sqlite") as file:
        file.execute("UPDATE component SET body = ?", (call,))
    file.close()
    with pytest.raises(StoreError, match="isn't what kg wrote"):
        take_out(tmp_path, "1.txt")


def assert_counted_as_asked(folder: Path) -> None:
    with Collection(folder) as collection, collection.open_store() as store:
        counted, asked = collection.counted, count_graph(store)
    assert counted is not None
    assert asked == Counts(
        mentions=counted.mentions,
        events=counted.events,
        merged=counted.merged,
        entities=counted.played,
        contradictions=counted.contradictions,
    )


def tables(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """What is kept between changes, but for numbers, which tell nothing, and packed records."""
    with sqlite3.connect(folder / "readings.sqlite") as file:
        found = {name: sorted(file.execute(select)) for name, select in KEPT.items()}
    file.close()
    return found


KEPT = {
    "articles": "SELECT id, published, stretch, source, publisher, agency, credited, runs, story "
    "FROM article",
    "looks": "SELECT word, look.stretch, id FROM look JOIN article USING (number)",
    "alike": "SELECT a.id, b.id, likeness FROM alike, article a, article b "
    "WHERE one = a.number AND other = b.number",
    "runs": "SELECT hash, id FROM run JOIN article USING (number)",
    "pairs": "SELECT a.id, b.id, why, pair.story FROM pair, article a, article b "
    "WHERE one = a.number AND other = b.number",
    "copies": "SELECT * FROM copy",
    "tellings": "SELECT id, article, event FROM telling",
    "blocks": "SELECT key FROM block",
    "quotes": "SELECT * FROM quote",
    "answers": "SELECT event, story FROM answer",
    "clashes": "SELECT one, other, rank, reason FROM clash",
    "contradictions": "SELECT * FROM contradiction",
    "abouts": "SELECT * FROM about",
    "seen": "SELECT * FROM seen",
    "counted": "SELECT * FROM counted",
    "components": "SELECT COUNT(*) FROM component",
}


def tables_of_fresh(
    folder: Path, readings: Iterable[Reading], monkeypatch: pytest.MonkeyPatch
) -> dict[str, list[tuple[object, ...]]]:
    monkeypatch.setattr(writer, "Filling", Filling)
    hold(folder, readings)
    return tables(folder)


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
