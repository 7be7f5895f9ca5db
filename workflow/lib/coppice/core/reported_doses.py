"""Statistics by dose: one figure that holds what a study reports at each of its doses, a row per dose."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from coppice.core.dose_options import DESIGNS, INCIDENCE_RATE
from coppice.core.reported_fields import (
    ANY,
    COUNT,
    LEVEL,
    POSITIVE,
    Figure,
    Statistic,
    estimate_within_interval,
    statistic,
)
from coppice.core.schema import Choice, Flag, Key, ListOf, Object, Pair

DOSE_COUNTS, DOSE_RATIOS = "dose_counts", "dose_ratios"
BY_DOSE = (DOSE_COUNTS, DOSE_RATIOS)
MOST_DOSES = 50
COUNTED = (
    Key("dose", ANY, "The dose assigned to the category, such as its median", required=True),
    Key("cases", COUNT, "Persons with the event"),
    Key("n", POSITIVE, "Persons, cases included; of a case-control study cases and controls"),
    Key("time", POSITIVE, "Person-time, of incidence rates"),
    Key("reference", Flag(), "true for the dose that the others are compared with"),
)
ESTIMATED = (
    Key("estimate", POSITIVE, "The ratio against the reference dose"),
    Key("ci", Pair(POSITIVE), "Its confidence interval"),
    Key("se_log", POSITIVE, "Standard error of its logarithm, in place of the interval"),
)
DESIGN = Key(
    "dose_design",
    Choice(lambda: DESIGNS),
    "What the numbers count. Default: incidence_rate with `time`, case_control for odds ratios, cumulative_incidence otherwise",
)


def rows_of(figure: Figure) -> list[Mapping[str, Any]]:
    """Return the rows of a figure by dose."""
    return list(figure.get("doses") or ())


def references(figure: Figure) -> list[int]:
    """Return the rows that could be the reference: those marked, or of ratios those without a precision, of counts the first."""
    rows = rows_of(figure)
    if marked := [place for place, row in enumerate(rows) if row.get("reference")]:
        return marked
    if figure["statistic"] == DOSE_COUNTS:
        return [0]
    return [place for place, row in enumerate(rows) if row.get("ci") is None and row.get("se_log") is None]


def doses_rising(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find fewer than two doses, one that is there twice, and doses that do not rise."""
    doses = [row["dose"] for row in rows_of(figure)]
    if len(doses) < 2:
        yield "doses", f"has {len(doses)} dose; a study needs two or more, the reference among them"
    for earlier, later in pairwise(doses):
        if earlier == later:
            yield "doses", f"has the dose {later:g} twice; give each dose one row"
        elif later < earlier:
            yield "doses", f"the doses do not rise: {later:g} comes after {earlier:g}; order the rows by their dose"


def one_reference(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find a figure without a reference dose, or with several, and doses without an estimate."""
    rows, places = rows_of(figure), references(figure)
    if len(rows) < 2:
        return
    if not places:
        yield (
            "doses",
            "has no reference: each dose has an interval or standard error; mark the dose that the others are compared with: `reference: true`",
        )
    if len(places) > 1:
        doses = ", ".join(f"{rows[place]['dose']:g}" for place in places)
        yield (
            "doses",
            f"has several references ({doses}): one dose has no estimate; the others need `estimate` with `ci` or `se_log`",
        )
    for place, row in enumerate(rows):
        if (
            figure["statistic"] == DOSE_RATIOS
            and len(places) == 1
            and place not in places
            and row.get("estimate") is None
        ):
            yield f"doses.{place}", f"the dose {row['dose']:g} has no `estimate`, and it is not the reference"


def dose_by_dose(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find more cases than persons, and an estimate outside its own interval, at any dose."""
    for place, row in enumerate(rows_of(figure)):
        cases, n = row.get("cases"), row.get("n")
        if cases is not None and n is not None and cases > n and design_of(figure, "") != INCIDENCE_RATE:
            yield f"doses.{place}.cases", f"{cases:g} cases among {n:g} persons at the dose {row['dose']:g}"
        for field, message in estimate_within_interval(row):
            yield f"doses.{place}.{field}", message


def design_of(figure: Figure, measure: str) -> str:
    """Return what the numbers of a figure by dose count."""
    if figure.get("dose_design"):
        return str(figure["dose_design"])
    if any(row.get("time") is not None for row in rows_of(figure)):
        return INCIDENCE_RATE
    return DESIGNS[0] if measure == "OR" else DESIGNS[1]


RULES = (doses_rising, one_reference, dose_by_dose)
STATISTICS_BY_DOSE: dict[str, Statistic] = {
    item.name: item
    for item in (
        statistic(
            DOSE_COUNTS,
            "Cases, and persons or person-time, at each dose",
            Key("doses", ListOf(Object(COUNTED), most=MOST_DOSES), "A row per dose, rising"),
            DESIGN,
            rules=RULES,
        ),
        statistic(
            DOSE_RATIOS,
            "A ratio at each dose against a reference dose, which has none",
            Key("doses", ListOf(Object((*COUNTED, *ESTIMATED)), most=MOST_DOSES), "A row per dose, rising"),
            DESIGN,
            LEVEL,
            rules=RULES,
        ),
    )
}
