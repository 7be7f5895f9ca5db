"""Routes to a log hazard ratio from a log-rank test: its O - E and V, its chi-squared or its p value."""

from __future__ import annotations

import math
from collections.abc import Callable

from coppice.extract.route import Effect, Figure, NotEstimable, Options, Route
from coppice.extract.routes.estimates import PARMAR
from coppice.extract.routes.hazard_ratio import TIERNEY, VARIANCES
from coppice.extract.routes.p_values import Z_OF_P, deviate

OE_RANK, EXPECTED_RANK = 15, 16
RANKS = {"chi2": 30, "p": 33}  # each has one route for every approximation of V
SIGNS = {"experimental": -1.0, "control": 1.0}  # fewer events than expected in the experimental arm: a ratio below 1
ONE_STEP = (
    "the effect is not large: (O - E) / V is a one-step estimate, too near to 0 for hazard ratios beyond about 0.5 or 2"
)
SAME_TEST = "the test is the log-rank test of these events, not adjusted for anything else"


def from_o_minus_e(figure: Figure, options: Options) -> Effect:
    """Return (O - E) / V with variance 1 / V, Peto's one-step estimate."""
    return Effect(figure["o_minus_e"] / figure["v"], 1 / figure["v"])


def from_expected(figure: Figure, options: Options) -> Effect:
    """Return ln[(O_e / E_e) / (O_c / E_c)] with variance 1 / E_e + 1 / E_c (Parmar 1998, equations 3 and 5)."""
    if figure["events_e"] == 0 or figure["events_c"] == 0:
        raise NotEstimable("no event in one arm, so that the ratio of observed to expected events has no logarithm")
    expected = figure["expected_e"], figure["expected_c"]
    yi = math.log(figure["events_e"] / expected[0]) - math.log(figure["events_c"] / expected[1])
    return Effect(yi, 1 / expected[0] + 1 / expected[1])


def root_of_chi2(figure: Figure) -> tuple[float, tuple[str, ...]]:
    """Return the deviate behind a chi-squared statistic on 1 df."""
    return math.sqrt(figure["chi2"]), ()


DEVIATES: dict[str, tuple[Callable[[Figure], tuple[float, tuple[str, ...]]], str]] = {
    "chi2": (root_of_chi2, "z = sqrt chi2"),
    "p": (deviate, Z_OF_P),
}


def from_test(test: str, kind: str, rank: int) -> Route:
    """Return the route from a test's chi-squared or p, with V from the events by one of the approximations."""
    variance = VARIANCES[kind]
    deviate_of, text = DEVIATES[test]

    def formula(figure: Figure, options: Options) -> Effect:
        z, notes = deviate_of(figure)
        v = variance.of(figure)
        return Effect(SIGNS[figure["direction"]] * z / math.sqrt(v), 1 / v, notes)

    return Route(
        name=f"logrank_{test}_{kind}",
        statistic="logrank",
        needs=(test, "direction", *variance.needs),
        gives={"HR": formula},
        rank=rank,
        formula=f"yi = z / sqrt V, its sign from the direction; vi = 1 / V; {text}; V = {variance.formula}",
        assumptions=(SAME_TEST, variance.assumption, ONE_STEP),
        source=TIERNEY.format(method=7 + variance.method),
    )


ROUTES = [
    Route(
        name="logrank_oe_v",
        statistic="logrank",
        needs=("o_minus_e", "v"),
        gives={"HR": from_o_minus_e},
        rank=OE_RANK,
        formula="yi = (O - E) / V; vi = 1 / V",
        assumptions=(ONE_STEP,),
        source=TIERNEY.format(method=2),
    ),
    Route(
        name="logrank_observed_expected",
        statistic="logrank",
        needs=("events_e", "expected_e", "events_c", "expected_c"),
        gives={"HR": from_expected},
        rank=EXPECTED_RANK,
        formula="yi = ln[(O_e / E_e) / (O_c / E_c)]; vi = 1 / E_e + 1 / E_c",
        assumptions=(
            "the effect is not large: the ratio of observed to expected events is too near to 1 for large effects",
        ),
        source=f"{PARMAR}; {TIERNEY.format(method=1)}",
    ),
    *(from_test(test, kind, rank) for test in DEVIATES for rank, kind in enumerate(VARIANCES, start=RANKS[test])),
]
