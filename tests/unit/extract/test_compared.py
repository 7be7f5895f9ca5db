"""Figures of two arms out of figures by arm and of contrasts of named arms; numbers are those of metafor 3.8 (escalc)."""

from typing import Any

import pytest

from coppice.core.measures import MEASURES
from coppice.core.printed_number import PrintedNumber
from coppice.extract.compared import Comparison, compared, exchanged
from coppice.extract.outcome import try_route
from coppice.extract.registry import routes_from
from coppice.extract.route import Effect, Options

NAMES = {"low": "10 mg", "high": "25 mg", "placebo": "placebo"}
COUNTS = {
    "statistic": "arm_counts",
    "arms": {"low": {"events": 12, "n": 40}, "high": {"events": 19, "n": 41}, "placebo": {"events": 8, "n": 40}},
}
MEANS = {
    "statistic": "arm_means",
    "arms": {
        "low": {"mean": 12.1, "sd": 4.2, "n": 40},
        "high": {"mean": 13.5, "se": 0.7, "n": 38},
        "placebo": {"mean": 10.2, "sd": 4.0, "n": 42},
    },
}
RATES = {
    "statistic": "arm_person_time",
    "unit": "years",
    "arms": {"low": {"events": 9, "time": 120.5}, "placebo": {"events": 14, "time": 118}},
}


def comparison(*experimental: str, control: tuple[str, ...] = ("placebo",), separate: bool = False) -> Comparison:
    sides: Any = {"experimental": list(experimental), "control": list(control)}
    return Comparison(("drug", "placebo"), sides, NAMES, "ONE", separate)


def made(figure: dict[str, Any], chosen: Comparison) -> list[dict[str, Any]]:
    figures, left_out = compared([figure], chosen)
    assert left_out == []
    return [item["reported"] for item in figures]


def reason(figure: dict[str, Any], chosen: Comparison) -> str:
    figures, left_out = compared([figure], chosen)
    assert figures == []
    return left_out[0]["reason"]


def effect(figure: dict[str, Any], measure: str) -> tuple[float, float]:
    tried = (try_route(route, figure, measure, Options()) for route in routes_from(figure["statistic"], measure))
    found = next(item for item in tried if isinstance(item, Effect))
    return found.yi, found.vi


@pytest.mark.parametrize(
    ("figure", "arms", "measure", "expected"),
    [
        (MEANS, ("high",), "MD", (3.3, 0.870952380952)),
        (MEANS, ("high",), "SMD", (0.7870418752423, 0.0539967814919)),
        (MEANS, ("low", "high"), "MD", (2.58205128205, 0.61656591272)),
        (MEANS, ("low", "high"), "SMD", (0.6123924522583, 0.0381926387783)),
        (COUNTS, ("low", "high"), "OR", (0.908258560177, 0.208508064516)),
        (RATES, ("low",), "IRR", (-0.462797880744, 0.182539682540)),
    ],
)
def test_two_arms_of_a_study_of_three_give_what_metafor_gives_of_their_table(
    figure: dict[str, Any], arms: tuple[str, ...], measure: str, expected: tuple[float, float]
) -> None:
    assert effect(made(figure, comparison(*arms))[0], measure) == pytest.approx(expected, rel=1e-10)


def test_combined_arms_keep_the_figures_of_each() -> None:
    (figure,) = made(COUNTS, comparison("low", "high"))
    assert figure["combine_e"] == [{"events": 12, "n": 40}, {"events": 19, "n": 41}]
    assert (figure["events_e"], figure["n_e"], figure["events_c"], figure["n_c"]) == (31, 81, 8, 40)


def test_separate_arms_are_figures_of_their_own_with_the_name_of_the_arm() -> None:
    one, other = made(COUNTS, comparison("low", "high", separate=True))
    assert [(item["label"], item["events_e"], item["events_c"]) for item in (one, other)] == [
        ("ONE: 10 mg", 12, 8),
        ("ONE: 25 mg", 19, 8),
    ]


