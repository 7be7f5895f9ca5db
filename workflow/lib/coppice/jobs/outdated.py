"""Results that Snakemake would take for current although they are not: their jobs' specs are made newer than they are.

Snakemake compares times, names and checksums of inputs. It does not see that a result was edited or cut short, that a batch
lost a file that only its index stands for, nor, where a verb worked in batches and now has a job per unit, that the units'
files were last written by a batch. A spec that is a blank line longer is another input with the same content. So a dry run
shows what will be made again, and nothing outside `.snakemake` changes before a job does it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Protocol

from coppice.core.results_layout import FOLDER
from coppice.jobs import edited_results, kept_results, spec_file, stale_batches


class Job(Protocol):
    """A job, see `plan.targets`."""

    @property
    def spec(self) -> str:
        """The file of its spec."""

    @property
    def files(self) -> list[str]:
        """All its results."""

    @property
    def index(self) -> str:
        """The index of a batch; empty for other jobs."""

    @property
    def verb(self) -> str:
        """The verb, where it may work in batches; empty for other jobs."""


def mark(jobs: Iterable[Job], place: Callable[[str], Path]) -> Iterator[str]:
    """Let the jobs whose results are not current run again, and yield a line for each result that was edited.

    `place` says where a result lies: in a module with a prefix, within that.
    """
    batched: dict[str, bool] = {}
    for job in jobs:
        if job.verb and job.verb not in batched:
            batched[job.verb] = bool(stale_batches.begun(place(f"{FOLDER}/{job.verb}")))
        files = list(map(place, job.files))
        index = place(job.index) if job.index else None
        edited = list(edited_results.copy_edited(files))
        if edited or is_outdated(files, index, made_by_batches=batched.get(job.verb, False)):
            spec_file.make_newer(job.spec, [*files, index] if index else files)
        for file in edited:
            yield f"{file} was edited: a run makes it again, and keeps what is there now as {edited_results.aside(file)}"


def prepare(jobs: Sequence[Job], place: Callable[[str], Path], *, drop: bool) -> Iterator[str]:
    """Mark what is not current, and drop old specs and kept results if `drop`; yield what :func:`mark` does."""
    yield from mark(jobs, place)
    if drop:
        spec_file.drop_old({job.spec for job in jobs})
        kept_results.drop_old()


def is_outdated(files: list[Path], index: Path | None, *, made_by_batches: bool) -> bool:
    """Return whether the files of a job are not what their times say."""
    if index:
        return index.exists() and not all(file.exists() for file in files)
    return made_by_batches and any(file.exists() for file in files)


def is_edited_since(result: Path, files: Iterable[Path]) -> bool:
    """Return whether a result is missing, or older than a file of the review or anything beside it.

    A guess, before the review is read: the result may be current all the same, or another one may not be.
    """
    if not result.exists():
        return True
    made = result.stat().st_mtime_ns
    for folder in {file.parent for file in files}:
        for place, _, names in os.walk(folder):
            if any(Path(place, name).lstat().st_mtime_ns > made for name in ("", *names)):
                return True
    return False


def any_to_make(jobs: Iterable[Job], place: Callable[[str], Path]) -> bool:
    """Return whether a result is missing, or older than the spec of its job; Snakemake may find more to make."""
    for job in jobs:
        first = place(job.index or job.files[0]) if job.index or job.files else None
        if first and (not first.exists() or first.stat().st_mtime_ns < Path(job.spec).stat().st_mtime_ns):
            return True
    return False
