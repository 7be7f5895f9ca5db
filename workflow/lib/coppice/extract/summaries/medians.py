"""Mean and standard deviation from a median with quartiles or range, and the test for skewness that goes with it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

from coppice.extract.route import NotEstimable

NORMAL = NormalDist()
BLOM = 0.375  # Blom 1958: the expected ith of n standard normal values is about Phi^-1((i - 3/8) / (n + 1/4))
WAN = "Wan X et al. 2014; 10.1186/1471-2288-14-135"
LUO = "Luo D et al. 2018; 10.1177/0962280216669183"
SHI = "Shi J et al. 2020; 10.1002/jrsm.1429"
SHI_SKEWNESS = "Shi J et al. 2023; 10.1177/09622802231172043"


@dataclass(frozen=True, slots=True)
class Summary:
    """A median of n values with their quartiles, their range or both; what is not reported is None."""

    n: float
    median: float
    q1: float | None = None
    q3: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def quartiles(self) -> tuple[float, float] | None:
        """The quartiles, if both are reported."""
        return None if self.q1 is None or self.q3 is None else (self.q1, self.q3)

    @property
    def range(self) -> tuple[float, float] | None:
        """The smallest and the largest value, if both are reported."""
        return None if self.low is None or self.high is None else (self.low, self.high)

    @property
    def pair(self) -> tuple[float, float]:
        """The range, or else the quartiles."""
        pair = self.range or self.quartiles
        if pair is None:
            raise NotEstimable("a median without quartiles and without a range has no spread")
        return pair

    def check(self) -> None:
        """Raise NotEstimable unless there are quartiles or a range, in rising order, that leave room for a spread."""
        pairs = [self.pair, self.quartiles or self.pair]
        values = [value for value in (self.low, self.q1, self.median, self.q3, self.high) if value is not None]
        if values != sorted(values):
            raise NotEstimable("minimum, quartiles, median and maximum do not rise")
        if any(low == high for low, high in pairs):
            raise NotEstimable("the quartiles or the limits of the range are equal: no spread")
        if self.n < 2:
            raise NotEstimable("one patient has no spread")


def range_divisor(n: float) -> float:
    """Return the expected range of n standard normal values, by Blom's approximation (Wan 2014)."""
    return 2 * NORMAL.inv_cdf((n - BLOM) / (n + 1 - 2 * BLOM))


def quartile_divisor(n: float) -> float:
    """Return the expected interquartile range of n standard normal values (Wan 2014)."""
    return 2 * NORMAL.inv_cdf((0.75 * n - 0.125) / (n + 1 - 2 * BLOM))


def middle(pair: tuple[float, float]) -> float:
    """Return the mean of two values."""
    return (pair[0] + pair[1]) / 2


def width(pair: tuple[float, float]) -> float:
    """Return the difference of two values."""
    return pair[1] - pair[0]


def luo_mean(s: Summary) -> float:
    """Return the optimal mean of normal data (Luo 2018): median, mid-range and mid-hinge weighted by n."""
    if s.range and s.quartiles:
        w1, w2 = 2.2 / (2.2 + math.pow(s.n, 0.75)), 0.7 - 0.72 / math.pow(s.n, 0.55)
        return w1 * middle(s.range) + w2 * middle(s.quartiles) + (1 - w1 - w2) * s.median
    w = 4 / (4 + math.pow(s.n, 0.75)) if s.range else 0.7 + 0.39 / s.n
    return w * middle(s.pair) + (1 - w) * s.median


def wan_mean(s: Summary) -> float:
    """Return the mean by equal weights, as in Hozo 2005 and Bland 2015, kept by Wan 2014."""
    if s.range and s.quartiles:
        return (2 * middle(s.range) + 4 * middle(s.quartiles) + 2 * s.median) / 8
    return (2 * middle(s.pair) + 2 * s.median) / 4 if s.range else (2 * middle(s.pair) + s.median) / 3


def spreads(s: Summary) -> list[float]:
    """Return the standard deviation by the range, by the quartiles, or both, of those that are reported."""
    by_range = [width(s.range) / range_divisor(s.n)] if s.range else []
    return by_range + ([width(s.quartiles) / quartile_divisor(s.n)] if s.quartiles else [])


def wan_sd(s: Summary) -> float:
    """Return the standard deviation of normal data (Wan 2014); the mean of the two where both are reported."""
    sds = spreads(s)
    return sum(sds) / len(sds)


def shi_sd(s: Summary) -> float:
    """Return the same with the two weighted by n (Shi 2020): the range counts the less, the larger n is."""
    sds = spreads(s)
    if len(sds) == 1:
        return sds[0]
    w = 1 / (1 + 0.07 * math.pow(s.n, 0.6))
    return w * sds[0] + (1 - w) * sds[1]


def normal_data(s: Summary) -> tuple[float, float]:
    """Return mean (Luo 2018) and standard deviation (Wan 2014; Shi 2020 from all five numbers)."""
    return luo_mean(s), shi_sd(s)


def equal_weights(s: Summary) -> tuple[float, float]:
    """Return mean and standard deviation as Wan 2014 has both."""
    return wan_mean(s), wan_sd(s)


@dataclass(frozen=True, slots=True)
class Skewness:
    """The test statistic and its critical value at the 5 % level."""

    statistic: float
    critical: float

    @property
    def is_skewed(self) -> bool:
        """Whether the test rejects symmetry."""
        return self.statistic > self.critical


def skew(s: Summary, pair: tuple[float, float]) -> float:
    """Return how far the middle of a pair is from the median, relative to half its width."""
    return abs(2 * middle(pair) - 2 * s.median) / width(pair)


def skewness(s: Summary) -> Skewness:
    """Test whether the data behind a summary are skewed (Shi 2023, at the 5 % level).

    Notes
    -----
    Range only: |a + b - 2m| / (b - a) against 1/ln(n + 9) + 2.5/(n + 1). Quartiles only: |q1 + q3 - 2m| / (q3 - q1)
    against 2.65/sqrt(n) - 6/n^2. Both: the greater of the second and 2.65 ln(0.6 n)/sqrt(n) times the first, against
    3/sqrt(n) - 40/n^3.
    """
    n, root = s.n, math.sqrt(s.n)
    if not (s.range and s.quartiles):
        critical = 1 / math.log(n + 9) + 2.5 / (n + 1) if s.range else 2.65 / root - 6 / n**2
        return Skewness(skew(s, s.pair), critical)
    statistic = max(2.65 * math.log(0.6 * n) / root * skew(s, s.range), skew(s, s.quartiles))
    return Skewness(statistic, 3 / root - 40 / n**3)
