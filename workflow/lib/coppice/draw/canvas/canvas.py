"""Text measuring and a canvas in points, so that geometry follows from content.

All figures are laid out in points from the top left corner: first the text is measured, then widths and heights are
added up, then the canvas is made exactly as large as that.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any, Literal, ParamSpec

from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Ellipse, PathPatch, Polygon
from matplotlib.path import Path
from matplotlib.text import Text
from matplotlib.transforms import Affine2D, Transform

from coppice.draw.canvas import fonts
from coppice.draw.canvas.fonts import Slant
from coppice.draw.canvas.style import DEFAULT, POINTS_PER_INCH, Style

Point = tuple[float, float]
Align = Literal["left", "center", "right"]
P = ParamSpec("P")

LINE_SPACING = 1.36  # fraction of the font size, between the baselines of wrapped lines
TITLE_LINE = 1.3  # fraction of the font size, between the baselines of a title's lines
BASELINE_DROP = 0.355  # fraction of the font size, from the middle of a row down to the baseline of its digits
ARROWS = ("\N{LEFTWARDS ARROW}", "\N{RIGHTWARDS ARROW}")


def clean(text: object) -> str:
    """Return text as it may stand in a figure: one line, without the characters that XML forbids.

    Line breaks and tabs become spaces; control characters, lone surrogates and noncharacters are dropped.
    """
    spaced = " ".join(str(text).split())
    return "".join(
        letter
        for letter in spaced
        if unicodedata.category(letter) not in ("Cc", "Cs") and (ord(letter) & 0xFFFE) != 0xFFFE
    )


def text_width(
    text: str, style: Style, *, size: float | None = None, weight: str = "normal", slant: Slant = "normal"
) -> float:
    """Return the width of one line of text in points."""
    return fonts.width(text, style.font, size or style.size, weight, slant) if text else 0.0


def wrapped(text: str, width: float, style: Style, *, size: float | None = None, weight: str = "normal") -> list[str]:
    """Break text into lines no wider than `width` points, inside words only where a word alone is wider."""
    lines: list[str] = []
    line = ""
    for word in text.split(" "):  # not at no-break spaces
        trial = f"{line} {word}" if line else word
        if text_width(trial, style, size=size, weight=weight) <= width:
            line = trial
            continue
        if line:
            lines.append(line)
        line = word
        while text_width(line, style, size=size, weight=weight) > width and len(line) > 1:
            cut = _fitting(line, width, style, size, weight)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line] if line else lines


def box(left: float, top: float, right: float, bottom: float) -> list[Point]:
    """Return the corners of a rectangle, from the first two edges clockwise."""
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _fitting(word: str, width: float, style: Style, size: float | None, weight: str) -> int:
    """Return how many letters of `word` fit, at least one."""
    low, high = 1, len(word)
    while low < high:
        middle = (low + high + 1) // 2
        if text_width(word[:middle], style, size=size, weight=weight) <= width:
            low = middle
        else:
            high = middle - 1
    return low


class Drawing(Figure):
    """A figure that knows its title and its description for readers who can't see it."""

    title: str = ""
    description: str = ""
    style: Style = DEFAULT

    def draw(self, renderer: RendererBase) -> None:
        """Draw in its own style, so that a notebook shows what the file shows."""
        with self.style.applied():
            super().draw(renderer)


def styled(draw: Callable[P, Drawing]) -> Callable[P, Drawing]:
    """Make a function draw under the settings of its keyword `style`, whatever the machine's matplotlibrc says."""

    @wraps(draw)
    def drawn(*args: P.args, **options: P.kwargs) -> Drawing:
        style = options.get("style")
        with (style if isinstance(style, Style) else DEFAULT).applied():
            return draw(*args, **options)

    return drawn


