"""The coupled forest plot of test accuracy: sensitivity and specificity of each study side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.contracts.diagnostic import DiagnosticResult, Share, SummaryPoint
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import Axis, Tick
from coppice.draw.canvas.canvas import Align, Canvas, Drawing, Point, clean, styled, text_width, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import title_lines
from coppice.draw.forest.marks import DIAMOND_HEIGHT, diamond, draw_axis

PLOT = 118.0  # points: width of each of the two plots
LABEL_WIDTH = 190.0  # points: a longer name of a study is wrapped
SQUARE = 5.2  # points: side of the square of a study
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
AXIS_HEIGHT = 20.0
HEADING_SPACE = 2.4  # fraction of the font size
SIDES = ("sensitivity", "specificity")
CELLS = ("tp", "fp", "fn", "tn")
THRESHOLD = "Threshold"


@dataclass(frozen=True, slots=True)
class Row:
    """A row: a study, a heading or a summary."""

    label: str
    cells: dict[str, str]
    shares: dict[str, Share] | None = None
    is_summary: bool = False
    is_heading: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of text, or a plot of one side."""

    key: str
    heading: str
    width: float
    align: Align = "right"
    plot: str = ""


@styled
def draw_coupled_forest(
    result: DiagnosticResult, *, style: Style = DEFAULT, title: str | None = None, thresholds: bool = True
) -> Drawing:
    """Draw counts, sensitivity and specificity of each study with exact intervals, and the summary points as diamonds."""
    rows = _rows(result)
    columns = _columns(result, rows, style, thresholds=thresholds)
    width = style.margin * 2 + sum(column.width for column in columns) + style.gutter * (len(columns) - 1)
    heading = title_lines(title, width - 2 * style.margin, style)
    labels = [wrapped(row.label, LABEL_WIDTH, style, weight=_weight(row)) for row in rows]
    heights = [max(style.row, style.row + (len(lines) - 1) * style.size * 1.25) for lines in labels]
    notes = [
        line for note in _notes(result) for line in wrapped(note, width - 2 * style.margin, style, size=style.small)
    ]
    top = style.margin + len(heading) * style.large * 1.3 + (4.0 if heading else 0.0) + style.size * HEADING_SPACE
    end = top + style.row * 1.2 + sum(heights)
    height = end + AXIS_HEIGHT + len(notes) * style.small * 1.36 + 8.0 + style.margin
    canvas = Canvas(width, height, style)
    canvas.headed(heading, f"Coupled forest plot, {words.studies(result['k'])}")
    places = _places(columns, style)
    _head(canvas, columns, places, top)
    _draw_rows(canvas, columns, places, rows, labels=labels, heights=heights, top=top + style.row * 1.2)
    for column, left in zip(columns, places, strict=True):
        if column.plot:
            draw_axis(canvas, _axis(left), end + 2.0)
    canvas.notes(end + AXIS_HEIGHT + 8.0, notes)
    description = f"Sensitivity and specificity of {words.studies(result['k'])} with confidence intervals."
    return canvas.finished(title or "Coupled forest plot", description)


def _weight(row: Row) -> str:
    return "bold" if row.is_summary or row.is_heading else "normal"


def _axis(left: float) -> Axis:
    return Axis(0.0, 1.0, left, left + PLOT, tuple(Tick(value, f"{value:g}") for value in TICKS))


def _printed(share: Share, style: Style) -> str:
    middle, low, high = (f"{share[key]:.2f}" for key in ("estimate", "ci_low", "ci_high"))
    return style.pointed(f"{middle} {style.ci_open}{low}{style.ci_join}{high}{style.ci_close}")


def _rows(result: DiagnosticResult) -> list[Row]:
    """Return the rows: the studies of each level beneath its name, with its summary, then that of all."""
    parts = result.get("subgroups")
    by_level = {part["level"]: part for part in parts["levels"]} if parts else {}
    rows: list[Row] = []
    for name, part in by_level.items():
        rows.append(Row(clean(name), {}, is_heading=True))
        rows += _studies([effect for effect in result["effects"] if effect["subgroup"] == name])
        rows.append(_summary(f"Summary, {words.studies(part['k'])}", part["point"]))
    if not by_level:
        rows += _studies(result["effects"])
    if point := result.get("point"):
        rows.append(_summary(f"Summary, all {words.studies(result['k'])}" if by_level else "Summary", point))
    return rows


def _studies(effects: Sequence[Any]) -> list[Row]:
    return [
        Row(
            clean(effect["label"]),
            {name: f"{effect[name]:,}" for name in CELLS} | {THRESHOLD: clean(effect.get("threshold", ""))},
            {side: effect[side] for side in SIDES},
        )
        for effect in effects
    ]


def _summary(label: str, point: SummaryPoint) -> Row:
    return Row(label, {}, {"sensitivity": point["sensitivity"], "specificity": point["specificity"]}, is_summary=True)


