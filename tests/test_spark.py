"""A build on Apache Spark, really run: what one machine makes, whatever dies on the way."""

from __future__ import annotations

import gzip
import json
import os
import random
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from pyoxigraph import RdfFormat, parse
from spacy.language import Language
from spacy.tokens import Doc
from typer.testing import CliRunner

from kg.annotate import DEFAULT_MODEL
from kg.build import build
from kg.cli import app
from kg.collection import Packed
from kg.errors import KGError, UsageError
from kg.inputs import Inputs
from kg.merge import merge, sketch_of
from kg.merge.groupings import Grouping
from kg.model import EventMention, Reading, Span
from kg.rdf import from_quads
from kg.spark import Spark, session
from kg.spark.masters import check_java, check_master, configured_master
from kg.spark.merging import merge as merge_on_spark
from kg.spark.output import COLUMNS
from kg.spark.shuffles import components
from kg.spark.stories import survey
from kg.spark.telling import told_in_one_line
from kg.store import Store, open_store
from kg.worker import Failure, Reader, Recipe, Task, packed
from tests.tellings import (
    ARNOR,
    ARNOR_KING,
    ARNOR_REBELS,
    GONDOR,
    ROHAN,
    reading,
    said_by,
    telling,
)

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

if TYPE_CHECKING:
    from pyspark import SparkContext

