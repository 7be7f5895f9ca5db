"""The forest plot: a table with a plot in it, laid out from its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.errors import entry_named
from coppice.core.importance import threshold_decimals
from coppice.core.measures import MEASURES, Measure
from coppice.core.number_style import estimate, together
from coppice.core.printing import back, landmarks
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import printed_limits
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.bias_column import bias_note
from coppice.draw.forest.cells import Options, joined
from coppice.draw.forest.columns import columns_of, default_decimals, heading
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PLOT, PRESETS
from coppice.draw.forest.rows import Rows, decimals_of

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
    large: Sequence[float] | None = None,
    decimals: int | Mapping[str, int] | None = None,
    headings: Mapping[str, str] | None = None,
    common: bool = True,
    prediction: bool = True,
    density: bool = False,
    excluded: bool = True,
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
    large : pair of float or None
        As printed: beyond these an effect is large; dotted lines mark them.
    decimals : int, mapping or None
        Decimals of effects, or of columns by their keys (``effect``, ``weight``, ``mean``, ``sd``, ``events``, ``time``
        or a characteristic); effects have by default two for ratios, else two digits of the median half-width.
    headings : mapping or None
        Headings of columns by their keys, in place of the preset's; ``|`` breaks a line.
    density : bool
        Whether the prediction interval is drawn as the density of what a new study may find, in place of a bar.
    excluded : bool
        Whether a study that is not pooled has a row, greyed; why it is not stands in the footnotes.
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
    look = entry_named(PRESETS, preset, "preset")
    style = look.applied_to(style)
    with style.applied():
        rows = Rows(
            result,
            preset=look,
            sort=sort,
            common=common,
            prediction=prediction,
            density=density,
            excluded=excluded,
        ).all()
        style = joined(style, rows)
        options = Options(result, style, look, arms or {}, *default_decimals(result, decimals))
        measure = MEASURES.get(result.get("measure", ""))
        above = (headings or {}).get(PLOT)
        left, right = columns_of(columns or look.columns, options, headings)
        return draw_content(
            Content(
                measure=measure,
                style=style,
                preset=look,
                title=title or "",
                subtitle=f"{words.measure_name(result)}, {words.count_of(result)}",
                rows=rows,
                left=left,
                right=right,
                heading=heading(look.plot, options) if above is None else tuple(clean(above).split("|")),
                favours=favours or (),
                notes=[
                    *_notes(result, style, measure_notes=notes),
                    *_band_notes(important, large, style, measure),
                    *_bias_notes(result, columns),
                ],
                limits=limits,
                important=important,
                large=large,
                description=describe_forest(result),
            )
        )


def _notes(result: Result, style: Style, *, measure_notes: bool) -> list[str]:
    """Return the lines below the plot: heterogeneity, tests, what is missing and why, method."""
    statistics = [
        words.heterogeneity(result.get("heterogeneity")),
        words.overall_test(result),
        words.subgroup_test(result.get("subgroups")),
    ]
    told = (
        (
            *words.reasons(result),
            *words.cautions(result),
            *words.not_pooled(result),
            words.negative_weights(result),
            words.method(result),
        )
        if measure_notes
        else ()
    )
    return [line for line in (*map(style.pointed, statistics), *told) if line]


def _band_notes(
    important: Sequence[float] | None, large: Sequence[float] | None, style: Style, measure: Measure | None
) -> list[str]:
    sentences = {
        "Shaded: an effect from {} to {} is too small to matter.": important,
        "Dotted: an effect below {} or above {} is large.": large,
    }
    return [text.format(*_printed(pair, style, measure)) for text, pair in sentences.items() if pair is not None]


def _printed(pair: Sequence[float], style: Style, measure: Measure | None) -> list[str]:
    printed_limits(pair, measure)  # refuses what is no range
    decimals = threshold_decimals(pair, is_ratio=bool(measure and measure.scale.is_ratio))
    return [style.pointed(limit) for limit in together(pair, decimals)]


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
        size = (result.get("display") or {}).get("size")
        values = [shown.get(name) if shown else back(measure, result[model].get(name), size) for name in names]
        label = "Random-effects" if model == "random" else "Common-effect"
        printed = estimate(values[0], values[1], values[2], decimals_of(result), landmarks(measure))
        text += f" {label} estimate {printed}, {words.percent_level(result)} interval."
    labels = [clean(effect.get("label") or effect.get("study", "")) for effect in result.get("effects", ())]
    return f"{text} Studies: {'; '.join(labels)}." if labels else text
