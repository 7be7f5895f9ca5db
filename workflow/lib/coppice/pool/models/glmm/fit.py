"""Maximum likelihood of a generalised linear mixed model, of many meta-analyses at once."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.glmm.marginal import Marginal
from coppice.pool.models.glmm.quadrature import COARSE, EXACT, Rule

STARTS = (0.15, 0.6, 2.0)  # of tau, on the scale of logits and logarithms
START_STEPS = 4
MOST_STEPS = 80
MOST_HALVINGS = 30
LARGEST_STEP = 2.0
FLAT = 1e-9  # the smallest curvature, relative to the largest, that a step goes by
DIVERGED = 25.0  # an estimate beyond it, in logits or logarithms, is on its way to infinity
NO_TAU = 1e-6


@dataclass(frozen=True, slots=True)
class GlmmFit:
    """n fits: coefficients (n, p), tau (n,), further parameters (n, e), log-likelihood (n,).

    `hessian` (n, d, d) is by coefficients, tau and further parameters; `is_converged` (n,).
    """

    coefficients: Array
    tau: Array
    more: Array
    value: Array
    hessian: Array
    is_converged: NDArray[np.bool_]

    def covariance(self, *, is_tau_free: bool = True) -> Array:
        """Return the inverse of the observed information (n, d, d), tau's rows and columns 0 where it is 0 or fixed."""
        information = -self.hessian.copy()
        place = self.coefficients.shape[1]
        at_end = np.asarray((self.tau == 0) | (not is_tau_free))
        information[at_end, place, :] = 0.0
        information[at_end, :, place] = 0.0
        information[at_end, place, place] = 1.0
        for extra in range(self.more.shape[1]):
            none = self.more[:, extra] == 0
            information[none, place + 1 + extra, :] = 0.0
            information[none, :, place + 1 + extra] = 0.0
            information[none, place + 1 + extra, place + 1 + extra] = 1.0
        finite = np.asarray(np.isfinite(information).all(axis=(1, 2)))[:, None, None]
        safe = np.where(finite, information, np.eye(information.shape[1]))
        covariance = np.linalg.pinv(safe, hermitian=True)
        covariance[at_end, place, place] = 0.0
        return np.asarray(covariance)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is fitted: a model of the counts, a design (r, k, p), the studies used (n, k), a mean to add (n, k).

    `tau` (n,) fixes it.
    """

    model: Marginal
    design: Array
    used: NDArray[np.bool_]
    shift: Array
    tau: Array | None = None

    @property
    def free(self) -> list[int]:
        """Positions of the parameters that are sought."""
        p = self.design.shape[2]
        every = range(p + 1 + self.model.further)
        return [place for place in every if place != p or self.tau is None]

    def take(self, rows: NDArray[Any]) -> Problem:
        """Return some of the meta-analyses."""
        return Problem(
            self.model.take(rows),
            self.design if len(self.design) == 1 else self.design[rows],
            self.used[rows],
            self.shift[rows],
            None if self.tau is None else self.tau[rows],
        )

    def evaluate(self, at: Array, rule: Rule) -> tuple[Array, Array, Array]:
        """Return log-likelihood (n,), gradient (n, d) and Hessian (n, d, d) at parameters (n, d)."""
        p = self.design.shape[2]
        mean = self.shift + (self.design * at[:, None, :p]).sum(axis=2)
        terms = self.model.terms(mean, at[:, p], at[:, p + 1 :], rule)
        used = self.used.astype(np.float64)
        score, hessian = terms.score * used[..., None], terms.hessian * used[..., None, None]
        design = np.broadcast_to(self.design, (len(at), *self.design.shape[1:]))
        total = (terms.value * used).sum(axis=1)
        slopes = np.concatenate([np.einsum("nkp,nk->np", design, score[..., 0]), score[..., 1:].sum(axis=1)], axis=1)
        size = slopes.shape[1]
        curvature = np.empty((len(at), size, size))
        curvature[:, :p, :p] = np.einsum("nkp,nk,nkq->npq", design, hessian[..., 0, 0], design)
        curvature[:, :p, p:] = np.einsum("nkp,nkd->npd", design, hessian[..., 0, 1:])
        curvature[:, p:, :p] = np.swapaxes(curvature[:, :p, p:], 1, 2)
        curvature[:, p:, p:] = hessian[..., 1:, 1:].sum(axis=1)
        return total, slopes, curvature


def fit(
    model: Marginal,
    used: NDArray[np.bool_],
    *,
    design: Array | None = None,
    shift: Array | None = None,
    tau: Array | None = None,
    rule: Rule = EXACT,
    start: Array | None = None,
) -> GlmmFit:
    """Fit a model to n meta-analyses by maximum likelihood.

    Newton's method on coefficients and tau, whose likelihood is an even function of it, so that 0 is no boundary of the
    search. It starts from several tau by a coarse rule, unless `start` has parameters (n, d).

    Parameters
    ----------
    model : Marginal
    used : (n, k) of bool
        The studies of each meta-analysis.
    design : (r, k, p), optional
        Moderators with their intercept; the intercept alone by default. With p = 0 the means are those of `shift`.
    shift : (n, k), optional
        Means to which the coefficients add.
    tau : (n,), optional
        A fixed standard deviation between studies; 0 gives the equal-effects model.
    rule : Rule
        How the integrals are taken.
    """
    n, k = used.shape
    x = np.ones((1, k, 1)) if design is None else design
    problem = Problem(model, x, used, np.zeros((n, k)) if shift is None else shift, tau)
    if start is None:
        start = _start(problem)
    at, value, curvature, is_converged = _newton(problem, start, rule, MOST_STEPS)
    p = x.shape[2]
    at[:, p:] = np.where(np.arange(at.shape[1] - p) == 1, at[:, p:], np.abs(at[:, p:]))  # gamma alone has a sign
    at[:, p:] = np.where(np.abs(at[:, p:]) < NO_TAU, 0.0, at[:, p:])
    is_converged &= (np.abs(at) < DIVERGED).all(axis=1)
    return GlmmFit(at[:, :p], at[:, p], at[:, p + 1 :], value, curvature, is_converged)


def _start(problem: Problem) -> Array:
    """Return the best of several starts, each improved by a few coarse steps (n, d)."""
    n, p = len(problem.used), problem.design.shape[2]
    guess, variance = problem.model.guess()
    best, height = np.zeros((n, p + 1 + problem.model.further)), np.full(n, -np.inf)
    for tau in STARTS if problem.tau is None else (None,):
        level = problem.tau if tau is None or problem.tau is not None else np.full(n, tau)
        assert level is not None
        weights = problem.used / (variance + level[:, None] ** 2)
        x = np.broadcast_to(problem.design, (n, *problem.design.shape[1:]))
        gram = np.einsum("nkp,nk,nkq->npq", x, weights, x)
        target = np.einsum("nkp,nk->np", x, weights * (guess - problem.shift))
        coefficients = (np.linalg.pinv(gram, hermitian=True) @ target[..., None])[..., 0] if p else np.empty((n, 0))
        at = np.concatenate([coefficients, level[:, None], problem.model.start_more(n)], axis=1)
        at, value, _, _ = _newton(problem, at, COARSE, START_STEPS)
        better = value > height
        best[better], height[better] = at[better], value[better]
    return best


def _newton(problem: Problem, start: Array, rule: Rule, most: int) -> tuple[Array, Array, Array, NDArray[np.bool_]]:
    """Maximise from a start (n, d): the parameters, log-likelihood, Hessian, and whether each was reached."""
    free = problem.free
    at = start.copy()
    value, slope, curvature = problem.evaluate(at, rule)
    is_converged = np.zeros(len(at), dtype=bool)
    active = np.arange(len(at))
    for _ in range(most):
        step, promise = _step(slope[active][:, free], curvature[active][:, free][:, :, free])
        done = ~(promise > rule.close)
        is_converged[active[done]] = np.isfinite(promise[done])
        if rule is not COARSE:
            at[active[done][:, None], np.array(free, dtype=np.intp)] += np.where(
                np.isfinite(step[done]), step[done], 0.0
            )
        active, step = active[~done], step[~done]
        if not len(active):
            break
        scale = np.ones(len(active))
        waiting = np.arange(len(active))
        stuck = np.zeros(len(active), dtype=bool)
        for _ in range(MOST_HALVINGS):
            rows = active[waiting]
            trial = at[rows].copy()
            trial[:, free] += scale[waiting, None] * step[waiting]
            new = problem.take(rows).evaluate(trial, rule)
            rises = new[0] >= value[rows] - 1e-13 * np.abs(value[rows])
            accepted = rows[rises]
            at[accepted], value[accepted] = trial[rises], new[0][rises]
            slope[accepted], curvature[accepted] = new[1][rises], new[2][rises]
            waiting = waiting[~rises]
            if not len(waiting):
                break
            scale[waiting] *= 0.5
        stuck[waiting] = True
        active = active[~stuck]
    return at, value, curvature, is_converged


def _step(slope: Array, curvature: Array) -> tuple[Array, Array]:
    """Return an ascent step (n, d) by the Hessian with its eigenvalues made negative, and half of what it promises."""
    if slope.shape[1] == 0:
        return slope, np.zeros(len(slope))
    finite = np.asarray(np.isfinite(slope).all(axis=1) & np.isfinite(curvature).all(axis=(1, 2)))
    values, vectors = np.linalg.eigh(np.where(finite[:, None, None], curvature, -np.eye(slope.shape[1])))
    size = np.abs(values)
    size = np.maximum(size, FLAT * size.max(axis=1, keepdims=True) + 1e-300)
    along = np.einsum("ndi,nd->ni", vectors, np.where(finite[:, None], slope, np.nan))
    step = np.einsum("ndi,ni->nd", vectors, along / size)
    promise = 0.5 * (along**2 / size).sum(axis=1)
    longest = np.abs(step).max(axis=1)
    return step * np.minimum(1.0, LARGEST_STEP / np.maximum(longest, 1e-300))[:, None], promise


def chosen(result: GlmmFit, rows: Array) -> GlmmFit:
    """Return some of the fits."""
    return GlmmFit(*(getattr(result, field.name)[rows] for field in fields(result)))
