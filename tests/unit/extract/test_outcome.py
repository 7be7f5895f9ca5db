"""extract: from the figures of one outcome to candidate effects and a choice."""

import math
from typing import Any

import pytest

from coppice.core.measures import MEASURES
from coppice.core.reported_statistics import STATISTICS
from coppice.extract.outcome import extract_outcome
from coppice.extract.registry import ROUTES

Z = 1.959963984540054


def extracted(*figures: dict[str, Any], measure: str = "HR", **spec: Any) -> dict[str, Any]:
    given = {
        "study": "S",
        "outcome": "os",
        "population": "S",
        "reported": list(figures),
        "measures": {measure: {"measure": measure, "options": {}}},
    } | spec
    return extract_outcome(given)


def only(*figures: dict[str, Any], measure: str = "HR", **spec: Any) -> dict[str, Any]:
    result = extracted(*figures, measure=measure, **spec)["measures"][measure]
    (index,) = result["chosen"]
    return dict(result["candidates"][index])


HR = {"statistic": "hazard_ratio", "estimate": 0.39, "ci": [0.24, 0.64]}


def test_a_hazard_ratio_with_its_interval_gives_the_log_and_its_variance() -> None:
    """AALL1731, disease-free survival: log HR -0.9416, SE 0.2502."""
    effect = only(HR)
    assert effect["yi"] == pytest.approx(-0.9416, abs=5e-5)
    assert math.sqrt(effect["vi"]) == pytest.approx(0.2502, abs=5e-5)


def test_the_level_of_the_interval_counts() -> None:
    z90 = 1.6448536269514722
    effect = only(HR | {"level": 0.90})
    assert effect["vi"] == pytest.approx((math.log(0.64 / 0.24) / (2 * z90)) ** 2, rel=1e-12)


def test_an_inverted_ratio_is_turned_round_and_says_so() -> None:
    effect = only({"statistic": "hazard_ratio", "estimate": 1.43, "ci": [0.97, 2.13], "inverted": True})
    assert effect["yi"] == pytest.approx(-math.log(1.43))
    assert effect["notes"] == ["printed as control over experimental; its reciprocal is used"]


def test_counts_give_the_three_measures_of_metafor() -> None:
    """Aronson 1948 of the BCG trials, 4/123 v 11/139: values of metafor's escalc."""
    figure = {"statistic": "counts", "events_e": 4, "n_e": 123, "events_c": 11, "n_c": 139}
    expected = {
        "RR": (-0.889311333920205, 0.325584765003961),
        "OR": (-0.938694140870392, 0.357124952253629),
        "RD": (-0.04661636544423, 0.000780068664855938),
    }
    for measure, (yi, vi) in expected.items():
        effect = only(figure, measure=measure)
        assert effect["yi"] == pytest.approx(yi, rel=1e-12)
        assert effect["vi"] == pytest.approx(vi, rel=1e-12)


def test_survival_with_standard_errors_gives_the_ratio_of_cumulative_hazards() -> None:
    """AALL1731 at 3 years, 96.0 +/- 1.2% v 87.9 +/- 2.1%: 0.317 (0.157 to 0.638), SE 0.358."""
    effect = only(
        {"statistic": "survival", "time": 3, "survival_e": 0.960, "survival_c": 0.879, "se_e": 0.012, "se_c": 0.021}
    )
    assert math.exp(effect["yi"]) == pytest.approx(0.317, abs=5e-4)
    assert math.sqrt(effect["vi"]) == pytest.approx(0.358, abs=5e-4)


@pytest.mark.parametrize("scale", ["log-log", "log", "plain"])
def test_the_scale_of_a_survival_interval_is_undone(scale: str) -> None:
    survival, error = {"e": 0.8, "c": 0.6}, 0.2
    figure: dict[str, Any] = {"statistic": "survival", "time": 4, "ci_scale": scale}
    for arm, value in survival.items():
        figure[f"survival_{arm}"] = value
        if scale == "log-log":
            limits = [math.exp(-math.exp(math.log(-math.log(value)) + sign * Z * error)) for sign in (1, -1)]
        elif scale == "log":
            limits = [value * math.exp(sign * Z * error * -math.log(value)) for sign in (-1, 1)]
        else:
            limits = [value + sign * Z * error * value * -math.log(value) for sign in (-1, 1)]
        figure[f"ci_{arm}"] = limits
    assert only(figure)["vi"] == pytest.approx(2 * error**2, rel=1e-9)


