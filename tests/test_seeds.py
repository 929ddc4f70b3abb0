"""The two articles in `seeds/`, read by the default model, to the last quad."""

from __future__ import annotations

from difflib import unified_diff

import pytest
from spacy.language import Language

from tests.golden import GOLDEN, SEEDS, seed_lines

pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def lines(nlp: Language) -> list[str]:
    return seed_lines(nlp)


def test_the_seeds_give_the_golden_graph(lines: list[str]) -> None:
    golden = GOLDEN.read_text(encoding="utf-8").splitlines()
    changed = list(unified_diff(golden, lines, "seeds.nq", "now", n=0, lineterm=""))
    assert not changed, "see `python -m tests.golden`:\n" + "\n".join(changed[:40])


def test_a_second_reading_gives_the_same_graph(lines: list[str], nlp: Language) -> None:
    assert seed_lines(nlp) == lines


def test_the_golden_graph_tells_nothing_of_this_machine(lines: list[str]) -> None:
    here = str(SEEDS.parent)
    assert not [line for line in lines if here in line]


def test_the_golden_graph_has_no_blank_nodes(lines: list[str]) -> None:
    assert not [line for line in lines if line.startswith("_:") or " _:" in line.split('"')[0]]
