"""What a finished `make report` must have left, and what it must say: exit codes alone have been green before."""

from __future__ import annotations

import json
import math
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results"
# BaseLoader: ids such as 20120215 stay text
CONFIG = yaml.load((ROOT / "config" / "config.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
ANALYSES = list(CONFIG["analyses"])
MAIN_ANALYSES = [name for name, item in CONFIG["analyses"].items() if item.get("role", "main") == "main"]
FETCHED = re.compile(r"""(?:\bsrc|<link[^>]+\bhref)\s*=\s*["']?\s*(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import""")


def pooled(analysis: str) -> dict[str, Any]:
    return json.loads((RESULTS / "pool" / f"{analysis}.json").read_text("utf-8"))


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


@pytest.fixture(scope="module")
def html() -> str:
    return (RESULTS / "report" / "report.html").read_text("utf-8")


@pytest.mark.parametrize("analysis", ANALYSES)
def test_every_analysis_has_its_results(analysis: str) -> None:
    wanted = [f"pool/{analysis}.json", f"pool/{analysis}.csv", f"explore/{analysis}.json"]
    wanted += [f"draw/{analysis}/forest.svg"]
    missing = [name for name in wanted if not (RESULTS / name).is_file() or not (RESULTS / name).stat().st_size]
    assert not missing


@pytest.mark.parametrize("analysis", ANALYSES)
def test_every_analysis_pools_what_it_says(analysis: str) -> None:
    result = pooled(analysis)
    assert result["k"] == len(result["effects"]) > 0
    for model in ("random", "common"):
        if result[model] is None:
            assert result["reasons"][model]
            continue
        low, estimate, high = (result[model][key] for key in ("ci_low", "estimate", "ci_high"))
        assert all(map(math.isfinite, (low, estimate, high)))
        assert low < estimate < high
        # a mean with positive weights lies among what it is the mean of
        assert min(e["yi"] for e in result["effects"]) <= estimate <= max(e["yi"] for e in result["effects"])


def test_overall_survival_is_where_it_should_be() -> None:
    result = pooled("os")
    assert (result["measure"], result["scale"]) == ("HR", "log")
    assert result["k"] >= 5
    assert 0.3 < math.exp(result["random"]["estimate"]) < 0.8


@pytest.mark.parametrize("analysis", [name for name in ANALYSES if CONFIG["analyses"][name].get("overall") == "false"])
def test_an_analysis_by_subgroups_only_has_no_total(analysis: str) -> None:
    result = pooled(analysis)
    assert result["random"] is None and result["common"] is None
    assert result["subgroups"]["levels"]


def test_the_report_names_the_review_and_every_analysis(html: str) -> None:
    text = words(html)
    titles = [CONFIG["review"]["title"], *(CONFIG["analyses"][name]["title"] for name in ANALYSES)]
    assert not [title for title in titles if " ".join(title.split()) not in text]


def test_the_report_prints_the_pooled_estimate_of_overall_survival(html: str) -> None:
    assert f"{math.exp(pooled('os')['random']['estimate']):.2f}" in words(html)


def test_the_report_asks_no_other_host_for_anything(html: str) -> None:
    assert not FETCHED.search(html)
    scripts = re.findall(r"<script([^>]*)>", html)
    assert scripts.count("") == 1  # named by its hash in the policy; the others are data
    assert all('type="application/json"' in attributes for attributes in scripts if attributes)


def test_the_report_holds_a_forest_plot_for_every_analysis(html: str) -> None:
    assert html.count("data:image/svg+xml") >= len(ANALYSES)
    assert not re.search(r"<img(?![^>]*\balt=)", html)


def test_the_notebook_ran_without_an_error() -> None:
    notebook = json.loads((RESULTS / "report" / "report.ipynb").read_text("utf-8"))
    outputs = [output for cell in notebook["cells"] for output in cell.get("outputs", [])]
    assert len(outputs) > 10
    assert not [output for output in outputs if output["output_type"] == "error"]


def test_no_result_names_this_machine() -> None:
    names = [path for path in RESULTS.rglob("*") if path.suffix in {".json", ".csv", ".html", ".ipynb", ".svg"}]
    assert len(names) > 10
    assert not [path for path in names if str(ROOT).encode() in path.read_bytes()]
