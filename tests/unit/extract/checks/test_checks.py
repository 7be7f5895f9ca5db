"""Each check finds what it is for; the trials are those of the shipped review and, where said, examples made for the test."""

from __future__ import annotations

from typing import Any

import pytest

from coppice.core.errors import BadInput
from coppice.extract.checks.registry import CHECKS
from coppice.review.review import error_problems
from coppice.review.strict_yaml import loads

from .reviews import REPORTS, findings, found, study

Figure = dict[str, Any]


def ratio(estimate: float, low: float, high: float, **fields: Any) -> Figure:
    return {"statistic": "hazard_ratio", "estimate": estimate, "ci": [low, high]} | fields


def survival(e: float, c: float, time: float = 2, **fields: Any) -> Figure:
    return {"statistic": "survival", "time": time, "unit": "years", "survival_e": e, "survival_c": c} | fields


def counts(a: int | None, n1: int | None, c: int | None, n2: int | None, **fields: Any) -> Figure:
    return {"statistic": "counts", "events_e": a, "n_e": n1, "events_c": c, "n_c": n2} | fields


def means(e: tuple[float, float, int], c: tuple[float, float, int], **fields: Any) -> Figure:
    names = ("mean_e", "sd_e", "n_e", "mean_c", "sd_c", "n_c")
    return {"statistic": "means"} | dict(zip(names, (*e, *c), strict=True)) | fields


OTHER = {"source": {"report": "other"}}

