"""Stale locks: what a killed run leaves behind is removed, and a living run's lock never.

Snakemake marks a running review by files that say nothing about who made them, so that after a `kill -9` the next run is refused
until somebody unlocks by hand. A lock of the kernel ends with its process, however that ends: each run holds one for as long as it
lives, and so does each job. Where nobody holds either, Snakemake's own marks are stale.

On file systems and machines without such locks, and for a folder that was last run on another machine or by another workflow,
nothing is removed.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

from coppice.core.environment import JOBS_LOCK

FOLDER = Path(JOBS_LOCK).parent
RUN, JOBS = "run.lock", Path(JOBS_LOCK).name
MARKS = Path(".snakemake/locks")  # Snakemake's own
PATIENCE_SECONDS = 60  # time for jobs orphaned by a killed run to notice and exit
POLL_SECONDS = 0.1
LONGEST_NAME = 256  # of a machine, in bytes

_held: list[int] = []  # open for the life of the process


def locked(number: int, *, shared: bool, patience: float = 0) -> bool:
    """Return whether a lock on an open file was taken, within so many seconds."""
    import fcntl

    deadline = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(number, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(POLL_SECONDS)
        else:
            return True


def opened(review: Path, name: str) -> int:
    """Open one of the two files that are locked, and return its number."""
    (review / FOLDER).mkdir(parents=True, exist_ok=True)
    return os.open(review / FOLDER / name, os.O_RDWR | os.O_CREAT, 0o666)


def jobs_ended(review: Path, patience: float) -> bool:
    """Return whether no job of the review is alive, after waiting for those that a killed run left."""
    number = opened(review, JOBS)
    try:
        if locked(number, shared=False):
            return True
        sys.stderr.write("waiting for the jobs that a run left behind when it was killed\n")
        return locked(number, shared=False, patience=patience)
    finally:
        os.close(number)


def is_marked(review: Path) -> bool:
    """Return whether Snakemake's marks say that the review is being run."""
    return any((review / MARKS).glob("*.lock"))


def is_ours(review: Path, number: int) -> bool:
    """Return whether the folder was last run by Coppice and on this machine, or is not marked as running at all."""
    host = os.pread(number, LONGEST_NAME, 0).decode("utf-8", "replace")
    return host == socket.gethostname() or not is_marked(review)


def hold(review: Path, *, patience: float = PATIENCE_SECONDS, remove: bool = True) -> bool:
    """Hold the review's lock until this process ends, remove stale marks, and return whether nobody else was alive.

    `patience` is the time in seconds for the jobs of a killed run to end. Without `remove` no mark is removed.
    """
    try:
        number = opened(review, RUN)
        alone = remove and locked(number, shared=False) and is_ours(review, number) and jobs_ended(review, patience)
        if alone:
            for mark in (review / MARKS).glob("*.lock"):
                mark.unlink(missing_ok=True)
            os.ftruncate(number, 0)
            os.pwrite(number, socket.gethostname().encode(), 0)
        # whoever holds it alone waits for jobs: this run must not go on unseen meanwhile
        locked(number, shared=True, patience=2 * patience)
    except (ImportError, OSError):  # no such locks here, or a folder that can't be written: Snakemake will say so
        return False
    _held.append(number)
    return alone
