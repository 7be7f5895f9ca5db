"""Rules that no estimate with its interval breaks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Figure = Mapping[str, Any]


def estimate_within_interval(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find an estimate outside its own interval."""
    value, limits = figure.get("estimate"), figure.get("ci")
    if value is not None and limits is not None and not limits[0] <= value <= limits[1]:
        yield "estimate", f"{value:g} lies outside its interval {limits[0]:g} to {limits[1]:g}"


def limit_beside_estimate(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find a single limit that is the estimate itself, so that the interval has no width."""
    for field in ("estimate", "efficacy"):
        value, limit = figure.get(field), figure.get("ci_limit")
        if value is not None and value == limit:
            yield "ci_limit", f"{limit:g} is the {field} itself; an interval has a width"


def efficacy_within_interval(figure: Figure) -> Iterator[tuple[str, str]]:
    """Find an efficacy outside its own interval."""
    for _, message in estimate_within_interval({**figure, "estimate": figure.get("efficacy")}):
        yield "efficacy", message
