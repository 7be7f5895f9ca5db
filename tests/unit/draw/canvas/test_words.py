"""The lines of words below figures."""

from __future__ import annotations

from tests.unit.draw.fixtures import bcg, survival

from coppice.draw.canvas import words


def plain(text: str) -> str:
    return text.replace(words.NO_BREAK, " ")


def test_heterogeneity_is_one_line_with_intervals():
    values = {"tau2": 0.3132, "tau2_low": 0.1197, "tau2_high": 1.1115, "I2": 92.22, "I2_low": 81.9, "I2_high": 97.7}
    values |= {"Q": 152.233, "df": 12.0, "p": 1e-20}
    line = "Heterogeneity: τ² = 0.313 (0.120 to 1.11), I² = 92% (82 to 98%), Q = 152.23, df = 12, p < 0.001"
    assert plain(words.heterogeneity(values)) == line


def test_an_interval_without_an_upper_limit_says_so():
    text = words.heterogeneity({"tau2": 0.1, "tau2_low": 0.01, "tau2_high": None})
    assert "from 0.010, no upper limit" in plain(text)


def test_signs_are_never_parted_from_their_numbers():
    text = words.heterogeneity(survival()["heterogeneity"])
    assert " = " not in text
    assert ", " in text


def test_the_overall_test_is_z_or_t_by_its_degrees_of_freedom():
    assert (
        plain(words.overall_test({"random": {"statistic": -3.9, "df": 4, "p": 0.0176}}))
        == "Overall effect: t = −3.90, df = 4, p = 0.02"
    )
    assert (
        plain(words.overall_test({"common": {"statistic": 2.0, "df": None, "p": 0.046}}))
        == "Overall effect: z = 2.00, p = 0.046"
    )


def test_a_measure_without_a_value_of_no_effect_has_no_overall_test():
    assert not words.overall_test({"measure": "PLO", "random": {"statistic": 2.0, "df": None, "p": 0.046}})


def test_a_weight_below_zero_is_explained():
    result = bcg()
    assert not words.negative_weights(result)
    result["effects"][0]["weight_random"] = -0.4
    assert words.negative_weights(result).startswith("A weight below 0 is drawn as the smallest square")


def test_effects_are_counted_apart_from_studies():
    result = bcg()
    assert words.count_of(result) == "13 studies"
    result["effects"][1]["study"] = result["effects"][0]["study"]
    assert words.count_of(result) == "13 effects of 12 studies"


def test_missing_parts_and_studies_with_the_same_reason_are_named_together():
    result = {"reasons": {"random": "subgroups only", "common": "subgroups only", "prediction": "subgroups only"}}
    assert words.reasons(result) == ["No overall estimate or prediction interval: subgroups only."]
    result = {
        "excluded": [{"study": "A", "reason": "no control"}, {"study": "B", "label": "Bee", "reason": "no control"}]
    }
    assert words.not_pooled(result) == ["Not pooled: A and Bee: no control."]


def test_the_common_effect_is_called_by_its_method():
    """The method is what the result has, such as that of the profile `revman5`."""
    assert words.method({"measure": "RD", "common": {"method": "MH"}}) == "Common effect: Mantel-Haenszel."
    assert words.method({"measure": "RD", "common": {"method": "Peto"}}) == "Common effect: Peto."
    assert words.method({"measure": "RD", "common": {"estimate": 0.1}}) == "Common effect: inverse variance."
