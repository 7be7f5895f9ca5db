"""Dose-response analyses through the verbs: what enters, what is left out and why, and what the results say."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from coppice.core.dose_options import CASE_CONTROL, GREENLAND_LONGNECKER, HAMLING, INCIDENCE_RATE
from coppice.core.kinds import DOSE_RESPONSE
from coppice.core.measures import MEASURES
from coppice.draw.figures.dose_response import draw_dose_response
from coppice.explore.doses import explore_dose_response
from coppice.extract.outcome import extract_outcome
from coppice.extract.routes.doses import doses_of
from coppice.plan import plan
from coppice.pool.multivariate.doses.analysis import pool_dose_response, rounded
from coppice.pool.multivariate.doses.covariance import covariance_of
from coppice.pool.multivariate.doses.shapes import Curve
from coppice.pool.multivariate.doses.table import table
from coppice.report.data.dose_response import r_script
from coppice.report.other_view import OtherView
from coppice.report.page import dose_response as page

REVIEW = Path(__file__).parents[3] / "reviews" / "fish_ra"


def pooled(doses: list[dict[str, Any]], *, settings: dict[str, Any] | None = None, k: int = 3, **figure: Any) -> Any:
    """Return the result of k studies that report the same figure."""
    reported = {"statistic": "dose_ratios", "doses": doses, "source": {"report": "p"}, **figure}
    extracts = [
        extract_outcome({"study": f"S{n}", "outcome": "o", "population": "p", "reported": [{**reported, "population": "p"}], "measures": {"RR": {"measure": "RR", "options": {}}}})
        for n in range(k)
    ]  # fmt: skip
    own = {"shape": "linear", "knots": [], "stages": "one", "covariance": GREENLAND_LONGNECKER, "reference": None, "doses": [], "unit": None}  # fmt: skip
    spec = {
        "analysis": "a", "outcome": "o", "measure": "RR", "effect": "RR", "model": {"profile": "metafor"}, "dose_response": own | (settings or {}),
        "studies": [{"study": f"S{n}", "label": f"S{n}", "year": None} for n in range(k)], "excluded": [],
    }  # fmt: skip
    return pool_dose_response(spec, extracts)


COUNTED = [
    {"dose": 0, "cases": 20, "n": 200},
    {"dose": 2, "cases": 25, "n": 200, "estimate": 1.3, "ci": [0.8, 2.1]},
    {"dose": 4, "cases": 30, "n": 200, "estimate": 1.6, "ci": [1.0, 2.6]},
]
UNCOUNTED = [{key: value for key, value in row.items() if key not in ("cases", "n")} for row in COUNTED]


@pytest.fixture(scope="module")
def spline() -> tuple[Any, Any]:
    """Return the spline of the review of fish, pooled and explored."""
    with contextlib.chdir(REVIEW):
        planned = plan.load([Path("config.yaml")], {})
        spec = planned.unit("pool", analysis="spline")
        units = [
            planned.unit("extract", study=unit[0], outcome=unit[1]) for unit in planned.reads("pool", analysis="spline")
        ]
        result = pool_dose_response(spec, map(extract_outcome, units))
        return result, explore_dose_response(planned.unit("explore", analysis="spline"), result)


def view(result: Any, explored: Any = None) -> OtherView:
    """Return what the report reads of a result."""
    return OtherView(
        DOSE_RESPONSE, "spline", "Rheumatoid arthritis", "ra", MEASURES["RR"], None, result, explored or {}, {}
    )


def test_a_study_without_counts_is_left_out_with_what_it_needs_and_enters_as_independent() -> None:
    result = pooled(UNCOUNTED)
    assert result["k"] == 0
    assert (
        "needs `cases` and `n` of each dose; `covariance: independent` does without" in result["excluded"][0]["reason"]
    )
    assert result["reasons"] == {"curve": "no study gives ratios by dose"}
    assert pooled(UNCOUNTED, settings={"covariance": "independent"})["k"] == 3


def test_a_study_of_one_other_dose_needs_no_counts_as_it_has_no_covariance() -> None:
    assert pooled(UNCOUNTED[:2])["k"] == 3


def test_a_figure_that_is_not_by_dose_is_left_out() -> None:
    extract = extract_outcome({"study": "S0", "outcome": "o", "population": "p", "reported": [{"statistic": "risk_ratio", "estimate": 0.8, "ci": [0.6, 1.1], "population": "p"}], "measures": {"RR": {"measure": "RR", "options": {}}}})  # fmt: skip
    own = {"shape": "linear", "knots": [], "stages": "one", "covariance": "hamling", "reference": None, "doses": [], "unit": None}  # fmt: skip
    spec = {"analysis": "a", "outcome": "o", "measure": "RR", "effect": "RR", "model": {}, "dose_response": own, "studies": [{"study": "S0", "label": "S0"}]}  # fmt: skip
    assert "no figure by dose" in pool_dose_response(spec, [extract])["excluded"][0]["reason"]


def test_two_stages_leave_out_studies_with_too_few_doses_for_a_curve() -> None:
    result = pooled(COUNTED[:2], settings={"shape": "quadratic", "stages": "two"})
    assert [item["reason"].split(",")[0] for item in result["excluded"]] == ["too few doses for a curve of its own"] * 3


def test_doses_that_do_not_determine_a_curve_are_a_reason_and_not_an_error() -> None:
    result = pooled(COUNTED[:2], settings={"shape": "quadratic"})
    assert result["predictions"] == []
    assert "do not determine 2 coefficients" in result["reasons"]["curve"]


@pytest.mark.parametrize("k", [1, 2, 3])
@pytest.mark.parametrize("shape", ["linear", "quadratic", "spline"])
@pytest.mark.parametrize("stages", ["one", "two"])
def test_studies_that_agree_exactly_have_their_common_curve(k: int, shape: str, stages: str) -> None:
    result = pooled(COUNTED, settings={"shape": shape, "stages": stages}, k=k)
    assert result["k"] == k
    assert result["reasons"] == {}
    both = [item[model]["estimate"] for item in result["coefficients"] for model in ("random", "common")]
    np.testing.assert_allclose(both[::2], both[1::2], rtol=1e-8)
    if shape != "linear":  # two doses and two coefficients: the curve goes through both
        last = result["curve"][-1]["estimate"]
        assert last == pytest.approx(np.log(1.6))


def test_ratios_beyond_the_doses_of_the_studies_are_called_extrapolated() -> None:
    assert "extrapolated" in " ".join(pooled(COUNTED, settings={"doses": [10.0]})["warnings"])


def test_crude_ratios_have_the_covariance_of_their_shared_reference() -> None:
    counts = [{key: row[key] for key in ("dose", "cases", "n")} for row in COUNTED]
    result = pooled(counts, statistic="dose_counts", dose_design=CASE_CONTROL)
    shared = 1 / 20 + 1 / 180
    assert result["effects"][0]["covariance"][0][1] == pytest.approx(shared)
    assert result["effects"][0]["covariance"][0][0] == pytest.approx(shared + 1 / 25 + 1 / 175)


def test_the_reference_may_be_any_dose_and_person_time_makes_rates() -> None:
    rows = [
        {"dose": dose, "cases": cases, "time": 100.0, "reference": dose == 2}
        for dose, cases in ((0, 10), (2, 20), (4, 40))
    ]
    data = doses_of("RR", {"statistic": "dose_counts", "doses": rows})
    assert data.doses == (2.0, 0.0, 4.0)
    assert data.design == INCIDENCE_RATE
    np.testing.assert_allclose(data.yi, [0.0, np.log(0.5), np.log(2.0)])


def test_a_dose_without_cases_is_a_reason() -> None:
    rows = [{"dose": 0, "cases": 10, "n": 90}, {"dose": 1, "cases": 0, "n": 80}]
    result = pooled(rows, statistic="dose_counts")
    assert "no cases at the dose 1; combine it with the dose beside it" in result["excluded"][0]["reason"]


def test_where_no_counts_exist_for_hamling_the_other_method_takes_its_place() -> None:
    # the variance of the second ratio is far below that which the reference alone must have
    args = ([0.0, 0.1, 0.2], [0.0, 1.0, 0.001], [5.0, 5.0, 5.0], [50.0, 50.0, 50.0])
    built, method = covariance_of(*args, design=CASE_CONTROL, method=HAMLING)
    assert method == GREENLAND_LONGNECKER
    assert built[0, 0] == 1.0


def test_a_spline_is_straight_beyond_its_outer_knots() -> None:
    terms = Curve("spline", (1.0, 2.0, 4.0)).terms(np.array([0.0, 0.5, 1.0, 5.0, 6.0, 7.0]))[:, 1]
    np.testing.assert_allclose(terms[:3], 0.0)
    np.testing.assert_allclose(np.diff(terms[3:], 2), 0.0, atol=1e-12)


def test_printed_doses_are_round_and_leave_the_reference_out() -> None:
    assert rounded(0.0, 4.0, 0.0) == [1.0, 2.0, 3.0, 4.0]
    assert rounded(0.3, 61.0, 0.3) == [20.0, 40.0, 60.0]


def test_the_result_is_explored_by_study_and_by_shape(spline: tuple[Any, Any]) -> None:
    result, explored = spline
    assert [row["study"] for row in explored["leave_one_out"]] == [effect["study"] for effect in result["effects"]]
    assert [row["shape"] for row in explored["shapes"]] == ["linear", "quadratic", "spline"]
    assert all(row["nonlinearity"]["p"] > 0 for row in explored["leave_one_out"])


def test_the_figure_has_curve_band_knots_and_a_point_per_dose(spline: tuple[Any, Any]) -> None:
    drawing = draw_dose_response(spline[0], title="Fish")
    assert drawing is not None
    empty = {**spline[0], "curve": [], "predictions": [], "reference": None, "reasons": {"curve": "no curve"}}
    assert draw_dose_response(empty, title="Fish") is not None


def test_the_report_names_doses_tests_and_shapes(spline: tuple[Any, Any]) -> None:
    analysis = view(*spline)
    assert "By a restricted cubic spline, RR (95% CI) against 0 servings per week:" in page.sentence(analysis)
    assert "non-linearity: p" in page.sentence(analysis)
    assert "AIC" in str(page.shape_table(analysis))
    assert "deviance" in str(page.spread(analysis))
    assert any("hamling2008" not in item.cites for item in page.methods([analysis]))


def test_the_r_script_calls_dosresmeta_with_the_covariances_and_the_spline(spline: tuple[Any, Any]) -> None:
    script = r_script(view(*spline))
    assert "dosresmeta::dosresmeta(logrr ~ dose + s1" in script
    assert script.count("same(") == 2


def test_the_table_has_a_row_per_dose_and_per_prediction(spline: tuple[Any, Any]) -> None:
    lines = table(spline[0]).splitlines()
    doses = sum(len(effect["points"]) for effect in spline[0]["effects"])
    assert len(lines) == 1 + doses + 2 * len(spline[0]["predictions"])
