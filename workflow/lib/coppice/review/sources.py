"""The places where figures were read: sources.yaml beside the configuration, from the keys of `read_in` to addresses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coppice.core.errors import BadInput, Problem
from coppice.core.schema import MapOf, Text
from coppice.review.config_file import display_name
from coppice.review.record import to_problems
from coppice.review.strict_yaml import leads_outside, load

FILE = "sources.yaml"
FOLDER = Path("config")  # of a module of another workflow, which hands over its configuration without a file's name
SOURCES = MapOf(Text())


def folder_beside(configurations: Sequence[Path]) -> Path:
    """Return the folder of the last file of a review's configuration."""
    return configurations[-1].parent if configurations else FOLDER


def file_beside(configurations: Sequence[Path]) -> Path:
    """Return where the file of a review lies, if it has one: beside the last file of its configuration."""
    return folder_beside(configurations) / FILE


def read_sources(configurations: Sequence[Path]) -> tuple[dict[str, str], list[Problem]]:
    """Return the places by key, and what is wrong with the file; both empty where a review has none."""
    path = file_beside(configurations)
    if leads_outside(path):
        return {}, [Problem(path.as_posix(), 0, "", "is a link that leads out of its folder")]
    if not path.exists():
        return {}, []
    name = display_name(path)
    try:
        document = load(path, name)
    except BadInput as error:
        return {}, list(error.problems)
    if document.data is None:
        return {}, []
    if problems := list(to_problems(SOURCES.findings(document.data, ()), name, document.lines)):
        return {}, problems
    return {key: str(text) for key, text in document.data.items()}, []
