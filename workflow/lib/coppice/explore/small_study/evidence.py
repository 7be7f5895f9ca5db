"""What the tests for small-study effects read of a pooled analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coppice.core.contracts.pool import PoolResult, SelectedEffect
from coppice.core.measures import MEASURES
from coppice.pool.kernel.kernel import Array

TABLE = ("events_e", "n_e", "events_c", "n_c")
SIZES = ("n_e", "n_c")


@dataclass(frozen=True, slots=True)
class Evidence:
    """The effects of one analysis and its main model.

    Attributes
    ----------
    null : float or None
        The measure's value of no effect, if it has one.
    tables, sizes, numbers : (k, 4), (k, 2), (k,) or None
        Events and patients, experimental then control arm; patients of the two arms; patients in all. Each only where
        every study reports them.
    estimator, inference : str
        How the main model estimates tau2 (or its fixed value), and its inference.
    i2 : float
        In percent.
    """

    measure: str
    null: float | None
    yi: Array
    vi: Array
    tables: Array | None
    sizes: Array | None
    estimator: str | float
    inference: str
    level: float
    estimate: float
    tau2: float
    i2: float
    numbers: Array | None = None

    @property
    def k(self) -> int:
        """Number of effects."""
        return len(self.yi)

    @property
    def sei(self) -> Array:
        """Standard errors (k,)."""
        return np.asarray(np.sqrt(self.vi))

    @property
    def total(self) -> Array:
        """Patients of each study (k,); only where `sizes` is given."""
        assert self.sizes is not None
        return np.asarray(self.sizes.sum(axis=1))


def evidence_of(pooled: PoolResult) -> Evidence:
    """Read a pooled result; it must have an overall model."""
    effects, spread, random = pooled["effects"], pooled["heterogeneity"], pooled["random"]
    assert random is not None
    sizes, whole = _columns(effects, SIZES), _columns(effects, ("n",))
    measure = MEASURES.get(pooled["measure"])
    return Evidence(
        measure=pooled["measure"],
        null=measure.null if measure else 0.0,
        yi=np.array([effect["yi"] for effect in effects], dtype=np.float64),
        vi=np.array([effect["vi"] for effect in effects], dtype=np.float64),
        tables=_columns(effects, TABLE),
        sizes=sizes,
        estimator=pooled["settings"]["tau2"],
        inference=random["inference"],
        level=pooled["level"],
        estimate=random["estimate"],
        tau2=0.0 if spread is None else spread["tau2"],
        i2=0.0 if spread is None else spread["I2"] or 0.0,
        numbers=sizes.sum(axis=1) if sizes is not None else None if whole is None else whole[:, 0],
    )


def _columns(effects: Sequence[SelectedEffect], names: tuple[str, ...]) -> Array | None:
    rows = [[(effect["reported"] or {}).get(name) for name in names] for effect in effects]
    if not rows or any(value is None for row in rows for value in row):
        return None
    return np.array(rows, dtype=np.float64)
