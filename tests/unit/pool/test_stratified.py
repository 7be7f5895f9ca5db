import numpy as np
import pytest

from coppice.pool import pool
from coppice.pool.stratified import common_effect, counts

# AALL1331-HRIR and 20120215: transplantation
TRANSPLANTS = counts([74, 48], [105, 54], [44, 38], [103, 54])
WITH_ZEROS = counts([0, 3, 1], [20, 30, 25], [2, 5, 0], [21, 29, 24])
HART_1999 = counts(
    [9, 8, 3, 6, 7, 20], [413, 263, 487, 237, 489, 507], [19, 19, 13, 9, 23, 50], [398, 245, 435, 241, 483, 405]
)


@pytest.mark.parametrize(
    ("data", "method", "measure", "estimate", "se"),
    [
        # rma.mh() and rma.peto() of metafor 3.8-1, without correction
        (TRANSPLANTS, "MH", "OR", 1.17609203634, 0.255492413566),
        (TRANSPLANTS, "MH", "RR", 0.38630623063, 0.0859305167416),
        (TRANSPLANTS, "MH", "RD", 0.245998417625, 0.0506408311254),
        (TRANSPLANTS, "Peto", "OR", 1.12682933429, 0.2408033836),
        (HART_1999, "MH", "IRR", -1.02957459694, 0.162094900339),
        (HART_1999, "MH", "IRD", -0.039351346851, 0.00610498387087),
        (WITH_ZEROS, "MH", "OR", -0.646303158959, 0.660389864815),
        (WITH_ZEROS, "MH", "RR", -0.582715013096, 0.600838795613),
        (WITH_ZEROS, "MH", "RD", -0.0417249544008, 0.0421112957085),
    ],
)
def test_common_effects_from_counts_are_those_of_metafor(data, method, measure, estimate, se):
    assert common_effect(data, method=method, measure=measure) == pytest.approx((estimate, se), rel=1e-10)


def test_a_published_odds_ratio_comes_out():
    # Chen 2023, doi:10.3389/fphar.2022.1032664: transplantation OR 3.24 (1.96 to 5.35) by Mantel-Haenszel
    estimate, se = common_effect(TRANSPLANTS, method="MH", measure="OR")
    shown = np.exp([estimate, estimate - 1.959964 * se, estimate + 1.959964 * se])
    assert np.round(shown, 2).tolist() == [3.24, 1.96, 5.35]


def test_studies_without_events_do_not_move_a_ratio():
    more = counts([74, 48, 0], [105, 54, 50], [44, 38, 0], [103, 54, 60])
    assert common_effect(more, method="MH", measure="RR") == pytest.approx(
        common_effect(TRANSPLANTS, method="MH", measure="RR")
    )


def test_all_studies_without_events_have_no_ratio():
    assert common_effect(counts([0, 0], [10, 12], [0, 0], [11, 9]), method="MH", measure="RR") is None


def test_a_method_that_does_not_give_the_measure_is_refused():
    with pytest.raises(ValueError, match="Peto does not give RR"):
        common_effect(TRANSPLANTS, method="Peto", measure="RR")


def test_the_model_uses_mantel_haenszel_and_dersimonian_laird_about_it():
    # RevMan 5: tau2 = (Q - df) / C with Q about the Mantel-Haenszel estimate
    a, n, c, m = (np.array(x) for x in ([74, 48], [105, 54], [44, 38], [103, 54]))
    yi, vi = np.log(a * m / (n * c)), 1 / a - 1 / n + 1 / c - 1 / m
    model = pool(yi, vi, data=TRANSPLANTS, measure="RR", profile="revman5")
    assert model.common["method"] == "MH"
    w = 1 / vi
    q = (w * (yi - model.common["estimate"]) ** 2).sum()
    assert model.tau2 == pytest.approx((q - 1) / (w.sum() - (w**2).sum() / w.sum()))


def test_without_counts_the_common_effect_is_by_inverse_variance_and_says_so():
    model = pool([0.1, 0.2], [0.1, 0.1], profile="revman5")
    assert model.common["method"] == "IV" and any("needs counts" in text for text in model.warnings)