pytestmark = pytest.mark.spark

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkContext]:
    """One session of two workers for all tests."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = str(ROOT)  # where the workers find this file
    try:
        with session("local[2]") as started:
            yield started
    except UsageError as error:
        if os.environ.get("KG_REQUIRE_SPARK"):
            raise
        pytest.skip(str(error))
    finally:
        os.environ.pop("PYTHONPATH")
        if before is not None:
            os.environ["PYTHONPATH"] = before


# --- who belongs together -----------------------------------------------------------------------


@pytest.mark.parametrize("few", [0, 1000], ids=["shuffled", "in one place"])
def test_components_are_those_of_a_union_find(spark: SparkContext, few: int) -> None:
    chance = random.Random(7)
    edges = [(chance.randrange(60), chance.randrange(60)) for _ in range(45)]
    edges += [(n, n + 1) for n in range(60, 65)]  # a chain, which stars shorten slowest
    grouping = Grouping(66)
    for left, right in edges:
        grouping.join(left, right)
    named = [(f"{left:02}", f"{right:02}") for left, right in edges]
    found = components(spark.parallelize(named, 3), 2, few)
    nodes = {node for edge in edges for node in edge}
    assert dict(found.collect()) == {f"{n:02}": f"{grouping.root(n):02}" for n in nodes}
    assert found.count() == len(nodes)


def test_merging_is_that_of_one_machine(spark: SparkContext) -> None:
    readings = [a_reading(number) for number in range(48)]
    known = merge(readings)
    first, second = known.events[3].id, known.events[4].mentions[0].id
    pair = [(known.events[3].mentions[0].id, known.events[3].mentions[-1].id), (first, second)]
    alone = merge(readings, pair)
    context = spark
    sketches = context.parallelize([sketch_of(one.article) for one in readings], 3)
    sources = context.parallelize([(one.article.id, one.article.source) for one in readings], 3)
    surveyed = survey(sketches, sources, 2)
    merged = merge_on_spark(context.parallelize(readings, 3), surveyed, pair, 2)
    events = sorted((event for event, _ in merged.events.collect()), key=lambda event: event.id)
    assert [whole(event) for event in events] == [whole(event) for event in alone.events]
    by_pair = sorted(merged.contradictions.collect(), key=lambda one: (one.left, one.right))
    assert tuple(by_pair) == alone.contradictions
    copies = sorted(surveyed.copies.collect(), key=lambda copy: copy.article_id)
    assert tuple(copies) == alone.copies
    # and there was something to find
    assert max(len(event.mentions) for event in events) > 2
    assert any(event.concerns for event in events)
    reasons = {one.reason.partition(":")[0] for one in by_pair}
    assert {"asserted and denied", "one quote, two acts", "accused and denied"} <= reasons
    assert len(copies) > 2


def whole(event: Any) -> tuple[Any, ...]:
    return event, event.mentions, event.reasons


TOPICS = ("harbour Osgiliath burnt Tirith", "mine Moria flooded Khazad", "bridge Ford washed Isen")
PARTIES = (ARNOR, GONDOR, ROHAN, ARNOR_KING, ARNOR_REBELS)
ACTS = (("bomb", "ASSAULT"), ("kill", "ASSAULT"), ("propose", "AGREE"), ("visit", "CONSULT"))
THEMES = ("joint patrols of the harbour", "the road to the mine", "it neglected the harbour", None)
QUOTE = "of course the leadership of Arnor {} these measures for Osgiliath"


def a_reading(number: int) -> Reading:
    """Make one of many readings: few parties, acts and days, so that much of it meets."""
    chance = random.Random(number % 40)  # the last ones repeat the first ones' texts
    topic = TOPICS[number % 3]
    filler = f"{topic} " + " ".join(f"word{chance.randrange(40)}" for _ in range(40))
    act, event = chance.choice((("agree", "AGREE"), ("coordinate", "COOPERATE")))
    ends = ([ARNOR], []) if act == "agree" else ([], [ARNOR])
    quote, at = QUOTE.format(act), 401 + len(filler)
    in_quote = replace(telling(380, act, *ends, event), sentence=Span(at, at + len(quote)))
    told = [_random_telling(chance, 40 * n, number) for n in range(6)]
    told.append(telling(250, "reject", [GONDOR], [ARNOR], "REJECT", concerns=told[0].action))
    told.append(said_by(ARNOR_KING, in_quote))
    return reading(
        f"paper {number}",
        *told,
        published=f"3019-03-{10 + number % 9}" if number % 11 else None,
        story=f"{filler} {quote}",
        agency="Palantir Press" if number % 5 == 0 else None,
    )


def _random_telling(chance: random.Random, at: int, number: int) -> EventMention:
    action, event = chance.choice(ACTS)
    who, whom = chance.sample(PARTIES, 2)
    if chance.random() < 0.3:
        accused = chance.random() < 0.5
        action, event = ("accuse", "ACCUSE") if accused else ("deny", "REJECT")
    return telling(
        at,
        action,
        [who],
        [whom] if action != "deny" else [],
        event,
        f"3019-03-{10 + number % 9}" if chance.random() < 0.5 else None,
        theme=chance.choice(THEMES),
        modality=chance.choice(["asserted", "asserted", "denied", "planned"]),
    )


# --- reading, whatever dies ---------------------------------------------------------------------


def packed_if_alive(task: Task, doc: Doc) -> Packed:
    """Read an article out, unless it is one of those that kill."""
    path = Path(task[1].path or "")
    if path.stem == "poison":
        os.kill(os.getpid(), signal.SIGKILL)
    if path.stem == "once":
        with suppress(FileExistsError):
            path.with_suffix(".killed").touch(exist_ok=False)
            os.kill(os.getpid(), signal.SIGKILL)
    if path.stem == "raises":
        raise ValueError("no\nmore")
    return packed(task, doc)


@pytest.mark.model
def test_a_worker_killed_changes_nothing_and_poison_fails_alone(
    spark: SparkContext, tmp_path: Path, nlp: Language
) -> None:
    news = tmp_path / "news"
    news.mkdir()
    for name in ("good", "once", "poison", "raises", "well"):
        text = f"Norway rejected the {name} proposal of Sweden on Monday.\n" * 3
        (news / f"{name}.txt").write_text(text, encoding="utf-8")
    engine, inputs = Spark(spark, str(tmp_path / "work")), Inputs()
    articles = list(engine.articles([news], inputs, None))
    tasks = [(f"digest of {article.id}", article) for article in articles]
    assert [article.name for article in articles] == ["good", "once", "poison", "raises", "well"]
    recipe = Recipe(DEFAULT_MODEL, (), packed_if_alive)
    done = [one for batch in engine.read_out(tasks, recipe) for one in batch]
    assert (news / "once.killed").exists()
    failed = {Path(one.where).stem: one.why for one in done if isinstance(one, Failure)}
    assert failed["poison"].startswith("the process that read it died twice")
    assert failed["raises"].startswith("could not be read out (ValueError: no more)")
    alone = Reader(Recipe(DEFAULT_MODEL, (), packed), nlp).read(
        [task for task in tasks if task[1].name not in failed]
    )
    by_id = {one.article_id: one for one in done if isinstance(one, Packed)}
    assert by_id == {one.article_id: one for one in alone if isinstance(one, Packed)}
    assert len(by_id) == 3


# --- the whole of it ----------------------------------------------------------------------------

AGREED = "Iran rejected Turkey's proposal on Monday, the ministry said. Norway bombed Denmark."
DENIED = "Iran denied that it had rejected Turkey's proposal. Norway did not bomb Denmark."
FRENCH = (
    "Le gouvernement a rejeté la proposition de la commission, a dit le ministre hier soir. " * 3
)


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of several kinds of file, of which some are wrong."""
    folder = tmp_path_factory.mktemp("news")
    lines = [
        {"id": "a", "text": AGREED, "date": "2016-05-20", "source": "The Bergen Post"},
        {"id": "b", "text": DENIED, "date": "2016-05-21", "source": "Oslo Times"},
        {"id": "c", "text": FRENCH},
        {"id": "d"},
    ]
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    (folder / "a.jsonl").write_text(text, encoding="utf-8")
    with gzip.open(folder / "b.txt.gz", "wt", encoding="utf-8") as packed_file:
        packed_file.write(f"Chile sanctioned Peru on Friday. {AGREED}\n")
    (folder / "c.txt").write_text(f"{DENIED}\n", encoding="utf-8")
    (folder / "d.txt").write_text(f"{DENIED}\n", encoding="utf-8")  # a copy, read once
    (folder / "e.txt").write_bytes(b"")
    pq.write_table(
        pa.Table.from_pylist([{"text": f"Mali sued Chad. {AGREED}"}]), folder / "f.parquet"
    )
    return folder


