"""The estimators and intervals that a reader may switch between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from coppice.pool.options import INFERENCES
from coppice.pool.profiles import BY_INFERENCE, PROFILES, Settings

ESTIMATORS = ("REML", "DL", "PM")  # beside that of the analysis: those that readers know
INTERVALS = ("wald", "HKSJ")


@dataclass(frozen=True, slots=True)
class Choice:
    """One model: the random-effects line by some options, or, without an estimator of tau2, the common effect."""

    options: Settings
    is_common: bool = False

    @property
    def tau2(self) -> str | float | None:
        """The estimator of tau2, or its fixed value; None for the common effect."""
        return None if self.is_common else self.options.tau2

    @property
    def inference(self) -> str:
        """The code of the interval."""
        return "wald" if self.is_common else self.options.inference


def choices(main: Settings) -> list[Choice]:
    """Return the choices, that of the analysis first, then those that differ from it least."""
    estimators = list(dict.fromkeys((main.tau2, *ESTIMATORS)))
    intervals = list(dict.fromkeys((main.inference, *INTERVALS)))
    near = [(main.tau2, code) for code in intervals] + [(tau2, main.inference) for tau2 in estimators]
    far = [(tau2, code) for tau2 in estimators for code in intervals]
    random = list(_usable(main, dict.fromkeys([*near, *far])))
    of_main = sum(choice.tau2 == main.tau2 for choice in random)
    return [*random[:of_main], Choice(main, is_common=True), *random[of_main:]]


def _usable(main: Settings, pairs: dict[tuple[str | float, str], None]) -> Iterator[Choice]:
    """Yield the pairs of estimator and interval that can be combined."""
    for tau2, code in pairs:
        needed = INFERENCES[code].tau2
        if needed is None or needed == tau2:
            yield Choice(replace(main, tau2=tau2, inference=code))


def with_prediction(stored: Settings, asked: str | None) -> Settings:
    """Return the options of a result with the rule of its prediction interval, which may follow the interval.

    `asked` is the method that the model names, if any. A result holds the method that the rule gave.
    """
    follows = asked == BY_INFERENCE or (asked is None and PROFILES[stored.profile].prediction == BY_INFERENCE)
    return replace(stored, prediction=BY_INFERENCE) if follows else stored
