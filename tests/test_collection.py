"""What a folder holds: updates equal fresh builds, whatever dies, whoever else writes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad

from kg.collection import Collection, Made, from_json, to_json
from kg.collection.plan import lineage
from kg.errors import StoreError
from kg.model import Reading
from kg.rdf import Names
from kg.store import open_store
from tests.endpoint import running_server
from tests.news_sample import sample_news
from tests.properties.test_merge_laws import tellings
from tests.shelves import (
    MADE,
    at,
    fresh_quads,
    hold,
    lines,
    made_elsewhere,
    of_readings,
    packed,
    stored_quads,
    take_out,
)
from tests.tellings import ARNOR, GONDOR, ROHAN, reading, telling

WAR = reading("war", telling(10, "bomb", [ARNOR], [GONDOR]))
AGAIN = reading("again", telling(50, "bomb", [ARNOR], [GONDOR]))
TALKS = reading("talks", telling(20, "propose", [ROHAN], [ARNOR], "AGREE"))
NEWER = reading("newer", telling(20, "reject", [ROHAN], [ARNOR], "REJECT"))


# --- records as JSON ------------------------------------------------------------------------------


def test_readings_come_back_from_json_as_they_were() -> None:
    for one in (*sample_news().readings, WAR):
        back = from_json(Reading, to_json(one))
        assert back == one
        assert [e.frame for e in back.events] == [e.frame for e in one.events]
        assert to_json(back) == to_json(one)


@given(st.lists(tellings(), max_size=3, unique_by=lambda t: (t.trigger, t.action)))
@settings(max_examples=30)
def test_any_reading_comes_back_from_json(told: list) -> None:  # type: ignore[type-arg]
    one = reading("one", *told)
    assert from_json(Reading, to_json(one)) == one


def test_rubbish_is_no_reading() -> None:
    for line in ("", "[]", "7", '{"article":{}}', '{"nonsense":1}'):
        with pytest.raises(StoreError, match="isn't a Reading"):
            from_json(Reading, line)


# --- updates --------------------------------------------------------------------------------------


def test_adding_changing_moving_and_removing_are_told_apart(tmp_path: Path) -> None:
    war, talks = at("a/war.txt", WAR), at("a/talks.txt", TALKS)
    assert hold(tmp_path, [war, talks]).added == tuple(sorted((war.article.id, talks.article.id)))
    assert hold(tmp_path, [war, talks]).nothing
    changed = hold(tmp_path, [at("a/talks.txt", NEWER)])
    assert changed.revised == ((NEWER.article.id, TALKS.article.id),)
    assert (changed.added, changed.removed) == ((), ())
    moved = hold(tmp_path, [at("b/war.txt", WAR)])
    assert (moved.again, moved.added, moved.removed) == ((WAR.article.id,), (), ())
    assert take_out(tmp_path, "b/war.txt").removed == (WAR.article.id,)
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads([at("a/talks.txt", NEWER)]))


def test_the_store_says_which_article_took_which_ones_place(tmp_path: Path) -> None:
    hold(tmp_path, [at("talks.txt", TALKS), at("war.txt", WAR)])
    hold(tmp_path, [at("talks.txt", NEWER)])
    ask = "SELECT ?new ?old { ?new <http://www.w3.org/ns/prov#wasRevisionOf> ?old }"
    with open_store(tmp_path / "store", read_only=True) as store:
        found = [(row["new"], row["old"]) for row in store.query(ask)]  # type: ignore[union-attr]
        names = Names()
        assert found == [(names.article(NEWER.article.id), names.article(TALKS.article.id))]
        assert names.article_graph(TALKS.article.id) not in store.graphs()
    take_out(tmp_path, "talks.txt")
    with open_store(tmp_path / "store", read_only=True) as store:
        assert list(store.query(ask)) == []  # type: ignore[arg-type]


def test_a_text_that_comes_back_as_it_was_revises_nothing() -> None:
    once = lineage({}, {"b": "a"}, {"b"})
    assert lineage(once, {"a": "b"}, {"a"}) == {}
    assert lineage({"b": "a", "c": "b"}, {"d": "c"}, {"d"}) == {"b": "a", "c": "b", "d": "c"}


def test_a_copy_stands_in_when_the_first_is_removed(tmp_path: Path) -> None:
    hold(tmp_path, [at("a.txt", WAR), at("b.txt", WAR), at("c.txt", TALKS)])
    take_out(tmp_path, "a.txt")
    left = [at("b.txt", WAR), at("c.txt", TALKS)]
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads(left))


def test_lines_that_left_a_file_are_gone_but_not_those_that_broke(tmp_path: Path) -> None:
    def line(number: int, one: Reading) -> Reading:
        article = replace(one.article, path="news.jsonl", record=number, name=f"n{number}")
        return replace(one, article=article)

    hold(tmp_path, [line(0, WAR), line(1, TALKS), line(2, AGAIN)])
    hold(tmp_path, [line(0, WAR)], failed=[("news.jsonl", 2)])
    left = [line(0, WAR), line(2, AGAIN)]
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads(left))
    take_out(tmp_path, "n0")
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads(left[1:]))


def test_another_edition_reads_everything_anew(tmp_path: Path) -> None:
    hold(tmp_path, [at("a.txt", WAR), at("b.txt", TALKS)])
    later = Made(edition="e2", model="m2")
    with Collection(tmp_path) as collection:
        plan = collection.plan_with({}, later, frozenset())
        waiting = collection.unread(plan)
        assert {place.path for place in waiting} == {"a.txt", "b.txt"}
        collection.keep(packed([at("a.txt", WAR), at("b.txt", TALKS)], later))
        assert set(collection.change(plan, later, None).again) == {WAR.article.id, TALKS.article.id}
    left = [at("a.txt", WAR), at("b.txt", TALKS)]
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads(left, model="m2"))


def test_what_was_read_before_a_run_died_is_not_read_again(tmp_path: Path) -> None:
    both = [at("a.txt", WAR).article, at("b.txt", TALKS).article]
    with Collection(tmp_path) as collection:
        collection.take_in(both, MADE)
        collection.keep(packed([at("a.txt", WAR)]))
    with Collection(tmp_path) as collection:
        plan = collection.plan_exactly(collection.take_in(both, MADE), MADE)
        assert [place.path for place in collection.unread(plan)] == ["b.txt"]


PATHS = ("a.txt", "b.txt", "c.txt")


@st.composite
def shelves(draw: st.DrawFn) -> tuple[list[Reading], list[tuple[str, str, int]]]:
    """Some texts, and what is done with them: (path, "write" or "remove", number of the text)."""
    published = st.sampled_from([None, "3019-03-14", "3019-03-16", "3019-03-30"])
    told = st.lists(tellings(), max_size=3, unique_by=lambda t: (t.trigger, t.action))
    texts = [reading(f"text {n}", *draw(told), published=draw(published)) for n in range(4)]
    step = st.tuples(
        st.sampled_from(PATHS), st.sampled_from(["write", "write", "remove"]), st.integers(0, 3)
    )
    return texts, draw(st.lists(step, min_size=1, max_size=6))


@given(shelves())
@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_any_order_of_adding_changing_and_removing_equals_a_fresh_build(
    tmp_path_factory: pytest.TempPathFactory,
    drawn: tuple[list[Reading], list[tuple[str, str, int]]],
) -> None:
    texts, steps = drawn
    folder = tmp_path_factory.mktemp("out")
    there: dict[str, Reading] = {}
    for path, what, number in steps:
        if what == "write":
            there[path] = at(path, texts[number])
            hold(folder, [*there.values()])
        elif path in there:
            del there[path]
            take_out(folder, path)
    if there:
        hold(folder, there.values(), only=True)  # a text whose file is gone has moved
        least = {one.article.id: one for one in sorted(there.values(), key=_path, reverse=True)}
        assert lines(stored_quads(folder)) == lines(fresh_quads(least.values()))


def _path(one: Reading) -> str:
    return one.article.path or ""


# --- whatever dies --------------------------------------------------------------------------------


def test_a_writer_killed_anywhere_leaves_whole_articles_and_is_completed(tmp_path: Path) -> None:
    memory = Path("/dev/shm")
    place = memory if memory.is_dir() and os.access(memory, os.W_OK) else tmp_path
    folder = place / f"kg-crash-{os.getpid()}"
    command = [sys.executable, "-m", "tests.crash", str(folder), "30", "6"]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    finally:
        for left in place.glob(f"{folder.name}*"):
            shutil.rmtree(left)
    assert (ended.stdout, ended.returncode) == ("", 0), ended.stderr


def test_a_second_writer_is_told_and_the_first_goes_on(tmp_path: Path) -> None:
    with Collection(tmp_path) as first:
        with pytest.raises(StoreError, match="another kg is writing here") as caught:
            Collection(tmp_path)
        assert "\n" not in str(caught.value)
        plan = first.plan_exactly(first.take_in([at("a.txt", WAR).article], MADE), MADE)
        first.keep(packed([at("a.txt", WAR)]))
        assert first.change(plan, MADE, None).added == (WAR.article.id,)
    Collection(tmp_path).close()


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    """A limit on the size of files stands for the disk's end."""
    hold(tmp_path, [at("a.txt", WAR)])
    before = stored_quads(tmp_path)
    script = """
import resource, sys
from pathlib import Path
from kg.errors import StoreError
from tests.shelves import at, hold
from tests.tellings import ARNOR, reading, telling
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
many = [
    at(f"{n}.txt", reading(f"t{n}", *(telling(i * 10, "bomb", [ARNOR]) for i in range(30))))
    for n in range(40)
]
try:
    hold(Path(sys.argv[1]), many, only=True)
except StoreError as error:
    print(error)
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.stderr == ""
    assert len(ended.stdout.splitlines()) == 1
    assert str(tmp_path) in ended.stdout
    assert stored_quads(tmp_path) == before
    hold(tmp_path, [at("a.txt", WAR), at("b.txt", TALKS)])
    left = [at("a.txt", WAR), at("b.txt", TALKS)]
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads(left))


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in (tmp_path / "file" / "out", Path("/proc/kg")):
        with pytest.raises(StoreError, match="can't be written") as caught:
            Collection(folder)
        assert "\n" not in str(caught.value)


def test_a_damaged_or_foreign_archive_is_told(tmp_path: Path) -> None:
    archive = tmp_path / "readings.sqlite"
    archive.write_bytes(b"no database, but long enough to be looked at" * 20)
    with pytest.raises(StoreError, match="damaged"):
        Collection(tmp_path)
    archive.unlink()
    hold(tmp_path, [at("a.txt", WAR)])
    with sqlite3.connect(archive) as file:
        file.execute("UPDATE meta SET value = '99' WHERE key = 'form'")
    file.close()
    with pytest.raises(StoreError, match="form 99"):
        Collection(tmp_path)


def test_a_store_that_is_gone_is_made_again(tmp_path: Path) -> None:
    hold(tmp_path, [at("a.txt", WAR)])
    shutil.rmtree(tmp_path / "store")
    assert hold(tmp_path, [at("a.txt", WAR)]).written == ("store",)
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads([at("a.txt", WAR)]))


def test_a_reader_finishes_a_change_that_was_cut_between_two_renames(tmp_path: Path) -> None:
    hold(tmp_path, [at("a.txt", WAR)])
    store = tmp_path / "store"
    shutil.copytree(store, tmp_path / "store.old")
    store.rename(tmp_path / "store.new")
    with open_store(store, read_only=True) as opened:
        assert len(opened)
    assert store.exists()


# --- quads that another engine made ---------------------------------------------------------------


def test_quads_made_elsewhere_take_the_place_of_all_that_was(tmp_path: Path) -> None:
    hold(tmp_path, [at("a.txt", WAR), at("b.txt", TALKS)])
    hold(tmp_path, [at("b.txt", NEWER), at("c.txt", AGAIN)], make_quads=made_elsewhere)
    left = [at("a.txt", WAR), at("b.txt", NEWER), at("c.txt", AGAIN)]
    assert lines(stored_quads(tmp_path)) == lines(fresh_quads(left))


def test_quads_made_elsewhere_go_to_an_endpoint_too(tmp_path: Path) -> None:
    with running_server() as address:
        made = replace(MADE, store=address)
        hold(tmp_path, [at("a.txt", WAR), at("b.txt", TALKS)], made=made)
        with open_store(address) as store:
            others = NamedNode("urn:others")
            store.load([Quad(others, others, others, others)])
        hold(tmp_path, [at("a.txt", WAR)], only=True, made=made, make_quads=made_elsewhere)
        with open_store(address, read_only=True) as store:
            assert others in store.graphs()  # what isn't ours stays
            own = (quad for quad in of_readings(store) if quad.graph_name != others)
            assert lines(own) == lines(fresh_quads([at("a.txt", WAR)]))


# --- an endpoint in place of the folder's store ---------------------------------------------------


def test_an_endpoint_holds_the_same_and_is_made_whole_after_a_cut(tmp_path: Path) -> None:
    with running_server() as address:
        made = replace(MADE, store=address)
        hold(tmp_path, [at("a.txt", WAR), at("b.txt", TALKS), at("c.txt", AGAIN)], made=made)
        hold(tmp_path, [at("b.txt", NEWER)], made=made)
        left = [at("a.txt", WAR), at("b.txt", NEWER), at("c.txt", AGAIN)]
        with open_store(address) as store:
            assert not (tmp_path / "store").exists()
            assert lines(of_readings(store)) == lines(fresh_quads(left))
            store.remove_graph(Names().canonical_graph)
        archive = sqlite3.connect(tmp_path / "readings.sqlite", isolation_level=None)
        archive.execute("INSERT INTO meta VALUES ('pushing', 'yes')")
        archive.close()
        hold(tmp_path, [], made=made)
        with open_store(address, read_only=True) as store:
            assert lines(of_readings(store)) == lines(fresh_quads(left))
