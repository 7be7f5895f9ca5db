"""The registry of checks, in the order of the documentation."""

from __future__ import annotations

from coppice.extract.checks import agreement, counts, direction, flow, intervals, pooling, survival, totals
from coppice.extract.checks.check import Check

CHECKS: dict[str, Check] = {
    check.name: check
    for module in (intervals, counts, survival, agreement, direction, pooling, totals, flow)
    for check in module.checks()
}
