"""Orthonormal bases of designs, so that no nearly singular X'WX is ever inverted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from coppice.pool.kernel.kernel import Array

PASSES = 2  # enough for orthogonality to rounding, by either Gram-Schmidt method: Giraud et al. (2005), doi:10.1007/s00211-005-0615-4


@dataclass(frozen=True, slots=True)
class Basis:
    """The decomposition X = Q R of a design, with orthonormal Q and upper triangular R.

    Models are fitted on Q; coefficients b of X follow from those of Q, g, as R b = g. As R is triangular, the last
    coefficients of X are all 0 where those of Q are, so that tests of them are made on Q.

    Attributes
    ----------
    matrix : (k, p)
        Q.
    triangle : (p, p)
        R.
    """

    matrix: Array
    triangle: Array

    def rows(self, rows: Array) -> Array:
        """Return rows (..., p) of X as rows of Q."""
        return np.asarray(np.linalg.solve(self.triangle.T, np.asarray(rows, dtype=np.float64).T).T)

    def coefficients(self, of_basis: Array) -> Array:
        """Return coefficients (p,) of Q as those of X."""
        return np.asarray(np.linalg.solve(self.triangle, of_basis))

    def covariance(self, of_basis: Array) -> Array:
        """Return a covariance (p, p) of coefficients of Q as that of the coefficients of X."""
        half = np.linalg.solve(self.triangle, of_basis)
        return np.asarray(np.linalg.solve(self.triangle, half.T))

    def condition(self) -> float:
        """Return the condition number of the columns after the first, about it and in units of their own spread.

        That of a single column is its length before over after it is cleared of the first.
        """
        lengths = np.sqrt((self.triangle**2).sum(axis=0))
        scaled = self.triangle / np.where(lengths > 0, lengths, 1.0)
        if len(scaled) > 1:
            beyond = np.sqrt((self.triangle[1:, 1:] ** 2).sum(axis=0))
            scaled = self.triangle[1:, 1:] / np.where(beyond > 0, beyond, 1.0)
        return float(np.linalg.cond(scaled))


def orthonormal(x: Array) -> Basis:
    """Decompose a design (k, p) by the modified Gram-Schmidt method with reorthogonalisation.

    Sums are exact (`math.fsum`), and so do not depend on the machine or on where the arrays lie in memory. A single
    column is left as it is.
    """
    k, p = x.shape
    if p < 2:
        return Basis(x, np.eye(p))
    q, triangle = np.zeros((k, p)), np.zeros((p, p))
    for column in range(p):
        rest = x[:, column].copy()
        for _ in range(PASSES):
            for before in range(column):
                share = math.fsum(q[:, before] * rest)
                triangle[before, column] += share
                rest -= share * q[:, before]
        length = math.hypot(*rest)
        triangle[column, column] = length
        q[:, column] = rest / length if length > 0 else 0.0
    return Basis(q, triangle)
