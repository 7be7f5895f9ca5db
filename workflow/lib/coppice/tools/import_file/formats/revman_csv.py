"""RevMan's table of "Data and analyses": rows of comparisons, of outcomes and subgroups with their totals, and of studies.

The table of RevMan 5 and that of RevMan Web differ in the names of a few columns.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from coppice.tools.import_file.delimited import Row, Table, column_key, header_of, read_delimited
from coppice.tools.import_file.imported import Imported, NotImported, StoredResult
from coppice.tools.import_file.plain_text import plain
from coppice.tools.import_file.revman.analysis import (
    CONTINUOUS,
    CONTRAST,
    DICHOTOMOUS,
    O_MINUS_E,
    DataRow,
    RevManAnalysis,
)
from coppice.tools.import_file.revman.review import Review

PLACE = ("Comparison Number", "Outcome Number", "Subgroup Number")
NEEDED = (*PLACE, "Name", "Data Type", "Effect Measure", "Total 1", "Total 2")
KINDS = {
    "dic": DICHOTOMOUS,
    "dich": DICHOTOMOUS,
    "dichotomous": DICHOTOMOUS,
    "con": CONTINUOUS,
    "cont": CONTINUOUS,
    "continuous": CONTINUOUS,
    "ipd": O_MINUS_E,
    "oe": O_MINUS_E,
    "oandevariance": O_MINUS_E,
    "oeandvariance": O_MINUS_E,
    "giv": CONTRAST,
    "iv": CONTRAST,
    "genericinversevariance": CONTRAST,
    "contrastlevel": CONTRAST,
}
OTHER = frozenset({"oth", "other"})
BY = "RevMan 5"
LINE = ("Effect Estimate", "CI Start", "CI End")
OTHERS = {"tau2": ("Tau2",), "Q": ("Q", "Chi2"), "df": ("df",), "I2": ("I2(Q)", "I2"), "p": ("P(Z)",)}


@dataclass(slots=True)
class Block:
    """The rows of one outcome."""

    total: Row
    subtotals: dict[int, Row] = field(default_factory=dict)
    studies: list[Row] = field(default_factory=list)


def recognises(content: bytes, name: str) -> bool:
    """Return whether a file has the columns of the table."""
    return header_of(content, name).issuperset(map(column_key, NEEDED))


def place_of(row: Row) -> tuple[int, int, int]:
    """Return the numbers of comparison, outcome and subgroup."""
    numbers = [row.whole(name) for name in PLACE]
    if any(number is not None and not isinstance(number, int) for number in numbers):
        raise row.refusal(PLACE[0], "is not a whole number")
    comparison, outcome, subgroup = (int(number or 0) for number in numbers)
    return comparison, outcome, subgroup


def blocks_of(table: Table) -> tuple[dict[int, str], dict[tuple[int, int], Block]]:
    """Return the names of the comparisons, and the rows of each outcome.

    Raises
    ------
    NotImported
        If a row is of no outcome that came before.
    """
    comparisons: dict[int, str] = {}
    blocks: dict[tuple[int, int], Block] = {}
    for row in table.rows:
        comparison, outcome, subgroup = place_of(row)
        if not outcome:
            comparisons[comparison] = row.text("Name")
        elif row.text("Data Type") and (comparison, outcome) not in blocks:
            blocks[comparison, outcome] = Block(row)
        elif row.text("Data Type") and not subgroup:
            raise row.refusal("Outcome Number", f"a second row of totals of {comparison}.{outcome}")
        elif (block := blocks.get((comparison, outcome))) is None:
            raise row.refusal("Outcome Number", f"no outcome {comparison}.{outcome} with its data type before this row")
        elif subgroup and subgroup not in block.subtotals and is_subtotal(row):
            block.subtotals[subgroup] = row
        else:
            block.studies.append(row)
    return comparisons, blocks


def is_subtotal(row: Row) -> bool:
    """Return whether a row is that of a subgroup: the first of its number, with a data type, or without year and order."""
    return bool(row.text("Data Type")) or not (row.text("Year of study") or row.text("User defined order"))


def read(content: bytes, name: str) -> Imported:
    """Read the table.

    Raises
    ------
    NotImported
        If it is not one.
    """
    table = read_delimited(content, name)
    table.require(*NEEDED)
    comparisons, blocks = blocks_of(table)
    if not blocks:
        raise NotImported(f"{name}: has no row of an outcome, with its data type")
    title = " and ".join(list(filter(None, comparisons.values()))[:3]) or name
    review = Review(name, "revman-csv", plain(title, 200), f"RevMan's table of data and analyses, {plain(name, 100)}")
    for (comparison, outcome), block in blocks.items():
        at = f"Analysis {comparison}.{outcome}, {plain(block.total.text('Name'), 100)}"
        data_type = column_key(block.total.text("Data Type"))
        if data_type in OTHER:
            review.left_out.append(f"{at}: holds texts, not data")
        elif data_type not in KINDS:
            kinds = "DIC, CON, IPD, GIV"
            review.left_out.append(
                f"{at}: data type '{plain(block.total.text('Data Type'), 50)}' is not known; allowed: {kinds}"
            )
        else:
            review.add(analysis_of(comparison, outcome, block, comparisons.get(comparison, "")))
    review.notes += table.notes
    review.notes += list(totals_that_differ(blocks))
    return review.imported()


def analysis_of(comparison: int, outcome: int, block: Block, group: str) -> RevManAnalysis:
    """Return an analysis from its row of totals, its subtotals and its studies."""
    total = block.total
    kind = KINDS[column_key(total.text("Data Type"))]
    names = {number: plain(row.text("Name"), 300) for number, row in block.subtotals.items()}
    random = total.text("Analysis Model").casefold().startswith("random")
    rows = [data_row(row, kind, names) for row in block.studies]
    at = f"Analysis {comparison}.{outcome}"
    parts = {
        names[number]: replace(stored_of(row, f"{at}, subgroup {number}", random=random), subgroups={})
        for number, row in block.subtotals.items()
    }
    return RevManAnalysis(
        group=comparison,
        number=outcome,
        name=total.text("Name") or at,
        group_name=group,
        kind=kind,
        measure=total.text("Effect Measure"),
        method=total.text("Statistical Method"),
        methods=f"{total.text('Statistical Method')}; {total.text('Analysis Model')}",
        random=random,
        overall=not names or any(total.value(name) for name in LINE),
        arms=(total.text("Group Label 1"), total.text("Group Label 2")),
        sides=(total.text("Left Graph Label"), total.text("Right Graph Label")),
        rows=rows,
        stored=replace(stored_of(total, at, random=random), subgroups=parts),
    )


def data_row(row: Row, kind: str, names: dict[int, str]) -> DataRow:
    """Return a study's row."""
    year, subgroup = row.text("Year of study", "Year"), place_of(row)[2]
    printed = row.value("Effect Estimate") if kind == CONTRAST else None
    is_ratio = printed is not None and is_symmetric_in_logs(printed, row.value("CI Start"), row.value("CI End"))
    return DataRow(
        study=row.cells["name"],
        year=int(year) if re.fullmatch(r"(1[89]|2[01])\d\d", year) else None,
        subgroup=names.get(subgroup, f"Subgroup {subgroup}" if subgroup else ""),
        events_e=row.whole("Events 1"),
        n_e=row.whole("Total 1"),
        events_c=row.whole("Events 2"),
        n_c=row.whole("Total 2"),
        mean_e=row.value("Mean 1"),
        sd_e=row.value("SD 1"),
        mean_c=row.value("Mean 2"),
        sd_c=row.value("SD 2"),
        estimate=row.value("GIV Mean", "Estimate") if row.text("GIV Mean", "Estimate") else printed,
        ratio=printed if is_ratio and not row.text("GIV Mean", "Estimate") else None,
        se=row.value("GIV SE") if row.text("GIV SE") else row.value("SE"),
        o_minus_e=row.value("O-E", "O - E"),
        v=row.value("Variance", "Var", "V"),
        footnote=row.text("Footnotes", "Footnote"),
    )


