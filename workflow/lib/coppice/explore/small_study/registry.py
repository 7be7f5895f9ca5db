"""The registry of what is known of small-study effects, in the order of the report."""

from __future__ import annotations

from coppice.explore.small_study import (
    doi_plot,
    excess,
    fail_safe,
    pet_peese,
    rank,
    regression,
    sample_size,
    selection,
    trim_and_fill,
)
from coppice.explore.small_study.entry import Entry

ENTRIES: dict[str, Entry] = {
    entry.code: entry
    for module in (regression, sample_size, rank, trim_and_fill, pet_peese, selection, excess, fail_safe, doi_plot)
    for entry in module.ENTRIES
}
