"""Effects from two measurements of the same patients: crossover trials, and changes within one group."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from coppice.core.reported_fields import ARMS
from coppice.extract.route import Effect, Figure, NotEstimable, NotForThisFigure, Options, Route, by_code
from coppice.extract.routes.means import Arm, correction, sd_bias, variation

RANK = 10
BECKER = (
    "Becker BJ. 1988; 10.1111/j.2044-8317.1988.tb00901.x; Gibbons RD et al. 1993; 10.3102/10769986018003271; "
    "Bonett DG. 2008; 10.1037/1082-989X.13.2.99"
)
ELBOURNE = "Elbourne DR et al. 2002; 10.1093/ije/31.1.140; Cochrane Handbook 2019, 23.2; 10.1002/9781119536604.ch23"
PERIOD = ("in a crossover trial, there is neither a period effect nor a carry-over",)

Estimate = Callable[[Arm, Arm, float, Options], tuple[float, float]]


def sd_of_difference(first: float, second: float, r: float) -> float:
    """Return sqrt(sd1^2 + sd2^2 - 2 r sd1 sd2)."""
    return math.sqrt(max(first**2 + second**2 - 2 * r * first * second, 0.0))


def mean_change(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return m1 - m2, variance sd_d^2 / n."""
    return e.mean - c.mean, sd_of_difference(e.sd, c.sd, r) ** 2 / e.n


