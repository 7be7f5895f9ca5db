"""The manuscript as PDF, set by typst: the same bytes every time, its fonts and figures within."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coppice.core.errors import CoppiceError
from coppice.report.manuscript.manuscript import Manuscript, manuscript
from coppice.report.manuscript.markup import Element
from coppice.report.manuscript.missing_glyphs import further_fonts
from coppice.report.manuscript.pandoc import TEMPLATE, convert, markup_of
from coppice.report.report_data import ReviewView

MAIN = "main"
ROOMS = (118, 184)  # characters of a table in a line of the page, upright and turned
SVG = "data:image/svg+xml;base64,"


def to_pdf(review: ReviewView) -> bytes:
    """Return the report as a manuscript in PDF.

    Parameters
    ----------
    review : ReviewView
        The review.

    Returns
    -------
    bytes
        Tagged PDF: headings, tables and the text alternatives of the figures are there for those who can't see it.

    Raises
    ------
    CoppiceError
        If typst refuses the markup.
    """
    import typst

    text = manuscript(review)
    # what is printed; the text of a figure comes from what its section says too
    fonts = further_fonts([text.title, *text.authors, text.upright.text(), text.turned.text()])
    files: Any = source(text, fonts)  # typst's own hints do not say that it takes files by name
    with TemporaryDirectory(prefix="coppice-") as folder:
        for index, file in enumerate(fonts.values()):  # these alone: a folder of fonts would offer others
            Path(folder, f"{index}{file.suffix}").symlink_to(file)
        try:
            pdf: bytes = typst.compile(
                files, font_paths=[_fonts(), Path(folder)], ignore_system_fonts=True, format="pdf"
            )
        except typst.TypstError as error:
            raise CoppiceError(f"typst could not set the manuscript: {error}") from error
    return pdf


def source(text: Manuscript, fonts: Iterable[str] = ()) -> dict[str, bytes]:
    """Return the files that typst reads: the markup, in which `fonts` follow the bundled ones, and the pictures that it names."""
    files: dict[str, bytes] = {}

    def picture(element: Element) -> str:
        name = f"picture-{len(files)}.svg"
        files[name] = base64.b64decode(element.attributes["src"].removeprefix(SVG))
        return name

    markup = markup_of(text, ROOMS, picture)
    parts = [
        f"#let further-fonts = {_array(fonts)}",
        f"#let title = {_quoted(text.title)}",
        f"#let authors = {_array(text.authors)}",
        (TEMPLATE / "style.typ").read_text(encoding="utf-8"),
        convert(markup, "typst").decode("utf-8"),
    ]
    return {MAIN: "\n".join(parts).encode("utf-8"), **files}


def _array(texts: Iterable[str]) -> str:
    """Return an array of strings of typst."""
    return f"({''.join(f'{_quoted(text)}, ' for text in texts)})"


def _quoted(text: str) -> str:
    """Return a string of typst."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _fonts() -> Path:
    """Return the folder of the fonts that come with matplotlib, which is not imported for that."""
    package = find_spec("matplotlib")
    if package is None or not package.submodule_search_locations:
        raise CoppiceError("matplotlib, whose fonts the PDF uses, is not installed")
    return Path(package.submodule_search_locations[0], "mpl-data", "fonts", "ttf")
