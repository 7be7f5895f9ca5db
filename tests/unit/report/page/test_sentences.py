"""Sentences say what the result file holds, with its uncertainty, and turn round with the arms."""

from __future__ import annotations

import dataclasses
import math
import re

import pytest
from tests.unit.report import fixtures

from coppice.report.page import extent, leaving_out, sentences, warning_texts

FORBIDDEN = re.compile(r"\bsignifican|\bproves?\b|\bno effect of\b", re.IGNORECASE)


def every_sentence(review):
    (analysis,) = review.analyses
    return " ".join(
        filter(
            None,
            [
                sentences.finding(review, analysis),
                sentences.result(review, analysis),
                sentences.prediction(analysis),
                sentences.heterogeneity(analysis, analysis.pool["heterogeneity"]),
                sentences.common(analysis),
                sentences.alternatives(analysis),
                sentences.subgroups(analysis),
                leaving_out.leave_one_out(analysis),
            ],
        )
    )


def test_the_result_gives_studies_patients_estimate_interval_and_direction(review, analysis):
    assert sentences.result(review, analysis) == (
        "Three studies with 837 patients yielded a pooled hazard ratio (blinatumomab versus chemotherapy) of 0.62 "
        "(95% CI 0.41 to 0.94). With blinatumomab, the hazard of an event was 38% (59% to 6% lower) lower than with chemotherapy. "
        "The estimate and the whole confidence interval lie in favour of blinatumomab."
    ).replace("38% (59% to 6% lower) lower", "38% lower (59% to 6% lower)")


def test_an_interval_that_includes_no_difference_is_said_to(changed):
    review = changed(random=fixtures.estimated(0.62, 0.35, 1.10))
    assert sentences.result(review, review.analyses[0]).endswith(
        "The confidence interval includes 1 (no difference) and is compatible with both fewer and more events."
    )


def test_with_the_arms_exchanged_every_direction_flips(changed):
    spec = fixtures.specification()
    spec["analyses"][0] |= {
        "arms": {"experimental": "Chemotherapy", "control": "Blinatumomab"},
        "favours": ["Favours Chemotherapy", "Favours Blinatumomab"],
    }
    review = changed(spec=spec, pool=fixtures.swapped(fixtures.pooled()))
    text = sentences.result(review, review.analyses[0])
    assert "hazard ratio (chemotherapy versus blinatumomab) of 1.61 (95% CI 1.06 to 2.44)" in text
    assert (
        "With chemotherapy, the hazard of an event was 1.61 times (1.06 to 2.44 times) that with blinatumomab." in text
    )
    assert text.endswith("The estimate and the whole confidence interval lie in favour of blinatumomab.")


def test_free_labels_of_the_sides_are_named_as_they_stand(changed):
    spec = fixtures.specification()
    spec["analyses"][0]["favours"] = ["fewer transplants", "more transplants"]
    review = changed(spec=spec)
    assert "The estimate and the whole confidence interval lie towards fewer transplants" in sentences.result(
        review, review.analyses[0]
    )


def test_no_sentence_gives_a_verdict_of_significance(review):
    assert not FORBIDDEN.search(every_sentence(review))


def test_every_number_in_the_sentences_comes_from_the_results(review, analysis):
    text = every_sentence(review)
    for label in {effect["label"] for effect in analysis.effects}:
        text = text.replace(label, "")
    allowed = {"95", "1", "837", "0"}
    for part in (
        *(analysis.pool[name] for name in ("random", "common", "prediction")),
        *analysis.pool["alternatives"].values(),
        *analysis.explore["leave_one_out"],
    ):
        for name in ("estimate", "ci_low", "ci_high", "low", "high"):
            if name in part:
                ratio = math.exp(part[name])
                allowed |= {f"{ratio:.2f}", f"{abs(1 - ratio) * 100:.0f}"}
    heterogeneity = analysis.pool["heterogeneity"]
    allowed |= {
        f"{heterogeneity[name]:.{places}f}"
        for name, places in (
            ("tau2", 3),
            ("tau2_high", 2),
            ("I2", 0),
            ("I2_low", 0),
            ("I2_high", 0),
            ("Q", 2),
            ("p", 2),
            ("df", 0),
        )
    }
    assert set(re.findall(r"\d+(?:\.\d+)?", text)) <= allowed


