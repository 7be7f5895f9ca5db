"""What programs that no test can run have printed, for data that are printed with it.

meta: version 8.5-0 on the seven aspirin trials of Fleiss (1993), doi:10.1177/096228029300200202, its dataset Fleiss1993bin;
metabin(sm = "OR", method.tau = "DL") says of itself that it computes Q and tau2 as RevMan 5 does, and gives 39.7 % as the I2
from Q. pimeta: its vignette, on the thirteen cisapride trials of Hartung & Knapp (2001), doi:10.1002/sim.1009.
"""

from __future__ import annotations

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.results import PoolResults
from coppice.pool.stratified import counts

ASPIRIN = {  # deaths and patients with aspirin, with placebo
    "MRC-1 1974": (49, 615, 67, 624),
    "CDP 1976": (44, 758, 64, 771),
    "MRC-2 1979": (102, 832, 126, 850),
    "GASP 1979": (32, 317, 38, 309),
    "PARIS 1980": (85, 810, 52, 406),
    "AMIS 1980": (246, 2267, 219, 2257),
    "ISIS-2 1988": (1570, 8587, 1720, 8600),
}
WEIGHTS = {"common": [3.2, 3.1, 5.7, 1.8, 3.2, 10.2, 72.9], "random": [8.2, 7.8, 13.2, 5.4, 8.9, 20.7, 35.8]}
FOURTH, SECOND, FIRST = (
    0.5 * 10.0**-digits * 1.001 for digits in (4, 2, 1)
)  # half a unit of the last digit that is printed


def log_odds_ratios(tables: np.ndarray, add: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    a, n1, c, n2 = tables.T
    cells = np.array([a, n1 - a, c, n2 - c], dtype=float) + add
    return np.log(cells[0] * cells[3] / (cells[1] * cells[2])), (1 / cells).sum(axis=0)


def aspirin(profile: str, **options: str) -> PoolResults:
    tables = np.array(list(ASPIRIN.values()))
    yi, vi = log_odds_ratios(tables)
    return pool(yi, vi, profile=profile, measure="OR", data=counts(*tables.T), **options)


def shown(part: dict[str, float]) -> list[float]:
    return [float(np.exp(part[name])) for name in ("estimate", "ci_low", "ci_high")]


@pytest.mark.parametrize(("profile", "options"), [("meta", {"tau2": "DL"}), ("revman5", {})])
def test_the_aspirin_trials_are_pooled_as_meta_and_revman_print_them(profile: str, options: dict[str, str]) -> None:
    model = aspirin(profile, **options)
    assert shown(model.common) == pytest.approx([0.8969, 0.8405, 0.9570], abs=FOURTH)
    assert shown(model.random) == pytest.approx([0.8763, 0.7743, 0.9917], abs=FOURTH)
    tests = [model.common["statistic"], model.random["statistic"], model.common["Q"]]
    assert tests == pytest.approx([-3.29, -2.09, 9.95], abs=SECOND)
    found = [model.common["p"], model.random["p"], model.tau2, model.tau2**0.5, model.common["Q_p"]]
    assert found == pytest.approx([0.0010, 0.0365, 0.0096, 0.0982, 0.1269], abs=FOURTH)
    assert model.weights_common == pytest.approx(WEIGHTS["common"], abs=FIRST)
    assert model.weights_random == pytest.approx(WEIGHTS["random"], abs=FIRST)


def test_the_heterogeneity_of_the_aspirin_trials_is_as_meta_prints_it() -> None:
    spread = aspirin("meta", tau2="DL").heterogeneity
    assert [spread["I2_q"], spread["I2_q_low"], spread["I2_q_high"]] == pytest.approx([39.7, 0.0, 74.6], abs=FIRST)
    assert spread["H2_q"] ** 0.5 == pytest.approx(1.29, abs=SECOND)


def test_the_aspirin_trials_by_the_defaults_of_meta_eight() -> None:
    model = aspirin("meta")
    assert shown(model.random) == pytest.approx([0.8683, 0.7559, 0.9973], abs=FOURTH)
    assert [model.random["p"], model.tau2] == pytest.approx([0.0457, 0.0147], abs=FOURTH)


CISAPRIDE = np.array(
    [
        [15, 12, 29, 42, 14, 44, 14, 29, 10, 17, 38, 19, 21],
        [16, 16, 34, 56, 22, 54, 17, 58, 14, 26, 44, 29, 38],
        [9, 1, 18, 31, 6, 17, 7, 23, 3, 6, 12, 22, 19],
        [16, 16, 34, 56, 22, 55, 15, 58, 15, 27, 45, 30, 38],
    ]
).T


def test_the_bootstrap_prediction_interval_of_the_cisapride_trials_is_pimetas() -> None:
    yi, vi = log_odds_ratios(CISAPRIDE, add=0.5)
    assert [yi[0], vi[0] ** 0.5] == pytest.approx([2.098986, 0.9847737], abs=5e-7)
    model = pool(yi, vi, tau2="DL", prediction="bootstrap")
    assert [np.exp(model.random["estimate"]), model.tau2] == pytest.approx([4.141, 0.718], abs=5e-4)
    assert model.heterogeneity["I2_q"] == pytest.approx(69.9, abs=FIRST)
    # both are quantiles of 25,000 draws, each end with a standard error of 1 % of the width, on the log scale
    limits = [model.prediction["low"], model.prediction["high"]]
    assert limits == pytest.approx(np.log([0.533, 33.692]), abs=0.1)
