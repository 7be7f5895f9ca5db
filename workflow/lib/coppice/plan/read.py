"""What `read` reads of one text that no record quotes."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

from coppice.core.contracts.read import ReadSpec
from coppice.core.reported_fields import ARMS
from coppice.review.config_file import display_name
from coppice.review.review import Review
from coppice.review.texts import LOCK, base_of, folder_of, why_unreadable

KEPT = re.compile(r"[^A-Za-z0-9_.-]+")  # what a name of a result does not hold
NOT_A_TEXT = "readme"  # what the name of a file about the others begins with


@lru_cache(maxsize=4)
def files(review: Review) -> dict[Path, str]:
    """Return the files of the review's texts that no record quotes, each with why it can't be read, or nothing."""
    folder = folder_of(review.settings, review.files)
    if not folder.is_dir():
        return {}
    quoted = {(base_of(name, review.settings, review.files) / name).resolve() for name in review.texts}
    return {
        file: why_unreadable(file, folder)
        for file in sorted(folder.iterdir())
        if file.name != LOCK
        and not file.is_dir()
        and not file.name.casefold().startswith((".", NOT_A_TEXT))
        and file.resolve() not in quoted
    }


@lru_cache(maxsize=4)
def units(review: Review) -> dict[str, Path]:
    """Return the texts to read, by the names of their results."""
    named: dict[str, Path] = {}
    for file, problem in files(review).items():
        if not problem:
            name = KEPT.sub("-", file.name)
            same = sum(other.rpartition("~")[0] == name or other == name for other in named)
            named[f"{name}~{same + 1}" if same else name] = file
    return named


def unread(review: Review) -> dict[str, str]:
    """Return the files among the texts that can't be read, each with the reason."""
    return {file.as_posix(): problem for file, problem in files(review).items() if problem}


def spec(review: Review, text: str) -> ReadSpec:
    """Return what `read` reads of one text."""
    file = units(review)[text]
    return {"text": display_name(file), "sha256": hashlib.sha256(file.read_bytes()).hexdigest(), "arms": arms(review)}


def arms(review: Review) -> dict[str, list[str]]:
    """Return the names that the records give the experimental and the control arm."""
    names: defaultdict[str, set[str]] = defaultdict(set)
    for study in review.studies:
        for role in ARMS.values():
            if role in study.arms:
                names[role].add(study.arms[role]["name"])
    return {role: sorted(of_role) for role, of_role in sorted(names.items())}
