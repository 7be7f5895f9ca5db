"""The model of a network: weights of multi-arm studies, weighted least squares on the graph, heterogeneity."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.network.contrasts import Contrasts, variances_of


@dataclass(frozen=True)  # no slots: `cached_property` needs `__dict__`
class Fit:
    """A network fitted with one variance between studies.

    Attributes
    ----------
    data : Contrasts
        The contrasts.
    tau2 : float
        The variance between studies of each contrast; 0 in the common-effect model.
    weights : Array
        The weights of the contrasts, those of multi-arm studies adjusted for their correlation (m,).
    """

    data: Contrasts
    tau2: float
    weights: Array

    @property
    def degrees(self) -> int:
        """The degrees of freedom of Q."""
        return self.data.degrees

    @cached_property
    def parameters(self) -> Array:
        """What the model estimates, over the treatments (n, n - 1): the effects of all against the first."""
        return np.eye(self.data.n)[:, 1:]

    @cached_property
    def inverse(self) -> Array:
        """The pseudo-inverse of the weighted Laplacian of the graph (n, n): L = B'WB, whose null space is constant."""
        b = self.data.incidence
        laplacian = b.T @ (self.weights[:, None] * b)
        return pseudo_inverse(laplacian)

    @cached_property
    def levels(self) -> Array:
        """The effects of the treatments about their mean (n,): L+ B'W y."""
        effects: Array = self.inverse @ (self.data.incidence.T @ (self.weights * self.data.yi))
        return effects

    @cached_property
    def effects(self) -> Array:
        """The effect of each treatment against each other, row against column (n, n)."""
        matrix: Array = self.levels[:, None] - self.levels[None, :]
        return matrix

    @cached_property
    def variances(self) -> Array:
        """The variances of these effects (n, n), 0 on the diagonal: effective resistances of the graph."""
        diagonal = np.diag(self.inverse)
        matrix: Array = diagonal[:, None] + diagonal[None, :] - 2 * self.inverse
        np.fill_diagonal(matrix, 0.0)
        return np.maximum(matrix, 0.0)

    @cached_property
    def fitted(self) -> Array:
        """The contrasts as the network has them (m,)."""
        return self.levels[self.data.one] - self.levels[self.data.other]

    @cached_property
    def hat(self) -> Array:
        """The hat matrix of the contrasts (m, m): B L+ B'W."""
        b = self.data.incidence
        matrix: Array = (b @ self.inverse @ b.T) * self.weights[None, :]
        return matrix

    @cached_property
    def residuals(self) -> Array:
        """The contrasts less the fitted ones (m,)."""
        return self.data.yi - self.fitted

    @cached_property
    def q(self) -> float:
        """Cochran's Q about the network."""
        return float(np.sum(self.weights * self.residuals**2))


def pseudo_inverse(laplacian: Array) -> Array:
    """Return the pseudo-inverse of the Laplacian of a connected graph: (L + J/n)^-1 - J/n."""
    constant = np.full(laplacian.shape, 1.0 / len(laplacian))
    scale = np.trace(laplacian) / len(laplacian)  # so that the sum is well conditioned
    inverse: Array = np.linalg.inv(laplacian + scale * constant) - constant / scale
    return (inverse + inverse.T) / 2


def adjusted_weights(data: Contrasts, tau2: float = 0.0) -> Array:
    """Return the weights of the contrasts (m,): of a multi-arm study those whose Laplacian gives its variances.

    The variances of all pairs of p arms are effective resistances: L+ = -P V P / 2 with the centring matrix P, and the
    weights are the elements of -L (Ruecker & Schwarzer 2014, doi:10.1002/sim.6236).
    """
    weights: Array = 1.0 / (data.vi + tau2)
    for rows, arms in zip(data.rows, data.arms, strict=True):
        if len(arms) > 2:
            variances = variances_of(data, rows, arms, tau2)
            centring = np.eye(len(arms)) - 1.0 / len(arms)
            laplacian = pseudo_inverse(-0.5 * centring @ variances @ centring)
            places = np.searchsorted(arms, data.one[rows]), np.searchsorted(arms, data.other[rows])
            weights[rows] = -laplacian[places]
    return weights


def fit(data: Contrasts, tau2: float = 0.0) -> Fit:
    """Fit a network by weighted least squares."""
    return Fit(data, tau2, adjusted_weights(data, tau2))
