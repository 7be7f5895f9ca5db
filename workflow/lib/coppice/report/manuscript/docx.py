"""The manuscript as DOCX, written by pandoc with our styles, filter and template: the same bytes every time."""

from __future__ import annotations

import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

from coppice.jobs.stable_zip import EPOCH
from coppice.report.manuscript.manuscript import FIGURE, manuscript
from coppice.report.manuscript.markup import Element
from coppice.report.manuscript.pandoc import TEMPLATE, convert, markup_of
from coppice.report.report_data import ReviewView

ROOMS = (100, 160)  # characters of a table in a line of the page, upright and turned
REFERENCE = TEMPLATE / "reference"  # the parts of the document whose styles, page and footer pandoc takes


def to_docx(review: ReviewView, results: Path) -> bytes:
    """Return the report as a manuscript in DOCX.

    Parameters
    ----------
    review : ReviewView
        The review.
    results : Path
        Folder of the results, in which the figures lie.

    Returns
    -------
    bytes
    """
    markup = markup_of(manuscript(review), ROOMS, _file)
    with TemporaryDirectory(prefix="coppice-") as folder:
        reference = Path(folder, "reference.docx")
        with zipfile.ZipFile(reference, "w") as archive:
            for file in filter(Path.is_file, sorted(REFERENCE.rglob("*"))):
                part = zipfile.ZipInfo(file.relative_to(REFERENCE).as_posix(), EPOCH)
                archive.writestr(part, file.read_bytes())
        return convert(markup, "docx", f"--reference-doc={reference}", folder=results)


def _file(picture: Element) -> str:
    """Return the picture's file in points, which every word processor shows; its content where it has none."""
    figure = picture.attributes.get(FIGURE)
    return f"draw/{figure}.png" if figure else picture.attributes["src"]
