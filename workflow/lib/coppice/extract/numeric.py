"""The numeric packages: imported where a formula needs them, and never while a review is planned."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib import import_module
from typing import Any

_IS_PLANNING: ContextVar[bool] = ContextVar("is_planning", default=False)


class LeftToTheJob(Exception):
    """A formula needs a numeric package, which Snakemake's own environment may not have: the job computes it."""


@contextmanager
def planning() -> Iterator[None]:
    """Leave to the jobs what needs a numeric package."""
    before = _IS_PLANNING.set(True)
    try:
        yield
    finally:
        _IS_PLANNING.reset(before)


def numeric(package: str) -> Any:
    """Return a numeric package.

    Raises
    ------
    LeftToTheJob
        While a review is planned.
    """
    if _IS_PLANNING.get():
        raise LeftToTheJob(package)
    return import_module(package)


def is_left_to_the_job(candidate: Mapping[str, Any]) -> bool:
    """Return whether a candidate has no effect yet, as the review is only planned."""
    return math.isnan(candidate["yi"])
