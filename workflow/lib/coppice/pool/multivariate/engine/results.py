"""What a multivariate model gives: coefficients, components of variance, tests and warnings."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field

import numpy as np

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.orthogonal import Basis
from coppice.pool.multivariate.engine.climb import Peak
from coppice.pool.multivariate.engine.likelihood import Problem
from coppice.pool.multivariate.engine.search import Layout, rho_of
from coppice.pool.multivariate.engine.terms import Mask

BOUND = 1.0 - 1e-8  # a correlation beyond it is at its bound


@dataclass(frozen=True, slots=True)
class Component:
    """What was estimated of a random term.

    Attributes
    ----------
    name : str
    structure : str
        Its code.
    labels : tuple of q
        Levels or columns.
    covariance : (q, q)
        G.
    tau2 : (q,)
        Its diagonal.
    correlation : (q, q)
        Correlations; NaN with a level of variance 0.
    rho : float or None
        The correlation of a structure that has one, at a distance of 1 for AR and CAR; None elsewhere, or at variance 0.
    groups : int
        Number of groups.
    at_bound : bool
        Whether a variance is 0 or a correlation at its bound.
    """

    name: str
    structure: str
    labels: tuple[Hashable, ...]
    covariance: Array
    tau2: Array
    correlation: Array
    rho: float | None
    groups: int
    at_bound: bool


@dataclass(frozen=True, slots=True)
class MultivariateResults:
    """A fitted multivariate model.

    Attributes
    ----------
    params, bse : (p,)
        Coefficients, with their model-based standard errors.
    cov_params : (p, p)
    components : tuple of Component
        One per random term.
    log_likelihood : float
        Restricted or not, with its constant.
    q, q_df, q_p : float or None, float, float or None
        Cochran's Q of the residuals with the sampling covariance alone; None where that is singular.
    parameters : int
        Number of variances and correlations estimated.
    converged : bool
        Whether the gradient is 0 to rounding.
    steps : int
    warnings : tuple of str
        What is at its bound, fixed, or not determined by the data.
    kept : (n,)
        Which of the effects given were used; those that are missing (NaN) are not.
    """

    params: Array
    bse: Array
    cov_params: Array
    components: tuple[Component, ...]
    log_likelihood: float
    q: float | None
    q_df: float
    q_p: float | None
    parameters: int
    converged: bool
    steps: int
    warnings: tuple[str, ...]
    kept: Mask = field(repr=False)
    method: str
    problem: Problem = field(repr=False)
    layout: Layout = field(repr=False)
    peak: Peak = field(repr=False)
    basis: Basis = field(repr=False)

    @property
    def k(self) -> int:
        """Number of effects."""
        return self.problem.k

    @property
    def aic(self) -> float:
        """Akaike's criterion, with coefficients and variances counted."""
        return -2.0 * self.log_likelihood + 2.0 * (len(self.params) + self.parameters)

    @property
    def bic(self) -> float:
        """Schwarz's criterion; a restricted likelihood has k - p effects."""
        used = self.k - len(self.params) if self.method == "REML" else self.k
        return -2.0 * self.log_likelihood + float(np.log(used)) * (len(self.params) + self.parameters)

    def marginal(self) -> Array:
        """Return the marginal covariance of the effects that were used (k, k)."""
        total = np.zeros((self.k, self.k))
        covariances = [component.covariance for component in self.components]
        for stack in self.problem.stacks:
            for inside, block in zip(stack.places, self.problem.marginal(stack, covariances), strict=True):
                own = inside >= 0
                total[np.ix_(inside[own], inside[own])] = block[np.ix_(own, own)]
        return total


def components_of(problem: Problem, theta: Array, layout: Layout) -> tuple[Component, ...]:
    """Return what was estimated of each random term; `theta` are its standard deviations and angles."""
    made, start = [], 0
    for term, (covariance, _) in zip(problem.terms, problem.parts(theta), strict=True):
        sds, angles = term.structure.sizes(len(term.labels))
        free = layout.free[start : start + sds + angles]
        tau2, spread = np.diag(covariance).copy(), np.sqrt(np.diag(covariance))
        with np.errstate(divide="ignore", invalid="ignore"):
            correlation = covariance / np.outer(spread, spread)
        one = angles == 1 and bool((tau2 > 0).any())
        angle = theta[start + sds] if one else 0.0
        rho = None if not one else float(correlation[1, 0]) if term.structure.code == "UN" else rho_of(term, angle)
        off = correlation[~np.eye(len(tau2), dtype=bool)]
        extreme = rho is not None and np.cos(angle) ** 2 < 1.0 - BOUND
        bound = bool(free[:sds].any() and (tau2 == 0).any()) or bool(
            free[sds:].any() and (extreme or (np.abs(off) > BOUND).any() or _singular(term.structure.code, correlation))
        )
        made.append(
            Component(
                term.name, term.structure.code, term.labels, covariance, tau2, correlation, rho, term.groups, bound
            )
        )
        start += sds + angles
    return tuple(made)


def _singular(code: str, correlation: Array) -> bool:
    """Return whether an unstructured matrix of correlations is one of fewer dimensions than it has levels."""
    known = bool(np.isfinite(correlation).all())
    return code == "UN" and known and float(np.linalg.eigvalsh(correlation)[0]) < 1.0 - BOUND


def warnings_of(components: Sequence[Component], layout: Layout, peak: Peak) -> list[str]:
    """Return what is at its bound, fixed, or not determined by the data."""
    warnings = list(layout.notes)
    for component in components:
        if not component.at_bound:
            continue
        off = np.abs(component.correlation[~np.eye(len(component.tau2), dtype=bool)])
        between = "studies" if component.name == "study" else f"groups of {component.name}"
        if (component.tau2 == 0).all():
            warnings.append(f"The variance between {between} is estimated as 0.")
        elif (component.tau2 == 0).any():
            which = [str(label) for label, tau2 in zip(component.labels, component.tau2, strict=True) if tau2 == 0]
            warnings.append(f"The variance of {', '.join(which)} between {between} is estimated as 0.")
        if (off > BOUND).any() or component.rho is not None or (component.tau2 > 0).all():
            warnings.append(
                f"A correlation of the true effects by {component.name} is estimated at its bound, as happens with few levels."
            )
    if not peak.converged:
        warnings.append("The search for the variances did not converge.")
    return warnings
