"""extract.paired_means: crossover trials and changes within one group."""

import math
import random
from random import Random
from statistics import correlation, fmean, stdev
from typing import Any

import pytest
from scipy.stats import ttest_rel

from coppice.extract.outcome import extract_outcome
from coppice.extract.route import Options
from coppice.extract.routes.means import Arm
from coppice.extract.routes.paired_means import by_average_sd, by_average_sd_unequal


def candidate(figure: dict[str, Any], measure: str, **options: Any) -> Any:
    spec = {"study": "S", "outcome": "o", "population": "S", "reported": [{"statistic": "paired_means"} | figure]}
    result = extract_outcome(spec | {"measures": {measure: {"measure": measure, "options": options}}})
    found = result["measures"][measure]["candidates"]
    return found[0] if found else result["unused"][0]["reason"]


def trial(seed: int, n: int = 12) -> tuple[list[float], list[float]]:
    source = random.Random(seed)
    levels = [source.gauss(20, 3) for _ in range(n)]
    return [level + source.gauss(2, 2) for level in levels], [level + source.gauss(0, 2) for level in levels]


FIRST, SECOND = trial(1)
DIFFERENCES = [one - other for one, other in zip(FIRST, SECOND, strict=True)]
MEANS = {"mean_e": fmean(FIRST), "mean_c": fmean(SECOND), "n": 12}
SDS = {"sd_e": stdev(FIRST), "sd_c": stdev(SECOND)}
R = correlation(FIRST, SECOND)


def test_the_correlation_gives_the_variance_of_the_differences() -> None:
    for measure in ("MD", "MC"):
        effect = candidate(MEANS | SDS | {"correlation": R}, measure)
        assert effect["yi"] == pytest.approx(fmean(DIFFERENCES))
        assert effect["vi"] == pytest.approx(stdev(DIFFERENCES) ** 2 / 12)


@pytest.mark.parametrize(
    "given",
    [
        {"sd_difference": stdev(DIFFERENCES)},
        {"se_difference": stdev(DIFFERENCES) / math.sqrt(12)},
        {"t": ttest_rel(FIRST, SECOND).statistic},
    ],
    ids=["SD", "SE", "t"],
)
def test_the_spread_of_the_differences_implies_the_correlation(given: dict[str, float]) -> None:
    expected = candidate(MEANS | SDS | {"correlation": R}, "SMCR")
    found = candidate(MEANS | SDS | given, "SMCR")
    assert (found["yi"], found["vi"]) == pytest.approx((expected["yi"], expected["vi"]))
    assert found["notes"][0].startswith(f"correlation {R:.4f} implied by")
    alone = candidate(MEANS | given, "MD")
    assert alone["route"] == "paired_difference"
    assert alone["vi"] == pytest.approx(stdev(DIFFERENCES) ** 2 / 12)


def test_an_imputed_correlation_is_asked_for_and_flagged() -> None:
    assert "correlation of the two measurements is not reported" in candidate(MEANS | SDS, "MD")
    effect = candidate(MEANS | SDS, "MD", correlation=0.5)
    assert effect["notes"] == ["correlation 0.5 imputed, as none is reported"]


def test_figures_that_imply_no_correlation_are_refused() -> None:
    assert "imply a correlation of" in candidate(MEANS | SDS | {"sd_difference": 100}, "MD")


def test_the_second_measurement_may_standardise() -> None:
    figure = MEANS | SDS | {"correlation": R, "standardise_by": "control"}
    turned = {
        "mean_e": MEANS["mean_c"],
        "sd_e": SDS["sd_c"],
        "mean_c": MEANS["mean_e"],
        "sd_c": SDS["sd_e"],
        "n": 12,
        "correlation": R,
    }
    for measure in ("SMCR", "SMCRH"):
        found, expected = candidate(figure, measure), candidate(turned, measure)
        assert (found["yi"], found["vi"]) == pytest.approx((-expected["yi"], expected["vi"]))


def test_the_variance_of_a_crossover_trials_smd_is_that_of_simulated_ones() -> None:
    """2000 trials of 40 patients with correlation 0.69."""
    found = []
    for seed in range(2000):
        one, other = trial(seed, 40)
        arms = Arm(fmean(one), stdev(one), 40), Arm(fmean(other), stdev(other), 40)
        found.append(by_average_sd(*arms, correlation(one, other), Options()))
    effects, variances = zip(*found, strict=True)
    assert fmean(effects) == pytest.approx(2 / math.sqrt(13), rel=0.02)
    assert fmean(variances) == pytest.approx(stdev(effects) ** 2, rel=0.06)


def test_without_correlation_the_smd_is_that_of_a_parallel_trial() -> None:
    e, c = Arm(12, 3, 50), Arm(10, 3, 50)
    yi, vi = by_average_sd(e, c, 0.0, Options())
    assert vi == pytest.approx(2 / 50 + yi**2 / 200)


def test_smcrp_is_the_smd_of_a_crossover_trial_and_smcrph_the_same_effect() -> None:
    figure = MEANS | SDS | {"correlation": R}
    pooled, unequal = candidate(figure, "SMCRP"), candidate(figure, "SMCRPH")
    assert (pooled["yi"], pooled["vi"]) == (candidate(figure, "SMD")["yi"], candidate(figure, "SMD")["vi"])
    assert unequal["yi"] == pooled["yi"] and unequal["vi"] != pooled["vi"]


def test_with_equal_sds_smcrph_has_the_variance_of_smcrp_with_n_minus_1() -> None:
    e, c = Arm(12, 3, 50), Arm(10, 3, 50)
    assert by_average_sd_unequal(e, c, 0.4, Options())[1] * 49 == pytest.approx(
        by_average_sd(e, c, 0.4, Options())[1] * 50
    )


def test_the_variance_of_smcrph_is_that_of_simulated_changes_with_unequal_sds() -> None:
    """3000 groups of 40 whose second SD is twice the first, correlation 0.6."""
    random, found = Random(5), []
    for _ in range(3000):
        one = [random.gauss(0, 1) for _ in range(40)]
        other = [2 * (0.6 * z + 0.8 * random.gauss(0, 1)) + 1.5 for z in one]
        arms = Arm(fmean(one), stdev(one), 40), Arm(fmean(other), stdev(other), 40)
        found.append(by_average_sd_unequal(*arms, correlation(one, other), Options()))
    effects, variances = zip(*found, strict=True)
    assert fmean(effects) == pytest.approx(-1.5 / math.sqrt(2.5), rel=0.02)
    assert fmean(variances) == pytest.approx(stdev(effects) ** 2, rel=0.06)
