"""Reconstructed Kaplan-Meier curves: a panel for each curve that was read, with the numbers at risk beneath."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from coppice.core.contracts.extract import Curve, CurveOfArm, ExtractResult
from coppice.draw.canvas.axes import Axis, Tick, linear_labels, ticks
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, Point, box, clean, styled, text_width, wrapped
from coppice.draw.canvas.panel import LABEL_GAP, TICK_LENGTH, draw_x_ticks, draw_y_ticks
from coppice.draw.canvas.style import DEFAULT, Style
from coppice.draw.canvas.text import below_title, folded, title_lines, widest
from coppice.draw.figures.pooled import label_of
from coppice.draw.forest.marks import DASHES

WIDTH, HEIGHT = 290.0, 170.0  # points of a plotting area
ARM_WIDTH = 100.0  # a longer name of an arm is wrapped
COLUMNS = 2  # panels beside one another
COLUMN_GAP, ROW_GAP = 26.0, 20.0
POINT = 2.2  # points: side of the mark of a coordinate, small enough that the curve stays in sight
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
ARMS: dict[str, tuple[str, Sequence[float] | None]] = {  # the field of `Style` with the colour, and the dashes
    "experimental": ("summary", None),
    "control": ("prediction", DASHES),
}


@dataclass(frozen=True, slots=True)
class Frame:
    """What all panels share: their size, and the space for what stands above a plotting area and at its left."""

    names: Mapping[str, Sequence[str]]  # lines of the name of each arm
    left: float
    top: float
    width: float
    height: float


def _frame(style: Style, arms: Mapping[str, str], heads: Sequence[Sequence[str]]) -> Frame:
    """Measure what all panels share, from the names of the arms and the headings of the panels."""
    step = style.size * LINE_SPACING
    names = {arm: wrapped(clean(arms.get(arm) or arm), ARM_WIDTH, style) for arm in ARMS}
    lines = [line for name in names.values() for line in name]
    left, top = widest([*lines, "At risk"], style) + 34.0, max(map(len, heads), default=1) * step + 8.0
    # the time axis, its name, and the numbers at risk, of which the last needs room beyond the plotting area
    below = TICK_LENGTH + LABEL_GAP + style.small * 1.2 + style.size * 2.4 + (len(lines) + 1) * step + 4.0
    return Frame(names, left, top, left + WIDTH + 14.0, top + HEIGHT + below)


@styled
def draw_kaplan_meier(
    extracts: Sequence[ExtractResult],
    *,
    style: Style = DEFAULT,
    title: str | None = None,
    arms: Mapping[str, str] | None = None,
) -> Drawing:
    """Draw the curves of both arms of each study, as they were reconstructed and as they were read.

    Guyot P et al. BMC Med Res Methodol 2012;12:9, doi:10.1186/1471-2288-12-9.

    `arms` says what ``experimental`` and ``control`` are called.
    """
    curves = [(name_of(extract, curve), curve) for extract in extracts for curve in extract.get("curves") or ()]
    drawn = [(name, curve) for name, curve in curves if curve.get("arms")]
    notes = [
        "Share of patients without the event. Lines: reconstructed curves. Dots: what was read from the printed ones, where it falls."
    ]
    notes += [f"{name}: not reconstructed: {clean(curve['skipped'])}." for name, curve in curves if "skipped" in curve]
    heads = [wrapped(name, WIDTH, style, weight="bold") for name, _ in drawn]
    frame = _frame(style, arms or {}, heads)
    columns = min(COLUMNS, max(len(drawn), 1))
    right = style.margin + columns * frame.width + (columns - 1) * COLUMN_GAP
    heading = title_lines(title or "Kaplan-Meier curves", right - style.margin, style)
    below = folded(notes, right - style.margin, style)
    top = below_title(heading, style) + 8.0
    rows = -(-len(drawn) // columns)
    bottom = top + rows * (frame.height + ROW_GAP)
    canvas = Canvas(right + style.margin, bottom + len(below) * style.small * LINE_SPACING + style.margin, style)
    canvas.titled(heading)
    for index, ((_, curve), head) in enumerate(zip(drawn, heads, strict=True)):
        x = style.margin + (index % columns) * (frame.width + COLUMN_GAP)
        _draw_panel(canvas, frame, (x, top + index // columns * (frame.height + ROW_GAP)), head, curve)
    canvas.notes(bottom, below)
    return canvas.finished(title or "Kaplan-Meier curves", describe(drawn))


def name_of(extract: ExtractResult, curve: Curve) -> str:
    """Return what a curve is called: its own label where it has one, or that of its study."""
    return clean(curve.get("label") or label_of(extract))


def describe(curves: Sequence[tuple[str, Curve]]) -> str:
    """Say in words how many patients and events each panel holds."""
    sentences = []
    for name, curve in curves:
        arms = [f"{arm['events']} events in {arm['patients']} patients ({key})" for key, arm in _arms(curve).items()]
        sentences.append(f"{name}: {', '.join(arms)}")
    return f"Reconstructed Kaplan-Meier curves. {'. '.join(sentences)}."


def _arms(curve: Curve) -> dict[str, CurveOfArm]:
    return {"experimental": curve["arms"]["experimental"], "control": curve["arms"]["control"]}


def _time_axis(curve: Curve, left: float, style: Style) -> Axis:
    """Return the axis of the times: ticks where the numbers at risk are printed, if they have room, every so many of them."""
    times = sorted({float(time) for arm in _arms(curve).values() for time in arm["at_risk_times"]})
    longest = max([*times, *(arm["times"][-1] for arm in _arms(curve).values())]) or 1.0
    numbers = [f"{number}" for arm in _arms(curve).values() for number in arm["at_risk"]]
    widest = max(text_width(text, style, size=style.small) for text in [*numbers, *linear_labels(times)]) + 6.0

    def fits(step: int) -> bool:
        kept = times[::step]
        return all((b - a) / longest * WIDTH >= widest for a, b in pairwise(kept))

    step = next((step for step in range(1, len(times)) if fits(step)), max(len(times), 1))
    kept = times[::step]
    if len(kept) > 1:
        chosen = tuple(Tick(time, label) for time, label in zip(kept, linear_labels(kept), strict=True))
    else:
        chosen, _ = ticks(
            0.0, longest, WIDTH, is_log=False, width=lambda text: text_width(text, style, size=style.small)
        )
    return Axis(0.0, longest, left, left + WIDTH, chosen)


def _draw_panel(canvas: Canvas, frame: Frame, corner: Point, head: Sequence[str], curve: Curve) -> None:
    style, (x, y) = canvas.style, corner
    left, top = x + frame.left, y + frame.top
    bottom = top + HEIGHT
    across, up = (
        _time_axis(curve, left, style),
        Axis(0.0, 1.0, bottom, top, tuple(Tick(share, f"{round(100 * share)}%") for share in SHARES)),
    )
    first = top - 8.0 - (len(head) - 0.5) * style.size * LINE_SPACING
    canvas.lines(left, first, head, weight="bold")
    canvas.line([(left, top), (left, bottom), (left + WIDTH, bottom)], width=0.8)
    for share in SHARES[1:]:
        canvas.line([(left, up(share)), (left + WIDTH, up(share))], colour=style.faint, width=0.4, zorder=0.5)
    draw_y_ticks(canvas, up, left)
    draw_x_ticks(canvas, across, bottom)
    y = bottom + TICK_LENGTH + LABEL_GAP + style.small * 1.2 + style.size
    unit = clean(curve.get("unit") or "")
    canvas.text(left + WIDTH / 2, y, f"Time ({unit})" if unit else "Time", align="center")
    for arm in ARMS:
        _draw_curve(canvas, _arms(curve)[arm], (across, up), arm)
    _draw_at_risk(canvas, frame, (x, y + style.size * 1.4), curve, across)


def _draw_curve(canvas: Canvas, arm: CurveOfArm, axes: tuple[Axis, Axis], role: str) -> None:
    """Draw the steps of one arm, and a small mark at each point that was read after a fall."""
    (across, up), (colour, dashes) = axes, ARMS[role]
    places: list[Point] = []
    for time, survival in zip(arm["times"], arm["survival"], strict=True):
        if places:
            places.append((across(time), places[-1][1]))
        places.append((across(time), up(survival)))
    shade = getattr(canvas.style, colour)
    canvas.line(places, colour=shade, width=1.3, dashes=dashes, zorder=3.0, name="curve")
    half = POINT / 2
    marks = [(across(time), up(survival)) for time, survival in falls(arm)]
    squares = [box(x - half, y - half, x + half, y + half) for x, y in marks]
    canvas.polygons(squares, fill=canvas.style.ink, zorder=4.0)


def falls(arm: CurveOfArm) -> list[tuple[float, float]]:
    """Return the points that were read, of several at one height the first: a dense grid would hide its curve."""
    points = list(zip(arm["read_times"], arm["read_survival"], strict=True))
    return points[:1] + [point for before, point in pairwise(points) if before[1] != point[1]]


def _draw_at_risk(canvas: Canvas, frame: Frame, corner: Point, curve: Curve, across: Axis) -> None:
    """Draw the printed numbers at risk under the ticks, each row with the line of its arm."""
    style, (x, y) = canvas.style, corner
    step = style.size * LINE_SPACING
    canvas.text(x, y, "At risk", colour=style.muted)
    for arm, (colour, dashes) in ARMS.items():
        y += step
        shade = getattr(style, colour)
        canvas.line([(x, y), (x + 14.0, y)], colour=shade, width=1.3, dashes=dashes)
        printed = dict(zip(_arms(curve)[arm]["at_risk_times"], _arms(curve)[arm]["at_risk"], strict=True))
        for tick in across.ticks:
            if tick.value in printed:
                text = f"{printed[tick.value]}"
                canvas.text(across(tick.value), y, text, align="center", size=style.small)
        y = canvas.lines(x + 18.0, y, frame.names[arm]) - step
