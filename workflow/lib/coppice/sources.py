"""The places where figures were read: sources.yaml beside the configuration, from the keys of `read_in` to addresses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from coppice.config import display_name
from coppice.errors import BadInput, Problem
from coppice.records import problem
from coppice.shape import Entries, Text
from coppice.strict_yaml import load

FILE = "sources.yaml"
FOLDER = Path("config")  # of a module of another workflow, which hands over its configuration without a file's name
SOURCES = Entries(Text())


def read_sources(configurations: Sequence[Path]) -> tuple[dict[str, str], list[Problem]]:
    """Return the places by key, and what is wrong with the file; both empty where a review has none.

    Parameters
    ----------
    configurations : sequence of Path
        The configuration's files: the file lies beside the last of them.
    """
    path = (configurations[-1].parent if configurations else FOLDER) / FILE
    if not path.exists():
        return {}, []
    name = display_name(path)
    try:
        document = load(path, name)
    except BadInput as error:
        return {}, list(error.problems)
    if document.data is None:
        return {}, []
    if found := list(problem(SOURCES.findings(document.data, ()), name, document.lines)):
        return {}, found
    return {key: str(text) for key, text in document.data.items()}, []
