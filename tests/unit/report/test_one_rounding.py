"""Figure, table and sentence print a number alike, and an interval as a point only if it is one."""

from __future__ import annotations

import math
import random
import re
from decimal import Decimal
from typing import Any

import pytest

from coppice.core import number_style
from coppice.core.measures import MEASURES
from coppice.core.printing import landmarks
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.forest.cells import interval_cells, joined
from coppice.draw.forest.forest import describe_forest
from coppice.draw.forest.rows import Kind, Rows, decimals_of
from coppice.jobs import canonical_json
from coppice.pool.analysis import display
from coppice.report.page import sentences, words
from coppice.report.report_data import AnalysisView, ReviewView
from coppice.tools.diff import words as diff_words
from coppice.tools.diff.compare import compare

PRINTED = {Kind.RANDOM, Kind.COMMON, Kind.STUDY, Kind.PREDICTION}
RESULTS = 10_000
BATCHES = 20
BROKEN = re.compile(
    r"the to the|\(the to|the same \(the same|nan|inf\b|None|(?<![\d.·])(?:0|0[.·]0+)% (?:lower|higher)"
)
NUMBER = re.compile(r"−?\d+(?:\.\d+)?(?:×10⁻?[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?")


def line(draw: random.Random, centre: float, width: float) -> dict[str, Any]:
    """Return an estimate with an interval that need not lie evenly around it."""
    low, high = centre - width * draw.uniform(0.2, 1), centre + width * draw.uniform(0.2, 1)
    return {"estimate": centre, "ci_low": low, "ci_high": high, "k": 2}


def result_of(draw: random.Random) -> dict[str, Any]:
    """Return a result of any measure: ordinary, tiny, huge or close to no difference."""
    measure = draw.choice(list(MEASURES.values()))
    size = draw.choice([1.0, 1.0, 0.01, 1e-5, 1e-9, 8.0, 1e4 if measure.scale.name == "identity" else 5.0])
    width = size * 10 ** draw.uniform(-5, 0)
    centre = draw.choice([draw.gauss(0, size), draw.uniform(-3, 3) * width, 0.0])
    if measure.null is None:
        centre = draw.uniform(-3, 3) if measure.scale.name in {"log", "logit", "probit"} else draw.uniform(0.01, 1.2)
    main = line(draw, centre, width)
    common = draw.choice([main, line(draw, centre, width / 3)])
    effects = []
    for index in range(2):
        own = line(draw, draw.gauss(centre, width), width * draw.uniform(0.5, 3))
        figure = {"study": f"S{index}", "population": f"S{index}", "reported": None, "subgroup": None}
        effects.append({**own, **figure, "yi": own["estimate"], "vi": width**2 or 1.0})
        if measure.scale.back_at:
            effects[-1]["size"] = draw.randint(5, 100_000)
    result = {
        "analysis": "a", "outcome": "a", "measure": measure.code, "k": 2, "level": 0.95, "effects": effects,
        "random": main, "common": common, "prediction": {"low": centre - 2 * width, "high": centre + 2 * width, "df": None},
        "subgroups": None, "moderators": None, "excluded": [], "settings": {"tau2": "REML", "inference": "HKSJ"},
        "alternatives": {"wald": line(draw, centre, width / 2)}, "heterogeneity": {"tau2": width**2}, "warnings": [], "reasons": {},
    }  # fmt: skip
    return dict(canonical_json.rounded(result | {"display": display(result)}))


def analysis_of(result: dict[str, Any]) -> AnalysisView:
    """Return an analysis with this result."""
    measure = MEASURES[result["measure"]]
    return AnalysisView("a", "Deaths", "a", measure, ("Favours A", "Favours B"), "A", "B", None, result, {}, {})


