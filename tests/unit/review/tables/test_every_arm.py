"""Tables of networks: a row for each arm, or for each comparison."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.unit.review.tables.test_table import figures, load, problems

from coppice.extract.outcome import extract_outcome
from coppice.plan.plan import Plan
from coppice.pool.kinds import pooling
from coppice.tools.new_review.guess import guess

ARMS = """study,treatment,r,n
Ash,placebo,9,140
Ash,drug A,23,140
Ash,drug B,10,138
Birch,drug A,11,78
Birch,drug B,12,85
Cedar,placebo,75,731
Cedar,drug A,36,714
Elm,drug C,4,50
Elm,drug B,9,52
Fir,drug C,7,70
"""
CONTRASTS = """study,treat1,treat2,TE,seTE
Ash,drug A,placebo,-0.21,0.12
Birch,drug B,placebo,-0.35,0.19
Cedar,drug A,drug B,-0.1,0.2
"""
OF_ARMS: dict[str, Any] = {"columns": {"events": "r"}, "arms": {"column": "treatment"}}


def network(folder: Path, text: str, measure: str = "OR", **config: Any) -> Plan:
    analyses = {"effect": {"measure": measure, "network": {"reference": "placebo"}}}
    return load(folder, text, measure, **{"profile": "metafor", "analyses": analyses, **config})


def pooled(plan: Plan) -> Any:
    spec = plan.unit("pool", analysis="effect")
    extracts = {unit: extract_outcome(plan.unit("extract", study=unit[0], outcome=unit[1])) for unit in plan.extracts}
    return pooling(spec).pool(spec, [extracts[unit] for unit in plan.reads("pool", analysis="effect")])


def test_each_row_is_an_arm_of_its_study(tmp_path: Path) -> None:
    plan = network(tmp_path, ARMS, **OF_ARMS)
    assert figures(plan)[0] == {
        "statistic": "arm_counts",
        "arms": {
            "placebo": {"events": 9, "n": 140},
            "drug-A": {"events": 23, "n": 140},
            "drug-B": {"events": 10, "n": 138},
        },
    }
    result = pooled(plan)
    assert [item["treatment"] for item in result["treatments"]] == ["drug A", "drug B", "drug C", "placebo"]
    assert (result["k"], result["multi_arm"]) == (4, ["Ash"])
    (note,) = plan.review.notes
    assert note.endswith("Fir: no other arm beside drug C in row 11, which is not read")


@pytest.mark.parametrize(
    ("header", "rows", "measure", "statistic"),
    [
        ("mean,sd,n", ("5,1,20", "6,1.2,22"), "MD", "arm_means"),
        ("events,time", ("5,100.5", "6,220"), "IRR", "arm_person_time"),
    ],
)
def test_means_and_rates_of_arms_are_read(
    header: str, rows: tuple[str, str], measure: str, statistic: str, tmp_path: Path
) -> None:
    text = f"study,treatment,{header}\nAsh,placebo,{rows[0]}\nAsh,drug,{rows[1]}\n"
    plan = network(tmp_path, text, measure, arms={"column": "treatment"})
    assert figures(plan)[0]["statistic"] == statistic
    assert pooled(plan)["k"] == 1


def test_each_row_may_be_a_comparison_of_its_study(tmp_path: Path) -> None:
    columns, arms = {"yi": "TE", "sei": "seTE"}, {"column": "treat1", "against": "treat2"}
    result = pooled(network(tmp_path, CONTRASTS, "MD", columns=columns, arms=arms))
    assert [effect["treatments"] for effect in result["effects"]] == [
        ["drug A", "placebo"],
        ["drug B", "placebo"],
        ["drug A", "drug B"],
    ]
    assert [effect["yi"] for effect in result["effects"]] == [-0.21, -0.35, -0.1]


def test_a_pairwise_analysis_of_the_same_table_chooses_two_arms(tmp_path: Path) -> None:
    analyses = {"effect": {"measure": "OR", "compare": ["drug A", "placebo"]}}
    plan = load(tmp_path, ARMS, "OR", **OF_ARMS, analyses=analyses)
    assert len(plan.reads("pool", analysis="effect")) == 2


def test_a_treatment_that_is_named_in_two_ways_is_asked_about(tmp_path: Path) -> None:
    text = ARMS.replace("Cedar,placebo", "Cedar,Placbeo")
    (problem,) = problems(
        tmp_path, text, "OR", **OF_ARMS, analyses={"effect": {"measure": "OR", "network": {"reference": "placebo"}}}
    )
    assert "'Placbeo' (in Cedar) is nearly 'placebo'" in problem and "did you mean 'placebo'?" in problem


def test_characteristics_that_differ_between_arms_are_not_read(tmp_path: Path) -> None:
    text = "study,treatment,events,n,age,country\nAsh,placebo,3,40,50,UK\nAsh,drug,2,41,52,UK\n"
    plan = network(tmp_path, text, arms={"column": "treatment"})
    assert plan.review.studies[0].value("country") == "UK"
    assert "age differs between the arms of a study" in plan.review.notes[0]


def guessed(folder: Path, text: str) -> dict[str, Any]:
    file = folder / "table.csv"
    file.write_text(text, "utf-8")
    return guess(file, "config/table.csv").config


def test_a_new_review_of_such_a_table_is_a_network(tmp_path: Path) -> None:
    config = guessed(tmp_path, ARMS)
    assert config["arms"] == {"column": "treatment"}
    assert config["analyses"] == {
        "effect": {"measure": "OR", "network": {"reference": "placebo", "small_values": "good"}}
    }


def test_a_new_review_of_comparisons_is_a_network(tmp_path: Path) -> None:
    config = guessed(tmp_path, CONTRASTS)
    assert config["arms"] == {"column": "treat1", "against": "treat2"}
    assert config["analyses"]["effect"]["network"] == {"reference": "placebo", "small_values": "good"}


def test_a_new_review_reads_the_names_that_other_programs_give_the_columns(tmp_path: Path) -> None:
    """gemtc (study, treatment, responders, sampleSize; mean, std.dev) and netmeta (studlab, treat, event, n or time)."""
    rows = [line.split(",") for line in ARMS.splitlines()[1:]]
    counts = "".join(f"{study},{arm},{events},{n}\n" for study, arm, events, n in rows)
    assert guessed(tmp_path, f"study,treatment,responders,sampleSize\n{counts}")["columns"]["n"] == "sampleSize"
    assert guessed(tmp_path, f"studlab,treat,event,n\n{counts}")["columns"]["events"] == "event"
    assert guessed(tmp_path, f"studlab,treat,event,time\n{counts}")["analyses"]["effect"]["measure"] == "IRR"
    means = "".join(f"{study},{arm},{events}.5,2.{n[0]},{n}\n" for study, arm, events, n in rows)
    assert guessed(tmp_path, f"study,treatment,mean,std.dev,sampleSize\n{means}")["columns"]["sd"] == "std.dev"


def test_arms_without_events_are_named_with_the_method_that_takes_their_counts(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(ARMS.replace("drug C,4,50", "drug C,0,50"), "utf-8")
    (note,) = guess(file, "config/table.csv").notes
    assert note.startswith("1 arms have no event") and "method: MH" in note
