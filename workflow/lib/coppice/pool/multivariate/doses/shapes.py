"""The shapes of a dose-response curve: what of a dose enters the model, and where the knots of a spline are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from coppice.core.dose_options import LINEAR, QUADRATIC, SPLINE
from coppice.pool.kernel.kernel import Array

# Harrell (2015), doi:10.1007/978-3-319-19425-7, table 2.3: percentiles of the doses where knots are by default
PERCENTILES: Mapping[int, tuple[float, ...]] = {
    3: (10, 50, 90), 4: (5, 35, 65, 95), 5: (5, 27.5, 50, 72.5, 95), 6: (5, 23, 41, 59, 77, 95), 7: (2.5, 18.33, 34.17, 50, 65.83, 81.67, 97.5),
}  # fmt: skip
KNOTS = 3


def _linear(doses: Array, knots: Sequence[float]) -> Array:
    return doses[..., None]


def _quadratic(doses: Array, knots: Sequence[float]) -> Array:
    return np.stack([doses, doses**2], axis=-1)


def _spline(doses: Array, knots: Sequence[float]) -> Array:
    """Return the terms of a restricted cubic spline: linear below the first and above the last knot.

    Those beside the dose are divided by the square of the distance of the outer knots (Harrell 2015, 2.4.5; Orsini et
    al. 2012, doi:10.1093/aje/kwr265).
    """
    last, before = knots[-1], knots[-2]
    cubes = [np.maximum(doses - knot, 0.0) ** 3 for knot in knots]
    terms = [doses]
    for place, knot in enumerate(knots[:-2]):
        outer = cubes[-2] * (last - knot) - cubes[-1] * (before - knot)
        terms.append((cubes[place] - outer / (last - before)) / (last - knots[0]) ** 2)
    return np.stack(terms, axis=-1)


TERMS: Mapping[str, Callable[[Array, Sequence[float]], Array]] = {
    LINEAR: _linear,
    QUADRATIC: _quadratic,
    SPLINE: _spline,
}


@dataclass(frozen=True, slots=True)
class Curve:
    """A shape, with the knots of a spline."""

    shape: str
    knots: tuple[float, ...] = ()

    def terms(self, doses: ArrayLike) -> Array:
        """Return what of each dose enters the model: (..., p)."""
        return TERMS[self.shape](np.asarray(doses, dtype=np.float64), self.knots)

    def differences(self, doses: ArrayLike, reference: float) -> Array:
        """Return the terms of each dose minus those of a reference dose: the log ratio is 0 there."""
        return np.asarray(self.terms(doses) - self.terms(reference))

    @property
    def size(self) -> int:
        """Number of coefficients."""
        return int(self.terms(0.0).shape[-1])


def default_knots(doses: ArrayLike, number: int = KNOTS) -> tuple[float, ...]:
    """Return knots at percentiles of the doses that studies report."""
    return tuple(float(knot) for knot in np.percentile(np.asarray(doses, dtype=np.float64), PERCENTILES[number]))
