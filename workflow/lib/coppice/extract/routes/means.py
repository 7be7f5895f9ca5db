"""Effects from two arms' means and standard deviations: the measures of metafor, and their variances."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from coppice.extract.route import NotEstimable, Options

ASYMPTOTIC_DF = 1e5  # beyond it lgamma loses digits, and the approximation is right to 3e-12


@dataclass(frozen=True, slots=True)
class Arm:
    """Mean, standard deviation and number of patients of an arm, and how they were found."""

    mean: float
    sd: float
    n: float
    notes: tuple[str, ...] = ()


def hedges_j(df: float) -> float:
    """Return Hedges' exact correction for small samples, Gamma(df/2) / (sqrt(df/2) Gamma((df - 1)/2)).

    Hedges 1981, 10.3102/10769986006002107.
    """
    if df <= 1:
        raise NotEstimable(f"with {df:g} degrees of freedom a standardised mean has no correction for its bias")
    if df > ASYMPTOTIC_DF:
        return 1 - 3 / (4 * df - 1)
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def correction(df: float, options: Options) -> float:
    """Return Hedges' J, or 1 where no correction is wanted."""
    return hedges_j(df) if options.small_sample else 1.0


def check_arms(e: Arm, c: Arm) -> None:
    """Raise NotEstimable for an arm without a spread."""
    for arm, word in ((e, "experimental"), (c, "control")):
        if arm.sd <= 0:
            raise NotEstimable(f"the standard deviation of the {word} arm is {arm.sd:g}")
        if arm.n <= 1:
            raise NotEstimable(f"the {word} arm has {arm.n:g} patients; a standard deviation needs two")


