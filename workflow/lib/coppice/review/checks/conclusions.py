"""What an analysis asks about its conclusion, checked against its measure and its other keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from coppice.core.measures import MEASURES
from coppice.core.schema import Finding, Place
from coppice.explore.options import E_VALUE_MEASURES
from coppice.extract.routes.two_by_two import DEFINITIONS

COMPARED_COUNTS = [code for code in DEFINITIONS if MEASURES[code].null is not None]


def conclusion_findings(settings: Mapping[str, Any], place: Place) -> Iterator[Finding]:
    """Yield what the measure of an analysis, or a missing key, leaves without an answer; only for its own `explore`."""
    asked, measure = settings.get("explore") or {}, settings.get("measure")
    if not measure:
        return
    for code, allowed in (("e_values", list(E_VALUE_MEASURES)), ("fragility", COMPARED_COUNTS)):
        if asked.get(code, False) is not False and measure not in allowed:
            yield (*place, "explore", code), f"is not for {measure}; allowed: {', '.join(sorted(allowed))}"
    if asked.get("equivalence", False) is not False and settings.get("important") is None:
        message = "needs `important`, the smallest effect that matters, on both sides of which it tests"
        yield (*place, "explore", "equivalence"), message
