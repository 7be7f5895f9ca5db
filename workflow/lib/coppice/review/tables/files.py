"""The rows of each kind of file: every cell as it stands, with the number of its row."""

from __future__ import annotations

import csv
import importlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from coppice.core.errors import BadInput, allowed_values_hint
from coppice.core.extras import EXTRAS, missing
from coppice.core.limits import LARGEST_NUMBER, UNPACKED_BYTES, megabytes
from coppice.review.tables.encoding import text_of
from coppice.review.tables.size import check_archive, check_size, refuse
from coppice.review.tables.values import plain

Cells = list[Any]
DELIMITERS = ("\t", ";", ",")
MOST_REPEATED = 10_000  # an ODS row or cell repeated more often than this is the empty rest of the sheet
SHEET = "studies"
PARQUET_ROWS = 1_000  # that are unpacked at a time


@dataclass(frozen=True, slots=True)
class Source:
    """A file with a table, as it is opened."""

    path: Path
    file: str  # its name, for messages
    sheet: str | None = None  # the sheet that the configuration names
    header: int = 1  # the first row that holds the names of columns, as far as the configuration says
    notes: list[str] = field(default_factory=list)  # what is read otherwise than it stands there


def package(name: str, file: str) -> Any:
    """Import the package of the extra that one kind of file needs."""
    if lack := missing(name):
        raise refuse(file, f"a .{name} file {lack}, or save the table as .csv")
    return importlib.import_module(EXTRAS[name].module)


def delimited(source: Source) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a .csv or .tsv file; the delimiter is the one that the header, the first row with any, has most of."""
    file, text = source.file, text_of(source.path, source.file, source.notes)
    lines = (line for number, line in enumerate(io.StringIO(text), 1) if number >= source.header)
    first = next((line for line in lines if any(sign in line for sign in DELIMITERS)), "")
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    row = 1
    try:
        for cells in reader:
            yield row, list(cells)
            row = reader.line_num + 1
    except csv.Error as error:
        raise refuse(file, f"not a table: {error}", row) from None


def chosen_sheet(names: Sequence[str], filled: Sequence[str], source: Source) -> str:
    """Return the sheet that holds the table: the one asked for, the one called `studies`, or the only one with anything in it."""
    asked = source.sheet or SHEET
    chosen = [name for name in names if plain(name).casefold() == asked.casefold()]
    if source.sheet and not chosen:
        raise refuse(source.file, f"has no sheet '{source.sheet}'; {allowed_values_hint(source.sheet, filled)}")
    if chosen or len(filled) == 1:
        return (chosen or list(filled))[0]
    if not filled:
        raise refuse(source.file, "holds no table")
    message = f"has the sheets {', '.join(filled)}; call the one with the table '{SHEET}', or name it in the configuration: `sheet: {filled[0]}`"
    raise refuse(source.file, message)


def workbook(source: Source) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of an .xlsx file."""
    file = source.file
    openpyxl = package("xlsx", file)
    check_archive(source.path, file)
    try:
        values, formulas = (openpyxl.load_workbook(source.path, data_only=stored) for stored in (True, False))
    except Exception as error:  # openpyxl raises what its zip and XML readers raise
        raise refuse(file, f"not an .xlsx file: {error}") from None
    filled = [
        sheet.title
        for sheet in values.worksheets
        if sheet.max_row > 1 or sheet.max_column > 1 or sheet["A1"].value is not None
    ]
    title = chosen_sheet([sheet.title for sheet in values.worksheets], filled, source)
    check_size(file, values[title].max_row, values[title].max_column)
    for row, (cells, written) in enumerate(zip(values[title].iter_rows(), formulas[title].iter_rows(), strict=True), 1):
        for cell, formula in zip(cells, written, strict=True):
            if cell.value is None and formula.value is not None:
                message = "a formula without a stored value; open the file in a spreadsheet program and save it again"
                raise refuse(file, message, row, cell.column_letter)
        yield row, [shown_percent(cell.value, str(cell.number_format)) for cell in cells]


def shown_percent(value: Any, number_format: str) -> Any:
    """Return a number that the sheet shows as a percentage as it is shown: 0.34 as "34%"; one beyond all floats as text."""
    if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
        return str(value)
    is_percent = "%" in number_format and isinstance(value, int | float) and not isinstance(value, bool)
    return f"{100 * value:.12g}%" if is_percent else value


