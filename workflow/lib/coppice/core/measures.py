"""The effect measures: one registry that the schema, the routes, the figures and the report all read."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

NORMAL = NormalDist()


def identity(value: float) -> float:
    """Return the value unchanged: the back-transformation of measures pooled as they are printed."""
    return value


@dataclass(frozen=True, slots=True)
class Scale:
    """The scale on which a measure is pooled.

    Attributes
    ----------
    name : str
        Name used in result files.
    forward, back : callable
        From the printed value to the model's scale, and from the model's scale to the printed value.
    is_ratio : bool
        Whether the measure is printed as a ratio, on a logarithmic axis.
    back_at : callable or None
        The exact back-transformation of scales whose own depends on the sample size: (value, size) to the printed
        value, size being that of the study or, for a pooled value, the harmonic mean of the studies' sizes. `back` is
        then its limit for large sizes.
    """

    name: str
    forward: Callable[[float], float]
    back: Callable[[float], float]
    is_ratio: bool = False
    back_at: Callable[[float, float], float] | None = None


def logit(p: float) -> float:
    """Return ln[p / (1 - p)]."""
    return math.log(p / (1 - p))


def expit(value: float) -> float:
    """Return 1 / (1 + exp(-value))."""
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


def arcsine(p: float) -> float:
    """Return asin(sqrt p)."""
    return math.asin(math.sqrt(p))


def square_of_sine(value: float) -> float:
    """Return sin^2 within the range of the arcsine transformation, 0 to pi/2; its ends beyond."""
    return math.sin(min(max(value, 0.0), math.pi / 2)) ** 2


def square_of_positive(value: float) -> float:
    """Return the square, 0 below 0."""
    return max(value, 0.0) ** 2


def double_arcsine_back(value: float, size: float) -> float:
    """Return the proportion whose Freeman-Tukey double arcsine at n = `size` is `value`.

    Miller 1978, 10.1080/00031305.1978.10479283; the ends of the range beyond it.
    """
    low, high = (sum(arcsine((x + i) / (size + 1)) for i in (0, 1)) / 2 for x in (0.0, size))
    if value <= low:
        return 0.0
    if value >= high:
        return 1.0
    sine, cosine = math.sin(2 * value), math.cos(2 * value)
    inner = max(1 - (sine + (sine - 1 / sine) / size) ** 2, 0.0)
    return 0.5 * (1 - math.copysign(math.sqrt(inner), cosine))


def double_root_back(value: float, size: float) -> float:
    """Return the rate x/t whose Freeman-Tukey transform at t = `size` is `value`: (1/t - 4 value^2)^2 / (16 value^2)."""
    if value <= 0.5 / math.sqrt(size):
        return 0.0
    return (1 / size - 4 * value**2) ** 2 / (16 * value**2)


def exponential(value: float) -> float:
    """Return e^value, infinity where no float can hold it: a limit of an interval may lie there."""
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


LOG = Scale("log", math.log, exponential, is_ratio=True)
LOG_VALUE = Scale("log", math.log, exponential)
IDENTITY = Scale("identity", identity, identity)
LOGIT = Scale("logit", logit, expit)
PROBIT = Scale("probit", NORMAL.inv_cdf, NORMAL.cdf)
ARCSINE = Scale("arcsine", arcsine, square_of_sine)
DOUBLE_ARCSINE = Scale("double arcsine", arcsine, square_of_sine, back_at=double_arcsine_back)
SQUARE_ROOT = Scale("square root", math.sqrt, square_of_positive)
DOUBLE_SQUARE_ROOT = Scale("double square root", math.sqrt, square_of_positive, back_at=double_root_back)
FISHER = Scale("Fisher's z", math.atanh, math.tanh)


def harmonic_size(effects: Iterable[Mapping[str, Any]]) -> float | None:
    """Return the harmonic mean of the effects' sample sizes, if each has one."""
    sizes = [effect.get("size") for effect in effects]
    positive = [size for size in sizes if size]
    return len(positive) / sum(1 / size for size in positive) if positive and len(positive) == len(sizes) else None


@dataclass(frozen=True, slots=True)
class Measure:
    """One effect measure, under metafor's code where metafor has one.

    Attributes
    ----------
    code : str
        Short code, the value of `measure:` in the configuration.
    name : str
        Name in running text, in lower case.
    scale : Scale
        The scale of the model.
    null : float or None
        The value of no effect on the model's scale; None for a single proportion and the like, which have no such value.
    compares_arms : bool
        Whether an experimental arm is compared with a control arm, so that exchanging them negates it.
    """

    code: str
    name: str
    scale: Scale
    null: float | None = 0.0
    compares_arms: bool = True

    @property
    def printed_name(self) -> str:
        """Name of what is printed, without the scale on which it is pooled: `proportion` of logits."""
        is_transformed = self.scale.name != IDENTITY.name and not self.scale.is_ratio
        return self.name.partition(" (")[0] if is_transformed else self.name

    @property
    def is_of_one_group(self) -> bool:
        """Whether it describes a single group, so that there are no arms; of GEN, any effect, that is not known."""
        return not self.compares_arms and self.code != "GEN"

    @property
    def label(self) -> str:
        """What stands before a value: the code of a comparison, the name of what a single group shows."""
        return self.printed_name[0].upper() + self.printed_name[1:] if self.is_of_one_group else self.code

    def back(self, value: float, size: float | None = None) -> float:
        """Return a value of the model's scale as printed, at a sample size where the scale needs one."""
        if size is not None and self.scale.back_at is not None:
            return self.scale.back_at(value, size)
        return self.scale.back(value)


