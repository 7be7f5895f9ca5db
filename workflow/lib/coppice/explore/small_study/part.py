"""The part `small_study` of results/explore/<analysis>.json."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from coppice.core.contracts.pool import PoolResult
from coppice.core.contracts.small_study import SmallStudy
from coppice.core.options import bound
from coppice.explore.small_study import (
    copas,
    doi_plot,
    excess,
    fail_safe,
    limit,
    p_curve,
    p_uniform,
    pet_peese,
    rank,
    regression,
    selection,
    trim_and_fill,
)
from coppice.explore.small_study.entry import CannotFit, Entry, Part
from coppice.explore.small_study.evidence import Evidence, evidence_of
from coppice.explore.small_study.options import ENTRIES as OPTIONS

MODULES = (
    regression,
    rank,
    trim_and_fill,
    pet_peese,
    selection,
    excess,
    fail_safe,
    doi_plot,
    limit,
    copas,
    p_uniform,
    p_curve,
)
ENTRIES: dict[str, Entry] = bound(
    OPTIONS, Entry, {code: parts for module in MODULES for code, parts in module.FUNCTIONS.items()}
)
OFF = "switched off in the configuration"
HIGH_I2 = 50.0  # percent; this and the next two: Ioannidis & Trikalinos 2007, doi:10.1503/cmaj.060410
SMALL_RATIO = 4.0  # of the largest to the smallest variance
SIGNIFICANT = 1.959963984540054


def small_study(pooled: PoolResult, options: Mapping[str, Any]) -> SmallStudy:
    """Apply every entry of the registry that may be used to a result with an overall model.

    `options` have for each entry true, false or its options. An entry that is off by default has a part only where it is
    requested. The parts have `name` and `source`, or `skipped` with the reason; with them come the `cautions`.
    """
    evidence = evidence_of(pooled)
    parts = {
        code: _one(entry, evidence, options.get(code, True))
        for code, entry in ENTRIES.items()
        if entry.default or options.get(code, False) is not False
    }
    return cast(SmallStudy, {**parts, "cautions": cautions(evidence)})


def _one(entry: Entry, evidence: Evidence, options: Any) -> Part:
    named = {"name": entry.name, "source": entry.source}
    reason = OFF if options is False else entry.why_not(evidence)
    if reason:
        return named | {"skipped": reason}
    try:
        part = entry.run(evidence, options if isinstance(options, Mapping) else {})
    except CannotFit as error:
        return named | {"skipped": str(error)}
    except np.linalg.LinAlgError:
        return named | {"skipped": "its equations can't be solved, because the weights of the studies differ too much"}
    return named | (part if is_finite(part) else {"skipped": "the result is not finite"})


def is_finite(part: Any) -> bool:
    """Return whether every number within a part of the result is finite."""
    if isinstance(part, Mapping):
        return all(map(is_finite, part.values()))
    if isinstance(part, list):
        return all(map(is_finite, part))
    return not isinstance(part, float) or math.isfinite(part)


def cautions(evidence: Evidence) -> list[str]:
    """Return the reasons against reading asymmetry as missing studies."""
    sentences = []
    if evidence.i2 >= HIGH_I2:
        sentences.append(
            f"I² is {evidence.i2:.0f}%: with this much heterogeneity, a funnel plot can be asymmetrical for many reasons."
        )
    if evidence.k and evidence.vi.max() < SMALL_RATIO * evidence.vi.min():
        sentences.append(
            "The studies have nearly the same precision, so small and large studies can hardly be compared."
        )
    if evidence.null is not None and not np.any(np.abs(evidence.yi - evidence.null) > SIGNIFICANT * evidence.sei):
        sentences.append("No study is significant by itself, so there is no sign of selection for significance.")
    return sentences
