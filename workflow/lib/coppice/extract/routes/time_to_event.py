"""The routes from what is reported of times to an event: each module here is one form in which it is."""

from __future__ import annotations

from coppice.extract.curves import curves, rmst
from coppice.extract.route import Route
from coppice.extract.routes import exponential, hazard_ratio, logrank, survival_at_time

MODULES = (hazard_ratio, logrank, curves, survival_at_time, exponential, rmst)


def routes() -> list[Route]:
    """Return the routes of these modules."""
    return [route for module in MODULES for route in module.routes()]