def test_survival_of_several_arms_is_not_combined() -> None:
    figure = {"statistic": "arm_survival", "arms": {arm: {"survival": 0.5} for arm in NAMES}}
    assert reason(figure, comparison("low", "high")) == "such figures of several arms can't be combined"
    assert made(figure, comparison("low"))[0]["survival_e"] == 0.5


def test_a_figure_that_leaves_out_an_arm_of_the_comparison_enters_only_if_it_is_marked() -> None:
    contrast = {"statistic": "odds_ratio", "arms": ["high", "placebo"], "estimate": 3.4}
    assert reason(contrast, comparison("low", "high")) == "it leaves out 10 mg; marked `use` it enters nevertheless"
    assert made(contrast | {"use": "planned"}, comparison("low", "high"))[0]["estimate"] == 3.4
    assert made(contrast, comparison("low", "high", separate=True))[0]["label"] == "ONE: 25 mg"


def test_a_figure_of_other_arms_or_of_one_group_is_not_of_the_comparison() -> None:
    assert (
        reason({"statistic": "odds_ratio", "arms": ["high", "low"]}, comparison("high"))
        == "it does not compare drug with placebo"
    )
    assert reason({"statistic": "proportion", "events": 3, "n": 9}, comparison("high")) == "it is of one group"


def test_a_contrast_in_the_other_direction_is_turned_round() -> None:
    contrast = {"statistic": "odds_ratio", "arms": ["placebo", "high"], "estimate": 0.25, "ci": [0.1, 0.6]}
    assert made(contrast, comparison("high"))[0] == {
        "statistic": "odds_ratio",
        "estimate": 0.25,
        "ci": [0.1, 0.6],
        "inverted": True,
    }


# measures of one group, and those that one arm standardises
NOT_TURNED = {item.code for item in MEASURES.values() if item.is_of_one_group} | {"SMD1", "SMD1H"}
TWO_ARMS: dict[str, dict[str, Any]] = {
    "hazard_ratio": {"estimate": 0.7, "ci": [0.5, 0.98], "events_e": 30, "events_c": 40},
    "risk_difference": {"estimate": -0.1, "ci": [-0.2, 0.05]},
    "mean_difference": {"estimate": 1.5, "se": 0.4},
    "rmst_difference": {"estimate": 1.5, "ci": [-0.5, 3.5], "unit": "months", "horizon": 12},
    "logrank": {"o_minus_e": -5.2, "v": 11.0},
    "means": {"n_e": 30, "n_c": 32, "t": 2.1},
    "counts": {"combine_e": [{"events": 3, "n": 40}, {"events": 5, "n": 41}], "events_c": 9, "n_c": 40},
    "effect": {"yi": 0.3, "vi": 0.04},
}


@pytest.mark.parametrize("statistic", TWO_ARMS)
def test_an_exchanged_figure_gives_the_negated_effect_with_the_same_variance(statistic: str) -> None:
    figure = {"statistic": statistic, **TWO_ARMS[statistic]}
    tried = 0
    for measure in MEASURES.values():
        for route in routes_from(statistic, measure.code) if measure.code not in NOT_TURNED else ():
            one, other = (try_route(route, item, measure.code, Options()) for item in (figure, exchanged(figure)))
            assert isinstance(one, Effect) is isinstance(other, Effect)
            if isinstance(one, Effect) and isinstance(other, Effect):
                assert (other.yi, other.vi) == pytest.approx((-one.yi, one.vi), rel=1e-9)
                tried += 1
    assert tried
    assert exchanged(exchanged(figure)) == figure | ({"inverted": False} if statistic == "hazard_ratio" else {})


def test_a_turned_number_keeps_its_digits() -> None:
    turned = exchanged({"statistic": "mean_difference", "estimate": PrintedNumber("-1.50")})["estimate"]
    assert (turned, turned.text) == (1.5, "1.50")


def test_a_figure_whose_control_arm_is_split_is_not_turned_round() -> None:
    figure = {"statistic": "counts", "arms": ["placebo", "high"], "events_e": 1, "n_e": 9, "split_c": 2}
    assert "split" in reason(figure, comparison("high"))
