"""Which analyses share an axis: all ratios do, others only with their own measure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from coppice.core.measures import MEASURES

# Of these, two outcomes have two units: days of stay and points of a score are on one axis for one outcome only.
WITH_UNITS = frozenset({"MD", "MC", "MN", "MNLN", "SDLN", "RMSTD", "IRD", "IRSD", "IR", "IRLN", "IRS", "IRFT", "GEN"})
RATIO = ("ratio", "")


def axis_of(measure: str, outcome: str) -> tuple[str, str]:
    """Return what two analyses have in common if they may stand on one axis."""
    entry = MEASURES.get(measure)
    if entry is not None and entry.scale.is_ratio:
        return RATIO
    return measure, outcome if measure in WITH_UNITS else ""


def on_one_axis(analyses: Sequence[tuple[str, str]]) -> list[bool]:
    """Return for each analysis, given by measure and outcome, whether it is on the axis that most of them share."""
    axes = [axis_of(measure, outcome) for measure, outcome in analyses]
    if not axes:
        return []
    chosen = Counter(axes).most_common(1)[0][0]  # of several as common the first
    return [axis == chosen for axis in axes]
