"""A row of totals among the studies is found by its name and by its numbers, and honest studies are left alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coppice.core.errors import BadInput
from coppice.plan.check import of_review
from coppice.review import review

HEADER = "study,events_e,n_e,events_c,n_c"
STUDIES = ["A,4,20,6,20", "B,3,25,5,25", "C,10,60,14,61"]


def found(folder: Path, *rows: str, header: str = HEADER, measure: str = "RR", **more: Any) -> list[tuple[str, str]]:
    (folder / "studies.csv").write_text("\n".join([header, *rows]) + "\n")
    settings = {
        "review": {"title": "t"},
        "studies": str(folder / "studies.csv"),
        "analyses": {"x": {"measure": measure}},
    }
    findings = of_review(review.load([], settings | more, stop_at_errors=False))
    return [(item["study"], item["check"]) for item in findings if item["accepted"] is None]


@pytest.mark.parametrize(
    "name",
    ["Total", "TOTAL", "Subtotal", "Sub-total (95% CI)", "Total (95% CI)", "Overall", "Pooled", "Pooled estimate", "Summe",
     "Gesamt", "Subtotal adults", "Total events", "Random-effects model", "Overall (I-squared = 20%)", "合计", "Итого"],
)  # fmt: skip
def test_a_study_that_is_called_like_a_total_is_an_error(name: str, tmp_path: Path) -> None:
    assert [check for _, check in found(tmp_path, *STUDIES, f'"{name}",20,90,30,95')] == ["total_by_name"]


@pytest.mark.parametrize(
    "name", ["TOTAL (Jolly 2015)", "Totaro 1999", "TOTAL-ACS", "Poole", "Summers", "Overall-2", "Sumi"]
)
def test_a_study_whose_name_only_begins_like_a_total_is_one(name: str, tmp_path: Path) -> None:
    assert found(tmp_path, *STUDIES, f'"{name}",20,90,30,95') == []


def test_a_row_of_totals_stops_the_review_unless_it_is_excluded_or_accepted(tmp_path: Path) -> None:
    file = tmp_path / "studies.csv"
    file.write_text("\n".join([HEADER, *STUDIES, "Total,20,90,30,95"]) + "\n")
    settings = {
        "review": {"title": "t"},
        "studies": str(file),
        "analyses": {"x": {"measure": "RR"}, "y": {"measure": "OR", "outcome": "x"}},
    }
    with pytest.raises(BadInput) as caught:
        review.load([], settings)
    assert [item.line for item in caught.value.problems] == [5]
    assert "'Total' is a row of totals" in str(caught.value)
    assert "`accept: {Total: {total_by_name: the reason}}` in the configuration" in str(caught.value)
    review.load([], settings | {"accept": {"Total": {"total_by_name": "a trial of this name"}}})
    excluded = {
        name: content | {"exclude": {"Total": "a row of totals"}} for name, content in settings["analyses"].items()
    }  # type: ignore[attr-defined]
    review.load([], settings | {"analyses": excluded})


def test_what_is_accepted_of_a_study_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"accept\.D: no study 'D'"):
        found(tmp_path, *STUDIES, accept={"D": {"total_by_name": "no"}})


def test_totals_and_subtotals_are_found_by_their_sums_wherever_they_lie(tmp_path: Path) -> None:
    below = [
        "A,4,20,6,20",
        "B,3,25,5,25",
        "S1,7,45,11,45",
        "C,10,60,14,61",
        "D,10,40,9,44",
        "S2,20,100,23,105",
        "T,27,145,34,150",
    ]
    totals = [("S1", "total_by_sum"), ("S2", "total_by_sum"), ("T", "total_by_sum")]
    above = [below[index] for index in (6, 2, 0, 1, 5, 3, 4)]
    assert found(tmp_path, *below) == totals
    assert found(tmp_path, *above) == totals


def test_a_subtotal_of_studies_with_one_characteristic_is_found_in_any_order(tmp_path: Path) -> None:
    rows = [
        "A,4,20,6,20,adults",
        "X,7,45,11,45,",
        "C,10,60,14,61,children",
        "B,3,25,5,25,adults",
        "D,10,40,9,44,children",
    ]
    assert found(tmp_path, *rows, header=f"{HEADER},age") == [("X", "total_by_sum")]


def test_totals_of_person_time_and_of_one_group_are_found(tmp_path: Path) -> None:
    rows = ["A,4,20.5,6,20.1", "B,3,25.2,5,25.3", "T,7,45.7,11,45.4"]
    header = "study,events_e,time_e,events_c,time_c"
    assert found(tmp_path, *rows, header=header, measure="IRR") == [("T", "total_by_sum")]
    rows = ["A,40,200", "B,35,250", "T,75,450"]
    assert found(tmp_path, *rows, header="study,events,n", measure="PLO") == [("T", "total_by_sum")]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param(["A,4,20,6,20", "B,8,40,12,40"], id="one study is the double of the other"),
        pytest.param(["A,1,10,1,10", "B,1,10,1,10", "C,2,20,2,20"], id="small round numbers agree by chance"),
        pytest.param(["A,4,20,6,20", "B,3,25,5,25", "C,7,45,11,46"], id="one number differs"),
        pytest.param(["A,0,200,6,210", "B,0,250,5,250", "C,0,450,11,460"], id="no event in one arm of each"),
    ],
)
def test_studies_that_add_up_by_chance_are_left_alone(rows: list[str], tmp_path: Path) -> None:
    assert found(tmp_path, *rows) == []


def test_a_study_that_is_called_as_the_analysis_is_a_row_of_totals(tmp_path: Path) -> None:
    analyses = {"x": {"measure": "RR", "title": "Drug against placebo", "event": "death"}}
    assert found(tmp_path, *STUDIES, "Drug against placebo,20,90,30,95", analyses=analyses) == [
        ("Drug-against-placebo", "total_by_name")
    ]
