"""Mean and standard deviation from a median with quartiles or range where the data are skewed."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from coppice.extract.numeric import numeric
from coppice.extract.route import NotEstimable
from coppice.extract.summaries.medians import NORMAL, Summary, normal_data

MCGRATH = "McGrath S et al. 2020; 10.1177/0962280219889080"
# below 0 the tail is heavier than the log-normal's and the mean may be infinite; no data need more than 3
EXPONENTS = (0.0, 3.0)
TOLERANCE = 1e-10
STEPS = 400  # of Simpson's rule; the integrand is smooth, so the error is far below the rounding of the figures
FAR = 8.0  # standard deviations beyond which the normal density is nothing
GRID = 30  # steps over ln shape, so that a second minimum is not taken for the first
GOLDEN = (math.sqrt(5) - 1) / 2
NARROW = 1e-8  # of ln shape: at a minimum the squared error can't tell smaller steps apart


def points(s: Summary) -> list[tuple[float, float]]:
    """Return the reported quantiles with their probabilities; a range is taken at 1/n and 1 - 1/n (McGrath 2020)."""
    quantiles = [(0.5, s.median)]
    if s.quartiles is not None:
        quantiles += [(0.25, s.quartiles[0]), (0.75, s.quartiles[1])]
    if s.range is not None:
        quantiles += [(1 / s.n, s.range[0]), (1 - 1 / s.n, s.range[1])]
    return sorted(quantiles)


def log_normal_unit(p: float, shape: float) -> float:
    """Return the quantile of the log-normal distribution with log SD `shape` and median 1."""
    return math.exp(shape * NORMAL.inv_cdf(p))


def gamma_unit(p: float, shape: float) -> float:
    """Return the quantile of the gamma distribution with scale 1."""
    return float(numeric("scipy.special").gammaincinv(shape, p))


def weibull_unit(p: float, shape: float) -> float:
    """Return the quantile of the Weibull distribution with scale 1."""
    return math.pow(-math.log1p(-p), 1 / shape)


def log_normal_moments(shape: float) -> tuple[float, float]:
    """Return mean and SD of the log-normal distribution with median 1."""
    mean = math.exp(shape**2 / 2)
    return mean, mean * math.sqrt(math.expm1(shape**2))


def gamma_moments(shape: float) -> tuple[float, float]:
    """Return mean and SD of the gamma distribution with scale 1."""
    return shape, math.sqrt(shape)


def weibull_moments(shape: float) -> tuple[float, float]:
    """Return mean and SD of the Weibull distribution with scale 1."""
    one, two = math.gamma(1 + 1 / shape), math.gamma(1 + 2 / shape)
    return one, math.sqrt(two - one**2)


@dataclass(frozen=True, slots=True)
class Family:
    """A distribution on the positive numbers with one shape and one scale, and the range of ln shape to look in."""

    quantile: Callable[[float, float], float]
    moments: Callable[[float], tuple[float, float]]
    low: float
    high: float


FAMILIES: Mapping[str, Family] = {
    "log-normal": Family(log_normal_unit, log_normal_moments, -6.0, 1.5),
    "gamma": Family(gamma_unit, gamma_moments, -3.0, 11.0),
    "Weibull": Family(weibull_unit, weibull_moments, -1.5, 5.0),
}


def fit_scale(units: Sequence[float], values: Sequence[float]) -> tuple[float, float]:
    """Return the scale by which the unit quantiles come nearest to the values, and the squared error that is left."""
    scale = math.fsum(u * value for u, value in zip(units, values, strict=True)) / math.fsum(u * u for u in units)
    return scale, math.fsum((scale * unit - value) ** 2 for unit, value in zip(units, values, strict=True))


def minimised(loss: Callable[[float], float], low: float, high: float) -> float:
    """Return where a function is least: the best point of a grid, then golden section between its neighbours."""
    width = (high - low) / GRID
    best = min((low + step * width for step in range(GRID + 1)), key=loss)
    low, high = max(low, best - width), min(high, best + width)
    left, right = high - GOLDEN * (high - low), low + GOLDEN * (high - low)
    at_left, at_right = loss(left), loss(right)
    while high - low > NARROW:
        if at_left <= at_right:
            high, right, at_right = right, left, at_left
            left = high - GOLDEN * (high - low)
            at_left = loss(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + GOLDEN * (high - low)
            at_right = loss(right)
    return (low + high) / 2


def fit(family: Family, s: Summary) -> tuple[float, float, float]:
    """Return the squared error, the mean and the SD of the member of a family nearest to the reported quantiles."""
    probabilities, values = zip(*points(s), strict=True)

    def scaled(log_shape: float) -> tuple[float, float]:
        return fit_scale([family.quantile(p, math.exp(log_shape)) for p in probabilities], values)

    log_shape = minimised(lambda a: scaled(a)[1], family.low, family.high)
    scale, error = scaled(log_shape)
    mean, sd = family.moments(math.exp(log_shape))
    return error, scale * mean, scale * sd


def fit_normal(s: Summary) -> tuple[float, float, float]:
    """Return the same of the normal distribution: a straight line through the quantiles."""
    pairs = [(NORMAL.inv_cdf(p), value) for p, value in points(s)]
    z_mean, mean = fmean(z for z, _ in pairs), fmean(value for _, value in pairs)
    sd = math.fsum((z - z_mean) * (value - mean) for z, value in pairs) / math.fsum((z - z_mean) ** 2 for z, _ in pairs)
    mean -= sd * z_mean
    return math.fsum((mean + sd * z - value) ** 2 for z, value in pairs), mean, sd


def quantile_estimation(s: Summary) -> tuple[float, float, str]:
    """Return mean and SD of the distribution that fits the reported quantiles best, and its name.

    Notes
    -----
    Least squares of the quantiles of the normal, log-normal, gamma and Weibull distributions; those on positive values
    only where all reported values are positive. McGrath 2020, 10.1177/0962280219889080.
    """
    fits = {"normal": fit_normal(s)}
    if min(value for _, value in points(s)) > 0:
        fits |= {name: fit(family, s) for name, family in FAMILIES.items()}
    best = min(fits, key=lambda name: fits[name][0])
    return fits[best][1], fits[best][2], best


def box_cox(value: float, exponent: float) -> float:
    """Return (value^exponent - 1) / exponent, the logarithm at 0."""
    return math.log(value) if abs(exponent) < TOLERANCE else math.expm1(exponent * math.log(value)) / exponent


def inverse_box_cox(value: float, exponent: float) -> float:
    """Return (1 + exponent value)^(1/exponent), exp at 0."""
    return math.exp(value) if abs(exponent) < TOLERANCE else math.exp(math.log1p(exponent * value) / exponent)


def asymmetry(s: Summary, exponent: float) -> float:
    """Return how far the transformed summary is from symmetry: the sum of the relative deviations of its pairs."""
    centre = box_cox(s.median, exponent)
    total = 0.0
    for pair in (s.range, s.quartiles):
        if pair is not None:
            low, high = (box_cox(value, exponent) for value in pair)
            total += (low + high - 2 * centre) / (high - low)
    return total


def symmetrising_exponent(s: Summary) -> float:
    """Return the Box-Cox exponent that makes the summary symmetrical, by bisection; the nearer limit if none does."""
    low, high = EXPONENTS
    if asymmetry(s, low) >= 0:
        return low
    if asymmetry(s, high) <= 0:
        return high
    while high - low > TOLERANCE:
        mid = (low + high) / 2
        low, high = (mid, high) if asymmetry(s, mid) < 0 else (low, mid)
    return (low + high) / 2


def box_cox_estimation(s: Summary) -> tuple[float, float, str]:
    """Return mean and SD by way of the Box-Cox transformation that makes the summary symmetrical, and its exponent.

    Notes
    -----
    The transformed data are taken as normal, with the mean of Luo 2018 and the SD of Wan 2014 and Shi 2020; mean and SD
    on the original scale by Simpson's rule, within the range where the transformation can be undone and the same
    distance on the other side. McGrath 2020, 10.1177/0962280219889080.
    """
    if min(value for _, value in points(s)) <= 0:
        raise NotEstimable("the Box-Cox method needs positive values")
    exponent = symmetrising_exponent(s)
    values = [None if value is None else box_cox(value, exponent) for value in (s.q1, s.q3, s.low, s.high)]
    mean, sd = normal_data(Summary(s.n, box_cox(s.median, exponent), *values))
    reach = FAR if abs(exponent) < TOLERANCE else min(FAR, (1 - TOLERANCE) * abs(mean + 1 / exponent) / sd)
    weight = first = second = 0.0
    for step in range(STEPS + 1):
        z = reach * (2 * step / STEPS - 1)
        value = inverse_box_cox(mean + sd * z, exponent)
        part = (1 if step in (0, STEPS) else 4 if step % 2 else 2) * math.exp(-(z**2) / 2)
        weight, first, second = weight + part, first + part * value, second + part * value**2
    mean = first / weight
    return mean, math.sqrt(second / weight - mean**2), f"exponent {exponent:.3g}"
