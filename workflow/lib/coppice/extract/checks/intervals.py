"""Checks of one estimate: whether its interval, its standard error and its p value agree."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from coppice.core.measures import MEASURES, Scale
from coppice.extract.checks.check import ERROR, WARNING, Figure, Hit, check
from coppice.extract.checks.printed import Span, alike, span, z_of_p
from coppice.extract.route import critical
from coppice.extract.routes.estimates import REPORTED_AS

NUIJTEN = "Nuijten MB et al. 2016 (statcheck); 10.3758/s13428-015-0664-2"
ALTMAN = "Altman DG, Bland JM 2011; 10.1136/bmj.d2090"

ASYMMETRY = 0.15  # of half the interval's width: profile and score intervals of usual data stay well below
ERROR_SLACK = 0.05  # relative: a standard error and an interval of the same model differ by rounding only
STRICT = (0.05, 0.1)  # how far z of p may lie from z of the interval: absolute, and relative to z
LOOSE = (0.1, 0.15)  # the same where nothing else explains the difference: log-rank p beside a Wald interval
SIDES = (0.05, 0.05)  # the same where p and interval are certainly on different sides of significance
LOOSE_COUNTS = (0.3, 0.25)  # the same for two-by-two tables: exact or chi-squared p beside a Wald interval
OF_COUNTS = {"risk_ratio", "odds_ratio", "risk_difference", "rate_ratio"}
OF_MEANS = {"mean_difference"}
NO_ROUNDING_OF_MODEL = (0.01, 0.02)  # a test's statistic and its own p
PRECISION = (
    "ci",
    "se",
    "se_log",
    "se_e",
    "ci_e",
    "at_risk_e",
    "n_e",
    "events_e",
    "sd_e",
)  # fields that give an effect its precision

ROUNDING = "rounding of every printed number"


def number(value: object) -> float | None:
    """Return a value that is a number, None for anything else."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


@dataclass(frozen=True, slots=True)
class Scaled:
    """An estimate with its limits, where it has them, and the null, on the model's scale."""

    estimate: Span
    limits: tuple[Span, Span] | None
    null: Span
    scale: Scale

    def error(self, figure: Figure) -> Span | None:
        """Return the possible standard errors behind the interval, or else the printed one."""
        return error_of_interval(self.limits, figure.get("level")) if self.limits else printed_error(figure)


def scaled(figure: Figure) -> Scaled | None:
    """Return the estimate of a figure on the model's scale, if it has one."""
    if figure["statistic"] not in REPORTED_AS or number(figure.get("estimate")) is None:
        return None
    measure = MEASURES[REPORTED_AS[figure["statistic"]]]
    values = [figure["estimate"], *(figure.get("ci") or ())]
    places = zip(values, alike(values), strict=True)
    estimate, *limits = (span(value, digits).through(measure.scale.forward) for value, digits in places)
    null = Span(measure.null or 0.0, measure.null or 0.0)
    return Scaled(estimate, (limits[0], limits[1]) if limits else None, null, measure.scale)


def error_of_interval(limits: tuple[Span, Span], level: float | None) -> Span:
    """Return the possible standard errors behind an interval."""
    width = limits[1].minus(limits[0])
    return Span(max(width.low, 0.0), width.high).times(1 / (2 * critical(level)))


def printed_error(figure: Figure) -> Span | None:
    """Return the standard error as printed."""
    error = number(figure.get("se_log")) or number(figure.get("se"))
    return None if error is None else span(error)


def z_of_estimate(figure: Figure) -> Span | None:
    """Return the possible |z| behind estimate and interval, or estimate and standard error."""
    effect = scaled(figure)
    error = effect.error(figure) if effect else None
    return effect.estimate.minus(effect.null).size().over(error) if effect and error else None