def ods_value(cell: Any, teletype: Any) -> Any:
    """Return the value of a cell of an .ods file."""
    kind = cell.getAttribute("valuetype")
    if kind in {"float", "currency"}:
        number = float(cell.getAttribute("value"))
        return int(number) if number.is_integer() else number
    if kind == "percentage":
        return shown_percent(float(cell.getAttribute("value")), "%")
    if kind == "boolean":
        return cell.getAttribute("booleanvalue") == "true"
    text = "\n".join(teletype.extractText(child) for child in cell.childNodes)
    return f"{text} (date)" if kind in {"date", "time"} else text


def repeated(node: Any, name: str) -> int:
    """Return how often a row or cell of an .ods file is repeated."""
    count = int(node.getAttribute(name) or 1)
    return 1 if count > MOST_REPEATED else count


def opendocument(source: Source) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of an .ods file."""
    file = source.file
    package("ods", file)
    check_archive(source.path, file)
    opened, table, teletype = (importlib.import_module(f"odf.{name}") for name in ("opendocument", "table", "teletype"))
    try:
        sheets = opened.load(str(source.path)).spreadsheet.getElementsByType(table.Table)
        names = {str(sheet.getAttribute("name") or ""): sheet for sheet in sheets}
        filled = [name for name, sheet in names.items() if teletype.extractText(sheet).strip()]
    except Exception as error:  # odfpy raises what its zip and XML readers raise
        raise refuse(file, f"not an .ods file: {error}") from None
    number = 0
    for row in names[chosen_sheet(list(names), filled, source)].getElementsByType(table.TableRow):
        cells: Cells = []
        blanks = 0  # that stand before the next cell with anything in it; those at the end of a row are never made
        try:
            for cell in row.childNodes:
                value, times = ods_value(cell, teletype), repeated(cell, "numbercolumnsrepeated")
                check_size(file, 1, len(cells) + blanks + times)
                if is_blank(value):
                    blanks += times
                else:
                    cells += [None] * blanks + [value] * times
                    blanks = 0
            times = repeated(row, "numberrowsrepeated")
        except (TypeError, ValueError) as error:  # only a program that isn't a spreadsheet writes such a cell
            raise refuse(file, f"a cell that can't be read: {error}", number + 1) from None
        for following in range(number + 1, number + 1 + times) if cells else ():
            yield following, list(cells)
        number += times


def parquet(source: Source) -> Iterator[tuple[int, Cells]]:
    """Yield the rows of a .parquet file; its header counts as row 1, as in a spreadsheet."""
    file = source.file
    package("parquet", file)
    reader = importlib.import_module("pyarrow.parquet")

    try:
        content = reader.ParquetFile(source.path)
        check_size(file, content.metadata.num_rows, content.metadata.num_columns)
        rows: list[Cells] = [list(content.schema_arrow.names)]
        groups = (content.metadata.row_group(index) for index in range(content.metadata.num_row_groups))
        size, unpacked = 0, max(1, sum(group.total_byte_size for group in groups))
        # a text that the file holds once may stand in every row: no more rows at a time than it can fill
        for batch in content.iter_batches(batch_size=max(1, min(PARQUET_ROWS, UNPACKED_BYTES // unpacked))):
            batch_rows = list(map(list, zip(*(column.to_pylist() for column in batch.columns), strict=True)))
            size += sum(len(cell) for cells in batch_rows for cell in cells if isinstance(cell, str | bytes))
            if max(size, unpacked) > UNPACKED_BYTES:
                raise refuse(file, f"unpacks to more than {megabytes(UNPACKED_BYTES)}")
            rows += batch_rows
    except BadInput:
        raise
    except Exception as error:  # pyarrow raises its own errors, which are of several kinds
        raise refuse(file, f"not a .parquet file: {error}") from None
    for row, cells in enumerate(rows, 1):
        yield row, [int(cell) if isinstance(cell, float) and cell.is_integer() else cell for cell in cells]


READERS: dict[str, Callable[[Source], Iterator[tuple[int, Cells]]]] = {
    ".csv": delimited,
    ".tsv": delimited,
    ".xlsx": workbook,
    ".ods": opendocument,
    ".parquet": parquet,
}


WORKBOOKS = (".xlsx", ".ods")  # files that have sheets
IN_MEMORY = "data (in memory)"  # in place of the name of a file, for a table that is in none


def is_table(file: str | Path) -> bool:
    """Return whether a file's ending is that of a table, or it is none but a table in memory."""
    return Path(file).suffix.lower() in READERS or str(file) == IN_MEMORY


def is_blank(value: Any) -> bool:
    """Return whether a cell holds nothing."""
    return (
        value is None or (isinstance(value, float) and value != value) or (isinstance(value, str) and not value.strip())
    )
