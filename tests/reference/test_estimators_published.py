"""Worked examples of estimators that publications print, as metafor's own tests quote them, to half a unit of the last digit.

Viechtbauer (2005), JEBS 30:261, pages 271-272; DerSimonian & Kacker (2007), doi:10.1016/j.cct.2006.04.004, Tables 3 and 4;
Lipsey & Wilson (2001), pages 133 and 141; Berkey et al. (1995), doi:10.1002/sim.4780140406, page 408; Jackson et al. (2014),
doi:10.1002/jrsm.1103, both examples.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.kernel.generalised_q import upper_tail
from coppice.pool.kernel.heterogeneity import tau2_interval
from coppice.pool.kernel.kernel import studies
from coppice.pool.kernel.likelihood import log_likelihood
from coppice.pool.kernel.tau2 import estimate_tau2
from coppice.pool.models.regression import Design, regress

BCG = json.loads((Path(__file__).parent / "published_effects.json").read_text(encoding="utf-8"))
FIRST = (
    [-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232],
    [0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040],
)
SECOND = (
    [0.100, -0.162, -0.090, -0.049, -0.046, -0.010, -0.431, -0.261, 0.134, 0.019, 0.175, 0.056, 0.045, 0.103, 0.121, -0.482, 0.290, 0.342],
    [0.016, 0.015, 0.050, 0.050, 0.032, 0.052, 0.036, 0.024, 0.034, 0.033, 0.031, 0.034, 0.039, 0.167, 0.134, 0.096, 0.016, 0.035],
)  # fmt: skip
VIECHTBAUER = {  # tau2, I2 and H2 in the first example, then in the second
    "HS": (0.228, 77.23, 4.39, 0.010, 22.93, 1.30),
    "HE": (0.148, 68.80, 3.21, 0.000, 0.00, 1.00),
    "DL": (0.277, 80.44, 5.11, 0.013, 27.53, 1.38),
    "ML": (0.197, 74.51, 3.92, 0.013, 28.45, 1.40),
    "REML": (0.223, 76.84, 4.32, 0.016, 32.02, 1.47),
    "EB": (0.192, 74.05, 3.85, 0.010, 23.72, 1.31),
    "SJ": (0.199, 74.75, 3.96, 0.025, 42.67, 1.74),
}


def half(digits: int) -> float:
    """Half a unit of the last digit, and a little, as a tie may go either way."""
    return 0.5 * 10.0**-digits * 1.001


@pytest.mark.parametrize("method", VIECHTBAUER)
def test_the_two_examples_of_viechtbauer_come_out(method: str) -> None:
    found = [pool(*data, tau2=method).heterogeneity for data in (FIRST, SECOND)]
    values = [spread[name] for spread in found for name in ("tau2", "I2", "H2")]
    for value, expected, digits in zip(values, VIECHTBAUER[method], (3, 2, 2, 3, 2, 2), strict=True):
        assert value == pytest.approx(expected, abs=half(digits))


CLASP = np.array(
    [[5, 5, 12, 69, 9, 313], [156, 303, 565, 1570, 103, 4659], [8, 17, 9, 94, 11, 352], [74, 303, 477, 1565, 105, 4650]]
)
KACKER = {  # tau, mean and standard error
    "PM": (0.3681, -0.3811, 0.2060),
    "HE": (0.4410, -0.4035, 0.2327),
    "DL": (0.2323, -0.3240, 0.1540),
    "DL2": (0.3254, -0.3655, 0.1901),
    "EB": (0.3681, -0.3811, 0.2060),
    "DLIT": (0.3681, -0.3811, 0.2060),
    "REML": (0.1843, -0.2980, 0.1343),
    "HS": (0.1330, -0.2666, 0.1125),
    "SJ": (0.4572, -0.4079, 0.2386),
}


def clasp() -> tuple[np.ndarray, np.ndarray]:
    a, n1, c, n2 = CLASP.astype(float)
    cells = np.array([a, n1 - a, c, n2 - c])
    return np.log(cells[0] * cells[3] / (cells[1] * cells[2])), (1 / cells).sum(axis=0)


@pytest.mark.parametrize("method", KACKER)
def test_the_clasp_example_of_dersimonian_and_kacker_comes_out(method: str) -> None:
    model = pool(*clasp(), tau2=method, inference="wald")
    assert [model.tau2**0.5, model.random["estimate"], model.random["se"]] == pytest.approx(KACKER[method], abs=half(4))


def test_the_two_step_estimate_from_the_cochran_anova_estimate_comes_out() -> None:
    yi, vi = clasp()
    first = pool(yi, vi, tau2="HE").tau2
    model = pool(yi, vi, tau2="GENQ", weights=1 / (vi + first), inference="wald")
    found = [model.tau2**0.5, model.random["estimate"], model.random["se"]]
    assert found == pytest.approx([0.3831, -0.3861, 0.2115], abs=half(4))


def test_by_maximum_likelihood_the_clasp_example_has_its_maximum_at_zero() -> None:
    # printed is a tau of 0.0023, where the iteration of the authors (and of metafor at its default tolerance) stopped
    yi, vi = clasp()
    data = studies(yi, vi)
    assert estimate_tau2(data, "ML").tau2[0] == 0.0
    heights = [log_likelihood(data, np.array([tau2]), restricted=False)[0] for tau2 in (0.0, 0.0023**2)]
    assert heights[0] > heights[1]
    model = pool(yi, vi, tau2="ML", inference="wald")
    assert [model.random["estimate"], model.random["se"]] == pytest.approx([-0.1974, 0.0694], abs=1.1e-4)


LIPSEY = (
    [-0.33, 0.32, 0.39, 0.31, 0.17, 0.64, -0.33, 0.15, -0.02, 0.00],
    [0.084, 0.035, 0.017, 0.034, 0.072, 0.117, 0.102, 0.093, 0.012, 0.067],
)
RANDOM, INTENSITY = [0.0] * 6 + [1.0] * 4, [7.0, 3.0, 7.0, 5.0, 7.0, 7.0, 4.0, 4.0, 5.0, 6.0]
LINE = ("estimate", "se", "statistic", "p", "ci_low", "ci_high")


def test_the_pooled_effects_of_lipsey_and_wilson_come_out() -> None:
    model = pool(*LIPSEY, tau2="DL", inference="wald")
    common = [0.1549, 0.0609, 2.5450, 0.0109, 0.0356, 0.2742]
    assert [model.common[name] for name in LINE] == pytest.approx(common, abs=half(4))
    random = [0.1534, 0.0858, 1.7893, 0.0736, -0.0146, 0.3215]
    assert [model.random[name] for name in LINE] == pytest.approx(random, abs=half(4))
    assert model.tau2 == pytest.approx(0.025955, abs=half(6))
    assert [model.heterogeneity[name] for name in ("Q", "p")] == pytest.approx([14.7640, 0.0976], abs=half(4))


def test_the_meta_regressions_of_lipsey_and_wilson_come_out() -> None:
    design = Design(np.column_stack([np.ones(10), RANDOM, INTENSITY]), ("intercept", "random", "intensity"))
    fixed = regress(*LIPSEY, design, tau2=0.0, inference="wald")
    assert fixed.params == pytest.approx([0.32233263, -0.32978043, -0.00408559], abs=half(8))
    assert fixed.bse == pytest.approx([0.29977632, 0.13041815, 0.04928185], abs=half(8))
    tests = [fixed.part[name] for name in ("QM", "QM_p", "QE", "QE_p")]
    assert tests == pytest.approx([7.0807, 0.0290, 7.6832, 0.3614], abs=half(4))
    mixed = regress(*LIPSEY, design, tau2="DL", inference="wald")
    assert mixed.params == pytest.approx([0.3311, -0.3269, -0.0068], abs=half(4))
    assert mixed.bse == pytest.approx([0.3198, 0.1439, 0.0528], abs=half(4))
    assert [mixed.part["QM"], mixed.part["QM_p"]] == pytest.approx([5.5711, 0.0617], abs=half(4))
    assert [mixed.tau2, mixed.r2] == pytest.approx([0.00488, 81.2], abs=half(1)) and mixed.tau2 == pytest.approx(
        0.00488, abs=half(5)
    )


LATITUDE = np.array([44, 55, 42, 52, 13, 44, 19, 13, 27, 42, 18, 33, 33]) - 33.46


def smoothed() -> np.ndarray:
    """Return the variances of the thirteen BCG trials from the average odds in each arm."""
    tables = {name: np.array(values, dtype=float) for name, values in BCG["bcg_counts"].items()}
    arms = [(tables[f"events_{arm}"], tables[f"n_{arm}"]) for arm in "ec"]
    return np.asarray(sum(((n - events) / events).sum() / (len(n) * n) for events, n in arms))


def test_the_empirical_bayes_models_of_berkey_come_out() -> None:
    yi, vi = BCG["bcg_RR"]["yi"], smoothed()
    model = pool(yi, vi, tau2="EB", inference="wald")
    assert [model.random["estimate"], model.random["se"], model.tau2] == pytest.approx(
        [-0.5429, 0.1842, 0.2682], abs=half(4)
    )
    design = Design(np.column_stack([np.ones(13), LATITUDE]), ("intercept", "ablat"))
    mixed = regress(yi, vi, design, tau2="EB", inference="wald")
    assert [*mixed.params, *mixed.bse] == pytest.approx([-0.6303, -0.0268, 0.1591, 0.0110], abs=half(4))
    assert mixed.tau2 == pytest.approx(0.157, abs=half(3)) and mixed.r2 == pytest.approx(41, abs=half(0))
    printed = [np.exp(mixed.predict([1.0, latitude - 33.46])["estimate"]) for latitude in (33.46, 42)]
    assert printed == pytest.approx([0.53, 0.42], abs=half(2))
    fixed = regress(yi, vi, design, tau2=0.0, inference="wald")
    assert [*fixed.params, *fixed.bse] == pytest.approx([-0.5949, -0.0282, 0.0696, 0.0040], abs=half(4))


JACKSON = (
    (
        [0.0267, 0.8242, 0.3930, 2.4405, 2.1401, 1.2528, 2.4849, 0.3087, 1.4246, 0.1823, 1.1378, 1.2321, 2.0695, 4.0237, 1.4383, 1.6021],
        [0.1285, 0.0315, 0.0931, 2.0967, 1.0539, 0.1602, 1.0235, 0.0218, 0.5277, 0.0556, 0.3304, 0.1721, 0.4901, 2.0200, 0.3399, 0.1830],
        [0.0] * 10 + [1.0] * 6,
        {"BJ": (0.0029, 0.6907), "J": (0.0000, 1.1246), "QP": (0.0023, 1.4871)},
    ),
    (
        [0.54, 0.4, 0.64, 0.365, 0.835, 0.02, 0.12, 0.085, 1.18, 0.08, 0.18, 0.325, 0.06, 0.715, 0.065, 0.245, 0.24, 0.06, 0.19],
        [0.0176, 0.019, 0.0906, 0.0861, 0.0063, 0.0126, 0.0126, 0.0041, 0.0759, 0.0126, 0.0104, 0.0242, 0.0026, 0.2629, 0.0169, 0.0156, 0.0481, 0.0084, 0.0044],
        [1986, 1987, 1988, 1988, 1998, 1999, 2000, 2000, 2000, 2001, 2001, 2001, 2002, 2002, 2002, 2002, 2003, 2003, 2003],
        {"BJ": (0.0170, 0.1393), "J": (0.0180, 0.1375), "QP": (0.0178, 0.1564)},
    ),
)  # fmt: skip


@pytest.mark.parametrize("method", ["BJ", "J", "QP"])
@pytest.mark.parametrize("example", JACKSON, ids=["one", "two"])
def test_the_intervals_of_residual_heterogeneity_of_jackson_come_out(example: tuple, method: str) -> None:
    yi, vi, xi, expected = example
    data = studies(yi, vi, design=np.column_stack([np.ones(len(yi)), xi]))
    limits = [float(limit[0]) for limit in tau2_interval(data, method=method)]
    assert limits == pytest.approx(expected[method], abs=half(4))


def test_the_upper_limit_that_metafors_test_has_as_one_digit_less_solves_its_equation() -> None:
    # 1.1245 there, within its tolerance of 0.001; 1.1246 above: a Q as small as the observed one has probability 0.025 at ours
    yi, vi, xi, _ = JACKSON[0]
    x, w = np.column_stack([np.ones(len(yi)), xi]), 1 / np.sqrt(vi)
    form = np.diag(w) - (w[:, None] * x) @ np.linalg.inv(x.T @ (w[:, None] * x)) @ (w[:, None] * x).T
    ours = float(tau2_interval(studies(yi, vi, design=x), method="J")[1][0])

    def miss(tau2: float) -> float:
        root = np.sqrt(np.array(vi) + tau2)
        weights = np.linalg.eigvalsh(root[:, None] * form * root)[2:]
        drawn = upper_tail(weights, float(np.array(yi) @ form @ np.array(yi)))
        return abs(drawn - 0.975)

    assert miss(ours) < 1e-12 < 1e-7 < miss(1.1245)


def test_the_likelihoods_of_the_bcg_trials_come_out() -> None:
    yi, vi = (np.array(BCG["bcg_RR"][name]) for name in ("yi", "vi"))
    heights = []
    for x in (None, np.column_stack([np.ones(13), LATITUDE])):
        data = studies(yi, vi, design=x)
        heights.append(float(log_likelihood(data, estimate_tau2(data, "ML").tau2, restricted=False)[0]))
    constant = -6.5 * np.log(2 * np.pi)  # which no maximum depends on, and ours leave out
    assert np.array(heights) + constant == pytest.approx([-12.6651, -7.6857], abs=half(4))
    assert 2 * (heights[1] - heights[0]) == pytest.approx(9.9588, abs=half(4))
