"""Routes to a log hazard ratio from Kaplan-Meier curves: reconstructed times, or intervals along the curves."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from coppice.core.limits import PATIENTS
from coppice.core.reported_fields import ARMS
from coppice.extract.numeric import numeric
from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route

if TYPE_CHECKING:
    from coppice.extract.curves.reconstruct import Curve, Reconstruction

GUYOT = "Guyot P et al. 2012; 10.1186/1471-2288-12-9"
WILLIAMSON = "Williamson PR et al. 2002; 10.1002/sim.1303; Tierney JF et al. 2007, method 11; 10.1186/1745-6215-8-16"
PARMAR = (
    "Parmar MKB et al. 1998; 10.1002/(SICI)1097-0258(19981230)17:24<2815::AID-SIM110>3.0.CO;2-8; "
    "Tierney JF et al. 2007, method 10; 10.1186/1745-6215-8-16"
)
RECONSTRUCTION_RANK, AT_RISK_RANK, FOLLOW_UP_RANK = 36, 37, 38
CURVES = ("times", "survival_e", "survival_c")
NUMBERS_AT_RISK = ("at_risk_times", "at_risk_e", "at_risk_c")
POOR_FIT = 0.01  # mean gap; none of 800 curves that were read to 0.5% of the axis reached it: it is an error of reading
LARGEST_FALL = 0.2  # Parmar 1998: intervals short enough that no more than a fifth of those at risk have the event
PROPORTIONAL = "hazards are proportional"
BY_INTERVAL = "yi = sum of w ln[(D_e / R_e) / (D_c / R_c)] / sum of w over the intervals; vi = 1 / sum of w; 1 / w = 1 / D_e - 1 / R_e + 1 / D_c - 1 / R_c"


# -- Individual times --------------------------------------------------------------------------------------------------


def check_arm(figure: Figure, arm: str) -> None:
    """Raise NotEstimable if an arm has no coordinates, or nothing that gives the number censored."""
    if not (figure["times"] and figure["at_risk_times"]):
        raise NotEstimable("no coordinates, or no numbers at risk")
    if len(figure["at_risk_times"]) == 1 and figure.get(f"events_{arm}") is None:
        raise NotEstimable(
            "numbers at risk after time 0, or the numbers of events, are needed: without them the censoring is unknown"
        )
    if max(figure[f"at_risk_{arm}"], default=0) > PATIENTS:
        raise NotEstimable(f"times are reconstructed for at most {PATIENTS:,} patients")


def reconstructed(figure: Figure) -> dict[str, Reconstruction]:
    """Return the individual times of each arm; `LeftToTheJob` is raised while a review is planned."""
    for arm in ARMS:
        check_arm(figure, arm)
    np = numeric("numpy")
    from coppice.extract.curves.reconstruct import Curve, reconstruct

    def curve(arm: str) -> Curve:
        """Return the coordinates and the numbers at risk of an arm as arrays."""
        names = ("times", f"survival_{arm}", "at_risk_times", f"at_risk_{arm}")
        times, survival, at_risk_times, at_risk = (np.asarray(figure[name], float) for name in names)
        return Curve(times, survival, at_risk_times, at_risk, figure.get(f"events_{arm}"))

    return {arm: reconstruct(curve(arm)) for arm in ARMS}


def fit_notes(figure: Figure, arms: dict[str, Reconstruction]) -> tuple[str, ...]:
    """Say how well the reconstruction fits the curves, and the events where they are reported."""
    notes = []
    for arm, name in ARMS.items():
        times, reported = arms[arm], figure.get(f"events_{arm}")
        notes.append(
            f"{name} arm: {len(times.times)} patients with {times.events} events reconstructed; their survival differs from the curve "
            f"by {times.largest_gap:.4f} at most, {times.mean_gap:.4f} on average"
        )
        if times.mean_gap > POOR_FIT:
            notes.append(
                f"warning: the reconstruction of the {name} arm does not fit its curve; check coordinates and numbers at risk"
            )
        if reported is not None and reported != times.events:
            notes.append(
                f"warning: {reported} events are reported in the {name} arm, {times.events} were reconstructed"
            )
        if any(later > earlier for earlier, later in pairwise(figure[f"survival_{arm}"])):
            notes.append(f"survival that rises along the curve of the {name} arm was levelled")
    return tuple(notes)


def from_reconstruction(figure: Figure, options: Options) -> Effect:
    """Return the Cox log hazard ratio of the reconstructed times."""
    arms = reconstructed(figure)
    from coppice.extract.curves.reconstruct import cox

    yi, error = cox(arms["e"], arms["c"])
    return Effect(yi, error**2, fit_notes(figure, arms))


# -- Intervals along the curves ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Interval:
    """Events D and effective number at risk R of one arm in one interval."""

    events: float
    at_risk: float


def survival_at(figure: Figure, arm: str, time: float) -> float:
    """Return the survival read last at or before a time; 1 before the first coordinate."""
    index = bisect_right(figure["times"], time)
    return float(figure[f"survival_{arm}"][index - 1]) if index else 1.0


def pooled(experimental: Iterable[Interval], control: Iterable[Interval]) -> Effect:
    """Pool the log hazard ratios of the intervals by inverse variance."""
    weights, products, left_out = [], [], 0
    for e, c in zip(experimental, control, strict=True):
        variance = sum(1 / part.events - 1 / part.at_risk for part in (e, c)) if e.events > 0 and c.events > 0 else 0.0
        if variance <= 0:
            left_out += e.events > 0 or c.events > 0
            continue
        weights.append(1 / variance)
        products.append((math.log(e.events / e.at_risk) - math.log(c.events / c.at_risk)) / variance)
    if not weights:
        raise NotEstimable("no interval has events in both arms")
    notes = [f"{len(weights)} intervals"]
    if left_out:
        notes.append(
            f"warning: {left_out} intervals with events in one arm only have no finite log hazard ratio and are left out"
        )
    return Effect(sum(products) / sum(weights), 1 / sum(weights), tuple(notes))


def numbers_at_risk(figure: Figure, arm: str, begin: int, cuts: list[float]) -> list[float]:
    """Return the numbers at risk of an arm at cuts of the interval after its `begin`-th number at risk.

    Between two printed numbers n and n' survival falls as the curve does, and censoring has a constant hazard, so that
    n(t) = n S(t) / S G^x, x being the part of the interval that has passed and G the share of n' that is not censored.
    """
    start, end = figure["at_risk_times"][begin : begin + 2]
    first, last = figure[f"at_risk_{arm}"][begin : begin + 2]
    alive = [survival_at(figure, arm, time) for time in (start, *cuts)]
    if alive[0] == 0 or first == 0:
        return [0.0 for _ in cuts]
    uncensored = last / (first * alive[-1] / alive[0]) if alive[-1] > 0 else 1.0
    passed = [(time - start) / (end - start) for time in cuts]
    return [
        float(last) if part == 1 else first * value / alive[0] * uncensored**part
        for value, part in zip(alive[1:], passed, strict=True)
    ]


def from_at_risk(figure: Figure, options: Options) -> Effect:
    """Return the pooled log hazard ratio of the intervals between the numbers at risk.

    Notes
    -----
    With survival s, s' and numbers at risk n, n' at an interval's ends and censoring even within it,
    D = (n + n') (s - s') / (s + s') and R = (n + n') s / (s + s'). Williamson 2002, 10.1002/sim.1303. The variance of
    ln(D / R), 1 / D - 1 / R, goes to 0 as D comes near R, so an interval in which more than a fifth have the event
    (Parmar 1998) is divided at coordinates of the curves.
    """
    if not figure["times"]:
        raise NotEstimable("no coordinates")
    intervals: dict[str, list[Interval]] = {arm: [] for arm in ARMS}
    steepest = 0.0
    times = [time for time in figure["at_risk_times"] if time <= figure["times"][-1]]
    for index, (begin, end) in enumerate(pairwise(times)):
        cuts = [*boundaries(figure, begin, end)[1:], end]
        for arm in ARMS:
            counts = [figure[f"at_risk_{arm}"][index], *numbers_at_risk(figure, arm, index, cuts)]
            for (start, at_risk), (stop, later) in pairwise(zip([begin, *cuts], counts, strict=True)):
                first, last = survival_at(figure, arm, start), survival_at(figure, arm, stop)
                share = (at_risk + later) / (first + last) if first > 0 else 0.0
                intervals[arm].append(Interval(share * (first - last), share * first))
                steepest = max(steepest, fall(figure, arm, start, stop))
    effect = pooled(intervals["e"], intervals["c"])
    if steepest <= LARGEST_FALL:
        return effect
    warning = (
        f"warning: {steepest:.0%} of an arm have the event within one interval, where the standard error is too small"
    )
    return Effect(effect.yi, effect.vi, (*effect.notes, warning))


def boundaries(figure: Figure, begin: float, longest: float) -> list[float]:
    """Return the begins of intervals in which no arm's survival falls by more than a fifth, where coordinates allow."""
    times = [time for time in figure["times"] if begin < time < longest]
    chosen = [begin]
    for index, time in enumerate(times):
        following = times[index + 1] if index + 1 < len(times) else longest
        if any(fall(figure, arm, chosen[-1], following) > LARGEST_FALL for arm in ARMS):
            chosen.append(time)
    return chosen


def fall(figure: Figure, arm: str, begin: float, end: float) -> float:
    """Return the share of those without the event at the beginning who have it by the end."""
    first = survival_at(figure, arm, begin)
    return 1 - survival_at(figure, arm, end) / first if first > 0 else 0.0


def uncensored(time: float, follow_up: Sequence[float]) -> float:
    """Return the share of patients whose follow-up is longer than a time, if follow-ups are spread evenly."""
    shortest, longest = follow_up
    return min(1.0, max(0.0, (longest - time) / (longest - shortest)))


def from_follow_up(figure: Figure, options: Options) -> Effect:
    """Return the pooled log hazard ratio of intervals, with the censoring that the follow-up implies.

    Notes
    -----
    With G(t) the share followed for longer than t, R = n s (G + G') / 2 and D = R (1 - s' / s). Parmar 1998, section 5.
    """
    follow_up = figure["follow_up"]
    read = [time for time in figure["times"] if 0 < time < follow_up[1]]
    ends = [*boundaries(figure, 0.0, read[-1]), read[-1]] if read else [0.0]

    def intervals(arm: str) -> list[Interval]:
        parts = []
        for begin, end in pairwise(ends):
            share = (uncensored(begin, follow_up) + uncensored(end, follow_up)) / 2
            at_risk = figure[f"n_{arm}"] * survival_at(figure, arm, begin) * share
            parts.append(Interval(at_risk * fall(figure, arm, begin, end), at_risk))
        return parts

    return pooled(intervals("e"), intervals("c"))


ROUTES = [
    Route(
        name="km_reconstruction",
        statistic="km_curve",
        needs=(*CURVES, *NUMBERS_AT_RISK),
        gives={"HR": from_reconstruction},
        rank=RECONSTRUCTION_RANK,
        formula="times of the patients from the curves and the numbers at risk; yi and vi by Cox regression of them, ties by Efron",
        assumptions=(
            PROPORTIONAL,
            "patients were censored evenly between two numbers at risk, and after the last at the earlier rate",
        ),
        source=GUYOT,
    ),
    Route(
        name="km_at_risk",
        statistic="km_curve",
        needs=(*CURVES, *NUMBERS_AT_RISK),
        gives={"HR": from_at_risk},
        rank=AT_RISK_RANK,
        formula=f"{BY_INTERVAL}; D = (n + n') (s - s') / (s + s'), R = (n + n') s / (s + s') of numbers at risk and survival at the ends",
        assumptions=(PROPORTIONAL, "patients were censored evenly between two numbers at risk"),
        source=WILLIAMSON,
    ),
    Route(
        name="km_follow_up",
        statistic="km_curve",
        needs=(*CURVES, "n_e", "n_c", "follow_up"),
        gives={"HR": from_follow_up},
        rank=FOLLOW_UP_RANK,
        formula=f"{BY_INTERVAL}; R = n s (G + G') / 2, D = R (1 - s' / s), G = (longest - t) / (longest - shortest follow-up)",
        assumptions=(
            PROPORTIONAL,
            "follow-ups are spread evenly between the shortest and the longest, and nobody was lost",
        ),
        source=PARMAR,
    ),
]
