"""The registry of checks, in the order of the documentation."""

from __future__ import annotations

from coppice.extract.checks import agreement, counts, intervals, pooling, survival
from coppice.extract.checks.check import Check

CHECKS: dict[str, Check] = {
    check.name: check for module in (intervals, counts, survival, agreement, pooling) for check in module.checks()
}