CASES: list[tuple[str, str, list[Figure]]] = [
    ("interval_asymmetric", "a misprinted upper limit", [ratio(0.70, 0.47, 1.31)]),
    ("interval_asymmetric", "a difference of proportions near 1 (20120215, with residual disease)",
     [{"statistic": "risk_difference", "estimate": 0.691, "ci": [0.454, 0.855]}]),
    ("interval_and_se", "an interval of another level", [ratio(0.70, 0.47, 1.03, se_log=0.24)]),
    ("interval_and_p", "a p from another outcome", [ratio(0.70, 0.47, 1.03, p=0.004, sided=2)]),
    ("p_one_sided", "a p below 0.05 beside an interval that holds the null, as it would be without zeros lost", [ratio(0.65, 0.41, 1.03, p=0.033)]),
    ("interval_and_p", "a p that no test of this interval gives, on the other side of significance", [ratio(0.65, 0.41, 1.03, p=0.022)]),
    ("p_one_sided", "a p said to be two-sided beside an interval that holds the null", [ratio(0.65, 0.41, 1.03, p=0.033, sided=2)]),
    ("interval_and_p", "a ratio that the interval excludes and p does not", [ratio(0.62, 0.39, 0.98, p=0.085, sided=2)]),
    ("interval_and_p", "a p and a standard error", [{"statistic": "hazard_ratio", "estimate": 0.5, "se_log": 0.2, "p": 0.2, "sided": 2}]),
    ("interval_and_p", "a mean difference that is significant by p only",
     [{"statistic": "mean_difference", "estimate": 2.0, "ci": [-1.0, 5.0], "p": 0.01, "sided": 2}]),
    ("p_one_sided", "AALL1331-HRIR, disease-free survival: the p as recalled", [ratio(0.70, 0.47, 1.03, p=0.03, sided=None)]),
    ("p_one_sided", "AALL1331-LR, disease-free survival: the p as recalled", [ratio(0.76, 0.51, 1.14, p=0.089, sided=None)]),
    ("p_one_sided", "AALL1331-LR, overall survival: the p as recalled", [ratio(0.65, 0.32, 1.30, p=0.11, sided=2)]),
    ("logrank_and_p", "a chi-squared that is not that of the p", [{"statistic": "logrank", "chi2": 5.2, "p": 0.2, "sided": 2}]),
    ("logrank_and_p", "an O - E that is not that of the chi-squared", [{"statistic": "logrank", "o_minus_e": -10.0, "v": 25.0, "chi2": 9.1}]),
    ("p_zero", "0.000 of a statistics program", [ratio(0.39, 0.24, 0.64, p=0.0)]),
    ("p_bound", "TOWER, event-free survival: a bound and no interval", [{"statistic": "hazard_ratio", "estimate": 0.55, "p": "<0.001"}]),
    ("rmst_without_horizon", "AALL1731: 72 days, horizon not stated",
     [{"statistic": "rmst_difference", "estimate": 72, "ci": [36, 108], "unit": "days", "horizon": None}]),
    ("percentage_impossible", "a percentage of another denominator", [counts(91, 267, 20, 100, percent_e=33.6)]),
    ("percentage_impossible", "no count of 20 is 17%", [counts(None, 20, 3, 20, percent_e=17)]),
    ("mean_impossible", "no 19 whole numbers have the mean 5.19 (Brown and Heathers 2017)", [means((5.19, 1.2, 28), (5.0, 1.1, 28), step=1)]),
    ("sd_and_se", "a standard error that is not that of the SD", [means((20.0, 6.0, 36), (18.0, 6.0, 36), se_e=2.0)]),
    ("sd_and_se", "an interval that is not that of the SD", [means((20.0, 6.0, 36), (18.0, 6.0, 36), ci_e=[14.0, 26.0])]),
    ("arms_above_total", "deaths of the arms above the total", [{"statistic": "logrank", "events": 248, "events_e": 164, "events_c": 87, "chi2": 6.3}]),
    ("parts_above_total", "strata of more patients than the whole",
     [counts(44, 49, 26, 48), counts(27, 31, 6, 25, population="S/positive"), counts(17, 20, 20, 23, population="S/negative")]),
    ("hazard_ratio_inverted", "AALL1331-LR, marrow relapse, disease-free survival as the page prints it", [ratio(1.89, 1.05, 3.33), survival(0.727, 0.537)]),
    ("hazard_ratio_inverted", "AALL1331-LR, marrow relapse, overall survival as the page prints it", [ratio(3.57, 0.98, 12.5), survival(0.971, 0.848)]),
    ("hazard_ratio_inverted", "AALL1331-HRIR, disease-free survival as a page prints it", [ratio(1.43, 0.97, 2.13), survival(0.544, 0.390)]),
    ("hazard_ratio_inverted", "AALL1331-HRIR, overall survival as a page prints it", [ratio(1.60, 1.02, 2.56), survival(0.713, 0.584)]),
    ("hazard_ratio_inverted", "marked as inverted although it was not", [ratio(0.39, 0.24, 0.64, inverted=True), survival(0.960, 0.879)]),
    ("hazard_ratio_inverted", "against medians", [ratio(1.41, 1.08, 1.82), {"statistic": "median_survival", "median_e": 7.7, "median_c": 4.0, "unit": "months"}]),
    ("hazard_ratio_size", "a hazard ratio of other patients", [ratio(0.90, 0.75, 1.08), survival(0.95, 0.60)]),
    ("survival_at_bound", "Beijing: 100% of 90", [survival(1.0, 0.9)]),
    ("survival_rises", "INFANT: 81.6% at 2 years, 83.3% at 4", [survival(0.833, 0.440, 4), survival(0.816, 0.494, 2)]),
    ("survival_rises", "a digitised curve that rises",
     [{"statistic": "km_curve", "times": [0, 1, 2], "survival_e": [1, 0.8, 0.85], "survival_c": [1, 0.7, 0.6], "unit": "years"}]),
    ("routes_disagree", "a hazard ratio and survival with its errors that are worlds apart",
     [ratio(0.90, 0.81, 1.00), survival(0.90, 0.50, se_e=0.02, se_c=0.03)]),
    ("reports_differ", "AALL1331-HRIR, disease-free survival in two reports", [survival(0.544, 0.390), survival(0.593, 0.410) | OTHER]),
    ("reports_differ", "AALL1331-HRIR, transplantations in two reports",
     [counts(74, 105, 44, 103), {"statistic": "counts", "percent_e": 79, "percent_c": 45} | OTHER]),
    ("reports_differ", "TOWER, duration of remission on two pages",
     [{"statistic": "median_survival", "median_e": 7.3, "median_c": 4.6, "unit": "months"},
      {"statistic": "median_survival", "median_e": 7.3, "median_c": 4.4, "unit": "months"} | OTHER]),
    ("n_differs", "AALL1331-HRIR: 105 and 103 in the paper, 107 and 109 in FDA's summary",
     [counts(79, 105, 33, 103), ratio(0.62, 0.39, 0.98, n_e=107, n_c=109) | OTHER]),
    ("direction_and_counts", "a ratio and counts that favour different arms", [ratio(0.5, 0.3, 0.8), counts(60, 100, 40, 100)]),
    ("direction_and_counts", "counts within the figure of the ratio", [ratio(0.5, 0.3, 0.8, events_e=60, n_e=100, events_c=40, n_c=100)]),
    ("direction_and_counts", "an inverted ratio", [ratio(2.0, 1.25, 3.3, inverted=True), counts(60, 100, 40, 100)]),
    ("direction_and_counts", "a ratio without its interval", [{"statistic": "hazard_ratio", "estimate": 0.5}, counts(60, 100, 40, 100)]),
    ("direction_and_counts", "O - E", [{"statistic": "logrank", "o_minus_e": -12.0, "v": 22.0}, counts(60, 100, 40, 100)]),
    ("direction_and_counts", "person-time", [ratio(0.5, 0.3, 0.8), {"statistic": "person_time", "events_e": 60, "time_e": 100, "events_c": 20, "time_c": 100}]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("check", "example", "figures"), CASES, ids=[f"{check}: {example}" for check, example, _ in CASES]
)
def test_a_check_finds_what_it_is_for(check: str, example: str, figures: list[Figure]) -> None:
    measure = {"means": "MD", "counts": "RR"}.get(figures[0]["statistic"], "HR")
    assert check in found(study("S", *figures), measure=measure)


CLEAN: list[tuple[str, list[Figure]]] = [
    ("a ratio beside counts that favour the same arm", [ratio(0.5, 0.3, 0.8), counts(40, 100, 60, 100)]),
    (
        "a small effect whose counts lean the other way, as censoring may have it",
        [ratio(0.9, 0.7, 1.16), counts(60, 100, 40, 100)],
    ),
    ("a clear ratio beside counts that say little", [ratio(0.5, 0.3, 0.8), counts(52, 100, 50, 100)]),
    (
        "a clear ratio beside counts of other patients",
        [ratio(0.5, 0.3, 0.8), counts(60, 100, 40, 100, population="S/part")],
    ),
    (
        "AALL1731: Cox hazard ratio, survival at 3 years with errors",
        [ratio(0.39, 0.24, 0.64), survival(0.960, 0.879, 3, se_e=0.012, se_c=0.021)],
    ),
    ("the inverted ratios of AALL1331 once marked", [ratio(1.89, 1.05, 3.33, inverted=True), survival(0.727, 0.537)]),
    (
        "E1910: three hazard ratios with their p",
        [
            ratio(0.41, 0.23, 0.73, p=0.002),
            ratio(0.42, 0.24, 0.75, p=0.003),
            ratio(0.20, 0.08, 0.54, p=0.002, population="S/young"),
        ],
    ),
    (
        "TOWER: hazard ratio, p and medians",
        [
            ratio(0.71, 0.55, 0.93, p=0.01),
            {"statistic": "median_survival", "median_e": 7.7, "median_c": 4.0, "unit": "months"},
        ],
    ),
    ("AALL1331-LR with a p that is said to be one-sided", [ratio(0.76, 0.51, 1.14, p=0.089, sided=1)]),
    (
        "percentages rounded twice: 77 of 102 as 76, 35 of 62 as 57",
        [counts(77, 102, 35, 62, percent_e=76, percent_c=57)],
    ),
    ("a bound beside an interval", [ratio(0.33, 0.18, 0.61, p="<0.001")]),
    (
        "a hazard ratio near 1 beside survival that is a little the other way",
        [ratio(1.05, 0.80, 1.38), survival(0.61, 0.59)],
    ),
    (
        "a log-rank p just below 0.05 beside a Wald interval that just holds the null",
        [ratio(0.67, 0.45, 1.01, p=0.048)],
    ),
    ("an exact p beside a Wald interval", [{"statistic": "odds_ratio", "estimate": 0.76, "ci": [0.4, 1.5], "p": 0.39}]),
    (
        "curves that begin at 1",
        [{"statistic": "km_curve", "times": [0, 1], "survival_e": [1, 0.8], "survival_c": [1, 0.7], "unit": "years"}],
    ),
    ("means of scores that need not be whole", [means((5.19, 1.2, 28), (5.0, 1.1, 28))]),
]


@pytest.mark.parametrize(("example", "figures"), CLEAN, ids=[example for example, _ in CLEAN])
def test_a_check_is_silent_where_rounding_and_chance_explain_it(example: str, figures: list[Figure]) -> None:
    assert found(study("S", *figures), measure={"means": "MD", "counts": "RR"}.get(figures[0]["statistic"], "HR")) == []


def test_every_check_has_a_case() -> None:
    elsewhere = {
        "events_above_n",
        "p_repeated",
        "n_above_arm",
        "shared_patients",
        "copied_figures",
        "shared_control",
        "sd_is_se",
        "total_by_name",
        "total_by_sum",
        *(name for name, check in CHECKS.items() if check.level in ("flow", "claim", "evidence")),
    }
    assert {check for check, _, _ in CASES} | elsewhere == set(CHECKS)


# -- The whole study ---------------------------------------------------------------------------------------------------

ARMS = {"experimental": {"name": "E", "n": 105}, "control": {"name": "C", "n": 103}}


def test_one_p_for_two_outcomes_whose_survival_differs_is_found() -> None:
    """AALL1331-HRIR in the digest of 2019: p = .05 for disease-free and for overall survival."""
    outcomes = {
        "efs": {"reported": [survival(0.593, 0.410, p=0.05) | OTHER]},
        "os": {"reported": [survival(0.794, 0.592, p=0.05) | OTHER]},
    }
    record = study("S", arms=ARMS, outcomes=outcomes)
    assert [(item["check"], item["outcome"]) for item in findings(record, outcome="os")] == [("p_repeated", "os")]


def test_one_p_for_two_outcomes_with_like_survival_is_not() -> None:
    outcomes = {
        "efs": {"reported": [survival(0.60, 0.45, p=0.02) | OTHER]},
        "os": {"reported": [survival(0.65, 0.50, p=0.02) | OTHER]},
    }
    assert found(study("S", arms=ARMS, outcomes=outcomes), outcome="os") == []


def test_a_figure_of_more_patients_than_the_arm_is_found() -> None:
    assert found(study("S", ratio(0.62, 0.39, 0.98, n_e=107, n_c=103), arms=ARMS)) == ["n_above_arm"]


# -- The studies of an analysis ----------------------------------------------------------------------------------------


def test_a_part_pooled_with_the_whole_is_found() -> None:
    whole = study("ONE", counts(20, 100, 30, 100), population="TRIAL")
    part = study("TWO", counts(9, 50, 14, 50), population="TRIAL/young")
    assert found(whole, part, measure="RR") == ["shared_patients"]


def test_two_records_of_one_trial_are_found_by_their_figures() -> None:
    figure = counts(20, 117, 31, 115)
    (hit,) = findings(study("ASH2019", figure), study("JAMA2021", figure), measure="RR")
    assert (hit["check"], hit["study"]) == ("copied_figures", "JAMA2021")


def test_each_copy_is_named_once_however_many_there_are() -> None:
    found_ = findings(*(study(f"S{number}", counts(20, 117, 31, 115)) for number in range(5)), measure="RR")
    assert [(item["check"], item["study"]) for item in found_] == [("copied_figures", f"S{n}") for n in range(1, 5)]


def test_small_tables_that_happen_to_agree_are_not_found() -> None:
    assert found(study("ONE", counts(1, 8, 2, 8)), study("TWO", counts(1, 8, 2, 8)), measure="RR") == []


def test_two_comparisons_with_one_control_arm_are_found() -> None:
    reports = {"paper": {"citation": "Somebody 2020", "doi": "10.1000/1"}}
    low = study("LOW", counts(20, 100, 30, 99), population="T/low", reports=reports)
    high = study("HIGH", counts(15, 101, 30, 99), population="T/high", reports=reports)
    assert found(low, high, measure="RR") == ["shared_control"]


def test_an_sd_that_is_an_error_is_found() -> None:
    others = [study(f"S{index}", means((20.0 + index, 6.0 + index / 10, 50), (18.0, 6.2, 50))) for index in range(4)]
    slip = study("SLIP", means((21.0, 0.85, 50), (18.0, 0.87, 50)))
    for measure in ("MD", "SMD"):
        assert [item["study"] for item in findings(*others, slip, measure=measure) if item["check"] == "sd_is_se"] == [
            "SLIP"
        ]


# -- Accepting ---------------------------------------------------------------------------------------------------------

RISING = [survival(0.833, 0.440, 4), survival(0.816, 0.494, 2)]
REASON = {"survival_rises": "early censoring"}


@pytest.mark.parametrize("where", ["figure", "outcome", "study"])
def test_an_accepted_finding_stays_in_the_list_with_its_reason(where: str) -> None:
    figures = [RISING[0], RISING[1] | ({"accept": REASON} if where == "figure" else {})]
    outcome = {"reported": [figure | {"source": {"report": "paper"}} for figure in figures]} | (
        {"accept": REASON} if where == "outcome" else {}
    )
    parts = {"accept": REASON} if where == "study" else {}
    (item,) = findings(study("S", outcomes={"o": outcome}, **parts))
    assert (item["check"], item["accepted"], item["severity"], item["figure"]) == (
        "survival_rises",
        "early censoring",
        "warning",
        1,
    )


def test_an_accept_of_nothing_is_found() -> None:
    assert found(study("S", ratio(0.70, 0.47, 1.03), accept=REASON)) == ["accept_unused"]


def test_an_unknown_check_can_not_be_accepted() -> None:
    with pytest.raises(BadInput, match="did you mean 'survival_rises'"):
        study("S", *RISING, accept={"survival_rise": "x"})


# -- Errors ------------------------------------------------------------------------------------------------------------


def test_an_error_stops_the_review_with_the_place_and_what_to_do() -> None:
    (problem,) = error_problems(study("S", ratio(1.89, 1.05, 3.33), survival(0.727, 0.537)))
    assert problem.where == "S: outcomes.o.reported.0"
    for words in (
        "contradicts survival at 2 years of 0.727 and 0.537",
        "write `inverted: true`",
        "accept: {hazard_ratio_inverted: the reason}",
    ):
        assert words in problem.message


def test_an_accepted_error_does_not_stop_the_review() -> None:
    figures = [ratio(1.89, 1.05, 3.33, accept={"hazard_ratio_inverted": "the curves cross"}), survival(0.727, 0.537)]
    assert list(error_problems(study("S", *figures))) == []


def test_a_finding_has_the_same_fields_whatever_it_is_about() -> None:
    records = [study("S", *RISING), study("T", *RISING, population="S/part", reports=REPORTS)]
    for item in findings(*records):
        assert list(item) == ["check", "severity", "study", "outcome", "figure", "sentence", "accepted"]
        assert item["study"] and item["sentence"] and item["severity"] in ("error", "warning")


# -- Zeros at the end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("check", "written", "shortened"),
    [
        (
            "percentage_impossible",
            "{statistic: counts, percent_e: 34.0, n_e: 267, percent_c: 20.0, n_c: 100}",
            "{statistic: counts, percent_e: 34, n_e: 267, percent_c: 20, n_c: 100}",
        ),
        (
            "interval_and_p",
            "{statistic: hazard_ratio, estimate: 0.40, ci: [0.20, 0.80], p: 0.050, sided: 2}",
            "{statistic: hazard_ratio, estimate: 0.4, ci: [0.2, 0.8], p: 0.05, sided: 2}",
        ),
        (
            "sd_and_se",
            "{statistic: means, mean_e: 20, sd_e: 6.00, n_e: 36, se_e: 1.10, mean_c: 18, sd_c: 6.00, n_c: 36}",
            "{statistic: means, mean_e: 20, sd_e: 6, n_e: 36, se_e: 1.1, mean_c: 18, sd_c: 6, n_c: 36}",
        ),
    ],
)
def test_zeros_at_the_end_tell_how_far_a_number_was_rounded(check: str, written: str, shortened: str) -> None:
    """The shortened figures may agree; as they were printed they do not."""
    of = {"written": loads(written, "f").data, "shortened": loads(shortened, "f").data}
    hits = {name: found(study("S", figure), measure="RR") for name, figure in of.items()}
    assert check in hits["written"] and check not in hits["shortened"]
