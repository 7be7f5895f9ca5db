"""What each result was when it was written: one that was edited since, or cut short, is put aside and made again.

Snakemake compares times and inputs, and takes a result that was edited for newer than all that it was made from. So a job
of a run leaves a note of each result's content in the review's `.snakemake`, with the time of the result: a result of
another time is read, and it was edited if its content is not what the note says.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from coppice.core.environment import RUN_VARIABLE

FOLDER = Path(".snakemake/coppice/written")
DIGITS = 64  # of a SHA-256; a note that a kill left half-written has fewer
ASIDE = ".edited"  # before the ending of what was put aside


def note_of(file: Path) -> Path:
    """Return the note of a result, both relative to the review's folder."""
    return FOLDER / file.parent / f"{file.name}.sha256"


@contextmanager
def noted(file: Path, content: bytes) -> Iterator[None]:
    """Leave a note of what is written to a file within the block; a kill within it leaves none."""
    if RUN_VARIABLE not in os.environ or file.is_absolute() or not FOLDER.parent.is_dir():
        yield  # not a job of a run: what somebody writes by hand is an edit
        return
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
        said, content = note.read_text(encoding="ascii"), file.read_bytes()
    except (OSError, ValueError):  # never written by a job, or gone
        return False
    if len(said) != DIGITS:
        return False
    if said != hashlib.sha256(content).hexdigest():
        return True
    with suppress(OSError):
        _give_time(note, result)
    return False


def put_edited_aside(files: Iterable[Path]) -> list[tuple[Path, Path]]:
    """Give another name to each of the results that was edited, so that it is made again, and return both names."""
    moved = []
    for file in filter(is_edited, files):
        aside = file.with_name(f"{file.stem}{ASIDE}{file.suffix}")
        with suppress(OSError):  # where nothing may be written, the run says so
            file.replace(aside)
            moved.append((file, aside))
    return moved
