"""Two arms with a random level of each study, independent of its random effect: the model UM.RS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coppice.pool.kernel.kernel import Array
from coppice.pool.models.glmm.marginal import LOG_NORMAL, Arms, Terms, averaged, normalised
from coppice.pool.models.glmm.quadrature import Rule, hermite, legendre, tail_ends

MOST_STEPS = 100
SMALL_STEP = 1e-10
LARGEST_STEP = 2.0
MARGIN = 1.2  # the corners of a box reach farther than its axes
START_SIGMA = 1.0


@dataclass(frozen=True, slots=True)
class RandomStudies:
    """Two arms with the level gamma + sigma w and the effect mean + tau z, z and w standard normal.

    The further parameters are gamma and sigma.
    """

    arms: Arms

    @property
    def further(self) -> int:
        """Mean and standard deviation of the levels."""
        return 2

    def terms(self, mean: Array, tau: Array, more: Array, rule: Rule) -> Terms:
        """Return the terms of each study, by a rule in two dimensions along the axes of the Hessian at the mode."""
        mu, t = mean[..., None], tau[:, None, None]
        gamma, sigma = more[:, 0, None, None], more[:, 1, None, None]
        centre, root = self._mode(mu, t, gamma, sigma)
        u, v, log_weights = self._nodes(centre, root, (mu, t, gamma, sigma), rule)
        z = centre[..., 0, None] + root[..., 0, 0, None] * u + root[..., 0, 1, None] * v
        w = centre[..., 1, None] + root[..., 1, 0, None] * u + root[..., 1, 1, None] * v
        value, (by_effect, by_level), (effect2, mixed, level2) = self.arms.at(mu + t * z, gamma + sigma * w)
        determinant = np.abs(np.linalg.det(root))
        logs = value - 0.5 * (z * z + w * w) + log_weights
        total, share = normalised(logs)
        score, hessian = averaged(
            share,
            [by_effect, by_effect * z, by_level, by_level * w],
            [
                [effect2],
                [effect2 * z, effect2 * z * z],
                [mixed, mixed * z, level2],
                [mixed * w, mixed * z * w, level2 * w, level2 * w * w],
            ],
        )
        return Terms(total + np.log(determinant) - 2.0 * LOG_NORMAL, score, hessian)

    def _mode(self, mu: Array, t: Array, gamma: Array, sigma: Array) -> tuple[Array, Array]:
        """Return the mode (n, k, 2) of z and w, and a root of the inverse of minus the Hessian there (n, k, 2, 2)."""
        shape = np.broadcast_shapes(mu.shape[:2], self.arms.first.x.shape)
        place = np.zeros((*shape, 2))
        precision = np.empty((*shape, 2, 2))
        most = LARGEST_STEP / np.maximum(np.maximum(np.abs(t), np.abs(sigma)), 0.1)[..., 0]
        for _ in range(MOST_STEPS):
            z, w = place[..., 0, None], place[..., 1, None]
            _, slopes, curvatures = self.arms.at(mu + t * z, gamma + sigma * w)
            score = np.stack([(t * slopes[0] - z)[..., 0], (sigma * slopes[1] - w)[..., 0]], axis=-1)
            precision[..., 0, 0] = (1.0 - t * t * curvatures[0])[..., 0]
            precision[..., 0, 1] = precision[..., 1, 0] = -(t * sigma * curvatures[1])[..., 0]
            precision[..., 1, 1] = (1.0 - sigma * sigma * curvatures[2])[..., 0]
            step = np.linalg.solve(precision, score[..., None])[..., 0]
            size = np.abs(step).max(axis=-1)
            place = place + step * np.minimum(1.0, most / np.maximum(size, 1e-300))[..., None]
            if size.max(initial=0.0) < SMALL_STEP:
                break
        values, vectors = np.linalg.eigh(precision)
        return place, vectors / np.sqrt(values)[..., None, :]

    def _nodes(
        self, centre: Array, root: Array, at: tuple[Array, Array, Array, Array], rule: Rule
    ) -> tuple[Array, Array, Array]:
        """Return nodes along the two axes of the root, (n, k, q) each, and the logarithms of their weights."""
        if rule.hermite:
            places, weights = hermite(rule.points)
            axes = [np.broadcast_to(places, (*centre.shape[:2], len(places)))] * 2
            logs = [np.log(np.broadcast_to(weights, axes[0].shape))] * 2
        else:
            axes, logs = [], []
            for axis in range(2):
                ends = MARGIN * self._ends(centre, root[..., axis], at)
                places, weights = legendre(rule.points)
                axes.append((ends[..., None] * places).reshape(*ends.shape[:2], -1))
                logs.append((np.log(np.abs(ends))[..., None] + np.log(weights)).reshape(*ends.shape[:2], -1))
        shape = (*centre.shape[:2], -1)
        u, v = np.broadcast_arrays(axes[0][..., :, None], axes[1][..., None, :])
        return u.reshape(shape), v.reshape(shape), (logs[0][..., :, None] + logs[1][..., None, :]).reshape(shape)

    def _ends(self, centre: Array, direction: Array, at: tuple[Array, Array, Array, Array]) -> Array:
        """Return how far the density reaches along a direction (n, k, 2), below and above the mode (n, k, 2)."""
        mu, t, gamma, sigma = at
        dz, dw = direction[..., 0, None], direction[..., 1, None]
        length = np.hypot(dz, dw)  # in units in which the density falls at least as the standard normal one
        dz, dw = dz / length, dw / length

        def density(s: Array) -> tuple[Array, Array, Array]:
            z, w = centre[..., 0, None] + s * dz, centre[..., 1, None] + s * dw
            value, slopes, _ = self.arms.at(mu + t * z, gamma + sigma * w)
            return value - 0.5 * (z * z + w * w), dz * (t * slopes[0] - z) + dw * (sigma * slopes[1] - w), z

        return np.asarray(tail_ends(density, np.zeros(centre.shape[:2]), length[..., 0]) / length)

    def guess(self) -> tuple[Array, Array]:
        """Return the guess of the arms."""
        effect, _, variance = self.arms.guess()
        return effect, variance

    def start_more(self, rows: int) -> Array:
        """Return the mean of the guessed levels, and a standard deviation of 1."""
        level = self.arms.guess()[1].mean(axis=1)
        return np.stack([np.broadcast_to(level, (rows,)), np.full(rows, START_SIGMA)], axis=1)

    def take(self, rows: NDArray[Any]) -> RandomStudies:
        """Return some of the meta-analyses."""
        return RandomStudies(self.arms.take(rows))
