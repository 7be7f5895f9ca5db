"""The robustness strip: the main estimate of an analysis beside what other choices and fewer studies make of it."""

from __future__ import annotations

from collections.abc import Sequence

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.pool import PoolResult
from coppice.core.printing import back
from coppice.draw.canvas import words
from coppice.draw.canvas.canvas import Drawing, clean, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.pooled import Pooled
from coppice.draw.figures.robustness_lines import ROWS, Line, robustness_lines
from coppice.draw.forest.cells import Cells, Column, Slot, TableContext, interval_cells, interval_slots, range_cells
from coppice.draw.forest.columns import LABEL_WIDTH, heading
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Kind, Row, Triple, decimals_of, place_of

KINDS = {"main": Kind.RANDOM, "common": Kind.COMMON, "estimate": Kind.STUDY, "bayes": Kind.STUDY, "range": Kind.RANGE}
BAYES = "The Bayesian line has the posterior median and the shortest credible interval."
RANGES = "Bars with ends are ranges, from the lowest to the highest estimate, and no confidence intervals."


@styled
def draw_robustness(
    pool_result: PoolResult,
    explore_result: ExploreResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
    important: Sequence[float] | None = None,
    large: Sequence[float] | None = None,
    rows: Sequence[str] = (),
) -> Drawing:
    """Draw the main estimate and those beside it on one axis; `rows` are the keys of `ROWS` that are wanted, or none for all."""
    pooled, preset = Pooled(pool_result), PRESETS["default"]
    options = TableContext(pool_result, style, preset, {}, decimals_of(pool_result))
    lines = robustness_lines(pool_result, explore_result, rows or ROWS)
    return draw_content(
        Content(
            measure=pooled.measure,
            style=style,
            preset=preset,
            title=title or "",
            subtitle=f"Robustness: {pooled.name.lower()}, {pooled.count}",
            rows=[row_of(line, pooled) for line in lines],
            left=[label_column()],
            right=[estimate_column(options)],
            favours=favours or (),
            notes=notes_of(lines),
            important=important,
            large=large,
            description=f"The main estimate of {pooled.count} beside {len(lines) - 1} others or ranges of others.",
        )
    )


def row_of(line: Line, pooled: Pooled) -> Row:
    """Return the row of a line; an estimate with a caution against it has no mark."""
    size = (pooled.result.get("display") or {}).get("size")
    estimate, low, high = (back(pooled.measure, value, size) for value in line.values)
    printed: Triple = (estimate, low, high)
    place = (None, None, None) if line.caution else place_of(pooled.measure, line.values, printed)
    label = line.label
    if line.kind == "main":
        label = f"{label} ({words.model_name(pooled.result.get('random'), pooled.result.get('settings') or {})})"
    return Row(KINDS[line.kind], clean(label), place, printed)


def label_column() -> Column:
    """Return the column of what the rows are."""
    return Column("study", ("Estimate",), lambda row: (row.label,), (Slot("left"),), align="left", limit=LABEL_WIDTH)


def estimate_column(options: TableContext) -> Column:
    """Return the column of estimates with their intervals, and of ranges without brackets."""

    def cells(row: Row) -> Cells:
        if row.kind is Kind.RANGE:
            return "", *range_cells(*row.printed[1:], options.decimals, options.style, options.landmarks)
        return interval_cells(row.printed, options.decimals, options.style, options.landmarks)

    lines = heading(options.preset.effect, options)
    return Column("estimate", lines, cells, interval_slots(options.style), align="center")


def notes_of(lines: Sequence[Line]) -> list[str]:
    """Return what the marks of some lines are not, and why some have none."""
    kinds = {line.kind for line in lines}
    notes = [note for kind, note in (("range", RANGES), ("bayes", BAYES)) if kind in kinds]
    return notes + [f"{line.label} has no mark: {clean(line.caution)}" for line in lines if line.caution]
