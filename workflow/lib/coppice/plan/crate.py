"""What a research object packs beside the results: the review's own files, the workflow, the lock."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from coppice.jobs import canonical_json
from coppice.review.review import Review
from coppice.review.sources import file_beside
from coppice.review.texts import lock_files

BESIDE = (
    "Snakefile",
    "environment.yml",
    "requirements.lock",
    "requirements-extras.lock",
    "LICENSE",
    "README.md",
    "pyproject.toml",
)
FOLDERS_BESIDE = ("profiles",)
LEFT_OUT = (".", "__pycache__")  # what names of folders begin with that are generated, or kept by tools
CONFIG, WORKFLOW = "config", "workflow"


def packed(review: Review, snakefile: Path) -> list[dict[str, Any]]:
    """Return `name`, `file` and `sha256` of each file of a review and of its workflow.

    In a checkout all that lies in the folder of the workflow is packed, and what a fresh machine needs beside it.
    """
    named = dict(_files(review, snakefile))
    return [
        {"name": name, "file": os.path.relpath(file), "sha256": canonical_json.digest_of_file(file)}
        for name, file in sorted(named.items())
    ]


def in_crate(file: Path) -> str:
    """Return the name of a file of the review in the research object: as it is, where it lies in the working directory."""
    inside = Path(os.path.relpath(file))
    return f"{CONFIG}/{inside.name}" if ".." in inside.parts or inside.is_absolute() else inside.as_posix()


def records(review: Review) -> dict[str, str]:
    """Return the file of each study, by id, as it is named in the research object."""
    return {study.study: in_crate(Path(study.file)) for study in review.studies}


def inputs(review: Review) -> list[Path]:
    """Return the files that say what the review is: configuration, history, sources, hashes of texts, records."""
    history = review.settings.get("history")
    files = [
        *review.files,
        file_beside(review.files),
        *lock_files(review.texts, review.settings, review.files),
        *([Path(str(history))] if history else []),
        *(Path(s.file) for s in review.studies),
    ]
    return [file for file in dict.fromkeys(files) if file.is_file()]


def _files(review: Review, snakefile: Path) -> Iterator[tuple[str, Path]]:
    for file in inputs(review):
        yield in_crate(file), file
    folder = snakefile.parent
    if not (folder / "lib").is_dir():  # installed elsewhere: the workflow's other files are not ours to gather
        yield f"{WORKFLOW}/{snakefile.name}", snakefile
        return
    for file in _below(folder):
        yield f"{WORKFLOW}/{file.relative_to(folder).as_posix()}", file
    top = folder.parent
    for name in BESIDE:
        if (top / name).is_file():
            yield name, top / name
    for name in FOLDERS_BESIDE:
        yield from ((file.relative_to(top).as_posix(), file) for file in _below(top / name))


def _below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(LEFT_OUT) and not name.endswith(".egg-info")
        )
        yield from (Path(parent, name) for name in sorted(files) if not name.startswith("."))


def crate_spec(review: Review, snakefile: Path) -> dict[str, Any]:
    """Return what the research object holds beside the results."""
    return {
        "packed": packed(review, snakefile),
        "records": records(review),
        "configuration": sorted({in_crate(file) for file in inputs(review)} - set(records(review).values())),
    }
