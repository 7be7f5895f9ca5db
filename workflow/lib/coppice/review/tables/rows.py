"""Study records from the rows of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, Problem
from coppice.core.reported_fields import ARMS, Contradiction
from coppice.core.schema import Finding, Place
from coppice.core.study import DESIGNS, Study
from coppice.review.record import all_findings, study_of
from coppice.review.tables import values
from coppice.review.tables.arms import Pairing, arm_findings, note_other_arms, with_combined
from coppice.review.tables.columns import FIELDS, REPORT_COLUMNS, SOURCE_COLUMNS, Columns, misspelt, read_columns
from coppice.review.tables.doses import by_dose
from coppice.review.tables.every_arm import arms_of, compared_in, figures_by_arm, with_all_arms, with_comparisons
from coppice.review.tables.grid import Grid, read_grid
from coppice.review.tables.header import Lines
from coppice.review.tables.names import identifier
from coppice.review.tables.reader import Reader, Row
from coppice.review.tables.request import TableRequest
from coppice.review.tables.several_rows import (
    differing_columns,
    is_row_an_arm,
    note_shared_controls,
    note_single_limits,
    remedy,
)
from coppice.review.tables.statistic_of_row import Ambiguous, Unrelated, figures_of_row

NO_ROW = "no row for this outcome in the table"
NO_FIGURE = "the table has a row and no figure"
OWN_REPORT = "table"  # the report of rows that name none


NamedRows = tuple[str, str, list[Row]]  # the id of a study, its name, its rows


def common_population(paths: list[str], study: str) -> str:
    """Return the path above all populations of a study; its id where they share nothing."""
    parts = [path.split("/") for path in paths] or [[study]]
    shared = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return "/".join(shared) or study


def report_of(row: Row) -> str:
    """Return the key of a row's report."""
    return identifier(row.texts.get("report", "")) or OWN_REPORT


@dataclass(slots=True)
class RecordDraft:
    """A record in the making."""

    name: str  # what the table calls the study
    label: str | None  # its label, where all its rows have the same; otherwise labels are those of rows
    # the record, and the row of each of its parts
    content: dict[str, Any]
    lines: dict[Place, int]
    # the position of the figure of each kind among those of its outcome
    kinds: dict[tuple[Any, ...], int] = field(default_factory=dict)


def draft_record(reader: Reader, study: str, name: str, rows: list[Row]) -> RecordDraft:
    """Return the record of one study."""
    labels = {row.texts.get("label") for row in rows}
    label = labels.pop() if len(labels) == 1 else None
    populations = [row.texts["population"] for row in rows if "population" in row.texts]
    content: dict[str, Any] = {
        "study": study,
        "label": label or reader.label(name, rows[0]),
        "year": reader.one_value(rows, "year", lambda row: row.year),
        "design": reader.one_text(rows, "design"),
        "population": common_population(populations, study) if len(populations) == len(rows) else study,
        "characteristics": reader.characteristics(rows),
        "reports": {},
        "outcomes": {},
    }
    arms = {arm: reader.one_text(rows, arm) for arm in ARMS.values()}
    if all(arms.values()):
        content["arms"] = {arm: {"name": text} for arm, text in arms.items()}
    content |= {"arms": named} if (named := arms_of(rows)) else {}
    record = RecordDraft(name, label, content, {(): rows[0].number})
    varying = sorted(reader.varying(rows))
    for row in rows:
        own = {name: row.characteristics[name] for name in varying if name in row.characteristics}
        add_row(reader, record, row, {"characteristics": own} if own else {})
    return record


