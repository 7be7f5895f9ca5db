"""Routes from a proportion or a mean in one group to its measures."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from coppice.extract.route import Effect, Figure, NotEstimable, NotForThisFigure, Options, Route, by_code
from coppice.extract.routes.means import Arm, correction, sd_bias
from coppice.extract.routes.percentages import nearest_count
from coppice.extract.routes.two_by_two import NORMAL, probit_variance
from coppice.extract.routes.zero_cells import added_to_one, concerns
from coppice.extract.summaries.spread import METHODS, Method, arm_from_median, reported_arm

RANK, PERCENT_RANK, SPREAD_RANK, MEDIAN_RANK = 10, 12, 12, 30
MILLER = "Freeman MF, Tukey JW. 1950; 10.1214/aoms/1177729756; Miller JJ. 1978; 10.1080/00031305.1978.10479283"
NAKAGAWA = "Nakagawa S et al. 2015; 10.1111/2041-210X.12309; Raudenbush SW, Bryk AS. 1987; 10.3102/10769986012003241"


def proportion(x: float, n: float) -> tuple[float, float]:
    """Return p = x/n, variance p (1 - p) / n."""
    p = x / n
    return p, p * (1 - p) / n


def log_proportion(x: float, n: float) -> tuple[float, float]:
    """Return ln p, variance 1/x - 1/n."""
    return math.log(x / n), 1 / x - 1 / n


def logit_proportion(x: float, n: float) -> tuple[float, float]:
    """Return ln[x / (n - x)], variance 1/x + 1/(n - x)."""
    return math.log(x / (n - x)), 1 / x + 1 / (n - x)


def probit_proportion(x: float, n: float) -> tuple[float, float]:
    """Return the probit of p, variance 2 pi p (1 - p) exp(z^2) / n."""
    return NORMAL.inv_cdf(x / n), probit_variance(x / n, n)


def arcsine_proportion(x: float, n: float) -> tuple[float, float]:
    """Return asin(sqrt p), variance 1/(4n)."""
    return math.asin(math.sqrt(x / n)), 1 / (4 * n)


def double_arcsine(x: float, n: float) -> tuple[float, float]:
    """Return [asin sqrt(x/(n+1)) + asin sqrt((x+1)/(n+1))] / 2, variance 1/(4n + 2) (Freeman & Tukey 1950)."""
    return (math.asin(math.sqrt(x / (n + 1))) + math.asin(math.sqrt((x + 1) / (n + 1)))) / 2, 1 / (4 * n + 2)


@dataclass(frozen=True, slots=True)
class Proportion:
    """A measure of a proportion, and whether it has no effect or no variance where nobody, or everybody, has the event."""

    estimate: Callable[[float, float], tuple[float, float]]
    fails_at_ends: bool = False


PROPORTIONS: Mapping[str, Proportion] = {
    "PR": Proportion(proportion, fails_at_ends=True),
    "PLN": Proportion(log_proportion, fails_at_ends=True),
    "PLO": Proportion(logit_proportion, fails_at_ends=True),
    "PRZ": Proportion(probit_proportion, fails_at_ends=True),
    "PAS": Proportion(arcsine_proportion),
    "PFT": Proportion(double_arcsine),
}


def of_proportion(measure: Proportion, x: float, n: float, options: Options) -> Effect:
    """Return the effect of x events among n patients, with the chosen correction."""
    notes: tuple[str, ...] = ()
    is_undefined = measure.fails_at_ends and x in (0, n)
    if measure.fails_at_ends and concerns(options, has_zero=x in (0, n), is_undefined=is_undefined):
        value, note = added_to_one(options)
        x, n, notes = x + value, n + 2 * value, (note,)
    elif is_undefined:
        raise NotEstimable("no patient had the event" if x == 0 else "every patient had the event")
    return Effect(*measure.estimate(x, n), notes, size=n)


def from_count(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure from events and patients."""
    return of_proportion(PROPORTIONS[code], float(figure["events"]), float(figure["n"]), options)


