"""How figures look: one set of fonts, colours and sizes that every figure shares.

The colours are blue and orange of different lightness, so they stay apart for the colour-blind and in grey print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

from coppice.core.errors import allowed_values_hint, entry_named

SVG_HASH_SALT = "coppice"  # element ids are hashes with this salt: without it they differ from run to run
PDF_FONT_TYPE = 3  # type 3 subsets embed at a third of the time of type 42, and journals accept them
PNG_DPI = 300  # the resolution that journals ask for line art with text
POINTS_PER_INCH = 72.0
REGION_SHARE = 0.12
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True, slots=True)
class Style:
    """Fonts, colours and sizes of all figures; lengths are in points.

    Attributes
    ----------
    font : str
        Font family; the default is part of matplotlib, so that every machine draws the same figure.
    size, small, large : float
        Size of the body, of notes and axis labels, and of titles.
    ink, muted, faint, background : str
        Text and lines; secondary text; rules; the canvas.
    study, summary, common, prediction, accent : str
        Marks of studies, the random-effects summary, the common-effect summary, the prediction interval, warnings.
    band : str
        Shading behind summary rows and of shaded regions.
    row, margin, gutter : float
        Height of a row, space around the figure, space between columns.
    plot_width : float
        Least width of the plotting region of a forest plot.
    square_max, square_min : float
        Side of the largest square of a forest plot, and the least side of any.
    ci_open, ci_join, ci_close : str
        How an interval is printed: ``(0.24 to 0.64)``.
    point : str
        Decimal mark in the table.
    """

    font: str = "DejaVu Sans"
    size: float = 8.5
    small: float = 7.5
    large: float = 11.0
    ink: str = "#1a2027"
    muted: str = "#57616c"
    faint: str = "#c8ced6"
    background: str = "#ffffff"
    study: str = "#4a8ac4"
    summary: str = "#123a5f"
    common: str = "#6f8396"
    prediction: str = "#c77c11"
    accent: str = "#a8400f"
    band: str = "#f2f5f8"
    row: float = 15.5
    margin: float = 12.0
    gutter: float = 15.0
    plot_width: float = 210.0
    square_max: float = 11.0
    square_min: float = 2.4
    ci_open: str = "("
    ci_join: str = " to "
    ci_close: str = ")"
    point: str = "."

    @property
    def region(self) -> str:
        """Fill of a region behind data, strong enough to be seen beside its legend."""
        return blend(self.summary, self.background, REGION_SHARE)

    def pointed(self, text: str) -> str:
        """Return printed numbers with this style's decimal mark."""
        return text if self.point == "." else _POINT.sub(self.point, text)

    def rc_params(self) -> dict[str, Any]:
        """Return the settings that make matplotlib's output depend on this style and nothing else."""
        return {
            "font.family": [self.font],
            "font.size": self.size,
            "text.color": self.ink,
            "text.parse_math": False,  # a label is data: a dollar sign in it is a dollar sign
            "text.hinting": "none",  # widths are then as measured at every resolution
            "axes.unicode_minus": True,
            "path.simplify": False,
            "savefig.dpi": PNG_DPI,
            "svg.fonttype": "none",
            "svg.hashsalt": SVG_HASH_SALT,
            "pdf.fonttype": PDF_FONT_TYPE,
            "pdf.compression": 6,
        }

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Draw and save under matplotlib's own defaults and this style, whatever the machine's matplotlibrc says."""
        import matplotlib  # here, as what a style holds is checked where nothing is drawn, and matplotlib is slow

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            for name, value in self.rc_params().items():
                matplotlib.rcParams[name] = value  # type: ignore[index]
            yield


def blend(colour: str, background: str, share: float) -> str:
    """Mix two colours of the form ``#rrggbb``."""
    pairs = zip(bytes.fromhex(colour[1:]), bytes.fromhex(background[1:]), strict=True)
    return "#" + "".join(f"{round(share * a + (1 - share) * b):02x}" for a, b in pairs)


DEFAULT = Style()

DARK = replace(
    DEFAULT,
    ink="#e8edf2",
    muted="#a3afbb",
    faint="#46515c",
    background="#14191e",
    study="#6db1ea",
    summary="#b9dcf8",
    common="#8799aa",
    prediction="#eba53c",
    accent="#f0956a",
    band="#1e252c",
)

STYLES: dict[str, Style] = {"light": DEFAULT, "dark": DARK}


def style_from(values: Mapping[str, Any] | None, *, base: Style = DEFAULT) -> Style:
    """Return `base` with some of its values replaced.

    Parameters
    ----------
    values : mapping or None
        Field names of `Style` with their values; ``theme`` names an entry of `STYLES` to start from.

    Raises
    ------
    ValueError
        If a name is no field of `Style`, a value is of the wrong kind, or no such theme exists.
    """
    wanted = dict(values or {})
    theme = wanted.pop("theme", None)
    if theme is not None:
        base = entry_named(STYLES, theme, "theme")
    known = {field.name: type(getattr(base, field.name)) for field in fields(base)}
    for name, value in wanted.items():
        if name not in known:
            raise ValueError(f"unknown style value '{name}': {allowed_values_hint(name, known)}")
        if known[name] is float:
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
                raise ValueError(f"style value '{name}' must be a positive number, not {value!r}")
            wanted[name] = float(value)
        elif not isinstance(value, str):
            raise ValueError(f"style value '{name}' must be text, not {value!r}")
        elif _COLOUR.fullmatch(getattr(base, name)) and not _COLOUR.fullmatch(value):
            raise ValueError(f"style value '{name}' must be a colour such as '#1a2027', not {value!r}")
    return replace(base, **wanted)
