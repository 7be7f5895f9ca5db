"""Fonts: the one that is part of matplotlib, and the machine's own where it lacks a letter.

The bundled DejaVu Sans has Latin, Greek, Cyrillic, Hebrew, Arabic and more, so that every machine draws the same
figure. For other letters, such as Chinese, Japanese and Korean ones, the first installed font of `FALLBACKS` that has
them is taken; in an SVG the text stays text, and the reader's machine takes its own.
"""

from __future__ import annotations

import unicodedata
import warnings
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Literal

from matplotlib.font_manager import FontProperties, findfont, findSystemFonts, fontManager, get_font
from matplotlib.ft2font import LoadFlags

Slant = Literal["normal", "italic"]

# The fonts of Linux, Windows and macOS, those without serifs; the first that has a letter draws it.
FALLBACKS = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "Droid Sans Fallback"),
    *("Noto Sans CJK JP", "Noto Sans CJK KR", "Noto Sans JP", "Noto Sans KR", "IPAexGothic", "NanumGothic"),
    *("Microsoft YaHei", "Yu Gothic", "MS Gothic", "Malgun Gothic", "PingFang SC", "Hiragino Sans GB", "STHeiti"),
    *("Hiragino Sans", "Apple SD Gothic Neo", "Arial Unicode MS"),
    *(
        "Noto Sans",
        "Noto Sans Devanagari",
        "Noto Sans Bengali",
        "Noto Sans Tamil",
        "Noto Sans Thai",
        "Noto Sans Arabic",
    ),
    *("Noto Sans Hebrew", "Noto Sans Symbols", "Noto Sans Symbols 2", "Nirmala UI", "Leelawadee UI", "Segoe UI Symbol"),
    *("Lohit Devanagari", "Lohit Bengali", "Lohit Tamil", "FreeSans", "Unifont"),
)
MEASURING_DPI = 720.0  # ten times as large as the points of a figure; widths come in 64ths of its pixels
PIXEL_PARTS = 64
INVISIBLE = ("Cc", "Cf", "Mn", "Zl", "Zp", "Zs")  # joiners, marks on a letter, spaces: they need no glyph of their own


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    """Return the families of the machine, those too that came after matplotlib made its list of them, which it keeps."""
    for file in sorted({*findSystemFonts()} - {entry.fname for entry in fontManager.ttflist}):
        with suppress(OSError, RuntimeError):  # not one that matplotlib can read
            fontManager.addfont(file)
    return frozenset(entry.name for entry in fontManager.ttflist)


@lru_cache(maxsize=64)
def _letters(family: str) -> frozenset[int]:
    """Return the code points that a family has."""
    return frozenset(get_font(findfont(FontProperties(family=[family]))).get_charmap())


@lru_cache(maxsize=4096)
def _chosen(text: str, family: str) -> tuple[tuple[str, ...], str]:
    """Return the families that draw a text, and the letters that none of them has."""
    wanted = {ord(letter) for letter in text if unicodedata.category(letter) not in INVISIBLE}
    missing, chosen = wanted - _letters(family), [family]
    for name in FALLBACKS if missing else ():
        if name in _installed() and (drawn := missing & _letters(name)):
            chosen.append(name)
            missing -= drawn
    return tuple(chosen), "".join(sorted(map(chr, missing)))


def families(text: str, family: str) -> tuple[str, ...]:
    """Return the families that draw a text: the one asked for, and those that have what it lacks."""
    return (family,) if text.isascii() else _chosen(text, family)[0]


def lacking(text: str, family: str) -> str:
    """Return the letters of a text that no font of this machine is known to have."""
    return "" if text.isascii() else _chosen(text, family)[1]


def path(family: str) -> Path:
    """Return the file of a family."""
    return Path(findfont(FontProperties(family=[family])))


@lru_cache(maxsize=256)
def _properties(names: tuple[str, ...], size: float, weight: str, slant: Slant) -> FontProperties:
    return FontProperties(family=list(names), size=size, weight=weight, style=slant)


def font(text: str, family: str, size: float, weight: str, slant: Slant) -> FontProperties:
    """Return the font in which a text is drawn."""
    return _properties(families(text, family), size, weight, slant)


@lru_cache(maxsize=256)
def _paths(names: tuple[str, ...], weight: str, slant: Slant) -> tuple[str, ...]:
    return tuple(findfont(FontProperties(family=[name], weight=weight, style=slant)) for name in names)


@lru_cache(maxsize=16384)
def width(text: str, family: str, size: float, weight: str, slant: Slant) -> float:
    """Return the width of a line in points, unhinted as it is drawn."""
    face = get_font(_paths(families(text, family), weight, slant))
    face.set_size(size, MEASURING_DPI)
    with warnings.catch_warnings():  # a missing letter is reported once, when the figure is saved
        warnings.simplefilter("ignore")
        face.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    measured = face.get_width_height()[0] / PIXEL_PARTS * 72.0 / MEASURING_DPI
    if text.isascii():
        return float(measured)
    # The reader's machine draws East Asian letters of an SVG a full em wide, even where this one has no font for them.
    full = sum(size for letter in text if unicodedata.east_asian_width(letter) in "WF")
    return float(max(measured, full))
