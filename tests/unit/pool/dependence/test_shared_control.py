"""Effects against one control arm: Gleser & Olkin (2009), chapter 19 of The Handbook of Research Synthesis, 2nd ed."""

import numpy as np
import pytest

from coppice.extract.route import Options
from coppice.extract.routes.means import Arm, standardised_mean_difference, with_unequal_variances
from coppice.extract.routes.two_by_two import DEFINITIONS, Table
from coppice.pool.dependence.model import sampling_covariance
from coppice.pool.dependence.shared_control import COVARIANCES, covariance_notes, refuse_unknown, shared_covariances

# table 19.1: three studies of up to three treatments with one control group each, events and patients
RISKS = (
    ("1", 1, (100, 4000), (40, 1000)),
    ("1", 2, (150, 4000), (40, 1000)),
    ("2", 1, (15, 400), (10, 200)),
    ("3", 1, (40, 1000), (150, 2000)),
    ("3", 2, (80, 1000), (150, 2000)),
    ("3", 3, (50, 1000), (150, 2000)),
)
# table 19.3: four studies of up to two treatments; means, the SD pooled over all groups of a study, patients
MEANS = (
    ("1", 1, 7.87, -1.36, 4.2593, 25, 25),
    ("1", 2, 4.35, -1.36, 4.2593, 22, 25),
    ("2", 1, 9.32, 0.98, 2.8831, 38, 40),
    ("3", 1, 8.08, 1.17, 3.1764, 50, 50),
    ("4", 1, 7.44, 0.45, 2.9344, 30, 30),
    ("4", 2, 5.34, 0.45, 2.9344, 30, 30),
)


def by_treatment(effects, measure):
    """Return estimates of each treatment, their covariance and Q by generalised least squares."""
    y = np.array([effect["yi"] for effect in effects])
    treatments = [effect["treatment"] for effect in effects]
    x = np.array([[float(name == other) for other in dict.fromkeys(treatments)] for name in treatments])
    inverse = np.linalg.inv(sampling_covariance(effects, 0.0, measure))
    covariance = np.linalg.inv(x.T @ inverse @ x)
    estimate = covariance @ x.T @ inverse @ y
    residual = y - x @ estimate
    return estimate, covariance, float(residual @ inverse @ residual)


def of_risks(measure):
    # the chapter takes control minus treatment, so that the arms change places
    effects = []
    for study, treatment, (events, n), (events_c, n_c) in RISKS:
        yi, vi = DEFINITIONS[measure].estimate(Table(events, n - events, events_c, n_c - events_c))
        reported = {"events_e": events, "n_e": n, "events_c": events_c, "n_c": n_c}
        effects.append(
            {"study": study, "treatment": treatment, "yi": -yi, "vi": vi, "statistic": "counts", "reported": reported}
        )
    return effects


@pytest.mark.parametrize(
    ("measure", "unit", "estimates", "q"),
    [
        ("RD", 1.0, [0.0200, 0.0043, 0.0211], 7.191),  # pages 361 and 362
        ("OR", 1.0, [0.5099, 0.0044, 0.4301], 2.057),  # page 363
        ("AS", 2.0, [0.1010, 0.0102, 0.0982], 4.264),  # page 365; the chapter's angle is twice ours
    ],
)
def test_risks_against_one_control_group_give_the_published_estimates(measure, unit, estimates, q):
    found, _, statistic = by_treatment(of_risks(measure), measure)
    assert found * unit == pytest.approx(estimates, abs=0.51e-4)
    assert statistic == pytest.approx(q, abs=1.1e-3)  # its last digit was rounded on the way


def test_log_risk_ratios_against_one_control_group_are_the_published_ones():
    estimates, _, _ = by_treatment(of_risks("RR"), "RR")
    assert estimates == pytest.approx([0.4875, 0.0006, 0.4047], abs=0.51e-4)  # page 363, which prints no Q


