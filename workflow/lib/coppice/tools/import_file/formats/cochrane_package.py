"""The data package of a Cochrane review (RevMan Web): analyses, risk of bias, study information and references.

Tables are told apart by their columns, so that versions of the package with other names of files are read too.
Cochrane's description of version 1: documentation.cochrane.org/revman-kb, "Data package specification".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

from coppice.core.errors import allowed_values_hint
from coppice.tools.import_file.archive import is_archive, members
from coppice.tools.import_file.delimited import Row, Table, column_key, header_of, read_delimited
from coppice.tools.import_file.imported import Imported, NotImported, StoredResult
from coppice.tools.import_file.plain_text import plain
from coppice.tools.import_file.revman import studies
from coppice.tools.import_file.revman.analysis import (
    CONTINUOUS,
    CONTRAST,
    DICHOTOMOUS,
    O_MINUS_E,
    DataRow,
    RevManAnalysis,
)
from coppice.tools.import_file.revman.review import Review
from coppice.tools.import_file.revman.stored import place_of, stored_of, stored_subgroups

TABLES = {  # columns by which each table is known
    "data rows": ("Analysis group", "Analysis number", "Study", "Experimental N", "Control N"),
    "settings": ("Analysis group", "Analysis number", "Data type", "Effect measure"),
    "subgroup estimates": ("Analysis group", "Analysis number", "Subgroup", "Mean"),
}
ACCURACY, OF_ACCURACY = "accuracy", "-parameters.csv"
KINDS = {
    "dichotomous": DICHOTOMOUS,
    "continuous": CONTINUOUS,
    "oeandvariance": O_MINUS_E,
    "oe": O_MINUS_E,
    "contrastlevel": CONTRAST,
    "contrast": CONTRAST,
    "genericinversevariance": CONTRAST,
    "giv": CONTRAST,
}
IN_TOTAL = "SUBGROUP_AND_OVERALL"
TRUE, FALSE = ("true", "yes", "1"), ("false", "no", "0", "")
OF_DATA_ROWS = [
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
NOT_METHODS = ("name", "label", "intervention", "outcome", "filter", "datasource", "unit", "subgroupby", "id")


def recognises(content: bytes, name: str) -> bool:
    """Return whether a file is a zip file with the tables of a review."""
    return is_archive(content) and any(
        kind_of(table, path) in (ACCURACY, *TABLES) for path, table in members(content, name, (".csv",))
    )


def kind_of(content: bytes, path: str) -> str | None:
    """Return which table of the package a file is."""
    if path.endswith(OF_ACCURACY):
        return ACCURACY
    header = header_of(content, path)
    for kind, columns in TABLES.items():
        if header.issuperset(map(column_key, columns)):
            return kind
    return studies.kind_of(header)


def tables_of(files: Iterable[tuple[str, bytes]], name: str) -> dict[str, Table]:
    """Return the tables of a package by their kinds.

    Raises
    ------
    NotImported
        If it is a review of another type, or two tables are of one kind.
    """
    tables: dict[str, Table] = {}
    for path, content in files:
        kind = kind_of(content, path)
        if kind == ACCURACY:
            raise NotImported(
                f"{name}: is of a review of diagnostic test accuracy; only reviews of interventions are read"
            )
        if kind in tables:
            raise NotImported(
                f"{name}: holds two tables of {kind}: {tables[kind].file} and {PurePosixPath(path).name}; import one review at a time"
            )
        if kind:
            tables[kind] = read_delimited(content, PurePosixPath(path).name)
    return tables


def read(content: bytes, name: str) -> Imported:
    """Read a data package.

    Raises
    ------
    NotImported
        If it is not one, or a table of it can't be read.
    """
    files = list(members(content, name, (".csv", ".ris")))
    tables = tables_of((item for item in files if item[0].lower().endswith(".csv")), name)
    for kind in ("data rows", "settings"):
        if kind not in tables:
            raise NotImported(f"{name}: has no table of the {kind}, with the columns {', '.join(TABLES[kind])}")
    settings = tables["settings"]
    groups = dict.fromkeys(row.text("Analysis group name") for row in settings.rows)
    title = " and ".join(list(filter(None, groups))[:3]) or PurePosixPath(name).stem
    review = Review(name, "cochrane", plain(title, 200), f"Cochrane data package {plain(name, 100)}")
    rows = rows_by_analysis(tables["data rows"])
    subgroups = stored_subgroups(tables.get("subgroup estimates"))
    for row in settings.rows:
        analysis = analysis_of(row, rows.pop(place_of(row), []), subgroups.get(place_of(row), {}))
        if isinstance(analysis, str):
            review.left_out.append(analysis)
        else:
            review.add(analysis)
    review.left_out += [f"Analysis {group}.{number}: has no settings" for group, number in rows]
    review.left_out += [
        f"{tables['data rows'].file}: column '{column}' is not read"
        for column in tables["data rows"].unread(OF_DATA_ROWS)
    ]
    studies.add_studies(review, tables, files, settings)
    review.notes += [note for table in tables.values() for note in table.notes]
    return review.imported()


def rows_by_analysis(table: Table) -> dict[tuple[int, int], list[DataRow]]:
    """Return the studies' rows by analysis.

    Raises
    ------
    NotImported
        If a row may not be in the total: what other values of `Applicability` mean is not known.
    """
    rows: dict[tuple[int, int], list[DataRow]] = {}
    for row in table.rows:
        applicability = row.text("Applicability")
        if applicability not in (IN_TOTAL, ""):
            raise row.refusal("Applicability", f"'{plain(applicability, 50)}' is not known; allowed: {IN_TOTAL}")
        if not row.text("Study"):
            raise row.refusal("Study", "is empty")
        rows.setdefault(place_of(row), []).append(data_row(row))
    return rows


def data_row(row: Row) -> DataRow:
    """Return a study's row; zeros in columns of other data types are not told apart here, but by the data type."""
    year = row.text("Study year")
    return DataRow(
        study=row.cells["study"],
        year=int(year[:4]) if re.match(r"(1[89]|2[01])\d\d\b", year) else None,
        subgroup=row.text("Subgroup"),
        events_e=row.whole("Experimental cases"),
        n_e=row.whole("Experimental N"),
        events_c=row.whole("Control cases"),
        n_c=row.whole("Control N"),
        mean_e=row.value("Experimental mean"),
        sd_e=row.value("Experimental SD"),
        mean_c=row.value("Control mean"),
        sd_c=row.value("Control SD"),
        estimate=row.value("GIV Mean"),
        se=row.value("GIV SE"),
        o_minus_e=row.value("O-E"),
        v=row.value("Variance"),
        footnote=row.text("Footnotes", "Footnote"),
    )


