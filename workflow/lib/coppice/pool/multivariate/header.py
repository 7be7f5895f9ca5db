"""What the result files of all models of several effects begin with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from coppice.core.measures import MEASURES


class Header(TypedDict):
    """The analysis that a result is of, and what its effects are."""

    analysis: str
    outcome: str
    measure: str
    scale: str
    level: float


def header(spec: Mapping[str, Any], level: float) -> Header:
    """Return the head of a result, from what `pool` reads of its analysis and the level of its intervals."""
    measure = spec["measure"]
    outcome = spec["outcome"] if "outcome" in spec else spec["outcomes"][0]["outcome"]
    return {
        "analysis": spec["analysis"],
        "outcome": outcome,
        "measure": measure,
        "scale": MEASURES[measure].scale.name,
        "level": level,
    }
