"""Individual times from a digitised Kaplan-Meier curve with its numbers at risk, and what is estimated from them.

Guyot P et al. 2012, 10.1186/1471-2288-12-9: the Kaplan-Meier equations are inverted, and the patients censored between
two numbers at risk, spread evenly, are as many as make the next number come out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from coppice.extract.route import NotEstimable

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

SEARCH_STEPS = 30  # the number censored settles within a few; some curves go on between two neighbours for ever


@dataclass(frozen=True, slots=True)
class Curve:
    """One arm's curve as it was read.

    Attributes
    ----------
    times, survival : ndarray, shape (m,)
        Coordinates, times not falling.
    at_risk_times, at_risk : ndarray, shape (k,)
        Numbers at risk, the first at time 0.
    events : int or None
        All events until the last coordinate, where they are reported.
    """

    times: Floats
    survival: Floats
    at_risk_times: Floats
    at_risk: Floats
    events: int | None = None


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """One arm's individual times.

    Attributes
    ----------
    times : ndarray, shape (n,)
        Time of the event or of censoring of each patient.
    is_event : ndarray of bool, shape (n,)
        Whether it is the event.
    largest_gap, mean_gap : float
        Largest and mean absolute difference of the reconstructed and the digitised survival over the coordinates.
    """

    times: Floats
    is_event: Flags
    largest_gap: float
    mean_gap: float

    @property
    def events(self) -> int:
        """Number of events."""
        return int(self.is_event.sum())


@dataclass(frozen=True, slots=True)
class Walk:
    """What happens between two numbers at risk: events at each coordinate, and the curve that they make."""

    deaths: list[int]
    curve: list[float]
    left: int


def walk(survival: Floats, censored_before: NDArray[np.int64], *, at_risk: int, start: float, floor: int) -> Walk:
    """Invert the Kaplan-Meier equations over the coordinates of one interval.

    Parameters
    ----------
    survival : ndarray, shape (m,)
        Digitised survival.
    censored_before : ndarray of int, shape (m,)
        Patients of the interval censored before each coordinate.
    at_risk : int
        Patients at risk at its beginning.
    start : float
        Reconstructed survival at its beginning. Each number of events is taken against the reconstructed survival
        before it, so that what rounding adds at one coordinate is taken back at the next.
    floor : int
        Patients who are at risk after the interval or censored in it: no event is one of theirs.
    """
    deaths, curve, now, dead = [], [], start, 0
    for value, gone in zip(survival.tolist(), censored_before.tolist(), strict=True):
        left = at_risk - gone - dead
        number = 0
        if left > 0 and now > 0:
            number = max(0, min(round(left * (1 - value / now)), at_risk - floor - dead, left))
            now *= 1 - number / left
        dead += number
        deaths.append(number)
        curve.append(now)
    return Walk(deaths, curve, at_risk - dead)


def evenly(number: int, begin: float, end: float) -> Floats:
    """Return times spread evenly over an interval."""
    return begin + (end - begin) * (np.arange(number) + 0.5) / max(number, 1)


def cleaned(curve: Curve) -> tuple[Floats, Floats]:
    """Return the coordinates from time 0 to the last number at risk or beyond, never rising."""
    times, survival = curve.times, np.minimum.accumulate(curve.survival)
    if times[0] > 0:
        times, survival = np.r_[0.0, times], np.r_[1.0, survival]
    if curve.at_risk_times[-1] > times[-1]:
        times, survival = np.r_[times, curve.at_risk_times[-1]], np.r_[survival, survival[-1]]
    return times, survival


@dataclass(slots=True)
class Builder:
    """The reconstruction as it grows, interval by interval."""

    times: Floats
    survival: Floats
    at_risk: int
    now: float = 1.0
    dead: int = 0
    censored: int = 0
    event_times: list[Floats] = field(default_factory=list)
    censor_times: list[Floats] = field(default_factory=list)
    curve: list[float] = field(default_factory=list)

    def trial(self, censored: int, begin: float, end: float, inside: Flags, floor: int) -> Walk:
        """Return what happens in an interval if so many are censored in it."""
        before = np.searchsorted(evenly(censored, begin, end), self.times[inside])
        return walk(self.survival[inside], before, at_risk=self.at_risk, start=self.now, floor=floor + censored)

    def take(self, interval: Walk, censored: Floats, inside: Flags) -> None:
        """Add an interval."""
        self.event_times.append(np.repeat(self.times[inside], interval.deaths))
        self.censor_times.append(censored)
        self.curve += interval.curve
        if interval.curve:
            self.now = interval.curve[-1]
        self.dead += sum(interval.deaths)
        self.censored += len(censored)
        self.at_risk = interval.left - len(censored)

    def between(self, begin: float, end: float, next_at_risk: int) -> None:
        """Add the interval between two numbers at risk: find how many are censored in it."""
        inside = (self.times >= begin) & (self.times < end)
        falls = self.at_risk - next_at_risk
        censored, best = 0, (falls + 1, 0)
        for _ in range(SEARCH_STEPS):
            excess = self.trial(censored, begin, end, inside, 0).left - censored - next_at_risk
            best = min(best, (abs(excess), censored))
            moved = min(max(censored + excess, 0), falls)
            if moved == censored:
                break
            censored = moved
        censored = best[1]
        interval = self.trial(censored, begin, end, inside, next_at_risk)
        rest = interval.left - censored - next_at_risk  # what whole numbers could not meet is censored at the end
        times = np.r_[evenly(censored, begin, end), np.full(rest, end)]
        self.take(interval, times, inside)

    def last(self, begin: float, events: int | None) -> None:
        """Add what lies beyond the last number at risk: censored at the earlier rate, or to meet the total of events."""
        end, inside = max(float(self.times[-1]), begin), self.times >= begin
        rate = self.censored / begin if begin > 0 else 0.0
        censored = min(round(rate * (end - begin)), self.at_risk)
        if events is not None:
            choices = np.arange(self.at_risk + 1)
            low, high = 0, len(choices) - 1
            while low < high:  # the more are censored, the fewer are the events
                middle = (low + high) // 2
                if self.dead + sum(self.trial(middle, begin, end, inside, 0).deaths) > events:
                    low = middle + 1
                else:
                    high = middle
            censored = low
        interval = self.trial(censored, begin, end, inside, 0)
        self.take(interval, np.r_[evenly(censored, begin, end), np.full(interval.left - censored, end)], inside)


def reconstruct(curve: Curve) -> Reconstruction:
    """Return individual times that have the curve and the numbers at risk.

    Parameters
    ----------
    curve : Curve
        The digitised curve of one arm.

    Returns
    -------
    Reconstruction
        As many patients as are at risk at time 0. The numbers at risk are met exactly wherever they do not rise; the
        gaps say how well the curve is met.

    Raises
    ------
    NotEstimable
        If the numbers at risk do not begin at time 0, or rise.

    Notes
    -----
    Unlike the published algorithm: where rounded coordinates contradict numbers at risk, which are exact, no more events
    are taken than these allow; what whole patients can't meet is censored at the end of its interval; and falls read at
    the times of numbers at risk count after them, as published, or before, whichever meets the curve better on average.
    """
    if curve.at_risk_times[0] != 0:
        raise NotEstimable("the numbers at risk do not begin at time 0")
    if np.any(np.diff(curve.at_risk) > 0):
        raise NotEstimable("the numbers at risk rise")
    times, survival = cleaned(curve)
    together = np.isin(times, curve.at_risk_times[1:])
    orders = [times, np.where(together, np.nextafter(times, 0.0), times)][: 1 + together.any()]
    return min((_reconstruction(curve, order, survival) for order in orders), key=lambda found: found.mean_gap)


def _reconstruction(curve: Curve, times: Floats, survival: Floats) -> Reconstruction:
    """Return the individual times, the coordinates being taken as they are."""
    builder = Builder(times, survival, int(curve.at_risk[0]))
    bounds, numbers = curve.at_risk_times.tolist(), curve.at_risk.astype(int).tolist()
    for begin, end, number in zip(bounds, bounds[1:], numbers[1:], strict=False):
        builder.between(begin, end, number)
    builder.last(bounds[-1], curve.events)
    events, censored = np.concatenate(builder.event_times), np.concatenate(builder.censor_times)
    gaps = np.abs(np.array(builder.curve) - survival)
    return Reconstruction(
        times=np.r_[events, censored],
        is_event=np.r_[np.ones(len(events), bool), np.zeros(len(censored), bool)],
        largest_gap=float(gaps.max()),
        mean_gap=float(gaps.mean()),
    )


def cox(experimental: Reconstruction, control: Reconstruction) -> tuple[float, float]:
    """Return the log hazard ratio of the experimental arm, and its standard error, by Cox regression.

    Raises
    ------
    NotEstimable
        If the likelihood has no maximum, as the events of one arm all lie where nobody of the other is at risk.

    Notes
    -----
    Ties by Efron's method, as coordinates bring many. Cox DR 1972, 10.1111/j.2517-6161.1972.tb00899.x.
    """
    from statsmodels.duration.hazard_regression import PHReg

    arms = (experimental, control)
    for arm, other in (arms, arms[::-1]):
        if not np.any(arm.times[arm.is_event] <= other.times.max(initial=0.0)):
            raise NotEstimable("one arm has no event while both are at risk: the hazard ratio is 0 or infinite")
    times = np.concatenate([arm.times for arm in arms])
    is_experimental = np.repeat([1.0, 0.0], [len(arm.times) for arm in arms])
    status = np.concatenate([arm.is_event for arm in arms]).astype(int)
    fit: Any = PHReg(times, is_experimental[:, None], status=status, ties="efron").fit()
    return float(fit.params[0]), float(fit.bse[0])


def survival_steps(arm: Reconstruction, horizon: float = np.inf) -> tuple[Floats, Floats]:
    """Return the times of an arm's events up to a horizon, each once, and the Kaplan-Meier survival after each."""
    return _product_limit(arm, horizon)[:2]