@check("figure", WARNING, allows=f"{ROUNDING}, and {ASYMMETRY:.0%} of half the width", source=ALTMAN)
def interval_asymmetric(figure: Figure) -> Iterator[Hit]:
    """The estimate is not the middle of its interval on the model's scale."""
    effect = scaled(figure)
    if effect is None or effect.limits is None:
        return
    low, high = effect.limits
    middle = low.plus(high).times(0.5)
    if effect.estimate.gap(middle) > ASYMMETRY * (high.high - low.low) / 2:
        limits, there = figure["ci"], effect.scale.back((middle.low + middle.high) / 2)
        yield Hit(
            f"{figure['estimate']:g} is not the middle of {limits[0]:g} to {limits[1]:g} ({there:.3g} on the model's scale): "
            "a misprint, or an interval that gives no normal standard error"
        )


@check("figure", WARNING, allows=f"{ROUNDING}, and {ERROR_SLACK:.0%}", source=ALTMAN)
def interval_and_se(figure: Figure) -> Iterator[Hit]:
    """The standard error is not that of the interval."""
    effect, error = scaled(figure), printed_error(figure)
    if effect is None or error is None or effect.limits is None or figure["statistic"] in OF_MEANS:
        return
    implied = error_of_interval(effect.limits, figure.get("level"))
    if implied.gap(error) > ERROR_SLACK * error.high:
        yield Hit(
            f"the standard error is {(error.low + error.high) / 2:g}, but the interval {figure['ci'][0]:g} to {figure['ci'][1]:g} implies "
            f"{(implied.low + implied.high) / 2:.3g}; check its level"
        )


def beyond(one: Span, other: Span, slack: tuple[float, float]) -> bool:
    """Return whether two values of z differ by more than the slack."""
    gap = one.gap(other)
    return gap > 0 and gap > slack[0] + slack[1] * min(one.high, other.high)


def p_and_z(figure: Figure) -> tuple[float, Span] | None:
    """Return a printed p value and the z of the estimate beside it."""
    p, z = number(figure.get("p")), z_of_estimate(figure)
    return None if p is None or not 0 < p < 1 or z is None else (p, z)


def disagreement(figure: Figure) -> str:
    """Return whether the interval excludes or includes the null where a two-sided p contradicts it; nothing if they agree."""
    effect, p = scaled(figure), number(figure.get("p"))
    if effect is None or effect.limits is None or p is None:
        return ""
    alpha, limits = 1 - (figure.get("level") or 0.95), span(p)
    low, high = (limit.minus(effect.null).sign() for limit in effect.limits)
    if low * high > 0 and limits.low > alpha:
        return "excludes"
    return "includes" if low < 0 < high and limits.high < alpha else ""


def is_contradicted(figure: Figure, p: float, z: Span) -> bool:
    """Return whether no test that the figure may be of gives its p; one that only a one-sided test gives apart."""
    if figure["statistic"] not in OF_COUNTS and figure.get("sided") != 1 and disagreement(figure):
        return beyond(z, z_of_p(p, 2), SIDES)
    slack = LOOSE_COUNTS if figure["statistic"] in OF_COUNTS else LOOSE
    return all(beyond(z, z_of_p(p, sided), slack) for sided in sides_of(figure))


def sides_of(figure: Figure) -> tuple[int, ...]:
    """Return whether a p may be one- or two-sided."""
    return (figure["sided"],) if figure.get("sided") else (1, 2)


def fits_one_sided_only(figure: Figure) -> bool:
    """Return whether p is that of a one-sided test that the record does not report as one."""
    both = p_and_z(figure)
    if both is None or figure.get("sided") == 1 or figure["statistic"] in OF_COUNTS | OF_MEANS:
        return False
    p, z = both
    slack = SIDES if disagreement(figure) else STRICT
    return beyond(z, z_of_p(p, 2), slack) and not beyond(z, z_of_p(p, 1), (STRICT[0], 0.0))


def p_contradicts_mean(figure: Figure) -> Iterator[Hit]:
    """Find p and interval of a mean difference on different sides of significance, whatever the degrees of freedom."""
    verb = disagreement(figure)
    if verb and figure.get("sided") != 1:
        low, high = figure["ci"]
        yield Hit(f"p = {figure['p']:g}, but the interval {low:g} to {high:g} {verb} no difference")


