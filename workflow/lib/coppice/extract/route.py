"""What a route is: a named, sourced way from one reported figure to an effect with its variance."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Any

from coppice.core.errors import CoppiceError

Figure = Mapping[str, Any]
DEFAULT_LEVEL = 0.95
DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}


class NotEstimable(CoppiceError):
    """All figures are reported and yet give no effect; the message is the reason."""


class NotForThisFigure(NotEstimable):
    """A route that is for other figures, or for which something is not reported that only some figures need."""


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect on the model's scale with its sampling variance, and in sentences what was done to the figures on the way.

    `size` is the number of patients (person-time, for a rate), where the back-transformation needs it: see `Scale.back_at`.
    """

    yi: float
    vi: float
    notes: tuple[str, ...] = ()
    size: float | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """What an analysis asks of the routes; a route reads what concerns it.

    Attributes
    ----------
    zero_cells : str
        What to do about a zero cell of a two-by-two table: a name in `zero_cells.CORRECTIONS`.
    zero_value : float
        The constant of the corrections that have one.
    zero_to : str
        "zeros": to the tables with a zero cell only; "needed": to those of them that have no effect without it;
        "all": to every table.
    zero_in : str
        Where the constant goes: a name in `zero_cells.ZERO_IN`.
    double_zeros : str
        "correct": a table with events in neither arm (or only events in both) is corrected as any other; "exclude": it
        gives no relative effect; "exclude-undefined": the same, but one with only events gives its risk ratio of 1.
    smd_variance : str
        Variance of a standardised mean difference: a name in `means.SMD_VARIANCES`.
    small_sample : bool
        Whether measures with a correction for small samples (Hedges' J and the like) have it.
    correlation : float or None
        Correlation of paired measurements to impute where a study does not report it.
    icc : float or None
        Intracluster correlation to impute where a study gives the size of its clusters only.
    horizon : float or None
        Time, in `time_unit`, to which survival times are restricted before their means are compared; None: as reported.
    time_unit : str
        Unit of differences of times, to which each study's is converted.
    """

    zero_cells: str = "none"
    zero_value: float = 0.5
    zero_to: str = "zeros"
    zero_in: str = "cells"
    double_zeros: str = "correct"
    smd_variance: str = "LS"
    small_sample: bool = True
    correlation: float | None = None
    icc: float | None = None
    horizon: float | None = None
    time_unit: str = "months"


Formula = Callable[[Figure, Options], Effect]


def by_code(formula: Callable[[str, Figure, Options], Effect], codes: Iterable[str]) -> dict[str, Formula]:
    """Return the formula of each measure, of one that takes the measure's code first."""
    return {code: partial(formula, code) for code in codes}


@dataclass(frozen=True, slots=True)
class Route:
    """One way from a reported figure to an effect.

    Attributes
    ----------
    name : str
        Its name, the value of `route:`.
    statistic : str
        The statistic it starts from.
    needs : tuple of str
        Fields that must be there.
    gives : mapping
        From the code of each measure it gives to the formula.
    rank : int
        The lower, the better: figures fitted to individual patients first, then counts, then conversions.
    formula : str
        The formula, in one line of text.
    assumptions : tuple of str
        What must hold for the effect to be the wanted one, in sentences.
    source : str
        Author, year, DOI.
    """

    name: str
    statistic: str
    needs: tuple[str, ...]
    gives: Mapping[str, Formula]
    rank: int
    formula: str
    assumptions: tuple[str, ...]
    source: str

    def missing(self, figure: Figure) -> tuple[str, ...]:
        """Return the fields that it needs and the figure does not have."""
        return tuple(name for name in self.needs if figure.get(name) is None)


def critical(level: float | None) -> float:
    """Return the two-sided standard normal quantile of a confidence level: 1.96 for 0.95."""
    return NormalDist().inv_cdf(0.5 + (DEFAULT_LEVEL if level is None else level) / 2)
