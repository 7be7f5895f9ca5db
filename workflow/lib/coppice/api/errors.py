"""Bad input of Python users: the lines of the command line, as a ValueError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from coppice.core.errors import BadInput, Problem
from coppice.review.tables.files import IN_MEMORY

OPTIONS = "options"  # in place of a file, in messages about the options of a call


class InputError(BadInput, ValueError):
    """Data or options that can't be used.

    Attributes
    ----------
    problems : list of Problem
        Each thing that is wrong: `file`, `line` (the row, counted from 1), `where` and `message`. The text of the error has a line
        for each.
    """


@contextmanager
def as_input_error() -> Iterator[None]:
    """Raise bad input as InputError."""
    try:
        yield
    except BadInput as error:
        raise InputError(error.problems) from None


def refused(where: str, message: str, row: int = 0) -> InputError:
    """Return the error of one problem with the data."""
    return InputError([Problem(IN_MEMORY, row, where, message)])


def refused_option(name: str, message: str) -> InputError:
    """Return the error of one option."""
    return InputError([Problem(OPTIONS, 0, name, message)])
