"""Estimates and intervals as Python users get them."""

from __future__ import annotations

from typing import NamedTuple


class Estimate(NamedTuple):
    """An estimate with the limits of its confidence interval."""

    estimate: float | None
    ci_low: float | None
    ci_high: float | None


class Interval(NamedTuple):
    """The limits of an interval."""

    low: float | None
    high: float | None
