import pytest

from coppice.explore.multiverse.multiverse_summary import moved_by, summarised


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


def test_each_measure_has_a_summary_of_its_own_and_none_explains_another():
    # by hand: among the hazard ratios a explains 1.44/1.48; between the odds ratios 1 and 3 b explains all
    odds = [row(1.0, measure="OR", a="x", b="u"), row(3.0, measure="OR", a="x", b="v")]
    found = summarised(ROWS + odds, CHOICES | {"measure": ["HR", "OR"]}, 0.95)
    assert found["moved_by"] == moved_by(ROWS, CHOICES)
    assert "measure" not in found["moved_by"]["shares"]
    assert list(found["by_measure"]) == ["HR", "OR"]
    assert found["by_measure"]["HR"] == {"specifications": 4, "same_direction": 2, "moved_by": found["moved_by"]}
    assert found["by_measure"]["OR"]["specifications"] == 2
    assert found["by_measure"]["OR"]["same_direction"] == 0  # the main analysis lies below no effect, these above
    assert found["by_measure"]["OR"]["moved_by"]["shares"] == {"b": pytest.approx(1.0)}


def test_another_measure_does_not_change_what_moves_the_main_one():
    others = [row(40.0, measure="MD", se=3.0, a=a, b="u") for a in ("x", "y")]
    assert summarised(ROWS + others, CHOICES, 0.95)["moved_by"] == summarised(ROWS, CHOICES, 0.95)["moved_by"]


def test_specifications_that_do_not_differ_have_no_variance():
    assert moved_by([row(0.3, a="x"), row(0.3, a="y")], {"a": ["x", "y"]}) is None


def test_a_measure_without_a_null_has_no_direction():
    found = summarised([row(0.3, measure="PR", a="x")], {"a": ["x"]}, 0.95)
    assert found["same_direction"] is None and found["range"]["PR"]["low"] == 0.3


def test_nothing_possible_has_no_summary():
    assert summarised([], CHOICES, 0.95) is None