@pytest.fixture(scope="module")
def alone(news: Path, tmp_path_factory: pytest.TempPathFactory, nlp: Language) -> Path:
    """What one machine makes of it."""
    out = tmp_path_factory.mktemp("alone") / "out"
    build([news], out, nlp=nlp)
    return out


@pytest.fixture(scope="module")
def shuffled(spark: SparkContext, news: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is made of it by Spark, every step of it; the way there is left beside it."""
    folder = tmp_path_factory.mktemp("shuffled")
    build([news], folder / "out", engine=Spark(spark, str(folder / "work"), few=0))
    return folder / "out"


@pytest.mark.model
def test_the_folder_is_what_one_machine_leaves(
    shuffled: Path, alone: Path, news: Path, spark: SparkContext, nlp: Language
) -> None:
    for name in ("graph.ttl", "graph.trig", "graph.html"):
        assert (shuffled / name).read_bytes() == (alone / name).read_bytes()
    assert quads_of(shuffled) == quads_of(alone)
    report, other = (json.loads((out / "report.json").read_bytes()) for out in (alone, shuffled))
    assert {**other, "outputs": report["outputs"]} == report
    assert (report["held"], len(report["failed"])) == (5, 2)
    # what was read on the cluster is kept, and one machine goes on from there, or the cluster
    assert build([news], shuffled, nlp=nlp).outputs == ()
    assert build([news], shuffled, engine=Spark(spark, str(shuffled / "work"))).outputs == ()


def quads_of(out: Path) -> list[str]:
    with open_store(out / "store", read_only=True) as store:
        return lines_of(store)


def lines_of(store: Store) -> list[str]:
    return sorted(str(quad) for quad in store.quads())


@pytest.mark.model
def test_parts_hold_what_one_machine_leaves(
    shuffled: Path, alone: Path, news: Path, tmp_path: Path
) -> None:
    parts = tmp_path / "parts"
    (parts / "making/quads").mkdir(parents=True)  # as a run leaves it that was killed
    asked = ["build", str(news), "--engine", "spark", "--json", "--partitions"]
    ran = CliRunner().invoke(app, [*asked, str(parts)])
    assert ran.exit_code == 1  # two inputs are no articles
    told = json.loads(ran.stdout)
    assert (told["articles"], len(told["failed"])) == (5, 2)
    assert sorted(path.name for path in parts.iterdir()) == ["events", "quads"]
    whole = [gzip.decompress(part.read_bytes()) for part in sorted(parts.glob("quads/*/part-*"))]
    assert sum(part.count(b"\n") for part in whole) == len(quads_of(alone))  # each once
    with open_store(None) as store:  # which writes numbers as the other one does
        store.load(parse(b"".join(whole), RdfFormat.N_QUADS))
        assert lines_of(store) == quads_of(alone)
        events = from_quads(store.quads()).events
    # the table tells the same events
    table = pq.read_table(parts / "events").to_pylist()
    known = [{column.name: column.of(event) for column in COLUMNS} for event in events]
    assert sorted(table, key=itemgetter("event")) == sorted(known, key=itemgetter("event"))
    assert len(table) == told["events"]
    (rejected,) = {(*row["actors"], row["action"], *row["targets"], *row["actor_countries"])
                   for row in table if row["type"] == "REJECT" and not row["negated"]}  # fmt: skip
    assert rejected == ("Iran", "reject", "Turkey", "IRN")
    # who comes there again is told so; elsewhere the same parts are made, byte for byte
    again = CliRunner().invoke(app, [*asked, str(parts)])
    assert isinstance(again.exception, UsageError)
    assert "holds parts already" in str(again.exception)
    assert parts_in(parts / "quads") == parts_in(shuffled.parent / "work/making/quads")


def parts_in(quads: Path) -> dict[Path, bytes]:
    return {part.relative_to(quads): part.read_bytes() for part in quads.glob("*/part-*")}


# --- where there is none ------------------------------------------------------------------------


def test_without_the_extra_one_line_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    ran = CliRunner().invoke(app, ["build", "x", "--engine", "spark", "--out", str(tmp_path)])
    assert str(ran.exception) == "--engine spark needs Apache Spark: pip install 'newskg[spark]'"


@pytest.mark.parametrize("options", [["--engine", "dask"], ["--master", "local"]])
def test_options_that_go_together(options: list[str], tmp_path: Path) -> None:
    ran = CliRunner().invoke(app, ["build", "x", "--out", str(tmp_path), *options])
    assert str(ran.exception).startswith("--engine is pool or spark")


@pytest.mark.parametrize(
    ("master", "told"),
    [
        ("foo", "is no address of Spark; take local[N], spark://HOST:PORT, yarn or k8s://"),
        ("spark://head", "is no address of Spark"),
        ("local[two]", "is no address of Spark"),
        ("spark://127.0.0.1:1", "nobody answers there ([Errno 111] Connection refused)"),
        ("k8s://https://127.0.0.1:1", "nobody answers there"),
        ("spark://127.0.0.1:1,127.0.0.1:70000", "nobody answers there"),
    ],
)
def test_a_master_that_is_none_is_told_at_once(master: str, told: str) -> None:
    with pytest.raises(UsageError) as raised:
        check_master(master)
    assert f"--master {master}: {told}" in str(raised.value)


def test_a_master_that_answers_is_let_pass() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        check_master(f"spark://127.0.0.1:1,127.0.0.1:{server.getsockname()[1]}")
    for master in ("local", "local[*]", "local[2,4]", "local-cluster[2,1,1024]", "yarn"):
        check_master(master)


def test_java_that_is_missing_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(UsageError, match="needs Java 17: install a JRE, or set JAVA_HOME"):
        check_java()
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(UsageError, match=r"JAVA_HOME=.* has no bin/java"):
        check_java()


def test_the_master_of_the_configuration(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    assert configured_master() is None
    (tmp_path / "spark-defaults.conf").write_text(
        "# spark.master yarn\nspark.master  spark://h:1\n"
    )
    assert configured_master() == "spark://h:1"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("kg.errors.ModelError: no model is here\n\tat java", "no model is here"),
        ("x\nModuleNotFoundError: No module named 'kg'", "a machine of the cluster has no kg"),
        ("java.io.IOException: No space left on device", "a disk is full"),
        ("x.IOException: Mkdirs failed to create file:/x", "what is on its way and the parts"),
        ("x: Cannot call methods on a stopped SparkContext.", "the master has let this program go"),
        (": java.lang.IllegalStateException: no\n\tat x.Error", "Spark gave up (java.lang.Illegal"),
        ("", "Spark gave up ()"),
    ],
)
def test_what_spark_says_becomes_a_line(said: str, told: str) -> None:
    with pytest.raises(KGError) as raised, told_in_one_line():
        raise ConnectionError(said)
    assert str(raised.value).startswith(told)
    assert "\n" not in str(raised.value)
