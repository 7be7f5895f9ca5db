"""The engine of all forest plots: rows and columns in, a figure as large as its content out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from coppice.core.measures import IDENTITY, LOG, Measure
from coppice.draw.canvas.axes import Axis, Tick, effect_limits, printed_limits, scaled_ticks, ticks
from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, text_width, wrapped
from coppice.draw.canvas.style import Style
from coppice.draw.forest import marks, table
from coppice.draw.forest.cells import Column, Slot, fitted, indent
from coppice.draw.forest.presets import Preset
from coppice.draw.forest.rows import Kind, Row
from coppice.draw.forest.table import OVERHANG, Placed

GAP_SHARE = 0.55  # of a row: the space between blocks
NOTE_GAP = 10.0  # points between the axis and the notes
NOTE_SPACE = 2.5  # points between notes
MOST_NOTE_WIDTH = 265.0  # points left of the plot: a subgroup's heterogeneity needs about these for one line
COMFORTABLE = 800.0  # points: a wider figure gets a narrower plot, so that its type stays legible on a page
LEAST_PLOT = 0.75  # of the style's width: but not narrower than this
LEAST_LABEL = 150.0  # points: then its labels are wrapped, but not to less than this
TITLE_LINE = 1.3  # of the title's size
SUBTITLE_SPACE = 2.2  # of the body's size: the subtitle with the space below it
DOTS = (1.0, 2.0)  # points drawn and left out
EVEN_SCALES = (IDENTITY.name, LOG.name)  # on the others, round numbers are not evenly spaced
SUMMARY_KINDS = (Kind.SUBTOTAL, Kind.RANDOM, Kind.COMMON, Kind.PREDICTION, Kind.RANGE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a forest plot shows."""

    measure: Measure | None
    style: Style
    preset: Preset
    title: str
    subtitle: str
    rows: Sequence[Row]
    left: Sequence[Column]  # of the plot
    right: Sequence[Column]
    heading: Sequence[str] = ()  # lines above the plot
    favours: Sequence[str] = ()  # what an effect below and above the null means
    notes: Sequence[str] = ()
    limits: Sequence[float] | None = None  # of the axis, as printed
    important: Sequence[float] | None = None  # as printed: a band of effects too small to matter
    large: Sequence[float] | None = None  # as printed: dotted lines where an effect begins to be large
    description: str = ""  # for readers who can't see the figure

    @property
    def null(self) -> float | None:
        """Place of no effect on the model's scale."""
        return self.measure.null if self.measure else 0.0


@dataclass(frozen=True, slots=True)
class ForestLayout:
    """Everything measured across: where the columns and the axis are, and where lines break."""

    title: tuple[str, ...]
    heading: tuple[str, ...]  # lines above the plot
    placed: tuple[Placed, ...]
    axis: Axis
    favours: tuple[list[str], list[str]]  # lines of the two labels below the axis
    note_right: float  # right edge of notes inside the table
    right: float  # right edge of the content


def draw_content(content: Content) -> Drawing:
    """Lay out and draw a forest plot; call it inside `Style.applied`."""
    return _drawn(content, _planned(content))


def _planned(content: Content) -> ForestLayout:
    """Measure columns, axis and labels from left to right."""
    style, null = content.style, content.null
    notes = [row for row in content.rows if row.kind is Kind.NOTE]
    widths = [text_width(row.label, style, size=style.small) + indent(row) + 1.0 for row in notes]
    first = min(max(widths, default=0.0), MOST_NOTE_WIDTH)
    left, right, plot_width = _comfortable(content, first)
    left_placed = table.place_columns(left, style.margin, style)
    left_edge = table.edge(left_placed, style.margin + first)
    axis = _axis(content, left_edge + style.gutter, plot_width)
    right_placed = table.place_columns(right, axis.end + style.gutter, style)
    favours = marks.favours_lines([clean(text) for text in content.favours] if null is not None else (), style)
    if null is not None:  # a side that the axis does not show has no label
        favours = ([] if null < axis.low else favours[0], [] if null > axis.high else favours[1])
    reach = marks.favours_end(favours, axis.clipped(null), style) if null is not None else axis.end
    subtitle = style.margin + text_width(content.subtitle, style)
    content_right = max(table.edge(right_placed, axis.end), reach, subtitle)
    title = wrapped(clean(content.title), content_right - style.margin, style, size=style.large, weight="bold")
    above = [line for text in content.heading for line in wrapped(text, axis.end - axis.start, style, weight="bold")]
    placed = (*left_placed, *right_placed)
    return ForestLayout(tuple(title), tuple(above), placed, axis, favours, left_edge, content_right)


