"""`draft`: what a proposal must have, by families of sentences that lack it. All sentences are made up."""

from __future__ import annotations

from typing import Any

import pytest

from coppice.tools.draft.reader import as_json, of_names, read
from coppice.tools.draft.registry import FACTS

ARMS = {"experimental": ["velotinib"], "control": ["placebo"]}
ALLOCATED = "Patients were randomly assigned to velotinib (n = 120) or placebo (n = 118). "
NO_RESULTS = {
    "what holds anyway": [
        "The risk of relapse is put at 12% in the first year and 25% by the third.",
        "Without prophylaxis, thrombosis recurs in 10% after one year and 30% after five.",
        "About 8% of adults have asthma and 3% use inhalers daily.",
        "The lifetime risk is 13% for women and 1% for men.",
        "In Sweden 12% of births and in Norway 9% are induced.",
    ],
    "what was to be found": [
        "The study was built to pick up a hazard ratio of 0.70 with 220 events.",
        "With 300 patients it had an 80% chance of finding a relative risk of 0.75.",
        "The trial had been designed with 140 events to find a hazard ratio of 0.62.",
        "The trial could have shown an odds ratio of 1.8.",
        "The calculation rested on event rates of 20% and 30%.",
    ],
    "patients before treatment": [
        "Hypertension was a comorbidity in 41% of patients on velotinib and 43% of those on placebo.",
        "Women made up 48% of the velotinib group and 52% of the placebo group.",
        "Sixty-two percent of patients on velotinib and 59% on placebo had had a prior myocardial infarction.",
        "Disease had lasted 7.1 years (SD 3.0) in the velotinib group and 6.8 (SD 3.1) in the placebo group.",
        "Blood loss before randomisation was 210 ml (SD 90) and 205 ml (SD 88).",
    ],
    "doses and other treatments": [
        "Pill counts showed that 88% of velotinib and 90% of placebo doses were taken.",
        "The dose was reduced in 22% and 9%.",
        "Concomitant steroids were used by 31% and 29%.",
        "Subsequent therapy was given to 41% of the velotinib group and 55% of the placebo group.",
        "Nine patients on velotinib and seven on placebo stopped the study drug early for personal reasons.",
    ],
    "blinding and completeness": [
        "Blinding held: 52% of patients on velotinib and 49% on placebo guessed their treatment correctly.",
        "Questionnaires were returned by 91% and 89%.",
        "Outcome data were available for 112 of 120 patients on velotinib and 109 of 118 on placebo.",
        "At week 12, 110 patients on velotinib and 109 on placebo were assessed.",
        "Imputation was needed in 6.1% and 7.4%.",
    ],
    "another study": [
        "In the FERN trial, the same drug cut deaths by 22% (hazard ratio 0.78, 95% CI 0.64 to 0.95).",
        "A registry in Denmark recorded 14% deaths with velotinib-like drugs and 19% without.",
        "By contrast, the American trial reported a risk ratio of 0.88 (95% CI 0.77 to 1.01).",
        "Pooling our data with four others gives a risk ratio of 0.81 (95% CI 0.72 to 0.91).",
        "Its authors reported hazard ratios of 0.66 (0.50 to 0.87) and 0.72 (0.60 to 0.86).",
    ],
    "sizes and parts of a whole": [
        "Velotinib was tested (155 patients) against placebo (77 patients).",
        "After exclusions 115 patients on velotinib and 113 on placebo remained.",
        "Most (71%) were treated in hospital, and 29% at home.",
        "Consent was refused by 23% and 77% agreed.",
        'It was 62 percent, said one of the doctors, referring to the 95 percent confidence interval.',
    ],
}  # fmt: skip
RESULTS: list[tuple[str, dict[str, Any]]] = [
    (
        "Depth was 4.1 ± 1.2 mm in 28 patients treated with velotinib and 5.0 ± 1.4 mm in 27 given placebo (mean ± SD).",
        {"mean_e": "4.1", "sd_e": "1.2", "n_e": "28", "mean_c": "5.0", "sd_c": "1.4", "n_c": "27"},
    ),
    (
        "Velotinib: 86 analysed, mean 18.2, standard error 0.41. Placebo: 88 analysed, mean 21.0, standard error 0.40.",
        {"mean_e": "18.2", "se_e": "0.41", "n_e": "86", "mean_c": "21.0", "se_c": "0.40", "n_c": "88"},
    ),
    (
        "Velotinib: N = 88, mean 3.1 (SE 0.6). Placebo: N = 91, mean 0.4 (SE 0.6).",
        {"mean_e": "3.1", "se_e": "0.6", "n_e": "88", "mean_c": "0.4", "se_c": "0.6", "n_c": "91"},
    ),
    (
        "Those on velotinib slept for a mean of 21.3 days (SD 9.8), those on placebo for 17.6 (SD 10.2).",
        {"mean_e": "21.3", "sd_e": "9.8", "mean_c": "17.6", "sd_c": "10.2"},
    ),
    ("The placebo group had 29 relapses and the velotinib group 14.", {"events_e": "14", "events_c": "29"}),
    ("Neither group had a death.", {"events_e": "0", "events_c": "0"}),
    ("Relapses were fewer with velotinib (23 patients) than with placebo (41 patients).", {"events_e": "23", "events_c": "41"}),
    (
        "Of the 1,204 patients on velotinib 34 died. Among the 1,190 who were given placebo there were 58 such deaths.",
        {"events_e": "34", "n_e": "1204", "events_c": "58", "n_c": "1190"},
    ),
    (
        "There were 36 falls in 210 patient-years on velotinib and 58 in 204 on placebo.",
        {"events_e": "36", "time_e": "210", "events_c": "58", "time_c": "204", "unit": "patient-years"},
    ),
    (
        "With velotinib that is 42 percent fewer, and the margin runs from 12 to 62 percent.",
        {"estimate": "0.58", "ci": ["0.38", "0.88"]},
    ),
    ("The risk of stroke fell by 24% (95% CI 6 to 38) with velotinib.", {"estimate": "0.76", "ci": ["0.62", "0.94"]}),
    (
        "At a median follow-up of 28.3 months, median survival was 21.4 months with velotinib and 15.2 months with placebo.",
        {"median_e": "21.4", "median_c": "15.2", "unit": "months"},
    ),
    (
        "Patients who had completed induction got velotinib or placebo; the rate ratio was 0.70 (95% CI 0.51 to 0.95).",
        {"estimate": "0.70", "ci": ["0.51", "0.95"]},
    ),
]  # fmt: skip


