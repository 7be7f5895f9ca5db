"""Limit meta-analysis and the Copas selection model against R's metasens, on published meta-analyses.

limit_copas.json has effects, standard errors and what limitmeta() and copas() of metasens give, with the versions.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from coppice.explore.small_study.copas import NONE, Copas, copas, path_row
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.limit import limit

CASES = json.loads((Path(__file__).parent / "limit_copas.json").read_text(encoding="utf-8"))["cases"]
EACH = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
OPTIMISER = 2e-5  # with which optim() stops at default settings


def evidence(case):
    yi, sei = np.array(case["yi"]), np.array(case["sei"])
    return Evidence("GEN", 0.0, yi, sei**2, None, None, "REML", "wald", 0.95, case["random"], case["tau2"], 0.0)


def gammas_of(case, at):
    """Solve for gamma0 and gamma1 from the chance of the least precise study and the expected number of unpublished ones."""
    sei = np.array(case["sei"])
    chance, number = (case["copas"][name][at] for name in ("publprob", "N_unpubl"))

    def intercept(slope):
        return ndtri(chance) - slope / sei.max()

    def excess(slope):
        published = ndtr(intercept(slope) + slope / sei)
        return ((1 - published) / published).sum() - number

    slope = brentq(excess, 0, 20, xtol=1e-15)
    return intercept(slope), slope


@EACH
def test_limit_meta_analysis_gives_what_metasens_gives(case):
    part, expected = limit(evidence(case), {}), case["limit"]
    names = {
        "estimate": "TE_adjust",
        "se": "seTE_adjust",
        "statistic": "statistic",
        "p": "pval",
        "Q": "Q",
        "Q_small": "Q_small",
        "Q_beyond": "Q_resid",
        "intercept": "alpha_r",
        "slope": "beta_r",
    }
    for ours, theirs in names.items():
        assert part[ours] == pytest.approx(expected[theirs], rel=1e-8), ours
    assert part["G2"] == pytest.approx(100 * expected["G_squared"], rel=1e-8)
    assert part["limits"] == pytest.approx(case["limits"], rel=1e-8)


@EACH
def test_the_copas_likelihood_is_at_least_as_high_as_at_the_fit_of_metasens_and_the_estimate_the_same(case):
    data, table = evidence(case), case["copas"]
    near = np.array([case["random"], case["tau2"] ** 0.5, 0.0, 0.0])
    for at, expected in enumerate(table["TE"]):
        model = Copas.of(data.yi, data.vi, *((NONE, 0.0) if table["publprob"][at] == 1 else gammas_of(case, at)))
        row, near = path_row(data, model, near)
        theirs = model.value(np.array([expected, table["tau"][at], table["rho"][at] if at else 0.0, 0.0]))
        assert row["log_likelihood"] + data.k * np.log(2 * np.pi) / 2 >= theirs - 1e-10
        assert row["estimate"] == pytest.approx(expected, abs=OPTIMISER)
        assert row["tau2"] ** 0.5 == pytest.approx(table["tau"][at], abs=OPTIMISER)
        assert row["unpublished"] == pytest.approx(table["N_unpubl"][at], abs=1e-9)
        if at and abs(table["rho"][at]) < 0.9999:  # at the limit of rho, optim() differentiates across it
            assert row["se"] == pytest.approx(table["seTE"][at], abs=OPTIMISER)


def test_the_remaining_small_study_effect_is_tested_as_in_metasens():
    case = next(case for case in CASES if case["name"] == "bangertdrowns2004_smd")
    data = evidence(case)
    near = np.array([case["random"], case["tau2"] ** 0.5, 0.0, 0.0])
    for at, expected in list(enumerate(case["copas"]["pval_rsb"]))[1:]:
        row, near = path_row(data, Copas.of(data.yi, data.vi, *gammas_of(case, at)), near)
        assert row["p_residual"] == pytest.approx(expected, abs=1e-6)


def test_more_selection_moves_the_estimate_towards_no_effect_and_the_least_that_suffices_is_chosen():
    case = next(case for case in CASES if case["name"] == "bangertdrowns2004_smd")
    part = copas(evidence(case), {})
    estimates = [row["estimate"] for row in part["path"]]
    assert estimates == sorted(estimates, reverse=True)
    first = next(row for row in part["path"] if row["p_residual"] > part["alpha"])
    assert part["adjusted"]["estimate"] == first["estimate"] and part["adjusted"]["published"] == 0.7


def test_the_copas_model_is_the_same_with_the_signs_of_the_effects_turned():
    case = CASES[0]
    turned = case | {"yi": [-y for y in case["yi"]], "random": -case["random"]}
    one, other = copas(evidence(case), {})["adjusted"], copas(evidence(turned), {})["adjusted"]
    assert one["estimate"] == pytest.approx(-other["estimate"], rel=1e-6)
    assert one["rho"] == pytest.approx(-other["rho"], rel=1e-5)
