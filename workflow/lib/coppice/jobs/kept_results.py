"""Copies of earlier results: going back to an earlier choice copies its results and computes nothing.

A job keeps a copy of what it made, named by a hash of everything it was made from: its spec, which holds the fingerprint of
the code and the versions of packages, and the content of the results that it read. Copies that were used within 30 days are
kept, up to 200 MB in all.
"""

from __future__ import annotations

import os
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from coppice.core.environment import RUN_VARIABLE
from coppice.jobs import canonical_json
from coppice.jobs.batch import Unit
from coppice.jobs.spec_file import KEPT_SECONDS, write_whole
from coppice.jobs.stable_zip import zipped

FOLDER = Path(".snakemake/coppice/kept")
LARGEST = 200_000_000  # bytes of all copies together: hundreds of choices of a review of some size


def make_unit(unit: Unit, make: Callable[[], None]) -> None:
    """Make the results of a unit, or copy those that were made from the same input before.

    Parameters
    ----------
    unit : Unit
        What is read and written.
    make : callable
        Writes the files of the unit.
    """
    if RUN_VARIABLE not in os.environ or not FOLDER.parent.is_dir():  # not a job of a run
        make()
        return
    copy = FOLDER / f"{canonical_json.digest([unit.made_from(), [file.name for file in unit.writes]])}.zip"
    if not taken(copy, unit.writes):
        make()
        keep(copy, unit.writes)


def taken(copy: Path, files: tuple[Path, ...]) -> bool:
    """Write the files from their copy, and return whether a complete one exists."""
    try:
        with zipfile.ZipFile(copy) as archive:
            contents = [archive.read(file.name) for file in files]  # compared with their checksums
        copy.touch()
    except (OSError, KeyError, zipfile.BadZipFile):
        return False
    for file, content in zip(files, contents, strict=True):
        canonical_json.write_bytes(file, content)
    return True


def keep(copy: Path, files: tuple[Path, ...]) -> None:
    """Keep a copy of the files; a failure, as on a full disk, is ignored, since the results themselves are complete."""
    with suppress(OSError):
        write_whole(copy, zipped((file.name, file.read_bytes()) for file in files))


def drop_old() -> None:
    """Remove copies that have not been used for 30 days, then the oldest beyond the size limit."""
    oldest, size = time.time() - KEPT_SECONDS, 0
    with suppress(OSError):  # no folder yet; nothing may be written, which the run reports
        states = sorted(((file.stat(), file) for file in FOLDER.iterdir()), key=lambda item: -item[0].st_mtime)
        for state, file in states:
            size += state.st_size
            if state.st_mtime < oldest or size > LARGEST:
                file.unlink()
