"""What a run must not take for current: indices of batches that no longer stand for the files of their units.

Snakemake knows a batch by its index alone, and a unit that has a job of its own by its files alone. So it does not see
that a file of a batch was lost, nor, where a verb works in the one way and then in the other, that the files of the first
way were written anew in the second.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from coppice.core.results_layout import BATCHES
from coppice.jobs.batch import JOURNAL


def begun(folder: Path) -> list[Path]:
    """Return the index of each batch that was ever begun in the folder of a verb's results, there or not."""
    indices = [folder / f"_{batch}.json" for batch in BATCHES]
    return [index for index in indices if index.exists() or index.with_suffix(JOURNAL).exists()]


def drop_misleading(folder: Path, batches: Mapping[Path, Sequence[Path]], units: Sequence[Path]) -> None:
    """Remove the files by which Snakemake would take for current what is not, so that it makes them again.

    Parameters
    ----------
    folder : Path
        Where the results of a verb lie.
    batches : mapping
        The files of all units of each batch, by its index; none where each unit has a job of its own.
    units : sequence of Path
        One file of each unit.
    """
    with suppress(OSError):  # where nothing may be written, the run says so
        found = begun(folder)
        if found and not batches:
            for file in units:
                file.unlink(missing_ok=True)
        for index in found:
            if index not in batches:
                index.with_suffix(JOURNAL).unlink(missing_ok=True)
                index.unlink(missing_ok=True)
            elif index.exists() and not all(file.exists() for file in batches[index]):
                index.unlink()
