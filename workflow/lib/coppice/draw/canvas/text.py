"""Texts of figures, broken into lines and measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from coppice.draw.canvas.canvas import TITLE_LINE, clean, text_width, wrapped
from coppice.draw.canvas.style import Style


def folded(texts: Iterable[str], width: float, style: Style, *, size: float | None = None) -> list[str]:
    """Break texts, such as notes, into lines below one another; small ones by default."""
    return [line for text in texts for line in wrapped(text, width, style, size=size or style.small)]


def title_lines(title: str | None, width: float, style: Style) -> list[str]:
    """Break the title of a figure into lines."""
    return wrapped(clean(title or ""), width, style, size=style.large, weight="bold")


def widest(lines: Iterable[str], style: Style, *, default: float = 0.0, **options: Any) -> float:
    """Return the width of the widest line in points; options as for `text_width`."""
    return max((text_width(line, style, **options) for line in lines), default=default)


def below_title(title: Sequence[str], style: Style) -> float:
    """Return the height below the lines of a title at the top of a figure."""
    return style.margin + len(title) * style.large * TITLE_LINE
