"""`draft`: what is read in sentences of every style, and what is left out. All sentences are made up."""

from __future__ import annotations

import time
from typing import Any

import pytest

from coppice.tools.draft.guess import guessed
from coppice.tools.draft.patterns import PATTERNS
from coppice.tools.draft.prefilter import Prefilter
from coppice.tools.draft.reader import as_json, of_names, read
from coppice.tools.draft.traps import PARTS

SENTENCES = [
    "At baseline the median (IQR) was 3 (2-4) in 12% of 40 adults aged 18 to 65 years (HR 0.71; 95% CI, 0.5 to 0.9; P<0.001).",
    "We assumed 80% power, a margin of 1.3 and an alpha of 0.05; in an earlier trial [12] costs were $40 per patient-year.",
    "Mean change ± SE at 12 weeks: 3.1 ± 0.2 mg/dL (n=40; χ2 = 4.1; range 1-9), a difference of 1.2 and one in eight.",
]
ARMS = {"experimental": ["velotinib"], "control": ["placebo"]}


def proposals(text: str, arms: dict[str, list[str]] | None = None) -> list[dict[str, Any]]:
    """Return what is read in a text, without quotes."""
    document = read(text, of_names(ARMS if arms is None else arms))
    return [{key: value for key, value in item.items() if key != "quote"} for item in as_json(document, text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Death was less frequent with velotinib (hazard ratio, 0.71; 95% CI, 0.55 to 0.92; P=0.009).",
            {"statistic": "hazard_ratio", "estimate": "0.71", "ci": ["0.55", "0.92"], "p": "0.009", "p_op": "="},
        ),
        (
            "Death was less frequent (HR 0·71 [99% CI 0·55–0·92]; two-sided p<·01).",
            {
                "statistic": "hazard_ratio",
                "estimate": "0.71",
                "ci": ["0.55", "0.92"],
                "level": "0.99",
                "p": "0.01",
                "p_op": "<",
                "sided": "2",
            },
        ),
        (
            "Velotinib reduced the risk of stroke by 41% (95% CI 20 to 56).",
            {"statistic": "risk_ratio", "estimate": "0.59", "ci": ["0.44", "0.80"]},
        ),
        (
            "The relative risk of relapse, placebo versus velotinib, was 1.6 (95% CI 1.1 to 2.3).",
            {"statistic": "risk_ratio", "estimate": "1.6", "ci": ["1.1", "2.3"], "inverted": True},
        ),
        (
            "Two-year survival was 81.0 ± 3.1% with velotinib and 70.5 ± 3.6% with placebo (± SE).",
            {
                "statistic": "survival",
                "time": "2",
                "survival_e": "0.810",
                "se_e": "0.031",
                "survival_c": "0.705",
                "se_c": "0.036",
            },
        ),
        (
            "Median survival was 14.2 months (95% CI, 11.0 to not reached) with velotinib and 9.1 months (7.7-10.4) with placebo.",
            {
                "statistic": "median_survival",
                "median_e": "14.2",
                "ci_e": ["11.0", None],
                "median_c": "9.1",
                "ci_c": ["7.7", "10.4"],
            },
        ),
        (
            "Relapse occurred in forty-five of 112 patients on placebo and 1,032 of 2,400 on velotinib.",
            {"statistic": "counts", "events_e": "1032", "n_e": "2400", "events_c": "45", "n_c": "112"},
        ),
        (
            "Pain was 3.2 (SD 1.1) with velotinib (n=41) and 4.0 (SD 1.3) with placebo (n=43).",
            {
                "statistic": "means",
                "mean_e": "3.2",
                "sd_e": "1.1",
                "n_e": "41",
                "mean_c": "4.0",
                "sd_c": "1.3",
                "n_c": "43",
            },
        ),
        (
            "Weight fell by 2.5 kg (SE 0.4) with velotinib and by 1.3 kg (SE 0.5) with placebo.",
            {"statistic": "mean_change", "mean_e": "-2.5", "se_e": "0.4", "mean_c": "-1.3", "se_c": "0.5"},
        ),
        (
            "Itch was 2.2 points lower with velotinib (95% CI 0.9 to 3.5).",
            {"statistic": "mean_difference", "estimate": "-2.2", "ci": ["-3.5", "-0.9"]},
        ),
        (
            "The risk difference was 4.1 percentage points (95% CI, −1.0 to 9.2).",
            {"statistic": "risk_difference", "estimate": "0.041", "ci": ["-0.010", "0.092"]},
        ),
        (
            "There were 31 falls over 812 patient-years on velotinib and 52 falls over 799 patient-years on placebo.",
            {"statistic": "person_time", "events_e": "31", "time_e": "812", "events_c": "52", "time_c": "799"},
        ),
        (
            "Survival was longer with velotinib than with placebo (log-rank chi-squared = 5.1, P = .02).",
            {"statistic": "logrank", "chi2": "5.1", "p": "0.02", "p_op": "="},
        ),
        (
            "Scores correlated with age at onset (r = -0.41, n = 120).",
            {"statistic": "correlation", "r": "-0.41", "n": "120"},
        ),
        (
            "Relapse was rarer (relative risk 0.38, 0.17 to 0.84).",
            {"statistic": "risk_ratio", "estimate": "0.38", "ci": ["0.17", "0.84"]},
        ),
        (
            "Compared with placebo, velotinib lowered itch: 3.4 (SD 2.1) vs 5.2 (SD 2.6).",
            {"statistic": "means", "mean_e": "3.4", "sd_e": "2.1", "mean_c": "5.2", "sd_c": "2.6"},
        ),
        (
            "Death (3 v 4 patients) did not differ between velotinib and placebo.",
            {"statistic": "counts", "events_e": "3", "events_c": "4"},
        ),
        (
            "Stroke occurred in 1.7% of the velotinib group and 3.2% of the placebo group, a difference of 1.5 percentage points.",
            {"statistic": "risk_difference", "estimate": "-0.015"},
        ),
        (
            "Attacks ran at 6.2 per 100 pupil-weeks on velotinib and 7.4 in the others.",
            {"statistic": "person_time", "rate_e": "6.2", "rate_c": "7.4"},
        ),
        (
            "Pain was lower in the velotinib group than in the placebo group by 2.17 points (95% CI 1.03 to 3.31).",
            {"statistic": "mean_difference", "estimate": "-2.17", "ci": ["-3.31", "-1.03"]},
        ),
        (
            "Thrombosis was seen with velotinib and placebo in 0.6 vs. 0.7%.",
            {"statistic": "counts", "percent_e": "0.6", "percent_c": "0.7"},
        ),
        (
            "The absolute difference was -2.0 days (95% CI -10 to 6).",
            {"statistic": "mean_difference", "estimate": "-2.0", "ci": ["-10", "6"]},
        ),
        (
            "Survival with velotinib and placebo was longer: mOS NR vs 21.3 mos.",
            {"statistic": "median_survival", "median_c": "21.3"},
        ),
        ("Nobody died.", {"statistic": "counts", "events_e": "0", "events_c": "0"}),
        (
            "Eight dogs vomited on velotinib, and five on placebo.",
            {"statistic": "counts", "events_e": "8", "events_c": "5"},
        ),
        (
            "Efficacy was 62% (25-80) in children and 70% (47-83) in adults.",
            {"statistic": "risk_ratio", "estimate": "0.30", "ci": ["0.17", "0.53"]},
        ),
        ("No deaths occurred in either group.", {"statistic": "counts", "events_e": "0", "events_c": "0"}),
        ("All five were in the placebo group.", {"statistic": "counts", "events_e": "0", "events_c": "5"}),
    ],
)
def test_a_figure_is_read_in_its_form(text: str, expected: dict[str, Any]) -> None:
    *_, item = [item for item in proposals(text) if item["statistic"] == expected["statistic"]]
    assert {key: item.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    "text",
    [
        "We assumed a hazard ratio of 0.70 with velotinib and 80% power.",
        "The noninferiority margin was a risk ratio of 1.25.",
        "In a previous trial, 31% of 52 patients responded to velotinib and 12% to placebo.",
        "At baseline, 43% of the velotinib group and 41% of the placebo group were smokers.",
        "Patients aged 18 to 65 years received 20 mg of velotinib or placebo for 12 weeks.",
        "The effect did not differ by sex (P=0.51 for interaction).",
        "Adherence was 92% with velotinib and 90% with placebo.",
        "The number needed to treat was 12 (95% CI 7 to 40).",
        "Up to 40% of patients relapse, as reported elsewhere [12-15].",
        "Background A Danish trial found a hazard ratio of 0.80.\nMethods We used 12 centres.\nResults Nothing is known yet.",
        "The trial was sized for a rate ratio of 0.5 at 80% power.",
        "Forty people (median age 67 y, range 41-83; 36% women) took velotinib.",
        "For comparison, a Japanese cohort gave a relative risk of 1.32.",
        "The completion rates were 68% with velotinib and 74% with placebo.",
        "Estimates such as 62% versus 55% matter little to velotinib or placebo.",
        "References\nSmith J. Velotinib: hazard ratio 0.80 (95% CI 0.70 to 0.90). 2015.",
    ],
)
def test_what_only_looks_like_a_result_is_left_out(text: str) -> None:
    assert [item for item in proposals(text) if item["statistic"] not in ("sample_size", "follow_up")] == []


