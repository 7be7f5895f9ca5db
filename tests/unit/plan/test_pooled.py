"""What could not be pooled is named, a line for each analysis, in the words of the result files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coppice.extract.outcome import extract_outcome
from coppice.jobs.canonical_json import write
from coppice.plan.plan import Plan
from coppice.plan.pooled import at_the_end, from_extracts, from_results, lines
from coppice.pool.analysis import pool_analysis
from coppice.review import review

HEADER = "study,events_e,n_e,events_c,n_c"
ROWS = ["A,4,20,6,20", "B,3,25,5,25", "Jacobs,0,60,14,61"]


def plan_of(folder: Path, *rows: str, header: str = HEADER, **more: Any) -> Plan:
    (folder / "studies.csv").write_text("\n".join([header, *rows]) + "\n")
    analyses = {"rti": {"measure": "RR", "outcome": "x"}}
    settings = {"review": {"title": "t"}, "studies": str(folder / "studies.csv"), "analyses": analyses} | more
    return Plan(review.load([], settings))


def expected(plan: Plan) -> list[str]:
    extracts = {
        unit: extract_outcome(plan.content("extract", study=unit[0], outcome=unit[1])) for unit in plan.extracts
    }
    return lines(plan.review, from_extracts(plan.review, extracts))


def test_a_study_that_is_not_pooled_is_named_with_its_reason(tmp_path: Path) -> None:
    assert expected(plan_of(tmp_path, *ROWS)) == [
        "rti: 2 of 3 studies pooled; not Jacobs: no event in the experimental arm"
    ]


def test_the_lines_before_a_run_and_after_it_are_the_same(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path, *ROWS, analyses={"rti": {"measure": "RR", "outcome": "x"}, "hr": {"measure": "HR", "outcome": "x"}}
    )
    for name in plan.review.analyses:
        extracts = [
            extract_outcome(plan.content("extract", study=unit[0], outcome=unit[1]))
            for unit in plan.reads("pool", analysis=name)
        ]
        write(tmp_path / f"results/pool/{name}.json", pool_analysis(plan.content("pool", analysis=name), extracts))
    assert lines(plan.review, from_results(plan.review, tmp_path / "results")) == expected(plan)
    assert at_the_end(plan.review, tmp_path / "results") == expected(plan)


def test_nothing_pooled_is_a_warning(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, *ROWS, analyses={"hr": {"measure": "HR", "outcome": "x"}})
    assert expected(plan) == [
        "WARNING: hr: NOTHING POOLED, 0 of 3 studies; A, B and Jacobs: no hazard ratio can be computed from counts"
    ]


def test_what_the_configuration_excludes_is_not_counted(tmp_path: Path) -> None:
    analyses = {"rti": {"measure": "RR", "outcome": "x", "exclude": {"Jacobs": "another drug"}}}
    assert expected(plan_of(tmp_path, *ROWS, analyses=analyses)) == ["rti: all 2 studies pooled"]


def test_a_column_called_like_a_figure_is_said_to_be_a_characteristic(tmp_path: Path) -> None:
    rows = [f"{row},0.2,1" for row in ROWS]
    *_, last = expected(plan_of(tmp_path, *rows, header=f"{HEADER},proportion,setting"))
    assert "studies.csv: proportion: taken for a characteristic" in last


def test_a_column_that_an_analysis_uses_is_a_characteristic_without_a_word(tmp_path: Path) -> None:
    analyses = {"rti": {"measure": "RR", "outcome": "x", "moderators": "proportion"}}
    rows = ["A,4,20,6,20,0.1", "B,3,25,5,25,0.2", "C,7,26,9,25,0.4"]
    assert expected(plan_of(tmp_path, *rows, header=f"{HEADER},proportion", analyses=analyses)) == [
        "rti: all 3 studies pooled"
    ]


def test_a_row_that_adds_up_others_is_named_at_the_end_of_a_run(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "A,4,20,6,20", "B,3,25,5,25", "S,7,45,11,45")
    (line,) = at_the_end(plan.review, tmp_path / "results")
    assert line.startswith("WARNING: the numbers of S (events_e 7, n_e 45, events_c 11, n_c 45) are the sums")
