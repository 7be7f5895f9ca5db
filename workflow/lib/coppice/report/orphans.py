"""What a review that became smaller left behind: results of studies, analyses, figures and forms that it no longer has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coppice.draw.registry import REVIEW_FOLDER
from coppice.report.formats import FOLDER, FORMATS
from coppice.report.report_data import Record

SUFFIXES = {
    "extract": frozenset({".json"}),
    "pool": frozenset({".json", ".csv"}),
    "explore": frozenset({".json"}),
    "draw": frozenset({".svg", ".pdf", ".png"}),
}
NOT_A_UNIT = "_"  # no id begins so: the indices of batches do
HALF_WRITTEN = ".tmp"  # a file that is not yet whole (jsonio): after a kill and an edit taken back nobody renames it


def orphans(spec: Record, results: Path) -> Iterator[Path]:
    """Yield the result files of units that the specification of the report does not name.

    Only files that a verb writes, by folder and suffix, are looked at: anything else in the folder is left alone.

    Parameters
    ----------
    spec : mapping
        The report's specification: it names every unit of the review.
    results : Path
        Folder of the results.
    """
    analyses = {entry["analysis"] for entry in spec["analyses"]}
    figures = {entry["analysis"]: set(entry.get("figures") or []) for entry in spec["analyses"]}
    figures[REVIEW_FOLDER] = set(spec.get("figures") or [])
    extracts = {Path(path).with_suffix("").parts[-2:] for path in spec.get("extracts", [])}
    for verb, suffixes in SUFFIXES.items():
        for file in sorted((results / verb).rglob("*")):
            unit = file.relative_to(results / verb).with_suffix("").parts
            if file.suffix == HALF_WRITTEN:
                yield file
            if file.suffix not in suffixes or not file.is_file() or file.name.startswith(NOT_A_UNIT):
                continue
            if verb == "extract":
                known = unit in extracts
            else:
                known = unit[-1] in figures.get(unit[0], ()) if verb == "draw" else unit[0] in analyses
            if not known:
                yield file
    asked = spec.get("forms") or {}
    for entry in FORMATS.values():
        if entry.name not in asked:
            yield from (file for name in entry.files if (file := results / FOLDER / name).exists())


def remove_orphans(spec: Record, results: Path) -> None:
    """Remove the results of units that are gone, and the folders that are empty then."""
    for file in list(orphans(spec, results)):
        file.unlink()
        if file.parent.name not in {*SUFFIXES, FOLDER} and not any(file.parent.iterdir()):
            file.parent.rmdir()
