"""Checksums of results: a result that was edited or truncated after it was written is set aside and made again.

Snakemake compares times and inputs, and takes a result that was edited for newer than all that it was made from. So a job
of a run leaves a note of each result's content in the review's `.snakemake`, with the time of the result: a result of
another time is read, and it was edited if its content is not what the note says. A copy of it is kept in `.snakemake` until a
job makes the result again, and puts the copy beside it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coppice.core.environment import RUN_VARIABLE

FOLDER = Path(".snakemake/coppice/written")
COPIES = Path(".snakemake/coppice/edited")
DIGITS = 64  # of a SHA-256; a note that a kill left half-written has fewer
ASIDE = ".edited"  # before the ending of what was put aside


def note_of(file: Path) -> Path:
    """Return the note of a result, both relative to the review's folder."""
    return FOLDER / file.parent / f"{file.name}.sha256"


@contextmanager
def recording_checksum(file: Path, content: bytes) -> Iterator[None]:
    """Record the checksum of what is written to a file within the block; a kill within it leaves none."""
    if RUN_VARIABLE not in os.environ or file.is_absolute() or not FOLDER.parent.is_dir():
        yield  # not a job of a run: what somebody writes by hand is an edit
        return
    set_edited_result_aside(file)
    note = note_of(file)
    with suppress(OSError):
        note.unlink(missing_ok=True)
    yield
    with suppress(OSError):
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(hashlib.sha256(content).hexdigest(), encoding="ascii")
        _give_time(note, file.stat())


def _give_time(note: Path, result: os.stat_result) -> None:
    os.utime(note, ns=(result.st_mtime_ns, result.st_mtime_ns))


def is_edited(file: Path) -> bool:
    """Return whether a result is there with another content than was written; a new time alone changes nothing."""
    note = note_of(file)
    try:
        result = file.stat()
        if note.stat().st_mtime_ns == result.st_mtime_ns:
            return False
        checksum, content = note.read_text(encoding="ascii"), file.read_bytes()
    except (OSError, ValueError):  # never written by a job, or gone
        return False
    if len(checksum) != DIGITS:
        return False
    if checksum != hashlib.sha256(content).hexdigest():
        return True
    with suppress(OSError):
        _give_time(note, result)
    return False


def aside(file: Path) -> Path:
    """Return the name that what was edited gets when its result is made again."""
    return file.with_name(f"{file.stem}{ASIDE}{file.suffix}")


def copy_edited(files: Iterable[Path]) -> Iterator[Path]:
    """Keep a copy of each of the results that was edited, until its job sets the copy aside, and yield the result."""
    for file in files:
        copy = COPIES / file
        if is_edited(file):
            with suppress(OSError):  # where nothing may be written, the run reports it
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(file, copy)
            yield file
        elif file.exists():  # as it was written: an edit was taken back
            with suppress(OSError):
                copy.unlink(missing_ok=True)


def set_edited_result_aside(file: Path) -> None:
    """Put what was edited beside the result that a job is about to write."""
    with suppress(OSError):
        if (COPIES / file).exists():
            shutil.move(COPIES / file, aside(file))