def _product_limit(arm: Reconstruction, horizon: float) -> tuple[Floats, Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Return the times of events up to a horizon, and at each the survival after it, its deaths and those at risk."""
    points, deaths = np.unique(arm.times[arm.is_event & (arm.times <= horizon)], return_counts=True)
    at_risk = len(arm.times) - np.searchsorted(np.sort(arm.times), points)
    return points, np.cumprod(1 - deaths / at_risk, dtype=np.float64), deaths.astype(np.int64), at_risk.astype(np.int64)


def restricted_mean(arm: Reconstruction, horizon: float) -> tuple[float, float]:
    """Return the mean time to the event restricted to a horizon, and its variance.

    Raises
    ------
    NotEstimable
        If the arm was not followed up to the horizon.

    Notes
    -----
    The area A under the Kaplan-Meier curve up to the horizon; variance: sum over the event times of
    A(t, horizon)^2 d / (n (n - d)). Royston P, Parmar MKB 2013, 10.1186/1471-2288-13-152.
    """
    points, after, deaths, at_risk = _product_limit(arm, horizon)
    survival = np.r_[1.0, after]
    if arm.times.max() < horizon and survival[-1] > 0:
        raise NotEstimable(f"an arm's curve ends at {arm.times.max():g}, before the horizon of {horizon:g}")
    areas = survival * np.diff(np.r_[0.0, points, horizon])
    beyond = np.cumsum(areas[::-1])[::-1][1:]
    left = at_risk - deaths
    terms = np.divide(beyond**2 * deaths, at_risk * left, out=np.zeros(len(points)), where=left > 0)
    return float(areas.sum()), float(terms.sum())
