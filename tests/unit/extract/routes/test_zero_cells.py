"""extract.zero_cells: what is added to which table, and what the profiles do by default."""

import math
from pathlib import Path
from typing import Any

import pytest

from coppice.extract.outcome import extract_outcome
from coppice.extract.route import Options
from coppice.extract.routes.zero_cells import CORRECTIONS, ZERO_CELLS, profile_options
from coppice.plan.plan import load
from coppice.plan.requests import effect_request
from coppice.pool.profiles import PROFILES

ZERO = {"statistic": "counts", "events_e": 0, "n_e": 100, "events_c": 5, "n_c": 50}
DOUBLE = {"statistic": "counts", "events_e": 0, "n_e": 100, "events_c": 0, "n_c": 50}


def candidate(figure: dict[str, Any], measure: str, **options: Any) -> Any:
    spec = {"study": "S", "outcome": "o", "population": "S", "reported": [figure]}
    result = extract_outcome(spec | {"measures": {measure: {"measure": measure, "options": options}}})
    found = result["measures"][measure]["candidates"]
    return found[0] if found else result["unused"][0]["reason"]


def test_the_constant_is_added_to_each_cell_and_the_note_says_so() -> None:
    effect = candidate(ZERO, "RR", zero_cells="constant")
    assert effect["yi"] == pytest.approx(math.log(0.5 / 101 / (5.5 / 51)))
    assert effect["notes"] == [
        "continuity correction (constant): 0.5 added to each cell of the experimental arm, 0.5 of the control arm"
    ]


def test_the_treatment_arm_correction_of_sweeting_sums_to_one() -> None:
    """Sweeting 2004: with R = n_c / n_e = 1/2, k_e = 1/(R + 1) = 2/3 and k_c = R/(R + 1) = 1/3."""
    assert CORRECTIONS["treatment-arm"](100, 50, 0.5) == pytest.approx((2 / 3, 1 / 3))
    effect = candidate(ZERO, "OR", zero_cells="treatment-arm")
    assert effect["yi"] == pytest.approx(math.log((2 / 3) * (45 + 1 / 3) / ((100 + 2 / 3) * (5 + 1 / 3))))


def test_the_treatment_arm_correction_leaves_a_double_zero_without_effect_at_one() -> None:
    """The reason for it: with unequal arms the constant turns no events at all into an effect, this one does not."""
    assert candidate(DOUBLE, "OR", zero_cells="treatment-arm")["yi"] == pytest.approx(0, abs=1e-12)
    assert candidate(DOUBLE, "OR", zero_cells="constant")["yi"] == pytest.approx(math.log(0.5 * 50.5 / (100.5 * 0.5)))


def test_the_reciprocal_correction_adds_one_over_the_other_arm() -> None:
    assert CORRECTIONS["reciprocal"](100, 50, 0.5) == pytest.approx((0.02, 0.01))


def test_all_tables_are_corrected_where_all_is_asked_for() -> None:
    whole = ZERO | {"events_e": 10}
    assert candidate(whole, "OR", zero_cells="constant")["notes"] == []
    assert candidate(whole, "OR", zero_cells="constant", zero_to="all")["yi"] == pytest.approx(
        math.log(10.5 * 45.5 / (90.5 * 5.5))
    )


def test_only_tables_that_need_it_are_corrected_where_that_is_asked_for() -> None:
    assert candidate(ZERO, "RD", zero_cells="constant", zero_to="needed")["yi"] == pytest.approx(-0.1)
    assert candidate(DOUBLE, "RD", zero_cells="constant", zero_to="needed")["vi"] > 0


DOUBLE_ZERO_REASONS = {
    "RR": "no event in either arm",
    "OR": "no event in either arm",
    "PETO": "no event in either arm, so nothing to compare",
    "RD": "no patient or every patient of each arm had the event: the risk difference has no variance",
}


@pytest.mark.parametrize("measure", DOUBLE_ZERO_REASONS)
def test_a_double_zero_is_refused_with_its_reason(measure: str) -> None:
    assert candidate(DOUBLE, measure) == DOUBLE_ZERO_REASONS[measure]


@pytest.mark.parametrize("measure", ["RR", "OR"])
def test_a_double_zero_may_be_excluded_whatever_the_correction(measure: str) -> None:
    reason = candidate(DOUBLE, measure, zero_cells="constant", double_zeros="exclude")
    assert reason.startswith("no event in either arm, so no relative effect")


@pytest.mark.parametrize("measure", ["AS", "PHI"])
def test_measures_that_a_zero_does_not_trouble_are_never_corrected(measure: str) -> None:
    plain = candidate(ZERO, measure)
    assert candidate(ZERO, measure, zero_cells="constant") == plain
    assert plain["notes"] == []


