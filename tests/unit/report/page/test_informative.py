"""Every sentence of size, certainty and direction, in full, to be read beside table 1 of Santesso et al. 2020.

Santesso N et al. GRADE guidelines 26, J Clin Epidemiol 2020;119:126-135, doi:10.1016/j.jclinepi.2019.10.014.
"""

from __future__ import annotations

import dataclasses

import pytest
from tests.unit.report import fixtures

from coppice.core.importance import importance_of
from coppice.core.measures import MEASURES
from coppice.report.page import sentences, summary
from coppice.report.page.informative import not_worded, plain_statement
from coppice.report.report_data import AnalysisView

TWO = {"small": 0.9, "large": 0.7}


def analysis(measure="RR", effect=(0.8, 0.75, 0.85), level="high", important=None, **parts) -> AnalysisView:
    """Return an analysis of a drug versus placebo with this printed estimate and interval."""
    scale = MEASURES[measure].scale
    values = [None if value is None else scale.forward(value) for value in effect]
    pool = fixtures.pooled() | {
        "random": dict(zip(("estimate", "ci_low", "ci_high"), values, strict=True)),
        "effects": [],
        "heterogeneity": None,
        "subgroups": None,
    }
    given = {
        "name": "x", "title": "Death", "outcome": "x", "measure": MEASURES[measure], "experimental": "Drug",
        "control": "Placebo", "favours": ("Favours drug", "Favours placebo"), "note": None, "pool": pool, "explore": {},
        "figures": {}, "certainty": {"level": level} if level else None,
        "important": importance_of(important, MEASURES[measure]),
    }  # fmt: skip
    return AnalysisView(**(given | parts))


