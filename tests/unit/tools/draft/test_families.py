"""`draft`: families of sentences, each with every figure that is read in it. All sentences are made up."""

from __future__ import annotations

from typing import Any

import pytest

from coppice.tools.draft.reader import as_json, of_names, read
from coppice.tools.draft.registry import FACTS

ARMS = {"experimental": ["velotinib"], "control": ["placebo"]}
BESIDES = ("quote", "arm", "note", "set", "population")
FAMILIES: list[tuple[str, list[dict[str, Any]]]] = [
    ("Deaths were fewer with velotinib (12 vs 25).", [{"statistic": "counts", "events_e": "12", "events_c": "25"}]),
    (
        "Nausea (22% vs 11%) and diarrhoea (14% vs 12%) were more common with velotinib.",
        [
            {"statistic": "counts", "percent_e": "22", "percent_c": "11"},
            {"statistic": "counts", "percent_e": "14", "percent_c": "12"},
        ],
    ),
    (
        "There were 45 infections during 1,204 patient-years in the velotinib group and 70 during 1,190 in the placebo group.",
        [
            {
                "statistic": "person_time",
                "events_e": "45",
                "time_e": "1204",
                "events_c": "70",
                "time_c": "1190",
                "unit": "patient-years",
            }
        ],
    ),
    (
        "There were 110 events in all, 52 in the velotinib group and 58 in the placebo group.",
        [{"statistic": "counts", "events_e": "52", "events_c": "58"}],
    ),
    (
        "Patients treated with velotinib lived a median of 24.1 months, against 17.6 months for those who received placebo.",
        [{"statistic": "median_survival", "median_e": "24.1", "median_c": "17.6", "unit": "months"}],
    ),
    (
        "Median time to relapse was 25 days (95% CI 20 to 31) with velotinib and not reached with placebo.",
        [{"statistic": "median_survival", "median_e": "25", "ci_e": ["20", "31"], "unit": "days"}],
    ),
    (
        "Quality of life improved by 5.1 points (95% CI 3.2 to 7.0) more with velotinib than with placebo.",
        [{"statistic": "mean_difference", "estimate": "5.1", "ci": ["3.2", "7.0"]}],
    ),
    (
        "The 2.2-point benefit (95% CI, 0.2 to 4.2) was significant (p=0.03).",
        [{"statistic": "mean_difference", "estimate": "2.2", "ci": ["0.2", "4.2"], "p": "0.03", "p_op": "="}],
    ),
    (
        "The odds of remission were 1.9 times higher with velotinib (95% CI 1.2 to 3.0).",
        [{"statistic": "odds_ratio", "estimate": "1.9", "ci": ["1.2", "3.0"]}],
    ),
    (
        "Velotinib reduced exacerbations by 29% (95% CI 13 to 42).",
        [{"statistic": "rate_ratio", "estimate": "0.71", "ci": ["0.58", "0.87"]}],
    ),
    (
        "Relative risk reduction 29% (95% CI 13 to 42%; p=0.001).",
        [{"statistic": "risk_ratio", "estimate": "0.71", "ci": ["0.58", "0.87"], "p": "0.001", "p_op": "="}],
    ),
    (
        "Stroke occurred in 9 of 200 on velotinib and 18 of 199 on placebo; absolute risk reduction 4.5% (95% CI 0.1 to 8.9).",
        [
            {"statistic": "counts", "events_e": "9", "n_e": "200", "events_c": "18", "n_c": "199"},
            {"statistic": "risk_difference", "estimate": "-0.045", "ci": ["-0.089", "-0.001"]},
        ],
    ),
    (
        "Compared with velotinib, placebo carried a higher hazard of bleeding (HR 1.33, 95% CI 1.07 to 1.66).",
        [{"statistic": "hazard_ratio", "estimate": "1.33", "ci": ["1.07", "1.66"], "inverted": True}],
    ),
    (
        "Change in cholesterol correlated with change in plaque (Spearman's rho 0.34; n=212).",
        [{"statistic": "correlation", "r": "0.34", "n": "212"}],
    ),
    (
        "Weight gain averaged 18.1 with velotinib and 18.9 with placebo (SDs 3.3 and 3.1).",
        [{"statistic": "means", "mean_e": "18.1", "sd_e": "3.3", "mean_c": "18.9", "sd_c": "3.1"}],
    ),
    (
        "Scores were 0.24 (0.19) with velotinib and 0.33 (0.26) with placebo (means, SD in parentheses).",
        [{"statistic": "means", "mean_e": "0.24", "sd_e": "0.19", "mean_c": "0.33", "sd_c": "0.26"}],
    ),
    (
        "Median (IQR [range]) time was 31 (25-40 [14-128]) s with velotinib and 33 (26-43 [15-140]) s with placebo.",
        [
            {
                "statistic": "means",
                "median_e": "31",
                "q1_e": "25",
                "q3_e": "40",
                "min_e": "14",
                "max_e": "128",
                "median_c": "33",
                "q1_c": "26",
                "q3_c": "43",
                "min_c": "15",
                "max_c": "140",
            }
        ],
    ),
    (
        "Stay was 2 (1 to 3) days in the median on velotinib and 3 (1 to 5) days on placebo.",
        [{"statistic": "means", "median_e": "2", "q1_e": "1", "q3_e": "3", "median_c": "3", "q1_c": "1", "q3_c": "5"}],
    ),
    ("No severe hypoglycemia happened in either group.", [{"statistic": "counts", "events_e": "0", "events_c": "0"}]),
    (
        "Nobody was transfused in the placebo group, two patients were in the other.",
        [{"statistic": "counts", "events_e": "2", "events_c": "0"}],
    ),
    ("Two participants died, both on placebo.", [{"statistic": "counts", "events_c": "2", "events_e": "0"}]),
    (
        "Falls occurred to five and eleven patients, in the same order.",
        [{"statistic": "counts", "events_e": "5", "events_c": "11"}],
    ),
    ("Five against 13 patients had a relapse.", [{"statistic": "counts", "events_e": "5", "events_c": "13"}]),
    (
        "Renal replacement was started in 41 patients given placebo and in 33 given velotinib.",
        [{"statistic": "counts", "events_e": "33", "events_c": "41"}],
    ),
    (
        "Of 99 patients given velotinib and 100 given placebo, 27 and 51, respectively, had a relapse.",
        [{"statistic": "counts", "events_e": "27", "n_e": "99", "events_c": "51", "n_c": "100"}],
    ),
    (
        "Of the 98 patients given velotinib 12 fell ill, as against 21 of the 97 given placebo.",
        [{"statistic": "counts", "events_e": "12", "n_e": "98", "events_c": "21", "n_c": "97"}],
    ),
    (
        "One hundred and fifty women got velotinib (group V) and 148 got placebo (group P). Nausea affected 22.3% of group P and 12.0% of group V.",
        [{"statistic": "counts", "percent_e": "12.0", "percent_c": "22.3"}],
    ),
    (
        "Survival at 1, 2 and 3 years was 88%, 75% and 66% with velotinib and 81%, 62% and 51% with placebo.",
        [
            {"statistic": "survival", "time": "1", "survival_e": "0.88", "survival_c": "0.81", "unit": "years"},
            {"statistic": "survival", "time": "2", "survival_e": "0.75", "survival_c": "0.62", "unit": "years"},
            {"statistic": "survival", "time": "3", "survival_e": "0.66", "survival_c": "0.51", "unit": "years"},
        ],
    ),
    (
        "Four years into the study 41 percent of those on velotinib were alive, compared with 32 percent of those on placebo.",
        [{"statistic": "survival", "time": "4", "survival_e": "0.41", "survival_c": "0.32", "unit": "years"}],
    ),
    (
        "Primary patency at 12 months was 82% with velotinib and 65% with placebo.",
        [{"statistic": "survival", "time": "12", "survival_e": "0.82", "survival_c": "0.65", "unit": "months"}],
    ),
    (
        "HbA1c was 7.1% with velotinib and 7.6% with placebo.",
        [{"statistic": "means", "mean_e": "7.1", "mean_c": "7.6"}],
    ),
    (
        "LDL cholesterol was reduced by 21.4% with velotinib and by 2.1% with placebo (difference -19.3 percentage points; 95% CI -22.0 to -16.6).",
        [
            {"statistic": "mean_change", "mean_e": "-21.4", "mean_c": "-2.1"},
            {"statistic": "mean_difference", "estimate": "-19.3", "ci": ["-22.0", "-16.6"]},
        ],
    ),
    (
        "Delirium developed in 16.1% on velotinib and 23.7% on placebo, absolute difference -7.6 points (95% CI -13.3 to -1.9).",
        [
            {"statistic": "counts", "percent_e": "16.1", "percent_c": "23.7"},
            {"statistic": "risk_difference", "estimate": "-0.076", "ci": ["-0.133", "-0.019"]},
        ],
    ),
    (
        "Nausea (21%) and dizziness (9%) were the most common adverse events with velotinib.",
        [{"statistic": "counts", "percent_e": "21"}, {"statistic": "counts", "percent_e": "9"}],
    ),
    (
        "Remission was more frequent with velotinib, t(138) = 2.4, p = .02, d = 0.41.",
        [{"statistic": "standardised_mean_difference", "estimate": "0.41", "p": "0.02", "p_op": "="}],
    ),
    (
        "Median survival was 41 vs 26 months (log-rank chi-squared 8.4, p = 0.004).",
        [
            {"statistic": "median_survival", "median_e": "41", "median_c": "26", "unit": "months"},
            {"statistic": "logrank", "p": "0.004", "p_op": "=", "chi2": "8.4"},
        ],
    ),
    (
        "During 2,110 patient-years on velotinib there were 43 strokes, and during 2,075 patient-years on placebo there were 61.",
        [
            {
                "statistic": "person_time",
                "events_e": "43",
                "time_e": "2110",
                "events_c": "61",
                "time_c": "2075",
                "unit": "patient-years",
            }
        ],
    ),
    (
        "Morphine use was lower by 0.8 mg/kg with velotinib (95% CI 0.2 to 1.4).",
        [{"statistic": "mean_difference", "estimate": "-0.8", "ci": ["-1.4", "-0.2"]}],
    ),
    (
        "Hospital stay was shorter by 2.1 days with velotinib than with placebo (95% CI 0.6 to 3.6).",
        [{"statistic": "mean_difference", "estimate": "-2.1", "ci": ["-3.6", "-0.6"]}],
    ),
    (
        "Patients on velotinib left hospital 2.3 days sooner than those on placebo, in a study of 412 people (95% CI 0.9 to 3.7).",
        [{"statistic": "mean_difference", "estimate": "-2.3", "ci": ["-3.7", "-0.9"]}],
    ),
    (
        "By months 5 through 7, the mean number of seizures had changed by -4.2 in the velotinib group and -1.5 in the placebo group.",
        [{"statistic": "mean_change", "mean_e": "-4.2", "mean_c": "-1.5"}],
    ),
    (
        "The risk of stroke fell by 42 percent with velotinib, with a 95 percent confidence interval running from 12 to 62 percent.",
        [{"statistic": "risk_ratio", "estimate": "0.58", "ci": ["0.38", "0.88"]}],
    ),
    (
        "5-year overall survival was 92.6% (95% CI 90.1-94.6) in the velotinib group and 91.7% (88.9-93.8) in the placebo group.",
        [
            {
                "statistic": "survival",
                "time": "5",
                "survival_e": "0.926",
                "ci_e": ["0.901", "0.946"],
                "survival_c": "0.917",
                "ci_c": ["0.889", "0.938"],
                "unit": "years",
            }
        ],
    ),
    (
        "Velotinib: N analysed 168; LS mean 0.314; standard error 0.029. Placebo: N analysed 170; LS mean 0.221; standard error 0.030.",
        [
            {
                "statistic": "means",
                "mean_e": "0.314",
                "se_e": "0.029",
                "n_e": "168",
                "mean_c": "0.221",
                "se_c": "0.030",
                "n_c": "170",
            }
        ],
    ),
]