def from_percentage(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure from a percentage of n."""
    if figure.get("events") is not None:
        raise NotEstimable("the count itself is reported")
    events, note = nearest_count(figure["percent"], figure["n"], "group")
    effect = of_proportion(PROPORTIONS[code], float(events), float(figure["n"]), options)
    return replace(effect, notes=(note, *effect.notes))


def mean(group: Arm, options: Options) -> tuple[float, float]:
    """Return the mean, variance sd^2/n."""
    return group.mean, group.sd**2 / group.n


def standardised_mean(group: Arm, options: Options) -> tuple[float, float]:
    """Return J m/sd, variance 1/n + g^2/(2n)."""
    g = correction(group.n - 1, options) * group.mean / group.sd
    return g, 1 / group.n + g**2 / (2 * group.n)


def positive_mean(group: Arm) -> float:
    """Return the mean if it has a logarithm."""
    if group.mean <= 0:
        raise NotEstimable(f"a mean of {group.mean:g} has no logarithm")
    return group.mean


def log_mean(group: Arm, options: Options) -> tuple[float, float]:
    """Return ln m, variance sd^2/(n m^2)."""
    m = positive_mean(group)
    return math.log(m), group.sd**2 / (group.n * m**2)


def log_sd(group: Arm, options: Options) -> tuple[float, float]:
    """Return ln sd + 1/(2(n - 1)), variance 1/(2(n - 1))."""
    bias = sd_bias(group.n)
    return math.log(group.sd) + (bias if options.small_sample else 0.0), bias


def log_variation(group: Arm, options: Options) -> tuple[float, float]:
    """Return ln(sd/m) + 1/(2(n - 1)), variance 1/(2(n - 1)) + sd^2/(n m^2)."""
    m, bias = positive_mean(group), sd_bias(group.n)
    return math.log(group.sd / m) + (bias if options.small_sample else 0.0), bias + group.sd**2 / (group.n * m**2)


MEANS: Mapping[str, Callable[[Arm, Options], tuple[float, float]]] = {
    "MN": mean,
    "SMN": standardised_mean,
    "MNLN": log_mean,
    "SDLN": log_sd,
    "CVLN": log_variation,
}


def of_mean(code: str, group: Arm, options: Options) -> Effect:
    """Return the effect of a group's mean and SD."""
    if group.n <= 1:
        raise NotEstimable("one patient has no spread")
    return Effect(*MEANS[code](group, options), group.notes)


def from_sd(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure from mean, SD and n."""
    return of_mean(code, Arm(float(figure["mean"]), float(figure["sd"]), float(figure["n"])), options)


def from_spread(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure from a mean with its SE or CI."""
    if figure.get("sd") is not None:
        raise NotEstimable("the standard deviation itself is reported")
    group = reported_arm(figure, "")
    if group is None:
        raise NotForThisFigure("neither SD, SE nor CI of the mean is reported")
    return of_mean(code, group, options)


def by_method(method: Method) -> Callable[[str, Figure, Options], Effect]:
    """Return the formula of all measures from a median with quartiles or range."""

    def from_median(code: str, figure: Figure, options: Options) -> Effect:
        if reported_arm(figure, "") is not None:
            raise NotEstimable("the mean itself is reported")
        return of_mean(code, arm_from_median(figure, "", method), options)

    return from_median


OF_PROPORTIONS = (
    "PR: x/n, p(1 - p)/n; PLN: ln p, 1/x - 1/n; PLO: ln[x/(n - x)], 1/x + 1/(n - x); "
    "PAS: asin sqrt p, 1/(4n); PFT: double arcsine, 1/(4n + 2)"
)
OF_MEANS = (
    "MN: m, sd^2/n; SMN: J m/sd, 1/n + g^2/(2n); MNLN: ln m, sd^2/(n m^2); "
    "SDLN: ln sd + 1/(2(n - 1)), 1/(2(n - 1)); CVLN: ln(sd/m) + 1/(2(n - 1))"
)
NORMALITY = ("values are about normal",)
ROUTES = [
    Route(
        name="proportion",
        statistic="proportion",
        needs=("events", "n"),
        gives=by_code(from_count, PROPORTIONS),
        rank=RANK,
        formula=OF_PROPORTIONS,
        assumptions=(),
        source=MILLER,
    ),
    Route(
        name="proportion_percent",
        statistic="proportion",
        needs=("percent", "n"),
        gives=by_code(from_percentage, PROPORTIONS),
        rank=PERCENT_RANK,
        formula=f"events = the count of n that rounds to the percentage; then {OF_PROPORTIONS}",
        assumptions=("the percentage is of n, and is rounded, not cut off",),
        source=MILLER,
    ),
    Route(
        name="mean_sd",
        statistic="mean",
        needs=("mean", "sd", "n"),
        gives=by_code(from_sd, MEANS),
        rank=RANK,
        formula=OF_MEANS,
        assumptions=NORMALITY,
        source=NAKAGAWA,
    ),
    Route(
        name="mean_spread",
        statistic="mean",
        needs=("mean", "n"),
        gives=by_code(from_spread, MEANS),
        rank=SPREAD_RANK,
        formula=f"SD = SE sqrt(n); then {OF_MEANS}",
        assumptions=NORMALITY,
        source=NAKAGAWA,
    ),
    *(
        Route(
            name=f"mean_{name}",
            statistic="mean",
            needs=("median", "n"),
            gives=by_code(by_method(method), MEANS),
            rank=MEDIAN_RANK + position,
            formula=f"mean and SD from median, quartiles and range; then {OF_MEANS}",
            assumptions=("the values follow the distribution that the method assumes",),
            source="Wan X et al. 2014; 10.1186/1471-2288-14-135; McGrath S et al. 2020; 10.1177/0962280219889080",
        )
        for position, (name, method) in enumerate(METHODS.items())
    ),
]
