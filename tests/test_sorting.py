"""Lines sorted on disk: none lost, whatever the size of a run."""

from hypothesis import given
from hypothesis import strategies as st

from kg.rdf.sorting import sorted_lines


@given(st.lists(st.text("abc", max_size=3)), st.integers(1, 5))
def test_runs_on_disk_hold_what_one_in_memory_does(lines, in_memory):
    assert list(sorted_lines(lines, in_memory)) == sorted(set(lines))
