"""A figure as Python users get it: shown by a notebook, saved to a file."""

from __future__ import annotations

import os
from dataclasses import dataclass

from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.save import save, svg_bytes
from coppice.draw.canvas.style import Style


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A figure, which a notebook shows by itself.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
        The figure of matplotlib.
    style : Style
        Its fonts, colours and sizes.
    """

    figure: Drawing
    style: Style

    @property
    def title(self) -> str:
        """Its title."""
        return self.figure.title

    @property
    def description(self) -> str:
        """What it shows, for readers who can't see it."""
        return self.figure.description

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it as .svg, .pdf or .png, by the ending of the name; the same figure gives the same bytes."""
        save(self.figure, path, style=self.style)

    def _repr_svg_(self) -> str:
        with self.style.applied():
            return svg_bytes(self.figure).decode("utf-8")

    def __repr__(self) -> str:
        return f"<Picture: {self.title}>"
