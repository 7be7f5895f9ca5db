"""Specs: what each job reads, in a file that is named by its content, so that another content is another input."""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

FOLDER = Path(".snakemake/coppice/specs")
# 30 days: long enough to switch between edits; for a large review each edit leaves megabytes
KEPT_SECONDS = 30 * 24 * 3600


def written(verb: str, text: str) -> str:
    """Return the name of a spec, and write it if it is missing."""
    file = FOLDER / verb / f"{hashlib.sha256(text.encode()).hexdigest()}.json"
    if not file.exists():
        write_whole(file, text.encode())
    return str(file)


def write_whole(file: Path, content: bytes) -> None:
    """Write a file below `.snakemake`, whole or not at all, whoever else writes it at the same time."""
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_suffix(f".{os.getpid()}.tmp")  # jobs of a cluster write theirs at the same time
    temporary.write_bytes(content)
    temporary.replace(file)


def remembered(name: str, key: str, compute: Callable[[], Any]) -> Any:
    """Return what a part of a spec holds: computed once per key, which names all that it depends on."""
    file = FOLDER / name / f"{key}.json"
    with suppress(OSError, ValueError):
        return json.loads(file.read_text(encoding="utf-8"))
    value = compute()
    if FOLDER.is_dir():  # in a run; elsewhere nothing is left behind
        with suppress(OSError):
            write_whole(file, json.dumps(value).encode())
    return value


def make_newer(spec: str, results: Iterable[Path]) -> None:
    """Make a spec another input with the same content, newer than the results that were made from it."""
    with suppress(OSError):  # where nothing may be written, the run reports it
        file = Path(spec)
        with file.open("a", encoding="utf-8") as text:
            text.write("\n")
        newest = max((result.stat().st_mtime_ns for result in results if result.exists()), default=0)
        if newest >= file.stat().st_mtime_ns:
            os.utime(file, ns=(newest + 1, newest + 1))


def drop_old(needed: Collection[str]) -> None:
    """Remove the specs that were written long ago and are not needed any more."""
    oldest = time.time() - KEPT_SECONDS
    for file in FOLDER.rglob("*.json"):
        with suppress(OSError):  # where nothing may be written, the run says so
            if str(file) not in needed and file.stat().st_mtime < oldest:
                file.unlink()
