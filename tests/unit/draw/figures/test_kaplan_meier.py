"""Reconstructed Kaplan-Meier curves: drawn from what the extract holds, with nothing computed."""

from __future__ import annotations

import json
from bisect import bisect_right
from pathlib import Path

from tests.unit.draw.rendered import assert_clean, printed

from coppice.draw.figures.kaplan_meier import draw_kaplan_meier, falls
from coppice.extract.outcome import extract_outcome

TRIALS = json.loads((Path(__file__).parents[3] / "reference" / "survival.json").read_text("utf-8"))["trials"]
NAMES = ("survival_e", "survival_c", "at_risk_times", "at_risk_e", "at_risk_c")
ARMS = {"experimental": "Blinatumomab with chemotherapy", "control": "Chemotherapy"}


def extract(study, *trials, **changed):
    figures = [
        {"statistic": "km_curve", "unit": "months", "times": trial["grid"], **{name: trial[name] for name in NAMES}}
        | changed
        for trial in trials
    ]
    return {"label": f"Trial {study}"} | extract_outcome(
        {
            "study": study,
            "outcome": "os",
            "population": study,
            "reported": figures,
            "measures": {},
        }
    )


def lines(figure):
    return [item for item in figure.get_children() if item.get_gid() == "curve"]


def test_each_curve_has_a_panel_with_both_arms_and_the_printed_numbers_at_risk():
    figure = draw_kaplan_meier([extract(name, TRIALS[name]) for name in TRIALS], title="Survival", arms=ARMS)
    assert_clean(figure)
    texts = printed(figure)
    assert len(lines(figure)) == 2 * len(TRIALS)
    assert {f"Trial {name}" for name in TRIALS} <= set(texts)
    for trial in TRIALS.values():
        assert {f"{number}" for number in [*trial["at_risk_e"], *trial["at_risk_c"]]} <= set(texts)


def test_the_curve_is_that_of_the_extract_step_by_step():
    made = extract("A", TRIALS["equal"])
    arm = made["curves"][0]["arms"]["control"]
    assert arm["times"][0] == 0
    assert arm["survival"][0] == 1
    assert arm["patients"] == TRIALS["equal"]["at_risk_c"][0]
    assert arm["survival"] == sorted(arm["survival"], reverse=True)
    line = lines(draw_kaplan_meier([made]))[1]
    assert len(line.get_xdata()) == 2 * len(arm["times"]) - 1, "a corner at each step"
    heights = [(line.get_ydata()[0] - y) for y in line.get_ydata()[::2]]
    whole = heights[-1] / (1 - arm["survival"][-1])
    assert all(abs(height / whole - (1 - value)) < 1e-9 for height, value in zip(heights, arm["survival"], strict=True))


def test_the_reconstructed_curve_is_near_the_one_that_was_read():
    arm = extract("A", TRIALS["larger"])["curves"][0]["arms"]["experimental"]
    for time, read in zip(arm["read_times"], arm["read_survival"], strict=True):
        step = bisect_right(arm["times"], time) - 1
        assert abs(arm["survival"][step] - read) < 0.03


def test_of_points_at_one_height_the_first_is_marked():
    arm = {"read_times": [0, 1, 2, 3], "read_survival": [1, 0.9, 0.9, 0.8]}
    assert falls(arm) == [(0, 1), (1, 0.9), (3, 0.8)]


def test_a_curve_without_numbers_at_risk_is_named_with_the_reason():
    figure = draw_kaplan_meier([extract("A", TRIALS["equal"]), extract("B", TRIALS["equal"], at_risk_times=None)])
    assert_clean(figure)
    assert len(lines(figure)) == 2
    assert "Trial B: not reconstructed: the numbers at risk of both arms are needed." in printed(figure)


def test_numbers_at_risk_that_stand_close_are_thinned():
    months = {
        "at_risk_times": list(range(0, 48, 1)),
        "at_risk_e": list(range(1000, 952, -1)),
        "at_risk_c": list(range(900, 852, -1)),
    }
    made = extract("A", TRIALS["equal"], **months)
    assert "arms" in made["curves"][0]
    assert_clean(draw_kaplan_meier([made], arms=ARMS))


def test_an_outcome_without_a_curve_has_none_in_its_extract():
    assert "curves" not in extract("A")
    assert_clean(draw_kaplan_meier([]))
