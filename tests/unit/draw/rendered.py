"""Checks of a rendered figure: where its text is, and whether any of it is cut or covered."""

from __future__ import annotations

import warnings
from itertools import takewhile

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from coppice.draw.style import DEFAULT

TOLERANCE = 0.6  # points: hinting moves glyphs by fractions of a pixel


def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return every text with its box in points."""
    with DEFAULT.applied(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure.set_dpi(288)
        renderer = FigureCanvasAgg(figure).get_renderer()
        scale = 72 / figure.dpi
        found = []
        for text in figure.texts:
            box = text.get_window_extent(renderer)
            found.append((text.get_text(), Bbox(box.get_points() * scale)))
        return found


def printed(figure: Figure) -> list[str]:
    """Return the texts of a figure."""
    return [text.get_text() for text in figure.texts]


def outside(figure: Figure) -> list[str]:
    """Return the texts that are not wholly on the canvas."""
    width, height = (72 * side for side in figure.get_size_inches())
    return [
        text
        for text, box in boxes(figure)
        if box.x0 < -TOLERANCE or box.y0 < -TOLERANCE or box.x1 > width + TOLERANCE or box.y1 > height + TOLERANCE
    ]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Return the pairs of texts that overlap."""
    found, ordered = [], sorted(boxes(figure), key=lambda item: item[1].y0)
    for index, (first, a) in enumerate(ordered):
        above = takewhile(lambda item, top=a.y1: item[1].y0 < top, ordered[index + 1 :])
        found.extend((first, second) for second, b in above if covers(a, b))
    return found


def covers(a: Bbox, b: Bbox) -> bool:
    """Return whether two boxes overlap by more than rounding."""
    across = min(a.x1, b.x1) - max(a.x0, b.x0)
    down = min(a.y1, b.y1) - max(a.y0, b.y0)
    return across > TOLERANCE and down > TOLERANCE


def over_marks(figure: Figure) -> list[tuple[str, str]]:
    """Return the texts that stand over a square, a diamond or a bar."""
    scale = 72 / figure.dpi
    marks = [
        (artist.get_gid(), Bbox(artist.get_window_extent().get_points() * scale))
        for artist in figure.get_children()
        if (artist.get_gid() or "").startswith(("square", "diamond", "prediction", "point"))
    ]
    return [(text, name) for text, box in boxes(figure) for name, mark in marks if covers(box, mark)]


def assert_clean(figure: Figure, *, marks: bool = True) -> None:
    """Fail if any text is cut, overlaps another, or stands over a mark."""
    assert outside(figure) == []
    assert overlapping(figure) == []
    if marks:
        assert over_marks(figure) == []
