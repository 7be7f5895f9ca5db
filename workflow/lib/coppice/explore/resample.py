"""The pooled model over subsets of its effects: all subsets in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from coppice.explore.about import subset_tau2
from coppice.pool.heterogeneity import heterogeneity
from coppice.pool.inference import infer
from coppice.pool.kernel import Array, studies

Row = dict[str, Any]


def pool_subsets(
    yi: ArrayLike,
    vi: ArrayLike,
    used: ArrayLike,
    *,
    tau2: str | float = "REML",
    inference: str = "HKSJ",
    level: float = 0.95,
    means: Array | None = None,
) -> dict[str, Array]:
    """Pool subsets of the effects, tau2 estimated anew in each.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    used : (m, k) of bool
        The subsets.
    tau2, inference, level
        As in :func:`coppice.pool.pool`; the inference is never changed from one subset to another.

    means : (m,), optional
        What DerSimonian and Laird's tau2 is taken about, see :mod:`coppice.explore.about`; else the common effect.

    Returns
    -------
    dict of (m,) arrays
        estimate, se, ci_low, ci_high, p, tau2, I2 (percent), Q; NaN where a subset does not give one.
    """
    data = studies(yi, vi, used=used)
    found = subset_tau2(data, tau2, means)
    line = infer(data, found, method=inference, level=level)
    spread = heterogeneity(data, found, level=level, about=means)
    return {
        "estimate": line.estimate[:, 0],
        "se": line.se[:, 0],
        "ci_low": line.ci_low[:, 0],
        "ci_high": line.ci_high[:, 0],
        "p": line.p[:, 0],
        "tau2": np.where(data.df > 0, found, np.nan),
        "I2": spread.i2,
        "Q": spread.q,
    }


def rows(
    effects: Sequence[Mapping[str, Any]], pooled: Mapping[str, Array], inference: str, sizes: Sequence[int]
) -> list[Row]:
    """Return subsets as rows of the result file, each named by the effect that was left out or added."""
    columns = {
        name: [float(value) if np.isfinite(value) else None for value in values] for name, values in pooled.items()
    }
    return [
        {
            "study": effect["study"],
            "label": effect["label"],
            "population": effect.get("population"),
            "k": sizes[index],
            "inference": inference,
            **{name: values[index] for name, values in columns.items()},
        }
        for index, effect in enumerate(effects)
    ]


def leave_one_out(k: int) -> Array:
    """Return the subsets that leave out one effect each (k, k)."""
    return np.asarray(~np.eye(k, dtype=bool))
