"""Lines and blocks sorted on disk: none lost, whatever the size of a run."""

from hypothesis import given
from hypothesis import strategies as st

from kg.rdf import Blocks, to_quads, write_trig, write_turtle
from kg.rdf.sorting import sorted_lines
from tests.news_sample import sample_news


@given(st.lists(st.text("abc", max_size=3)), st.integers(1, 5))
def test_runs_on_disk_hold_what_one_in_memory_does(lines, in_memory):
    assert list(sorted_lines(lines, in_memory)) == sorted(set(lines))


def test_one_pass_through_the_disk_writes_what_two_do(tmp_path):
    quads = list(to_quads(sample_news()))
    write_turtle(quads, tmp_path / "one.ttl")
    write_trig(quads, tmp_path / "one.trig")
    blocks = Blocks(tmp_path, in_memory=500)
    assert list(blocks.passing(quads[::-1])) == quads[::-1]
    blocks.write_turtle(tmp_path / "both.ttl", tmp_path / "both.trig")
    for ending in (".ttl", ".trig"):
        whole, passed = (tmp_path / f"{name}{ending}" for name in ("one", "both"))
        assert whole.read_bytes() == passed.read_bytes()
