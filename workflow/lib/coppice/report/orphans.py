"""What a review that became smaller left behind: results of studies, analyses, figures and formats that it no longer has."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coppice.core.results_layout import BATCHED, BATCHES, DEFAULT_FORMATS, INDEX_MARK, REVIEW_FOLDER, index, suffixes
from coppice.jobs import stale_batches
from coppice.jobs.batch import THRESHOLD, batches
from coppice.jobs.edited_results import ASIDE
from coppice.report.data.kinds import EXPORTING
from coppice.report.formats import FOLDER, FORMATS, files_of
from coppice.report.report_data import Record

HALF_WRITTEN = ".tmp"  # a file that was being written when the run was killed


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
    formats = {f".{name}" for name in spec.get("figure_formats") or DEFAULT_FORMATS}
    extracts = {Path(path).with_suffix("").parts[-2:] for path in spec.get("extracts", [])}
    for verb in BATCHED:
        for file in sorted((results / verb).rglob("*")):
            unit = file.relative_to(results / verb).with_suffix("").parts
            if file.suffix == HALF_WRITTEN:
                yield file
            if file.suffix not in suffixes(verb) or not file.is_file() or is_no_unit(file):
                continue
            if verb == "extract":
                known = unit in extracts
            else:
                drawn = unit[-1] in figures.get(unit[0], ()) and file.suffix in formats
                known = drawn if verb == "draw" else unit[0] in analyses
            if not known:
                yield file
    proposals = {results / name for name in (spec.get("read") or {}).get("files", [])}
    yield from (file for file in sorted((results / "read").glob("*.json")) if file not in proposals)
    asked = spec.get("formats") or {}
    for format_ in FORMATS:
        left = set(files_of(format_, EXPORTING, with_quotes=True)) - set(asked.get(format_) or ())
        yield from (file for name in sorted(left) if (file := results / FOLDER / name).exists())


def is_no_unit(file: Path) -> bool:
    """Return whether a file is the index of a batch, or an edited result that was set aside."""
    return file.name.startswith(INDEX_MARK) or Path(file.stem).suffix == ASIDE


def left_batches(spec: Record, results: Path) -> Iterator[Path]:
    """Yield the indices of batches that no longer have units, or whose units now have a job each."""
    analyses = [entry["analysis"] for entry in spec["analyses"]]
    extracts = ["/".join(Path(path).with_suffix("").parts[-2:]) for path in spec.get("extracts", [])]
    for verb in BATCHED:
        units = extracts if verb == "extract" else analyses
        needed = set(batches(units)) if len(units) > THRESHOLD else set()
        yield from (results / index(verb, batch) for batch in sorted(set(BATCHES) - needed))


def remove_orphans(spec: Record, results: Path) -> None:
    """Remove orphaned results, and the folders that they leave empty."""
    for file in list(orphans(spec, results)):
        file.unlink()
        if file.parent.name not in {*BATCHED, FOLDER} and not any(file.parent.iterdir()):
            file.parent.rmdir()
    for left in left_batches(spec, results):
        stale_batches.forget(left)
