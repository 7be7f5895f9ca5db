"""A result that another program stored is compared with that of a run, and a difference is explained."""

from __future__ import annotations

import math
from typing import Any

import pytest

from coppice.core.printed_number import PrintedNumber
from coppice.core.stored_result import compare, is_same
from coppice.pool.analysis import pool_analysis


def pool(**model: Any) -> dict[str, Any]:
    """Return a pooled risk ratio of three studies in two subgroups."""
    effects = {"A": (-0.2, 0.04, "x"), "B": (0.1, 0.09, "x"), "C": (-0.5, 0.02, "y")}
    spec = {
        "analysis": "os", "outcome": "os", "measure": "RR", "effect": "RR", "model": {"profile": "revman5", **model}, "subgroups": "g",
        "studies": [{"study": name, "label": name, "year": 2000, "values": {"g": group}} for name, (_, _, group) in effects.items()],
        "excluded": [],
    }  # fmt: skip
    extracts = [
        {
            "study": name, "outcome": "os",
            "measures": {"RR": {"candidates": [{"yi": yi, "vi": vi, "route": "effect", "rank": 1, "population": name, "source": {}, "figure": 0, "reported": {}, "statistic": "effect", "notes": [], "assumptions": [], "report": "r", "use": None, "label": None}], "chosen": [0], "why": ""}},
        }
        for name, (yi, vi, _) in effects.items()
    ]  # fmt: skip
    return dict(pool_analysis(spec, extracts))


@pytest.mark.parametrize(
    ("stored", "computed", "same"),
    [
        (PrintedNumber("0.40"), 0.404, True),
        (PrintedNumber("0.40"), 0.406, False),
        (0.84, 0.8449, True),
        (0.8412345678, 0.84123456, True),
        (0.8412345678, 0.841236, False),
        (7, 7.0, True),
        (7, 7.1, False),
        (0, 1e-12, True),
        (0, 0.001, False),
        (0.84, None, False),
    ],
)
def test_a_value_is_the_same_to_a_millionth_or_half_its_last_digit(
    stored: float, computed: float | None, same: bool
) -> None:
    assert is_same(stored, computed) is same


def test_the_sentence_says_that_it_is_the_same() -> None:
    result = pool()
    shown = result["display"]["random"]
    stored = {"by": "RevMan 5", "estimate": shown["estimate"], "ci": [shown["ci_low"], shown["ci_high"]], "k": 3}
    comparison = compare(stored, result)
    assert comparison.agrees
    assert comparison.sentence.startswith("RevMan 5 printed 0.")
    assert comparison.sentence.endswith("; this run gives the same.")


def test_a_difference_is_shown_with_as_many_digits_as_it_needs_and_with_its_reason() -> None:
    result = pool(level=0.9)
    shown = result["display"]["random"]
    half = 1.959963984540054 * result["random"]["se"]
    limits = [math.exp(result["random"]["estimate"] + sign * half) for sign in (-1, 1)]
    stored = {"by": "RevMan 5", "level": 0.95, "estimate": shown["estimate"], "ci": limits, "tau2": 0.5}
    comparison = compare(stored, result)
    assert not comparison.agrees
    assert "(its intervals have 95%, those of this run 90%)" in comparison.sentence
    assert "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO} 0.5 there, " in comparison.sentence


def test_subtotals_are_compared_and_one_of_a_single_study_with_its_effect() -> None:
    subgroups = {"y": {"estimate": math.exp(-0.5), "k": 1, "Q": 0}, "z": {"estimate": 0.5}}
    stored = {"by": "RevMan 5", "subgroups": {"y": subgroups["y"]}}
    assert compare(stored, pool()).sentence.endswith(" in y; this run gives the same.")
    other = compare({"by": "RevMan 5", "subgroups": {"z": subgroups["z"]}}, pool())
    assert not other.agrees
    assert "in z; this run gives no estimate" in other.sentence