def test_one_study_is_not_called_pooled(changed):
    effect = fixtures.effect("E1910")
    review = changed(effects=[effect], k=1)
    assert sentences.result(review, review.analyses[0]).startswith("One study with 224 patients yielded a hazard ratio")


def test_without_any_effect_the_report_says_so(changed):
    review = changed(effects=[], k=0, random=None, common=None)
    assert (
        sentences.result(review, review.analyses[0])
        == "No study reported a result for overall survival that could be pooled."
    )


def test_where_no_overall_estimate_is_wanted_the_subgroups_stand_for_it(changed):
    level = {"level": "adds", "k": 2, "random": fixtures.estimated(1.86, 0.80, 4.36)}
    review = changed(
        random=None,
        reasons={"random": "its subgroups stand apart"},
        subgroups={"by": "contrast", "levels": [level], "test": None},
    )
    text = sentences.result(review, review.analyses[0])
    assert "No overall estimate is reported, because its subgroups stand apart." in text
    assert "In the subgroups by contrast" in text
    assert "1.86 (95% CI 0.80 to 4.36)" in text


def test_strata_of_one_study_are_counted_as_comparisons(changed):
    review = changed(effects=[fixtures.effect("E1910"), fixtures.effect("E1910")])
    assert extent.size(review, review.analyses[0]).startswith("two comparisons from one study")


def test_a_missing_prediction_interval_has_its_reason(changed):
    review = changed(prediction=None, reasons={"prediction": "it needs more than two studies"})
    assert (
        sentences.prediction(review.analyses[0])
        == "No prediction interval is reported: it needs more than two studies."
    )


def test_leave_one_out_names_the_studies_that_change_what_the_interval_includes(analysis):
    rows = [row | {"k": 5} for row in analysis.explore["leave_one_out"]]
    text = leaving_out.leave_one_out(dataclasses.replace(analysis, explore={"leave_one_out": rows}))
    assert "The confidence intervals use the method of the main model." in text
    assert "from 0.53 without TOWER (Kantarjian 2017) to 0.68 without E1910 (Litzow 2024)" in text
    assert text.endswith(
        "The confidence interval, which excludes 1 in the main analysis, includes it without TOWER (Kantarjian 2017) or AALL1331 (Brown 2021)."
    )


def test_leave_one_out_names_the_method_where_it_is_not_that_of_the_main_model(analysis):
    first, *rest = (row | {"k": 5} for row in analysis.explore["leave_one_out"])
    text = leaving_out.leave_one_out(
        dataclasses.replace(analysis, explore={"leave_one_out": [first | {"inference": "wald"}, *rest]})
    )
    assert f"the remaining effects: Wald without {first['label']}, HKSJ otherwise." in text
    rows = [row | {"inference": "wald"} for row in (first, *rest)]
    text = leaving_out.leave_one_out(dataclasses.replace(analysis, explore={"leave_one_out": rows}))
    assert "the remaining effects: Wald, whereas the main model uses HKSJ." in text


@pytest.mark.parametrize(
    ("low", "high", "said"), [(0.31, 0.95, "all of which lies in favour of blinatumomab"), (0.31, 1.2, "It includes 1")]
)
def test_the_prediction_interval_is_read_against_no_difference(changed, low, high, said):
    review = changed(prediction={"low": math.log(low), "high": math.log(high), "df": 2, "method": "t_k-1"})
    assert said in sentences.prediction(review.analyses[0])


def test_a_style_reaches_every_number_of_a_result(changed):
    spec = fixtures.specification() | {"style": "Lancet"}
    review = changed(spec=spec)
    (analysis,) = review.analyses
    said = [
        sentences.result(review, analysis),
        sentences.finding(review, analysis),
        sentences.prediction(analysis),
        sentences.heterogeneity(analysis, analysis.pool["heterogeneity"]),
        sentences.subgroups(analysis),
        leaving_out.leave_one_out(analysis),
        sentences.alternatives(analysis),
        sentences.common(analysis),
    ]
    assert not [text for text in said if re.search(r"\d\.\d", text)]
    assert "95% CI 0·41–0·94" in said[0]
    assert "p=0·27" in said[4]


