"""Letters that the fonts of the manuscript lack, and the fonts of the machine that have them."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Mapping
from pathlib import Path

BUNDLED = "DejaVu Sans"  # has most of what Libertinus lacks
CHECKED = "\N{ARMENIAN CAPITAL LETTER AYB}"  # every letter before this one is in a bundled font
CHECKED_SYMBOLS = "\N{CJK RADICAL REPEAT}"  # every sign that is no letter and stands before this one


def uncommon(texts: Iterable[str]) -> str:
    """Return the letters and signs of texts that the bundled fonts may lack, each once, in order."""
    letters = {letter for text in texts if not text.isascii() for letter in text}
    return "".join(sorted(filter(_is_uncommon, letters)))


def _is_uncommon(letter: str) -> bool:
    return letter >= (CHECKED if unicodedata.category(letter)[0] == "L" else CHECKED_SYMBOLS)


def further_fonts(texts: Iterable[str]) -> Mapping[str, Path]:
    """Return the files, by family, of the machine's fonts that have the letters which the bundled ones lack.

    The mapping is empty where the bundled fonts have every letter of `texts`. A warning names letters that no font has.
    """
    wanted = uncommon(texts)
    if not wanted:
        return {}
    from coppice.draw.canvas.fonts import families, lacking, path  # matplotlib's, for the few reviews that need it

    if missing := lacking(wanted, BUNDLED):
        warnings.warn(
            f"no font of this machine has {' '.join(missing)}: they may be boxes in the PDF; install one, such as Noto Sans CJK",
            stacklevel=2,
        )
    return {name: path(name) for name in families(wanted, BUNDLED) if name != BUNDLED}
