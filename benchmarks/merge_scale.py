"""How the time and memory of merging grow: synthetic event mentions, as news has them.

Actors, acts and stories follow Zipf's law, dates spread over a year, an article has a dozen
mentions and a story a handful of articles. Run from the project's root:

    python -m benchmarks.merge_scale            10,000 against 100,000 mentions
    python -m benchmarks.merge_scale 100000 1000000

Each size runs in a process of its own; the last line gives the ratio of the times.
"""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import time
from datetime import date, timedelta

from kg.merge import merge
from kg.model import (
    Argument,
    Article,
    Code,
    Entity,
    EventMention,
    Mention,
    Reading,
    Source,
    Span,
    When,
    content_id,
)

MENTIONS_AN_ARTICLE = 12
ARTICLES_A_STORY = 5
ACTS = (
    ("bomb", "ASSAULT", "195"), ("criticise", "ACCUSE", "111"), ("meet", "CONSULT", "040"),
    ("sanction", "SANCTION", "163"), ("arrest", "COERCE", "173"), ("propose", "AGREE", "030"),
    ("reject", "REJECT", "120"), ("visit", "CONSULT", "042"), ("kill", "ASSAULT", "180"),
    ("support", "SUPPORT", "050"), ("help", "AID", "070"), ("withdraw", "RETREAT", "087"),
    ("say", "STATEMENT", "010"), ("protest", "PROTEST", "141"), ("threaten", "THREATEN", "130"),
    ("deploy", "MOBILIZE", "154"), ("demand", "REQUEST", "100"), ("win", "OTHER", None),
)  # fmt: skip


def zipf(random_: random.Random, size: int) -> int:
    """Draw a rank below `size`, low ranks often (Zipf's law with exponent 1)."""
    return min(size - 1, int(size ** random_.random()) - 1)


def readings(mentions: int, seed: int = 5) -> list[Reading]:
    """Make readings with so many event mentions together."""
    random_ = random.Random(seed)
    countries = [_entity(f"Land{n}", "country", f"L{n:02}"[:3]) for n in range(200)]
    people = [_entity(f"Person Name{n}", "person", None) for n in range(2_000 + mentions // 20)]
    words = [f"word{n}" for n in range(20_000)]
    articles = mentions // MENTIONS_AN_ARTICLE
    made: list[Reading] = []
    while len(made) < articles:
        day = date(2023, 1, 1) + timedelta(days=random_.randrange(365))
        own = [f"Name{random_.randrange(10**7)}" for _ in range(8)]
        own += [words[zipf(random_, len(words))] for _ in range(30)]
        parties = [countries[zipf(random_, 200)] for _ in range(4)]
        parties += [people[zipf(random_, len(people))] for _ in range(6)]
        for _ in range(1 + zipf(random_, 2 * ARTICLES_A_STORY)):
            told = day + timedelta(days=random_.randrange(3))
            made.append(_reading(random_, len(made), told, own, parties, words))
    return made[:articles]


def _entity(name: str, kind: str, country: str | None) -> Entity:
    return Entity(id=content_id(kind, name), name=name, kind=kind, country=country)


def _reading(
    random_: random.Random,
    number: int,
    day: date,
    own: list[str],
    parties: list[Entity],
    words: list[str],
) -> Reading:
    id_ = content_id("article", number)
    sentences = [
        " ".join(random_.choices(own, k=8) + [words[zipf(random_, len(words))] for _ in range(8)])
        for _ in range(MENTIONS_AN_ARTICLE)
    ]
    text = ". ".join(sentences)
    article = Article(
        id=id_, name=id_, text=text, published=day.isoformat(), body=(Span(0, len(text)),),
        source=Source(id=f"s{number % 50}", name=f"Paper {number % 50}"),
    )  # fmt: skip
    events, at = [], 0
    for sentence in sentences:
        events.append(_mention(random_, id_, Span(at, at + len(sentence)), day, own, parties))
        at += len(sentence) + 2
    return Reading(article=article, events=tuple(events))


def _mention(
    random_: random.Random,
    article_id: str,
    sentence: Span,
    day: date,
    own: list[str],
    parties: list[Entity],
) -> EventMention:
    action, event, cameo = ACTS[zipf(random_, len(ACTS))]
    trigger = Span(sentence.start, sentence.start + 5)
    naming = Mention(article_id=article_id, span=trigger, text="xxxxx", label="NAME")
    ends = [
        (Argument(mention=naming, entity=random_.choice(parties), rule="name"),)
        if random_.random() < 0.8
        else ()
        for _ in range(2)
    ]
    when = When(text=None, iso=day.isoformat(), precision="day", basis="relative")
    return EventMention(
        id=content_id(article_id, sentence.start),
        article_id=article_id,
        sentence=sentence,
        trigger=trigger,
        action=action,
        actors=ends[0],
        targets=ends[1],
        theme=" ".join(random_.choices(own, k=4)) if random_.random() < 0.5 else None,
        negated=random_.random() < 0.05,
        when=when if random_.random() < 0.4 else None,
        code=Code(event=event, cameo=cameo, rule="synthetic"),
    )


def measure(mentions: int) -> dict[str, float]:
    """Merge so many mentions; seconds and megabytes at the peak, the inputs' own included."""
    made = readings(mentions)
    start, worked = time.perf_counter(), time.process_time()
    news = merge(made)
    seconds, work = time.perf_counter() - start, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "mentions": sum(len(reading.events) for reading in made),
        "events": len(news.events),
        "contradictions": len(news.contradictions),
        "seconds": round(seconds, 2),
        "processor_seconds": round(work, 2),
        "megabytes": round(peak),
    }


def main(arguments: list[str]) -> None:
    """Measure each size in a fresh process and print a line a size, then the ratio."""
    if arguments[:1] == ["--one"]:
        print(json.dumps(measure(int(arguments[1]))))
        return
    sizes = [int(argument) for argument in arguments] or [10_000, 100_000]
    figures = []
    for size in sizes:
        command = [sys.executable, "-m", "benchmarks.merge_scale", "--one", str(size)]
        line = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        figures.append(json.loads(line))
        print(line, end="", flush=True)
    ratio = figures[-1]["processor_seconds"] / figures[0]["processor_seconds"]
    print(f"{sizes[-1] / sizes[0]:g} times as many mentions in {ratio:.1f} times the time")


if __name__ == "__main__":
    main(sys.argv[1:])
