"""The three layers in a browser: what the first screen shows, how long the page is, and how its folds open."""

from __future__ import annotations

import pytest

from .conftest import REPORT

HEIGHT = "document.documentElement.scrollHeight"
MOST = 12_000  # pixels of the page with its folds closed, at this width
WIDTH = 1280


def test_the_first_screen_shows_the_question_and_all_outcomes(opened):
    page = opened(WIDTH).page
    for part in (".question-line", "#figure-summary-review img", "#findings"):
        box = page.locator(part).bounding_box()
        assert box is not None and box["y"] + box["height"] <= 900
    rows = page.locator("#table-findings tbody tr")
    seen = [box["y"] + box["height"] <= 900 for box in (row.bounding_box() for row in rows.all()) if box]
    assert sum(seen) >= len(seen) / 2  # the table stands beside the figure


@pytest.mark.parametrize("width", [375, 390, 768])
def test_the_summary_figure_is_whole_on_a_narrow_screen(opened, width):
    page = opened(width).page
    figure, picture = (page.locator(f"#figure-summary-review {part}").bounding_box() for part in (".picture", "img"))
    assert figure is not None and picture is not None
    assert picture["x"] >= figure["x"] and picture["x"] + picture["width"] <= figure["x"] + figure["width"]


def test_a_phone_shows_the_question_and_the_findings_first(opened):
    page = opened(390).page
    page.set_viewport_size({"width": 390, "height": 844})
    for part in ("h1", ".question-line", "#findings"):
        box = page.locator(part).bounding_box()
        assert box is not None and box["y"] + box["height"] <= 844


def test_the_page_is_short_with_its_folds_closed(opened):
    assert opened(WIDTH).page.evaluate(HEIGHT) <= MOST


@pytest.mark.parametrize(
    "target", ["study-tower", "table-effects-os", "analysis-os-excluded", "methods", "reference-3"]
)
def test_an_address_opens_the_folds_that_hold_it(opened, target):
    page = opened(WIDTH, reduced_motion="reduce").page
    page.goto(f"{REPORT.as_uri()}#{target}")
    place = page.locator(f'[id="{target}"]')
    assert place.is_visible()
    assert place.evaluate(
        "(item) => { let at = item.closest('details'); while (at) { if (!at.open) return false; at = at.parentElement.closest('details'); } return true; }"
    )
    box = place.bounding_box()
    assert box is not None and -1 <= box["y"] < 900


def test_a_link_opens_its_target_again_after_it_was_closed(opened):
    page = opened(WIDTH, reduced_motion="reduce").page
    for _ in range(2):
        page.locator('nav a[href="#methods"]').click()
        fold = page.locator("details:has(> summary > #methods)")
        assert fold.evaluate("(item) => item.open")
        fold.evaluate("(item) => { item.open = false; }")


def test_a_fold_opens_by_key(opened):
    page = opened(WIDTH).page
    summary = page.locator("#analysis-os-sensitivity > summary")
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator("#table-leave-one-out-os").is_visible()


def test_the_rows_of_a_table_are_filtered_by_what_is_typed(opened):
    page = opened(WIDTH).page
    page.goto(f"{REPORT.as_uri()}#studies")
    field = page.locator("details:has(> summary > #studies) input[type=search]")
    rows = page.locator("#table-studies tbody tr")
    every = rows.count()
    field.fill("tower")
    assert rows.locator("visible=true").count() == 1
    field.fill("")
    assert rows.locator("visible=true").count() == every


def test_a_study_of_the_table_leads_to_its_data(opened):
    page = opened(WIDTH, reduced_motion="reduce").page
    page.goto(f"{REPORT.as_uri()}#studies")
    page.locator('#table-studies a[href="#study-tower"]').click()
    assert page.locator("#table-trace-tower").is_visible()
