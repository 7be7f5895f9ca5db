"""The catalogue chooses the studies that have what is asked for, in canonical order."""

from __future__ import annotations

from typing import Any

import pytest

from coppice.core.study import Study
from coppice.review.catalogue import Catalogue, listed


def study(name: str, file: str = "", **characteristics: Any) -> Study:
    return Study(
        study=name,
        label=name,
        year=2000,
        design="randomised",
        population=name,
        characteristics=characteristics,
        arms={},
        reports={},
        outcomes={},
        risk_of_bias=None,
        note=None,
        file=file or f"studies/{name}.yaml",
    )


CATALOGUE = Catalogue(
    (
        study("C", setting="first line", dose=1),
        study("A", setting="relapse", dose=1),
        study("B", file="table.csv", setting="relapse", dose=2),
        study("D", setting=None),
    )
)


@pytest.mark.parametrize(
    "criteria",
    [
        {},
        {"setting": "relapse"},
        {"setting": ["relapse", "first line"], "dose": [1]},
        {"dose": "2"},
        {"study": ["A", "B"]},
        {"year": 2000, "setting": "nowhere"},
        {"unknown": "x"},
    ],
)
def test_the_studies_chosen_are_those_accepted_one_by_one(criteria: dict[str, Any]) -> None:
    assert CATALOGUE.accepted(criteria) == [
        item
        for item in CATALOGUE.studies
        if all(str(item.value(name)) in set(map(str, listed(values))) for name, values in criteria.items())
    ]


def test_the_studies_of_a_table_are_told_from_records() -> None:
    assert CATALOGUE.of_tables == {"B"}
