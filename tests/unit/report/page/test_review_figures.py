"""The figures of the review as a whole stand in their sections, each said in words and with its numbers beneath."""

from __future__ import annotations

import re

import pytest
from tests.unit.report import fixtures

from coppice.core.results_layout import REVIEW_FOLDER
from coppice.draw.registry import REVIEW_FIGURES
from coppice.jobs import canonical_json
from coppice.report.page import page, review_figures
from coppice.report.page.figures import PAGE, width_of
from coppice.report.page.html_elements import plain

JUDGED = {"tool": "RoB 2", "domains": {"D1": "low", "D2": "high"}, "overall": "some concerns"}
FLOW = {"identified": {"Databases": 1200, "Registers": 34}, "screened": 814}


@pytest.fixture
def drawn(tmp_path, changed):
    """Return a function that reads the small review with all figures of the review drawn."""

    def read(*, risk_of_bias=JUDGED, flow=None):
        spec = fixtures.specification() | {"figures": list(REVIEW_FIGURES)}
        spec["studies"][0]["risk_of_bias"] = risk_of_bias
        spec["review"]["flow"] = flow
        for name in REVIEW_FIGURES:
            canonical_json.write_text(tmp_path / "results" / "draw" / REVIEW_FOLDER / f"{name}.svg", fixtures.SVG)
        return changed(spec=spec)

    return read


def alternatives(section):
    return dict(re.findall(r'<img [^>]*?alt="([^"]*)"[^>]*?data-figure="_review/(\w+)"', section))


def shown(section):
    return list(alternatives(section).values())


def test_each_figure_stands_in_its_section(drawn):
    review = drawn(flow=FLOW)
    assert shown(page.selection(review)) == ["prisma"]
    assert shown(page.risk_of_bias(review)) == ["risk_of_bias", "risk_of_bias_summary"]
    assert shown(page.findings(review)) == ["summary"]
    assert shown(page.sources(review)) == ["routes_map"]


def test_what_nobody_supplied_is_not_assessed_and_has_neither_section_nor_figure(drawn):
    review = drawn(risk_of_bias=None)
    assert page.risk_of_bias(review) is page.selection(review) is None
    assert "Not assessed: risk of bias" in plain(page.opening(review))


def test_a_review_without_these_figures_has_its_sections_as_before(review):
    assert shown(page.findings(review)) == shown(page.sources(review)) == []
    assert "table-routes" not in page.sources(review)


def test_each_figure_is_said_in_words(drawn):
    review = drawn(flow=FLOW)
    said = {name: review_figures.ALTERNATIVES[name](review) for name in REVIEW_FIGURES}
    assert said["prisma"].startswith("records identified 1,234, records screened 814.")
    assert said["risk_of_bias"].startswith("RoB 2, three studies, overall 1 some concerns, 2 not assessed.")
    assert "Overall survival, HR 0.62 (0.41 to 0.94)." in said["summary"]
    assert said["routes_map"].startswith("three study outcomes in scope of an analysis; three contribute an effect.")


def test_the_map_has_a_table_beneath(drawn):
    text = plain(review_figures.routes_table(drawn()))
    assert "E1910 (Litzow 2024) hazard ratio with CI" in text


def test_a_narrow_figure_keeps_its_size_and_a_wide_one_fills_the_page():
    assert width_of(b'<svg xmlns="x" width="400pt" height="2pt">') == 720
    assert width_of(b'<svg width="800pt">') is None
    assert width_of(fixtures.SVG.encode()) is None
    assert PAGE < 968, "pixels of the text's column on a wide screen"
