"""extract.arms and extract.clusters: arms that share patients, and clusters."""

import random
from statistics import fmean, stdev
from typing import Any

import pytest

from coppice.extract.combined_arms import combine_means, resolved
from coppice.extract.design_effect import design_effect
from coppice.extract.outcome import extract_outcome


def candidate(figure: dict[str, Any], measure: str, **options: Any) -> Any:
    spec = {"study": "S", "outcome": "o", "population": "S", "reported": [figure]}
    result = extract_outcome(spec | {"measures": {measure: {"measure": measure, "options": options}}})
    found = result["measures"][measure]["candidates"]
    return found[0] if found else result["unused"][0]["reason"]


def test_combined_means_are_those_of_all_patients_together() -> None:
    source = random.Random(1)
    arms = [[source.gauss(mean, sd) for _ in range(n)] for mean, sd, n in ((10, 2, 20), (12, 3, 31), (7, 1, 12))]
    everyone = [value for arm in arms for value in arm]
    total = combine_means([{"n": len(arm), "mean": fmean(arm), "sd": stdev(arm)} for arm in arms])
    assert (total["n"], total["mean"], total["sd"]) == pytest.approx((63, fmean(everyone), stdev(everyone)))


def test_counts_of_several_arms_are_summed_and_the_note_says_so() -> None:
    figure = {
        "statistic": "counts",
        "combine_e": [{"events": 3, "n": 40}, {"events": 5, "n": 41}],
        "events_c": 9,
        "n_c": 40,
    }
    whole = {"statistic": "counts", "events_e": 8, "n_e": 81, "events_c": 9, "n_c": 40}
    found, expected = candidate(figure, "RR"), candidate(whole, "RR")
    assert (found["yi"], found["vi"]) == (expected["yi"], expected["vi"])
    assert found["notes"] == ["2 arms combined into the experimental arm"]
    assert found["reported"]["combine_e"] == figure["combine_e"]


def test_a_shared_control_arm_is_split() -> None:
    figure = {"statistic": "counts", "events_e": 8, "n_e": 40, "events_c": 9, "n_c": 41, "split_c": 2}
    found, note = resolved(figure)
    assert (found["events_c"], found["n_c"]) == (4.5, 20.5)
    assert "shared by 2 comparisons" in note[0]
    plain = {name: value for name, value in figure.items() if name != "split_c"}
    assert candidate(figure, "RR")["yi"] == pytest.approx(candidate(plain, "RR")["yi"])
    assert candidate(figure, "RR")["vi"] > candidate(plain, "RR")["vi"]


def test_a_shared_control_arm_keeps_its_mean_and_sd() -> None:
    figure = {"statistic": "means", "mean_e": 5, "sd_e": 2, "n_e": 30, "mean_c": 4, "sd_c": 2, "n_c": 30, "split_c": 2}
    assert candidate(figure, "MD")["vi"] == pytest.approx(4 / 30 + 4 / 15)


def test_an_arm_to_be_combined_that_lacks_a_field_is_refused() -> None:
    figure = {
        "statistic": "means",
        "combine_e": [{"mean": 1, "n": 4}, {"mean": 1, "sd": 2, "n": 4}],
        "mean_c": 4,
        "sd_c": 2,
        "n_c": 30,
    }
    assert "an entry of combine_e has no sd" in candidate(figure, "MD")


CLUSTERED = {
    "statistic": "counts",
    "events_e": 63,
    "n_e": 295,
    "events_c": 84,
    "n_c": 330,
    "cluster_size": 29.8,
    "icc": 0.02,
}


def test_the_design_effect_is_that_of_the_handbook() -> None:
    """Handbook 23.1.5, an example with 295 and 330 patients in clusters of 29.8 and an ICC of 0.02: 1.576."""
    assert design_effect(29.8, 0.02) == pytest.approx(1.576, abs=5e-4)


def test_the_variance_is_that_of_the_effective_sample_size() -> None:
    """Handbook 23.1.5: events and patients divided by the design effect: 40/187.2 and 53.3/209.4."""
    effective = {"statistic": "counts"} | {
        name: CLUSTERED[name] / 1.576 for name in ("events_e", "n_e", "events_c", "n_c")
    }
    found, expected = candidate(CLUSTERED, "RR"), candidate(effective, "RR")
    assert (found["yi"], found["vi"]) == pytest.approx((expected["yi"], expected["vi"]), rel=1e-4)
    assert found["notes"] == ["variance multiplied by the design effect 1.576 (clusters of 29.8, ICC 0.02, reported)"]


def test_an_icc_is_imputed_only_where_it_is_asked_for() -> None:
    unknown = {name: value for name, value in CLUSTERED.items() if name != "icc"}
    assert "without an intracluster correlation" in candidate(unknown, "RR")
    assert "imputed" in candidate(unknown, "RR", icc=0.02)["notes"][0]
