"""The flow of records in the table of the R package PRISMA2020 (columns data, node, box, ..., n): the key `review.flow`.

Haddaway NR et al. Campbell Syst Rev 2022;18:e1230, doi:10.1002/cl2.1230.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from coppice.tools.import_file.delimited import Row, header_of, read_delimited
from coppice.tools.import_file.imported import Imported, NotImported
from coppice.tools.import_file.plain_text import plain, plain_name

NEEDED = ("data", "node", "n")
# Keys of `review.flow`: the rows of the template, each with the name of a source or reason; without one they are added up.
ROWS: dict[str, tuple[tuple[str, str], ...]] = {
    "identified": (("database_results", "databases"), ("register_results", "registers")),
    "removed": (
        ("duplicates", "duplicates"),
        ("excluded_automatic", "by automation tools"),
        ("excluded_other", "other reasons"),
    ),
    "screened": (("records_screened", ""),),
    "excluded_screening": (("records_excluded", ""),),
    "sought": (("dbr_sought_reports", ""),),
    "not_retrieved": (("dbr_notretrieved_reports", ""),),
    "assessed": (("dbr_assessed", ""),),
    "excluded_reports": (("dbr_excluded", ""),),
    "included_studies": (("new_studies", ""),),
    "included_reports": (("new_reports", ""),),
}
WHOLE = {"included_studies": "total_studies", "included_reports": "total_reports"}  # with those of a previous review
PREVIOUS = ("previous_studies", "previous_reports")
OTHER_METHODS = (
    "website_results",
    "organisation_results",
    "citations_results",
    "other_sought_reports",
    "other_notretrieved_reports",
    "other_assessed",
    "other_excluded",
)
READ = {row for rows in ROWS.values() for row, _ in rows} | {*WHOLE.values(), *PREVIOUS}
NUMBER = re.compile(r"[0-9][0-9 ,.]*")
PLACEHOLDER = re.compile(r"x+|na|n/?a|", re.I)


def recognises(content: bytes, name: str) -> bool:
    """Return whether a file has the columns of the table."""
    return header_of(content, name).issuperset(NEEDED)


def count(row: Row, text: str) -> int | None:
    """Return a whole number, None for the template's placeholder `xxx`."""
    plain_text = text.strip()
    if PLACEHOLDER.fullmatch(plain_text):
        return None
    digits = re.sub(r"[ ,]", "", plain_text)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 12:
        raise row.refusal("n", f"'{plain(plain_text, 50)}' is not a whole number")
    return int(digits)


def counts(row: Row) -> Any:
    """Return the number of a row, or numbers by reason (`Wrong population, 10; Wrong outcome, 5`)."""
    text = row.text("n")
    if ";" not in text and not re.search(r"[^\W\d_]", text):
        return count(row, text)
    reasons: dict[str, int] = {}
    for part in filter(None, map(str.strip, text.split(";"))):
        reason, _, number = re.sub(r"\s*\(?\s*n\s*=\s*([0-9, ]+)\)?$", r", \1", part).rpartition(",")
        if not reason and PLACEHOLDER.fullmatch(part):
            continue
        if (value := count(row, number)) is not None:
            name = plain_name(reason).rstrip(":, ") or "not stated"
            reasons[name] = reasons.get(name, 0) + value
    return reasons or None


def read(content: bytes, name: str) -> Imported:
    """Read the table.

    Raises
    ------
    NotImported
        If it is not one, or no row of it has a number.
    """
    table = read_delimited(content, name)
    table.require(*NEEDED)
    rows: dict[str, Row] = {}
    for row in table.rows:
        key = row.text("data").casefold()
        if key in rows and key in READ:
            raise row.refusal("data", f"a second row '{key}'")
        if key:
            rows.setdefault(key, row)
    values = {key: counts(row) for key, row in rows.items() if key in READ or key in OTHER_METHODS}
    flow: dict[str, Any] = {key: value for key, value in flow_of(values) if value is not None}
    if not flow:
        raise NotImported(
            f"{name}: no row of the flow has a number; its rows are known by the column 'data': {', '.join(sorted(READ))}"
        )
    others = [key for key in OTHER_METHODS if total(values.get(key))]
    left_out = [
        f"{name}: {key} {total(values[key]):,}: reports by other methods have no place in the flow; name them in `review.selection`"
        for key in others
    ]
    return Imported(
        file=name, format="prisma", config={"review": {"flow": flow}}, left_out=left_out, notes=list(table.notes)
    )


def total(value: Any) -> int:
    """Return a count, those by reason added up."""
    return sum(value.values()) if isinstance(value, dict) else value or 0


def flow_of(values: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield each key of `review.flow` with its number, or numbers by source or reason."""
    has_previous = any(total(values.get(key)) for key in PREVIOUS)
    for key, rows in ROWS.items():
        reported = {source: values[row] for row, source in rows if values.get(row) is not None}
        if key in WHOLE and (has_previous or not reported) and values.get(WHOLE[key]) is not None:
            yield key, values[WHOLE[key]]
        elif len(rows) > 1:
            numbers = {source: total(value) for source, value in reported.items()}
            yield key, numbers or None
        elif reported:
            yield key, next(iter(reported.values()))
