"""The finders in the order in which they read a sentence: what one has used, those after it leave."""

from __future__ import annotations

from collections.abc import Callable

from coppice.tools.draft.context import Context
from coppice.tools.draft.finders import (
    counts,
    differences,
    differences_in_words,
    facts,
    means,
    p_values,
    rates,
    ratios,
    reductions,
    single,
    survival,
)

FINDERS: tuple[Callable[[Context], None], ...] = (
    p_values.later,
    facts.find,
    single.find,
    ratios.find,
    reductions.find_reductions,
    reductions.find_times,
    differences.find,
    differences_in_words.find_advantages,
    differences_in_words.find_compared,
    p_values.find,
    rates.find,
    survival.find_medians,
    survival.find,
    means.find,
    counts.find,
)
CONTRASTS = (p_values.later, ratios.find, reductions.find_reductions, differences.find, p_values.find)  # need no arms
FACTS = ("sample_size", "follow_up", "allocation", "cluster")
