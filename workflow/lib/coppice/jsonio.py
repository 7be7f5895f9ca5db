"""Result files: canonical JSON with 12 significant digits, written whole or not at all."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

SIGNIFICANT_DIGITS = 12  # processors differ in the last digits of exp and log; the twelfth is safe on all


def rounded(value: Any) -> Any:
    """Return `value` with every float at 12 significant digits and every container plain.

    Raises
    ------
    ValueError
        If a number is not finite: a result file says null and gives the reason instead.
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


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Write `text` as UTF-8 under a temporary name, then rename: a reader sees the old file or the whole new one."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: str | os.PathLike[str], content: bytes) -> None:
    """Write `content` under a temporary name, then rename."""
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(target.name + ".tmp")
    temporary.write_bytes(content)
    temporary.replace(target)


def write(path: str | os.PathLike[str], value: Any) -> None:
    """Write a result file."""
    write_text(path, dumps(value))


def read(path: str | os.PathLike[str]) -> Any:
    """Read a result file."""
    return json.loads(Path(path).read_text(encoding="utf-8"))