def by_sd_of_change(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return J (m1 - m2) / sd_d, variance 1/n + g^2 / (2n) (Gibbons 1993)."""
    g = correction(e.n - 1, options) * (e.mean - c.mean) / sd_of_difference(e.sd, c.sd, r)
    return g, 1 / e.n + g**2 / (2 * e.n)


def by_raw_sd(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return J (m1 - m2) / sd1, variance 2 (1 - r)/n + g^2 / (2n) (Becker 1988)."""
    g = correction(e.n - 1, options) * (e.mean - c.mean) / e.sd
    return g, 2 * (1 - r) / e.n + g**2 / (2 * e.n)


def by_raw_sd_unequal(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return the same, variance sd_d^2 / (sd1^2 (n - 1)) + g^2 / (2 (n - 1)) (Bonett 2008)."""
    g = correction(e.n - 1, options) * (e.mean - c.mean) / e.sd
    return g, (sd_of_difference(e.sd, c.sd, r) ** 2 / e.sd**2 + g**2 / 2) / (e.n - 1)


def over_average_sd(e: Arm, c: Arm, r: float, options: Options) -> float:
    """Return J (m1 - m2) / sd_p, sd_p^2 being the mean of both variances, with 2 (n - 1)/(1 + r^2) df."""
    j = correction(2 * (e.n - 1) / (1 + r**2), options)
    return j * (e.mean - c.mean) / math.sqrt((e.sd**2 + c.sd**2) / 2)


def by_average_sd(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return the SMD of a crossover trial, and SMCRP: standardised by the two SDs pooled, so that parallel trials can join.

    Variance 2 (1 - r)/n + g^2 (1 + r^2)/(4n) by the delta method, the pooled SD having 2 (n - 1)/(1 + r^2) df
    (Cousineau 2020, 10.20982/tqmp.16.4.p418); without correlation it is that of a parallel trial, unlike the
    approximation 2 (1 - r)(1/n + g^2/(2n)) of Elbourne 2002.
    """
    g = over_average_sd(e, c, r, options)
    return g, 2 * (1 - r) / e.n + g**2 * (1 + r**2) / (4 * e.n)


def by_average_sd_unequal(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return the same, without taking both SDs for equal in its variance (Bonett 2008, equation 10).

    Variance [sd_d^2 / sd_p^2 + g^2 (sd1^4 + sd2^4 + 2 r^2 sd1^2 sd2^2) / (8 sd_p^4)] / (n - 1).
    """
    g, pooled = over_average_sd(e, c, r, options), (e.sd**2 + c.sd**2) / 2
    fourth = e.sd**4 + c.sd**4 + 2 * r**2 * e.sd**2 * c.sd**2
    return g, (sd_of_difference(e.sd, c.sd, r) ** 2 / pooled + g**2 * fourth / (8 * pooled**2)) / (e.n - 1)


def same_sign(e: Arm, c: Arm) -> None:
    """Raise NotEstimable for means whose ratio has no logarithm."""
    if e.mean * c.mean <= 0:
        raise NotEstimable("a ratio of means needs two means of the same sign")


def covariation(e: Arm, c: Arm, r: float) -> float:
    """Return the variance of the log ratio of two paired means."""
    return variation(e) + variation(c) - 2 * r * e.sd * c.sd / (e.mean * c.mean * e.n)


def ratio(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return ln(m1/m2), corrected for bias, variance of paired means (Lajeunesse 2011, 10.1890/11-0423.1; 2015)."""
    same_sign(e, c)
    bias = (variation(e) - variation(c)) / 2 if options.small_sample else 0.0
    return math.log(e.mean / c.mean) + bias, covariation(e, c, r)


def ratio_of_variation(e: Arm, c: Arm, r: float, options: Options) -> tuple[float, float]:
    """Return the log ratio of paired coefficients of variation (Nakagawa 2015, 10.1111/2041-210X.12309)."""
    same_sign(e, c)
    bias = sd_bias(e.n) - sd_bias(c.n) - (variation(e) - variation(c)) / 2 if options.small_sample else 0.0
    log_ratio = math.log(e.sd / abs(e.mean)) - math.log(c.sd / abs(c.mean))
    return log_ratio + bias, (1 - r**2) / (e.n - 1) + covariation(e, c, r)


DEFINITIONS: Mapping[str, Estimate] = {
    "MC": mean_change,
    "SMCC": by_sd_of_change,
    "SMCR": by_raw_sd,
    "SMCRH": by_raw_sd_unequal,
    "SMCRP": by_average_sd,
    "SMCRPH": by_average_sd_unequal,
    "ROMC": ratio,
    "CVRC": ratio_of_variation,
    "MD": mean_change,
    "SMD": by_average_sd,
}
BY_ONE_SD = ("SMCR", "SMCRH")


def pairs(figure: Figure) -> float:
    """Return the number of pairs."""
    n = figure.get("n") or figure.get("n_e")
    if n is None:
        raise NotEstimable("n, the number of pairs, is not reported")
    if figure.get("n_c") is not None and figure["n_c"] != n:
        raise NotEstimable("n_e and n_c differ; give n, the number of pairs")
    if n <= 1:
        raise NotEstimable("one pair has no spread")
    return float(n)


def reported_sd_of_difference(figure: Figure, n: float) -> tuple[float, str] | None:
    """Return the SD of the differences: as reported, or from their SE or the paired t; and from which."""
    if figure.get("sd_difference") is not None:
        return float(figure["sd_difference"]), "the SD of the differences"
    if figure.get("se_difference") is not None:
        return float(figure["se_difference"]) * math.sqrt(n), "the SE of the mean difference"
    t = figure.get("t")
    if t and figure["mean_e"] != figure["mean_c"]:
        return abs((figure["mean_e"] - figure["mean_c"]) / t) * math.sqrt(n), f"the paired t statistic {t:g}"
    return None


def correlation_of(figure: Figure, options: Options, n: float) -> tuple[float, tuple[str, ...]]:
    """Return the correlation of the two measurements, and a note on its origin.

    Raises
    ------
    NotEstimable
        If it is neither reported nor implied, and none is to be imputed.
    """
    if figure.get("correlation") is not None:
        return float(figure["correlation"]), ()
    difference = reported_sd_of_difference(figure, n)
    first, second = figure["sd_e"], figure["sd_c"]
    if difference is not None:
        r = (first**2 + second**2 - difference[0] ** 2) / (2 * first * second)
        if not -1 <= r <= 1:
            raise NotEstimable(f"{difference[1]} and the two SDs imply a correlation of {r:.3f}")
        return r, (f"correlation {r:.4f} implied by {difference[1]}",)
    if options.correlation is None:
        raise NotEstimable(
            "the correlation of the two measurements is not reported; "
            "give it, or one to impute in extract: {correlation: ...}"
        )
    return options.correlation, (f"correlation {options.correlation:g} imputed, as none is reported",)


def compare(code: str, figure: Figure, options: Options) -> Effect:
    """Return a measure of paired means."""
    n = pairs(figure)
    r, notes = correlation_of(figure, options, n)
    e, c = (Arm(float(figure[f"mean_{arm}"]), float(figure[f"sd_{arm}"]), n) for arm in ARMS)
    if code in BY_ONE_SD and figure.get("standardise_by") == "control":
        yi, vi = DEFINITIONS[code](c, e, r, options)
        return Effect(-yi, vi, (*notes, "standardised by the SD of the control (second) measurement"))
    return Effect(*DEFINITIONS[code](e, c, r, options), notes)


def difference_only(figure: Figure, options: Options) -> Effect:
    """Return the mean difference from the spread of the differences, where the two SDs are missing."""
    if figure.get("sd_e") is not None and figure.get("sd_c") is not None:
        raise NotForThisFigure("both standard deviations are reported")
    n = pairs(figure)
    difference = reported_sd_of_difference(figure, n)
    if difference is None:
        raise NotForThisFigure("neither the SDs, nor the SD or SE of the differences, nor the paired t is reported")
    return Effect(figure["mean_e"] - figure["mean_c"], difference[0] ** 2 / n, (f"variance from {difference[1]}",))


ROUTES = [
    Route(
        name="paired_means",
        statistic="paired_means",
        needs=("mean_e", "mean_c", "sd_e", "sd_c"),
        gives=by_code(compare, DEFINITIONS),
        rank=RANK,
        formula="sd_d^2 = sd1^2 + sd2^2 - 2 r sd1 sd2; MC, MD: m1 - m2, sd_d^2/n; SMCC: J (m1 - m2)/sd_d, 1/n + g^2/(2n); "
        "SMCR: J (m1 - m2)/sd1, 2(1 - r)/n + g^2/(2n); "
        "SMD, SMCRP: J (m1 - m2)/sd_pooled, 2(1 - r)/n + g^2 (1 + r^2)/(4n)",
        assumptions=PERIOD,
        source=f"{BECKER}; {ELBOURNE}",
    ),
    Route(
        name="paired_difference",
        statistic="paired_means",
        needs=("mean_e", "mean_c"),
        gives={"MC": difference_only, "MD": difference_only},
        rank=RANK + 1,
        formula="m1 - m2, variance sd_d^2/n, from the SD or SE of the differences or the paired t",
        assumptions=PERIOD,
        source=ELBOURNE,
    ),
]
