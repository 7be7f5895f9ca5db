"""The registry of what is known of small-study effects, in the order of the report."""

from __future__ import annotations

from coppice.core.options import bound
from coppice.explore.small_study import (
    doi_plot,
    excess,
    fail_safe,
    options,
    pet_peese,
    rank,
    regression,
    sample_size,
    selection,
    trim_and_fill,
)
from coppice.explore.small_study.entry import Entry

MODULES = (regression, sample_size, rank, trim_and_fill, pet_peese, selection, excess, fail_safe, doi_plot)
ENTRIES: dict[str, Entry] = bound(
    options.ENTRIES, Entry, {code: parts for module in MODULES for code, parts in module.FUNCTIONS.items()}
)