def add_row(reader: Reader, record: RecordDraft, row: Row, own: Mapping[str, Any]) -> None:
    """Add the report, the outcome and the figures of one row to a record; `own` is what its figures have of their own."""
    report, outcome = report_of(row), reader.outcome(row)
    if outcome is None:
        return
    cited = {key: row.texts[key] for key in REPORT_COLUMNS[2:] if key in row.texts}
    citation = (
        row.texts.get("citation") or row.texts.get("report") or f"{record.name}, as in {Path(reader.grid.file).name}"
    )
    record.content["reports"].setdefault(report, {"citation": citation} | cited)
    record.lines.setdefault(("reports", report), row.number)
    record.lines.setdefault(("outcomes", outcome), row.number)
    entry = record.content["outcomes"].setdefault(outcome, {"reported": []})
    entry |= {key: row.texts[key] for key in ("definition", "route") if key in row.texts}
    try:
        measures = reader.request.measures.get(outcome, frozenset())
        columns = reader.columns.fields()
        if row.arms and row.against is None:
            figures = figures_by_arm(row, measures=measures, columns=columns)
        else:
            figures = figures_of_row(row.fields, row.texts.get("statistic"), measures=measures, columns=columns)
    except Ambiguous as error:
        titles = [reader.columns.title(column) for column in error.columns]
        ending = ", or leave out what is not used: `columns: {ignore: [...]}`"
        reader.refuse(row.number, " + ".join(titles), f"{error}{ending if isinstance(error, Unrelated) else ''}")
        return
    if not figures and not entry["reported"]:
        entry["note"] = row.texts.get("note") or NO_FIGURE
    keys = ("population", "use", "note") if record.label else ("population", "use", "note", "label")
    about = {key: row.texts[key] for key in keys if key in row.texts} | dict(own) | compared_in(row)
    source = {"report": report} | {key: row.texts.get(key) for key in SOURCE_COLUMNS}
    for figure in figures:
        whole = with_combined(figure, row.combined) if row.combined else figure
        add_figure(reader, record, row, ("outcomes", outcome, "reported"), whole | about | {"source": source})


def add_figure(reader: Reader, record: RecordDraft, row: Row, place: Place, figure: dict[str, Any]) -> None:
    """Add a figure to a record, unless the table has it already."""
    reported = record.content["outcomes"][place[1]]["reported"]
    index = record.kinds.setdefault((place, *kind_of(figure)), len(reported))
    if index < len(reported):
        first = record.lines[(*place, index)]
        reader.repeated.append(
            (row.number, f"a second {figure['statistic']} of this study and outcome, the first in row {first}")
        )
        return
    record.lines[(*place, len(reported))] = row.number
    reported.append(figure)


