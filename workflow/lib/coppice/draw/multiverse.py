"""The specification curve: the estimate of every specification of a multiverse, and the choices that each made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.draw import words
from coppice.draw.axes import Axis, effect_limits, ticks
from coppice.draw.layout import LINE_SPACING, Canvas, Drawing, clean, text_width, wrapped
from coppice.draw.style import DEFAULT, Style
from coppice.measures import MEASURES
from coppice.numbers import number, together
from coppice.printing import back, decimals_of, landmarks

Result = Mapping[str, Any]
Specification = Mapping[str, Any]

WIDTH, HEIGHT = 430.0, 170.0  # points: of the plot above the choices
LINE = 11.5  # points: height of a line of the choices
LABEL_WIDTH = 170.0
MARK = 0.62  # of a line: height of the mark of a choice
MOST_SHOWN = 1000  # more are closer together than a printer can set them apart
EDGE = 5.0  # points between the axis and the first specification
DOT = 5.0
TITLE_LINE = 1.3
TICK_LENGTH = 4.0
CUT = "An interval that reaches the edge of the plot goes beyond."
NAMES = {"tau2": "τ² by", "extract": "Effects", "risk_of_bias": "Risk of bias"}


@dataclass(frozen=True, slots=True)
class Curve:
    """The specifications that are drawn, in the order of their estimates.

    Attributes
    ----------
    rows : tuple of mapping
        The specifications.
    main : int
        Which of them is the main analysis.
    choices : dict
        The choices that vary among them, with their values.
    notes : tuple of str
        What is left out.
    """

    rows: tuple[Specification, ...]
    main: int
    choices: dict[str, list[str]]
    notes: tuple[str, ...]


def curve_of(found: Mapping[str, Any]) -> Curve:
    """Return the specifications on the scale of the main analysis, or as many of them as can be told apart."""
    every = list(found.get("specifications") or ())
    first = every[0] if every else None
    rows = [row for row in every if first is not None and _scale(row) == _scale(first)]
    notes = (
        [f"{len(every) - len(rows)} specifications on another scale are not shown."] if len(rows) < len(every) else []
    )
    ordered = sorted(rows, key=lambda row: float(row["estimate"]))
    step = -(-len(ordered) // MOST_SHOWN) or 1
    shown = [row for index, row in enumerate(ordered) if index % step == 0 or row is first]
    notes += [f"Sorted, one of every {step} specifications is shown."] if step > 1 else []
    used = {name: list(dict.fromkeys(row["choices"][name] for row in rows)) for name in found.get("choices") or {}}
    varied = {name: values for name, values in used.items() if len(values) > 1}
    main = next((index for index, row in enumerate(shown) if row is first), 0)
    return Curve(tuple(shown), main, varied, tuple(notes))


def _scale(row: Specification) -> str:
    return MEASURES[row["choices"]["measure"]].scale.name


def draw_multiverse(
    pool_result: Result, explore_result: Result, *, style: Style = DEFAULT, title: str | None = None
) -> Drawing:
    """Draw the specification curve of an analysis.

    Simonsohn U, Simmons JP, Nelson LD. Nat Hum Behav 2020;4:1208-1214, doi:10.1038/s41562-020-0912-z.

    Parameters
    ----------
    pool_result, explore_result : mapping
        The results of one analysis; ``multiverse`` of the second holds the specifications, the main analysis first.
    style, title
        As in `draw_forest`.
    """
    found = explore_result.get("multiverse") or {}
    curve = curve_of(found)
    level = float(pool_result.get("level", 0.95))
    with style.applied():
        labels = [_name(name) for name in curve.choices]
        labels += [
            line for name, values in curve.choices.items() for value in values for line in _said(name, value, style)
        ]
        widest = max((text_width(text, style, size=style.small, weight="bold") for text in labels), default=0.0)
        left = style.margin + max(widest + 16.0, style.size * 5.5)
        right = left + WIDTH
        heads = wrapped(clean(title or ""), right - style.margin, style, size=style.large, weight="bold")
        top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * 4.6
        bottom = top + HEIGHT
        said = [
            wrapped(note, right - style.margin, style, size=style.small) for note in _notes(found, curve, pool_result)
        ]
        below = bottom + 8.0 + _height(curve, style) + 10.0
        height = below + sum(len(note) * style.small * LINE_SPACING + 3.0 for note in said) + style.margin
        canvas = Canvas(right + style.margin, height, style)
        y = style.margin + style.large * 0.5
        for head in heads:
            canvas.text(style.margin, y, head, size=style.large, weight="bold")
            y += style.large * TITLE_LINE
        subtitle = f"Specification curve, {words.measure_name(pool_result).lower()}, {_count(found)}"
        canvas.text(style.margin, y - style.large * 0.65 + style.size * 0.9, subtitle, colour=style.muted)
        _draw_legend(canvas, left, top - style.size * 1.5, level)
        places = _places(len(curve.rows), left, right)
        _draw_curve(canvas, curve, places, (left, top, right, bottom), pool_result)
        _draw_choices(canvas, curve, places, bottom + 8.0)
        for note in said:
            below = canvas.lines(style.margin, below, note, size=style.small, colour=style.muted) + 3.0
        return canvas.finished(title or "Specification curve", f"Specification curve of {_count(found)}.")


def _count(found: Mapping[str, Any]) -> str:
    count = len(found.get("specifications") or ())
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
    bound = f"{1 - level:.2g}"
    for colour, diameter, label in (
        (style.prediction, DOT + 1.5, "Main analysis"),
        (style.study, DOT, f"p < {bound}"),
        (style.common, DOT, f"p ≥ {bound}"),
    ):
        canvas.circle(x + DOT, y, diameter, fill=colour, edge=style.ink if colour == style.prediction else None)
        canvas.text(x + 2 * DOT + 4.0, y, label, size=style.small)
        x += 2 * DOT + 4.0 + text_width(label, style, size=style.small) + style.gutter


def _draw_curve(
    canvas: Canvas,
    curve: Curve,
    places: Sequence[float],
    box: tuple[float, float, float, float],
    pool_result: Result,
) -> None:
    style, (left, top, right, bottom) = canvas.style, box
    axis = _axis(curve, pool_result, top, bottom, style)
    measure = MEASURES.get(pool_result.get("measure", ""))
    canvas.line([(left, top), (left, bottom)], width=0.8)
    for tick in axis.ticks:
        y = axis(tick.value)
        canvas.line([(left - TICK_LENGTH, y), (left, y)], width=0.8)
        canvas.text(left - TICK_LENGTH - 3.0, y, tick.label, align="right", size=style.small)
    name = "Estimate" if "measure" in curve.choices else words.measure_name(pool_result)
    widest = max((text_width(tick.label, style, size=style.small) for tick in axis.ticks), default=0.0)
    beside = left - TICK_LENGTH - 3.0 - widest - style.size
    canvas.text(beside, (top + bottom) / 2, name, align="center", rotation=90)
    if measure and measure.null is not None:
        canvas.line([(left, axis(measure.null)), (right, axis(measure.null))], width=0.8, name="null")
    alpha = 1 - float(pool_result.get("level", 0.95))
    width = min(max(WIDTH / max(len(places), 1) * 0.45, 0.3), 2.2)
    size = min(max(WIDTH / max(len(places), 1) * 0.8, 1.4), DOT)
    groups = {style.study: [i for i, row in enumerate(curve.rows) if row["p"] < alpha]}
    groups[style.common] = [i for i, row in enumerate(curve.rows) if row["p"] >= alpha]
    for colour, inside in groups.items():
        bars, dots = [], []
        for i in inside:
            row, x = curve.rows[i], places[i]
            low, high, middle = axis.clipped(row["ci_low"]), axis.clipped(row["ci_high"]), axis.clipped(row["estimate"])
            bars.append([(x - width / 2, low), (x + width / 2, low), (x + width / 2, high), (x - width / 2, high)])
            dots.append(
                [(x - size / 2, middle), (x, middle - size / 2), (x + size / 2, middle), (x, middle + size / 2)]
            )
        if bars:
            canvas.polygons(bars, fill=colour, zorder=2.0, alpha=0.45)
            canvas.polygons(dots, fill=colour, zorder=3.0)
    if curve.rows:
        row, x = curve.rows[curve.main], places[curve.main]
        canvas.line(
            [(x, axis.clipped(row["ci_low"])), (x, axis.clipped(row["ci_high"]))], colour=style.prediction, width=1.6
        )
        y = axis.clipped(row["estimate"])
        canvas.circle(x, y, DOT + 1.5, fill=style.prediction, edge=style.ink, zorder=5, name="point-main")


def _limits(curve: Curve, pool_result: Result) -> tuple[float, float]:
    measure = MEASURES.get(pool_result.get("measure", ""))
    columns = [[row[name] for row in curve.rows] for name in ("estimate", "ci_low", "ci_high")]
    return effect_limits(*columns, null=measure.null if measure else None)


def _axis(curve: Curve, pool_result: Result, top: float, bottom: float, style: Style) -> Axis:
    measure = MEASURES.get(pool_result.get("measure", ""))
    low, high = _limits(curve, pool_result)
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


def _notes(found: Mapping[str, Any], curve: Curve, pool_result: Result) -> list[str]:
    """Say what the specifications say together, from the summary of the result."""
    lowest, highest = _limits(curve, pool_result)
    is_cut = any(row["ci_low"] < lowest or row["ci_high"] > highest for row in curve.rows)
    summary, notes = found.get("summary") or {}, [*curve.notes, *([CUT] if is_cut else [])]
    if summary.get("same_direction") is not None:
        notes.append(
            f"{summary['same_direction']} of {summary['specifications']} specifications point the same way as the main "
            f"analysis; {summary['significant_same_direction']} of these are significant."
        )
    measure = MEASURES.get(pool_result.get("measure", ""))
    spread = (summary.get("range") or {}).get(pool_result.get("measure", ""))
    if spread:
        low, middle, high = together(
            [back(measure, spread[name]) for name in ("low", "median", "high")],
            decimals_of(pool_result, measure),
            landmarks(measure),
        )
        notes.append(f"Estimates from {low} to {high}, median {middle}.")
    moved = (summary.get("moved_by") or {}).get("shares") or {}
    if moved:
        ordered = sorted(moved.items(), key=lambda item: -item[1])
        shares = ", ".join(
            f"{_name(name).removesuffix(' by').lower()} {number(100 * share, 0)}%" for name, share in ordered
        )
        notes.append(f"Share of the variance between estimates that each choice explains: {shares}.")
    if found.get("impossible"):
        count = sum(int(item.get("combinations", 1)) for item in found["impossible"])
        notes.append(f"{count} combinations are impossible or pool the same; the result file says why.")
    return notes
