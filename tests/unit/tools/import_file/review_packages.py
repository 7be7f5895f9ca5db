"""Made-up files of reviews, after the descriptions of their formats: data packages, and what a folder holds after an import."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from coppice.review.strict_yaml import load
from coppice.tools.import_file.parts_of_review import with_records
from coppice.tools.import_file.registry import read
from coppice.tools.import_file.write import write

ROW = [
    "Analysis group",
    "Analysis number",
    "Analysis name",
    "Subgroup",
    "Applicability",
    "Study",
    "Study year",
    "GIV Mean",
    "GIV SE",
    "Experimental mean",
    "Experimental SD",
    "Experimental cases",
    "Experimental N",
    "Control mean",
    "Control SD",
    "Control cases",
    "Control N",
    "O-E",
    "Variance",
    "Weight",
    "Mean",
    "CI start",
    "CI end",
    "Footnotes",
]
SETTINGS = [
    "Analysis group",
    "Analysis number",
    "Analysis name",
    "Analysis group name",
    "Data source",
    "Data source eligibility",
    "Data type",
    "Log-scale data",
    "Outcome",
    "Experimental group label",
    "Control group label",
    "Statistical method",
    "Effect measure",
    "Analysis model",
    "Subgroup estimates",
    "Overall estimates",
    "Swap event and non-event",
    "Study CI",
    "Estimate CI",
    "Mean",
    "CI start",
    "CI end",
    "Heterogeneity Tau²",
    "Heterogeneity Chi²",
    "Heterogeneity df",
    "Heterogeneity P",
    "Heterogeneity I²",
    "Effect P",
    "Subgroup Chi²",
]
SUBGROUPS = [
    "Analysis group",
    "Analysis number",
    "Subgroup",
    "Subgroup number",
    "Mean",
    "CI start",
    "CI end",
    "Heterogeneity Tau²",
    "Heterogeneity Chi²",
    "Heterogeneity df",
    "Heterogeneity I²",
]
ZEROS = dict.fromkeys(ROW[7:19], "0.0")  # as the package has the columns of other data types
Cells = Mapping[str, Any]


def table(header: Sequence[str], rows: Sequence[Cells], encoding: str = "utf-8-sig") -> bytes:
    """Return a CSV file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, header, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(encoding)


def row(study: str, *, number: int = 1, **cells: Any) -> dict[str, Any]:
    """Return a row of data; underscores in names of columns are blanks."""
    named = {key.replace("_", " ").replace("OE", "O-E"): value for key, value in cells.items()}
    beginning = {"Analysis group": 1, "Analysis number": number, "Analysis name": "Death", "Study": study}
    return {**beginning, "Applicability": "SUBGROUP_AND_OVERALL", **ZEROS, **named}


def counts(study: str, events_e: int, n_e: int, events_c: int, n_c: int, **cells: Any) -> dict[str, Any]:
    """Return a row of dichotomous data."""
    own = {"Experimental_cases": events_e, "Experimental_N": n_e, "Control_cases": events_c, "Control_N": n_c}
    return row(study, **own, **cells)


def settings(number: int = 1, **cells: Any) -> dict[str, Any]:
    """Return the settings of an analysis: counts and a risk ratio by default."""
    named = {key.replace("_", " ").replace("Log scale", "Log-scale"): value for key, value in cells.items()}
    return {
        "Analysis group": 1,
        "Analysis number": number,
        "Analysis name": "Death",
        "Analysis group name": "Drug or placebo",
        "Data source": "Custom input",
        "Data source eligibility": "#N/A",
        "Data type": "Dichotomous",
        "Log-scale data": "true",
        "Experimental group label": "Drug",
        "Control group label": "Placebo",
        "Statistical method": "MH",
        "Effect measure": "Risk Ratio",
        "Analysis model": "Random effect",
        "Subgroup estimates": "true",
        "Overall estimates": "true",
        "Swap event and non-event": "false",
        "Study CI": "95%",
        "Estimate CI": "95%",
        **named,
    }


def package(
    rows: Sequence[Cells], analyses: Sequence[Cells], *, nested: bool = True, more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return a data package, its data in a zip file within it as publishers have it."""
    files = {
        "CD1-analysis-data/CD1-data-rows.csv": table(ROW, rows),
        "CD1-analysis-data/CD1-overall-estimates-and-settings.csv": table(SETTINGS, analyses),
        **(more or {}),
    }
    inner = zipped(files)
    return zipped({"CD1/article.pdf": b"%PDF", "CD1/CD1-files/CD1-data.zip": inner}) if nested else inner


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return a zip file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.items():
            archive.writestr(name, part)
    return content.getvalue()


def imported_into(folder: Path, name: str, content: bytes) -> list[str]:
    """Import a file into a review; return the lines that say what was done."""
    file = folder.parent / name
    file.write_bytes(content)
    return write(with_records(folder, read(file)), folder)


def config_in(folder: Path) -> dict[str, Any]:
    """Return the configuration of a review."""
    content: dict[str, Any] = load(folder / "config/config.yaml").data
    return content


def record_in(folder: Path, study: str) -> dict[str, Any]:
    """Return the record of a study."""
    content: dict[str, Any] = load(folder / f"config/studies/{study}.yaml").data
    return content
