"""The variance of observed minus expected events, approximated from numbers of events and patients."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from coppice.extract.route import Figure, NotEstimable

EQUAL_AT_RISK = "about as many patients are at risk in one arm as in the other"
EQUAL_ALLOCATION = "patients were allocated 1:1, and censoring is alike in both arms"


@dataclass(frozen=True, slots=True)
class Variance:
    """One approximation of V, the variance of O - E.

    Attributes
    ----------
    needs : tuple of str
        Fields that must be there.
    formula : str
        The formula in one line; O events, n patients.
    of : callable
        From a figure to V.
    """

    needs: tuple[str, ...]
    formula: str
    of: Callable[[Figure], float]


def from_events_arms(figure: Figure) -> float:
    """Return O_e O_c / O, of the events in each arm."""
    e, c = figure["events_e"], figure["events_c"]
    if e == 0 or c == 0:
        raise NotEstimable("no event in one arm, so that the variance can't be had from the events in each")
    return float(e * c / (e + c))


def from_allocation(figure: Figure) -> float:
    """Return O n_e n_c / (n_e + n_c)^2, of all events and the patients of each arm."""
    e, c = figure["n_e"], figure["n_c"]
    return float(figure["events"] * e * c / (e + c) ** 2)


def from_events(figure: Figure) -> float:
    """Return O / 4, of all events where patients were allocated 1:1."""
    return float(figure["events"] / 4)


VARIANCES: dict[str, Variance] = {
    "events_arms": Variance(("events_e", "events_c"), "O_e O_c / (O_e + O_c)", from_events_arms),
    "allocation": Variance(("events", "n_e", "n_c"), "O n_e n_c / (n_e + n_c)^2", from_allocation),
    "events": Variance(("events",), "O / 4", from_events),
}
