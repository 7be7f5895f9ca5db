"""The specification curve: the estimate of every specification of a multiverse, and the choices that each made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from coppice.core.measures import MEASURES
from coppice.core.number_style import number, together
from coppice.core.printing import back, decimals_of, landmarks
from coppice.draw.canvas import words
from coppice.draw.canvas.axes import Axis, effect_limits, ticks
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, Point, clean, text_width, wrapped
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.figures.specifications import Curve, Specification, curves_of

Result = Mapping[str, Any]

WIDTH, HEIGHT = 430.0, 170.0  # points: of the plot above the choices
LINE = 11.5  # points: height of a line of the choices
LABEL_WIDTH = 170.0
MARK = 0.62  # of a line: height of the mark of a choice
EDGE = 5.0  # points between the axis and the first specification
DOT = 5.0
TITLE_LINE = 1.3
TICK_LENGTH = 4.0
ARROW = 4.2  # points: the head of an arrow where an interval goes on beyond the axis, if there is room for it
ROOM = 9.0  # points between the plot and the choices, and between these and the notes
PANEL_NAME = 2.2  # of the body's size: the name of a panel with the space below it
PANEL_GAP = 16.0  # points between panels
CUT = "An interval that ends in an arrow goes on beyond the plot."
NAMES = {"tau2": "τ² by", "extract": "Effects", "risk_of_bias": "Risk of bias"}


def draw_multiverse(
    pool_result: Result, explore_result: Result, *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw the specification curve of an analysis, one panel for each measure.

    Simonsohn U, Simmons JP, Nelson LD. Nat Hum Behav 2020;4:1208-1214, doi:10.1038/s41562-020-0912-z.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; ``multiverse`` of the second holds the specifications, the main analysis first.
    style, title
        As in `draw_forest`.
    """
    found = explore_result.get("multiverse") or {}
    curves = curves_of(found)
    with style.applied():
        labels = [line for curve in curves for line in _labels(curve, style)]
        widest = max((text_width(text, style, size=style.small, weight="bold") for text in labels), default=0.0)
        left = style.margin + max(widest + 16.0, style.size * 5.5)
        right = left + WIDTH

        def folded(notes: Sequence[str]) -> list[list[str]]:
            return [wrapped(note, right - style.margin, style, size=style.small) for note in notes]

        heads = wrapped(clean(title or ""), right - style.margin, style, size=style.large, weight="bold")
        notes = [folded(_notes(curve, found, pool_result)) for curve in curves]
        last = folded(_impossible(found))
        top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * 4.6
        name_height = style.size * PANEL_NAME if len(curves) > 1 else 0.0
        heights = [
            name_height + HEIGHT + ROOM + _height(curve, style) + ROOM + _notes_height(lines, style)
            for curve, lines in zip(curves, notes, strict=True)
        ]
        height = top + sum(heights) + PANEL_GAP * (len(curves) - 1) + _notes_height(last, style) + style.margin
        canvas = Canvas(right + style.margin, height, style)
        y = style.margin + style.large * 0.5
        for head in heads:
            canvas.text(style.margin, y, head, size=style.large, weight="bold")
            y += style.large * TITLE_LINE
        subtitle = f"Specification curve, {words.measure_name(pool_result).lower()}, {_count(found)}"
        if len(curves) > 1:
            subtitle = f"Specification curves, {len(curves)} measures, {_count(found)}"
        canvas.text(style.margin, y - style.large * 0.65 + style.size * 0.9, subtitle, colour=style.muted)
        _draw_legend(canvas, left, top - style.size * 1.5, float(pool_result.get("level", 0.95)))
        for curve, lines, tall in zip(curves, notes, heights, strict=True):
            start = top + name_height
            if len(curves) > 1:
                name = f"{_measure_name(curve)}, {_counted(curve.count)}"
                canvas.text(style.margin, top + style.size * 0.6, name, weight="bold")
            places = _places(len(curve.rows), left, right)
            _draw_curve(canvas, curve, places, (left, start, right, start + HEIGHT))
            _draw_choices(canvas, curve, places, start + HEIGHT + ROOM)
            _draw_notes(canvas, lines, start + HEIGHT + ROOM + _height(curve, style) + ROOM)
            top += tall + PANEL_GAP
        _draw_notes(canvas, last, top - PANEL_GAP)
        return canvas.finished(title or "Specification curve", f"Specification curve of {_count(found)}.")


def _labels(curve: Curve, style: Style) -> list[str]:
    """Return all lines of the names of the choices and of their values."""
    values = [line for name, every in curve.choices.items() for value in every for line in _said(name, value, style)]
    return [*map(_name, curve.choices), *values]


def _measure_name(curve: Curve) -> str:
    return words.measure_name({"measure": curve.measure})


