"""Routes from an estimate that was reported with a p value only."""

from __future__ import annotations

from coppice.extract.route import Effect, Figure, Formula, Options, Route
from coppice.extract.routes.estimates import REPORTED_AS, transformed
from coppice.extract.routes.p_values import standard_error

P_RANK = 25
ELSEWHERE = ("hazard_ratio", "rmst_difference")  # their routes from p stand with the other routes of time to event
HANDBOOK = "Cochrane Handbook 2019, 6.3.2; 10.1002/9781119536604.ch6"
ASSUMPTIONS = (
    "p tests the same estimate, by a Wald test or one that is close to it",
    "p is printed with enough digits: its rounding passes into the variance",
)


def from_p(measure: str) -> Formula:
    """Return the formula of an estimate with a p value: the standard error is |estimate| / z on the model's scale."""

    def compute(figure: Figure, options: Options) -> Effect:
        yi, notes = transformed(measure, figure)
        error, read = standard_error(yi, figure)
        return Effect(yi, error**2, notes + read)

    return compute


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        Route(
            name=f"{statistic}_p",
            statistic=statistic,
            needs=("estimate", "p"),
            gives={measure: from_p(measure)},
            rank=P_RANK,
            formula="yi on the model's scale; vi = (yi / z)^2; z = Phi^-1(1 - p/2), or Phi^-1(1 - p) where p is one-sided",
            assumptions=ASSUMPTIONS,
            source=HANDBOOK,
        )
        for statistic, (measure, _) in REPORTED_AS.items()
        if statistic not in ELSEWHERE
    ]
