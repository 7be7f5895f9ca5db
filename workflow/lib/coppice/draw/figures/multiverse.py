"""The specification curve: the estimate of every specification of a multiverse, and the choices that each made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coppice.core.contracts.explore import ExploreResult, Specification
from coppice.core.contracts.pool import PoolResult
from coppice.core.measures import MEASURES
from coppice.draw.canvas.axes import Axis, ticks
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, Point, box, clean, styled, text_width, wrapped
from coppice.draw.canvas.panel import LABEL_GAP, TICK_LENGTH, draw_y_ticks
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import below_title, folded, title_lines, widest
from coppice.draw.figures.pooled import Pooled, part_of
from coppice.draw.figures.specifications import Curve, choice_name, counted, curves_of, impossible, model_name, notes_of

WIDTH, HEIGHT = 430.0, 170.0  # points: of the plot above the choices
LINE_HEIGHT = 11.5  # points: a line of the choices
LABEL_WIDTH = 170.0
MARK_HEIGHT = 0.62  # fraction of the line: the mark of a choice
EDGE = 5.0  # points between the axis and the first specification
DOT, MAIN_DOT = 5.0, 6.5
ARROW = 4.2  # points: the head of an arrow where an interval goes on beyond the axis, if there is room for it
ROOM = 9.0  # points between the plot and the choices, and between these and the notes
NOTE_GAP = 3.0
NAME_HEIGHT = 2.2  # fraction of the font size: the name of a panel with the space below it
PANEL_GAP = 16.0  # points between panels


@dataclass(frozen=True, slots=True)
class Block:
    """The panel of one measure, measured: its name, the plot, the choices below it, and the notes."""

    curve: Curve
    name: str  # empty for a single panel, whose axis names it
    choices: Sequence[tuple[str, Sequence[tuple[str, Sequence[str]]]]]  # name, and values with their lines
    notes: Sequence[Sequence[str]]
    style: Style

    @property
    def plot_top(self) -> float:
        """Height of what stands above the plot."""
        return self.style.size * NAME_HEIGHT if self.name else 0.0

    @property
    def choices_height(self) -> float:
        """Height of the choices with their names."""
        steps = (_step(lines, self.style) for _, values in self.choices for _, lines in values)
        return len(self.choices) * LINE_HEIGHT + sum(steps)

    @property
    def height(self) -> float:
        """Height of the whole."""
        return self.plot_top + HEIGHT + ROOM + self.choices_height + ROOM + _notes_height(self.notes, self.style)


@styled
def draw_multiverse(
    pool_result: PoolResult, explore_result: ExploreResult, *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw the specification curve of an analysis, one panel for each measure.

    Simonsohn U, Simmons JP, Nelson LD. Nat Hum Behav 2020;4:1208-1214, doi:10.1038/s41562-020-0912-z.
    """
    pooled, multiverse = Pooled(pool_result), part_of(explore_result, "multiverse")
    curves = curves_of(multiverse)
    choices = [_choices(curve, style) for curve in curves]
    labels = [line for every in choices for name, values in every for line in (choice_name(name), *_lines(values))]
    left = style.margin + max(widest(labels, style, size=style.small, weight="bold") + 16.0, style.size * 5.5)
    right = left + WIDTH
    width = right - style.margin
    blocks = [
        Block(
            curve,
            f"{curve.measure_name}, {counted(curve.count)}" if len(curves) > 1 else "",
            lines,
            [folded([note], width, style) for note in notes_of(curve, multiverse, pool_result)],
            style,
        )
        for curve, lines in zip(curves, choices, strict=True)
    ]
    heads = title_lines(title, width, style)
    last = [folded([note], width, style) for note in impossible(multiverse)]
    top = below_title(heads, style) + style.size * 4.6
    heights = sum(block.height for block in blocks) + PANEL_GAP * (len(blocks) - 1)
    canvas = Canvas(right + style.margin, top + heights + _notes_height(last, style) + style.margin, style)
    count = counted(len(multiverse.get("specifications") or ()))
    subtitle = f"Specification curve, {pooled.name.lower()}, {count}"
    canvas.headed(heads, subtitle if len(curves) == 1 else f"Specification curves, {len(curves)} measures, {count}")
    _draw_legend(canvas, left, top - style.size * 1.5, float(pool_result.get("level", 0.95)))
    for block in blocks:
        _draw_block(canvas, block, top, (left, right))
        top += block.height + PANEL_GAP
    _draw_notes(canvas, last, top - PANEL_GAP)
    return canvas.finished(title or "Specification curve", f"Specification curve of {count}.")


