"""GOSH in the result file: the cloud in numbers, what each study does to it, and its clusters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from coppice.core.contracts.explore import Cloud, GoshStudy
from coppice.core.contracts.explore import Gosh as GoshPart
from coppice.core.contracts.pool import SelectedEffect
from coppice.explore.resampling.clusters import clusters_part
from coppice.explore.resampling.gosh import Gosh, gosh
from coppice.explore.resampling.options import MOST_SUBSETS, SEED
from coppice.explore.resampling.subsets import CHUNK, Fits
from coppice.pool.kernel.kernel import Array

CLOUD_BINS = 40  # cells along each side of the picture of the cloud
QUANTILES = (0.0, 0.025, 0.25, 0.5, 0.75, 0.975, 1.0)


def gosh_part(
    effects: Sequence[SelectedEffect],
    yi: Sequence[float],
    vi: Sequence[float],
    *,
    tau2: str | float,
    options: Mapping[str, Any],
) -> GoshPart:
    """Return the part of the result file: the cloud in numbers, what each study does to it, and its clusters."""
    seed = int(options.get("seed", SEED))
    estimator = options.get("tau2", tau2)
    cloud = gosh(yi, vi, tau2=estimator, most=int(options.get("subsets", MOST_SUBSETS)), seed=seed)
    is_clustered = options.get("clusters", True) is not False
    return {
        "tau2": estimator,
        "subsets": len(cloud.fits.k),
        "of": 2 ** len(yi) - 1 - len(yi),
        "sampled": cloud.sampled,
        "seed": seed if cloud.sampled else None,
        "estimate": _quantiles(cloud.fits.estimate),
        "I2": _quantiles(cloud.fits.I2),
        "cloud": _cloud(cloud.fits),
        "studies": _studies(effects, cloud),
        "clusters": clusters_part(effects, cloud, seed) if is_clustered else {"skipped": "switched off"},
    }


def _quantiles(values: Array) -> dict[str, float]:
    quantiles = np.quantile(values, QUANTILES)
    return {f"{100 * share:g}%": float(value) for share, value in zip(QUANTILES, quantiles, strict=True)}


def _cloud(fits: Fits) -> Cloud:
    """Return how many subsets lie in each cell of estimate (rows) by I2 (columns)."""
    counts, estimates, i2 = np.histogram2d(fits.estimate, fits.I2, bins=CLOUD_BINS)
    return {
        "estimate": [float(edge) for edge in estimates],
        "I2": [float(edge) for edge in i2],
        "counts": [[int(count) for count in row] for row in counts],
    }


def _studies(effects: Sequence[SelectedEffect], cloud: Gosh) -> list[GoshStudy]:
    """Return the mean of the estimate and of I2 over the subsets with and without each study."""
    n = len(cloud.fits.k)
    sums, columns = np.zeros((len(effects), 3)), np.stack([np.ones(n), cloud.fits.estimate, cloud.fits.I2], axis=1)
    for begin in range(0, n, CHUNK):
        end = min(begin + CHUNK, n)
        sums += cloud.masks(begin, end).T @ columns[begin:end]
    rest = columns.sum(axis=0) - sums
    return [
        {
            "study": effect["study"],
            "label": effect["label"],
            "subsets": int(inside[0]),
            "estimate_with": float(inside[1] / inside[0]),
            "estimate_without": float(outside[1] / outside[0]),
            "I2_with": float(inside[2] / inside[0]),
            "I2_without": float(outside[2] / outside[0]),
        }
        for effect, inside, outside in zip(effects, sums, rest, strict=True)
    ]
