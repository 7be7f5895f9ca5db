"""Routes from the means of two arms: with their SD, SE or CI, with a test of their difference, or from medians."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from coppice.core.reported_fields import ARMS
from coppice.core.special_functions import t_quantile
from coppice.extract.route import Effect, Figure, Formula, NotEstimable, NotForThisFigure, Options, Route, by_code
from coppice.extract.routes.means import DEFINITIONS, Arm, check_arms, hedges_g
from coppice.extract.routes.p_values import computable_p
from coppice.extract.routes.paired_means import sd_of_difference
from coppice.extract.summaries.medians import LUO, SHI, SHI_SKEWNESS, WAN
from coppice.extract.summaries.skewed_medians import MCGRATH
from coppice.extract.summaries.spread import METHODS, Method, arm_from_median, reported_arm, whose

SD_RANK, SPREAD_RANK, TEST_RANK, BASELINE_RANK, MEDIAN_RANK = 10, 12, 20, 25, 30
HANDBOOK = "Cochrane Handbook 2019, 6.5.2; 10.1002/9781119536604.ch6"
HEDGES = "Hedges LV. 1981; 10.3102/10769986006002107"
SUFFIXES = tuple(f"_{arm}" for arm in ARMS)
OF_CHANGE = ("MD", "SMD")
IN_SDS_OF_CHANGE = "an SMD is in standard deviations of the change, and is not pooled with one of final values"
TEXT = (
    "MD: m1 - m2, sd1^2/n1 + sd2^2/n2; SMD: J (m1 - m2)/sd_pooled, 1/n1 + 1/n2 + g^2/(2n); "
    "ROM: ln(m1/m2) corrected for bias, sd1^2/(n1 m1^2) + sd2^2/(n2 m2^2)"
)

Reader = Callable[[Figure, Options], tuple[Arm, Arm]]


def of_arms(read: Reader, codes: Iterable[str]) -> dict[str, Formula]:
    """Return the formulas of measures of two arms that `read` takes from a figure."""

    def compare(code: str, figure: Figure, options: Options) -> Effect:
        e, c = read(figure, options)
        check_arms(e, c)
        return Effect(*DEFINITIONS[code](e, c, options), tuple(dict.fromkeys(e.notes + c.notes)))

    return by_code(compare, codes)


def with_sds(figure: Figure, options: Options) -> tuple[Arm, Arm]:
    """Return the arms of a figure with both standard deviations."""
    e, c = (Arm(float(figure[f"mean{arm}"]), float(figure[f"sd{arm}"]), float(figure[f"n{arm}"])) for arm in SUFFIXES)
    return e, c


def with_spreads(figure: Figure, options: Options) -> tuple[Arm, Arm]:
    """Return the arms of a figure with SD, SE or CI of each mean."""
    if all(figure.get(f"sd{suffix}") is not None for suffix in SUFFIXES):
        raise NotForThisFigure("the standard deviations themselves are reported")
    e, c = (reported_arm(figure, suffix) for suffix in SUFFIXES)
    if e is None or c is None:
        missing = " and ".join(whose(suffix) for suffix, arm in zip(SUFFIXES, (e, c), strict=True) if arm is None)
        raise NotForThisFigure(f"neither SD, SE nor CI of {missing} is reported")
    return e, c


def by_medians(method: Method) -> Reader:
    """Return the reader of figures with a median in at least one arm."""

    def read(figure: Figure, options: Options) -> tuple[Arm, Arm]:
        if all(reported_arm(figure, suffix) is not None for suffix in SUFFIXES):
            raise NotForThisFigure("the means themselves are reported")
        e, c = (arm_from_median(figure, suffix, method) for suffix in SUFFIXES)
        return e, c

    return read


def change_sd(figure: Figure, suffix: str, options: Options) -> tuple[float, tuple[str, ...]]:
    """Return the SD of the change of an arm from the SDs before and after and their correlation."""
    before, after, r = figure.get(f"sd_baseline{suffix}"), figure.get(f"sd_final{suffix}"), figure.get("correlation")
    if before is None or after is None:
        raise NotForThisFigure(
            f"neither the SD of the change nor those before and after are reported for {whose(suffix)}"
        )
    note = f"SD of the change of {whose(suffix)} from those before and after"
    if r is not None:
        return sd_of_difference(before, after, r), (note,)
    if options.correlation is None:
        raise NotEstimable(
            "the correlation of baseline and final values is not reported; "
            "give it, or one to impute in extract: {correlation: ...}"
        )
    imputed = f"{note}, with an imputed correlation of {options.correlation:g}"
    return sd_of_difference(before, after, options.correlation), (imputed,)


def changed_arm(figure: Figure, suffix: str, options: Options) -> Arm:
    """Return mean change, its SD and n of an arm from what was reported before and after."""
    reported = reported_arm(figure, suffix)
    if reported is not None:
        return reported
    mean, n = figure.get(f"mean{suffix}"), figure.get(f"n{suffix}")
    if mean is None:
        before, after = figure.get(f"mean_baseline{suffix}"), figure.get(f"mean_final{suffix}")
        if before is None or after is None:
            raise NotForThisFigure(
                f"neither the mean change nor the means before and after are reported for {whose(suffix)}"
            )
        mean = after - before
    if n is None:
        raise NotForThisFigure(f"n of {whose(suffix)} is not reported")
    sd, notes = change_sd(figure, suffix, options)
    return Arm(float(mean), sd, float(n), notes)


def from_baseline(figure: Figure, options: Options) -> tuple[Arm, Arm]:
    """Return the arms of a figure whose changes follow from baseline and final values."""
    if all(reported_arm(figure, suffix) is not None for suffix in SUFFIXES):
        raise NotForThisFigure("the changes themselves are reported with their spread")
    e, c = (changed_arm(figure, suffix, options) for suffix in SUFFIXES)
    return e, c


def t_of_p(figure: Figure, df: float) -> tuple[float, str]:
    """Return |t| of a reported p value, and how."""
    p, sided = computable_p(figure)
    return abs(t_quantile(1 - p / sided, df)), f"t from p = {p:g} ({sided:g}-sided, {df:g} df)"


def direction_of(figure: Figure) -> float:
    """Return 1 where the experimental arm has the higher mean, by the means or by `direction`, -1 where the control arm has."""
    if figure.get("mean_e") is not None and figure.get("mean_c") is not None:
        return math.copysign(1.0, figure["mean_e"] - figure["mean_c"])
    if figure.get("direction") is None:
        raise NotEstimable(
            "the arm with the higher mean is not reported: give the means, t with its sign, or direction"
        )
    return 1.0 if figure["direction"] == ARMS["e"] else -1.0


def signed_t(figure: Figure) -> tuple[float, str]:
    """Return the t statistic of the two arms' means: as reported, from F = t^2, or from p."""
    if figure.get("t") is not None:
        return float(figure["t"]), f"from t = {figure['t']:g}"
    if figure.get("f") is not None:
        return direction_of(figure) * math.sqrt(figure["f"]), f"from F = {figure['f']:g} (on 1 df)"
    if figure.get("p") is None:
        raise NotForThisFigure("none of t, F and p is reported")
    t, note = t_of_p(figure, figure["n_e"] + figure["n_c"] - 2)
    return direction_of(figure) * t, note


