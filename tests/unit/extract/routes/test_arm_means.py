"""extract.arm_means: effects from the means of two arms, in every form in which they are reported."""

import math
import random
from statistics import fmean, stdev
from typing import Any

import pytest
from scipy.stats import t as student
from scipy.stats import ttest_ind

from coppice.extract.outcome import extract_outcome
from coppice.extract.route import Options
from coppice.extract.routes.means import SMD_VARIANCES, Arm, hedges_g, hedges_j, standardised_mean_difference
from coppice.extract.summaries.spread import METHODS

FULL = {"statistic": "means", "mean_e": 103, "sd_e": 5.5, "n_e": 50, "mean_c": 100, "sd_c": 4.5, "n_c": 50}


def candidates(figure: dict[str, Any], measure: str, **options: Any) -> dict[str, Any]:
    spec = {"study": "S", "outcome": "o", "population": "S", "reported": [figure]}
    result = extract_outcome(spec | {"measures": {measure: {"measure": measure, "options": options}}})
    found = result["measures"][measure]["candidates"]
    return {item["route"]: item for item in found} or {"reason": result["unused"][0]["reason"]}


def without(figure: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in figure.items() if name not in names}


def test_the_example_of_borenstein_is_reproduced() -> None:
    """Borenstein 2009, chapter 4: d = 0.5970, g = 0.5924, V_g = 0.0411 (with the approximate J)."""
    effect = candidates(FULL, "SMD", smd_variance="LS2")["means_sd"]
    assert effect["yi"] == pytest.approx(0.5924, abs=1.5e-4)
    assert effect["vi"] == pytest.approx(0.0411, abs=5e-5)


def test_the_exact_correction_is_near_its_approximation_and_joins_it_smoothly() -> None:
    for df in (5, 20, 200):
        assert hedges_j(df) == pytest.approx(1 - 3 / (4 * df - 1), abs=0.1 / df**2)
    assert hedges_j(99_999) == pytest.approx(hedges_j(100_001), abs=1e-9)


def test_the_unbiased_variance_is_unbiased() -> None:
    """Over 4000 samples of 8 a side the mean of each variance against the variance of g."""
    source = random.Random(3)
    g, variances = [], {name: [] for name in SMD_VARIANCES}
    for _ in range(4000):
        e, c = ([source.gauss(shift, 1) for _ in range(8)] for shift in (0.8, 0.0))
        arms = Arm(fmean(e), stdev(e), 8), Arm(fmean(c), stdev(c), 8)
        for name, values in variances.items():
            yi, vi = standardised_mean_difference(*arms, Options(smd_variance=name))
            values.append(vi)
        g.append(yi)
    true = stdev(g) ** 2
    assert fmean(variances["UB"]) == pytest.approx(true, rel=0.06)


def test_standard_errors_and_intervals_give_what_the_sds_give() -> None:
    errors = without(FULL, "sd_e", "sd_c") | {"se_e": 5.5 / math.sqrt(50), "se_c": 4.5 / math.sqrt(50)}
    half = student.ppf(0.975, 49)
    limits = {
        f"ci_{arm}": [m - half * sd / math.sqrt(50), m + half * sd / math.sqrt(50)]
        for arm, m, sd in (("e", 103, 5.5), ("c", 100, 4.5))
    }
    for measure in ("MD", "SMD", "ROM", "CVR", "VR", "SMDH"):
        expected = candidates(FULL, measure)["means_sd"]
        for figure in (
            errors,
            without(FULL, "sd_e", "sd_c") | limits,
            without(FULL, "sd_c") | {"se_c": errors["se_c"]},
        ):
            found = candidates(figure, measure)["means_spread"]
            assert (found["yi"], found["vi"]) == pytest.approx((expected["yi"], expected["vi"]), rel=1e-10)
            assert "SD of the control arm from" in found["notes"][-1]


def test_t_f_and_p_give_the_difference_that_was_tested() -> None:
    source = random.Random(5)
    e, c = [source.gauss(1, 1) for _ in range(30)], [source.gauss(0, 1) for _ in range(25)]
    test = ttest_ind(e, c)
    whole = {
        "statistic": "means",
        "mean_e": fmean(e),
        "sd_e": stdev(e),
        "n_e": 30,
        "mean_c": fmean(c),
        "sd_c": stdev(c),
        "n_c": 25,
    }
    expected = candidates(whole, "SMD")["means_sd"]
    pooled = stdev([*(x - fmean(e) for x in e), *(x - fmean(c) for x in c)]) ** 2 * 54 / 53
    bare = without(whole, "sd_e", "sd_c")
    for given in (
        {"t": test.statistic},
        {"f": test.statistic**2},
        {"p": test.pvalue, "sided": 2},
        {"p": test.pvalue / 2, "sided": 1},
    ):
        smd, md = candidates(bare | given, "SMD")["means_test"], candidates(bare | given, "MD")["means_test"]
        assert (smd["yi"], smd["vi"]) == pytest.approx((expected["yi"], expected["vi"]), rel=1e-8)
        assert md["yi"] == pytest.approx(fmean(e) - fmean(c))
        assert md["vi"] == pytest.approx(pooled * (1 / 30 + 1 / 25), rel=1e-8)


