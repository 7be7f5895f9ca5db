"""Machine-readable provenance: inputs, code, software, the steps from reported result to estimate, and all result files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice import __version__
from coppice.core import results_layout
from coppice.core.results_layout import REVIEW_FOLDER
from coppice.jobs import canonical_json
from coppice.report.other_view import OtherView
from coppice.report.report_data import AnalysisView, ReviewView

FILE: str = "provenance.json"
CRATE = "crate.zip"  # of the research object, which holds the provenance
PAGE = ("report.html", "report.ipynb")
FROM_FIGURE = ("study", "population", "statistic", "reported", "report", "source", "route", "yi", "vi", "weight_random")


def provenance(review: ReviewView, results: Path) -> dict[str, Any]:
    """Return the provenance of a review, without any time, host or path of the machine.

    Returns
    -------
    dict
        `inputs`, `code`, `software`, `sources`, `analyses` (each with the steps from reported figure to pooled estimate)
        and `results` (SHA-256 of every file that the specification names).
    """
    return {
        "coppice": __version__,
        "inputs": dict(review.spec.get("inputs") or {}),
        "code": review.spec.get("code"),
        "software": dict(review.spec.get("versions") or {}),
        "sources": dict(review.spec.get("sources") or {}),
        "analyses": {analysis.name: _steps(analysis) for analysis in review.everything},
        "results": {name: canonical_json.digest_of_file(results / name) for name in result_files(review, results)},
    }


def _steps(analysis: AnalysisView | OtherView) -> dict[str, Any]:
    return {
        "measure": analysis.measure.code,
        "settings": analysis.pool.get("settings"),
        "effects": [{name: effect.get(name) for name in FROM_FIGURE} for effect in analysis.effects],
        "estimate": analysis.pool.get("random"),
        "excluded": list(analysis.pool.get("excluded") or []),
        "result": results_layout.file("pool", analysis.name),
    }


def result_files(review: ReviewView, results: Path) -> Iterator[str]:
    """Yield every result that the specification names and that exists, except the provenance and what holds it."""
    yield from review.spec.get("extracts", [])
    yield from (review.spec.get("read") or {}).get("files", [])
    for entry in review.spec["analyses"]:
        yield entry["pool"]
        if entry.get("explore"):
            yield entry["explore"]
        yield from _drawn(results, entry["analysis"], entry, review.formats)
        table = (results / entry["pool"]).with_suffix(".csv")
        yield from [table.relative_to(results).as_posix()] if table.exists() else []
    yield from _drawn(results, REVIEW_FOLDER, review.spec, review.formats)
    formats = [file for files in (review.spec.get("formats") or {}).values() for file in files]
    yield from (
        f"report/{name}"
        for name in (*PAGE, *formats)
        if name not in (FILE, CRATE) and (results / "report" / name).exists()
    )


def _drawn(results: Path, folder: str, spec: Mapping[str, Any], formats: Sequence[str]) -> Iterator[str]:
    """Yield the figures that lie in a folder and that a specification names."""
    drawn = results_layout.files("draw", folder, spec.get("figures") or [], formats)
    yield from (file for file in drawn if (results / file).exists())
