"""The forms of the report besides the page: one registry of what can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coppice import jsonio
from coppice.errors import CoppiceError, nearest
from coppice.report.frames import frames
from coppice.report.provenance import provenance
from coppice.report.r_script import r_script
from coppice.report.review import Review, read_review
from coppice.report.spreadsheet import to_csv, to_xlsx


@dataclass(frozen=True, slots=True)
class Form:
    """One form.

    Attributes
    ----------
    name : str
        What it is asked for by.
    file : str
        Its file in the report's folder; for tables a folder.
    write : callable
        Writes it, from the review and the folder of its results.
    """

    name: str
    file: str
    write: Callable[[Review, Path, Path], None]


def _csv(review: Review, results: Path, folder: Path) -> None:
    for frame in frames(review):
        jsonio.write_text(folder / f"{frame.name}.csv", to_csv(frame))


def _xlsx(review: Review, results: Path, file: Path) -> None:
    jsonio.write_bytes(file, to_xlsx(frames(review)))


def _r(review: Review, results: Path, file: Path) -> None:
    jsonio.write_text(file, r_script(review))


def _provenance(review: Review, results: Path, file: Path) -> None:
    jsonio.write(file, provenance(review, results))


FORMS: dict[str, Form] = {
    form.name: form
    for form in (
        Form("csv", "tables", _csv),
        Form("xlsx", "tables.xlsx", _xlsx),
        Form("R", "analysis.R", _r),
        Form("provenance", "provenance.json", _provenance),
    )
}


def write_form(name: str, spec: Path, *, results: Path, out: Path) -> None:
    """Write one form of the report.

    Parameters
    ----------
    name : str
        A name of :data:`FORMS`.
    spec : Path
        The report's specification, as JSON.
    results : Path
        Folder of the results.
    out : Path
        The file or folder to write.

    Raises
    ------
    CoppiceError
        If there is no such form, naming the nearest.
    """
    if name not in FORMS:
        raise CoppiceError(f"there is no form '{name}': {nearest(name, FORMS)}")
    FORMS[name].write(read_review(jsonio.read(spec), results), results, out)
