"""Axes: limits by a stated rule, and the ticks that people use."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from coppice.core.measures import Measure
from coppice.core.number_style import MINUS

MOST_TICKS = 8  # more labels than this are hard to read, whatever the width
FEWEST_TICKS = 3
ENOUGH_TICKS = 5  # after so many round ones, rounder than those between them, no others are needed
REACH = 2.5  # an interval may stretch the axis by this many median half-widths beyond the estimates, then it is cut
NULL_MARGIN = 0.22  # the null lies at least this share of the width inside, so that both directions can be named
EDGE = 1e-9  # fraction of the span: less than this is rounding
PAD = 0.03  # fraction of the span, so that no mark touches the edge
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LOG_MANTISSAS: tuple[tuple[float, ...], ...] = ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,))
LINEAR_STEPS = (1.0, 2.0, 2.5, 5.0)
ROUND_STEPS = (1.0, 2.0, 5.0)
LINEAR_BELOW_RATIO = 2.6  # a logarithmic axis that spans less than this factor gets evenly spaced numbers
DENSE_BELOW_RATIO = 12.0  # and one that spans less than this one more ticks than 1, 2, 5


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, on the model's scale."""

    value: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """A scale between two places on the canvas."""

    low: float  # limits on the model's scale
    high: float
    start: float  # where the limits lie on the canvas, in points
    end: float
    ticks: tuple[Tick, ...] = ()
    minor: tuple[float, ...] = ()  # unlabelled ticks on the model's scale

    def __call__(self, value: float) -> float:
        """Return the place of `value` on the canvas."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def clipped(self, value: float) -> float:
        """Return the place of `value`, or of the limit it lies beyond."""
        return self(min(max(value, self.low), self.high))

    def beyond(self, low: float, high: float) -> tuple[bool, bool]:
        """Return whether an interval goes on beyond the lower and the upper limit, by more than rounding."""
        slack = EDGE * max(self.high - self.low, abs(self.low), abs(self.high))
        return low < self.low - slack, high > self.high + slack

    def holds(self, value: float) -> bool:
        """Return whether a value lies on the axis."""
        return not any(self.beyond(value, value))


def finite(values: Iterable[float | None]) -> list[float]:
    """Return the values that are numbers."""
    return [value for value in values if value is not None and math.isfinite(value)]


def effect_limits(
    estimates: Sequence[float | None],
    lows: Sequence[float | None],
    highs: Sequence[float | None],
    *,
    always: Iterable[float | None] = (),
    null: float | None = None,
) -> tuple[float, float]:
    """Return the limits of an effect axis.

    The axis holds every estimate, everything in `always` (summaries, prediction interval) and the null value; an
    interval of a study stretches it by at most `REACH` median half-widths, beyond which it is cut and gets an arrow;
    the null lies at least `NULL_MARGIN` of the width inside.
    """
    core = finite([*estimates, *always, null])
    if not core:
        return -1.0, 1.0
    widths = [(high - low) / 2 for low, high in zip(lows, highs, strict=True) if low is not None and high is not None]
    reach = REACH * median(widths) if widths else 0.0
    low = max(min([*core, *finite(lows)]), min(core) - reach)
    high = min(max([*core, *finite(highs)]), max(core) + reach)
    if null is not None:
        low, high = _with_room_around(null, low, high)
    span = high - low
    if span <= abs(high) * 1e-9:  # one point, or none but the null
        span = max(abs(high), 1.0)
        return low - span / 2, high + span / 2
    return low - PAD * span, high + PAD * span


def _with_room_around(null: float, low: float, high: float) -> tuple[float, float]:
    share = NULL_MARGIN / (1 - NULL_MARGIN)
    return min(low, null - share * (high - null)), max(high, null + share * (null - low))


def log_label(value: float) -> str:
    """Print a tick of a ratio without trailing zeros: ``0.2``, ``5``, ``10⁻⁶``."""
    exponent = round(math.log10(value))
    if -4 <= exponent <= 4 or not math.isclose(value, 10.0**exponent):
        return f"{value:.12g}"
    return "10" + str(exponent).translate(SUPERSCRIPTS)


def _log_candidates(low: float, high: float) -> list[list[float]]:
    """Return sets of ticks on the printed scale, densest first."""
    ratio = high / low
    sets: list[list[float]] = []
    if ratio < LINEAR_BELOW_RATIO:
        sets.extend(_linear_candidates(low, high))
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    for mantissas in LOG_MANTISSAS if ratio < DENSE_BELOW_RATIO else LOG_MANTISSAS[1:]:
        sets.append(
            [
                float(f"{mantissa}e{exponent}")
                for exponent in range(first, last + 1)
                for mantissa in mantissas
                if low <= float(f"{mantissa}e{exponent}") <= high
            ]
        )
    for every in (2, 3, 5, 10, 20, 50):
        exponents = [e for e in range(first, last + 1) if e % every == 0 and low <= 10.0**e <= high]
        sets.append([10.0**e for e in exponents])
    return sets


def _linear_candidates(low: float, high: float, *, steps: Sequence[float] = LINEAR_STEPS) -> list[list[float]]:
    """Return evenly spaced ticks, densest first."""
    span = high - low
    if not span > 0:
        return []
    exponent = math.floor(math.log10(span))
    sets = []
    for step in sorted(step * 10.0**power for power in (exponent - 1, exponent, exponent + 1) for step in steps):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first < 3 * MOST_TICKS:
            sets.append([round(index * step, 12 - math.floor(math.log10(step))) for index in range(first, last + 1)])
    return sets


def linear_labels(values: Sequence[float]) -> list[str]:
    """Print ticks with as many decimals as they need, all the same (but zero is ``0``), and a real minus sign."""
    decimals = 0
    while decimals < 12 and any(abs(round(value, decimals) - value) > 1e-9 * abs(value) for value in values):
        decimals += 1
    return [(MINUS if value < 0 else "") + f"{abs(value):.{decimals if value else 0}f}" for value in values]


def ticks(
    low: float,
    high: float,
    length: float,
    *,
    is_log: bool,
    width: Callable[[str], float],
    gap: float = 8.0,
    most: int = MOST_TICKS,
) -> tuple[tuple[Tick, ...], tuple[float, ...]]:
    """Choose labelled and minor ticks.

    An axis of some `length` in points, whose printed values are exponentials when `is_log`, gets the densest candidate of
    at most `most` ticks whose labels, as wide along the axis as `width` says, are at least `gap` points apart.
    """
    # beyond the range of a float, or where both limits print as one, there is no ratio to print
    if is_log and (low < -600 or high > 600 or high - low < EDGE):
        is_log = False
    edge = EDGE * (high - low)  # rounding must not lose a tick that lies on a limit
    printed = (math.exp(low - edge), math.exp(high + edge)) if is_log else (low, high)
    candidates = _log_candidates(*printed) if is_log else _linear_candidates(*printed)
    fitting: list[tuple[Tick, ...]] = []
    for values in candidates:
        labels = [log_label(value) for value in values] if is_log else linear_labels(values)
        exact = (math.log(value) if is_log else value for value in values)
        places = [min(max(place, low), high) for place in exact]  # one that rounding puts beyond a limit lies on it
        chosen = tuple(Tick(place, label) for place, label in zip(places, labels, strict=True))
        scale = length / (high - low)
        if len(chosen) <= most and _keep_their_distance(chosen, scale, width, gap):
            fitting.append(chosen)
    best = next((chosen for chosen in fitting if len(chosen) >= FEWEST_TICKS), max(fitting, key=len, default=()))
    return best, _minor(best, low, high, is_log=is_log)


def scaled_ticks(
    low: float,
    high: float,
    length: float,
    *,
    forward: Callable[[float], float],
    back: Callable[[float], float],
    width: Callable[[str], float],
    gap: float = 8.0,
    most: int = MOST_TICKS,
) -> tuple[Tick, ...]:
    """Choose ticks at round printed values of a scale that is neither linear nor logarithmic, such as logits.

    The roundest values come first, and each that keeps its distance from those before stays; arguments as for `ticks`.
    """
    chosen: list[Tick] = []
    for values in reversed(_linear_candidates(back(low), back(high), steps=ROUND_STEPS)):
        for value in values if len(chosen) < ENOUGH_TICKS else ():
            try:
                tick = Tick(forward(value), (MINUS if value < 0 else "") + f"{abs(value):.12g}")
            except ValueError:  # an end that the scale does not reach, such as the logit of 0
                continue
            trial = sorted([*chosen, tick], key=lambda item: item.value)
            is_inside = low <= tick.value <= high and all(tick.value != other.value for other in chosen)
            if is_inside and len(trial) <= most and _keep_their_distance(trial, length / (high - low), width, gap):
                chosen = trial
    return tuple(chosen)


def _keep_their_distance(chosen: Sequence[Tick], scale: float, width: Callable[[str], float], gap: float) -> bool:
    return all(
        (right.value - left.value) * scale >= (width(left.label) + width(right.label)) / 2 + gap
        for left, right in zip(chosen, chosen[1:], strict=False)
    )


def _minor(chosen: Sequence[Tick], low: float, high: float, *, is_log: bool) -> tuple[float, ...]:
    """Return ticks at every whole mantissa of a logarithmic axis of up to five decades; none on a linear one."""
    decades = (high - low) / math.log(10)
    if not is_log or decades > 5 or decades < math.log10(LINEAR_BELOW_RATIO):
        return ()
    major = {round(tick.value, 9) for tick in chosen}
    first, last = math.floor(low / math.log(10)), math.ceil(high / math.log(10))
    places = (
        math.log(mantissa) + exponent * math.log(10) for exponent in range(first, last) for mantissa in range(1, 10)
    )
    return tuple(place for place in places if low <= place <= high and round(place, 9) not in major)


def printed_limits(limits: Sequence[float], measure: Measure | None) -> tuple[float, float]:
    """Return limits given as printed on the model's scale.

    Raises
    ------
    ValueError
        If they are not two rising numbers on the measure's scale.
    """
    try:
        low, high = (measure.scale.forward(float(limit)) if measure else float(limit) for limit in limits)
    except (TypeError, ValueError):
        low, high = 1.0, 0.0
    if not low < high:
        raise ValueError(f"limits must be two rising numbers on the scale of the axis, not {limits}")
    return low, high
