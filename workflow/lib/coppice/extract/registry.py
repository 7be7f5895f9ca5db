"""The registry of routes: every way from a reported figure to an effect, best rank first."""

from __future__ import annotations

from coppice.extract.curves import curves, rmst
from coppice.extract.route import Route
from coppice.extract.routes import (
    arm_means,
    association,
    diagnostic,
    doses,
    estimates,
    exponential,
    hazard_ratio,
    logrank,
    matched_pairs,
    one_group,
    paired_means,
    percentages,
    rates,
    survival_at_time,
    tetrachoric,
    two_by_two,
)

TIME_TO_EVENT = (hazard_ratio, logrank, curves, survival_at_time, exponential, rmst)
COUNTS = (two_by_two, doses, percentages, tetrachoric, matched_pairs, rates, diagnostic)
MEANS = (arm_means, paired_means, one_group, association)
MODULES = (estimates, *TIME_TO_EVENT, *COUNTS, *MEANS)
ROUTES: dict[str, Route] = {
    route.name: route
    for route in sorted(
        (route for module in MODULES for route in module.ROUTES), key=lambda route: (route.rank, route.name)
    )
}


def routes_from(statistic: str, measure: str) -> list[Route]:
    """Return the routes from a statistic to a measure, best rank first."""
    return [route for route in ROUTES.values() if route.statistic == statistic and measure in route.gives]
