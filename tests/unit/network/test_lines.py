"""How the comparisons of a network are read: in one direction, and all of them where the league table has no room."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from coppice.core.measures import MEASURES
from coppice.core.network_lines import as_read, best_first
from coppice.draw.canvas.style import DEFAULT
from coppice.draw.registry import FIGURES
from coppice.pool.kinds import pooling
from coppice.pool.multivariate.network.effects import of_treatments
from coppice.report.other_view import OtherView
from coppice.report.page import network_tables
from coppice.report.page.network_facts import transitivity

from .conftest import invented


@pytest.fixture(scope="module")
def large():
    spec, extracts = invented(24, 60)
    return pooling(spec).pool(spec, extracts)


def view(pool) -> OtherView:
    return OtherView("network", "x", "Title", "o", MEASURES["OR"], None, pool, {}, {})


def test_split_evidence_reads_each_treatment_against_the_reference_as_the_forest_plot_does(network):
    rows = as_read(network.pool)
    with_reference = [item["treatments"] for item in rows if network.pool["reference"] in item["treatments"]]
    assert with_reference and all(pair[1] == network.pool["reference"] for pair in with_reference)
    text = str(network_tables.split(view(network.pool)))
    assert "group counselling against no contact" in text and "no contact against" not in text


def test_a_league_of_many_treatments_is_a_table_of_all_comparisons_and_no_picture(large):
    text = str(network_tables.league(view(large)))
    assert text.count("<tr>") == 1 + 24 * 23 // 2
    better = {item["treatment"]: place for place, item in enumerate(best_first(large))}
    assert all(
        better[one] < better[other] for one, other in (item["treatments"] for item in as_read(large, by_rank=True))
    )
    figure = FIGURES["league"].draw({"pool": large, "explore": {}}, {"style": DEFAULT, "title": ""}, {})
    assert "league table of 24 treatments have no room for numbers (limit 20)" in figure.description


def test_a_characteristic_that_no_study_has_is_no_column_of_the_transitivity_table(network):
    studies = {effect["study"]: {"year": None, "characteristics": {"setting": None, "dose": 3}} for effect in network.pool["effects"]}  # fmt: skip
    text = str(transitivity(SimpleNamespace(studies=studies), view(network.pool)))
    assert "Year" not in text and "Dose" in text


def test_reasons_in_a_network_name_treatments():
    reason = of_treatments("no event in the control arm", "drug A", "placebo")
    assert reason == "no event with placebo"
    assert (
        of_treatments("every patient of the experimental arm had the event", "drug A", "placebo")
        == "every patient with drug A had the event"
    )


def test_a_transitivity_table_of_studies_without_characteristics_says_so(network):
    studies = {effect["study"]: {"year": None} for effect in network.pool["effects"]}
    text = str(transitivity(SimpleNamespace(studies=studies), view(network.pool)))
    assert "The records hold no characteristics of the studies" in text
