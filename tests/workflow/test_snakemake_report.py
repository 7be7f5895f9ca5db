"""`snakemake --report`: works without a network, and shows every figure and table with caption and labels."""

from __future__ import annotations

import json
import re
import zipfile
from typing import Any

import pytest

from .conftest import Review

pytestmark = pytest.mark.whole
NO_NETWORK = {"https_proxy": "http://127.0.0.1:9", "http_proxy": "http://127.0.0.1:9"}
FORMS_OF_RESULTS = (".svg", ".csv", ".xlsx", ".html")


@pytest.fixture(scope="module")
def page(finished: Review, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the page, made without a network."""
    review = finished.copy(tmp_path_factory.mktemp("report") / "review")
    review.snakemake("--report", "report.html", **NO_NETWORK)
    return review.path("report.html").read_text("utf-8")


def said(page: str, variable: str) -> Any:
    """Return what the page holds in one of its variables."""
    start = re.search(rf"var {variable} = (?={{)", page)
    assert start, f"the page has no {variable}"
    return json.JSONDecoder().raw_decode(page, start.end())[0]


def test_the_report_of_snakemake_shows_every_figure_and_table_with_caption_and_labels(page: str) -> None:
    assert "Blinatumomab versus chemotherapy" in page
    results = said(page, "results")
    for analysis in ("efs", "os", "crs"):
        for name in (f"draw/{analysis}/forest.svg", f"draw/{analysis}/funnel.svg", f"pool/{analysis}.csv"):
            assert results[f"results/{name}"]["labels"]["analysis"] == analysis
    assert {"results/report/report.html", "results/report/tables.xlsx", "results/report/tables/effects.csv"} <= set(
        results
    )
    assert [name for name, shown in results.items() if not shown["caption"] or not shown["labels"]] == []
    assert [name for name in results if not name.endswith(FORMS_OF_RESULTS)] == []
    for name in ("summary", "routes_map"):
        assert results[f"results/draw/_review/{name}.svg"]["labels"] == {"analysis": "all", "figure": name}
    assert "Forest plot of the analysis" in results["results/draw/os/forest.svg"]["caption"]
    assert set(said(page, "categories")) == {"Report", "Figures", "Tables"}


def test_the_report_of_snakemake_has_the_graph_of_the_rules_and_how_long_each_step_took(page: str) -> None:
    graph = said(page, "rulegraph_spec")
    rules = {"extract", "pool", "explore", "draw", "report"}
    assert rules <= {name for name in rules if f'"{name}"' in json.dumps(graph)}
    times = said(page, "runtimes_spec")["data"]["values"]
    assert rules <= {job["rule"] for job in times}
    assert all(job["runtime"] > 0 for job in times)


def test_the_report_of_snakemake_is_also_an_archive(review: Review) -> None:
    review.snakemake("--report", "report.zip", **NO_NETWORK)
    with zipfile.ZipFile(review.path("report.zip")) as archive:
        names = archive.namelist()
        assert archive.testzip() is None
    assert any(name.endswith("report.html") for name in names)
    assert any("forest" in name for name in names)
