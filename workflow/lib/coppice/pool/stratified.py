"""Common effects from counts: Mantel-Haenszel and Peto, stratified by study."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from coppice.core.common_methods import INVERSE_VARIANCE
from coppice.core.errors import allowed_values_hint, entry_named
from coppice.pool.kernel.kernel import Array
from coppice.pool.options import DROPPED, DROPPED_UNDEFINED, KEPT


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of each study, each (k,): events and denominators (patients, or person-time for rates)."""

    events_e: Array
    total_e: Array
    events_c: Array
    total_c: Array

    def at(self, chosen: NDArray[np.bool_]) -> Counts:
        """Return the counts of some of the studies, by a mask."""
        return Counts(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def has_ratio(self, measure: str) -> NDArray[np.bool_]:
        """Return which tables (k,) have a ratio without a correction: also 0, infinity or, for risks, 1."""
        return np.asarray(self.events_e + self.events_c > 0) if measure == "RR" else self.tells(measure)

    def tells(self, measure: str) -> NDArray[np.bool_]:
        """Return which tables (k,) have events in an arm and, of patients, some without: others give no odds ratio."""
        events = self.events_e + self.events_c
        without = np.ones_like(events) if measure in RATES else self.total_e + self.total_c - events
        return np.asarray((events > 0) & (without > 0))


def counts(events_e: ArrayLike, total_e: ArrayLike, events_c: ArrayLike, total_c: ArrayLike) -> Counts:
    """Return counts as arrays of floats."""
    return Counts(*(np.asarray(a, dtype=np.float64) for a in (events_e, total_e, events_c, total_c)))


def counts_of(reported: Sequence[Mapping[str, Any] | None], measure: str) -> Counts | None:
    """Return the counts among reported figures, or None where one of them holds no counts that fit the measure."""
    total = "time" if measure in RATES else "n"
    names = ("events_e", f"{total}_e", "events_c", f"{total}_c")
    rows = [[(figure or {}).get(name) for name in names] for figure in reported]
    if not rows or any(value is None for row in rows for value in row):
        return None
    return counts(*np.array(rows, dtype=np.float64).T)


def _odds_ratio(data: Counts) -> tuple[float, float]:
    """Robins, Breslow & Greenland (1986), doi:10.2307/2531052, by statsmodels."""
    from statsmodels.stats.contingency_tables import StratifiedTable

    a, c = data.events_e, data.events_c
    fit = StratifiedTable(np.array([[a, data.total_e - a], [c, data.total_c - c]]))
    return float(fit.logodds_pooled), float(fit.logodds_pooled_se)


def _risk_ratio(data: Counts) -> tuple[float, float]:
    """Greenland & Robins (1985), doi:10.2307/2530643."""
    a, n, c, m = data.events_e, data.total_e, data.events_c, data.total_c
    both = n + m
    r, s = (a * m / both).sum(), (c * n / both).sum()
    variance = (n * m * (a + c) / both**2 - a * c / both).sum() / (r * s)
    return float(np.log(r / s)), float(np.sqrt(variance))


def _risk_difference(data: Counts) -> tuple[float, float]:
    """Greenland & Robins (1985), with the variance of Sato, Greenland & Robins (1989), doi:10.2307/2531505."""
    a, n, c, m = data.events_e, data.total_e, data.events_c, data.total_c
    both, weight = n + m, (n * m / (n + m)).sum()
    difference = ((a * m - c * n) / both).sum() / weight
    p = ((n**2 * c - m**2 * a + n * m * (m - n) / 2.0) / both**2).sum()
    q = ((a * (m - c) + c * (n - a)) / (2.0 * both)).sum()
    return float(difference), float(np.sqrt(difference * p + q) / weight)


def _difference_of_reported(data: Counts, reported: Counts) -> tuple[float, float]:
    """Greenland & Robins (1985), doi:10.2307/2530643: their variance of a risk difference.

    The differences are those of the reported counts; what a correction added is in their weights and the variance alone.
    """
    a, n, c, m = data.events_e, data.total_e, data.events_c, data.total_c
    differences = reported.events_e / reported.total_e - reported.events_c / reported.total_c
    weights = n * m / (n + m)
    variance = ((a * (n - a) * m**3 + c * (m - c) * n**3) / (n * m * (n + m) ** 2)).sum() / weights.sum() ** 2
    return float((weights * differences).sum() / weights.sum()), float(np.sqrt(variance))


def _rate_ratio(data: Counts) -> tuple[float, float]:
    """Rothman, Greenland & Lash (2008), Modern Epidemiology, chapter 15."""
    a, t, c, u = data.events_e, data.total_e, data.events_c, data.total_c
    both = t + u
    r, s = (a * u / both).sum(), (c * t / both).sum()
    return float(np.log(r / s)), float(np.sqrt(((a + c) * t * u / both**2).sum() / (r * s)))


def _rate_difference(data: Counts) -> tuple[float, float]:
    """Rothman, Greenland & Lash (2008), Modern Epidemiology, chapter 15."""
    a, t, c, u = data.events_e, data.total_e, data.events_c, data.total_c
    both, weight = t + u, (t * u / (t + u)).sum()
    variance = ((a * u**2 + c * t**2) / both**2).sum() / weight**2
    return float(((a * u - c * t) / both).sum() / weight), float(np.sqrt(variance))


def _peto(data: Counts) -> tuple[float, float]:
    """Yusuf et al. (1985), doi:10.1016/S0033-0620(85)80003-7."""
    difference, variance = _observed_minus_expected(data), _peto_weights(data)
    return float(difference.sum() / variance.sum()), float(1.0 / np.sqrt(variance.sum()))


def peto_q(data: Counts) -> tuple[float, float]:
    """Return Q of the studies' one-step odds ratios about Peto's, and its degrees of freedom (Yusuf et al. 1985)."""
    difference, variance = _observed_minus_expected(data), _peto_weights(data)
    tells = variance > 0
    difference, variance = difference[tells], variance[tells]
    q = (variance * (difference / variance - difference.sum() / variance.sum()) ** 2).sum()
    return float(q), float(tells.sum() - 1)


def _observed_minus_expected(data: Counts) -> Array:
    return np.asarray(data.events_e - data.total_e * (data.events_e + data.events_c) / (data.total_e + data.total_c))


def _peto_weights(data: Counts) -> Array:
    a, n, c, m = data.events_e, data.total_e, data.events_c, data.total_c
    both, events = n + m, a + c
    return np.asarray(events * (both - events) * n * m / (both**2 * (both - 1.0)))


WEIGHTS: dict[str, Callable[[Counts], Array]] = {  # of Mantel and Haenszel: the estimate is their mean of the studies'
    "OR": lambda data: (data.total_e - data.events_e) * data.events_c / (data.total_e + data.total_c),
    "RR": lambda data: data.total_e * data.events_c / (data.total_e + data.total_c),
    "RD": lambda data: data.total_e * data.total_c / (data.total_e + data.total_c),
    "IRR": lambda data: data.total_e * data.events_c / (data.total_e + data.total_c),
    "IRD": lambda data: data.total_e * data.total_c / (data.total_e + data.total_c),
}
Pooling = Callable[[Counts], tuple[float, float]]
RATES = ("IRR", "IRD")
COMMON_METHODS: dict[str, dict[str, Pooling]] = {  # of options.COMMON_METHODS, by the measures that each gives
    INVERSE_VARIANCE: {},
    "MH": {"OR": _odds_ratio, "RR": _risk_ratio, "RD": _risk_difference, "IRR": _rate_ratio, "IRD": _rate_difference},
    "Peto": {"OR": _peto, "PETO": _peto},
}


def common_effect(
    data: Counts, *, method: str, measure: str, reported: Counts | None = None
) -> tuple[float, float] | None:
    """Return a common effect on the model's scale with its standard error; None where it can't be estimated.

    Parameters
    ----------
    data : Counts
        Used as they are: cells of 0 need no correction. Studies without events in either arm drop out of ratios.
    method : {"MH", "Peto"}
    measure : str
        OR, RR, RD, IRR or IRD for "MH"; OR for "Peto".
    reported : Counts, optional
        The counts before a correction, for the Mantel-Haenszel risk difference of RevMan and meta.

    Raises
    ------
    ValueError
        If the method is unknown or does not give the measure.
    """
    if measure not in entry_named(COMMON_METHODS, method, "common-effect method"):
        raise ValueError(f"{method} does not give {measure}: {allowed_values_hint(measure, COMMON_METHODS[method])}")
    with np.errstate(divide="ignore", invalid="ignore"):
        if reported is not None and (method, measure) == ("MH", "RD"):
            estimate, se = _difference_of_reported(data, reported)
        else:
            estimate, se = COMMON_METHODS[method][measure](data)
    return (estimate, se) if np.isfinite(estimate) and np.isfinite(se) and se > 0 else None


def is_difference(measure: str) -> bool:
    """Return whether a measure from counts is a difference, which needs no events."""
    return measure in ("RD", "IRD")


def tables_entering(data: Counts, *, measure: str, double_zeros: str) -> NDArray[np.bool_]:
    """Return which tables (k,) enter, by the code for those in which all patients have the same outcome."""
    if double_zeros == KEPT or (double_zeros != DROPPED and is_difference(measure)):
        return np.ones(len(data.events_e), dtype=bool)
    return data.has_ratio(measure) if double_zeros == DROPPED_UNDEFINED else data.tells(measure)


def corrected(
    data: Counts, *, measure: str, add: float, to: str, double_zeros: str
) -> tuple[Counts, NDArray[np.bool_]]:
    """Return the counts that Mantel-Haenszel or Peto take, and the mask (k,) of their studies.

    `add` is added to each cell of the tables that `to` names (a code of :data:`coppice.pool.options.CORRECTED_TABLES`),
    and nothing to person-time; `double_zeros` (a code of :data:`~coppice.pool.options.DOUBLE_ZERO_TABLES`) decides on
    tables in which neither arm has an event, or all patients of both have it.
    """
    rates = measure in RATES
    cells = [data.events_e, data.events_c]
    cells += [] if rates else [data.total_e - data.events_e, data.total_c - data.events_c]
    zero = np.min(cells, axis=0) <= 0
    kept = tables_entering(data, measure=measure, double_zeros=double_zeros)
    concerned = {
        "zeros": zero,
        "zeros-in-ratios": zero & (not rates and not is_difference(measure)),
        "zeros-of-patients": zero & (not rates),
        "all-if-zeros": np.full(len(zero), bool(zero[kept].any())),
        "all": np.ones_like(zero),
    }
    more = add * concerned[to]
    total = 0.0 if rates else 2.0 * more
    table = Counts(data.events_e + more, data.total_e + total, data.events_c + more, data.total_c + total)
    return table.at(kept), kept


def common_weights(data: Counts, *, method: str, measure: str) -> Array:
    """Return the weights of the studies in a common effect, not scaled (k,)."""
    return np.asarray(_peto_weights(data) if method == "Peto" else WEIGHTS[measure](data))
