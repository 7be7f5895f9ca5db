"""Routes to a log hazard ratio from a hazard ratio that was reported without interval and standard error."""

from __future__ import annotations

from coppice.core.measures import MEASURES
from coppice.extract.route import Effect, Figure, Options, Route
from coppice.extract.routes.estimates import transformed
from coppice.extract.routes.p_values import standard_error
from coppice.extract.routes.variance import EQUAL_ALLOCATION, EQUAL_AT_RISK, VARIANCES

PARMAR = "Parmar MKB et al. 1998; 10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8"
TIERNEY = "Tierney JF et al. 2007, method {method}; 10.1186/1745-6215-8-16"
P_RANK = 25
ASSUMPTIONS = {
    "events_arms": (EQUAL_AT_RISK,),
    "allocation": ("censoring is alike in both arms, and the hazard ratio is not far from 1",),
    "events": (EQUAL_ALLOCATION,),
}
METHODS = {"events_arms": 4, "events": 5, "allocation": 6}
RANKS = {"events_arms": 20, "allocation": 21, "events": 22}


def from_events(kind: str) -> Route:
    """Return the route from a hazard ratio and events, with the variance of O - E of one kind."""
    variance = VARIANCES[kind]

    def formula(figure: Figure, options: Options) -> Effect:
        yi, notes = transformed("HR", figure)
        return Effect(yi, 1 / variance.of(figure), notes)

    return Route(
        name=f"hazard_ratio_{kind}",
        statistic="hazard_ratio",
        needs=("estimate", *variance.needs),
        gives={"HR": formula},
        rank=RANKS[kind],
        formula=f"yi = ln estimate; vi = 1 / V; V = {variance.formula}",
        assumptions=ASSUMPTIONS[kind],
        source=TIERNEY.format(method=METHODS[kind]),
    )


def from_p(figure: Figure, options: Options) -> Effect:
    """Return the log hazard ratio with the standard error that its p value implies."""
    yi, notes = transformed("HR", figure)
    error, read = standard_error(MEASURES["HR"].scale.forward(figure["estimate"]), figure)
    return Effect(yi, error**2, notes + read)


def routes() -> list[Route]:
    """Return the routes of this module."""
    return [
        *(from_events(kind) for kind in VARIANCES),
        Route(
            name="hazard_ratio_p",
            statistic="hazard_ratio",
            needs=("estimate", "p"),
            gives={"HR": from_p},
            rank=P_RANK,
            formula="yi = ln estimate; vi = (ln estimate / z)^2; z = Phi^-1(1 - p/2), or Phi^-1(1 - p) where p is one-sided",
            assumptions=(
                "p tests the same hazard ratio, by a Wald test or one that is close to it",
                "p is printed with enough digits: its rounding passes into the variance",
            ),
            source=PARMAR,
        ),
    ]
