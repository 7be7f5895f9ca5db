"""The registry of checks, in the order of the documentation."""

from __future__ import annotations

from coppice.extract.checks import (
    agreement,
    claims,
    counts,
    direction,
    evidence,
    flow,
    intervals,
    pooling,
    survival,
    totals,
)
from coppice.extract.checks.check import Check

MODULES = (intervals, counts, survival, agreement, direction, pooling, totals, flow, claims, evidence)
CHECKS = {value.name: value for module in MODULES for value in vars(module).values() if isinstance(value, Check)}
