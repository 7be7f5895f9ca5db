"""The orders in which the studies of a forest plot may stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SORTS: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "given": lambda effect: 0,
    "year": lambda effect: (effect.get("year") is None, effect.get("year") or 0),
    "effect": lambda effect: (effect.get("yi") is None, effect.get("yi") or 0.0),
    "weight": lambda effect: -(effect.get("weight_random") or effect.get("weight_common") or 0.0),
    "label": lambda effect: str(effect.get("label", "")).casefold(),
}
