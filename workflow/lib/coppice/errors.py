"""Bad input: one hierarchy, one way of printing, always saying what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing wrong with the input, printed as one line.

    Attributes
    ----------
    file : str
        The file as the user named it.
    line : int
        Line in that file, from 1; 0 where the problem has no line.
    where : str
        Study, outcome and field, as a dotted path.
    message : str
        What is wrong, and what is allowed.
    """

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        text = f"{place}: {self.where}: {self.message}" if self.where else f"{place}: {self.message}"
        return " ".join(text.split())


class CoppiceError(Exception):
    """Base of every error that Coppice raises on purpose."""


class BadInput(CoppiceError):
    """The configuration or the studies have problems; all of them are reported together."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


def nearest(word: object, allowed: Iterable[str]) -> str:
    """Say which values are allowed, the nearest spelling first.

    Parameters
    ----------
    word : object
        What was written.
    allowed : iterable of str
        What may be written.

    Returns
    -------
    str
        A clause such as ``did you mean 'REML'? allowed: DL, ML, REML``.
    """
    options = sorted(allowed)
    close = difflib.get_close_matches(str(word), options, n=1, cutoff=0.6)
    if not close:
        folded = {option.casefold(): option for option in options}
        close = [folded[str(word).casefold()]] if str(word).casefold() in folded else []
    hint = f"did you mean '{close[0]}'? " if close else ""
    return f"{hint}allowed: {', '.join(options) or 'none, as there are none'}"
