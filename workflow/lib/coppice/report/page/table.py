"""How a table of the report is built: from rows of cells, or from records with its columns declared as data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from coppice.report.page import html_elements, words
from coppice.report.page.html_elements import Html, absent, tag
from coppice.report.report_data import AnalysisView

T = TypeVar("T")
Row = Sequence[object]
WIDTHS = {  # classes of the columns that hold more than a word
    "Reported": "reported",
    "Reason for choice": "why",
    "Judgement": "why",
    "Read in": "address",
    "Analysed": "entered",
    "Patients": "patients",
    "Person-time": "patients",
    "Patients or person-time": "patients",
    "Report": "entered",
    "Relative effect or difference": "relative",
    "Estimate": "relative",
}
MOST_ROWS = 2_000  # of a table on the page: a browser sorts so many at once
TOO_LONG = f"The table has {{rows:,}} rows and is not shown (limit {MOST_ROWS:,}); see the result files."


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column: its heading, what it prints of a record, and whether that is a number, aligned to the right."""

    heading: str
    cell: Callable[[T], object]
    is_number: bool = False


def number(heading: str, cell: Callable[[T], object]) -> Column[T]:
    """Declare a column of numbers."""
    return Column(heading, cell, is_number=True)


def table_of(caption: object, records: Iterable[T], columns: Sequence[Column[T] | None], *, name: str) -> Html:
    """Build a table with one row for each record; a column that is None is left out."""
    present = [column for column in columns if column]
    numeric = [place for place, column in enumerate(present) if column.is_number]
    rows = [[column.cell(record) for column in present] for record in records]
    return table(caption, [column.heading for column in present], rows, numeric=numeric, name=name)


def analysis_table(
    analysis: AnalysisView, name: str, shows: str, records: Sequence[T], columns: Sequence[Column[T] | None]
) -> Html | None:
    """Build a table of one analysis, whose title the caption begins with; None without records."""
    caption = f"{analysis.title}{shows}"
    return table_of(caption, records, columns, name=f"table-{name}-{analysis.name}") if records else None


def table(
    caption: object, headings: Sequence[str], rows: Iterable[Row], *, numeric: Iterable[int] = (), name: str
) -> Html:
    """Build a table from its cells.

    Parameters
    ----------
    caption : object
        What the table shows.
    headings : sequence of str
        Headings of the columns; the first column heads the rows.
    rows : iterable of sequence
        Cells; text is escaped, None prints as 'not assessed'.
    numeric : iterable of int
        Columns of numbers, aligned to the right.
    name : str
        Id of the table.

    Returns
    -------
    Html
        The table in a region of its own that scrolls sideways on narrow screens.
    """
    right, rows = set(numeric), list(rows)
    if len(rows) > MOST_ROWS:
        return tag("p", caption, f" {TOO_LONG.format(rows=len(rows))}", id=name)

    def cell(column: int, content: object) -> Html:
        kind = "number" if column in right else WIDTHS.get(headings[column].partition(" (")[0])
        text = absent(words.NOT_ASSESSED) if content is None else content
        return tag("th", text, scope="row") if column == 0 else tag("td", text, class_=kind)

    def heading(column: int, text: str) -> Html:
        return tag("th", text, scope="col", class_="number" if column in right else None)

    head = tag("tr", *(heading(i, text) for i, text in enumerate(headings)))
    body = [tag("tr", *(cell(i, content) for i, content in enumerate(row))) for row in rows]
    whole = tag("table", tag("caption", tag("span", caption)), tag("thead", head), tag("tbody", *body), id=name)
    label = html_elements.plain(str(html_elements.escape(caption)))
    return tag("div", whole, class_="table", role="region", tabindex="0", aria_label=label)
