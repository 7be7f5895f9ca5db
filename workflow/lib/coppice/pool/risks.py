"""The risk in each arm, with its exact interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from scipy.special import betaincinv

from coppice.core.contracts.pool import Risk, Risks


def exact_interval(events: float, n: float, *, level: float = 0.95) -> tuple[float, float]:
    """Return the exact interval of a proportion: Clopper & Pearson (1934), doi:10.1093/biomet/26.4.404."""
    tail = 0.5 * (1.0 - level)
    low = 0.0 if events <= 0 else float(betaincinv(events, n - events + 1.0, tail))
    high = 1.0 if events >= n else float(betaincinv(events + 1.0, n - events, 1.0 - tail))
    return low, high


def risks(reported: Mapping[str, Any] | None, *, level: float = 0.95) -> Risks | None:
    """Return risk, low and high of each arm from counts as reported; None where the figures are not counts."""
    experimental, control = (_risk(reported or {}, arm, level) for arm in ("e", "c"))
    return None if experimental is None or control is None else {"experimental": experimental, "control": control}


def _risk(reported: Mapping[str, Any], arm: str, level: float) -> Risk | None:
    events, n = reported.get(f"events_{arm}"), reported.get(f"n_{arm}")
    if events is None or not n:
        return None
    low, high = exact_interval(events, n, level=level)
    return {"risk": events / n, "low": low, "high": high}
