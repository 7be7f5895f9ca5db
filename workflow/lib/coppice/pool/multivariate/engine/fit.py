"""Generalised least squares of effects that depend on one another, with variances and correlations by likelihood.

The model is y = X b + sum of Z u over the random terms + e, with e of known covariance V: Jackson, Riley & White (2011),
doi:10.1002/sim.4172. :func:`fit_multivariate` serves three-level models, several outcomes of a study, repeated
measurements, crossed and nested terms and random slopes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.orthogonal import orthonormal
from coppice.pool.multivariate.engine.blocks import Entries, entries, stacks
from coppice.pool.multivariate.engine.climb import SAME, Peak, highest
from coppice.pool.multivariate.engine.likelihood import Problem
from coppice.pool.multivariate.engine.results import MultivariateResults, components_of, warnings_of
from coppice.pool.multivariate.engine.search import Layout, lay_out
from coppice.pool.multivariate.engine.structures import angles_of
from coppice.pool.multivariate.engine.terms import Term, prepare

METHODS = ("REML", "ML")
LEAST_SPREAD = 1e-3
SHRUNK = (0.9, 0.6)  # of the correlations of a maximum at a bound, from which another is searched for
MOST_RESTARTS = 3
NEAR = 0.999  # a correlation beyond it is next to its bound
LEAST_SHARE = 0.1  # of the largest standard deviation


def fit_multivariate(
    yi: ArrayLike,
    sampling: ArrayLike | Sequence[ArrayLike],
    terms: Sequence[Term] = (),
    *,
    design: ArrayLike | None = None,
    method: str = "REML",
) -> MultivariateResults:
    """Fit a model of effects that depend on one another.

    Parameters
    ----------
    yi : (n,)
        Effects; a missing one (NaN) is left out with its row and column of everything else.
    sampling : (n,), (n, n) or sequence of matrices
        Sampling variances, their covariance, or the covariances of consecutive blocks of effects.
    terms : sequence of Term
        Random terms; none gives the common-effect model.
    design : (n, p), optional
        Fixed effects, with their intercept; an intercept alone by default.
    method : {"REML", "ML"}

    Returns
    -------
    MultivariateResults

    Raises
    ------
    ValueError
        If sizes disagree, if the design is not of full rank, or if the sampling covariance can't be one.
    """
    if method not in METHODS:
        raise ValueError(f"a multivariate model is fitted by REML or ML, not {method}")
    given = np.asarray(yi, dtype=np.float64)
    kept = np.isfinite(given)
    y, n = given[kept], len(given)
    full = np.ones((n, 1)) if design is None else np.asarray(design, dtype=np.float64)
    if full.shape[0] != n:
        raise ValueError(f"the design has {full.shape[0]} rows; it needs one for each of {n} effects")
    x = full[kept]
    k, p = x.shape
    basis = orthonormal(x)
    if k < p or not np.isfinite(x).all() or np.linalg.matrix_rank(x) < p:
        raise ValueError(f"the design of {k} effects and {p} coefficients is not of full rank")
    rows, columns, values = entries(sampling, n)
    own = kept[rows] & kept[columns]
    number = np.cumsum(kept) - 1
    known = (number[rows[own]], number[columns[own]], values[own])
    _check_sampling(known)
    prepared = [prepare(term, kept) for term in terms]
    restricted = method == "REML"
    gram = float(np.linalg.slogdet(basis.matrix.T @ basis.matrix)[1])
    problem = Problem(stacks(y, basis.matrix, known, prepared), prepared, k, p, restricted, gram)
    layout = lay_out(prepared, _spread(y, basis.matrix, known[2][known[0] == known[1]]), degrees=k - p)
    peak = climb(problem, layout)
    components = components_of(problem, peak.theta * layout.units, layout)
    solved = coefficients(problem, [component.covariance for component in components])
    if solved is None:
        raise ValueError("the sampling covariance is not positive definite; it can't be that of any effects")
    on_basis, bread, _ = solved
    cov = basis.covariance(bread) if p > 1 else bread
    fixed = coefficients(problem, [np.zeros_like(component.covariance) for component in components])
    q = None if fixed is None else fixed[2]
    return MultivariateResults(
        basis.coefficients(on_basis), np.sqrt(np.diag(cov)), cov, components, peak.value,
        q, float(k - p), None if q is None else float(chdtrc(k - p, q)) if k > p else 1.0,
        int(layout.free.sum()), peak.converged, peak.steps, tuple(warnings_of(components, layout, peak)),
        kept, method, problem, layout, peak, basis,
    )  # fmt: skip


def climb(problem: Problem, layout: Layout) -> Peak:
    """Return the maximum of the likelihood, in the units of the layout."""

    def evaluate(theta: Array) -> tuple[float, Array]:
        value, slope = problem.evaluate(theta * layout.units)
        return value, slope * layout.units

    peak = highest(evaluate, layout.starts, layout.free, layout.is_sd)
    for _ in range(MOST_RESTARTS):
        inside = [start for share in SHRUNK if (start := shrunk(problem, layout, peak.theta, share)) is not None]
        if not inside:
            break
        other = highest(evaluate, inside, layout.free, layout.is_sd)
        if other.value <= peak.value + SAME * (1.0 + abs(peak.value)):
            break
        peak = other
    return peak


def shrunk(problem: Problem, layout: Layout, theta: Array, share: float) -> Array | None:
    """Return parameters whose correlations are a share of those at a bound; None where no three levels have a bound.

    The poles of the angles are stationary points, at which a search may stop although none is a maximum.
    """
    start, at, moved = 0, theta.copy(), False
    for term, (covariance, _) in zip(problem.terms, problem.parts(theta * layout.units), strict=True):
        q = len(term.labels)
        sds, angles = term.structure.sizes(q)
        if term.structure.code == "UN" and angles > 1 and layout.free[start : start + sds].any():
            spread = np.sqrt(np.diag(covariance))
            with np.errstate(divide="ignore", invalid="ignore"):
                correlation = np.nan_to_num(covariance / np.outer(spread, spread))
            off = correlation[~np.eye(q, dtype=bool)]
            if (np.abs(off) > NEAR).any() or (spread == 0).any():
                correlation = share * correlation + (1.0 - share) * np.eye(q)
                np.fill_diagonal(correlation, 1.0)
                own = np.maximum(np.abs(at[start : start + q]), LEAST_SHARE * np.abs(at[start : start + q]).max())
                own = np.concatenate([own, angles_of(correlation)])
                free = layout.free[start : start + q + angles]
                at[start : start + q + angles] = np.where(free, own, at[start : start + q + angles])
                moved = True
        start += sds + angles
    return at if moved else None


def coefficients(problem: Problem, covariances: Sequence[Array]) -> tuple[Array, Array, float] | None:
    """Return the coefficients on the basis, their covariance and Q at given covariances; None where these are singular."""
    information, moments, total = np.zeros((problem.p, problem.p)), np.zeros(problem.p), 0.0
    for stack in problem.stacks:
        marginal = problem.marginal(stack, covariances)
        try:
            np.linalg.cholesky(marginal)
        except np.linalg.LinAlgError:
            return None
        solved = np.linalg.solve(marginal, np.concatenate([stack.x, stack.y[..., None]], axis=2))
        information += np.tensordot(stack.x, solved[..., :-1], ((0, 1), (0, 1)))
        moments += np.tensordot(solved[..., -1], stack.x, 2)
        total += float(np.sum(stack.y * solved[..., -1]))
    bread = np.linalg.inv(information)
    beta = bread @ moments
    return beta, np.asarray(0.5 * (bread + bread.T)), max(total - float(moments @ beta), 0.0)


def _check_sampling(known: Entries) -> None:
    rows, columns, values = known
    if not np.isfinite(values).all():
        raise ValueError("the sampling covariance of an effect is missing")
    if (values[rows == columns] < 0).any():
        raise ValueError("a sampling variance is negative")


def _spread(y: Array, q: Array, variances: Array) -> float:
    """Return the standard deviation of the residuals from an orthonormal design, by which the search is scaled.

    That of identical effects is rounding; a small share of the sampling errors takes its place.
    """
    basis = q / np.linalg.norm(q, axis=0)
    residual = y - basis @ (basis.T @ y)
    least = LEAST_SPREAD * float(np.sqrt(np.median(variances)))
    return max(float(np.sqrt(np.mean(residual**2))), least) or 1.0
