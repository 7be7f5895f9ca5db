"""The summary of small-study effects: the main estimate beside each adjusted one, with what each method assumes."""

from __future__ import annotations

from collections.abc import Sequence

from coppice.core.contracts.explore import ExploreResult
from coppice.core.contracts.pool import PoolResult
from coppice.draw.canvas.canvas import Drawing, styled
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.adjusted_lines import UNADJUSTED, adjusted, label_of
from coppice.draw.figures.pooled import Pooled
from coppice.draw.figures.robustness import estimate_column, label_column, notes_of, row_of
from coppice.draw.figures.robustness_lines import Line, adjusted_line, values_of
from coppice.draw.forest.cells import Column, Slot, TableContext
from coppice.draw.forest.layout import Content, draw_content
from coppice.draw.forest.presets import PRESETS
from coppice.draw.forest.rows import Row, decimals_of

ASSUMPTION_WIDTH = 200.0  # points: a longer assumption is wrapped
SENSITIVITY = "Adjusted estimates are sensitivity analyses: each is right only where its assumption is."


@styled
def draw_adjusted(
    pool_result: PoolResult,
    explore_result: ExploreResult,
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    favours: Sequence[str] | None = None,
    important: Sequence[float] | None = None,
    large: Sequence[float] | None = None,
) -> Drawing:
    """Draw the main estimate, and beneath it on the same axis those adjusted for small-study effects."""
    pooled, preset = Pooled(pool_result), PRESETS["default"]
    options = TableContext(pool_result, style, preset, {}, decimals_of(pool_result))
    lines = _lines(pooled, explore_result)
    rows = [row_of(line, pooled) for line, _ in lines]
    assumed = {row.label: assumption for row, (_, assumption) in zip(rows, lines, strict=True)}
    return draw_content(
        Content(
            measure=pooled.measure,
            style=style,
            preset=preset,
            title=title or "",
            subtitle=f"Small-study effects: {pooled.name.lower()}, {pooled.count}",
            rows=rows,
            left=[label_column(), _assumptions(assumed)],
            right=[estimate_column(options)],
            favours=favours or (),
            notes=[SENSITIVITY, *notes_of([line for line, _ in lines])],
            important=important,
            large=large,
            description=f"The main estimate of {pooled.count} beside {len(lines) - 1} adjusted for small-study effects.",
        )
    )


def _lines(pooled: Pooled, explored: ExploreResult) -> list[tuple[Line, str]]:
    """Return the main estimate and the adjusted ones, each with its assumption."""
    main = pooled.result["random"]
    if main is None:
        raise ValueError("the result has no overall estimate")
    lines = [(Line("main", "Main analysis", values_of(main)), UNADJUSTED)]
    for method, part, chosen in adjusted(explored):
        label = f"{label_of(method, part)} (selected)" if chosen else label_of(method, part)
        lines.append((adjusted_line(label, part), method.assumes))
    return lines


def _assumptions(assumed: dict[str, str]) -> Column:
    """Return the column of what the methods assume."""

    def cells(row: Row) -> tuple[str, ...]:
        return (assumed[row.label],)

    return Column("assumes", ("Assumption",), cells, (Slot("left"),), align="left", limit=ASSUMPTION_WIDTH)