def test_a_correction_of_two_arms_is_refused_for_one_group() -> None:
    reason = candidate({"statistic": "proportion", "events": 0, "n": 20}, "PLO", zero_cells="treatment-arm")
    assert "needs two arms" in reason


def test_each_profile_has_a_default_and_each_default_a_profile() -> None:
    assert set(ZERO_CELLS) == set(PROFILES)
    for profile in ZERO_CELLS:
        for measure in ("RR", "RD", "PETO", "PLO"):
            Options(**profile_options(profile, measure))


@pytest.mark.parametrize(("profile", "zero_cells"), [("cochrane2025", None), ("metafor", "constant")])
def test_the_profile_of_a_review_reaches_its_extracts(profile: str, zero_cells: str | None) -> None:
    shipped = Path(__file__).parents[4] / "config"
    analysis = {"outcome": "hsct", "measure": "RR", "include": {"study": ["AALL1331-HRIR"]}}
    overrides = {"studies": str(shipped / "studies"), "analyses": {"transplant": analysis}, "profile": profile}
    plan = load([shipped / "config.yaml"], overrides)
    name, wanted = effect_request(plan.review, plan.review.analyses["transplant"])
    assert wanted["options"].get("zero_cells") == zero_cells
    assert name in plan.content("extract", study="AALL1331-HRIR", outcome="hsct")["measures"]
    assert plan.content("pool", analysis="transplant")["effect"] == name


def test_the_profiles_are_those_of_the_tools() -> None:
    assert profile_options("cochrane2025", "RR") == {}
    assert profile_options("metafor", "PETO")["zero_cells"] == "constant"
    assert profile_options("revman5", "PETO") == {}
    assert profile_options("revman5", "RD")["zero_to"] == "needed"
    assert profile_options("revman5", "HR") == {}


SINGLE = {"statistic": "counts", "events_e": 25, "n_e": 25, "events_c": 20, "n_c": 22}
ALL = {"statistic": "counts", "events_e": 30, "n_e": 30, "events_c": 31, "n_c": 31}
RATE = {"statistic": "person_time", "events_e": 0, "time_e": 50, "events_c": 3, "time_c": 48}


def by_profile(figure: dict[str, Any], measure: str, profile: str) -> Any:
    return candidate(figure, measure, **profile_options(profile, measure))


@pytest.mark.parametrize(
    ("figure", "measure", "yi", "vi"),
    [
        # metabin() and metainc() of meta 8.4-0 by their defaults
        (SINGLE, "RR", 0.093090423066012, 0.004336043360433603),
        (ALL, "RR", 0.0, 0.0010584808575289809),
        (ALL, "RD", 0.0, 0.00099255142245207),
        (RATE, "IRR", -1.98673214357557, 2.2857142857142887),
        (RATE, "IRD", -0.0625, 0.0017190972222222234),
        ({**RATE, "events_c": 0}, "IRR", math.log(48 / 50), 4.0),
    ],
)
def test_zeros_are_those_of_meta_under_its_profile(figure: dict[str, Any], measure: str, yi: float, vi: float) -> None:
    effect = by_profile(figure, measure, "meta")
    assert (effect["yi"], effect["vi"]) == pytest.approx((yi, vi), rel=1e-10, abs=1e-14)


def test_a_correction_in_the_variance_alone_leaves_the_difference_and_says_so() -> None:
    effect = candidate(ZERO, "RD", zero_cells="constant", zero_in="variance")
    assert effect["yi"] == pytest.approx(-0.1, rel=1e-14)
    assert effect["vi"] == pytest.approx(candidate(ZERO, "RD", zero_cells="constant")["vi"], rel=1e-14)
    assert effect["notes"][0].endswith("for the variance alone")


@pytest.mark.parametrize(("measure", "place"), [("OR", "events"), ("OR", "variance"), ("RR", "variance")])
def test_a_place_that_a_measure_does_not_have_is_that_of_each_cell(measure: str, place: str) -> None:
    assert candidate(ZERO, measure, zero_cells="constant", zero_in=place) == candidate(
        ZERO, measure, zero_cells="constant"
    )


@pytest.mark.parametrize(("measure", "is_kept"), [("RR", True), ("OR", False)])
def test_only_a_risk_ratio_is_defined_where_everybody_has_the_event(measure: str, is_kept: bool) -> None:
    found = candidate(ALL, measure, zero_cells="constant", double_zeros="exclude-undefined")
    assert isinstance(found, dict) == is_kept
    assert "every patient of both arms" in candidate(ALL, measure, zero_cells="constant", double_zeros="exclude")
    assert "no event in either arm" in candidate(
        DOUBLE, measure, zero_cells="constant", double_zeros="exclude-undefined"
    )
