"""Whatever a file of another program holds, it becomes a review that runs, or one clear message, and then nothing is written."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from hypothesis import given

from coppice.core.errors import BadInput
from coppice.plan.plan import load
from coppice.review import review
from coppice.tools.import_file.formats import revman5
from coppice.tools.import_file.imported import NotImported
from coppice.tools.import_file.write import CONFIG, write

from .imports import revman_reviews
from .test_fuzz import cases, is_clear, patience, pytestmark, results

__all__ = ["pytestmark"]
FILE = "review.rm5"


@cases(0.1)
@given(revman_reviews())
def test_a_revman_review_becomes_a_review_or_a_clear_message(content: bytes) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name, patience():
        folder = Path(name) / "review"
        lines, refusal = tried(content, folder)
        assert refusal is None or (is_one_message(refusal) and not folder.exists())
        if refusal is None:
            assert write(revman5.read(content, FILE), folder)[0] == "nothing has changed"
            with contextlib.chdir(folder):
                run(lines)


def tried(content: bytes, folder: Path) -> tuple[list[str], str | None]:
    """Import a file; return the lines that it prints, and the message where it is refused."""
    try:
        return write(revman5.read(content, FILE), folder), None
    except NotImported as error:
        return [], str(error)


def is_one_message(text: str) -> bool:
    """Return whether a message is one line, or names the problems of the review below its first line."""
    first, *others = text.splitlines()
    return all(": " in line and line.isprintable() for line in others or [first])


def run(lines: list[str]) -> None:
    """Work out a review that was written: it can be read, but for what the import said is to be corrected, and gives results or clear messages."""
    review.load([Path(CONFIG)], {}, stop_at_errors=False)
    is_to_be_corrected = any(line.startswith("to be corrected") for line in lines)
    message: BadInput | None = None
    try:
        results(load([Path(CONFIG)], {}))
    except BadInput as error:
        message = error
    assert message is None or is_clear(message), message
    assert message is not None or not is_to_be_corrected
