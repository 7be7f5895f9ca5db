"""The estimate at each search is the model of all that had been found by then."""

from __future__ import annotations

import pytest

from coppice.explore.analysis import explore_analysis
from coppice.explore.resampling.history import history_rows
from coppice.pool.profiles import settings
from coppice.pool.results import pool

EFFECTS = [
    {"study": name, "label": name, "yi": yi, "vi": vi}
    for name, yi, vi in (("A", -0.8, 0.08), ("B", -0.3, 0.02), ("C", -0.5, 0.05), ("D", 0.1, 0.11))
]
SEARCHES = [
    {"searched": "2019-01-31", "added": []},
    {"searched": "2021-06-30", "added": ["B"]},
    {"searched": "2023-06-30", "added": ["D", "A"]},
    {"searched": "2024-06-30", "added": []},
    {"searched": "2025-06-30", "added": ["C"]},
]


def test_each_row_is_the_model_of_what_had_been_found():
    rows = history_rows(EFFECTS, SEARCHES, settings())
    assert [row["k"] for row in rows] == [0, 1, 3, 3, 4]
    assert [row["added"] for row in rows] == [[], ["B"], ["A", "D"], [], ["C"]]
    for row, count in zip(rows[2:], (3, 3, 4), strict=True):
        found = [effect for effect in EFFECTS if effect["study"] != "C" or count == 4]
        expected = pool([item["yi"] for item in found], [item["vi"] for item in found], inference="HKSJ").random
        assert row["estimate"] == pytest.approx(expected["estimate"], abs=1e-12)
        assert row["ci_low"] == pytest.approx(expected["ci_low"], abs=1e-10)


def test_before_the_first_effect_there_is_no_estimate():
    first, second, *_ = history_rows(EFFECTS, SEARCHES, settings())
    assert first["estimate"] is None
    assert (first["label"], second["label"]) == ("2019-01-31, 0 effects", "2021-06-30, 1 effect")
    assert second["estimate"] == -0.3
    assert first["inference"] is None
    # an analysis of one study has the study's own interval: no rule of several studies is made for it
    assert (second["inference"], second["ci_low"]) == ("wald", pytest.approx(pool([-0.3], [0.02]).random["ci_low"]))


def test_a_review_without_a_history_says_so():
    fitted = pool([item["yi"] for item in EFFECTS], [item["vi"] for item in EFFECTS])
    pooled = {
        "measure": "GEN", "level": 0.95, "k": 4, "random": fitted.random, "settings": {"tau2": "REML"}, "reasons": {},
        "heterogeneity": fitted.heterogeneity, "excluded": [],
        "effects": [item | {"population": item["study"]} for item in EFFECTS],
    }  # fmt: skip
    off = {"gosh": False, "small_study": False, "influence": False, "what_if": False}
    assert "has no `history`" in explore_analysis({"analysis": "x", "explore": off}, pooled)["history"]["skipped"]
    told = explore_analysis({"analysis": "x", "explore": off | {"history": {"searches": SEARCHES}}}, pooled)["history"]
    assert told[-1]["estimate"] == pytest.approx(fitted.random["estimate"], abs=1e-12)
