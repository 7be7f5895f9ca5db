"""Arrows of forest plots: each row's marks agree with its interval and with the limits of the axis."""

from __future__ import annotations

import math
from collections import defaultdict
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coppice.draw.canvas.save import svg_bytes
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.figures.summary import draw_summary
from coppice.draw.forest.forest import draw_forest
from coppice.draw.forest.options import ForestOptions
from coppice.draw.forest.rows import SUMMARIES, Kind, Rows

from .fixtures import bcg, effect, pooled
from .generated import RATIOS, results
from .rendered import assert_clean
from .test_generated import cases

FAVOURS = ("Favours the new drug", "Favours placebo")


def marks(figure):
    """Return the named marks of a figure, each with the places of its corners in points from the left."""
    found = defaultdict(list)
    for artist in figure.get_children():
        if artist.get_gid():
            xs = artist.get_xy()[:, 0] if hasattr(artist, "get_xy") else artist.get_xdata()
            found[artist.get_gid()].append((min(xs), max(xs)))
    return found


def arrows(figure):
    """Return the ends with an arrow of each row, by its name: ``{"random": {"low"}}``."""
    found = defaultdict(set)
    for name in marks(figure):
        if name.startswith("arrow-"):
            _, end, row = name.split("-", 2)
            found[row].add(end)
    return dict(found)


def named(rows):
    """Yield each row that has marks with its name in a figure."""
    counts = defaultdict(int)
    for row in rows:
        is_counted = row.kind in (Kind.STUDY, Kind.SUBTOTAL)
        yield f"{row.kind.value}-{counts[row.kind]}" if is_counted else row.kind.value, row
        counts[row.kind] += 1


def reach(row):
    """Return the interval of a row on the scale of the axis; None where nothing is drawn."""
    estimate, low, high = row.place
    if row.kind is Kind.PREDICTION:
        return None if low is None or high is None else (low, high)
    if row.kind not in {*SUMMARIES, Kind.STUDY} or estimate is None:
        return None
    if low is None or high is None:
        return (estimate, estimate) if row.kind is Kind.STUDY else None
    return low, high


@st.composite
def cut(draw):
    """Return a result, options, and limits on the scale of its axis; some of them are ends of intervals."""
    result = draw(results())
    options = {name: draw(st.booleans()) for name in ("common", "prediction", "density", "excluded")}
    rows = Rows(result, ForestOptions(**options)).all()
    places = sorted({value for row in rows for value in row.place if value is not None}) or [0.0, 1.0]
    span = places[-1] - places[0] or 1.0
    free = st.floats(-0.3, 1.3).map(lambda share: places[0] + share * span)
    low, high = sorted((draw(st.sampled_from(places) | free), draw(st.sampled_from(places) | free)))
    if high - low < 1e-3 * span:
        high = low + 0.1 * span
    return result, options, (low, high), rows


@cases(150)
@given(cut())
def test_every_row_has_an_arrow_at_each_end_that_goes_on_beyond_the_limits_and_no_other(drawn):
    result, options, (low, high), rows = drawn
    is_ratio = result["measure"] in RATIOS
    printed = [math.exp(limit) if is_ratio else limit for limit in (low, high)]
    figure = draw_forest(result, limits=printed, favours=FAVOURS, **options)
    assert_clean(figure)
    slack = 1e-7 * max(high - low, abs(low), abs(high))
    found = arrows(figure)
    for name, row in named(rows):
        ends, interval = found.pop(name, set()), reach(row)
        if interval is None:
            assert not ends
            continue
        for end, beyond in (("low", low - interval[0]), ("high", interval[1] - high)):
            if beyond > slack:
                assert end in ends, name
            elif beyond <= 0:
                assert end not in ends, name
    assert not found


@cases(150)
@given(cut())
def test_no_mark_lies_outside_the_axis_and_no_line_of_a_value_that_is_not_on_it(drawn):
    result, options, (low, high), rows = drawn
    is_ratio = result["measure"] in RATIOS
    figure = draw_forest(result, limits=[math.exp(low), math.exp(high)] if is_ratio else [low, high], **options)
    found = marks(figure)
    width = DEFAULT.plot_width
    starts = {place[0] for name, places in found.items() if name.startswith("arrow-low") for place in places}
    ends = {place[1] for name, places in found.items() if name.startswith("arrow-high") for place in places}
    for tips in (starts, ends):
        assert max(tips, default=0) - min(tips, default=0) < 1e-6  # every arrow has its tip where the axis ends
    for name, places in found.items():
        if starts and not name.startswith("square"):
            assert all(left >= min(starts) - 1e-6 and right <= min(starts) + width + 1e-6 for left, right in places)
    pooled_rows = {row.kind: row.place[0] for row in rows if row.kind in (Kind.RANDOM, Kind.COMMON)}
    line = pooled_rows.get(Kind.RANDOM, pooled_rows.get(Kind.COMMON))
    slack = 1e-7 * max(high - low, abs(low), abs(high))
    for name, value in (("pooled", line), ("null", 0.0)):
        if value is None or value < low - slack or value > high + slack:
            assert name not in found
        elif low <= value <= high:
            assert name in found


