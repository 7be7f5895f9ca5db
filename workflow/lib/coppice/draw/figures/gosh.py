"""The GOSH plot: the pooled estimate and the heterogeneity of every subset of the studies."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from coppice.core.contracts.explore import Cloud, ExploreResult, GoshStudy
from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, Point, box, clean, styled
from coppice.draw.canvas.labels import draw_labels
from coppice.draw.canvas.legend import Aside, Key, dot, swatch
from coppice.draw.canvas.panel import Dot, Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style, blend
from coppice.draw.figures.pooled import Pooled, label_of, part_of

Cell = tuple[float, float, float, float]
Part = Mapping[str, Any]  # a `Gosh`, or why there is no cloud

EMPTY: Cloud = {"estimate": [0.0, 1.0], "I2": [0.0, 1.0], "counts": [[0]]}
SHADES = 10  # colours of the cloud, by the logarithm of the number of subsets
PALEST, DARKEST = 0.10, 0.75  # share of the colour: labels stay legible on the darkest
RING = 8.0  # points: diameter of the ring at the model of all studies
MOST_SHOWN = 3  # studies that move the cloud most, where no cluster points at any
PAD = 0.03  # fraction of the span
LEAST_I2_SPAN = 4.0  # percentage points


@styled
def draw_gosh(
    pool_result: PoolResult,
    explore_result: ExploreResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    labels: bool = True,
    clusters: str = "mixture",
) -> Drawing:
    """Draw how many subsets of the studies give each pooled estimate and heterogeneity.

    Olkin I, Dahabreh IJ, Trikalinos TA. Res Synth Methods 2012;3:214-223, doi:10.1002/jrsm.1053.

    The studies that the `clusters` of a method point at are shown, by default those that move the mean of the cloud
    most, with their `labels`.
    """
    pooled, gosh = Pooled(pool_result), part_of(explore_result, "gosh")
    cloud, whole = gosh.get("cloud") or EMPTY, _place_of_all(pooled)
    points_at = ((gosh.get("clusters") or {}).get(clusters) or {}).get("points_at") or ()
    studies = _shown(gosh, points_at, cloud)
    most = max((count for row in cloud["counts"] for count in row), default=0)
    panel = draw_panel(
        style,
        *_scales(pooled, cloud, whole),
        pooled.heading(title, "GOSH plot", f"{_count(gosh)} of {pooled.count}"),
        aside=Aside(_keys(style, most, has_studies=bool(studies)), _notes(gosh, points_at, clusters)),
    )
    for shade, cells in _by_shade(cloud, most).items():
        corners = [[panel.at(*corner) for corner in box(*cell)] for cell in cells]
        panel.canvas.polygons(corners, fill=_shade(style, shade / (SHADES - 1)), zorder=1.0)
    pairs = [_draw_study(panel, row, index) for index, row in enumerate(studies)]
    ring = _draw_ring(panel, whole) if whole else []
    if labels:
        lines = [((a.x, a.y), (b.x, b.y)) for a, b in pairs]
        draw_labels(panel, [dot for pair in pairs for dot in pair] + ring, lines=lines, colour=style.ink)
    return panel.finished(description=f"GOSH plot of {_count(gosh)}.")


def _i2_edges(cloud: Cloud) -> list[float]:
    """Return the edges of the cloud's columns over a span that can be seen."""
    edges = cloud["I2"]
    return [*edges[:-1], max(edges[-1], edges[0] + LEAST_I2_SPAN)]


def _scales(pooled: Pooled, cloud: Cloud, whole: Point | None) -> tuple[Scale, Scale]:
    """Return the axes that hold the cloud and the model of all studies, which may lie outside it."""
    xs, ys = [cloud["estimate"][0], cloud["estimate"][-1]], [cloud["I2"][0], _i2_edges(cloud)[-1]]
    if whole:
        xs, ys = [*xs, whole[0]], [*ys, whole[1]]
    pad, low = PAD * (max(ys) - min(ys)), min(ys)
    left, right = min(xs), max(xs)
    across = pooled.scale(left - PAD * (right - left), right + PAD * (right - left))
    return across, Scale(f"{words.I2} (%)", max(low - pad, -pad), max(ys) + pad)


