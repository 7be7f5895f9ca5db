"""extract.one_group, .rates, .association and .matched_pairs: what the reference of escalc does not show."""

from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome


def candidate(figure: dict[str, Any], measure: str, **options: Any) -> Any:
    spec = {"study": "S", "outcome": "o", "population": "S", "reported": [figure]}
    result = extract_outcome(spec | {"measures": {measure: {"measure": measure, "options": options}}})
    found = result["measures"][measure]["candidates"]
    return found[0] if found else result["unused"][0]["reason"]


NONE_OF_20 = {"statistic": "proportion", "events": 0, "n": 20}


@pytest.mark.parametrize("measure", ["PR", "PLN", "PLO", "PRZ"])
def test_a_proportion_at_an_end_needs_a_correction(measure: str) -> None:
    assert "no patient had the event" in candidate(NONE_OF_20, measure)
    assert "every patient had the event" in candidate(NONE_OF_20 | {"events": 20}, measure)
    assert candidate(NONE_OF_20, measure, zero_cells="constant")["notes"] == [
        "continuity correction (constant): 0.5 added to each cell"
    ]


@pytest.mark.parametrize("measure", ["PAS", "PFT"])
def test_an_arcsine_proportion_needs_none(measure: str) -> None:
    assert candidate(NONE_OF_20, measure) == candidate(NONE_OF_20, measure, zero_cells="constant")


def test_the_size_that_the_back_transformation_needs_goes_with_the_effect() -> None:
    assert candidate(NONE_OF_20, "PFT")["size"] == 20
    assert candidate({"statistic": "rate", "events": 3, "time": 88.5}, "IRFT")["size"] == 88.5


def test_a_percentage_of_one_group_gives_its_count() -> None:
    effect = candidate({"statistic": "proportion", "percent": 35, "n": 20}, "PLO")
    assert effect["yi"] == candidate({"statistic": "proportion", "events": 7, "n": 20}, "PLO")["yi"]
    assert "7, the only count that rounds to it" in effect["notes"][0]


def test_a_mean_may_come_with_its_standard_error_or_as_a_median() -> None:
    assert candidate({"statistic": "mean", "mean": 12, "se": 0.5, "n": 16}, "MN")["vi"] == pytest.approx(0.25)
    effect = candidate({"statistic": "mean", "median": 12, "q1": 10, "q3": 14, "n": 50}, "MN")
    assert effect["yi"] == pytest.approx(12)
    assert effect["route"] == "mean_medians"


def test_a_mean_below_zero_has_no_logarithm() -> None:
    assert "no logarithm" in candidate({"statistic": "mean", "mean": -1, "sd": 2, "n": 16}, "MNLN")


RATES = {"statistic": "person_time", "events_e": 0, "time_e": 88.0, "events_c": 4, "time_c": 90.5}


def test_an_arm_without_events_gives_a_difference_of_rates_and_no_ratio() -> None:
    assert candidate(RATES, "IRD")["yi"] == pytest.approx(-4 / 90.5)
    assert candidate(RATES, "IRSD")["yi"] < 0
    assert candidate(RATES, "IRR") == "no event in the experimental arm"
    assert (
        "0.5 added to the events of the experimental arm" in candidate(RATES, "IRR", zero_cells="constant")["notes"][0]
    )


def test_rates_as_printed_give_the_events_behind_them() -> None:
    figure = {"statistic": "person_time", "rate_e": 0.0199, "time_e": 301.5, "rate_c": 0.0441, "time_c": 272.1}
    counted = {"statistic": "person_time", "events_e": 6, "time_e": 301.5, "events_c": 12, "time_c": 272.1}
    found, expected = candidate(figure, "IRR"), candidate(counted, "IRR")
    assert (found["yi"], found["vi"]) == (expected["yi"], expected["vi"])
    assert found["notes"][0] == "6 events of the experimental arm by rate and person-time, taken as 6"


def test_rates_without_any_event_may_be_excluded() -> None:
    reason = candidate(RATES | {"events_c": 0}, "IRR", zero_cells="constant", double_zeros="exclude")
    assert reason.startswith("no event in either arm")
    assert candidate(RATES | {"events_c": 0}, "IRD") == "no event in either arm"


def test_a_correlation_follows_from_its_t_statistic() -> None:
    effect = candidate({"statistic": "correlation", "t": 2.5, "n": 30}, "ZCOR")
    assert (
        effect["yi"] == candidate({"statistic": "correlation", "r": 2.5 / (2.5**2 + 28) ** 0.5, "n": 30}, "ZCOR")["yi"]
    )
    assert effect["notes"] == ["correlation 0.4272 from t = 2.5 on 28 df"]


@pytest.mark.parametrize("n", [5, 7, 41, 43, 400, 1832, 100_000])
def test_the_unbiased_correlation_is_near_its_expansion(n: int) -> None:
    """Olkin & Pratt 1958: r [1 + (1 - r^2)/(2 (n - 4))] for large n; the two ways to the function meet at n = 42."""
    found = candidate({"statistic": "correlation", "r": 0.4, "n": n}, "UCOR")["yi"]
    assert 0.4 <= found < 0.6
    if n > 40:
        assert found == pytest.approx(0.4 * (1 + 0.84 / (2 * (n - 4))), rel=3 / n**2 * 4)


def test_a_correlation_of_one_has_no_variance() -> None:
    assert "no variance" in candidate({"statistic": "correlation", "r": 1, "n": 30}, "COR")
    assert "more than 3 are needed" in candidate({"statistic": "correlation", "r": 0.5, "n": 3}, "ZCOR")


def test_a_partial_correlation_may_be_reported_itself() -> None:
    figure = {"statistic": "partial_correlation", "r": 0.3, "n": 60, "predictors": 3}
    assert candidate(figure, "PCOR")["vi"] == pytest.approx((1 - 0.09) ** 2 / 57)
    assert "t and r2 are needed" in candidate(figure, "SPCOR")
    assert "not more patients than predictors" in candidate(figure | {"n": 4}, "PCOR")


PAIRS = {"statistic": "matched_pairs", "pairs_both": 20, "pairs_e": 0, "pairs_c": 5, "pairs_neither": 65}


def test_pairs_are_corrected_only_where_asked_for() -> None:
    assert candidate(PAIRS, "MPRR")["notes"] == []
    assert "no continuity correction is chosen" in candidate(PAIRS, "MPORC")
    assert candidate(PAIRS, "MPORC", zero_cells="constant")["notes"]


def test_pairs_without_a_discordant_one_say_nothing() -> None:
    alike = PAIRS | {"pairs_c": 0}
    for measure in ("MPRR", "MPRD", "MPORC", "MPPETO"):
        assert "is 0" in candidate(alike, measure)