def figures(text: str) -> list[dict[str, Any]]:
    """Return the figures of a text, without what is only said of them."""
    read_there = as_json(read(text, of_names(ARMS)), text)
    return [
        {key: value for key, value in item.items() if key not in BESIDES}
        for item in read_there
        if item["statistic"] not in FACTS
    ]


@pytest.mark.parametrize(("text", "expected"), FAMILIES)
def test_every_figure_of_a_sentence_is_read(text: str, expected: list[dict[str, Any]]) -> None:
    assert figures(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Fatigue occurred in 41%, rash in 22% and diarrhoea in 19%.",
        "Eighty-eight patients with stones had velotinib and 90 had placebo.",
        "A sustained decline of 57% in the eGFR, kidney failure, or death was the outcome with velotinib or placebo.",
        "Uptake in the previous season had been 35% in both groups.",
        "Earlier, in COMET-1, the hazard ratio had been 0.66 (95% CI 0.50-0.88).",
        "Similar agents have yielded hazard ratios of 0.6 to 0.8.",
        "A Cochrane review of 12 trials gave a relative risk of 0.82 (95% CI 0.71 to 0.95).",
        "In the pilot rescue was needed by 12 of 30 on velotinib and 15 of 30 on placebo.",
        "Body mass index was 28.4 (SD 4.0) with velotinib and 28.9 (SD 4.3) with placebo.",
        "Votes: 11 for, 2 against.",
        "Fewer quit velotinib (12.2%) than placebo (35.1%).",
        "Losses, 16 in the velotinib group and 21 in the other, were due to moving house.",
        "The trial had 85% power per comparison at HR 0.65.",
        "Those on velotinib had come through a median of 4 prior regimens (range, 1 to 9).",
    ],
)
def test_a_number_that_is_no_result_is_left_out(text: str) -> None:
    assert figures(text) == []
