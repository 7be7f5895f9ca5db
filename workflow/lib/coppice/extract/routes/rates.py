"""Routes from events and person-time, of two arms or of one group, to measures of incidence rates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coppice.core.reported_fields import ARMS
from coppice.extract.route import Effect, Figure, NotEstimable, NotForThisFigure, Options, Route, by_code
from coppice.extract.routes.zero_cells import CORRECT, VARIANCE, added, added_to_one, concerns

RANK, RATES_RANK = 10, 12
HANDBOOK = (
    "Rothman KJ et al. Modern Epidemiology, 3rd ed., 2008; Cochrane Handbook 2019, 6.7; 10.1002/9781119536604.ch6"
)
FREEMAN_TUKEY = "Freeman MF, Tukey JW. 1950; 10.1214/aoms/1177729756"
CONSTANT_RATE = ("the rate is constant over time within each arm, and events are independent",)
CONSTANT_RATE_OF_ONE = ("the rate is constant over time, and events are independent",)


def log_ratio(x1: float, t1: float, x2: float, t2: float) -> tuple[float, float]:
    """Return ln[(x1/t1) / (x2/t2)], variance 1/x1 + 1/x2."""
    return math.log(x1 / t1) - math.log(x2 / t2), 1 / x1 + 1 / x2


def difference(x1: float, t1: float, x2: float, t2: float) -> tuple[float, float]:
    """Return x1/t1 - x2/t2, variance x1/t1^2 + x2/t2^2."""
    return x1 / t1 - x2 / t2, x1 / t1**2 + x2 / t2**2


def difference_of_roots(x1: float, t1: float, x2: float, t2: float) -> tuple[float, float]:
    """Return sqrt(x1/t1) - sqrt(x2/t2), variance 1/(4 t1) + 1/(4 t2)."""
    return math.sqrt(x1 / t1) - math.sqrt(x2 / t2), 1 / (4 * t1) + 1 / (4 * t2)


def plain(x: float, t: float) -> tuple[float, float]:
    """Return x/t, variance x/t^2."""
    return x / t, x / t**2


def logarithm(x: float, t: float) -> tuple[float, float]:
    """Return ln(x/t), variance 1/x."""
    return math.log(x / t), 1 / x


def root(x: float, t: float) -> tuple[float, float]:
    """Return sqrt(x/t), variance 1/(4t)."""
    return math.sqrt(x / t), 1 / (4 * t)


def freeman_tukey(x: float, t: float) -> tuple[float, float]:
    """Return [sqrt(x/t) + sqrt((x + 1)/t)] / 2, variance 1/(4t)."""
    return (math.sqrt(x / t) + math.sqrt((x + 1) / t)) / 2, 1 / (4 * t)


@dataclass(frozen=True, slots=True)
class Rate:
    """A measure of rates, whether each arm needs an event, whether zeros are corrected, and whether it is a difference."""

    estimate: Callable[..., tuple[float, float]]
    needs_events: bool = False
    is_corrected: bool = True
    is_difference: bool = False


OF_TWO: Mapping[str, Rate] = {
    "IRR": Rate(log_ratio, needs_events=True),
    "IRD": Rate(difference, is_difference=True),
    "IRSD": Rate(difference_of_roots, is_corrected=False),
}
OF_ONE: Mapping[str, Rate] = {
    "IR": Rate(plain, needs_events=True),
    "IRLN": Rate(logarithm, needs_events=True),
    "IRS": Rate(root, is_corrected=False),
    "IRFT": Rate(freeman_tukey, is_corrected=False),
}


def compare(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure of two arms."""
    rate = OF_TWO[code]
    x1, t1, x2, t2 = (float(figure[name]) for name in ("events_e", "time_e", "events_c", "time_c"))
    is_undefined = rate.is_corrected and (min(x1, x2) == 0 if rate.needs_events else x1 == x2 == 0)
    if is_undefined and x1 == x2 == 0 and rate.needs_events and options.double_zeros != CORRECT:
        raise NotEstimable("no event in either arm, so no relative effect, and such a table is not corrected")
    if rate.is_corrected and concerns(options, has_zero=min(x1, x2) == 0, is_undefined=is_undefined):
        to_e, to_c, note = added(options, t1, t2)
        note = note.replace("each cell", "the events")
        yi, vi = rate.estimate(x1 + to_e, t1, x2 + to_c, t2)
        if rate.is_difference and options.zero_in == VARIANCE:
            yi, note = rate.estimate(x1, t1, x2, t2)[0], f"{note}, for the variance alone"
        return Effect(yi, vi, (note,))
    if is_undefined:
        zero = "either arm" if x1 == x2 == 0 else f"the {ARMS['e' if x1 == 0 else 'c']} arm"
        raise NotEstimable(f"no event in {zero}")
    return Effect(*rate.estimate(x1, t1, x2, t2))


def from_rates(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure of two arms whose rates are reported in place of their events."""
    if figure.get("events_e") is not None and figure.get("events_c") is not None:
        raise NotForThisFigure("the events themselves are reported")
    counted, notes = dict(figure), []
    for arm, word in ARMS.items():
        product = figure[f"rate_{arm}"] * figure[f"time_{arm}"]
        counted[f"events_{arm}"] = round(product)
        notes.append(f"{product:.4g} events of the {word} arm by rate and person-time, taken as {round(product)}")
    effect = compare(code, counted, options)
    return Effect(effect.yi, effect.vi, (*notes, *effect.notes))


def describe(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure of one group."""
    rate = OF_ONE[code]
    x, t = float(figure["events"]), float(figure["time"])
    notes: tuple[str, ...] = ()
    if rate.is_corrected and concerns(options, has_zero=x == 0, is_undefined=x == 0):
        value, note = added_to_one(options)
        x, notes = x + value, (note.replace("each cell", "the events"),)
    if rate.needs_events and x == 0:
        raise NotEstimable("no event")
    return Effect(*rate.estimate(x, t), notes, size=t)


ROUTES = [
    Route(
        name="person_time",
        statistic="person_time",
        needs=("events_e", "time_e", "events_c", "time_c"),
        gives=by_code(compare, OF_TWO),
        rank=RANK,
        formula="IRR: ln[(x1/t1)/(x2/t2)], 1/x1 + 1/x2; IRD: x1/t1 - x2/t2, x1/t1^2 + x2/t2^2; "
        "IRSD: sqrt(x1/t1) - sqrt(x2/t2), 1/(4 t1) + 1/(4 t2)",
        assumptions=CONSTANT_RATE,
        source=HANDBOOK,
    ),
    Route(
        name="person_time_rates",
        statistic="person_time",
        needs=("rate_e", "time_e", "rate_c", "time_c"),
        gives=by_code(from_rates, OF_TWO),
        rank=RATES_RANK,
        formula="events = rate x person-time, to the nearest whole number; then as from events and person-time",
        assumptions=(*CONSTANT_RATE, "the rates are per one unit of the person-time reported beside them"),
        source=HANDBOOK,
    ),
    Route(
        name="rate",
        statistic="rate",
        needs=("events", "time"),
        gives=by_code(describe, OF_ONE),
        rank=RANK,
        formula="IR: x/t, x/t^2; IRLN: ln(x/t), 1/x; IRS: sqrt(x/t), 1/(4t); IRFT: [sqrt(x/t) + sqrt((x+1)/t)]/2, 1/(4t)",
        assumptions=CONSTANT_RATE_OF_ONE,
        source=f"{HANDBOOK}; {FREEMAN_TUKEY}",
    ),
]