LITTLE_FEWER, LITTLE_MORE = (0.98, 0.96, 0.995), (1.02, 1.005, 1.04)
FEWER, MORE = (0.8, 0.75, 0.85), (1.25, 1.18, 1.33)
FAR_FEWER, FAR_MORE = (0.5, 0.4, 0.6), (2.0, 1.7, 2.5)
STATEMENTS = [
    # with thresholds of 0.9 (1.11) and 0.7 (1.43)
    ("high", TWO, LITTLE_FEWER, "Drug results in little to no difference in death compared with placebo."),
    ("high", TWO, LITTLE_MORE, "Drug results in little to no difference in death compared with placebo."),
    ("high", TWO, FEWER, "Drug results in a slight reduction in death compared with placebo."),
    ("high", TWO, MORE, "Drug results in a slight increase in death compared with placebo."),
    ("high", TWO, FAR_FEWER, "Drug results in a large reduction in death compared with placebo."),
    ("high", TWO, FAR_MORE, "Drug results in a large increase in death compared with placebo."),
    ("moderate", TWO, LITTLE_FEWER, "Drug probably results in little to no difference in death compared with placebo."),
    ("moderate", TWO, LITTLE_MORE, "Drug probably results in little to no difference in death compared with placebo."),
    ("moderate", TWO, FEWER, "Drug probably results in a slight reduction in death compared with placebo."),
    ("moderate", TWO, MORE, "Drug probably results in a slight increase in death compared with placebo."),
    ("moderate", TWO, FAR_FEWER, "Drug probably results in a large reduction in death compared with placebo."),
    ("moderate", TWO, FAR_MORE, "Drug probably results in a large increase in death compared with placebo."),
    ("low", TWO, LITTLE_FEWER, "Drug may result in little to no difference in death compared with placebo."),
    ("low", TWO, LITTLE_MORE, "Drug may result in little to no difference in death compared with placebo."),
    ("low", TWO, FEWER, "Drug may result in a slight reduction in death compared with placebo."),
    ("low", TWO, MORE, "Drug may result in a slight increase in death compared with placebo."),
    ("low", TWO, FAR_FEWER, "Drug may result in a large reduction in death compared with placebo."),
    ("low", TWO, FAR_MORE, "Drug may result in a large increase in death compared with placebo."),
    ("very low", TWO, LITTLE_FEWER, "Drug may have little to no effect on death compared with placebo, but the evidence is very uncertain."),
    ("very low", TWO, LITTLE_MORE, "Drug may have little to no effect on death compared with placebo, but the evidence is very uncertain."),
    ("very low", TWO, FEWER, "Drug may reduce death compared with placebo, but the evidence is very uncertain."),
    ("very low", TWO, MORE, "Drug may increase death compared with placebo, but the evidence is very uncertain."),
    ("very low", TWO, FAR_FEWER, "Drug may reduce death compared with placebo, but the evidence is very uncertain."),
    ("very low", TWO, FAR_MORE, "Drug may increase death compared with placebo, but the evidence is very uncertain."),
    (None, TWO, LITTLE_FEWER, None),
    (None, TWO, FAR_MORE, None),
    # with one threshold an effect that matters has no size
    ("high", 0.9, LITTLE_FEWER, "Drug results in little to no difference in death compared with placebo."),
    ("high", 0.9, FAR_FEWER, "Drug reduces death compared with placebo."),
    ("high", 0.9, FAR_MORE, "Drug increases death compared with placebo."),
    ("moderate", 0.9, FEWER, "Drug probably reduces death compared with placebo."),
    ("moderate", 0.9, MORE, "Drug probably increases death compared with placebo."),
    ("low", 0.9, FEWER, "Drug may reduce death compared with placebo."),
    ("low", 0.9, MORE, "Drug may increase death compared with placebo."),
    ("very low", 0.9, MORE, "Drug may increase death compared with placebo, but the evidence is very uncertain."),
    # what the interval includes besides
    ("high", 0.9, (1.0, 0.98, 1.02), "Drug results in little to no difference in death compared with placebo."),
    ("low", 0.9, (0.97, 0.8, 1.05), "Drug may result in little to no difference in death compared with placebo, but the confidence interval also includes an important reduction."),
    ("low", 0.9, (1.0, 0.5, 2.0), "Drug may result in little to no difference in death compared with placebo, but the confidence interval also includes an important reduction and an important increase."),
    ("low", 0.9, (0.7, 0.45, 1.09), "Drug may reduce death compared with placebo, but the confidence interval includes both a reduction and an increase."),
    ("moderate", 0.9, (0.8, 0.66, 0.96), "Drug probably reduces death compared with placebo, but the confidence interval also includes little to no difference."),
    # without a threshold there is a direction where the interval has one, and no size
    ("high", None, FEWER, "Drug reduces death compared with placebo."),
    ("high", None, MORE, "Drug increases death compared with placebo."),
    ("moderate", None, FEWER, "Drug probably reduces death compared with placebo."),
    ("moderate", None, MORE, "Drug probably increases death compared with placebo."),
    ("low", None, FEWER, "Drug may reduce death compared with placebo."),
    ("low", None, MORE, "Drug may increase death compared with placebo."),
    ("very low", None, FEWER, "Drug may reduce death compared with placebo, but the evidence is very uncertain."),
    ("very low", None, MORE, "Drug may increase death compared with placebo, but the evidence is very uncertain."),
    ("high", None, (1.0, 0.98, 1.02), "The confidence interval includes both fewer and more events (death) with drug than with placebo."),
    ("moderate", None, (0.7, 0.45, 1.09), "The confidence interval includes both fewer and more events (death) with drug than with placebo."),
    ("low", None, (1.4, 0.9, 2.2), "The confidence interval includes both fewer and more events (death) with drug than with placebo."),
    ("very low", None, (1.4, 0.9, 2.2), "The evidence is very uncertain about the effect of drug on death."),
    (None, None, FEWER, None),
]  # fmt: skip