def test_without_means_the_direction_has_to_be_said() -> None:
    figure = {"statistic": "means", "n_e": 20, "n_c": 20, "f": 4.0}
    assert "the arm with the higher mean is not reported" in candidates(figure, "SMD")["reason"]
    expected = hedges_g(-2 * math.sqrt(0.1), 20, 20, Options())
    effect = candidates(figure | {"direction": "control"}, "SMD")["means_test"]
    assert (effect["yi"], effect["vi"]) == pytest.approx(expected)
    assert candidates(figure | {"direction": "experimental"}, "SMD")["means_test"]["yi"] == -effect["yi"]


@pytest.mark.parametrize(
    ("given", "reason"),
    [({"p": "<0.001", "sided": 2}, "bound"), ({"p": 0, "sided": 2}, "bound"), ({"p": 0.03, "sided": None}, "sided")],
)
def test_a_p_value_that_can_not_be_computed_with_is_refused(given: dict[str, Any], reason: str) -> None:
    assert reason in candidates(without(FULL, "sd_e", "sd_c") | given, "MD")["reason"]


MEDIANS = {
    "statistic": "means",
    "median_e": 12,
    "q1_e": 9,
    "q3_e": 15,
    "n_e": 60,
    "median_c": 10,
    "q1_c": 7,
    "q3_c": 13,
    "n_c": 60,
}


def test_medians_give_a_candidate_by_each_method_and_a_note_on_skewness() -> None:
    found = candidates(MEDIANS, "MD")
    assert set(found) == {f"means_{name}" for name in METHODS}
    assert found["means_medians"]["yi"] == pytest.approx(2)
    assert any("no sign of skewness (Shi 2023" in note for note in found["means_medians"]["notes"])


def test_skewed_medians_with_a_range_take_the_box_cox_method_and_say_so() -> None:
    skewed = MEDIANS | {"median_e": 10, "q1_e": 9, "q3_e": 20, "min_e": 6, "max_e": 40}
    effect = candidates(skewed, "MD")["means_medians"]
    assert any("McGrath 2020, Box-Cox" in note for note in effect["notes"])
    assert any(note.startswith("the experimental arm: skewed") for note in effect["notes"])
    assert any("Luo 2018" in note for note in effect["notes"])


def test_an_arm_with_a_mean_may_stand_beside_one_with_a_median() -> None:
    mixed = {name: value for name, value in MEDIANS.items() if not name.endswith("_c")} | {
        "mean_c": 10,
        "sd_c": 4,
        "n_c": 60,
    }
    assert candidates(mixed, "MD")["means_medians"]["yi"] == pytest.approx(2)


def test_a_change_follows_from_baseline_and_final_values() -> None:
    figure = {"statistic": "mean_change", "correlation": 0.6}
    for arm, (before, after) in {"e": (10, 6), "c": (10, 9)}.items():
        figure |= {
            f"mean_baseline_{arm}": before,
            f"mean_final_{arm}": after,
            f"sd_baseline_{arm}": 3,
            f"sd_final_{arm}": 4,
            f"n_{arm}": 40,
        }
    effect = candidates(figure, "MD")["mean_change_baseline"]
    assert effect["yi"] == pytest.approx(-3)
    assert effect["vi"] == pytest.approx(2 * (9 + 16 - 2 * 0.6 * 12) / 40)
    unknown = without(figure, "correlation")
    assert "correlation of baseline and final values is not reported" in candidates(unknown, "MD")["reason"]
    imputed = candidates(unknown, "MD", correlation=0.6)["mean_change_baseline"]
    assert imputed["vi"] == pytest.approx(effect["vi"])
    assert "imputed correlation of 0.6" in imputed["notes"][0]


def test_a_ratio_of_means_needs_one_sign() -> None:
    assert "same sign" in candidates(FULL | {"mean_c": -1}, "ROM")["reason"]