def test_a_bare_pair_takes_the_order_in_which_the_arms_stood_last() -> None:
    text = (
        "Cure was seen in 12 of 40 on placebo and 20 of 41 on velotinib. Relapse was seen in 29% and 31%, respectively."
    )
    assert proposals(text)[-1] | {"arm": "both"} == {
        "statistic": "counts",
        "percent_c": "29",
        "percent_e": "31",
        "arm": "both",
    }


def test_every_experimental_arm_is_compared_with_the_control() -> None:
    arms = {"experimental": ["velotinib 5 mg", "velotinib 10 mg"], "control": ["placebo"]}
    text = "Response was seen in 12 of 40 on velotinib 5 mg, 20 of 41 on velotinib 10 mg and 8 of 42 on placebo."
    assert [(item["experimental"], item["events_e"], item["events_c"]) for item in proposals(text, arms)] == [
        ("velotinib 5 mg", "12", "8"),
        ("velotinib 10 mg", "20", "8"),
    ]


def test_a_study_of_one_arm_gives_proportions() -> None:
    text = "Of 43 patients, 16 responded (37%; 95% CI 23 to 53)."
    assert proposals(text, {"experimental": ["velotinib"]})[-1] == {
        "statistic": "proportion", "events": "16", "n": "43", "arm": "experimental"
    }  # fmt: skip


