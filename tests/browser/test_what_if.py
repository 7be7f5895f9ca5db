"""What if in a real browser: what is looked up is what a run of that configuration gives."""

from __future__ import annotations

import dataclasses
import json

import pytest
import yaml
from axe_playwright_python.base import AXE_FILE_PATH

from coppice.jobs import canonical_json
from coppice.pool.analysis import pool_analysis
from coppice.report.page import words
from coppice.report.read import read_review
from coppice.report.report_data import AnalysisView

from .conftest import DESK, PHONE, REPORT, UNFOLD
from .test_page import GRAVE

RESULTS = REPORT.parents[1]
SPECS = RESULTS.parent / ".snakemake" / "coppice" / "specs"
PANEL = "#analysis-os-what-if"


def panel_of(page, id_=PANEL):
    """Open the panel of an analysis and return it."""
    panel = page.locator(id_)
    panel.locator("summary").click()
    return panel


def status_of(panel):
    """Return the texts of the result by their classes."""
    names = ("change", "estimate", "prediction", "tau2", "I2", "k")
    return {name: panel.locator(f"[role=status] .{name}").inner_text() for name in names}


def run_of(name, lines):
    """Pool an analysis of the shipped review again with the lines of the panel, and return it as the page would print it."""
    asked = next(
        spec
        for file in sorted((SPECS / "pool").glob("*.json"))
        if (spec := json.loads(file.read_text(encoding="utf-8"))).get("analysis") == name
    )
    change = yaml.safe_load(lines)["analyses"][name]
    left = change.get("exclude", {}).keys()
    studies = [study for study in asked["studies"] if study["study"] not in left]
    extracts = [canonical_json.read(RESULTS / f"extract/{study['study']}/{asked['outcome']}.json") for study in studies]
    spec = asked | {"studies": studies, "model": {**asked["model"], **change.get("model", {})}}
    return canonical_json.rounded(pool_analysis(spec, extracts))


PICKS = [
    ("os", ["TOWER"], None, None),
    ("os", ["TOWER", "E1910"], "PM", "Wald"),
    ("efs", [], "DL", "Wald"),
    ("efs", ["AALL1731"], "DL", None),
    ("hsct", ["TOWER"], "PM", "Wald"),
]


@pytest.mark.parametrize(("name", "left", "estimator", "interval"), PICKS)
def test_what_is_looked_up_is_what_a_run_with_the_copied_lines_gives(opened, name, left, estimator, interval):
    page = opened().page
    panel = panel_of(page, f"#analysis-{name}-what-if")
    for study in left:
        panel.locator("label", has_text=study).locator("input").uncheck()
    for select, start in (("estimator", estimator), ("interval", interval)):
        if start:
            options = panel.locator(f".{select} option").all_inner_texts()
            panel.locator(f".{select}").select_option(next(text for text in options if text.startswith(start)))
    shown = status_of(panel)
    result = run_of(name, panel.locator("pre").inner_text())
    newest = max((SPECS / "report" / "page").glob("*.json"), key=lambda file: file.stat().st_mtime)
    report = json.loads(newest.read_text(encoding="utf-8"))
    view = next(each for each in read_review(report, RESULTS).analyses if each.name == name)
    fields = {field.name: getattr(view, field.name) for field in dataclasses.fields(view) if field.init}
    expected = AnalysisView(**fields | {"pool": result})
    assert shown["estimate"] == words.estimate(expected, expected.pool["random"])
    prediction = expected.pool["prediction"]
    assert shown["prediction"] == (words.interval(expected, prediction, "low", "high") if prediction else words.DASH)
    assert shown["tau2"] == words.tau2(expected, expected.pool["heterogeneity"])
    assert shown["I2"] == words.i2(expected, expected.pool["heterogeneity"])
    assert shown["k"] == str(result["k"])


def test_it_begins_with_the_main_analysis_and_leads_back_to_it(opened):
    panel = panel_of(opened().page)
    first = status_of(panel)
    assert first["change"].startswith("The main analysis")
    assert not panel.locator("pre").is_visible()
    panel.locator("input").first.uncheck()
    panel.locator(".estimator").select_option(index=1)
    changed = status_of(panel)
    assert changed != first
    assert changed["change"].startswith("Without TOWER")
    assert first["estimate"] in changed["change"]
    panel.locator(".reset").click()
    assert status_of(panel) == first


def test_it_is_used_by_keys_alone(opened):
    page = opened().page
    page.locator(f"{PANEL} summary").focus()
    page.keyboard.press("Enter")
    for _ in range(3):  # past the two lists
        page.keyboard.press("Tab")
    before = status_of(page.locator(PANEL))
    page.keyboard.press("Space")
    assert status_of(page.locator(PANEL))["change"] != before["change"]


def test_the_drawing_moves_with_the_result(opened):
    panel = panel_of(opened().page)
    points = (
        "() => [...document.querySelectorAll('#analysis-os-what-if .chosen svg svg')].map((item) => item.outerHTML)"
    )
    before = panel.page.evaluate(points)
    panel.locator("input").first.uncheck()
    after = panel.page.evaluate(points)
    assert len(before) == len(after) == 1
    assert before != after
    assert panel.locator(".left-out").count() == 1


def test_without_any_study_there_is_no_number(opened):
    panel = panel_of(opened().page)
    for box in panel.locator("input").all():
        box.uncheck()
    assert {status_of(panel)[name] for name in ("estimate", "prediction", "tau2", "I2")} == {words.DASH}
    assert status_of(panel)["k"] == "0"


def test_an_estimator_offers_only_the_intervals_that_go_with_it(opened):
    panel = panel_of(opened().page)
    panel.locator(".estimator").select_option("Common effect")
    assert panel.locator(".interval option").all_inner_texts() == ["Wald"]
    assert panel.locator(".interval").is_disabled()
    assert status_of(panel)["tau2"] == words.DASH


def test_the_lines_are_copied(browser):
    context = browser.new_context(offline=True, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(REPORT.as_uri())
    panel = panel_of(page)
    panel.locator("input").first.uncheck()
    panel.locator(".copy").click()
    assert panel.locator(".copy").inner_text() == "Copied"
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == panel.locator("pre").inner_text()
    assert set(yaml.safe_load(copied)["analyses"]["os"]["exclude"]) == {"TOWER"}
    context.close()


def test_without_script_and_on_paper_there_is_no_panel(opened):
    page = opened(java_script_enabled=False).page
    assert not page.locator(PANEL).is_visible()
    printed = opened().page
    printed.emulate_media(media="print")
    assert not printed.locator(PANEL).is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(DESK, "light"), (DESK, "dark"), (PHONE, "light"), (PHONE, "dark")])
def test_axe_finds_nothing_grave_while_it_is_in_use(opened, width, scheme):
    page = opened(width, color_scheme=scheme, has_touch=width == PHONE).page
    page.evaluate(UNFOLD)
    panel = page.locator(PANEL)
    panel.locator("input").first.uncheck()
    panel.locator(".estimator").select_option(index=1)
    row = page.locator("#figure-forest-os a.row").first
    row.focus()
    page.evaluate(AXE_FILE_PATH.read_text(encoding="utf-8"))
    around = "async () => (await axe.run({include: [['#analysis-os-what-if'], ['#figure-forest-os']]}, {resultTypes: ['violations']})).violations"
    found = page.evaluate(around)
    assert [f"{item['id']}: {item['nodes'][0]['target']}" for item in found if item["impact"] in GRAVE] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