def _keys(style: Style, most: int, *, has_studies: bool) -> list[Key]:
    keys = []
    if most:
        keys += [Key("Few subsets", swatch(_shade(style, 0.0))), Key(f"{most} subsets", swatch(_shade(style, 1.0)))]
    if has_studies:
        keys.append(Key("Mean of the subsets with the study", dot(style.prediction, style.ink)))
        keys.append(Key("Mean of those without it", dot(style.background, style.prediction)))
    return [*keys, Key("All studies", dot(style.background, style.accent, RING))]


def _shown(gosh: Part, points_at: Sequence[str], cloud: Cloud) -> list[GoshStudy]:
    """Return the studies whose absence is shown, those that move the cloud most first."""
    width, edges = cloud["estimate"][-1] - cloud["estimate"][0], _i2_edges(cloud)
    height = edges[-1] - edges[0]

    def moved(row: GoshStudy) -> float:
        """Return how far the cloud without a study lies from that with it, in shares of the panel."""
        across = (row["estimate_without"] - row["estimate_with"]) / (width or 1.0)
        return math.hypot(across, (row["I2_without"] - row["I2_with"]) / (height or 1.0))

    rows = sorted(gosh.get("studies") or (), key=lambda row: -moved(row))
    return [row for row in rows if row["study"] in points_at] or rows[:MOST_SHOWN]


def _count(gosh: Part) -> str:
    return f"{gosh.get('subsets', 0):,} subsets"


def _notes(gosh: Part, points_at: Sequence[str], method: str) -> list[str]:
    labels = {row["study"]: label_of(row) for row in gosh.get("studies") or ()}
    notes = ["A random sample of all subsets."] if gosh.get("sampled") else []
    if points_at:
        names = words.joined([clean(labels.get(study, study)) for study in points_at], "and")
        notes.append(f"Clusters ({method.replace('_', '-')}) differ in whether they hold {names}.")
    return notes


def _shade(style: Style, share: float) -> str:
    return blend(style.study, style.background, PALEST + (DARKEST - PALEST) * share)


def _by_shade(cloud: Cloud, most: int) -> dict[int, list[Cell]]:
    """Return the cells of each shade, neighbours in a column joined, as the places of their edges."""
    shades: dict[int, list[Cell]] = {}
    edges = cloud["I2"]
    for left, right, row in zip(cloud["estimate"], cloud["estimate"][1:], cloud["counts"], strict=False):
        start = 0
        for shade, cells in groupby(_shade_of(count, most) for count in row):
            stop = start + len(list(cells))
            if shade is not None:
                shades.setdefault(shade, []).append((left, edges[start], right, edges[stop]))
            start = stop
    return dict(sorted(shades.items()))


def _shade_of(count: int, most: int) -> int | None:
    if count < 1:
        return None
    return round((SHADES - 1) * math.log1p(count - 1) / (math.log1p(most - 1) or 1.0))


def _draw_study(panel: Panel, row: GoshStudy, index: int) -> tuple[Dot, Dot]:
    """Draw the means of the subsets with and without a study, joined; its label belongs beside the first."""
    style = panel.style
    means = [(row["estimate_with"], row["I2_with"]), (row["estimate_without"], row["I2_without"])]
    inside, outside = panel.path(means, colour=style.ink, width=1.0, zorder=3.9)
    return (
        panel.point(index, inside, label_of(row), fill=style.prediction, width=0.9),
        panel.point(index, outside, fill=style.background, edge=style.prediction, width=0.9),
    )


def _place_of_all(pooled: Pooled) -> Point | None:
    """Return the estimate and I2 of the model of all studies, if it has both."""
    random, spread = pooled.result.get("random"), pooled.result.get("heterogeneity")
    i2 = spread.get("I2") if spread else None
    return (float(random["estimate"]), float(i2)) if random and i2 is not None else None


def _draw_ring(panel: Panel, place: Point) -> list[Dot]:
    """Draw a ring where the model of all studies lies, and return its place."""
    x, y = panel.at(*place)
    panel.canvas.circle(x, y, RING, fill=panel.style.background, edge=panel.style.accent, width=1.6, zorder=4.5)
    return [Dot(x, y, RING / 2, "")]
