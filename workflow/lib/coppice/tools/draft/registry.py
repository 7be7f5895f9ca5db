"""The finders in the order in which they read a sentence: what one has used, those after it leave."""

from __future__ import annotations

from collections.abc import Callable

from coppice.tools.draft.context import Context
from coppice.tools.draft.finders import counts, differences, facts, means, p_values, rates, ratios, single, survival

FINDERS: tuple[Callable[[Context], None], ...] = (
    p_values.later,
    facts.find,
    single.find,
    ratios.find,
    ratios.find_reductions,
    ratios.find_times,
    differences.find,
    differences.find_advantages,
    differences.find_compared,
    p_values.find,
    rates.find,
    survival.find_medians,
    survival.find,
    means.find,
    counts.find,
)
CONTRASTS = (p_values.later, ratios.find, ratios.find_reductions, differences.find, p_values.find)  # need no arms
FACTS = ("sample_size", "follow_up", "allocation", "cluster")