@check(
    "figure",
    WARNING,
    allows=f"{ROUNDING}; one- or two-sided tests where the record gives neither; another test than that of the interval (log-rank, exact, t)",
    source=NUIJTEN,
)
def interval_and_p(figure: Figure) -> Iterator[Hit]:
    """The p value is not that of the estimate with its interval or standard error."""
    if figure["statistic"] in OF_MEANS:
        yield from p_contradicts_mean(figure)
        return
    both = p_and_z(figure)
    if both is None or fits_one_sided_only(figure):
        return
    p, z = both
    if is_contradicted(figure, p, z):
        of = "interval" if figure.get("ci") else "standard error"
        middle = (z.low + min(z.high, 2 * z.low + 1)) / 2
        implied = math.erfc(middle / math.sqrt(2)) / (1 if figure.get("sided") != 1 else 2)
        yield Hit(f"p = {p:g}, but the estimate and its {of} imply about {implied:.2g}")


@check("figure", WARNING, allows=f"{ROUNDING}, and 10% of z", source=NUIJTEN)
def p_one_sided(figure: Figure) -> Iterator[Hit]:
    """The p value fits the interval only if the test was one-sided, which the record does not report."""
    if fits_one_sided_only(figure):
        record = "has it as two-sided" if figure.get("sided") == 2 else "does not report it"
        yield Hit(f"p = {figure['p']:g} fits the interval only if the test was one-sided; the record {record}")


def root(value: Span) -> Span:
    """Return the span of the square root of a number that is not negative."""
    return Span(max(value.low, 0.0), value.high).through(math.sqrt)


@check("figure", WARNING, allows=ROUNDING, source="Tierney JF et al. 2007; 10.1186/1745-6215-8-16")
def logrank_and_p(figure: Figure) -> Iterator[Hit]:
    """Chi-squared, p, and O - E with V are not of one log-rank test."""
    if figure["statistic"] != "logrank":
        return
    values_of_z: dict[str, tuple[Span, ...]] = {}
    chi2, difference, variance, p = (number(figure.get(name)) for name in ("chi2", "o_minus_e", "v", "p"))
    if chi2 is not None:
        values_of_z[f"chi-squared {chi2:g}"] = (root(span(chi2)),)
    if difference is not None and variance is not None:
        values_of_z[f"O - E {difference:g} with V {variance:g}"] = (span(difference).size().over(root(span(variance))),)
    if p is not None and 0 < p < 1:
        values_of_z[f"p = {p:g}"] = tuple(z_of_p(p, sided) for sided in sides_of(figure))
    for (one, first), (other, second) in combinations(values_of_z.items(), 2):
        if all(beyond(a, b, NO_ROUNDING_OF_MODEL) for a in first for b in second):
            yield Hit(f"{one} and {other} are not of one test")


@check(
    "figure",
    ERROR,
    allows="a bound recorded as text, such as '<0.001'",
    source="no test gives it: it was rounded, or printed as a bound",
)
def p_zero(figure: Figure) -> Iterator[Hit]:
    """A p value of exactly 0 is recorded as a number."""
    if number(figure.get("p")) == 0:
        yield Hit("p is recorded as exactly 0, which no test gives; record it as it was printed, such as '<0.001'")


@check(
    "figure",
    WARNING,
    allows="figures that have an interval, a standard error or counts as well",
    source="a bound is not a value: an effect computed with it would be made up",
)
def p_bound(figure: Figure) -> Iterator[Hit]:
    """A p value is only a bound, and nothing else gives the precision."""
    others = PRECISION if figure["statistic"] != "logrank" else ("chi2", "o_minus_e")
    has_more = any(figure.get(name) is not None for name in others)
    if isinstance(figure.get("p"), str) and not has_more:
        yield Hit(
            f"p is only a bound ({figure['p']}), and nothing else gives the precision: it is kept, and no effect is computed from it"
        )


@check("figure", WARNING, source="Royston P, Parmar MKB 2013; 10.1186/1471-2288-13-152")
def rmst_without_horizon(figure: Figure) -> Iterator[Hit]:
    """A difference of restricted mean survival times has no horizon."""
    if figure["statistic"] == "rmst_difference" and figure.get("horizon") is None:
        yield Hit(
            f"the difference of {figure.get('estimate', '?')} {figure.get('unit', '')} has no horizon: restricted means of different horizons are different quantities"
        )
