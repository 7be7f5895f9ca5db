"""The registry of routes: every way from a reported figure to an effect, best rank first."""

from __future__ import annotations

from coppice.extract.route import Route
from coppice.extract.routes import (
    arm_means,
    association,
    estimate_p,
    estimates,
    matched_pairs,
    one_group,
    paired_means,
    percentages,
    rates,
    tetrachoric,
    time_to_event,
    two_by_two,
)

MODULES = (
    estimates,
    time_to_event,
    two_by_two,
    percentages,
    tetrachoric,
    matched_pairs,
    arm_means,
    paired_means,
    one_group,
    association,
    rates,
    estimate_p,
)
ROUTES: dict[str, Route] = {
    route.name: route
    for route in sorted(
        (route for module in MODULES for route in module.routes()), key=lambda route: (route.rank, route.name)
    )
}


def routes_from(statistic: str, measure: str) -> list[Route]:
    """Return the routes from a statistic to a measure, best rank first."""
    return [route for route in ROUTES.values() if route.statistic == statistic and measure in route.gives]
