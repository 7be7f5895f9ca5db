"""The pooled model over subsets of its effects: all subsets in one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.core.contracts.explore import ResampledRow
from coppice.core.contracts.pool import SelectedEffect
from coppice.explore.resampling.mantel_haenszel_tau2 import subset_tau2
from coppice.explore.resampling.rule import infer_each
from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.kernel import Array, studies
from coppice.pool.parts import finite
from coppice.pool.profiles import Settings


def pool_subsets(
    yi: ArrayLike, vi: ArrayLike, used: ArrayLike, options: Settings, *, means: Array | None = None
) -> dict[str, NDArray[Any]]:
    """Pool subsets of the effects, each as an analysis of these effects alone would.

    Parameters
    ----------
    yi, vi : (k,)
        Effects and sampling variances.
    used : (m, k) of bool
        The subsets.
    options : Settings
        Those of the analysis. Its rule of inference holds in each subset: where the profile has Wald's interval for two
        effects or a tau2 of 0, a subset of two effects or with a tau2 of 0 has it too.
    means : (m,), optional
        What DerSimonian and Laird's tau2 is taken about, see :mod:`coppice.explore.resampling.mantel_haenszel_tau2`; else the common effect.

    Returns
    -------
    dict of (m,) arrays
        estimate, se, ci_low, ci_high, statistic, p, tau2, I2 (percent), H2, Q; NaN where a subset does not give one. And
        `inference`, the code of the one that each has.
    """
    data = studies(yi, vi, used=used)
    tau2 = subset_tau2(data, options.tau2, means)
    line, codes = infer_each(data, tau2, options)
    spread = heterogeneity(data, tau2, level=options.level, about=means)
    columns = ("estimate", "se", "ci_low", "ci_high", "statistic", "p")
    return {
        **{name: getattr(line, name)[:, 0] for name in columns},
        "tau2": np.where(data.df > 0, tau2, np.nan),
        "I2": spread.i2,
        "H2": spread.h2,
        "Q": spread.q,
        "inference": np.array(codes),
    }


def rows(
    effects: Sequence[SelectedEffect], pooled: Mapping[str, NDArray[Any]], sizes: Sequence[int]
) -> list[ResampledRow]:
    """Return subsets as rows of the result file, each named by the effect that was left out or added."""
    columns = {name: [finite(value) for value in values] for name, values in pooled.items() if name != "inference"}
    resampled = [
        {
            "study": effect["study"],
            "label": effect["label"],
            "population": effect["population"],
            "k": sizes[index],
            "inference": str(pooled["inference"][index]),
            **{name: values[index] for name, values in columns.items()},
        }
        for index, effect in enumerate(effects)
    ]
    return cast(list[ResampledRow], resampled)


def leave_one_out(k: int) -> Array:
    """Return the subsets that leave out one effect each (k, k)."""
    return np.asarray(~np.eye(k, dtype=bool))