def _choices(curve: Curve, style: Style) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """Return the choices of a curve, each with its values and the lines in which they are written."""

    def lines(name: str, value: str) -> list[str]:
        text = clean(value).replace("_", " ") if name == "route" else model_name(name, clean(value))
        return wrapped(text, LABEL_WIDTH, style, size=style.small)

    return [(name, [(value, lines(name, value)) for value in values]) for name, values in curve.choices.items()]


def _lines(values: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    return [line for _, lines in values for line in lines]


def _notes_height(notes: Sequence[Sequence[str]], style: Style) -> float:
    return sum(len(note) * style.small * LINE_SPACING + NOTE_GAP for note in notes)


def _draw_notes(canvas: Canvas, notes: Sequence[Sequence[str]], y: float) -> None:
    for note in notes:
        y = canvas.notes(y, note) + NOTE_GAP


def _step(lines: Sequence[str], style: Style) -> float:
    return LINE_HEIGHT + max(len(lines) - 1, 0) * style.small * LINE_SPACING


def _draw_legend(canvas: Canvas, x: float, y: float, level: float) -> None:
    style = canvas.style
    others = f"Another specification, with its {100 * level:g}% interval"
    for colour, diameter, edge, label in (
        (style.prediction, MAIN_DOT, style.ink, "Main analysis"),
        (style.study, DOT, None, others),
    ):
        canvas.circle(x + DOT, y, diameter, fill=colour, edge=edge)
        canvas.text(x + 2 * DOT + 4.0, y, label, size=style.small)
        x += 2 * DOT + 4.0 + text_width(label, style, size=style.small) + style.gutter


def _draw_block(canvas: Canvas, block: Block, top: float, sides: tuple[float, float]) -> None:
    style, (left, right), count = canvas.style, sides, len(block.curve.rows)
    canvas.text(style.margin, top + style.size * 0.6, block.name, weight="bold")
    top += block.plot_top
    span = right - left - 2 * EDGE
    places = [left + EDGE + span * (index + 0.5) / count for index in range(count)]
    axis = _axis(block.curve, top, top + HEIGHT, style)
    _draw_axis(canvas, block.curve, axis, sides)
    _draw_specifications(canvas, block.curve, axis, places)
    _draw_main(canvas, block.curve, axis, places)
    top += HEIGHT + ROOM
    _draw_choices(canvas, block, places, top)
    _draw_notes(canvas, block.notes, top + block.choices_height + ROOM)


def _draw_axis(canvas: Canvas, curve: Curve, axis: Axis, sides: tuple[float, float]) -> None:
    """Draw the axis of a curve with its name and the line of no effect."""
    style, (left, right) = canvas.style, sides
    measure = MEASURES.get(curve.measure)
    canvas.line([(left, axis.end), (left, axis.start)], width=0.8)
    draw_y_ticks(canvas, axis, left)
    beside = (
        left
        - TICK_LENGTH
        - LABEL_GAP
        - widest((tick.label for tick in axis.ticks), style, size=style.small)
        - style.size
    )
    canvas.text(beside, (axis.end + axis.start) / 2, curve.measure_name, align="center", rotation=90)
    if measure and measure.null is not None:
        canvas.line([(left, axis(measure.null)), (right, axis(measure.null))], width=0.8, name="null")


def _draw_specifications(canvas: Canvas, curve: Curve, axis: Axis, places: Sequence[float]) -> None:
    """Draw the interval and the estimate of every specification, each as many shapes in one."""
    step, colour = WIDTH / max(len(places), 1), canvas.style.study
    width, size, head = min(max(step * 0.45, 0.3), 2.2), min(max(step * 0.8, 1.4), DOT), min(step * 0.8, ARROW)
    bars: list[list[Point]] = []
    dots: list[list[Point]] = []
    heads: list[list[Point]] = []
    for row, x in zip(curve.rows, places, strict=True):
        low, high, middle = axis.clipped(row["ci_low"]), axis.clipped(row["ci_high"]), axis.clipped(row["estimate"])
        bars.append(box(x - width / 2, low, x + width / 2, high))
        dots.append([(x - size / 2, middle), (x, middle - size / 2), (x + size / 2, middle), (x, middle + size / 2)])
        heads += _heads(axis, row, x, head)
    canvas.polygons(bars, fill=colour, zorder=2.0, alpha=0.45)
    canvas.polygons(dots, fill=colour, zorder=3.0)
    canvas.polygons(heads, fill=colour, zorder=2.5)


def _draw_main(canvas: Canvas, curve: Curve, axis: Axis, places: Sequence[float]) -> None:
    """Draw the main analysis over the others, where it is on this curve."""
    if curve.main is None:
        return
    row, x, colour = curve.rows[curve.main], places[curve.main], canvas.style.prediction
    limits = [(x, axis.clipped(row["ci_low"])), (x, axis.clipped(row["ci_high"]))]
    canvas.line(limits, colour=colour, width=1.6)
    for shape in _heads(axis, row, x, ARROW):
        canvas.polygon(shape, fill=colour, zorder=4.5, name="arrow-main")
    y = axis.clipped(row["estimate"])
    canvas.circle(x, y, MAIN_DOT, fill=colour, edge=canvas.style.ink, zorder=5, name="point-main")


def _heads(axis: Axis, row: Specification, x: float, size: float) -> list[list[Point]]:
    """Return the head of an arrow at each end of the axis that an interval goes on beyond; the axis runs upwards."""
    ends = zip(axis.beyond(row["ci_low"], row["ci_high"]), (axis.start, axis.end), (-size, size), strict=True)
    return [[(x, tip), (x - size / 2, tip + back), (x + size / 2, tip + back)] for is_cut, tip, back in ends if is_cut]


def _axis(curve: Curve, top: float, bottom: float, style: Style) -> Axis:
    measure = MEASURES.get(curve.measure)
    low, high = curve.limits
    is_log = bool(measure and measure.scale.is_ratio)
    major, minor = ticks(low, high, bottom - top, is_log=is_log, width=lambda label: style.small * 1.2)
    return Axis(low, high, bottom, top, major, minor)


def _draw_choices(canvas: Canvas, block: Block, places: Sequence[float], top: float) -> None:
    """Draw a line for each value of each choice, with a mark below every specification that made it."""
    style, curve = canvas.style, block.curve
    step = places[1] - places[0] if len(places) > 1 else DOT
    half_width = (min(step * 0.7, 3.0) if step > 1.5 else step) / 2
    left, right = (places[0] - EDGE, places[-1] + EDGE) if places else (0.0, 0.0)
    y, half = top, LINE_HEIGHT * MARK_HEIGHT / 2
    for name, values in block.choices:
        canvas.text(style.margin, y + LINE_HEIGHT / 2, choice_name(name), size=style.small, weight="bold")
        y += LINE_HEIGHT
        for index, (value, lines) in enumerate(values):
            middle = y + LINE_HEIGHT / 2
            if index % 2 == 0:
                canvas.rectangle(style.margin, y, right, y + _step(lines, style), fill=style.band, zorder=0.4)
            canvas.lines(style.margin + 8.0, middle, lines, size=style.small)
            made = [i for i, row in enumerate(curve.rows) if row["choices"][name] == value]
            marks = {i: box(places[i] - half_width, middle - half, places[i] + half_width, middle + half) for i in made}
            main = [marks.pop(curve.main)] if curve.main in marks else []
            canvas.polygons(list(marks.values()), fill=style.muted, zorder=2.0)
            canvas.polygons(main, fill=style.prediction, zorder=3.0)
            y += _step(lines, style)
    if curve.choices:
        canvas.line([(left, top - 4.0), (right, top - 4.0)], colour=style.faint, width=0.6)
