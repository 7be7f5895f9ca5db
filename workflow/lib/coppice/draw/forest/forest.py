"""The forest plot: a table with a plot in it, laid out from its content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from coppice.core.contracts.pool import PoolResult
from coppice.core.errors import entry_named
from coppice.core.importance import threshold_decimals
from coppice.core.measures import MEASURES, Measure
from coppice.core.number_style import estimate, together
from coppice.core.printing import landmarks
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import printed_limits
from coppice.draw.canvas.canvas import Drawing, clean
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.forest.bias_column import bias_note
from coppice.draw.forest.cells import TableContext, joined
from coppice.draw.forest.columns import columns_of, heading
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.options import ForestOptions
from coppice.draw.forest.presets import PLOT, PRESETS
from coppice.draw.forest.rows import Rows, decimals_of, printed_of, triple


def draw_forest(
    result: PoolResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
    arms: Mapping[str, str] | None = None,
    important: Sequence[float] | None = None,
    large: Sequence[float] | None = None,
    **options: Any,
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
    important : pair of float or None
        As printed: between these an effect is too small to matter; the band is shaded.
    large : pair of float or None
        As printed: beyond these an effect is large; dotted lines mark them.
    **options
        Fields of `ForestOptions`.

    Returns
    -------
    Drawing
        A `matplotlib.figure.Figure` that is as large as its content needs.

    Raises
    ------
    ValueError
        If an option has a value that is unknown.
    """
    chosen = ForestOptions(**options)
    preset = entry_named(PRESETS, chosen.preset, "preset")
    style = preset.applied_to(style)
    with style.applied():
        rows = Rows(result, chosen).all()
        style = joined(style, rows)
        context = TableContext(result, style, preset, arms or {}, decimals_of(result)).configured(chosen.decimals)
        measure, headings = MEASURES.get(result.get("measure", "")), chosen.headings or {}
        left, right = columns_of(chosen.columns or preset.columns, context, headings)
        return draw_content(
            Content(
                measure=measure,
                style=style,
                preset=preset,
                title=title or "",
                subtitle=f"{words.measure_name(result)}, {words.count_of(result)}",
                rows=rows,
                left=left,
                right=right,
                heading=tuple(clean(headings[PLOT]).split("|")) if PLOT in headings else heading(preset.plot, context),
                favours=favours or (),
                notes=[
                    *_notes(result, style, has_footnotes=chosen.notes),
                    *_band_notes(important, large, style, measure),
                    *([bias_note(result)] if "risk_of_bias" in (chosen.columns or ()) else []),
                ],
                limits=chosen.limits,
                important=important,
                large=large,
                description=describe_forest(result),
            )
        )


def _notes(result: PoolResult, style: Style, *, has_footnotes: bool) -> list[str]:
    """Return the lines below the plot: heterogeneity, tests; then footnotes: what is missing and why, method."""
    tests = (words.overall_test(result), words.subgroup_test(result.get("subgroups")))
    lines = [style.pointed(line) for line in (words.heterogeneity(result.get("heterogeneity")), *tests)]
    if has_footnotes:
        lines += [*words.reasons(result), *words.cautions(result), *words.not_pooled(result)]
        lines += [words.negative_weights(result), words.method(result)]
    return [line for line in lines if line]


def _band_notes(
    important: Sequence[float] | None, large: Sequence[float] | None, style: Style, measure: Measure | None
) -> list[str]:
    notes = []
    for sentence, pair in (
        ("Shaded: an effect from {} to {} is too small to matter.", important),
        ("Dotted: an effect below {} or above {} is large.", large),
    ):
        if pair is not None:
            printed_limits(pair, measure)  # refuses what is no range
            decimals = threshold_decimals(pair, is_ratio=bool(measure and measure.scale.is_ratio))
            notes.append(sentence.format(*map(style.pointed, together(pair, decimals))))
    return notes


def describe_forest(result: PoolResult) -> str:
    """Describe a forest plot in words, for readers who can't see it."""
    text = f"Forest plot of {words.count_of(result)}, {words.measure_name(result).lower()}."
    model: Literal["random", "common"] = "random" if result.get("random") else "common"
    if line := result.get(model):
        display, measure = result.get("display") or {}, MEASURES.get(result.get("measure", ""))
        values = printed_of(measure, triple(line), display.get(model), display.get("size"))
        label = "Random-effects" if model == "random" else "Common-effect"
        printed = estimate(*values, decimals_of(result), landmarks(measure))
        text += f" {label} estimate {printed}, {words.percent_level(result)} interval."
    labels = [clean(effect.get("label") or effect.get("study", "")) for effect in result.get("effects", ())]
    return f"{text} Studies: {'; '.join(labels)}." if labels else text
