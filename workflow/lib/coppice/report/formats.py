"""The formats of the report besides the page: one registry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice.core.errors import CoppiceError, allowed_values_hint
from coppice.core.extras import require
from coppice.jobs import canonical_json
from coppice.report.data.crate import FILE as CRATE
from coppice.report.data.crate import crate
from coppice.report.data.data_tables import FRAMES, frames, frames_of, quotes_sources
from coppice.report.data.provenance import FILE as PROVENANCE
from coppice.report.data.provenance import provenance
from coppice.report.data.r_script import r_script
from coppice.report.data.spreadsheet import to_csv, to_xlsx
from coppice.report.read import read_review
from coppice.report.report_data import ReviewView

FOLDER = "report"  # within the results: holds the files of every format


@dataclass(frozen=True, slots=True)
class Format:
    """One format.

    Attributes
    ----------
    name : str
        Its name in the configuration.
    files : list of str
        Its files within the report's folder.
    description : str
        What it holds.
    content : callable
        Returns the content of one of the files, from the review, the folder of its results and the file.
    extra : str, optional
        The extra whose package writes it.
    """

    name: str
    files: list[str]
    description: str
    content: Callable[[ReviewView, Path, Path], str | bytes]
    extra: str | None = None


def _csv(review: ReviewView, results: Path, file: Path) -> str:
    kinds = [item.kind for item in review.others]
    return to_csv(frames_of(kinds, with_quotes=quotes_sources(review.spec))[file.stem](review))


def _xlsx(review: ReviewView, results: Path, file: Path) -> bytes:
    return to_xlsx(frames(review))


def _r(review: ReviewView, results: Path, file: Path) -> str:
    return r_script(review)


def _pdf(review: ReviewView, results: Path, file: Path) -> bytes:
    from coppice.report.manuscript.pdf import to_pdf

    return to_pdf(review)


def _docx(review: ReviewView, results: Path, file: Path) -> bytes:
    from coppice.report.manuscript.docx import to_docx

    return to_docx(review, results)


def _provenance(review: ReviewView, results: Path, file: Path) -> str:
    return canonical_json.dumps(provenance(review, results))


def _crate(review: ReviewView, results: Path, file: Path) -> bytes:
    return crate(review, results)


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("csv", [f"tables/{name}.csv" for name in FRAMES], "every table as CSV", _csv),
        Format("xlsx", ["tables.xlsx"], "the same tables as the sheets of one workbook", _xlsx),
        Format("R", ["analysis.R"], "a script for R's metafor that repeats the main estimates from the exported effects", _r),
        Format("pdf", ["report.pdf"], "the report as a manuscript in PDF", _pdf, extra="pdf"),
        Format("docx", ["report.docx"], "the same manuscript for word processors", _docx, extra="docx"),
        Format("provenance", [PROVENANCE], "where everything comes from, with the SHA-256 of every result", _provenance),
        Format("crate", [CRATE], "a research object (RO-Crate): inputs, workflow, results and every step, in one archive", _crate),
    )
}  # fmt: skip


def files_of(name: str, kinds: Iterable[str], *, with_quotes: bool = False) -> list[str]:
    """Return the files of a format within the report's folder, of a review that has analyses of these kinds, and perhaps quotes."""
    return (
        [f"tables/{table}.csv" for table in frames_of(kinds, with_quotes=with_quotes)]
        if name == "csv"
        else list(FORMATS[name].files)
    )


def write_format(spec: Mapping[str, Any], *, files: Sequence[Path], results: Path | None = None) -> None:
    """Write one format of the report.

    Parameters
    ----------
    spec : mapping
        The report's specification; its `format` is a name of :data:`FORMATS`.
    files : sequence of Path
        The files to write.
    results : Path, optional
        Folder of the results; by default the one whose folder `report` the files lie in.

    Raises
    ------
    CoppiceError
        If the format is unknown (the message names the nearest), its package is not installed, or the folder of the results is
        not known.
    """
    name = str(spec.get("format"))
    if name not in FORMATS:
        raise CoppiceError(f"there is no format '{name}': {allowed_values_hint(name, FORMATS)}")
    if extra := FORMATS[name].extra:
        require(extra, f"the format {name}")
    folder = results or results_of(files[0])
    review = read_review(spec, folder)
    for file in files:
        content = FORMATS[name].content(review, folder, file)
        canonical_json.write_bytes(file, content.encode("utf-8") if isinstance(content, str) else content)


def results_of(file: Path) -> Path:
    """Return the folder of the results whose report a file is in; an error if it is in none."""
    for parent in file.parents:
        if parent.name == FOLDER:
            return parent.parent
    raise CoppiceError(f"{file} is not in a folder `{FOLDER}`: name the folder of the results with --results")
