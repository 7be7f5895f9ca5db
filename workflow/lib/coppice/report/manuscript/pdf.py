"""The manuscript as PDF, set by typst: the same bytes every time, its fonts and figures within."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from coppice.core.errors import CoppiceError
from coppice.report.manuscript.manuscript import Manuscript, manuscript
from coppice.report.manuscript.markup import Element
from coppice.report.manuscript.missing_glyphs import further_fonts
from coppice.report.manuscript.typst_markup import Writer, escape, quoted
from coppice.report.page import words
from coppice.report.report_data import ReviewView

STYLE = Path(__file__).parents[1] / "template" / "manuscript" / "style.typ"
MAIN = "main"
UPRIGHT, ACROSS = 118, 184  # characters of a table in a line of the page, upright and turned


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
    fonts = further_fonts(_texts(text))
    files: Any = source(text, fonts)  # typst's own hints do not say that it takes files by name
    with TemporaryDirectory(prefix="coppice-") as folder:
        for index, file in enumerate(fonts.values()):  # these alone: a folder of fonts would offer others
            Path(folder, f"{index}{file.suffix}").symlink_to(file)
        try:
            made: bytes = typst.compile(
                files, font_paths=[_fonts(), Path(folder)], ignore_system_fonts=True, format="pdf"
            )
        except typst.TypstError as error:
            raise CoppiceError(f"typst could not set the manuscript: {error}") from error
    return made


def _texts(text: Manuscript) -> list[str]:
    """Return all that is printed; the text of a figure comes from what its section says too."""
    return [text.title, *text.authors, text.body.text(), text.appendix.text()]


def source(text: Manuscript, fonts: Iterable[str] = ()) -> dict[str, bytes]:
    """Return the files that typst reads: the markup, in which `fonts` follow the bundled ones, and the pictures that it names."""
    writer = Writer(frozenset(_targets(text)), UPRIGHT)
    authors = ", ".join(map(quoted, text.authors))
    body = writer.write(text.body)
    writer.room = ACROSS
    parts = [
        f"#let further-fonts = ({''.join(f'{quoted(name)}, ' for name in fonts)})",
        f"#let running = [{escape(text.title)}]",
        STYLE.read_text(encoding="utf-8"),
        f"#set document(title: {quoted(text.title)}, author: ({authors}{',' if authors else ''}))",
        f"#title-block([{escape(text.title)}], [{escape(words.listed(text.authors))}])",
        body,
        "#set page(flipped: true)\n",
        writer.write(text.appendix),
    ]
    return {MAIN: "\n".join(parts).encode("utf-8"), **writer.files}


def _targets(text: Manuscript) -> set[str]:
    """Return the ids that links in the text lead to and that are in it."""
    elements: list[Element] = [*text.body.walk(), *text.appendix.walk()]
    wanted = {element.attributes.get("href", "")[1:] for element in elements if element.name == "a"}
    return wanted & {element.attributes["id"] for element in elements if "id" in element.attributes}


def _fonts() -> Path:
    """Return the folder of the fonts that come with matplotlib, which is not imported for that."""
    found = find_spec("matplotlib")
    if found is None or not found.submodule_search_locations:
        raise CoppiceError("matplotlib, whose fonts the PDF uses, is not installed")
    return Path(found.submodule_search_locations[0], "mpl-data", "fonts", "ttf")
