"""Figures: what a numeral with its hedge can mean, and which two can't both be right."""

from __future__ import annotations

from math import inf

import pytest

from kg.quantities import figures_differ, find_figures

FIGURES = [
    ("more than 270,000 people", 270_000, 337_500, "people"),
    ("at least 12 soldiers", 12, inf, "soldier"),
    ("up to 40 homes", 0, 40, "home"),
    ("two dozen rebels", 24, 24, "rebel"),
    ("twenty-three men", 23, 23, "man"),
    ("a dozen people", 12, 12, "people"),
    ("12 dead", 12, 12, "people"),
    ("hundreds of fighters", 200, 1000, "fighter"),
    ("between 10 and 20 police officers", 10, 20, "officer"),
    ("10-15 tanks", 10, 15, "tank"),
    ("1,000 to 2,000 refugees", 1000, 2000, "refugee"),
    ("270,000 people", 265_000, 275_000, "people"),
    ("271 people", 271, 271, "people"),
    ("$4.5 billion", 4.5e9 - 5e7, 4.5e9 + 5e7, "dollar"),
    ("3.5 percent", 3.5, 3.5, "percent"),
]


@pytest.mark.parametrize(("text", "low", "high", "unit"), FIGURES, ids=[f[0] for f in FIGURES])
def test_a_figure_is_a_range_of_a_unit(text: str, low: float, high: float, unit: str) -> None:
    (figure,) = find_figures(f"There were {text}.")
    assert (figure.low, figure.high, figure.unit) == (low, high, unit)
    assert figure.text == text


@pytest.mark.parametrize(
    "text",
    ["on May 25, 2016,", "the 81st annual fair", "a 12-year-old boy", "Route 94", "half of them",
     "one of those", "a 3-2 vote", "B52s", ""],
)  # fmt: skip
def test_what_counts_nothing_is_no_figure(text: str) -> None:
    assert list(find_figures(text)) == []


def test_a_figure_stands_in_its_text_at_its_offset() -> None:
    (figure,) = find_figures("It sank three ships.", 100)
    assert (figure.span.start, figure.span.end) == (108, 119)


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("more than 270,000 people", "over 400,000 people", True),
        ("at least 12 people", "15 people", False),
        ("at least 12 people", "ten people", True),
        ("about 100 people", "110 people", False),
        ("270,000 people", "271,300 people", False),
        ("12 people", "15 soldiers", False),
        ("dozens of people", "30 people", False),
        ("up to 40 people", "50 people", True),
    ],
)
def test_figures_differ_only_if_no_hedge_reconciles_them(
    one: str, other: str, differ: bool
) -> None:
    left, right = find_figures(f"{one}; {other}")
    assert figures_differ(left, right) is figures_differ(right, left) is differ


def test_a_long_line_of_digits_is_read_in_linear_time() -> None:
    assert list(find_figures("1," * 50_000 + "1 " * 50_000)) == []
