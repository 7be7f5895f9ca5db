"""PET-PEESE: the effect of an infinitely precise study, by the line in the standard error or in the variance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from coppice.explore.small_study.entry import STANDARDISED_MEANS, Part, a_null, different_precision, not_linked, outside
from coppice.explore.small_study.evidence import Evidence
from coppice.explore.small_study.regression import Line, regress
from coppice.pool.kernel.kernel import Array

PET_LEVEL = 0.10  # two-sided, which is the authors' one-sided 5%


def _variance(evidence: Evidence) -> Array:
    """Return the variances (k,); of standardised mean differences the part that does not depend on the effect."""
    if evidence.measure not in STANDARDISED_MEANS or evidence.sizes is None:
        return evidence.vi
    return np.asarray((1.0 / evidence.sizes).sum(axis=1))


def pet_peese(evidence: Evidence, options: Mapping[str, Any]) -> Part:
    """Give PET and PEESE and which of them the rule takes: PEESE where PET's effect differs from no effect.

    Both are weighted regressions with a multiplicative dispersion; the effect is the intercept.
    """
    assert evidence.null is not None
    vi = _variance(evidence)
    away = evidence.yi - evidence.null
    lines = {"PET": Line(away, vi, np.sqrt(vi), "standard error"), "PEESE": Line(away, vi, vi, "variance")}
    fits = {name: regress(line, level=evidence.level)["limit"] for name, line in lines.items()}
    chosen = "PEESE" if fits["PET"]["p"] < PET_LEVEL else "PET"
    shifted: Part = {}
    for name, part in fits.items():
        moved = part | {key: part[key] + evidence.null for key in ("estimate", "ci_low", "ci_high")}
        shifted[name] = moved | outside(moved["estimate"], evidence.yi, "The effect of an infinitely large study")
    return {**shifted[chosen], "chosen": chosen, **shifted}


def _no_stand_in(evidence: Evidence) -> str | None:
    """Refuse linked measures, standardised mean differences with known sizes apart."""
    if evidence.measure in STANDARDISED_MEANS and evidence.sizes is not None:
        return None
    return not_linked(evidence)


FUNCTIONS = {"pet_peese": {"run": pet_peese, "needs": (a_null, _no_stand_in, different_precision)}}
