"""What an edit of a network makes again: the specs that it changes and no other."""

from __future__ import annotations

import pytest

from coppice.plan.plan import Plan

from .conftest import ANALYSIS, load


def specs(planned: Plan) -> dict[tuple[str, str], str]:
    units = {
        ("extract", "/".join(unit)): planned.spec("extract", study=unit[0], outcome=unit[1])
        for unit in planned.extracts
    }
    for verb in ("pool", "explore", "draw"):
        units |= {(verb, name): planned.spec(verb, analysis=name) for name in planned.review.analyses}
    return units


BEFORE = specs(load())


def changed(**overrides: object) -> set[tuple[str, str]]:
    after = specs(load(**overrides))
    return {key for key in BEFORE.keys() | after.keys() if BEFORE.get(key) != after.get(key)}


@pytest.mark.parametrize(
    ("settings", "units"),
    [
        ({"network": {"small_values": "good"}}, {("pool", ANALYSIS)}),
        ({"network": {"reference": "self-help"}}, {("pool", ANALYSIS)}),
        ({"model": {"tau2": "DL"}}, {("pool", ANALYSIS)}),
        ({"explore": {"leave_one_out": False}}, {("explore", ANALYSIS)}),
        ({"multiverse": True}, {("explore", ANALYSIS)}),
        ({"title": "Cessation"}, {("draw", ANALYSIS)}),
        ({"note": "A note"}, set()),
    ],
    ids=["good", "reference", "model", "explore", "multiverse", "title", "note"],
)
def test_an_edit_of_a_network_changes_the_specs_that_read_it(settings, units):
    assert changed(analyses={ANALYSIS: settings}) == units


def test_the_order_of_treatments_changes_no_extract(network):
    planned = network.plan
    assert next(item["treatment"] for item in planned.content("pool", analysis=ANALYSIS)["treatments"]) == "no contact"
    assert all("against" in name for name in planned.content("extract", study="S01", outcome="cessation")["measures"])


def test_a_pairwise_analysis_has_no_kind_in_its_specs():
    planned = load(analyses={"pair": {"outcome": "cessation", "measure": "OR", "compare": ["self-help", "no contact"]}})
    assert "kind" not in planned.content("pool", analysis="pair")
    assert planned.content("pool", analysis=ANALYSIS)["kind"] == "network"