def mean_difference_by_test(figure: Figure, options: Options) -> Effect:
    """Return the mean difference with the standard error (m1 - m2) / t that its test implies (Handbook 6.5.2.3)."""
    if figure.get("mean_e") is None or figure.get("mean_c") is None:
        raise NotForThisFigure("a test gives no mean difference without the means")
    t, note = signed_t(figure)
    difference = figure["mean_e"] - figure["mean_c"]
    if t == 0 or difference == 0:
        raise NotEstimable("equal means, or a t of 0, do not determine the standard error")
    if t * difference < 0:
        raise NotEstimable(f"t = {t:g} and the means differ in direction")
    return Effect(difference, (difference / t) ** 2, (f"standard error {note}",))


def standardised_by_test(figure: Figure, options: Options) -> Effect:
    """Return Hedges' g with d = t sqrt(1/n1 + 1/n2)."""
    t, note = signed_t(figure)
    n1, n2 = float(figure["n_e"]), float(figure["n_c"])
    return Effect(*hedges_g(t * math.sqrt(1 / n1 + 1 / n2), n1, n2, options), (f"standardised difference {note}",))


def routes_of(statistic: str, codes: Iterable[str], *assumed: str) -> list[Route]:
    """Return the routes from one statistic of two means; `assumed` is what all of them assume."""
    means, sizes = ("mean_e", "mean_c"), ("n_e", "n_c")
    normal = ("values within an arm are about normal, or n is large", *assumed)
    return [
        Route(
            name=f"{statistic}_sd",
            statistic=statistic,
            needs=(*means, "sd_e", "sd_c", *sizes),
            gives=of_arms(with_sds, codes),
            rank=SD_RANK,
            formula=TEXT,
            assumptions=normal,
            source=HEDGES,
        ),
        Route(
            name=f"{statistic}_spread",
            statistic=statistic,
            needs=(*means, *sizes),
            gives=of_arms(with_spreads, codes),
            rank=SPREAD_RANK,
            formula=f"SD = SE sqrt(n); SE = (upper - lower)/(2 t), n - 1 df; then {TEXT}",
            assumptions=normal,
            source=HANDBOOK,
        ),
        Route(
            name=f"{statistic}_test",
            statistic=statistic,
            needs=sizes,
            gives={"MD": mean_difference_by_test, "SMD": standardised_by_test},
            rank=TEST_RANK,
            formula="t as reported, sqrt F, or from p; MD: m1 - m2, ((m1 - m2)/t)^2; SMD: d = t sqrt(1/n1 + 1/n2)",
            assumptions=("the test is the two-sample t test with equal variances", *assumed),
            source=HANDBOOK,
        ),
        *(
            Route(
                name=f"{statistic}_{name}",
                statistic=statistic,
                needs=sizes,
                gives=of_arms(by_medians(method), codes),
                rank=MEDIAN_RANK + position,
                formula=f"mean and SD from median, quartiles and range; then {TEXT}",
                assumptions=("the values of an arm follow the distribution that the method assumes", *assumed),
                source="; ".join((WAN, LUO, SHI, SHI_SKEWNESS, MCGRATH)),
            )
            for position, (name, method) in enumerate(METHODS.items())
        ),
    ]


ROUTES = [
    *routes_of("means", DEFINITIONS),
    *routes_of("mean_change", OF_CHANGE, IN_SDS_OF_CHANGE),
    Route(
        name="mean_change_baseline",
        statistic="mean_change",
        needs=(),
        gives=of_arms(from_baseline, OF_CHANGE),
        rank=BASELINE_RANK,
        formula="mean = final - baseline; sd^2 = sd_baseline^2 + sd_final^2 - 2 r sd_baseline sd_final; then as from means",
        assumptions=("the correlation of baseline and final values is the same in both arms", IN_SDS_OF_CHANGE),
        source="Cochrane Handbook 2019, 6.5.2.8; 10.1002/9781119536604.ch6",
    ),
]
