"""Result files: canonical JSON with 12 significant digits, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from coppice.core.errors import FileAccessError
from coppice.jobs.edited_results import recording_checksum

SIGNIFICANT_DIGITS = 12  # processors differ in the last digits of exp and log; the twelfth is safe on all


def rounded(value: Any) -> Any:
    """Return `value` with every float at 12 significant digits and every container plain.

    Raises ValueError if a number is not finite: a result file says null and gives the reason instead.
    """
    if isinstance(value, bool) or value is None or isinstance(value, str | int):
        return value
    if isinstance(value, Mapping):
        return {str(key): rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    number = float(value)
    if not math.isfinite(number):
        raise ValueError(f"{number} has no place in a result file")
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}") + 0.0  # + 0.0 turns -0.0 into 0.0


def dumps(value: Any) -> str:
    """Return the canonical text of a result: sorted keys, indented, ending in a newline."""
    return json.dumps(rounded(value), sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def canonical(value: Any) -> str:
    """Return one line of JSON that is the same for the same content: sorted keys, no spaces, 12 significant digits."""
    return json.dumps(rounded(value), sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def digest(value: Any) -> str:
    """Return the sha256 of a content's canonical JSON: what a spec file is named by, and what a result was made from."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def digest_of_file(path: str | os.PathLike[str]) -> str | None:
    """Return the sha256 of a file's content, or None where there is no such file."""
    try:
        return hashlib.sha256(Path(path).read_bytes()).hexdigest()
    except OSError:
        return None


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write `text` as UTF-8 under a temporary name, then rename: a reader sees the old file or the whole new one."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` under a temporary name, then rename.

    Raises FileAccessError if it can't be written, as on a full disk; nothing half-written is left.
    """
    target = Path(path)
    temporary = target.with_name(target.name + ".tmp")  # always the same: the next attempt overwrites what a kill left
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        with recording_checksum(target, content):
            temporary.replace(target)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise FileAccessError(target, "can't be written", error) from error


def write(path: str | os.PathLike[str], value: Any) -> None:
    """Write a result file."""
    write_text(path, dumps(value))


def read(path: str | os.PathLike[str]) -> Any:
    """Read a result file; raises FileAccessError if it does not exist any more, or is corrupted."""
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise FileAccessError(path, "can't be read", error) from error
    except ValueError as error:
        raise FileAccessError(path, "is corrupted; delete it and run again", error) from error
