"""Figures of back-transformed measures: a mark lies on the axis where the tick of its printed value would be."""

from __future__ import annotations

import math

import pytest

from coppice.core.measures import MEASURES
from coppice.draw.figures.summary import draw_summary
from coppice.draw.forest.options import ForestOptions
from coppice.draw.forest.rows import SUMMARIES, Kind, Rows
from coppice.pool.analysis import display

from .rendered import printed

SIZES = (30, 48, 2_000, 250_000)
BACK_TRANSFORMED = ("PFT", "PAS", "PLO", "PLN", "ZCOR", "IRFT", "IRS", "IRLN", "OR")


def line(estimate, half):
    return {"estimate": estimate, "se": half / 2, "ci_low": estimate - half, "ci_high": estimate + half}


def result_of(code):
    """Return a pool result near the lower end of the scale, its display by the rule of the pool results."""
    centre = {"PLO": -6.0, "PLN": -6.0, "IRLN": -6.0, "OR": -0.2}.get(code, 0.025)
    effects = [
        {"study": f"S{size}", "label": f"S{size}", "subgroup": None, "size": float(size), "vi": 1 / (4 * size)}
        | {"yi": centre + shift, "ci_low": centre + shift - 0.03, "ci_high": centre + shift + 0.03}
        for size, shift in zip(SIZES, (0.12, 0.08, 0.01, -0.01), strict=True)
    ]
    result = {
        "analysis": "p",
        "measure": code,
        "k": len(effects),
        "level": 0.95,
        "effects": effects,
        "random": line(centre, 0.02) | {"inference": "wald"},
        "common": line(centre, 0.004),
        "prediction": {"low": centre - 0.05, "high": centre + 0.05, "df": 3, "se": 0.0157},
        "subgroups": None,
    }
    return result | {"display": display(result)}


@pytest.mark.parametrize("code", BACK_TRANSFORMED)
def test_a_mark_of_a_forest_plot_lies_where_its_printed_value_is_on_the_axis(code):
    scale = MEASURES[code].scale
    for row in Rows(result_of(code)).all():
        if row.kind in {*SUMMARIES, Kind.STUDY, Kind.PREDICTION}:
            for place, shown in zip(row.place, row.printed, strict=True):
                assert (place is None) == (shown is None)
                assert place is None or scale.back(place) == pytest.approx(shown, rel=1e-9, abs=1e-12)


def test_the_diamond_of_a_double_arcsine_is_that_of_the_size_that_the_text_is_printed_at():
    # metafor documents transf.ipft.hm at the harmonic mean of the sizes (Miller 1978, 10.1080/00031305.1978.10479283);
    # at this size the value of the model lies below that of no event at all, so that 0 is printed
    result = result_of("PFT")
    total = next(row for row in Rows(result).all() if row.kind is Kind.RANDOM)
    assert 0 < result["random"]["estimate"] < math.asin(math.sqrt(1 / (result["display"]["size"] + 1))) / 2
    assert total.printed[0] == 0.0
    assert total.place[0] == 0.0


def test_a_density_lies_between_the_printed_limits_of_its_interval():
    result = result_of("PFT")
    row = next(row for row in Rows(result, ForestOptions(density=True)).all() if row.kind is Kind.PREDICTION)
    assert min(x for x, _ in row.curve) >= 0.0
    heights = [height for x, height in row.curve if row.place[1] <= x <= row.place[2]]
    assert max(heights) == max(height for _, height in row.curve)


def test_the_summary_of_a_review_prints_what_the_forest_plot_prints():
    result = result_of("PFT")
    result["display"]["random"] = {"estimate": 0.0123, "ci_low": 0.0011, "ci_high": 0.0456}
    texts = " ".join(printed(draw_summary([result])))
    assert "0.012" in texts
