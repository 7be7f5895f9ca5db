"""The layouts of journals and tools, for a forest plot that has to look like theirs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from coppice.draw.canvas.style import DEFAULT, Style, style_from

PLOT = "plot"
COLUMN_KEYS = ("study", "year", "arms", "arms_with_risks", "effect", "weight", "weights", "risk_of_bias")
DEFAULT_COLUMNS = ("study", "arms", PLOT, "effect", "weight")


@dataclass(frozen=True, slots=True)
class Preset:
    """One layout; headings and labels may name ``{code}``, ``{name}``, ``{level}``, ``{open}`` and ``{close}``.

    ``|`` breaks a line. Labels of summaries may also name ``{model}``, the estimator and inference.
    """

    columns: tuple[str, ...] = DEFAULT_COLUMNS
    study: str = "Study"
    effect: str = "{code} {open}{level} CI{close}"
    weight: str = "Weight"
    plot: str = "{name}"  # above the plot; the three before are headings of columns
    random: str = "Random effects ({model})"
    subtotal: str = "Subtotal ({model})"
    common: str = "Common effect"
    has_row_rules: bool = False  # a thin rule below every row
    style: Mapping[str, Any] = field(default_factory=dict)  # values where a style has its defaults

    def applied_to(self, style: Style) -> Style:
        """Return the style with this preset's values wherever it has the default's."""
        changed = {item.name for item in fields(style) if getattr(style, item.name) != getattr(DEFAULT, item.name)}
        return style_from({name: value for name, value in self.style.items() if name not in changed}, base=style)


PRESETS: dict[str, Preset] = {
    "default": Preset(),
    "revman5": Preset(
        columns=("study", "arms", "weight", "effect", PLOT),
        study="Study or subgroup",
        effect="{name}|IV, random, {level} CI",
        plot="{name}|IV, random, {level} CI",
        random="Total ({level} CI)",
        subtotal="Subtotal ({level} CI)",
        common="Total, common effect ({level} CI)",
        style={
            "ci_open": "[",
            "ci_join": ", ",
            "ci_close": "]",
            "study": "#3a5fcd",
            "summary": "#000000",
            "ink": "#000000",
            "band": "#ffffff",
        },
    ),
    "bmj": Preset(
        columns=("study", "arms", PLOT, "weight", "effect"),
        effect="{name}|({level} CI)",
        plot="{name}|({level} CI)",
        weight="Weight (%)",
        random="Total ({model})",
        style={"study": "#3b7fb6", "summary": "#1f4e79", "band": "#e8eff6", "plot_width": 190.0},
    ),
    "jama": Preset(
        columns=("study", "effect", PLOT, "weight"),
        study="Source",
        effect="{code} ({level} CI)",
        plot="",
        weight="Weight, %",
        random="Total, random effects",
        subtotal="Subtotal",
        common="Total, common effect",
        has_row_rules=True,
        style={"ci_join": "-", "study": "#45698f", "summary": "#8fb3d1", "band": "#ffffff", "plot_width": 190.0},
    ),
    "lancet": Preset(
        effect="{name}|({level} CI)",
        plot="",
        weight="Weight (%)",
        random="Overall ({model})",
        style={
            "point": "\N{MIDDLE DOT}",
            "ci_join": "\N{EN DASH}",
            "study": "#808890",
            "summary": "#1f1f1f",
            "band": "#eef0f2",
            "prediction": "#a56a12",
        },
    ),
}