@pytest.mark.parametrize(("level", "important", "effect", "sentence"), STATEMENTS)
def test_size_and_certainty_give_the_sentence(level, important, effect, sentence):
    assert plain_statement(analysis(level=level, important=important, effect=effect)) == sentence


@pytest.mark.parametrize("favours", [("Favours drug", "Favours placebo"), ("Favours placebo", "Favours drug")])
def test_the_sentence_is_the_same_for_a_benefit_and_a_harm_as_it_names_the_event(favours):
    remission = analysis(effect=FAR_MORE, important=TWO, favours=favours, event="remission")
    assert plain_statement(remission) == "Drug results in a large increase in remission compared with placebo."


OTHER_MEASURES = [
    ("MD", (-6.0, -7.0, -5.0), 5, "Drug reduces pain at 6 weeks compared with placebo."),
    ("MD", (2.0, 1.0, 3.0), 5, "Drug results in little to no difference in pain at 6 weeks compared with placebo."),
    ("MD", (2.0, 1.0, 3.0), -5, "Drug results in little to no difference in pain at 6 weeks compared with placebo."),
    ("MD", (2.0, -1.0, 5.0), None, "The confidence interval includes both lower and higher values (pain at 6 weeks) with drug than with placebo."),
    ("SMD", (0.9, 0.8, 1.0), {"small": 0.2, "large": 0.8}, "Drug results in a large increase in pain at 6 weeks compared with placebo."),
    ("RD", (-0.02, -0.03, -0.015), 0.01, "Drug reduces pain at 6 weeks compared with placebo."),
    ("RD", (0.004, 0.001, 0.007), 0.01, "Drug results in little to no difference in pain at 6 weeks compared with placebo."),
    ("HR", (0.7, 0.6, 0.8), 0.8, "Drug reduces events (pain at 6 weeks) compared with placebo."),
    ("HR", (0.9, 0.7, 1.2), None, "The confidence interval includes both fewer and more events (pain at 6 weeks) with drug than with placebo."),
    ("PETO", (0.7, 0.6, 0.8), 1.25, "Drug reduces pain at 6 weeks compared with placebo."),
    ("IRR", (0.7, 0.6, 0.8), 1.25, "Drug reduces pain at 6 weeks compared with placebo."),
    ("ROM", (1.3, 1.2, 1.4), 1.1, "Drug increases pain at 6 weeks compared with placebo."),
    ("VR", (1.3, 1.2, 1.4), 1.1, "Drug increases variability (pain at 6 weeks) compared with placebo."),
    ("RMSTD", (3.0, 2.0, 4.0), 1, "Drug increases restricted mean survival time (pain at 6 weeks) compared with placebo."),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "effect", "important", "sentence"), OTHER_MEASURES)
def test_thresholds_of_ratios_are_mirrored_and_those_of_differences_change_their_sign(
    measure, effect, important, sentence
):
    item = analysis(measure, effect, important=important, title="Pain at 6 weeks")
    assert plain_statement(item) == sentence


@pytest.mark.parametrize("threshold", [0.8, 1.25])
@pytest.mark.parametrize(("effect", "matters"), [(0.8, True), (1.25, True), (0.81, False), (1.24, False)])
def test_an_effect_at_the_threshold_matters_whichever_side_it_is_given_for(threshold, effect, matters):
    item = analysis(effect=(effect, effect * 0.99, effect * 1.01), important=threshold)
    assert ("little to no difference in" in (plain_statement(item) or "")) is not matters


@pytest.mark.parametrize(
    ("parts", "reason"),
    [
        ({"level": None}, "certainty not assessed"),
        ({"pool": {"random": None}}, "there is no overall estimate"),
        ({"measure": "PLO"}, "a proportion (logit) does not compare arms"),
        ({"measure": "ZCOR", "important": 0.3}, "a correlation (Fisher's z) does not compare arms"),
        ({"effect": (0.8, None, None)}, "the estimate has no confidence interval"),
    ],
)
def test_what_is_not_worded_has_its_reason(parts, reason):
    item = analysis(**parts)
    assert not_worded(item) == reason
    assert plain_statement(item) is None


