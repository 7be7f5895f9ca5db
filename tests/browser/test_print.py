"""The page on paper: no row of a table and no figure is cut, and headings of a table are on every page it reaches."""

from __future__ import annotations

import io
import re
from collections import defaultdict

import pypdfium2
import pytest

from .conftest import REPORT

# Marks at the upper and the lower edge of each row and figure, which take no room: where they are printed shows which
# page each edge is on.
MARK = """() => {
  const put = (cell, name, edge) => {
    cell.style.position = "relative";
    const mark = document.createElement("span");
    mark.textContent = name;
    mark.style.cssText = `position:absolute;left:0;${edge}:0;font:4px/1 monospace;white-space:nowrap;color:#000`;
    cell.append(mark);
  };
  document.querySelectorAll("main table").forEach((table, at) => {
    const heading = table.tHead.rows[0].cells[0];
    put(heading, `Q${at}H`, "top");
    if (heading.querySelector("button")) heading.querySelector("button").append(heading.lastChild);
    [...table.tBodies[0].rows].forEach((row, line) => {
      put(row.cells[0], `Q${at}R${line}A`, "top");
      put(row.cells[0], `Q${at}R${line}Z`, "bottom");
    });
  });
  document.querySelectorAll("main figure").forEach((figure, at) => {
    put(figure, `Q${at}FA`, "top");
    put(figure, `Q${at}FZ`, "bottom");
  });
}"""


@pytest.fixture(scope="module")
def printed(browser):
    """Return the pages on which each mark was printed, and how many there were to print."""
    page = browser.new_context(offline=True).new_page()
    page.goto(REPORT.as_uri())
    page.evaluate(MARK)
    rows, figures = page.locator("main tbody tr").count(), page.locator("main figure").count()
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    found = defaultdict(set)
    for number, sheet in enumerate(document):
        text = sheet.get_textpage().get_text_bounded()
        for mark in re.findall(r"Q\d+(?:R\d+[AZ]|H|F[AZ])", text):
            found[mark].add(number)
    page.context.close()
    return found, rows, figures


def test_no_row_and_no_figure_is_cut(printed):
    marks, rows, figures = printed
    begun = {mark for mark in marks if mark.endswith("A")}
    assert len(begun) == rows + figures
    cut = [mark for mark in begun if marks[mark] != marks[f"{mark[:-1]}Z"]]
    assert cut == []


@pytest.mark.parametrize("has_script", [True, False], ids=["with script", "without script"])
def test_what_is_folded_away_is_printed(browser, has_script):
    page = browser.new_context(offline=True, java_script_enabled=has_script).new_page()
    page.goto(REPORT.as_uri())
    document = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    text = " ".join(" ".join(sheet.get_textpage().get_text_bounded() for sheet in document).split())
    captions = page.locator("details table caption").all_text_contents()
    begun = [" ".join(caption.split())[:50] for caption in captions]  # a page may end within a long one
    assert len(begun) > 30
    assert [start for start in begun if start not in text] == []
    assert page.locator("main details[open]").count() == 0
    page.context.close()


def test_the_headings_of_a_table_are_on_every_page_that_it_reaches(printed):
    marks, _, _ = printed
    reached = defaultdict(set)
    for mark, pages in marks.items():
        if "R" in mark:
            reached[mark.partition("R")[0]] |= pages
    assert any(len(pages) > 1 for pages in reached.values())
    assert [table for table, pages in reached.items() if not pages <= marks[f"{table}H"]] == []
