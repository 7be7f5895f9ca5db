import pytest

from coppice.explore.summary import moved_by, summarised


def row(estimate, p=0.01, measure="HR", se=1.0, **choices):
    return {
        "choices": {"measure": measure, **choices},
        "estimate": estimate,
        "se": se,
        "ci_low": estimate - se,
        "ci_high": estimate + se,
        "p": p,
    }


ROWS = [
    row(-1.0, a="x", b="u"),
    row(-0.8, 0.2, a="x", b="v"),
    row(0.2, 0.3, a="y", b="u"),
    row(0.4, 0.04, a="y", b="v"),
]
CHOICES = {"measure": ["HR"], "a": ["x", "y"], "b": ["u", "v"]}


def test_agreement_is_with_the_side_of_the_main_analysis():
    found = summarised(ROWS, CHOICES, 0.95)
    assert [
        found[key] for key in ("specifications", "same_direction", "significant", "significant_same_direction")
    ] == [4, 2, 2, 1]


def test_the_position_counts_what_lies_below_and_ties_by_half():
    assert summarised(ROWS, CHOICES, 0.95)["position"] == pytest.approx(0.125)


def test_the_variance_of_a_balanced_multiverse_adds_up():
    # by hand: the means of x and y differ by 1.2, those of u and v by 0.2
    found = moved_by(ROWS, CHOICES)
    assert found["of"] == "estimate"
    assert found["shares"] == {"a": pytest.approx(1.44 / 1.48), "b": pytest.approx(0.04 / 1.48)}
    assert found["together"] == pytest.approx(1.0)


def test_measures_of_different_scales_are_compared_by_their_z():
    rows = [row(-1.0, a="x"), row(-0.1, measure="RD", se=0.05, a="x")]
    assert moved_by(rows, {"measure": ["HR", "RD"], "a": ["x"]})["of"] == "estimate / se"


def test_specifications_that_do_not_differ_have_no_variance():
    assert moved_by([row(0.3, a="x"), row(0.3, a="y")], {"a": ["x", "y"]}) is None


def test_a_measure_without_a_null_has_no_direction():
    found = summarised([row(0.3, measure="PR", a="x")], {"a": ["x"]}, 0.95)
    assert found["same_direction"] is None and found["range"]["PR"]["low"] == 0.3


def test_nothing_possible_has_no_summary():
    assert summarised([], CHOICES, 0.95) is None