def with_effects(changed, low, high, spec_parts, estimate=1.0):
    spec = fixtures.specification()
    spec["analyses"][0] |= {"measure": "RR", "title": "Death", **spec_parts}
    pool = fixtures.pooled() | {"measure": "RR"}
    review = changed(spec=spec, pool=pool, random=fixtures.estimated(estimate, low, high))
    return review, review.analyses[0]


@pytest.mark.parametrize("level", [None, "high", "moderate", "low", "very low"])
@pytest.mark.parametrize("important", [None, 0.9, {"small": 0.9, "large": 0.7}])
@pytest.mark.parametrize(("estimate", "low", "high"), [(1.0, 0.98, 1.02), (0.7, 0.4, 1.2), (1.6, 0.9, 2.9)])
def test_no_sentence_is_in_favour_of_an_arm_where_the_interval_includes_no_difference(
    changed, level, important, estimate, low, high
):
    parts = {"certainty": {"level": level} if level else None, "important": important}
    review, item = with_effects(changed, low, high, parts, estimate)
    text = f"{sentences.finding(review, item)} {sentences.result(review, item)} {summary.summary_of_findings(review)}"
    assert "in favour of" not in text
    assert "leads to" not in text


def test_an_effect_too_small_to_matter_reads_alike_in_abstract_summary_and_result(changed):
    review, item = with_effects(changed, 0.98, 1.02, {"certainty": {"level": "high"}, "important": 0.9})
    statement = "Blinatumomab results in little to no difference in death compared with chemotherapy"
    assert f"{statement} (certainty of the evidence: high)." in sentences.finding(review, item)
    assert f"{statement}." in str(summary.summary_of_findings(review))
    assert sentences.result(review, item).endswith(
        "The estimate and the whole confidence interval lie between 0.90 and 1.11, the range of effects too small to be important."
    )


READINGS = [
    ((0.98, 0.8, 1.02), 0.9, "The estimate lies between 0.90 and 1.11, the range of effects too small to be important, but the confidence interval extends beyond it."),
    (FEWER, 0.9, "The effect is important (not between 0.90 and 1.11), as is every value within the confidence interval."),
    ((0.8, 0.7, 0.95), 0.9, "The effect is important (not between 0.90 and 1.11), but the confidence interval includes effects too small to be important."),
    (FEWER, TWO, "The effect is small (not between 0.90 and 1.11), as is every value within the confidence interval."),
    ((0.8, 0.6, 0.88), TWO, "The effect is small (not between 0.90 and 1.11), but the confidence interval includes large effects."),
    (FAR_MORE, TWO, "The effect is large (not between 0.70 and 1.43), as is every value within the confidence interval."),
    ((2.0, 0.5, 8.0), TWO, "The effect is large (not between 0.70 and 1.43), but the confidence interval includes effects too small to be important."),
    ((2.0, None, None), TWO, "The effect is large (not between 0.70 and 1.43)."),
]  # fmt: skip


@pytest.mark.parametrize(("effect", "important", "sentence"), READINGS)
def test_the_result_says_how_estimate_and_interval_lie_to_the_thresholds(effect, important, sentence):
    item = analysis(effect=effect, important=important)
    assert sentences.reading(item, item.pool["random"]).endswith(sentence)


def test_without_a_judged_certainty_the_abstract_names_size_or_direction(changed):
    review, item = with_effects(changed, 0.98, 1.02, {"important": 0.9})
    assert (
        ", an effect too small to be important; the confidence interval includes 1 (no difference)."
        in sentences.finding(review, item)
    )
    plain = dataclasses.replace(item, important=None)
    assert "(95% CI 0.98 to 1.02); the confidence interval includes 1 (no difference)." in sentences.finding(
        review, plain
    )