def ratios(*intervals, by=None):
    """Return a pooled result of hazard ratios from their limits."""
    rows = []
    for index, (low, high) in enumerate(intervals):
        yi, half = (math.log(low) + math.log(high)) / 2, (math.log(high) - math.log(low)) / 2
        row = effect(f"Study {index}", 2000 + index, f"group {index % 2}", yi, (half / 1.959963984540054) ** 2, {})
        rows.append(row | {"ci_low": math.log(low), "ci_high": math.log(high)})
    return pooled(rows, "HR", 2.0, by=by)


def test_an_interval_that_meets_a_limit_exactly_has_no_arrow():
    found = arrows(draw_forest(ratios((0.5, 0.98), (0.4, 1.2), (0.9, 2.0), (0.7, 1.1)), limits=[0.5, 2]))
    assert {name: ends for name, ends in found.items() if name.startswith("study")} == {"study-1": {"low"}}


def test_a_limit_that_twelve_digits_round_to_beyond_the_axis_is_met_exactly():
    result = ratios((0.5, 0.98), (0.6, 1.2))
    result["effects"][0]["ci_low"] = float(f"{math.log(0.5):.12g}")  # as a result file holds it: below log(0.5)
    assert result["effects"][0]["ci_low"] < math.log(0.5)
    assert "study-0" not in arrows(draw_forest(result, limits=[0.5, 2]))


def test_a_diamond_that_is_cut_ends_in_an_arrow_and_not_in_a_tip_at_the_limit():
    result = ratios((0.05, 0.6), (0.9, 30.0), (0.4, 2.0))
    figure = draw_forest(result, limits=[0.9, 1.1])
    assert arrows(figure)["random"] == {"low", "high"}
    diamond = next(item for item in figure.get_children() if item.get_gid() == "diamond-random")
    xs = diamond.get_xy()[:-1, 0]
    assert sum(x == min(xs) for x in xs) == sum(x == max(xs) for x in xs) == 2  # flat at both ends


def test_a_summary_wholly_outside_the_axis_is_an_arrow_alone():
    found = marks(draw_forest(ratios((0.5, 0.9), (0.6, 0.8), (0.55, 0.85)), limits=[2, 8]))
    assert {"arrow-low-random", "arrow-low-common", "arrow-low-prediction", "arrow-low-study-0"} <= set(found)
    assert not {"diamond-random", "diamond-common", "prediction", "square-0", "pooled", "null"} & set(found)


def test_a_subtotal_that_is_cut_has_an_arrow_of_its_own():
    result = ratios((0.1, 0.3), (0.8, 1.2), (0.15, 0.25), (0.9, 1.1), by="group")
    found = arrows(draw_forest(result, limits=[0.5, 2]))
    assert found["subtotal-0"] == {"low"}
    assert "subtotal-1" not in found


def test_an_estimate_without_an_interval_outside_the_axis_is_an_arrow():
    result = ratios((0.1, 0.3), (0.8, 1.2))
    result["effects"][0].update(ci_low=None, ci_high=None)
    assert arrows(draw_forest(result, limits=[0.5, 2]))["study-0"] == {"low"}


@pytest.mark.parametrize("density", [False, True])
def test_a_prediction_that_is_cut_has_arrows_as_a_bar_and_as_a_density(density):
    result = ratios((0.05, 0.6), (0.9, 30.0), (0.4, 2.0))
    assert arrows(draw_forest(result, limits=[0.5, 2], density=density))["prediction"] == {"low", "high"}


def test_the_label_of_a_side_that_the_axis_does_not_show_is_not_printed():
    texts = " ".join(text.get_text() for text in draw_forest(bcg(), limits=[2, 8], favours=FAVOURS).texts)
    assert FAVOURS[1] in texts
    assert FAVOURS[0] not in texts


def test_an_svg_names_the_row_and_the_end_of_each_arrow():
    result = ratios((0.05, 0.6), (0.9, 30.0), (0.4, 2.0), by="group")
    figure = draw_forest(result, limits=[0.5, 2])
    with DEFAULT.applied():
        ids = [item.get("id") for item in ElementTree.fromstring(svg_bytes(figure)).iter() if item.get("id")]
    found = [name for name in ids if name.startswith("arrow-")]
    assert len(found) == len(set(found)) > 0
    assert sorted(found) == sorted(f"arrow-{end}-{row}" for row, ends in arrows(figure).items() for end in ends)


def test_the_summary_of_a_review_holds_every_interval_and_needs_no_arrow():
    assert arrows(draw_summary([ratios((0.001, 1000.0), (0.5, 0.6)), ratios((0.9, 1.1), (0.95, 1.05))])) == {}