def is_true(row: Row, column: str, *, default: bool = False) -> bool:
    """Return whether a setting is on."""
    text = row.text(column).casefold()
    if text not in (*TRUE, *FALSE):
        raise row.refusal(column, f"'{plain(text, 50)}' is neither true nor false")
    return text in TRUE if text else default


def level_of(row: Row, column: str) -> float:
    """Return the level of intervals, which is printed as `95%`."""
    text = row.text(column).removesuffix("%").strip()
    if not text:
        return 0.95
    if text not in ("90", "95", "99"):
        raise row.refusal(column, f"'{plain(text, 50)}' is not a level; allowed: 90%, 95%, 99%")
    return int(text) / 100


def analysis_of(row: Row, rows: list[DataRow], subgroups: Mapping[str, StoredResult]) -> RevManAnalysis | str:
    """Return an analysis from its row of settings, or the line that says why it is left out."""
    group, number = place_of(row)
    kind = KINDS.get(column_key(row.text("Data type")))
    name = row.text("Analysis name") or f"Analysis {group}.{number}"
    if kind is None:
        kinds = ("Dichotomous", "Continuous", "O-E and variance", "Contrast level")
        hint = allowed_values_hint(row.text("Data type"), kinds)
        return f"Analysis {group}.{number}, {plain(name, 100)}: data type '{plain(row.text('Data type'), 50)}' is not known; {hint}"
    random = row.text("Analysis model", "Model").casefold().startswith("random")
    methods = [
        text
        for key, text in row.cells.items()
        if text and not any(part in key for part in NOT_METHODS) and not text[0].isdigit()
    ]
    level = level_of(row, "Estimate CI")
    return RevManAnalysis(
        group=group,
        number=number,
        name=name,
        group_name=row.text("Analysis group name"),
        kind=kind,
        measure=row.text("Effect measure"),
        method=row.text("Statistical method"),
        methods="; ".join(methods),
        random=random,
        swap=kind == DICHOTOMOUS and is_true(row, "Swap event and non-event"),
        log_scale=is_true(row, "Log-scale data"),
        overall=is_true(row, "Overall estimates", default=True),
        subtotals=is_true(row, "Subgroup estimates", default=True),
        level=level,
        study_level=level_of(row, "Study CI"),
        arms=(
            row.text("Experimental group label", "Experimental intervention"),
            row.text("Control group label", "Control intervention"),
        ),
        rows=rows,
        stored=stored_of(row, f"Analysis {group}.{number}", random=random, level=level, subgroups=subgroups),
    )