def printed_rows(result: dict[str, Any]) -> dict[Kind, list[str]]:
    """Return what the rows of each kind of the forest plot print."""
    rows, marks, decimals = Rows(result).all(), landmarks(MEASURES[result["measure"]]), decimals_of(result)
    printed: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for row in rows:
        if row.kind in PRINTED:
            first, left, join, right = interval_cells(row.printed, decimals, joined(DEFAULT, rows), marks)
            printed[row.kind].append(f"{first} {left}{join}{right}")
    return printed


@pytest.mark.parametrize("batch", range(BATCHES))
def test_figure_table_sentence_and_comparison_print_every_number_alike(batch: int) -> None:
    draw = random.Random(batch)
    for _ in range(RESULTS // BATCHES):
        result = result_of(draw)
        analysis, of_kind = analysis_of(result), printed_rows(result)
        pool = analysis.pool
        shown = words.estimate(analysis, pool["random"])
        assert of_kind[Kind.RANDOM] == [shown]
        assert of_kind[Kind.COMMON] == [words.estimate(analysis, pool["common"])]
        effects = [words.estimate(analysis, {**effect, "estimate": effect["yi"]}) for effect in analysis.effects]
        assert of_kind[Kind.STUDY] == effects
        predicted = words.interval(analysis, pool["prediction"], "low", "high")
        assert of_kind[Kind.PREDICTION] == [f" ({predicted})"]
        middle, limits = words.estimated(analysis, pool["random"]), words.interval(analysis, pool["random"])
        assert shown == f"{middle} ({limits})"
        review = ReviewView({}, (analysis,), {}, {})
        for text in (sentences.finding(review, analysis), sentences.result(review, analysis)):
            assert middle in text
            assert f"95% CI {limits}" in text
            assert not BROKEN.search(text), text
        assert shown in describe_forest(result)
        (change,) = compare({"a": result}, {"a": result})
        assert diff_words.estimate(change.after) == f"{result['measure']} {shown}"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_interval_prints_as_a_point_and_no_estimate_as_its_limit_unless_it_is(batch: int) -> None:
    draw = random.Random(batch)
    for _ in range(RESULTS // BATCHES):
        result = result_of(draw)
        analysis = analysis_of(result)
        pool = analysis.pool
        for part in (pool["random"], pool["common"], *({**e, "estimate": e["yi"]} for e in analysis.effects)):
            values = analysis.printed(part)
            finite = [value for value in values if value is not None]
            texts = [text for text in words.texts(analysis, part) if text != words.DASH]
            assert len(set(texts)) == len({number_style.stored(value) for value in finite}), (values, texts)
            assert all(NUMBER.fullmatch(text) for text in texts)


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((1.0032, 1.0024, 1.0040), "1.0032 (1.0024 to 1.0040)"),
        ((1.001, 0.999, 1.003), "1.001 (0.999 to 1.003)"),
        ((0.2502, 0.2499, 0.2505), "0.2502 (0.2499 to 0.2505)"),
        ((0.85, 0.83, 0.87), "0.85 (0.83 to 0.87)"),
        ((0.63, 0.393, 0.9961), "0.63 (0.39 to 0.996)"),
        ((1.0, 1.0, 1.0), "1.00 (1.00 to 1.00)"),
        ((1e-9, 5e-10, 2e-9), "1.0×10⁻⁹ (5.0×10⁻¹⁰ to 2.0×10⁻⁹)"),
        ((1e-17, -0.2, 0.2), "0.000000 (−0.20 to 0.20)"),
        ((0.4, 0.2, math.inf), "0.40 (0.20 to –)"),
    ],
)
def test_decimals_follow_the_distances_between_limits_and_from_no_difference(values: Any, text: str) -> None:
    assert number_style.estimate(*values, 2, (0.0, 1.0)) == text


@pytest.mark.parametrize("value", [0.175, math.tanh(math.atanh(0.175)), 0.17500000000000002])
def test_a_half_is_rounded_away_from_zero_however_a_float_holds_it(value: float) -> None:
    assert number_style.number(value) == "0.18"
    assert number_style.number(-value) == "−0.18"
    assert number_style.stored(value) == Decimal("0.175")
