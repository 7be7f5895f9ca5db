"""Degenerate evidence: every exploration and every small-study method answers, or is left out with a reason.

The registries are iterated, so that a method that is added is tried with all of it.
"""

import math

import numpy as np
import pytest
from tests.unit.explore.small_study.pooled import NAMES, pooled

from coppice.explore.analysis import EXPLORATIONS, explore_analysis
from coppice.explore.small_study.part import ENTRIES, small_study
from coppice.jobs import canonical_json
from coppice.pool import pool
from coppice.pool.profiles import PROFILES

V = np.arange(1, 13) / 50
SE = np.arange(1.0, 13.0)
WAVE = np.sin(np.arange(12.0))
SIZES = [{"n_e": 10 + i, "n_c": 10 + i} for i in range(12)]
ONE_EACH = [(0, 1, 1, 1), (1, 1, 0, 1)] * 6
GENERIC = {
    "equal effects": (np.full(12, 0.3), V),
    "equal effects whose mean is not exactly theirs": (np.full(12, 0.7), V),
    "effects of 0": (np.zeros(12), V),
    "equal effects, huge": (np.full(12, 1e12), V),
    "equal effects but for rounding": (np.full(12, 0.1) + 1e-16 * np.arange(12), V),
    "equal variances": (np.linspace(-1, 1, 12), np.full(12, 0.1)),
    "equal effects and variances": (np.full(12, 0.3), np.full(12, 0.1)),
    "on Egger's line": (1 + 2 * SE, SE**2),
    "on Egger's line, with fractions": (0.1 + 0.37 * np.sqrt(V), V),
    "on the line of PEESE": (-1500.0 + 300.0 * np.arange(12), 10.0 * SE),
    "every power 1": (20 + 0.1 * np.arange(12), 0.01 + 0.001 * np.arange(12)),
    "hardly any power": (1e-9 * np.arange(12), V),
    "huge effects": (1e8 + 1e3 * SE, V),
    "tiny effects": (1e-12 * WAVE, 1e-24 * V),
    "one study with nearly all the weight": (WAVE, np.r_[1e-10, V[1:]]),
    "all but one equal": (np.r_[np.full(11, 0.3), 2.0], V),
    "symmetrical": (np.r_[-SE[:6], SE[:6]] / 10, np.r_[V[:6], V[:6]]),
    "k = 1": (WAVE[:1], V[:1]),
    "k = 2": (WAVE[:2], V[:2]),
    "k = 2, equal": (np.full(2, 0.7), V[:2]),
    "k = 3, equal": (np.full(3, 0.7), V[:3]),
    "k = 9": (WAVE[:9], V[:9]),
    "k = 10": (WAVE[:10], V[:10]),
}
TABLES = {
    "proportional": [(5 * i, 20 * i, 8 * i, 20 * i) for i in range(1, 13)],
    "without an effect": [(5 * i, 20 * i, 5 * i, 20 * i) for i in range(1, 13)],
    "the same": [(5, 20, 8, 20)] * 12,
    "of one patient each": ONE_EACH,
}
# a p value of a test whose statistic is beyond this is no evidence, but a division by rounding errors
FURTHEST = 1e6


def of_tables(tables, measure):
    a, n1, c, n2 = np.array(tables, dtype=float).T
    h = np.where((a == 0) | (c == 0) | (a == n1) | (c == n2), 0.5, 0.0)
    a, b, c, d = a + h, n1 - a + h, c + h, n2 - c + h
    yi, vi = {
        "OR": (np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d),
        "RR": (np.log(a / (a + b) / (c / (c + d))), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)),
        "RD": (a / (a + b) - c / (c + d), a * b / (a + b) ** 3 + c * d / (c + d) ** 3),
        "AS": (np.arcsin(np.sqrt(a / (a + b))) - np.arcsin(np.sqrt(c / (c + d))), 0.25 / n1 + 0.25 / n2),
    }[measure]
    return yi, vi, measure, [dict(zip(NAMES, row, strict=True)) for row in tables]


EVIDENCE = {
    **{name: (*values, "GEN", None) for name, values in GENERIC.items()},
    **{f"{name} tables, {code}": of_tables(rows, code) for name, rows in TABLES.items() for code in ("OR", "RR", "RD", "AS")},
    "SMD, equal": (np.full(12, 0.3), V, "SMD", SIZES),
    "SMD, on a line": (0.1 + 0.2 * np.sqrt([2 / row["n_e"] for row in SIZES]), V, "SMD", SIZES),
    "SMD, one patient an arm": (WAVE, V, "SMD", [{"n_e": 1, "n_c": 1}] * 12),
}  # fmt: skip
SIGNIFICANT_BY_RIGHT = ("trim_and_fill", "selection_step", "selection_beta")  # their p is that of the pooled effect


