"""The panel that stands in a figure's place where the results do not have what it shows."""

from __future__ import annotations

from coppice.draw.canvas.canvas import LINE_SPACING, Canvas, Drawing, clean, wrapped
from coppice.draw.canvas.style import DEFAULT, Style

WIDTH = 360.0  # points of text
TITLE_LINE = 1.3
PAD = 10.0


def draw_not_drawn(name: str, reason: str, *, style: Style = DEFAULT, title: str | None = None) -> Drawing:
    """Draw the reason why a figure is not drawn: part of a sentence, such as a result gives for what it skipped."""
    sentence = f"Not drawn: {clean(reason).rstrip('.')}."
    with style.applied():
        heads = wrapped(clean(title or ""), WIDTH, style, size=style.large, weight="bold")
        lines = wrapped(sentence, WIDTH - 2 * PAD, style)
        top = style.margin + len(heads) * style.large * TITLE_LINE + style.size * 2.0
        step = style.size * LINE_SPACING
        box = len(lines) * step + 2 * PAD
        canvas = Canvas(WIDTH + 2 * style.margin, top + box + style.margin, style)
        canvas.lines(style.margin, style.margin + style.large * 0.5, heads, size=style.large, weight="bold")
        canvas.text(style.margin, top - style.size * 1.1, name, colour=style.muted)
        canvas.rectangle(style.margin, top, style.margin + WIDTH, top + box, fill=style.band)
        canvas.lines(style.margin + PAD, top + PAD + step / 2, lines)
        return canvas.finished(title or name, f"{name}. {sentence}")