def _comfortable(content: Content, first: float) -> tuple[list[Column], list[Column], float]:
    """Measure the columns on both sides and the plot; where all are too wide, narrow the plot, then wrap the labels."""
    style = content.style
    left, right = ([fitted(column, content.rows, style) for column in side] for side in (content.left, content.right))
    start = table.edge(table.place_columns(left, style.margin, style), style.margin + first) + style.gutter
    end = start + style.plot_width
    excess = max(table.edge(table.place_columns(right, end + style.gutter, style), end) - COMFORTABLE, 0.0)
    narrowed = min(excess, (1 - LEAST_PLOT) * style.plot_width)
    if excess > narrowed:
        left = [_narrowed(column, excess - narrowed, content) for column in left]
    return left, right, style.plot_width - narrowed


def _narrowed(column: Column, excess: float, content: Content) -> Column:
    if column.key != "study" or column.limit is None or column.width < LEAST_LABEL:
        return column
    limit = max(column.width - excess, LEAST_LABEL)
    return fitted(replace(column, limit=limit, slots=(Slot("left"),)), content.rows, content.style)


def _axis(content: Content, start: float, width: float) -> Axis:
    """Place the effect axis: limits from the rows, or from the configuration."""
    measure, style = content.measure, content.style
    if content.limits is not None:
        low, high = printed_limits(content.limits, measure)
    else:
        studies = [row.place for row in content.rows if row.kind is Kind.STUDY]
        always = [value for row in content.rows if row.kind in SUMMARY_KINDS for value in row.place]
        for pair in (content.important, content.large):
            always += printed_limits(pair, measure) if pair is not None else ()
        estimates, lows, highs = zip(*studies, strict=True) if studies else ((), (), ())
        low, high = effect_limits(estimates, lows, highs, always=always, null=content.null)
    major, minor = effect_ticks(measure, low, high, width, style)
    return Axis(low, high, start, start + width, major, minor)


def effect_ticks(
    measure: Measure | None, low: float, high: float, length: float, style: Style
) -> tuple[tuple[Tick, ...], tuple[float, ...]]:
    """Choose ticks at round numbers as the table prints them, whatever the scale."""

    def width(label: str) -> float:
        return text_width(label, style, size=style.small)

    scale = measure.scale if measure else IDENTITY
    if scale.name in EVEN_SCALES:
        return ticks(low, high, length, is_log=scale.name == LOG.name, width=width)
    return scaled_ticks(low, high, length, forward=scale.forward, back=scale.back, width=width), ()


