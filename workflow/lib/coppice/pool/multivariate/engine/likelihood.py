"""The likelihood of the variances and correlations of a multivariate model, with its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.multivariate.engine.blocks import Stack
from coppice.pool.multivariate.engine.terms import Prepared

IMPOSSIBLE = -np.inf  # the likelihood where the marginal covariance is not positive definite


@dataclass(frozen=True, slots=True)
class Problem:
    """A model of `k` effects with `p` coefficients, ready for evaluation.

    `theta` are the standard deviations and angles of all terms, one after the other.
    """

    stacks: Sequence[Stack] = field(repr=False)
    terms: Sequence[Prepared]
    k: int
    p: int
    restricted: bool
    gram: float = 0.0  # log |X'X|

    def parts(self, theta: Array) -> list[tuple[Array, Array]]:
        """Return G and its derivatives for each term."""
        made, start = [], 0
        for term in self.terms:
            size = sum(term.structure.sizes(len(term.labels)))
            made.append(term.structure.covariance(theta[start : start + size], term.distances))
            start += size
        return made

    def marginal(self, stack: Stack, covariances: Sequence[Array]) -> Array:
        """Return the marginal covariance of a stack's blocks (m, n, n), given G of each term."""
        total = stack.sampling
        for covariance, z, shared in zip(covariances, stack.z, stack.shared, strict=True):
            random = z @ covariance @ z.transpose(0, 2, 1)
            total = total + (random if shared is None else random * shared)
        return total

    def value(self, theta: Array) -> float:
        """Return the log-likelihood."""
        return self.evaluate(theta, gradient=False)[0]

    def evaluate(self, theta: Array, *, gradient: bool = True) -> tuple[float, Array]:
        """Return the log-likelihood and its gradient (t,).

        With W the inverse of the marginal covariance M, P = W - W X (X'WX)^-1 X'W and r the residuals, it is
        -1/2 [log |M| + r'Wr + (k - p) log 2 pi + log |X'WX| - log |X'X|], of which the last two and p are of the
        restricted one alone: Harville (1977), doi:10.1080/01621459.1977.10480998. The derivative by an element of G is
        that by M, 1/2 (Pyy'P - P), or 1/2 (Pyy'P - W), summed over the effects that share it.
        """
        parts = self.parts(theta)
        try:
            solved = [_solve(self.marginal(stack, [g for g, _ in parts]), stack) for stack in self.stacks]
        except np.linalg.LinAlgError:
            return IMPOSSIBLE, np.zeros(len(theta))
        information, moments, total = np.zeros((self.p, self.p)), np.zeros(self.p), 0.0
        for stack, (_, wx, wy, determinant) in zip(self.stacks, solved, strict=True):
            information += np.tensordot(stack.x, wx, ((0, 1), (0, 1)))
            moments += np.tensordot(wy, stack.x, 2)
            total += determinant
        try:
            bread = np.linalg.inv(information)
        except np.linalg.LinAlgError:
            return IMPOSSIBLE, np.zeros(len(theta))
        beta = bread @ moments
        by_g = [np.zeros_like(g) for g, _ in parts]
        for stack, (inverse, wx, wy, _) in zip(self.stacks, solved, strict=True):
            py = wy - wx @ beta
            total += float(np.sum((stack.y - stack.x @ beta) * py))
            if gradient:
                by_m = py[:, :, None] * py[:, None, :] - inverse
                if self.restricted:
                    by_m += wx @ bread @ wx.transpose(0, 2, 1)
                for slope, z, shared in zip(by_g, stack.z, stack.shared, strict=True):
                    weighted = by_m if shared is None else by_m * shared
                    np.add(slope, 0.5 * np.sum(z.transpose(0, 2, 1) @ weighted @ z, axis=0), out=slope)
        if self.restricted:
            total += float(np.linalg.slogdet(information)[1]) - self.gram
        total += (self.k - self.p if self.restricted else self.k) * float(np.log(2.0 * np.pi))
        slopes = [np.tensordot(of_g, slope, 2) for (_, of_g), slope in zip(parts, by_g, strict=True)]
        return -0.5 * total, (np.concatenate(slopes) if slopes else np.zeros(0))


def _solve(marginal: Array, stack: Stack) -> tuple[Array, Array, Array, float]:
    """Return W, W X, W y and log |M|; LinAlgError is raised where M is not positive definite."""
    factor: Array = np.asarray(np.linalg.cholesky(marginal))
    determinant = 2.0 * float(np.log(np.diagonal(factor, axis1=1, axis2=2)).sum())
    if not np.isfinite(determinant):
        raise np.linalg.LinAlgError("the marginal covariance is not finite")
    inverse: Array = np.asarray(np.linalg.inv(marginal))
    return inverse, inverse @ stack.x, (inverse @ stack.y[..., None])[..., 0], determinant