def test_a_journal_of_its_own_puts_its_comma_before_the_limits(changed):
    review = changed(spec=fixtures.specification() | {"style": "JAMA"})
    assert "(95% CI, 0.41-0.94)" in sentences.result(review, review.analyses[0])


def test_intervals_of_two_effects_are_not_compared_with_the_main_one(analysis):
    text = leaving_out.leave_one_out(analysis)
    assert text.endswith(
        "With two effects remaining, the confidence intervals are uninformative and are not compared with the main one."
    )


def test_an_interval_that_is_not_by_the_method_asked_for_says_why_beside_the_estimate(changed):
    review = changed(reasons={"inference": "tau2 is estimated as 0, so the interval is Wald's"})
    text = sentences.result(review, review.analyses[0])
    assert "\N{GREEK SMALL LETTER TAU}\N{SUPERSCRIPT TWO} is estimated as 0, so the interval is Wald's." in text


def test_a_warning_of_a_small_standard_error_says_what_it_does_to_the_interval(analysis):
    said = warning_texts.warnings(analysis)
    assert said[-1].endswith("the HKSJ interval, 0.41 to 0.94, is wider than the Wald interval, 0.49 to 0.79.")


def test_two_warnings_of_the_hksj_interval_are_one_explanation_with_enough_decimals(changed):
    review = changed(
        warnings=["The HKSJ interval is narrower.", "There are two studies.", "The HKSJ standard error is smaller."],
        random=fixtures.estimated(1.24, 1.1311, 1.3689),
        alternatives={"wald": fixtures.estimated(1.24, 1.1302, 1.3698, "wald")},
    )
    *others, last = warning_texts.warnings(review.analyses[0])
    assert others == ["The HKSJ interval is narrower.", "There are two studies."]
    assert last == (
        "The HKSJ standard error is smaller. With its t quantile the HKSJ interval, 1.131 to 1.369, is narrower than "
        "the Wald interval, 1.130 to 1.370."
    )


def test_an_odds_ratio_has_its_article_and_odds_are_several(changed):
    spec = fixtures.specification()
    spec["analyses"][0] |= {"measure": "OR"}
    pool = fixtures.pooled() | {"measure": "OR", "effects": [fixtures.effect("E1910")], "k": 1}
    review = changed(spec=spec, pool=pool)
    text = sentences.result(review, review.analyses[0])
    assert " yielded an odds ratio (blinatumomab versus chemotherapy) of 0.62" in text
    assert re.search(r"With blinatumomab, the odds of [\w ]+ were 38% lower \(.*\) than with chemotherapy", text)


def test_an_end_of_a_risk_difference_below_no_patient_is_said_to_be_impossible(changed):
    spec = fixtures.specification()
    spec["analyses"][0] |= {"measure": "RD"}
    effects = [fixtures.effect("TOWER") | {"risks": {"control": {"risk": 0.0}}}]
    part = {"estimate": 0.024, "ci_low": -0.02, "ci_high": 0.069}
    analysis = changed(spec=spec, effects=effects, random=part).analyses[0]
    assert "impossible, because none of the patients on chemotherapy have the event" in sentences.magnitude(
        analysis, part
    )


def test_the_reader_of_subgroups_meets_why_a_level_has_no_interval_of_tau2(changed):
    level = {"level": "adults", "k": 5, "random": None, "reasons": {"tau2_interval": "Q = 0.1 lies below"}}
    other = {"level": "children", "k": 5, "random": None, "reasons": {}}
    for test in (None, {"Q": 1.0, "df": 1, "df2": None, "p": 0.3}):
        review = changed(subgroups={"by": "age", "levels": [level, other], "test": test})
        text = sentences.subgroups(review.analyses[0])
        assert text.count("no confidence interval") == 1
        assert "adults: no confidence interval of" in text and text.endswith("Q = 0.1 lies below.")
