"""What an analysis is in a review: a result of its own, or a support of another."""

from __future__ import annotations

MAIN, META_REGRESSION = "main", "meta-regression"
ROLES = {MAIN: "main analysis", "sensitivity": "sensitivity analysis", META_REGRESSION: "meta-regression"}
