"""Bad input: one hierarchy, one way of printing, always saying what to do."""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from coppice.core.limits import LINE_LENGTH, LONGEST_WORD, OPTIONS_COMPARED, OPTIONS_SHOWN, PROBLEMS, STUDIES_SHOWN

Entry = TypeVar("Entry")


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
        line = "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in " ".join(text.split()))
        return line if len(line) <= LINE_LENGTH else f"{line[: LINE_LENGTH - 1]}\N{HORIZONTAL ELLIPSIS}"


class CoppiceError(Exception):
    """Base of every error that Coppice raises on purpose."""


class BadInput(CoppiceError):
    """The configuration or the studies have problems; all of them are reported together, of thousands the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        more = len(self.problems) - PROBLEMS
        lines = [*map(str, self.problems[:PROBLEMS]), *([f"... and {more:,} others like these"] if more > 0 else [])]
        super().__init__("\n".join(lines))


class FileAccessError(CoppiceError):
    """A result file cannot be read or written: a problem of the environment, not of the review."""

    def __init__(self, path: str | os.PathLike[str], what: str, reason: Exception) -> None:
        cause = (reason.strerror if isinstance(reason, OSError) else None) or str(reason)
        super().__init__(f"{os.fspath(path)}: {what}: {cause}")


def studies_have(studies: Sequence[str]) -> str:
    """Name the studies of one problem, the first few of many: ``A has``, ``12 studies (A, B, C, ...) have``."""
    return _with_verb(studies, "has", "have")


def studies_are(studies: Sequence[str]) -> str:
    """Name the studies of one problem: ``A was``, ``12 studies (A, B, C, ...) were``."""
    return _with_verb(studies, "was", "were")


def _with_verb(studies: Sequence[str], singular: str, plural: str) -> str:
    if len(studies) == 1:
        return f"{studies[0]} {singular}"
    more = ", ..." if len(studies) > STUDIES_SHOWN else ""
    return f"{len(studies):,} studies ({', '.join(studies[:STUDIES_SHOWN])}{more}) {plural}"


def allowed_values_hint(word: object, allowed: Iterable[str]) -> str:
    """Say which values are allowed, the nearest spelling first: ``did you mean 'REML'? allowed: DL, ML, REML``."""
    options = sorted(allowed)
    compared = options if len(options) <= OPTIONS_COMPARED else ()  # a tenth of a second for each ten thousand
    close = difflib.get_close_matches(str(word)[:LONGEST_WORD], compared, n=1, cutoff=0.6)
    if not close:
        folded = {option.casefold(): option for option in options}
        close = [folded[str(word).casefold()]] if str(word).casefold() in folded else []
    hint = f"did you mean '{close[0]}'? " if close else ""
    more = f" and {len(options) - OPTIONS_SHOWN} others" if len(options) > OPTIONS_SHOWN else ""
    return f"{hint}allowed: {', '.join(options[:OPTIONS_SHOWN]) or 'no values are available'}{more}"


def entry_named(registry: Mapping[str, Entry], name: str, kind: str, also: Iterable[str] = ()) -> Entry:
    """Return an entry of a registry; raises ValueError for an unknown name, with the nearest. `also` is allowed too."""
    if name not in registry:
        raise ValueError(f"unknown {kind} '{name}': {allowed_values_hint(name, [*registry, *also])}")
    return registry[name]
