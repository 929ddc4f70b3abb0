"""What one article more costs in a folder that holds many, beside what it costs in an empty one.

    python -m benchmarks.add_one TEXTS... [--articles 2000] [--new 5] [--folder DIR] [--light]

The many are made of real ones: TEXTS (as `kg build` takes them) are read once, and each story that
they tell is told again and again, a few days of a year apart, with other names, other words and
other people in the same places; so stories, events and copies are of natural size, and states and
common words are everywhere. The new ones are parsed anew, by `kg add` as a command, one at a time:
texts made in the same way that the folder doesn't hold. Processor seconds, user and system: of the
whole command, and of what it does besides starting and loading the model (`kg add` in a process
that has done both). `--light` leaves the article graphs of the many out of the store, which no
other article touches, so that 20,000 are made in minutes. `--folder` keeps what was made.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from kg.annotate import DEFAULT_MODEL, load_pipeline
from kg.build import add, remove
from kg.collection import Collection, Made, edition, graph, pack, reading_digest
from kg.extraction import extract
from kg.lexicon import common_words, word_class
from kg.merge import sketch_of, survey
from kg.model import Argument, Entity, EventMention, Mention, Reading, When, content_id
from kg.report import FILES

WORD = re.compile(r"[A-Za-z]{3,}")
KEPT = 0.5  # share of the uncommon words in lower case that stay as they are
LETTERS = "etaoinshrdlucmfwypvbgkjqxz"


class Retelling:
    """Tells readings of a story again, with other names and words in the same places."""

    def __init__(self, number: int, day: date) -> None:
        self._number, self._day = number, day
        self.word = lru_cache(maxsize=None)(self._word)

    def reading(self, one: Reading, name: str) -> Reading:
        """A reading told again; its offsets hold."""
        text = WORD.sub(lambda match: self.word(match.group()), one.article.text)
        drawn = random.Random(f"{self._number} {name}")
        day = self._day + timedelta(days=drawn.randrange(3))
        self._published, self._article = day, content_id(name, text)
        article = replace(
            one.article, id=self._article, name=name, path=f"made/{name}.txt", record=None,
            text=text, published=day.isoformat(), sha256=content_id(text),
            title=one.article.title and self._phrase(one.article.title),
        )  # fmt: skip
        ids = {event.id: content_id(self._article, event.id) for event in one.events}
        return replace(
            one,
            article=article,
            events=tuple(self._event(event, ids) for event in one.events),
            links=tuple(self._argument(link) for link in one.links),
            attributions=tuple(self._said(speech) for speech in one.attributions),
        )

    def _word(self, word: str) -> str:
        """The same word always gives the same one, of the same length and case."""
        folded = word.lower()
        drawn = random.Random(f"{self._number} {folded}")
        stays = drawn.random() < KEPT and word.islower()
        if folded in common_words() or folded in word_class("STOPWORD") or stays:
            return word
        new = "".join(drawn.choice(LETTERS[:16]) for _ in word)
        return "".join(b.upper() if a.isupper() else b for a, b in zip(word, new, strict=True))

    def _phrase(self, text: str) -> str:
        return WORD.sub(lambda match: self.word(match.group()), text)

    def _entity(self, one: Entity | None) -> Entity | None:
        if one is None or one.kind in ("country", "igo", "region"):
            return one
        name = self._phrase(one.name)
        id_ = content_id(one.kind, one.country or "", name.casefold())
        return replace(one, id=id_, name=name)

    def _mention(self, one: Mention | None) -> Mention | None:
        return one and replace(one, article_id=self._article, text=self._phrase(one.text))

    def _argument(self, one: Argument) -> Argument:
        return replace(one, mention=self._mention(one.mention), entity=self._entity(one.entity))

    def _said(self, speech: Any) -> Any:
        return speech and replace(speech, speaker=speech.speaker and self._argument(speech.speaker))

    def _when(self, when: When | None) -> When | None:
        if when is None or not re.fullmatch(r"\d{4}-\d\d-\d\d", when.iso):
            return when
        return replace(when, iso=self._published.isoformat())

    def _event(self, one: EventMention, ids: dict[str, str]) -> EventMention:
        return replace(
            one,
            id=ids[one.id],
            article_id=self._article,
            actors=tuple(map(self._argument, one.actors)),
            targets=tuple(map(self._argument, one.targets)),
            place=one.place and self._argument(one.place),
            theme=one.theme and self._phrase(one.theme),
            attribution=self._said(one.attribution),
            when=self._when(one.when),
            concerns=ids.get(one.concerns or ""),
        )


def retold(real: Sequence[Reading], count: int) -> Iterator[Reading]:
    """So many readings, a story after the other."""
    known = survey({one.article.id: sketch_of(one.article) for one in real})
    told: dict[str, list[Reading]] = {}
    for one in real:
        told.setdefault(known.stories.of[one.article.id], []).append(one)
    made = 0
    for number in range(1, count):
        for story, some in sorted(told.items()):
            drawn = random.Random(f"{number} {story}")
            again = Retelling(
                drawn.randrange(10**9), date(2023, 1, 1) + timedelta(drawn.randrange(365))
            )
            for place, one in enumerate(some):
                if made == count:
                    return
                made += 1
                yield again.reading(one, f"m{number}-{story[:6]}-{place}")


def fill(folder: Path, readings: Sequence[Reading], made: Made, *, light: bool) -> None:
    """Have a folder hold readings as if they had been read there."""
    by_path = {reading.article.path: reading for reading in readings}
    quads = graph.__dict__["article_quads"]
    if light:
        graph.__dict__["article_quads"] = lambda *_: iter(())
    try:
        with Collection(folder, FILES) as collection:
            found = collection.take_in((reading.article for reading in readings), made)
            plan = collection.plan_exactly(found, made)
            new = (by_path[place.path] for place in collection.unread(plan))
            collection.keep(pack(reading_digest(r.article, made.edition), r) for r in new)
            collection.change(plan, made, None)
    finally:
        graph.__dict__["article_quads"] = quads


def command_seconds(*arguments: str) -> float:
    """Processor seconds of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-m", "kg", *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def own_seconds(file: Path, folder: Path, nlp: Any) -> float:
    """Processor seconds of adding a file in this process, whose model is loaded.

    A small folder's Turtle, TriG and page are left out, which a large one doesn't get.
    """
    sys.modules["kg.build"].__dict__["FILES_UP_TO"] = 0
    start = time.process_time()
    add([file], folder, nlp=nlp)
    return time.process_time() - start


