"""Location-scale models: their derivatives, the equal case without a slope, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from tests.unit.pool.fixtures import extract, spec

from coppice.pool import pool
from coppice.pool.analysis import pool_analysis
from coppice.pool.models.location_scale import Model, location_scale
from coppice.pool.profiles import settings

RANDOM = np.random.default_rng(41)
K = 40
Z = np.linspace(-1.0, 1.0, K)
VI = RANDOM.gamma(3.0, 0.02, K) + 0.01
YI = 0.3 + RANDOM.normal(0.0, np.sqrt(VI + np.exp(-2.0 + 1.2 * Z)))


def fitted(formula="dose", yi=YI, tau2="REML", location=None, **columns):
    columns = {"dose": list(Z)} | columns
    effects = [
        {"label": f"S{i}", "year": 2000 + i, "yi": y, "vi": v, "values": {name: c[i] for name, c in columns.items()}}
        for i, (y, v) in enumerate(zip(yi, VI, strict=True))
    ]
    options = settings({"profile": "metafor", "tau2": tau2})
    return location_scale(effects, {"scale_moderators": formula, "moderators": location}, options, options.as_dict())


@pytest.mark.parametrize("restricted", [True, False])
def test_gradient_and_hessian_are_those_of_the_likelihood(restricted):
    x, z = np.column_stack([np.ones(K), Z**2]), np.column_stack([np.ones(K), Z])
    model, at, step = Model(YI, VI, x, z, restricted), np.array([-1.5, 0.7]), 1e-5
    value, gradient, hessian = model.at(at)
    assert np.isfinite(value)
    for j in range(2):
        shift = step * (np.arange(2) == j)
        up, down = model.at(at + shift), model.at(at - shift)
        assert (up[0] - down[0]) / (2 * step) == pytest.approx(gradient[j], abs=1e-6)
        assert (up[1] - down[1]) / (2 * step) == pytest.approx(hessian[j], abs=1e-6)


@pytest.mark.parametrize("tau2", ["REML", "ML"])
def test_a_slope_of_0_is_the_model_with_one_tau2(tau2):
    part, _ = fitted("0 + C(one)", tau2=tau2, one=["same"] * K)
    one = pool(YI, VI, profile="metafor", tau2=tau2, inference="wald")
    assert part["tau2_low"] == part["tau2_high"] == pytest.approx(one.heterogeneity["tau2"], rel=1e-8)
    assert part["location"][0]["estimate"] == pytest.approx(one.random["estimate"], abs=1e-10)
    assert part["location"][0]["se"] == pytest.approx(one.random["se"], abs=1e-10)


def test_the_slope_is_found_and_tested_by_wald_and_by_the_likelihood():
    part, reason = fitted()
    assert reason is None and part["warnings"] == []
    intercept, slope = part["scale"]
    assert intercept["name"] == "intercept" and slope["name"] == "dose"
    assert abs(slope["estimate"] - 1.2) < 3 * slope["se"]
    assert part["QS"] == pytest.approx(slope["statistic"] ** 2) and part["QS_p"] == pytest.approx(slope["p"])
    assert part["test"]["df"] == 1 and part["test"]["p"] < 0.05
    assert part["tau2_low"] < np.exp(intercept["estimate"]) < part["tau2_high"]


def test_units_of_a_moderator_do_not_matter():
    one, other = fitted()[0], fitted(dose=list(1000.0 * Z + 5e4))[0]
    assert other["scale"][1]["estimate"] * 1000 == pytest.approx(one["scale"][1]["estimate"], rel=1e-6)
    assert other["QS"] == pytest.approx(one["QS"], rel=1e-6)
    assert other["log_likelihood"] == pytest.approx(one["log_likelihood"], abs=1e-8)


def test_the_effect_may_have_moderators_too():
    part, _ = fitted("dose", location="year")
    assert [row["name"] for row in part["location"]] == ["intercept", "year"]
    assert part["location_formula"] == "year"


def test_effects_without_a_moderator_are_left_out_and_few_effects_get_a_warning():
    part, _ = fitted(dose=[None, *Z[1:15], *[None] * (K - 15)])
    assert (
        part["k"] == 14
        and "S0" in part["warnings"][0]
        and "14 effects are few for 2 coefficients" in part["warnings"][1]
    )


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"yi": np.full(K, 0.3) + 1e-3 * Z}, "the likelihood has no maximum"),
        ({"dose": [*Z[:3], *[None] * (K - 3)]}, "needs 4 to 2,000 effects with every moderator; there are 3"),
    ],
)
def test_where_there_is_none_the_reason_is_given(how, reason):
    part, why = fitted(**how)
    assert part is None and reason in why


def test_a_moderator_that_no_study_has_is_bad_input():
    with pytest.raises(ValueError, match="no study has the moderator 'age'"):
        fitted("age")


def analysed(**more):
    names = [f"S{i}" for i in range(K)]
    request = spec(names, **more)
    for study, dose in zip(request["studies"], Z, strict=True):
        study["values"] = {"dose": float(dose)}
    return pool_analysis(request, [extract(name, y, v, measure="HR") for name, y, v in zip(names, YI, VI, strict=True)])


def test_an_analysis_has_the_model_where_it_names_scale_moderators():
    result = analysed(scale_moderators="dose")
    assert result["location_scale"]["scale"][1]["estimate"] == pytest.approx(fitted()[0]["scale"][1]["estimate"])
    assert result["moderators"] is None
    assert "location_scale" not in analysed()
