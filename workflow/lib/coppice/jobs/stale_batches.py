"""What batches leave behind where each unit has a job of its own: their indices and journals.

An index that outlives its batch would stand for files that other jobs have written since.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from coppice.core.environment import RUN_VARIABLE
from coppice.core.results_layout import BATCHES
from coppice.jobs.batch import JOURNAL


def begun(folder: Path) -> list[Path]:
    """Return the index of each batch that was ever begun in the folder of a verb's results, whether it exists or not."""
    indices = [folder / f"_{batch}.json" for batch in BATCHES]
    return [index for index in indices if index.exists() or index.with_suffix(JOURNAL).exists()]


def forget(index: Path) -> None:
    """Remove the index and the journal of a batch."""
    with suppress(OSError):  # where nothing may be written, the results can't be either
        index.unlink(missing_ok=True)
        index.with_suffix(JOURNAL).unlink(missing_ok=True)


def leave(folder: Path) -> None:
    """Remove what is left of a verb's batches, before a job of one unit writes into its folder.

    The specs of all units have been made newer by then, see `jobs.outdated`, so that none is forgotten.
    """
    if RUN_VARIABLE in os.environ:
        for index in begun(folder):
            forget(index)
