"""Study records: what is read from one, and what is found wrong with one."""

import copy
from typing import Any

import pytest

from coppice.core.errors import BadInput
from coppice.review.record import build

RECORD: dict[str, Any] = {
    "study": "ONE",
    "design": "randomised",
    "reports": {"paper": {"citation": "Somebody 2020"}},
    "outcomes": {
        "os": {
            "reported": [
                {"statistic": "hazard_ratio", "estimate": 0.7, "ci": [0.5, 0.98], "source": {"report": "paper"}},
                {
                    "statistic": "counts",
                    "events_e": 3,
                    "n_e": 10,
                    "events_c": 5,
                    "n_c": 11,
                    "source": {"report": "paper"},
                },
            ]
        }
    },
}


def changed(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    record = copy.deepcopy(RECORD)
    part: Any = record
    for key in path[:-1]:
        part = part[key]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return record


def test_defaults_are_filled_in() -> None:
    study = build(RECORD, "ONE.yaml", {})
    assert (study.label, study.population, study.year, study.risk_of_bias) == ("ONE", "ONE", None, None)


def test_a_characteristic_and_the_studys_own_fields_are_read_alike() -> None:
    study = build(RECORD | {"characteristics": {"setting": "relapse"}}, "ONE.yaml", {})
    assert (study.value("setting"), study.value("design"), study.value("nothing")) == ("relapse", "randomised", None)


FIGURE = ("outcomes", "os", "reported", 0)
COUNTS = ("outcomes", "os", "reported", 1)


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (("study",), "../x", "does not have the form letters, digits"),
        (("study",), ..., "'study' is missing"),
        (("desing",), "randomised", "desing: no such key; did you mean 'design'?"),
        (("design",), "randomized", "did you mean 'randomised'?"),
        (("year",), "2021a", "year: '2021a' is not allowed; write a whole number from 1800 to 2200"),
        (("population",), "ONE//x", "does not have the form a path"),
        (("outcomes", "os", "reported"), {}, "is not a list"),
        ((*FIGURE, "statistic"), "hazard_ration", "did you mean 'hazard_ratio'?"),
        ((*FIGURE, "estimate"), -0.7, "estimate: -0.7 is not allowed; write a number above 0"),
        ((*FIGURE, "estimate"), True, "estimate: True is not allowed"),
        ((*FIGURE, "estimate"), 1e200, "estimate: 1e+200 is outside the supported range"),
        ((*COUNTS, "n_e"), 10**30, "beyond what can be counted"),
        (("characteristics",), {"age": -1e300}, "characteristics.age: -1e+300 is outside the supported range"),
        ((*FIGURE, "estimate"), float("nan"), "estimate: nan is not allowed"),
        ((*FIGURE, "ci"), [0.98, 0.5], "the limits are swapped: 0.98 is above 0.5"),
        ((*FIGURE, "ci"), [0.5, 0.5], "the limits are equal"),
        ((*FIGURE, "ci"), 0.5, "is not a pair"),
        ((*FIGURE, "ci"), [0.75, 0.98], "estimate: 0.7 lies outside its interval 0.75 to 0.98"),
        ((*FIGURE, "p"), "<.001!", "is not allowed; write a number from 0 to 1"),
        ((*FIGURE, "median_e"), 3, "median_e: no such key"),
        ((*FIGURE, "source"), ..., "'source' with its report is missing"),
        ((*FIGURE, "source"), {"report": "papr"}, "did you mean 'paper'?"),
        ((*FIGURE, "population"), "TWO/x", "'TWO/x' is not within the outcome's own 'ONE'"),
        ((*COUNTS, "events_e"), 11, "events_e: 11 events among 10 patients"),
        ((*COUNTS, "events_e"), 2.5, "write a whole number not below 0"),
        ((*COUNTS, "n_e"), 0, "write a whole number not below 1"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(path: tuple[str | int, ...], value: object, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        build(changed(path, value), "ONE.yaml", {})
    assert message in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_all_problems_of_a_record_are_reported_together() -> None:
    record = changed(("design",), "randomized")
    record["outcomes"]["os"]["reported"][0]["ci"] = [2, 1]
    record["outcomes"]["os"]["reported"][1]["events_c"] = 99
    with pytest.raises(BadInput) as caught:
        build(record, "ONE.yaml", {})
    assert len(caught.value.problems) == 3


def test_a_p_value_reported_as_a_bound_is_kept_as_text() -> None:
    study = build(changed((*FIGURE, "p"), "<0.001"), "ONE.yaml", {})
    assert study.outcomes["os"]["reported"][0]["p"] == "<0.001"


def test_the_file_is_named_as_the_study() -> None:
    with pytest.raises(BadInput, match=r"name the file ONE\.yaml"):
        build(RECORD, "TWO.yaml", {}, stem="TWO")
