"""The Doi plot and its LFK index of asymmetry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from coppice.explore.small_study.entry import CannotFit, Part, a_null, different_effects
from coppice.explore.small_study.evidence import Evidence
from coppice.pool.kernel.kernel import Array

PER_STUDY = 100.0  # ranks that the least precise study takes
NEARLY_ONE = 1.0 - 1e-6  # from here on the quantile is taken in the other tail, which has more digits
BOUNDS = ((1.0, "no"), (2.0, "minor"))  # of |LFK|; major beyond
ADVICE = (
    "The LFK index has no sampling theory, and its rate of false positives depends on the number and size of the studies; "
    "simulations advise against it as a test (Schwarzer et al. 2024, doi:10.1002/jrsm.1714)."
)


def doi_plot(yi: Array, vi: Array) -> tuple[NDArray[np.intp], Array]:
    """Return the order of the effects and the normal quantile of each one's weighted mid-rank (k,).

    A study takes 100 max(v) / v ranks; the rank of its middle, less a half, over all ranks is its percentile.
    """
    order = np.argsort(yi, kind="stable")
    taken = PER_STUDY * vi.max() / vi[order]
    middle = np.cumsum(taken) - taken / 2.0
    share = (middle - 0.5) / taken.sum()
    above = np.cumsum(taken[::-1])[::-1] - taken / 2.0 + 0.5  # which does not cancel as 1 - share does
    return order, np.where(share < NEARLY_ONE, ndtri(share), -ndtri(above / taken.sum()))


def lfk(yi: Array, vi: Array) -> float:
    """Return the LFK index: 5/2 times the mean of z plus the distance from the tip, scaled to the range of z."""
    order, z = doi_plot(yi, vi)
    away = yi[order] - yi[order][np.abs(z).argmin()]
    if np.ptp(away) == 0:
        raise CannotFit("all effects are equal")
    return float(2.5 * np.mean(z + np.ptp(z) / np.ptp(away) * away))


def doi(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Give the index, how large an asymmetry its authors call it, and the points of the plot in rising order."""
    index = lfk(evidence.yi, evidence.vi)
    order, z = doi_plot(evidence.yi, evidence.vi)
    asymmetry = next((word for bound, word in BOUNDS if abs(index) <= bound), "major")
    points = [{"effect": int(at), "yi": float(evidence.yi[at]), "z": float(q)} for at, q in zip(order, z, strict=True)]
    return {"lfk": index, "asymmetry": asymmetry, "points": points, "advice": ADVICE}


FUNCTIONS = {"doi_plot": {"run": doi, "needs": (a_null, different_effects)}}
