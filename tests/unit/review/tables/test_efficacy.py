"""Vaccine efficacy, and intervals of which one limit is reported."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from tests.unit.review.tables.test_table import effects, figures, load

from coppice.extract.outcome import extract_outcome
from coppice.plan.plan import Plan

Z = 1.959963984540054
COLUMNS = {"vaccine_efficacy": "VE", "ci_low": "low", "ci_high": "high"}
# Polack FP et al. 2020, 10.1056/NEJMoa2034577, table 2: 95.0% (90.3 to 97.6)
PRINTED = {
    "percent": "study,VE,low,high\nPolack,95.0,90.3,97.6\n",
    "percent signs": "study,VE,low,high\nPolack,95.0%,90.3%,97.6%\n",
    "fractions": "study,VE,low,high\nPolack,0.950,0.903,0.976\n",
}


def variances(plan: Plan) -> list[float]:
    contents = [
        extract_outcome(plan.content("extract", study=study.study, outcome="effect")) for study in plan.review.studies
    ]
    measures = [next(iter(content["measures"].values())) for content in contents]
    return [item["candidates"][item["chosen"][0]]["vi"] for item in measures]


@pytest.mark.parametrize("measure", ["RR", "IRR", "HR", "OR"])
@pytest.mark.parametrize("form", PRINTED)
def test_an_efficacy_is_1_minus_a_ratio_whose_limits_change_places(form: str, measure: str, tmp_path: Path) -> None:
    plan = load(tmp_path, PRINTED[form], measure, columns=COLUMNS)
    assert effects(plan, measure) == pytest.approx([math.log(0.05)], rel=1e-12)
    assert variances(plan) == pytest.approx([((math.log(0.097) - math.log(0.024)) / (2 * Z)) ** 2], rel=1e-12)


def test_how_an_efficacy_was_read_is_told(tmp_path: Path) -> None:
    note = load(tmp_path, PRINTED["fractions"], columns=COLUMNS).review.notes[0]
    assert note.endswith("VE and its limits are read as fractions, by the largest of its values")


def test_an_efficacy_of_100_percent_gives_no_effect_and_says_why(tmp_path: Path) -> None:
    plan = load(tmp_path, "study,VE,low,high\nA,100,60,\nB,80,60,90\n", columns=COLUMNS)
    content = extract_outcome(plan.content("extract", study="A", outcome="effect"))
    assert content["measures"]["RR"]["why"] == "an efficacy of 100% is a ratio of 0, which has no logarithm"


@pytest.mark.parametrize(
    ("measure", "statistic", "row"),
    [
        ("HR", "hazard_ratio", "0.5,0.25,"),
        ("HR", "hazard_ratio", "0.5,,1"),
        ("MD", "mean_difference", "-1,-3,"),
        ("MD", "mean_difference", "-1,,1"),
    ],
)
def test_one_limit_gives_the_variance_of_the_symmetrical_interval(
    measure: str, statistic: str, row: str, tmp_path: Path
) -> None:
    plan = load(tmp_path, f"study,statistic,estimate,ci_low,ci_high\nA,{statistic},{row}\n", measure)
    width = math.log(2) if measure == "HR" else 2.0
    assert variances(plan) == pytest.approx([(width / Z) ** 2], rel=1e-12)
    assert "ci_limit" in figures(plan)[0]
    assert "one of ci_low and ci_high is missing in row 2: the standard error follows" in plan.review.notes[0]


def test_one_limit_of_another_level_has_its_own_quantile(tmp_path: Path) -> None:
    text = "study,statistic,estimate,ci_low,ci_high,level\nA,mean_difference,-1,-3,,0.9\n"
    assert variances(load(tmp_path, text, "MD")) == pytest.approx([(2 / 1.6448536269514722) ** 2], rel=1e-12)
