"""What `explore` is told, for the shipped review and edits of its configuration."""

from pathlib import Path

import pytest

from coppice.core.errors import BadInput
from coppice.plan import plan

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def planned(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    return lambda **overrides: plan.load([Path("config/config.yaml")], overrides)


def test_the_switches_of_an_analysis_go_over_those_of_the_review(planned):
    found = planned(explore={"gosh": True, "influence": False}, analyses={"os": {"explore": {"influence": True}}})
    assert found.content("explore", analysis="os")["explore"] == {"gosh": True, "influence": True}
    assert found.content("explore", analysis="mrd")["explore"] == {"gosh": True, "influence": False}


def test_what_guards_a_conclusion_carries_what_it_reads_of_the_analysis(planned):
    wanted = {"e_values": {"rare": True}, "fragility": True, "equivalence": True}
    found = planned(analyses={"mrd": {"explore": wanted, "important": 0.8}})
    explored = found.content("explore", analysis="mrd")["explore"]
    assert explored["e_values"] == {"rare": True, "all_randomised": True}  # of the studies with this outcome
    assert explored["equivalence"] == {"important": 0.8}
    assert set(explored["fragility"]) == {"extract"}
    assert not {"e_values", "fragility", "equivalence"} & set(planned().content("explore", analysis="os")["explore"])


def test_cumulative_pooling_by_a_characteristic_carries_its_values(planned):
    found = planned(explore={"cumulative": {"by": "setting"}}).content("explore", analysis="os")["explore"][
        "cumulative"
    ]
    assert found["by"] == "setting" and found["values"]["E1910"] == "first line"


def test_the_extracts_hold_every_measure_and_way_of_the_multiverse(planned):
    varied = {"measure": ["OR", "RD"], "extract": {"half": {"zero_cells": "constant", "zero_value": 0.5}}}
    found = planned(analyses={"mrd": {"multiverse": varied}})
    asked = found.content("explore", analysis="mrd")["multiverse"]["effects"]
    assert [(item["measure"], item["extract"]) for item in asked] == [
        (measure, way) for measure in ("RR", "OR", "RD") for way in ("as analysed", "half")
    ]
    study = found.review.analyses["mrd"].members[0].study
    assert {item["effect"] for item in asked} <= set(found.content("extract", study=study, outcome="mrd")["measures"])


def test_only_a_multiverse_reads_extracts(planned):
    found = planned()
    assert found.reads("explore", analysis="mrd") == [] and found.reads("explore", analysis="os") == found.reads(
        "pool", analysis="os"
    )
    off = planned(analyses={"os": {"multiverse": False}})
    assert off.reads("explore", analysis="os") == [] and "multiverse" not in off.content("explore", analysis="os")


def test_a_rule_leaves_the_studies_with_its_characteristics(planned):
    rules = {"a": {"exclude": ["TOWER"]}, "b": {"include": {"setting": ["first line"]}}}
    found = planned(analyses={"os": {"multiverse": {"studies": rules, "risk_of_bias": [["low", "some concerns"]]}}})
    asked = found.content("explore", analysis="os")["multiverse"]
    assert "TOWER" not in asked["studies"]["a"] and "E1910" in asked["studies"]["b"]
    assert asked["risk_of_bias"] == {"low or some concerns": []}


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ({"explore": {"cumulative": {"by": "settin"}}}, "did you mean 'setting'"),
        ({"multiverse": {"studies": {"x": {"exclude": ["E1911"]}}}}, "no study 'E1911'"),
        ({"multiverse": {"studies": {"x": {"include": {"setting": ["first lin"]}}}}}, "did you mean 'first line'"),
        ({"multiverse": {"studies": {"x": {"include": {"colour": ["red"]}}}}}, "characteristic 'colour'"),
        ({"multiverse": {"tau2": ["REMX"]}}, "'REMX' is not known"),
        ({"explore": {"gosh": {"subsets": 10}}}, "explore.gosh"),
    ],
)
def test_what_nobody_has_is_said_with_the_nearest_name(planned, overrides, said):
    with pytest.raises(BadInput, match=said):
        planned(**overrides)


def test_what_if_knows_the_prediction_interval_that_a_model_names(planned):
    found = planned(analyses={"os": {"model": {"prediction": "HTS"}}})
    assert found.content("explore", analysis="os")["explore"]["what_if"] == {"prediction": "HTS"}
    off = planned(explore={"what_if": False}, analyses={"os": {"model": {"prediction": "HTS"}}})
    assert off.content("explore", analysis="os")["explore"] == {"what_if": False}
