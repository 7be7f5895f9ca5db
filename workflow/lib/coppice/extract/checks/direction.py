"""Checks of the direction of a ratio against the counts of the same patients."""

from __future__ import annotations

import math
from collections.abc import Iterator

from coppice.core.reported_fields import ARMS
from coppice.extract.checks.check import WARNING, Case, Figure, Hit, check
from coppice.extract.checks.intervals import number, scaled
from coppice.extract.checks.survival import CLEAR, Z_DIRECTION, log_hazard_ratio

RATIOS = ("hazard_ratio", "risk_ratio", "odds_ratio", "rate_ratio")
MANUAL = "Cochrane Handbook 2019, 6.8.2; 10.1002/9781119536604.ch6"


def clear_sign(estimate: float, variance: float | None) -> int:
    """Return the sign of an effect that is certain of its direction; 0 where it is not."""
    size = abs(estimate) / math.sqrt(variance) / Z_DIRECTION if variance else abs(estimate) / CLEAR
    return 0 if size < 1 else 1 if estimate > 0 else -1


def sign_of_ratio(figure: Figure) -> int:
    """Return the direction of a ratio, or of O - E; 0 where it may be either."""
    if figure["statistic"] == "logrank":
        observed, v = number(figure.get("o_minus_e")), number(figure.get("v"))
        return clear_sign(observed / v, 1 / v) if observed is not None and v else 0
    ratio, estimate = scaled(figure), log_hazard_ratio(figure)
    if ratio is None or estimate is None:
        return 0
    if ratio.limits:
        low, high = ratio.limits
        sign = 1 if low.low > 0 else -1 if high.high < 0 else 0
        return -sign if figure.get("inverted") else sign
    span, variance = estimate
    return clear_sign(min(span.low, span.high, key=abs) if span.sign() else 0.0, variance)


def sign_of_counts(figure: Figure) -> int:
    """Return which arm has the more frequent event: 1 the experimental, -1 the control, 0 where it may be either."""
    size = "time" if figure["statistic"] == "person_time" else "n"
    rates, variance = [], 0.0
    for arm in ARMS:
        events, n = number(figure.get(f"events_{arm}")), number(figure.get(f"{size}_{arm}"))
        percent = number(figure.get(f"percent_{arm}")) if size == "n" else None
        events = percent * n / 100 if events is None and percent is not None and n else events
        if events is None or not n:
            return 0
        rates.append(events / n)
        variance += events / n**2 * (1 if size == "time" else 1 - events / n)
    # with nobody, or everybody, in both arms there is no difference to speak of
    return clear_sign(rates[0] - rates[1], variance) if variance > 0 else 0


def both_arms(figure: Figure) -> str:
    """Return the events of both arms as they were reported."""
    size = "time" if figure["statistic"] == "person_time" else "n"
    parts = []
    for arm in ARMS:
        events = number(figure.get(f"events_{arm}"))
        what = f"{events:g}" if events is not None else f"{figure[f'percent_{arm}']:g}%"
        parts.append(f"{what} of {figure[f'{size}_{arm}']:g}")
    return f"{parts[0]} in the experimental arm and {parts[1]} in the control arm"


@check(
    "outcome",
    WARNING,
    allows="effects whose 95% interval holds no effect, and ratios without one between 0.8 and 1.25: with censoring, or adjustment, the direction of a small effect may differ",
    source=MANUAL,
)
def direction_and_counts(case: Case) -> Iterator[Hit]:
    """A ratio clearly favours one arm, and the counts of the same patients the other."""
    for index, ratio in case.of(*RATIOS, "logrank"):
        sign = sign_of_ratio(ratio)
        for _, figure in case.of("counts", "person_time", *RATIOS, "logrank") if sign else ():
            if case.patients(ratio) == case.patients(figure) and sign * sign_of_counts(figure) < 0:
                name, field = ratio["statistic"].replace("_", " "), "estimate"
                if field not in ratio:
                    name, field = "O - E", "o_minus_e"
                frequent = "rarer" if sign < 0 else "more frequent"
                sentence = (
                    f"by the {name} of {ratio[field]:g} the event is {frequent} in the experimental arm, and by the counts "
                    f"({both_arms(figure)}) in the control arm: the arms or the ratio are inverted, or the counts are of "
                    "another event"
                )
                yield Hit(sentence, index)
                break  # the counts of several reports contradict a ratio once
