"""A fitted bivariate model of sensitivity and specificity, whichever its likelihood."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from coppice.pool.kernel.kernel import Array


class NotFitted(ValueError):
    """Why a model of sensitivity and specificity can't be fitted."""


@dataclass(frozen=True, slots=True)
class Designs:
    """The fixed effects: of the logit of sensitivity (k, p) and of that of specificity (k, q)."""

    sensitivity: Array = field(repr=False)
    specificity: Array = field(repr=False)

    @classmethod
    def of(cls, x: Array) -> Designs:
        """Return the same design for both."""
        return cls(x, x)

    @property
    def sizes(self) -> tuple[int, int]:
        """Numbers of coefficients."""
        return self.sensitivity.shape[1], self.specificity.shape[1]


@dataclass(frozen=True, slots=True)
class Bivariate:
    """A fitted model: logits of sensitivity and specificity, normal between studies.

    Attributes
    ----------
    params : (p + q,)
        Coefficients of sensitivity, then of specificity.
    cov_params : (p + q, p + q)
    between : (2, 2)
        Covariance between studies of the logits of sensitivity and specificity.
    log_likelihood : float
    parameters : int
        Number of coefficients, variances and correlations that were estimated.
    converged : bool
    at_bound : bool
        Whether a variance is 0 or the correlation 1 or -1.
    sizes : tuple of int
        p and q.
    theta : (t,)
        Standard deviations and the angle of the correlation, where the search ended.
    """

    params: Array
    cov_params: Array
    between: Array
    log_likelihood: float
    parameters: int
    converged: bool
    at_bound: bool
    sizes: tuple[int, int]
    theta: Array = field(repr=False, default_factory=lambda: np.zeros(0))

    def at(self, row: Array) -> tuple[Array, Array]:
        """Return both logits (2,) at one row of the design that both share, with their covariance (2, 2)."""
        p, q = self.sizes
        lift = np.zeros((2, p + q))
        lift[0, :p], lift[1, p:] = row, row
        return lift @ self.params, lift @ self.cov_params @ lift.T

    @property
    def correlation(self) -> float | None:
        """Correlation between studies; None where a variance is 0."""
        spread = float(np.sqrt(self.between[0, 0] * self.between[1, 1]))
        return float(np.clip(self.between[0, 1] / spread, -1.0, 1.0)) if spread > 0 else None
