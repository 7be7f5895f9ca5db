"""Small words: values, counts, lists and names as they stand in a sentence."""

from __future__ import annotations

import pytest
from tests.unit.report import fixtures

from coppice.core import number_style
from coppice.core.measures import MEASURES
from coppice.report.page import words


@pytest.mark.parametrize(
    ("items", "said"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_a_list_reads_as_a_sentence_does(items, said):
    assert words.listed(items) == said


@pytest.mark.parametrize(
    ("number", "said"), [(0, "no studies"), (1, "one study"), (9, "nine studies"), (1200, "1,200 studies")]
)
def test_small_numbers_are_spelt(number, said):
    assert words.studies(number) == said


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ((0.6, 0.4, 0.9), "40% lower (60% to 10% lower) than"),
        ((0.9, 0.7, 1.2), "10% lower (30% lower to 20% higher) than"),
        ((1.5, 0.9, 2.5), "1.50 times (0.90 to 2.50 times) that"),
        ((1.0, 0.8, 1.25), "the same (20% lower to 25% higher) as"),
        ((1.0032, 1.0024, 1.0040), "0.32% higher (0.24% to 0.40% higher) than"),
        ((1.001, 0.999, 1.003), "0.1% higher (0.1% lower to 0.3% higher) than"),
        ((0.997, 0.88, 1.13), "0.3% lower (12% lower to 13% higher) than"),
        ((0.8, 0.64, 1.0), "20% lower (36% lower to the same) than"),
        ((1.0, 1.0, 1.0), "the same (no change at either limit) as"),
        ((0.003, 0.001, 0.009), "99.7% lower (99.9% to 99.1% lower) than"),
        ((1.999, 1.998, 1.9995), "99.90% higher (99.80% to 99.95% higher) than"),
    ],
)
def test_a_ratio_reads_as_a_change(analysis, limits, said):
    assert words.change(analysis, fixtures.estimated(*limits)) == said


def test_an_estimate_without_an_interval_says_so(analysis):
    assert words.estimate(analysis, {"estimate": 0.0, "ci_low": None, "ci_high": None}) == "1.00 (no interval)"


@pytest.mark.parametrize(
    ("value", "said"), [(None, words.DASH), (0.0, "0"), (0.0642, "0.064"), (1.012, "1.01"), (61.72, "61.7")]
)
def test_a_variance_has_no_needless_decimals(value, said):
    assert number_style.DEFAULT.variance(value) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("hazard_ratio_ci", "hazard ratio with CI"), ("survival_se", "survival with SE"), ("counts", "counts")],
)
def test_a_route_has_a_readable_name(name, said):
    assert words.route(name) == said


def test_a_single_study_stands_in_place_of_an_interval(analysis):
    assert words.estimate(analysis, {"estimate": 0.0, "ci_low": None, "k": 1}) == "1.00 (one study)"


def test_keys_in_a_sentence_become_symbols():
    tau2, i2 = words.SYMBOLS["tau2"], words.SYMBOLS["I2"]
    assert words.symbols("tau2 and I2 are a guess") == f"{tau2} and {i2} are a guess"
    assert words.first_upper(f"{tau2} is 0") == f"{tau2} is 0"


def test_a_design_reads_as_words():
    assert words.level_of("design", "historical-control") == "historical control"
    assert words.level_of("design", "non-randomised") == "non-randomised"


def test_a_level_of_the_users_own_is_printed_as_it_is():
    assert words.level_of("design", "case-control") == "case-control"
    assert words.level_of("type", "historical-control") == "historical-control"


def test_every_measure_has_the_article_of_its_sound():
    vowels = {"odds", "effect", "incidence", "arcsine"}  # no name begins with a letter that sounds otherwise
    for measure in MEASURES.values():
        first = measure.name.split()[0]
        assert words.a(measure).split()[0] == ("an" if first in vowels else "a"), measure.name


@pytest.mark.parametrize(
    ("number", "total", "said"),
    [
        (1, 1, "the only analysis"),
        (2, 2, "both analyses"),
        (3, 3, "all three analyses"),
        (12, 12, "all 12 analyses"),
        (1, 3, "1 of 3 analyses"),
        (0, 1, "0 of 1 analysis"),
    ],
)
def test_a_share_of_several_reads_as_a_person_says_it(number, total, said):
    assert words.share(number, total, "analysis", "analyses") == said


@pytest.mark.parametrize(
    ("text", "said"), [("without Bach et al.", "without Bach et al."), ("without Bach 1996", "without Bach 1996.")]
)
def test_a_sentence_ends_once(text, said):
    assert words.ended(text) == said


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("RR", "risk ratios"),
        ("ROM", "ratios of means"),
        ("IRLN", "incidence rates (log)"),
        ("CVLN", "coefficients of variation (log)"),
        ("SMD", "standardised mean differences"),
        ("SMD1", "mean differences standardised by the control arm"),
        ("YUQ", "values of Yule's Q"),
    ],
)
def test_the_plural_of_a_measure_is_that_of_its_noun(code, said):
    assert words.plural(MEASURES[code].name) == said
