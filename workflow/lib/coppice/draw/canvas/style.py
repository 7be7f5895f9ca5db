"""How figures look: one set of fonts, colours and sizes that every figure shares.

The colours are blue and orange of different lightness, so they stay apart for the colour-blind and in grey print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, fields, replace
from typing import Any

from coppice.core.errors import allowed_values_hint, entry_named

SVG_HASH_SALT = "coppice"  # element ids are hashes with this salt: without it they differ from run to run
PDF_FONT_TYPE = 3  # type 3 subsets embed at a third of the time of type 42, and journals accept them
PNG_DPI = 300  # the resolution that journals ask for line art with text
POINTS_PER_INCH = 72.0
REGION_SHARE = 0.12  # fraction of the summary's colour
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_POINT = re.compile(r"(?<=\d)\.(?=\d)")


@dataclass(frozen=True, slots=True)
class Style:
    """Fonts, colours and sizes of all figures; lengths are in points."""

    font: str = "DejaVu Sans"  # part of matplotlib, so that every machine draws the same figure
    size: float = 8.5
    small: float = 7.5  # notes and labels of axes
    large: float = 11.0  # titles
    ink: str = "#1a2027"  # text and lines
    muted: str = "#57616c"  # secondary text
    faint: str = "#c8ced6"  # rules
    background: str = "#ffffff"
    study: str = "#4a8ac4"
    summary: str = "#123a5f"  # the random-effects estimate
    common: str = "#6f8396"  # the common-effect estimate
    prediction: str = "#c77c11"  # the prediction interval
    accent: str = "#a8400f"  # warnings
    band: str = "#f2f5f8"  # shading behind summary rows
    row: float = 15.5  # height
    margin: float = 12.0  # space around the figure
    gutter: float = 15.0  # space between columns
    plot_width: float = 210.0  # least width of the plotting region of a forest plot
    square_max: float = 11.0  # side of the largest square of a forest plot
    square_min: float = 2.4  # least side of any
    ci_open: str = "("
    ci_join: str = " to "
    ci_close: str = ")"
    point: str = "."  # decimal mark in the table

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

        # within the block of a whole job: setting 300 parameters again would take as long as drawing
        if _APPLIED.get() == self:
            yield
            return
        before = _APPLIED.set(self)
        try:
            with matplotlib.rc_context():
                matplotlib.rcdefaults()
                for name, value in self.rc_params().items():
                    matplotlib.rcParams[name] = value  # type: ignore[index]
                yield
        finally:
            _APPLIED.reset(before)


_APPLIED: ContextVar[Style | None] = ContextVar("applied", default=None)


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

    The key ``theme`` names an entry of `STYLES` to start from.

    Raises
    ------
    ValueError
        If a name is not a field of `Style`, a value is of the wrong kind, or no such theme exists.
    """
    own = dict(values or {})
    theme = own.pop("theme", None)
    if theme is not None:
        base = entry_named(STYLES, theme, "theme")
    kinds = {field.name: type(getattr(base, field.name)) for field in fields(base)}
    for name, value in own.items():
        if name not in kinds:
            raise ValueError(f"unknown style value '{name}': {allowed_values_hint(name, kinds)}")
        if kinds[name] is float:
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < float("inf"):
                raise ValueError(f"style value '{name}' must be a positive number, not {value!r}")
            own[name] = float(value)
        elif not isinstance(value, str):
            raise ValueError(f"style value '{name}' must be text, not {value!r}")
        elif _COLOUR.fullmatch(getattr(base, name)) and not _COLOUR.fullmatch(value):
            raise ValueError(f"style value '{name}' must be a colour such as '#1a2027', not {value!r}")
    return replace(base, **own)
