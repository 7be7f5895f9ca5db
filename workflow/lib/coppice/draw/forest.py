"""The forest plot: a table with a plot in it, laid out from its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.draw import words
from coppice.draw.bias_column import bias_note
from coppice.draw.cells import Options
from coppice.draw.columns import columns_of, default_decimals
from coppice.draw.engine import Content, draw_content
from coppice.draw.layout import Drawing, clean
from coppice.draw.presets import preset_named
from coppice.draw.rows import Rows, back, decimals_of
from coppice.draw.style import DEFAULT, Style
from coppice.measures import MEASURES
from coppice.numbers import estimate

Result = Mapping[str, Any]


def draw_forest(
    result: Result,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
    arms: Mapping[str, str] | None = None,
    preset: str = "default",
    columns: Sequence[str] | None = None,
    sort: str = "given",
    limits: Sequence[float] | None = None,
    important: Sequence[float] | None = None,
    decimals: int | None = None,
    common: bool = True,
    prediction: bool = True,
    density: bool = False,
    notes: bool = True,
) -> Drawing:
    """Draw the forest plot of one pooled analysis.

    Parameters
    ----------
    result : mapping
        A pool result. Nothing is computed from it but places and sums of weights.
    style : Style
        Fonts, colours and sizes.
    title : str or None
        Printed above the plot; the measure and the number of studies stand below it.
    favours : pair of str or None
        What an effect below and above the null means, ready to print.
    arms : mapping or None
        Names of the ``experimental`` and ``control`` arm.
    preset : str
        A key of `PRESETS`: the layout of a journal or of a tool.
    columns : sequence of str or None
        Keys of `COLUMNS`, names of the studies' own values, and ``plot`` once, from left to right; by default those of
        the preset.
    sort : str
        A key of `SORTS`: as given, by year, effect, weight or label.
    limits : pair of float or None
        Limits of the axis as printed; by default they follow from the effects, see `effect_limits`.
    important : pair of float or None
        As printed: between these an effect is too small to matter; the band is shaded.
    decimals : int or None
        Decimals of effects; by default two for ratios, else two digits of the median half-width.
    density : bool
        Whether the prediction interval is drawn as the density of what a new study may find, in place of a bar.
    common, prediction, notes : bool
        Whether the common-effect summary, the prediction interval and the footnotes are shown.

    Returns
    -------
    Drawing
        A `matplotlib.figure.Figure` that is as large as its content needs.

    Raises
    ------
    ValueError
        If an option has a value that is not known.
    """
    look = preset_named(preset)
    style = look.applied_to(style)
    with style.applied():
        options = Options(result, style, look, arms or {}, default_decimals(result, decimals))
        left, right = columns_of(columns or look.columns, options)
        return draw_content(
            Content(
                measure=MEASURES.get(result.get("measure", "")),
                style=style,
                preset=look,
                title=title or "",
                subtitle=f"{words.measure_name(result)}, {words.count_of(result)}",
                rows=Rows(result, preset=look, sort=sort, common=common, prediction=prediction, density=density).all(),
                left=left,
                right=right,
                favours=favours or (),
                notes=[*_notes(result, measure_notes=notes), *_bias_notes(result, columns)],
                limits=limits,
                important=important,
                description=describe_forest(result),
            )
        )


def _notes(result: Result, *, measure_notes: bool) -> list[str]:
    """Return the lines below the plot: heterogeneity, tests, what is missing and why, method."""
    statistics = [
        words.heterogeneity(result.get("heterogeneity")),
        words.overall_test(result.get("random") or result.get("common")),
        words.subgroup_test(result.get("subgroups")),
    ]
    if not measure_notes:
        return [line for line in statistics if line]
    return [
        line for line in (*statistics, *words.reasons(result), *words.not_pooled(result), words.method(result)) if line
    ]


def _bias_notes(result: Result, columns: Sequence[str] | None) -> list[str]:
    return [bias_note(result)] if "risk_of_bias" in (columns or ()) else []


def describe_forest(result: Result) -> str:
    """Describe a forest plot in words, for readers who can't see it."""
    name = words.measure_name(result).lower()
    text = f"Forest plot of {words.count_of(result)}, {name}."
    model = next((model for model in ("random", "common") if result.get(model)), None)
    if model:
        shown = (result.get("display") or {}).get(model)
        measure = MEASURES.get(result.get("measure", ""))
        names = ("estimate", "ci_low", "ci_high")
        values = [shown.get(name) if shown else back(measure, result[model].get(name)) for name in names]
        label = "Random-effects" if model == "random" else "Common-effect"
        printed = estimate(values[0], values[1], values[2], decimals_of(result))
        text += f" {label} estimate {printed}, {words.percent_level(result)} interval."
    labels = [clean(effect.get("label") or effect.get("study", "")) for effect in result.get("effects", ())]
    return f"{text} Studies: {'; '.join(labels)}." if labels else text
