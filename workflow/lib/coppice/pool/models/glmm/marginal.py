"""The likelihood of a study with its random effect integrated out, by its mean, tau and what else the model has.

The derivatives of the logarithm of an integral are means over the integrand: the score is the mean of the scores, the
Hessian the mean of the Hessians plus the covariance of the scores (Louis 1982, doi:10.1111/j.2517-6161.1982.tb01203.x).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.glmm.families import Binomial, Family, Poisson
from coppice.pool.models.glmm.quadrature import COARSE, SMALL_STEP, Rule, mode, nodes

MOST_STEPS = 60
LARGEST_STEP = 2.0
NEAR = 0.01  # step of a level below which the coarse rule gives way to the exact one
LOG_NORMAL = 0.5 * np.log(2.0 * np.pi)


@dataclass(frozen=True, slots=True)
class Terms:
    """Log-likelihoods of studies (n, k) with score (n, k, d) and Hessian (n, k, d, d) by mean, tau and further parameters."""

    value: Array
    score: Array
    hessian: Array


class Marginal(Protocol):
    """A model of a study's counts: its likelihood by the mean of the linear predictor, tau and further parameters."""

    @property
    def further(self) -> int:
        """Number of parameters that all studies share, beside the coefficients and tau."""

    def terms(self, mean: Array, tau: Array, more: Array, rule: Rule) -> Terms:
        """Return the terms of each study at means (n, k), tau (n,) and further parameters (n, further)."""

    def guess(self) -> tuple[Array, Array]:
        """Return a finite guess of each study's effect, and its variance (r, k), (r, k)."""

    def start_more(self, rows: int) -> Array:
        """Return where to start the search for the further parameters (rows, further)."""

    def take(self, rows: NDArray[Any]) -> Marginal:
        """Return some of the meta-analyses."""


def averaged(
    weights: Array, scores: Sequence[Array], hessians: Sequence[Sequence[Array | None]]
) -> tuple[Array, Array]:
    """Return score (n, k, d) and Hessian (n, k, d, d) from those at the nodes (n, k, q), with normalised weights.

    `hessians` is the lower triangle; None is 0.
    """
    score = np.stack([(weights * part).sum(axis=-1) for part in scores], axis=-1)
    size = len(scores)
    hessian = np.empty((*score.shape, size))
    for i in range(size):
        weighted = weights * (scores[i] - score[..., i, None])
        for j in range(i + 1):
            entry = (weighted * scores[j]).sum(axis=-1)
            if (own := hessians[i][j]) is not None:
                entry = entry + (weights * own).sum(axis=-1)
            hessian[..., i, j] = hessian[..., j, i] = entry
    return score, hessian


def normalised(logs: Array) -> tuple[Array, Array]:
    """Return the logarithm of the sum over the last axis, and each term's share of it."""
    top = logs.max(axis=-1, keepdims=True)
    terms = np.exp(logs - top)
    total = terms.sum(axis=-1, keepdims=True)
    return (top + np.log(total))[..., 0], terms / total


@dataclass(frozen=True, slots=True)
class OneEffect:
    """A family whose linear predictor is mean + tau z, with z standard normal."""

    family: Family

    @property
    def further(self) -> int:
        """There are no further parameters."""
        return 0

    def terms(self, mean: Array, tau: Array, more: Array, rule: Rule) -> Terms:
        """Return the terms of each study."""
        mu, t = mean[..., None], tau[:, None, None]

        def density(z: Array) -> tuple[Array, Array, Array]:
            value, first, second = self.family.at(mu + t * z)
            return value - 0.5 * z * z, t * first - z, t * t * second - 1.0

        guess, variance = self.family.guess()
        t2 = tau[:, None] ** 2
        start = tau[:, None] * (guess - mean) / (t2 + variance)
        scale = np.broadcast_to(np.abs(tau)[:, None], mean.shape)
        centre, spread = mode(density, start, scale)
        z, log_weights = nodes(density, centre, spread, rule)
        value, first, second = self.family.at(mu + t * z)
        total, share = normalised(value - 0.5 * z * z + log_weights)
        slope = second * z
        score, hessian = averaged(share, [first, first * z], [[second], [slope, slope * z]])
        return Terms(total - LOG_NORMAL, score, hessian)

    def guess(self) -> tuple[Array, Array]:
        """Return the guess of the family."""
        return self.family.guess()

    def start_more(self, rows: int) -> Array:
        """Return nothing."""
        return np.empty((rows, 0))

    def take(self, rows: NDArray[Any]) -> OneEffect:
        """Return some of the meta-analyses."""
        return OneEffect(self.family.take(rows))