def _columns(result: DiagnosticResult, rows: Sequence[Row], style: Style, *, thresholds: bool) -> list[Column]:
    def widest(heading: str, text: Callable[[Row], str], most: float = 1e9) -> float:
        texts = [text_width(text(row), style, weight=_weight(row)) for row in rows]
        return min(max([text_width(heading, style, weight="bold"), *texts]), most)

    level = words.percent_level(result)
    columns = [Column("label", "Study", widest("Study", lambda row: row.label, LABEL_WIDTH), "left")]
    for name in CELLS:
        columns.append(Column(name, name.upper(), widest(name.upper(), lambda row, name=name: row.cells.get(name, ""))))  # type: ignore[misc]
    if thresholds and any(row.cells.get(THRESHOLD) for row in rows):
        columns.append(Column(THRESHOLD, THRESHOLD, widest(THRESHOLD, lambda row: row.cells.get(THRESHOLD, ""), 110.0)))
    for side in SIDES:
        heading = f"{side.capitalize()} ({level} CI)"
        texts = [_printed(row.shares[side], style) for row in rows if row.shares]
        widths = [text_width(text, style, weight="bold") for text in (heading, *texts)]
        columns.append(Column(side, heading, max(widths)))
    return [*columns, *(Column(f"plot-{side}", side.capitalize(), PLOT, "center", side) for side in SIDES)]


def _places(columns: Sequence[Column], style: Style) -> list[float]:
    places, x = [], style.margin
    for column in columns:
        places.append(x)
        x += column.width + style.gutter
    return places


def _head(canvas: Canvas, columns: Sequence[Column], places: Sequence[float], top: float) -> None:
    style = canvas.style
    for column, left in zip(columns, places, strict=True):
        _write(canvas, column, (left, top + style.row / 2), column.heading, "bold")
    y = top + style.row * 1.1
    canvas.line([(style.margin, y), (canvas.width - style.margin, y)], colour=style.faint, width=0.8)


def _write(canvas: Canvas, column: Column, place: Point, text: str, weight: str) -> None:
    left, y = place
    x = {"left": left, "right": left + column.width, "center": left + column.width / 2}[column.align]
    canvas.text(x, y, text, align=column.align, weight=weight)


def _draw_rows(
    canvas: Canvas,
    columns: Sequence[Column],
    places: Sequence[float],
    rows: Sequence[Row],
    *,
    labels: Sequence[Sequence[str]],
    heights: Sequence[float],
    top: float,
) -> None:
    style, y = canvas.style, top
    numbers = {False: 0, True: 0}
    for row, lines, height in zip(rows, labels, heights, strict=True):
        middle = y + height / 2
        if row.is_summary:
            edge = canvas.width - style.margin + 4.0
            canvas.rectangle(style.margin - 4.0, y, edge, y + height, fill=style.band, zorder=0.5)
        first = middle - (len(lines) - 1) * style.size * 1.25 / 2
        canvas.lines(places[0], first, lines, weight=_weight(row))
        for column, left in zip(columns[1:], places[1:], strict=True):
            share = (row.shares or {}).get(column.plot or column.key)
            if column.plot and share:
                _mark(canvas, _axis(left), share, middle, number=numbers[row.is_summary], is_summary=row.is_summary)
            elif not column.plot:
                text = _printed(share, style) if share else row.cells.get(column.key, "")
                _write(canvas, column, (left, middle), text, _weight(row))
        numbers[row.is_summary] += bool(row.shares)
        y += height
    for column, left in zip(columns, places, strict=True):
        if column.plot:
            for value in (0.0, 1.0):
                x = _axis(left)(value)
                canvas.line([(x, top), (x, y + 2.0)], colour=style.faint, width=0.6, zorder=0.8)


def _mark(canvas: Canvas, axis: Axis, share: Share, middle: float, *, number: int, is_summary: bool) -> None:
    """Draw the square and interval of a study, or the diamond of a summary."""
    style = canvas.style
    low, centre, high = (axis(share[key]) for key in ("ci_low", "estimate", "ci_high"))
    if is_summary:
        half = style.row * DIAMOND_HEIGHT / 2
        corners = diamond((low, centre, high), middle, half, (axis.start, axis.end))
        canvas.polygon(corners, fill=style.summary, edge=style.summary, width=0.6, name=f"diamond-{number}")
        return
    canvas.line([(low, middle), (high, middle)], colour=style.ink, width=0.9)
    half = SQUARE / 2
    canvas.rectangle(centre - half, middle - half, centre + half, middle + half, fill=style.study, zorder=4.0)


def _notes(result: DiagnosticResult) -> list[str]:
    level = words.percent_level(result)
    notes = [f"Studies: exact {level} confidence intervals (Clopper-Pearson)."]
    if result.get("point"):
        notes[0] += f" Diamonds: summary estimates of the bivariate model with {level} confidence intervals."
    else:
        notes.append(f"No summary: {clean(result['reasons'].get('point', ''))}.")
    if (parts := result.get("subgroups")) and parts["tests"]["both"]:
        test = parts["tests"]["both"]
        notes.append(
            f"Difference between subgroups: chi² = {test['chi2']:.2f} on {test['df']} df, p = {_p(test['p'])}."
        )
    return notes


def _p(value: float) -> str:
    return f"{value:.3f}" if value >= 0.001 else "<0.001"