class Canvas:
    """A figure measured in points from its top left corner."""

    def __init__(self, width: float, height: float, style: Style) -> None:
        self.width = width
        self.height = height
        self.style = style
        self.figure = Drawing(
            figsize=(width / POINTS_PER_INCH, height / POINTS_PER_INCH), facecolor=style.background, edgecolor="none"
        )
        self.figure.style = style
        self.transform: Transform = (
            Affine2D().scale(1, -1).translate(0, height).scale(1 / POINTS_PER_INCH) + self.figure.dpi_scale_trans
        )

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        align: Align = "left",
        size: float | None = None,
        colour: str | None = None,
        weight: str = "normal",
        slant: Slant = "normal",
        rotation: float = 0.0,
        zorder: float = 5.0,
    ) -> Text | None:
        """Write one line whose middle is at height `y`; nothing is written for empty text."""
        if not text:
            return None
        size = size or self.style.size
        drop = 0.0 if rotation else BASELINE_DROP * size
        return self.figure.text(
            x,
            y + drop,
            text,
            transform=self.transform,
            ha=align,
            va="center" if rotation else "baseline",
            rotation=rotation,
            fontproperties=fonts.font(text, self.style.font, size, weight, slant),
            color=colour or self.style.ink,
            parse_math=False,
            zorder=zorder,
        )

    def lines(self, x: float, y: float, texts: Sequence[str], *, size: float | None = None, **options: Any) -> float:
        """Write lines one below the other, the first centred on `y`; return the height of the next one."""
        step = (size or self.style.size) * LINE_SPACING
        for text in texts:
            self.text(x, y, text, size=size, **options)
            y += step
        return y

    def headed(self, title: Sequence[str], subtitle: str) -> None:
        """Write the lines of a title, and a subtitle below them, at the top."""
        style, y = self.style, self.style.margin + self.style.large * 0.5
        for line in title:
            self.text(style.margin, y, line, size=style.large, weight="bold")
            y += style.large * TITLE_LINE
        self.text(style.margin, y - style.large * 0.65 + style.size * 0.9, subtitle, colour=style.muted)

    def titled(self, title: Sequence[str]) -> None:
        """Write the lines of a title without a subtitle at the top."""
        style = self.style
        self.lines(style.margin, style.margin + style.large * 0.5, title, size=style.large, weight="bold")

    def notes(self, y: float, lines: Sequence[str]) -> float:
        """Write small lines at the left margin from a height downwards; return the height of the next one."""
        return self.lines(self.style.margin, y, lines, size=self.style.small, colour=self.style.muted)

    def line(
        self,
        points: Sequence[Point],
        *,
        colour: str | None = None,
        width: float = 0.8,
        dashes: Sequence[float] | None = None,
        zorder: float = 2.0,
        name: str | None = None,
    ) -> Line2D:
        """Draw a line through points."""
        artist = Line2D(
            [x for x, _ in points],
            [y for _, y in points],
            color=colour or self.style.ink,
            linewidth=width,
            solid_capstyle="butt",
            dash_capstyle="butt",
            zorder=zorder,
            transform=self.transform,
        )
        if dashes:
            artist.set_dashes(tuple(dashes))
        self._add(artist, name)
        return artist

    def polygon(
        self, points: Sequence[Point], *, fill: str | None, name: str | None = None, zorder: float = 3.0, **outline: Any
    ) -> Polygon:
        """Fill a closed shape, with an `edge` of some `width` where it has one; `fill` None leaves it open."""
        look = self._look(fill, **outline)
        artist = Polygon(list(points), closed=True, joinstyle="miter", zorder=zorder, **look)
        self._add(artist, name)
        return artist

    def polygons(
        self, shapes: Sequence[Sequence[Point]], *, fill: str, alpha: float | None = None, zorder: float = 3.0
    ) -> None:
        """Fill many closed shapes as one, so that a file stays small; nothing is drawn for none."""
        if shapes:
            path = Path.make_compound_path(*(Path([*shape, shape[0]], closed=True) for shape in shapes))
            look = self._look(fill, alpha=alpha)
            self._add(PathPatch(path, zorder=zorder, **look), None)

    def rectangle(self, left: float, top: float, right: float, bottom: float, **options: Any) -> Polygon:
        """Fill a rectangle; options as for `polygon`."""
        return self.polygon(box(left, top, right, bottom), **options)

    def circle(
        self,
        x: float,
        y: float,
        diameter: float,
        *,
        fill: str | None,
        name: str | None = None,
        zorder: float = 4.0,
        **outline: Any,
    ) -> Ellipse:
        """Draw a dot; options as for `polygon`."""
        artist = Ellipse((x, y), diameter, diameter, zorder=zorder, **self._look(fill, **outline))
        self._add(artist, name)
        return artist

    def _look(
        self, fill: str | None, *, edge: str | None = None, width: float = 0.8, alpha: float | None = None
    ) -> dict[str, Any]:
        return {
            "facecolor": fill or "none",
            "edgecolor": edge or "none",
            "linewidth": width if edge else 0.0,
            "alpha": alpha,
            "transform": self.transform,
        }

    def _add(self, artist: Artist, name: str | None) -> None:
        if name:
            artist.set_gid(name)
        self.figure.add_artist(artist)

    def finished(self, title: str, description: str) -> Drawing:
        """Return the figure with its title and description for screen readers."""
        self.figure.title = clean(title)
        self.figure.description = clean(description)
        return self.figure
