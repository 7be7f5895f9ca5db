"""Tables with a row for each arm."""

from __future__ import annotations

import math
import statistics
from pathlib import Path
from typing import Any

import pytest
from tests.unit.review.tables.test_table import effects, figures, load, problems

from coppice.core.errors import BadInput
from coppice.extract.outcome import extract_outcome
from coppice.plan.plan import Plan
from coppice.pool.analysis import pool_analysis

TRIALS = """trial,drug,dose,responders,randomised,weeks
A,ulo,50,6,40,12
A,ulo,75,8,40,12
A,placebo,0,3,41,12
B,Ulo,50,16,60,6
B,placebo,0,13,61,6
C,risperidone,2,9,50,6
C,placebo,0,3,50,6
"""
COLUMNS = {"study": "trial", "events": "responders", "n": "randomised"}
ARMS = {"column": "drug", "experimental": "ulo", "control": "placebo"}


def pairs(folder: Path, several: str | None = None, text: str = TRIALS, measure: str = "OR", **config: Any) -> Plan:
    arms = ARMS | ({"several": several} if several else {})
    return load(folder, text, measure, **{"columns": COLUMNS, "arms": arms, **config})


def pool(plan: Plan) -> dict[str, Any]:
    units = plan.reads("pool", analysis="effect")
    extracts = [extract_outcome(plan.content("extract", study=study, outcome=outcome)) for study, outcome in units]
    return dict(pool_analysis(plan.content("pool", analysis="effect"), extracts))


def test_experimental_arms_are_added_together(tmp_path: Path) -> None:
    plan = pairs(tmp_path, "combine")
    assert figures(plan)[0] == {
        "statistic": "counts",
        "combine_e": [{"events": 6, "n": 40}, {"events": 8, "n": 40}],
        "events_c": 3,
        "n_c": 41,
    }
    assert effects(plan, "OR")[0] == pytest.approx(math.log(14 * 38 / (66 * 3)), rel=1e-14)


def test_what_is_left_out_or_added_together_is_told(tmp_path: Path) -> None:
    notes = [note.split("studies.csv: ")[1] for note in pairs(tmp_path, "combine").review.notes]
    assert notes == [
        "rows of other arms not read, with their number: risperidone (1)",
        "A: rows 2, 3 are added together as the experimental arm",
        "A: dose of the arms that are added together differ, and are not read",
        "C: no row of the experimental arm beside row 8, which is not read",
    ]


def test_a_comparison_has_the_characteristics_of_its_experimental_arm_and_the_names_of_both(tmp_path: Path) -> None:
    study = pairs(tmp_path, "combine").review.study("B")
    assert study.characteristics == {"dose": 50, "weeks": 6}
    assert study.arms == {"experimental": {"name": "Ulo"}, "control": {"name": "placebo"}}


def test_means_of_arms_are_combined_as_if_each_patient_were_known(tmp_path: Path) -> None:
    low, high, placebo = [3.0, 5.0, 7.0, 8.0], [6.0, 9.0, 9.5], [2.0, 4.0, 4.5, 6.0]
    rows = "".join(
        f"A,{drug},{statistics.mean(values)!r},{statistics.stdev(values)!r},{len(values)}\n"
        for drug, values in (("low", low), ("high", high), ("placebo", placebo))
    )
    arms = {"column": "drug", "experimental": ["low", "high"], "control": "placebo", "several": "combine"}
    plan = load(tmp_path, f"study,drug,mean,sd,n\n{rows}", "MD", arms=arms)
    assert effects(plan, "MD") == pytest.approx([statistics.mean(low + high) - statistics.mean(placebo)], rel=1e-12)
    (effect,) = pool(plan)["effects"]
    expected = statistics.variance(low + high) / 7 + statistics.variance(placebo) / 4
    assert effect["vi"] == pytest.approx(expected, rel=1e-12)


def test_the_control_arm_is_split_among_the_comparisons(tmp_path: Path) -> None:
    plan = pairs(tmp_path, "split")
    assert [figure.get("split_c") for figure in figures(plan)] == [2, 2, None]
    result = pool(plan)
    assert [effect["label"] for effect in result["effects"]] == ["A, ulo 1", "A, ulo 2", "B"]
    assert result["effects"][0]["vi"] == pytest.approx(1 / 6 + 1 / 34 + 1 / 1.5 + 1 / 19, rel=1e-12)


def test_comparisons_with_the_whole_control_arm_have_its_covariance(tmp_path: Path) -> None:
    dependent = {"effect": {"measure": "OR", "dependence": {"method": "multilevel"}}}
    result = pool(pairs(tmp_path, "whole", analyses=dependent))
    assert result["k"] == 3
    assert "Effects of one study share a control arm, which determines their covariance: A." in result["warnings"]


def test_comparisons_with_the_whole_control_arm_are_never_taken_for_independent(tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match="are both marked `use`; mark one, or choose by `dependence` how they are handled"
    ):
        pairs(tmp_path, "whole")


def test_several_experimental_arms_need_a_word_on_what_becomes_of_them(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, TRIALS, "OR", columns=COLUMNS, arms=ARMS)
    assert problem == (
        ":3: drug: the study has several rows of the experimental arm (2, 3); say what becomes of them, "
        "as `arms: {..., several: combine}`; allowed: combine, split, whole"
    )


def test_rows_of_several_outcomes_are_paired_outcome_by_outcome(tmp_path: Path) -> None:
    text = "study,drug,outcome,events,n\nA,ulo,death,1,40\nA,placebo,death,2,41\nA,ulo,relapse,6,40\nA,placebo,relapse,3,41\n"
    analyses = {"death": {"measure": "OR"}, "relapse": {"measure": "OR"}}
    plan = pairs(tmp_path, text=text, columns={"ignore": []}, analyses=analyses)
    assert [figures(plan, outcome)[0]["events_c"] for outcome in analyses] == [2, 3]


def test_two_times_of_an_arm_are_not_added_together(tmp_path: Path) -> None:
    text = "study,drug,weeks,events,n\nA,ulo,6,1,40\nA,placebo,6,2,41\nA,ulo,12,6,40\nA,placebo,12,3,41\n"
    (problem,) = problems(tmp_path, text, "OR", arms=ARMS | {"several": "combine"})
    assert "several rows of the control arm (3, 5); read one of them by `where`" in problem


def test_an_arm_without_a_figure_is_not_added_and_told(tmp_path: Path) -> None:
    plan = pairs(tmp_path, "combine", text=TRIALS.replace("75,8,40", "75,,"))
    assert figures(plan)[0] == {"statistic": "counts", "events_e": 6, "n_e": 40, "events_c": 3, "n_c": 41}
    assert any(
        "A: row 3 has no figure, so it is not added to the experimental arm" in note for note in plan.review.notes
    )


def test_a_table_with_a_row_for_each_arm_is_recognised(tmp_path: Path) -> None:
    first, _ = problems(tmp_path, TRIALS, "OR", columns=COLUMNS)
    assert first == (
        ":1: the sizes and 2 of 3 other columns differ between the rows of a study: is this a table with one row per arm? "
        "Then write `arms: {column: drug, experimental: ..., control: ...}`"
    )
