"""The comparison-adjusted funnel plot: each comparison of a study about the mean of its own comparison."""

from __future__ import annotations

import math
from collections.abc import Sequence

from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.legend import Aside, Key, dot, stroke
from coppice.draw.canvas.panel import Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.network.view import NetworkView, Result

HEADROOM, SIDE_PAD = 1.08, 0.05
DASHES = (4.0, 2.0)
Z = 1.959963984540054
MOST_COLOURS = 6  # comparisons that can be told apart by their colour


@styled
def draw_comparison_funnel(result: Result, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw each comparison of a study, less the pooled effect of that comparison, against its standard error.

    Chaimani A, Higgins JPT, Mavridis D, et al. PLoS One 2013;8:e76654, doi:10.1371/journal.pone.0076654. The direction
    of each comparison is that of the order of the treatments, which the configuration gives.
    """
    network = NetworkView(result)
    points = _points(result)
    largest = max((se for _, se, _ in points), default=1.0) * HEADROOM
    reach = max([abs(x) for x, _, _ in points] + [Z * largest]) * (1 + SIDE_PAD)
    colours = _colours(points, style)
    keys = [Key(name, dot(colour, style.ink)) for name, colour in colours.items()]
    keys = keys or [Key("A comparison of a study", dot(style.study, style.ink))]
    keys += [
        Key("Pooled effect of the comparison", stroke(style.prediction, DASHES, 1.2)),
        Key("95% of comparisons would lie inside, were there no heterogeneity", stroke(style.prediction)),
    ]
    is_ratio = bool(network.measure and network.measure.scale.is_ratio)
    panel = draw_panel(
        style,
        Scale(f"{network.name} over its mean" if is_ratio else f"{network.name} less its mean", -reach, reach, is_log=is_ratio),
        Scale("Standard error", largest, 0.0),
        network.heading(title, "Comparison-adjusted funnel plot"),
        aside=Aside(keys, ["The first treatment of a comparison is the earlier one in the order of the configuration."]),
    )  # fmt: skip
    panel.path([(0.0, 0.0), (0.0, largest)], colour=style.prediction, width=1.2, dashes=DASHES, name="pooled")
    for side in (-Z, Z):
        panel.path([(0.0, 0.0), (side * largest, largest)], colour=style.prediction, width=0.9)
    for index, (x, se, name) in enumerate(points):
        panel.point(index, panel.at(x, se), fill=colours.get(name, style.study), zorder=5)
    return panel.finished(f"Comparison-adjusted funnel plot, {network.name.lower()}")


def _points(result: Result) -> list[tuple[float, float, str]]:
    """Return each contrast less the direct estimate of its comparison, its standard error, and the comparison's name."""
    names = {item["treatment"]: item["name"] for item in result["treatments"]}
    direct = {tuple(item["treatments"]): item["direct"] for item in result["comparisons"] if item["direct"]}
    points = []
    for effect in result["effects"]:
        one, other = effect["treatments"]
        if (one, other) not in direct and (other, one) not in direct:
            continue
        sign = 1.0 if (one, other) in direct else -1.0
        pair = (one, other) if sign > 0 else (other, one)
        name = f"{names[pair[0]]} against {names[pair[1]]}"
        points.append((sign * effect["yi"] - direct[pair]["estimate"], math.sqrt(effect["vi"]), name))
    return points


def _colours(points: Sequence[tuple[float, float, str]], style: Style) -> dict[str, str]:
    """Return a colour for each comparison; none where they are too many."""
    names = list(dict.fromkeys(name for _, _, name in points))
    palette = (style.study, style.prediction, style.summary, style.accent, style.common, style.faint)
    return dict(zip(names, palette, strict=False)) if len(names) <= MOST_COLOURS else {}