def figures(text: str, arms: dict[str, list[str]] = ARMS) -> list[dict[str, Any]]:
    """Return the figures of a text, without facts."""
    return [item for item in as_json(read(text, of_names(arms)), text) if item["statistic"] not in FACTS]


@pytest.mark.parametrize("text", [text for family in NO_RESULTS.values() for text in family])
@pytest.mark.parametrize("before", ["", ALLOCATED])
def test_a_number_without_the_evidence_of_a_result_is_left_out(text: str, before: str) -> None:
    assert figures(before + text) == []


@pytest.mark.parametrize(("text", "expected"), RESULTS)
def test_a_result_beside_such_words_is_still_read_with_its_sizes(text: str, expected: dict[str, Any]) -> None:
    besides = ("quote", "arm", "statistic", "note", "set", "population")
    assert [{k: v for k, v in item.items() if k not in besides} for item in figures(text)] == [expected]


def test_an_odds_ratio_is_of_the_dose_named_inside_it() -> None:
    arms = {"experimental": ["velotinib 10 mg", "velotinib 25 mg"], "control": ["placebo"]}
    text = "The odds ratio against placebo was 2.23 for 10 mg (95% CI 1.22-4.06), and for 25 mg it was 3.17 (95% CI 1.74-5.77)."
    assert [(item["estimate"], item["experimental"]) for item in figures(text, arms)] == [
        ("2.23", "velotinib 10 mg"),
        ("3.17", "velotinib 25 mg"),
    ]
