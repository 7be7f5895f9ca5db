"""Where results lie: the files that each verb writes of a unit, relative to the folder of the results."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import PurePath

FOLDER = "results"
FORMATS = ("svg", "pdf", "png")  # of figures
DEFAULT_FORMATS = ("svg",)  # what the page shows; each further format takes as long again as the rest of a figure
REVIEW_FOLDER = "_review"  # of the figures of the review as a whole: no id of an analysis begins with an underscore
INDEX_MARK = "_"  # the first character of an index of a batch, and of no id
BATCHES = "0123456789abcdef"  # one hexadecimal digit per batch

LAYOUT = {
    "extract": ("extract/{unit}.json",),  # a unit is <study>/<outcome>
    "pool": ("pool/{unit}.json", "pool/{unit}.csv"),
    "explore": ("explore/{unit}.json",),
    "draw": tuple(f"draw/{{unit}}/{{figure}}.{form}" for form in FORMATS),
    "report": ("report/{unit}",),  # a unit is the name of a file
    "read": ("read/{unit}.json",),  # a unit is the name of a text
}
PAGE = f"{FOLDER}/report/report.html"
BATCHED = tuple(verb for verb in LAYOUT if verb not in ("report", "read"))  # the verbs that may work in batches


def files(verb: str, unit: str, figures: Iterable[str] = (), formats: Iterable[str] = FORMATS) -> list[str]:
    """Return the files of one unit of a verb; those of `draw` follow from the figures that are drawn, and their formats."""
    if verb != "draw":
        return [pattern.format(unit=unit) for pattern in LAYOUT[verb]]
    patterns = [pattern for pattern in LAYOUT[verb] if PurePath(pattern).suffix[1:] in formats]
    return [pattern.format(unit=unit, figure=figure) for figure in figures for pattern in patterns]


def file(verb: str, unit: str) -> str:
    """Return the first file of one unit of a verb: its result, from which any other file of it is made."""
    return LAYOUT[verb][0].format(unit=unit)


def suffixes(verb: str) -> frozenset[str]:
    """Return the endings of the files that a verb writes."""
    return frozenset(PurePath(pattern).suffix for pattern in LAYOUT[verb])


def verb_of(path: str) -> str:
    """Return the verb that writes a file, given relative to the folder of the results."""
    return PurePath(path).parts[0]


def batch_of(unit: str) -> str:
    """Return the batch of a unit: the first hexadecimal digit of a hash, so that adding a unit moves no other.

    The hash is of the analysis, or of the outcome alone: an analysis reads the extracts of one outcome, and would be made
    again with every figure of all others if they shared its batches.
    """
    return hashlib.sha256(unit.rpartition("/")[2].encode()).hexdigest()[0]


def index(verb: str, batch: str) -> str:
    """Return the index of a batch of a verb."""
    return f"{verb}/{INDEX_MARK}{batch}.json"
