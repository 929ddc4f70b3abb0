"""What the store costs beside bare Oxigraph: writing, loading, asking, adding one article.

The news is made up: actors, targets, speakers, actions and days drawn by a fixed seed, eleven
tellings an article, ten events and a half. Processor seconds of this process, all threads, the best
of some rounds in turn; ratios of one run compare. rdflib's store in memory stands beside it for the
queries.

`python benchmarks/store.py [--events 10000] [--no-rdflib] [--rounds 3] [--only-queries]`;
with `--keep FOLDER` the store of the queries is made in FOLDER, and taken from there the next time.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from kg.collection import Collection, Made, pack, reading_digest
from kg.model import (
    Argument,
    Article,
    Attribution,
    Code,
    Contradiction,
    Entity,
    Event,
    EventMention,
    Mention,
    News,
    Reading,
    Source,
    Span,
    When,
    content_id,
)
from kg.query import bind_parameters, named_queries, run_query
from kg.rdf import prefixes, to_quads
from kg.store import open_store, to_dataset

PER_ARTICLE = 11  # tellings; ten or a few more events, since every second article tells one again
ACTIONS = (("reject", "REJECT", "12"), ("propose", "AGREE", "03"), ("attack", "ASSAULT", "19"),
           ("visit", "CONSULT", "042"), ("criticise", "ACCUSE", "111"))  # fmt: skip
MADE = Made(edition="benchmark", model="none")


def made_entities(events: int) -> list[Entity]:
    """People with countries: one for four events, and two hundred at least.

    Most are told of now and then, a few all the time (`some_of`).
    """
    return [
        Entity(id=content_id("person", number), name=f"Person {number}", kind="person",
               country=("NOR", "ISL", "DNK", "SWE", "FIN")[number % 5], sector="GOV")
        for number in range(max(200, events // 4))
    ]  # fmt: skip


def some_of(pool: list[Entity], count: int, drawn: random.Random) -> list[Entity]:
    """So many of the pool, the first ones far more often than the last."""
    found: dict[str, Entity] = {}
    while len(found) < count:
        entity = pool[int(len(pool) * drawn.random() ** 2)]
        found[entity.id] = entity
    return list(found.values())


def made_reading(number: int, pool: list[Entity], drawn: random.Random) -> Reading:
    """One article of `PER_ARTICLE` sentences: an event, two namings and who says so in each."""
    sentences, at = list[str](), 0
    events, attributions = list[EventMention](), list[Attribution]()
    article_id = content_id("article", number)
    day = date(2023, 1, 1) + timedelta(days=drawn.randrange(1000))
    for place in range(PER_ARTICLE):
        actor, target, speaker = some_of(pool, 3, drawn)
        action, event, cameo = drawn.choice(ACTIONS)
        told = f"{actor.name} {action}s {target.name} over matter {drawn.randrange(50)}"
        sentence = f"{told}, {speaker.name} said."
        sentences.append(sentence)
        begin = at + len(actor.name) + 1
        end = begin + len(action) + 1
        quoted = at + len(told)

        def naming(entity: Entity, start: int) -> Argument:
            span = Span(start, start + len(entity.name))
            mention = Mention(article_id=article_id, span=span, text=entity.name, label="NAME")
            return Argument(mention=mention, entity=entity, rule="name")

        if place % 3 == 0:
            attributions.append(
                Attribution(
                    cue=Span(at + len(sentence) - 5, at + len(sentence) - 1),
                    speaker=naming(speaker, quoted + 2),
                    content=(Span(at, quoted),),
                    quoted=place % 2 == 0,
                )
            )
        events.append(
            EventMention(
                id=content_id(article_id, place),
                article_id=article_id,
                sentence=Span(at, at + len(sentence)),
                trigger=Span(begin, end),
                action=action,
                concerns=events[-1].id if action == "reject" and place > 1 else None,
                actors=(naming(actor, at),),
                targets=(naming(target, end + 1),),
                negated=drawn.random() < 0.05,
                attribution=attributions[-1] if place % 3 == 0 else None,
                when=When(text=None, iso=day.isoformat(), precision="day", basis="publication"),
                code=Code(event=event, cameo=cameo, rule=action),
                confidence=0.9,
            )
        )
        at += len(sentence) + 1
    text = "\n".join(sentences)
    article = Article(
        id=article_id, name=f"a{number}", text=text, path=f"news/a{number}.txt", sha256=article_id,
        published=day.isoformat(), source=Source(id=f"s{number % 9}", name=f"Paper {number % 9}"),
        body=tuple(event.sentence for event in events),
    )  # fmt: skip
    return Reading(
        article=article,
        events=tuple(events),
        links=tuple(part for event in events for part in (*event.actors, *event.targets)),
        attributions=tuple(attributions),
    )


def made_news(readings: list[Reading]) -> News:
    """The articles with an event a telling; the first of every second one is the one before's.

    Not merged by `kg.merge`: how much that would merge is not what is measured here.
    """
    told: dict[str, list[EventMention]] = {}
    for number, reading in enumerate(readings):
        for place, mention in enumerate(reading.events):
            again = number % 2 == 1 and place == 0
            told.setdefault(readings[number - 1].events[0].id if again else mention.id, []).append(
                mention
            )
    sources = {reading.article.id: reading.article.source for reading in readings}
    clashes = (mentions for mentions in told.values() if len({m.negated for m in mentions}) > 1)
    return News(
        readings=readings,
        events=[made_event(mentions, sources) for mentions in told.values()],
        contradictions=[
            Contradiction(left=one.id, right=other.id, reason="one negates, one asserts")
            for one, other in clashes
        ],
    )


def made_event(mentions: list[EventMention], sources: Mapping[str, Source | None]) -> Event:
    """An event that some mentions tell."""
    first = mentions[0]
    papers = {source.id for m in mentions if (source := sources[m.article_id])}
    return Event(
        id=content_id("event", first.id),
        action=first.action,
        code=first.code or Code(event="OTHER"),
        actors=tuple(actor.entity for actor in first.actors if actor.entity),
        targets=tuple(target.entity for target in first.targets if target.entity),
        when=first.when,
        negated=first.negated,
        concerns=(content_id("event", first.concerns),) if first.concerns else (),
        voices=tuple(sorted(papers)),
        mentions=tuple(mentions),
        reasons=("made",) * len(mentions),
    )


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def best(rounds: int, *works: Callable[[], object]) -> list[float]:
    """The best time of each, taken in turn."""
    taken = [[seconds(work) for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*taken, strict=True)]


def measure_writing(news: News, rounds: int) -> None:
    """Write a build's quads, and load the same quads, against Oxigraph's bulk load of them."""
    quads = list(to_quads(news, model="none"))
    with tempfile.TemporaryDirectory() as name:
        folder, numbers = Path(name), iter(range(10**6))
        file = folder / "graph.nq"
        file.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")

        def fresh() -> Path:
            return folder / str(next(numbers))

        def build() -> None:
            with open_store(fresh()) as store:
                store.load(to_quads(news, model="none"))
                store.flush()

        def load() -> None:
            with open_store(fresh()) as store:
                store.load(quads)
                store.flush()

        def bare_file() -> None:
            store = ox.Store(str(fresh()))
            store.bulk_load(path=str(file))
            store.optimize()
            store.flush()

        def bare_quads() -> None:
            store = ox.Store(str(fresh()))
            store.bulk_extend(quads)
            store.optimize()
            store.flush()

        ours, loaded, bare, extended = best(rounds, build, load, bare_file, bare_quads)
    print(f"{len(quads):,} quads; Oxigraph loads their file in {bare:.2f} s")
    print(f"build's write path: {ours:.2f} s, {bare / ours:.2f} of Oxigraph's speed (>= 0.5)")
    print(f"bulk loading: {loaded:.2f} s, {extended / loaded:.2f} of Oxigraph's speed (>= 0.9)")


def make_store(folder: Path, news: Callable[[], News]) -> Path:
    """Make a store of the news, unless it is there already."""
    place, made = folder / "store", folder / "made"
    if not made.exists():
        with open_store(place) as store:
            store.load(to_quads(news(), model="none"))
            store.flush()
        made.touch()
    return place


def measure_queries(place: Path, rounds: int, with_rdflib: bool) -> None:
    """Ask each named query by name, and the same SPARQL of Oxigraph itself."""
    declared = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in prefixes().items())
    bare = ox.Store.read_only(str(place))
    dataset = None
    with open_store(place, read_only=True) as store:
        if with_rdflib:
            dataset = to_dataset(store)
        for query in named_queries():
            sparql = declared + bind_parameters(query.text, {}, query.name)
            given = query.name

            def ours(given: str = given) -> None:
                run_query(store, given, paged=True)

            def theirs(sparql: str = sparql) -> None:
                for row in bare.query(sparql, use_default_graph_as_union=True):  # type: ignore[union-attr]
                    tuple(row)

            mine, other = best(rounds, ours, theirs)
            told = f"{given:24}{mine:7.3f} s {mine / max(other, 1e-4):6.2f} times Oxigraph"
            if dataset is not None:
                told += f"; rdflib {seconds(lambda: list(dataset.query(sparql))):8.2f} s"  # noqa: B023
            print(told, flush=True)


def measure_adding(readings: list[Reading], one: Reading) -> None:
    """Add one article to an empty folder, and to a full one."""
    with tempfile.TemporaryDirectory() as name:
        taken = []
        for label, there in (("empty", readings[:1]), ("full", readings)):
            folder = Path(name) / label
            hold(folder, there)
            taken.append(seconds(lambda: hold(folder, [one])))  # noqa: B023
    empty, full = taken
    print(
        f"one article more: {empty:.2f} s beside one, {full:.2f} s beside {len(readings):,} "
        f"({full / empty:.1f} times; wanted <= 2)"
    )


def hold(folder: Path, readings: list[Reading]) -> None:
    """Add readings to what a folder holds."""
    by_path = {reading.article.path: reading for reading in readings}
    with Collection(folder) as collection:
        found = collection.take_in((reading.article for reading in readings), MADE)
        plan = collection.plan_with(found, MADE, frozenset())
        new = (by_path[place.path] for place in collection.unread(plan))
        collection.keep(pack(reading_digest(one.article, MADE.edition), one) for one in new)
        collection.change(plan, MADE, None)


def main() -> None:
    """Measure all and print it."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--events", type=int, default=10_000)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--no-rdflib", dest="rdflib", action="store_false")
    arguments.add_argument(
        "--only-queries",
        action="store_true",
        help="as for 100,000 events, whose quads no list holds",
    )
    arguments.add_argument("--keep", type=Path, help="where the store of the queries stays")
    asked = arguments.parse_args()

    @cache
    def readings() -> list[Reading]:
        drawn, pool = random.Random(0), made_entities(asked.events)
        count = max(asked.events // 10, 1)
        return [made_reading(number, pool, drawn) for number in range(count + 1)]

    def news() -> News:
        return made_news(readings()[:-1])

    if not asked.only_queries:
        measure_writing(news(), asked.rounds)
        measure_adding(readings()[:-1], readings()[-1])
    with tempfile.TemporaryDirectory() as name:
        place = make_store(asked.keep or Path(name), news)
        measure_queries(place, asked.rounds, asked.rdflib)


if __name__ == "__main__":
    main()
