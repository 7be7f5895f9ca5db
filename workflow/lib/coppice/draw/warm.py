"""Imported by the fork server: what every figure needs is loaded once, before the jobs are forked.

That is the modules of the figures that are drawn by default, the fonts, and matplotlib's writer of SVG.
"""

from __future__ import annotations

from matplotlib.figure import Figure

from coppice.draw.canvas.save import svg_bytes
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.registry import FIGURES, REVIEW_FIGURES

for entry in (*FIGURES.values(), *REVIEW_FIGURES.values()):
    if entry.is_standard or entry.name in REVIEW_FIGURES:
        entry.load()

with DEFAULT.applied():
    figure = Figure(figsize=(1, 1))
    for weight in ("normal", "bold"):
        figure.text(0, 0, "tau", fontweight=weight)
    svg_bytes(figure)
