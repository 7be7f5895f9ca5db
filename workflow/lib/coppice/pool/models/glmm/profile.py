"""Profile-likelihood intervals of the estimate and of tau2: Hardy & Thompson (1996), section 3."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc, chdtri

from coppice.pool.kernel.kernel import Array
from coppice.pool.kernel.roots import bracketed_root
from coppice.pool.models.glmm.fit import GlmmFit, fit
from coppice.pool.models.glmm.marginal import Marginal
from coppice.pool.models.glmm.quadrature import EXACT, Rule

MOST_DOUBLINGS = 12
LARGEST = 50.0  # on the scale of logits and logarithms: an interval that reaches beyond has no limit there


def fall_of_mean(  # noqa: PLR0917
    model: Marginal,
    used: NDArray[np.bool_],
    best: GlmmFit,
    mean: Array,
    tau: Array | None = None,
    rule: Rule = EXACT,
) -> Array:
    """Return how far the log-likelihood falls (n,) where the mean (n,) is given and all else is estimated."""
    k = used.shape[1]
    # 0 would be a stationary point of the search
    start = np.concatenate([np.maximum(best.tau, 0.3)[:, None] if tau is None else tau[:, None], best.more], axis=1)
    shift = np.broadcast_to(mean[:, None], used.shape).copy()
    held = fit(model, used, design=np.empty((1, k, 0)), shift=shift, tau=tau, start=start, rule=rule)
    return np.maximum(best.value - held.value, 0.0)


def fall_of_tau(  # noqa: PLR0917
    model: Marginal,
    used: NDArray[np.bool_],
    best: GlmmFit,
    tau: Array,
    design: Array | None = None,
    rule: Rule = EXACT,
) -> Array:
    """Return how far the log-likelihood falls (n,) where tau (n,) is given and all else is estimated."""
    start = np.concatenate([best.coefficients, tau[:, None], best.more], axis=1)
    return np.maximum(best.value - fit(model, used, design=design, tau=tau, start=start, rule=rule).value, 0.0)


def profile_mean(
    model: Marginal, used: NDArray[np.bool_], best: GlmmFit, *, level: float, null: float | None, tau: Array | None
) -> tuple[Array, Array, Array]:
    """Return the limits of the mean (n,), (n,), infinite where it has none, and the p value of the null (n,).

    `tau` (n,) fixes that of the model.
    """
    drop = 0.5 * float(chdtri(1.0, 1.0 - level))
    centre = best.coefficients[:, 0]
    se = np.sqrt(np.maximum(best.covariance()[:, 0, 0], 1e-6))

    def beyond(mean: Array) -> Array:
        return fall_of_mean(model, used, best, mean, tau) - drop

    low, high = (_limit(beyond, centre, side * 2.0 * se) for side in (-1.0, 1.0))
    if null is None:
        return low, high, np.full_like(centre, np.nan)
    return low, high, np.asarray(chdtrc(1.0, 2.0 * (beyond(np.full_like(centre, null)) + drop)))


def profile_tau(
    model: Marginal, used: NDArray[np.bool_], best: GlmmFit, *, level: float, design: Array | None = None
) -> tuple[Array, Array]:
    """Return the limits of tau (n,), (n,): 0 where the likelihood of no heterogeneity is high enough."""
    drop = 0.5 * float(chdtri(1.0, 1.0 - level))

    def beyond(tau: Array) -> Array:
        return fall_of_tau(model, used, best, np.abs(tau), design) - drop

    at_zero = beyond(np.zeros_like(best.tau))
    low = (
        np.where(at_zero > 0, bracketed_root(beyond, np.zeros_like(best.tau), best.tau), 0.0)
        if (at_zero > 0).any()
        else np.zeros_like(best.tau)
    )
    return np.asarray(low), _limit(beyond, best.tau, np.maximum(best.tau, 0.5))


def _limit(beyond: Callable[[Array], Array], centre: Array, reach: Array) -> Array:
    """Return where a function that is negative at the centre crosses 0 on one side (n,), infinite where it does not."""
    for _ in range(MOST_DOUBLINGS):
        inside = (beyond(centre + reach) < 0) & (np.abs(centre + reach) < LARGEST)
        if not inside.any():
            break
        reach = np.where(inside, 2.0 * reach, reach)
    end = centre + reach
    limit = bracketed_root(beyond, centre, end)
    return np.where(beyond(end) < 0, np.sign(reach) * np.inf, limit)
