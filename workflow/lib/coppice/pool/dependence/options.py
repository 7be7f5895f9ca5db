"""How an analysis handles several effects of one study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from coppice.core.errors import allowed_values_hint
from coppice.pool.options import DEPENDENCE_METHODS, ROBUST_METHODS

AGGREGATE = "aggregate"
CORRELATED = "ce"
HIERARCHICAL = "he"
BY_MOMENTS = (CORRELATED, HIERARCHICAL)  # the working models of robust variance estimation
INDEPENDENT = ("multilevel", HIERARCHICAL)  # of sampling errors within a study
HANDLINGS = tuple(DEPENDENCE_METHODS)
ROBUST = tuple(ROBUST_METHODS)
RHOS = (0.0, 0.2, 0.4, 0.6, 0.8)  # over which results are shown, as rho is seldom known


@dataclass(frozen=True, slots=True)
class Dependence:
    """How the effects of a study are handled.

    `method`: one effect per study ("aggregate"); a three-level model with independent sampling errors ("multilevel") or
    with correlated ones ("che"); the working models of robust variance estimation: of correlated effects, with a
    variance between studies alone ("ce"), and of hierarchical ones, with variances between and within studies ("he").
    `rho`: correlation of the sampling errors of a study's effects; needed for all but "multilevel" and "he", which take none.
    `robust`: cluster-robust inference of all but "aggregate". `rhos`: the correlations for which results are given
    beside the main one.
    """

    method: str
    rho: float | None = None
    robust: str = "CR2"
    rhos: Sequence[float] = RHOS

    def __post_init__(self) -> None:
        if self.method not in HANDLINGS:
            raise ValueError(
                f"dependence can't be handled by '{self.method}': {allowed_values_hint(self.method, HANDLINGS)}"
            )
        if self.robust not in ROBUST:
            raise ValueError(
                f"there is no cluster-robust method '{self.robust}': {allowed_values_hint(self.robust, ROBUST)}"
            )
        if self.method in INDEPENDENT and self.rho is not None:
            other = "che" if self.method == "multilevel" else "ce"
            raise ValueError(
                f"{self.method} has independent sampling errors and takes no rho; {other} has correlated ones"
            )
        if self.method not in INDEPENDENT and (self.rho is None or not 0 <= self.rho < 1):
            raise ValueError(f"{self.method} needs rho, the correlation of a study's effects, from 0 up to below 1")
        if not all(0 <= rho < 1 for rho in self.rhos):
            raise ValueError("rhos are correlations of a study's effects, from 0 up to below 1")

    @property
    def is_three_level(self) -> bool:
        """Whether the effects of a study enter one by one, in a three-level model or one of robust variance estimation."""
        return self.method != AGGREGATE


def is_three_level(settings: Mapping[str, object]) -> bool:
    """Return whether a result, by its settings, is of a three-level model; of aggregated effects it is an ordinary one."""
    return settings.get("dependence") in HANDLINGS and settings["dependence"] != AGGREGATE


OPTIONS = tuple(field.name for field in fields(Dependence))


def dependence_of(options: Mapping[str, Any] | None) -> Dependence | None:
    """Return how an analysis handles several effects of a study, or None if it has no such options.

    ValueError for an unknown option or value names the nearest.
    """
    if not options:
        return None
    for option in options:
        if option not in OPTIONS:
            raise ValueError(f"dependence has no option '{option}': {allowed_values_hint(option, OPTIONS)}")
    return Dependence(**{"method": ""} | dict(options))
