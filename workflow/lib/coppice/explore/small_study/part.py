"""The part `small_study` of results/explore/<analysis>.json."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from coppice.explore.small_study.entry import CannotFit, Entry, Part
from coppice.explore.small_study.evidence import Evidence, evidence_of
from coppice.explore.small_study.registry import ENTRIES

OFF = "it is switched off in the configuration"
HIGH_I2 = 50.0  # percent; this and the next two: Ioannidis & Trikalinos 2007, doi:10.1503/cmaj.060410
SMALL_RATIO = 4.0  # of the largest to the smallest variance
SIGNIFICANT = 1.959963984540054


def small_study(pooled: Mapping[str, Any], options: Mapping[str, Any]) -> Part:
    """Apply every entry of the registry that may be used.

    Parameters
    ----------
    pooled : mapping
        The content of results/pool/<analysis>.json; it has an overall model.
    options : mapping
        For each entry true, false or its options; all are on by default.

    Returns
    -------
    dict
        A part for each entry, with its `name` and `source`, or with `skipped` and the reason; and the `cautions`.
    """
    evidence = evidence_of(pooled)
    found: Part = {code: _one(entry, evidence, options.get(code, True)) for code, entry in ENTRIES.items()}
    return found | {"cautions": cautions(evidence)}


def _one(entry: Entry, evidence: Evidence, said: Any) -> Part:
    named = {"name": entry.name, "source": entry.source}
    reason = OFF if said is False else entry.why_not(evidence)
    if reason:
        return named | {"skipped": reason}
    try:
        found = entry.run(evidence, said if isinstance(said, Mapping) else {})
    except CannotFit as error:
        return named | {"skipped": str(error)}
    except np.linalg.LinAlgError:
        return named | {"skipped": "the weights of the studies are too far apart for its equations to be solved"}
    return named | (found if is_finite(found) else {"skipped": "it gives no finite number"})


def is_finite(part: Any) -> bool:
    """Return whether every number within a part of the result is finite."""
    if isinstance(part, Mapping):
        return all(map(is_finite, part.values()))
    if isinstance(part, list):
        return all(map(is_finite, part))
    return not isinstance(part, float) or math.isfinite(part)


def cautions(evidence: Evidence) -> list[str]:
    """Return what speaks against reading asymmetry as missing studies."""
    found = []
    if evidence.i2 >= HIGH_I2:
        found.append(
            f"I² is {evidence.i2:.0f}%: with much heterogeneity a funnel plot is asymmetrical for many reasons."
        )
    if evidence.k and evidence.vi.max() < SMALL_RATIO * evidence.vi.min():
        found.append("The studies are of nearly the same precision: small and large ones can hardly be compared.")
    if evidence.null is not None and not np.any(np.abs(evidence.yi - evidence.null) > SIGNIFICANT * evidence.sei):
        found.append("No study is significant by itself, so that selection for significance has left no trace.")
    return found