def mean_difference(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return m1 - m2, variance sd1^2/n1 + sd2^2/n2."""
    return e.mean - c.mean, e.sd**2 / e.n + c.sd**2 / c.n


def pooled_sd(e: Arm, c: Arm) -> float:
    """Return the standard deviation pooled over both arms."""
    return math.sqrt(((e.n - 1) * e.sd**2 + (c.n - 1) * c.sd**2) / (e.n + c.n - 2))


@dataclass(frozen=True, slots=True)
class Standardised:
    """What the variance of a standardised mean difference is made of: d, J, df and the reciprocal sizes 1/n1 + 1/n2."""

    d: float
    j: float
    df: float
    n: float
    reciprocals: float


def large_sample(s: Standardised) -> float:
    """Return 1/n1 + 1/n2 + g^2 / (2 (n1 + n2)), Hedges 1982, 10.1037/0033-2909.92.2.490."""
    return s.reciprocals + (s.j * s.d) ** 2 / (2 * s.n)


def large_sample_uncorrected(s: Standardised) -> float:
    """Return J^2 (1/n1 + 1/n2 + d^2 / (2 (n1 + n2))), Borenstein 2009, 10.1002/9780470743386.ch4."""
    return s.j**2 * (s.reciprocals + s.d**2 / (2 * s.n))


def unbiased(s: Standardised) -> float:
    """Return 1/n1 + 1/n2 + (1 - (df - 2) / (df J^2)) g^2, without bias (Hedges 1983, 10.1037/0033-2909.93.2.388)."""
    return s.reciprocals + (1 - (s.df - 2) / (s.df * hedges_j(s.df) ** 2)) * (s.j * s.d) ** 2


def of_revman(s: Standardised) -> float:
    """Return 1/n1 + 1/n2 + g^2 / (2 (n1 + n2 - 3.94)), Deeks & Higgins 2010, Statistical algorithms in Review Manager 5."""
    return s.reciprocals + (s.j * s.d) ** 2 / (2 * (s.n - 3.94))


SMD_VARIANCES: Mapping[str, Callable[[Standardised], float]] = {
    "LS": large_sample,
    "UB": unbiased,
    "LS2": large_sample_uncorrected,
    "RevMan": of_revman,
}


def hedges_g(d: float, n1: float, n2: float, options: Options) -> tuple[float, float]:
    """Return g = J d with the variance that `options.smd_variance` names."""
    df = n1 + n2 - 2
    approximate = options.small_sample and options.smd_variance == "RevMan"
    j = 1 - 3 / (4 * df - 1) if approximate else correction(df, options)
    s = Standardised(d, j, df, n1 + n2, 1 / n1 + 1 / n2)
    return s.j * d, SMD_VARIANCES[options.smd_variance](s)


def standardised_mean_difference(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return Hedges' g, the difference of means in pooled standard deviations."""
    return hedges_g((e.mean - c.mean) / pooled_sd(e, c), e.n, c.n, options)


def with_unequal_variances(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return the difference standardised by sqrt((sd1^2 + sd2^2)/2).

    Bonett 2008, 10.1037/1082-989X.13.2.99; 2009, 10.1037/a0016619.
    """
    average = (e.sd**2 + c.sd**2) / 2
    g = correction(e.n + c.n - 2, options) * (e.mean - c.mean) / math.sqrt(average)
    kurtic = g**2 * (e.sd**4 / (e.n - 1) + c.sd**4 / (c.n - 1)) / (8 * average**2)
    return g, kurtic + (e.sd**2 / (e.n - 1) + c.sd**2 / (c.n - 1)) / average


def glass(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return Glass' delta, standardised by the control arm, variance 1/n1 + 1/n2 + g^2 / (2 n2)."""
    g = correction(c.n - 1, options) * (e.mean - c.mean) / c.sd
    return g, 1 / e.n + 1 / c.n + g**2 / (2 * c.n)


def glass_with_unequal_variances(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return Glass' delta, variance sd1^2/(sd2^2 (n1 - 1)) + 1/(n2 - 1) + g^2 / (2 (n2 - 1)) (Bonett 2008)."""
    g = correction(c.n - 1, options) * (e.mean - c.mean) / c.sd
    return g, e.sd**2 / c.sd**2 / (e.n - 1) + (1 + g**2 / 2) / (c.n - 1)


def variation(arm: Arm) -> float:
    """Return the squared coefficient of variation of the mean, sd^2 / (n m^2)."""
    return arm.sd**2 / (arm.n * arm.mean**2)


def ratio_of_means(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return ln(m1/m2), corrected for bias, variance sd1^2/(n1 m1^2) + sd2^2/(n2 m2^2).

    Lajeunesse 2015, 10.1890/14-2402.1.
    """
    if e.mean * c.mean <= 0:
        raise NotEstimable("a ratio of means needs two means of the same sign")
    bias = (variation(e) - variation(c)) / 2 if options.small_sample else 0.0
    return math.log(e.mean / c.mean) + bias, variation(e) + variation(c)


def sd_bias(n: float) -> float:
    """Return 1 / (2 (n - 1)): bias, to be added, and variance of a logarithmic standard deviation."""
    return 1 / (2 * (n - 1))


def ratio_of_variation(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return the log ratio of the coefficients of variation, corrected for the bias of SDs and means.

    Nakagawa 2015, 10.1111/2041-210X.12309; Senior 2020, 10.1002/jrsm.1423.
    """
    if e.mean * c.mean <= 0:
        raise NotEstimable("a ratio of coefficients of variation needs two means of the same sign")
    bias = sd_bias(e.n) - sd_bias(c.n) - (variation(e) - variation(c)) / 2 if options.small_sample else 0.0
    log_ratio = math.log(e.sd / abs(e.mean)) - math.log(c.sd / abs(c.mean))
    return log_ratio + bias, sd_bias(e.n) + sd_bias(c.n) + variation(e) + variation(c)


def ratio_of_sds(e: Arm, c: Arm, options: Options) -> tuple[float, float]:
    """Return ln(sd1/sd2) + 1/(2 (n1 - 1)) - 1/(2 (n2 - 1)), variance the sum of the two terms."""
    bias = sd_bias(e.n) - sd_bias(c.n) if options.small_sample else 0.0
    return math.log(e.sd / c.sd) + bias, sd_bias(e.n) + sd_bias(c.n)


Estimate = Callable[[Arm, Arm, Options], tuple[float, float]]

DEFINITIONS: Mapping[str, Estimate] = {
    "MD": mean_difference,
    "SMD": standardised_mean_difference,
    "SMDH": with_unequal_variances,
    "SMD1": glass,
    "SMD1H": glass_with_unequal_variances,
    "ROM": ratio_of_means,
    "CVR": ratio_of_variation,
    "VR": ratio_of_sds,
}
