"""The inference of each subset of the effects: the one that an analysis of that subset would have."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np

from coppice.pool.kernel.inference import Estimates, infer
from coppice.pool.kernel.kernel import Array, Studies
from coppice.pool.kernel.profile_mean import profile_mean
from coppice.pool.parts import usable_inference
from coppice.pool.profiles import Settings

PROFILE_LIKELIHOOD = "PL"  # its interval is not a multiple of a standard error


def infer_each(data: Studies, tau2: Array, options: Settings) -> tuple[Estimates, tuple[str, ...]]:
    """Estimate the mean of each subset by the rule of the profile, given tau2 (n,), and the inference of each.

    The rule depends on the number of effects and on tau2, so one subset may have another inference than the next.
    """
    codes = tuple(usable_inference(options, int(k), float(at))[0] for k, at in zip(data.k, tau2, strict=True))
    n = len(codes)
    result = Estimates(*(np.full((n, 1), np.nan) for _ in range(6)), *(np.full(n, np.nan) for _ in range(2)))
    for code in dict.fromkeys(codes):
        chosen = np.array([other == code for other in codes])
        estimates = infer(data, tau2, method=code, level=options.level)
        for field in fields(Estimates):
            getattr(result, field.name)[chosen] = getattr(estimates, field.name)[chosen]
        if code == PROFILE_LIKELIHOOD:
            low, high, p = profile_mean(_only(data, chosen), level=options.level)
            result.ci_low[chosen, 0], result.ci_high[chosen, 0], result.p[chosen, 0] = low, high, p
            result.statistic[chosen] = np.nan
    return result, codes


def _only(data: Studies, chosen: Array) -> Studies:
    """Return some of the meta-analyses (m of n)."""
    columns = {name: getattr(data, name)[:, chosen] for name in ("yi", "vi", "used")}
    return replace(data, **columns, leading=(int(chosen.sum()),))
