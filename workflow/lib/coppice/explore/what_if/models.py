"""The models of all subsets of the studies: each as an analysis of these studies with these options would be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite, nan

import numpy as np
from numpy.typing import NDArray

from coppice.core.contracts.pool import PoolResult
from coppice.core.measures import MEASURES, harmonic_size
from coppice.explore.resampling.mantel_haenszel_tau2 import subset_tau2
from coppice.explore.resampling.rule import infer_each
from coppice.explore.what_if.choices import Choice
from coppice.explore.what_if.counted import common_by_counts
from coppice.explore.what_if.packing import FIELDS
from coppice.pool.kernel.heterogeneity import heterogeneity
from coppice.pool.kernel.inference import infer
from coppice.pool.kernel.kernel import Array, Studies, studies
from coppice.pool.kernel.prediction import predict
from coppice.pool.options import NO_PREDICTION
from coppice.pool.parts import SMALLEST_K_OF_CAUTION
from coppice.pool.profiles import Settings

SIMULATED = "bootstrap"  # a prediction interval that is simulated for each set of studies
LINE = ("estimate", "ci_low", "ci_high")
Columns = dict[str, Array]


@dataclass(frozen=True, slots=True)
class Subsets:
    """All subsets of the studies of an analysis, in the order of their bits.

    Attributes
    ----------
    pooled : PoolResult
        The analysis.
    data : Studies
        The effects of each subset.
    used : (n, k)
        Which effects these are.
    by_counts : (3, n)
        The common effect from counts with its limits; NaN where a subset has none.
    sizes : list of float or None
        The sample size at which what is pooled of each subset is back-transformed.
    """

    pooled: PoolResult
    data: Studies
    used: NDArray[np.bool_]
    by_counts: Array
    sizes: Sequence[float | None]
    _tau2: dict[str | float, tuple[Array, Array]] = field(default_factory=dict)

    def columns(self, choice: Choice) -> Columns:
        """Return the numbers of a choice, each (n,), on the model's scale; NaN where a subset does not give one."""
        return self._common(choice.options) if choice.is_common else self._random(choice.options)

    def printed(self, values: Array) -> list[float]:
        """Return effects of each subset as they are printed, back-transformed."""
        back = MEASURES[self.pooled["measure"]].back
        pairs = zip(values.tolist(), self.sizes, strict=True)
        return [back(value, size) if isfinite(value) else nan for value, size in pairs]

    def _random(self, options: Settings) -> Columns:
        tau2, i2 = self._heterogeneity(options)
        line, _ = infer_each(self.data, tau2, options)
        several = self.data.k > 1
        low, high = self._prediction(tau2, options)
        return {
            **{name: getattr(line, name)[:, 0] for name in LINE},
            "prediction_low": low,
            "prediction_high": high,
            "tau2": np.where(several, tau2, np.nan),
            "I2": np.where(several, i2, np.nan),
        }

    def _common(self, options: Settings) -> Columns:
        line = infer(self.data, np.zeros(len(self.used)), method="wald", level=options.level)
        has_counts = np.isfinite(self.by_counts[0])
        values = (
            np.where(has_counts, at, getattr(line, name)[:, 0]) for name, at in zip(LINE, self.by_counts, strict=True)
        )
        return dict.fromkeys(FIELDS, np.full(len(self.used), np.nan)) | dict(zip(LINE, values, strict=True))

    def _heterogeneity(self, options: Settings) -> tuple[Array, Array]:
        """Return tau2 and I2 of each subset; those of an estimator are computed once."""
        if options.tau2 not in self._tau2:
            means = self.by_counts[0] if options.is_about_mantel_haenszel else None
            tau2 = subset_tau2(self.data, options.tau2, means)
            self._tau2[options.tau2] = tau2, heterogeneity(self.data, tau2).i2
        return self._tau2[options.tau2]

    def _prediction(self, tau2: Array, options: Settings) -> tuple[Array, Array]:
        """Return the prediction interval of each subset; see :func:`coppice.pool.parts.prediction_part`."""
        method = options.prediction_method
        if method in (NO_PREDICTION, SIMULATED):
            return np.full(len(tau2), np.nan), np.full(len(tau2), np.nan)
        interval = predict(self.data, tau2, method=method, level=options.level)
        enough = self.data.k >= (SMALLEST_K_OF_CAUTION if options.cautious else 2)
        return np.where(enough, interval.low, np.nan), np.where(enough, interval.high, np.nan)


def studies_of(pooled: PoolResult) -> list[str]:
    """Return the studies of an analysis, in the order of their effects."""
    return list(dict.fromkeys(effect["study"] for effect in pooled["effects"]))


def subsets_of(pooled: PoolResult, options: Settings) -> Subsets:
    """Return all subsets of the studies of an analysis but the empty one: bit i of the number is study i."""
    effects, names = pooled["effects"], studies_of(pooled)
    members = (np.arange(1, 2 ** len(names))[:, None] >> np.arange(len(names))) & 1 > 0
    used = members[:, [names.index(effect["study"]) for effect in effects]]
    yi, vi = ([effect[name] for effect in effects] for name in ("yi", "vi"))
    sizes: list[float | None] = [None] * len(used)
    if MEASURES[pooled["measure"]].scale.back_at is not None:
        sizes = [harmonic_size([effects[i] for i in np.flatnonzero(row)]) for row in used]
    return Subsets(pooled, studies(yi, vi, used=used), used, common_by_counts(pooled, options, members), sizes)