def main() -> None:
    """Make the folder, add to it and to an empty one, and print what each took."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("texts", nargs="+")
    arguments.add_argument("--articles", type=int, default=2000)
    arguments.add_argument("--new", type=int, default=5)
    arguments.add_argument("--folder", type=Path)
    arguments.add_argument("--light", action="store_true")
    asked = arguments.parse_args()
    made = Made(edition=edition(DEFAULT_MODEL), model=DEFAULT_MODEL)
    real = [found.reading for found in extract(asked.texts).shelf]
    with tempfile.TemporaryDirectory() as name:
        scratch, full = Path(name), asked.folder or Path(name) / "full"
        many = list(retold(real, asked.articles + 20 * asked.new))
        drawn = random.Random(1)
        new = sorted(drawn.sample(range(len(many)), asked.new))
        texts = [many[place].article for place in new]
        held = [one for place, one in enumerate(many) if place not in set(new)][: asked.articles]
        if not (full / "readings.sqlite").exists():
            start = time.process_time()
            fill(full, held, made, light=asked.light)
            print(f"{len(held):,} articles made in {time.process_time() - start:.0f} s")
        measure(texts, full, scratch)


def measure(texts: Sequence[Any], full: Path, scratch: Path) -> None:
    """Add each text to the full folder and to an empty one, as a command and in this process."""
    nlp = load_pipeline(DEFAULT_MODEL)
    rows: list[tuple[float, float, float, float]] = []
    for number, article in enumerate(texts):
        file = scratch / f"{article.published}-new{number}.txt"
        file.write_text(article.text, encoding="utf-8")
        empty = scratch / f"empty{number}"
        taken = []
        for folder in (empty, full):
            taken.append(command_seconds("add", str(file), "--out", str(folder)))
            command_seconds("remove", str(file), "--out", str(folder))
        shutil.rmtree(empty, ignore_errors=True)
        if number == 0:  # what is read once in a process
            own_seconds(file, scratch / "first", nlp)
        for folder in (empty, full):
            taken.append(own_seconds(file, folder, nlp))
            remove([file], folder, nlp=nlp)
        rows.append((taken[0], taken[1], taken[2], taken[3]))
        print("  ".join(f"{seconds:.2f}" for seconds in rows[-1]), flush=True)
    for what, first in (("command", 0), ("without starting", 2)):
        ratios = [row[first + 1] / row[first] for row in rows]
        beside = statistics.median(row[first] for row in rows)
        there = statistics.median(row[first + 1] for row in rows)
        print(
            f"{what}: {beside:.2f} s in an empty folder, {there:.2f} s in the full one; "
            f"{statistics.median(ratios):.2f} times (worst {max(ratios):.2f}; wanted <= 2)"
        )


if __name__ == "__main__":
    main()