def _drawn(content: Content, layout: ForestLayout) -> Drawing:
    """Measure the height, make the canvas and draw everything on it."""
    style = content.style
    lines = [table.label_lines(row, layout.placed, layout.note_right, style) for row in content.rows]
    titles = len(layout.title) * style.large * TITLE_LINE + style.size * SUBTITLE_SPACE if layout.title else 0.0
    head = style.margin + titles + table.header_height(layout.placed, style, len(layout.heading))
    tops = [head + 3.0]
    for row, texts in zip(content.rows, lines, strict=True):
        tops.append(
            tops[-1] + table.row_height(row, table.line_count(row, texts, layout.placed, style), style, GAP_SHARE)
        )
    bottom = tops[-1] + 3.0
    notes_top = bottom + marks.axis_height(layout.favours, style) + NOTE_GAP
    notes = [wrapped(note, layout.right - style.margin, style, size=style.small) for note in content.notes]
    notes_height = sum(len(note) * style.small * LINE_SPACING + NOTE_SPACE for note in notes)
    canvas = Canvas(layout.right + style.margin, notes_top + notes_height + style.margin * 0.7, style)
    _draw_title(canvas, content, layout)
    _draw_bands(canvas, content, layout, tops)
    if content.preset.has_row_rules:
        _draw_row_rules(canvas, content, layout, tops)
    table.draw_header(canvas, layout.placed, head, layout.right)
    table.draw_heading(canvas, layout.heading, (layout.axis.start + layout.axis.end) / 2, head)
    table.draw_cells(canvas, content.rows, lines, layout.placed, tops)
    _draw_thresholds(canvas, content, layout, (tops[0], bottom))
    drawer = marks.Marks(canvas, layout.axis)
    drawer.draw_guides(content.rows, tops, content.null, bottom)
    drawer.draw(content.rows, tops)
    marks.draw_axis(canvas, layout.axis, bottom)
    favours_y = bottom + marks.TICK_LENGTH + style.small * 2.4
    if content.null is not None:
        marks.draw_favours(canvas, layout.favours, layout.axis.clipped(content.null), favours_y)
    y = notes_top
    for note in notes:
        y = canvas.lines(style.margin, y, note, size=style.small, colour=style.muted) + NOTE_SPACE
    title = " ".join(layout.title) or f"Forest plot, {content.subtitle}"
    return canvas.finished(title, content.description)


def _draw_title(canvas: Canvas, content: Content, layout: ForestLayout) -> None:
    style = content.style
    if not layout.title:
        return
    y = style.margin + style.large * 0.5
    for line in layout.title:
        canvas.text(style.margin, y, line, size=style.large, weight="bold")
        y += style.large * TITLE_LINE
    canvas.text(style.margin, y - style.large * TITLE_LINE / 2 + style.size * 0.9, content.subtitle, colour=style.muted)


def _draw_bands(canvas: Canvas, content: Content, layout: ForestLayout, tops: Sequence[float]) -> None:
    """Shade the random-effects summary, so that the eye finds the answer first."""
    style = content.style
    for row, top, end in zip(content.rows, tops, tops[1:], strict=False):
        if row.kind is Kind.RANDOM:
            canvas.rectangle(style.margin - OVERHANG, top, layout.right + OVERHANG, end, fill=style.band, zorder=0.5)


def _draw_thresholds(canvas: Canvas, content: Content, layout: ForestLayout, ends: tuple[float, float]) -> None:
    """Shade where an effect is too small to matter, and mark by dotted lines where it begins to be large."""
    style, axis = content.style, layout.axis
    if content.important is not None:
        low, high = (axis.clipped(value) for value in printed_limits(content.important, content.measure))
        if low < high:
            canvas.rectangle(low, ends[0], high, ends[1], fill=style.region, zorder=0.6, name="unimportant")
    for value in printed_limits(content.large, content.measure) if content.large is not None else ():
        if axis.low <= value <= axis.high:
            points = [(axis(value), end) for end in ends]
            canvas.line(points, colour=style.muted, width=0.9, dashes=DOTS, zorder=1.4, name="large")


def _draw_row_rules(canvas: Canvas, content: Content, layout: ForestLayout, tops: Sequence[float]) -> None:
    """Draw a thin rule below each row, beside the plot and not through it."""
    style, axis = content.style, layout.axis
    sides = [(style.margin - OVERHANG, axis.start - OVERHANG), (axis.end + OVERHANG, layout.right + OVERHANG)]
    for row, end in zip(content.rows, tops[1:], strict=True):
        for left, right in sides:
            if row.kind is not Kind.GAP and right - left > style.gutter:
                canvas.line([(left, end), (right, end)], colour=style.faint, width=0.5)
