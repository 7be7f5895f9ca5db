"""Tables of the risk of bias as robvis takes them, a row per study or per study and outcome, and workbooks of the same form.

McGuinness LA, Higgins JPT. Res Synth Methods 2021;12:55-61, doi:10.1002/jrsm.1411. The records are those of a review:
`parts_of_review` joins the judgements to its studies by their labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from coppice.core.risk_of_bias import in_order, tool_of
from coppice.tools.import_file.delimited import WORKBOOK, Table, column_key, header_of, read_sheets
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.judgements import OF_ROB_1, assessment, level_of, tool_of_table
from coppice.tools.import_file.plain_text import made_id, plain_name

STUDY = ("study", "studyname", "studyid", "studylabel", "author", "trial")
OUTCOME, TIME, OVERALL = (
    ("outcome", "outcomename", "result"),
    ("timepoint", "time", "followup"),
    ("overall", "overallbias", "overallrisk"),
)
OVERALL_OF_TOOL = ("overallriskofbias", "overallriskofbiasjudgement", "overalljudgement")
TOOL = ("tool", "robtool")
SHORT = re.compile(r"d([0-9]{1,2}[abc]?|s)(j|judgement)?")
LAST = ("weight", "weights")
NOT_DOMAINS = frozenset(
    {
        *STUDY,
        *OUTCOME,
        *TIME,
        *OVERALL,
        *OVERALL_OF_TOOL,
        *TOOL,
        *LAST,
        "x",
        "resultid",
        "type",
        "year",
        "yi",
        "vi",
        "notes",
        "comments",
        "rownames",
    }
)
LEAST_DOMAINS = 2
WORDS = ("low", "high", "unclear", "some concerns", "moderate", "serious", "critical", "very high", "no information")


@dataclass(frozen=True, slots=True)
class Columns:
    """Which columns of a table hold what; domains by their names in the record."""

    study: str
    outcome: str | None
    time: str | None
    overall: str | None
    tool: str | None
    domains: dict[str, str]


def column(table: Table, names: Sequence[str]) -> str | None:
    """Return the first column of a table with one of some names."""
    return next((name for key in names for name in table.header if column_key(name) == key), None)


def columns_of(table: Table) -> Columns | None:
    """Return the columns of a table of judgements; None if it is not one."""
    study = column(table, STUDY)
    if study is None:
        return None
    short = {name: match for name in table.header if (match := SHORT.fullmatch(column_key(name)))}
    if len(short) >= LEAST_DOMAINS:
        domains = {f"D{match[1].upper() if match[1] == 's' else match[1]}": name for name, match in short.items()}
    else:
        domains = {readable(name): name for name in table.header if is_domain(table, name)}
    overall = column(table, (*OVERALL, *OVERALL_OF_TOOL))
    if len(domains) < LEAST_DOMAINS or not (short or overall or any(map(OF_ROB_1.search, domains))):
        return None
    return Columns(study, column(table, OUTCOME), column(table, TIME), overall, column(table, TOOL), domains)


def readable(name: str) -> str:
    """Return the name of a domain that R has written with dots for blanks."""
    return plain_name(name.replace(".", " ") if " " not in name else name)


def is_domain(table: Table, name: str) -> bool:
    """Return whether a column holds judgements alone, one at least."""
    key = column_key(name)
    if not key or key in NOT_DOMAINS:
        return False
    levels = [level for row in table.rows if (level := level_of(row.cells[key]))]
    return bool(levels) and all(level in WORDS for level in levels)


def recognises(content: bytes, name: str) -> bool:
    """Return whether a file has a column of studies and columns of domains with judgements."""
    if not content.startswith(WORKBOOK):
        header = header_of(content, name)
        if not header & set(STUDY) or sum(SHORT.fullmatch(key) is not None for key in header) >= LEAST_DOMAINS:
            return bool(header & set(STUDY))
    try:
        return any(columns_of(table) for table in read_sheets(content, name))
    except NotImported:
        return False


def read(content: bytes, name: str) -> Imported:
    """Read a table of judgements.

    Raises
    ------
    NotImported
        If no sheet is one, or a study is there twice.
    """
    sheets = [(table, columns) for table in read_sheets(content, name) if (columns := columns_of(table))]
    if not sheets:
        raise NotImported(
            f"{name}: has no table with a column 'Study' and columns of domains (D1, D2, ..., or their names) with judgements"
        )
    table, columns = sheets[0]
    left_out = [f"{other.file}: only the first table of judgements is read" for other, _ in sheets[1:]]
    levels = in_order(
        {level for row in table.rows for part in columns.domains.values() if (level := level_of(row.text(part)))}
    )
    stated = columns.tool and next((text for row in table.rows if (text := row.text(columns.tool or ""))), None)
    tool_name, why = (stated, "its column of tools") if stated else tool_of_table(list(columns.domains), levels)
    notes = [
        *table.notes,
        f"{table.file}: the tool is read as {tool_name}, by {why}; correct `tool` in the records if it is another",
    ]
    fit = tool_of({"tool": tool_name})
    if unknown := [level for level in levels if fit.levels and level not in fit.levels]:
        become = {level: assessment(fit, {"D1": level}, None)["domains"].get("D1", "not assessed") for level in unknown}
        notes += [
            f"{table.file}: '{level}' is not a judgement of {fit.name}: read as '{to}'" for level, to in become.items()
        ]
    read_columns = [
        *columns.domains.values(),
        *filter(None, (columns.study, columns.outcome, columns.time, columns.overall, columns.tool)),
    ]
    if unread := [column for column in table.unread(read_columns) if column_key(column) not in ("x", "resultid")]:
        left_out.append(f"{table.file}: columns that are not judgements: {', '.join(unread)}")
    records = dict(records_of(table, columns, tool_name))
    if not records:
        raise NotImported(f"{table.file}: has no row with a judgement")
    return Imported(file=name, format="robvis", records=records, left_out=left_out, notes=notes)


def records_of(table: Table, columns: Columns, tool_name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what is added to the record of each study, by the id made from its label.

    Raises
    ------
    NotImported
        If a study, or an outcome of it, has two rows.
    """
    tool = tool_of({"tool": tool_name})
    items: dict[str, dict[str, Any]] = {}
    times = Counter((row.text(columns.study), row.text(columns.outcome)) for row in table.rows if columns.outcome)
    for row in table.rows:
        label = row.text(columns.study)
        if not label:
            raise row.refusal(columns.study, "is empty")
        domains = {key: level_of(row.text(name)) for key, name in columns.domains.items()}
        overall = level_of(row.text(columns.overall)) if columns.overall else None
        if not any(domains.values()) and overall is None:
            continue
        item = items.setdefault(label, {"tool": tool_name})
        outcome = row.text(columns.outcome) if columns.outcome else ""
        if outcome and columns.time and times[label, outcome] > 1:
            outcome = f"{outcome} {row.text(columns.time)}".strip()
        judged = assessment(tool, domains, overall)
        if (outcome and outcome in item.get("by_outcome", {})) or (not outcome and "domains" in item):
            of = f" and outcome '{plain_name(outcome)}'" if outcome else "; a column 'outcome' tells its rows apart"
            raise row.refusal(columns.study, f"a second row of '{plain_name(label)}'{of}")
        if outcome:
            item.setdefault("by_outcome", {})[outcome] = judged
        else:
            item.update(judged)
    taken: set[str] = set()
    for label, item in items.items():
        study = made_id(plain_name(label), taken)
        taken.add(study)
        yield study, {"study": study, "label": plain_name(label), "risk_of_bias": item}