def test_the_covariance_of_the_published_estimates_is_the_published_one():
    _, risk_differences, _ = by_treatment(of_risks("RD"), "RD")
    assert risk_differences[[0, 0, 0, 1, 1, 2], [0, 1, 2, 1, 2, 2]] * 1e6 == pytest.approx(
        [24.612, 19.954, 13.323, 28.538, 13.255, 69.806], abs=0.51e-3
    )  # equation 19.7
    _, odds_ratios, _ = by_treatment(of_risks("OR"), "OR")
    assert odds_ratios[[0, 0, 0, 1, 1, 2], [0, 1, 2, 1, 2, 2]] == pytest.approx(
        [0.01412, 0.00712, 0.00425, 0.01178, 0.00455, 0.02703], abs=0.51e-5
    )  # page 363


def of_means():
    effects = []
    for study, treatment, mean, mean_c, sd, n, n_c in MEANS:
        yi = (mean - mean_c) / sd
        total = n_c + sum(row[5] for row in MEANS if row[0] == study)
        reported = {"mean_e": mean, "sd_e": sd, "n_e": n, "mean_c": mean_c, "sd_c": sd, "n_c": n_c}
        effects.append(
            {"study": study, "treatment": treatment, "yi": yi, "vi": 1 / n + 1 / n_c + yi**2 / (2 * total),
             "statistic": "means", "reported": reported}
        )  # fmt: skip
    return effects


def test_standardised_differences_in_one_pooled_sd_give_the_published_estimates():
    found, covariance, q = by_treatment(of_means(), "SMD")
    assert found == pytest.approx([2.374, 1.570], abs=0.51e-3)  # page 367
    assert covariance[[0, 0, 1], [0, 1, 1]] == pytest.approx([0.02257, 0.01244, 0.03554], abs=0.51e-5)
    assert q == pytest.approx(3.945, abs=0.51e-3)


# two treatments of 40 and 60 patients and one control group of 50, whose spread differs where the measure allows it
SIZES, TRUE_MEANS = (40, 60, 50), (1.2, 0.8, 0.0)


@pytest.mark.parametrize(
    ("measure", "estimate", "sds"),
    [("SMD", standardised_mean_difference, (1.0, 1.0, 1.0)), ("SMDH", with_unequal_variances, (1.0, 0.8, 1.5))],
)
def test_the_covariance_of_standardised_differences_is_that_of_simulated_trials(measure, estimate, sds):
    draws, generator = 30_000, np.random.default_rng(20091)
    means = [generator.normal(mu, sd / n**0.5, draws) for mu, sd, n in zip(TRUE_MEANS, sds, SIZES, strict=True)]
    spread = [sd * (generator.chisquare(n - 1, draws) / (n - 1)) ** 0.5 for sd, n in zip(sds, SIZES, strict=True)]
    arms = [
        [Arm(float(mean), float(sd), n) for mean, sd in zip(m, s, strict=True)]
        for m, s, n in zip(means, spread, SIZES, strict=True)
    ]
    found = [[estimate(e, c, Options())[0] for e, c in zip(arms[i], arms[2], strict=True)] for i in (0, 1)]
    simulated = float(np.cov(found)[0, 1])
    effects = []
    for arm in (0, 1):
        e, c = (Arm(TRUE_MEANS[i], sds[i] * (1 + 1e-9 * i), SIZES[i]) for i in (arm, 2))
        yi, vi = estimate(e, c, Options())
        reported = {"mean_e": e.mean, "sd_e": e.sd, "n_e": e.n, "mean_c": c.mean, "sd_c": c.sd, "n_c": c.n}
        effects.append({"study": "A", "yi": yi, "vi": vi, "statistic": "means", "reported": reported})
    # large-sample formulas: 1/n against 1/(n - 1) is 2 % at these sizes, and the simulation's error below 1 %
    assert shared_covariances(effects, measure)[0, 1] == pytest.approx(simulated, rel=0.04)


