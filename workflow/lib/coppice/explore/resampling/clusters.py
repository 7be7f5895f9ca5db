"""Clusters of the subsets of GOSH, and the studies that split the cloud.

scikit-learn is imported only where clusters are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import cast

import numpy as np
from numpy.typing import NDArray

from coppice.core.contracts.explore import Clustering, Clusters
from coppice.core.contracts.pool import SelectedEffect
from coppice.core.contracts.values import Skipped
from coppice.explore.resampling.gosh import Gosh
from coppice.explore.rounding import without_rounding
from coppice.pool.kernel.kernel import Array

MOST_POINTS = 5_000  # clustered; DBSCAN keeps every pair of neighbours
K_MEANS = 3  # centres; DBSCAN's radius and number of neighbours: the defaults of R's dmetar, so that results compare
RADIUS, NEIGHBOURS = 0.15, 5
MOST_COMPONENTS = 9  # of the Gaussian mixture, the number by BIC, as R's mclust chooses it
STARTS = 10  # of k-means
# a study points to clusters where they explain this share of the variance of its inclusion: Cohen's "large", w = 0.5
LARGE = 0.25
MISSING = "scikit-learn is not installed"
Labels = NDArray[np.int64]


def _k_means(points: Array, seed: int) -> Labels:
    from sklearn.cluster import KMeans

    labels = KMeans(n_clusters=min(K_MEANS, len(points)), n_init=STARTS, random_state=seed).fit_predict(points)
    return np.asarray(labels, dtype=np.int64)


def _dbscan(points: Array, seed: int) -> Labels:
    from sklearn.cluster import DBSCAN

    return np.asarray(DBSCAN(eps=RADIUS, min_samples=NEIGHBOURS).fit_predict(points), dtype=np.int64)


def _mixture(points: Array, seed: int) -> Labels:
    from sklearn.mixture import GaussianMixture

    most = max(1, min(MOST_COMPONENTS, len(points) // NEIGHBOURS))
    fitted = [GaussianMixture(size, random_state=seed).fit(points) for size in range(1, most + 1)]
    best = min(fitted, key=lambda model: float(model.bic(points)))
    return np.asarray(best.predict(points), dtype=np.int64)


METHODS: dict[str, Callable[[Array, int], Labels]] = {"k_means": _k_means, "dbscan": _dbscan, "mixture": _mixture}


def pointed_at(used: Array, labels: Labels) -> Array:
    """Return, of each study, the share of the variance of its inclusion that the clusters explain (k,), 0 to 1.

    This is the squared Cramer's V of "is in the subset" (`used` (n, k), of 0 and 1) by cluster (`labels` (n,)). It is
    near 1 where subsets with and without the study form clusters of their own.
    """
    share = used.mean(axis=0)
    between = np.zeros(used.shape[1])
    for name in np.unique(labels):
        inside = used[labels == name]
        between += len(inside) / len(used) * (inside.mean(axis=0) - share) ** 2
    total = share * (1.0 - share)
    return np.asarray(np.divide(between, total, out=np.zeros_like(between), where=total > 0))


def clusters_part(effects: Sequence[SelectedEffect], cloud: Gosh, seed: int) -> Clusters | Skipped:
    """Return the clusters of the cloud by each method, with the studies that they point at.

    Points are the estimate and I2 of each subset, standardised, a seeded sample of them where there are many. DBSCAN
    leaves points out as noise, which is not a cluster.
    """
    if find_spec("sklearn") is None:
        return {"skipped": MISSING}
    n = len(cloud.fits.k)
    generator = np.random.default_rng(seed)
    chosen = np.arange(n) if n <= MOST_POINTS else np.sort(generator.choice(n, MOST_POINTS, replace=False))
    values = np.stack([cloud.fits.estimate[chosen], cloud.fits.I2[chosen]], axis=1)
    away = without_rounding(values - values.mean(axis=0), values)
    spread = away.std(axis=0)
    if not spread.any():
        return {"skipped": "every subset has the same estimate and heterogeneity"}
    points = away / np.where(spread > 0, spread, 1.0)
    used = cloud.subsets(chosen)
    by_method = {name: _described(effects, values, used, cluster(points, seed)) for name, cluster in METHODS.items()}
    return cast(Clusters, {"points": len(chosen), "seed": seed, **by_method})


def _described(effects: Sequence[SelectedEffect], values: Array, used: Array, labels: Labels) -> Clustering:
    """Return the clusters, largest first, and each study's share of explained inclusion."""
    inside = labels >= 0
    sizes = {int(name): int((labels == name).sum()) for name in np.unique(labels[inside])}
    order = sorted(sizes, key=lambda name: (-sizes[name], float(values[labels == name, 0].mean())))
    shares = pointed_at(used[inside], labels[inside]) if inside.any() else np.zeros(len(effects))
    return {
        "clusters": [
            {
                "points": sizes[name],
                "estimate": float(values[labels == name, 0].mean()),
                "I2": float(values[labels == name, 1].mean()),
                "inclusion": [float(share) for share in used[labels == name].mean(axis=0)],
            }
            for name in order
        ],
        "noise": int((~inside).sum()),
        "explained": [float(share) for share in shares],
        "points_at": [effect["study"] for effect, share in zip(effects, shares, strict=True) if share >= LARGE],
    }
