"""Routes from a figure by dose: the ratios at its doses, and by itself that of the highest dose against the reference."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from coppice.core.dose_options import CASE_CONTROL, CUMULATIVE_INCIDENCE, INCIDENCE_RATE, RATIOS
from coppice.core.reported_doses import BY_DOSE, DOSE_COUNTS, design_of, references, rows_of
from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route, critical

GREENLAND_LONGNECKER = "Greenland & Longnecker 1992; 10.1093/oxfordjournals.aje.a116237"
RANKS = {DOSE_COUNTS: 22, "dose_ratios": 21}
COLUMN = {CASE_CONTROL: "n", CUMULATIVE_INCIDENCE: "n", INCIDENCE_RATE: "time"}


@dataclass(frozen=True, slots=True)
class Doses:
    """The log ratios of a study at its doses, the reference first.

    Attributes
    ----------
    doses, yi, sei : tuple of float
        Of the reference yi and sei are 0.
    cases, totals : tuple of float or None
        Cases, and persons or person-time; None where one is not reported.
    shared : float or None
        The variance that all crude ratios share with the reference; None for ratios that were reported.
    """

    doses: tuple[float, ...]
    yi: tuple[float, ...]
    sei: tuple[float, ...]
    cases: tuple[float, ...] | None
    totals: tuple[float, ...] | None
    design: str
    shared: float | None


def ordered(figure: Figure) -> list[Mapping[str, Any]]:
    """Return the rows of a figure with the reference first."""
    rows, first = rows_of(figure), references(figure)[0]
    return [rows[first], *rows[:first], *rows[first + 1 :]]


def column(rows: list[Mapping[str, Any]], name: str) -> tuple[float, ...] | None:
    """Return what each dose has of a field; None where one has nothing."""
    values = [row.get(name) for row in rows]
    return None if None in values else tuple(float(value) for value in values if value is not None)


def own_variance(cases: float, total: float, design: str) -> float:
    """Return the variance of the logarithm of the odds, risk or rate at a dose."""
    if design == CASE_CONTROL:
        return 1 / cases + 1 / (total - cases)
    return 1 / cases - (1 / total if design == CUMULATIVE_INCIDENCE else 0.0)


def doses_of(measure: str, figure: Figure) -> Doses:
    """Return the log ratios of a figure by dose; NotEstimable says why it has none."""
    rows, design = ordered(figure), design_of(figure, measure)
    doses = tuple(float(row["dose"]) for row in rows)
    cases, totals = column(rows, "cases"), column(rows, COLUMN[design])
    if figure["statistic"] == DOSE_COUNTS:
        return crude(doses, cases, totals, design)
    z = critical(figure.get("level"))
    yi, sei = [0.0], [0.0]
    for row in rows[1:]:
        yi.append(math.log(row["estimate"]))
        limits = row.get("ci")
        error = row.get("se_log") if limits is None else (math.log(limits[1]) - math.log(limits[0])) / (2 * z)
        if not error:
            raise NotEstimable(f"the dose {row['dose']:g} has neither a standard error nor an interval with a width")
        sei.append(float(error))
    return Doses(doses, tuple(yi), tuple(sei), cases, totals, design, None)


def crude(
    doses: tuple[float, ...], cases: tuple[float, ...] | None, totals: tuple[float, ...] | None, design: str
) -> Doses:
    """Return the crude log ratios of counts."""
    if cases is None or totals is None:
        raise NotEstimable(f"each dose needs `cases` and `{COLUMN[design]}`")
    for dose, a, total in zip(doses, cases, totals, strict=True):
        if not a or (design == CASE_CONTROL and a == total):
            what = "controls" if a else "cases"
            raise NotEstimable(f"there are no {what} at the dose {dose:g}; combine it with the dose beside it")
    rests = [total - a if design == CASE_CONTROL else total for a, total in zip(cases, totals, strict=True)]
    logs = [math.log(a / rest) for a, rest in zip(cases, rests, strict=True)]
    own = [own_variance(a, total, design) for a, total in zip(cases, totals, strict=True)]
    yi = (0.0, *(value - logs[0] for value in logs[1:]))
    sei = (0.0, *(math.sqrt(variance + own[0]) for variance in own[1:]))
    return Doses(doses, yi, sei, cases, totals, design, own[0])


def highest(measure: str, figure: Figure, options: Options) -> Effect:
    """Return the ratio at the highest dose, or at the lowest where the highest is the reference."""
    data = doses_of(measure, figure)
    note = f"the dose {data.doses[-1]:g} against {data.doses[0]:g}"
    return Effect(data.yi[-1], data.sei[-1] ** 2, (note,))


ROUTES = [
    Route(
        name=f"{name}_highest",
        statistic=name,
        needs=("doses",),
        gives={measure: partial(highest, measure) for measure in RATIOS},
        rank=RANKS[name],
        formula=(
            "yi = ln ratio of the crude odds, risks or rates of the highest dose and the reference; vi = sum of their variances"
            if name == DOSE_COUNTS
            else "yi = ln estimate of the highest dose; vi = se_log^2, or ((ln upper - ln lower) / (2 z))^2"
        ),
        assumptions=("the event is rare where odds, risks, rates or hazards stand for one another",),
        source=GREENLAND_LONGNECKER,
    )
    for name in BY_DOSE
]