def test_a_survival_of_one_gives_no_hazard_ratio_and_says_why() -> None:
    result = extracted(
        {"statistic": "survival", "time": 2, "survival_e": 1.0, "survival_c": 0.9, "se_e": 0.01, "se_c": 0.02}
    )
    assert "a survival of 1 in the experimental arm has no log cumulative hazard" in result["unused"][0]["reason"]


def test_a_figure_with_one_arm_only_is_kept_with_the_reason() -> None:
    result = extracted({"statistic": "survival", "time": 2, "survival_e": 0.978, "survival_c": None})
    assert result["measures"]["HR"]["chosen"] == []
    assert result["unused"][0]["reason"] == "no survival probability of the control arm or standard error is reported"


def test_zero_cells_are_refused_by_name_where_no_correction_was_asked_for() -> None:
    figure = {"statistic": "counts", "events_e": 13, "n_e": 267, "events_c": 0, "n_c": 109}
    assert extracted(figure, measure="RR")["unused"][0]["reason"] == "no event in the control arm"
    assert only(figure, measure="RD")["yi"] == pytest.approx(13 / 267)


def test_a_mark_beats_the_rank_and_the_rank_beats_the_order() -> None:
    landmark = {"statistic": "survival", "time": 3, "survival_e": 0.9, "survival_c": 0.8, "se_e": 0.02, "se_c": 0.03}
    assert only(landmark, HR)["route"] == "hazard_ratio_ci"
    marked = extracted(landmark | {"use": "the horizon of the protocol"}, HR)["measures"]["HR"]
    assert marked["candidates"][marked["chosen"][0]]["route"] == "survival_se"
    assert marked["why"] == "marked in the record: the horizon of the protocol"


def test_a_route_that_is_asked_for_is_taken() -> None:
    landmark = {"statistic": "survival", "time": 3, "survival_e": 0.9, "survival_c": 0.8, "se_e": 0.02, "se_c": 0.03}
    assert only(HR, landmark, route="survival_se")["route"] == "survival_se"


def test_among_equals_the_better_source_enters() -> None:
    secondary = HR | {"source": {"report": "a", "quality": "secondary"}}
    primary = HR | {"estimate": 0.4, "source": {"report": "b", "quality": "primary"}}
    assert only(secondary, primary)["report"] == "b"


COUNTS = {"statistic": "counts", "events_e": 52, "n_e": 351, "events_c": 19, "n_c": 376}


def test_a_subgroup_never_enters_beside_the_total() -> None:
    result = extracted(COUNTS | {"population": "S/high"}, COUNTS, measure="RR")["measures"]["RR"]
    assert [result["candidates"][index]["population"] for index in result["chosen"]] == ["S"]


def test_disjoint_strata_enter_together_when_there_is_no_total() -> None:
    result = extracted(COUNTS | {"population": "S/average"}, COUNTS | {"population": "S/high"}, measure="RR")[
        "measures"
    ]["RR"]
    assert [result["candidates"][index]["population"] for index in result["chosen"]] == ["S/average", "S/high"]
    assert "2 separate strata enter" in result["why"]


def test_overlapping_strata_do_not_enter() -> None:
    result = extracted(COUNTS | {"population": "S/high"}, COUNTS | {"population": "S/high/boys"}, measure="RR")
    assert result["measures"]["RR"]["chosen"] == []


def test_a_single_stratum_enters_only_when_marked() -> None:
    stratum = COUNTS | {"population": "S/high"}
    assert extracted(stratum, measure="RR")["measures"]["RR"]["chosen"] == []
    assert extracted(stratum | {"use": "the only one"}, measure="RR")["measures"]["RR"]["chosen"] == [0]


def exchanged(name: str) -> str:
    return name[:-2] + {"_e": "_c", "_c": "_e"}[name[-2:]] if name.endswith(("_e", "_c")) else name


def test_exchanging_the_arms_negates_every_effect_and_keeps_its_variance() -> None:
    survival = {"statistic": "survival", "time": 3, "survival_e": 0.9, "survival_c": 0.8, "se_e": 0.02, "se_c": 0.03}
    for figure, measure in [(survival, "HR"), (COUNTS, "RR"), (COUNTS, "OR"), (COUNTS, "RD")]:
        swapped = {exchanged(name): value for name, value in figure.items()}
        one, other = only(figure, measure=measure), only(swapped, measure=measure)
        assert one["yi"] == pytest.approx(-other["yi"])
        assert one["vi"] == pytest.approx(other["vi"])


def test_every_route_starts_from_a_known_statistic_and_gives_known_measures() -> None:
    for route in ROUTES.values():
        names = {key.name for key in STATISTICS[route.statistic].keys}
        assert set(route.needs) <= names, route.name
        assert set(route.gives) <= set(MEASURES), route.name
        assert route.source and route.formula, route.name
