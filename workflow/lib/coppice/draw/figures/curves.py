"""Curves of p values over possible effects, for the drapery plot and the p-value function."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

from coppice.draw.canvas.canvas import Point
from coppice.draw.canvas.panel import Panel

STEPS = 160  # points of a curve across the panel: closer than the eye can tell from a smooth one
REACH = 3.3  # standard errors: there the two-sided p value is 0.001
LEVELS = (0.99, 0.95, 0.9, 0.8, 0.5)
_NORMAL = NormalDist()


def two_sided(z: float) -> float:
    """Return the two-sided p value of a standard normal statistic."""
    return 2 * _NORMAL.cdf(-abs(z))


def reach_of(estimate: float, se: float) -> tuple[float, float]:
    """Return where the curve of an estimate has come down to almost nothing."""
    return estimate - REACH * se, estimate + REACH * se


def p_curve(panel: Panel, estimate: float, se: float) -> list[Point]:
    """Return the places of the p values of an estimate, its peak included."""
    step = (panel.x.high - panel.x.low) / STEPS
    values = [panel.x.low + index * step for index in range(STEPS + 1)]
    inside = panel.x.low <= estimate <= panel.x.high
    return [panel.at(value, two_sided((value - estimate) / se)) for value in sorted([*values, *([estimate] * inside)])]


def draw_levels(panel: Panel, levels: Sequence[float]) -> None:
    """Draw a thin line at the p value where an interval of each level ends, and name the level at the right."""
    style = panel.style
    least, last = style.small * 1.15, None
    for level in sorted(levels):
        y = panel.y(1 - level)
        panel.canvas.line([(panel.left, y), (panel.right, y)], colour=style.faint, width=0.5, zorder=1)
        if last is None or abs(y - last) >= least:
            panel.canvas.text(panel.right + 5.0, y, f"{100 * level:g}%", size=style.small, colour=style.muted)
            last = y