def kind_of(figure: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return what no two figures of an outcome share: form, arms, patients, time, report, and how they are marked by `use`."""
    arms = tuple(figure.get("arms") or ())
    return (*map(figure.get, ("statistic", "population", "time", "unit", "use")), figure["source"]["report"], arms)


def column_at(columns: Columns, place: Place) -> str:
    """Return the column that a place of a record comes from."""
    names = [part for part in place if isinstance(part, str)]
    if place and isinstance(place[-1], int) and len(place) > 1 and isinstance(place[-2], str):
        pair = next(
            (column for column, (name, index, _) in FIELDS.items() if name == place[-2] and index == place[-1]),
            place[-2],
        )
        return columns.title(pair)
    return columns.title(names[-1]) if names and names[-1] not in ("reported", "outcomes") else ""


def row_at(lines: Mapping[Place, int], place: Place) -> int:
    """Return the row that a place of a record comes from."""
    while place not in lines:
        place = place[:-1]
    return lines[place]


def keep_characteristics(columns: Columns, grid: Grid) -> None:
    """Make characteristics of columns that only share their name with one of ours.

    `design` with values of which none is one of ours, and `quality`, `at` and `read_in` in a table without reports.
    """
    foreign = [name for name in SOURCE_COLUMNS if "report" not in columns.known]
    if "design" in columns.known and not any(
        values.text(cells[columns.known["design"]]) in DESIGNS for _, cells in grid.rows
    ):
        foreign.append("design")
    for name in foreign:
        if name in columns.known:
            columns.characteristics[name] = columns.known.pop(name)


def of_study(name: str, message: str) -> str:
    """Name the study where figures contradict one another, as it is the study's report that has to be looked up."""
    return f"study {name}: {message}" if isinstance(message, Contradiction) else message


@dataclass(frozen=True, slots=True)
class TableReading:
    """What a table holds: records, or what is wrong with it."""

    studies: tuple[Study, ...]  # in the order of their first rows
    problems: tuple[Problem, ...]  # of the table
    findings: tuple[Finding, ...]  # of the keys that say how it is read, at their places in the configuration
    notes: tuple[str, ...]  # what is not read, or is read otherwise than it stands there


def comparisons(reader: Reader, studies: Sequence[NamedRows]) -> Iterator[NamedRows]:
    """Yield the rows of each study, those of a table with a row for each arm as comparisons of two."""
    arms = reader.request.arms
    if arms and arms.takes_all:
        for study, name, rows in studies:
            if (
                made := with_comparisons(reader, arms, rows)
                if arms.against
                else with_all_arms(reader, arms, name, rows)
            ):
                yield study, name, made
        return
    if arms:
        note_other_arms(reader, arms, [row for _, _, rows in studies for row in rows])
    for study, name, rows in studies:
        if paired := Pairing(reader, arms, study, name).rows(rows) if arms else by_dose(reader, rows):
            yield study, name, paired


def add_general(reader: Reader) -> None:
    """Add what is wrong with the table as a whole."""
    columns, grid, request = reader.columns, reader.grid, reader.request
    reader.add(misspelt(columns, grid))
    if not columns.forms and not any(name in FIELDS for name in columns.known):
        there = ", ".join(grid.header) or "`only: true` leaves out all that the map does not name"
        message = f"no column holds a figure ({there}); name the columns as the fields of a record, or map them with `columns:`"
        reader.refuse(grid.line, "", message)
    if "outcome" not in columns.known and len(request.measures) > 1:
        message = f"the analyses ask for the outcomes {', '.join(request.measures)}; add a column 'outcome' that says of which each row is"
        reader.refuse(grid.line, "", message)


def read_table(path: Path, file: str, request: TableRequest, lines: Lines | None = None) -> TableReading:
    """Read a table, one row per study and reported statistic or one per arm, into study records."""
    try:
        grid = read_grid(path, file, request, lines)
    except BadInput as error:
        return TableReading((), tuple(error.problems), (), ())
    columns, of_map = read_columns(grid.header, request)
    findings = [*grid.findings, *of_map]
    if arms := request.arms:
        findings += arm_findings(arms, grid.header, [cells[columns.arms[0]] for _, cells in grid.rows if columns.arms])
    if findings:  # rows and columns may be others than those meant
        return TableReading((), (), tuple(findings), ())
    keep_characteristics(columns, grid)
    reader = Reader(grid, columns, request)
    add_general(reader)
    named = reader.studies()
    rows_of = [rows for _, _, rows in named]
    records = [draft_record(reader, *item) for item in comparisons(reader, named)]
    question = is_row_an_arm(reader, rows_of) if reader.repeated and not request.arms else None
    reader.add([question] if question else differing_columns(reader))
    if reader.repeated:
        column, ending = reader.columns.title("study"), remedy(reader, rows_of)
        reader.add(Problem(file, row, column, f"{what}; {ending}") for row, what in reader.repeated)
    if not records and not reader.problems:
        lacking = (
            "several arms"
            if request.arms and request.arms.takes_all
            else "a row of the experimental and one of the control arm"
        )
        reader.refuse(grid.line, "", f"no study has {lacking}")
    note_shared_controls(reader, named)
    note_single_limits(reader)
    studies = []
    for record in records:
        wrong = list(all_findings(record.content))
        reader.add(
            Problem(file, row_at(record.lines, place), column_at(columns, place), of_study(record.name, message))
            for place, message in wrong
        )
        if not wrong and not reader.problems:
            studies.append(study_of(record.content, file, record.lines))
    if reader.problems:
        return TableReading((), tuple(sorted(set(reader.problems))), (), ())
    return TableReading(tuple(studies), (), (), (*grid.notes, *dict.fromkeys(reader.notes)))
