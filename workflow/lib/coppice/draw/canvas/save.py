"""Writing figures: SVG, PDF and PNG with the same bytes at every run."""

from __future__ import annotations

import hashlib
import io
import os
import re
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from matplotlib.figure import Figure

from coppice.core.errors import allowed_values_hint
from coppice.draw.canvas.canvas import clean
from coppice.draw.canvas.fonts import lacking
from coppice.draw.canvas.style import DEFAULT, PNG_DPI, Style
from coppice.jobs.canonical_json import write_bytes

# Where the reader's machine lacks the bundled font, these have letters of nearly the same width, or at least exist.
SVG_FALLBACKS = "'Bitstream Vera Sans', Verdana, Arial, sans-serif"
ID_LENGTH = 12
_SVG_FONT = re.compile(r"""(<text style="[^"]*?)font-family: ('[^'"]*')(?:, [^;"]*)?;? ?""")
_SVG_LEVEL = re.compile(r"""(<text [^<>]*?) transform="rotate\(-0 [^)"]*\)\"""")
_SVG_PATH = re.compile(r"""<path[^<>]*? d="[^"<>]*""")  # a label holds no tag: its letters are escaped
_LONG_NUMBER = re.compile(r"-?\d+\.\d{3,}")
_SVG_TAG = re.compile(r"<svg\b[^>]*>")
# Hebrew, Arabic and their neighbours: where such a text begins with one, it runs from right to left as a whole
_SVG_RIGHT_TO_LEFT = re.compile(r"""<text style="(?=[^<]*[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc])""")


def _rendered(figure: Figure, **options: Any) -> bytes:
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)  # `_warn_of_boxes` says it once
        figure.savefig(buffer, **options)
    return buffer.getvalue()


def _warn_of_boxes(figure: Figure, style: Style) -> None:
    """Say which letters are boxes, because no font of this machine has them."""
    missing = sorted({letter for text in figure.texts for letter in lacking(text.get_text(), style.font)})
    if missing:
        warnings.warn(
            f"no font of this machine has {' '.join(missing)}: boxes in PDF and PNG, text in SVG;"
            " install one, such as Noto Sans CJK, or name one as `font` of the style",
            stacklevel=3,
        )


def svg_bytes(figure: Figure) -> bytes:
    """Return the figure as SVG: text as text, a title and a description for screen readers, no date."""
    empty = {"Date": None, "Creator": None, "Format": None, "Type": None}
    text = _rendered(figure, format="svg", metadata=empty).decode("utf-8")
    title = clean(getattr(figure, "title", "")) or "Figure"
    description = clean(getattr(figure, "description", ""))
    text = _SVG_PATH.sub(lambda path: _LONG_NUMBER.sub(_shortened, path.group()), text)
    tag = _SVG_TAG.search(text)
    if tag is None:
        raise RuntimeError("matplotlib wrote an SVG without an svg element")
    own = hashlib.sha256(text.encode("utf-8")).hexdigest()[:ID_LENGTH]  # several figures may stand in one page
    family = next((found.group(2) for found in _SVG_FONT.finditer(text)), "'DejaVu Sans'")
    opening = (
        tag.group().removesuffix(">")
        + f' style="font-family: {family}, {SVG_FALLBACKS}" role="img" aria-labelledby="title-{own} description-{own}">'
    )
    words = f'\n <title id="title-{own}">{escape(title)}</title>'
    words += f'\n <desc id="description-{own}">{escape(description)}</desc>'
    text = text[: tag.start()] + opening + words + text[tag.end() :]
    # said once, the font is a third of the file less; a figure has one
    text = _SVG_LEVEL.sub(r"\g<1>", _SVG_FONT.sub(r"\g<1>", text))
    return _SVG_RIGHT_TO_LEFT.sub('<text style="unicode-bidi: plaintext; ', text).encode("utf-8")


def _shortened(number: re.Match[str]) -> str:
    """Return a coordinate to a hundredth of a point: finer than any print, and half the size of the file."""
    return f"{float(number.group()):.2f}".rstrip("0").rstrip(".")


def pdf_bytes(figure: Figure) -> bytes:
    """Return the figure as PDF with embedded fonts and no dates."""
    title = clean(getattr(figure, "title", "")) or "Figure"
    empty = {"Creator": None, "Producer": None, "CreationDate": None, "Title": title}
    return _rendered(figure, format="pdf", metadata=empty)


def png_bytes(figure: Figure) -> bytes:
    """Return the figure as PNG at 300 dpi."""
    return _rendered(figure, format="png", dpi=PNG_DPI, metadata={"Software": None})


FORMATS: dict[str, Callable[[Figure], bytes]] = {"svg": svg_bytes, "pdf": pdf_bytes, "png": png_bytes}


def save(figure: Figure, path: str | os.PathLike[str], *, style: Style = DEFAULT) -> None:
    """Write a figure in the format that the file's name asks for, whole or not at all.

    Raises
    ------
    ValueError
        If the name ends in none of the formats.
    """
    suffix = Path(path).suffix.lower().lstrip(".")
    if suffix not in FORMATS:
        raise ValueError(f"can't draw '{path}': unknown format '{suffix}', {allowed_values_hint(suffix, FORMATS)}")
    if suffix != "svg":
        _warn_of_boxes(figure, style)
    with style.applied():
        write_bytes(path, FORMATS[suffix](figure))
