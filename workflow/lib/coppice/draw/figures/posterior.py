"""Posterior densities of a Bayesian model: of the mean effect and of the effect in a new study, and of tau."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coppice.core.contracts.bayes import Bayes, Density, PosteriorSummary
from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas.axes import Axis, ticks
from coppice.draw.canvas.canvas import ARROWS, LINE_SPACING, Canvas, Drawing, clean, styled, text_width
from coppice.draw.canvas.legend import Aside, Key, measured, stroke, swatch
from coppice.draw.canvas.panel import LABEL_GAP, NAME_GAP, TICK_LENGTH, draw_x_ticks
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import below_title, title_lines
from coppice.draw.figures.pooled import Pooled
from coppice.draw.forest.marks import DASHES

WIDTH, HEIGHT, GAP = 250.0, 150.0, 30.0  # points: of each plot, and between them
HEADROOM = 1.08  # the axis of the density ends a little above its highest point
TAU = "\N{GREEK SMALL LETTER TAU}"
DOTTED = (1.0, 2.0)


def priors_in_words(bayes: Bayes) -> str:
    """Return the priors of a model: of tau, half-normal(0.5); of the mean effect, flat."""
    mu = bayes["mu_prior"]
    of_mu = "flat" if mu is None else f"normal({mu['mean']:g}, {mu['sd']:g})"
    return f"of {TAU}, {clean(bayes['tau_prior']['name'])}; of the mean effect, {of_mu}"


@dataclass(frozen=True, slots=True)
class Plot:
    """One of the plots: the axis, the heights of a density in points, and the baseline."""

    canvas: Canvas
    axis: Axis
    bottom: float
    top: float
    most: float

    def curve(self, density: Density, heights: Sequence[float], low: float, high: float) -> list[tuple[float, float]]:
        """Return the points of a curve between two values."""
        scale = (self.bottom - self.top) / (self.most * HEADROOM)
        return [
            (self.axis(x), max(self.bottom - scale * y, self.top))
            for x, y in zip(density["x"], heights, strict=True)
            if low <= x <= high
        ]


@styled
def draw_posterior(
    result: PoolResult, *, style: Style = DEFAULT, title: str | None = None, favours: Sequence[str] | None = None
) -> Drawing:
    """Draw the posteriors of the mean effect, of the effect in a new study and of the between-study SD, with the priors."""
    pooled, bayes = Pooled(result), result["bayes"]
    if bayes is None:
        raise ValueError("the result has no Bayesian model")
    level = f"{100 * bayes['level']:g}%"
    keys = [
        Key("Posterior", stroke(style.summary, width=1.8)),
        Key(f"{level} credible interval (shortest)", swatch(style.region)),
        Key("Posterior median", stroke(style.summary, DASHES, 0.8)),
        Key("Effect in a new study", stroke(style.prediction, width=1.4)),
    ]
    densities = bayes["densities"]
    if any(densities[name]["prior"] for name in ("mu", "tau")):
        keys.append(Key("Prior", stroke(style.muted, DOTTED, 1.2)))
    notes = [f"Priors: {priors_in_words(bayes)}."]
    if densities["mu"]["prior"] is None:
        notes.append("A flat prior has no curve.")
    legend = measured(Aside(keys, notes), style)
    left = style.margin
    right = left + 2 * WIDTH + GAP
    outer = right + legend.aside.width + style.gutter
    subtitle = f"Posterior distributions: {pooled.name.lower()}, {pooled.count}"
    heads = title_lines(title, outer - left, style)
    top = below_title(heads, style) + style.size * 2.2
    bottom = top + HEIGHT
    below = bottom + TICK_LENGTH + LABEL_GAP + style.small * 2.6 + NAME_GAP + style.size * LINE_SPACING
    canvas = Canvas(outer + style.margin, max(below, top + legend.height) + style.margin, style)
    canvas.headed(heads, subtitle)
    _effects(canvas, pooled, bayes, (left, top, left + WIDTH, bottom), favours or ())
    _tau(canvas, bayes, (left + WIDTH + GAP, top, right, bottom))
    legend.draw(canvas, right, top)
    return canvas.finished(title or subtitle, f"{subtitle}.")


def _effects(
    canvas: Canvas, pooled: Pooled, bayes: Bayes, edges: tuple[float, float, float, float], favours: Sequence[str]
) -> None:
    mu, new, style = bayes["densities"]["mu"], bayes["densities"]["new"], canvas.style
    low, high = new["x"][0], new["x"][-1]
    plot = _plot(canvas, edges, (low, high), max(mu["posterior"]), is_log=pooled.is_ratio)
    if pooled.null is not None and plot.axis.holds(pooled.null):
        x = plot.axis(pooled.null)
        canvas.line([(x, plot.top), (x, plot.bottom)], width=0.8, zorder=1.5, name="null")
    _posterior(plot, mu, bayes["mu"])
    canvas.line(
        plot.curve(new, new["posterior"], low, high), colour=style.prediction, width=1.4, zorder=3.2, name="new"
    )
    name_y = _named(plot, pooled.name)
    if len(favours) == 2:
        y = name_y + style.size * LINE_SPACING
        canvas.text(edges[0], y, f"{ARROWS[0]} {clean(favours[0])}", size=style.small)
        canvas.text(edges[2], y, f"{clean(favours[1])} {ARROWS[1]}", size=style.small, align="right")


def _tau(canvas: Canvas, bayes: Bayes, edges: tuple[float, float, float, float]) -> None:
    tau = bayes["densities"]["tau"]
    most = max([*tau["posterior"], *(tau["prior"] or [])[len(tau["x"]) // 16 :]])
    plot = _plot(canvas, edges, (0.0, tau["x"][-1]), most, is_log=False)
    _posterior(plot, tau, bayes["tau"])
    _named(plot, f"Between-study standard deviation {TAU}")


def _plot(
    canvas: Canvas, edges: tuple[float, float, float, float], limits: tuple[float, float], most: float, *, is_log: bool
) -> Plot:
    """Draw the axis of a plot."""
    style, (left, top, right, bottom) = canvas.style, edges
    major, _ = ticks(*limits, right - left, is_log=is_log, width=lambda text: text_width(text, style, size=style.small))
    axis = Axis(*limits, left, right, major)
    canvas.line([(left, bottom), (right, bottom)], width=0.8, zorder=4.5)
    draw_x_ticks(canvas, axis, bottom)
    return Plot(canvas, axis, bottom, top, most)


def _named(plot: Plot, name: str) -> float:
    style = plot.canvas.style
    y = plot.bottom + TICK_LENGTH + LABEL_GAP + style.small * 1.4 + NAME_GAP
    plot.canvas.text((plot.axis.start + plot.axis.end) / 2, y, name, align="center")
    return y


def _posterior(plot: Plot, density: Density, part: PosteriorSummary) -> None:
    """Draw a posterior with its interval and its median, and its prior where that is proper."""
    canvas, style, heights = plot.canvas, plot.canvas.style, density["posterior"]
    low, high = part["shortest"]["low"] or 0.0, part["shortest"]["high"] or 0.0
    inside = plot.curve(density, heights, low, high)
    if len(inside) > 1:
        shape = [(inside[0][0], plot.bottom), *inside, (inside[-1][0], plot.bottom)]
        canvas.polygon(shape, fill=style.region, zorder=1.0, name="band-credible")
    if plot.axis.holds(part["median"]):
        x = plot.axis(part["median"])
        canvas.line([(x, plot.top), (x, plot.bottom)], colour=style.summary, width=0.8, dashes=DASHES, zorder=2.0)
    if density["prior"]:
        prior = plot.curve(density, density["prior"], plot.axis.low, plot.axis.high)
        canvas.line(prior, colour=style.muted, width=1.2, dashes=DOTTED, zorder=2.5, name="prior")
    curve = plot.curve(density, heights, plot.axis.low, plot.axis.high)
    canvas.line(curve, colour=style.summary, width=1.8, zorder=3.5, name="posterior")