def figures(measure):
    if measure in ("IRR", "IRD", "IRSD"):
        return (
            "person_time",
            {"events_c": 12, "time_c": 300.0},
            [{"events_e": 5, "time_e": 280.0}, {"events_e": 7, "time_e": 310.0}],
        )
    if measure in ("MD", "SMD", "SMDH", "SMD1", "SMD1H", "ROM", "CVR", "VR"):
        control = {"mean_c": 4.0, "sd_c": 2.0, "n_c": 40}
        return "means", control, [{"mean_e": 6.0, "sd_e": 2.5, "n_e": 35}, {"mean_e": 5.0, "sd_e": 1.5, "n_e": 45}]
    return "counts", {"events_c": 12, "n_c": 40}, [{"events_e": 5, "n_e": 35}, {"events_e": 9, "n_e": 45}]


@pytest.mark.parametrize("measure", COVARIANCES)
def test_an_arm_compared_with_itself_shares_its_part_of_the_variance(measure):
    # the covariance of two effects whose treated arms become infinitely large is the whole variance of either
    from coppice.extract.outcome import extract_outcome

    statistic, control, _ = figures(measure)
    huge = 10**9
    treated = {
        "counts": {"events_e": huge * 12 // 40, "n_e": huge},
        "person_time": {"events_e": huge * 12, "time_e": huge * 300.0},
        "means": {"mean_e": 4.0, "sd_e": 2.0 * (1 + 1e-12), "n_e": huge},
    }[statistic]
    figure = {"statistic": statistic, "source": {"report": "p"}, **control, **treated}
    spec = {
        "study": "A", "outcome": "os", "population": "A", "note": None, "reported": [figure],
        "measures": {measure: {"measure": measure, "options": {}}},
    }  # fmt: skip
    made = extract_outcome(spec)["measures"][measure]["candidates"][0]
    effect = {
        "study": "A",
        "yi": made["yi"],
        "vi": made["vi"] * 1.001,
        "statistic": statistic,
        "reported": control | treated,
    }
    assert shared_covariances([effect, effect], measure)[0, 1] == pytest.approx(made["vi"], rel=1e-6)


def pair(measure="OR", **more):
    statistic, control, treated = figures(measure)
    return [
        {"study": "A", "yi": 0.1, "vi": 0.9, "statistic": statistic, "reported": control | arm | more}
        for arm in treated
    ]


def test_a_split_control_arm_is_not_shared_any_more():
    assert shared_covariances(pair(split_c=2), "OR") == {}


def test_a_control_arm_without_events_or_in_clusters_has_no_known_covariance():
    assert shared_covariances(pair(events_c=0), "OR") == {(0, 1): None}
    assert shared_covariances(pair(cluster_size=12), "OR") == {(0, 1): None}


def test_a_measure_without_a_covariance_is_taken_by_rho_and_says_so_or_is_refused():
    assert sampling_covariance(pair(), 0.5, "PETO")[0, 1] == pytest.approx(0.45)
    said = "share a control arm; their covariance is unknown for the measure PETO, so rho is used: A."
    assert covariance_notes(pair(), "PETO") == [f"Effects of one study {said}"]
    with pytest.raises(
        ValueError, match="effects of A have the same control arm, whose covariance is not known for PETO"
    ):
        refuse_unknown(pair(), "PETO")
    refuse_unknown(pair(), "OR")


def test_means_with_a_standard_error_in_place_of_the_sd_share_their_arm_too():
    one, other = pair("MD"), pair("MD")
    for effect in other:
        effect["reported"] |= {"se_c": 2.0 / 40**0.5}
        del effect["reported"]["sd_c"]
    assert shared_covariances(other, "MD") == pytest.approx(shared_covariances(one, "MD"))


def test_a_rho_that_the_shared_arms_rule_out_is_refused_by_name():
    effects = [*pair(), pair()[0] | {"reported": None}]
    for effect in effects:
        effect["vi"] = 0.15
    with pytest.raises(
        ValueError, match=r"rho 0\.99 contradicts the correlations that the shared control arms of A imply"
    ):
        sampling_covariance(effects, 0.99, "OR")