def _notes_height(notes: Sequence[Sequence[str]], style: Style) -> float:
    return sum(len(note) * style.small * LINE_SPACING + 3.0 for note in notes)


def _draw_notes(canvas: Canvas, notes: Sequence[Sequence[str]], y: float) -> None:
    style = canvas.style
    for note in notes:
        y = canvas.lines(style.margin, y, note, size=style.small, colour=style.muted) + 3.0


def _count(found: Mapping[str, Any]) -> str:
    return _counted(len(found.get("specifications") or ()))


def _counted(count: int) -> str:
    return f"{count} specification{'' if count == 1 else 's'}"


def _name(choice: str) -> str:
    return NAMES.get(choice, clean(choice).replace("_", " ").capitalize())


def _said(choice: str, value: str, style: Style) -> list[str]:
    """Return the lines of one value of a choice."""
    text = clean(value).replace("_", " ") if choice == "route" else clean(value)
    return wrapped(text, LABEL_WIDTH, style, size=style.small)


def _step(lines: Sequence[str], style: Style) -> float:
    return LINE + max(len(lines) - 1, 0) * style.small * LINE_SPACING


def _height(curve: Curve, style: Style) -> float:
    """Return the height of the choices with their names."""
    steps = (_step(_said(name, value, style), style) for name, values in curve.choices.items() for value in values)
    return len(curve.choices) * LINE + sum(steps)


def _places(count: int, left: float, right: float) -> list[float]:
    """Return where the specifications stand across."""
    span = right - left - 2 * EDGE
    return [left + EDGE + span * (index + 0.5) / count for index in range(count)]


def _draw_legend(canvas: Canvas, x: float, y: float, level: float) -> None:
    style = canvas.style
    others = f"Another specification, with its {100 * level:g}% interval"
    for colour, diameter, label in ((style.prediction, DOT + 1.5, "Main analysis"), (style.study, DOT, others)):
        canvas.circle(x + DOT, y, diameter, fill=colour, edge=style.ink if colour == style.prediction else None)
        canvas.text(x + 2 * DOT + 4.0, y, label, size=style.small)
        x += 2 * DOT + 4.0 + text_width(label, style, size=style.small) + style.gutter


def _draw_curve(canvas: Canvas, curve: Curve, places: Sequence[float], box: tuple[float, float, float, float]) -> None:
    style, (left, top, right, bottom) = canvas.style, box
    measure = MEASURES.get(curve.measure)
    axis = _axis(curve, top, bottom, style)
    canvas.line([(left, top), (left, bottom)], width=0.8)
    for tick in axis.ticks:
        y = axis(tick.value)
        canvas.line([(left - TICK_LENGTH, y), (left, y)], width=0.8)
        canvas.text(left - TICK_LENGTH - 3.0, y, tick.label, align="right", size=style.small)
    widest = max((text_width(tick.label, style, size=style.small) for tick in axis.ticks), default=0.0)
    beside = left - TICK_LENGTH - 3.0 - widest - style.size
    canvas.text(beside, (top + bottom) / 2, _measure_name(curve), align="center", rotation=90)
    if measure and measure.null is not None:
        canvas.line([(left, axis(measure.null)), (right, axis(measure.null))], width=0.8, name="null")
    step = WIDTH / max(len(places), 1)
    width, size, head = min(max(step * 0.45, 0.3), 2.2), min(max(step * 0.8, 1.4), DOT), min(step * 0.8, ARROW)
    bars: list[list[Point]] = []
    dots: list[list[Point]] = []
    heads: list[list[Point]] = []
    for row, x in zip(curve.rows, places, strict=True):
        low, high, middle = axis.clipped(row["ci_low"]), axis.clipped(row["ci_high"]), axis.clipped(row["estimate"])
        bars.append([(x - width / 2, low), (x + width / 2, low), (x + width / 2, high), (x - width / 2, high)])
        dots.append([(x - size / 2, middle), (x, middle - size / 2), (x + size / 2, middle), (x, middle + size / 2)])
        heads += _heads(axis, row, x, head)
    if bars:
        canvas.polygons(bars, fill=style.study, zorder=2.0, alpha=0.45)
        canvas.polygons(dots, fill=style.study, zorder=3.0)
    if heads:
        canvas.polygons(heads, fill=style.study, zorder=2.5)
    if curve.main is not None:
        row, x = curve.rows[curve.main], places[curve.main]
        limits = [(x, axis.clipped(row["ci_low"])), (x, axis.clipped(row["ci_high"]))]
        canvas.line(limits, colour=style.prediction, width=1.6)
        for shape in _heads(axis, row, x, ARROW):
            canvas.polygon(shape, fill=style.prediction, zorder=4.5, name="arrow-main")
        y = axis.clipped(row["estimate"])
        canvas.circle(x, y, DOT + 1.5, fill=style.prediction, edge=style.ink, zorder=5, name="point-main")