@dataclass(frozen=True, slots=True)
class Arms:
    """Both arms of a study: their predictors are level + share effect and level - (1 - share) effect.

    With a half each both arms are as variable where the effect is random: Jackson et al. (2018), doi:10.1002/sim.7588.
    """

    first: Binomial | Poisson
    second: Binomial | Poisson
    share: float = 0.5

    def at(self, effect: Array, level: Array) -> tuple[Array, tuple[Array, Array], tuple[Array, Array, Array]]:
        """Return the log-likelihood, its slopes by effect and level, and its curvatures: effect, both, level."""
        here, there = self.share, self.share - 1.0
        one, two = self.first.at(level + here * effect), self.second.at(level + there * effect)
        slopes = (here * one[1] + there * two[1], one[1] + two[1])
        curvatures = (here * here * one[2] + there * there * two[2], here * one[2] + there * two[2], one[2] + two[2])
        return one[0] + two[0], slopes, curvatures

    def guess(self) -> tuple[Array, Array, Array]:
        """Return guesses of effect and level with half an event added, and the variance of the effect (r, k) each."""
        (one, variance1), (two, variance2) = self.first.guess(), self.second.guess()
        effect = one - two
        return effect, one - self.share * effect, variance1 + variance2

    def take(self, rows: NDArray[Any]) -> Arms:
        """Return some of the meta-analyses."""
        return Arms(self.first.take(rows), self.second.take(rows), self.share)


@dataclass(frozen=True, slots=True)
class FixedStudies:
    """Two arms with a level of each study as a fixed parameter, and the effect mean + tau z: the model UM.FS.

    The levels are maximised out; the Hessian is that of the profile. `tells` (r, k) is False for studies that say
    nothing, as all or none of their patients had the event: their level lies at infinity, where their likelihood is 1.
    """

    arms: Arms
    tells: NDArray[np.bool_]

    @property
    def further(self) -> int:
        """The levels are no shared parameters."""
        return 0

    def terms(self, mean: Array, tau: Array, more: Array, rule: Rule) -> Terms:
        """Return the terms of each study at the level that makes it most likely."""
        mu, t = mean[..., None], tau[:, None, None]
        effect, middle, variance = self.arms.guess()
        level = np.broadcast_to(middle, mean.shape)
        z0 = tau[:, None] * (effect - mean) / (tau[:, None] ** 2 + variance)
        at_last = rule is COARSE
        for _ in range(MOST_STEPS):

            def density(z: Array, level: Array = level) -> tuple[Array, Array, Array]:
                value, (slope, _), (curvature, _, _) = self.arms.at(mu + t * z, level[..., None])
                return value - 0.5 * z * z, t * slope - z, t * t * curvature - 1.0

            z0, spread = mode(density, z0, np.broadcast_to(np.abs(tau)[:, None], mean.shape))
            z, log_weights = nodes(density, z0, spread, rule if at_last else COARSE)
            value, (by_effect, by_level), (both2, mixed, level2) = self.arms.at(mu + t * z, level[..., None])
            total, share = normalised(value - 0.5 * z * z + log_weights)
            score, hessian = averaged(
                share,
                [by_effect, by_effect * z, by_level],
                [[both2], [both2 * z, both2 * z * z], [mixed, mixed * z, level2]],
            )
            step = -score[..., 2] / np.where(hessian[..., 2, 2] < 0, hessian[..., 2, 2], -1.0)
            step = np.where(self.tells, np.clip(step, -LARGEST_STEP, LARGEST_STEP), 0.0)
            if at_last and np.abs(step).max(initial=0.0) < SMALL_STEP:
                break
            at_last = at_last or bool(np.abs(step).max(initial=0.0) < NEAR)
            level = level + step
        own = np.where(self.tells, hessian[..., 2, 2], -1.0)[..., None, None]
        cross = hessian[..., :2, 2]
        profile = hessian[..., :2, :2] - cross[..., :, None] * cross[..., None, :] / own
        tells = np.broadcast_to(self.tells, mean.shape)
        return Terms(
            np.where(tells, total - LOG_NORMAL, 0.0),
            np.where(tells[..., None], score[..., :2], 0.0),
            np.where(tells[..., None, None], profile, 0.0),
        )

    def guess(self) -> tuple[Array, Array]:
        """Return the guess of the arms."""
        effect, _, variance = self.arms.guess()
        return effect, np.where(self.tells, variance, 1e6)

    def start_more(self, rows: int) -> Array:
        """Return nothing."""
        return np.empty((rows, 0))

    def take(self, rows: NDArray[Any]) -> FixedStudies:
        """Return some of the meta-analyses."""
        return FixedStudies(self.arms.take(rows), self.tells if len(self.tells) == 1 else self.tells[rows])