def test_a_page_that_is_printed_twice_counts_once() -> None:
    text = "Death occurred in 12 of 40 patients on velotinib and 20 of 41 patients on placebo.\n"
    assert len(proposals(text * 2)) == 1


def test_facts_of_the_study_are_no_figures() -> None:
    text = "We randomly assigned 240 patients (2:1) to velotinib (n=160) or placebo (n=80). Median follow-up was 3.1 years."
    assert {item["statistic"] for item in proposals(text)} == {"sample_size", "allocation", "follow_up"}


def test_places_are_those_of_the_text() -> None:
    text = "Mortality fell. The odds ratio was\u00a00·60 (95%\u00a0CI\u00a00·33–1·07)."
    document = read(text, of_names(ARMS))
    assert as_json(document, text)[0]["quote"] == "odds ratio was\u00a00·60 (95%\u00a0CI\u00a00·33–1·07"


@pytest.mark.parametrize("text", ["12 (3" * 20_000, "1," * 50_000, "(5%) and " * 11_000, "of 12 patients " * 7_000])
def test_no_text_takes_long(text: str) -> None:
    begin = time.process_time()
    read(text, of_names(ARMS))
    assert time.process_time() - begin < 5


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Adults were randomly assigned to velotinib or placebo.", ["velotinib", "placebo"]),
        ("Cure: 12 of 40 in the bracing group and 9 of 41 in the usual care group.", ["bracing", "usual care"]),
        (
            "We randomised 90 adults to velotinib 5 mg (n=30), velotinib 10 mg (n=30) or placebo (n=30).",
            ["velotinib 5 mg", "velotinib 10 mg", "placebo"],
        ),
        ("Trials of many drugs have been small.", []),
    ],
)
def test_arms_that_nobody_names_are_guessed(text: str, expected: list[str]) -> None:
    assert [arm.name for arm in guessed(text).arms] == expected


def test_without_arms_only_contrasts_are_proposed() -> None:
    text = "Death occurred in 12% and 15% (hazard ratio 0.80, 95% CI 0.60 to 1.07)."
    assert [item["statistic"] for item in proposals(text, {})] == ["hazard_ratio"]


def test_a_pattern_matches_only_where_one_of_its_words_stands() -> None:
    for pattern in [*(pattern for _, pattern in PATTERNS), *(pattern for _, pattern in PARTS)]:
        for sentence in SENTENCES:
            assert not pattern.search(sentence) or Prefilter([pattern])(sentence) == [0]