def _heads(axis: Axis, row: Specification, x: float, size: float) -> list[list[Point]]:
    """Return the head of an arrow at each end of the axis that an interval goes on beyond; the axis runs upwards."""
    ends = zip(axis.beyond(row["ci_low"], row["ci_high"]), (axis.start, axis.end), (-size, size), strict=True)
    return [[(x, tip), (x - size / 2, tip + back), (x + size / 2, tip + back)] for is_cut, tip, back in ends if is_cut]


def _limits(curve: Curve) -> tuple[float, float]:
    measure = MEASURES.get(curve.measure)
    columns = [[row[name] for row in curve.rows] for name in ("estimate", "ci_low", "ci_high")]
    return effect_limits(*columns, null=measure.null if measure else None)


def _axis(curve: Curve, top: float, bottom: float, style: Style) -> Axis:
    measure = MEASURES.get(curve.measure)
    low, high = _limits(curve)
    is_log = bool(measure and measure.scale.is_ratio)
    major, minor = ticks(low, high, bottom - top, is_log=is_log, width=lambda label: style.small * 1.2)
    return Axis(low, high, bottom, top, major, minor)


def _draw_choices(canvas: Canvas, curve: Curve, places: Sequence[float], top: float) -> None:
    """Draw a line for each value of each choice, with a mark below every specification that made it."""
    style = canvas.style
    step = places[1] - places[0] if len(places) > 1 else DOT
    width = min(step * 0.7, 3.0) if step > 1.5 else step
    left, right = (places[0] - EDGE, places[-1] + EDGE) if places else (0.0, 0.0)
    y = top
    for name, values in curve.choices.items():
        canvas.text(style.margin, y + LINE / 2, _name(name), size=style.small, weight="bold")
        y += LINE
        for index, value in enumerate(values):
            middle, half = y + LINE / 2, LINE * MARK / 2
            label = _said(name, value, style)
            if index % 2 == 0:
                canvas.rectangle(style.margin, y, right, y + _step(label, style), fill=style.band, zorder=0.4)
            canvas.lines(style.margin + 8.0, middle, label, size=style.small)
            for is_main, colour in ((False, style.muted), (True, style.prediction)):
                marks = [
                    [
                        (x - width / 2, middle - half),
                        (x + width / 2, middle - half),
                        (x + width / 2, middle + half),
                        (x - width / 2, middle + half),
                    ]
                    for i, (x, row) in enumerate(zip(places, curve.rows, strict=True))
                    if row["choices"][name] == value and (i == curve.main) == is_main
                ]
                if marks:
                    canvas.polygons(marks, fill=colour, zorder=2.0 + is_main)
            y += _step(label, style)
    if curve.choices:
        canvas.line([(left, top - 4.0), (right, top - 4.0)], colour=style.faint, width=0.6)


def _notes(curve: Curve, found: Mapping[str, Any], pool_result: Result) -> list[str]:
    """Say what the specifications of a panel say together, from their summary in the result."""
    axis = Axis(*_limits(curve), 0.0, 1.0)
    is_cut = any(any(axis.beyond(row["ci_low"], row["ci_high"])) for row in curve.rows)
    size = (pool_result.get("display") or {}).get("size")
    summary, notes = found.get("summary") or {}, [*curve.notes, *([CUT] if is_cut else [])]
    part = (summary.get("by_measure") or {}).get(curve.measure) or {}
    if part.get("same_direction") is not None:
        notes.append(
            f"{part['same_direction']} of {_counted(part['specifications'])} lie on the same side of no effect as the "
            "main analysis."
        )
    if spread := (summary.get("range") or {}).get(curve.measure):
        measure = MEASURES.get(curve.measure)
        low, middle, high = together(
            [back(measure, spread[name], size) for name in ("low", "median", "high")],
            decimals_of(pool_result if curve.measure == pool_result.get("measure") else {}, measure),
            landmarks(measure),
        )
        notes.append(f"Estimates from {low} to {high}, median {middle}.")
    if moved := (part.get("moved_by") or {}).get("shares"):
        ordered = sorted(moved.items(), key=lambda item: -item[1])
        shares = ", ".join(
            f"{_name(name).removesuffix(' by').lower()} {number(100 * share, 0)}%" for name, share in ordered
        )
        notes.append(f"Share of the variance between these estimates that each choice explains: {shares}.")
    return notes


def _impossible(found: Mapping[str, Any]) -> list[str]:
    count = sum(int(item.get("combinations", 1)) for item in found.get("impossible") or ())
    return [f"{count} combinations are impossible or pool the same; the result file says why."] if count else []
