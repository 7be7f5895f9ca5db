"""The page in a real browser: it asks nothing of anyone, leads where it says, sorts, fits, and can be read by everybody."""

from __future__ import annotations

import json
import re

import pytest
from axe_playwright_python.base import AXE_FILE_PATH

from .conftest import DESK, PHONE, REPORT, TABLET, UNFOLD

SORTED = "#table-effects-os"
GRAVE = ("serious", "critical")
# what reaches beyond the window although nothing around it scrolls by itself
BEYOND = """() => [...document.querySelectorAll("body *")]
  .filter((item) => item.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && item.checkVisibility() && !item.closest(".table, .picture, .skip"))
  .map((item) => item.tagName + " " + item.textContent.slice(0, 60))"""
# every column of numbers after its heading was pressed
SORT_EACH = """() => [...document.querySelectorAll("main th.number button")].map((button) => {
  button.click();
  const rows = [...button.closest("table").tBodies[0].rows];
  return rows.map((row) => row.cells[button.parentElement.cellIndex].textContent.trim());
})"""
LUMINANCE = """(of) => getComputedStyle(document.body)[of].match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3"""


def test_nothing_is_asked_of_another_host_and_nothing_is_complained_of(opened):
    found = opened()
    found.page.mouse.wheel(0, 20_000)
    found.page.evaluate(UNFOLD)
    found.page.locator(f"{SORTED} thead button").first.click()
    assert [url for url in found.requests if not url.startswith("data:")] == [REPORT.as_uri()]
    assert found.complaints == []


def test_every_entry_of_the_contents_leads_to_its_heading(opened):
    page = opened(reduced_motion="reduce").page
    links = page.locator("nav a")
    assert links.count() > 20
    for link in links.all():
        link.click()
        target = page.locator(f'[id="{(link.get_attribute("href") or "")[1:]}"]')
        assert link.inner_text() in target.inner_text()
        box = target.bounding_box()
        assert box is not None and -1 <= box["y"] < 900


def test_every_link_within_the_page_has_a_target(opened):
    page = opened().page
    dead = "() => [...document.querySelectorAll('a[href^=\"#\"]')].map((a) => a.getAttribute('href').slice(1)).filter((id) => !document.getElementById(id))"
    assert page.evaluate(dead) == []


def test_the_first_press_of_tab_offers_to_skip_the_contents(opened):
    page = opened().page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")


@pytest.mark.parametrize("by_key", [False, True], ids=["by pointer", "by key"])
def test_a_table_sorts_by_the_heading_that_is_pressed(opened, by_key):
    page = opened().page
    page.evaluate(UNFOLD)
    studies = page.locator(f"{SORTED} tbody th")
    before = studies.all_inner_texts()
    button = page.locator(f"{SORTED} thead button").first
    press = (lambda: button.press("Enter")) if by_key else button.click
    press()
    assert studies.all_inner_texts() == sorted(before)
    assert page.locator(f"{SORTED} th[aria-sort]").get_attribute("aria-sort") == "ascending"
    press()
    assert studies.all_inner_texts() == sorted(before, reverse=True)


def test_numbers_sort_as_numbers_and_what_has_none_comes_last(opened):
    page = opened().page
    page.evaluate(UNFOLD)
    columns = page.evaluate(SORT_EACH)
    assert len(columns) > 100
    for cells in columns:
        found = [leading(cell) for cell in cells]
        known = [number for number in found if number is not None]
        assert known == sorted(known), cells
        assert None not in found[: len(known)], cells


def leading(cell: str) -> float | None:
    """Return the number with which a cell begins, its measure aside."""
    match = re.match(r"(?:[A-Z]+ |< |<)?([\u2212-]?[\d,]*[.\u00b7]?\d+)", cell)
    return float(match[1].replace("\u2212", "-").replace("\u00b7", ".").replace(",", "")) if match else None


def test_a_table_is_copied_as_cells(opened):
    page = opened().page
    page.evaluate(UNFOLD)
    copied = page.evaluate(
        f"() => {{ getSelection().selectAllChildren(document.querySelector('{SORTED}')); return getSelection().toString(); }}"
    )
    rows = [line for line in copied.splitlines() if "\t" in line]
    assert len({line.count("\t") for line in rows}) == 1
    assert len(rows) == 1 + page.locator(f"{SORTED} tbody tr").count()


def test_the_dark_scheme_is_dark_and_the_light_one_light(opened):
    for scheme, is_dark in (("dark", True), ("light", False)):
        page = opened(color_scheme=scheme).page
        paper, ink = page.evaluate(LUMINANCE, "backgroundColor"), page.evaluate(LUMINANCE, "color")
        assert (paper < ink) is is_dark
        assert abs(paper - ink) > 150


@pytest.mark.parametrize("width", [PHONE, TABLET])
def test_a_narrow_page_shows_the_title_first_and_the_contents_when_asked(opened, width):
    page = opened(width).page
    heading = page.locator("h1").bounding_box()
    assert heading is not None and heading["y"] < 200
    page.locator("nav summary").click()
    assert page.locator("nav a").first.is_visible()


def test_the_caption_of_a_table_that_scrolls_can_be_read_without_scrolling(opened):
    page = opened(PHONE).page
    page.evaluate(UNFOLD)
    ends = page.evaluate(
        "() => [...document.querySelectorAll('main caption > span')].map((item) => item.getBoundingClientRect().right)"
    )
    assert len(ends) > 20
    assert max(ends) <= PHONE


@pytest.mark.parametrize("width", [PHONE, TABLET, DESK])
def test_nothing_but_tables_and_figures_scrolls_sideways(opened, width):
    page = opened(width).page
    for _ in ("folded", "unfolded"):
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(BEYOND) == []
        page.evaluate(UNFOLD)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing(opened, width, scheme):
    page = opened(width, color_scheme=scheme).page
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    run = "async () => (await axe.run({resultTypes: ['violations']})).violations"
    found = page.evaluate(run)
    page.evaluate(UNFOLD)
    page.evaluate("document.querySelectorAll('.what-if').forEach((panel) => panel.querySelector('input').click())")
    page.locator("a.row").first.focus()
    found += page.evaluate(run)
    assert [f"{item['id']}: {item['help']}: {json.dumps(item['nodes'][0]['target'])}" for item in found] == []


def test_without_script_everything_is_there(opened):
    page = opened(java_script_enabled=False).page
    with_script = opened().page
    with_script.evaluate("() => document.querySelectorAll('.filter, .scripted').forEach((field) => field.remove())")
    for each in (page, with_script):
        each.evaluate(UNFOLD)
    for part in ("main", "nav"):  # at this width the contents are open with and without
        assert page.locator(part).inner_text().split() == with_script.locator(part).inner_text().split()
    assert page.locator("thead button").count() == 0
    assert all(image.is_visible() for image in page.locator("main img").all())
