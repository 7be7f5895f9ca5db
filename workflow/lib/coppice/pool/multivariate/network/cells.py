"""The counts of the arms of a network, from the figures of its comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from coppice.extract.combined_arms import resolved

Cells = tuple[float, float]  # patients with the event, and without


def cells_of(effects: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Cells]]:
    """Return the cells of the arms of each study, from the counts of its comparisons; a study without counts has none."""
    studies: dict[str, dict[str, Cells]] = {}
    for effect in effects:
        own = studies.setdefault(effect["study"], {})
        reported, _ = resolved({**effect["reported"], "statistic": effect["statistic"]})
        for treatment, side in zip(effect["treatments"], "ec", strict=True):
            events, total = (reported.get(f"{name}_{side}") for name in ("events", "n"))
            if events is not None and total is not None:
                own[treatment] = (float(events), float(total) - float(events))
    return studies
