"""How an analysis handles several effects of one study."""

from __future__ import annotations

from dataclasses import dataclass

from coppice.errors import nearest

AGGREGATE = "aggregate"
HANDLINGS = (AGGREGATE, "multilevel", "che")
ROBUST = ("CR1", "CR2")


@dataclass(frozen=True, slots=True)
class Dependence:
    """How the effects of a study are handled.

    Attributes
    ----------
    method : {"aggregate", "multilevel", "che"}
        One effect a study; a three-level model with independent sampling errors; the same with correlated ones.
    rho : float or None
        Correlation of the sampling errors of a study's effects; needed for all but "multilevel", which takes none.
    robust : {"CR1", "CR2"}
        Cluster-robust inference of the three-level models.
    """

    method: str
    rho: float | None = None
    robust: str = "CR2"

    def __post_init__(self) -> None:
        if self.method not in HANDLINGS:
            raise ValueError(f"dependence can't be handled by '{self.method}': {nearest(self.method, HANDLINGS)}")
        if self.robust not in ROBUST:
            raise ValueError(f"there is no cluster-robust method '{self.robust}': {nearest(self.robust, ROBUST)}")
        if self.method == "multilevel" and self.rho is not None:
            raise ValueError("multilevel has independent sampling errors and takes no rho; che has correlated ones")
        if self.method != "multilevel" and (self.rho is None or not 0 <= self.rho < 1):
            raise ValueError(f"{self.method} needs rho, the correlation of a study's effects, from 0 up to below 1")
