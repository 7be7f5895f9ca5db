"""The radial (Galbraith) plot: each study is a point whose slope from the origin is its effect."""

from __future__ import annotations

from statistics import NormalDist

from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.labels import draw_labels
from coppice.draw.canvas.legend import Aside, Key, dot, stroke, swatch
from coppice.draw.canvas.panel import Panel, Scale, draw_panel
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled, label_of

ROOM = 1.08  # fraction of the largest precision
SIDE_PAD = 0.04  # fraction of the span
MOST_LABELS = 20
EFFECT_SPACE = 44.0  # points at the right of the panel, for the scale of effects


@styled
def draw_radial(
    result: PoolResult, *, style: Style = DEFAULT, title: str | None = None, labels: bool = True
) -> Drawing:
    """Draw the radial plot: effect / standard error against 1 / standard error.

    Galbraith RF. Technometrics 1988;30:271-281, doi:10.1080/00401706.1988.10488400. The line from the origin has the
    common effect as its slope; a study outside the band differs from it by more than its own standard error explains.

    Studies outside the band have `labels`, where there is room.
    """
    pooled = Pooled(result)
    points = [(1 / se, yi / se) for yi, se in pooled.points]
    slope = pooled.common["estimate"] if pooled.common else None
    z = NormalDist().inv_cdf(0.975)
    end = max((x for x, _ in points), default=1.0) * ROOM
    held = [y for _, y in points] + [0.0] + ([slope * end - z, slope * end + z, -z, z] if slope is not None else [])
    pad = SIDE_PAD * (max(held) - min(held) or 1.0)
    keys = [Key("Study", dot(style.study, style.ink))]
    if slope is not None:
        keys.append(Key("Common effect", stroke(style.summary, width=1.2)))
        keys.append(Key("Within 1.96 standard errors of it", swatch(style.region)))
    note = f"Right: the {pooled.name.lower()} to which a line from 0 points."
    panel = draw_panel(
        style,
        Scale("1 / standard error", 0.0, end),
        Scale("Effect / standard error", min(held) - pad, max(held) + pad),
        pooled.heading(title, "Radial plot", words.studies(len(points))),
        aside=Aside(keys, [note], 165.0, EFFECT_SPACE),
    )
    lines = []
    if slope is not None:
        corners = [(0.0, -z), (0.0, z), (end, slope * end + z), (end, slope * end - z)]
        panel.canvas.polygon(panel.clip(corners), fill=style.region, zorder=0.5)
        lines.append(panel.path([(0, 0), (end, slope * end)], colour=style.summary, width=1.2, name="pooled"))
    _draw_effects(panel, end, is_log=pooled.is_ratio)
    dots = []
    for index, (effect, (x, y)) in enumerate(zip(pooled.effects, points, strict=True)):
        is_outside = slope is not None and abs(y - slope * x) > z
        dots.append(panel.point(index, panel.at(x, y), label_of(effect) if is_outside else ""))
    if labels and len(dots) <= MOST_LABELS:
        draw_labels(panel, dots, lines=lines)
    return panel.finished()


def _draw_effects(panel: Panel, end: float, *, is_log: bool) -> None:
    """Draw the scale of effects at the right edge: a ray from the origin to a tick has that effect as its slope."""
    style, canvas = panel.style, panel.canvas
    effects = Scale("", panel.y.low / end, panel.y.high / end, is_log=is_log)
    major, _ = effects.ticks(panel.bottom - panel.top, lambda label: style.small * 1.2)
    canvas.line([(panel.right, panel.top), (panel.right, panel.bottom)], colour=style.muted, width=0.6)
    for tick in major:
        y = panel.y(tick.value * end)
        canvas.line([(panel.right, y), (panel.right + 4.0, y)], colour=style.muted, width=0.6)
        canvas.text(panel.right + 7.0, y, tick.label, size=style.small, colour=style.muted)
