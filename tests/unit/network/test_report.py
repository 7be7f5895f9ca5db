"""What the report, the exported data and diff say of a network."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coppice.core.number_style import DEFAULT
from coppice.jobs import canonical_json
from coppice.report.data.data_tables import frames
from coppice.report.data.r_script import r_script
from coppice.report.page import page
from coppice.report.page.history import searches
from coppice.report.read import read_review
from coppice.tools.diff.compare import compare
from coppice.tools.diff.kinds import parts_of

from .conftest import ANALYSIS, Network


@pytest.fixture(scope="module")
def review(network: Network, tmp_path_factory: pytest.TempPathFactory):
    results = tmp_path_factory.mktemp("results")
    spec = network.plan.content("report")
    spec["analyses"] = [entry for entry in spec["analyses"] if entry["analysis"] == ANALYSIS]
    canonical_json.write(results / "pool" / f"{ANALYSIS}.json", network.pool)
    canonical_json.write(results / "explore" / f"{ANALYSIS}.json", network.explore)
    for (study, outcome), extract in network.extracts.items():
        canonical_json.write(results / "extract" / study / f"{outcome}.json", {**extract, "made_from": "x"})
    return read_review(spec, results)


def test_a_view_keeps_networks_apart_from_pairwise_analyses(review):
    assert review.analyses == ()
    assert [item.kind for item in review.others] == ["network"]
    assert review.others[0].style is DEFAULT


def test_the_section_of_a_network_has_every_part(review):
    text = str(page.results(review))
    for key in (
        "reference",
        "league",
        "ranks",
        "split",
        "designs",
        "contributions",
        "transitivity",
        "cinema",
        "effects",
    ):
        assert f'id="table-{key}-{ANALYSIS}"' in text, key
    assert "Against no contact (95% CI): group counselling, OR 2.38 (1.15 to 4.94)" in text
    assert "Inconsistency (design-by-treatment interaction, random effects): Q = 4.66 on 7 df, p = 0.70." in text


def test_the_first_screen_and_the_abstract_have_the_effects_against_the_reference(review):
    assert f'id="table-findings-{ANALYSIS}"' in str(page.findings(review))
    assert "24 studies compared four treatments" in str(page.structured_abstract(review))


def test_the_methods_cite_the_model_and_the_checklist_has_the_extension_for_networks(review):
    assert "weighted least squares on the graph of the comparisons" in str(page.method(review))
    assert "PRISMA extension for network meta-analysis" in str(page.checklist(review))


def test_tables_and_the_r_script_repeat_a_network(review):
    by_name = {frame.name: frame for frame in frames(review)}
    assert len(by_name["network_comparisons"].rows) == 6
    assert len(by_name["network_effects"].rows) == 28
    assert "netmeta::netmeta(" in r_script(review)


def test_diff_compares_each_treatment_with_the_reference(network):
    parts = parts_of(ANALYSIS, network.pool)
    other = {**network.pool, "settings": {**network.pool["settings"], "tau2": "DL"}}
    changed = [item for item in compare(parts, parts_of(ANALYSIS, other)) if item.is_changed]
    assert [(item.name, [change.what for change in item.changes]) for item in changed] == [(ANALYSIS, ["tau2"])]
    assert f"{ANALYSIS}: self-help against no contact" in parts


def test_a_living_review_says_that_a_network_has_no_history(review):
    spec = {**review.spec, "history": [{"searched": "2020-01-01", "note": None, "added": []}]}
    text = str(searches(replace(review, spec=spec)))
    assert "it is not for cessation" in text
