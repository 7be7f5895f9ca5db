"""Checks of a rendered figure: where its text is, and whether any of it is cut or covered."""

from __future__ import annotations

import warnings
from functools import lru_cache
from itertools import takewhile

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from coppice.draw.canvas.style import DEFAULT

TOLERANCE = 0.6  # points: letters reach a little beyond their advance
DPI = 288  # four pixels a point
MARKS = ("square", "diamond", "prediction", "point")  # the gids of marks that no text may cover
ANCHORS = {"left": 0.0, "center": 0.5, "right": 1.0}


@lru_cache(maxsize=1)
def renderer() -> RendererAgg:
    """Return a renderer of one pixel: it measures, and draws nothing."""
    return RendererAgg(1, 1, DPI)


@lru_cache(maxsize=2)
def boxes(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return every text with its box in points, as matplotlib measures it."""
    with DEFAULT.applied(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        figure.set_dpi(DPI)
        return [(text.get_text(), _box(text)) for text in figure.texts]


@lru_cache(maxsize=4096)
def _measured(text: str, font: FontProperties) -> tuple[float, float, float]:
    width, height, descent = renderer().get_text_width_height_descent(text, font, False)
    return width * 72 / DPI, height * 72 / DPI, descent * 72 / DPI


def _box(text: Text) -> Bbox:
    if text.get_rotation():
        return Bbox(text.get_window_extent(renderer()).get_points() * 72 / DPI)
    # what get_window_extent does for one level line, at a tenth of its time
    width, height, descent = _measured(text.get_text(), text.get_fontproperties())
    x, y = text.get_transform().transform(text.get_position()) * 72 / DPI
    left = x - width * ANCHORS[text.get_ha()]
    return Bbox([[left, y - descent], [left + width, y - descent + height]])


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


def marks(figure: Figure) -> list[tuple[str, Bbox]]:
    """Return the marks with their boxes in points."""
    figure.set_dpi(DPI)
    return [
        (artist.get_gid(), Bbox(artist.get_window_extent().get_points() * 72 / DPI))
        for artist in figure.get_children()
        if (artist.get_gid() or "").startswith(MARKS)
    ]


def over_marks(figure: Figure) -> list[tuple[str, str]]:
    """Return the texts that stand over a square, a diamond or a bar."""
    found = marks(figure)
    return [(text, name) for text, box in boxes(figure) for name, mark in found if covers(box, mark)]


def assert_clean(figure: Figure, *, marks: bool = True) -> None:
    """Fail if any text is cut, overlaps another, or stands over a mark."""
    assert outside(figure) == []
    assert overlapping(figure) == []
    if marks:
        assert over_marks(figure) == []
