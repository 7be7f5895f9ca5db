"""Routes to a log hazard ratio from a hazard ratio with events, and the variance of O - E approximated from these."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route
from coppice.extract.routes.estimates import transformed

TIERNEY = "Tierney JF et al. 2007, method {method}; 10.1186/1745-6215-8-16"
RANK = 20


@dataclass(frozen=True, slots=True)
class Variance:
    """One approximation of V, the variance of observed minus expected events: O events, n patients.

    `method` counts from the first of the three in Tierney 2007: 4 with a hazard ratio, 7 with a log-rank test.
    """

    needs: tuple[str, ...]
    formula: str
    of: Callable[[Figure], float]
    method: int
    assumption: str


def from_events_arms(figure: Figure) -> float:
    """Return O_e O_c / O, of the events in each arm."""
    e, c = figure["events_e"], figure["events_c"]
    if e == 0 or c == 0:
        raise NotEstimable("no event in one arm, so the events of each arm give no variance")
    return float(e * c / (e + c))


def from_allocation(figure: Figure) -> float:
    """Return O n_e n_c / (n_e + n_c)^2, of all events and the patients of each arm."""
    e, c = figure["n_e"], figure["n_c"]
    return float(figure["events"] * e * c / (e + c) ** 2)


def from_events(figure: Figure) -> float:
    """Return O / 4, of all events where patients were allocated 1:1."""
    return float(figure["events"] / 4)


VARIANCES: dict[str, Variance] = {
    "events_arms": Variance(
        needs=("events_e", "events_c"),
        formula="O_e O_c / (O_e + O_c)",
        of=from_events_arms,
        method=0,
        assumption="about as many patients are at risk in one arm as in the other",
    ),
    "allocation": Variance(
        needs=("events", "n_e", "n_c"),
        formula="O n_e n_c / (n_e + n_c)^2",
        of=from_allocation,
        method=2,
        assumption="censoring is alike in both arms, and the hazard ratio is not far from 1",
    ),
    "events": Variance(
        needs=("events",),
        formula="O / 4",
        of=from_events,
        method=1,
        assumption="patients were allocated 1:1, and censoring is alike in both arms",
    ),
}


def with_variance(kind: str, rank: int) -> Route:
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
        rank=rank,
        formula=f"yi = ln estimate; vi = 1 / V; V = {variance.formula}",
        assumptions=(variance.assumption,),
        source=TIERNEY.format(method=4 + variance.method),
    )


ROUTES = [with_variance(kind, rank) for rank, kind in enumerate(VARIANCES, start=RANK)]
