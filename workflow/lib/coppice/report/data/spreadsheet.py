"""Tables for spreadsheets: CSV and XLSX in which no cell of text can become a formula, the same bytes every time."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from coppice.core.csv_cell import escape_formula
from coppice.jobs.canonical_json import rounded
from coppice.jobs.stable_zip import zipped
from coppice.report.data.frame import Frame, Value

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LONGEST_SHEET_NAME = 31  # a limit of Excel
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def to_csv(frame: Frame) -> str:
    """Return a table as CSV; a text that a spreadsheet would run as a formula is preceded by an apostrophe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(escape_formula, frame.columns))  # some are the names of characteristics
    writer.writerows([escape_formula(rounded(value)) for value in row] for row in frame.rows)
    return out.getvalue()


def to_xlsx(frames: Sequence[Frame]) -> bytes:
    """Return tables as the sheets of one workbook; text is stored as text, so that nothing in it is a formula."""
    names = [frame.name[:LONGEST_SHEET_NAME] for frame in frames]
    parts = {
        "[Content_Types].xml": _content_types(len(frames)),
        "_rels/.rels": _relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": _workbook(names),
        "xl/_rels/workbook.xml.rels": _relations(
            {f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(frames) + 1)}
        ),
        **{f"xl/worksheets/sheet{number}.xml": _sheet(frame) for number, frame in enumerate(frames, start=1)},
    }
    return zipped((name, (HEAD + text).encode("utf-8")) for name, text in parts.items())


def _content_types(sheets: int) -> str:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{kind}.worksheet+xml"/>'
        for number in range(1, sheets + 1)
    )
    return (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{overrides}</Types>'
    )


def _relations(targets: Mapping[str, tuple[str, str]]) -> str:
    each = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{each}</Relationships>'


def _workbook(names: Sequence[str]) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>'
        for number, name in enumerate(names, start=1)
    )
    return f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONS}"><sheets>{sheets}</sheets></workbook>'


def _sheet(frame: Frame) -> str:
    rows = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in (frame.columns, *frame.rows))
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    views = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    return f'<worksheet xmlns="{MAIN}">{views}<sheetData>{rows}</sheetData></worksheet>'


def _cell(value: Value) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        text = escape(NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", value))
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f"<c><v>{rounded(value)}</v></c>"
