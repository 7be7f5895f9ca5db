"""The GOSH plot: the pooled estimate and the heterogeneity of every subset of the studies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.measures import MEASURES
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, Point, clean
from coppice.draw.canvas.labels import Dot, draw_labels
from coppice.draw.canvas.panel import Aside, Key, Panel, Scale, dot, swatch
from coppice.draw.canvas.style import DEFAULT, Style, blend

Result = Mapping[str, Any]
Cell = tuple[float, float, float, float]

SHADES = 10  # of the cloud, by the logarithm of the number of subsets
PALEST, DARKEST = 0.10, 0.75  # share of the colour: labels stay legible on the darkest
DOT = 6.5
RING = 8.0
MOST_SHOWN = 3  # the studies that move the cloud most, where no cluster points at any
PAD = 0.03
LEAST_SPAN = 4.0  # percentage points of I2


def draw_gosh(
    pool_result: Result,
    explore_result: Result,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    labels: bool = True,
    clusters: str = "mixture",
) -> Drawing:
    """Draw how many subsets of the studies give each pooled estimate and heterogeneity.

    Olkin I, Dahabreh IJ, Trikalinos TA. Res Synth Methods 2012;3:214-223, doi:10.1002/jrsm.1053.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; ``gosh`` of the second holds the cloud and what each study does to it.
    style, title
        As in `draw_forest`.
    labels : bool
        Whether the studies that move the cloud are labelled.
    clusters : str
        Method of the clusters: ``k_means``, ``dbscan`` or ``mixture``. The studies that they point at are shown, or,
        where there are none, those that move the mean of the cloud most.
    """
    found = explore_result.get("gosh") or {}
    cloud = found.get("cloud") or {"estimate": [0.0, 1.0], "I2": [0.0, 1.0], "counts": [[0]]}
    measure = MEASURES.get(pool_result.get("measure", ""))
    xs, ys = cloud["estimate"], cloud["I2"]
    if ys[-1] - ys[0] < LEAST_SPAN:
        ys = [*ys[:-1], ys[0] + LEAST_SPAN]
    x_all, y_all = _place_of_all(pool_result) or (xs[0], ys[0])  # it may lie outside the cloud
    left, right, low, high = min(xs[0], x_all), max(xs[-1], x_all), min(ys[0], y_all), max(ys[-1], y_all)
    pad_x, pad_y = PAD * (right - left), PAD * (high - low)
    most = max((count for row in cloud["counts"] for count in row), default=0)
    pointed = ((found.get("clusters") or {}).get(clusters) or {}).get("points_at") or ()
    studies = _shown(found, pointed, xs[-1] - xs[0], ys[-1] - ys[0])
    keys = (
        [Key("Few subsets", swatch(_shade(style, 0.0))), Key(f"{most} subsets", swatch(_shade(style, 1.0)))]
        if most
        else []
    )
    if studies:
        keys.append(Key("Mean of the subsets with the study", dot(style.prediction, style.ink)))
        keys.append(Key("Mean of those without it", dot(style.background, style.prediction)))
    keys += [Key("All studies", dot(style.background, style.accent, RING))]
    with style.applied():
        panel = Panel(
            style,
            Scale(
                words.measure_name(pool_result),
                left - pad_x,
                right + pad_x,
                is_log=bool(measure and measure.scale.is_ratio),
            ),
            Scale(f"{words.I2} (%)", max(low - pad_y, -pad_y), high + pad_y),
            title=clean(title or ""),
            subtitle=f"GOSH plot, {_count(found)} of {words.count_of(pool_result)}",
            aside=Aside(keys, _notes(found, pointed, clusters)),
        )
        for shade, cells in _by_shade(cloud, most).items():
            corners = [_corners(panel, cell) for cell in cells]
            panel.canvas.polygons(corners, fill=_shade(style, shade / (SHADES - 1)), zorder=1.0)
        pairs = [_draw_study(panel, row, index) for index, row in enumerate(studies)]
        ring = _draw_all(panel, pool_result)
        if labels:
            lines = [((a.x, a.y), (b.x, b.y)) for a, b in pairs]
            draw_labels(panel, [dot for pair in pairs for dot in pair] + ring, lines=lines, colour=style.ink)
        return panel.canvas.finished(title or "GOSH plot", f"GOSH plot of {_count(found)}.")


def _shown(found: Mapping[str, Any], pointed: Sequence[str], width: float, height: float) -> list[Mapping[str, Any]]:
    """Return the studies whose absence is shown, those that move the cloud most first."""
    rows = sorted(found.get("studies") or (), key=lambda row: -_moved(row, width, height))
    return [row for row in rows if row["study"] in pointed] or rows[:MOST_SHOWN]


def _moved(row: Mapping[str, Any], width: float, height: float) -> float:
    """Return how far the cloud without a study lies from that with it, in shares of the panel."""
    across = (row["estimate_without"] - row["estimate_with"]) / (width or 1.0)
    return math.hypot(across, (row["I2_without"] - row["I2_with"]) / (height or 1.0))


def _count(found: Mapping[str, Any]) -> str:
    return f"{found.get('subsets', 0):,} subsets"


def _notes(found: Mapping[str, Any], pointed: Sequence[str], method: str) -> list[str]:
    labels = {row["study"]: row.get("label") or row["study"] for row in found.get("studies") or ()}
    notes = []
    if found.get("sampled"):
        notes.append("A random sample of all subsets.")
    if pointed:
        names = words.joined([clean(labels.get(study, study)) for study in pointed], "and")
        notes.append(f"Clusters ({method.replace('_', '-')}) differ in whether they hold {names}.")
    return notes


def _shade(style: Style, share: float) -> str:
    return blend(style.study, style.background, PALEST + (DARKEST - PALEST) * share)


def _by_shade(cloud: Mapping[str, Any], most: int) -> dict[int, list[Cell]]:
    """Return the cells of each shade, neighbours in a column joined."""
    shades: dict[int, list[Cell]] = {}
    edges = cloud["I2"]
    for index, row in enumerate(cloud["counts"]):
        left, right = cloud["estimate"][index], cloud["estimate"][index + 1]
        start = 0
        levels = [_level(count, most) for count in row]
        for stop in range(1, len(levels) + 1):
            if stop == len(levels) or levels[stop] != levels[start]:
                if levels[start] is not None:
                    shades.setdefault(levels[start] or 0, []).append((left, edges[start], right, edges[stop]))
                start = stop
    return dict(sorted(shades.items()))


def _level(count: int, most: int) -> int | None:
    if count < 1:
        return None
    return round((SHADES - 1) * math.log1p(count - 1) / (math.log1p(most - 1) or 1.0))


def _corners(panel: Panel, cell: Cell) -> list[Point]:
    left, bottom, right, top = cell
    return [panel.at(left, bottom), panel.at(right, bottom), panel.at(right, top), panel.at(left, top)]


def _draw_study(panel: Panel, row: Mapping[str, Any], index: int) -> tuple[Dot, Dot]:
    """Draw the means of the subsets with and without a study, joined; its label belongs beside the first."""
    style = panel.style
    inside, outside = (panel.at(row[f"estimate_{part}"], row[f"I2_{part}"]) for part in ("with", "without"))
    panel.canvas.line([inside, outside], colour=style.ink, width=1.0, zorder=3.9)
    for place, fill, edge in ((inside, style.prediction, style.ink), (outside, style.background, style.prediction)):
        panel.canvas.circle(*place, DOT, fill=fill, edge=edge, width=0.9, name=f"point-{index}")
    return Dot(*inside, DOT / 2, row.get("label") or row["study"]), Dot(*outside, DOT / 2, "")


def _place_of_all(pool_result: Result) -> Point | None:
    """Return the estimate and I2 of the model of all studies, if it has both."""
    random, spread = pool_result.get("random") or {}, pool_result.get("heterogeneity") or {}
    if random.get("estimate") is None or spread.get("I2") is None:
        return None
    return float(random["estimate"]), float(spread["I2"])


def _draw_all(panel: Panel, pool_result: Result) -> list[Dot]:
    """Draw a ring where the model of all studies lies, and return its place."""
    if (place := _place_of_all(pool_result)) is None:
        return []
    x, y = panel.at(*place)
    panel.canvas.circle(x, y, RING, fill=panel.style.background, edge=panel.style.accent, width=1.6, zorder=4.5)
    return [Dot(x, y, RING / 2, "")]