def one_group(code: str, name: str, scale: Scale) -> Measure:
    """Return a measure of a single group: it has no null and no arms."""
    return Measure(code, name, scale, null=None, compares_arms=False)


def association(code: str, name: str, scale: Scale = IDENTITY) -> Measure:
    """Return a measure of association within one group: its null is 0."""
    return Measure(code, name, scale, compares_arms=False)


MEASURES: dict[str, Measure] = {
    measure.code: measure
    for measure in (
        Measure("HR", "hazard ratio", LOG),
        Measure("RR", "risk ratio", LOG),
        Measure("OR", "odds ratio", LOG),
        Measure("RD", "risk difference", IDENTITY),
        Measure("MD", "mean difference", IDENTITY),
        Measure("SMD", "standardised mean difference", IDENTITY),
        Measure("IRR", "incidence rate ratio", LOG),
        Measure("RMSTD", "difference in restricted mean survival time", IDENTITY),
        Measure("GEN", "effect", IDENTITY, null=0.0, compares_arms=False),
        # two by two
        Measure("AS", "difference of arcsine-transformed risks", IDENTITY),
        Measure("PETO", "Peto odds ratio", LOG),
        Measure("PHI", "phi coefficient", IDENTITY),
        Measure("YUQ", "Yule's Q", IDENTITY),
        Measure("YUY", "Yule's Y", IDENTITY),
        Measure("RTET", "tetrachoric correlation", IDENTITY),
        Measure("PBIT", "difference of probit-transformed risks", IDENTITY),
        Measure("OR2D", "standardised mean difference by way of the odds ratio", IDENTITY),
        Measure("OR2DL", "standardised mean difference by way of the odds ratio (logistic)", IDENTITY),
        Measure("OR2DN", "standardised mean difference by way of the odds ratio (normal)", IDENTITY),
        # matched pairs
        Measure("MPRR", "risk ratio in matched pairs", LOG),
        Measure("MPOR", "marginal odds ratio in matched pairs", LOG),
        Measure("MPRD", "risk difference in matched pairs", IDENTITY),
        Measure("MPORC", "conditional odds ratio in matched pairs", LOG),
        Measure("MPPETO", "conditional odds ratio in matched pairs (Peto)", LOG),
        # means of two arms
        Measure("SMDH", "standardised mean difference with unequal variances", IDENTITY),
        Measure("SMD1", "mean difference standardised by the control arm", IDENTITY),
        Measure("SMD1H", "mean difference standardised by the control arm, with unequal variances", IDENTITY),
        Measure("ROM", "ratio of means", LOG),
        Measure("CVR", "ratio of coefficients of variation", LOG),
        Measure("VR", "ratio of standard deviations", LOG),
        # paired means
        Measure("MC", "mean change", IDENTITY),
        Measure("SMCC", "mean change standardised by the SD of the change", IDENTITY),
        Measure("SMCR", "mean change standardised by the raw SD", IDENTITY),
        Measure("SMCRH", "mean change standardised by the raw SD, with unequal variances", IDENTITY),
        Measure("SMCRP", "mean change standardised by the pooled raw SDs", IDENTITY),
        Measure("SMCRPH", "mean change standardised by the pooled raw SDs, with unequal variances", IDENTITY),
        Measure("ROMC", "ratio of paired means", LOG),
        Measure("CVRC", "ratio of coefficients of variation of paired measurements", LOG),
        # rates of two arms
        Measure("IRD", "difference of incidence rates", IDENTITY),
        Measure("IRSD", "difference of square roots of incidence rates", IDENTITY),
        # one group
        one_group("PR", "proportion", IDENTITY),
        one_group("PLN", "proportion (log)", LOG_VALUE),
        one_group("PLO", "proportion (logit)", LOGIT),
        one_group("PRZ", "proportion (probit)", PROBIT),
        one_group("PAS", "proportion (arcsine)", ARCSINE),
        one_group("PFT", "proportion (double arcsine)", DOUBLE_ARCSINE),
        one_group("IR", "incidence rate", IDENTITY),
        one_group("IRLN", "incidence rate (log)", LOG_VALUE),
        one_group("IRS", "incidence rate (square root)", SQUARE_ROOT),
        one_group("IRFT", "incidence rate (Freeman-Tukey)", DOUBLE_SQUARE_ROOT),
        one_group("MN", "mean", IDENTITY),
        association("SMN", "standardised mean"),
        one_group("MNLN", "mean (log)", LOG_VALUE),
        one_group("SDLN", "standard deviation (log)", LOG_VALUE),
        one_group("CVLN", "coefficient of variation (log)", LOG_VALUE),
        # test accuracy
        Measure("DTA", "diagnostic odds ratio", LOG, compares_arms=False),
        # association
        association("COR", "correlation"),
        association("UCOR", "correlation, corrected for bias"),
        association("ZCOR", "correlation (Fisher's z)", FISHER),
        association("PCOR", "partial correlation"),
        association("ZPCOR", "partial correlation (Fisher's z)", FISHER),
        association("SPCOR", "semi-partial correlation"),
    )
}
