from dataclasses import replace

from coppice.explore.multiverse.multiverse_summary import summarised
from coppice.report.page import outcome_tables, sensitivity
from coppice.report.page.html_elements import plain

CHOICES = {
    "measure": ["HR"],
    "extract": ["as analysed"],
    "route": ["as analysed"],
    "studies": ["as analysed", "without TOWER"],
    "risk_of_bias": ["as analysed"],
    "tau2": ["REML"],
    "inference": ["HKSJ", "wald"],
}


def specification(estimate, p, studies, inference):
    chosen = {name: values[0] for name, values in CHOICES.items()} | {"studies": studies, "inference": inference}
    return {
        "choices": chosen,
        "estimate": estimate,
        "se": 0.1,
        "ci_low": estimate - 0.2,
        "ci_high": estimate + 0.2,
        "p": p,
    }


ROWS = [
    specification(-0.5, 0.20, "as analysed", "HKSJ"),
    specification(-0.5, 0.01, "as analysed", "wald"),
    specification(-0.7, 0.10, "without TOWER", "HKSJ"),
    specification(-0.7, 0.01, "without TOWER", "wald"),
]
IMPOSSIBLE = [
    {"choices": {"studies": "without TOWER", "inference": "KR"}, "reason": "it is not defined", "combinations": 1}
]


def explored(analysis, **parts):
    return replace(analysis, explore={**analysis.explore, **parts})


def with_multiverse(analysis):
    found = {
        "choices": CHOICES,
        "specifications": ROWS,
        "impossible": IMPOSSIBLE,
        "summary": summarised(ROWS, CHOICES, 0.95),
    }
    return explored(analysis, multiverse=found)


def test_the_multiverse_is_said_in_words(analysis):
    text = plain(sensitivity.multiverse(with_multiverse(analysis)))
    assert "All combinations of the choices of studies and confidence interval method give four analyses" in text
    assert "All are in the same direction as the main analysis." in text
    assert "significant" not in text and "excludes no effect" not in text
    assert "The hazard ratio ranges from 0.50 to 0.61" in text
    assert "The most influential choice is that of the studies, which alone explains 100%" in text


def test_each_value_of_a_choice_has_its_range(analysis):
    text = plain(sensitivity.multiverse(with_multiverse(analysis)))
    assert "Studies without TOWER 2 0.50 (0.50 to 0.50) 0.41 to 0.61 100.0%" in text  # exp(-0.9) to exp(-0.5)
    assert "Confidence interval method HKSJ (main analysis) 2" in text


def test_measures_are_described_one_by_one(analysis):
    odds = [
        item | {"estimate": 0.3, "choices": item["choices"] | {"measure": "OR"}}
        for item in (ROWS[0] | {"ci_low": -0.1, "ci_high": 0.7},)
    ]
    chosen = CHOICES | {"measure": ["HR", "OR"]}
    summary = summarised(ROWS + odds, chosen, 0.95)
    found = {"choices": chosen, "specifications": ROWS + odds, "impossible": [], "summary": summary}
    page = sensitivity.multiverse(explored(analysis, multiverse=found))
    text = plain(page)
    assert "Analyses with different effect measures are not compared with one another." in text
    assert "Of the four analyses of the hazard ratio, all are in the same direction" in text
    assert "which alone explains 100% of the variance between the analyses of the hazard ratio." in text
    assert "The one analysis of the odds ratio is not in the same direction as the main analysis." in text
    assert "The odds ratio is 1.35." in text
    assert page.count("<table") == 2
    assert text.index("The hazard ratio ranges") < text.index("The odds ratio is")  # that of the main analysis first
    assert f"table-multiverse-{analysis.name}-OR" in page


def test_what_can_not_be_combined_is_listed_with_the_reason(analysis):
    text = plain(sensitivity.multiverse(with_multiverse(analysis)))
    assert (
        "studies \N{LEFT SINGLE QUOTATION MARK}without TOWER\N{RIGHT SINGLE QUOTATION MARK}, confidence interval method \N{LEFT SINGLE QUOTATION MARK}KR\N{RIGHT SINGLE QUOTATION MARK}: it is not defined (one combination)."
        in text
    )


def test_an_analysis_without_a_multiverse_shows_none(analysis):
    assert sensitivity.multiverse(explored(analysis, multiverse={"skipped": "there is none"})) is None


def test_the_diagnostics_of_each_study_stand_in_a_table(analysis):
    row = {"study": "A", "label": "A (2020)", "rstudent": -1.234, "dffits": 0.5, "hat": 0.25, "influential": True}
    text = plain(sensitivity.influence(explored(analysis, influence=[row])))
    assert "A (2020) −1.23 0.50 – – – – 0.25 flagged" in text
    assert sensitivity.influence(explored(analysis, influence={"skipped": "it is off"})) is None


def test_the_order_of_cumulative_pooling_is_said(analysis):
    rows = [
        {
            "study": "A",
            "label": "A",
            "estimate": -0.5,
            "ci_low": -0.9,
            "ci_high": -0.1,
            "tau2": 0.0,
            "I2": 0.0,
            "by": "precision",
        }
    ]
    added = explored(analysis, cumulative=rows)
    assert outcome_tables.cumulative_title(added) == "Cumulative meta-analysis by precision"
    assert "studies added by precision" in plain(outcome_tables.cumulative(added))


def test_a_choice_is_named_as_everywhere_else(analysis):
    part = with_multiverse(analysis)
    part.explore["multiverse"]["impossible"] = [
        {"choices": {"route": "survival_se", "studies": "as analysed"}, "reason": "it is the same", "combinations": 1}
    ]
    text = plain(sensitivity.multiverse(part))
    assert "route \N{LEFT SINGLE QUOTATION MARK}survival with SE\N{RIGHT SINGLE QUOTATION MARK}: it is the same" in text
