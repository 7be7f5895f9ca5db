"""Leave-one-out and cumulative plots, on the forest plot's engine."""

from __future__ import annotations

import math

from tests.unit.draw.fixtures import bcg, resampled
from tests.unit.draw.rendered import assert_clean, printed

from coppice.core.number_style import number
from coppice.draw.registry import FIGURES

draw_leave_one_out, draw_cumulative, draw_history = (
    FIGURES[name].load() for name in ("leave_one_out", "cumulative", "history")
)


def test_each_row_prints_the_estimate_without_its_study():
    result = bcg()
    rows = resampled(result)
    figure = draw_leave_one_out(result, {"leave_one_out": rows}, title="BCG", favours=["left", "right"])
    assert_clean(figure)
    texts = printed(figure)
    for row in rows:
        at = texts.index(f"Without {row['label']}")
        assert texts[at + 1] == number(math.exp(row["estimate"]))
    assert "All studies" in texts
    assert "Each row is a random-effects model (DL, Wald) with τ² re-estimated." in texts


def test_rows_with_different_inference_name_it_in_a_column_of_their_own():
    result = bcg()
    rows = resampled(result)
    rows[0]["inference"] = "HKSJ"
    figure = draw_leave_one_out(result, {"leave_one_out": rows})
    assert_clean(figure)
    texts = printed(figure)
    assert (
        "CI by" in texts and texts.count("HKSJ") == 1 and texts.count("Wald") == len(rows)
    )  # the total is one of them
    assert any("Its interval is by the method that an analysis of its effects has: HKSJ in 1" in text for text in texts)
    assert "CI by" not in printed(draw_leave_one_out(result, {"leave_one_out": resampled(result)}))


def test_rows_that_were_skipped_say_why():
    figure = draw_leave_one_out(bcg(), {"leave_one_out": {"skipped": "it needs 3 effects"}})
    assert "Not drawn: it needs 3 effects." in printed(figure)


def test_a_cumulative_row_without_an_interval_is_still_drawn():
    result = bcg()
    rows = resampled(result)
    rows[0].update(se=None, ci_low=None, ci_high=None, p=None, tau2=None, I2=None)
    figure = draw_cumulative(result, {"cumulative": rows})
    assert_clean(figure)
    assert f"+ {rows[0]['label']}" in printed(figure)
    assert "No interval: the model has none for a single study." in printed(figure)


def test_each_search_counts_studies_and_effects_where_a_study_gives_several():
    result = bcg()
    row = {**resampled(result)[0], "searched": "1965-12-31", "label": "1965-12-31, 5 effects", "k": 5}
    assert "1965-12-31, 5 studies" in printed(draw_history(result, {"history": [row]}))
    result["effects"][1]["study"] = result["effects"][0]["study"]
    assert "1965-12-31, 5 effects" in printed(draw_history(result, {"history": [row]}))


def test_no_test_is_shown_for_a_measure_without_a_value_of_no_effect():
    result = bcg() | {"measure": "PLN"}
    assert "p" not in printed(draw_leave_one_out(result, {"leave_one_out": resampled(result)}))
