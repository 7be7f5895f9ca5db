"""Imported by the fork server: draws a word, so that the fonts and the writer of SVG are loaded before the jobs are forked."""

from __future__ import annotations

from matplotlib.figure import Figure

from coppice.draw.canvas.save import svg_bytes
from coppice.draw.canvas.style import DEFAULT

with DEFAULT.applied():
    figure = Figure(figsize=(1, 1))
    for weight in ("normal", "bold"):
        figure.text(0, 0, "tau", fontweight=weight)
    svg_bytes(figure)
