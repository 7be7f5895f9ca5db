"""Forest rows that answer, tables that are copied and results that are saved."""

from __future__ import annotations

import csv
import io
import json

import pytest

from .conftest import PHONE, REPORT

FIGURE = "#figure-forest-efs"
TIP = f"{FIGURE} [role=tooltip]"
POOLED = REPORT.parents[1] / "pool"


def middles(page):
    """Return the middle of each row that answers, and of each square, as shares of the picture's height."""
    return page.evaluate(f"""() => {{
      const image = document.querySelector('{FIGURE} img');
      const box = image.getBoundingClientRect();
      const svg = new DOMParser().parseFromString(atob(image.src.split(',')[1]), 'image/svg+xml').documentElement;
      const squares = [...svg.querySelectorAll('[id^=square-] path')].map((path) => {{
        const numbers = path.getAttribute('d').match(/[\\d.]+/g).map(Number);
        return (numbers[1] + numbers[5]) / 2 / svg.viewBox.baseVal.height;
      }});
      const rows = [...document.querySelectorAll('{FIGURE} a.row')].map((row) => {{
        const inner = row.getBoundingClientRect();
        return ((inner.top + inner.bottom) / 2 - box.top) / box.height;
      }});
      return [rows, squares];
    }}""")


@pytest.mark.parametrize("width", [PHONE, 1400])
def test_each_row_lies_over_the_square_of_its_study(opened, width):
    rows, squares = middles(opened(width).page)
    pooled, excluded = rows[: len(squares)], rows[len(squares) :]
    assert len(squares) == 5
    assert pooled == pytest.approx(sorted(squares), abs=0.003)
    assert len(excluded) == 1 and excluded[0] > max(squares)


def test_the_row_of_a_study_that_is_not_pooled_says_why(opened):
    page = opened().page
    page.locator(f"{FIGURE} a.row").last.focus()
    text = page.locator(TIP).inner_text()
    assert "TOWER (Kantarjian 2017)" in text and "Not pooled" in text
    assert "without a usable confidence interval" in text


def test_a_row_answers_to_the_pointer_with_its_source_and_closes_when_it_leaves(opened):
    page = opened().page
    assert not page.locator(TIP).is_visible()
    page.locator(f"{FIGURE} a.row", has_text="").nth(1).hover()
    text = page.locator(TIP).inner_text()
    effects = json.loads((POOLED / "efs.json").read_text(encoding="utf-8"))["effects"]
    assert any(effect["label"] in text for effect in effects)
    assert "HR 0.70 (95% CI 0.47 to 1.03)" in text
    assert "hazard ratio with CI" in text
    assert "medicinesresources.nhs.uk" in text
    page.locator(TIP).hover()  # it stays while the pointer is on it
    page.wait_for_timeout(400)
    assert page.locator(TIP).is_visible()
    page.locator(f"{FIGURE} figcaption").hover()
    page.locator(TIP).wait_for(state="hidden")


def test_a_row_answers_to_focus_and_escape_closes_it(opened):
    page = opened().page
    row = page.locator(f"{FIGURE} a.row").first
    row.focus()
    assert page.locator(TIP).is_visible()
    assert row.get_attribute("aria-describedby") == page.locator(TIP).get_attribute("id")
    page.keyboard.press("Escape")
    assert not page.locator(TIP).is_visible()


def test_a_click_opens_the_study(opened):
    page = opened(reduced_motion="reduce").page
    page.locator(f"{FIGURE} a.row").nth(1).click()
    assert page.url.endswith("#study-aall1331-hrir")
    assert page.locator("#study-aall1331-hrir").get_attribute("open") is not None
    assert page.locator("#study-aall1331-hrir").is_visible()


def test_a_touch_shows_the_answer_and_the_next_one_opens_the_study(opened):
    page = opened(PHONE, has_touch=True, reduced_motion="reduce").page
    row = page.locator(f"{FIGURE} a.row").nth(1)
    row.tap()
    assert page.locator(TIP).is_visible()
    assert "#" not in page.url
    row.tap()
    assert page.url.endswith("#study-aall1331-hrir")


def test_the_picture_is_the_file(opened):
    page = opened().page
    content = page.evaluate(f"atob(document.querySelector('{FIGURE} img').src.split(',')[1])")
    assert content.encode("latin-1") == (POOLED.parent / "draw/efs/forest.svg").read_bytes()


def test_a_table_is_copied_as_csv(browser):
    context = browser.new_context(offline=True, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{REPORT.as_uri()}#table-effects-os")
    page.locator(".tools:has(+ .table > #table-effects-os) button").click()
    rows = list(csv.reader(io.StringIO(page.evaluate("navigator.clipboard.readText()"))))
    cells = page.evaluate(
        "[...document.querySelector('#table-effects-os').rows].map((row) => [...row.cells].map((cell) => cell.textContent))"
    )
    assert [[" ".join(cell.split()) for cell in row] for row in rows] == [
        [" ".join(cell.split()) for cell in row] for row in cells
    ]
    context.close()


def test_no_cell_of_a_copied_table_is_a_formula(opened):
    page = opened().page
    csv_of = """(text) => {
      const cell = document.createElement('td');
      cell.textContent = text;
      return csvCell(cell);
    }"""
    assert page.evaluate(csv_of, "=1+1") == "'=1+1"
    assert page.evaluate(csv_of, "-x") == "'-x"
    assert page.evaluate(csv_of, "\N{MINUS SIGN}0.52") == "-0.52"
    assert page.evaluate(csv_of, 'a "b", c') == '"a ""b"", c"'


def test_the_result_of_an_analysis_is_saved_from_the_page(opened):
    found = opened()
    with found.page.expect_download() as saved:
        found.page.locator(".result-data[data-name='os.json']").evaluate(
            "(block) => block.previousElementSibling.querySelector('button').click()"
        )
    assert saved.value.suggested_filename == "os.json"
    assert json.loads(saved.value.path().read_text(encoding="utf-8")) == json.loads(
        (POOLED / "os.json").read_text(encoding="utf-8")
    )
    assert found.complaints == []