def is_symmetric_in_logs(estimate: float, low: float | None, high: float | None) -> bool:
    """Return whether an interval is symmetric about its estimate as logarithms rather than as it is printed: that of a ratio."""
    if not low or not high or min(estimate, low, high) <= 0:
        return False
    return abs(math.log(low) + math.log(high) - 2 * math.log(estimate)) < abs(low + high - 2 * estimate) / estimate


def stored_of(row: Row, at: str, *, random: bool) -> StoredResult:
    """Return the stored result of a row of totals: 0 (0 to 0) or empty cells mean that none is stored."""
    line = [row.value(name) for name in LINE]
    model = "random" if random else "common"
    if not any(line) or None in line:
        return StoredResult(by=BY, at=at, model=model)
    others = {name: value for name, columns in OTHERS.items() if (value := row.whole(*columns)) is not None}
    if not random:
        others.pop("tau2", None)  # 0 where the model has none
    if between := row.value("Qint"):
        others["Q_between"] = between
    return StoredResult(by=BY, at=at, estimate=line[0], ci_low=line[1], ci_high=line[2], others=others, model=model)


def totals_that_differ(blocks: dict[tuple[int, int], Block]) -> Iterator[str]:
    """Yield a line for each row of totals that is not the sum of its studies: a row may have been read as what it is not."""
    for (comparison, outcome), block in blocks.items():
        for column in ("Total 1", "Total 2"):
            total, parts = block.total.value(column), [row.value(column) for row in block.studies]
            if total and None not in parts and abs(total - added(parts)) > 1e-6 * total:
                yield f"Analysis {comparison}.{outcome}: {column} is {total:g}, and its studies add up to {added(parts):g}"


def added(numbers: Sequence[float | None]) -> float:
    """Return the sum of numbers."""
    return sum(number or 0 for number in numbers)
