"""The robustness strip: a row for each other estimate that the results hold, and none without another one."""

from __future__ import annotations

import pytest
from tests.unit.draw.fixtures import bcg, resampled
from tests.unit.draw.rendered import assert_clean, printed

from coppice.draw.figures.robustness import draw_robustness
from coppice.draw.registry import FIGURES

SKIPPED = {"skipped": "at least 3 effects are needed"}
HKSJ = {"estimate": -0.71, "ci_low": -1.11, "ci_high": -0.32, "inference": "HKSJ"}


def with_alternatives(**more):
    result = bcg()
    result["random"]["inference"] = "wald"
    return result | {"alternatives": {"wald": result["random"], "HKSJ": HKSJ}} | more


def multiverse(measure, number=24):
    spread = {"range": {measure: {"low": -0.9, "high": -0.4}}, "by_measure": {measure: {"specifications": number}}}
    return {"summary": spread}


FILLED = {"L0": {"missing": 1, "estimate": -0.6, "ci_low": -1.0, "ci_high": -0.2}, "R0": SKIPPED, "Q0": SKIPPED}


def labels(figure):
    return [text for text in printed(figure) if text[:1].isalpha()]


def test_every_other_estimate_that_the_results_hold_has_a_row():
    result = with_alternatives()
    explored = {
        "leave_one_out": resampled(result),
        "multiverse": multiverse(result["measure"]),
        "small_study": {"trim_and_fill": FILLED, "pet_peese": SKIPPED},
    }
    figure = draw_robustness(result, explored, title="BCG", favours=["left", "right"])
    assert_clean(figure)
    texts = printed(figure)
    for label in (
        "Main analysis (DL, Wald)",
        "Common effect",
        "With HKSJ interval",
        "Leave-one-out, range of estimates",
        "Multiverse, range of 24 estimates",
        "Trim and fill, 1 study added",
    ):
        assert label in texts
    assert not any("PET" in text for text in texts)
    assert texts.count("0.41") == 1  # exp(-0.9), the lowest of the multiverse


def test_the_interval_of_the_main_analysis_has_no_second_row():
    assert "With Wald interval" not in printed(draw_robustness(with_alternatives(), {}))


def test_a_multiverse_of_one_specification_has_no_range():
    figure = draw_robustness(with_alternatives(), {"multiverse": multiverse("RR", number=1)})
    assert not any("Multiverse" in text for text in printed(figure))


def test_an_adjusted_estimate_beyond_every_study_has_its_caution_in_place_of_a_mark():
    caution = "The adjusted mean is below the smallest effect of any study: it is extrapolated and unreliable."
    adjusted = {"chosen": "PET", "estimate": -9.0, "ci_low": -12.0, "ci_high": -6.0, "caution": caution}
    figure = draw_robustness(with_alternatives(), {"small_study": {"pet_peese": adjusted}})
    assert_clean(figure)
    assert f"PET-PEESE (PET) has no mark: {caution}" in " ".join(printed(figure))
    assert "0.0001" in printed(figure)


def test_the_rows_are_those_that_the_configuration_names():
    figure = draw_robustness(with_alternatives(), {}, rows=["interval"])
    assert "With HKSJ interval" in printed(figure)
    assert "Common effect" not in printed(figure)


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (with_alternatives(alternatives=None, common=None), "the results hold no other estimate than the main one"),
        (with_alternatives(random=None, reasons={"random": "there is one study"}), "there is one study"),
        ({}, "there is no overall estimate"),
    ],
)
def test_a_main_estimate_without_another_one_has_no_strip(result, reason):
    assert FIGURES["robustness"].need({"pool": result, "explore": {}}) == reason