def numbers(part, path=""):
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    for key, value in items:
        yield from numbers(value, f"{path}/{key}")
    if isinstance(part, float):
        yield path, part


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("evidence", EVIDENCE.values(), ids=EVIDENCE)
def test_every_small_study_method_answers_or_says_why_not(evidence):
    yi, vi, measure, reported = evidence
    result = small_study(pooled(list(yi), list(vi), measure, reported), dict.fromkeys(ENTRIES, True))
    canonical_json.dumps(result)  # every number is finite
    for code in ENTRIES:
        part = result[code]
        assert part["name"] and (part.get("skipped") or len(part) > 2), code
        assert all(math.isfinite(value) for _, value in numbers(part)), code
        statistics = [value for path, value in numbers(part) if path.endswith("/statistic") and "/limit" not in path]
        assert code in SIGNIFICANT_BY_RIGHT or all(abs(value) < FURTHEST for value in statistics), code


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("evidence", EVIDENCE.values(), ids=EVIDENCE)
@pytest.mark.parametrize("profile", ["cochrane2025", "iqwig6"])
def test_every_exploration_answers_or_says_why_not(evidence, profile):
    yi, vi, measure, reported = evidence
    main = pooled(list(yi), list(vi), measure, reported, profile=profile, inference=PROFILES[profile].inference)
    main["reasons"] = pool(yi, vi, profile=profile).reasons
    searches = {"searches": [{"searched": "2020", "added": ["S0"]}, {"searched": "2021", "added": ["S1", "S2"]}]}
    asked = dict.fromkeys(EXPLORATIONS, True) | {"small_study": False, "history": searches}
    asked["gosh"] = asked["what_if"] = len(yi) <= 3
    result = explore_analysis({"analysis": "x", "explore": asked}, main)
    canonical_json.dumps(result)  # every number is finite
    assert all(math.isfinite(value) for _, value in numbers(result))
    for code in EXPLORATIONS:
        assert result[code], code


EQUAL = [name for name in EVIDENCE if "equal effects" in name or name in ("effects of 0", "SMD, equal")]


@pytest.mark.parametrize("name", EQUAL)
def test_equal_effects_have_no_test_of_asymmetry_but_by_their_sampling_errors(name):
    """metafor's ranktest() has NA for them, and its regtest() by lm() divides rounding errors by rounding errors."""
    yi, vi, measure, reported = EVIDENCE[name]
    result = small_study(pooled(list(yi), list(vi), measure, reported), dict.fromkeys(ENTRIES, True))
    left = ("egger", "begg", "pet_peese", "trim_and_fill", "selection_step", "selection_beta", "doi_plot", "egger_smd")
    assert all(result[code].get("skipped") for code in left)


@pytest.mark.parametrize("measure", ["OR", "RR"])
def test_tables_of_one_effect_have_no_test_that_rests_on_their_dispersion(measure):
    result = small_study(pooled(*of_tables(TABLES["proportional"], measure)), {})
    left = {"peters", "macaskill", "deeks", "arcsine", "schwarzer"}
    assert all(result[code].get("skipped") for code in left)


def test_where_every_power_is_1_all_studies_are_expected_and_the_exact_p_is_1():
    """As tes() of metafor has it, whose chi-squared is NaN there."""
    found = small_study(pooled(*GENERIC["every power 1"]), {})["excess_significance"]
    assert (found["observed"], found["expected"], found["p"]) == (12, pytest.approx(12), pytest.approx(1))
    assert found["chi2"] is None and found["p_chi2"] is None


def test_the_influence_of_equal_effects_is_null_whatever_their_rounding():
    for value in (0.3, 0.5, 0.7):
        rows = explore_analysis(
            {"analysis": "x", "explore": {"small_study": False}},
            pooled([value] * 12, list(V), profile="metafor", inference="HKSJ"),
        )["influence"]
        assert all(row["rstudent"] is None and row["cook_d"] is None for row in rows)


def test_rounding_does_not_part_what_is_tied():
    from coppice.explore.small_study.rank import kendall

    x = np.array([0.1 + 0.2, 0.3, 0.5, 0.6, 0.7])
    assert kendall(x, SE[:5]) == kendall(np.array([0.3, 0.3, 0.5, 0.6, 0.7]), SE[:5])
